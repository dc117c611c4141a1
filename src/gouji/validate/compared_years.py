"""X3-columns: the year that a table compares with is the year before the report's.

2020年决算数 | 2022年预算数 | 2022年决算数      a report of 2022 compares with 2021      → told
2020年决算数 | 2021年决算数 | 2022年决算数      three years in a row                      → pass
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_SHOWN = 3
_BEFORE_LAST = 2


def check_compared_years(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report whose tables print figures of earlier years beside its own."""
    del rule
    own = case.report.fiscal_year
    facts = [f for f in case.report.facts if f.origin == "table" and f.period is not None and f.quantity is not None]
    years = {fact.period for fact in facts}
    if own is None or own not in years or not {own - 1, own - _BEFORE_LAST} & years:
        yield NOT_APPLICABLE
        return
    if own - 1 in years:
        yield Judgement("pass", "prose.clean")
        return
    odd = [fact for fact in facts if fact.period == own - _BEFORE_LAST]
    slots = {"年度": str(own), "他年": str(own - _BEFORE_LAST)}
    evidence = present(case.evidence(fact, "value") for fact in odd[:_SHOWN])
    yield Judgement("review", "years.columns", slots, evidence=evidence)
