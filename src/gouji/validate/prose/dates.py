"""N8: days that no calendar knows, and spans that end before they begin.

2023年9月31日                                    September has 30 days          → told
自2024年3月20日开始，至2024年3月5日结束           ends before it begins           → told
2月29日 · 2022年10月至2023年3月 · 12月至3月        a leap year unsaid, years in order, no years → nothing
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.telling import Told, judge_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.text import Sentence

_LEAP = 2020  # a day told without its year may be of a leap year
_MONTHS = 12
_FULL = r"(?<!\d)(20\d{2})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?"
_DAY = re.compile(
    r"(?:(?<!\d)(?P<year>20\d{2})\s*年\s*)?(?<![\d.、\-—~～至])(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
)
_SPAN = re.compile(rf"{_FULL}\s*(?:起|开始|开工|启动|动工)?\s*,?\s*(?:至|到|—+|-+|~|～)\s*{_FULL}")


class Date(NamedTuple):
    """A date that may lack its day: then it is no earlier and no later than its month."""

    year: int
    month: int
    day: int | None


def check_dates(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    found: list[Told] = []
    compared = False
    for passage in case.passages:
        if _DAY.search(passage.text) is None and _SPAN.search(passage.text) is None:
            continue
        compared = True
        for sentence in passage.sentences():
            found += _faults(sentence, case) if "月" in sentence.text else ()
    yield from judge_told(found, compared=compared)


def _faults(sentence: Sentence, case: Case) -> Iterator[Told]:
    for match in _DAY.finditer(sentence.text):
        if not _exists(match):
            around = sentence.around(sentence.start + match.start(), sentence.start + match.end())
            yield Told(f"“{around}”，没有“{match.group()}”这一天", (sentence.evidence(case),))
    for match in _SPAN.finditer(sentence.text):
        first, last = _date(match.groups()[:3]), _date(match.groups()[3:])
        if _is_before(last, first):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            printed = sentence.passage.printed[start:end]
            yield Told(f"“{sentence.around(start, end)}”，起止时间“{printed}”前后颠倒", (sentence.evidence(case),))


def _exists(match: re.Match[str]) -> bool:
    month, day = int(match["month"]), int(match["day"])
    year = int(match["year"]) if match["year"] else _LEAP
    return 1 <= month <= _MONTHS and 1 <= day <= monthrange(year, month)[1]


def _date(groups: tuple[str | None, ...]) -> Date:
    year, month, day = groups
    return Date(int(year or 0), int(month or 0), int(day) if day else None)


def _is_before(one: Date, other: Date) -> bool:
    """Whether the first is earlier for certain."""
    if (one.year, one.month) != (other.year, other.month):
        return (one.year, one.month) < (other.year, other.month)
    return one.day is not None and other.day is not None and one.day < other.day
