"""The short way of writing cells says what XlsxWriter's own long way says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from gouji.export.cells import QuickSheet

TEXTS = [
    "云溯区某局",
    "=1+1",
    " 前后有空格 ",
    "a&b<c>\"d'",
    "_x0041_",
    "多\n行",
    "甲" * 300,
    "\x07控制",
]
NUMBERS = [0.0, 603.03, -6.9, 1e16, 0.1 + 0.2, 1234567.891]


def write(path: Path, kind: type[Worksheet]) -> list[Any]:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet, style = book.add_worksheet("表", kind), book.add_format({"num_format": "0.00"})
    for row, text in enumerate(TEXTS):
        sheet.write_string(row, 0, text, style)
    for row, number in enumerate(NUMBERS, len(TEXTS)):
        sheet.write_number(row, 0, number, style)
        sheet.write_blank(row, 1, None, style)
        sheet.write_formula(row, 2, f"=A{row + 1}*2", style, 2 * number)
    sheet.write_string(30, 0, "没有格式")
    book.close()
    found = openpyxl.load_workbook(path)["表"]
    return [[cell.value for cell in row] + [cell.number_format for cell in row] for row in found.iter_rows()]


def test_both_ways_give_the_same_sheet(tmp_path: Path) -> None:
    assert write(tmp_path / "a.xlsx", QuickSheet) == write(tmp_path / "b.xlsx", Worksheet)


def test_what_looks_like_rich_text_is_text(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True})
    book.add_worksheet("表", QuickSheet).write_string(0, 0, "<r><t>活</t></r>", book.add_format())
    book.close()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["表"]["A1"].value == "<r><t>活</t></r>"
