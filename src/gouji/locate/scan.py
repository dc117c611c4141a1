"""One walk over the lines of a document: every line becomes part of a block, a pair, a field, a title or prose.

    lines ─→ [Item(line number, what)]      what: FigureBlock · Pair · ScoreSegment · GoalBlock · PeopleBlock ·
                                                  FieldValue · Title (a banner row or a paragraph)

The walk keeps what later lines inherit: the unit last stated, the title last read, the topic last met.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.locate.columns import resolve_columns, topic_of_columns
from gouji.locate.fields import fields_in_text
from gouji.locate.headers import leaves_of_header
from gouji.locate.lines import Line
from gouji.text.rows import Placed, Row
from gouji.locate.scoring import goal_block, opens_score_header, people_block, score_segment
from gouji.locate.units import unit_in_label, unit_in_line
from gouji.model.anchor import (
    FieldValue,
    FigureBlock,
    GoalBlock,
    Pair,
    PeopleBlock,
    ScoreSegment,
    UnitStatement,
)
from gouji.model.document import Paragraph
from gouji.model.trace import Step
from gouji.text.labels import label_key, normalise_label
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from gouji.locate.vocabulary import Vocabulary
    from gouji.model.anchor import Column
    from gouji.patterns.concepts import Concept

_REMARK_LINE = re.compile(r"^[(]?(?:注|备注|说明|※|\*)")
_COLUMN_NUMBER = re.compile(r"^[(]?(?:第?\d{1,2}列?|[A-Z]|栏次|行次)[)]?(?:=[\dA-Z()+\-*/]+)?$")
_AND = re.compile(r"及|和|与|、|/")
_MAX_TITLE = 80
_MAX_HEADER_ROWS = 4
_MAX_UNIT_LABEL = 20


class Title(NamedTuple):
    """A banner row or a body paragraph that may announce what follows."""

    text: str
    where: str
    paragraph: Paragraph | None
    in_table: bool


What = FigureBlock | Pair | ScoreSegment | GoalBlock | PeopleBlock | FieldValue | Title


class Item(NamedTuple):
    """What one place of the document is, in reading order; `line` is the line's ordinal."""

    line: int
    what: What


class Scanner:
    """Walks the lines once. `items` and `steps` are its result."""

    def __init__(self, lines: list[Line], vocabulary: Vocabulary) -> None:
        self.lines = lines
        self.vocabulary = vocabulary
        self.items: list[Item] = []
        self.steps: list[Step] = []
        self.unit: UnitStatement | None = None
        self.titles: list[Title] = []
        self.topic: str | None = None
        self.ordinals: dict[str, list[tuple[int, int]]] = {}

    def scan(self) -> list[Item]:
        """Handle every line; returns the items."""
        position = 0
        while position < len(self.lines):
            line = self.lines[position]
            if isinstance(line, Paragraph):
                self._take_title(position, Title(line.printed, line.where, line, in_table=False))
                position += 1
            else:
                position = self._take_row(position, line)
        return self.items

    # --- what a row can be ----------------------------------------------------------------------------------------

    def _take_row(self, position: int, row: Row) -> int:
        if not row.filled:
            return position + 1
        if is_banner(row):
            banner = row.filled[0]
            self._take_title(position, Title(banner.text, row.where(banner), None, in_table=True))
            return position + 1
        takers: tuple[Callable[[int, Row], int], ...] = (
            self._take_scoring,
            self._take_goals,
            self._take_people,
            self._take_figures,
        )
        for take in takers:
            after = take(position, row)
            if after > position:
                return after
        self._take_pairs(position, row)
        return position + 1

    def _add(self, position: int, what: What) -> None:
        self.items.append(Item(position, what))

    def _note(self, where: str, what: str) -> None:
        self.steps.append(Step("locate", where, what))

    def _take_title(self, position: int, title: Title) -> None:
        self._add(position, title)
        unit = unit_in_line(title.text, self.vocabulary)
        if unit is not None:
            self.unit = UnitStatement(unit, title.where)
            self._note(title.where, f"单位：{unit.name}")
        for field in fields_in_text(title.text, self.vocabulary):
            self._add(position, FieldValue(field.name, field.value, title.where, person=field.person))
        if len(title.text) <= _MAX_TITLE and not _is_unit_line(title.text):
            self.titles = [*self.titles[-2:], title]

    def _rows_of_table(self, position: int) -> list[Row]:
        """The rows of this table from here on, nested tables' rows left out."""
        first = self.lines[position]
        assert isinstance(first, Row)  # noqa: S101 - narrowing
        rows: list[Row] = []
        for line in self.lines[position:]:
            if not isinstance(line, Row) or (line.table is not first.table and not line.table.where.startswith(first.table.where + "r")):
                break
            if line.table is first.table:
                rows.append(line)
        return rows

    def _position_after(self, position: int, row: Row) -> int:
        """Line number after a row of the same table."""
        while position < len(self.lines):
            line = self.lines[position]
            if isinstance(line, Row) and line.table is row.table and line.index == row.index:
                return position + 1
            position += 1
        return position

    # --- scoring, goals, people -----------------------------------------------------------------------------------

    def _take_scoring(self, position: int, row: Row) -> int:
        rows = self._rows_of_table(position)
        height = opens_score_header(rows[:2], self.vocabulary)
        if not height:
            return position
        end = height
        while end < len(rows) and not opens_score_header(rows[end : end + 2], self.vocabulary):
            if self._ends_scoring(rows[end]):
                break
            end += 1
        segment = score_segment(rows[:height], rows[height:end], self.vocabulary)
        self._add(position, segment)
        self._note(row.table.where, f"评分表：{'、'.join(sorted(segment.columns))}，{len(segment.rows)} 行")
        self.titles = []
        return self._position_after(position, rows[end - 1])

    def _ends_scoring(self, row: Row) -> bool:
        """A row of form fields (综合得分 | 88 | 评价等次 | 优, 填报人 …) no longer belongs to the scoring table."""
        first = row.filled[0] if row.filled else None
        if first is None:
            return False
        concept = self.vocabulary.strong(first.text)
        if concept is not None and concept.topic == "performance" and len(row.fresh) <= 4:
            return "score_total" not in self.vocabulary.roles(first.text)
        return self.vocabulary.person_role(first.text) is not None or self._is_figure_header(row)

    def _take_goals(self, position: int, row: Row) -> int:
        block = goal_block(row, [], self.vocabulary)
        if block is None:
            return position
        rows = self._rows_of_table(position)
        end = 1
        while end < len(rows) and not self._ends_goals(rows[end]):
            end += 1
        found = goal_block(row, rows[1:end], self.vocabulary)
        assert found is not None  # noqa: S101 - the same header row
        self._add(position, found)
        self._note(row.where(row.filled[0]), f"绩效目标：{len(found.rows)} 行")
        self.titles = []
        return self._position_after(position, rows[end - 1])

    def _ends_goals(self, row: Row) -> bool:
        filled = row.filled
        if not filled:
            return False
        if goal_block(row, [], self.vocabulary) or is_banner(row) or opens_score_header([row], self.vocabulary):
            return True
        return self._is_labelled(filled[0]) or people_block(row, [], self.vocabulary) is not None

    def _is_labelled(self, placed: Placed) -> bool:
        """Whether a cell is the label of a field, a person or a figure of its own."""
        text = placed.text
        vocabulary = self.vocabulary
        named = vocabulary.strong(text) or vocabulary.field(text) or vocabulary.person_role(text)
        return bool(named or self._compound(placed))

    def _compound(self, placed: Placed) -> list[Concept]:
        """The figures that a label joined by 及 or 和 names, [] where it is no such label."""
        parts = [self.vocabulary.strong(part) for part in _AND.split(placed.label)]
        concepts = [part for part in parts if part is not None]
        return concepts if len(concepts) == len(parts) > 1 else []

    def _take_people(self, position: int, row: Row) -> int:
        if people_block(row, [], self.vocabulary) is None:
            return position
        rows = self._rows_of_table(position)
        end = 1
        while end < len(rows) and not is_banner(rows[end]) and not self._ends_goals(rows[end]) and len(rows[end].fresh) > 1:
            end += 1
        found = people_block(row, rows[1:end], self.vocabulary)
        assert found is not None  # noqa: S101 - the same header row
        self._add(position, found)
        self.titles = []
        return self._position_after(position, rows[end - 1])

    # --- tables of figures ----------------------------------------------------------------------------------------

    def _is_figure_header(self, row: Row) -> bool:
        """Mostly labels, two or more of them figures, no number, and not label/value by turns."""
        filled = row.filled
        if len(filled) < 2 or any(placed.numeric for placed in filled):
            return False
        meant = [placed for placed in filled if self.vocabulary.meanings(placed.text)]
        roles = [placed for placed in filled if self.vocabulary.roles(placed.text)]
        labels = {id(placed) for placed in (*meant, *roles)}
        named = any("entity" in self.vocabulary.roles(placed.text) for placed in filled)
        if len(meant) < (1 if named else 2) or len(labels) * 5 < len(filled) * 3:
            return False
        return not self._is_paired(row) and not self._is_summary_only(filled)

    def _is_paired(self, row: Row) -> bool:
        """label | (value or blank) | label | (value or blank)"""
        fresh = row.fresh
        if len(fresh) < 2 or len(fresh) % 2:
            return False
        is_label = [bool(self.vocabulary.meanings(placed.text) or self.vocabulary.field(placed.text)) for placed in fresh]
        return all(is_label[0::2]) and not any(is_label[1::2])

    def _is_summary_only(self, filled: list[Placed]) -> bool:
        return all("summary_row" in self.vocabulary.roles(placed.text) for placed in filled)

    def _take_figures(self, position: int, row: Row) -> int:
        if not self._is_figure_header(row):
            return position
        rows = self._rows_of_table(position)
        height = self._header_height(rows)
        body, typed = height, []
        while body < len(rows) and is_column_numbers(rows[body]):
            typed.append(rows[body].index)
            body += 1
        columns, topic = self._columns(rows[:height], rows[body : body + 8])
        end, data = self._data_rows(rows, body, columns)
        if not any(column.concept for column in columns):
            return position
        self._add_figures(position, rows[:height], columns, topic, data, tuple(typed))
        return self._position_after(position, rows[max(end, height) - 1])

    def _header_height(self, rows: list[Row]) -> int:
        height = 1
        while height < min(len(rows), _MAX_HEADER_ROWS) and self._continues_header(rows[:height], rows[height]):
            height += 1
        return height

    def _continues_header(self, header: list[Row], row: Row) -> bool:
        filled = row.filled
        if not filled or any(placed.numeric for placed in filled) or is_column_numbers(row):
            return False
        labels = [p for p in filled if self.vocabulary.meanings(p.text) or "group" in self.vocabulary.roles(p.text)]
        if self._is_summary_only(filled) and row.cells[0].fresh and not row.ragged:
            return False
        if self._is_summary_only(filled) and filled[0] is row.cells[0]:
            return False
        if len(labels) * 2 < len(filled) or is_banner(row):
            return False
        reaches_down = any(not placed.fresh for placed in row.cells)
        starts_blank = row.cells[0].blank
        same_width = len(row.cells) == len(header[0].cells)
        return reaches_down or starts_blank or (row.ragged and not same_width and not self._is_paired(row))

    def _columns(self, header: list[Row], below: list[Row]) -> tuple[list[Column], str | None]:
        width = None
        if header[0].ragged:
            width = next((len(row.cells) for row in below if any(p.numeric for p in row.cells) and not is_banner(row)), None)
        leaves = leaves_of_header(header, self.vocabulary, width)
        hint = self._announced_topic()
        columns = resolve_columns(leaves, header[0], self.vocabulary, hint)
        return columns, topic_of_columns(columns, self.vocabulary)

    def _announced_topic(self) -> str | None:
        """The topic that the nearest title names."""
        for title in reversed(self.titles):
            folded = label_key(title.text)
            for form in self.vocabulary.patterns.forms:
                for topic, entry in form.topics.items():
                    if any(label_key(hint) in folded for hint in entry.titles):
                        return topic
        return None

    def _data_rows(self, rows: list[Row], start: int, columns: list[Column]) -> tuple[int, list[Row]]:
        data: list[Row] = []
        end = start
        while end < len(rows):
            row = rows[end]
            if row.filled and not self._fits(row, columns):
                if not (is_banner(row) and _REMARK_LINE.match(normalise_label(row.filled[0].text))):
                    break
            elif row.filled:
                data.append(row)
            end += 1
        return end, data

    def _fits(self, row: Row, columns: list[Column]) -> bool:
        """Whether a row is data under these columns: mostly figures, blanks or declared none, and no label of its own."""
        named = [column for column in columns if column.role == "entity"]
        if not row.ragged and len(row.filled) == 1 and any(_inside(row.filled[0], column) for column in named):
            return True  # a preprinted name without a figure, however short its row
        if is_banner(row) or self._is_figure_header(row) or opens_score_header([row], self.vocabulary):
            return False
        for placed in row.filled:
            is_name = any(column.start <= placed.start < column.end for column in named)
            if not is_name and self._is_labelled(placed):
                return False
            if is_name and self._is_labelled(placed) and not self.vocabulary.roles(placed.text):
                return False
        cells = {id(p): p for column in columns if column.concept for p in (row.at(column.start),) if p is not None}
        readings = [read_number(placed.text, self.vocabulary.units).kind for placed in cells.values()]
        return bool(readings) and readings.count("text") * 3 <= len(readings)

    def _add_figures(
        self, position: int, header: list[Row], columns: list[Column], topic: str | None, data: list[Row], typed: tuple[int, ...]
    ) -> None:
        title = next((t for t in reversed(self.titles) if len(label_key(t.text)) > 1), None)
        self.topic = topic
        block = FigureBlock(
            table=header[0].table,
            topic=topic or "",
            title=title.text if title is not None else "",
            title_where=title.where if title is not None else None,
            columns=tuple(columns),
            header=(header[0].index, header[-1].index + 1),
            rows=tuple(row.index for row in data),
            unit=self.unit,
            typed_rows=typed,
        )
        self._add(position, block)
        self.titles = []
        meant = "、".join(f"{'/'.join(c.path)}→{c.concept or c.role or '?'}" for c in columns)
        self._note(header[0].where(header[0].cells[0]), f"表头：{meant}；数据 {len(data)} 行")

    # --- pairs ----------------------------------------------------------------------------------------------------

    def _take_pairs(self, position: int, row: Row) -> None:
        cells = self._without_ordinals(position, row)
        index = taken = 0
        while index < len(cells):
            placed = cells[index]
            following = cells[index + 1] if index + 1 < len(cells) else None
            pair = self._take_pair(position, row, placed, following, cells[index + 2 :])
            taken += pair
            index += 2 if pair else 1
        if not taken:
            self._take_header_unit(row)
            self._take_ordinal_columns(row)

    def _take_ordinal_columns(self, row: Row) -> None:
        """项目 | 行次 | 金额 | 项目 | 行次 | 金额: the columns of line numbers hold no values in the rows below."""
        found = [placed for placed in row.filled if "ordinal" in self.vocabulary.roles(placed.text)]
        if found:
            self.ordinals[row.table.where] = [(placed.start, placed.end) for placed in found]

    def _without_ordinals(self, position: int, row: Row) -> list[Placed]:
        spans = self.ordinals.get(row.table.where)
        if not spans:
            return row.fresh
        cells: list[Placed] = []
        for placed in row.fresh:
            if any(start <= placed.start < end for start, end in spans) and (placed.numeric or not placed.text):
                self._add(position, FieldValue("ordinal", placed.text, row.where(placed)))
            else:
                cells.append(placed)
        return cells

    def _take_header_unit(self, row: Row) -> None:
        """项目 | 金额（万元）: a row of words that states the unit of the rows below."""
        for placed in row.filled:
            unit = unit_in_label(placed.text, self.vocabulary) if len(placed.text) <= _MAX_UNIT_LABEL else None
            if unit is not None:
                self.unit = UnitStatement(unit, row.where(placed))

    def _is_label(self, placed: Placed) -> bool:
        """Whether a cell names a figure, a field or a person, however weakly, and so cannot be a value."""
        return self._is_labelled(placed) or bool(self.vocabulary.meanings(placed.text))

    def _take_compound(self, position: int, row: Row, placed: Placed, value: Placed) -> bool:
        """综合得分及评价等次 | 96分（优）: one cell that answers two labels."""
        if self._is_label(value):
            return False
        for concept in self._compound(placed):
            self._add(position, Pair(concept.id, row.table, placed.cell, value.cell, "", self.unit, shared=True))
        return bool(self._compound(placed))

    def _lone_count(self, text: str) -> Concept | None:
        """A label of people with one meaning needs no topic (事业编制)."""
        concept = self.vocabulary.only(text)
        return concept if concept is not None and concept.kind == "count" else None

    def _take_pair(
        self, position: int, row: Row, placed: Placed, value: Placed | None, rest: list[Placed]
    ) -> bool:
        """One label with the cell right of it; also a label that holds its value (编制：36)."""
        if not placed.text:
            return False
        vocabulary = self.vocabulary
        field, person = vocabulary.field(placed.text), vocabulary.person_role(placed.text)
        if value is not None and (field is not None or person is not None):
            name = field.name if field is not None else str(person)
            self._add(position, FieldValue(name, value.text, row.where(value), person=field is None))
            return True
        if value is not None and self._take_compound(position, row, placed, value):
            return True
        concept = vocabulary.in_topic(placed.text, self.topic) or self._lone_count(placed.text)
        if concept is not None and value is not None and not self._is_label(value):
            if value.numeric and rest and rest[0].numeric and concept.kind == "money":
                self._note(row.where(placed), f"{placed.label}：右侧有多个数，未取")
                return False
            self.topic = concept.topic
            title = next((t.text for t in reversed(self.titles)), "")
            own = unit_in_label(placed.text, vocabulary)
            unit = UnitStatement(own, row.where(placed)) if own is not None else self.unit
            strong = vocabulary.strong(placed.text) is concept
            self._add(position, Pair(concept.id, row.table, placed.cell, value.cell, title, unit, strong=strong))
            return True
        for found in fields_in_text(placed.text, vocabulary):
            self._add(position, FieldValue(found.name, found.value, row.where(placed), person=found.person))
        return False


def _inside(placed: Placed, column: Column) -> bool:
    return column.start <= placed.start and placed.end <= column.end


def is_banner(row: Row) -> bool:
    """A row whose only text is one cell: a title, a section, a long text."""
    filled = [placed for placed in row.cells if placed.text]
    return len(filled) == 1 and filled[0].fresh and not filled[0].numeric and (
        len(row.cells) == 1 or filled[0].end - filled[0].start > 1 or (row.ragged and len(row.cells) == 1)
    )


def is_column_numbers(row: Row) -> bool:
    """A row of column numbers under a header: 1 2 3 …, (1) (2), 栏次."""
    texts = [normalise_label(placed.text) for placed in row.filled]
    numbers = [int(m.group()) for text in texts if (m := re.search(r"\d{1,2}", text))]
    is_series = len(numbers) > 2 and all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))
    return is_series and all(_COLUMN_NUMBER.match(text) for text in texts) and numbers[0] in (0, 1)


def _is_unit_line(text: str) -> bool:
    return bool(re.fullmatch(r"[(（]?(?:金额)?单位[:：]?\s*(?:人民币)?[\w、,，]{1,8}[)）]?", normalise_label(text)))
