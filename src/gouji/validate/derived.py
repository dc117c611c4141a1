"""How far two sides may be apart, and what a blank total over filled parts would have to be.

基本支出（空白）, 人员支出 603.03 + 公用支出 268.02      → missing_entry: 871.05
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.model.finding import Cause, Repair
from gouji.patterns.formula import linear_terms
from gouji.validate.evaluate import Detail, total_of
from gouji.validate.expression import plain

if TYPE_CHECKING:
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact
    from gouji.validate.case import Case
    from gouji.validate.outcomes import Outcome

MAY_BE_NEGATIVE = ("balance.current", "balance.cumulative")


def room_of(detail: Detail) -> Decimal:
    """How far the two sides may be apart on the side where they are (cut percentages are one-sided)."""
    left, right = detail.left, detail.right
    if left.mid < right.mid:
        left, right = right, left
    return (left.mid - left.low) + (right.high - right.mid)


def derive_total(outcome: Outcome, detail: Detail, case: Case) -> tuple[Cause, ...]:
    """The value that a blank total over filled parts would need."""
    total = total_of(detail.compare)
    terms = linear_terms(detail.compare)
    fact = outcome.operands[total].fact if total is not None and not total.source else None
    if total is None or terms is None or fact is None or fact.where is None:
        return ()
    near = [q for o in outcome.operands.values() if (q := o.quantity) is not None]
    model = max(_money_of_table(fact, case) or near, key=lambda q: (q.value != 0, q.decimals or 0), default=None)
    if model is None:
        return ()
    value = -(detail.left.mid - detail.right.mid) / terms[total] / model.factor
    rounded = value.quantize(Decimal(1).scaleb(-(model.decimals or 0)))
    if not rounded or (rounded < 0 and total.concept not in MAY_BE_NEGATIVE):
        return ()
    return (Cause("missing_entry", (Repair(fact.where, fact.raw or None, plain(rounded)),), 1, certain=False),)


def _money_of_table(fact: Fact, case: Case) -> list[Quantity]:
    """The money of the table a blank cell stands in: its unit is the blank's."""
    table = (fact.where or "").rpartition("r")[0]
    facts = [f for f in case.report.facts if table and (f.where or "").rpartition("r")[0] == table]
    found = [(f, q) for f in facts if (q := f.quantity) is not None and q.unit is not None and q.unit.kind == "money"]
    return [q for f, q in found if f.unit_where == fact.unit_where] or [q for _, q in found]
