"""N3-change: 增长 p% against the amounts of its sentence.

三公经费9.24万元，2018年度9.46万元，减少0.22万元，降幅2.33%        0.22/9.46 = 2.3256 % → closes
支出110万元，比上年100万元增长12%                               10 %                → told

Which amounts a change speaks of is guessed by nobody: it is told only where no two amounts of the paragraph or the form close.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered

_HUNDRED = Decimal(100)
_BASE = re.compile(
    r"(?:比|较|与|同)?(?:上年|去年|上一年|(?:19|20)\d{2}年)度?(?:同期)?(?:的|支出|决算|收入|数|为|是)*\s*$"
)
_TIED = re.compile(r"^\s*[,(]?\s*(?:同)?(?:比|较|与)(?:上年|去年|上一年|(?:19|20)\d{2}年)度?[^,;:()、。\d]{0,8}$")
_RIGHT_AFTER = re.compile(r"^(?:相比)?[,(]?\s*$")
_MOST_AMOUNTS = 24


class Amount(NamedTuple):
    """A printed amount in base units, and half a step of its last digit."""

    value: Decimal
    half_step: Decimal


def check_changes(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    found: list[Told] = []
    compared = False
    for numbered in case.numbered:
        for percent in numbered.figures:
            amounts = _amounts_of(numbered, percent, case) if percent.kind == "percent" else None
            if amounts is None:
                continue
            compared = True
            if not _closes(percent, amounts[0], numbered, case):
                found.append(_told(numbered, percent, amounts, case))
    yield from judge_told(found, compared=compared)


def _amounts_of(numbered: Numbered, percent: Figure, case: Case) -> tuple[Figure, Figure] | None:
    """The amount and what stands beside it, last year's amount or the change, where the grammar leaves no doubt.

    A万元，比上年B万元[，]增长p%      A万元，比上年减少D万元[，]下降p%
    """
    words = case.rules.lexicon
    verbs = (*words["rises"], *words["falls"])
    position = numbered.figures.index(percent)
    if position <= 1 or percent.hedged:
        return None
    first, second = numbered.figures[position - 2 : position]
    if first.unit != second.unit or first.kind not in ("money", "count") or first.hedged or second.hedged:
        return None
    tail, between = numbered.text_between(second, percent).strip(), numbered.text_between(first, second).strip()
    verb = any_of(verbs).search(tail)
    if verb is None or _RIGHT_AFTER.match(tail[: verb.start()]) is None or tail[verb.end() :].strip("了为约 "):
        return None
    whole = re.sub(rf"(?:{any_of(verbs).pattern})了?$", "", between)
    is_change = whole != between
    head = whole.lstrip(",( ")
    tied = (_TIED if is_change else _BASE).search(whole if is_change else head) is not None
    plain_clause = not has_any(between, words["plans"]) and len(re.findall(r"[,;:()、。]", between)) <= 1
    return (first, second) if tied and plain_clause else None


def _closes(percent: Figure, like: Figure, numbered: Numbered, case: Case) -> bool:
    """Whether two amounts of the passage, or one of them and one of the form, print as the percentage."""
    near = _of_passage(numbered, like, case)
    if len(near) > _MOST_AMOUNTS:
        return True
    told = [*near, *(_of_form(case) if like.kind == "money" else ())]
    return any(_prints(percent, x, y) or _prints(percent, y, x) for x in near for y in told if x is not y)


def _of_passage(numbered: Numbered, like: Figure, case: Case) -> list[Amount]:
    passage = numbered.sentence.passage
    figures = (figure for other in case.numbered if other.sentence.passage is passage for figure in other.figures)
    return list(dict.fromkeys(Amount(f.value, f.step / 2) for f in figures if f.unit == like.unit and f.value))


def _of_form(case: Case) -> Iterator[Amount]:
    for fact in case.report.facts:
        quantity = fact.quantity
        if quantity is not None and quantity.value and quantity.unit is not None and quantity.unit.kind == "money":
            yield Amount(quantity.base_value, quantity.half_step * quantity.factor)


def _prints(percent: Figure, left: Amount, right: Amount) -> bool:
    """|x−y|/y, x/(y+x), x/(y−x) or x/y, within what the printed digits of all three allow."""
    x, y = left.value, right.value
    loose = left.half_step + right.half_step
    for change, base in ((abs(x - y), y), (x, y + x), (x, y - x), (x, y)):
        if base <= 0:
            continue
        room = percent.step + _HUNDRED * loose / base * (1 + change / base)
        if abs(_HUNDRED * change / base - percent.value) < room:
            return True
    return False


def _told(numbered: Numbered, percent: Figure, amounts: tuple[Figure, Figure], case: Case) -> Told:
    text = f"“{numbered.around(*amounts, percent)}”，{amounts[0].raw}、{amounts[1].raw}与幅度 {percent.raw} 不相当"
    return Told(text, (numbered.sentence.evidence(case),))
