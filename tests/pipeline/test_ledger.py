"""The ledger goes round: written, filled in by people, read back, and settled by a resubmission."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from gouji.cli import cli
from gouji.export.ledger_reader import read_ledger_file
from gouji.model.errors import UsageError
from gouji.model.ledger import CLOSED_IN
from gouji.pipeline.batch import Request
from gouji.pipeline.district import run_district
from gouji.store import Store
from gouji.store.ledger import read_ledger

FIXTURES = Path(__file__).parents[2] / "fixtures"
WRONG = FIXTURES / "district" / "201006-云溯区河道采砂服务站.txt"


def run(folder: Path, out: Path) -> list[str]:
    return run_district(Request(inputs=(folder,), out=out, jobs=1), csv=False, say=None).lines


def open_sheet(path: Path) -> tuple[openpyxl.Workbook, Worksheet, dict[str, int]]:
    book = openpyxl.load_workbook(path)
    sheet = book["审核问题"]
    names = {
        str(cell.value): cell.column for row in sheet.iter_rows(min_row=3, max_row=5) for cell in row if cell.value
    }
    return book, sheet, names


def fill(path: Path, row: int, **cells: str) -> str:
    """Write into a data row (from 1) as a person would; the finding's number."""
    book, sheet, names = open_sheet(path)
    for name, text in cells.items():
        sheet.cell(5 + row, names[name]).value = text
    number = str(sheet.cell(5 + row, names["问题编号"]).value)
    book.save(path)
    return number


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "报送"
    source.mkdir()
    shutil.copy(WRONG, source / "采砂站.txt")
    return source


def test_what_people_wrote_survives_the_next_run(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    number = fill(out / "审核问题.xlsx", 1, 整改情况="已更正合计", 整改时限="2022-06-10", 完成日期="2022-06-13")
    lines = run(folder, out)
    assert lines[0] == "已读回 审核问题.xlsx 中填写的 3 处内容（1 个问题）。"
    _, sheet, names = open_sheet(out / "审核问题.xlsx")
    written = {name: sheet.cell(6, place).value for name, place in names.items()}
    assert (written["问题编号"], written["整改情况"], written["整改时限"]) == (number, "已更正合计", "2022-06-10")
    values = openpyxl.load_workbook(out / "审核问题.xlsx", data_only=True)["审核问题"]
    assert values.cell(6, names["逾期天数"]).value == 3
    assert lines[1].startswith("有 1 个表写出后改动过，原表已另存为 历史/审核问题")
    assert len(run(folder, out)) == len(lines) - 2  # nothing new the second time


def test_a_finding_keeps_its_number_and_is_settled_by_a_resubmission(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    with Store.open(out / "gouji.db", read_only=True) as store:
        first = read_ledger(store).courses
    assert first
    assert all(course.rounds == 1 and course.settled is None for course in first.values())
    number = fill(out / "审核问题.xlsx", 1, 整改情况="已更正合计")
    resubmit(folder / "采砂站.txt")
    run(folder, out)
    with Store.open(out / "gouji.db", read_only=True) as store:
        second = read_ledger(store).courses
    assert second.keys() == first.keys()
    settled = {key for key, course in second.items() if course.settled}
    assert settled == {number}
    assert all(course.rounds == 2 for key, course in second.items() if key not in settled)
    _, sheet, names = open_sheet(out / "审核问题.xlsx")
    rows = {str(row[names["问题编号"] - 1].value): row for row in sheet.iter_rows(min_row=6)}
    assert rows[number][names["判定"] - 1].value == "已消除"
    assert rows[number][names["整改情况"] - 1].value == "已更正合计"


def resubmit(path: Path) -> None:
    """A version with the missing 36.00 put into 公用支出: A3 is settled, the grade stays wrong."""
    text = path.read_text(encoding="utf-8")
    assert text.count("127.70") == 1
    path.write_text(text.replace("127.70", "163.70"), encoding="utf-8")


def test_columns_are_found_by_their_words_and_blanks_take_nothing_back(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["云溯区整改台账（二组填）"])
    sheet.append([])
    sheet.append(["经办", "整改情况", "序号", "问题 编号", "备注"])
    sheet.append(["周", "已改", 1, "102001-2021-A3", ""])
    sheet.append(["周", "", 2, "102001-2021-G1", ""])
    sheet.append(["合计", 2])
    book.save(tmp_path / "台账.xlsx")
    handed = read_ledger_file(tmp_path / "台账.xlsx", ("整改情况", "核验人"), "2022-06-01")
    assert handed.findings == 2
    assert [(e.finding_id, e.field, e.value) for e in handed.entries] == [("102001-2021-A3", "整改情况", "已改")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no workbook at all"])
def test_what_is_no_ledger_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"坏\.xlsx"):
        read_ledger_file(path, ("整改情况",), "2022-06-01")


def test_a_broken_ledger_is_set_aside_and_not_overwritten(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    (out / "审核问题.xlsx").write_bytes(b"written by something else")
    lines = run(folder, out)
    assert "审核问题(原).xlsx" in lines[0]
    assert (out / "审核问题(原).xlsx").read_bytes() == b"written by something else"
    assert (out / "审核问题.xlsx").stat().st_size > 1000


def test_the_command_reads_a_ledger_back(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    handed = tmp_path / "交回.xlsx"
    shutil.copy(out / "审核问题.xlsx", handed)
    number = fill(handed, 2, 出错说明="漏填一笔结转", 是否销号="是")
    result = CliRunner().invoke(
        cli, ["ledger", "import", str(handed), "--store", str(out / "gouji.db")], standalone_mode=False
    )
    assert "读回 2 处新内容（1 个问题）" in result.output
    with Store.open(out / "gouji.db", read_only=True) as store:
        written = dict(read_ledger(store).entries[number])
    assert len(written.pop(CLOSED_IN)) == 64
    assert written == {"出错说明": "漏填一笔结转", "是否销号": "是"}


def import_file(file: Path, out: Path) -> str:
    done = CliRunner().invoke(
        cli, ["ledger", "import", str(file), "--store", str(out / "gouji.db")], standalone_mode=False
    )
    assert done.exception is None, done.exc_info
    return done.output


def review(path: Path, score: float | None = None) -> object:
    """Fill in the first department's 复核得分, or tell it."""
    book = openpyxl.load_workbook(path)
    sheet = book["汇总表"]
    places = {str(c.value): c.column for row in sheet.iter_rows(min_row=3, max_row=5) for c in row if c.value}
    cell = sheet.cell(6, places["复核得分"])
    if score is not None:
        cell.value = score
        book.save(path)
    return cell.value


def test_a_copy_of_the_summary_that_was_passed_round_is_read(folder: Path, tmp_path: Path) -> None:
    out, copy = tmp_path / "结果", tmp_path / "传阅稿 三组.xlsx"
    run(folder, out)
    shutil.copy(out / "汇总表.xlsx", copy)
    review(copy, 85.5)
    assert "传阅稿 三组.xlsx：读回 1 处复核内容（1 家）。" in import_file(copy, out)
    run(folder, out)
    assert review(out / "汇总表.xlsx") == 85.5
    review(out / "汇总表.xlsx", 86)
    run(folder, out)
    told = import_file(copy, out)
    assert "读回 0 处复核内容" in told
    assert "201006-2021 复核得分 85.5。仍要改的" in told
    run(folder, out)
    assert review(out / "汇总表.xlsx") == 86


def test_what_was_imported_is_not_undone_by_the_older_workbook(folder: Path, tmp_path: Path) -> None:
    out, copy = tmp_path / "结果", tmp_path / "审核问题.xlsx"
    run(folder, out)
    review(out / "汇总表.xlsx", 80)
    number = fill(out / "审核问题.xlsx", 1, 整改情况="在改")
    run(folder, out)
    shutil.copy(out / "审核问题.xlsx", copy)
    fill(copy, 1, 整改情况="已更正")
    import_file(copy, out)
    shutil.copy(out / "汇总表.xlsx", copy)
    review(copy, 81)
    import_file(copy, out)
    for _ in range(2):
        run(folder, out)
        with Store.open(out / "gouji.db", read_only=True) as store:
            assert read_ledger(store).entries[number]["整改情况"] == "已更正"
        assert review(out / "汇总表.xlsx") == 81
    fill(out / "审核问题.xlsx", 1, 整改情况="又有变化")
    run(folder, out)
    with Store.open(out / "gouji.db", read_only=True) as store:
        assert read_ledger(store).entries[number]["整改情况"] == "又有变化"


def test_what_is_neither_book_is_refused(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    other = openpyxl.Workbook()
    other.save(tmp_path / "别的.xlsx")
    done = CliRunner().invoke(
        cli, ["ledger", "import", str(tmp_path / "别的.xlsx"), "--store", str(out / "gouji.db")], standalone_mode=False
    )
    assert isinstance(done.exception, UsageError)
