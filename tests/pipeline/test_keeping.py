"""What people wrote into a file is kept, whichever command writes that file anew."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest

from gouji import cli
from gouji.export import atomic
from gouji.export.atomic import Written, spare_of
from gouji.export.letters.content import Imprint
from gouji.export.sampling import Plan, read_sample
from gouji.pipeline import keeping
from gouji.pipeline.batch import Request
from gouji.pipeline.district import Wishes, run_district
from gouji.pipeline.keeping import Keeping, keeping_in
from gouji.pipeline.letters import Order, write_letters
from gouji.pipeline.sampling import draw_to_file
from gouji.store import Store
from gouji.store.written import read_kept

DISTRICT = Path(__file__).parents[2] / "fixtures" / "district"
WORD = "108001-云溯区住房和城乡建设局.docx"
KIND = "审核意见函"
LETTERS = Path("函件") / KIND
FIRST = Imprint(bureau="云溯区财政局", date="2022年5月31日")
SECOND = Imprint(bureau="云溯区财政局", date="2022年6月1日")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a run over one report."""
    folder = tmp_path_factory.mktemp("keeping")
    (folder / "报送").mkdir()
    shutil.copy(DISTRICT / WORD, folder / "报送" / WORD)
    run_district(Request(inputs=(folder / "报送",), out=folder / "结果", jobs=1), say=None)
    return folder / "结果"


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    """The same, for a test to change."""
    shutil.copytree(finished, tmp_path / "结果")
    return tmp_path / "结果"


def letters(out: Path, imprint: Imprint = FIRST) -> list[str]:
    return write_letters(Order(out=out, kinds=(KIND,), imprint=imprint))[1:]


def find_letter(out: Path) -> Path:
    (path,) = (path for path in (out / LETTERS).iterdir() if "改动" not in path.name)
    return path


def edit_letter(path: Path, text: str = "另：请于周五前电话告知。") -> bytes:
    """As a clerk does it in Word."""
    document = docx.Document(str(path))
    document.add_paragraph(text)
    document.save(str(path))
    return path.read_bytes()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- letters --------------------------------------------------------------------------------------------------------


def test_letters_that_nobody_edited_are_written_anew_without_a_word(out: Path) -> None:
    assert letters(out) == []
    before = find_letter(out).read_bytes()
    assert letters(out, SECOND) == []
    assert find_letter(out).read_bytes() != before
    assert len(names_in(out / LETTERS)) == 1


def test_an_edited_letter_is_kept_and_said_once(out: Path) -> None:
    letters(out)
    letter = find_letter(out)
    edited = edit_letter(letter)
    (line,) = letters(out, SECOND)
    kept = letter.with_name(f"{letter.stem}(改动1).docx")
    assert (
        line
        == f"有 1 个已有的文件改动过（或不是本程序写的），没有覆盖，已改名保留：{(LETTERS / kept.name).as_posix()}。"
    )
    assert kept.read_bytes() == edited
    assert "请于周五前" not in "".join(p.text for p in docx.Document(str(letter)).paragraphs)
    assert letters(out, FIRST) == []
    edited_again = edit_letter(letter, "又及。")
    assert f"{letter.stem}(改动2).docx" in letters(out, SECOND)[0]
    assert kept.read_bytes() == edited
    assert letter.with_name(f"{letter.stem}(改动2).docx").read_bytes() == edited_again


def stop_at(monkeypatch: pytest.MonkeyPatch, *, moved: bool) -> None:
    """The program ends as a file is moved into its place: the old one has its new name, ours is there or not yet."""
    genuine = atomic.put_in_place

    def stop(finished: Path, path: Path, clear: Callable[[Path], None]) -> Written:
        clear(path)
        if moved:
            genuine(finished, path)
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "put_in_place", stop)


@pytest.mark.parametrize("moved", [False, True])
def test_letters_that_were_interrupted_are_ours_and_what_was_kept_is_said_by_the_next(
    out: Path, monkeypatch: pytest.MonkeyPatch, *, moved: bool
) -> None:
    letters(out)
    letter = find_letter(out)
    edited = edit_letter(letter)
    with monkeypatch.context() as patch:
        stop_at(patch, moved=moved)
        with pytest.raises(KeyboardInterrupt):
            letters(out, SECOND)
    assert letter.is_file() == moved
    (line,) = letters(out, SECOND)
    kept = f"{letter.stem}(改动1).docx"
    assert kept in line
    assert names_in(out / LETTERS) == {letter.name, kept}
    assert (out / LETTERS / kept).read_bytes() == edited
    assert letters(out, SECOND) == []


def test_a_letter_out_of_a_frozen_state_leaves_its_database_alone(out: Path, tmp_path: Path) -> None:
    frozen = tmp_path / "定稿" / "gouji.db"
    frozen.parent.mkdir()
    shutil.copy(out / "gouji.db", frozen)
    frozen.chmod(stat.S_IREAD)
    before = frozen.read_bytes()
    other = tmp_path / "另存"
    order = Order(out=other, store=frozen, kinds=(KIND,), imprint=FIRST)
    assert len(write_letters(order)) == 1
    edited = edit_letter(find_letter(other))
    assert "(改动1).docx" in write_letters(order)[1]
    assert edited in {path.read_bytes() for path in (other / LETTERS).iterdir()}
    assert len(write_letters(order)) == 1, "the same bytes as stand there: nothing to keep"
    assert frozen.read_bytes() == before


def test_a_letter_that_is_open_goes_beside_and_its_spare_is_protected_too(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(out)
    letter = find_letter(out)
    edited = edit_letter(letter)
    spare_of(letter).write_bytes(b"notes of a clerk")
    genuine = Path.replace, Path.rename

    def hold(number: int) -> Callable[[Path, Path], Path]:
        def move(self: Path, target: Path) -> Path:
            if letter in (self, Path(target)):
                raise PermissionError
            return genuine[number](self, target)

        return move

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", hold(0))
        patch.setattr(Path, "rename", hold(1))
        lines = letters(out, SECOND)
    assert letter.read_bytes() == edited
    kept = spare_of(letter).with_name(f"{spare_of(letter).stem}(改动1).docx")
    assert kept.read_bytes() == b"notes of a clerk"
    assert any("请先关闭" in line for line in lines)
    assert [line for line in lines if "改名保留" in line and kept.name in line and line.startswith("有 1 个")]


def test_an_annotated_copy_that_is_open_twice_loses_nothing_of_its_spare(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open in Word through two runs: the first wrote 新, a clerk wrote into that, the second comes."""
    copy = out / "批注" / WORD
    source = out.parent / "报送" / WORD
    source.parent.mkdir()

    def run_anew(name: str) -> list[str]:
        shutil.copy(DISTRICT / name, source)
        return run_district(Request(inputs=(source.parent,), out=out, jobs=1), say=None).lines

    genuine = Path.replace, Path.rename

    def hold(number: int) -> Callable[[Path, Path], Path]:
        def move(self: Path, target: Path) -> Path:
            if copy.resolve() in (self, Path(target)):
                raise PermissionError
            return genuine[number](self, target)

        return move

    monkeypatch.setattr(Path, "replace", hold(0))
    monkeypatch.setattr(Path, "rename", hold(1))
    run_anew("112001-云溯区商务局.docx")
    edited = edit_letter(spare_of(copy))
    lines = run_anew("105001-云溯区司法局.docx")
    kept = f"{spare_of(copy).stem}(改动1).docx"
    assert (out / "批注" / kept).read_bytes() == edited
    assert any(kept in line for line in lines)
    assert spare_of(copy).read_bytes() != edited


# --- the spot check -------------------------------------------------------------------------------------------------


def draw(out: Path, moment: int = 9) -> list[str]:
    plan = Plan(Decimal(1), 5, "2022")
    now = datetime(2022, 6, 30, moment, 0)  # noqa: DTZ001 - Office dates carry no zone
    return list(draw_to_file(out / "gouji.db", out / "抽查复核表.xlsx", plan, now))


def enter_results(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    page = book.active
    assert page is not None
    names = {str(cell.value): cell.column for cell in page[3] if cell.value}
    page.cell(6, names["复核结果"]).value = "不一致"
    page.cell(6, names["应为"]).value = "12.5"
    book.save(path)


def test_a_sample_with_results_is_kept_and_can_still_be_read_back(out: Path) -> None:
    draw(out)
    assert len(draw(out, 10)) == 2, "nobody has written into it"
    enter_results(out / "抽查复核表.xlsx")
    lines = draw(out, 11)
    assert lines[-1].endswith("已改名保留：抽查复核表(改动1).xlsx。")
    (check,) = read_sample(out / "抽查复核表(改动1).xlsx", "2022-07-01")
    assert (check.agrees, check.should_be) == (False, "12.5")
    assert read_sample(out / "抽查复核表.xlsx", "2022-07-01") == []
    assert len(draw(out, 12)) == 2


# --- the other writers ----------------------------------------------------------------------------------------------


def call(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What a command says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["gouji", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    said = "".join(capsys.readouterr())
    assert ended.value.code == code, said
    return said


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx", "parquet"])
def test_an_exported_table_that_was_edited_is_kept(
    out: Path, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    folder = tmp_path / "导出"
    command = ["export", "--store", str(out / "gouji.db"), "--format", kind, "-o", str(folder)]
    call(capsys, *command)
    assert "改动" not in call(capsys, *command)
    edited = min(folder.iterdir())
    edited.write_bytes(edited.read_bytes() + b"#")
    content = edited.read_bytes()
    said = call(capsys, *command)
    kept = f"{edited.stem}(改动1){edited.suffix}"
    assert f"已改名保留：{kept}。" in said
    assert (folder / kept).read_bytes() == content
    assert edited.read_bytes() != content


def test_a_filled_table_never_takes_the_place_of_the_template_it_came_from(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "附表.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["单位名称", "支出合计"])
    page.append(["云溯区住房和城乡建设局", None])
    book.save(template)
    before = template.read_bytes()
    said = call(capsys, "fill", str(template), "--store", str(out / "gouji.db"), "-o", str(template))
    assert "已改名保留：附表(改动1).xlsx。" in said
    assert (tmp_path / "附表(改动1).xlsx").read_bytes() == before
    assert template.read_bytes() != before


def test_a_rule_sheet_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "规则.xlsx"
    call(capsys, "rules", "show", "--xlsx", str(sheet))
    before = sheet.read_bytes()
    assert "没有覆盖" in call(capsys, "rules", "show", "--xlsx", str(sheet), code=2)
    assert sheet.read_bytes() == before


def test_what_a_run_writes_beside_its_workbooks_is_kept_where_it_was_edited(out: Path) -> None:
    request = Request(inputs=(out.parent / "报送",), out=out, jobs=1)
    (out.parent / "报送").mkdir()
    shutil.copy(DISTRICT / WORD, out.parent / "报送" / WORD)
    wishes = Wishes(public=True, plain=True)

    def run() -> list[str]:
        return [line for line in run_district(request, csv=True, wishes=wishes, say=None).lines if "改动" in line]

    assert run() == []
    assert run() == []
    edited = [out / "汇总表（公开）.xlsx", out / "汇总表（纯数值）.xlsx", out / "明细" / "数据项.csv"]
    for path in edited:
        path.write_bytes(path.read_bytes() + b"#")
    spare = spare_of(edited[0])
    spare.write_bytes(b"notes of a clerk")
    contents = [path.read_bytes() for path in edited]
    (line,) = run()
    assert line.startswith("有 3 个")
    for path, content in zip(edited, contents, strict=True):
        assert path.with_name(f"{path.stem}(改动1){path.suffix}").read_bytes() == content
    assert spare.read_bytes() == b"notes of a clerk"
    assert run() == []


# --- the memory -----------------------------------------------------------------------------------------------------


def test_one_line_names_eight_and_counts_them_all(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_bytes(b"theirs")
    keep = Keeping(None, tmp_path)
    for number in range(12):
        (tmp_path / "new").write_bytes(b"ours")
        keep.put(tmp_path / "new", tmp_path / f"{number:02}.txt")
    (line,) = keep.tell()
    assert line.startswith("有 12 个")
    assert line.endswith("07(改动1).txt 等。")
    assert keep.tell() == []


def test_what_another_folder_has_kept_is_left_for_it_to_say(out: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"theirs")
    (tmp_path / "new").write_bytes(b"ours")
    with keeping_in(tmp_path, out / "gouji.db") as keep:
        keep.put(tmp_path / "new", tmp_path / "a.txt")
    with keeping_in(out, out / "gouji.db") as other:
        assert other.tell() == []
    with keeping_in(tmp_path, out / "gouji.db") as keep:
        assert "a(改动1).txt" in keep.tell()[0]
    with Store.open(out / "gouji.db") as store:
        assert read_kept(store) == []


def test_a_workbook_that_is_read_back_goes_to_the_history_as_people_left_it(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished.parent / "报送", tmp_path / "报送")
    out = tmp_path / "结果"
    shutil.copytree(finished, out)

    def run() -> list[str]:
        request = Request(inputs=(tmp_path / "报送",), out=out, jobs=1)
        return [line for line in run_district(request, say=None).lines if f"{keeping.HISTORY}/" in line]

    assert run() == []
    assert not (out / keeping.HISTORY).exists()
    edited: list[bytes] = []
    for name in ("汇总表.xlsx", "审核问题.xlsx"):
        book = openpyxl.load_workbook(out / name)
        book.worksheets[0]["A40"] = "会上要用，请勿外传"
        book.save(out / name)
        edited.append((out / name).read_bytes())
    (line,) = run()
    assert "有 2 个表" in line
    assert {path.read_bytes() for path in (out / keeping.HISTORY).iterdir()} == set(edited)
    assert openpyxl.load_workbook(out / "汇总表.xlsx").worksheets[0]["A40"].value is None
    assert run() == []
    assert len(names_in(out / keeping.HISTORY)) == 2
