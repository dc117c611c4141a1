"""What `locate` hands to `extract`: where each thing of one report stands.

Region
  ├─ figures   FigureBlock: header columns (path, concept, unit) × data rows
      ├─ items     ItemBlock: rows that name figures × columns that name moments
  ├─ pairs     Pair: a label cell and its value cell
  ├─ scoring   ScoreBlock: segments of the scoring table (a repeated header starts a new one)
  ├─ goals     GoalBlock · people  PeopleBlock
  ├─ fields    FieldValue: cover and signature lines
  └─ prose     Headline + paragraphs of the narrative
"""

from __future__ import annotations

import msgspec

from gouji.model.document import Cell, Paragraph, Table
from gouji.model.quantity import Unit
from gouji.model.report import Stage


class Place(msgspec.Struct, frozen=True):
    """A placed statement: its unit or text, and the evidence id that says so."""

    text: str
    where: str


class UnitStatement(msgspec.Struct, frozen=True):
    """A unit of money stated in a title, a line or a header, and where."""

    unit: Unit
    where: str | None


class Column(msgspec.Struct, frozen=True):
    """A leaf column: grid positions [start, end), its header path, what it means."""

    start: int
    end: int
    path: tuple[str, ...]
    key: str
    concept: str | None = None
    role: str | None = None
    unit: UnitStatement | None = None
    stage: Stage = "final"
    period: int | None = None
    offset: int = 0


class TableRows(msgspec.Struct, frozen=True):
    """Rows of a table that goes on after a page break, under the header of the table before."""

    table: Table
    rows: tuple[int, ...]


class FigureBlock(msgspec.Struct, frozen=True):
    """Header rows [first, first_data) and the data rows of one table of figures."""

    table: Table
    topic: str
    title: str
    title_where: str | None
    columns: tuple[Column, ...]
    header: tuple[int, int]
    rows: tuple[int, ...]
    unit: UnitStatement | None
    typed_rows: tuple[int, ...] = ()
    more: tuple[TableRows, ...] = ()


class Pair(msgspec.Struct, frozen=True):
    """A concept's label cell and its value cell.

    A weak label (`strong` false) yields to any other statement of the concept; a `shared` value cell answers several
    labels at once.
    """

    concept: str
    table: Table
    label: Cell
    value: Cell
    title: str
    unit: UnitStatement | None
    strong: bool = True
    shared: bool = False


class ItemColumn(msgspec.Struct, frozen=True):
    """A column of one moment: stage, the year it names or its offset from the report's year, its own unit."""

    start: int
    end: int
    path: tuple[str, ...]
    stage: Stage
    period: int | None
    offset: int
    unit: UnitStatement | None = None


class ItemRow(msgspec.Struct, frozen=True):
    """A row that names a figure; `rate`, `weight`, `score` are the cells of 执行率, 分值, 得分 where the table has them."""

    row: int
    concept: str
    label: Cell


class ItemBlock(msgspec.Struct, frozen=True):
    """A table whose rows name figures and whose columns name moments (年初预算数 | 全年预算数 | 全年执行数)."""

    table: Table
    title: str
    columns: tuple[ItemColumn, ...]
    rows: tuple[ItemRow, ...]
    others: dict[str, Column]
    unit: UnitStatement | None


class FieldValue(msgspec.Struct, frozen=True):
    """A field of the form: its value as printed; `value_cell` where it is a cell of its own."""

    name: str
    value: str
    where: str
    person: bool = False


class Stated(msgspec.Struct, frozen=True):
    """A cell or line that holds a label and its value (人员编制：36人, 综合得分：88分)."""

    concept: str
    label: str
    value: str
    where: str
    in_table: bool


class ScoreSegment(msgspec.Struct, frozen=True):
    """A run of scoring rows under one header. `columns` by role (level1 … score, reason); `closed` by a total row."""

    table: Table
    header: tuple[int, int]
    columns: dict[str, Column]
    rows: tuple[int, ...]
    others: tuple[Column, ...] = ()
    closed: bool = False


class ScoreBlock(msgspec.Struct, frozen=True):
    """One scoring table, over all its page breaks."""

    segments: tuple[ScoreSegment, ...]
    title: str = ""


class GoalBlock(msgspec.Struct, frozen=True):
    """Rows of goals: kind columns, target, result."""

    table: Table
    header: tuple[int, int]
    kind_columns: tuple[Column, ...]
    target: Column
    result: Column | None
    rows: tuple[int, ...]
    qualitative: bool = False


class PeopleBlock(msgspec.Struct, frozen=True):
    """Rows of people: name and the like."""

    table: Table
    name: Column
    rows: tuple[int, ...]


class TableSpan(msgspec.Struct, frozen=True):
    """The rows [first, end) of a table that belong to one report."""

    table: Table
    first: int
    end: int


class Region(msgspec.Struct, frozen=True):
    """Everything of one report, in document order."""

    titles: tuple[Place, ...] = ()
    figures: tuple[FigureBlock, ...] = ()
    items: tuple[ItemBlock, ...] = ()
    pairs: tuple[Pair, ...] = ()
    scoring: tuple[ScoreBlock, ...] = ()
    goals: tuple[GoalBlock, ...] = ()
    people: tuple[PeopleBlock, ...] = ()
    fields: tuple[FieldValue, ...] = ()
    stated: tuple[Stated, ...] = ()
    prose: tuple[Paragraph, ...] = ()
    tables: tuple[TableSpan, ...] = ()
    ragged: bool = False
    table_titles: tuple[Place, ...] = ()
    before_table: frozenset[str] = frozenset()
