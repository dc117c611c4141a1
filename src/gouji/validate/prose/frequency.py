"""N4: a promised frequency against the count told in the same paragraph.

每季度召开一次安全例会，全年召开安全例会3次        4 promised, 3 told        → told to the bureau
实行“一月一通报”制度……编发《督察通报》2期         12 promised, 2 told       → told
自7月起每月通报一次，共通报6次                    begun within the year     → nothing
"""

from __future__ import annotations

import re
from functools import lru_cache
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
    from gouji.validate.prose.text import Passage

_ONCE = "[一1](?:次|期|场|轮|份|篇)"
_EVERY = "每"
_WORDS = re.compile(r"[\u4e00-\u9fff]{2,}")
_TIMES_A_YEAR = "次期场轮份篇"


class Promise(NamedTuple):
    """A frequency: the fewest times a year that keep it, of what, where it is promised."""

    times: int
    words: str
    said: str
    end: int


def check_frequency(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    found: list[Told] = []
    compared = False
    for passage in case.passages if has_any(case.said, case.rules.lexicon.rates) else ():
        for promise in _promises(passage, case):
            pairs = [(n, f) for n, f in _counts_after(passage, promise, case) if _is_of(promise, n, f)]
            compared = compared or bool(pairs)
            found += [_told(promise, n, f, case) for n, f in pairs if f.high is not None and f.high < promise.times]
    yield from judge_told(found, compared=compared)


def _promises(passage: Passage, case: Case) -> Iterator[Promise]:
    """每季度召开一次例会, 每月通报一次, 一月一通报; not where it began within the year."""
    rates = case.rules.lexicon.rates
    if not has_any(passage.text, rates):
        return
    for match in _pattern(tuple(rates)).finditer(passage.text):
        clause = passage.text[max(0, match.start() - 12) : match.start()]
        if has_any(clause, case.rules.lexicon["partial"]) or tells_other_year(clause, case):
            continue
        words = match["short"] or f"{match['words'] or ''} {match['more'] or ''}"
        yield Promise(rates[match["every"] or match["month"]], words, match.group(), match.end())


@lru_cache(maxsize=8)
def _pattern(periods: tuple[str, ...]) -> re.Pattern[str]:
    """每季度召开一次例会 | 每月通报一次 | 一月一通报: 一月 alone is January."""
    every = any_of(tuple(period for period in periods if period.startswith(_EVERY))).pattern
    month = any_of(tuple(period for period in periods if not period.startswith(_EVERY))).pattern
    told = rf"(?P<words>[^,。;:、()\d]{{0,10}}?){_ONCE}(?P<more>[\u4e00-\u9fff]{{0,8}})"
    return re.compile(
        rf"(?P<every>{every}){told}|(?P<month>{month})一(?P<short>(?![次期场轮份篇])[\u4e00-\u9fff]{{2}})"
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
    """Whether the count's clause names what was promised: all pairs of characters of its longest word."""
    clause = numbered.clause_before(figure) + re.split(r"[,;:、()。]", numbered.text_after(figure))[0]
    words: list[str] = _WORDS.findall(promise.words)
    longest: str = max(words, key=len, default="")
    return bool(longest) and all(a + b in clause for a, b in pairwise(longest))


def _told(promise: Promise, numbered: Numbered, figure: Figure, case: Case) -> Told:
    text = f"写明“{promise.said}”，而所写全年为 {figure.raw}（“{numbered.around(figure)}”）"
    return Told(text, (numbered.sentence.evidence(case),))
