"""X11: a count of things that cost money, where the form has nothing for them.

本年新购公务用车2辆              公务用车购置费 blank                  → told
2020年新购公务用车1辆；计划更新购置公务用车1辆；所属中心新购公务用车1辆   → nothing
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.prose.text import any_of, has_any, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.prose.text import Sentence

_NUMBER = r"(?:[1-9]\d*|[一二两三四五六七八九十]+)"


def check_acquired(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    concept, names = next(iter(rule.words.items()))
    fact = case.main.fact(concept)
    things = tuple(name for name in names if name in case.said) if fact is not None else ()
    if fact is None or not things:
        yield NOT_APPLICABLE
        return
    said = list(_said(things, rule, case))
    if not said:
        yield NOT_APPLICABLE
    elif not _is_nothing(fact):
        yield Judgement("pass", "prose.clean")
    else:
        sentence, shown = said[0]
        evidence = present([case.evidence(fact, "value"), *(s.evidence(case) for s, _ in said)])
        yield Judgement("review", "own", {"句": sentence.around(*shown)}, evidence=evidence)


def _is_nothing(fact: Fact) -> bool:
    return fact.state in ("blank", "zero", "none")


def _said(things: tuple[str, ...], rule: Rule, case: Case) -> Iterator[tuple[Sentence, tuple[int, int]]]:
    """The sentences that tell of it as of this year's and the unit's own."""
    options = rule.options
    grammar = _grammar(next(iter(rule.words.values())), options["verbs"], options["units"])
    for passage in case.passages:
        if has_any(passage.text, things) and grammar.search(passage.text) is not None:
            for sentence in passage.sentences():
                match = grammar.search(sentence.text)
                if match is not None and _is_own(sentence.text[: match.end()], options["others"], case):
                    yield sentence, (sentence.start + match.start(), sentence.start + match.end())


@lru_cache(maxsize=8)
def _grammar(things: tuple[str, ...], verbs: tuple[str, ...], units: tuple[str, ...]) -> re.Pattern[str]:
    """新购公务用车2辆 · 公务用车新购2辆 · 公务用车保有量2辆，其中新增购置1辆"""
    thing, verb, unit = (any_of(words).pattern for words in (things, verbs, units))
    return re.compile(
        rf"(?:{verb})了?(?:{thing})\s*{_NUMBER}\s*(?:{unit})|(?:{thing})[^。;:]{{0,14}}?(?:{verb})(?:数)?(?:为|了)?\s*{_NUMBER}\s*(?:{unit})"
    )


def _is_own(text: str, others: tuple[str, ...], case: Case) -> bool:
    """Not another year's, another unit's, a plan's, a rule's; not denied."""
    words = case.rules.lexicon
    odd = (
        *others,
        *words["plans"],
        *words["negations"],
        *words["narrower"],
        *words["elsewhere"],
        *words["rented"],
        *words["conditions"],
    )
    return not has_any(text, odd) and not tells_other_year(text, case)
