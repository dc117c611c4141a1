"""Y1-copy: what the report itself prints of last year, against last year's report.

三公经费 上年决算 8.10 in this report's table, 8.91 in last year's report      → 需核实, both cells shown
last year's report tells 一般公共预算 only, this table does not say            → 无法判断
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.span import Span, span_of

if TYPE_CHECKING:
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_SOURCE = "上年"


def check_last_year_copies(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a figure that differs, else one for all."""
    del rule
    pairs = list(_pairs(case))
    bad = [judgement for own, other in pairs if (judgement := _compare(own, other, case)) is not None]
    yield from bad
    if not bad:
        yield Judgement("pass", "last_year.pass", {"项": str(len(pairs))}) if pairs else NOT_APPLICABLE


def _pairs(case: Case) -> Iterator[tuple[Fact, Fact]]:
    """Figures of last year in the tables of this report, once each, with what last year's report says."""
    year = case.report.fiscal_year
    seen: set[tuple[str, str, str | None]] = set()
    for fact in case.report.facts:
        key = (fact.concept, fact.stage, fact.scope)
        is_last = year is not None and fact.period == year - 1 and fact.main and fact.origin == "table"
        if not is_last or fact.quantity is None or key in seen or case.is_doubtful(fact):
            continue
        seen.add(key)
        other = case.other_fact(_SOURCE, *key)
        if other is not None and other.quantity is not None:
            yield fact, other


def _compare(own: Fact, other: Fact, case: Case) -> Judgement | None:
    """A judgement where the two do not meet, or cannot be compared."""
    here, there = own.quantity, other.quantity
    left, right = _span(here), _span(there)
    if here is None or there is None or left is None or right is None:
        return None
    evidence = present((case.evidence(own, "copy"), case.evidence(other, "copy", _SOURCE)))
    name = case.name_of(own.concept)
    suffix = own.concept if own.stage == "final" else f"{own.concept}-{own.stage}"
    expression = f"本报告所列上年{name} {_shown(own)}，上年报告 {_shown(other)}"
    slots = {"项": name}
    if own.scope != other.scope:
        return Judgement("undecided", "last_year.scope", slots, expression, evidence=evidence, suffix=suffix)
    if left.meets(right):
        return None
    difference = trimmed((left.mid - right.mid) / here.factor)
    tolerance = trimmed((left.slack + right.slack) / here.factor)
    unit = here.unit.name if here.unit is not None else ""
    return Judgement(
        "review", "last_year.differs", slots, expression, difference, tolerance, unit, evidence=evidence, suffix=suffix
    )


def _span(quantity: Quantity | None) -> Span | None:
    return span_of(quantity) if quantity is not None else None


def _shown(fact: Fact) -> str:
    quantity = fact.quantity
    value = plain(quantity.value) if quantity is not None else fact.raw
    return f"{value}{fact.unit or ''}" + (f"（{fact.scope}）" if fact.scope else "")
