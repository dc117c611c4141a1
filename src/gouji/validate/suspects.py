"""Which cells of a sum that does not close may be wrong, and whether a repair would harm a sum that closes now.

outcome + comparison ─suspects→ Suspect(cell, coefficient, what sentences say of it) ─find_causes→ Causes
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.patterns.formula import Ref, linear_terms
from gouji.validate.causes import Suspect, find_causes
from gouji.validate.evaluate import Detail, total_of
from gouji.validate.outcomes import Outcome, decide, outcomes_of

if TYPE_CHECKING:
    from gouji.model.finding import Cause
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case, EntityRow

Breaks = Callable[[str, "Quantity"], bool]
MAY_BE_NEGATIVE = ("balance.current", "balance.cumulative")


def room_of(detail: Detail) -> Decimal:
    """How far the two sides may be apart on the side where they are (cut percentages are one-sided)."""
    left, right = detail.left, detail.right
    if left.mid < right.mid:
        left, right = right, left
    return (left.mid - left.low) + (right.high - right.mid)


def causes_of(
    outcome: Outcome,
    detail: Detail,
    breaks: Breaks,
    *,
    only: Ref | None = None,
    row: EntityRow | None = None,
    case: Case | None = None,
) -> tuple[Cause, ...]:
    terms = linear_terms(detail.compare)
    if terms is None or detail.compare.sign != "=":
        return ()
    suspects = [
        suspect
        for ref, coefficient in terms.items()
        if (only is None or ref == only)
        and (suspect := _suspect(ref, coefficient, outcome, detail, row, case)) is not None
    ]
    return find_causes(suspects, detail.left.mid - detail.right.mid, breaks, room_of(detail))


def _stated(fact: Fact, case: Case) -> tuple[Decimal, ...]:
    """What sentences of the report say of this fact (base units). Sentences speak of the main entity only."""
    told = (prose.quantity for prose in case.prose.get(fact.concept, ()) if fact.main)
    return tuple(quantity.base_value for quantity in told if quantity is not None)


def _suspect(
    ref: Ref, coefficient: Decimal, outcome: Outcome, detail: Detail, row: EntityRow | None, case: Case | None
) -> Suspect | None:
    operand = outcome.operands[ref]
    if operand.fact is None or operand.status not in ("number", "blank") or ref.source or not coefficient:
        return None
    near = [q for o in outcome.operands.values() if (q := o.quantity) is not None]
    own = _quantities_of_table(operand.fact, case) if case is not None and operand.quantity is None else []
    model = max(own or near, key=lambda q: (q.value != 0, q.decimals or 0), default=None)
    return Suspect(
        operand.fact,
        coefficient,
        is_total=ref == total_of(detail.compare),
        copies=row.agreeing(operand.fact) if row is not None else (),
        unit=model.unit if model is not None else None,
        decimals=model.decimals if model is not None else None,
        may_be_negative=ref.concept in MAY_BE_NEGATIVE,
        stated=_stated(operand.fact, case) if case is not None else (),
    )


def _quantities_of_table(fact: Fact, case: Case) -> list[Quantity]:
    """The money of the table a blank cell stands in: its unit is the blank's."""
    table = (fact.where or "").rpartition("r")[0]
    facts = (f for f in case.report.facts if table and (f.where or "").rpartition("r")[0] == table)
    found = [f for f in facts if f.quantity is not None and f.quantity.unit is not None]
    same = [f for f in found if f.unit_where == fact.unit_where] or found
    return [f.quantity for f in same if f.quantity is not None and f.unit is not None and _is_money(f.quantity)]


def _is_money(quantity: Quantity) -> bool:
    return quantity.unit is not None and quantity.unit.kind == "money"


class Harm:
    """Whether a repair harms a rule of this row that closes now."""

    def __init__(self, rule: Rule, row: EntityRow, case: Case) -> None:
        self.rules = [
            other
            for other in case.rules.rules
            if other.id != rule.id and other.mode == "any" and other.scope == "entity"
        ]
        self.row = row
        self.case = case

    def __call__(self, where: str, quantity: Quantity) -> bool:
        return any(self._harmed(rule, where, quantity) for rule in self.rules if self._touches(rule, where))

    def _touches(self, rule: Rule, where: str) -> bool:
        facts = (self.row.fact(ref.concept, ref.stage) for reading in rule.readings for ref in reading.refs)
        return any(fact is not None and fact.where == where for fact in facts)

    def _harmed(self, rule: Rule, where: str, quantity: Quantity) -> bool:
        before = outcomes_of(rule, rule.readings, self.row, self.case)
        if not before or decide(before).verdict != "pass":
            return False
        after = outcomes_of(rule, rule.readings, self.row, self.case, {where: quantity})
        return bool(after) and decide(after).verdict == "fail"
