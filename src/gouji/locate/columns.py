"""Leaf columns → what they mean, by label + header path + neighbours + topic. Never by position alone.

leaf "合计" under "三公经费"  → three_public.total     (path joined: 三公经费合计)
leaf "其他" right of 在用固定资产 → assets.other          (weak label, topic of its neighbours)
leaf "基本支出" under "上年结转" → nothing               (the path changes the meaning: better unclaimed than wrong)
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gouji.locate.units import unit_in_label
from gouji.locate.vocabulary import Moment
from gouji.model.anchor import Column, UnitStatement
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from gouji.locate.headers import Leaf
    from gouji.locate.vocabulary import Vocabulary
    from gouji.model.report import Stage
    from gouji.patterns.concepts import Concept
    from gouji.text.rows import Row

_COLUMN_ROLES = ("entity", "ordinal", "remark")


def resolve_columns(leaves: list[Leaf], row: Row, vocabulary: Vocabulary, hint: str | None) -> list[Column]:
    """Give every leaf its concept or role. `hint` is the topic that the block's title announces."""
    concepts = _resolve_concepts(leaves, vocabulary, hint)
    columns = [_column(leaf, concept, row, vocabulary) for leaf, concept in zip(leaves, concepts, strict=True)]
    return _with_entity(columns)


def topic_of_columns(columns: list[Column], vocabulary: Vocabulary) -> str | None:
    """The topic most columns belong to."""
    topics = Counter(
        vocabulary.patterns.concepts[column.concept].topic for column in columns if column.concept is not None
    )
    return topics.most_common(1)[0][0] if topics else None


def _resolve_concepts(leaves: list[Leaf], vocabulary: Vocabulary, hint: str | None) -> list[str | None]:
    found = [_strong_concept(leaf, vocabulary) for leaf in leaves]
    majority = Counter(concept.topic for concept in found if concept is not None)
    usual = majority.most_common(1)[0][0] if majority else hint
    found = [_at_home(leaf, concept, majority, usual, vocabulary) for leaf, concept in zip(leaves, found, strict=True)]
    strong_ids = {concept.id for concept in found if concept is not None}
    resolved: list[Concept | None] = []
    topic: str | None = None
    for leaf, strong in zip(leaves, found, strict=True):
        topic = strong.topic if strong is not None else topic
        near = _path_topic(leaf, vocabulary) or topic or hint or usual
        weak = None if strong is not None else _weak_concept(leaf, (near, usual), vocabulary)
        resolved.append(strong or (weak if weak is not None and weak.id not in strong_ids else None))
    return _drop_duplicates(leaves, resolved, vocabulary)


def _weak_concept(leaf: Leaf, topics: tuple[str | None, ...], vocabulary: Vocabulary) -> Concept | None:
    """What a label without a meaning of its own means in the topic it stands in."""
    texts = _meaning_texts(leaf, vocabulary)
    if not texts or vocabulary.is_change(leaf.text) or _is_contradicted(leaf, vocabulary):
        return None
    return next((found for topic in topics if (found := vocabulary.in_topic(texts[-1], topic)) is not None), None)


def _at_home(
    leaf: Leaf, concept: Concept | None, majority: Counter[str], usual: str | None, vocabulary: Vocabulary
) -> Concept | None:
    """支出合计 alone among 三公 columns is the 三公 total: a lone stranger takes the meaning it has in the usual topic."""
    if concept is None or usual is None or concept.topic == usual or majority[concept.topic] > 1:
        return concept
    texts = _meaning_texts(leaf, vocabulary)
    weak = [
        m.concept for m in vocabulary.meanings(texts[-1] if texts else "") if not m.strong and m.concept.topic == usual
    ]
    return weak[0] if len(weak) == 1 and majority[usual] > 1 else concept


def _drop_duplicates(leaves: list[Leaf], concepts: list[Concept | None], vocabulary: Vocabulary) -> list[str | None]:
    """Two columns of one meaning (and one stage, one year) are an ambiguity, never a guess."""
    keys = [
        (concept.id, _moment(leaf, vocabulary)) if concept is not None else None
        for leaf, concept in zip(leaves, concepts, strict=True)
    ]
    counts = Counter(key for key in keys if key is not None)
    return [key[0] if key is not None and counts[key] == 1 else None for key in keys]


def _meaning_texts(leaf: Leaf, vocabulary: Vocabulary) -> list[str]:
    """Labels of a leaf that say what, top down; those that only say when (决算数, 2020年) are left out."""
    return [placed.text for placed in leaf.cells if placed.text and vocabulary.moment(placed.text) is None]


def _strong_concept(leaf: Leaf, vocabulary: Vocabulary) -> Concept | None:
    texts = _meaning_texts(leaf, vocabulary)
    if not texts or vocabulary.is_change(leaf.text):
        return None
    own = vocabulary.strong(texts[-1])
    if own is None and len(texts) > 1:
        own = vocabulary.strong(label_key(texts[-2]) + label_key(texts[-1])) or _total_of_parent(texts, vocabulary)
    return None if own is None or _is_contradicted(leaf, vocabulary) else own


def _is_contradicted(leaf: Leaf, vocabulary: Vocabulary) -> bool:
    """Whether a label above names a figure of another topic: 基本支出 under 上年结转 is no expenditure."""
    texts = _meaning_texts(leaf, vocabulary)
    own = vocabulary.strong(texts[-1]) if texts else None
    above = [vocabulary.strong(text) for text in texts[:-1]]
    return own is not None and any(parent is not None and parent.topic != own.topic for parent in above)


def _total_of_parent(texts: list[str], vocabulary: Vocabulary) -> Concept | None:
    """小计 or 合计 under a label of one meaning is that meaning."""
    is_total = {"summary_row", "subtotal"} & vocabulary.roles(texts[-1])
    return vocabulary.strong(texts[-2]) if is_total else None


def _path_topic(leaf: Leaf, vocabulary: Vocabulary) -> str | None:
    for placed in reversed(leaf.cells[:-1]):
        meanings = vocabulary.meanings(placed.text)
        topics = {meaning.concept.topic for meaning in meanings}
        if len(topics) == 1:
            return topics.pop()
    return None


def _column(leaf: Leaf, concept: str | None, row: Row, vocabulary: Vocabulary) -> Column:
    roles = vocabulary.roles(leaf.text)
    role = next((role for role in _COLUMN_ROLES if role in roles), None) if concept is None else None
    moment = _moment(leaf, vocabulary)
    return Column(
        start=leaf.start,
        end=leaf.end,
        path=leaf.path,
        key=label_key(leaf.text),
        concept=concept,
        role=role,
        unit=_unit_of_path(leaf, row, vocabulary),
        stage=moment.stage,
        period=moment.year,
        offset=moment.offset,
    )


def _moment(leaf: Leaf, vocabulary: Vocabulary) -> Moment:
    """When a column's figures hold: the lowest label that says so, else this year's final account."""
    named = [vocabulary.moment(placed.text) for placed in reversed(leaf.cells) if placed.text]
    found = [moment for moment in named if moment is not None]
    if not found:
        return Moment("final", None, 0)
    stage: Stage = next((moment.stage for moment in found if moment.stage != "final"), "final")
    dated = next((moment for moment in found if moment.year is not None or moment.offset), found[0])
    return Moment(stage, dated.year, dated.offset)


def _unit_of_path(leaf: Leaf, row: Row, vocabulary: Vocabulary) -> UnitStatement | None:
    for placed in reversed(leaf.cells):
        unit = unit_in_label(placed.text, vocabulary)
        if unit is not None:
            return UnitStatement(unit, row.where(placed))
    return None


def _with_entity(columns: list[Column]) -> list[Column]:
    """Where no label says 机构名称, the leftmost column without meaning names the rows."""
    if any(column.role == "entity" for column in columns):
        return columns
    first = columns[0] if columns else None
    if first is None or first.concept is not None or first.role is not None:
        return columns
    named = Column(first.start, first.end, first.path, first.key, role="entity")
    return [named, *columns[1:]]
