"""Forgetting: everything the store holds of a unit or of a year, gone for good.

Decisions and what people wrote are append-only; forgetting is the one exception, made on request and in one piece. What
is left is a line that says when something was forgotten and how much, but not of whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gouji.store.references import count_references, delete_references
from gouji.store.schema import TRIGGERS

if TYPE_CHECKING:
    from gouji.store.database import Store

_GUARD = "decisions_no_delete"


class Target(NamedTuple):
    """Which reports: of a unit (budget code or name), of a year, or of a unit in a year."""

    unit: str | None
    year: int | None


class Forgotten(NamedTuple):
    """How much there was: files, reports, findings, and cells that people wrote. `shared`: files that hold others' reports too."""

    files: int
    reports: int
    findings: int
    written: int
    shared: tuple[str, ...]


class _Found(NamedTuple):
    submissions: list[int]
    prefixes: list[str]
    digests: list[str]
    shared: tuple[str, ...]


def forget(store: Store, target: Target, day: str, *, really: bool) -> Forgotten:
    """Remove what belongs to the target; with `really` False only count it.

    A file that also holds reports of others stays whole: it is named, so that a person can decide.
    """
    found = _find(store, target)
    counted = _count(store, found)
    if really and (counted.files or count_references(store, target.unit, target.year)):
        with store.rewriting():
            _delete(store, found)
            delete_references(store, target.unit, target.year)
            store.connection.execute(
                "INSERT INTO purges (day, files, reports, findings, written) VALUES (?, ?, ?, ?, ?)",
                (day, *counted[:4]),
            )
        store.shrink()
    return counted


def _find(store: Store, target: Target) -> _Found:
    reports = store.read_rows(
        "SELECT r.submission_id, COALESCE(r.budget_code, r.unit_name, '未知单位'), r.fiscal_year, s.sha256, s.path,"
        " (? IS NULL OR r.budget_code = ? OR r.unit_name = ?) AND (? IS NULL OR r.fiscal_year = ?)"
        " FROM reports r JOIN submissions s ON s.id = r.submission_id ORDER BY r.submission_id",
        (target.unit, target.unit, target.unit, target.year, target.year),
    )
    matching: dict[int, list[bool]] = {}
    for submission, *_, matches in reports:
        matching.setdefault(submission, []).append(bool(matches))
    whole = [submission for submission, found in matching.items() if all(found)]
    shared = {row[4] for row in reports if row[5] and not all(matching[row[0]])}
    own = [row for row in reports if row[0] in set(whole)]
    prefixes = sorted({f"{unit}-{year if year is not None else '未知年度'}-" for _, unit, year, *_ in own})
    return _Found(whole, prefixes, sorted({row[3][:12] for row in own if row[3]}), tuple(sorted(shared)))


def _count(store: Store, found: _Found) -> Forgotten:
    def count(table: str) -> int:
        query = f"SELECT COUNT(*) FROM {table} WHERE submission_id = ?"  # noqa: S608 - own names
        return sum(int(store.read_rows(query, (submission,))[0][0]) for submission in found.submissions)

    written = sum(
        int(store.read_rows(f"SELECT COUNT(*) FROM {table} WHERE {column} GLOB ?", (f"{prefix}*",))[0][0])  # noqa: S608 - own names
        for table, column, prefixes in _written_tables(found)
        for prefix in prefixes
    )
    return Forgotten(len(found.submissions), count("reports"), count("findings"), written, found.shared)


def _written_tables(found: _Found) -> tuple[tuple[str, str, list[str]], ...]:
    """Tables that people's words went to, the column that names the unit or the file, and how it begins."""
    prefixes = [escape_glob(prefix) for prefix in found.prefixes]
    return (
        ("decisions", "finding_id", prefixes),
        ("ledger_entries", "finding_id", prefixes),
        ("sample_checks", "key", [f"{digest}-" for digest in found.digests]),
    )


def escape_glob(text: str) -> str:
    """A text that GLOB takes letter by letter."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in text)


def _delete(store: Store, found: _Found) -> None:
    execute = store.connection.execute
    execute(f"DROP TRIGGER {_GUARD}")
    for table, column, prefixes in (
        *_written_tables(found),
        ("ledger", "finding_id", list(map(escape_glob, found.prefixes))),
    ):
        for prefix in prefixes:
            execute(f"DELETE FROM {table} WHERE {column} GLOB ?", (f"{prefix}*",))  # noqa: S608 - own names
    for submission in found.submissions:
        execute("DELETE FROM files WHERE submission_id = ?", (submission,))
        execute("DELETE FROM submissions WHERE id = ?", (submission,))
    for column in ("path", "lead"):
        execute(
            f"DELETE FROM parts WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.run_id = parts.run_id AND f.path = parts.{column})"  # noqa: S608 - own names
        )
    execute("DELETE FROM receipts WHERE sha256 NOT IN (SELECT substr(sha256, 1, 12) FROM submissions)")
    execute("DELETE FROM copies")  # of a run that was interrupted; their names may be the unit's
    execute("DELETE FROM kept")  # as above
    execute(next(sql for sql in TRIGGERS.split("END;") if _GUARD in sql) + "END;")
