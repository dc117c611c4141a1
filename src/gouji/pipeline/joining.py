"""The files of one submission judged as one report: a narrative, a workbook of figures and a scoring table sent apart.

outcomes ─see→ submissions (export/versions.py) ─join_reports→ one Report ─validate→ findings ─send_home→ each file
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

import msgspec

from gouji.export.district import find_report
from gouji.export.versions import Identity, choose_reports
from gouji.pipeline.memory import identify
from gouji.pipeline.merging import Piece, join_reports, send_home, send_repairs_home
from gouji.roster.unit import check_of
from gouji.validate import validate_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gouji.model.finding import Finding
    from gouji.model.result import Outcome
    from gouji.patterns.rules import RuleSet
    from gouji.validate.context import Context

    Surround = Callable[[Outcome, int], Context]


class Shelf(Protocol):
    """Where every outcome of a run can be had again: the store."""

    def outcome(self, run: int, path: str) -> Outcome:
        """The outcome of a path."""


class Joining:
    """Which reports of a run are parts of one submission, and what such a submission comes to."""

    def __init__(self, store: Shelf, run: int, rules: RuleSet, received: Mapping[str, str] | None = None) -> None:
        self.store = store
        self.run = run
        self.rules = rules
        self.received = received or {}
        self._pieces: list[Piece] = []
        self._identities: list[Identity] = []
        self._submissions: dict[Piece, tuple[Piece, ...]] | None = None
        self._found: dict[tuple[Piece, ...], dict[str, list[Finding]]] = {}

    def see(self, outcome: Outcome) -> None:
        """Take note of every report of the run."""
        for index, report in enumerate(outcome.reports):
            received = self.received.get(check_of(outcome.source.sha256), "")
            self._identities.append(identify(report, len(self._pieces), outcome.source.path, received))
            self._pieces.append(Piece(outcome.source.path, index))

    def is_part(self, path: str, index: int) -> bool:
        """Whether a report is judged with others."""
        return Piece(path, index) in self._known()

    def files_with(self, outcome: Outcome) -> tuple[str, ...]:
        """The files that a file is judged with, itself among them; () where it stands by itself."""
        wholes = {known for piece in _pieces_of(outcome) if (known := self._known().get(piece))}
        return tuple(dict.fromkeys(piece.path for whole in sorted(wholes) for piece in whole))

    def wholes(self) -> set[tuple[Piece, ...]]:
        """The submissions that came in several files."""
        return set(self._known().values())

    def findings_alone(self, outcome: Outcome) -> tuple[Finding, ...]:
        """The findings of a file's reports that stand by themselves."""
        if not any(piece in self._known() for piece in _pieces_of(outcome)):
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
        homed = (send_home(finding, lead.path, lead.ordinal, whole) for finding in findings)
        return (send_last_year_home(send_repairs_home(finding, whole), context) for finding in homed)


def _pieces_of(outcome: Outcome) -> list[Piece]:
    return [Piece(outcome.source.path, index) for index in range(len(outcome.reports))]


def send_last_year_home(finding: Finding, context: Context) -> Finding:
    """The finding with the evidence of last year's files under their own names, where that submission came in several."""
    last = context.last_year
    return finding if last is None or not last.parts else send_home(finding, last.source, last.index, last.parts)


def _home_of(finding: Finding, whole: tuple[Piece, ...]) -> str:
    """The file of the first cell that a finding rests on; the leading one where it rests on none of theirs."""
    paths = {piece.path for piece in whole}
    return next((e.source for e in finding.evidence if e.source in paths), whole[0].path)
