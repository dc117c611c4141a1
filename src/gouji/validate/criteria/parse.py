"""Criterion text → Criterion, in a few named steps. What is not sure becomes `Unreadable`, never a guess.

mentions ─┬ deducts by steps of a ratio      → Linear
          ├ deducts by events                 → Events
          ├ awards, each with a band          → Bands
          └ awards with words                 → Checklist (they add up to the weight) or Case (the best is the weight)
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.validate.criteria.bands import Placed, settle_bands
from gouji.validate.criteria.conditions import End, Ends, read_condition, sign_words
from gouji.validate.criteria.kinds import ZERO, Case, Checklist, Criterion, Events, Linear, Said, Unreadable
from gouji.validate.criteria.tokens import Mention, Reading, fold_criterion, read_mentions

if TYPE_CHECKING:
    from collections.abc import Iterable

_UP = "超过|超出|超|高于|高出|高|大于|多于|增长|增加|增|上升|提高|上浮"
_DOWN = "低于|低|小于|不足|少于|少|减少|降低|下降|下浮|降|差|未达"
_STEP = re.compile(
    rf"每(?:再)?(?P<word>{_UP}|{_DOWN})?(?:比|较)?(?P<base>\d+(?:\.\d+)?%)?(?P<mid>{_UP}|{_DOWN})?(?:的)?,?每?(?P<times>\d+(?:\.\d+)?)?个?(?P<unit>百分点|%|点)"
    rf"(?P<after>{_UP}|{_DOWN})?的?$"
)
_UNITS = "例|次|项|处|起|个|人|件|条|类|场|天|日|笔|宗|份|种|户|家|季度|名|台|篇|期|方面|样"
_EVENT = re.compile(
    rf"(?:每|凡|有|见|缺|少|出现|发现|发生|存在)[^,;。\n]{{0,12}}?(?:一|1|1个|一个)?(?:{_UNITS})[^;。\n]{{0,30}}$"
)
_ONE = re.compile(rf"(?:^|[,;。\n])(?:任|其中)?(?:有)?(?:1|一)(?:{_UNITS})(?:未|不|没)[^;。\n]{{0,30}}$")
_MARK = re.compile(r"^\(?\d{1,2}(?:[)、]|\.(?!\d))")
_CLAUSE = re.compile(r"[;。\n]")
_DEFINITION = re.compile(  # 控制率=（在职人员数/编制数）×100%。 says what the ratio is, nothing of points
    r"^\s*[^。；;\n=＝≤≥<>\d]{2,20}[=＝](?=[^。；;\n]*[/÷／])[^。；;\n扣得计分]{4,80}[。；;\n]\s*"
)
_BASE = re.compile(r"以(\d+(?:\.\d+)?)%为(?:标准|基准|目标)")
_MEASURE = re.compile(r"[≤≥<>=\d]")
_PERCENT = Decimal("0.01")


class Hints(NamedTuple):
    """What the text may leave unsaid: the weight, from where it counts, and phrases that mean a condition."""

    weight: Decimal | None = None
    base: Decimal | None = None
    words: tuple[tuple[str, str], ...] = ()


NO_HINTS = Hints()


@lru_cache(maxsize=8192)
def parse_criterion(text: str, hints: Hints = NO_HINTS) -> Criterion:
    """Read one criterion. Never raises: whatever does not read is `Unreadable`."""
    text = _DEFINITION.sub("", text)
    reading = read_mentions(text)
    awards, deducts = reading.of("award", "full", "zero"), reading.of("deduct", "share")
    if reading.of("open") or not (awards or deducts):
        return Unreadable(partial=bool(awards or deducts))
    found: Criterion | None = None
    if reading.is_settled:
        if deducts:
            found = _linear(text, reading, hints) or _events(reading, hints)
        elif not any("每" in mention.before for mention in awards):
            found = _bands(awards, hints) or _worded(reading, hints)
    return found if found is not None else Unreadable(partial=True)


def full_points(reading: Reading, hints: Hints) -> Decimal | None:
    """The most points a text gives: its best award, else its 共…分, else the weight."""
    awards = [mention.points for mention in reading.of("award") if mention.points > 0]
    totals = [mention.points for mention in reading.of("total") if mention.points > 0]
    return max(awards or totals, default=hints.weight)


def _linear(text: str, reading: Reading, hints: Hints) -> Linear | None:
    """One deduction by steps beside at most one award, that of full marks."""
    deducts, awards = reading.of("deduct", "share"), reading.of("award", "full")
    if len(deducts) != 1 or len(awards) > 1 or reading.of("zero") or deducts[0].points <= 0:
        return None
    step = _STEP.search(deducts[0].before)
    full = full_points(reading, hints)
    if step is None or full is None or full <= 0:
        return None
    before = deducts[0].before[: step.start()]
    ends = [_condition(before, hints), *(_condition(award.before, hints) for award in awards)]
    kind = _direction(step, before, ends)
    times = Decimal(step["times"] or 1)
    base = _base_of(step, ends, text, hints)
    if kind is None or times <= 0:
        return None
    size = times * (base if base is not None and abs(base) > 100 else Decimal(1)) * _PERCENT  # noqa: PLR2004 - an amount
    return Linear(kind, base, full, _lost(deducts[0], full), size)


def _lost(mention: Mention, full: Decimal) -> Decimal:
    """Points off: 扣0.5分, or a share of the weight."""
    return mention.points if mention.kind == "deduct" else full * mention.points * _PERCENT


def _direction(
    step: re.Match[str], before: str, ends: list[Ends | None]
) -> Literal["linear_excess", "linear_shortfall"] | None:
    """On which side points are lost: by the step's own word, by the words before it, by the condition of full marks."""
    word = step["word"] or step["mid"] or step["after"]
    if word is None:
        signs = re.findall("[<>]", sign_words(before))
        word = {"<": "低", ">": "超"}.get(signs[-1]) if signs else None
    if word is not None:
        return "linear_excess" if re.fullmatch(_UP, word) else "linear_shortfall"
    award = ends[-1]
    if award is None or (award.low is None) == (award.high is None):
        return None
    return "linear_excess" if award.low is None else "linear_shortfall"


def _base_of(step: re.Match[str], ends: Iterable[Ends | None], text: str, hints: Hints) -> Decimal | None:
    """From where steps count: 每低于100%…, 高于0的，每…, ≤100%得满分, 以100%为标准, else the indicator's own base."""
    if step["base"]:
        return Decimal(step["base"].rstrip("%")) * _PERCENT
    for found in ends:
        end = (found.low or found.high) if found is not None else None
        if end is not None:
            return end.value
    said = _BASE.search(fold_criterion(text))
    return Decimal(said[1]) * _PERCENT if said is not None else hints.base


def _events(reading: Reading, hints: Hints) -> Events | None:
    """Deductions for each event. At most one award, that of full marks in words."""
    awards, deducts = reading.of("award", "full"), reading.of("deduct", "share")
    full = full_points(reading, hints)
    if full is None or len(awards) > 1 or reading.of("zero"):
        return None
    if any(_STEP.search(mention.before) or not _is_event(mention) for mention in deducts):
        return None
    points = tuple(sorted({_lost(mention, full) for mention in deducts if mention.points > 0}))
    return Events(full, points) if points else None


def _is_event(mention: Mention) -> bool:
    clause = _CLAUSE.split(mention.before)[-1]
    if "%" in clause or "百分点" in clause:
        return False
    return _EVENT.search(clause) is not None or _ONE.search(clause) is not None


def _bands(awards: list[Mention], hints: Hints) -> Criterion | None:
    """Every award has a condition on the ratio: 增长不得分 alone leaves full marks for the rest."""
    ends = [_condition(mention.before, hints) for mention in awards]
    points = [_award_points(mention, hints) for mention in awards]
    if hints.weight == sum(point for point in points if point is not None) and _are_of_several(awards):
        return None
    placed = [
        Placed(end, value) for end, value in zip(ends, points, strict=True) if end is not None and value is not None
    ]
    if len(placed) != len(awards):
        return None
    if len(placed) == 1 and placed[0].points == 0 and hints.weight is not None:
        placed.append(Placed(_complement(placed[0].ends), hints.weight))
    return settle_bands(placed)


def _are_of_several(awards: list[Mention]) -> bool:
    """Whether conditions are on several ratios, none named within another: 半年进度≥45%得2分；前三季度进度≥75%得3分."""
    clauses = [_MARK.sub("", _CLAUSE.split(mention.before)[-1]) for mention in awards]
    names = {name for clause in clauses if (name := _MEASURE.split(sign_words(clause))[0].strip(",的在"))}
    return len(names) > 1 and not any(a != b and a in b for a in names for b in names)


def _complement(ends: Ends) -> Ends:
    """What a one-sided condition leaves."""
    if ends.low is not None and ends.high is None:
        return Ends(None, End(ends.low.value, not ends.low.closed))
    if ends.high is not None and ends.low is None:
        return Ends(End(ends.high.value, not ends.high.closed), None)
    return ends


def _award_points(mention: Mention, hints: Hints) -> Decimal | None:
    return hints.weight if mention.kind == "full" else mention.points


def _condition(text: str, hints: Hints) -> Ends | None:
    """The condition in a text's last clause, phrases of the indicator read first."""
    clause = _MARK.sub("", _CLAUSE.split(text)[-1])
    for phrase, meaning in hints.words:
        if phrase in clause:
            return read_condition(meaning)
    return read_condition(clause)


def _worded(reading: Reading, hints: Hints) -> Criterion | None:
    """Awards in words: items that add up where marked or where their sum is the weight, else one of which holds."""
    awards = reading.of("award", "full", "zero")
    points = [_award_points(mention, hints) for mention in awards]
    if any(value is None for value in points) or any(_is_measured(mention) for mention in awards):
        return None
    known = [value for value in points if value is not None]
    if len(known) > 2 and known[0] == sum(known[1:]) and "其中" in awards[1].before:  # noqa: PLR2004 - 共15分，其中 …
        return _checklist(list(enumerate(known[1:])))
    if reading.marked and all(mention.item for mention in awards):
        return _checklist([(mention.item, value) for mention, value in zip(awards, known, strict=True)])
    if reading.of("zero", "full") or len(known) == 1 or (hints.weight == max(known) and hints.weight != sum(known)):
        return _case(awards, known)
    if hints.weight == sum(known):
        return _checklist(list(enumerate(known)))
    return None


def _is_measured(mention: Mention) -> bool:
    """Whether the words hold a percentage that did not read as a band."""
    return "%" in mention.before or "百分点" in mention.before


def _checklist(pairs: list[tuple[int, Decimal]]) -> Checklist:
    items: dict[int, list[Decimal]] = {}
    for item, points in pairs:
        items.setdefault(item, []).append(points)
    return Checklist(tuple(tuple(points) for points in items.values()))


def _case(awards: list[Mention], points: list[Decimal]) -> Case | None:
    cases = tuple(Said(_CLAUSE.split(mention.before)[-1], value) for mention, value in zip(awards, points, strict=True))
    if len(cases) == 1 or not all(case.text for case in cases) or max(points) <= ZERO:
        return None
    return Case(cases)
