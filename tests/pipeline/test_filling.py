"""gouji fill: figures go under the headers of a bureau's own table, and nothing else of it changes."""

from __future__ import annotations

import shutil
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName

from gouji.export.column_widths import show_number
from gouji.model.errors import UsageError
from gouji.pipeline.batch import Request
from gouji.pipeline.district import Wishes, run_district
from gouji.pipeline.filling import fill_template

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FILES = ("102002-云溯区财政局.docx", "103001-云溯区教育局.docx", "档案馆自评 定稿.docx", "105001-云溯区司法局.docx")
UNITS = ("云溯区财政局", "云溯区教育局", "云溯区无此局")
FIRST, TOTAL = 5, 9


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    (folder / "in").mkdir()
    for name in FILES:
        shutil.copy(FIXTURES / "district" / name, folder / "in")
    run_district(Request(inputs=(folder / "in",), out=folder / "out"), wishes=Wishes(), say=None)
    return folder / "out" / "gouji.db"


def build_template(path: Path, unit: str = "单位：元", *, rate: str = "预算执行率", empty: int = 1) -> Path:
    """Two header levels, three printed units, empty rows, a total."""
    total = TOTAL - 1 + empty
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "附件'3"
    sheet["A1"] = "{{年度}}年度汇总表（{{汇总家数}} 家，{{没有这个}}）"
    sheet["A1"].font = Font(size=20, bold=True)
    sheet["G2"] = unit
    head = {"A3": "序号", "B3": "单位名称", "C3": "预算编码", "D3": "支出合计", "E3": "其中：", "G3": rate}
    for place, label in (head | {"E4": "基本支出", "F4": "项目支出"}).items():
        sheet[place] = label
    for area in ("A1:G1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:G4"):
        sheet.merge_cells(area)
    side = Side(style="thin")
    for row in sheet.iter_rows(min_row=3, max_row=total, max_col=7):
        for cell in row:
            cell.border = Border(side, side, side, side)
    for n, name in enumerate(UNITS):
        sheet.cell(FIRST + n, 2).value = name
    for n in range(FIRST, total):
        sheet.cell(n, 4).number_format = "#,##0.00"
        sheet.cell(n, 7).number_format = "0.0%"
    sheet.cell(6, 5).value = 123
    sheet.cell(6, 5).fill = PatternFill("solid", "FFFF00")
    sheet.cell(total, 2).value = "合计"
    sheet.cell(total, 4).value = f"=SUM(D{FIRST}:D{total - 1})"
    sheet["C13"] = "{{收入合计}}"
    book.defined_names["三公经费合计"] = DefinedName("三公经费合计", attr_text="'附件''3'!$D$15")
    book.save(path)
    return path


def fill(folder: Path, store: Path, **more: Any) -> tuple[Any, list[str]]:
    template = build_template(folder / "模板.xlsx", **more)
    lines = fill_template(template, store, folder / "填好.xlsx")
    return openpyxl.load_workbook(folder / "填好.xlsx").active, lines


def test_figures_stand_under_their_headers_in_the_tables_unit(tmp_path: Path, store: Path) -> None:
    sheet, _ = fill(tmp_path, store)
    assert [sheet.cell(5, column).value for column in (2, 4, 5, 6)] == ["云溯区财政局", 23014200, 19883000, 3131200]
    assert sheet.cell(5, 7).value == pytest.approx(0.9811), "a share where the cell shows percentages"
    assert [sheet.cell(7, column).value for column in (2, 4)] == ["云溯区无此局", None]
    wan, _ = fill(tmp_path, store, unit="单位：万元")
    assert wan.cell(5, 4).value == 2301.42


def test_empty_rows_take_units_that_are_not_printed_and_the_rest_is_said(tmp_path: Path, store: Path) -> None:
    sheet, lines = fill(tmp_path, store)
    assert [sheet.cell(8, column).value for column in (2, 3, 4)] == ["云溯区档案馆", "085002", 3990000]
    assert any("没有地方填写的单位 1 家：云溯区司法局" in line for line in lines)
    assert any("留空：云溯区无此局" in line for line in lines)


def test_what_is_printed_and_every_formula_stays(tmp_path: Path, store: Path) -> None:
    sheet, _ = fill(tmp_path, store)
    assert sheet.cell(6, 5).value == 123
    assert sheet.cell(TOTAL, 4).value == "=SUM(D5:D8)"
    values = openpyxl.load_workbook(tmp_path / "填好.xlsx", data_only=True).active
    assert values is not None
    assert values.cell(TOTAL, 4).value is None, "an old result would be untrue"


def test_placeholders_and_named_cells_take_the_district(tmp_path: Path, store: Path) -> None:
    sheet, lines = fill(tmp_path, store)
    assert sheet["A1"].value == "2021年度汇总表（4 家，{{没有这个}}）"
    assert sheet["C13"].value == pytest.approx(2345.67 + 5213.6 + 402 + 986.3)
    assert sheet["D15"].value == pytest.approx(9.8 + 21.5 + 1 + 6.48)
    assert any("不认识的占位符：{{没有这个}}" in line for line in lines)


def test_nothing_of_the_formatting_is_lost(tmp_path: Path, store: Path) -> None:
    sheet, _ = fill(tmp_path, store)
    before = openpyxl.load_workbook(tmp_path / "模板.xlsx").active
    assert before is not None
    assert str(sheet.merged_cells) == str(before.merged_cells)
    for row in before.iter_rows():
        for cell in row:
            assert sheet.cell(cell.row, cell.column).style_id == cell.style_id, cell.coordinate
    with zipfile.ZipFile(tmp_path / "模板.xlsx") as old, zipfile.ZipFile(tmp_path / "填好.xlsx") as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {"xl/workbook.xml", "xl/worksheets/sheet1.xml"}


def test_a_table_without_a_unit_says_how_it_was_filled(tmp_path: Path, store: Path) -> None:
    sheet, lines = fill(tmp_path, store, unit="")
    assert sheet.cell(5, 4).value == 2301.42
    assert any("按万元填写" in line for line in lines)


def test_a_column_that_is_not_known_is_named(tmp_path: Path, store: Path) -> None:
    sheet, lines = fill(tmp_path, store, rate="某某指数")
    assert sheet.cell(5, 7).value is None
    assert any("没有认出、未填写的栏目：某某指数" in line for line in lines)


def test_a_bare_rate_is_the_share_of_the_budget(tmp_path: Path, store: Path) -> None:
    sheet, lines = fill(tmp_path, store, rate="执行率")
    assert sheet.cell(5, 7).value == pytest.approx(0.9811)
    assert not any("没有认出、未填写" in line for line in lines)


def test_columns_become_as_wide_as_their_numbers_and_never_narrower(tmp_path: Path, store: Path) -> None:
    template = build_template(tmp_path / "模板.xlsx")
    book = openpyxl.load_workbook(template)
    sheet: Any = book.active
    for letter, width in {"C": 7, "D": 6, "E": 6, "F": 40}.items():
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["E"].hidden = True
    book.save(template)
    with zipfile.ZipFile(template) as package:  # as Excel writes equal columns: one <col> for several
        ranged = package.read("xl/worksheets/sheet1.xml").decode()
        start, end = ranged.index("<cols>"), ranged.index("</cols>")
        cols = '<cols><col min="3" max="5" width="6" customWidth="1" style="0"/><col min="6" max="6" width="40"/>'
        ranged = ranged[:start] + cols + ranged[end:]
        parts = {name: package.read(name) for name in package.namelist()} | {
            "xl/worksheets/sheet1.xml": ranged.encode()
        }
    with zipfile.ZipFile(template, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    fill_template(template, store, tmp_path / "填好.xlsx")
    with zipfile.ZipFile(tmp_path / "填好.xlsx") as package:
        root = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    cols_after = [(c.get("min"), c.get("max"), float(c.get("width") or 0)) for c in root.iterfind("{*}cols/{*}col")]
    assert [(low, high) for low, high, _ in cols_after] == [("3", "3"), ("4", "4"), ("5", "5"), ("6", "6")]
    widths = [width for *_, width in cols_after]
    assert widths[0] >= len("8947.57"), "{{收入合计}} stands there"
    assert widths[1] >= len("109,999,999.00")
    assert widths[2] >= len("19883000")
    assert widths[3] == 40


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("23014200", "#,##0.00", "23,014,200.00"),
        ("-23014200", "#,##0.00_);[Red](#,##0.00)", "-23,014,200.00)"),
        ("0.9811", "0.0%", "98.1%"),
        ("12.5", "General", "12.5"),
        ("12", '0"万元"', "12万元"),
    ],
)
def test_numbers_are_measured_as_they_are_shown(number: str, code: str, text: str) -> None:
    shown = show_number(Decimal(number), code)
    assert shown.rstrip(")") == text.rstrip(")")


def test_the_roster_gives_the_order_and_names_who_is_missing(tmp_path: Path, store: Path) -> None:
    roster = tmp_path / "名册.csv"
    rows = [
        "单位名称,预算编码,归口股室",
        "云溯区司法局,105001,甲股",
        "云溯区档案馆,085002,甲股",
        "云溯区缺报局,999001,乙股",
    ]
    rows += ["云溯区财政局,102002,乙股", "云溯区教育局,103001,乙股"]
    roster.write_text("\n".join(rows), encoding="utf-8")
    template = build_template(tmp_path / "模板.xlsx", empty=3)
    lines = fill_template(template, store, tmp_path / "填好.xlsx", roster=roster)
    sheet: Any = openpyxl.load_workbook(tmp_path / "填好.xlsx").active
    names = [sheet.cell(n, 2).value for n in range(FIRST, TOTAL + 2)]
    assert names == [*UNITS, "云溯区档案馆", "云溯区司法局", "云溯区缺报局"]
    assert [sheet.cell(n, 4).value for n in (8, 9, 10)] == [3990000, 9863000, None]
    assert any("没有可用报告的单位 1 家，数字留空：云溯区缺报局" in line for line in lines)


def test_what_cannot_be_filled_is_refused(tmp_path: Path, store: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["名目", "内容"])
    sheet.append(["甲", "乙"])
    book.save(tmp_path / "空.xlsx")
    (tmp_path / "字.docx").write_bytes((FIXTURES / "district" / FILES[0]).read_bytes())
    for name, words in (("空.xlsx", "没有认出"), ("字.docx", "不是 .xlsx"), ("无.xlsx", "打不开")):
        with pytest.raises(UsageError, match=words):
            fill_template(tmp_path / name, store, tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()
