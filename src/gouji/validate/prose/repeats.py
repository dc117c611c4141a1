"""N7: one thing told twice with different numbers.

实际完成：制发公文571份 …… 正文：全年制发公文517份        same words, same unit → told to the bureau
群众满意度92% …… 群众满意度96%                             → told
上半年制发公文250份；其中制发公文20份；计划制发公文600份   another period, a part, a plan → nothing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import has_any
from gouji.validate.prose.things import Thing, is_telling, is_whole, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement

_LONGEST = 14
_RATES = ("率", "度")
_SHORT_RATE = 4  # letters: 群众满意度 has five


def check_repeats(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report. Money and staff are X1's."""
    skipped = rule.options.get("skipped", ())
    seen: dict[tuple[str, str], list[Thing]] = {}
    for thing in (*case.things, *_rates_of(case)):
        if len(thing.name) <= _LONGEST and is_telling(thing.name, case) and not has_any(thing.name, skipped):
            seen.setdefault((thing.name, thing.figure.unit), []).append(thing)
    twice = [group for group in seen.values() if len({_part_of(thing) for thing in group}) > 1]
    yield from judge_told((t for g in twice if (t := _told(g, case)) is not None), compared=bool(twice))


def _rates_of(case: Case) -> Iterator[Thing]:
    """Rates that say of whom or of what they are: 群众满意度 92%, 信访办结率 98%; not 满意度 alone."""
    for numbered in case.numbered:
        for figure in numbered.figures:
            name = name_of(numbered, figure, case) if figure.kind == "percent" else ""
            if len(name) > _SHORT_RATE and name.endswith(_RATES) and is_whole(numbered, figure, case):
                yield Thing(name, numbered, figure)


def _part_of(thing: Thing) -> tuple[str, str]:
    """The part of the report that tells it: inside one part a name may stand for several things."""
    passage = thing.numbered.sentence.passage
    return passage.kind, passage.title


def _told(group: list[Thing], case: Case) -> Told | None:
    """The first two that cannot be one number. Several at one place are a list of things that share a name."""
    places = [_part_of(thing) for thing in group]
    if len(places) != len(set(places)):
        return None
    first, other = group[0], next((thing for thing in group[1:] if not group[0].figure.meets(thing.figure)), None)
    if other is None:
        return None
    said = "，".join(f"“{thing.numbered.around(thing.figure)}”为 {thing.figure.raw}" for thing in (first, other))
    return Told(said, tuple(thing.numbered.sentence.evidence(case) for thing in (first, other)))
