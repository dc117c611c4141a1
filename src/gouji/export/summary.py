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
from gouji.export.formulas import compute_formula, write_formula, write_total
from gouji.export.ledger import write_problem_sheet
from gouji.export.notes import Provenance, write_notes_sheet
from gouji.export.workbook import FIRST_DATA_ROW, Book, Imprint, SheetWriter, cell_range

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gouji.export.figures import Figure
    from gouji.model.result import Outcome
    from gouji.patterns.exports import Column, Exports, Layout, Sheet, Slot

MAX_COMMENTS = 20_000
_PROBLEM_SHEET = "审核问题"
_CHECK_SLACK = "0.005"


class Sums:
    """Column totals while the rows go by, and which columns were printed in exactly the same rows."""

    def __init__(self) -> None:
        self._totals: dict[str, Decimal] = {}
        self._unpaired: set[frozenset[str]] = set()

    def add(self, values: dict[str, Decimal | None], pairs: Iterable[frozenset[str]]) -> None:
        """Add one row; `pairs` are the operands of the sheet's rates."""
        for key, value in values.items():
            if value is not None:
                self._totals[key] = self._totals.get(key, Decimal(0)) + value
        self._unpaired.update(pair for pair in pairs if len({values.get(key) is None for key in pair}) > 1)

    def of(self, key: str) -> Decimal | None:
        """The total of a column, None where nothing was printed."""
        return self._totals.get(key)

    def is_paired(self, operands: tuple[str, ...]) -> bool:
        """Whether a rate of the totals compares like with like: no row had one operand without the other."""
        return frozenset(operands) not in self._unpaired


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


def write_district(path: Path, district: District, exports: Exports, provenance: Provenance, imprint: Imprint) -> Written:
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
            _write_indicators(writing, sheet)
        case "findings":
            columns = sheet.columns
            writer = SheetWriter(writing.book, sheet, columns, sheet.unit)
            write_problem_sheet(writer, writing.district, writing.exports.labels, writing.targets)
        case _:
            writer = SheetWriter(writing.book, sheet, sheet.columns, writing.layout.unit)
            write_notes_sheet(writer, writing.district, writing.exports, writing.provenance, every=writing.every_comment)


# --- departments --------------------------------------------------------------------------------------------------


def choose_columns(sheet: Sheet, district: District, slots: tuple[Slot, ...]) -> tuple[Column, ...]:
    """The sheet's columns without the optional ones that nobody filled, and without formulas that lost their operands."""
    filled = {
        slot for n, slot in enumerate(slots) if any(_is_printed(d.figures[n]) for d in district.departments)
    }
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
    _colour_checks(writer, last)
    writer.filter_rows(last)
    _write_totals(writer, sums, last)
    writer.finish(describe_counts(writing.district) if sheet is writing.layout.sheets[0] else "")


def describe_counts(district: District) -> str:
    """The line under the first sheet: how many there should be, are, and still have something to correct."""
    unsettled = sum(department.hard > 0 for department in district.departments)
    listed = f"，另有 {len(district.left_out)} 份报告未汇入（见口径说明）" if district.left_out else ""
    failed = f"，{len(district.failures)} 个文件未能读取" if district.failures else ""
    return (
        f"应报：未提供单位名册，家数不详　　汇总 {len(district.departments)} 家，其中 {unsettled} 家必改未改{listed}{failed}。"
    )


def _write_department(
    writing: _Writing,
    writer: SheetWriter,
    department: Department,
    ordinal: int,
    positions: dict[Slot, int],
    sums: Sums,
) -> None:
    values: dict[str, Decimal | None] = {}
    texts = {n: _read_field(department, c, ordinal) for n, c in enumerate(writer.columns) if c.kind in ("ordinal", "field")}
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
            values[column.key] = _put_formula(writer, place, column, values, "")
    sums.add(values, _list_rates(writer.columns))
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
    fill = ("hard" if text.startswith("必改") else "explain" if text.startswith("需说明") else "") if column.field == "status" else ""
    align = "center" if column.field == "budget_code" else "left"
    writer.put_text(place, text, writer.text_format(text, fill, align=align))


def _put_figure(writing: _Writing, writer: SheetWriter, place: int, column: Column, figure: Figure | None) -> None:
    if figure is None:
        writer.put_blank(place, writer.book.format(column.format))
        return
    row = writing.rows.get(figure.problem)
    link = f"internal:'{_PROBLEM_SHEET}'!A{row + 1}" if row is not None else ""
    style = writer.book.format(column.format, choose_fill(figure), **({"align": "center"} if column.format == "text" else {}))
    if figure.number is not None:
        writer.put_number(place, figure.number, style, link)
    elif figure.text:
        writer.put_text(place, figure.text, style, link)
    else:
        writer.put_blank(place, style, link)
    if figure.note and (figure.notable or (writer.sheet.every_comment and writing.every_comment and figure.state != "blank")):
        writer.put_note(place, figure.note)
    if row is not None:
        writing.targets.setdefault(figure.problem, f"internal:'{writer.sheet.name}'!{writer.ref(column.key)}")


def _list_rates(columns: tuple[Column, ...]) -> list[frozenset[str]]:
    return [frozenset(c.operands) for c in columns if c.formula in ("ratio", "change_rate")]


def choose_fill(figure: Figure) -> str:
    """The colour of a figure's cell: findings before states; a value, a zero and a declared none have none."""
    if figure.mark:
        return figure.mark
    return figure.state if figure.state in ("blank", "unreadable", "withheld", "missing") else ""


def _put_formula(
    writer: SheetWriter, place: int, column: Column, values: dict[str, Decimal | None], fill: str
) -> Decimal | None:
    assert column.formula is not None
    operands = column.operands
    if len(operands) < 2:  # noqa: PLR2004 - a total whose parts are all optional and absent
        writer.put_blank(place, writer.book.format(column.format, fill))
        return None
    value = compute_formula(column.formula, [values.get(key) for key in operands])
    formula = write_formula(column.formula, [writer.ref(key) for key in operands])
    writer.put_formula(place, formula, value, writer.book.format(column.format, fill))
    return value


def _colour_checks(writer: SheetWriter, last: int) -> None:
    """A difference that is not 0 stands out, live; data bars where the layout asks for them."""
    for place, column in enumerate(writer.columns):
        area = (FIRST_DATA_ROW, place, max(last, FIRST_DATA_ROW), place)
        if column.formula == "difference":
            first = writer.ref(column.key, FIRST_DATA_ROW)
            colour = writer.book.workbook.add_format({"bg_color": "#FFE0B2", "font_color": "#7F4F00"})
            rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({first}),ABS({first})>={_CHECK_SLACK})", "format": colour}
            writer.worksheet.conditional_format(*area, rule)
        if column.bar:
            bar = {"type": "data_bar", "bar_color": "#9BC2E6", "bar_solid": True, "min_type": "num", "min_value": 0,
                   "max_type": "num", "max_value": 1}  # fmt: skip
            writer.worksheet.conditional_format(*area, bar)


def _write_totals(writer: SheetWriter, sums: Sums, last: int) -> None:
    """合计, in its own colour. Amounts and differences are added up and follow a filter; a rate is taken of the sums."""
    if last < FIRST_DATA_ROW:
        return
    writer.start_row({})
    label = next((n for n, c in enumerate(writer.columns) if c.field == "unit_name"), 0)
    for place, column in enumerate(writer.columns):
        style = writer.book.format(column.format, "total")
        if place == label:
            writer.put_text(place, "合计", writer.book.format("text", "total", align="center"))
        elif column.total or column.formula in ("difference", "change", "sum"):
            total = sums.of(column.key)
            formula = write_total(*(cell_range(row, place, row, place) for row in (FIRST_DATA_ROW, last)), empty=total is None)
            writer.put_formula(place, formula, total, style)
        elif column.formula and sums.is_paired(column.operands):
            _put_formula(writer, place, column, {key: sums.of(key) for key in column.operands}, "total")
        else:
            writer.put_blank(place, style)
    writer.row += 1


# --- indicators ---------------------------------------------------------------------------------------------------


def _write_indicators(writing: _Writing, sheet: Sheet) -> None:
    writer = SheetWriter(writing.book, sheet, sheet.columns, sheet.unit)
    sums = Sums()
    ordinal = 0
    for department in writing.district.departments:
        owner = {"budget_code": department.code, "unit_name": department.name}
        for score in department.scores:
            ordinal += 1
            fields = owner | {
                "level1": score.level1,
                "level2": score.level2,
                "level3": score.level3,
                "reason": score.reason,
            }
            numbers = {
                "weight": score.weight.value if score.weight else None,
                "score": score.score.value if score.score else None,
            }
            fill = score.score_state if score.score_state in ("blank", "unreadable", "missing", "withheld") else ""
            fills = {"score": fill, "weight": "" if score.weight or not score.note else "blank"}
            values = _write_score(writer, ordinal, fields, numbers, fills, score.note)
            sums.add(values, ())
    last = writer.row - 1
    _colour_checks(writer, last)
    writer.filter_rows(last)
    _write_totals(writer, sums, last)
    writer.finish()


def _write_score(
    writer: SheetWriter,
    ordinal: int,
    fields: dict[str, str],
    numbers: dict[str, Decimal | None],
    fills: dict[str, str],
    note: str,
) -> dict[str, Decimal | None]:
    """One row. Where a weight is shared, the row alone says nothing of points lost: those cells stay empty."""
    values = dict(numbers)
    writer.start_row({n: fields[c.field] for n, c in enumerate(writer.columns) if c.field in fields})
    for place, column in enumerate(writer.columns):
        if column.kind == "ordinal":
            writer.put_number(place, Decimal(ordinal), writer.book.format("text", align="center"))
        elif column.formula and note:
            writer.put_blank(place, writer.book.format(column.format))
        elif column.formula:
            values[column.key] = _put_formula(writer, place, column, values, "")
        elif column.field in numbers:
            number = numbers[column.field]
            style = writer.book.format(column.format, fills[column.field])
            if number is None:
                writer.put_blank(place, style)
            else:
                writer.put_number(place, number, style)
            if note and number is not None and column.field == "weight":
                writer.put_note(place, note)
        else:
            text = fields[column.field]
            align = "center" if column.field == "budget_code" else "left"
            writer.put_text(place, text, writer.text_format(text, align=align))
    writer.row += 1
    return values
