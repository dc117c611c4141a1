"""Tables whose cells stand one a line, as web pages and plain converters leave them.

机构名称        the header, row by row of it; 其中： names a group
支出合计
其中：
基本支出
项目支出
人员支出
公用支出
局机关汇总      the name of the row, then as many values as the header has figures
480.10
300.10
250.10
…
人员编制        a label and its value
21

Nothing tells where a row ends, so a row is taken only where it has a value for every figure, and where the sums of the
rules, which also say that 人员支出 stands behind 基本支出, close over it. Only the first row is the report's own. What is not
taken stays a line of text and is listed among the figures that nobody took.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from gouji.locate.item_columns import TOTAL_ENDS
from gouji.locate.stacked_scores import take_stacked_scores
from gouji.model.anchor import FieldValue, Stated
from gouji.model.document import Paragraph
from gouji.patterns.sums import Sums, sums_close
from gouji.text.labels import normalise_label
from gouji.text.numerals import is_numeric, read_number

if TYPE_CHECKING:
    from gouji.locate.lines import Line
    from gouji.locate.vocabulary import Vocabulary
    from gouji.locate.walk import Walk
    from gouji.patterns.concepts import Concept

_FEW = 8  # numbers on lines of their own that a text may hold: numbers of pages, amounts of a cover
_LONGEST = 24  # characters of a cell
_MOST = 60  # cells of a header with one row
_FEWEST_VALUES = 3
_FEWEST_LABELS = 4
_SENTENCE = frozenset("。；;")
_GROUPS = frozenset(("其中:", "其中", "结余", "收入", "支出"))
SCATTERED = (
    "表格在文本里散成了一行一格，只还原了能由栏目和勾稽关系确定的数，其余的数列为未取用；请尽量改用原来的 Word 文件。"
)


class Figure(NamedTuple):
    """A figure of a header: what it is of, its label."""

    concept: Concept
    label: str


def is_stacked(lines: list[Line]) -> bool:
    """Whether a document has numbers on lines of their own as only the cells of tables have."""
    return sum(isinstance(line, Paragraph) and is_numeric(line.text) for line in lines) > _FEW


def take_stacked(walk: Walk, position: int) -> int:
    """The row of figures or the pair that begins with a line; the next line, the same where neither does."""
    cells = _cells(walk.lines[position : position + _MOST])
    taken = take_stacked_scores(walk, position) or _take_row(walk, position, cells) or _take_pair(walk, position, cells)
    if taken and not walk.scattered:
        walk.scattered = True
        walk.doubt(position, cells[0].where, SCATTERED)
    return position + taken


def _cells(lines: list[Line]) -> list[Paragraph]:
    """The short lines that a line begins."""
    return list(takewhile(_is_cell, (line for line in lines if isinstance(line, Paragraph)))) if lines else []


def _is_cell(line: Paragraph) -> bool:
    return len(line.text) <= _LONGEST and not _SENTENCE & set(line.text)


def _is_value(vocabulary: Vocabulary, cell: Paragraph) -> bool:
    """Whether a cell is wholly a number, or says that there is none."""
    return is_numeric(cell.text) or read_number(cell.text, vocabulary.units).kind == "none"


def _take_row(walk: Walk, position: int, cells: list[Paragraph]) -> int:
    """A header with its first row: how many lines it took."""
    is_value = partial(_is_value, walk.vocabulary)
    labels = list(takewhile(lambda cell: not is_value(cell), cells))
    values = list(takewhile(is_value, cells[len(labels) :]))
    if len(values) < _FEWEST_VALUES or len(labels) < _FEWEST_LABELS:
        return 0
    figures = _figures_of_header(labels[:-1], walk.vocabulary)
    if figures is None or len(figures) != len(values):
        return 0
    rest = cells[len(labels) + len(values) :]
    if _opens_row(rest, len(values), walk.vocabulary) and not _is_whole(labels[-1], walk.vocabulary):
        return 0  # rows of parts, and none for all of them
    ordered = in_order(figures, walk.vocabulary.patterns.sums)
    if len(ordered) != len(figures):
        return 0  # sums in a circle give no order
    amounts = [_amount(cell, walk.vocabulary) for cell in values]
    told = {figure.concept.id: amount for figure, amount in zip(ordered, amounts, strict=True) if amount is not None}
    verdicts = list(sums_close(told, walk.vocabulary.patterns.sums))
    if len(told) != len(values) or not verdicts or not all(verdicts):
        return 0
    for figure, cell in zip(ordered, values, strict=True):
        unit = walk.unit if figure.concept.kind == "money" else None
        walk.add(position, Stated(figure.concept.id, figure.label, cell.text, cell.where, in_table=True, unit=unit))
    return len(labels) + len(values)


def _opens_row(cells: list[Paragraph], count: int, vocabulary: Vocabulary) -> bool:
    """Whether a name with as many values follows."""
    is_value = partial(_is_value, vocabulary)
    return len(cells) > count and not is_value(cells[0]) and all(map(is_value, cells[1 : count + 1]))


def _is_whole(cell: Paragraph, vocabulary: Vocabulary) -> bool:
    """Whether a row is of all its units together."""
    label = normalise_label(cell.text)
    return bool({"summary_row", "subtotal"} & vocabulary.roles(cell.text)) or label.endswith(TOTAL_ENDS)


def _figures_of_header(labels: list[Paragraph], vocabulary: Vocabulary) -> list[Figure] | None:
    """The figures that labels name; None where one is neither a figure, nor a group, nor the head of the names of rows."""
    strong = [concept for cell in labels if (concept := vocabulary.strong(cell.text)) is not None]
    topics = Counter(concept.topic for concept in strong)
    topic = topics.most_common(1)[0][0] if topics else None
    found: list[Figure] = []
    for cell in labels:
        concept = vocabulary.in_topic(cell.text, topic)
        if concept is not None:
            found.append(Figure(concept, cell.text))
        elif normalise_label(cell.text) not in _GROUPS and not vocabulary.roles(cell.text) & {
            "item",
            "entity",
            "group",
        }:
            return None
    return found if len({figure.concept.id for figure in found}) == len(found) else None


def in_order(figures: list[Figure], sums: Sums) -> list[Figure]:
    """The figures as their columns stand: each behind the total that it is a part of, 其他 last of its kind."""
    present = {figure.concept.id for figure in figures}
    parents = {
        name: {total for total, readings in sums.items() if total in present for r in readings if name in r}
        for name in present
    }
    depths = {name: len(_totals_above(name, parents)) for name in present}
    below: dict[str | None, list[Figure]] = {}
    for figure in sorted(figures, key=lambda figure: figure.concept.id.endswith(".other")):
        name = figure.concept.id
        nearest = max(parents[name], key=lambda parent: (depths[parent], parent), default=None)
        below.setdefault(nearest, []).append(figure)
    return list(_walk_down(None, below))


def _totals_above(name: str, parents: dict[str, set[str]]) -> set[str]:
    """Every total that holds a figure, directly or not; sums that go in a circle hold themselves."""
    above: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = parents[waiting.pop()] - above
        above |= fresh
        waiting += fresh
    return above


def _walk_down(name: str | None, below: dict[str | None, list[Figure]]) -> list[Figure]:
    found: list[Figure] = []
    for figure in below.get(name, ()):
        found += [figure, *_walk_down(figure.concept.id, below)]
    return found


def _amount(cell: Paragraph, vocabulary: Vocabulary) -> Decimal | None:
    reading = read_number(cell.text, vocabulary.units)
    if reading.kind == "none":
        return Decimal(0)
    return reading.quantity.value if reading.quantity is not None else None


def _take_pair(walk: Walk, position: int, cells: list[Paragraph]) -> int:
    """A label and the one value below it: how many lines they are."""
    is_value = partial(_is_value, walk.vocabulary)
    if len(cells) < 2 or is_value(cells[0]) or (len(cells) > 2 and is_value(cells[1]) and is_value(cells[2])):
        return 0
    label, value = cells[0], cells[1]
    field, person = walk.vocabulary.field(label.text), walk.vocabulary.person_role(label.text)
    if (field is not None or person is not None) and not _names_anything(value, walk.vocabulary):
        name = field.name if field is not None else str(person)
        walk.add(position, FieldValue(name, value.text, value.where, person=field is None))
        return 2
    concept = walk.vocabulary.strong(label.text)
    if concept is None or concept.kind == "money" or is_value(value) is (concept.kind == "text"):
        return 0
    if _names_anything(value, walk.vocabulary):
        return 0
    walk.add(position, Stated(concept.id, label.text, value.text, value.where, in_table=True))
    return 2


def _names_anything(cell: Paragraph, vocabulary: Vocabulary) -> bool:
    """Whether a cell is a label itself."""
    text = cell.text
    named = (
        vocabulary.meanings(text) or vocabulary.field(text) or vocabulary.person_role(text) or vocabulary.roles(text)
    )
    return bool(named)
