"""What every extractor of one report shares: vocabulary, form, the unit's name, the cells already taken.

`claimed` collects the evidence ids of cells that something took or typed; what is left and wholly numeric is `unclaimed`.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.model.anchor import Column, ItemColumn, UnitStatement
from gouji.model.quantity import Quantity, State, Unit
from gouji.text.dates import years_of_account
from gouji.text.labels import label_key, trim_lines
from gouji.text.numerals import Reading, UnitTable, is_numeric, read_number
from gouji.text.rows import Placed, Row, rows_of_table

if TYPE_CHECKING:
    from gouji.model.document import Table
    from gouji.patterns import Patterns
    from gouji.patterns.concepts import Concept
    from gouji.patterns.forms import Form

_FITTING_UNITS = {
    "money": ("money",),
    "count": ("people", "count"),
    "percent": ("percent", "ratio"),
    "score": ("points",),
}
_DEFAULT_UNITS = {"count": "人", "percent": "%", "score": "分"}


class Context:
    """Shared by the extractors of one report."""

    def __init__(self, patterns: Patterns, form: Form | None, *, ragged: bool) -> None:
        self.patterns = patterns
        self.form = form
        self.ragged = ragged
        self.units = UnitTable(patterns.units)
        self.claimed: set[str] = set()
        self.unit_name: str | None = None
        self.year: int | None = None
        self.only_unit: UnitStatement | None = None  # the one unit of money that the report's lines state
        self.earlier_years: set[int] = set()
        self.nothing = Decimal(0)
        self.bound_rows: list[
            tuple[str, str]
        ] = []  # rows bound by their sums: evidence id of the first cell, what is said of them
        self.assumptions: list[tuple[str, str]] = []  # units that nothing states: evidence id, what was assumed
        self.main_concepts: set[str] = set()  # concepts that a block's main row has stated
        self.strong_labels, self.prose_words = words_of_concepts(patterns)
        self._rows: dict[str, list[Row]] = {}

    def for_part(self) -> Context:
        """The same report seen by one of its parts: shared cells and names, rows of its own that speak for it."""
        part = Context(self.patterns, self.form, ragged=self.ragged)
        part.claimed, part._rows, part.bound_rows = self.claimed, self._rows, self.bound_rows
        part.only_unit, part.earlier_years = self.only_unit, self.earlier_years
        part.unit_name, part.year = self.unit_name, self.year
        return part

    def year_under(self, title: str) -> int | None:
        """The year of a table: a later one where its title names one (2022年度绩效目标申报表), else the report's.

        An earlier one only where other tables of the same kind are of another year: alone it is as likely a slip of the pen.
        """
        years = years_of_account(title)
        if len(years) != 1 or self.year is None:
            return self.year
        return years[0] if years[0] > self.year or years[0] in self.earlier_years else self.year

    def rows(self, table: Table) -> list[Row]:
        """The rows of a table, made once."""
        if table.where not in self._rows:
            self._rows[table.where] = rows_of_table(table, ragged=self.ragged)
        return self._rows[table.where]

    def concept(self, concept_id: str) -> Concept:
        """A concept by id."""
        return self.patterns.concepts[concept_id]

    def default_unit(self, concept: Concept, stated: UnitStatement | None) -> tuple[Unit | None, str | None]:
        """The unit a cell inherits and the evidence id that states it."""
        if concept.kind == "money":
            stated = stated or self.only_unit
            if stated is not None:
                return stated.unit, stated.where
            return self.patterns.units.get(self.form.unit) if self.form else None, None
        return self.patterns.units.get(_DEFAULT_UNITS.get(concept.kind, "")), None

    def topic_name(self, topic: str) -> str:
        """The name people know a block by."""
        entry = self.form.topics.get(topic) if self.form else None
        return entry.name if entry is not None else topic


@lru_cache(maxsize=4)
def _words_of(concepts: tuple[Concept, ...]) -> tuple[dict[str, str], dict[str, str]]:
    strong = {label_key(label): concept.id for concept in concepts for label in (concept.name, *concept.aliases)}
    return strong, {label_key(word): concept.id for concept in concepts for word in concept.prose}


def words_of_concepts(patterns: Patterns) -> tuple[dict[str, str], dict[str, str]]:
    """Key of every strong label → its concept, and of every short word of sentences → its concept."""
    return _words_of(tuple(patterns.concepts.values()))


def value_of_cell(
    text: str, concept: Concept, units: UnitTable, default: Unit | None
) -> tuple[State, Quantity | str | None]:
    """State and value of one cell for one concept: text concepts keep their text, figures are read as numbers."""
    if concept.kind in ("text", "date"):
        reading = read_number(text, units)
        if reading.kind in ("blank", "none", "withheld"):
            return reading.kind, None
        return "value", trim_lines(text)
    reading = read_number(text, units, default)
    unit = reading.quantity.unit if reading.quantity is not None else None
    if unit is not None and unit.kind not in _FITTING_UNITS[concept.kind]:
        return "unreadable", None  # 64.11% is no amount, 5万元 no headcount
    return _state_of(reading, exact=concept.exact)


def _state_of(reading: Reading, *, exact: bool) -> tuple[State, Quantity | None]:
    if reading.kind == "text":
        return "unreadable", None
    if reading.quantity is None:
        return reading.kind, None
    quantity = reading.quantity
    if exact and quantity.decimals == 0:
        quantity = Quantity(quantity.value, quantity.unit, None, quantity.low, quantity.high)
    return reading.kind, quantity


def is_aligned(row: Row, width: int) -> bool:
    """Whether the cells of a row stand under those of its header.

    Ragged text may have lost blanks: at the end of a row they do no harm where the table prints its other blanks, elsewhere
    nobody knows which cell is which.
    """
    if not row.ragged or not width or len(row.cells) == width:
        return True
    return len(row.cells) < width and bool(row.cells) and bool(row.cells[-1].text) and _prints_blanks(row.table)


@lru_cache(maxsize=256)
def _prints_blanks(table: Table) -> bool:
    """Whether some row of figures of a text's table prints a blank cell."""
    figures = {cell.row for cell in table.cells if is_numeric(cell.text)}
    return any(not cell.text and cell.col > 0 and cell.row in figures for cell in table.cells)


def cell_under(row: Row, column: Column | ItemColumn) -> Placed | None:
    """The one cell of a row that stands under a column; None where none or several filled ones do."""
    under = [placed for placed in row.cells if placed.start < column.end and placed.end > column.start]
    if len(under) == 1:
        return under[0]
    inside = [placed for placed in under if _overlap(placed, column) * 2 > placed.end - placed.start]
    filled = [placed for placed in inside if placed.text]
    if len(filled) == 1:
        return filled[0]
    return inside[0] if inside and not filled else None


def _overlap(placed: Placed, column: Column | ItemColumn) -> int:
    return min(placed.end, column.end) - max(placed.start, column.start)
