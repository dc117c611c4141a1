"""Which reports the store remembers: of a year, in which run, under which path, with which others in one submission.

stored_reports(store, 2020) → [StoredReport(run=3, path="一股/a.docx", ordinal=0, code="102001", …), …]  latest run first
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.store.opening import speaking_chinese

if TYPE_CHECKING:
    from gouji.store.database import Store


class StoredReport(msgspec.Struct, frozen=True):
    """One report of one run. `sha256` is that of its file's content."""

    run: int
    path: str
    ordinal: int
    code: str | None
    name: str | None
    date: str | None
    sha256: str | None


def stored_reports(store: Store, year: int, *, until: int | None = None) -> list[StoredReport]:
    """Reports of a fiscal year in complete runs, the latest run first. `until`: only runs before that one."""
    query = (
        "SELECT f.run_id, f.path, r.ordinal, r.budget_code, r.unit_name, r.report_date, s.sha256"
        " FROM reports r JOIN files f ON f.submission_id = r.submission_id JOIN submissions s ON s.id = f.submission_id"
        " JOIN runs u ON u.id = f.run_id"
        " WHERE r.fiscal_year = ? AND u.complete = 1 AND (? IS NULL OR f.run_id < ?)"
        " ORDER BY f.run_id DESC, f.path, r.ordinal"
    )
    store.flush()
    with speaking_chinese(store.path):
        return [StoredReport(*row) for row in store.connection.execute(query, (year, until, until))]


def stored_parts(store: Store, one: StoredReport) -> list[tuple[str, int]]:
    """Path and place of every report of a submission in several files, the leading one first; [] where it came in one."""
    query = (
        "SELECT p.path, p.ordinal FROM parts p JOIN parts o"
        " ON o.run_id = p.run_id AND o.lead = p.lead AND o.lead_ordinal = p.lead_ordinal"
        " WHERE o.run_id = ? AND o.path = ? AND o.ordinal = ?"
        " ORDER BY p.path <> p.lead OR p.ordinal <> p.lead_ordinal, p.path, p.ordinal"
    )
    return [
        (str(path), int(str(ordinal))) for path, ordinal in store.read_rows(query, (one.run, one.path, one.ordinal))
    ]
