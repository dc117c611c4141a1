"""Ratios that the report states itself: in a sentence, in the reason beside the score, in the measured value of the row.

预算执行率为98.16%                                    Stated(0.9815 … 0.9818, "预算执行率为98.16%")
三公经费决算9.86万元，比上年减少1.42万元，下降12.59%      Stated(−0.1259, …)          a change
问卷满意度92%                                          the reason of the row itself

Targets (不低于, 目标 …), other years and parts of the whole (其中：公务接待费) are left alone.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.finding import Evidence
from gouji.text.labels import fold_name, label_key
from gouji.validate.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import Goal, Indicator, Report, Section
    from gouji.patterns.criteria import StandardIndicator
    from gouji.validate.case import Case

_SENTENCE = re.compile(r"[^。；;\n]+")
_TARGET = re.compile(r"目标|不低于|不少于|不高于|不超过|以上|以内|预期|计划|力争|确保|标准|要求|[≥≤>]|扣|应为|达不到")
_PART = "(?!.{0,40}(?:接待|用车|公车|出国|其中|会议|培训|项目))"
_GAP = r"[^。；;\n%]{0,40}?"
_VALUE = r"(?P<value>\d+(?:\.(?P<decimals>\d+))?)%"
_FALL, _RISE = "下降|减少|降低|压减|节约", "增长|增加|上升|提高"
_CHANGE = rf"(?P<between>[^。；;\n%]{{0,24}}?)(?P<word>{_FALL}|{_RISE})(?:了|率?为|幅度为|约)?{_VALUE}"
_RATE = rf"(?:分别|已|均)?(?:为|是|达到?|[:,])?{_VALUE}"
_OWN = re.compile(rf"(?:率|度|占比|比例|完成|执行|调查)(?:为|达到?|仅)?{_VALUE}")
_GOAL = re.compile(_VALUE)
_YEAR = re.compile(r"(20\d\d)年")
_OTHER_TIME = re.compile(r"下一?年|明年|上半年|季度|月份|截至\d+月")
_HUNDRED = Decimal(100)


class Stated(NamedTuple):
    """A ratio as the report states it. `own`: in the row itself, as its reason or its measured value."""

    span: Span
    text: str
    evidence: Evidence | None
    own: bool = False


def stated_ratios(standard: StandardIndicator, row: Indicator, case: Case) -> tuple[Stated, ...]:
    """What the row, then the narrative, say of an indicator's ratio."""
    return (*_of_row(standard, row, case), *_of_narrative(standard, case))


def goal_percentages(standard: StandardIndicator, case: Case) -> tuple[Span, ...]:
    """What goals of the indicator's name tell as their result: 满意度达到95%, 96%."""
    goals = [goal for goal in case.report.goals if goal.result and ("%" in goal.result or "％" in goal.result)]
    found = [_GOAL.search(fold_name(goal.result or "")) for goal in goals if _is_of(standard, goal)]
    return tuple(_span_of(match, standard) for match in found if match is not None)


def is_a_goal(standard: StandardIndicator, case: Case) -> bool:
    """Whether a goal of the indicator's name has a cell for its result."""
    return any(_is_of(standard, goal) for goal in case.report.goals)


def _is_of(standard: StandardIndicator, goal: Goal) -> bool:
    return any(key in label_key(f"{goal.kind or ''}{goal.target}") for key in standard.keys)


def _of_row(standard: StandardIndicator, row: Indicator, case: Case) -> Iterator[Stated]:
    text = fold_name(row.reason or "")
    if text.count("%") == 1 and not _TARGET.search(text):
        found = list((_changes() if standard.is_change else _OWN).finditer(text))
        if len(found) == 1:
            reason = row.cells.get("reason")
            yield Stated(_span_of(found[0], standard), text, case.evidence_of_cell(reason, row, "witness"), own=True)
    actual = _GOAL.fullmatch(fold_name(row.actual)) if row.actual and not standard.is_change else None
    if actual is not None:
        where = row.cells.get("actual")
        evidence = case.evidence_of_cell(where, row, "witness") if where is not None else None
        yield Stated(_span_of(actual, standard), f"实际完成值 {row.actual}", evidence, own=True)


def _of_narrative(standard: StandardIndicator, case: Case) -> Iterator[Stated]:
    pattern = _pattern_of(standard.prose, change=standard.is_change)
    if pattern is None:
        return
    for section, sentence, text in case.percentages:
        match = pattern.search(text)
        if match is not None and _is_one_way(match):
            evidence = case.evidence_of_text(section.where, f"正文“{section.title}”", sentence, "witness")
            yield Stated(_span_of(match, standard), match.group(), evidence)


def percentages_of(report: Report) -> Iterator[tuple[Section, str, str]]:
    """Sentences of the narrative with a percentage of this year that is no target: section, as written, folded."""
    for section in report.sections:
        if "%" not in section.text and "％" not in section.text:
            continue
        for sentence in _SENTENCE.finditer(section.text):
            text = fold_name(sentence.group())
            if "%" in text and _is_this_years(text, report.fiscal_year) and not _TARGET.search(text):
                yield section, sentence.group(), text


@lru_cache(maxsize=256)
def _pattern_of(heads: tuple[str, ...], *, change: bool) -> re.Pattern[str] | None:
    """三公经费…同比 → the head, the gap, the word, then the percentage."""
    if not heads:
        return None
    words = "|".join(_PART.join(["", _GAP.join(re.escape(part) for part in head.split("…"))]) for head in heads)
    return re.compile(f"(?:{words}){_CHANGE if change else _RATE}")


@lru_cache(maxsize=1)
def _changes() -> re.Pattern[str]:
    return re.compile(rf"(?P<between>)(?P<word>{_FALL}|{_RISE})(?:了|率?为|约)?{_VALUE}")


def _is_one_way(match: re.Match[str]) -> bool:
    """增加（减少）3.12万元，增长（下降）9.09% says nothing."""
    between = match.groupdict().get("between") or ""
    word = match.groupdict().get("word")
    if word is None:
        return True
    opposite = _RISE if re.fullmatch(_FALL, word) else _FALL
    return "(" not in between and not re.search(opposite, between)


def _is_this_years(text: str, year: int | None) -> bool:
    return {int(found) for found in _YEAR.findall(text)} <= {year} and not _OTHER_TIME.search(text)


def _span_of(match: re.Match[str], standard: StandardIndicator) -> Span:
    """Percentages are often cut, not rounded: [v − ½u, v + u)."""
    unit = Decimal(1).scaleb(-len(match["decimals"] or "")) / _HUNDRED
    value = Decimal(match["value"]) / _HUNDRED
    word = match.groupdict().get("word")
    if standard.is_change and word is not None and re.fullmatch(_FALL, word):
        return Span(-value - unit, -value, -value + unit / 2)
    return Span(value - unit / 2, value, value + unit)
