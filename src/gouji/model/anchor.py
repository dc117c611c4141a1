"""What `locate` hands to `extract`: where each thing of one report stands.

Region
  ├─ figures   FigureBlock: header columns (path, concept, unit) × data rows of units or moments
  ├─ items     ItemBlock: rows that name figures × columns of amounts (moments, scopes); two-sided tables give two
  ├─ pairs     Pair: a label cell and its value cell
  ├─ scoring   ScoreBlock: segments of the scoring table (a repeated header starts a new one)
  ├─ goals     GoalBlock · people  PeopleBlock
  ├─ fields    FieldValue: cover and signature lines
  ├─ prose     Headline + paragraphs of the narrative
  └─ projects  a Region each project form of a bundle
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


class Moment(msgspec.Struct, frozen=True):
    """When figures hold: stage, the year that is named, or the offset from the report's year."""

    stage: Stage
    year: int | None = None
    offset: int = 0


class Column(msgspec.Struct, frozen=True):
    """A leaf column: grid positions [start, end), its header path, what it means.

    `scope`: the money it is limited to. `rival`: the name of what it and another column seem to mean, so that neither is taken.
    """

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
    scope: str | None = None
    rival: str | None = None


class TableRows(msgspec.Struct, frozen=True):
    """Rows of a table that goes on after a page break, under the header of the table before."""

    table: Table
    rows: tuple[int, ...]


class FigureBlock(msgspec.Struct, frozen=True):
    """Header rows [first, first_data) and the data rows of one table of figures.

    `moments`: rows that name a moment (2021年决算数) instead of a unit; `rates`: rows of 执行率 among them;
    `by_subject`: rows are budget subjects (科目), so that only their total speaks for the unit.
    """

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
    moments: dict[int, Moment] = {}
    rates: tuple[int, ...] = ()
    by_subject: bool = False


class Pair(msgspec.Struct, frozen=True):
    """A concept's label cell and its value cell.

    A weak label (`strong` false) yields to any other statement of the concept; a `shared` value cell answers several
    labels at once. `moment`: when the label says so (预算数： | 42.5 | 执行数： | 42.5).
    """

    concept: str
    table: Table
    label: Cell
    value: Cell
    title: str
    unit: UnitStatement | None
    strong: bool = True
    shared: bool = False
    moment: Moment | None = None


class ItemColumn(msgspec.Struct, frozen=True):
    """A column of amounts: its moment, the scope it is limited to, its own unit.

    `part_of_total`: what it means in the row of the total (其中：财政拨款 beside 全年预算数). `entity`: the part of the unit whose
    amounts it holds (机关本级 | 事务中心 | 合计); None for the unit itself.
    """

    start: int
    end: int
    path: tuple[str, ...]
    moment: Moment
    scope: str | None = None
    part_of_total: str | None = None
    unit: UnitStatement | None = None
    entity: str | None = None


class ItemRow(msgspec.Struct, frozen=True):
    """A row that names a figure; `scope` where it is the part of the figure above it (支出合计, 其中：财政拨款).

    `moment`: when, where the row says so (三公经费 | 预算数) and the columns are years. `unit`: from a column 计量单位.
    """

    row: int
    concept: str
    label: Cell
    path: tuple[str, ...] = ()
    scope: str | None = None
    moment: Moment | None = None
    unit: UnitStatement | None = None


class ItemBlock(msgspec.Struct, frozen=True):
    """A table whose rows name figures and whose columns hold amounts (年初预算数 | 全年预算数 | 全年执行数).

    `others`: columns beside the amounts by name: rate 执行率, weight 分值, score 得分. `width`: cells of a full row of ragged text.
    `scope`: the kind of money that its title limits it to. `rivals`: names of what several rows seem to mean.
    `typed`: cells of line numbers and the like, which are no figures.
    """

    table: Table
    title: str
    columns: tuple[ItemColumn, ...]
    rows: tuple[ItemRow, ...]
    others: dict[str, Column]
    unit: UnitStatement | None
    width: int = 0
    scope: str | None = None
    rivals: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()


class FieldValue(msgspec.Struct, frozen=True):
    """A field of the form: its value as printed; `value_cell` where it is a cell of its own."""

    name: str
    value: str
    where: str
    person: bool = False


class Stated(msgspec.Struct, frozen=True):
    """A cell or line that holds a label and its value (人员编制：36人, 综合得分：88分, 预算数：35.80)."""

    concept: str
    label: str
    value: str
    where: str
    in_table: bool
    moment: Moment | None = None
    unit: UnitStatement | None = None


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
    projects: tuple[Region, ...] = ()
    doubts: tuple[Place, ...] = ()
    units: tuple[UnitStatement, ...] = ()
