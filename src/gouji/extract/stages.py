"""When amounts behind their labels hold: the stage of the total that they make.

年度资金总额 | 2860.00 | 3012.50 | 2951.40          年初预算数, 全年预算数, 全年执行数
其中：基本支出：861.40   项目支出：2090.00            make the last one: both are of the account
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from gouji.extract.context import Context
    from gouji.model.report import Fact, Stage

_ORDER: tuple[Stage, ...] = ("final", "adjusted", "initial")


def stage_stated(stated: list[Fact], facts: list[Fact], dated: set[str], context: Context) -> list[Fact]:
    """Values behind their labels in table cells. Beside totals of several stages, amounts are of the one they add up to.

    `dated`: cells that say it themselves (预算数：35.80). Where they make none of them nobody can say of when they are: they stay untaken.
    """
    found: list[Fact] = []
    sides: dict[str, list[Fact]] = {}
    for fact in stated:
        if fact.origin != "table":
            continue
        is_amount = context.concept(fact.concept).kind == "money" and fact.quantity is not None
        if is_amount and fact.where not in dated:
            sides.setdefault(fact.concept.partition(".")[0], []).append(fact)
        else:
            found.append(fact)
    stages = [_stage_of(parts, _totals_beside(parts[0], facts)) for parts in sides.values()]
    # where one side closes, the other side of the table is of the same time, and off if it does not close
    common = next((stage for stage in stages if stage is not None), None)
    for parts, stage in zip(sides.values(), stages, strict=True):
        own = stage or common
        if own is not None:
            found += [msgspec.structs.replace(part, stage=own) for part in parts]
        else:
            context.claimed.difference_update(part.where for part in parts if part.where is not None)
    return found


def _totals_beside(part: Fact, facts: list[Fact]) -> dict[Stage, Fact]:
    """The totals of the year's money in the same table, by stage."""
    table = (part.where or "").partition("r")[0]
    totals = [fact for fact in facts if fact.concept == "budget.total" and fact.main and fact.quantity is not None]
    return {fact.stage: fact for fact in totals if (fact.where or "").startswith(f"{table}r")}


def _stage_of(parts: list[Fact], totals: dict[Stage, Fact]) -> Stage | None:
    """The stage whose total the parts make, the account first; the account where there are not several totals."""
    if len(totals) <= 1:
        return "final"
    quantities = [part.quantity for part in parts if part.quantity is not None]
    whole = sum((quantity.base_value for quantity in quantities), Decimal(0))
    for stage in _ORDER:
        total = totals[stage].quantity if stage in totals else None
        if total is not None:
            slack = sum((q.half_step * q.factor for q in (*quantities, total)), Decimal(0))
            if abs(whole - total.base_value) <= slack:
                return stage
    return None
