"""Money between the units of one department, which the summary counts once: 补助附属 300 here, 上级补助 300 there.

局机关 1200 (对附属单位补助 300)   一中 2300 (上级补助 300)   二中 1800        Σ 5300, 汇总 5000: 300 counted twice

What moved may stand in the cells of either side, over several units, in both directions (补助, 上缴), or in a sentence (内部往来抵销300万元).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.expression import plain, trimmed

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_FACTORS = {"亿元": Decimal(10**8), "万元": Decimal(10**4), "元": Decimal(1)}
_MONEY = r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>亿元|万元|元)"
_SAID = (
    re.compile(rf"抵[销消][^。；;\d]{{0,16}}?{_MONEY}"),
    re.compile(rf"内部往来[^。；;\d]{{0,16}}?{_MONEY}"),
    re.compile(rf"{_MONEY}[^。；;\d]{{0,16}}?(?:已|予以|应)?抵[销消]"),
)


class Offset(NamedTuple):
    """Amounts that explain a surplus: in words, and where they stand."""

    text: str
    amount: Decimal
    evidence: tuple[Evidence, ...]


def find_offset(rule: Rule, surplus: Decimal, slack: Decimal, case: Case) -> Offset | None:
    """What was moved between the units and equals the surplus of the parts over the summary: one cell, one concept, two."""
    groups = [_Group(concept, facts, case) for concept, facts in _moved(rule, case).items()]
    said = list(_said(case))
    whole = [group.total for group in groups]
    singles = [single for group in groups for single in group.singles]
    pairs = (_together(one, other) for one, other in combinations([*whole, *said], 2))
    return next((o for o in (*singles, *whole, *said, *pairs) if abs(o.amount - surplus) <= slack), None)


def _moved(rule: Rule, case: Case) -> dict[str, tuple[Fact, ...]]:
    """Cells and sentences of such money by concept, without the summary's own."""
    found: dict[str, tuple[Fact, ...]] = {}
    for fact in case.report.facts:
        summary = fact.main and fact.origin == "table"
        if fact.concept in rule.residual and not summary and fact.quantity is not None and fact.quantity.value > 0:
            found[fact.concept] = (*found.get(fact.concept, ()), fact)
    return found


class _Group:
    """The movements of one concept. `outside`: what the summary itself prints of it came from or went to others."""

    def __init__(self, concept: str, facts: tuple[Fact, ...], case: Case) -> None:
        printed = case.main.fact(concept)
        outside = _amount((printed,)) if printed is not None else Decimal(0)
        name = case.name_of(concept)
        self.total = _offset(name, facts, outside, case)
        self.singles = [] if outside else [_offset(name, (fact,), outside, case) for fact in facts]


def _amount(facts: tuple[Fact, ...]) -> Decimal:
    return sum((fact.quantity.base_value for fact in facts if fact.quantity is not None), Decimal(0))


def _offset(name: str, facts: tuple[Fact, ...], outside: Decimal, case: Case) -> Offset:
    """`outside`: what came from or went to others than the department's own units."""
    text = f"{name} {' + '.join(fact.raw for fact in facts)}"
    evidence = tuple(e for fact in facts if (e := case.evidence(fact, "offset")) is not None)
    return Offset(text, _amount(facts) - outside, evidence)


def _said(case: Case) -> Iterator[Offset]:
    """Sentences that name an internal offset with its amount."""
    for section in case.report.sections:
        for pattern in _SAID:
            for match in pattern.finditer(section.text):
                amount = Decimal(match["number"].replace(",", "")) * _FACTORS[match["unit"]]
                place = f"正文“{section.title}”部分"
                evidence = case.evidence_of_text(section.where, place, match.group(), "offset")
                text = f"正文所写抵销 {plain(trimmed(amount / _FACTORS[match['unit']]))} {match['unit']}"
                yield Offset(text, amount, (evidence,) if evidence is not None else ())


def _together(one: Offset, other: Offset) -> Offset:
    return Offset(f"{one.text}、{other.text}", one.amount + other.amount, (*one.evidence, *other.evidence))
