"""S9: the inverse reading. A claimed score admits to a ratio; the facts, a sentence or the reason may say another.

三公经费控制率 4/6，每超过1个百分点扣1分  →  102% ≤ 控制率 < 103%      正文：控制率98%      they cannot both be right

For the bureau only: a score's interval never goes back to the department.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import present
from gouji.validate.criteria.bands import percent
from gouji.validate.criteria.kinds import Bands, Implied, Linear, Range
from gouji.validate.criteria.rows import ScoredRow, full_of, reading_name
from gouji.validate.criteria.stated import goal_percentages
from gouji.validate.expression import plain
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Evidence, Severity
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.span import Span

_AMOUNT = 100


class _Known(NamedTuple):
    """A value of the ratio, who says it, and where. `stated`: by the report in words, not by its figures."""

    span: Span
    said: str
    evidence: tuple[Evidence | None, ...]
    stated: bool = False


def check_criterion_inverse(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A judgement for every row whose claim admits to another ratio than the report gives.

    Where only the figures disagree the department has heard of it by S1: a note.
    """
    del rule
    judged = [judgement for row in case.scored_rows if (judgement := _judge(row, case)) is not None]
    bad = [judgement for judgement in judged if judgement.verdict == "review"]
    yield from bad
    if not bad:
        yield Judgement("pass", "inverse.pass") if judged else NOT_APPLICABLE


def _judge(row: ScoredRow, case: Case) -> Judgement | None:
    """None where the claim admits to nothing, or nothing else is known of the ratio."""
    known = [
        *_facts(row),
        *(_Known(s.span, f"报告写明“{s.text}”", (s.evidence,), stated=True) for s in row.stated),
    ]
    implied = implied_by(row) if known else ()
    if not implied or row.claim is None:
        return None
    if all(any(admitted.range.meets(item.span) for admitted in implied) for item in known):
        return Judgement("pass", "inverse.pass")
    lenient = implied_by(row, lenient=True)
    other = [item for item in known if not any(admitted.range.meets(item.span) for admitted in lenient)]
    if not other:
        return Judgement("pass", "inverse.pass")
    if any(item.stated and item not in other for item in known) or _is_told_by_goal(row, lenient, case):
        other = [item for item in other if not item.stated]  # several rates of one name: one of them is the row's
    if not other or (not any(item.stated for item in other) and len(other) < len(known)):
        return Judgement("pass", "inverse.pass")
    texts = [f"{_reading(admitted)}{write_range(admitted.range)}" for admitted in implied]
    slots = {
        "项": row.name, "得分": plain(row.claim.value), "区间": "，".join(texts), "另": "；".join(i.said for i in other),
    }  # fmt: skip
    score = case.evidence_of_cell(row.row.cells.get("score"), row.row, "score")
    evidence = present([score, *(cell for item in other for cell in item.evidence)])
    expression = f"自评得分 {plain(row.claim.value)} → {slots['区间']}；{slots['另']}"
    severity: Severity | None = None if any(item.stated for item in other) else "note"
    return Judgement(
        "review", "inverse.review", slots, expression, evidence=evidence, suffix=row.name, severity=severity
    )


def _is_told_by_goal(row: ScoredRow, lenient: tuple[Implied, ...], case: Case) -> bool:
    """Whether a goal of the row's name tells a percentage that the claim admits to."""
    spans = goal_percentages(row.standard, case) if row.standard is not None else ()
    return any(admitted.range.meets(span) for span in spans for admitted in lenient)


def implied_by(row: ScoredRow, *, lenient: bool = False) -> tuple[Implied, ...]:
    """The values that the claimed score admits to; () where the criterion does not say. `lenient`: a whole score may be rounded."""
    claim = row.claim
    if claim is None or not isinstance(row.criterion, Linear | Bands) or full_of(row.criterion) != row.weight:
        return ()
    whole = Decimal("0.5") if lenient else Decimal(0)
    return row.criterion.inverse(claim.value, claim.half_step if claim.decimals else whole)


def _facts(row: ScoredRow) -> Iterator[_Known]:
    """What the facts give, all formulas as one: one that agrees is enough."""
    for item in row.standard_recomputed if row.readings.values else ():
        note = f"（{item.ratio.note}）" if item.ratio.note else ""
        yield _Known(item.ratio.span, f"本表 {item.ratio.text}{note}", item.ratio.evidence)


def _reading(implied: Implied) -> str:
    return "" if implied.reading == "exact" else f"{reading_name(implied.reading)}："


def write_range(values: Range) -> str:
    """102%（含）至 103%（不含）"""
    low, high = (None if end is None else _write_end(end) for end in (values.low, values.high))
    if low is not None and low == high:
        return low
    marks = ["不含" if is_open else "含" for is_open in (values.low_open, values.high_open)]
    if low is None:
        return f"{high}（{marks[1]}）以下"
    return f"{low}（{marks[0]}）以上" if high is None else f"{low}（{marks[0]}）至 {high}（{marks[1]}）"


def _write_end(value: Decimal) -> str:
    return percent(value) if abs(value) <= _AMOUNT else f"{plain(value)}元"
