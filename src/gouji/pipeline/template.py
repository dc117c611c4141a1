"""A bureau's own table → what each of its cells waits for.

    附件3  单位：万元                       Slots: row 8  云溯区财政局  E8 expenditure.total, F8 expenditure.basic …
    序号 │ 单位名称   │ 支出合计 │ 其中：           row 9  (empty)       for a unit that is not printed yet
         │            │          │ 基本支出 │ …  total row          left alone

Headers mean what they mean in a report: the same vocabulary, the same paths (gouji.locate).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.locate.columns import Announced, resolve_columns
from gouji.locate.headers import leaves_of_header
from gouji.locate.units import unit_in_line
from gouji.model.document import Paragraph, Table
from gouji.patterns.concepts import ConceptKind
from gouji.patterns.exports import Slot
from gouji.readers.sheets.address import unpack_address
from gouji.text.labels import close_up, label_key
from gouji.text.rows import rows_of_table

if TYPE_CHECKING:
    from gouji.locate.vocabulary import Vocabulary
    from gouji.model.anchor import Column
    from gouji.model.document import Document
    from gouji.patterns import Patterns
    from gouji.text.rows import Placed, Row

_TOTALS = ("合计", "总计", "小计", "汇总")
_KEYS = ("name", "code", "section")
Place = tuple[int, int, int]


class Figured(msgspec.Struct, frozen=True):
    """A column of figures: grid position, what it waits for, its kind, what its unit of money is worth (None: not said)."""

    start: int
    slot: Slot
    label: str
    kind: ConceptKind
    factor: Decimal | None


class Line(msgspec.Struct, frozen=True):
    """A row for one unit: its printed name and code, and where each of its cells lies."""

    name: str
    code: str
    cells: dict[int, tuple[Place, str]]


class Form(msgspec.Struct, frozen=True):
    """One table: its key columns by field, its columns of figures, its rows from the top."""

    keys: dict[str, int]
    columns: tuple[Figured, ...]
    lines: tuple[Line, ...]
    unknown: tuple[str, ...] = ()


def find_forms(document: Document, patterns: Patterns, vocabulary: Vocabulary) -> list[Form]:
    """Every table with a column of units and one of figures."""
    forms: list[Form] = []
    stated: Decimal | None = None
    for block in document.blocks:
        if isinstance(block, Paragraph):
            unit = unit_in_line(block.text, vocabulary)
            stated = unit.factor if unit is not None and unit.kind == "money" else stated
            continue
        form = _read_form(block, patterns, vocabulary, stated)
        if form is not None:
            forms.append(form)
    return forms


def _read_form(table: Table, patterns: Patterns, vocabulary: Vocabulary, stated: Decimal | None) -> Form | None:
    rows = list(rows_of_table(table, ragged=False))
    for n, row in enumerate(rows):
        for placed in row.cells:
            unit = unit_in_line(placed.text, vocabulary) if placed.fresh else None
            stated = unit.factor if unit is not None and unit.kind == "money" else stated
        keys = _find_keys(row, patterns)
        if "name" not in keys and "code" not in keys:
            continue
        height = max(placed.cell.row_span for placed in row.cells if placed.start in keys.values() and placed.fresh)
        header = rows[n : n + height]
        leaves = leaves_of_header(header, vocabulary)
        columns = _settle_shares(resolve_columns(leaves, row, vocabulary, Announced()), vocabulary)
        figured = tuple(_figure_columns(columns, patterns, stated))
        if figured:
            taken = {*keys.values(), *(one.start for one in figured)}
            unknown = [c.path[-1] for c in columns if c.path and c.start not in taken and c.role is None]
            lines = (_read_line(one, keys) for one in rows[n + height :])
            return Form(keys, figured, tuple(line for line in lines if line is not None), tuple(unknown))
    return None


def _find_keys(row: Row, patterns: Patterns) -> dict[str, int]:
    """name, code, section → the grid column with such a label."""
    found: dict[str, int] = {}
    for placed in row.cells:
        key = label_key(placed.text) if placed.fresh and placed.text else ""
        field = next((name for name in _KEYS if key and key in patterns.roster.columns[name]), None)
        if field is not None:
            found.setdefault(field, placed.start)
    return found


def _settle_shares(columns: list[Column], vocabulary: Vocabulary) -> list[Column]:
    """执行率 alone over its column is the share of the whole budget; in a report it may be one of many."""
    taken = {column.concept for column in columns}
    settled = []
    for column in columns:
        is_open = column.concept is None and column.role is None and column.rival is None and len(column.path) == 1
        meant = [meaning.concept for meaning in vocabulary.meanings(column.path[0])] if is_open else []
        is_share = len(meant) == 1 and (meant[0].kind, meant[0].topic) == ("percent", "budget")
        fits = is_share and meant[0].id not in taken
        settled.append(msgspec.structs.replace(column, concept=meant[0].id) if fits else column)
    return settled


def _figure_columns(columns: list[Column], patterns: Patterns, stated: Decimal | None) -> list[Figured]:
    """Columns with a concept; another scope or a named year is not what a report's own figure is."""
    figured = []
    for column in columns:
        if column.concept is None or column.scope is not None or column.period is not None:
            continue
        kind = patterns.concepts[column.concept].kind
        money = column.unit.unit.factor if column.unit is not None else stated
        slot = Slot(column.concept, column.stage, column.offset)
        figured.append(Figured(column.start, slot, "·".join(column.path), kind, money))
    return figured


def _read_line(row: Row, keys: dict[str, int]) -> Line | None:
    """A row of data; None for a row of totals and for a line of remarks."""
    cells: dict[int, tuple[Place, str]] = {}
    for placed in row.cells:
        if placed.fresh and placed.cell.address is not None:
            cells[placed.start] = (unpack_address(placed.cell.address), placed.text)
    name, code = (_text_at(row, keys.get(field)) for field in ("name", "code"))
    first = next((close_up(placed.text) for placed in row.cells if placed.text), "")
    wide = any(placed.cell.col_span > len(keys) + 1 for placed in row.cells)
    if wide or any(word in close_up(text) for text in (name, first) for word in _TOTALS):
        return None
    return Line(close_up(name), close_up(code), cells)


def _text_at(row: Row, column: int | None) -> str:
    placed: Placed | None = next((p for p in row.cells if column is not None and p.start <= column < p.end), None)
    return placed.text if placed is not None and placed.fresh else ""
