"""N3 and N2: a stated ratio against the counts beside it.

应办120件，办结118件，办结率100%           118/120 = 98.33 %           → told
受理120件，办结118件，按时办结率100%        of those done: another ratio  → nothing
发放问卷50份，满意率95.3%                  no k/50 prints as 95.3 %      → told to the bureau
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered

_RATE = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,12})率(?:均|都)?(?:为|达到?了?|是|保持在)?\s*$")
_COUNTED = {"count", "money"}
_PAPERS = re.compile(r"满意度(?=(?:调查|测评|评价|征求意见)?(?:问卷|表|调查|测评))")  # names the paper, no mean
_OF_WHICH = "其中"
_FINISHED = "到位"  # 整改到位45处
_PAIR = 2
_STEM = 2
_HUNDRED = Decimal(100)


class Stated(NamedTuple):
    """A percentage with the name of its rate, and the counts that stand before it."""

    numbered: Numbered
    percent: Figure
    name: str
    counts: tuple[Figure, ...]


def _stated(case: Case) -> Iterator[Stated]:
    """Every rate of a sentence that also holds counts."""
    for numbered in case.numbered:
        kinds = {figure.kind for figure in numbered.figures}
        if "percent" not in kinds or not kinds & _COUNTED:
            continue
        for percent in numbered.figures:
            match = _RATE.search(numbered.text_before(percent)) if percent.kind == "percent" else None
            if match is not None:
                counts = (f for f in numbered.figures if f.kind in _COUNTED and f.start < percent.start)
                yield Stated(numbered, percent, match["name"], tuple(counts))


# --- N3 -----------------------------------------------------------------------------------------------------------------


def check_ratios(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    found: list[Told] = []
    compared = False
    for stated in _stated(case):
        pair = _parts_of(stated, case)
        if pair is not None:
            compared = True
            if not _closes(*pair, stated.percent):
                found.append(_told(stated, pair, case))
    yield from judge_told(found, compared=compared)


def _parts_of(stated: Stated, case: Case) -> tuple[Figure, Figure] | None:
    """The part and the whole: two counts of one unit, the later named as the rate is, the earlier as what was to be handled."""
    words = case.rules.lexicon
    text = stated.numbered.sentence.text
    odd = has_any(stated.name, words["qualified"]) or has_any(text.replace(_OF_WHICH, ""), words["partial"])
    if odd or tells_other_year(text, case):
        return None
    for whole, part in pairwise(stated.counts):
        same = [figure for figure in stated.numbered.figures if figure.unit == part.unit]
        if whole.unit == part.unit and len(same) == _PAIR and _is_rate_of(stated, part, whole, case):
            return part, whole
    return None


def _is_rate_of(stated: Stated, part: Figure, whole: Figure, case: Case) -> bool:
    """Whether the rate is of these two: 受理120件, 办结118件, 办结率; not 当场办结80件, nor 整改率 of 检查120家."""
    numbered, stem = stated.numbered, stated.name[-_STEM:]
    before, at_part = numbered.clause_before(whole), numbered.clause_before(part)
    fillers = any_of(case.rules.lexicon["fillers"])
    rest = fillers.sub("", at_part.replace(stem, "").replace(_OF_WHICH, "")).strip()
    return (
        fillers.sub("", stated.name[:-_STEM]) in before + at_part
        and rest in before + _FINISHED
        and _is_named(stem, numbered, part, whole)
        and has_any(before, case.rules.lexicon.bases.get(stem, ()))
    )


def _is_named(stem: str, numbered: Numbered, part: Figure, whole: Figure) -> bool:
    """Whether the stem of the rate (办结) stands right before or right after the part's number, not negated, and not so at the whole's."""
    before, after = numbered.clause_before(part), re.split(r"[,;:()、。]", numbered.text_after(part))[0]
    negated = re.search(rf"[不未没无应待拟须需]\w?{stem}", before + after) is not None
    said = re.search(rf"{stem}(?:数|了|共|率|{_FINISHED})?\s*$", before) or re.match(
        rf"\s*(?:已|均|全部)?{stem}", after
    )
    at_whole = re.search(rf"(?<![应须需待拟]){stem}\s*$", numbered.clause_before(whole))
    return said is not None and not negated and at_whole is None


def _closes(part: Figure, whole: Figure, percent: Figure) -> bool:
    """Whether some values of the two counts print as the percentage, rounded, cut or raised."""
    low, high = whole.low, whole.high
    if low is None or high is None or low <= 0 or part.low is None or part.high is None:
        return True
    least, most = _HUNDRED * part.low / high, _HUNDRED * part.high / low
    under, over = _printed_range(percent)
    return (over is None or least < over) and (under is None or most > under)


def _printed_range(percent: Figure) -> tuple[Decimal | None, Decimal | None]:
    """(v − one step, v + one step): a ratio may be rounded, cut or raised; a hedge has its own ends."""
    if percent.hedged:
        low = None if percent.low is None else percent.low - percent.step
        return low, None if percent.high is None else percent.high + percent.step
    return percent.value - percent.step, percent.value + percent.step


def _told(stated: Stated, pair: tuple[Figure, Figure], case: Case) -> Told:
    part, whole = pair
    text = f"“{stated.numbered.around(part, whole, stated.percent)}”，{part.raw}、{whole.raw}与{stated.name}率 {stated.percent.raw} 不相当"
    return Told(text, (stated.numbered.sentence.evidence(case),))


# --- N2 -----------------------------------------------------------------------------------------------------------------


def check_grim(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: rates of a survey that no whole number of answers gives."""
    stated = [
        item
        for item in _stated(case)
        if _is_survey(item, case) and _is_of_unit(item, rule) and _parts_of(item, case) is None
    ]
    found = [_told_grim(item, case) for item in stated if not any(_is_possible(n, item.percent) for n in item.counts)]
    yield from judge_told(found, compared=bool(stated))


def _is_survey(stated: Stated, case: Case) -> bool:
    """A survey with one or two exact counts (发放, 收回) of one unit before an exact rate that is no mean."""
    words = case.rules.lexicon
    text = stated.numbered.sentence.text
    exact = [f for f in (*stated.counts, stated.percent) if not f.hedged]
    return (
        has_any(text, words["surveys"])
        and not has_any(_PAPERS.sub("", text), words["averaged"])
        and 1 <= len(stated.counts) <= _PAIR
        and len(exact) == len(stated.counts) + 1
        and {figure.kind for figure in stated.counts} == {"count"}
        and len({figure.unit for figure in stated.counts}) == 1
        and stated.percent.value <= _HUNDRED
        and not tells_other_year(text, case)
    )


def _is_of_unit(stated: Stated, rule: Rule) -> bool:
    """Whether the rate can be of what is counted: answers of people, tests of samples."""
    stem, unit, options = stated.name[-_STEM:], stated.counts[0].unit, rule.options
    opinion = stem in options.get("opinions", ()) and unit in options.get("people", ())
    return opinion or (stem in options.get("tests", ()) and unit in options.get("samples", ()))


def _is_possible(count: Figure, percent: Figure) -> bool:
    """Whether k of n prints as the percentage for some whole k."""
    if count.value <= 0:
        return True
    k = (percent.value * count.value / _HUNDRED).to_integral_value()
    return any(abs(_HUNDRED * (k + away) / count.value - percent.value) < percent.step for away in (-1, 0, 1))


def _told_grim(stated: Stated, case: Case) -> Told:
    numbers = "、".join(figure.raw for figure in stated.counts)
    text = f"“{stated.numbered.around(stated.percent)}”，按 {numbers} 计算，得不出 {stated.percent.raw}"
    return Told(text, (stated.numbered.sentence.evidence(case),))
