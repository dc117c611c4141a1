"""`gouji fill`: a bureau's own table with the figures of a store.

    template ─find_forms→ forms ┐
    store ─collect_district→ departments ┼─ rows by code and name, empty rows for the rest ─→ cells ─patch_workbook→ file
    roster ─their order, who is missing──┴ what found no place is said

Blank stays blank; what is printed in the template, formulas above all, is never overwritten.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gouji.export.atomic import write_atomically
from gouji.export.column_widths import name_cell
from gouji.export.district import Department, District, collect_district
from gouji.export.patching import Content, Package, Place, patch_workbook, read_reference
from gouji.export.registration import OUTSTANDING
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Paragraph, Table
from gouji.model.errors import ReadError, UsageError, say_reason
from gouji.patterns import load_patterns
from gouji.patterns.exports import Layout, Slot
from gouji.pipeline.books import Ledgers, open_books
from gouji.pipeline.keeping import keeping_in
from gouji.pipeline.template import Figured, Form, Line, find_forms
from gouji.readers import read_document
from gouji.readers.sheets.address import unpack_address
from gouji.roster.matching import Matcher
from gouji.roster.unit import Roster, RosterUnit, books_without_roster
from gouji.store import Store
from gouji.store.receipts import read_receipts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.document import Document
    from gouji.patterns import Patterns

_WAN = Decimal(10_000)
_BLANK = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_LISTED = 10
_PLACES = 6


class _Sheet(NamedTuple):
    """What is filled from: departments, where each figure stands in them, styles that show percentages."""

    district: District
    slots: dict[Slot, int]
    percents: set[Place]
    taken: set[Place]


def fill_template(
    template: Path,
    store: Path,
    target: Path,
    folder: Path | None = None,
    year: int | None = None,
    roster: Path | None = None,
) -> list[str]:
    """Write the filled workbook; Chinese lines that say what was done and what found no place."""
    patterns = load_patterns(folder)
    data, document = _read_template(template)
    package = Package(data)
    forms = find_forms(document, patterns, Vocabulary(patterns))
    named = _name_concepts(patterns)
    slots = dict.fromkeys([*(one.slot for form in forms for one in form.columns), *named.values()])
    layout = Layout("fill", "fill.xlsx", "万元", _WAN, (), tuple(slots))
    with Store.open(store, read_only=True) as opened:
        run = opened.finished_run()
        if run is None:
            raise UsageError(f"{store.name} 里还没有完成的运行。请先用 gouji run 处理报告。")
        books = open_books(Ledgers(roster), store.parent, patterns, (), "")
        books = books or books_without_roster(read_receipts(opened))
        district = collect_district(opened.outcomes(run), layout, patterns.exports.labels, year, books)
    percents, taken = _list_cells(package)
    sheet = _Sheet(district, {slot: n for n, slot in enumerate(layout.slots)}, percents, taken)
    cells: dict[Place, Content] = {}
    lines: list[str] = []
    for form in forms:
        lines += _fill_form(form, sheet, cells)
    lines += _fill_blanks(document, package, sheet, named, cells)
    if not cells:
        raise UsageError(
            "模板里没有认出可以填写的格子。请检查表头是否有“单位名称”和“支出合计”等栏，或用 {{支出合计}} 标出位置。"
        )
    with keeping_in(target.parent, store) as keeping:
        written = write_atomically(target, patch_workbook(package, cells), keeping.put)
        lines += [*([written.advice] if written.advice else []), *keeping.tell()]
    return [f"已填写 {len(cells)} 个格子：{written.path.name}。公式在用 Excel 或 WPS 打开时重新计算。", *lines]


def _read_template(path: Path) -> tuple[bytes, Document]:
    try:
        data = path.read_bytes()
        document = read_document(data, path.name)
    except OSError as error:
        raise UsageError(
            f"模板 {path.name} 打不开（{say_reason(error)}）。请检查路径，或关闭正在使用它的程序。"
        ) from error
    except ReadError as error:
        raise UsageError(f"模板 {path.name} 读不了：{error.message}") from error
    if document.format != "xlsx":
        raise UsageError(f"模板 {path.name} 不是 .xlsx 工作簿。请用 WPS 或 Excel 另存为 .xlsx 再试。")
    return data, document


def _list_cells(package: Package) -> tuple[set[Place], set[Place]]:
    """Cells that show percentages, and cells that hold something: those stay as they are."""
    styles = package.list_percent_styles()
    percents: set[Place] = set()
    taken: set[Place] = set()
    for ordinal, name in enumerate(package.sheets):
        root = package.sheet(ordinal) if name in package.parts else None
        for cell in () if root is None else root.iterfind("{*}sheetData/{*}row/{*}c"):
            place = _place_of(ordinal, cell.get("r") or "")
            if cell.get("s") in styles:
                percents.add(place)
            if len(cell):
                taken.add(place)
    return percents, taken


def _place_of(sheet: int, reference: str) -> Place:
    row, column = read_reference(reference) or (-1, -1)
    return sheet, row, column


# --- tables -----------------------------------------------------------------------------------------------------------


def _fill_form(form: Form, sheet: _Sheet, cells: dict[Place, Content]) -> Iterator[str]:
    """Departments into printed rows, the others into empty ones; who is missing is named below them."""
    printed = [line for line in form.lines if line.name or line.code]
    empty = [line for line in form.lines if not line.name and not line.code]
    matcher = Matcher(Roster(tuple(RosterUnit(n, line.name, line.code) for n, line in enumerate(printed))))
    filled: dict[int, str] = {}
    homeless: list[str] = []
    for department in sheet.district.departments:
        match = matcher.match(department.code, department.name)
        if match.unit is not None and match.unit not in filled:
            filled[match.unit] = department.name
            _fill_line(form, printed[match.unit], department, sheet, cells)
        elif match.candidates or match.unit is not None:
            homeless.append(f"{department.name}（与表中 {_name_rows(match.candidates, printed)} 不能确定是否一家）")
        elif empty:
            line = empty.pop(0)
            _name_line(form, line, department, cells)
            _fill_line(form, line, department, sheet, cells)
        else:
            homeless.append(department.name)
    yield from _list_missing(form, sheet, matcher, empty, cells)
    waiting = [line.name or line.code for n, line in enumerate(printed) if n not in filled]
    yield from _report(form, homeless, waiting)


def _list_missing(
    form: Form, sheet: _Sheet, matcher: Matcher, empty: list[Line], cells: dict[Place, Content]
) -> Iterator[str]:
    """Units of the roster that have not reported, each in an empty row with its name alone."""
    attendance = sheet.district.attendance
    lines = attendance.lines if attendance is not None else ()
    missing = [line for line in lines if line.unit is not None and line.state in OUTSTANDING]
    for line in missing:
        match = matcher.match(line.code, line.name)
        if match.unit is None and not match.candidates and empty:
            _write_keys(form, empty.pop(0), {"name": line.name, "code": line.code, "section": line.section}, cells)
    if missing:
        names = "、".join(line.name for line in missing[:_LISTED])
        yield f"名册中没有可用报告的单位 {len(missing)} 家，数字留空：{names}。"


def _name_rows(candidates: tuple[int, ...], printed: list[Line]) -> str:
    return "、".join(printed[n].name or printed[n].code for n in candidates) or "已填的一行"


def _report(form: Form, homeless: list[str], waiting: list[str]) -> Iterator[str]:
    labels = "、".join(column.label for column in form.columns[:_PLACES])
    more = f" 等 {len(form.columns)} 栏" if len(form.columns) > _PLACES else ""
    yield f"认出的栏目：{labels}{more}。"
    if form.unknown:
        yield f"没有认出、未填写的栏目：{'、'.join(form.unknown[:_LISTED])}。"
    if any(column.kind == "money" and column.factor is None for column in form.columns):
        yield "表中没有注明金额单位，按万元填写，请核对。"
    if homeless:
        yield f"没有地方填写的单位 {len(homeless)} 家：{'、'.join(homeless[:_LISTED])}。"
    if waiting:
        yield f"表中有、数据中没有的单位 {len(waiting)} 家，留空：{'、'.join(waiting[:_LISTED])}。"


def _fill_line(form: Form, line: Line, department: Department, sheet: _Sheet, cells: dict[Place, Content]) -> None:
    for column in form.columns:
        place = line.cells[column.start][0] if column.start in line.cells else None
        figure = department.figures[sheet.slots[column.slot]]
        if place is None or place in sheet.taken or figure is None:
            continue
        if figure.number is not None:
            cells[place] = _scale(figure.number, column, is_share=place in sheet.percents)
        elif figure.text:
            cells[place] = figure.text


def _scale(number: Decimal, column: Figured, *, is_share: bool) -> Decimal:
    """万元 → the column's unit, 万元 where none is said; a share as the cell shows it."""
    if column.kind == "percent":
        return number if is_share else number * 100
    if column.kind == "money" and column.factor is not None:
        return number * _WAN / column.factor
    return number


def _name_line(form: Form, line: Line, department: Department, cells: dict[Place, Content]) -> None:
    texts = {"name": department.name, "code": department.code, "section": department.section}
    _write_keys(form, line, texts, cells)


def _write_keys(form: Form, line: Line, texts: dict[str, str], cells: dict[Place, Content]) -> None:
    for field, column in form.keys.items():
        if column in line.cells and texts[field]:
            cells[line.cells[column][0]] = texts[field]


# --- names and placeholders -------------------------------------------------------------------------------------------


def _name_concepts(patterns: Patterns) -> dict[str, Slot]:
    return {
        concept.name: Slot(concept.id) for concept in patterns.concepts.values() if concept.kind in ("money", "count")
    }


def _fill_blanks(
    document: Document, package: Package, sheet: _Sheet, named: dict[str, Slot], cells: dict[Place, Content]
) -> Iterator[str]:
    """{{支出合计}} in a text and cells named 支出合计 take the district's total; {{年度}} and {{汇总家数}} what they say."""
    unknown: list[str] = []
    for place, text in _iter_texts(document):
        names = _BLANK.findall(text)
        values = {name: _look_up(name, sheet, named) for name in names}
        unknown += [name for name, value in values.items() if value is None]
        only = values.get(names[0]) if len(names) == 1 and _BLANK.fullmatch(text.strip()) else None
        if only is not None:
            cells[place] = only
        elif any(value is not None for value in values.values()):
            cells[place] = _replace_blanks(text, values)
    for name, place in package.list_names().items():
        value = _look_up(name, sheet, named)
        if value is not None and place not in sheet.taken:
            cells[place] = value
        elif value is not None:
            yield f"名称“{name}”所指的格子 {name_cell(*place[1:])} 里已有内容，没有改动。"
    if unknown:
        yield f"不认识的占位符：{'、'.join(f'{{{{{name}}}}}' for name in unknown[:_LISTED])}。"


def _iter_texts(document: Document) -> Iterator[tuple[Place, str]]:
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.address is not None:
            yield unpack_address(block.address), block.text
        elif isinstance(block, Table):
            for cell in block.cells:
                if cell.address is not None and cell.text:
                    yield unpack_address(cell.address), cell.text


def _look_up(name: str, sheet: _Sheet, named: dict[str, Slot]) -> Content | None:
    district = sheet.district
    if name == "年度":
        return str(district.year or "")
    if name == "汇总家数":
        return Decimal(len(district.departments))
    slot = named.get(name)
    if slot is None:
        return None
    figures = (department.figures[sheet.slots[slot]] for department in district.departments)
    numbers = [figure.number for figure in figures if figure is not None and figure.number is not None]
    return sum(numbers, Decimal(0)) if numbers else None


def _replace_blanks(text: str, values: dict[str, Content | None]) -> str:
    return _BLANK.sub(lambda match: _print(values[match[1]], match[0]), text)


def _print(value: Content | None, placeholder: str) -> str:
    if value is None:
        return placeholder
    return value if isinstance(value, str) else format(value, "f")
