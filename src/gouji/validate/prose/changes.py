"""N3-change: 增长 p% against the amounts of its sentence.

三公经费9.24万元，2018年度9.46万元，减少0.22万元，降幅2.33%        0.22/9.46 = 2.3256 % → closes
支出110万元，比上年100万元增长12%                               10 %                → told

A sentence may speak of other amounts than those beside it: it is told only where no two of the paragraph or the form close.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.based import based_of, levels_of
from gouji.validate.prose.moves import moves_of, steps_of
from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any, years_in

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
_TIED = re.compile(
    r"^\s*[,(]?\s*(?:同比|(?:同)?(?:比|较|与)(?:上年|去年|上一年|(?:19|20)\d{2}年)度?[^,;:()、。\d]{0,8})$"
)
_RIGHT_AFTER = re.compile(r"^(?:相比)?[,(]?\s*$")
_MARKS = re.compile(r"[,;:()、。]")
_MOST_AMOUNTS = 24


class Amount(NamedTuple):
    """A printed amount in base units, and half a step of its last digit."""

    value: Decimal
    half_step: Decimal


class Change(NamedTuple):
    """A stated change: the amount of the year, what stands beside it (last year's amount, or the difference), and the percentage."""

    numbered: Numbered
    now: Figure
    other: Figure
    percent: Figure
    is_difference: bool
    rises: bool

    def ratio(self, now: Decimal, other: Decimal) -> Decimal | None:
        """The percentage that two amounts make; None where there is nothing to compare with."""
        prior = other if not self.is_difference else now - other if self.rises else now + other
        moved = other if self.is_difference else (now - prior if self.rises else prior - now)
        return _HUNDRED * moved / prior if prior > 0 else None


def check_changes(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    changes = [change for numbered in case.numbered for change in _changes(numbered, case)]
    moves = [Change(numbered, *move) for numbered in case.numbered for move in moves_of(numbered, case)]
    changes += [move for move in moves if move.percent.kind == "percent"]
    changes += _based(changes, case)
    found = [_told(change, case) for change in changes if not _closes(change) and not _closes_otherwise(change, case)]
    steps = [move for move in moves if move.percent.kind != "percent"]
    steps += [Change(numbered, *step) for numbered in case.numbered for step in steps_of(numbered, case)]
    found += [_told(step, case) for step in steps if not _is_difference(step, case)]
    found += [told for numbered in case.numbered for told in levels_of(numbered, case)]
    yield from judge_told(found, compared=bool(changes or steps))


def _based(known: list[Change], case: Case) -> Iterator[Change]:
    """Those of which this year's amount stands further before; what is read already stays as it is."""
    taken = {(id(change.numbered.sentence.passage), change.percent.start) for change in known}
    for before, numbered in zip((None, *case.numbered), case.numbered, strict=False):
        for move in based_of(numbered, before, case):
            if (id(numbered.sentence.passage), move.percent.start) not in taken:
                yield Change(numbered, *move)


def _changes(numbered: Numbered, case: Case) -> Iterator[Change]:
    """A, B, p% and A, D, p%; of A, 比上年B增加D, p% the two amounts."""
    figures = [figure for figure in numbered.figures if figure.kind != "time"]
    verbs = any_of((*case.rules.lexicon["rises"], *case.rules.lexicon["falls"]))
    for position, percent in enumerate(figures):
        if percent.kind != "percent" or position <= 1 or percent.hedged:
            continue
        *before, first, second = figures[:position]
        if before and verbs.fullmatch(numbered.text_between(first, second).strip(" ,")) is not None:
            first, second = before[-1], first
        change = _change(numbered, first, second, percent, case)
        if change is not None:
            yield change


def _change(numbered: Numbered, now: Figure, other: Figure, percent: Figure, case: Case) -> Change | None:
    """A万元，比上年B万元[，]增长p%      A万元，比上年减少D万元[，]下降p%: nothing else, so that the grammar leaves no doubt."""
    if now.unit != other.unit or now.kind not in ("money", "count") or now.hedged or other.hedged:
        return None
    words = case.rules.lexicon
    verbs = any_of((*words["rises"], *words["falls"]))
    tail, between = _tail(numbered, other, percent), numbered.text_between(now, other).strip()
    verb = verbs.search(tail)
    if verb is None or _RIGHT_AFTER.match(tail[: verb.start()]) is None or tail[verb.end() :].strip("了为约 "):
        return None
    whole = re.sub(rf"(?:{verbs.pattern})了?$", "", between)
    is_difference = whole != between
    tied = _TIED.search(whole) if is_difference else _BASE.search(whole.lstrip(",( "))
    if (
        tied is None
        or not _is_of_earlier_year(between, case)
        or has_any(between, words["plans"])
        or len(_MARKS.findall(between)) > 1
    ):
        return None
    return Change(numbered, now, other, percent, is_difference, has_any(verb.group(), words["rises"]))


def _tail(numbered: Numbered, other: Figure, percent: Figure) -> str:
    """What stands between last year's amount and the percentage, without the difference that may be told there as well."""
    between = numbered.text_between(other, percent)
    told = [f for f in numbered.figures if other.end <= f.start < percent.start and f.unit == other.unit]
    return (numbered.text_between(told[-1], percent) if told else between).strip()


def _is_of_earlier_year(text: str, case: Case) -> bool:
    """Whether what follows is an earlier year's: 2019年866.90万元，2020年1,053.45万元 tells the years in order."""
    years, own = years_in(text), case.report.fiscal_year
    if years:
        return all(own is not None and year < own for year in years)
    return has_any(text, (*case.rules.lexicon["other_years"], "同比"))


def _closes(change: Change) -> bool:
    """Whether the amounts, as far as their printed digits go, give the percentage in the direction told; it may be cut or rounded."""
    ends = [(figure.value - figure.step / 2, figure.value + figure.step / 2) for figure in (change.now, change.other)]
    ratios = [change.ratio(now, other) for now, other in product(*ends)]
    known = [ratio for ratio in ratios if ratio is not None]
    value, step = change.percent.value, change.percent.step
    return len(known) < len(ratios) or min(known) - step < value < max(known) + step


def _is_difference(step: Change, case: Case) -> bool:
    """Whether what is told to lie between the two, or two others of the paragraph, does."""
    told = step.percent
    near = [amount for amount in _of_passage(step.numbered, step.now, case) if amount.value != told.value]
    own = Amount(step.now.value, step.now.step / 2), Amount(step.other.value, step.other.step / 2)
    gap = own[0].value - own[1].value if step.rises else own[1].value - own[0].value
    others = [pair for pair in product(near, near) if pair[0].value > pair[1].value and set(pair) != set(own)]
    gaps = [
        (gap, sum(amount.half_step for amount in own)),
        *((x.value - y.value, x.half_step + y.half_step) for x, y in others),
    ]
    return any(abs(value - told.value) <= room + told.step for value, room in gaps)


def _closes_otherwise(change: Change, case: Case) -> bool:
    """Whether another amount of the passage or the form, and last year's amount or the difference told, print as the percentage.

    Those the sentence ties to the percentage: only whose amount of this year it is may be in doubt.
    """
    near = _of_passage(change.numbered, change.now, case)
    if len(near) > _MOST_AMOUNTS:
        return True
    told = [*near, *(_of_form(case) if change.now.kind == "money" else ())]
    own = {change.now.value, change.other.value}
    tied = Amount(change.other.value, change.other.step / 2)
    pairs = ((x, tied) for x in told if x.value != tied.value and {x.value, tied.value} != own)
    return any(_prints(change.percent, x, y) or _prints(change.percent, y, x) for x, y in pairs)


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


def _told(change: Change, case: Case) -> Told:
    now, other, percent = change.now, change.other, change.percent
    name = "增减数" if percent.unit == now.unit else "幅度"
    text = f"“{change.numbered.around(now, other, percent)}”，{now.raw}、{other.raw}与{name} {percent.raw} 不相当"
    return Told(text, (change.numbered.sentence.evidence(case),))
