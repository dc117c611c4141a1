"""What finance holds of each unit, as a small report beside its own: Context.reference.

    reference_facts(2021) ─UnitIndex→ facts of one unit ─build_reference→ Compared(Report, sources by figure)

Two imports that state one figure (部门决算 and 三公 both give 三公经费合计) are one where they agree; where they do not,
nobody knows which holds, and the figure stands as unreadable: what rests on it is undecided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.model.quantity import Quantity, Unit
from gouji.model.report import Fact, Report
from gouji.pipeline.unit_match import Named, UnitIndex
from gouji.store.references import ReferenceFact, reference_facts
from gouji.validate.context import Compared, FactKey
from gouji.validate.span import span_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gouji.model.result import Outcome
    from gouji.store import Store
    from gouji.validate.context import Context


class ReferenceFigures:
    """Surroundings: the imported figures of each report's unit and year. `units` are those of the patterns."""

    def __init__(self, store: Store, units: Mapping[str, Unit]) -> None:
        self.store = store
        self.units = units
        self.found = 0
        self._years: dict[int, UnitIndex[ReferenceFact]] = {}

    def see(self, outcome: Outcome) -> None:
        """Nothing: what finance holds stands in the store."""

    def add_to(self, context: Context, outcome: Outcome, index: int) -> Context:
        """With the figures of the unit, where some were imported."""
        report = outcome.reports[index]
        if report.fiscal_year is None or report.kind == "project":
            return context
        facts = self._year(report.fiscal_year).find(Named(report.budget_code, report.unit_name))
        if not facts:
            return context
        self.found += 1
        return msgspec.structs.replace(context, reference=build_reference(facts, self.units))

    def describe(self) -> list[str]:
        """What the console says of it."""
        return [f"与参照数据对照 {self.found} 份。"] if self.found else []

    def _year(self, year: int) -> UnitIndex[ReferenceFact]:
        if year not in self._years:
            facts = reference_facts(self.store, year)
            self._years[year] = UnitIndex(facts, lambda fact: Named(fact.unit_code, fact.unit_name))
        return self._years[year]


def build_reference(facts: Iterable[ReferenceFact], units: Mapping[str, Unit]) -> Compared:
    """One unit's figures as a report."""
    by_key: dict[FactKey, list[ReferenceFact]] = {}
    for fact in facts:
        by_key.setdefault((fact.concept, fact.stage, fact.scope), []).append(fact)
    first = next(iter(by_key.values()))[0]
    report = Report(
        form=None,
        unit_name=first.unit_name,
        budget_code=first.unit_code,
        fiscal_year=first.year,
        report_date=None,
        facts=tuple(_merge(same, units) for same in by_key.values()),
    )
    return Compared(report, first.source, sources={key: same[0].source for key, same in by_key.items()})


def _merge(same: list[ReferenceFact], units: Mapping[str, Unit]) -> Fact:
    quantities = [Quantity(fact.value, units.get(fact.unit or ""), fact.decimals) for fact in same]
    spans = [span for quantity in quantities if (span := span_of(quantity)) is not None]
    agree = max(span.low for span in spans) <= min(span.high for span in spans)
    first, quantity = same[0], quantities[0]
    return Fact(
        concept=first.concept,
        label=None,
        header_path=(),
        entity=first.unit_name,
        period=first.year,
        stage=first.stage,
        scope=first.scope,
        state=("zero" if not quantity.value else "value") if agree else "unreadable",
        content=quantity if agree else None,
        raw=first.raw if agree else "／".join(fact.raw for fact in same),
        origin="table",
        where=first.where,
        place=f"{first.source} {first.place}" if agree else "、".join(f"{fact.source} {fact.place}" for fact in same),
    )
