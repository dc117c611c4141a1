"""Leaf columns → what they mean, by label + header path + neighbours + topic. Never by position alone.

leaf "合计" under "三公经费"  → three_public.total     (path joined: 三公经费合计)
leaf "其中：财政拨款" right of 支出合计 → expenditure.total, scope 财政拨款
leaf "其他" right of 在用固定资产 → assets.other          (weak label, topic of its neighbours)
leaf "基本支出" under "上年结转" → nothing               (the path changes the meaning: better unclaimed than wrong)
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from gouji.locate.units import unit_in_label
from gouji.model.anchor import Column, Moment, UnitStatement
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.locate.headers import Leaf
    from gouji.locate.vocabulary import Vocabulary
    from gouji.model.report import Stage
    from gouji.patterns.concepts import Concept
    from gouji.text.rows import Row

_TOTAL = "合计"
_GRADE = "performance.grade"
_COLUMN_ROLES = ("entity", "subject", "item", "ordinal", "remark")


BY_SOURCE = ("income", "budget")  # of these totals a kind of money is the source; of others it is a part


class Announced(NamedTuple):
    """What the titles above a table say of all of it: the topic, the kind of money, the stage, what its 合计 is.

    `partial`: the words that limit it to a part of the year, so that its figures are no year's.
    """

    topic: str | None = None
    scope: str | None = None
    moment: Moment = Moment("final")
    total: Concept | None = None
    partial: str = ""


def resolve_columns(
    leaves: list[Leaf],
    row: Row,
    vocabulary: Vocabulary,
    announced: Announced,
    *,
    named: bool = False,
    titled: bool = False,
) -> list[Column]:
    """Give every leaf its concept or role, its moment and its scope.

    `named`: the first column names the rows, whatever its label; `titled`: it is the title of what stands right of it.
    """
    if titled:
        rest = resolve_columns(leaves[1:], row, vocabulary, announced, named=named)
        return [_title_column(leaves[0], row, vocabulary), *rest]
    found = _resolve_concepts(leaves, vocabulary, announced.topic)
    if named:
        found = _with_total_of_stages(leaves, found, vocabulary, announced.topic)
    parts = _bind_parts(leaves, found)
    meant = [
        _Meant(concept, part, _moment(leaf, vocabulary))
        for leaf, concept, part in zip(leaves, found, parts, strict=True)
    ]
    meant = _drop_duplicates(meant)
    columns = [_column(leaf, one, row, vocabulary, announced) for leaf, one in zip(leaves, meant, strict=True)]
    return _with_entity(columns, vocabulary)


def _title_column(leaf: Leaf, row: Row, vocabulary: Vocabulary) -> Column:
    unit = _unit_of_path(leaf, row, vocabulary)
    return Column(leaf.start, leaf.end, leaf.path, label_key(leaf.text), role="title", unit=unit)


def topic_of_label(text: str, vocabulary: Vocabulary) -> str | None:
    """The topic of all that a label may mean, or that it announces (资产情况)."""
    topics = {meaning.concept.topic for meaning in vocabulary.meanings(text)}
    return topics.pop() if len(topics) == 1 else vocabulary.announced_topic(text)


def topic_of_columns(columns: list[Column], vocabulary: Vocabulary) -> str | None:
    """The topic most columns belong to."""
    topics = Counter(
        vocabulary.patterns.concepts[column.concept].topic for column in columns if column.concept is not None
    )
    return topics.most_common(1)[0][0] if topics else None


class _Meant(NamedTuple):
    """What a leaf means: concept, scope, moment where its labels name one; `rival`: what another column means as well."""

    concept: Concept | None
    scope: str | None
    moment: Moment | None
    rival: Concept | None = None


def _bind_parts(leaves: list[Leaf], found: list[Concept | None]) -> list[str | None]:
    """支出合计 | 其中：财政拨款: a kind of money right of a figure that is none is that figure's part, and takes its place in `found`."""
    scopes: list[str | None] = []
    whole: Concept | None = None
    for index, (leaf, concept) in enumerate(zip(leaves, found, strict=True)):
        is_part = concept is not None and concept.scope is not None and leaf.is_part
        if is_part and whole is not None and whole.topic not in BY_SOURCE and concept is not None:
            scopes.append(concept.scope)
            found[index] = whole
            continue
        scopes.append(None)
        whole = concept or whole
    return scopes


def _resolve_concepts(leaves: list[Leaf], vocabulary: Vocabulary, hint: str | None) -> list[Concept | None]:
    found = [_strong_concept(leaf, vocabulary) for leaf in leaves]
    majority = Counter(concept.topic for concept in found if concept is not None)
    usual = majority.most_common(1)[0][0] if majority else hint
    found = [_at_home(leaf, concept, majority, usual, vocabulary) for leaf, concept in zip(leaves, found, strict=True)]
    strong_ids = {concept.id for concept in found if concept is not None}
    resolved: list[Concept | None] = []
    topic: str | None = None
    graded = "performance" if any(concept is not None and concept.id == _GRADE for concept in found) else None
    for leaf, strong in zip(leaves, found, strict=True):
        topic = strong.topic if strong is not None else topic
        near = _path_topic(leaf, vocabulary) or topic or usual
        weak = None if strong is not None else _weak_concept(leaf, (near, usual, graded), vocabulary)
        resolved.append(strong or (weak if weak is not None and weak.id not in strong_ids else None))
    return _with_totals_of_moments(leaves, resolved, vocabulary, usual)


def _with_totals_of_moments(
    leaves: list[Leaf], resolved: list[Concept | None], vocabulary: Vocabulary, topic: str | None
) -> list[Concept | None]:
    """2023年执行数 beside 2024年预算数 (合计 | 基本支出 | …): a column that only says when holds the total of that moment."""
    total = vocabulary.in_topic(_TOTAL, topic)
    leaf_of_total = next((leaf for leaf, found in zip(leaves, resolved, strict=True) if found and found == total), None)
    if leaf_of_total is None or _year(leaf_of_total, vocabulary) is None:
        return resolved
    return [
        total if found is None and not _meaning_texts(leaf, vocabulary) and _year(leaf, vocabulary) else found
        for leaf, found in zip(leaves, resolved, strict=True)
    ]


def _with_total_of_stages(
    leaves: list[Leaf], resolved: list[Concept | None], vocabulary: Vocabulary, topic: str | None
) -> list[Concept | None]:
    """资金 | 合计 | 一般公共预算 | … over rows of stages: money of every kind, budgeted and spent, is the budget's, no income."""
    total = vocabulary.in_topic(_TOTAL, topic)
    if topic != "budget" or total is None:
        return [None, *resolved[1:]]
    totals = [found is not None and found.topic == "income" and found.scope is None for found in resolved]
    is_total = [
        told and "summary_row" in vocabulary.roles(leaf.text) for told, leaf in zip(totals, leaves, strict=True)
    ]
    return [None, *(total if told else found for told, found in zip(is_total[1:], resolved[1:], strict=True))]


def _year(leaf: Leaf, vocabulary: Vocabulary) -> int | None:
    moment = _moment(leaf, vocabulary)
    return moment.year if moment is not None else None


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


def _drop_duplicates(meant: list[_Meant]) -> list[_Meant]:
    """Two columns of one meaning (and one scope, one stage, one year) are an ambiguity, never a guess."""
    keys = [(one.concept.id, one.scope, one.moment) if one.concept is not None else None for one in meant]
    counts = Counter(key for key in keys if key is not None)
    return [
        one if key is None or counts[key] == 1 else one._replace(concept=None, rival=one.concept)
        for one, key in zip(meant, keys, strict=True)
    ]


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
        meanings = vocabulary.meanings(placed.text) if vocabulary.moment(placed.text) is None else ()
        topics = {meaning.concept.topic for meaning in meanings}
        if len(topics) == 1:
            return topics.pop()
    return None


def _column(leaf: Leaf, meant: _Meant, row: Row, vocabulary: Vocabulary, announced: Announced) -> Column:
    concept, moment = meant.concept, meant.moment or announced.moment
    if concept is not None and concept.kind == "count":
        moment = meant.moment or Moment("final")  # people are counted, not budgeted, in a table of a budget as well
    roles = vocabulary.roles(leaf.text)
    if any("subject" in vocabulary.roles(placed.text) for placed in leaf.cells[:-1]):
        roles = frozenset({"subject"})  # 功能科目 over 编码 | 名称
    title_scope = announced.scope if concept is not None and concept.scope is None else None
    return Column(
        start=leaf.start,
        end=leaf.end,
        path=leaf.path,
        key=label_key(leaf.text),
        concept=concept.id if concept is not None else None,
        role=next((role for role in _COLUMN_ROLES if role in roles), None) if concept is None else None,
        rival=meant.rival.name if meant.rival is not None else None,
        unit=_unit_of_path(leaf, row, vocabulary),
        stage=moment.stage,
        period=moment.year,
        offset=moment.offset,
        scope=meant.scope or title_scope,
    )


def _moment(leaf: Leaf, vocabulary: Vocabulary) -> Moment | None:
    """When a column's figures hold, as its labels say; None where they do not."""
    return join_moments(vocabulary.moment_of_figure(placed.text) for placed in reversed(leaf.cells) if placed.text)


def join_moments(named: Iterable[Moment | None]) -> Moment | None:
    """What several labels say together, the nearest first: 决算数 below 2021年. None where none says when."""
    found = [moment for moment in named if moment is not None]
    if not found:
        return None
    stage: Stage = next((moment.stage for moment in found if moment.stage != "final"), "final")
    dated = next((moment for moment in found if moment.year is not None or moment.offset), found[0])
    return Moment(stage, dated.year, dated.offset)


def _unit_of_path(leaf: Leaf, row: Row, vocabulary: Vocabulary) -> UnitStatement | None:
    for placed in reversed(leaf.cells):
        unit = unit_in_label(placed.text, vocabulary)
        if unit is not None:
            return UnitStatement(unit, row.where(placed))
    return None


def _with_entity(columns: list[Column], vocabulary: Vocabulary) -> list[Column]:
    """Where no label says 机构名称, the leftmost column without meaning names the rows: of the unit, or of others (村名)."""
    if any(column.role == "entity" for column in columns):
        return columns
    first = columns[0] if columns else None
    if first is None or first.concept is not None or first.role is not None:
        return columns
    role = "entity" if not first.key or {"group", "summary_row"} & vocabulary.roles(first.path[-1]) else "others"
    named = Column(first.start, first.end, first.path, first.key, role=role)
    return [named, *columns[1:]]
