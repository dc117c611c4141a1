"""Changes told against last year's amount where this year's stands further before, and years said to be level.

支出9.86万元，其中…。比上年的10.95万元下降了11.5%      now: an amount before it; any of the report may close it
上年2.10万元，本年1.80万元，与上年持平                     0.30 apart is not level        → told
上年12.40万元，本年12.36万元，与上年基本持平                 nearly level                   → nothing
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.validate.prose.moves import Move
from gouji.validate.prose.named import is_own, named_figure
from gouji.validate.prose.skeleton import draw
from gouji.validate.prose.telling import Told
from gouji.validate.prose.text import any_of, has_any, years_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.validate.case import Case
    from gouji.validate.prose.figures import Figure, Numbered

_YEAR = r"\d{4}年度?"
_LIKELY = re.compile(r"[比较与][^,。;]{2,16}\d")  # spares most sentences the drawing
_HARDLY = 50  # a fiftieth of last year's amount is no change to speak of
_NOT_ALL = ("基本持平", "大致持平", "略", "预算持平", "预算数持平")


@lru_cache(maxsize=4)
def _based(lexicon_key: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    rises, falls, earlier, names = lexicon_key
    past = rf"(?:{any_of(earlier).pattern}|{_YEAR})(?:同期)?(?:决算|支出|收入)?(?:数|的|为|是)*"
    verb = rf"(?P<verb>{any_of((*rises, *falls)).pattern})(?:幅度)?(?:达到?|为|了|约)*"
    name = rf"(?:(?P<name>{any_of(names).pattern})(?:决算|支出)?)?"
    return re.compile(rf"{name},?(?:比|较|与){past}(?P<prior>#)(?:相比)?,?{verb}(?P<by>%)")


def based_of(numbered: Numbered, before: Numbered | None, case: Case) -> Iterator[Move]:
    """The changes of a sentence whose amount of this year stands in it, or in the sentence right before it."""
    words, text = case.rules.lexicon, numbered.sentence.text
    if "%" not in text or _LIKELY.search(text) is None or has_any(text, (*words["narrower"], *words["plans"])):
        return
    drawn = draw(numbered)
    key = (words["rises"], words["falls"], words["earlier"], tuple(words.figures))
    for match in _based(key).finditer(drawn.text):
        prior, by = drawn.figure(match, "prior"), drawn.figure(match, "by")
        if prior is None or by is None or not _is_earlier(match.group(), case):
            continue
        now = _named(match, drawn.text, prior, case) or _now(numbered, prior, before)
        if now is not None:
            yield Move(now, prior, by, is_difference=False, rises=has_any(match["verb"], words["rises"]))


def _is_earlier(text: str, case: Case) -> bool:
    own = case.report.fiscal_year
    return all(own is not None and year < own for year in years_in(text))


def _named(match: re.Match[str], text: str, prior: Figure, case: Case) -> Figure | None:
    """The form's figure that stands as a name only: “三公”经费较上年的17.36万元下降19.4%."""
    name = match["name"]
    if name is None or not is_own(text[: match.start()], case.rules.lexicon):
        return None
    figure = named_figure(name, (prior.start, prior.end), case)
    return figure if figure is not None and figure.unit == prior.unit else None


def _now(numbered: Numbered, prior: Figure, before: Numbered | None) -> Figure | None:
    """The nearest amount of the unit before last year's; of the sentence before only where this one begins with the comparison."""
    near = [f for f in numbered.figures if f.end <= prior.start and f.unit == prior.unit]
    if near:
        return None if near[-1].hedged else near[-1]
    opens = re.match(r"\s*(?:比|较|与)", numbered.sentence.text) is not None
    if before is None or not opens or before.sentence.passage is not numbered.sentence.passage:
        return None
    if before.sentence.end != numbered.sentence.start:
        return None
    return next((f for f in before.figures if f.unit == prior.unit and not f.hedged), None)


@lru_cache(maxsize=2)
def _level(earlier: tuple[str, ...]) -> re.Pattern[str]:
    past = rf"(?:{any_of(earlier).pattern})(?:同期)?(?:决算|支出)?(?:数|为|是)*"
    now = r"(?:本年度?|今年|当年)(?:决算|支出)?(?:数|为|是)*"
    return re.compile(rf"{past}(?P<prior>#),{now}(?P<now>#),(?:同比|(?:比|较|与|同){past})持平")


def levels_of(numbered: Numbered, case: Case) -> Iterator[Told]:
    """Two years' amounts that are told to be level and are not."""
    text = numbered.sentence.text
    if "持平" not in text or has_any(text, _NOT_ALL):
        return
    drawn = draw(numbered)
    for match in _level(case.rules.lexicon["earlier"]).finditer(drawn.text):
        now, prior = drawn.figure(match, "now"), drawn.figure(match, "prior")
        if now is None or prior is None or now.unit != prior.unit or not prior.value:
            continue
        gap = abs(now.value - prior.value)
        if gap * _HARDLY > prior.value and gap > (now.step + prior.step) / 2:
            shown = numbered.around(now, prior)
            told = f"“{shown}”，{prior.raw}与 {now.raw}并不持平"
            yield Told(told, (numbered.sentence.evidence(case),))
