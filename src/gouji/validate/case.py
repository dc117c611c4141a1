"""One report as the rules see it: rows of entities with their facts, copies of one fact, the scoring table, the text.

Report ─Case→ rows   EntityRow(main)         concept → fact, copies
                     EntityRow(局机关) …
              suspects   cells whose unit of money is in doubt
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.finding import Evidence
from gouji.patterns.formula import SOURCES
from gouji.validate.context import NOTHING_AROUND
from gouji.validate.form_rows import printed_cells
from gouji.validate.operands import Operands, Reach, reach_of
from gouji.validate.placed_texts import PlacedText, texts_of
from gouji.validate.prose.figures import FigureReader, Numbered, figure_reader
from gouji.validate.prose.text import Passage, passages_of
from gouji.validate.prose.things import Thing, things_of
from gouji.validate.scores import ScoreTable, main_table
from gouji.validate.span import span_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from gouji.model.report import CellText, Fact, Indicator, Report, Section
    from gouji.patterns.rules import RuleSet
    from gouji.validate.context import Context
    from gouji.validate.criteria.rows import ScoredRow
    from gouji.validate.indicator_quality import Item
    from gouji.validate.moments import MomentRow
    from gouji.validate.money_unit import Doubt
    from gouji.validate.outcomes import Outcome

KNOWN_STATES = ("value", "zero", "none")
UNKNOWN_STATES = ("missing", "unreadable", "withheld")


class EntityRow(NamedTuple):
    """The facts of one entity: this year's, from tables, of one scope (None: unsaid).

    `copies`: the prints of each fact; `conflicts`: concepts whose prints cannot all be right.
    """

    entity: str | None
    main: bool
    facts: dict[tuple[str, str], Fact]
    copies: dict[str, tuple[Fact, ...]]
    scope: str | None = None
    conflicts: frozenset[str] = frozenset()

    def fact(self, concept: str, stage: str = "final") -> Fact | None:
        """The fact of a concept at a stage."""
        return self.facts.get((concept, stage))

    def conflicting(self, concept: str) -> tuple[Fact, ...]:
        """Copies of a concept that cannot all be right; () where they agree."""
        return self.copies[concept] if concept in self.conflicts else ()

    def agreeing(self, fact: Fact) -> tuple[Fact, ...]:
        """Other cells that state the same fact."""
        return tuple(copy for copy in self.copies.get(fact.concept, ()) if copy.where != fact.where)


class Case:
    """A report under examination, and what it is compared with."""

    def __init__(
        self,
        report: Report,
        rules: RuleSet,
        *,
        index: int = 0,
        source: str = "",
        context: Context = NOTHING_AROUND,
    ) -> None:
        self.report = report
        self.rules = rules
        self.index = index
        self.source = source
        self.context = context
        self.doubts: list[Doubt] = []
        template = context.template
        self.fixed = printed_cells(report, template) if template is not None else frozenset()  # never what is wrong
        self.operands: Operands = {}  # what the ratios of `criteria` have looked up
        self.reaches: dict[int, Reach] = {}  # id of a fact → what `reach_of` has worked out
        self.outcomes: dict[tuple[str, int, int], Outcome | None] = {}  # what `outcomes` has worked out
        self.rows = rows_of(report)
        self.scoped = [row for scope in _scopes(report) for row in rows_of(report, scope) if row.facts]
        self.told_rows: list[EntityRow] = []  # paragraphs judged like rows: `outcomes` knows them by their id
        self.prose: dict[str, list[Fact]] = {}
        for fact in report.facts:
            this_year = fact.period in (None, report.fiscal_year) and fact.stage == "final" and fact.scope is None
            if fact.origin == "prose" and fact.quantity is not None and this_year:
                self.prose.setdefault(fact.concept, []).append(fact)

    @cached_property
    def owner(self) -> str:
        """Whose findings they are, as their ids say it: unit-year."""
        report = self.report
        unit = report.budget_code or report.unit_name or "未知单位"
        return f"{unit}-{report.fiscal_year if report.fiscal_year is not None else '未知年度'}"

    @cached_property
    def suspects(self) -> frozenset[str]:
        """Cells of the blocks whose unit of money is in doubt."""
        return frozenset(cell for doubt in self.doubts for cell in doubt.block.cells)

    @cached_property
    def allowed(self) -> dict[str, frozenset[Decimal]]:
        """Score cell → the few scores that its criterion can give."""
        from gouji.validate.criteria.recompute import stepped_scores  # noqa: PLC0415 - it reads this module's facts

        cells = ((row.row.cells.get("score"), stepped_scores(row)) for row in self.scored_rows)
        return {cell.where: scores for cell, scores in cells if cell is not None and cell.where and scores is not None}

    @cached_property
    def scored_rows(self) -> tuple[ScoredRow, ...]:
        """The rows of the scoring table with their criteria as read."""
        from gouji.validate.criteria.rows import read_scored_rows  # noqa: PLC0415 - it reads this module's facts

        return read_scored_rows(self)

    @cached_property
    def every_score(self) -> ScoreTable:
        """All scoring rows of the report."""
        return ScoreTable(self.report)

    @cached_property
    def scoring(self) -> ScoreTable:
        """The scoring table that counts, where a report holds several."""
        main = main_table(self.report)
        return self.every_score if main is self.report else ScoreTable(main)

    @cached_property
    def items(self) -> list[Item]:
        """The indicators and goals with their targets."""
        from gouji.validate.indicator_quality import items_of  # noqa: PLC0415 - it reads this module's facts

        return items_of(self)

    @cached_property
    def by_concept(self) -> dict[str, list[Fact]]:
        """All facts, by what they are of."""
        found: dict[str, list[Fact]] = {}
        for fact in self.report.facts:
            found.setdefault(fact.concept, []).append(fact)
        return found

    @cached_property
    def percentages(self) -> list[tuple[Section, str, str]]:
        """Sentences of the narrative with a percentage of this year."""
        from gouji.validate.criteria.stated import percentages_of  # noqa: PLC0415 - it reads this module's facts

        return list(percentages_of(self.report))

    @cached_property
    def full_rows(self) -> tuple[list[ScoredRow], list[ScoredRow]]:
        """Standard indicators at full marks, and those of them that no number bears out."""
        from gouji.validate.criteria.known import find_full_rows  # noqa: PLC0415 - it reads this module's facts

        return find_full_rows(self)

    def is_doubtful(self, *facts: Fact) -> bool:
        """Whether one of them is money whose unit is in doubt."""
        return any(fact.where in self.suspects for fact in facts)

    @cached_property
    def moments(self) -> list[MomentRow]:
        """The figures of the budget and of last year, as rows of their own."""
        from gouji.validate.moments import rows_of_moments  # noqa: PLC0415 - it makes this module's rows

        return rows_of_moments(self.report)

    def reach_of(self, fact: Fact | None) -> Reach | None:
        """How far the number of a fact reaches by its own digits; None where it is no number."""
        if fact is None:
            return None
        known = self.reaches.get(id(fact))
        if known is None and (quantity := fact.quantity) is not None:
            known = self.reaches[id(fact)] = reach_of(quantity)
        return known

    @property
    def main(self) -> EntityRow:
        """The row of the report's own unit."""
        return self.rows[0]

    @cached_property
    def other_rows(self) -> dict[str, dict[str | None, EntityRow]]:
        """上年, 参照 → the main rows of that report by scope, where there is one."""
        found = {word: self.context.compared(word) for word in SOURCES}
        return {word: _main_rows(compared.report) for word, compared in found.items() if compared is not None}

    def other_fact(self, source: str, concept: str, stage: str, scope: str | None) -> Fact | None:
        """What the other report says of a concept in this scope; in another scope only where it says nothing in this one.

        A cell that it should have and lacks says nothing.
        """
        rows = self.other_rows.get(source, {})
        facts = [row.fact(concept, stage) for row in (rows.get(scope), *rows.values()) if row is not None]
        return next((fact for fact in facts if fact is not None and fact.state != "missing"), None)

    @cached_property
    def texts(self) -> tuple[PlacedText, ...]:
        """Every text of the report with its place in words."""
        return tuple(texts_of(self.report))

    @cached_property
    def body(self) -> str:
        """The narrative."""
        return "\n".join(f"{section.title}\n{section.text}" for section in self.report.sections)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The running text, with the place of every character."""
        return passages_of(self.report)

    @cached_property
    def said(self) -> str:
        """The running text in one piece: what is not in it is in no passage."""
        return "\n".join(passage.text for passage in self.passages)

    @cached_property
    def numbered(self) -> tuple[Numbered, ...]:
        """The sentences that hold figures."""
        return tuple(numbered for passage in self.passages for numbered in self.reader.numbered(passage))

    @cached_property
    def reader(self) -> FigureReader:
        """Reads figures in the units of the lexicon."""
        words = self.rules.lexicon
        return figure_reader(words["counts"], words["times"], words["money"])

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """The counts of the running text that are the year's own, with what they count."""
        return tuple(things_of(self))

    def name_of(self, concept: str) -> str:
        """The Chinese name of a concept."""
        return self.rules.names.get(concept, concept)

    def evidence(self, fact: Fact, relation: str, of: str = "") -> Evidence | None:
        """A fact as evidence, `of` 上年 or 参照 where it is theirs; None where it stands nowhere (a missing cell)."""
        if fact.where is None:
            return None
        value = fact.quantity
        printed = format(value.value, "f") if value is not None else fact.content
        place = fact.place or fact.label or fact.concept
        text = printed if isinstance(printed, str) else None
        if not of:
            return Evidence(fact.where, place, fact.concept, fact.raw, text, relation, self.source, self.index)
        other = self.context.compared(of)
        source, index = (self.source, self.index) if other is None else (other.source_of(fact), other.index)
        return Evidence(fact.where, f"{of}：{place}", fact.concept, fact.raw, text, relation, source, index)

    def evidence_of_cell(self, cell: CellText | None, indicator: Indicator, relation: str) -> Evidence | None:
        """A cell of a scoring row as evidence."""
        if cell is None or cell.where is None:
            return None
        value = format(cell.value.value, "f") if cell.value is not None else None
        place = cell.place or indicator.place or "《评分表》"
        return Evidence(cell.where, place, None, cell.raw, value, relation, self.source, self.index)

    def evidence_of_text(self, where: str | None, place: str, raw: str, relation: str) -> Evidence | None:
        """A text of the report as evidence."""
        if where is None:
            return None
        return Evidence(where, place if len(place) > 1 else "正文", None, raw, None, relation, self.source, self.index)

    def evidence_of_other(self, of: str, where: str | None, place: str, raw: str) -> Evidence | None:
        """A text of the report compared with (上年, 参照) as evidence."""
        other = self.context.compared(of)
        if where is None or other is None:
            return None
        return Evidence(where, f"{of}：{place}", None, raw, None, "copy", other.source, other.index)


def present(evidence: Iterable[Evidence | None]) -> tuple[Evidence, ...]:
    """Evidence that stands somewhere, each cell once."""
    return tuple({(item.source, item.where): item for item in evidence if item is not None}.values())


def _main_rows(report: Report) -> dict[str | None, EntityRow]:
    """The rows of the report's own unit: of money that is not told apart, then of each scope."""
    return {scope: rows_of(report, scope)[0] for scope in (None, *_scopes(report))}


def _scopes(report: Report) -> list[str]:
    """Scopes that tables name, in printed order."""
    found = (fact.scope for fact in report.facts if fact.origin == "table" and fact.scope is not None)
    return list(dict.fromkeys(found))


def rows_of(report: Report, scope: str | None = None) -> list[EntityRow]:
    """Main row first, then the other entities in printed order. A report without figures has one empty row.

    Money of one scope is never added to, nor compared with, that of another.
    """
    order: list[tuple[bool, str | None]] = [(True, None)]
    groups: dict[tuple[bool, str | None], list[Fact]] = {order[0]: []}
    for fact in report.facts:
        if fact.origin != "table" or fact.scope != scope or fact.period not in (report.fiscal_year, None):
            continue
        key = (True, None) if fact.main else (False, fact.entity)
        if key not in groups:
            order.append(key)
            groups[key] = []
        groups[key].append(fact)
    return [
        _row(entity if not main else report.unit_name, groups[main, entity], scope, main=main) for main, entity in order
    ]


def _row(entity: str | None, facts: list[Fact], scope: str | None, *, main: bool) -> EntityRow:
    best: dict[tuple[str, str], Fact] = {}
    copies: dict[str, dict[str | None, Fact]] = {}
    for fact in facts:
        key = (fact.concept, fact.stage)
        known = best.get(key)
        if known is None or (known.state not in KNOWN_STATES and fact.state in KNOWN_STATES):
            best[key] = fact
        if fact.stage == "final" and fact.quantity is not None:
            copies.setdefault(fact.concept, {}).setdefault(fact.where, fact)
    printed = {name: tuple(same.values()) for name, same in copies.items()}
    conflicts = frozenset(name for name, same in printed.items() if len(same) > 1 and not _agree(same))
    return EntityRow(entity, main, best, printed, scope, conflicts)


def _agree(copies: tuple[Fact, ...]) -> bool:
    """Whether some value lies in the span of every copy."""
    spans = [span for copy in copies if copy.quantity is not None and (span := span_of(copy.quantity)) is not None]
    return not spans or max(span.low for span in spans) <= min(span.high for span in spans)
