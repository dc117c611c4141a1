"""N4: a promised frequency against the count told in the same paragraph.

每季度召开一次安全例会，全年召开安全例会3次        4 promised, 3 told        → told to the bureau
实行“一月一通报”制度……编发《督察通报》2期         12 promised, 2 told       → told
自7月起每月通报一次，共通报6次                    begun within the year     → nothing
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered
    from gouji.validate.prose.text import Passage

_NUMBERS = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4}
_BEGUN = re.compile(r"[自从]\d{1,2}月|\d{1,2}月份?(?:\d{1,2}日)?(?:起|开始|之?后)|下半年|年中")  # within the year
_EVERY = "每"
_TIMES_A_YEAR = "次期场轮份篇"


class Promise(NamedTuple):
    """A frequency: the fewest times a year that keep it, of what, in which unit, where it is promised."""

    times: int
    thing: str
    unit: str
    said: str
    end: int


def check_frequency(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    found: list[Told] = []
    compared = False
    for passage in case.passages if has_any(case.said, case.rules.lexicon.rates) else ():
        for promise in _promises(passage, case):
            counts = [(n, f) for n, f in _counts_after(passage, promise, case) if _is_of(promise, n, f)]
            compared = compared or bool(counts)
            kept = has_any(passage.text, case.rules.lexicon["lapses"])
            if counts and not kept and all(f.high is not None and f.high < promise.times for _, f in counts):
                found.append(_told(promise, *counts[0], case))
    yield from judge_told(found, compared=compared)


def _promises(passage: Passage, case: Case) -> Iterator[Promise]:
    """每季度召开一次例会, 每月不少于2次, 一月一通报; not where it began within the year."""
    words = case.rules.lexicon
    if not has_any(passage.text, words.rates):
        return
    for match in _pattern(tuple(words.rates)).finditer(passage.text):
        before = passage.text[max(0, match.start() - 12) : match.start()]
        if _BEGUN.search(passage.text, match.start() - len(before), match.end() + 16) is not None:
            continue
        thing = match["short"] or _thing(match["words"], match["more"], words["promise_fillers"])
        if len(thing) > 1 and not has_any(before, words["partial"]) and not tells_other_year(before, case):
            times = words.rates[match["every"] or match["month"]] * _NUMBERS.get(match["number"] or "", 1)
            yield Promise(times, thing, match["unit"] or "", match.group(), match.end())


def _thing(before: str, after: str, fillers: tuple[str, ...]) -> str:
    """What is promised: the words behind 一次, else those before it, without verbs and 制度."""
    clean = any_of(fillers)
    return clean.sub("", after) or clean.sub("", before)


@lru_cache(maxsize=8)
def _pattern(periods: tuple[str, ...]) -> re.Pattern[str]:
    """每季度召开一次例会 | 每月通报一次 | 一月一通报: 一月 alone is January."""
    every = any_of(tuple(period for period in periods if period.startswith(_EVERY))).pattern
    month = any_of(tuple(period for period in periods if not period.startswith(_EVERY))).pattern
    once = rf"(?P<number>[{''.join(_NUMBERS)}])\s*(?P<unit>[{_TIMES_A_YEAR}])(?!以)"
    told = rf"(?P<words>[^,。;:、()\d]{{0,12}}?){once}(?P<more>[\u4e00-\u9fff]{{0,8}})"
    return re.compile(
        rf"(?P<every>{every}){told}|(?P<month>{month}|{every})一(?P<short>(?![{_TIMES_A_YEAR}])[\u4e00-\u9fff]{{2}})"
    )


def _counts_after(passage: Passage, promise: Promise, case: Case) -> Iterator[tuple[Numbered, Figure]]:
    """Counts of times, issues, rounds after the promise, of the whole year."""
    for numbered in case.numbered:
        if numbered.sentence.passage is not passage or tells_other_year(numbered.sentence.text, case):
            continue
        for figure in numbered.figures:
            whole_year = not has_any(numbered.clause_before(figure), case.rules.lexicon["partial"])
            if figure.start >= promise.end and figure.unit in _TIMES_A_YEAR and whole_year:
                yield numbered, figure


def _is_of(promise: Promise, numbered: Numbered, figure: Figure) -> bool:
    """Whether the count's clause names what was promised, in its unit."""
    clause = numbered.clause_before(figure) + re.split(r"[,;:、()。]", numbered.text_after(figure))[0]
    return promise.thing in clause and promise.unit in ("", figure.unit)


def _told(promise: Promise, numbered: Numbered, figure: Figure, case: Case) -> Told:
    text = f"写明“{promise.said}”，而所写全年为 {figure.raw}（“{numbered.around(figure)}”）"
    return Told(text, (numbered.sentence.evidence(case),))
