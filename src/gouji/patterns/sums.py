"""The sums that the rules state, for whoever must bind figures to columns without their cells: total → its parts.

    基本支出 = 人员支出 + 公用支出       {"expenditure.basic": (("expenditure.personnel", "expenditure.public"),)}

A rule with several readings gives several lists of parts; any of them may close.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.patterns.formula import Binary, Compare, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gouji.patterns.formula import Expr
    from gouji.patterns.rules import RuleSet

Sums = dict[str, tuple[tuple[str, ...], ...]]


def sums_of_rules(rules: RuleSet) -> Sums:
    """Every total that a hard rule equates with a sum of this report's own figures."""
    sums: Sums = {}
    for rule in rules.rules:
        for reading in rule.readings if rule.severity == "hard" and rule.mode == "any" else ():
            formula = reading.formula
            if not isinstance(formula, Compare) or formula.sign != "=" or not isinstance(formula.left, Ref):
                continue
            parts = _addends(formula.right)
            if parts is not None and len(parts) > 1:
                sums[formula.left.concept] = (*sums.get(formula.left.concept, ()), parts)
    return sums


def sums_close(figures: Mapping[str, Decimal], sums: Sums) -> Iterator[bool]:
    """One verdict a total that has at least two of its parts among the figures."""
    for total, readings in sums.items():
        parts = [[part for part in reading if part in figures] for reading in readings]
        parts = [known for known in parts if len(known) > 1]
        if total in figures and parts:
            yield any(sum((figures[part] for part in known), Decimal(0)) == figures[total] for known in parts)


def _addends(expression: Expr) -> tuple[str, ...] | None:
    """The concepts of a plain sum; None for anything else."""
    if isinstance(expression, Ref):
        return (expression.concept,) if expression.stage == "final" and not expression.source else None
    if isinstance(expression, Binary) and expression.sign == "+":
        left, right = _addends(expression.left), _addends(expression.right)
        return (*left, *right) if left is not None and right is not None else None
    return None
