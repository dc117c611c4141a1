"""T2: this year's amounts told of the year before, as a narrative taken over from last year tells them.

2023 年度的报告：2022年度支出640.00万元，其中基本支出440.00万元      表 支出合计 640.00、基本支出 440.00   → told
三公经费与上年持平，2022年为4.00万元                                one amount alone                     → nothing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_FEWEST = 2


def check_stale_amounts(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: two figures or more of the form that sentences tell of the year before alone."""
    del rule
    year = case.report.fiscal_year
    told = {f.concept: f for f in case.report.facts if year is not None and _is_of_last_year(f, year)}
    pairs = [(fact, cell) for fact in told.values() if (cell := _same_cell(fact, case)) is not None]
    if not told:
        yield NOT_APPLICABLE
    elif len({cell.raw for _, cell in pairs}) < _FEWEST:
        yield Judgement("pass", "prose.clean")
    else:
        names = "、".join(f"{case.name_of(cell.concept)} {fact.raw}" for fact, cell in pairs)
        evidence = present(case.evidence(fact, "copy") for pair in pairs for fact in pair)
        yield Judgement(
            "review", "own", {"他年": str((year or 0) - 1), "年度": str(year), "项": names}, evidence=evidence
        )


def _is_of_last_year(fact: Fact, year: int) -> bool:
    return fact.origin == "prose" and fact.main and fact.period == year - 1 and fact.stage == "final"


def _same_cell(fact: Fact, case: Case) -> Fact | None:
    """The year's cell with the very same amount, where no sentence tells this year's and no cell last year's."""
    cell, told = case.main.fact(fact.concept), fact.quantity
    others = (f for f in case.by_concept.get(fact.concept, ()) if f.main and f.stage == "final" and f is not cell)
    if cell is None or told is None or cell.quantity is None or not told.value:
        return None
    same = cell.quantity.base_value == told.base_value and cell.scope == fact.scope
    return cell if same and all(f.origin == "prose" and f.period == fact.period for f in others) else None
