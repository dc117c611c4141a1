"""Which report is a resubmission, and of what: an earlier version in this run, else in an earlier run.

this run       某局 5月13日 ─┐ the version that counts is compared with the latest of the others
               某局 5月17日 ─┘
earlier runs   the latest version with other bytes: the same file once more is no resubmission

A submission in several files is compared as one (versions_joined.py): with a part of it that was sent before in this run, else
with the files of an earlier run.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.export.district import find_report
from gouji.export.versions import Identity, choose_reports, have_common, name_key
from gouji.model.errors import UsageError
from gouji.patterns import load_patterns
from gouji.pipeline.memory import choose_counted, identify
from gouji.pipeline.unit_match import Named, UnitIndex
from gouji.pipeline.versions_joined import Version, are_alike, bring_home, compare_versions, join_version
from gouji.roster.unit import check_of
from gouji.store.receipts import read_receipts
from gouji.store.years import StoredReport, stored_parts, stored_reports
from gouji.validate.resubmission import Resubmission, Submission, compare_submissions
from gouji.validate.waivers import undo_waivers

if TYPE_CHECKING:
    from gouji.model.finding import Finding
    from gouji.model.report import Report
    from gouji.model.result import Outcome
    from gouji.patterns.rules import RuleSet
    from gouji.store import Store
    from gouji.validate.context import Context


class Resubmitted(NamedTuple):
    """One unit's resubmission."""

    code: str | None
    name: str | None
    year: int | None
    compared: Resubmission


class _Seen(NamedTuple):
    identity: Identity
    place: int
    sha256: str | None


class _Known(NamedTuple):
    """Which reports of the run count alone; a leading report → all of its submission; what a later version took the place of."""

    counted: frozenset[int]
    wholes: dict[int, tuple[int, ...]]
    superseded: frozenset[int]


_Piece = tuple[int, str, int]  # run, path, place in the file


class Resubmissions:
    """Surroundings: what each unit made of its earlier submission. `found` keeps them for the ledger.

    `alone`: only rules that look at a report by itself are compared: in the second pass the others have not spoken yet.
    """

    def __init__(self, store: Store, run: int, rules: RuleSet, alone: frozenset[str] | None = None) -> None:
        self.store = store
        self.run = run
        self.rules = rules
        self.alone = alone
        self.found: dict[tuple[str, int], Resubmitted] = {}
        self._decisions = store.decisions()
        self._received = read_receipts(store)
        self._seen: list[_Seen] = []
        self._places: dict[tuple[str, int], int] = {}
        self._choice: _Known | None = None
        self._had_wholes: bool | None = None
        self._here: UnitIndex[_Seen] | None = None
        self._years: dict[int, UnitIndex[StoredReport]] = {}

    def see(self, outcome: Outcome) -> None:
        """Take note of every report of the run."""
        for index, report in enumerate(outcome.reports):
            received = self._received.get(check_of(outcome.source.sha256), "")
            identity = identify(report, len(self._seen), outcome.source.path, received)
            self._places[outcome.source.path, index] = len(self._seen)
            self._seen.append(_Seen(identity, index, outcome.source.sha256))

    def add_to(self, context: Context, outcome: Outcome, index: int) -> Context:
        """With the comparison, where there is an earlier version."""
        sides = self._find_sides(outcome, index)
        if sides is not None:
            told = compare_versions(*sides, self.alone)
            self.found[outcome.source.path, index] = _name_comparison(sides[1], bring_home(told, *sides))
            return msgspec.structs.replace(context, resubmission=told)
        found = self.compare(outcome, index)
        if found is None:
            return context
        self.found[outcome.source.path, index] = found
        return msgspec.structs.replace(context, resubmission=found.compared)

    def describe(self) -> list[str]:
        """What the console says of it."""
        return [f"重报 {len(self.found)} 份，与前次的对比见《审核问题》的“重报对比”。"] if self.found else []

    def compare(self, outcome: Outcome, index: int) -> Resubmitted | None:
        """The report against the version before it; None where it does not count, or is the first."""
        sides = self._find_sides(outcome, index)
        if sides is not None:
            return _name_comparison(sides[1], bring_home(compare_versions(*sides, self.alone), *sides))
        report = outcome.reports[index]
        if report.fiscal_year is None or report.kind != "overall" or not self._counts(outcome.source.path, index):
            return None
        before = self._before_here(outcome, index) or self._before_in_store(outcome, report, report.fiscal_year)
        if before is None:
            return None
        found = undo_waivers(findings_of(outcome, index), self._decisions)  # both as found: a waiver corrects nothing
        after = Submission(report, tuple(found), outcome.source.path, index)
        after = self._same_rules(after, before)
        compared = compare_submissions(self._same_rules(before, after), after)
        return Resubmitted(report.budget_code, report.unit_name, report.fiscal_year, compared)

    def _same_rules(self, one: Submission, other: Submission) -> Submission:
        """A rule that only one of the two was judged by tells nothing of the unit."""
        rules = {finding.rule for finding in other.findings} - {"Y-resubmission"}
        rules = rules & self.alone if self.alone is not None else rules
        return msgspec.structs.replace(one, findings=tuple(f for f in one.findings if f.rule in rules))

    def _counts(self, path: str, index: int) -> bool:
        return self._places[path, index] in self._known().counted

    def _known(self) -> _Known:
        if self._choice is None:
            choice = choose_reports([seen.identity for seen in self._seen])
            wholes = {lead: (lead, *parts) for lead, parts in choice.parts.items()}
            self._choice = _Known(frozenset(choice.counted) - wholes.keys(), wholes, choice.superseded)
            overall = [seen for seen in self._seen if seen.identity.kind == "overall"]
            self._here = UnitIndex(overall, lambda seen: Named(seen.identity.code, seen.identity.name))
        return self._choice

    # --- submissions in several files ---------------------------------------------------------------------------

    def _find_sides(self, outcome: Outcome, index: int) -> tuple[Version, Version] | None:
        """The submission before and this one, where one of them came in several files."""
        serial = self._places[outcome.source.path, index]
        seen = [self._seen[piece] for piece in self._known().wholes.get(serial, (serial,))]
        if outcome.reports[index].kind != "overall" or not (len(seen) > 1 or self._may_follow_whole(outcome, index)):
            return None
        earlier = self._parts_before(seen) or self._whole_in_store(seen)
        if earlier is None or len(seen) == len(earlier) == 1:
            return None
        pieces = [(self.run, one.identity.path, one.place) for one in seen]
        sides = [join_version(self.store, side, self.rules, self._name) for side in (earlier, pieces)]
        before, after = sides
        return (before, after) if are_alike(before.submission.report, after.submission.report) else None

    def _may_follow_whole(self, outcome: Outcome, index: int) -> bool:
        """Whether a report in one file may have come in several before: nothing else of it is here, and some run had such."""
        if self._had_wholes is None:
            query = "SELECT 1 FROM parts WHERE run_id < ? LIMIT 1"
            self._had_wholes = bool(self.store.read_rows(query, (self.run,)))
        counts = self._had_wholes and self._counts(outcome.source.path, index)
        return counts and self._before_here(outcome, index) is None

    def _name(self, run: int, path: str) -> str:
        return path if run == self.run else f"第 {run} 次运行：{path}"

    def _parts_before(self, whole: list[_Seen]) -> list[_Piece] | None:
        """The files with those in their place that were sent again since, in this run; None where none was."""
        old = [self._seen[serial] for serial in self._known().superseded]
        before = [self._replaced(one, old) or one for one in whole]
        return [(self.run, one.identity.path, one.place) for one in before] if before != whole else None

    def _replaced(self, part: _Seen, old: list[_Seen]) -> _Seen | None:
        """The latest version of a part that it took the place of."""
        own = part.identity
        versions = [
            one
            for one in old
            if name_key(one.identity.name) == name_key(own.name)
            and one.identity.year in (own.year, None)
            and one.sha256 != part.sha256
            and have_common(one.identity, own)
        ]
        return _latest(versions) if versions else None

    def _whole_in_store(self, whole: list[_Seen]) -> list[_Piece] | None:
        """The unit's files of the latest earlier run in which they were others."""
        year = next((one.identity.year for one in whole if one.identity.year is not None), None)
        named = Named(
            next((one.identity.code for one in whole if one.identity.code), None),
            next((one.identity.name for one in whole if one.identity.name), None),
        )
        own = {one.sha256 for one in whole}
        versions = self._stored(year).find(named) if year is not None else ()
        for run, group in groupby(versions, key=lambda one: one.run):
            read = [(one, found) for one in group if (found := self._read(one)) is not None]
            chosen = choose_counted(read, year or 0, self._received)
            if chosen is None:
                return None
            parts = stored_parts(self.store, chosen[0]) or [(chosen[0].path, chosen[0].ordinal)]
            if {self.store.outcome(run, path).source.sha256 for path, _ in parts} != own:
                return [(run, path, ordinal) for path, ordinal in parts]
        return None

    def _stored(self, year: int) -> UnitIndex[StoredReport]:
        if year not in self._years:
            earlier = stored_reports(self.store, year, until=self.run)
            self._years[year] = UnitIndex(earlier, lambda one: Named(one.code, one.name))
        return self._years[year]

    # --- submissions in one -------------------------------------------------------------------------------------

    def _before_here(self, outcome: Outcome, index: int) -> Submission | None:
        """The latest other version of the unit and year in this run."""
        report = outcome.reports[index]
        found = self._here.find(Named(report.budget_code, report.unit_name)) if self._here is not None else ()
        others = [
            seen
            for seen in found
            if seen.identity.year == report.fiscal_year
            and (seen.identity.path, seen.place) != (outcome.source.path, index)
            and seen.sha256 != outcome.source.sha256
        ]
        if not others:
            return None
        latest = _latest(others)
        return self._submission(self.run, latest.identity.path, latest.place, latest.identity.path)

    def _before_in_store(self, outcome: Outcome, report: Report, year: int) -> Submission | None:
        versions = self._stored(year).find(Named(report.budget_code, report.unit_name))
        other = [one for one in versions if one.sha256 != outcome.source.sha256]
        latest = [one for one in other if one.run == other[0].run]
        read = [(one, found) for one in latest if (found := self._read(one)) is not None]
        chosen = choose_counted(read, year, self._received)
        if chosen is None:
            return None
        one = chosen[0]
        return self._submission(one.run, one.path, one.ordinal, f"第 {one.run} 次运行：{one.path}")

    def _read(self, one: StoredReport) -> Report | None:
        try:
            return self.store.outcome(one.run, one.path).reports[one.ordinal]
        except UsageError:
            return None  # written by another version of gouji: last year's memory counts and tells such files

    def _submission(self, run: int, path: str, index: int, source: str) -> Submission:
        outcome = self.store.outcome(run, path)
        found = undo_waivers(findings_of(outcome, index), self._decisions)
        findings = tuple(_renamed(finding, path, source) for finding in found)
        return Submission(outcome.reports[index], findings, source, index)


def _latest(versions: list[_Seen]) -> _Seen:
    """As the summary has it (export/versions.py): by receipt where all have one, else by the report's date."""
    by_receipt = all(one.identity.received for one in versions)
    return max(
        versions,
        key=lambda one: (one.identity.received if by_receipt else "", one.identity.date or "", one.identity.path),
    )


def _name_comparison(after: Version, told: Resubmission) -> Resubmitted:
    report = after.submission.report
    return Resubmitted(report.budget_code, report.unit_name, report.fiscal_year, told)


def findings_of(outcome: Outcome, index: int) -> tuple[Finding, ...]:
    """The findings of one report of a file."""
    return tuple(finding for finding in outcome.findings if find_report(finding, outcome) == index)


def _renamed(finding: Finding, path: str, source: str) -> Finding:
    """Evidence that names the file under the name the comparison has for it."""
    if path == source:
        return finding
    evidence = (msgspec.structs.replace(e, source=source) if e.source == path else e for e in finding.evidence)
    return msgspec.structs.replace(finding, evidence=tuple(evidence))


def compare_latest(store: Store, unit: str | None = None) -> list[Resubmitted]:
    """Every resubmission of the latest run, or one unit's (by code or a part of its name)."""
    run = store.latest_run()
    if run is None:
        return []
    surroundings = Resubmissions(store, run, load_patterns().rules)
    for outcome in store.outcomes(run):
        surroundings.see(outcome)
    found = (surroundings.compare(outcome, i) for outcome in store.outcomes(run) for i in range(len(outcome.reports)))
    return [one for one in found if one is not None and _is_wanted(one, unit)]


def _is_wanted(one: Resubmitted, unit: str | None) -> bool:
    return unit is None or unit == one.code or unit in (one.name or "")


def alone_rules(rules: RuleSet) -> frozenset[str]:
    """Ids of rules that need nothing beyond the report."""
    return frozenset(rule.id for rule in rules.rules if not rule.needs)
