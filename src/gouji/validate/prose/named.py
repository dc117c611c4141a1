"""Figures of the form that a sentence names, with their amount or without.

基本支出占总支出的47.17%      基本支出 → 702.98万元 of the form, 总支出 → 1490.18万元
低保项目支出占总支出的20%      项目支出 with words before it: another thing → no figure
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.validate.prose.figures import Figure
from gouji.validate.prose.text import any_of, has_any, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.lexicon import Lexicon
    from gouji.validate.case import Case
    from gouji.validate.prose.figures import Numbered

_HAN_TAIL = re.compile(r"[\u4e00-\u9fff]*$")
_YEAR = re.compile(r"\d{4}年度?$")
_AMOUNT = r"(?:决算|数|总额|合计)?(?:为|是|共计?)?\s*(?:[\d,.]+\s*[万亿]?元)?"
_OFTEN = ("其中", "在", "本", "度", "和")
_SOFT = re.compile(r"[约近超余逾]|以上|以下|左右")
_HUNDRED = Decimal(100)
_SPENT = "expenditure."


class NamedShare(NamedTuple):
    """A part and a whole of the form, and the percentage that the sentence says the one is of the other."""

    numbered: Numbered
    part: Figure
    whole: Figure
    percent: Figure


@lru_cache(maxsize=4)
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """基本支出[702.98万元][,]占[总支出]的[比重]47.17% · 是基本支出的1.12倍     在总支出中"""
    any_name = any_of(names).pattern
    told = r"(?P<percent>\d+(?:\.\d+)?)\s*(?P<unit>%|倍)(?P<after>[余多以左]?)"
    whole = rf"(?:占|是|为|相当于)(?:(?P<whole>{any_name})(?:总额|总数|决算)?的?)?(?:比重|比例)?(?P<before>[^\d%,;、。]{{0,4}})"
    return (
        re.compile(rf"(?P<part>{any_name}){_AMOUNT}\s*[,(]?\s*{whole}{told}"),
        re.compile(rf"在(?P<whole>{any_name})(?:总额)?(?:当?中|里)"),
    )


def named_figure(name: str, span: tuple[int, int], case: Case) -> Figure | None:
    """The form's figure of a name as if it stood there; None where the form has none, or its unit is in doubt."""
    fact = case.main.fact(case.rules.lexicon.figures[name])
    if fact is None or fact.quantity is None or not fact.quantity.value or case.is_doubtful(fact):
        return None
    quantity = fact.quantity
    unit = quantity.unit
    if unit is None or unit.kind != "money":
        return None
    step = 2 * quantity.half_step * quantity.factor
    value = quantity.base_value
    raw = f"表内{name} {fact.raw}"
    return Figure(*span, "money", "元", value, value - step / 2, value + step / 2, step, raw)


def is_own(before: str, lexicon: Lexicon) -> bool:
    """Whether nothing before a name narrows it: 2021年基本支出; not 低保项目支出, 区本级基本支出."""
    tail = _HAN_TAIL.search(_YEAR.sub("", before))
    text = tail.group() if tail is not None else ""
    return not any_of((*lexicon["fillers"], *_OFTEN)).sub("", text)


def is_of_one_source(match: re.Match[str], name: str, numbered: Numbered, case: Case) -> bool:
    """Whether the paragraph tells before it of what one source paid: 一般公共预算支出2360.20万元，其中基本支出…"""
    lexicon = case.rules.lexicon
    said = numbered.sentence.passage.text[: numbered.sentence.start + match.start()]
    return lexicon.figures[name].startswith(_SPENT) and has_any(said, lexicon["paid_by"])


def is_plain(text: str, case: Case) -> bool:
    """Whether a sentence speaks of the unit's own year alone."""
    words = case.rules.lexicon
    return not tells_other_year(text, case) and not has_any(text, (*words["narrower"], *words["plans"]))


def named_shares(case: Case) -> Iterator[NamedShare]:
    """Every share of one figure of the form in another."""
    names = tuple(case.rules.lexicon.figures)
    if not names or not has_any(case.said, ("占", "倍")):
        return
    for numbered in case.numbered:
        text = numbered.sentence.text
        if ("占" in text or "倍" in text) and has_any(text, names) and is_plain(text, case):
            yield from _of_sentence(numbered, _patterns(names), case)


def _of_sentence(
    numbered: Numbered, patterns: tuple[re.Pattern[str], re.Pattern[str]], case: Case
) -> Iterator[NamedShare]:
    """A whole that is named holds on to the end of the sentence."""
    text, (share, inside) = numbered.sentence.text, patterns
    opening = inside.search(text)
    whole = opening["whole"] if opening is not None else None
    for match in share.finditer(text):
        whole = match["whole"] or whole
        if whole is None or match["after"] or _SOFT.search(match["before"]):
            continue
        if match["unit"] == "倍" and not match["whole"]:
            continue
        if not is_own(text[: match.start()], case.rules.lexicon) or is_of_one_source(
            match, match["part"], numbered, case
        ):
            continue
        part, total = (named_figure(name, match.span(), case) for name in (match["part"], whole))
        told = _amount_in(match, numbered)
        odd = told is not None and part is not None and not told.meets(part)  # another amount: X1's
        if part is not None and total is not None and part.value != total.value and not odd:
            yield NamedShare(numbered, _placed(part, numbered), _placed(total, numbered), _percent(match, numbered))


def _amount_in(match: re.Match[str], numbered: Numbered) -> Figure | None:
    """The amount that the sentence tells of the part itself."""
    start = numbered.sentence.start
    first, last = match.start() + start, match.end() + start
    return next((f for f in numbered.figures if f.kind == "money" and first <= f.start < last), None)


def _placed(figure: Figure, numbered: Numbered) -> Figure:
    start = numbered.sentence.start
    return msgspec.structs.replace(figure, start=figure.start + start, end=figure.end + start)


def _percent(match: re.Match[str], numbered: Numbered) -> Figure:
    """2.12倍 is 212%."""
    number = Decimal(match["percent"])
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    times = _HUNDRED if match["unit"] == "倍" else Decimal(1)
    start = numbered.sentence.start
    span = (match.start("percent") + start, match.end("unit") + start)
    raw = match["percent"] + match["unit"]
    value, width = number * times, step * times
    return Figure(*span, "percent", "%", value, value - width / 2, value + width / 2, width, raw)
