"""The sheets of departments: one row each, sums of each 归口股室, 合计.

预算股   102001 某局   871.05
         小计（预算股）  =SUBTOTAL(9,F6:F12)
…
         合计           =SUBTOTAL(9,F6:F40)      passes over the sums above
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from gouji.export.district import Department, District
from gouji.export.ledger import PROBLEM_SHEET, link_problem
from gouji.export.registration import IN_HAND, OUTSTANDING
from gouji.export.totals import Sums, colour_checks, list_rates, put_formula_cell, write_sum_row, write_totals
from gouji.export.workbook import FIRST_DATA_ROW, Book, SheetWriter, absolute_range
from gouji.patterns.exports import Exports, Layout

if TYPE_CHECKING:
    from gouji.export.figures import Figure
    from gouji.patterns.exports import Column, Sheet, Slot


class Writing(msgspec.Struct):
    """What the sheets share while a workbook is written.

    `rows`: finding → its row in 审核问题; `targets`: finding → the cell it is seen in; `areas`: (sheet, column) → its data
    cells; `totals`: (sheet, column) → its bottom cell and what that comes to.
    """

    book: Book
    district: District
    layout: Layout
    exports: Exports
    rows: dict[int, int]
    every_comment: bool
    public: bool = False
    targets: dict[int, str] = {}
    areas: dict[tuple[str, str], str] = {}
    totals: dict[tuple[str, str], tuple[str, Decimal | None]] = {}

    def note_areas(self, writer: SheetWriter, last: int | None = None) -> None:
        """Where the data cells of a sheet stand, for formulas of later sheets."""
        last = max(writer.last_row if last is None else last, FIRST_DATA_ROW)
        for key, place in writer.places.items():
            self.areas[writer.sheet.name, key] = absolute_range(writer.sheet.name, FIRST_DATA_ROW, last, place)

    def note_totals(self, writer: SheetWriter, sums: Sums) -> None:
        """The bottom row, just written."""
        for key, place in writer.places.items():
            cell = absolute_range(writer.sheet.name, writer.row - 1, writer.row - 1, place)
            self.totals[writer.sheet.name, key] = (cell, sums.of(key))


def choose_columns(sheet: Sheet, district: District, slots: tuple[Slot, ...]) -> tuple[Column, ...]:
    """The sheet's columns without the optional ones that nobody filled, and without formulas that lost their operands."""
    filled = {slot for n, slot in enumerate(slots) if any(_is_printed(d.figures[n]) for d in district.departments)}
    sections = any(department.section for department in district.departments)
    kept = {c.key for c in sheet.columns if not c.optional or c.slot in filled or (sections and c.field == "section")}
    chosen: list[Column] = []
    for column in sheet.columns:
        if column.key not in kept:
            continue
        operands = tuple(key for key in column.operands if key in kept)
        if column.formula in ("ratio", "change", "change_rate") and len(operands) < len(column.operands):
            continue
        chosen.append(msgspec.structs.replace(column, operands=operands) if column.formula else column)
    return tuple(chosen)


def _is_printed(figure: Figure | None) -> bool:
    return figure is not None and figure.state not in ("missing", "blank")


def count_ordinary(district: District, layout: Layout) -> int:
    """How many cells would carry a comment if every figure had one."""
    shown = [slot for sheet in layout.sheets if sheet.every_comment for slot in (c.slot for c in sheet.columns) if slot]
    places = [n for n, slot in enumerate(layout.slots) for wanted in shown if wanted == slot]
    return sum(d.figures[n] is not None for d in district.departments for n in places)


def write_departments(writing: Writing, sheet: Sheet) -> None:
    """The whole sheet."""
    district, slots = writing.district, writing.layout.slots
    columns = choose_columns(sheet, district, slots)
    writer = SheetWriter(writing.book, sheet, columns, sheet.unit or writing.layout.unit)
    positions = {slot: n for n, slot in enumerate(slots)}
    sums = Sums()
    ordinal = 0
    sections = {d.identity.serial: "" if writing.public else d.section for d in district.departments}
    for section, members in groupby(district.departments, key=lambda d: sections[d.identity.serial]):
        first, own = writer.row, Sums()
        for department in members:
            ordinal += 1
            _write_department(writing, writer, department, ordinal, positions, (sums, own))
        if section:
            write_sum_row(writer, own, (first, writer.row - 1), f"小计（{section}）", section)
    last = writer.row - 1
    colour_checks(writer, last)
    writer.filter_rows(last)
    writing.note_areas(writer, last)
    write_totals(writer, sums, last)
    if last >= FIRST_DATA_ROW:
        writing.note_totals(writer, sums)
    is_first = sheet.name == writing.layout.sheets[0].name
    writer.finish(describe_counts(district, public=writing.public) if is_first else "")


def describe_counts(district: District, *, public: bool = False) -> str:
    """The line under the first sheet: how many there should be, are, and still have something to correct."""
    counted = f"汇总 {len(district.departments)} 家"
    if public:
        return f"{counted}。"
    unsettled = sum(department.hard > 0 for department in district.departments)
    listed = f"，另有 {len(district.left_out)} 份报告未汇入（见口径说明）" if district.left_out else ""
    failed = f"，{len(district.failures)} 个文件未能读取" if district.failures else ""
    return f"{_describe_expected(district)}。{counted}，其中 {unsettled} 家必改未改{listed}{failed}。"


def _describe_expected(district: District) -> str:
    attendance = district.attendance
    if attendance is None:
        return "应报：未提供单位名册，家数不详"
    owed = attendance.count(OUTSTANDING)
    secret = attendance.count(("secret",))
    unlisted = sum(department.listed is None for department in district.departments)
    words = [f"应报 {attendance.expected()} 家", f"已报 {attendance.count(IN_HAND)} 家"]
    back = attendance.count(("returned",))
    again = f"含已退回、待重报的 {back} 家，" if back else ""
    words += [f"缺报 {owed} 家（{again}见未报送名单）"] if owed else []
    words += [f"另有涉密单位 {secret} 家不经此报送"] if secret else []
    words += [f"汇总中有 {unlisted} 家不在名册"] if unlisted else []
    return "，".join(words)


def _write_department(
    writing: Writing,
    writer: SheetWriter,
    department: Department,
    ordinal: int,
    positions: dict[Slot, int],
    sums: tuple[Sums, ...],
) -> None:
    values: dict[str, Decimal | None] = {}
    texts = {
        n: _read_field(department, c, ordinal) for n, c in enumerate(writer.columns) if c.kind in ("ordinal", "field")
    }
    writer.start_row(texts)
    for place, column in enumerate(writer.columns):
        if place in texts:
            _put_field(writer, place, column, texts[place], ordinal)
        elif column.kind == "people":
            _put_written(writer, place, column, department.written.get(column.key, ""))
        elif column.slot is not None:
            figure = department.figures[positions[column.slot]]
            values[column.key] = figure.number if figure else None
            _put_figure(writing, writer, place, column, figure)
    for place, column in enumerate(writer.columns):
        if column.formula:
            values[column.key] = put_formula_cell(writer, place, column, values, "")
    for one in sums:
        one.add(values, list_rates(writer.columns))
    writer.row += 1


def _read_field(department: Department, column: Column, ordinal: int) -> str:
    if column.kind == "ordinal":
        return str(ordinal)
    fields = {
        "budget_code": department.code,
        "unit_name": department.name,
        "section": department.section,
        "status": department.status,
        "remark": department.remark,
        "fiscal_year": str(department.identity.year or ""),
        "report_date": department.identity.date or "",
        "path": department.identity.path,
    }
    return fields[column.field]


def _put_field(writer: SheetWriter, place: int, column: Column, text: str, ordinal: int) -> None:
    if column.kind == "ordinal":
        writer.put_number(place, Decimal(ordinal), writer.book.format("text", align="center"))
        return
    fill = (
        ("hard" if text.startswith("必改") else "explain" if text.startswith("需说明") else "")
        if column.field == "status"
        else ""
    )
    align = "center" if column.field == "budget_code" else "left"
    writer.put_text(place, text, writer.text_format(text, fill, align=align))


def _put_written(writer: SheetWriter, place: int, column: Column, text: str) -> None:
    """What a person wrote, a score as a number, so that means can be taken."""
    number = read_number(text) if column.format != "text" else None
    if number is not None:
        writer.put_number(place, number, writer.book.format(column.format, "people"))
    else:
        writer.put_text(place, text, writer.text_format(text, "people"))


def read_number(text: str) -> Decimal | None:
    """A plain number, or None."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _put_figure(writing: Writing, writer: SheetWriter, place: int, column: Column, figure: Figure | None) -> None:
    if figure is None:
        writer.put_blank(place, writer.book.format(column.format))
        return
    row = writing.rows.get(figure.problem)
    link = link_problem(row)
    style = writer.book.format(
        column.format,
        choose_fill(figure, public=writing.public),
        **({"align": "center"} if column.format == "text" else {}),
    )
    if figure.number is not None:
        writer.put_number(place, figure.number, style, link)
    elif figure.text:
        writer.put_text(place, figure.text, style, link)
    else:
        writer.put_blank(place, style)
    if not writing.public:
        _put_note(writing, writer, place, figure, row)
    if row is not None:
        writing.targets.setdefault(figure.problem, f"internal:'{writer.sheet.name}'!{writer.ref(column.key)}")


def _put_note(writing: Writing, writer: SheetWriter, place: int, figure: Figure, row: int | None) -> None:
    """The printed figure and its place, and what a finding says of it."""
    wanted = figure.notable or (writer.sheet.every_comment and writing.every_comment and figure.state != "blank")
    seen = "" if row is None else f"见《{PROBLEM_SHEET}》第 {row + 1} 行"
    lines = [line for line in (figure.note, figure.accusation, seen) if line]
    if wanted and (figure.note or figure.accusation):
        writer.put_note(place, "\n".join(lines))


def choose_fill(figure: Figure, *, public: bool = False) -> str:
    """The colour of a figure's cell: findings before states; a value, a zero and a declared none have none."""
    if figure.mark and not public:
        return figure.mark
    doubtful = public and figure.number is None and figure.state == "value" and not figure.text
    return (
        figure.state if figure.state in ("blank", "unreadable", "withheld", "missing") else "blank" if doubtful else ""
    )
