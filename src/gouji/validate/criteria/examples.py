"""The examples that standard indicators carry, run: each criterion must read as its kind and give the points it says.

{criterion: 每低于100%一个百分点扣0.2分, weight: "4", kind: linear_shortfall, value: 97.5%, points: ["3.6", "3.4", "3.5"]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.criteria.kinds import Bands, Criterion, Linear
from gouji.validate.criteria.parse import Hints, parse_criterion
from gouji.validate.expression import plain, trimmed
from gouji.validate.span import exact

if TYPE_CHECKING:
    from decimal import Decimal

    from gouji.patterns.criteria import CriterionExample, StandardIndicator
    from gouji.patterns.rules import RuleSet


def check_criterion_examples(rules: RuleSet) -> list[str]:
    """Every example that does not come out as it says, as `file:line: what`."""
    return [
        line
        for indicator in rules.indicators
        for example in indicator.examples
        if (line := _complaint(indicator, example))
    ]


def _complaint(indicator: StandardIndicator, example: CriterionExample) -> str:
    criterion = parse_criterion(example.criterion, Hints(example.weight, indicator.base, indicator.words))
    if criterion.kind != example.kind:
        return f"{example.mark}: {indicator.name} 的评分标准应读作 {example.kind}，实为 {criterion.kind}"
    points = _points(criterion, example.value)
    if example.value is not None and points != example.points:
        return f"{example.mark}: {indicator.name} 应得 {_joined(example.points)} 分，实为 {_joined(points)} 分"
    return ""


def _points(criterion: Criterion, value: Decimal | None) -> tuple[Decimal, ...]:
    """One number a reading."""
    if value is None or not isinstance(criterion, Linear | Bands):
        return ()
    return tuple(scores.low for scores in criterion.score(exact(value)))


def _joined(points: tuple[Decimal, ...]) -> str:
    return "、".join(plain(trimmed(value)) for value in points) or "（无）"
