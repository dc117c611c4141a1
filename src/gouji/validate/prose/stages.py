"""X1: an amount whose clause leaves open of which stage it tells.

基本支出预算1522.10万元                    年初预算 or 全年预算             → either cell will do
调整后预算2200.00万元，全年支出2088.12万元   spent, however it was read         → the cell of what was spent will do
年初预算1522.10万元                        said                             → no other cell
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.validate.prose.text import has_any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact, Stage
    from gouji.validate.case import Case

_BUDGETS: tuple[Stage, ...] = ("initial", "adjusted")
_STAGES: tuple[Stage, ...] = (*_BUDGETS, "final")
_SAID = ("年初预算", "年初部门预算", "全年预算", "调整")
_CLAUSE = re.compile(r"[，,：:（(]")


def of_other_stage(fact: Fact, said: Iterable[str], case: Case) -> Iterator[Quantity]:
    """The concept's cells of other stages. `said`: what stands before the amount in each sentence that prints it."""
    if fact.stage == "final":
        return
    clauses = [_CLAUSE.split(text)[-1] for text in said]
    if not clauses or any(has_any(clause, _SAID) for clause in clauses):
        return
    budget = any("预算" in clause for clause in clauses)
    for stage in _BUDGETS if budget else _STAGES:
        other = case.main.fact(fact.concept, stage) if stage != fact.stage else None
        if other is not None and other.quantity is not None and other.quantity.value:
            yield other.quantity
