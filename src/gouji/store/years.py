"""Which reports the store remembers: of a year, in which run, under which path.

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
