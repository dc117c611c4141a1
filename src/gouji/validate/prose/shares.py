"""N3-share: a share against the total that its sentence names.

支出合计1,506.71万元，其中：基本支出894.41万元，占59.36%；项目支出612.30万元，占40.64%      894.41/1,506.71 = 59.36 % → closes
支出合计100万元，其中基本支出60万元，占65%                                              60 %               → told
基本支出60万元，占总支出100万元的65%       the total stands between                                     → told
基本支出占总支出的57.17%                  the form's 702.98 / 1,490.18 = 47.17 %                              → told

It is told only where the amount is that share of no other amount of the passage or the form either.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.validate.prose.named import NamedShare, is_plain, named_shares
from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered

_HUNDRED = Decimal(100)
_SHARE = re.compile(
    r"^\s*[,(]?\s*(?:约)?占(?:比)?(?:为|约|总数的|总额的|总支出的|总收入的|支出合计的|收入合计的|比重)?\s*$"
)
_IN, _OF = re.compile(r"^\s*[,(]?\s*占[^,;:。()]{0,12}$"), re.compile(r"^\s*的?(?:比重|比例|总额)?(?:为|达到?|是)?\s*$")
_TOTAL = re.compile(r"(?:合计|总计|总额|共计|总支出|总收入|总)(?:为|共)?\s*$")
_OF_WHICH = re.compile(r"^\s*[,(:;]?\s*其中")


class Share(NamedTuple):
    """An amount, the percentage that it is of the total, and the total."""

    numbered: Numbered
    part: Figure
    percent: Figure
    total: Figure


def check_shares(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    shares = [*_shares(case), *_shares_between(case), *_shares_of_named(case)] if "占" in case.said else []
    named = list(named_shares(case))
    found = [_told(share, case) for share in shares if not _closes(share.part, share.percent, case)]
    found += [_told_named(share, case) for share in named if not _closes(share.part, share.percent, case)]
    yield from judge_told(found, compared=bool(shares or named))


def _shares(case: Case) -> Iterator[Share]:
    """Shares in a passage whose last total stands before 其中. A total in another sentence of the passage holds on."""
    total: Figure | None = None
    passage = None
    for numbered in case.numbered:
        if numbered.sentence.passage is not passage:
            total, passage = None, numbered.sentence.passage
        for figure, after in _pairs(numbered):
            if (
                after is not None
                and after.kind == "percent"
                and total is not None
                and _is_share(numbered, figure, after)
            ):
                if total.unit == figure.unit and not tells_other_year(numbered.sentence.text, case):
                    yield Share(numbered, figure, after, total)
            elif _is_total(numbered, figure):
                total = figure


def _shares_between(case: Case) -> Iterator[Share]:
    """A, 占…B的p%."""
    for numbered in case.numbered:
        figures = numbered.figures
        for part, total, percent in zip(figures, figures[1:], figures[2:], strict=False):
            if percent.kind != "percent" or part.unit != total.unit or part.kind not in ("money", "count"):
                continue
            exact = not (part.hedged or total.hedged or percent.hedged) and part.value <= total.value
            named = _IN.match(numbered.text_between(part, total)) and _OF.match(numbered.text_between(total, percent))
            if exact and named and not tells_other_year(numbered.sentence.text, case):
                yield Share(numbered, part, percent, total)


def _shares_of_named(case: Case) -> Iterator[Share]:
    """A, 占项目支出的p%, where 项目支出 is told elsewhere."""
    named = _named(tuple(case.rules.lexicon.figures)) if case.rules.lexicon.figures else None
    for numbered in case.numbered if named is not None else ():
        for part, percent in pairwise(numbered.figures):
            exact = not part.hedged and not percent.hedged and (part.kind, percent.kind) == ("money", "percent")
            match = named.match(numbered.text_between(part, percent)) if named is not None and exact else None
            whole = _told_elsewhere(match["name"], part, case) if match is not None else None
            if whole is not None and whole.value >= part.value and is_plain(numbered.sentence.text, case):
                yield Share(numbered, part, percent, whole)


def _told_elsewhere(name: str, part: Figure, case: Case) -> Figure | None:
    """The form's figure of a name; of a report without the cell, the first that a sentence tells."""
    concept = case.rules.lexicon.figures[name]
    fact = case.main.fact(concept) or next(iter(case.prose.get(concept, ())), None)
    if fact is None or fact.quantity is None or case.is_doubtful(fact):
        return None
    return msgspec.structs.replace(part, value=fact.quantity.base_value, raw=f"{name} {fact.raw}")


@lru_cache(maxsize=4)
def _named(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\s*[,(]?占(?P<name>{any_of(names).pattern})(?:总额|总数|决算)?的?(?:比重|比例)?(?:为|达)?\s*$")


def _pairs(numbered: Numbered) -> Iterable[tuple[Figure, Figure | None]]:
    figures = [figure for figure in numbered.figures if figure.kind != "time"]
    return zip(figures, (*figures[1:], None), strict=True) if figures else ()


def _is_share(numbered: Numbered, part: Figure, percent: Figure) -> bool:
    exact = not part.hedged and not percent.hedged and part.kind in ("money", "count")
    return exact and _SHARE.match(numbered.text_between(part, percent)) is not None


def _is_total(numbered: Numbered, figure: Figure) -> bool:
    """支出合计…，其中: named as a total, and its parts follow."""
    named = _TOTAL.search(numbered.clause_before(figure)) is not None and not figure.hedged
    return named and figure.kind in ("money", "count") and _OF_WHICH.match(numbered.text_after(figure)) is not None


def _closes(part: Figure, percent: Figure, case: Case) -> bool:
    """Whether some amount is a whole of which the part is that percentage, rounded, cut or raised."""
    if percent.value <= percent.step:
        return True
    low = _HUNDRED * (part.value - part.step / 2) / (percent.value + percent.step)
    high = _HUNDRED * (part.value + part.step / 2) / (percent.value - percent.step)
    return any(low < value + half and value - half < high for value, half in _wholes(part, case))


def _wholes(part: Figure, case: Case) -> Iterator[tuple[Decimal, Decimal]]:
    """(value, half a step) of every amount of that unit in the text and, of money, in the form."""
    yield from ((f.value, f.step / 2) for n in case.numbered for f in n.figures if f.unit == part.unit)
    for fact in case.report.facts if part.kind == "money" else ():
        if fact.quantity is not None:
            yield fact.quantity.base_value, fact.quantity.half_step * fact.quantity.factor


def _told(share: Share, case: Case) -> Told:
    shown = share.numbered.around(share.part, share.percent)
    text = f"“{shown}”，{share.part.raw}与所写合计 {share.total.raw}、占比 {share.percent.raw} 不相当"
    return Told(text, (share.numbered.sentence.evidence(case),))


def _told_named(share: NamedShare, case: Case) -> Told:
    shown = share.numbered.around(share.percent)
    text = f"“{shown}”，{share.part.raw}、{share.whole.raw}，与所写 {share.percent.raw} 不相当"
    return Told(text, (share.numbered.sentence.evidence(case),))
