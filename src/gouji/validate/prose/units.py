"""N6: units of sentences: two units at one number, an amount in 元 among 万元, areas and lengths that do not convert.

支出871.05万元，其中基本支出603.03元、项目支出268.02万元    adds up with 603.03万元 → told
造林300亩（25公顷）                                        20 公顷               → told
公务接待费3.20万元（3200元）                                  32000 元              → told
购置5万元台                                                two units             → told
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered

_PARTS_BEGIN = re.compile(r"其中|包括|分别为|分为")
_TEN_THOUSAND = Decimal(10000)
_OPENS = re.compile(r"^\s*\(\s*(?:折合|折|合|约合|即|约)?\s*$")
_LEAST_PARTS = 2
_HAN = re.compile(r"[\u4e00-\u9fff]")


def check_units(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    found: list[Told] = []
    compared = False
    doubled = any_of(rule.options.get("doubled", ()))
    for numbered in case.numbered:
        money = [figure for figure in numbered.figures if figure.kind == "money"]
        compared = compared or len(numbered.figures) > 1
        faults = [*_double_units(numbered, doubled), *_slips(numbered, money), *_conversions(numbered, case)]
        found += [Told(f"“{numbered.sentence.shown}”，{text}", (numbered.sentence.evidence(case),)) for text in faults]
    yield from judge_told(found, compared=compared)


def _double_units(numbered: Numbered, doubled: re.Pattern[str]) -> Iterator[str]:
    """An amount of money or a percentage with another unit right behind it."""
    for figure in numbered.figures:
        after = numbered.text_after(figure)
        match = doubled.match(after) if figure.kind in ("money", "percent") else None
        if match is not None and not _HAN.match(after, match.end()):  # 5万元台账 is no 台
            yield f"“{figure.raw}{match.group()}”一个数写了两个单位"


def _slips(numbered: Numbered, money: list[Figure]) -> Iterator[str]:
    """A total and its parts that add up once one of them is taken in the other unit of money."""
    begin = _PARTS_BEGIN.search(numbered.sentence.text)
    if begin is None or len(money) <= _LEAST_PARTS or any(figure.hedged for figure in money):
        return
    at = begin.start() + numbered.sentence.start
    before = [figure for figure in money if figure.end <= at]
    parts = [figure for figure in money if figure.start >= at]
    if not before or len(parts) < _LEAST_PARTS or _adds_up(before[-1], parts):
        return
    for position, part in enumerate(parts):
        others = [before[-1], *parts[:position], *parts[position + 1 :]]
        if {_is_wan(other) for other in others} != {not _is_wan(part)}:
            continue  # only the odd one out is a slip
        factor = 1 / _TEN_THOUSAND if _is_wan(part) else _TEN_THOUSAND
        changed = msgspec.structs.replace(part, value=part.value * factor, step=part.step * factor)
        if _adds_up(others[0], [changed, *others[1:]]):
            yield f"其中 {part.raw} 的单位与合计不相当，请核对是元还是万元"


def _is_wan(figure: Figure) -> bool:
    return "万" in figure.raw


def _adds_up(total: Figure, parts: list[Figure]) -> bool:
    room = (total.step + sum((part.step for part in parts), Decimal(0))) / 2
    return abs(total.value - sum((part.value for part in parts), Decimal(0))) <= room


def _conversions(numbered: Numbered, case: Case) -> Iterator[str]:
    """300亩（20公顷）: the number in brackets is the same in another unit."""
    factors = case.rules.lexicon.conversions
    for left, right in zip(numbered.figures, numbered.figures[1:], strict=False):
        factor = _factor(left, right, factors)
        bracket = numbered.text_after(right).lstrip().startswith(")")
        if factor is None or not bracket or _OPENS.match(numbered.text_between(left, right)) is None:
            continue
        if left.hedged or right.hedged:
            continue
        room = left.step * factor + right.step + _last_place(right)
        if abs(left.value * factor - right.value) > room:
            yield f"{left.raw}与括号内 {right.raw} 换算不符"


def _last_place(figure: Figure) -> Decimal:
    """Counts print without decimals: the converted number may be rounded to a whole one."""
    return figure.step or Decimal(1)


def _factor(left: Figure, right: Figure, factors: dict[str, dict[str, str]]) -> Decimal | None:
    """How many of the right unit make one of the left; amounts, 万元 beside 元, are in base units already."""
    if left.kind == right.kind == "money":
        return Decimal(1) if _is_wan(left) != _is_wan(right) and left.unit == right.unit else None
    if right.unit in factors.get(left.unit, {}):
        return _number(factors[left.unit][right.unit])
    return 1 / _number(factors[right.unit][left.unit]) if left.unit in factors.get(right.unit, {}) else None


@lru_cache(maxsize=64)
def _number(text: str) -> Decimal:
    return Decimal(text)
