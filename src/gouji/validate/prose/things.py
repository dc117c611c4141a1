"""What the counts of sentences count: 全年制发各类公文共计571件 → Thing(制发公文, 571件).

Parts, plans, comparisons and other years are no things: 其中制发公文20份, 计划制发公文600份, 上年制发公文590份.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.text import any_of, has_any, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.validate.case import Case
    from gouji.validate.prose.figures import Figure, Numbered

_CLAUSES = re.compile(r"[,;:()、。]")
_DIGIT = re.compile(r"\d")
_SHORTEST = 3
_MARKS = re.compile(r"[^\u4e00-\u9fff]")


class Thing(NamedTuple):
    """A count of the whole year and the words for what it counts."""

    name: str
    numbered: Numbered
    figure: Figure


def things_of(case: Case) -> Iterator[Thing]:
    """Every count of the running text that is the year's own."""
    for numbered in case.numbered:
        for figure in numbered.figures:
            if figure.kind == "count" and is_whole(numbered, figure, case):
                yield Thing(name_of(numbered, figure, case), numbered, figure)


def name_of(numbered: Numbered, figure: Figure, case: Case) -> str:
    """What a number counts: its clause before it, without filling words."""
    return bare_name(_MARKS.sub("", numbered.clause_before(figure)), case)


def is_whole(numbered: Numbered, figure: Figure, case: Case) -> bool:
    """Whether a number is the year's own and no part, plan or comparison."""
    words = case.rules.lexicon
    clause = numbered.clause_before(figure)
    odd = any(has_any(clause, words[name]) for name in ("partial", "plans", "planned", "at_most"))
    before = numbered.text_before(figure)
    odd = odd or has_any(before, words["scopes"]) or tells_other_year(before, case)
    return not odd and not _is_narrowed(before, case)


def _is_narrowed(before: str, case: Case) -> bool:
    """Whether an earlier clause says what the number is of: 围绕安全生产，开展督查5次. A list of other counts does not."""
    earlier = _CLAUSES.split(before)[:-1]
    return any(not _DIGIT.search(clause) and bare_name(_MARKS.sub("", clause), case) for clause in earlier)


def bare_name(text: str, case: Case) -> str:
    """A text without filling words."""
    return any_of(case.rules.lexicon["fillers"]).sub("", text)


def is_telling(name: str, case: Case) -> bool:
    """Whether a name is of one thing: 制发公文, 惠民演出; not 开展督查."""
    return len(any_of(case.rules.lexicon["generic"]).sub("", name)) >= _SHORTEST
