"""Y2, Y4: 比上年下降5.2% against the two years' figures. A sentence speaks of the label right before it, or of nothing we know.

    三公经费支出7.72万元，比上年减少0.38万元，下降4.69%      8.10 → 7.72: −0.38, −4.69 %    both hold
    三公经费…其中公务接待费3.02万元，比上年下降5%           公务接待费, not 三公经费

Percentages are cut as often as rounded: a stated one holds within one step of its last digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate import span as spans
from gouji.validate.case import present
from gouji.validate.expression import plain
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.span import Span, span_of

if TYPE_CHECKING:
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_QUOTES = re.compile("[“”\"‘’'《》]|[^\\S\n]")
_SENTENCE = re.compile(r"[。；;！!？?\n]")
_CHANGE = re.compile(
    r"(?:(?:比|较|与)(?:上年|去年|上一年|(?P<year>20\d{2})年)度?(?:决算数?|支出|同期|实际)?的?"
    r"(?:\d[\d,]*(?:\.\d+)?(?:亿元|万元|元))?(?:相比)?|同比)[,，]?"
    r"(?P<turns>(?:[,，]?(?:增长|增加|上升|提高|下降|减少|降低|减|增)了?约?\d[\d,]*(?:\.\d+)?(?:%|亿元|万元|元|人)){1,2})"
)
_TURN = re.compile(
    r"(?P<word>增长|增加|上升|提高|下降|减少|降低|减|增)了?(?P<about>约?)(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>%|亿元|万元|元|人)"
)
_DOWN = ("下降", "减少", "降低", "减")
_ANOTHER = re.compile(r"费|支出|收入|拨款|资金|资产|人数|结余|合计|编制|预算|其中")
_SCOPE = re.compile(r"一般公共预算|政府性基金|国有资本|财政拨款|基本支出|项目支出")
_FACTORS = {"亿元": Decimal(10**8), "万元": Decimal(10**4), "元": Decimal(1), "人": Decimal(1)}
_HUNDRED = Decimal(100)
_NEAR = 40  # characters between a label and what is said of it


class Claim(NamedTuple):
    """A change that a sentence states of a concept. `where`: the section or the cell it stands in."""

    concept: str
    change: Span
    percent: bool
    text: str
    where: str | None
    place: str


def check_stated_changes(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a statement that does not hold, else one for all."""
    judged = [j for claim in _claims(rule, case) if (j := _judge(rule, claim, case)) is not None]
    bad = [judgement for judgement in judged if judgement.verdict != "pass"]
    yield from bad
    if not bad:
        yield judged[0] if judged else NOT_APPLICABLE


def _claims(rule: Rule, case: Case) -> Iterator[Claim]:
    words = {word: concept for concept, many in rule.words.items() for word in many}
    pattern = _words_pattern(tuple(words))
    for text, where, place in _texts(case):
        if "比" not in text and "较" not in text and "与" not in text:
            continue
        for sentence in _SENTENCE.split(_QUOTES.sub("", unicodedata.normalize("NFKC", text))):
            for match in _CHANGE.finditer(sentence):
                word = _label_before(sentence[: match.start()], pattern)
                if word is not None and match["year"] in (None, str((case.report.fiscal_year or 0) - 1)):
                    yield from _turns(
                        match["turns"], words[word], word + sentence[match.start() : match.end()], where, place
                    )


def _texts(case: Case) -> Iterator[tuple[str, str | None, str]]:
    for section in case.report.sections:
        yield section.text, section.where, f"正文“{section.title}”"
    for row in case.report.indicators:
        cell = row.cells.get("reason")
        if cell is not None and cell.raw:
            yield cell.raw, cell.where, cell.place or row.place


@lru_cache(maxsize=16)
def _words_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _label_before(head: str, pattern: re.Pattern[str]) -> str | None:
    """The last label before a statement, with no other label, and no kind of money, between the two."""
    found = list(pattern.finditer(head))
    if not found:
        return None
    last = found[-1]
    between = head[last.end() :].removeprefix("支出").removeprefix("决算").removeprefix("总额").removeprefix("合计")
    narrowed = _SCOPE.search(head[max(0, last.start() - 12) : last.start()])
    return None if len(between) > _NEAR or _ANOTHER.search(between) or narrowed else last.group()


def _turns(turns: str, concept: str, text: str, where: str | None, place: str) -> Iterator[Claim]:
    for turn in _TURN.finditer(turns):
        number = Decimal(turn["number"].replace(",", ""))
        percent = turn["unit"] == "%"
        step = Decimal(1).scaleb(number.as_tuple().exponent)  # type: ignore[arg-type]
        step = step * 10 if turn["about"] else step
        sign = -1 if turn["word"] in _DOWN else 1
        factor = 1 / _HUNDRED if percent else _FACTORS[turn["unit"]]
        low, high = sorted((sign * (number - step) * factor, sign * (number + step) * factor))
        yield Claim(concept, Span(low, sign * number * factor, high), percent, text, where, place)


def _judge(rule: Rule, claim: Claim, case: Case) -> Judgement | None:
    """None where one of the two years is not known in this scope."""
    own, last = case.main.fact(claim.concept), _last(rule, claim.concept, case)
    now, then = _span(own), _span(last)
    if own is None or last is None or now is None or then is None or own.scope != last.scope:
        return None
    if case.is_doubtful(own, *(() if rule.needs else (last,))):
        return None
    change = spans.subtract(now, then)
    real = spans.divide(change, spans.absolute(then)) if claim.percent else change
    if real is None:
        return None
    name = case.name_of(claim.concept)
    expression = (
        f"{name} 上年 {last.raw}{last.unit or ''}，本年 {own.raw}{own.unit or ''}，{_told(real.mid, own, claim)}"
    )
    evidence = present(
        (
            case.evidence_of_text(claim.where, claim.place, claim.text, "claim"),
            case.evidence(own, "copy"),
            case.evidence(last, "copy", "上年" if rule.needs else ""),
        )
    )
    if real.meets(claim.change):
        return Judgement("pass", "change.pass", {"项": name}, expression, evidence=evidence)
    slots = {"项": name, "原文": claim.text}
    suffix = f"{claim.concept}-{'rate' if claim.percent else 'amount'}"
    return Judgement("review", "change.differs", slots, expression, evidence=evidence, suffix=suffix)


def _last(rule: Rule, concept: str, case: Case) -> Fact | None:
    """Last year's figure: of its own report, or as this report's tables print it."""
    if rule.needs:
        return case.other_fact("上年", concept, "final", None)
    year = (case.report.fiscal_year or 0) - 1
    facts = (
        f for f in case.report.of(concept) if f.main and f.period == year and f.stage == "final" and f.scope is None
    )
    return next((fact for fact in facts if fact.origin == "table" and fact.quantity is not None), None)


def _span(fact: Fact | None) -> Span | None:
    return span_of(fact.quantity) if fact is not None and fact.quantity is not None else None


def _told(change: Decimal, own: Fact, claim: Claim) -> str:
    """The change that the two years give, in words."""
    word = "减少" if change < 0 else "增加"
    if claim.percent:
        return f"{word} {plain(abs(round(change * _HUNDRED, 2)))}%"
    factor = own.quantity.factor if own.quantity is not None else Decimal(1)
    return f"{word} {plain(abs(round(change / factor, 2)))}{own.unit or ''}"
