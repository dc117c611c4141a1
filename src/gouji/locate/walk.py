"""The state of one walk over a document's lines: what was found, and what later lines inherit.

lines ─→ [Item(line number, what)]      what: FigureBlock · Pair · ScoreSegment · GoalBlock · PeopleBlock ·
                                              FieldValue · Title (a banner row or a paragraph)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.locate.columns import Announced
from gouji.locate.fields import MONEY_UNIT, FoundField, fields_in_text, stated_in_text
from gouji.locate.units import is_below, unit_in_line
from gouji.model.anchor import (
    FieldValue,
    FigureBlock,
    GoalBlock,
    ItemBlock,
    Moment,
    Pair,
    PeopleBlock,
    ScoreSegment,
    Stated,
    UnitStatement,
)
from gouji.model.document import Paragraph
from gouji.model.trace import Step
from gouji.text.labels import normalise_label
from gouji.text.rows import Row

if TYPE_CHECKING:
    from gouji.locate.lines import Line
    from gouji.locate.vocabulary import Vocabulary
    from gouji.model.document import Table
    from gouji.text.rows import Placed

_MAX_TITLE = 80
_MAX_ANNOUNCEMENT = 40
_HEAD_LINES = 6
_SENTENCE = re.compile(r"[，。；]")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_BREAK = re.compile(r"(?:[(]?续(?:表|上表|前表)?[)]?|第?\d{1,3}页?(?:共\d{1,3}页)?|[~—–-]*\d{1,3}[~—–-]*)?")
_UNIT_LINE = re.compile(r"[(]?(?:金额)?单位[:]?(?:人民币)?[\w、,]{1,8}[)]?")


class Title(NamedTuple):
    """A banner row or a body paragraph that may announce what follows."""

    text: str
    where: str
    paragraph: Paragraph | None
    in_table: bool


class Doubt(NamedTuple):
    """Two readings that fit equally well, so that neither was taken."""

    text: str
    where: str


What = (
    FigureBlock
    | ItemBlock
    | Pair
    | ScoreSegment
    | GoalBlock
    | PeopleBlock
    | FieldValue
    | Stated
    | Title
    | Doubt
    | UnitStatement
)


class Item(NamedTuple):
    """What one place of the document is, in reading order; `line` is the line's ordinal."""

    line: int
    what: What


class Walk:
    """Lines with their tables' rows at hand. `unit`, `titles` and `topic` are what the next block inherits."""

    def __init__(self, lines: list[Line], vocabulary: Vocabulary) -> None:
        self.lines = lines
        self.vocabulary = vocabulary
        self.items: list[Item] = []
        self.steps: list[Step] = []
        self.unit: UnitStatement | None = None
        self.titles: list[Title] = []
        self.topic: str | None = None
        self._of_budget: bool | None = None
        self._figures: dict[str, list[int]] = {}  # table → its blocks and pairs in `items`
        self._last_table = ""  # the table of the last of them
        self.waiting: FoundField | None = None  # a label whose value stands in the next paragraph
        self.project = False  # whether a project has been named
        self.moments_above: dict[str, dict[int, Moment]] = {}  # table → column of a label → when it holds
        self.heads: dict[
            str, Row
        ] = {}  # table → its last row of words that was no pair: what stands over the values below
        self.ordinals: dict[str, list[tuple[int, int]]] = {}
        self.scattered = False  # whether tables were found whose cells stand one a line
        self.cell_topics: dict[tuple[str, int], str] = {}  # table, column → what the labelled amounts in it are of
        self._tables: dict[str, list[Row]] = {}
        self._positions: dict[tuple[str, int], int] = {}
        for position, line in enumerate(lines):
            if isinstance(line, Row):
                self._tables.setdefault(line.table.where, []).append(line)
                self._positions[line.table.where, line.index] = position

    def add(self, position: int, what: What) -> None:
        """Record what a line is."""
        if isinstance(what, FieldValue) and what.name == "project_name":
            self.project = True
        if isinstance(what, FigureBlock | ItemBlock | Pair):
            self._last_table = what.table.where
            self._figures.setdefault(self._last_table, []).append(len(self.items))
        self.items.append(Item(position, what))

    def doubt(self, position: int, where: str, text: str) -> None:
        """Say what was left untaken, and why."""
        self.add(position, Doubt(text, where))
        self.note(where, text)

    def note(self, where: str, what: str) -> None:
        """Record why, for `gouji explain`."""
        self.steps.append(Step("locate", where, what))

    def rows_from(self, row: Row, count: int | None = None) -> list[Row]:
        """A row and those below it in its table (`count` of them at most)."""
        rows = self._tables[row.table.where]
        return rows[row.index : None if count is None else row.index + count]

    def position_after(self, row: Row) -> int:
        """The line after a row, and after the tables nested in it."""
        position = self._positions[row.table.where, row.index] + 1
        inside = row.table.where + "r"
        while position < len(self.lines):
            line = self.lines[position]
            if not isinstance(line, Row) or not line.table.where.startswith(inside):
                break
            position += 1
        return position

    def announced(self) -> Announced:
        """What the titles since the last block say of the table below them."""
        found = Announced(moment=Moment("initial" if self.of_budget else "final"))
        dated = False
        for title in reversed(self.titles):
            if len(title.text) > _MAX_ANNOUNCEMENT or _SENTENCE.search(_BRACKETS.sub("", title.text)):
                continue
            vocabulary = self.vocabulary
            moment = None if dated else vocabulary.moment_in_title(title.text)
            dated = dated or moment is not None
            found = Announced(
                found.topic or vocabulary.announced_topic(title.text),
                found.scope or vocabulary.scope_in(title.text),
                moment or found.moment,
                found.total or vocabulary.announced_total(title.text),
                found.partial or vocabulary.partial_in(title.text),
            )
        return found

    @property
    def of_budget(self) -> bool:
        """Whether the document's first lines say that it is a budget, and of nothing that was done."""
        if self._of_budget is None:
            head = [line.printed for line in self.lines[:_HEAD_LINES] if isinstance(line, Paragraph)]
            told = [text for text in head if self.vocabulary.is_budget_document(text)]
            self._of_budget = bool(told) and not any(self.vocabulary.tells_of_account(text) for text in head)
        return self._of_budget

    def continuation(self, table: Table, position: int) -> Row | None:
        """The first row of a table that goes on after a page break: as wide, nothing between but a page number or 续表."""
        while position < len(self.lines):
            line = self.lines[position]
            if isinstance(line, Row):
                return line if line.index == 0 and line.table is not table and line.table.cols == table.cols else None
            if not _BREAK.fullmatch(normalise_label(line.printed)):
                return None
            position += 1
        return None

    def take_title(self, position: int, title: Title) -> None:
        """A line of text: it may announce a block, state a unit, or hold fields."""
        self.add(position, title)
        unit = unit_in_line(title.text, self.vocabulary)
        if unit is not None:
            self.take_unit(position, title, UnitStatement(unit, title.where))
        fields = fields_in_text(title.text, self.vocabulary)
        if self.waiting is not None and not fields and len(title.text) <= _MAX_TITLE:
            self.add(
                position, FieldValue(self.waiting.name, title.text.strip(), title.where, person=self.waiting.person)
            )
        for field in fields:
            self.add(position, FieldValue(field.name, field.value, title.where, person=field.person))
        self.waiting = fields[-1] if fields and not fields[-1].value.strip("_＿ 　") and not fields[-1].person else None
        self.take_stated(position, title.text, title.where, in_table=title.in_table)
        told = [field for field in fields if field.name != MONEY_UNIT]  # 公开03表　项目支出预算明细　　单位：万元
        if len(title.text) <= _MAX_TITLE and not told and not _UNIT_LINE.fullmatch(normalise_label(title.text)):
            self.titles = [*self.titles[-2:], title]

    def take_unit(self, position: int, title: Title, unit: UnitStatement) -> None:
        """A line that states a unit: of the tables below it, or, where it says so or ends its table, of the table above."""
        self.add(position, unit)
        self.note(title.where, f"单位：{unit.unit.name}")
        last = title.in_table and self._ends_table(position)
        above = self._without_unit() if is_below(title.text) or last else []
        for index, what in above:
            self.items[index] = self.items[index]._replace(what=msgspec.structs.replace(what, unit=unit))
        if not above:
            self.unit = unit

    def _ends_table(self, position: int) -> bool:
        following = self.lines[position + 1] if position + 1 < len(self.lines) else None
        line = self.lines[position]
        return isinstance(line, Row) and (not isinstance(following, Row) or following.table is not line.table)

    def _without_unit(self) -> list[tuple[int, FigureBlock | ItemBlock | Pair]]:
        """The blocks of the last table above that state no unit of money."""
        found = ((index, self.items[index].what) for index in self._figures.get(self._last_table, ()))
        return [
            (i, what) for i, what in found if isinstance(what, FigureBlock | ItemBlock | Pair) and what.unit is None
        ]

    def take_stated(
        self,
        position: int,
        text: str,
        where: str,
        *,
        in_table: bool,
        unit: UnitStatement | None = None,
        topic: str | None = None,
    ) -> str | None:
        """Values that stand behind their label in one cell or line. `unit`, `topic`: of the cell; the topic of what it stated."""
        unit = unit or (None if in_table else self.unit)
        amounts = unit is not None and not self.of_budget
        for concept_id, label, value in stated_in_text(text, self.vocabulary, amounts=amounts, topic=topic):
            concept = self.vocabulary.patterns.concepts[concept_id]
            of_money = unit if concept.kind == "money" else None
            self.add(position, Stated(concept_id, label, value, where, in_table, unit=of_money))
            topic = concept.topic
        return topic

    # --- what a cell is -------------------------------------------------------------------------------------------

    def is_labelled(self, placed: Placed) -> bool:
        """Whether a cell is the label of a field, a person or a figure of its own."""
        text = placed.text
        vocabulary = self.vocabulary
        named = vocabulary.strong(text) or vocabulary.field(text) or vocabulary.person_role(text)
        return bool(named or vocabulary.compound(placed.label))

    def is_label(self, placed: Placed) -> bool:
        """Whether a cell names a figure, a field or a person, however weakly, and so cannot be a value."""
        return self.is_labelled(placed) or bool(
            self.vocabulary.meanings(placed.text) or "group" in self.vocabulary.roles(placed.text)
        )


def is_banner(row: Row) -> bool:
    """A row whose only text is one cell over the row's width: a title, a section, a long text."""
    filled = [placed for placed in row.cells if placed.text]
    if len(filled) != 1 or not filled[0].fresh or filled[0].numeric:
        return False
    return len(row.cells) == 1 or filled[0].end - filled[0].start > 1
