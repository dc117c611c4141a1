"""X1-none: what a sentence says there was none of, and a cell of the form that holds an amount of it.

全年未发生公务用车运行维护费        表 公务用车运维费 5.60      → told
局机关未发生公务用车购置费          of a part of the unit only   → nothing
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.prose.text import has_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_MONEY = ("three_public.", "expenditure.")
_OF_NEW_ONES = "新增"  # 未新增公务用车: one may have been replaced
_STOPS = re.compile(r"[。；;\n]")
_BEFORE = 40


def check_denied(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a concept that a sentence denies and a cell of the same scope holds; else one for all."""
    del rule
    pairs = list(_pairs(case))
    bad = [
        _judgement(denial, cell, case) for denial, cell in pairs if cell.quantity is not None and cell.quantity.value
    ]
    yield from bad
    if not bad:
        yield Judgement("pass", "prose.clean") if pairs else NOT_APPLICABLE


def _pairs(case: Case) -> Iterator[tuple[Fact, Fact]]:
    """What is denied and nowhere told in the narrative, with its cell."""
    for concept, facts in case.by_concept.items():
        if not concept.startswith(_MONEY) or any(
            fact.origin == "prose" and fact.quantity is not None for fact in facts
        ):
            continue
        denial = next((fact for fact in facts if _is_denial(fact, case)), None)
        cell = case.main.fact(concept)
        if denial is not None and cell is not None and cell.scope == denial.scope and not case.is_doubtful(cell):
            yield denial, cell


def _is_denial(fact: Fact, case: Case) -> bool:
    own_year = fact.period in (None, case.report.fiscal_year)
    if fact.origin != "prose" or fact.state != "none" or not fact.main or not own_year or fact.stage != "final":
        return False
    words = case.rules.lexicon
    for section in case.report.sections:
        before, found, _ = section.text.partition(fact.raw)
        if found:
            scope = _STOPS.split(before[-_BEFORE:])[-1]
            elsewhere = (*words["narrower"], *words["other_years"], *words["partial"])
            return _OF_NEW_ONES not in fact.raw and not has_any(scope, elsewhere)
    return False


def _judgement(denial: Fact, cell: Fact, case: Case) -> Judgement:
    unit = f" {cell.unit}" if cell.unit else ""
    expression = f"{denial.place or '正文'}写明“{denial.raw}”，{cell.place or '表内'}为 {cell.raw}{unit}"
    evidence = present((case.evidence(denial, "copy"), case.evidence(cell, "value")))
    slots = {"项": case.name_of(cell.concept)}
    return Judgement("review", "prose.denied", slots, expression, evidence=evidence, suffix=cell.concept)
