"""A roster is read by its labels, whatever stands around it and whichever order its columns have."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from gouji.model.document import Document
from gouji.patterns import load_patterns
from gouji.readers import read_document
from gouji.roster.table import read_register, read_roster
from gouji.roster.unit import Receipt, Reminder, Roster

WORDS = load_patterns().roster
CSV = """附件1,,,,
云溯区单位名册,,,,
归口股室,单位名称,预算编码,截止日期,是否涉密
预算股,云溯区财政局,102002,2022-05-20,
教科文股,云溯区教育局,103001,2022年5月31日,
预算股,云溯区审计局,085001,5月20日,是
合计,合计,,,
"""


def parse(text: str) -> Roster:
    return read_roster(read_document(text.encode("utf-8-sig"), "名册.csv"), WORDS)


def read_sheet(rows: list[list[object]], merges: tuple[str, ...] = ()) -> Document:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merges:
        sheet.merge_cells(area)
    buffer = io.BytesIO()
    book.save(buffer)
    return read_document(buffer.getvalue(), "名册.xlsx")


def test_units_stand_by_section_then_code() -> None:
    roster = parse(CSV)
    assert [(u.serial, u.section, u.code, u.name) for u in roster.units] == [
        (0, "预算股", "085001", "云溯区审计局"),
        (1, "预算股", "102002", "云溯区财政局"),
        (2, "教科文股", "103001", "云溯区教育局"),
    ]
    assert [u.secret for u in roster.units] == [True, False, False]
    assert [u.due for u in roster.units] == ["", "2022-05-20", "2022-05-31"]
    assert any("5月20日" in problem for problem in roster.problems)


def test_a_merged_section_stands_on_each_of_its_rows() -> None:
    rows: list[list[object]] = [
        ["单位", "编码", "股室", "联系电话", "应报日期"],
        ["甲局", 102001, "一股", 13800000000, datetime(2022, 5, 20)],  # noqa: DTZ001 - a cell's date
        ["乙局", 102002, None, "0730-5550001", None],
    ]
    roster = read_roster(read_sheet(rows, ("C2:C3",)), WORDS)
    assert [(u.name, u.section, u.phone) for u in roster.units] == [
        ("甲局", "一股", "13800000000"),
        ("乙局", "一股", "0730-5550001"),
    ]
    assert roster.units[0].due == "2022-05-20"


def test_what_repeats_is_said() -> None:
    roster = parse("单位名称,预算编码\n甲局,1001\n乙局,1001\n甲局,1002\n")
    assert len([p for p in roster.problems if "出现 2 次" in p]) == 2


def test_a_table_without_names_is_no_roster() -> None:
    assert parse("项目,金额\n一,5\n二,6\n").units == ()


def test_the_register_comes_back_as_it_was_noted() -> None:
    rows: list[list[object]] = [
        ["序号", "文件", "单位编码（确认）", "收到日期", "退回日期", "退回原因", "校验码"],
        [1, "一股/a.docx", "102001", datetime(2022, 5, 20), None, None, "abc"],  # noqa: DTZ001
        [2, "一股/b.docx", None, "二十号", "2022.5.23", "缺章", "def"],
    ]
    register = read_register(read_sheet(rows), WORDS)
    assert register.receipts == (
        Receipt("一股/a.docx", "abc", "102001", "2022-05-20"),
        Receipt("一股/b.docx", "def", "", "", "2022-05-23", "缺章"),
    )
    assert ["二十号" in problem for problem in register.problems] == [True]


def test_reminders_are_read() -> None:
    rows: list[list[object]] = [
        ["序号", "催报日期", "催报单位编码", "催报单位", "对方答复"],
        [1, "2022-05-21", "102001", "甲局", "明天送"],
    ]
    assert read_register(read_sheet(rows), WORDS).reminders == (Reminder("2022-05-21", "102001", "甲局", "明天送"),)


@pytest.mark.parametrize("field", ["name", "code", "due", "phone", "section"])
def test_each_label_belongs_to_one_field(field: str) -> None:
    others = {key for name, keys in WORDS.columns.items() if name != field for key in keys}
    assert not others & set(WORDS.columns[field])
