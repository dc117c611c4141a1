"""N3-points: the total score of a sentence against the scores of the parts it lists.

投入得14分，过程得38分，产出得28分，效果得17分，总得分96分        14 + 38 + 28 + 17 = 97      → told
得分92分，其中投入（15分）15分、过程36分、产出23分、效果18分       92                          → closes
投入15分、过程40分、产出25分、效果20分                             100: weights, no scores     → nothing
基础分94分，其中…；加分项2分，最终得分96分                          points added or taken off    → nothing
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.text import Passage

_FULL = Decimal(100)
_POINTS = r"(?:自评)?(?:得分|实得|得|评分|分)?(?:为|是|:)?\s*(?P<points>\d+(?:\.\d+)?)\s*分(?![值之项制])"
_BRACKET = r"(?:\([^()]{0,20}\))?"


class Listed(NamedTuple):
    """The parts of a complete list with their scores, and the total told beside them."""

    passage: Passage
    parts: dict[str, Decimal]
    total: Decimal
    start: int
    end: int


def check_points(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    families = tuple(tuple(family.split("|")) for family in rule.options["families"])
    lists = [listed for passage in case.passages if (listed := _listed(passage, families, rule)) is not None]
    yield from judge_told((_told(item, case) for item in lists if not _closes(item)), compared=bool(lists))


@lru_cache(maxsize=4)
def _grammars(families: tuple[tuple[str, ...], ...], totals: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    names = any_of(tuple({name for family in families for name in family})).pattern
    total = any_of(totals).pattern
    return (
        re.compile(rf"(?P<name>{names})(?:类|部分|方面|环节|情况|指标|目标|率){{0,2}}{_BRACKET},?{_POINTS}"),
        re.compile(rf"(?:{total})(?:为|是|共|计|:)*\s*(?P<points>\d+(?:\.\d+)?)\s*分(?![值之项制])"),
    )


def _listed(passage: Passage, families: tuple[tuple[str, ...], ...], rule: Rule) -> Listed | None:
    """A paragraph that lists every part of one family once and tells one total."""
    text = passage.text
    if "分" not in text or not any(all(name in text for name in family) for family in families):
        return None
    if has_any(text, rule.options["odd"]):
        return None
    part, whole = _grammars(families, rule.options["totals"])
    found = list(part.finditer(text))
    taken = {match.start("points") for match in found}
    totals = [match for match in whole.finditer(text) if match.start("points") not in taken]
    parts = {match["name"]: Decimal(match["points"]) for match in found}
    complete = len(parts) == len(found) and any(set(parts) == set(family) for family in families)
    if not complete or len({Decimal(match["points"]) for match in totals}) != 1 or sum(parts.values()) == _FULL:
        return None
    places = [place for match in (*found, totals[0]) for place in match.span()]
    return Listed(passage, parts, Decimal(totals[0]["points"]), min(places), max(places))


def _closes(item: Listed) -> bool:
    """Whether the total is the sum, or the sum printed with fewer digits."""
    exponent = item.total.as_tuple().exponent
    exact = max((_decimals(value) for value in item.parts.values()), default=0)
    room = Decimal(1).scaleb(int(exponent)) / 2 if exact > _decimals(item.total) else Decimal(0)
    return abs(sum(item.parts.values()) - item.total) <= room


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _told(item: Listed, case: Case) -> Told:
    sentence = next(s for s in item.passage.sentences() if s.start <= item.start < s.end)
    parts = " + ".join(f"{name} {value:f}" for name, value in item.parts.items())
    text = f"{parts} = {sum(item.parts.values()):f}，所写总分 {item.total:f}"
    return Told(text, (sentence.evidence(case),))
