"""N3-parts, N3-main: an amount and the list of what it is made of.

公用支出181.38万元，由办公费60.00万元、印刷费12.38万元、其他109.00万元构成      60.00 + 12.38 + 109.00 = 181.38     → closes
项目支出787.20万元，主要包括：低保核查经费320.00万元，养老服务经费250.00万元      570.00: 主要 leaves room           → note
支出100.00万元，包括：办公费60.00万元、印刷费50.00万元                           110.00 > 100.00                  → told
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

_FEWEST = 2
_ENDS = ("。", "\n")


class Made(NamedTuple):
    """A whole and its listed parts. `open_`: the list says 主要, so it may leave some out."""

    numbered: Numbered
    whole: Figure
    parts: tuple[Figure, ...]
    open_: bool

    @property
    def listed(self) -> Decimal:
        """What the list adds up to."""
        return sum((part.value for part in self.parts), Decimal(0))


def check_lists(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: lists that must close, or (`main` in the options) those that fall short under 主要."""
    short = "main" in rule.options
    verbs = rule.options["opens"] if short else (*rule.options["opens"], *rule.options["closed"])
    sentences = [n for n in case.numbered if len(n.figures) > _FEWEST and has_any(n.sentence.text, verbs)]
    lists = [made for numbered in sentences if (made := _made(numbered, rule)) is not None]
    judged = [made for made in lists if made.open_ or not short]
    yield from judge_told(
        (_told(made, case) for made in judged if not _closes(made) and _is_short(made) == short), compared=bool(judged)
    )


def _is_short(made: Made) -> bool:
    """Whether it is an open list of less than the whole."""
    return made.open_ and made.listed < made.whole.value


@lru_cache(maxsize=4)
def _grammar(opens: tuple[str, ...], closed: tuple[str, ...]) -> re.Pattern[str]:
    verbs = rf"(?:(?P<open>{any_of(opens).pattern})|(?P<closed>{any_of(closed).pattern}))"
    item = r"[^#%@~;:()、,\d]{1,16}#"
    return re.compile(rf"(?P<whole>#),?{verbs}:?(?P<items>{item}(?:[、,和及]{item})+)(?:构成|组成)?[。\n]?$")


def _made(numbered: Numbered, rule: Rule) -> Made | None:
    """A list that ends its sentence and says nothing of what it leaves out."""
    options, text = rule.options, numbered.sentence.text
    if has_any(text, options["leaves_out"]):
        return None
    passage = numbered.sentence.passage.text
    if not text.endswith(_ENDS) and numbered.sentence.end < len(passage):
        return None
    drawn = draw(numbered)
    match = _grammar(options["opens"], options["closed"]).search(drawn.text)
    if match is None:
        return None
    whole = drawn.figure(match, "whole")
    places = [place for place in drawn.at if match.start("items") <= place < match.end("items")]
    parts = tuple(drawn.at[place] for place in places)
    if whole is None or len(parts) < _FEWEST or {part.unit for part in parts} != {whole.unit}:
        return None
    return Made(numbered, whole, parts, match["open"] is not None)


def _closes(made: Made) -> bool:
    """Whether the printed digits allow the sum."""
    room = sum((figure.step for figure in (made.whole, *made.parts)), Decimal(0)) / 2
    return abs(made.listed - made.whole.value) <= room


def _told(made: Made, case: Case) -> Told:
    gap = abs(made.listed - made.whole.value)
    factor = Decimal(10000) if "万" in made.whole.raw else Decimal(1)
    more = "多" if made.listed > made.whole.value else "少"
    shown = made.numbered.around(made.whole, *made.parts)
    unit = made.whole.raw.lstrip("0123456789,. ")
    text = f"“{shown}”，所列各项合计比 {made.whole.raw} {more} {format((gap / factor).normalize(), 'f')}{unit}"
    return Told(text, (made.numbered.sentence.evidence(case),))
