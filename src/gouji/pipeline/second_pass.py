"""After every file was read by itself: each report beside last year's, the reference data, the blank form, the others.

    outcomes ─see→ surroundings ─context_of→ Context ─validate_in_context→ more findings ─decisions→ waived
                   (one a kind)   (one a report)

Files of one submission (joining.py) are judged as one report instead.

The first look gathers what the district shares; the second judges. Reports are decoded one after the other, so that
memory grows by what the surroundings keep, not by the document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from gouji.export.district import find_report
from gouji.pipeline.joining import Joining, send_last_year_home
from gouji.store.receipts import read_receipts
from gouji.validate import validate_in_context, validate_report
from gouji.validate.context import NOTHING_AROUND, Context
from gouji.validate.form_rows import printed_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gouji.model.finding import Finding
    from gouji.model.report import Report
    from gouji.model.result import Outcome
    from gouji.patterns.rules import RuleSet
    from gouji.store import Store


class Surroundings(Protocol):
    """One kind of comparison: sees every outcome of the run once, then adds what it knows to a report's context."""

    def see(self, outcome: Outcome) -> None:
        """Take note of one file."""

    def add_to(self, context: Context, outcome: Outcome, index: int) -> Context:
        """The context of report `index` of a file with this kind of comparison in it."""


def complete_run(
    store: Store,
    run: int,
    rules: RuleSet,
    surroundings: Sequence[Surroundings],
    settle: Callable[[tuple[Finding, ...]], tuple[Finding, ...]] = tuple,
) -> Iterator[Outcome]:
    """Every outcome of a run, judged in its context and saved so. `settle` applies what people decided (waivers)."""
    joining = Joining(store, run, rules, read_receipts(store))
    for outcome in store.outcomes(run):
        joining.see(outcome)
        for surrounding in surroundings:
            surrounding.see(outcome)

    store.note_parts(run, joining.wholes())

    def around(outcome: Outcome, index: int) -> Context:
        return surround(outcome, index, surroundings)

    for outcome in store.outcomes(run):
        own = _asked_once(around)
        alone = _explained_by_form(outcome, joining, rules, own)
        joined = joining.findings_joined(outcome, around)
        findings = settle((*alone, *joined, *_findings_in_context(outcome, rules, joining, own)))
        completed = msgspec.structs.replace(outcome, findings=findings, submission=joining.files_with(outcome))
        if completed != outcome:
            changed, gone = _changed(outcome.findings, findings), _withdrawn(outcome.findings, findings)
            store.complete(run, completed, changed, gone)
        yield completed


def _asked_once(around: Callable[[Outcome, int], Context]) -> Callable[[Outcome, int], Context]:
    """The contexts of one file's reports, each worked out once: some surroundings count what they are asked."""
    known: dict[int, Context] = {}

    def own(outcome: Outcome, index: int) -> Context:
        if index not in known:
            known[index] = around(outcome, index)
        return known[index]

    return own


def surround(outcome: Outcome, index: int, surroundings: Sequence[Surroundings]) -> Context:
    """One report's context: what each kind of comparison adds."""
    context = NOTHING_AROUND
    for surrounding in surroundings:
        context = surrounding.add_to(context, outcome, index)
    return context


def _explained_by_form(
    outcome: Outcome, joining: Joining, rules: RuleSet, around: Callable[[Outcome, int], Context]
) -> tuple[Finding, ...]:
    """A file's own findings. Causes that change what the form printed are looked for again: the form was not filled in wrong."""
    found = joining.findings_alone(outcome)
    for index, report in enumerate(outcome.reports):
        weights = _cells_of_weights(report)
        if not any(weights & _changed_cells(f) and find_report(f, outcome) == index for f in found):
            continue
        template = around(outcome, index).template
        if template is None or not weights & printed_cells(report, template):
            continue
        own, context = rules.of_year(report.fiscal_year), Context(template=template)
        told, _ = validate_report(report, own, index=index, source=outcome.source.path, context=context)
        again = {finding.id: finding for finding in told}
        found = tuple(_with_causes_of(f, again.get(f.id, f)) if find_report(f, outcome) == index else f for f in found)
    return found


def _cells_of_weights(report: Report) -> frozenset[str]:
    """Where the scoring table prints weights."""
    cells = [row.cells["weight"].where for row in report.indicators if "weight" in row.cells]
    cells += [where for row in report.indicators for where in (row.level1_where, row.level2_where)]
    cells += [fact.where for fact in report.of("scoring.weight_total")]
    return frozenset(where for where in cells if where is not None)


def _changed_cells(finding: Finding) -> set[str]:
    return {repair.where for cause in finding.causes for repair in cause.repair}


def _with_causes_of(finding: Finding, other: Finding) -> Finding:
    """The verdict stands; what may have caused it, and what it affects, is the other's."""
    return msgspec.structs.replace(finding, causes=other.causes, affects=other.affects, message=other.message)


def _findings_in_context(
    outcome: Outcome, rules: RuleSet, joining: Joining, around: Callable[[Outcome, int], Context]
) -> Iterable[Finding]:
    """Of the reports that stand by themselves."""
    for index, report in enumerate(outcome.reports):
        if joining.is_part(outcome.source.path, index):
            continue
        context = around(outcome, index)
        if context != NOTHING_AROUND:
            own = rules.of_year(report.fiscal_year)
            found = validate_in_context(report, own, context, index=index, source=outcome.source.path)
            yield from (send_last_year_home(finding, context) for finding in found)


def _withdrawn(before: tuple[Finding, ...], after: tuple[Finding, ...]) -> tuple[str, ...]:
    """What a file was found to have by itself and has not as a part of its submission."""
    standing = {finding.id for finding in after}
    return tuple(finding.id for finding in before if finding.id not in standing)


def _changed(before: tuple[Finding, ...], after: tuple[Finding, ...]) -> tuple[Finding, ...]:
    known = {finding.id: finding for finding in before}
    return tuple(finding for finding in after if known.get(finding.id) != finding)
