"""Last year's record of each unit, out of the store (or of this run, where a folder holds two years).

    store ─stored_reports(year − 1)→ UnitIndex ─find(code, name, old codes)→ versions of the latest run that has the unit
          ─choose_reports→ the one that counts ─stored_parts→ with the other files of its submission ─→ Context.last_year

Of several runs the latest that has the unit is believed; of several versions in it the one that the summary counts
(export/versions.py). Where two count, or none, nobody knows which is meant, and nothing is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.export.changes import unit_key
from gouji.export.versions import Identity, choose_reports, contents_of
from gouji.model.errors import UsageError
from gouji.model.report import best_fact
from gouji.pipeline.merging import join_reports
from gouji.pipeline.unit_match import Named, Recoding, UnitIndex
from gouji.roster.unit import check_of
from gouji.store.receipts import read_receipts
from gouji.store.references import code_changes
from gouji.store.years import StoredReport, stored_parts, stored_reports
from gouji.validate.context import Compared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gouji.model.report import Fact, Report
    from gouji.model.result import Outcome
    from gouji.store import Store
    from gouji.validate.context import Context


class LastYear:
    """Surroundings: each unit's report of the year before. `found` and `unreadable` count for the console.

    `figures`: unit key → concept → last year's own fact.
    """

    def __init__(self, store: Store, run: int) -> None:
        self.store = store
        self.run = run
        self.found = 0
        self.unreadable: set[str] = set()
        self.figures: dict[str, dict[str, Fact]] = {}
        self._received = read_receipts(store)
        self._books: dict[int, tuple[UnitIndex[StoredReport], Recoding]] = {}

    def see(self, outcome: Outcome) -> None:
        """Nothing: what is remembered stands in the store."""

    def add_to(self, context: Context, outcome: Outcome, index: int) -> Context:
        """With last year's report of the unit, where it is known which."""
        compared = self.find(outcome.reports[index])
        if compared is None:
            return context
        self.found += 1
        self._note_figures(outcome.reports[index], compared.report)
        return msgspec.structs.replace(context, last_year=compared)

    def _note_figures(self, report: Report, last: Report) -> None:
        """Last year's own figures of a unit, for the workbook: one fact a concept, those with a number alone."""
        known = self.figures.setdefault(unit_key(report.budget_code or "", report.unit_name or ""), {})
        for concept in {fact.concept for fact in last.facts if fact.main and fact.quantity is not None}:
            found = best_fact(last.facts, concept, last.fiscal_year)
            is_final = found is not None and found.stage == "final" and found.period in (None, last.fiscal_year)
            if found is not None and found.quantity is not None and is_final and found.scope is None:
                known[concept] = found

    def describe(self) -> list[str]:
        """What the console says of it."""
        lines = [f"与上年报告对照 {self.found} 份。"] if self.found else []
        if self.unreadable:
            lines.append(
                f"有 {len(self.unreadable)} 份上年报告由另一版本的 gouji 读取，未能对照；请用本版本对上年文件重新运行一次。"
            )
        return lines

    def find(self, report: Report) -> Compared | None:
        """The record of the year before; a project is no unit."""
        if report.fiscal_year is None or report.kind == "project":
            return None
        year = report.fiscal_year - 1
        book, recoding = self._book(year)
        versions = book.find(Named(report.budget_code, report.unit_name), recoding)
        latest = [one for one in versions if one.run == versions[0].run]
        read = [(one, stored) for one in latest if (stored := self._read(one)) is not None]
        chosen = choose_counted(read, year, self._received)
        if chosen is None:
            return None
        return self._whole(*chosen, year)

    def _whole(self, one: StoredReport, stored: Report, year: int) -> Compared:
        """With the other files of its submission, where it came in several."""
        parts = [msgspec.structs.replace(one, path=p, ordinal=n) for p, n in stored_parts(self.store, one)]
        reports = [self._read(part) for part in parts]
        read = [report for report in reports if report is not None]
        if not read or len(read) < len(parts):
            return Compared(stored, name_source(one, year, self.run), one.ordinal)
        homes = tuple((name_source(part, year, self.run), part.ordinal) for part in parts)
        return Compared(join_reports(read), *homes[0], parts=homes)

    def _book(self, year: int) -> tuple[UnitIndex[StoredReport], Recoding]:
        if year not in self._books:
            index = UnitIndex(stored_reports(self.store, year), lambda one: Named(one.code, one.name))
            self._books[year] = index, Recoding(code_changes(self.store, year + 1))
        return self._books[year]

    def _read(self, one: StoredReport) -> Report | None:
        """The report itself; None where another version of gouji wrote it so that this one cannot read it."""
        try:
            return self.store.outcome(one.run, one.path).reports[one.ordinal]
        except UsageError:
            self.unreadable.add(one.path)
            return None


def choose_counted(
    read: Sequence[tuple[StoredReport, Report]], year: int, received: Mapping[str, str]
) -> tuple[StoredReport, Report] | None:
    """The version that the summary counts; None where that is not one alone. `received`: content → day (store/receipts.py)."""
    identities = [
        identify(report, serial, one.path, received.get(check_of(one.sha256), ""))
        for serial, (one, report) in enumerate(read)
    ]
    counted = choose_reports(identities, year).counted
    return read[counted[0]] if len(counted) == 1 else None


def identify(report: Report, serial: int, path: str, received: str = "") -> Identity:
    """What tells a report from others, without its figures."""
    return Identity(
        serial,
        report.budget_code,
        report.unit_name,
        report.fiscal_year,
        report.report_date,
        path,
        kind=report.kind,
        received=received,
        contents=contents_of(report),
    )


def name_source(one: StoredReport, year: int, run: int) -> str:
    """What evidence calls the file: a file of an earlier run may have the name of one of this run."""
    return one.path if one.run == run else f"{year}年度报告：{one.path}"
