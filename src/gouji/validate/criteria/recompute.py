"""S1: scores recomputed from the facts. S3: scores that can occur at all. G2: what the recomputed scores add up to.

claim ∈ some reading of some formula → pass; in none → fail where a formula is certain, else review; below all → a note

The department hears that its score does not follow from its figures, never what would: numbers stand in the expression.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.validate.case import present
from gouji.validate.criteria.kinds import (
    ZERO,
    Bands,
    Checklist,
    Events,
    Linear,
    Range,
    Scores,
    Unreadable,
)
from gouji.validate.criteria.kinds import (
    Case as WordedCase,
)
from gouji.validate.criteria.rows import Recomputed, ScoredRow, full_of, reading_name
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement, replaced
from gouji.validate.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Evidence, Verdict
    from gouji.model.quantity import Quantity
    from gouji.patterns.formula import Band
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_POINT_DECIMALS = 2
_PART = re.compile(
    r"[①-⑳]|第[\d一二三四五六七八九十]+[条项点款]|扣(?:了|除)?\s*0?\.\d|部分得分"
)  # which item earned a part of its points
_HALF = Decimal("0.5")
_BEST = Decimal(100)  # bonus points leave a score in the highest grade


def check_criterion_scores(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S1: a judgement for every row that disagrees; else one that stands for all."""
    del rule
    judged = [_judge_score(row, case) for row in case.scored_rows if not _is_prior(row)]
    bad = [judgement for judgement in judged if judgement is not None and judgement.verdict in ("fail", "review")]
    yield from bad
    open_rows = [row for row in case.scored_rows if _is_open(row)]
    if open_rows:
        slots = {"缺": "；".join(f"{row.name}（{_why_open(row)}）" for row in open_rows)}
        yield Judgement("undecided", "criteria.open", slots)
    elif not bad:
        yield Judgement("pass", "criteria.pass") if any(judged) else NOT_APPLICABLE


def check_criterion_scores_prior(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S1-prior: the rows that only last year's report makes computable."""
    del rule
    rows = [row for row in case.scored_rows if _is_prior(row)]
    judged = [judgement for row in rows if (judgement := _judge_score(row, case)) is not None]
    bad = [judgement for judgement in judged if judgement.verdict in ("fail", "review")]
    yield from bad
    if not bad:
        yield Judgement("pass", "criteria.pass") if judged else NOT_APPLICABLE


def _is_prior(row: ScoredRow) -> bool:
    """Whether every value of its ratio rests on another report."""
    found = row.standard_recomputed
    return bool(found) and all(item.ratio.beyond for item in found)


def _is_open(row: ScoredRow) -> bool:
    """Whether the form has the cells but they hold no number, or the divisor is 0."""
    readable = isinstance(row.criterion, Linear | Bands) and row.claim is not None and row.weight is not None
    if row.standard is None or not row.standard.ratios:
        return False
    return readable and not row.readings.values and (row.readings.unfilled or bool(row.readings.undefined))


def _why_open(row: ScoredRow) -> str:
    if row.readings.undefined:
        return f"{row.readings.undefined[0]} 为 0"
    return f"缺 {'、'.join(row.readings.missing)}"


def _judge_score(row: ScoredRow, case: Case) -> Judgement | None:
    """None where nothing can be recomputed."""
    claim, found = row.claim, row.standard_recomputed
    if not found or claim is None or row.weight is None or full_of(row.criterion) != row.weight:
        return None
    scores = [scores for item in found for scores in item.scores]
    if any(_holds(item, claim) for item in scores):
        return Judgement("pass", "criteria.pass")
    if all(claim.value < item.low for item in scores):
        return replaced(_disagreement(row, claim, found, "under", case), severity="note")
    other = tuple(item for item in row.recomputed if item.ratio.explains and any(_holds(s, claim) for s in item.scores))
    rounded = any(_is_rounded(item, claim.value) for item in scores)
    certain = any(item.ratio.certain for item in found) and not rounded and not other
    return _disagreement(row, claim, (*found, *other), "fail" if certain else "review", case)


def _disagreement(
    row: ScoredRow, claim: Quantity, told: tuple[Recomputed, ...], say: Literal["fail", "review", "under"], case: Case
) -> Judgement:
    """The numbers stand in the expression only."""
    slots = {"项": row.name, "得分": plain(claim.value), "说明": _notes(told, claim.value) if say != "under" else ""}
    evidence = present([*_cells(row, case), *(cell for item in told for cell in item.ratio.evidence)])
    expression = f"自评得分 {plain(claim.value)}；" + "；".join(write_recomputed(item) for item in told)
    verdict: Verdict = "fail" if say == "fail" else "review"
    return Judgement(verdict, f"criteria.{say}", slots, expression, evidence=evidence, suffix=row.name)


def _holds(scores: Scores, claim: Quantity) -> bool:
    """Points are exact; in proportion they are rounded to the decimals printed."""
    slack = claim.half_step if claim.decimals and scores.reading == "proportional" else ZERO
    return scores.holds(claim.value, slack)


def _is_rounded(scores: Scores, claim: Decimal) -> bool:
    """Whether a whole claim may be the nearest whole number: no failure then."""
    whole = claim == claim.to_integral_value()
    return whole and scores.low - _HALF < claim < scores.high + _HALF


def _notes(found: tuple[Recomputed, ...], claim: Decimal) -> str:
    notes = dict.fromkeys(item.ratio.note for item in found if item.ratio.note)
    prose = any(not item.ratio.certain and not item.ratio.note for item in found)
    standard = [scores for item in found if not item.ratio.explains for scores in item.scores]
    rounded = any(_is_rounded(scores, claim) for scores in standard)
    told = [*notes, *(["部分数字取自正文"] if prose else []), *(["得分可能经过取整"] if rounded else [])]
    return f"（{'；'.join(told)}）" if told else ""


def _cells(row: ScoredRow, case: Case) -> list[Evidence | None]:
    roles = (("score", "score"), ("weight", "total"), ("criterion", "criterion"))
    return [case.evidence_of_cell(row.row.cells.get(cell), row.row, relation) for cell, relation in roles]


def write_recomputed(item: Recomputed) -> str:
    """人员编制 36人，实有人数 38人 … = 105.556%：满一个百分点才扣 2.5 分，不足一个按一个扣 2 分，按比例扣 2.22 分"""
    parts = [f"{reading_name(scores.reading)} {write_points(scores.low, scores.high)} 分" for scores in item.scores]
    note = f"（{item.ratio.note}）" if item.ratio.note else ""
    return f"{item.ratio.text}{note}：{'，'.join(parts)}"


def write_points(low: Decimal, high: Decimal) -> str:
    """2.5, 2.2–2.3"""
    ends = dict.fromkeys(plain(trimmed(round(value, _POINT_DECIMALS))) for value in (low, high))
    return "–".join(ends)


def check_criterion_allowed(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S3: a judgement for every row whose score its criterion cannot give."""
    del rule
    closed = [(row, allowed) for row in case.scored_rows if (allowed := _allowed(row)) is not None]
    bad = [judgement for row, allowed in closed if (judgement := _judge_allowed(row, allowed, case)) is not None]
    yield from bad
    if not bad:
        yield Judgement("pass", "allowed.pass") if closed else NOT_APPLICABLE


def _allowed(row: ScoredRow) -> tuple[Decimal, ...] | None:
    """The scores that can occur, where the criterion is closed and its points are the weight's."""
    criterion = row.criterion
    if row.claim is None or isinstance(criterion, Unreadable | Linear) or full_of(criterion) != row.weight:
        return None
    return _allowed_by(criterion)


@lru_cache(maxsize=4096)
def _allowed_by(criterion: Bands | Checklist | Events | WordedCase) -> tuple[Decimal, ...] | None:
    return criterion.allowed()


def stepped_scores(row: ScoredRow) -> frozenset[Decimal] | None:
    """The scores of a criterion in steps, None for any other: of a list of items people give parts."""
    scores = _allowed(row) if isinstance(row.criterion, Bands | WordedCase) else None
    return None if scores is None else frozenset(scores)


def _judge_allowed(row: ScoredRow, allowed: tuple[Decimal, ...], case: Case) -> Judgement | None:
    claim = row.claim
    if claim is None or row.weight is None or claim.value in allowed or not ZERO <= claim.value <= row.weight:
        return None
    slots = {"项": row.name, "得分": plain(claim.value), "方式": _way(row)}
    expression = (
        f"自评得分 {plain(claim.value)}，评分标准可能的得分：{'、'.join(plain(trimmed(score)) for score in allowed)}"
    )
    if isinstance(row.criterion, Checklist) and _PART.search(row.row.reason or ""):
        return None
    verdict: Verdict = "review" if isinstance(row.criterion, Checklist) else "fail"
    return Judgement(
        verdict, f"allowed.{verdict}", slots, expression, evidence=present(_cells(row, case)), suffix=row.name
    )


def _way(row: ScoredRow) -> str:
    match row.criterion:
        case Bands():
            return "分档计分"
        case Events():
            return "按次扣分"
        case WordedCase():
            return "分情形计分"
        case _:
            return "逐条计分"


def _range_of(band: Band) -> Range:
    return Range(band.low, band.high, band.low_open, band.high_open)


class _Total(NamedTuple):
    """Σ of what was claimed, and of the recomputed intervals, over the rows that were recomputed."""

    claimed: Decimal
    low: Decimal
    high: Decimal
    rows: tuple[str, ...]


def check_criterion_total(rule: Rule, case: Case) -> Iterator[Judgement]:
    """G2: the total with the recomputed rows replaced, and its grade."""
    del rule
    total = _total_of(case)
    fact = next(
        (f for c in ("performance.score", "scoring.score_total") if (f := case.main.fact(c)) and f.quantity), None
    )
    if not total.rows or fact is None or fact.quantity is None:
        yield NOT_APPLICABLE
        return
    printed = fact.quantity.value
    low, high = printed + total.low - total.claimed, printed + total.high - total.claimed
    capped = Span(min(low, _BEST), min(low, _BEST), min(high, _BEST))
    grades = [grade.name for grade in case.rules.grades.grades if _range_of(grade.band).meets(capped)]
    slots = {
        "数": str(len(total.rows)), "项": "、".join(total.rows), "填报": plain(printed),
        "区间": write_points(low, high), "等次": "或".join(grades),
    }  # fmt: skip
    verdict: Verdict = "pass" if low <= printed <= high else "review"
    expression = f"填报 {plain(printed)} 分；重算 {write_points(low, high)} 分"
    yield Judgement(verdict, f"total.{verdict}", slots, expression, evidence=present([case.evidence(fact, "total")]))


def _total_of(case: Case) -> _Total:
    claimed, low, high = ZERO, ZERO, ZERO
    names: list[str] = []
    for row in case.scored_rows:
        found = row.standard_recomputed
        if row.claim is None or not found or full_of(row.criterion) != row.weight:
            continue
        scores = [scores for item in found for scores in item.scores]
        names.append(row.name)
        claimed += row.claim.value
        low += min(score.low for score in scores)
        high += max(score.high for score in scores)
    return _Total(claimed, low, high, tuple(names))
