"""A table of reference data → whose figure is what, or the questions that must be answered first.

    2021年度部门决算汇总表                单位：万元         title: kind 部门决算, year 2021 · unit 万元
    预算编码 | 单位名称 | 收入合计 | 支出合计 | 备注        columns: code, name, income.total, expenditure.total, left out
    102001   | 某局     | 871.05   | 871.05   |            a ReferenceFact a figure

    Document + Answers ─read_reference_table→ Plan(columns, facts, questions, problems)

A column that may be two things, a table without a year or a unit of money: each is a Question, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.locate.columns import Announced, resolve_columns
from gouji.locate.figures import is_column_numbers, is_remark
from gouji.locate.headers import Leaf, leaves_of_header
from gouji.locate.units import unit_in_line
from gouji.model.anchor import Column, Moment
from gouji.model.document import Document, Paragraph, Table
from gouji.model.quantity import Unit
from gouji.model.report import Stage
from gouji.readers.sheets.address import print_place
from gouji.store.references import ReferenceFact
from gouji.text.dates import find_years
from gouji.text.labels import label_key, normalise_label
from gouji.text.numerals import read_number
from gouji.text.rows import Placed, Row, rows_of_table

if TYPE_CHECKING:
    from gouji.locate.vocabulary import Vocabulary
    from gouji.patterns.concepts import Concept
    from gouji.patterns.reference import Kind, ReferencePatterns

_HEADER_ROWS = 4
_TITLE_LINES = 6
_BARE = 2
_COUNTED = {"count": "人", "percent": "%", "score": "分"}
_CODE = re.compile(r"[0-9A-Za-z]{3,12}")
UNUSED = "不用"


class Answers(msgspec.Struct, frozen=True):
    """What the person at the keyboard said. `columns`: printed label → Chinese name of the figure, or 不用."""

    kind: str | None = None
    year: int | None = None
    stage: Stage | None = None
    scope: str | None = None
    unit: str | None = None
    columns: dict[str, str] = {}


class Question(NamedTuple):
    """What only a person can say: `about` is kind, year, unit or a column's label."""

    about: str
    text: str


class PlannedColumn(NamedTuple):
    """A column and what it is taken as; None where it is left out."""

    label: str
    place: str
    role: str | None
    concept: Concept | None
    stage: Stage
    year: int | None
    scope: str | None
    unit: Unit | None
    start: int


class Plan(msgspec.Struct, frozen=True):
    """What an import would bring."""

    kind: str
    year: int | None
    title: str
    columns: tuple[PlannedColumn, ...] = ()
    facts: tuple[ReferenceFact, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[str, ...] = ()


class _Head(NamedTuple):
    """A table that names its rows: where its header and its rows are, what stands above it."""

    table: Table
    rows: list[Row]
    header: list[Row]
    data: list[Row]
    above: list[str]


class TableReader:
    """Reads the tables of one file."""

    def __init__(self, document: Document, name: str, vocabulary: Vocabulary, answers: Answers) -> None:
        self.document = document
        self.name = name
        self.vocabulary = vocabulary
        self.patterns: ReferencePatterns = vocabulary.patterns.reference
        self.answers = answers
        self.questions: dict[str, Question] = {}
        self.problems: list[str] = []

    def ask(self, about: str, text: str) -> None:
        """A question, each once."""
        self.questions.setdefault(about, Question(about, text))

    def read(self) -> Plan:
        """All tables that say whose their rows are."""
        heads = list(find_heads(self.document, self.patterns))
        if not heads:
            self.problems.append("没有找到写明预算编码或单位名称的表头，无法对应到单位")
        title = " ".join(line for head in heads for line in head.above) or self.name
        kind = self._kind(title)
        year = self._year(title)
        columns: list[PlannedColumn] = []
        facts: list[ReferenceFact] = []
        for head in heads:
            planned = self._columns(head, kind, year) if kind is not None else []
            columns += planned
            facts += self._facts(head, planned, year)
        if heads and kind is not None and not any(column.concept for column in columns):
            self.problems.append("没有一列能认出是什么数；可用 --column 列名=要素 指明")
        return Plan(
            kind.name if kind is not None else "",
            year,
            title,
            tuple(columns),
            tuple(facts),
            tuple(self.questions.values()),
            tuple(self.problems),
        )

    def _kind(self, title: str) -> Kind | None:
        if self.answers.kind is not None:
            return self.patterns.kinds[self.answers.kind]
        kind = self.patterns.kind_of(title) or self.patterns.kind_of(self.name)
        if kind is None:
            self.ask("kind", f"这是哪一种参照数据：{'、'.join(self.patterns.kinds)}（--kind）")
        return kind

    def _year(self, title: str) -> int | None:
        years = {*find_years(title)} or {*find_years(self.name)}
        year = self.answers.year or (next(iter(years)) if len(years) == 1 else None)
        if year is None:
            self.ask("year", "这是哪一年的数（--year）")
        return year

    # --- columns ------------------------------------------------------------------------------------------------

    def _columns(self, head: _Head, kind: Kind, year: int | None) -> list[PlannedColumn]:
        leaves = leaves_of_header(head.header, self.vocabulary)
        title = " ".join(head.above)
        announced = Announced(kind.topic, self.vocabulary.scope_in(title), Moment(kind.stage))
        resolved = resolve_columns(leaves, head.header[0], self.vocabulary, announced)
        return [self._column(leaf, column, head, kind, year) for leaf, column in zip(leaves, resolved, strict=True)]

    def _column(self, leaf: Leaf, column: Column, head: _Head, kind: Kind, year: int | None) -> PlannedColumn:
        label = " / ".join(leaf.path)
        role = self._role(leaf)
        place = self._place(head, leaf)
        concept = None if role is not None else self._concept(leaf, column, kind, place)
        named = self.vocabulary.moment(leaf.text)
        stage = self.answers.stage or kind.stages.get(label_key(leaf.text)) or column.stage
        if named is None and concept is not None and concept.kind == "count":
            stage = "final"
        return PlannedColumn(
            label=label,
            place=place,
            role=role,
            concept=concept,
            stage=stage,
            year=column.period or (year + column.offset if year is not None else None),
            scope=self.answers.scope or column.scope,
            unit=self._unit(concept, column, head) if concept is not None else None,
            start=leaf.start,
        )

    def _role(self, leaf: Leaf) -> str | None:
        keys = {label_key("".join(leaf.path))}
        if len(leaf.path) == 1 or len(label_key(leaf.text)) > _BARE:
            keys.add(label_key(leaf.text))  # 编码 under 科目 is no unit's
        return next((role for role in ("code", "name") if keys & self.patterns.columns.get(role, frozenset())), None)

    def _concept(self, leaf: Leaf, column: Column, kind: Kind, place: str) -> Concept | None:
        """What a person said it is, else what the kind's own labels or the vocabulary say."""
        concepts = self.vocabulary.patterns.concepts
        cell = place.rpartition("》")[2] or place
        said = next((self.answers.columns[n] for n in (cell, *_names(leaf)) if n in self.answers.columns), None)
        if said is not None:
            return None if said == UNUSED else self._named(said)
        own = next((kind.labels[key] for key in map(label_key, _names(leaf)) if key in kind.labels), None)
        if column.concept is None and own is not None:
            return concepts[own]
        if column.rival is not None:
            self.ask(
                cell,
                f"{cell}“{_names(leaf)[0]}”与另一列都像“{column.rival}”，是什么数（--column {cell}=要素，不取用写“{UNUSED}”）",
            )
        return concepts[column.concept] if column.concept is not None else None

    def _named(self, name: str) -> Concept | None:
        concept = self.vocabulary.only(name) or self.vocabulary.strong(name)
        if concept is None:
            self.problems.append(f"没有叫“{name}”的要素")
        return concept

    def _unit(self, concept: Concept, column: Column, head: _Head) -> Unit | None:
        units = self.vocabulary.patterns.units
        if concept.kind != "money":
            return units.get(_COUNTED.get(concept.kind, ""))
        stated = [unit for line in reversed(head.above) if (unit := unit_in_line(line, self.vocabulary)) is not None]
        unit = (
            column.unit.unit
            if column.unit is not None
            else units.get(self.answers.unit or "") or next(iter(stated), None)
        )
        if unit is None:
            self.ask("unit", "表头没有写明金额单位，是元还是万元（--unit）")
        return unit

    def _place(self, head: _Head, leaf: Leaf) -> str:
        placed = head.header[-1].at(leaf.start)
        return self._print_cell(head, placed.cell.address if placed is not None else None, f"第 {leaf.start + 1} 列")

    def _print_cell(self, head: _Head, address: int | None, otherwise: str) -> str:
        if address is not None and self.document.sheets:
            return print_place(address, self.document.sheets).removeprefix("《》")
        return f"表{head.table.where.removeprefix('t')} {otherwise}"

    # --- figures ------------------------------------------------------------------------------------------------

    def _facts(self, head: _Head, columns: Sequence[PlannedColumn], year: int | None) -> Iterator[ReferenceFact]:
        code_column = next((column for column in columns if column.role == "code"), None)
        name_column = next((column for column in columns if column.role == "name"), None)
        for row in head.data:
            code, name = _text(row, code_column), _text(row, name_column)
            if not self._is_unit(code, name):
                continue
            for column in columns:
                if column.concept is not None and (column.year or year) is not None:
                    yield from self._fact(head, row, column, code or None, name or None)

    def _is_unit(self, code: str, name: str) -> bool:
        """Whether a row is of one unit: totals and remarks are not."""
        if "summary_row" in self.vocabulary.roles(name or code):
            return False
        return bool(name) or _CODE.fullmatch(code) is not None

    def _fact(
        self, head: _Head, row: Row, column: PlannedColumn, code: str | None, name: str | None
    ) -> Iterator[ReferenceFact]:
        placed = row.at(column.start)
        if placed is None or placed.blank or column.concept is None or column.year is None:
            return
        reading = read_number(placed.text, self.vocabulary.units, column.unit)
        place = self._print_cell(head, placed.cell.address, f"第 {row.index + 1} 行 第 {column.start + 1} 列")
        if reading.quantity is None:
            if reading.kind in ("unreadable", "text"):
                self.problems.append(f"{place}“{placed.text}”不是数，没有导入")
            return
        quantity = reading.quantity
        yield ReferenceFact(
            unit_code=code,
            unit_name=name,
            year=column.year,
            concept=column.concept.id,
            stage=column.stage,
            scope=column.scope,
            value=quantity.value,
            unit=quantity.unit.name if quantity.unit is not None else None,
            decimals=quantity.decimals,
            raw=placed.text,
            place=f"{place} · {column.label} 列",
            where=row.where(placed),
        )


def find_heads(document: Document, patterns: ReferencePatterns) -> Iterator[_Head]:
    """Tables with a header that says whose each row is, with the lines above them."""
    identity = patterns.columns.get("code", frozenset()) | patterns.columns.get("name", frozenset())
    above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above.append(block.printed)
            continue
        rows = rows_of_table(block, ragged=document.ragged)
        start = next((row.index for row in rows if _is_header(row, identity)), None)
        if start is None:
            continue
        end = _header_end(rows, start, identity)
        lines = [*above[-_TITLE_LINES:], *(placed.text for row in rows[:start] for placed in row.filled)]
        data = [row for row in rows[end:] if row.filled and not is_column_numbers(row) and not is_remark(row)]
        yield _Head(block, rows, rows[start:end], data, lines)
        above = []


def _is_header(row: Row, identity: frozenset[str]) -> bool:
    """Labels without a number, one of them that of a code or a name."""
    labels = [placed for placed in row.filled if not placed.numeric]
    return len(labels) == len(row.filled) > 1 and any(placed.key in identity for placed in labels)


def _header_end(rows: list[Row], start: int, identity: frozenset[str]) -> int:
    """Rows below belong to the header as far as the cell of the code or the name reaches down, or is blank."""
    head = next(placed for placed in rows[start].filled if placed.key in identity)
    end = start + 1
    while end < min(len(rows), start + _HEADER_ROWS):
        below = rows[end].at(head.start)
        numeric = any(placed.numeric for placed in rows[end].filled)
        if numeric or (below is not None and below.fresh and not below.blank) or not rows[end].filled:
            break
        end += 1
    return end


def _names(leaf: Leaf) -> list[str]:
    """What a person may call a column: its label, or the whole path."""
    return [normalise_label(leaf.text), "".join(leaf.path), " / ".join(leaf.path)]


def _text(row: Row, column: PlannedColumn | None) -> str:
    placed: Placed | None = row.at(column.start) if column is not None else None
    return "".join(placed.text.split()) if placed is not None else ""


def read_reference_table(document: Document, name: str, vocabulary: Vocabulary, answers: Answers) -> Plan:
    """Plan an import of one file. `name` is the file's, which may tell kind and year."""
    return TableReader(document, name, vocabulary, answers).read()
