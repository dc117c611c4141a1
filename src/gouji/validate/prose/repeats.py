"""N7: one thing told twice with different numbers.

实际完成：制发公文571份 …… 正文：全年制发公文517份        same words, same unit → told to the bureau
上半年制发公文250份；其中制发公文20份；计划制发公文600份   another period, a part, a plan → nothing
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered

_SHORTEST = 4
_LONGEST = 14
_MARKS = re.compile(r"[^\u4e00-\u9fff]")


def thing_of(numbered: Numbered, figure: Figure, case: Case) -> str:
    """What a number counts: its clause before it, without filling words: 全年制发各类公文共计 → 制发公文."""
    clause = _MARKS.sub("", numbered.clause_before(figure))
    return any_of(case.rules.lexicon["fillers"]).sub("", clause)


def is_whole(numbered: Numbered, figure: Figure, case: Case) -> bool:
    """Whether a number is the year's own and no part, plan or comparison."""
    words = case.rules.lexicon
    clause = numbered.clause_before(figure)
    odd = (*words["partial"], *words["plans"], *words["planned"], *words["at_most"])
    return not has_any(clause, odd) and not tells_other_year(numbered.text_before(figure), case)


def check_repeats(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report. Money and staff are X1's."""
    skipped = rule.options.get("skipped", ())
    seen: dict[tuple[str, str], list[tuple[Numbered, Figure]]] = {}
    for numbered in case.numbered:
        for figure in numbered.figures:
            if figure.kind != "count" or not is_whole(numbered, figure, case):
                continue
            thing = thing_of(numbered, figure, case)
            if _SHORTEST <= len(thing) <= _LONGEST and not has_any(thing, skipped):
                seen.setdefault((thing, figure.unit), []).append((numbered, figure))
    twice = [group for group in seen.values() if len({n.sentence.passage for n, _ in group}) > 1]
    yield from judge_told((t for g in twice if (t := _told(g, case)) is not None), compared=bool(twice))


def _told(group: list[tuple[Numbered, Figure]], case: Case) -> Told | None:
    """The first two that cannot be one number. Several at one place are a list of things that share a name."""
    places = [numbered.sentence.passage for numbered, _ in group]
    if len(places) != len(set(places)):
        return None
    first, figure = group[0]
    for other, number in group[1:]:
        if not figure.meets(number):
            text = f"“{first.sentence.shown}”为 {figure.raw}，“{other.sentence.shown}”为 {number.raw}"
            return Told(text, (first.sentence.evidence(case), other.sentence.evidence(case)))
    return None
