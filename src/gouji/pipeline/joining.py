"""The files of one submission judged as one report: a narrative, a workbook of figures and a scoring table sent apart.

outcomes ─see→ submissions (export/versions.py) ─join_reports→ one Report ─validate→ findings ─sent home→ each file

Evidence ids are unique inside a file alone, so those of the second file and the following ones are moved out of the way
(t1r2c3 → t1000001r2c3) while the rules run, and back before anybody sees them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from gouji.export.district import find_report
from gouji.export.versions import Identity, choose_reports
from gouji.model.report import Report
from gouji.pipeline.memory import identify
from gouji.validate import validate_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gouji.model.finding import Evidence, Finding, Repair
    from gouji.model.report import Fact
    from gouji.model.result import Outcome
    from gouji.patterns.rules import RuleSet
    from gouji.validate.context import Context

    Surround = Callable[[Outcome, int], Context]

_APART = 1_000_000  # tables, or paragraphs, of a file
_WHERE = re.compile(r"^([hfnx]?[tp])(\d+)(.*)$", re.DOTALL)


class Piece(NamedTuple):
    """One report of one file."""

    path: str
    ordinal: int


class Shelf(Protocol):
    """Where every outcome of a run can be had again: the store."""

    def outcome(self, run: int, path: str) -> Outcome:
        """The outcome of a path."""


class Joining:
    """Which reports of a run are parts of one submission, and what such a submission comes to."""

    def __init__(self, store: Shelf, run: int, rules: RuleSet) -> None:
        self.store = store
        self.run = run
        self.rules = rules
        self._pieces: list[Piece] = []
        self._identities: list[Identity] = []
        self._submissions: dict[Piece, tuple[Piece, ...]] | None = None
        self._found: dict[tuple[Piece, ...], dict[str, list[Finding]]] = {}

    def see(self, outcome: Outcome) -> None:
        """Take note of every report of the run."""
        for index, report in enumerate(outcome.reports):
            self._identities.append(identify(report, len(self._pieces), outcome.source.path))
            self._pieces.append(Piece(outcome.source.path, index))

    def is_part(self, path: str, index: int) -> bool:
        """Whether a report is judged with others."""
        return Piece(path, index) in self._known()

    def files_with(self, outcome: Outcome) -> tuple[str, ...]:
        """The files that a file is judged with, itself among them; () where it stands by itself."""
        wholes = {known for piece in _pieces_of(outcome) if (known := self._known().get(piece))}
        return tuple(dict.fromkeys(piece.path for whole in sorted(wholes) for piece in whole))

    def leads_of(self, outcome: Outcome) -> dict[int, str]:
        """For each report of a file that is judged with others, the leading file."""
        return {piece.ordinal: whole[0].path for piece in _pieces_of(outcome) if (whole := self._known().get(piece))}

    def findings_alone(self, outcome: Outcome) -> tuple[Finding, ...]:
        """The findings of a file's reports that stand by themselves."""
        if not self.leads_of(outcome):
            return outcome.findings
        return tuple(f for f in outcome.findings if not self.is_part(outcome.source.path, find_report(f, outcome)))

    def findings_joined(self, outcome: Outcome, surround: Surround) -> tuple[Finding, ...]:
        """The findings of its submissions that are at home in this file: where the first cell they rest on stands."""
        path = outcome.source.path
        wholes = {known for piece in _pieces_of(outcome) if (known := self._known().get(piece))}
        return tuple(finding for whole in sorted(wholes) for finding in self._judge(whole, surround).get(path, ()))

    def _known(self) -> dict[Piece, tuple[Piece, ...]]:
        if self._submissions is None:
            parts = choose_reports(self._identities).parts
            wholes = [tuple(self._pieces[serial] for serial in (lead, *others)) for lead, others in parts.items()]
            self._submissions = {piece: whole for whole in wholes for piece in whole}
        return self._submissions

    def _judge(self, whole: tuple[Piece, ...], surround: Surround) -> dict[str, list[Finding]]:
        """Path → findings, worked out once."""
        if whole not in self._found:
            found = self._found[whole] = defaultdict(list)
            for finding in self._findings_of(whole, surround):
                found[_home_of(finding, whole)].append(finding)
        return self._found[whole]

    def _findings_of(self, whole: tuple[Piece, ...], surround: Surround) -> Iterable[Finding]:
        outcomes = [self.store.outcome(self.run, piece.path) for piece in whole]
        joined = join_reports([o.reports[piece.ordinal] for o, piece in zip(outcomes, whole, strict=True)])
        lead = whole[0]
        reports = (*outcomes[0].reports[: lead.ordinal], joined, *outcomes[0].reports[lead.ordinal + 1 :])
        context = surround(msgspec.structs.replace(outcomes[0], reports=reports), lead.ordinal)
        rules = self.rules.of_year(joined.fiscal_year)
        findings, _ = validate_report(joined, rules, index=lead.ordinal, source=lead.path, context=context)
        return (_sent_home(finding, whole) for finding in findings)


def _pieces_of(outcome: Outcome) -> list[Piece]:
    return [Piece(outcome.source.path, index) for index in range(len(outcome.reports))]


def join_reports(reports: Sequence[Report]) -> Report:
    """One report of all files, the first one leading; evidence ids of the others moved apart."""
    moved = [_move(report, number) for number, report in enumerate(reports)]
    by_figures = sorted(moved, key=lambda report: -sum(fact.origin == "table" for fact in report.facts))
    scored = next((report for report in moved if report.indicators), moved[0])
    return msgspec.structs.replace(
        moved[0],
        form=next((report.form for report in by_figures if report.form), None),
        unit_name=next((report.unit_name for report in moved if report.unit_name), None),
        budget_code=next((report.budget_code for report in moved if report.budget_code), None),
        fiscal_year=next((report.fiscal_year for report in moved if report.fiscal_year is not None), None),
        report_date=next((report.report_date for report in moved if report.report_date), None),
        facts=tuple(_join_facts(moved)),
        indicators=scored.indicators,
        subtotals=scored.subtotals,
        **{name: tuple(item for report in moved for item in getattr(report, name)) for name in _GATHERED},
    )


_GATHERED = ("sections", "goals", "projects", "people", "unclaimed", "statements", "lines", "sign_offs")


def _join_facts(reports: list[Report]) -> list[Fact]:
    """All facts, tables before sentences; a figure that one file lacks and another has is not missing."""
    facts = [fact for report in reports for fact in report.facts]
    there = {(fact.concept, fact.stage) for fact in facts if fact.main and fact.state != "missing"}
    kept = [fact for fact in facts if fact.state != "missing" or (fact.concept, fact.stage) not in there]
    return sorted(kept, key=lambda fact: (not fact.main, fact.origin != "table"))


def _move(report: Report, number: int) -> Report:
    """The report with the evidence ids of the file of this number."""
    return msgspec.convert(_moved(msgspec.to_builtins(report), number), Report) if number else report


def _moved(value: Any, number: int) -> Any:  # noqa: ANN401 - plain data of any shape
    """Plain data with every evidence id and table id moved."""
    if isinstance(value, dict):
        return {key: _moved_field(key, item, number) for key, item in value.items()}
    return [_moved(item, number) for item in value] if isinstance(value, list | tuple) else value


def _moved_field(key: str, value: Any, number: int) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, str) and (key == "table" or key.endswith("where")):
        return move_where(value, number)
    return _moved(value, number)


def move_where(where: str, number: int) -> str:
    """t1r2c3 → t2000001r2c3 for file 2; what is no evidence id stays."""
    match = _WHERE.match(where)
    return f"{match[1]}{int(match[2]) + number * _APART}{match[3]}" if match is not None else where


def find_where(where: str) -> tuple[int, str]:
    """t2000001r2c3 → (2, t1r2c3)"""
    match = _WHERE.match(where)
    if match is None:
        return 0, where
    number, own = divmod(int(match[2]), _APART)
    return number, f"{match[1]}{own}{match[3]}"


def _sent_home(finding: Finding, whole: tuple[Piece, ...]) -> Finding:
    """The finding with the evidence of each file under its own name."""
    evidence = tuple(_evidence_at_home(piece, whole) for piece in finding.evidence)
    causes = tuple(
        msgspec.structs.replace(cause, repair=tuple(_repair_at_home(repair, whole) for repair in cause.repair))
        for cause in finding.causes
    )
    return msgspec.structs.replace(finding, evidence=evidence, causes=causes)


def _repair_at_home(repair: Repair, whole: tuple[Piece, ...]) -> Repair:
    number, where = find_where(repair.where)
    return msgspec.structs.replace(repair, where=where, source=whole[number].path)


def _evidence_at_home(evidence: Evidence, whole: tuple[Piece, ...]) -> Evidence:
    number, where = find_where(evidence.where)
    if not number or evidence.source not in ("", whole[0].path):
        return evidence
    home = whole[number]
    return msgspec.structs.replace(evidence, where=where, source=home.path, report=home.ordinal)


def _home_of(finding: Finding, whole: tuple[Piece, ...]) -> str:
    """The file of the first cell that a finding rests on; the leading one where it rests on none of theirs."""
    paths = {piece.path for piece in whole}
    return next((e.source for e in finding.evidence if e.source in paths), whole[0].path)
