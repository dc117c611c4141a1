"""Conditions on a ratio, in words → where its value lies, with ends that are sure or not.

≤100% · 不高于100% · 达到95% · 不足70% · 80%（含）-90% · 10%（含）以内 · =0 · 大于30%

Ends(0.8 sure, 0.9 unsure)  `closed` True or False where the text says it, None where it leaves it to the neighbour band
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_HUNDRED = Decimal(100)
_N = r"(?P<{0}>-?\d+(?:\.\d+)?)(?P<{0}u>%|个百分点|万元|元)?(?P<{0}i>\((?:不)?含(?:\d+%?|本数)?\))?"
_FACTORS = {"%": Decimal("0.01"), "个百分点": Decimal("0.01"), "万元": Decimal(10000), "元": Decimal(1), "": Decimal(1)}
_RANGE = re.compile(_N.format("a") + r"(?:-|—|–|~|至|到|—)+" + _N.format("b") + "(?:之间|之内|以内|区间|范围内)?")
_BETWEEN = re.compile(r"(?P<s1>≥|>)" + _N.format("a") + r"[,且并]*(?P<s2>≤|<)" + _N.format("b"))
_AROUND = re.compile(_N.format("a") + r"(?P<s1>≤|<|≥|>)[^\d≤≥<>]{0,16}(?P<s2>≤|<|≥|>)" + _N.format("b"))
_UPWARD = re.compile(_N.format("a") + r"(?:及)?以上[,且并但]*(?P<s2>≤|<)" + _N.format("b"))
_SIGNED = re.compile(r"(?P<sign>≤|≥|<|>|=)" + _N.format("a") + r"(?P<tail>以上|以下|以内)?")
_TAILED = re.compile(_N.format("a") + r"(?P<tail>以上|及以上|以下|及以下|以内|之内)")
_BARE = re.compile(r"(?P<a>\d+(?:\.\d+)?)(?P<au>%)$")
_WORDS = (
    (
        "≤",
        "小于或等于|小于等于|不得超过|控制在(?=.{0,10}以内)|不大于|不高于|不超过|不超出|未超过|不多于|未突破|不突破|<=",
    ),
    ("≥", "大于或等于|大于等于|不低于|不少于|不小于|达到|高于或等于|>=|达"),
    (">", "大于|高于|超过|高出|超出|多于|突破|超"),
    ("<", "小于|低于|不足|未达到|未达|不到|少于"),
    ("=", "等于|为(?=-?\\d)"),
)
_SIGNS = re.compile("|".join(f"(?P<s{number}>{words})" for number, (_, words) in enumerate(_WORDS)))


class End(NamedTuple):
    """One end; `closed` None where the text leaves it open which band it belongs to.

    `assumed`: not said but followed from the other end, so that it gives way where no other band takes over.
    """

    value: Decimal
    closed: bool | None
    assumed: bool = False


class Ends(NamedTuple):
    """Where a value lies. None: unbounded."""

    low: End | None
    high: End | None


def sign_words(text: str) -> str:
    """不高于100% → ≤100%"""
    return _SIGNS.sub(lambda match: _WORDS[int((match.lastgroup or "s0")[1:])][0], text)


def read_condition(text: str) -> Ends | None:
    """The condition that a text ends with; None where it holds none or more than one."""
    signed = sign_words(text)
    found = _read_two_ends(signed) or _read_one_end(signed)
    if found is None:
        return None
    ends, start, end = found
    rest = signed[:start] + signed[end:]
    return None if re.search(r"\d", rest) else ends


def _read_two_ends(text: str) -> tuple[Ends, int, int] | None:
    match = _BETWEEN.search(text)
    if match is not None:
        low, high = _number(match, "a", match["bu"]), _number(match, "b")
        return Ends(End(low, match["s1"] == "≥"), End(high, match["s2"] == "≤")), match.start(), match.end()
    match = _UPWARD.search(text)
    if match is not None:
        low, high = _number(match, "a", match["bu"]), _number(match, "b")
        return Ends(End(low, _said(match["ai"])), End(high, match["s2"] == "≤")), match.start(), match.end()
    match = _AROUND.search(text)
    if match is not None and (match["s1"] in "≤<") is (match["s2"] in "≤<"):
        first = End(_number(match, "a", match["bu"]), match["s1"] in "≤≥")
        second = End(_number(match, "b"), match["s2"] in "≤≥")
        around = Ends(first, second) if match["s1"] in "≤<" else Ends(second, first)
        return around, match.start(), match.end()
    match = _RANGE.search(text)
    if match is None:
        return None
    low, high = _number(match, "a", match["bu"]), _number(match, "b")
    ends = [End(low, _said(match["ai"])), End(high, _said(match["bi"]))]
    ends.sort(key=lambda end: end.value)
    return Ends(*_completed(ends)), match.start(), match.end()


def _completed(ends: list[End]) -> list[End]:
    """80%（含）-90%: where one end is marked 含, the other is not."""
    if ends[0].closed and ends[1].closed is None:
        return [ends[0], End(ends[1].value, closed=False, assumed=True)]
    if ends[1].closed and ends[0].closed is None:
        return [End(ends[0].value, closed=False, assumed=True), ends[1]]
    return ends


def _read_one_end(text: str) -> tuple[Ends, int, int] | None:
    match = _SIGNED.search(text)
    if match is not None:
        return _signed_ends(match), match.start(), match.end()
    match = _TAILED.search(text)
    if match is None:
        return _read_bare(text)
    said = _said(match["ai"])
    end = End(_number(match, "a"), True if match["tail"][0] == "及" else said)
    ends = Ends(end, None) if match["tail"].endswith("上") else Ends(None, end)
    return ends, match.start(), match.end()


def _read_bare(text: str) -> tuple[Ends, int, int] | None:
    """执行率100%，得2分: exactly that."""
    match = _BARE.search(text)
    if match is None:
        return None
    end = End(_number(match, "a"), closed=True)
    return Ends(end, end), match.start(), match.end()


def _signed_ends(match: re.Match[str]) -> Ends:
    value, said = _number(match, "a"), _said(match["ai"])
    sign, tail = match["sign"], match["tail"]
    if sign == "=":
        return Ends(End(value, closed=True), End(value, closed=True))
    closed = sign in "≤≥" if said is None else said
    upward = sign in "≥>" if tail not in ("以下", "以内") else False
    return Ends(End(value, closed), None) if upward else Ends(None, End(value, closed))


def _number(match: re.Match[str], name: str, fallback: str | None = None) -> Decimal:
    """A number in base units; 80-90%: the first takes the unit of the second."""
    unit = match[f"{name}u"] or fallback or ""
    return Decimal(match[name]) * _FACTORS[unit]


def _said(mark: str | None) -> bool | None:
    return None if mark is None else "不" not in mark
