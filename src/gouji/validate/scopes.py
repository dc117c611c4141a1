"""Y2-scope: two years' 三公 are comparable only where both tell the same money (一般公共预算 5.20, then 财政拨款 6.10: not)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_TOTAL = "three_public.total"
_UNSAID = "未写明口径"


def check_same_scope(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement: both years in one scope, or not to be compared."""
    del rule
    year = case.report.fiscal_year
    own = _stated(case, year)
    last = _stated(case, year - 1) if year is not None else []
    if not own or not last:
        yield NOT_APPLICABLE
        return
    common = {fact.scope for fact in own} & {fact.scope for fact in last}
    expression = f"上年 {_list(last)}；本年 {_list(own)}"
    evidence = present(case.evidence(fact, "copy") for fact in (*last, *own))
    if common:
        yield Judgement("pass", "scope.pass", expression=expression, evidence=evidence)
    else:
        yield Judgement("undecided", "scope.open", expression=expression, evidence=evidence)


def _stated(case: Case, year: int | None) -> list[Fact]:
    """The totals of one year as accounted for."""
    return [
        fact
        for fact in case.report.of(_TOTAL)
        if fact.main and fact.stage == "final" and fact.quantity is not None and _year(fact, case) == year
    ]


def _year(fact: Fact, case: Case) -> int | None:
    return case.report.fiscal_year if fact.period is None else fact.period


def _list(facts: list[Fact]) -> str:
    told = [f"{fact.scope or _UNSAID} {fact.raw}{fact.unit or ''}" for fact in facts]
    return "、".join(dict.fromkeys(told))
