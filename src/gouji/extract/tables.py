"""Everything that the tables of a region state: figures, pairs, rows of amounts, scores. Of a report and of a project alike."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.extract.figures import fact_of_pair, fact_of_stated, facts_of_block, has_marked_row
from gouji.extract.items import facts_of_items
from gouji.extract.scoring import Scores, scores_of_block
from gouji.extract.stages import stage_stated
from gouji.text.dates import years_of_account

if TYPE_CHECKING:
    from gouji.extract.context import Context
    from gouji.model.anchor import Region
    from gouji.model.report import Fact, Indicator, Subtotal


class Tables(NamedTuple):
    """Facts of tables, facts of labelled lines outside them, indicators with their subtotals."""

    facts: list[Fact]
    lines: list[Fact]
    indicators: list[Indicator]
    subtotals: list[Subtotal]


def read_tables(region: Region, context: Context) -> Tables:
    """Read every block of a region."""
    context.earlier_years |= _years_beside_others(region)
    indicators, totals, subtotals = _scores(region, context)
    facts = _table_facts(region, context)
    stated = [fact_of_stated(item, context) for item in region.stated]
    dated = {item.where for item in region.stated if item.moment is not None}
    facts += stage_stated(stated, facts, dated, context)
    facts = [*facts, *totals, *_score_of_total([*facts, *stated], totals)]
    return Tables(facts, [fact for fact in stated if fact.origin == "prose"], indicators, subtotals)


def _years_beside_others(region: Region) -> set[int]:
    """Years in titles of tables that hold the same figures as a table of another year (or of none)."""
    years: dict[str, set[int | None]] = {}
    held = [(block.title, [column.concept for column in block.columns]) for block in region.figures]
    held += [(block.title, [row.concept for row in block.rows]) for block in region.items]
    for title, concepts in held:
        named = years_of_account(title)
        for concept in {concept for concept in concepts if concept is not None}:
            years.setdefault(concept, set()).add(named[0] if len(named) == 1 else None)
    return {year for told in years.values() if len(told) > 1 for year in told if year is not None}


def _scores(region: Region, context: Context) -> Scores:
    """Of several scoring tables (projects of a bundle) the longest is the unit's own."""
    if not region.scoring:
        return Scores([], [], [])
    main = max(region.scoring, key=lambda block: sum(len(segment.rows) for segment in block.segments))
    return scores_of_block(main, context)


def _table_facts(region: Region, context: Context) -> list[Fact]:
    figures = sorted(region.figures, key=lambda block: not has_marked_row(block, context))
    facts = [fact for block in figures for fact in facts_of_block(block, context)]
    facts += [fact for block in region.items for fact in facts_of_items(block, context)]
    stated = {fact.concept for fact in facts if fact.main} | {pair.concept for pair in region.pairs if pair.strong}
    weak = Counter(pair.concept for pair in region.pairs if not pair.strong)
    facts.extend(
        fact_of_pair(pair, context)
        for pair in region.pairs
        if pair.strong or (pair.concept not in stated and weak[pair.concept] == 1)
    )
    return [*facts, *_actual_in_service(facts)]


def _actual_in_service(facts: list[Fact]) -> list[Fact]:
    """A form that asks for 在职人数 instead of 实有人数 states the actual headcount with it."""
    if any(fact.concept == "staffing.actual" for fact in facts):
        return []
    in_service = [fact for fact in facts if fact.concept == "staffing.in_service" and fact.main]
    moments = Counter((fact.period, fact.stage, fact.scope) for fact in in_service)
    return [
        _with_concept(fact, "staffing.actual")
        for fact in in_service
        if moments[fact.period, fact.stage, fact.scope] == 1
    ]


def _score_of_total(facts: list[Fact], totals: list[Fact]) -> list[Fact]:
    """A form without a 综合得分 of its own has it in the total of its score column."""
    if any(fact.concept == "performance.score" for fact in facts):
        return []
    total = next((fact for fact in totals if fact.concept == "scoring.score_total"), None)
    told = total is not None and total.state in ("value", "zero", "blank")
    return [_with_concept(total, "performance.score")] if total is not None and told else []


def _with_concept(fact: Fact, concept: str) -> Fact:
    return msgspec.structs.replace(fact, concept=concept)
