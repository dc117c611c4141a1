"""The columns of an item table: labels, amounts by moment and kind of money, what stands beside them.

项目 | 行次 | 决算数 ║ 项目 | 行次 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款     two sides
label  ordinal amount   label  ordinal amount  amount of a scope     amount of a scope
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gouji.locate.columns import join_moments
from gouji.locate.units import unit_in_label
from gouji.model.anchor import Column, ItemColumn, UnitStatement
from gouji.text.labels import label_key, normalise_label
from gouji.text.names import is_self, is_unit_like

if TYPE_CHECKING:
    from gouji.locate.columns import Announced
    from gouji.locate.headers import Leaf
    from gouji.locate.vocabulary import Vocabulary
    from gouji.locate.walk import Walk
    from gouji.patterns.concepts import Concept
    from gouji.text.rows import Placed, Row

_OTHERS = {"weight": "weight", "score": "score"}
_NO_AMOUNT = ("fund_level", "ordinal", "remark", "weight", "score", "reason", "criterion", "target", "actual_value")
TOTAL_ENDS = ("合计", "汇总", "总计")
_HEADER_AND_ROW = 2
_PERIODS = ("年度", "年份", "年")
_LOOKED_AT = 5  # rows of a table that show whether a column holds words
_FEWEST_CLASSES = 4  # 项目 | 合计 | and two classes
LABEL_ROLES = ("item", "subject", "entity")


class Side(NamedTuple):
    """One half of a table: grid columns [first, end) of its labels, its amounts, what stands beside them.

    `topic` and `whole`: what the header says above it (收入; 人员经费, whose 合计 it then is). `by_subject`: its rows are subjects
    of the budget's classification, of which only expenditure is told.
    """

    first: int
    end: int
    topic: str | None
    whole: Concept | None
    by_subject: bool
    columns: tuple[ItemColumn, ...]
    others: dict[str, Column]
    ordinals: tuple[Leaf, ...]
    measure: Leaf | None


class Beside(NamedTuple):
    """What the columns of a side have in common: whether they divide money by kind or class, and the cells over all of them."""

    by_kind: bool
    shared: set[int]


def holds_amounts(vocabulary: Vocabulary, text: str) -> bool:
    """Whether a label says when, or that its column holds amounts."""
    return vocabulary.moment(text) is not None or "amount" in vocabulary.roles(text)


def sides_of_header(
    walk: Walk, row: Row, leaves: list[Leaf], announced: Announced, *, by_class: bool = False
) -> list[Side]:
    """Cut the leaves where label columns come again after amounts."""
    groups: list[list[Leaf]] = [[]]
    seen_amount = False
    for leaf in leaves:
        is_label = bool(set(LABEL_ROLES) & walk.vocabulary.roles(leaf.text)) and not _is_amount(walk, leaf)
        if is_label and seen_amount:
            groups.append([])
            seen_amount = False
        groups[-1].append(leaf)
        seen_amount = seen_amount or _is_amount(walk, leaf)
    labelled = [any(set(LABEL_ROLES) & walk.vocabulary.roles(leaf.text) for leaf in group) for group in groups]
    if labelled == [False, True] and len(groups[1]) == 1:
        groups = [leaves]  # 2022年决算 | 2022年预算 | 项目: labels right of the amounts
    found = (_side(walk, row, group, announced, by_class=by_class) for group in groups)
    return [side for side in found if side is not None]


def names_units(walk: Walk, row: Row) -> bool:
    """项目 | 机关本级 | 事务中心 | 合计: a header whose columns are the parts of the unit."""
    labels = [placed.label for placed in row.filled]
    if any(walk.vocabulary.field(label) for label in labels):
        return False  # 项目名称 | 茶园建设 | 主管部门 | 某县农业农村局: pairs of a field and a name
    named = any(set(LABEL_ROLES) & walk.vocabulary.roles(placed.text) for placed in row.filled[:2])
    units = [
        label for label in labels if is_self(label) or (is_unit_like(label) and not walk.vocabulary.meanings(label))
    ]
    totals = [label for label in labels if _is_total(walk, label) or label.endswith(TOTAL_ENDS)]
    return named and (len(units) > 1 or (len(units) == 1 and (bool(totals) or is_self(units[0]))))


def divides_by_class(walk: Walk, row: Row, below: list[Row]) -> bool:
    """项目 | 合计 | 行政编制 | 事业编制 over rows that name figures: the total column holds them, the others their parts."""
    vocabulary = walk.vocabulary
    filled = row.filled
    if len(filled) < _FEWEST_CLASSES or not set(LABEL_ROLES) & vocabulary.roles(filled[0].text):
        return False
    totals = [placed for placed in filled[1:] if _is_total(walk, placed.text)]
    named = [line for line in below if line.filled and _names_figure(walk, line.filled[0])]
    return len(totals) == 1 and len(named) > 1 and all(any(p.numeric for p in line.filled) for line in named)


def divides_by_kind(walk: Walk, row: Row, below: list[Row]) -> bool:
    """支出类别 | 合计 | 财政拨款 | … over 预算数 | 执行数 by turns, and rows that name figures."""
    vocabulary = walk.vocabulary
    if len(below) < _HEADER_AND_ROW or not set(LABEL_ROLES) & vocabulary.roles(row.filled[0].text):
        return False
    kinds = [_kind_of_money(walk, placed.text) is not None for placed in row.filled[1:]]
    totals = [_is_total(walk, placed.text) for placed in row.filled[1:]]
    moments = [vocabulary.moment(placed.text) for placed in below[0].fresh if placed.text]
    figures = any(line.filled and _names_figure(walk, line.filled[0]) for line in below[1:])
    return any(kinds) and totals.count(True) == 1 and sum(m is not None for m in moments) > 1 and figures


def _names_figure(walk: Walk, placed: Placed) -> bool:
    concept = walk.vocabulary.strong(placed.text)
    return concept is not None and concept.kind in ("money", "count")


def _unit_columns(walk: Walk, row: Row, leaves: list[Leaf], announced: Announced) -> list[ItemColumn] | None:
    """Columns of the parts of the unit; what is neither unit nor total (全区平均) is none. None where the header names no units."""
    if not names_units(walk, row):
        return None
    columns: list[ItemColumn] = []
    for leaf in leaves:
        label = normalise_label(leaf.text)
        whole = _is_total(walk, label) or label.endswith(TOTAL_ENDS) or is_self(label)
        if whole or (is_unit_like(label) and not walk.vocabulary.meanings(label)):
            entity = None if whole else label
            columns.append(ItemColumn(leaf.start, leaf.end, leaf.path, announced.moment, entity=entity))
    return _without_doubles(columns)


def _is_amount(walk: Walk, leaf: Leaf) -> bool:
    return any(holds_amounts(walk.vocabulary, placed.text) for placed in leaf.cells if placed.text)


def _kind_of_money(walk: Walk, text: str) -> Concept | None:
    """The kind of money that a column is limited to (一般公共预算财政拨款)."""
    return next((meaning.concept for meaning in walk.vocabulary.meanings(text) if meaning.concept.scope), None)


def _is_total(walk: Walk, text: str) -> bool:
    return bool({"summary_row", "subtotal"} & walk.vocabulary.roles(text))


def _side(walk: Walk, row: Row, leaves: list[Leaf], announced: Announced, *, by_class: bool) -> Side | None:
    vocabulary = walk.vocabulary
    columns = _amount_columns(walk, row, leaves, announced, by_class=by_class)
    if not columns:
        return None
    ordinals = tuple(leaf for leaf in leaves if "ordinal" in vocabulary.roles(leaf.text))
    measure = _measure(walk, row, leaves)
    taken = {leaf.start for leaf in (*ordinals, *([measure] if measure is not None else []))}
    labels = [
        leaf
        for leaf in leaves
        if leaf.start < columns[0].start and leaf.start not in taken and not _is_other(walk, leaf)
    ]
    if any(set(LABEL_ROLES) & vocabulary.roles(leaf.text) for leaf in labels):
        labels = [leaf for leaf in labels if not leaf.text or set(LABEL_ROLES) & vocabulary.roles(leaf.text)]
    if not labels:  # 2022年决算 | 2022年预算 | 项目: the labels may stand right of the amounts
        labels = [
            leaf for leaf in leaves if leaf.start >= columns[-1].end and set(LABEL_ROLES) & vocabulary.roles(leaf.text)
        ]
    if not labels:
        return None
    above = [placed.text for leaf in leaves for placed in leaf.cells[:-1] if placed.text]
    group = next((topic for text in above if (topic := _topic_of_group(walk, text))), None)
    over = [placed.text for placed in _over_all(columns, leaves)]
    whole = next((concept for text in over if (concept := vocabulary.strong(text)) is not None), None)
    by_subject = any("subject" in vocabulary.roles(leaf.text) for leaf in labels)
    topic = group or announced.topic
    return Side(
        labels[0].start,
        labels[-1].end,
        topic,
        whole,
        by_subject,
        tuple(columns),
        _others(walk, leaves),
        ordinals,
        measure,
    )


def _measure(walk: Walk, row: Row, leaves: list[Leaf]) -> Leaf | None:
    """The column of units: 计量单位, or 单位 over 万元, 元, 人."""
    named = next((leaf for leaf in leaves if "measure" in walk.vocabulary.roles(leaf.text)), None)
    entities = (leaf for leaf in leaves if "entity" in walk.vocabulary.roles(leaf.text))
    return named or next((leaf for leaf in entities if _holds_units(walk, row, leaf)), None)


def _holds_units(walk: Walk, row: Row, leaf: Leaf) -> bool:
    below = (line.at(leaf.start) for line in walk.rows_from(row, _LOOKED_AT)[1:])
    texts = [placed.text.strip() for placed in below if placed is not None and placed.fresh and placed.text]
    return bool(texts) and all(walk.vocabulary.unit(text) is not None for text in texts)


def _over_all(columns: list[ItemColumn], leaves: list[Leaf]) -> list[Placed]:
    """The labels that stand over every column of amounts of a side."""
    amounts = [leaf for leaf in leaves if any(column.start == leaf.start for column in columns)]
    first = amounts[0].cells[:-1] if amounts else ()
    ids = [{id(placed.cell) for placed in leaf.cells} for leaf in amounts]
    return [placed for placed in first if placed.text and all(id(placed.cell) in cells for cells in ids)]


def _is_other(walk: Walk, leaf: Leaf) -> bool:
    """执行率, 分值, 得分 may stand left of the amounts."""
    concept = walk.vocabulary.only(leaf.text)
    return bool({"measure", *_NO_AMOUNT} & walk.vocabulary.roles(leaf.text)) or (
        concept is not None and concept.kind == "percent"
    )


def _topic_of_group(walk: Walk, text: str) -> str | None:
    """收入 or 支出 above one half of a table."""
    topics = {meaning.concept.topic for meaning in walk.vocabulary.meanings(text)}
    return topics.pop() if len(topics) == 1 else None


def _amount_columns(
    walk: Walk, row: Row, leaves: list[Leaf], announced: Announced, *, by_class: bool
) -> list[ItemColumn]:
    """Columns of amounts; a kind of money takes its moment from its left neighbour where it names none."""
    columns: list[ItemColumn] = []
    if (by_unit := _unit_columns(walk, row, leaves, announced)) is not None:
        return by_unit
    by_kind = by_class or sum(_kind_of_money(walk, leaf.text) is not None for leaf in leaves) > 1
    beside = Beside(by_kind, _shared_labels(walk, leaves))
    for leaf in leaves:
        if _names_rows(walk, row, leaf):
            continue
        left = columns[-1] if columns else None
        column = _amount_column(walk, row, leaf, left, announced, beside)
        if column is not None:
            columns.append(column)
    return _without_doubles(columns)


def _names_rows(walk: Walk, row: Row, leaf: Leaf) -> bool:
    """年度预算数 | 年初预算 | 调整后预算数 over 总额 | 238.93 | 251.89: a column of names, whatever its head says."""
    cells = [
        placed for line in walk.rows_from(row, _LOOKED_AT)[1:] for placed in line.cells if placed.start == leaf.start
    ]
    may_name = leaf.start > 0 or label_key(leaf.text) in _PERIODS  # 年度 | 2020年 | 2021年
    told = [
        placed for placed in cells if placed.text and may_name and not _is_amount(walk, leaf._replace(cells=(placed,)))
    ]
    return len(told) > 1 and not any(placed.numeric for placed in told) and all(map(partial(_is_named, walk), told))


def _is_named(walk: Walk, placed: Placed) -> bool:
    return bool(walk.vocabulary.meanings(placed.text)) or _is_total(walk, placed.text)


def _shared_labels(walk: Walk, leaves: list[Leaf]) -> set[int]:
    """The cells over all columns of amounts, or over the labels: they speak of the whole side."""
    amounts = [{id(p.cell) for p in leaf.cells} for leaf in leaves if _is_amount(walk, leaf)]
    labels = [{id(p.cell) for p in leaf.cells} for leaf in leaves[:1]]
    return set.union(set.intersection(*amounts) if amounts else set(), *labels)


def _label_over_some(leaf: Leaf, shared: set[int]) -> str | None:
    """The nearest label over a column that is not over all of them."""
    above = (p.text for p in reversed(leaf.cells[:-1]) if p.text and id(p.cell) not in shared)
    return next(above, None)


def _is_when_or_how_much(walk: Walk, text: str) -> bool:
    vocabulary = walk.vocabulary
    says = holds_amounts(vocabulary, text) or bool({"group", *LABEL_ROLES} & vocabulary.roles(text))
    budget = any(m.concept.topic == "budget" and m.concept.kind == "money" for m in vocabulary.meanings(text))
    return says or budget or unit_in_label(text, vocabulary) is not None


def _amount_column(
    walk: Walk, row: Row, leaf: Leaf, left: ItemColumn | None, announced: Announced, beside: Beside
) -> ItemColumn | None:
    vocabulary = walk.vocabulary
    if vocabulary.is_change(leaf.text) or set(_NO_AMOUNT) & vocabulary.roles(leaf.text):
        return None
    kind = _kind_of_money(walk, leaf.text)
    if kind is None and (over := _label_over_some(leaf, beside.shared)) is not None and not _is_total(walk, over):
        kind = _kind_of_money(walk, over)
        says = _is_when_or_how_much(walk, leaf.text) or _is_total(walk, leaf.text)
        if not says or (kind is None and not _is_when_or_how_much(walk, over)):
            return None  # 其他资金 over 预算数 | 执行数, beside 合计 over the same; 执行率 below them
    moment = join_moments(vocabulary.moment(placed.text) for placed in reversed(leaf.cells) if placed.text)
    if moment is None and kind is not None and left is not None:
        moment = left.moment
    elif moment is None and (
        _is_amount(walk, leaf) or (beside.by_kind and (kind is not None or _is_total(walk, leaf.text)))
    ):
        moment = announced.moment
    elif moment is None or (kind is None and not _says_only_when(walk, leaf, beside.shared)):
        return None
    scope = kind.scope if kind is not None else None
    part = kind.id if kind is not None and leaf.is_part else None
    return ItemColumn(leaf.start, leaf.end, leaf.path, moment, scope, part, _unit_of_leaf(walk, row, leaf))


def _says_only_when(walk: Walk, leaf: Leaf, shared: set[int]) -> bool:
    """Whether every label of a column says when, how much or how it is totalled: a name of another thing makes it another column.

    A name above the labels too (人员经费 over 科目名称 | 决算数) is that of the whole side.
    """
    return all(
        _is_when_or_how_much(walk, placed.text) or _is_total(walk, placed.text)
        for placed in leaf.cells
        if placed.text and id(placed.cell) not in shared
    )


def _without_doubles(columns: list[ItemColumn]) -> list[ItemColumn]:
    """Two columns of the same moment and scope are an ambiguity, never a guess."""
    keys = [(column.moment, column.scope, column.part_of_total, column.entity) for column in columns]
    return [column for column, key in zip(columns, keys, strict=True) if keys.count(key) == 1]


def _unit_of_leaf(walk: Walk, row: Row, leaf: Leaf) -> UnitStatement | None:
    for placed in reversed(leaf.cells):
        unit = unit_in_label(placed.text, walk.vocabulary)
        if unit is not None:
            return UnitStatement(unit, row.where(placed))
    return None


def _others(walk: Walk, leaves: list[Leaf]) -> dict[str, Column]:
    """Columns of 执行率, 分值 and 得分 beside the amounts."""
    others: dict[str, Column] = {}
    for leaf in leaves:
        concept = walk.vocabulary.only(leaf.text)
        roles = walk.vocabulary.roles(leaf.text)
        rate = "rate" if concept is not None and concept.kind == "percent" else None
        name = rate or next((role for role in _OTHERS if role in roles), None)
        if name is not None:
            others.setdefault(name, Column(leaf.start, leaf.end, leaf.path, leaf.text))
    return others
