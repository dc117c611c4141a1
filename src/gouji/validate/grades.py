"""G1: the grade by the score's band. G3: the grade's wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gouji.patterns.formula import Band, Within
from gouji.text.labels import normalise_label
from gouji.validate.case import present
from gouji.validate.expression import plain
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.span import Span, span_of

if TYPE_CHECKING:
    from gouji.model.finding import Evidence, Severity, Verdict
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_FULL = 100
_TAIL = re.compile(r"(?:[(（].*[)）]|等次|等级|等|级|档|。)+$")


class Graded(NamedTuple):
    """The score and the grade of a report."""

    score: Fact | None
    grade: Fact | None
    word: str | None
    evidence: tuple[Evidence, ...]


def judge_bands(rule: Rule, case: Case) -> Iterator[Judgement]:
    """The grade must be one whose band the score may lie in. A score above 100 (bonus points) is in the highest band."""
    graded = _graded(rule, case)
    states = {_state(graded.score), _state(graded.grade)}
    bands = _bands(rule, case)
    spans = _score_spans(graded.score, case)
    if "absent" in states or states <= {"blank", "missing"}:  # a form that asks for no grade has none to lack
        yield NOT_APPLICABLE
    elif graded.word is None or not spans:
        missing = "评价等次" if graded.word is None else "综合得分"
        yield Judgement("undecided", "grade.open", {"缺": missing}, evidence=graded.evidence)
    elif graded.word not in bands:
        yield NOT_APPLICABLE
    else:
        yield _judge_grade(rule, case, graded, bands[graded.word], spans)


def _graded(rule: Rule, case: Case) -> Graded:
    value, result = rule.readings[0].refs
    score, grade = (case.main.fact(ref.concept) or _told(ref.concept, case) for ref in (value, result))
    evidence = [case.evidence(fact, word) for fact, word in ((score, "value"), (grade, "result")) if fact is not None]
    return Graded(score, grade, word_of(grade), present(evidence))


def _told(concept: str, case: Case) -> Fact | None:
    """What sentences say where no table does; None where they say several things."""
    facts = [fact for fact in case.by_concept.get(concept, ()) if fact.origin == "prose" and fact.main]
    own = [fact for fact in facts if fact.period in (None, case.report.fiscal_year)]
    return own[0] if len({fact.raw for fact in own}) == 1 else None


def _judge_grade(rule: Rule, case: Case, graded: Graded, band: Band, spans: list[Span]) -> Judgement:
    quantity = graded.score.quantity if graded.score is not None else None
    printed = plain(quantity.value) if quantity is not None else ""
    word = graded.word or ""
    basis = case.rules.grades.basis
    slots = {"得分": printed, "等次": word, "依据": basis.document if basis is not None else "规定"}
    expression = f"综合得分 {printed}，评价等次 {word}（{word}：{write_band(band)}）"
    fits = [_may_hold(band, span) for span in spans]
    if all(fits):
        return Judgement("pass", "grade.pass", slots, expression, evidence=graded.evidence)
    if any(fits):
        return Judgement(
            "undecided", "undecided.copies", slots | {"缺": "综合得分"}, expression, evidence=graded.evidence
        )
    severity: Severity = "hard" if basis is not None and basis.verified else rule.severity
    told = any(fact is not None and fact.origin == "prose" for fact in (graded.score, graded.grade))
    verdict: Verdict = "review" if told else "fail"
    return Judgement(verdict, "grade.fail", slots, expression, evidence=graded.evidence, severity=severity)


def _state(fact: Fact | None) -> str:
    return fact.state if fact is not None else "absent"


def _bands(rule: Rule, case: Case) -> dict[str, Band]:
    """Words and aliases → bands: the rule's own, else the region's."""
    own = {r.source: r.formula.band for r in rule.readings[1:] if isinstance(r.formula, Within)}
    if own:
        return own
    return {word: grade.band for grade in case.rules.grades.grades for word in (grade.name, *grade.aliases)}


def word_of(fact: Fact | None) -> str | None:
    """The grade word as printed, without decorations (优（90分）, 优等)."""
    if fact is None or not isinstance(fact.value, str):
        return None
    label = normalise_label(fact.value).strip("“”\"'")
    return _TAIL.sub("", label) or label or None


def _score_spans(score: Fact | None, case: Case) -> list[Span]:
    """The score, and what a conflicting 总分 says instead."""
    if score is None or score.quantity is None:
        return []
    quantities = [fact.quantity for fact in (score, case.main.fact("scoring.score_total")) if fact is not None]
    return [span for quantity in quantities if quantity is not None and (span := span_of(quantity)) is not None]


def _may_hold(band: Band, span: Span) -> bool:
    if band.high == _FULL and span.low > _FULL:
        return True
    return (
        any(band.holds(value) for value in (span.low, span.mid, span.high))
        or span.low < band.low <= band.high < span.high
    )


def write_band(band: Band) -> str:
    """[90,100]"""
    return f"{'(' if band.low_open else '['}{plain(band.low)},{plain(band.high)}{')' if band.high_open else ']'}"


def check_grade_words(rule: Rule, case: Case) -> Iterator[Judgement]:
    """The grade is one of the region's words."""
    del rule
    fact = case.main.fact("performance.grade")
    words = [grade.name for grade in case.rules.grades.grades]
    if fact is None or fact.state == "missing" or not words:
        yield NOT_APPLICABLE
        return
    evidence = present([case.evidence(fact, "result")])
    slots = {"等次": fact.raw, "用语": "、".join(words)}
    word = word_of(fact)
    if word is None:
        yield Judgement("undecided", "word.open", slots, evidence=evidence)
    elif word in words:
        yield Judgement("pass", "word.pass", slots, evidence=evidence)
    else:
        yield Judgement("fail", "word.fail", slots, f"评价等次 {fact.raw}", evidence=evidence)
