"""Workbooks written by XlsxWriter and openpyxl, read back: texts as displayed, merges, lines and tables, what is hidden."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.model.document import Document, Paragraph, Table
from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.sheets import layout, sheet, workbook
from gouji.readers.sheets.address import print_place, unpack_address
from gouji.readers.sheets.xlsx import read_xlsx
from readers.sheets.grids import draw, draw_table

Fill = Callable[[Any, Any], None]


def build(*fills: Fill, names: tuple[str, ...] = ("Sheet1", "Sheet2", "Sheet3")) -> bytes:
    """A workbook with a sheet for each function that fills one."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2022, 5, 17)})  # noqa: DTZ001 - the same bytes each time
        for fill, name in zip(fills, names, strict=False):
            fill(book, book.add_worksheet(name))
    return buffer.getvalue()


@lru_cache(maxsize=1)
def built_form() -> bytes:
    return build(fill_form)


def read(*fills: Fill, **options: Any) -> Document:
    return read_xlsx(build(*fills, **options))


def replace_member(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for member in source.namelist():
            content = source.read(member)
            target.writestr(member, change(content) if member == name else content)
    return buffer.getvalue()


def rename_members(data: bytes, old: str, new: str) -> bytes:
    """The package with a part, and what points at it, renamed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for member in source.namelist():
            target.writestr(member.replace(old, new), source.read(member).replace(old.encode(), new.encode()))
    return buffer.getvalue()


SHEET1 = "xl/worksheets/sheet1.xml"
FORM = """
p 云溯区某局收支情况表
p 填报单位：某局
p 单位：万元
机构名称 | 收入合计 | 其中： | >
> | > | 财政拨款 | 其他
局机关 | 1,286.40 | 95.10% | -
二级机构 | · | 085001 | 2022/5/17
p 注：本表按决算数填列。
p 二、人员情况
编制 | 36
"""


def fill_form(book: Any, page: Any) -> None:
    ruled = book.add_format({"border": 1})
    look = {
        code: book.add_format({"border": 1, "num_format": code})
        for code in ("#,##0.00", "0.00%", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "yyyy/m/d")
    }
    page.merge_range("A1:D1", "云溯区某局收支情况表", book.add_format({"bold": True}))
    page.write("A2", "填报单位：某局")
    page.write("D2", "单位：万元")
    page.merge_range("A3:A4", "机构名称", ruled)
    page.merge_range("B3:B4", "收入合计", ruled)
    page.merge_range("C3:D3", "其中：", ruled)
    page.write_row("C4", ["财政拨款", "其他"], ruled)
    page.write("A5", "局机关", ruled)
    for place, value, code in zip(("B5", "C5", "D5"), (1286.4, 0.951, 0), look, strict=False):
        page.write(place, value, look[code])
    page.write("A6", "二级机构", ruled)
    page.write_blank("B6", None, ruled)
    page.write("C6", "085001", ruled)
    page.write_datetime("D6", dt.datetime(2022, 5, 17), look["yyyy/m/d"])  # noqa: DTZ001
    for row in range(6, 10):
        page.write_row(row, 0, [""] * 4, ruled)
    page.write("A12", "注：本表按决算数填列。")
    page.write("A14", "二、人员情况")
    page.write("A15", "编制")
    page.write("B15", 36)


def test_a_form_on_a_sheet() -> None:
    document = read(fill_form)
    assert draw(document) == FORM.strip().split("\n")
    assert document.format == "xlsx"
    assert not document.notices


def test_ids_count_in_the_table_and_addresses_in_the_sheet() -> None:
    document = read(lambda _, page: page.write("A1", "封面"), fill_form, names=("封面", "收支"))
    table = next(block for block in document.blocks if isinstance(block, Table))
    cell = next(cell for cell in table.cells if cell.text == "1,286.40")
    assert table.cell_id(cell) == "t1r3c2"
    assert cell.address is not None
    assert unpack_address(cell.address) == (1, 4, 1)
    assert document.sheets == ("封面", "收支")
    assert print_place(cell.address, document.sheets) == "《收支》B5"
    lines = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert [line.where for line in lines] == [f"p{at}" for at in range(1, len(lines) + 1)]


def test_a_telling_sheet_name_stands_before_its_sheet() -> None:
    def fill(_: Any, page: Any) -> None:
        page.write_row("A1", ["项目", "金额"])
        page.write_row("A2", ["接待费", 7.72])

    assert draw(read(fill, fill, names=("教育局", "Sheet2"))) == [
        "p 教育局", "项目 | 金额", "接待费 | 7.72", "项目 | 金额", "接待费 | 7.72",
    ]  # fmt: skip


def test_ruled_blank_rows_stay_in_their_table_and_others_end_it() -> None:
    def fill(book: Any, page: Any) -> None:
        ruled = book.add_format({"border": 1})
        for row, name in enumerate(["机构", "", "局机关", None, "机构", "站"]):
            if name is not None:
                page.write_row(row, 0, [name, 1 if name in ("局机关", "站") else name and "合计"], ruled)

    assert draw(read(fill)) == ["机构 | 合计", "· | ·", "局机关 | 1", "机构 | 合计", "站 | 1"]


def test_a_title_between_ruled_tables_is_a_line_even_without_a_gap() -> None:
    def fill(book: Any, page: Any) -> None:
        ruled = book.add_format({"border": 1})
        page.write_row("A1", ["机构", "合计"], ruled)
        page.write("A2", "二、支出情况")
        page.write_row("A3", ["机构", "支出"], ruled)

    assert draw(read(fill)) == ["机构 | 合计", "p 二、支出情况", "机构 | 支出"]


def test_without_rules_titles_and_notes_are_lines_and_labels_without_values_are_rows() -> None:
    def fill(_: Any, page: Any) -> None:
        page.write("A1", "某局三公经费表")
        page.write_row("A2", ["项目", "决算"])
        page.write("A3", "因公出国（境）费")
        page.write_row("A4", ["接待费", 7.72])
        page.write("A5", "公务用车购置费")
        page.write("B6", "填表人：韦某")

    assert draw(read(fill)) == [
        "p 某局三公经费表", "项目 | 决算", "因公出国（境）费 | ·", "接待费 | 7.72", "公务用车购置费 | ·", "p 填表人：韦某",
    ]  # fmt: skip


def test_a_cell_far_off_costs_nothing() -> None:
    def fill(_: Any, page: Any) -> None:
        page.write_row("B3", ["项目", "金额"])
        page.write_row("B4", ["接待费", 7.72])
        page.write("XFD4", "远")
        page.write("A1048576", "底")

    document = read(fill)
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert (table.rows, len(table.cells)) == (2, 6)
    assert [cell.text for cell in table.cells] == ["项目", "金额", "", "接待费", "7.72", "远"]


def test_merges_over_whole_columns_end_where_the_form_ends() -> None:
    def fill(_: Any, page: Any) -> None:
        page.merge_range("A1:A2", "甲")
        page.write_row("B1", [1, 2])
        page.write_row("B2", [3, 4])

    data = replace_member(build(fill), SHEET1, lambda content: content.replace(b"A1:A2", b"A1:A1048576"))
    assert draw(read_xlsx(data)) == ["甲 | 1 | 2", "> | 3 | 4"]


def test_formulas_show_their_results_and_those_without_are_named() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "收支"
    page.append(["项目", "金额"])
    page.append(["合计", "=SUM(B3:B9)"])
    page.append(["接待费", 7.72])
    buffer = io.BytesIO()
    book.save(buffer)
    document = read_xlsx(buffer.getvalue())
    assert draw(document) == ["p 收支", "项目 | 金额", "合计 | ·", "接待费 | 7.72"]
    (notice,) = document.notices
    assert (notice.code, notice.where) == ("R3", "t1r2c2")
    assert "《收支》B2" in notice.message

    def fill(_: Any, page: Any) -> None:
        page.write_row("A1", ["合计", "说明", "比率"])
        page.write_formula("A2", "=1+1", None, 2)
        page.write_formula("B2", '=""', None, "")
        page.write_formula("C2", "=1/0", None, "#DIV/0!")

    empty_text = b'<c r="B2" t="str"><f>'
    data = replace_member(build(fill), SHEET1, lambda content: content.replace(b'<c r="B2"><f>', empty_text))
    assert empty_text not in build(fill)
    document = read_xlsx(data)
    assert draw(document) == ["合计 | 说明 | 比率", "2 | · | #DIV/0!"]
    assert not document.notices


def test_hidden_sheets_are_left_out_hidden_rows_and_columns_are_read_and_all_is_said() -> None:
    def fill_hidden(_: Any, page: Any) -> None:
        page.write("A1", "机密")
        page.hide()

    def fill(_: Any, page: Any) -> None:
        page.write_row("A1", ["项目", "甲", "乙"])
        page.write_row("A2", ["接待费", 1, 2])
        page.set_column("C:C", None, None, {"hidden": True})
        page.set_row(1, None, None, {"hidden": True})

    document = read(fill, fill_hidden, names=("收支", "字典"))
    assert draw(document) == ["p 收支", "项目 | 甲 | 乙", "接待费 | 1 | 2"]
    (notice,) = document.notices
    assert notice.code == "R4"
    assert "《字典》未计入" in notice.message
    assert "《收支》C1" in notice.message


def test_what_a_sheet_does_not_display_is_not_read() -> None:
    def fill(book: Any, page: Any) -> None:
        page.write_row("A1", ["甲", "乙", "丙"])
        page.write_row("A2", [0, 5, 7], book.add_format({"num_format": "0.00"}))
        page.write("B2", 5, book.add_format({"num_format": ";;;"}))
        page.hide_zero()

    document = read(fill)
    assert draw(document) == ["甲 | 乙 | 丙", "· | · | 7.00"]
    assert [notice.code for notice in document.notices] == ["R4"]
    assert "B2" in document.notices[0].message


def test_headers_footers_and_text_boxes_are_stories_of_their_own() -> None:
    def fill(_: Any, page: Any) -> None:
        page.write("A1", "正文")
        page.set_header('&L左&C&"宋体,常规"&12秘密★1年&R&D')
        page.set_footer("&C第 &P 页")
        page.insert_textbox("C3", "部门名称：某局\n预算编码：102001")

    document = read(fill)
    assert [block.text for block in document.part("header") if isinstance(block, Paragraph)] == ["左", "秘密★1年"]
    assert [block.text for block in document.part("footer") if isinstance(block, Paragraph)] == ["第  页"]
    boxes = document.part("textbox")
    assert [(box.text, box.where) for box in boxes if isinstance(box, Paragraph)] == [
        ("部门名称：某局", "xp1"), ("预算编码：102001", "xp2"),
    ]  # fmt: skip


def test_texts_of_several_lines_rich_text_and_escapes() -> None:
    def fill(book: Any, page: Any) -> None:
        page.write("A1", "第一行\n第二行")
        page.write_rich_string("B1", book.add_format({"bold": True}), "合", "计", "数")
        page.write("C1", "a_x000D_b")
        page.write_boolean("D1", True)  # noqa: FBT003

    table = read(fill).blocks[0]
    assert isinstance(table, Table)
    assert [[p.text for p in cell.blocks if isinstance(p, Paragraph)] for cell in table.cells] == [
        ["第一行", "第二行"], ["合计数"], ["a_x000D_b"], ["TRUE"],
    ]  # fmt: skip


def test_inline_strings_and_cells_without_references() -> None:
    def fill(_: Any, page: Any) -> None:
        page.write_row("A1", [1, 2])

    rows = (
        b'<sheetData><row><c t="inlineStr"><is><t>\xe7\x94\xb2</t></is></c><c><v>1</v></c></row>'
        b'<row><c t="d"><v>2022-05-17T00:00:00</v></c><c t="e"><v>#REF!</v></c></row></sheetData>'
    )

    def change(content: bytes) -> bytes:
        head, _, rest = content.partition(b"<sheetData>")
        return head + rows + rest.partition(b"</sheetData>")[2]

    data = replace_member(build(fill), SHEET1, change)
    assert draw(read_xlsx(data)) == ["甲 | 1", "44698 | #REF!"]


# --- what is no form ----------------------------------------------------------------------------------------------------


def code_of(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_document(data, "表.xlsx")
    assert "\n" not in caught.value.message
    assert "请" in caught.value.message
    return caught.value.code


def fill_one(_: Any, page: Any) -> None:
    page.write("A1", "甲")


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    good = build(fill_one)
    assert code_of(build(lambda _, page: page.write("A1", ""))) == "empty"
    assert code_of(replace_member(good, SHEET1, lambda content: content[:-30])) == "corrupt"
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
    assert code_of(replace_member(good, SHEET1, lambda content: content.replace(b"<worksheet", entity))) == "corrupt"
    assert code_of(replace_member(good, SHEET1, lambda content: content.replace(b'r="A1"', b'r="ZZZZ1"'))) == "corrupt"
    assert (
        code_of(replace_member(good, SHEET1, lambda content: content.replace(b'<row r="1"', b'<row r="9999999"')))
        == "corrupt"
    )
    strings = "xl/sharedStrings.xml"
    assert (
        code_of(replace_member(good, strings, lambda content: content.replace(b"<sst", entity[:-10] + b"<sst")))
        == "corrupt"
    )
    assert code_of(rename_members(good, "workbook.xml.rels", "workbook.xml.rel")) == "corrupt"
    assert code_of(replace_member(good, strings, lambda content: content[:-30])) == "corrupt"
    assert code_of(rename_members(good, "workbook.xml", "workbook.bin")) == "unsupported"
    monkeypatch.setattr(sheet, "MAX_TEXTS", 0)
    assert code_of(good) == "too_large"


def test_missing_parts_are_noted() -> None:
    good = build(fill_one, fill_one)
    relations = "xl/_rels/workbook.xml.rels"
    broken = replace_member(
        good, relations, lambda content: content.replace(b"worksheets/sheet2.xml", b"worksheets/x.xml")
    )
    document = read_xlsx(broken)
    assert draw(document) == ["p 甲"]
    assert [notice.code for notice in document.notices] == ["R2"]
    assert "《Sheet2》" in document.notices[0].message


def test_sizes_are_bounded_before_cells_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_diagonal(_: Any, page: Any) -> None:
        for at in range(40):
            page.write(at, at, at)

    monkeypatch.setattr(workbook, "MAX_CELLS", 1000)
    assert code_of(build(fill_diagonal)) == "too_large"

    def fill_merges(_: Any, page: Any) -> None:
        for at in range(10):
            page.merge_range(at * 10, 0, at * 10 + 9, 9, "甲")

    monkeypatch.setattr(layout, "MAX_MERGED", 900)
    assert code_of(build(fill_merges)) == "too_large"


def test_overlapping_merges_count_once() -> None:
    def fill(book: Any, page: Any) -> None:
        ruled = book.add_format({"border": 1})
        page.merge_range("A1:B1", "甲", ruled)
        page.write_row("A2", [1, 2, 3], ruled)

    merges = b'<mergeCell ref="A1:B1"/><mergeCell ref="B1:C1"/>'
    data = replace_member(build(fill), SHEET1, lambda content: content.replace(b'<mergeCell ref="A1:B1"/>', merges))
    assert draw(read_xlsx(data)) == ["甲 | > | ·", "1 | 2 | 3"]


# --- any grid -----------------------------------------------------------------------------------------------------------


@st.composite
def tilings(draw_: st.DrawFn) -> list[tuple[int, int, int, int, str]]:
    """A rectangle cut into cells: row, column, rows, columns, text."""
    rows, cols = draw_(st.integers(1, 6)), draw_(st.integers(2, 6))
    taken: set[tuple[int, int]] = set()
    tiles = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in taken:
                continue
            free = next((c for c in range(col, cols) if (row, c) in taken), cols)
            width, height = draw_(st.integers(1, free - col)), draw_(st.integers(1, rows - row))
            text = draw_(st.sampled_from(["甲", "收入", "603.03", "-", "1,286.40"]))
            tiles.append((row, col, height, width, text))
            taken |= {(row + r, col + c) for r in range(height) for c in range(width)}
    return tiles


@settings(deadline=None, max_examples=60)
@given(tilings(), st.integers(0, 20), st.integers(0, 20))
def test_any_tiling_comes_back(tiles: list[tuple[int, int, int, int, str]], top: int, left: int) -> None:
    def fill(book: Any, page: Any) -> None:
        ruled = book.add_format({"border": 1})
        for row, col, height, width, text in tiles:
            if (height, width) == (1, 1):
                page.write_string(top + row, left + col, text, ruled)
            else:
                page.merge_range(top + row, left + col, top + row + height - 1, left + col + width - 1, "", ruled)
                page.write_string(top + row, left + col, text, ruled)

    (table,) = read(fill).blocks
    assert isinstance(table, Table)
    assert [(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells] == sorted(tiles)
    assert draw_table(table)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damaged_workbooks_give_a_document_or_one_error(data: st.DataObject) -> None:
    good = bytearray(built_form())
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(good) // 2, len(good)))
    try:
        read_document(bytes(good[:cut]), "表.xlsx")
    except ReadError as error:
        assert error.message


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damaged_sheets_give_a_document_or_one_error(data: st.DataObject) -> None:
    def damage(content: bytes) -> bytes:
        broken = bytearray(content)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(broken) - 1))
            broken[at : at + data.draw(st.integers(0, 3))] = data.draw(
                st.sampled_from([b"", b"9", b"<", b'"', b"A", b"-", b"99999999"])
            )
        return bytes(broken)

    part = data.draw(st.sampled_from([SHEET1, "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"]))
    try:
        read_xlsx(replace_member(built_form(), part, damage))
    except ReadError as error:
        assert error.message
