"""Tables that state no unit of money: 万元 is usual, but 4,460,520.36 of them no department spends.

支出合计 | 4,450,000.00 | 4,460,520.36   no unit in title, header or cell   →  元, and a word to whoever reads
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.model.quantity import Quantity

if TYPE_CHECKING:
    from gouji.extract.context import Context
    from gouji.model.report import Fact

_USUAL, _PLAIN = "万元", "元"
_MOST = {"three_public": Decimal(10_000)}  # 1亿元 of 三公经费
_MOST_OF_ALL = Decimal(1_000_000)  # 100亿元


def with_likely_unit(facts: list[Fact], context: Context) -> list[Fact]:
    """The facts of tables without a unit in 元 where 万元 cannot be meant; what was assumed is said."""
    plain = context.patterns.units.get(_PLAIN)
    beyond = [fact for fact in facts if _is_assumed(fact) and _is_beyond(fact, context)]
    tables = {_table(fact) for fact in beyond}
    for table in sorted(tables):
        first = next(fact for fact in beyond if _table(fact) == table)
        context.assumptions.append((first.where or "", "这张表没有写明金额单位，按数额推定为元"))
    return [
        msgspec.structs.replace(fact, content=msgspec.structs.replace(fact.content, unit=plain))
        if isinstance(fact.content, Quantity) and _is_assumed(fact) and _table(fact) in tables
        else fact
        for fact in facts
    ]


def _is_assumed(fact: Fact) -> bool:
    """Whether nothing states the unit of an amount: no line, no header, not its own cell."""
    unit = fact.quantity.unit if fact.quantity is not None else None
    return fact.unit_where is None and unit is not None and unit.name == _USUAL and "元" not in fact.raw


def _is_beyond(fact: Fact, context: Context) -> bool:
    most = _MOST.get(context.concept(fact.concept).topic, _MOST_OF_ALL)
    return fact.quantity is not None and abs(fact.quantity.value) >= most


def _table(fact: Fact) -> str:
    """t1 of t1r2c3, t3r2c1_t1 of t3r2c1_t1r1c1."""
    return (fact.where or "").rpartition("r")[0]
