"""N3-rate: what was planned and what was done in one clause after another, and the rate or the saving told of them.

预算1500万元，实际执行1490.18万元，执行率89.35%       1490.18 / 1500 = 99.35 %       → told
公务接待费预算2.50万元，决算1.86万元，节约率35.6%       (2.50 − 1.86) / 2.50 = 25.6 %  → told
预算6.00万元，实际支出5.06万元，节约1.94万元            6.00 − 5.06 = 0.94            → told
预算1456.18万元，支出1490.18万元，执行率98.53%          1490.18 / 1512.38, told elsewhere in the report → closes
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.skeleton import draw
from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered

_HUNDRED = Decimal(100)
_SAVED = ("节约", "节省", "结余")
_FEWEST = 3
_PEOPLE = {"人", "名"}
_TOLD = re.compile(r"率|进度|约|节省|结余|[算划务]数?的")
_BETWEEN = r"(?:\d{4}年)?[^#%@~;:()、\d]{0,12}"
_MOVED = r"(?:比|较|同)?(?:年初|全年)?(?:预算|计划)数?(?:减少|增加|下降|节约|节省|超支|少支)了?#"


class Stated(NamedTuple):
    """The plan, what was done, and what is told of them: a rate of them, or what was saved."""

    numbered: Numbered
    plan: Figure
    done: Figure
    told: Figure
    saved: bool


def check_rates(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    stated = [item for numbered in case.numbered for item in _stated(numbered, rule, case)]
    found = [_told(item) for item in stated if not _closes(item, case)]
    yield from judge_told(
        (Told(text, (item.numbered.sentence.evidence(case),)) for item, text in found), compared=bool(stated)
    )


@lru_cache(maxsize=4)
def _grammar(plans: tuple[str, ...], done: tuple[str, ...], rates: tuple[str, ...]) -> re.Pattern[str]:
    plan, did, rate = (any_of(words).pattern for words in (plans, done, rates))
    saving = any_of(_SAVED).pattern
    return re.compile(
        rf"(?:{plan}){_BETWEEN}(?P<plan>#)[,(]{_BETWEEN}(?:{did}){_BETWEEN}(?P<done>#)[,)(]{{1,2}}(?:{_MOVED},)?"
        rf"(?:[^#%@~;:()、,\d]{{0,6}}(?P<rate>{rate})(?:为|达到?|是)?(?P<of>%)"
        rf"|(?:完成|为|占)(?:年初|全年|当年)?(?:预算|计划|任务)数?的(?P<part>%)"
        rf"|[^#%@~;:()、,\d]{{0,2}}(?:{saving})(?:资金|支出|经费|了)?(?P<left>#))"
    )


def _stated(numbered: Numbered, rule: Rule, case: Case) -> Iterator[Stated]:
    """Sentences that speak of the year's plan and its whole."""
    options, text = rule.options, numbered.sentence.text
    if len(numbered.figures) < _FEWEST or not _TOLD.search(text) or not has_any(text, options["plans"]):
        return
    if has_any(text, options["parts"]) or has_any(text, case.rules.lexicon["narrower"]):
        return
    drawn = draw(numbered)
    for match in _grammar(options["plans"], options["done"], options["rates"]).finditer(drawn.text):
        plan, done = drawn.figure(match, "plan"), drawn.figure(match, "done")
        told = next((figure for name in ("of", "part", "left") if (figure := drawn.figure(match, name))), None)
        if plan is None or done is None or told is None or not _is_alike(plan, done) or not plan.value:
            continue
        if told.kind == "percent" or told.unit == plan.unit:
            saved = told.kind != "percent" or has_any(match["rate"] or "", _SAVED)
            yield Stated(numbered, plan, done, told, saved)


def _is_alike(plan: Figure, done: Figure) -> bool:
    """Of one unit, or both of people."""
    return plan.unit == done.unit or {plan.unit, done.unit} <= _PEOPLE


def _closes(item: Stated, case: Case) -> bool:
    """Whether the two, or what was done and another amount of the report, give what is told."""
    others = [(f.value, f.step / 2) for n in case.numbered for f in n.figures if _is_alike(f, item.plan)]
    if item.plan.kind == "money":
        quantities = [fact.quantity for fact in case.report.facts if fact.quantity is not None]
        others += [(q.base_value, q.half_step * q.factor) for q in quantities]
    done = [(item.done.value, item.done.step / 2)]
    pairs = [*product([(item.plan.value, item.plan.step / 2)], done), *product(others, done)]
    return any(_gives(item, plan, did) for plan, did in pairs)


def _gives(item: Stated, plan: tuple[Decimal, Decimal], done: tuple[Decimal, Decimal]) -> bool:
    """Rounded, cut or raised, within the printed digits of the two."""
    told = item.told
    if told.kind != "percent":
        return abs(plan[0] - done[0] - told.value) <= plan[1] + done[1] + told.step
    low, high = plan[0] - plan[1], plan[0] + plan[1]
    if low <= 0:
        return False
    rates = _HUNDRED * (done[0] - done[1]) / high, _HUNDRED * (done[0] + done[1]) / low
    least, most = (_HUNDRED - rates[1], _HUNDRED - rates[0]) if item.saved else rates
    return least - told.step < told.value < most + told.step


def _told(item: Stated) -> tuple[Stated, str]:
    shown = item.numbered.around(item.plan, item.done, item.told)
    return item, f"“{shown}”，{item.plan.raw}、{item.done.raw}与所写 {item.told.raw} 不相当"
