"""The scoring table → Indicators, subtotals and its totals.

投入（15分） | 预算配置（15分） | 控制率 | … | 5  | 5 | 原因      level labels give their weight in brackets
                             | 经济效益 | … | 15 | 4 |          a weight cell over three rows stands on each (weight_shared_by 3)
小计 | … | 40 | 38                                             a Subtotal of the indicators above it
总分 | … | 100 | 88                                            totals are facts, not indicators
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from gouji.extract.context import Context
from gouji.extract.places import place_of_indicator
from gouji.extract.score_lines import (
    LEVELS,
    Line,
    continue_merges,
    has_points,
    is_execution,
    is_item,
    is_total,
    lines_of_segment,
    roles_of_label,
    split_weight,
    subtotal_level,
    under_headings,
)
from gouji.extract.score_totals import execution_of_line, totals_of_line
from gouji.model.quantity import Quantity
from gouji.model.report import CellText, Fact, Indicator, Subtotal
from gouji.text.labels import normalise_label, trim_lines
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from gouji.model.anchor import ScoreBlock

_PRINTED: tuple[str, ...] = ("criterion", "weight", "score", "reason")
_OF_OTHERS = (
    "reviewed_score",
    "lower_score",
    "last_score",
)  # the reviewer's and last year's: kept, never the department's
_OF_LEVELS = ("level1_weight", "level2_weight")  # in columns of their own
_POINTS_TEXT = re.compile(r"^(?:得|计)?[(（]?(\d+(?:\.\d+)?)分?[)）]?分?$")
_SIGN = re.compile(r"[≥≤=<>≦≧]|>=|<=|大于等于|小于等于|不低于|不少于|不超过|不高于|大于|小于|等于")
Kind = Literal["item", "bonus", "deduction"]


class Scores(NamedTuple):
    """What a scoring table gives."""

    indicators: list[Indicator]
    totals: list[Fact]
    subtotals: list[Subtotal]


def scores_of_block(block: ScoreBlock, context: Context) -> Scores:
    """Indicators in printed order and the totals of one scoring table."""
    lines = [line for segment in block.segments for line in lines_of_segment(segment, context)]
    lines = under_headings(continue_merges(lines, ragged=context.ragged), context)
    items: list[Line] = []
    totals: list[Fact] = []
    subtotals: list[Subtotal] = []
    for line in lines:
        if totals and not has_points(line, context):
            continue  # remarks below the total: 备注 | 1.预算数为 …
        if is_total(line, context):
            _claim_ordinal(line, context)
            totals.extend(totals_of_line(line, context))
        elif is_execution(line):
            _claim_ordinal(line, context)
            totals.extend(execution_of_line(line, context))
        elif subtotal_level(line, context) is not None:
            subtotals.append(_subtotal(line, len(items), context))
        elif is_item(line):
            items.append(line)
    shared = _shared_weights(items)
    indicators = _scored_once([_indicator(line, shared, context) for line in items])
    return Scores(_weighed_by_labels(items, indicators), totals, subtotals)


def _subtotal(line: Line, after: int, context: Context) -> Subtotal:
    context.claimed.update(line.row.where(placed) for placed in line.cells.values())
    level = subtotal_level(line, context) or LEVELS[-1]
    label = normalise_label(line.text(level))
    cells: dict[str, CellText] = {
        role: _cell_text(line, role, label, context, number=True) for role in ("weight", "score") if role in line.cells
    }
    return Subtotal(label, level, after, cells, line.segment.table.where)


def _shared_weights(lines: list[Line]) -> dict[str, int]:
    """Weight cell → how many indicators it covers."""
    shared: dict[str, int] = {}
    for line in lines:
        where = line.where("weight")
        owner = _weight_owner(line)
        if where is not None and owner is not None:
            shared[owner] = shared.get(owner, 0) + 1
    return shared


def _weight_owner(line: Line) -> str | None:
    placed = line.cells.get("weight")
    return f"{line.segment.table.where}:{placed.cell.row}:{placed.cell.col}" if placed is not None else None


def _points(value: Decimal | None, context: Context) -> Quantity | None:
    if value is None:
        return None
    decimals = max(0, -int(value.as_tuple().exponent)) if isinstance(value.as_tuple().exponent, int) else 0
    return Quantity(value, context.patterns.units.get("分"), decimals or None)


def _cell_text(line: Line, role: str, name: str | None, context: Context, *, number: bool) -> CellText:
    placed = line.cells.get(role)
    if placed is None:
        return CellText("missing", "", None)
    where = line.segment.table.cell_id(placed.cell)
    context.claimed.add(where)
    # a heading's points stand in its rows' column
    column = line.segment.columns.get(role) or line.segment.columns.get("weight")
    head = column.path[-1] if column is not None and column.path else "分值"
    place = place_of_indicator(name, head, placed.cell.box)
    points = _POINTS_TEXT.match(normalise_label(placed.text)) if number else None
    text = points.group(1) if points is not None else placed.text
    reading = read_number(text, context.units, context.patterns.units.get("分"))
    raw = trim_lines(placed.text)
    if not number:
        kind = reading.kind if reading.kind in ("blank", "none", "withheld") else "value"
        return CellText(kind, raw, where, None, place)
    if reading.quantity is None:
        return CellText("unreadable" if reading.kind == "text" else reading.kind, raw, where, None, place)
    quantity = reading.quantity
    exact = Quantity(quantity.value, quantity.unit, quantity.decimals or None, quantity.low, quantity.high)
    return CellText(reading.kind, raw, where, exact, place)  # type: ignore[arg-type]


def _indicator(line: Line, shared: dict[str, int], context: Context) -> Indicator:
    labels = {role: split_weight(line.text(role), bare_weight=role != "level3") for role in LEVELS}
    name = labels["level3"][0] or labels["level2"][0] or labels["level1"][0]
    cells: dict[str, CellText] = {
        role: _cell_text(line, role, name, context, number=role in ("weight", "score"))
        for role in _PRINTED
        if role in line.cells or role == "score"
    }
    cells |= {
        role: _cell_text(line, role, name, context, number=True)
        for role in (*_OF_OTHERS, *_OF_LEVELS)
        if role in line.cells
    }
    _claim_typed(line, context)
    weight = cells["weight"].value if "weight" in cells else _points(_bracket_weight(labels), context)
    criterion = cells.get("criterion")
    reason = cells.get("reason")
    return Indicator(
        level1=labels["level1"][0],
        level2=labels["level2"][0],
        level3=labels["level3"][0],
        level1_weight=_points(labels["level1"][1], context) or _column_weight(line, "level1_weight", context),
        level2_weight=_points(labels["level2"][1], context) or _column_weight(line, "level2_weight", context),
        criterion=criterion.raw if criterion is not None and criterion.raw else None,
        weight=weight,
        weight_shared_by=shared.get(_weight_owner(line) or "", 1),
        score=cells["score"].value,
        reason=reason.raw if reason is not None else None,
        cells=cells,
        kind=_kind(labels, context),
        nature=_nature(line),
        operator=_operator(line),
        measure=_text_or_none(line, "measure") or None,
        target=_text_or_none(line, "target"),
        actual=_text_or_none(line, "actual_value"),
        level1_where=_level_where(line, "level1"),
        level2_where=_level_where(line, "level2"),
        level1_raw=_text_or_none(line, "level1"),
        level2_raw=_text_or_none(line, "level2"),
        where=_level_where(line, "level3") or _level_where(line, "level2"),
        place=place_of_indicator(name, "指标", None),
        table=line.segment.table.where,
    )


def _scored_once(indicators: list[Indicator]) -> list[Indicator]:
    """A score cell merged over several rows is one score: it stands on the first of them."""
    seen: set[str] = set()
    once: list[Indicator] = []
    for indicator in indicators:
        cell = indicator.cells["score"]
        again = cell.where is not None and cell.where in seen
        cells = indicator.cells | {"score": CellText("blank", "", cell.where, None, cell.place)}
        once.append(msgspec.structs.replace(indicator, score=None, cells=cells) if again else indicator)
        seen.add(cell.where or "")
    return once


def _weighed_by_labels(lines: list[Line], indicators: list[Indicator]) -> list[Indicator]:
    """Where no row prints a weight, the bracket of the narrowest label over it is what its rows share: 数量指标（10分）."""
    if any(row.weight is not None or "weight" in row.cells for row in indicators):
        return indicators
    weights = [_label_weight(line, row) for line, row in zip(lines, indicators, strict=True)]
    if any(weight is None for weight in weights):
        return indicators
    rows = Counter(weight.where for weight in weights if weight is not None)
    return [
        msgspec.structs.replace(
            row, weight=weight.value, weight_shared_by=rows[weight.where], cells=row.cells | {"weight": weight}
        )
        for row, weight in zip(indicators, weights, strict=True)
        if weight is not None
    ]


def _label_weight(line: Line, row: Indicator) -> CellText | None:
    """The narrowest label that gives its points, as the cell of a weight."""
    weights = {"level2": (row.level2_weight, row.level2_where), "level1": (row.level1_weight, row.level1_where)}
    for role, (weight, where) in weights.items():
        if weight is not None and where is not None and role in line.cells:
            return CellText("value", trim_lines(line.text(role)), where, weight, row.place)
    return None


def _column_weight(line: Line, role: str, context: Context) -> Quantity | None:
    """The weight of a level that stands in a column of its own (一级指标 | 分值 | 二级指标 | 分值 …)."""
    where = _level_where(line, role)
    if where is None:
        return None
    context.claimed.add(where)
    quantity = read_number(line.text(role), context.units).quantity
    return _points(quantity.value, context) if quantity is not None else None


def _bracket_weight(labels: dict[str, tuple[str | None, Decimal | None]]) -> Decimal | None:
    return labels["level3"][1]


def _level_where(line: Line, role: str) -> str | None:
    placed = line.cells.get(role)
    return line.segment.table.cell_id(placed.cell) if placed is not None else None


def _text_or_none(line: Line, role: str) -> str | None:
    where = line.where(role)
    return trim_lines(line.text(role)) if where is not None else None


def _nature(line: Line) -> str | None:
    """What the column 指标性质 says, unless it holds a sign of comparison."""
    text = _text_or_none(line, "nature")
    return text if text and not _SIGN.fullmatch(normalise_label(text)) else None


def _operator(line: Line) -> str | None:
    """The sign of comparison in a column of its own, or before the target."""
    own = normalise_label(line.text("nature"))
    if _SIGN.fullmatch(own):
        return _text_or_none(line, "nature")
    before = _SIGN.match(normalise_label(line.text("target")))
    return before.group() if before is not None else None


def _claim_ordinal(line: Line, context: Context) -> None:
    where = line.where("ordinal")
    if where is not None:
        context.claimed.add(where)


def _claim_typed(line: Line, context: Context) -> None:
    """Ordinals are typed, targets and what was reached are texts of the indicator."""
    for role in ("ordinal", "target", "actual_value"):
        where = line.where(role)
        if where is not None:
            context.claimed.add(where)


def _kind(labels: dict[str, tuple[str | None, Decimal | None]], context: Context) -> Kind:
    for text, _ in labels.values():
        roles = roles_of_label(text, context) if text else set()
        if "bonus" in roles or (text or "").startswith(("加分", "附加分")):
            return "bonus"
        if "deduction" in roles or (text or "").startswith(("扣分项", "减分项")):
            return "deduction"
    return "item"
