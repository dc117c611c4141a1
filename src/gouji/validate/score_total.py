"""A8: do the item scores add up to the printed total, under any honest reading?

plain        Σ                                  bonus       items without bonus rows; deduction rows taken off
capped       min(Σ, 100)                        rescaled    Σ × 100 / weights of the items that apply (some are 不适用)
outside      Σ + execution rate × points outside the list
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.finding import Cause, Repair
from gouji.validate.case import present
from gouji.validate.causes import kind_of_slip
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.scores import (
    FULL,
    ScoreGroup,
    decimals_of,
    groups_of,
    is_not_applicable,
    main_table,
    name_of,
    own_scores,
    score_state,
    slack_of,
    total_of_scores,
)
from gouji.validate.weights import execution_rate, outside_points

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact, Indicator
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_MOST = 3
_HALF = Decimal("0.5")


class Sum(NamedTuple):
    """One reading of the sum of scores."""

    name: str
    value: Decimal
    slack: Decimal
    expression: str


def check_score_total(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement. Where 综合得分 and 总分 differ (X2), the items decide; where neither is theirs, they fail."""
    rows = own_scores(main_table(case.report))
    totals = _totals(rule, case)
    if not rows or all(score_state(row) == "blank" for row in rows):
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
    closing = [next((s for s in sums if closes(s, quantity, rows)), None) for _, quantity in printed]
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
        first.slack + _half_step(quantity, rows),
        "分",
        evidence,
        _causes(first.value - quantity.value, rows, totals),
    )


def _unexplained_rest(rule: Rule, case: Case, surplus: Decimal) -> bool:
    """Whether points outside the list, of which the report prints no rate, may explain a larger total."""
    listed = _sum_of_weights([group for group in groups_of(main_table(case.report)) if group.is_item])
    return execution_rate(case) is None and 0 < surplus <= outside_points(rule, listed)


def closes(found: Sum, printed: Quantity, rows: list[Indicator]) -> bool:
    """Whether a sum meets the printed total."""
    return abs(found.value - printed.value) <= found.slack + _half_step(printed, rows, found.value)


def _half_step(printed: Quantity, rows: list[Indicator], value: Decimal | None = None) -> Decimal:
    """A whole total over scores with decimals is a rounded one."""
    decimals = decimals_of([row.score for row in rows])
    fractional = value is not None and value != value.to_integral_value()
    if printed.decimals is None:
        return _HALF if decimals or fractional else Decimal(0)
    return printed.half_step


def _readings(rule: Rule, case: Case, rows: list[Indicator]) -> Iterator[Sum]:
    items = [row for row in rows if row.kind == "item"]
    bonus = total_of_scores([row for row in rows if row.kind == "bonus"])
    taken = abs(total_of_scores([row for row in rows if row.kind == "deduction"]))
    base, slack = total_of_scores(items), slack_of([row.score for row in rows])
    whole = base + bonus - taken
    yield Sum("", whole, slack, f"各项得分合计 {plain(whole)}")
    yield Sum("加分项不计入", base - taken, slack, f"各项得分合计 {plain(base - taken)}")
    yield Sum("扣分项不计入", base + bonus, slack, f"各项得分合计 {plain(base + bonus)}")
    yield Sum("最高计 100 分", min(whole, FULL), slack, f"各项得分合计 {plain(whole)}，最高计 100")
    yield from _rescaled(case, items, base, slack)
    yield from _with_outside(rule, case, whole, slack)


def _rescaled(case: Case, items: list[Indicator], base: Decimal, slack: Decimal) -> Iterator[Sum]:
    """Items declared 不适用 leave the sum, and the rest is brought to 100."""
    groups = [group for group in groups_of(main_table(case.report)) if group.is_item]
    applying = [group for group in groups if not all(is_not_applicable(row) for row in group.rows)]
    weights = [group.weight for group in applying]
    if len(applying) == len(groups) or any(weight is None for weight in weights):
        return
    full = _sum_of_weights(applying)
    if full > 0:
        value = base * FULL / full
        yield Sum(
            "不适用项目已折算",
            value,
            slack * FULL / full,
            f"得分合计 {plain(base)} ÷ 适用分值 {plain(full)} × 100 = {plain(round(value, 2))}",
        )
    del items


def _sum_of_weights(groups: list[ScoreGroup]) -> Decimal:
    return sum((group.weight.value for group in groups if group.weight is not None), Decimal(0))


def _with_outside(rule: Rule, case: Case, whole: Decimal, slack: Decimal) -> Iterator[Sum]:
    """The national form scores the execution rate outside the list: rate × 10 points."""
    listed = _sum_of_weights([group for group in groups_of(main_table(case.report)) if group.is_item])
    points = outside_points(rule, listed)
    rate = execution_rate(case)
    if not points or rate is None:
        return
    extra = min(rate.value / FULL, Decimal(1)) * points
    value = round(whole + extra, 2)
    yield Sum(
        "含预算执行率得分",
        value,
        slack + Decimal("0.01"),
        f"各项得分合计 {plain(whole)} + 预算执行率 {plain(round(extra, 2))} = {plain(value)}",
    )


def _evidence(rows: list[Indicator], totals: list[Fact], case: Case) -> tuple[Evidence, ...]:
    heads = [case.evidence(fact, "total" if position == 0 else "copy") for position, fact in enumerate(totals)]
    return present([*heads, *(case.evidence_of_cell(row.cells.get("score"), row, "addend") for row in rows)])


def _causes(residual: Decimal, rows: list[Indicator], totals: list[Fact]) -> tuple[Cause, ...]:
    """A total that was not updated (with its copies), a blank score, or one score that slipped."""
    total = _total_cause(residual, totals)
    single = [cause for row in rows if (cause := _row_cause(row, residual)) is not None]
    several = len(single) >= _MOST
    found = ([] if several else single) + [total]
    ordered = sorted(
        found, key=lambda cause: ("missing_entry", "transposition", "digit", "total_not_updated").index(cause.kind)
    )
    alone = len(single) == 0
    return tuple(
        Cause(c.kind, c.repair, rank, certain=alone and rank == 1) for rank, c in enumerate(ordered[:_MOST], start=1)
    )


def _total_cause(residual: Decimal, totals: list[Fact]) -> Cause:
    repairs = [
        Repair(fact.where, fact.raw or None, plain(trimmed(fact.quantity.value + residual)))
        for fact in totals
        if fact.where is not None and fact.quantity is not None
    ]
    return Cause("total_not_updated", tuple(repairs), 1, certain=False)


def _row_cause(row: Indicator, residual: Decimal) -> Cause | None:
    """One row that would close the sum within 0 … its weight."""
    cell = row.cells.get("score")
    if cell is None or cell.where is None or row.weight is None or row.kind != "item":
        return None
    old = row.score.value if row.score is not None else Decimal(0)
    new = old - residual
    if not 0 <= new <= row.weight.value or new == old:
        return None
    kind = "missing_entry" if cell.state == "blank" else kind_of_slip(old, new) or "digit"
    kind = kind if kind in ("missing_entry", "transposition") else "digit"
    return Cause(kind, (Repair(cell.where, cell.raw or None, plain(trimmed(new))),), 1, certain=False)
