"""汇总表.xlsx: the district in one workbook, laid out by patterns/exports/summary.yml.

    outcomes ─collect_district→ District ─write each sheet of the layout→ 汇总表.xlsx

Every figure is what a department printed, in one unit of money; every sum is a live formula with its value beside it.
A cell that a finding rests on is coloured and leads to its row in 审核问题, and from there back.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.export.atomic import Written, put_in_place, scratch_folder
from gouji.export.district import Department, District, collect_district
from gouji.export.ledger import PROBLEM_SHEET, link_problem, write_problem_sheet
from gouji.export.notes import Provenance, write_notes_sheet
from gouji.export.scores import write_score_sheet
from gouji.export.totals import Sums, colour_checks, list_rates, put_formula_cell, write_totals
from gouji.export.workbook import FIRST_DATA_ROW, Book, Imprint, SheetWriter
from gouji.patterns.exports import Exports, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gouji.export.figures import Figure
    from gouji.model.result import Outcome
    from gouji.patterns.exports import Column, Sheet, Slot

MAX_COMMENTS = 20_000


class _Writing(msgspec.Struct):
    """What the sheets share while a workbook is written."""

    book: Book
    district: District
    layout: Layout
    exports: Exports
    provenance: Provenance
    rows: dict[int, int]
    targets: dict[int, str]
    every_comment: bool


def write_summary(
    path: Path,
    outcomes: Iterable[Outcome],
    exports: Exports,
    provenance: Provenance,
    imprint: Imprint | None = None,
) -> Written:
    """Write the workbook; raises UsageError where the folder or the file cannot be written."""
    layout = exports.layouts["summary"]
    imprint = imprint or Imprint()
    district = collect_district(outcomes, layout, exports.labels, imprint.year)
    return write_district(path, district, exports, provenance, imprint)


def write_district(
    path: Path, district: District, exports: Exports, provenance: Provenance, imprint: Imprint
) -> Written:
    """Write the workbook of a district that is already collected."""
    layout = exports.layouts["summary"]
    imprint = msgspec.structs.replace(imprint, year=imprint.year or district.year)
    with scratch_folder(path) as folder:
        finished = folder / path.name
        book = Book(finished, folder, imprint)
        rows = {problem.serial: FIRST_DATA_ROW + n for n, problem in enumerate(district.problems)}
        every = count_ordinary(district, layout) <= MAX_COMMENTS
        writing = _Writing(book, district, layout, exports, provenance, rows, {}, every)
        for sheet in layout.sheets:
            _write_sheet(writing, sheet)
        book.close()
        return put_in_place(finished, path)


def count_ordinary(district: District, layout: Layout) -> int:
    """How many cells would carry a comment if every figure had one."""
    shown = [slot for sheet in layout.sheets if sheet.every_comment for slot in (c.slot for c in sheet.columns) if slot]
    places = [n for n, slot in enumerate(layout.slots) for wanted in shown if wanted == slot]
    return sum(d.figures[n] is not None for d in district.departments for n in places)


def _write_sheet(writing: _Writing, sheet: Sheet) -> None:
    match sheet.rows:
        case "departments":
            _write_departments(writing, sheet)
        case "indicators":
            writer = SheetWriter(writing.book, sheet, sheet.columns, sheet.unit)
            write_score_sheet(writer, writing.district, writing.rows, writing.targets)
        case "findings":
            writer = SheetWriter(writing.book, sheet, sheet.columns, sheet.unit)
            write_problem_sheet(writer, writing.district, writing.exports.labels, writing.targets)
        case _:
            writer = SheetWriter(writing.book, sheet, sheet.columns, writing.layout.unit)
            write_notes_sheet(
                writer, writing.district, writing.exports, writing.provenance, every=writing.every_comment
            )


# --- departments --------------------------------------------------------------------------------------------------


def choose_columns(sheet: Sheet, district: District, slots: tuple[Slot, ...]) -> tuple[Column, ...]:
    """The sheet's columns without the optional ones that nobody filled, and without formulas that lost their operands."""
    filled = {slot for n, slot in enumerate(slots) if any(_is_printed(d.figures[n]) for d in district.departments)}
    kept = {c.key for c in sheet.columns if not (c.optional and c.slot not in filled)}
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


def _write_departments(writing: _Writing, sheet: Sheet) -> None:
    slots = writing.layout.slots
    columns = choose_columns(sheet, writing.district, slots)
    writer = SheetWriter(writing.book, sheet, columns, sheet.unit or writing.layout.unit)
    positions = {slot: n for n, slot in enumerate(slots)}
    sums = Sums()
    for ordinal, department in enumerate(writing.district.departments, 1):
        _write_department(writing, writer, department, ordinal, positions, sums)
    last = writer.row - 1
    colour_checks(writer, last)
    writer.filter_rows(last)
    write_totals(writer, sums, last)
    writer.finish(describe_counts(writing.district) if sheet is writing.layout.sheets[0] else "")


def describe_counts(district: District) -> str:
    """The line under the first sheet: how many there should be, are, and still have something to correct."""
    unsettled = sum(department.hard > 0 for department in district.departments)
    listed = f"，另有 {len(district.left_out)} 份报告未汇入（见口径说明）" if district.left_out else ""
    failed = f"，{len(district.failures)} 个文件未能读取" if district.failures else ""
    return f"应报：未提供单位名册，家数不详　　汇总 {len(district.departments)} 家，其中 {unsettled} 家必改未改{listed}{failed}。"


def _write_department(
    writing: _Writing,
    writer: SheetWriter,
    department: Department,
    ordinal: int,
    positions: dict[Slot, int],
    sums: Sums,
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
            writer.put_blank(place, writer.book.format("text", "people"))
        elif column.slot is not None:
            figure = department.figures[positions[column.slot]]
            values[column.key] = figure.number if figure else None
            _put_figure(writing, writer, place, column, figure)
    for place, column in enumerate(writer.columns):
        if column.formula:
            values[column.key] = put_formula_cell(writer, place, column, values, "")
    sums.add(values, list_rates(writer.columns))
    writer.row += 1


def _read_field(department: Department, column: Column, ordinal: int) -> str:
    if column.kind == "ordinal":
        return str(ordinal)
    fields = {
        "budget_code": department.code,
        "unit_name": department.name,
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


def _put_figure(writing: _Writing, writer: SheetWriter, place: int, column: Column, figure: Figure | None) -> None:
    if figure is None:
        writer.put_blank(place, writer.book.format(column.format))
        return
    row = writing.rows.get(figure.problem)
    link = link_problem(row)
    style = writer.book.format(
        column.format, choose_fill(figure), **({"align": "center"} if column.format == "text" else {})
    )
    if figure.number is not None:
        writer.put_number(place, figure.number, style, link)
    elif figure.text:
        writer.put_text(place, figure.text, style, link)
    else:
        writer.put_blank(place, style)
    if figure.note and (
        figure.notable or (writer.sheet.every_comment and writing.every_comment and figure.state != "blank")
    ):
        writer.put_note(place, figure.note + ("" if row is None else f"\n见《{PROBLEM_SHEET}》第 {row + 1} 行"))
    if row is not None:
        writing.targets.setdefault(figure.problem, f"internal:'{writer.sheet.name}'!{writer.ref(column.key)}")


def choose_fill(figure: Figure) -> str:
    """The colour of a figure's cell: findings before states; a value, a zero and a declared none have none."""
    if figure.mark:
        return figure.mark
    return figure.state if figure.state in ("blank", "unreadable", "withheld", "missing") else ""
