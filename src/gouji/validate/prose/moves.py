"""Changes in other grammars than 比上年B增长p% (prose/changes.py), read from the drawn sentence.

由193.38万元降至181.38万元，下降8.21%            prior, now, percentage
公务接待费1.86万元，同比下降15%，上年为2.48万元      now, percentage, prior
2020年受理1,150件，2021年受理1,380件，同比增长30%  prior, now, percentage
基本支出较上年增加50万元，增长17.66%             now is the form's; difference, percentage
98.6%，比上年的96.1%提高4.5个百分点              two rates and their difference
3.20万元，比上年减少1.10万元，上年为4.10万元       two amounts and their difference
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.named import is_of_one_source, is_own, named_figure
from gouji.validate.prose.skeleton import draw
from gouji.validate.prose.text import any_of, has_any, years_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.validate.case import Case
    from gouji.validate.prose.figures import Figure, Numbered
    from gouji.validate.prose.skeleton import Skeleton

_TO = "(?:增加|增长|上升|提高|提升|扩大|下降|减少|降低|压减|压缩|降|增|升|减)(?:到了?|至|为)"
_FEWEST = 2
_STEP = 3  # now, then and the difference


class Move(NamedTuple):
    """What is now, what stands beside it (the prior figure, or the difference), and the stated change: a percentage, or of their own unit."""

    now: Figure
    other: Figure
    percent: Figure
    is_difference: bool
    rises: bool


@lru_cache(maxsize=4)
def _grammars(lexicon_key: tuple[tuple[str, ...], ...]) -> tuple[re.Pattern[str], ...]:
    """Built of the words of lexicon.yml once."""
    rises, falls, earlier, names = lexicon_key
    verb = rf"(?P<verb>{any_of((*rises, *falls)).pattern})(?:幅度)?(?:达到?|为|了|约)*"
    year = r"(?:\d{4}年度?)"
    past = rf"(?:{any_of(earlier).pattern}|{year})(?:同期)?(?:决算|支出|收入)?(?:数|的|为|是)*"
    before = rf"(?:比|较|同比|与){past}"
    return (
        re.compile(
            rf"[由从](?:{past})?(?P<prior>[#%]){_TO}(?:{year}的?|今年的?|本年的?)?(?P<now>[#%])(?:,[^#%@~,;()、\d]{{2,4}}#)?,(?:同比)?{verb}(?P<by>[%@])"
        ),
        re.compile(rf"(?P<now>#),同比{verb}(?P<by>%),{past}(?P<prior>#)"),
        re.compile(
            rf"(?P<first>{year})(?P<stem>[^#%@~,;()、\d]{{0,10}})(?P<prior>#),(?P<second>{year})(?P<again>[^#%@~,;()、\d]{{0,10}})"
            rf"(?P<now>#),(?:同比|{before})?{verb}(?P<by>%)"
        ),
        re.compile(
            rf"(?P<name>{any_of(names).pattern})(?:决算|支出)?(?:为)?(?P<now>#)?,?(?:同比|{before}(?P<prior>#)?)"
            rf"{verb}(?P<moved>#),(?:同比)?{verb.replace('verb', 'again')}(?P<by>%)"
        ),
        re.compile(rf"(?P<now>%),?{before}(?P<prior>%){verb}(?P<by>@)"),
    )


def moves_of(numbered: Numbered, case: Case) -> Iterator[Move]:
    """The changes of one sentence."""
    lexicon = case.rules.lexicon
    text = numbered.sentence.text
    if len(numbered.figures) < _FEWEST or not has_any(text, ("%", "百分点")):
        return
    if not (has_any(text, lexicon["rises"]) or has_any(text, lexicon["falls"])):
        return
    if has_any(text, lexicon["narrower"]) or has_any(text, lexicon["plans"]):
        return
    drawn = draw(numbered)
    key = (lexicon["rises"], lexicon["falls"], lexicon["earlier"], tuple(lexicon.figures))
    for grammar in _grammars(key):
        for match in grammar.finditer(drawn.text):
            yield from _move(match, drawn, numbered, case)


@lru_cache(maxsize=4)
def _step_grammars(lexicon_key: tuple[tuple[str, ...], ...]) -> tuple[re.Pattern[str], ...]:
    """Two amounts and their difference, each in a clause beside the other."""
    rises, falls, earlier = lexicon_key
    verb = rf"(?P<verb>{any_of((*rises, *falls)).pattern})了?"
    year = r"(?:\d{4}年度?)"
    past = rf"(?:{any_of(earlier).pattern}|{year})(?:同期)?(?:决算|支出|收入)?(?:数|的|为|是)*"
    now = rf"(?:{year}|本年度?|今年|当年)?(?:决算|支出|收入)?(?:数|为|是)*"
    before = rf"(?:同比|(?:比|较|同比|与){past})"
    return (
        re.compile(
            rf"[由从](?:{past})?(?P<prior>#){_TO}(?:{year}的?|今年的?|本年的?)?(?P<now>#),(?:同比)?{verb}(?P<by>#)"
        ),
        re.compile(rf"(?P<now>#),{before}{verb}(?P<by>#)[,(]{past}(?P<prior>#)"),
        re.compile(rf"{past}(?P<prior>#),{now}(?P<now>#),(?:{before})?{verb}(?P<by>#)"),
        re.compile(rf"(?P<now>#)[,(]{past}(?P<prior>#)\)?,(?:{before})?{verb}(?P<by>#)"),
        re.compile(rf"(?P<now>#),?(?:比|较|与){past}(?P<prior>#)(?:相比)?,?{verb}(?P<by>#)"),
    )


def steps_of(numbered: Numbered, case: Case) -> Iterator[Move]:
    """The differences of one sentence that tells both amounts."""
    lexicon = case.rules.lexicon
    text = numbered.sentence.text
    if len(numbered.figures) < _STEP or not has_any(text, (*lexicon["rises"], *lexicon["falls"])):
        return
    if has_any(text, (*lexicon["narrower"], *lexicon["plans"])):
        return
    drawn = draw(numbered)
    verbs = (*lexicon["rises"], *lexicon["falls"])
    for grammar in _step_grammars((lexicon["rises"], lexicon["falls"], lexicon["earlier"])):
        for match in grammar.finditer(drawn.text):
            if drawn.text[: match.start("now")].removesuffix("了").endswith(verbs):
                continue  # 较预算6.00万元减少0.94万元，较上年…: a difference itself
            if not _is_past(drawn.text[match.start() : match.start("prior")], case):
                continue  # 增加到900万元，2023年为880万元，比2022年减少20万元: 880 is no prior figure
            now, prior, by = (drawn.figure(match, name) for name in ("now", "prior", "by"))
            if now is not None and prior is not None and by is not None and now.unit == prior.unit == by.unit:
                yield Move(now, prior, by, is_difference=False, rises=has_any(match["verb"], lexicon["rises"]))


def _is_past(text: str, case: Case) -> bool:
    """Whether the years that stand before a prior figure are earlier than the report's."""
    own = case.report.fiscal_year
    return all(own is not None and year < own for year in years_in(text))


def _move(match: re.Match[str], drawn: Skeleton, numbered: Numbered, case: Case) -> Iterator[Move]:
    groups = match.re.groupindex
    percent, now = drawn.figure(match, "by"), drawn.figure(match, "now")
    rises = has_any(match["verb"], case.rules.lexicon["rises"])
    if percent is None:
        return
    if "name" in groups:
        yield from _named(match, drawn, numbered, case)
        return
    prior = drawn.figure(match, "prior")
    if now is None or prior is None or now.unit != prior.unit or not _is_in_order(match, case):
        return
    if (percent.kind == "percent") != (now.kind != "percent"):
        return
    yield Move(now, prior, percent, is_difference=False, rises=rises)


def _is_in_order(match: re.Match[str], case: Case) -> bool:
    """2020年受理案件…，2021年受理…: the later the report's year, both of one thing."""
    if "stem" not in match.re.groupindex:
        return True
    first, second = (int(match[name][:4]) for name in ("first", "second"))
    strip = any_of(case.rules.lexicon["fillers"])
    stem, again = strip.sub("", match["stem"]), strip.sub("", match["again"])
    return first < second == case.report.fiscal_year and stem.startswith(again)


def _named(match: re.Match[str], drawn: Skeleton, numbered: Numbered, case: Case) -> Iterator[Move]:
    """The form's figure with the difference; and with the prior figure where the sentence tells it."""
    percent, moved, prior = (drawn.figure(match, name) for name in ("by", "moved", "prior"))
    if percent is None or moved is None or not _is_of_the_form(match, drawn, numbered, case):
        return
    span = (percent.start, percent.end)
    now = drawn.figure(match, "now") or named_figure(match["name"], span, case)
    if now is None or moved.unit != now.unit:
        return
    rises = has_any(match["verb"], case.rules.lexicon["rises"])
    if prior is not None and prior.unit == now.unit:
        yield Move(now, prior, moved, is_difference=False, rises=rises)
    yield Move(now, moved, percent, is_difference=True, rises=rises)


def _is_of_the_form(match: re.Match[str], drawn: Skeleton, numbered: Numbered, case: Case) -> bool:
    """Whether the name stands for the year's own figure: not the budget's, not one source's, not next year's."""
    passage, own = numbered.sentence.passage, case.report.fiscal_year
    other = any(own is None or year > own for year in years_in(passage.text))
    told = "预算" in drawn.text or "预算" in passage.title
    return (
        not other
        and not told
        and is_own(drawn.text[: match.start()], case.rules.lexicon)
        and not is_of_one_source(match, match["name"], numbered, case)
    )
