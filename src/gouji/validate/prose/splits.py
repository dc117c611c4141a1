"""N3-split: a count or an amount and the kinds it is split into, which leave no thing in two of them.

在职178人（行政112人、参公41人、工勤26人）           179 > 178                  → told
就业326人，其中男性198人，女性138人                 336; 男 and 女 make the whole  → told
在职86人，其中行政31人，事业53人                    84: 工勤 may be unsaid       → to the bureau only
培训80人，其中党员50人、女职工40人                   no family: one may be both    → nothing

families: [行政|参公|事业|工勤, …]   kinds that exclude each other      whole: [男|女, …]   those that leave nothing over
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
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

_FEWEST = 3
_ITEM = r"[^#%@~;:()、,。\d]{0,14}#(?:\([^()]*\))?"
_LIST = re.compile(
    rf"(?P<whole>#)(?:[,:]?其中[:,]?|\((?:其中[:,]?)?|,包括:?|,分别是:?)(?P<items>{_ITEM}(?:[、,;和及]{_ITEM})+)"
)
_LIKELY = re.compile(r"\d\s*[^\d,.;。、]{1,3}(?:[,:]?其中|\(|,包括|,分别是)")  # spares most sentences the drawing
_NAMED = re.compile(r"(?P<name>[^#%@~;:()、,。\d]{0,14})(?P<figure>#)(?:\([^()]*\))?(?:$|[、,;和及])")
_OPENS_AGAIN = ("其中", "另", "此外", "还有", "含", "包括", "比", "较")


class Split(NamedTuple):
    """A whole, the kinds it is split into, and whether they are known to be all of it. `open_`: the list says more than kinds."""

    numbered: Numbered
    whole: Figure
    parts: tuple[Figure, ...]
    closed: bool
    open_: bool

    @property
    def gap(self) -> Decimal:
        """What the kinds make beyond the whole."""
        return sum((part.value for part in self.parts), Decimal(0)) - self.whole.value

    @property
    def room(self) -> Decimal:
        """What the printed digits leave open."""
        return sum((figure.step for figure in (self.whole, *self.parts)), Decimal(0)) / 2


def check_splits(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: splits that cannot be; or (`short` in the options) those that leave something over."""
    short = "short" in rule.options
    splits = [split for numbered in case.numbered for split in _splits(numbered, rule)]
    odd = [split for split in splits if abs(split.gap) > split.room and not _is_explained(split, case)]
    found = [split for split in odd if _is_short(split) == short and not (short and split.open_)]
    yield from judge_told((_told(split, case) for split in found), compared=bool(splits))


def _is_short(split: Split) -> bool:
    """Whether what is left over may be of a kind that is not told."""
    return split.gap < 0 and not (split.closed and not split.open_)


def _splits(numbered: Numbered, rule: Rule) -> Iterator[Split]:
    if len(numbered.figures) < _FEWEST or _LIKELY.search(numbered.sentence.text) is None:
        return
    drawn = draw(numbered)
    for match in _LIST.finditer(drawn.text):
        whole = drawn.at[match.start("whole")]
        named = [
            (item["name"], drawn.at[match.start("items") + item.start("figure")])
            for item in _NAMED.finditer(match["items"])
        ]
        for family in rule.options["families"]:
            split = _split(numbered, whole, named, family, rule)
            if split is not None:
                yield split
                break


def _split(numbered: Numbered, whole: Figure, named: list[tuple[str, Figure]], family: str, rule: Rule) -> Split | None:
    """The items up to the first that is of no kind of the family, or of a kind told before."""
    kinds: dict[str, Figure] = {}
    for name, figure in named:
        kind = _words(family).search(name)
        if kind is None or kind.group() in kinds or not _is_alike(figure, whole, rule):
            break
        if has_any(name, _OPENS_AGAIN):
            break
        kinds[kind.group()] = figure
    if len(kinds) < _FEWEST - 1:
        return None
    return Split(numbered, whole, tuple(kinds.values()), family in rule.options["whole"], len(kinds) < len(named))


@lru_cache(maxsize=32)
def _words(family: str) -> re.Pattern[str]:
    return any_of(tuple(family.split("|")))


def _is_alike(part: Figure, whole: Figure, rule: Rule) -> bool:
    """Whether both count the same: 7个…2所."""
    if part.hedged or whole.hedged or part.kind != whole.kind:
        return False
    return part.unit == whole.unit or any(
        {part.unit, whole.unit} <= set(same.split("|")) for same in rule.options["alike"]
    )


def _is_explained(split: Split, case: Case) -> bool:
    """Whether the sentence or its paragraph tells what lies between: 其中3人属行政又属参公."""
    passage = split.numbered.sentence.passage
    figures = (figure for other in case.numbered if other.sentence.passage is passage for figure in other.figures)
    others = (figure for figure in figures if figure not in split.parts)
    return any(figure.kind == split.whole.kind and figure.value == abs(split.gap) for figure in others)


def _told(split: Split, case: Case) -> Told:
    unit = split.whole.raw.lstrip("0123456789,. ")
    factor = Decimal(10000) if "万" in split.whole.raw else Decimal(1)
    gap = f"{'多' if split.gap > 0 else '少'} {format((abs(split.gap) / factor).normalize(), 'f')}{unit}"
    shown = split.numbered.around(split.whole, *split.parts)
    return Told(f"“{shown}”，所列各类合计比 {split.whole.raw} {gap}", (split.numbered.sentence.evidence(case),))
