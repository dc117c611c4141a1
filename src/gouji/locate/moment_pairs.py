"""Labels that say when, beside their amounts, without a header of their own:

预算执行情况（万元） | 预算数：          | 42.5 | 执行数：          | 42.5      年度资金总额 of a project, by stage
                    | 其中-财政拨款：   | 42.5 | 其中-财政拨款：   | 42.5      the label above in the same column says when
                    | 其它资金：        |      | 其它资金：        |

预算数：35.80 | 执行数：35.12                                                label and amount in one cell
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.locate.units import unit_in_label
from gouji.model.anchor import Moment, Pair, Stated, UnitStatement
from gouji.text.labels import label_key
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from gouji.locate.walk import Walk
    from gouji.patterns.concepts import Concept
    from gouji.text.rows import Placed, Row

_TOTAL = "budget.total"
_OWN_TOPICS = (None, "budget", "staffing", "overview", "performance")
_BARE = ("年", "年度", "本年", "本年度", "上年", "上年度", "数")  # 年度 | 2022年: no label of money
_ANSWERS = ("value", "zero", "blank", "none", "unreadable", "withheld")


def take_moment_pairs(walk: Walk, position: int, row: Row) -> set[int]:
    """Pairs of a row whose labels say when, or stand below such labels; the ids of the cells taken."""
    above = walk.moments_above.get(row.table.where, {})
    found: dict[int, Moment] = {}
    taken: set[int] = set()
    cells = row.fresh
    for index, placed in enumerate(cells):
        label, inside = _split(placed)
        value = cells[index + 1] if not inside and index + 1 < len(cells) else None
        if inside and not _answers(walk, inside):
            continue
        if not inside and (value is None or not _is_value(walk, value)):
            continue
        moment = walk.vocabulary.moment(label) if label_key(label) not in _BARE else None
        concept = _concept_of(walk, row, placed, label, moment, above.get(placed.start))
        when = moment or above.get(placed.start)
        if concept is None or when is None:
            continue
        found[placed.start] = when
        taken |= {id(placed)} | ({id(value)} if value is not None else set())
        _add(walk, position, row, placed, value, (concept, when, label, inside))
    if found:
        walk.moments_above[row.table.where] = {**above, **found}
    elif row.filled:
        walk.moments_above.pop(row.table.where, None)
    return taken


def _split(placed: Placed) -> tuple[str, str]:
    """The label of a cell and what stands behind its colon."""
    if len(placed.text) > 40 or "\n" in placed.text.strip():
        return placed.text, ""
    label, _, inside = placed.text.replace(":", "：").partition("：")
    return label, inside.strip()


def _answers(walk: Walk, text: str) -> bool:
    return read_number(text, walk.vocabulary.units).kind in _ANSWERS


def _is_value(walk: Walk, value: Placed) -> bool:
    when = walk.vocabulary.moment(value.text) is not None
    return _answers(walk, value.text) and not when and not walk.is_label(value)


def _concept_of(
    walk: Walk, row: Row, placed: Placed, label: str, moment: Moment | None, above: Moment | None
) -> Concept | None:
    """A moment alone is the project's money; a source below it is what its label says, at that moment."""
    if moment is not None:
        return _whose_money(walk, row, placed)
    if above is None or not label:
        return None
    concept = walk.vocabulary.in_topic(label, "budget") or walk.vocabulary.in_topic(label, "income")
    return (
        concept if concept is not None and concept.kind == "money" and concept.topic in ("budget", "income") else None
    )


def _whose_money(walk: Walk, row: Row, placed: Placed) -> Concept | None:
    """The figure that the nearest words left of a moment name (公务接待费 | 年初预算数 | 3.00); a project's money where none does."""
    total = walk.vocabulary.patterns.concepts[_TOTAL]
    for other in reversed(row.cells):
        if (
            other.start >= placed.start
            or not other.text
            or other.numeric
            or walk.vocabulary.moment(other.text) is not None
        ):
            continue
        if other.fresh and _is_value_of_moment(walk, row, other):
            continue
        if _has_value(row, other):
            return None  # 结转结余 | 29.87 | 支出决算数 | 1280.33: it has its own value
        concept = walk.vocabulary.in_topic(other.text, walk.topic)
        if concept is not None and concept.kind == "money":
            return concept
        return total if _announces_money(walk, other) or walk.project else None
    return total if walk.project or _is_own_money(walk, row) else None


def _has_value(row: Row, placed: Placed) -> bool:
    """Whether a number stands right of a label."""
    right = next((p for p in row.cells if p.start >= placed.end), None)
    return right is not None and right.numeric


def _is_own_money(walk: Walk, row: Row) -> bool:
    """年初预算数 | 1200.50 | 调整预算数 | 1310.20: stages beside their amounts, nothing near that they could be of but the unit."""
    announced = walk.announced().topic
    if announced not in _OWN_TOPICS or (announced is None and walk.topic not in _OWN_TOPICS):
        return False
    labels = [placed for placed in row.fresh if placed.text and walk.vocabulary.moment(placed.text) is not None]
    return len(labels) > 1 or row.table.where in walk.moments_above


def _is_value_of_moment(walk: Walk, row: Row, value: Placed) -> bool:
    """Whether a cell answers a moment on its own left (预算数 | 无 | 执行数 | 无)."""
    left = next((p for p in reversed(row.cells) if p.end <= value.start), None)
    return left is not None and walk.vocabulary.moment(left.text) is not None


def _announces_money(walk: Walk, placed: Placed) -> bool:
    """预算执行情况（万元） left of the labels."""
    return bool(placed.text) and walk.vocabulary.announced_topic(placed.text) == "budget"


def _add(
    walk: Walk, position: int, row: Row, placed: Placed, value: Placed | None, what: tuple[Concept, Moment, str, str]
) -> None:
    concept, moment, label, inside = what
    if value is None:
        walk.add(
            position,
            Stated(
                concept.id,
                label,
                inside,
                row.where(placed),
                in_table=True,
                moment=moment,
                unit=_unit(walk, row, placed),
            ),
        )
        return
    title = next((title.text for title in reversed(walk.titles)), "")
    unit = _unit(walk, row, placed)
    walk.add(position, Pair(concept.id, row.table, placed.cell, value.cell, title, unit, moment=moment))


def _unit(walk: Walk, row: Row, placed: Placed) -> UnitStatement | None:
    """The unit that the label states, or the label left of it over several rows, or a line above."""
    own = unit_in_label(placed.text, walk.vocabulary)
    if own is not None:
        return UnitStatement(own, row.where(placed))
    for other in row.cells:
        unit = unit_in_label(other.text, walk.vocabulary) if other.start < placed.start else None
        if unit is not None:
            walk.unit = UnitStatement(unit, row.where(other))
    return walk.unit
