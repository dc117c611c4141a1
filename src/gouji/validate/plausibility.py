"""P: what is not wrong but odd. Never more than a note to the bureau.

P1   人均公用支出 among the units of its kind: |z| > 3.5 on the logarithm, z = 0.6745 (x − median) / MAD, and twice or half the median
P2   every amount a round one · amounts that are last year's to the last digit
P3   a score among the highest without a single deduction
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import present, rows_of
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gouji.model.report import Fact, Indicator, Report
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case, EntityRow

PEERS = 8  # fewer units tell nothing
_LIMIT = Decimal("3.5")
_NORMAL = Decimal("0.6745")  # makes the median deviation of a normal sample its standard deviation
_DIGITS = 12
_TWICE = Decimal(2).ln()
_WAN = Decimal(10_000)
_FLOWS = ("income.", "expenditure.", "three_public.")
_ROUND_STEP = Decimal(100_000)
_ROUND_LEAST = 5
_SAME_LEAST = 3
_TOP = Decimal("0.9")


class Measured(NamedTuple):
    """A figure of one report, and the facts it comes from."""

    value: Decimal
    facts: tuple[Fact, ...]


def measure(report: Report, measures: Mapping[str, tuple[str, ...]]) -> dict[str, Measured]:
    """What a rule measures of a report: a figure by itself, or divided by the first divisor that is known."""
    row = rows_of(report)[0]
    found = ((name, _measure_one(row, concepts)) for name, concepts in measures.items())
    return {name: measured for name, measured in found if measured is not None}


def _measure_one(row: EntityRow, concepts: tuple[str, ...]) -> Measured | None:
    first, *divisors = (row.fact(concept) for concept in concepts)
    if first is None or first.quantity is None or first.quantity.value <= 0:
        return None
    if len(concepts) == 1:
        return Measured(first.quantity.base_value, (first,))
    divisor = next((f for f in divisors if f is not None and f.quantity is not None and f.quantity.value > 0), None)
    if divisor is None or divisor.quantity is None:
        return None
    with localcontext() as rounded:
        rounded.prec = _DIGITS
        return Measured(first.quantity.base_value / divisor.quantity.base_value, (first, divisor))


@lru_cache(maxsize=256)
def _centre(values: tuple[Decimal, ...]) -> tuple[Decimal, Decimal]:
    """Median and median deviation of the logarithms."""
    with localcontext() as rounded:
        rounded.prec = _DIGITS
        logs = [value.ln() for value in values]
        middle = median(logs)
        return middle, median(abs(log - middle) for log in logs)


class _Outlier(NamedTuple):
    """What stands out: the measure, the figure, the peers' median, how many they are, and how far it is out."""

    name: str
    one: Measured
    middle: Decimal
    peers: int
    z: Decimal

    @property
    def told(self) -> str:
        """In words, without the other units' names."""
        how = "偏高" if self.z > 0 else "偏低"
        return f"{self.name} {_in_wan(self.one.value)} 万元，同级 {self.peers} 家的中位数为 {_in_wan(self.middle)} 万元，明显{how}"


def check_per_capita(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: basic, personnel and running costs a head share one head count."""
    peers = case.context.peers or {}
    measured = {n: one for n, one in measure(case.report, rule.measures).items() if not case.is_doubtful(*one.facts)}
    known = {name: one for name, one in measured.items() if len(peers.get(name, ())) > PEERS}
    found = [out for name, one in known.items() if (out := _outlier(name, one, peers[name])) is not None]
    if not found:
        yield Judgement("pass", "peers.pass", {"项": "、".join(known)}) if known else NOT_APPLICABLE
        return
    text = "；".join(out.told for out in found)
    z = "、".join(plain(round(out.z, 1)) for out in found)
    evidence = present(case.evidence(fact, "copy") for out in found for fact in out.one.facts)
    yield Judgement("review", "peers.outlier", {"项": text}, f"z = {z}", evidence=evidence)


def _outlier(name: str, one: Measured, values: tuple[Decimal, ...]) -> _Outlier | None:
    """Far out among its peers, and at least twice or half of what is usual: peers may be all alike."""
    middle, deviation = _centre(values)
    if not deviation:
        return None
    with localcontext() as rounded:
        rounded.prec = _DIGITS
        away = one.value.ln() - middle
        z = _NORMAL * away / deviation
    if abs(z) <= _LIMIT or abs(away) < _TWICE:
        return None
    return _Outlier(name, one, median(values), len(values) - 1, z)


def _in_wan(value: Decimal) -> str:
    return plain(trimmed(round(value / _WAN, 2)))


def check_score_inflation(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A total among the top tenth of its peers, and every item at full marks."""
    peers = case.context.peers or {}
    known = [
        (one, values) for name, one in measure(case.report, rule.measures).items() if (values := peers.get(name, ()))
    ]
    rows = case.report.indicators
    if not known or len(known[0][1]) <= PEERS or not rows:
        yield NOT_APPLICABLE
        return
    one, values = known[0]
    top, middle = sorted(values)[int(len(values) * _TOP)], median(values)
    slots = {"得分": plain(one.value), "中": plain(trimmed(middle)), "家": str(len(values) - 1)}
    if one.value < top or one.value <= middle or any(_lost_points(row) for row in rows):
        yield Judgement("pass", "peers.score_pass", slots)
        return
    evidence = present(case.evidence(fact, "value") for fact in one.facts)
    yield Judgement("review", "peers.score", slots, evidence=evidence)


def _lost_points(row: Indicator) -> bool:
    """Whether an item lost points, or may have: a weight shared by rows, or a blank score, says nothing."""
    return row.weight is None or row.score is None or row.score.value < row.weight.value


def _amounts(case: Case) -> list[Fact]:
    """Money of the main row that is not 0 and whose unit is not in doubt, one fact a value."""
    final = (fact for (_, stage), fact in case.main.facts.items() if stage == "final")
    facts = (fact for fact in final if _is_money(fact) and not case.is_doubtful(fact))
    return list({fact.quantity.base_value: fact for fact in facts if fact.quantity is not None}.values())


def _is_money(fact: Fact) -> bool:
    quantity = fact.quantity
    return quantity is not None and quantity.unit is not None and quantity.unit.kind == "money" and bool(quantity.value)


def check_round_figures(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Several amounts, every one a multiple of 10 万元."""
    del rule
    amounts = _amounts(case)
    if len(amounts) < _ROUND_LEAST:
        yield NOT_APPLICABLE
    elif any(fact.quantity is not None and fact.quantity.base_value % _ROUND_STEP for fact in amounts):
        yield Judgement("pass", "round.pass")
    else:
        evidence = present(case.evidence(fact, "copy") for fact in amounts)
        yield Judgement("review", "round.review", {"数": str(len(amounts))}, evidence=evidence)


def check_repeated_figures(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Amounts of the year that are last year's to the last digit; whole 万元 may repeat by themselves."""
    del rule
    pairs = [(fact, case.other_fact("上年", fact.concept, "final", None)) for fact in _amounts(case)]
    flows = [(fact, last) for fact, last in pairs if last is not None and fact.concept.startswith(_FLOWS)]
    same = [(fact, last) for fact, last in flows if _is_repeated(fact, last)]
    if len(same) < _SAME_LEAST:
        yield Judgement("pass", "repeated.pass") if flows else NOT_APPLICABLE
        return
    names = "、".join(f"{case.name_of(fact.concept)} {fact.raw}" for fact, _ in same)
    evidence = present(
        piece for fact, last in same for piece in (case.evidence(fact, "copy"), case.evidence(last, "copy", "上年"))
    )
    yield Judgement("review", "repeated.review", {"数": str(len(same)), "项": names}, evidence=evidence)


def _is_repeated(fact: Fact, last: Fact) -> bool:
    here, there = fact.quantity, last.quantity
    return (
        here is not None and there is not None and here.base_value == there.base_value and bool(here.base_value % _WAN)
    )
