"""A run with a roster: the register is written, filled in by people, read back; nothing noted is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.export.district import collect_district
from gouji.export.registers import write_register
from gouji.model.errors import UsageError
from gouji.patterns import load_patterns
from gouji.pipeline.batch import Request
from gouji.pipeline.books import REGISTER, REMINDERS, Ledgers, add_files, check_day, merge_registers
from gouji.pipeline.district import Result, Wishes, run_district
from gouji.pipeline.resubmissions import compare_latest
from gouji.readers import read_document
from gouji.roster.table import read_register
from gouji.roster.unit import Books, Receipt, Register, Reminder, Roster
from gouji.store import Store

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FILES = ("102002-云溯区财政局.docx", "201005-云溯区人防与地震事务中心.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for name in FILES:
        shutil.copy(FIXTURES / "district" / name, tmp_path / "in")
    return tmp_path


def run(folder: Path, **more: Any) -> Result:
    ledgers = Ledgers(FIXTURES / "roster.csv", **more)
    request = Request(inputs=(folder / "in",), out=folder / "out")
    return run_district(request, wishes=Wishes(ledgers=ledgers), say=None)


def read_rows(path: Path, sheet: str) -> list[dict[str, Any]]:
    rows: list[Any] = list(openpyxl.load_workbook(path)[sheet].iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[3:]]


def test_the_version_that_came_in_last_is_the_resubmission_everywhere(folder: Path) -> None:
    """Both covers bear one date, and the second file's name comes first: only the register knows."""
    run(folder, received="2022-05-19")
    text = (folder / "in" / FILES[1]).read_bytes()
    again = "201005 a.txt"
    (folder / "in" / again).write_bytes(text.replace(b"88.5", b"87.5"))
    assert (folder / "in" / again).read_bytes() != text
    result = run(folder, received="2022-06-05")
    assert any("重报 1 份" in line for line in result.lines)
    rows = read_rows(folder / "out" / "审核问题.xlsx", "重报对比")
    assert {row["前次文件"] for row in rows if row["前次文件"]} == {FILES[1]}
    with Store.open(folder / "out" / "gouji.db", read_only=True) as store:
        assert {one.compared.before for one in compare_latest(store)} == {FILES[1]}


def test_a_run_lists_who_is_missing_and_keeps_what_is_noted(folder: Path) -> None:
    first = run(folder, received="2022-05-19")
    assert any("应报 39 家，已报 1 家" in line for line in first.lines)
    register = folder / "out" / REGISTER
    assert [(row["文件"], row["收到日期"]) for row in read_rows(register, "收件")] == [(n, "2022-05-19") for n in FILES]
    book = openpyxl.load_workbook(register)
    sheet: Any = book["收件"]
    head = {cell.value: cell.column for cell in sheet[3]}
    sheet.cell(6, head["退回日期"]).value = "2022-05-21"
    sheet.cell(7, head["单位编码（确认）"]).value = "135001"
    book.save(register)
    second = run(folder, received="2022-06-30", remind="2022-06-01")
    assert any("已报 2 家，缺报 38 家（含已退回、待重报的 1 家）" in line for line in second.lines)
    kept = {row["文件"]: row for row in read_rows(register, "收件")}
    assert (kept[FILES[0]]["收到日期"], kept[FILES[0]]["退回日期"]) == ("2022-05-19", "2022-05-21")
    assert kept[FILES[1]]["对应名册单位"] == "云溯区气象防灾服务站"
    states = {row["单位"]: row["状态"] for row in read_rows(folder / "out" / "汇总表.xlsx", "报送登记")}
    assert (states["云溯区财政局"], states["云溯区气象防灾服务站"]) == ("退回", "已报")
    calls = read_rows(register, "催报记录")
    assert {call["催报日期"] for call in calls} == {"2022-06-01"}
    assert "云溯区财政局" in {call["催报单位"] for call in calls}
    again = run(folder)
    assert read_rows(register, "催报记录") == calls
    reminded = {row["单位"]: row for row in read_rows(folder / "out" / REMINDERS, "催报")}
    assert reminded["云溯区教育局"]["历次催报日期"] == "2022-06-01"
    assert again.tally.exit_code(None, exit_zero=False) == 0


def test_a_register_open_in_excel_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder, received="2022-05-19")
    register = folder / "out" / REGISTER
    real = Path.replace

    def refuse(source: Path, goal: Path) -> Path:
        if goal == register:
            raise PermissionError(13, "in use")
        return real(source, goal)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        result = run(folder, remind="2022-06-01")
    assert any("请先关闭 收件登记.xlsx" in line for line in result.lines)
    spare = register.with_name("收件登记(新).xlsx")
    assert spare.is_file()
    assert read_rows(register, "催报记录") == [] or read_rows(register, "催报记录")[0]["催报单位"] is None
    run(folder)
    assert not spare.exists()
    assert {call["催报日期"] for call in read_rows(register, "催报记录")} == {"2022-06-01"}


def test_what_a_person_wrote_goes_before_what_another_run_left() -> None:
    first = Register((Receipt("a", "1", received="2022-05-20"),), (Reminder("2022-05-21", "1", "甲"),))
    second = Register((Receipt("a", "1", "102001", "2022-05-01"), Receipt("b")), (Reminder("2022-05-21", "1", "甲"),))
    merged = merge_registers(first, second)
    assert merged.receipts == (Receipt("a", "1", "102001", "2022-05-20"), Receipt("b"))
    assert merged.reminders == first.reminders


@pytest.mark.parametrize(("text", "day"), [("2022年5月20日", "2022-05-20"), ("2022.5.3", "2022-05-03"), ("", "")])
def test_days_are_read_as_typed(text: str, day: str) -> None:
    assert check_day(text, "--received") == day


def test_what_cannot_be_used_is_said(folder: Path) -> None:
    with pytest.raises(UsageError, match="不是完整的年月日"):
        check_day("5月", "--received")
    with pytest.raises(UsageError, match="--roster"):
        run_district(
            Request(inputs=(folder / "in",), out=folder / "out"),
            wishes=Wishes(ledgers=Ledgers(remind="2022-06-01")),
            say=None,
        )
    (folder / "空.csv").write_text("项目,金额\n一,5\n二,6\n", encoding="utf-8")
    for name, words in (("空.csv", "没有找到单位"), ("没有.xlsx", "打不开")):
        wishes = Wishes(ledgers=Ledgers(folder / name))
        with pytest.raises(UsageError, match=words):
            run_district(Request(inputs=(folder / "in",), out=folder / "out"), wishes=wishes, say=None)


def test_hostile_file_names_are_known_again(tmp_path: Path) -> None:
    """A name that came back otherwise would be a new receipt in every run."""
    names = (
        "_x0041_局.txt",
        "=cmd.docx",
        " a  b.docx",
        "甲\t乙.txt",
        "<r>x</r>.docx",
        "右\u202e左.txt",
        "0012",
        "1e5",
        "\u3000c.txt",
    )
    patterns, nobody = load_patterns(), Books(Roster(()))
    first = add_files(nobody, [(name, f"{n}") for n, name in enumerate(names)], "2022-05-19")
    district = collect_district([], patterns.exports.layouts["summary"], patterns.exports.labels)
    path = write_register(tmp_path / "登记.xlsx", first.register, district, first, patterns.exports).path
    back = Books(nobody.roster, read_register(read_document(path.read_bytes(), path.name), patterns.roster))
    again = add_files(back, [(name, f"{n}") for n, name in enumerate(names)], "2022-06-01")
    assert again.register == back.register == first.register
