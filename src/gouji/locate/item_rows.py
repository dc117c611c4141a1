"""What a row of an item table means: its own label, the labels left of it, the rows above it.

三公经费                      three_public.total
  1、公务用车购置和维护经费   three_public.vehicle_total
  其中：公车购置              three_public.vehicle_purchase
支出合计 · 其中：财政拨款     expenditure.total, scope 财政拨款   (a kind of money below a figure that is none is its part)
资金总额 · 其中：财政拨款     income.fiscal                       (of an amount of money by source it is the source itself)
其他资金                      income.other                        (weak: the topic of the rows above decides)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.locate.columns import BY_SOURCE
from gouji.model.anchor import ItemRow
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from gouji.locate.headers import Leaf
    from gouji.locate.vocabulary import Vocabulary
    from gouji.patterns.concepts import Concept
    from gouji.text.rows import Placed, Row

_CARRIED = "income.carryover"
_RATE = "budget.execution_rate"
_PART = ("其中", "其:")
_ALSO = {"budget": "income", "income": "budget"}


class Reading(NamedTuple):
    """What the rows above have told: the topic, the last figure that is no kind of money, the kinds that were named.

    `home`: the topic that the title or the header announces; `total`: what its 合计 then is.
    """

    topic: str | None
    home: str | None = None
    total: Concept | None = None
    whole: Concept | None = None
    kinds: frozenset[str] = frozenset()


def read_row(
    row: Row, labels: list[Placed], reading: Reading, vocabulary: Vocabulary
) -> tuple[Reading, ItemRow | None]:
    """The figure that a row names, None where it names none; and what the next row inherits."""
    moment = vocabulary.moment(labels[-1].text) if len(labels) > 1 else None
    if moment is not None:
        after, item = read_row(row, labels[:-1], reading, vocabulary)
        return after, msgspec.structs.replace(item, moment=moment) if item is not None else None
    if not labels:
        return reading, None
    concept = _meaning(labels, reading, vocabulary)
    if concept is None:
        return reading._replace(topic=_topic_of(labels[-1], vocabulary) or reading.topic), None
    path = tuple(placed.label for placed in labels)
    moment = vocabulary.moment_of_figure(labels[-1].text)
    if _is_part_of_whole(concept, labels, reading) and reading.whole is not None:
        return reading, ItemRow(row.index, reading.whole.id, labels[-1].cell, path, concept.scope, moment=moment)
    if concept.scope is not None:
        after = reading._replace(topic=concept.topic, kinds=reading.kinds | {concept.id})
    else:
        after = reading._replace(topic=concept.topic, whole=concept)
    return after, ItemRow(row.index, concept.id, labels[-1].cell, path, moment=moment)


def _is_part_of_whole(concept: Concept, labels: list[Placed], reading: Reading) -> bool:
    """A kind of money below a figure that is none: said to be a part, or named a second time below what was carried over."""
    whole = reading.whole
    if concept.scope is None or whole is None:
        return False
    if whole.topic not in BY_SOURCE:
        return _is_part(labels) or concept.id in reading.kinds
    return whole.id == _CARRIED and concept.id in reading.kinds


def _is_part(labels: list[Placed]) -> bool:
    return any(placed.label.startswith(_PART) for placed in labels)


def _topic_of(placed: Placed, vocabulary: Vocabulary) -> str | None:
    """A group's label (三公经费情况) turns the topic of the rows below."""
    topics = {meaning.concept.topic for meaning in vocabulary.meanings(placed.text)}
    return topics.pop() if len(topics) == 1 else None


def _meaning(labels: list[Placed], reading: Reading, vocabulary: Vocabulary) -> Concept | None:
    """By the row's own label; joined to the one left of it; by the topic. Only amounts of money, people and the like."""
    own, above = labels[-1], labels[:-1]
    parents = [parent for placed in above if (parent := vocabulary.strong(placed.text)) is not None]
    concept = _at_home(vocabulary.strong(own.text), own, reading, vocabulary)
    if concept is None and above:
        concept = vocabulary.strong(label_key(above[-1].text) + label_key(own.text)) or _total(own, parents, vocabulary)
    if concept is None and reading.total is not None:
        concept = _total(own, [reading.total], vocabulary)
    if concept is None:
        concept = _weak_meaning(own, above, parents, reading, vocabulary)
    if concept is None or (concept.kind not in ("money", "count") and concept.id != _RATE):
        return None
    return None if _is_contradicted(concept, parents) else concept


def _at_home(concept: Concept | None, own: Placed, reading: Reading, vocabulary: Vocabulary) -> Concept | None:
    """支出合计 in a table of 三公 is its total: a stranger's label takes the meaning it has in the announced topic."""
    if concept is None or reading.home is None or concept.topic == reading.home or reading.whole is not None:
        return concept
    weak = [m.concept for m in vocabulary.meanings(own.text) if not m.strong and m.concept.topic == reading.home]
    return weak[0] if len(weak) == 1 else concept


def _weak_meaning(
    own: Placed, above: list[Placed], parents: list[Concept], reading: Reading, vocabulary: Vocabulary
) -> Concept | None:
    """What a label without a meaning of its own means beside its neighbours."""
    near = parents[-1].topic if parents else next((t for p in reversed(above) if (t := _topic_of(p, vocabulary))), None)
    topic = near or reading.topic
    other = _ALSO.get(topic or "")  # 财政资金 | 其他资金 | 资金合计: money by source, and its total
    return vocabulary.in_topic(own.text, topic) or (vocabulary.in_topic(own.text, other) if other else None)


def _total(own: Placed, parents: list[Concept], vocabulary: Vocabulary) -> Concept | None:
    """合计 or 小计 right of a figure's label is that figure."""
    is_total = {"summary_row", "subtotal"} & vocabulary.roles(own.text)
    return parents[-1] if is_total and parents else None


def _is_contradicted(concept: Concept, parents: list[Concept]) -> bool:
    """基本支出 right of 上年结转 is no expenditure of the year; sources and totals of money go together."""
    return any(
        parent.topic != concept.topic and not {parent.topic, concept.topic} <= {"budget", "income", "expenditure"}
        for parent in parents
    )


def answers_labels(row: Row, vocabulary: Vocabulary) -> bool:
    """自评得分 | 94 | 评价等次 | 优, 联系人 | 林某 | 电话 | …: the form's own answers below a table of amounts, by turns."""
    labels, answers = row.fresh[0::2], row.fresh[1::2]
    if len(labels) != len(answers) or any(
        vocabulary.meanings(placed.text) or vocabulary.field(placed.text) for placed in answers
    ):
        return False
    return all(_asks(vocabulary, placed.text) for placed in labels)


def _asks(vocabulary: Vocabulary, text: str) -> bool:
    """Whether a label asks for the result, a person or a field of the form."""
    concept = vocabulary.only(text)
    of_result = concept is not None and concept.topic == "performance"
    return of_result or vocabulary.field(text) is not None or vocabulary.person_role(text) is not None


def row_of_points(row: Row, labels: list[Placed], measure: Leaf | None, vocabulary: Vocabulary) -> ItemRow | None:
    """自评得分 | 分 | 94 | 95.5: the whole's points among figures whose units a column states."""
    concept = vocabulary.only(labels[-1].text) if labels else None
    placed = row.at(measure.start) if measure is not None else None
    unit = vocabulary.unit(placed.text.strip()) if placed is not None else None
    if concept is None or concept.id != "performance.score" or unit is None or unit.kind != "points":
        return None
    return ItemRow(row.index, concept.id, labels[-1].cell, tuple(placed.label for placed in labels))
