"""A8: do the item scores add up to the printed total, under any honest reading?

plain        Σ                                  bonus       items without bonus rows; deduction rows taken off
capped       min(Σ, 100)                        rescaled    Σ × 100 / weights of what applies (some is 不适用),
                                                            then bonus and deduction rows, perhaps capped
outside      Σ + execution rate × points outside the list

Scores are given, not measured: a plain sum must be printed exactly, or rounded to fewer decimals. What is computed (a
quotient, a rate times points) may be rounded or cut to the decimals of the total; how far it is off by then follows from
the digits printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import present
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.scores import (
    FULL,
    decimals_of,
    is_rounded_sum,
    name_of,
    round_points,
    score_state,
    total_of_scores,
)
from gouji.validate.weights import execution_rate, outside_points, unread_points

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact, Indicator
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_HALF = Decimal("0.5")
_CENTS = 2


class Sum(NamedTuple):
    """One reading of the sum of scores: with the decimals of its items, or `computed` and known within `room`."""

    name: str
    value: Decimal
    expression: str
    decimals: int = 0
    computed: bool = False
    room: Decimal = Decimal(0)


def check_score_total(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement. Where 综合得分 and 总分 differ (X2), the items decide; where neither is theirs, they fail."""
    rows = case.scoring.own_scores
    totals = _totals(rule, case)
    states = {score_state(row) for row in rows}
    if states <= {"blank"} or (states == {"missing"} and not totals):  # a list of indicators without a column of scores
        yield (
            NOT_APPLICABLE
            if not totals or not rows
            else Judgement("undecided", "score.blank", evidence=_evidence(rows, totals, case))
        )
        return
    if not totals:
        yield Judgement("undecided", "score.no_total", evidence=_evidence(rows, totals, case))
        return
    unknown = [name_of(row) for row in rows if score_state(row) in ("unreadable", "withheld", "missing")]
    if unknown:
        yield Judgement("undecided", "score.open", {"缺": "、".join(unknown)}, evidence=_evidence(rows, totals, case))
        return
    yield _judge(rule, case, rows, totals)


def _totals(rule: Rule, case: Case) -> list[Fact]:
    """评分表.总分, then its copies elsewhere in the form, each with a number."""
    concepts = ("scoring.score_total", *rule.copies)
    facts = [
        fact for concept in concepts if (fact := case.main.fact(concept)) is not None and fact.quantity is not None
    ]
    return list({fact.where: fact for fact in facts}.values())


def _judge(rule: Rule, case: Case, rows: list[Indicator], totals: list[Fact]) -> Judgement:
    evidence = _evidence(rows, totals, case)
    sums = list(_readings(rule, case, rows))
    printed = [(fact, fact.quantity) for fact in totals if fact.quantity is not None]
    closing = [next((s for s in sums if closes(s, quantity)), None) for _, quantity in printed]
    quantity = printed[0][1]
    first = sums[0]
    if closing[0] is not None:
        found = closing[0]
        say = "score.pass" if found is first else "score.reading"
        return Judgement(
            "pass", say, {"读法": found.name}, f"{found.expression}，总分 {plain(quantity.value)}", evidence=evidence
        )
    if any(found is not None for found in closing):
        return Judgement("undecided", "undecided.copies", {"缺": "总分"}, evidence=evidence)
    rest = _unexplained_rest(rule, case, quantity.value - first.value)
    return Judgement(
        "review" if rest else "fail",
        "score.rest" if rest else "score.fail",
        {},
        f"{first.expression}，总分 {plain(quantity.value)}",
        first.value - quantity.value,
        Decimal(0),
        "分",
        evidence,
    )


def _unexplained_rest(rule: Rule, case: Case, surplus: Decimal) -> bool:
    """Whether points outside the list, of which the report prints no rate, may explain a larger total."""
    listed = case.scoring.listed
    unsaid = execution_rate(case) is None and _execution_points(case) is None
    return unsaid and 0 < surplus <= outside_points(rule, listed, case)


def closes(found: Sum, printed: Quantity) -> bool:
    """Whether a sum meets the printed total. A computed one may be rounded or cut to the total's decimals."""
    if found.computed:
        step = Decimal(1).scaleb(-(printed.decimals or 0))
        return printed.value - step * _HALF - found.room <= found.value < printed.value + step + found.room
    return is_rounded_sum(found.value, found.decimals, printed)


def _readings(rule: Rule, case: Case, rows: list[Indicator]) -> Iterator[Sum]:
    """Every honest way to add up, the plain one first."""
    beside = _execution_points(case)
    base = total_of_scores([row for row in rows if row.kind == "item"]) + (beside.value if beside is not None else 0)
    bonus = total_of_scores([row for row in rows if row.kind == "bonus"])
    taken = abs(total_of_scores([row for row in rows if row.kind == "deduction"]))
    plain_sum = Sum("", base, "各项得分合计", decimals_of([*(row.score for row in rows), beside]))
    yield from _with_extras(plain_sum, bonus, taken)
    yield from _rescaled(case, base, bonus, taken)
    yield from _with_outside(rule, case, base + bonus - taken)


def _execution_points(case: Case) -> Quantity | None:
    """Points for the execution rate that the money table prints beside it (the national form's 10), where no row lists them."""
    if case.every_score.lists_execution or case.scoring.listed >= FULL:
        return None
    fact = case.main.fact("scoring.execution_score")
    return fact.quantity if fact is not None else None


def _with_extras(start: Sum, bonus: Decimal, taken: Decimal) -> Iterator[Sum]:
    """A sum with and without bonus and deduction rows, and capped at 100."""
    base = start.value
    for name, value in (
        ("", base + bonus - taken),
        ("加分项不计入", base - taken),
        ("扣分项不计入", base + bonus),
        ("加分项、扣分项不计入", base),
    ):
        words = f"{start.expression} {plain(_shown(value))}"
        label = "，".join(part for part in (start.name, name) if part)
        yield start._replace(name=label, value=value, expression=words)
    capped = min(base + bonus - taken, FULL)
    label = "，".join(part for part in (start.name, "最高计 100 分") if part)
    words = f"{start.expression} {plain(_shown(base + bonus - taken))}，最高计 100"
    yield start._replace(name=label, value=capped, expression=words)


def _shown(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return round(value, _CENTS) if isinstance(exponent, int) and exponent < -_CENTS else value


def _rescaled(case: Case, base: Decimal, bonus: Decimal, taken: Decimal) -> Iterator[Sum]:
    """Items declared 不适用 leave the sum, the rest is brought to 100; bonus and deduction rows come on top."""
    full = case.scoring.applicable
    if full is None or full <= 0:
        return
    words = f"得分合计 {plain(base)} ÷ 适用分值 {plain(trimmed(full))} × 100，合计"
    yield from _with_extras(Sum("不适用项目已折算", base * FULL / full, words, computed=True), bonus, taken)


def is_rescaled_copy(case: Case, left: Quantity, right: Quantity) -> bool:
    """Whether one score is the other brought from the applicable weights to 100 (87 of 95 → 91.58)."""
    full = case.scoring.applicable
    if full is None or full <= 0:
        return False
    return any(
        closes(Sum("", one.value * FULL / full, "", computed=True), other)
        for one, other in ((left, right), (right, left))
    )


def _with_outside(rule: Rule, case: Case, whole: Decimal) -> Iterator[Sum]:
    """The national form scores the execution rate outside the list: rate × 10 points."""
    points = outside_points(rule, case.scoring.listed, case)
    rate, unread = execution_rate(case), unread_points(case.scoring.listed, case)
    if unread is not None and rate is None:
        words = f"各项得分合计 {plain(whole)} + 预算执行率 {plain(unread)} = {plain(whole + unread)}"
        yield Sum("含预算执行率得分", whole + unread, words, _CENTS)
    if not points or rate is None or _execution_points(case) is not None:
        return
    extra = min(rate.value / FULL, Decimal(1)) * points
    accuracy = points * 2 * rate.half_step / FULL  # what the printed digits of the rate leave open
    for decimals in (_CENTS, 1):  # the form's own points for it are rounded, as points are printed
        rounded = round_points(extra, decimals)
        words = f"各项得分合计 {plain(whole)} + 预算执行率 {plain(rounded)} = {plain(whole + rounded)}"
        yield Sum("含预算执行率得分", whole + rounded, words, computed=True, room=accuracy)


def _evidence(rows: list[Indicator], totals: list[Fact], case: Case) -> tuple[Evidence, ...]:
    heads = [case.evidence(fact, "total" if position == 0 else "copy") for position, fact in enumerate(totals)]
    return present([*heads, *(case.evidence_of_cell(row.cells.get("score"), row, "addend") for row in rows)])
