"""N1: a planned and an achieved number in one sentence against what is claimed of them.

计划培训300人次，实际完成280人次，超额完成任务      280 < 300, claimed as met        → told
计划投资300万元，实际280万元，圆满完成              money may be saved               → nothing
办公经费控制在30万元以内，实际28万元，达标            a limit is no target             → nothing
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.lexicon import Lexicon
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered

_PAIR = 2
_CLAUSES = re.compile(r"[,;:、。(]")
_NOT_QUITE = ("基本", "接近", "部分", "大部")


def check_targets(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    pairs = [(numbered, pair) for numbered in case.numbered if (pair := _pair_of(numbered, case)) is not None]
    found = [told for numbered, pair in pairs if (told := _told(numbered, pair, case)) is not None]
    yield from judge_told(found, compared=bool(pairs))


def _pair_of(numbered: Numbered, case: Case) -> tuple[Figure, Figure] | None:
    """The planned and the achieved number: the only two of their unit in a sentence that tells of nothing where less is better."""
    words = case.rules.lexicon
    text = numbered.sentence.text
    if not has_any(text, words["planned"]) or has_any(text, words["lower_better"]) or tells_other_year(text, case):
        return None
    for left, right in zip(numbered.figures, numbered.figures[1:], strict=False):
        same = [figure for figure in numbered.figures if figure.unit == left.unit]
        if left.kind == "time" or left.unit != right.unit or len(same) != _PAIR:
            continue
        plan, reached = numbered.clause_before(left), numbered.text_between(left, right)
        if _is_plan(plan + _first_clause(reached), words) and _is_reached(reached, words):
            return left, right
    return None


def _first_clause(text: str) -> str:
    return _CLAUSES.split(text)[0]


def _is_plan(clause: str, words: Lexicon) -> bool:
    return has_any(clause, words["planned"]) and not has_any(clause, words["at_most"])


def _is_reached(between: str, words: Lexicon) -> bool:
    """Whether what stands between the two numbers leads to what was reached, of the same year."""
    return any_of(words["reached"]).search(between) is not None and not has_any(
        between,
        (*words["other_years"], *words["partial"]),
    )


def _told(numbered: Numbered, pair: tuple[Figure, Figure], case: Case) -> Told | None:
    planned, reached = pair
    claim = claimed_in(numbered.text_after(reached), case, is_money=planned.kind == "money")
    if claim is None or not reached.below(planned):
        return None
    text = f"“{numbered.around(planned, reached)}”，计划 {planned.raw}，实际 {reached.raw}，却写“{claim}”"
    return Told(text, (numbered.sentence.evidence(case),))


def claimed_in(text: str, case: Case, *, is_money: bool = False) -> str | None:
    """The claim that a target was met which a text makes, without a negation before it. Money is met only where it is exceeded."""
    words = case.rules.lexicon
    claims = tuple(word for word in words["claims"] if "超" in word) if is_money else words["claims"]
    denials = (words["negations"], words["plans"], _NOT_QUITE)
    for match in any_of(claims).finditer(text):
        before = _CLAUSES.split(text[max(0, match.start() - 6) : match.start()])[-1]
        if not before or not any(has_any(before, denial) for denial in denials):
            return match.group()
    return None
