"""Hostile text from a submission reaches no output alive: every command that writes, every part of every file."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from gouji.cli import cli
from gouji.export.annotate.disarm import ActiveContentError, disarm_docx, refuse_active_pdf
from gouji.readers.docx import read_docx
from hostile.alive import CHARACTERS, MARKS, find_alive
from hostile.pages import ACTIVE, EVIL, GOOD, QUIET, pdf_of
from hostile.submissions import (
    NAMES,
    clean_for_xml,
    edit_zip,
    poison,
    unit,
    with_word_actions,
    write_folder,
    write_roster,
)
from yueyang.docx_writer import write_docx
from yueyang.form import form_blocks


class Office:
    """A folder of hostile submissions and what the commands make of it; `said` is what they print."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "结果"
        self.said = ""
        write_folder(folder / "报送")
        write_roster(folder / "名册.csv")

    def gouji(self, *words: object) -> None:
        done = CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)
        assert done.exception is None, done.exc_info
        assert done.return_value == 0, done.output
        self.said += done.output

    def run(self) -> None:
        roster = ("--roster", self.folder / "名册.csv", "--received", "2022-05-19", "--remind", "2022-06-01")
        editions = ("--public", "--plain", "--csv", "--jobs", 1, "--quiet")
        self.gouji("run", self.folder / "报送", "-o", self.out, *roster, *editions, "--bureau", "云溯区财政局=1+1")

    def write_the_rest(self) -> None:
        store = ("--store", self.out / "gouji.db")
        self.gouji("letters", self.out, "--bureau", "云溯区财政局<b>", "--quiet")
        for kind in ("csv", "json", "parquet", "xlsx"):
            self.gouji("export", *store, "--format", kind, "-o", self.out / "导出")
        self.gouji("sample", "draw", *store, "-o", self.out / "抽查复核表.xlsx", "--seed", "=1+1")
        self.gouji("compare", *store)
        self.gouji("check", self.folder / "报送" / "载体0.pdf", "--all", "--quiet")
        self.gouji("check", self.folder / "报送" / "u09.docx", "--json", "--quiet")
        self.gouji("explain", self.folder / "报送" / "载体.xlsx")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("office"))
    made.run()
    resubmitted = made.folder / "报送" / "u09重报.docx"
    blocks = clean_for_xml(poison(form_blocks(unit(9, NAMES[9])), 99))
    resubmitted.write_bytes(write_docx(blocks))
    made.run()
    made.write_the_rest()
    made.gouji("freeze", made.out, "--name", "2021年度")
    return made


def test_nothing_in_any_output_is_alive(office: Office) -> None:
    assert find_alive(office.out) == []


def test_everything_was_written(office: Office) -> None:
    """A scan of what is not there finds nothing."""
    names = {path.relative_to(office.out).as_posix() for path in office.out.rglob("*")}
    wanted = "汇总表.xlsx 汇总表（公开）.xlsx 汇总表（纯数值）.xlsx 审核问题.xlsx 收件登记.xlsx 催报/催报名单.xlsx 抽查复核表.xlsx 运行记录.json 导出/数据.jsonl 导出/数据项.parquet 导出/数据项.csv 导出/明细数据.xlsx 复核包/目录.html 批注/载体0.pdf.html 批注/载体1.pdf 批注/载体.docx 定稿/2021年度/汇总表.xlsx"  # noqa: E501
    assert set(wanted.split()) <= names
    assert len(list((office.out / "函件").rglob("*.docx"))) > 25
    assert "重报" in office.said


def test_nothing_is_written_outside(office: Office) -> None:
    assert {path.name for path in office.folder.iterdir()} == {"报送", "名册.csv", "结果"}
    assert not list(office.folder.parent.rglob("*PWNED*.txt"))


def test_a_terminal_obeys_nothing(office: Office) -> None:
    assert CHARACTERS.search(office.said) is None
    assert MARKS.search(office.said), "names are shown, as text"


# --- the scan itself can fail -------------------------------------------------------------------------------------


def write_zip(path: Path, **parts: str) -> None:
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_rels", "_rels/a.rels"), content)


def plant_formula(folder: Path) -> None:
    with xlsxwriter.Workbook(str(folder / "a.xlsx")) as book:
        book.add_worksheet("甲").write_formula(0, 0, f'=HYPERLINK("{EVIL}","局")')


def plant_link(folder: Path) -> None:
    with xlsxwriter.Workbook(str(folder / "a.xlsx")) as book:
        book.add_worksheet("甲").write_url(0, 0, f"{EVIL}/")


def plant_csv(folder: Path) -> None:
    with (folder / "a.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerow(["单位", "　=1+1"])


def plant_page(folder: Path, body: str) -> None:
    (folder / "a.html").write_text(f'<meta http-equiv="Content-Security-Policy"><p>{body}</p>', encoding="utf-8")


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (plant_formula, "formula"),
        (plant_link, "leads to"),
        (plant_csv, "formula"),
        (lambda folder: plant_page(folder, "<img src=x onerror=alert(1)>"), "<img>"),
        (lambda folder: plant_page(folder, "<b onclick='x()'>"), "onclick"),
        (lambda folder: plant_page(folder, "<a href='javascript:alert(1)'>"), "leads to"),
        (lambda folder: plant_page(folder, "<a href='../../x.html'>"), "leads to"),
        (lambda folder: plant_page(folder, "局\u202egpj"), "U+202E"),
        (lambda folder: plant_page(folder, "甲49乙"), "evaluated"),
        (lambda folder: (folder / "a.json").write_text('"\u202e"', encoding="utf-8"), "U+202E"),
        (lambda folder: (folder / "a.bin").write_text(""), "nobody checks"),
        (lambda folder: (folder / "CON.txt").write_text(""), "Windows"),
        (lambda folder: (folder / "a\u202e.txt").write_text(""), "no name may hold"),
        (lambda folder: (folder / "a.pdf").write_bytes(pdf_of([], ACTIVE)), "action"),
        (lambda folder: write_zip(folder / "a.docx", word__vbaProject="", word__document="<a/>"), "part"),
    ],
)
def test_the_scan_finds_what_is_planted(plant: object, found: str, tmp_path: Path) -> None:
    plant(tmp_path)  # type: ignore[operator]
    assert any(found in complaint for complaint in find_alive(tmp_path))


# --- copies of what they sent -------------------------------------------------------------------------------------


def test_a_copy_of_a_word_file_keeps_its_text_and_loses_its_actions(tmp_path: Path) -> None:
    data = with_word_actions(write_docx(form_blocks(unit(3, "云溯区某局"))))
    calm = disarm_docx(data)
    assert read_docx(calm).blocks == read_docx(data).blocks
    (tmp_path / "批注").mkdir()
    (tmp_path / "批注" / "a.docx").write_bytes(data)
    assert len(find_alive(tmp_path)) >= 6
    (tmp_path / "批注" / "a.docx").write_bytes(calm)
    assert find_alive(tmp_path) == []
    with zipfile.ZipFile(tmp_path / "批注" / "a.docx") as package:
        assert f"{GOOD}/notice".encode() in package.read("word/_rels/document.xml.rels")
    assert disarm_docx(calm) is calm


@pytest.mark.parametrize(
    ("instruction", "acts"),
    [
        (" DDEAUTO cmd x", True),
        ("dde cmd", True),
        (' HYPERLINK "javascript:alert(1)"', True),
        (f' HYPERLINK "{GOOD}" ', False),
        (' HYPERLINK \\l "_Toc1" ', False),
        (" PAGE ", False),
        (' TOC \\o "1-3" ', False),
    ],
)
@pytest.mark.parametrize("cut", [0, 2, 5])
def test_fields_that_act(instruction: str, acts: bool, cut: int) -> None:
    pieces = (instruction[:cut], instruction[cut:])
    told = "".join(f'<w:r><w:instrText xml:space="preserve">{escape(piece)}</w:instrText></w:r>' for piece in pieces)
    field = (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{told}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>所见</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    data = with_field(field)
    calm = disarm_docx(data)
    assert (calm is not data) == acts
    assert read_docx(calm).blocks[-1].text == "所见"  # type: ignore[union-attr]


def escape(text: str) -> str:
    return text.replace('"', "&quot;")


def with_field(field: str) -> bytes:
    plain = write_docx([])
    return edit_zip(plain, {"word/document.xml": lambda text: text.replace("<w:sectPr", field + "<w:sectPr", 1)}, {})


def test_what_cannot_be_disarmed_is_refused() -> None:
    refuse_active_pdf(pdf_of([], QUIET))
    hidden = {"catalogue": b"/OpenAction << /S /J#61vaScript /J#53 (1) >>"}
    for extras in (ACTIVE, hidden):
        with pytest.raises(ActiveContentError):
            refuse_active_pdf(pdf_of([], extras))
