"""The correction ledger in gouji.db: the course of each finding, and the cells people filled in (append-only).

note_round(store, "2022-03-20", seen)    findings of a run → courses; what is no longer found is settled
keep_entries(store, entries)             what changed since the last import is appended
read_ledger(store)                       Ledger for the workbook
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.model.ledger import Course, Entry, Ledger

if TYPE_CHECKING:
    from gouji.model.finding import Finding
    from gouji.store.database import Store

IMPORTED = "（导入）"  # behind the name of a file that was handed in by itself
_COURSE_FIELDS = Course.__struct_fields__
_COURSE_COLUMNS = ", ".join(_COURSE_FIELDS)
_COURSE_MARKS = ", ".join("?" * len(_COURSE_FIELDS))


class Seen(NamedTuple):
    """One counted report of a run: its unit (code, else name), the version's SHA-256, and its findings."""

    unit: str
    year: int | None
    unit_name: str
    budget_code: str
    version: str
    findings: tuple[Finding, ...]


def note_round(store: Store, day: str, seen: Iterable[Seen]) -> None:
    """Write the courses of a run's findings; a unit that did not report in this run is left as it was."""
    known = _read_courses(store)
    by_unit: dict[str, list[Course]] = {}
    for course in known.values():
        by_unit.setdefault(course.unit, []).append(course)
    changed: dict[str, Course] = {}
    for report in seen:
        unit = f"{report.unit}-{report.year}"
        open_now = {f.id: f for f in report.findings if is_for_department(f)}
        for finding in open_now.values():
            changed[finding.id] = _seen_again(known.get(finding.id), finding, report, unit, day)
        for course in by_unit.get(unit, ()):
            if course.finding_id not in open_now and course.settled is None:
                changed[course.finding_id] = msgspec.structs.replace(course, settled=day)
    store.write_rows(
        f"INSERT OR REPLACE INTO ledger ({_COURSE_COLUMNS}) VALUES ({_COURSE_MARKS})",  # noqa: S608 - names of our own struct
        [msgspec.structs.astuple(course) for course in changed.values()],
    )


def is_for_department(finding: Finding) -> bool:
    """Whether the unit has to correct or explain it."""
    return (
        finding.verdict in ("fail", "review", "waived")
        and finding.audience == "department"
        and finding.severity != "note"
    )


def _seen_again(course: Course | None, finding: Finding, report: Seen, unit: str, day: str) -> Course:
    rounds = 1 if course is None else course.rounds + (course.version != report.version)
    return Course(
        finding_id=finding.id,
        unit=unit,
        unit_name=report.unit_name,
        budget_code=report.budget_code,
        rule=finding.rule,
        title=finding.title,
        severity=finding.standing,
        message=finding.message,
        first_seen=day if course is None else course.first_seen,
        last_seen=day,
        rounds=rounds,
        version=report.version,
    )


def keep_entries(store: Store, entries: Iterable[Entry], *, copies: bool = False) -> list[Entry]:
    """Append the entries that say something new, and return them.

    With `copies` the workbook lies there twice, and one of the two is older: what was written once before is no news.
    Nor is what our own workbook still shows from before something was imported.
    """
    told = _read_told(store)
    fresh = [
        entry
        for entry in dict.fromkeys(entries)
        if not _is_known(entry, told.get((entry.finding_id, entry.field), []), copies=copies)
    ]
    store.write_rows(
        "INSERT INTO ledger_entries (finding_id, field, value, source, entered) VALUES (?, ?, ?, ?, ?)",
        [msgspec.structs.astuple(entry) for entry in fresh],
    )
    return fresh


def _read_told(store: Store) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(Finding, column) → what was written there and from which file, oldest first."""
    told: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for finding_id, field, *said in store.read_rows(
        "SELECT finding_id, field, value, source FROM ledger_entries ORDER BY id"
    ):
        told.setdefault((finding_id, field), []).append((said[0], said[1]))
    return told


def _is_known(entry: Entry, told: list[tuple[str, str]], *, copies: bool) -> bool:
    """Whether an entry only repeats what the store knows, as it stands now or as it stood before an import."""
    if entry.value == (told[-1][0] if told else ""):
        return True
    if copies:
        return any(value == entry.value for value, _ in told)
    before = list(told)
    while before and before[-1][1].endswith(IMPORTED) and not entry.source.endswith(IMPORTED):
        before.pop()
    return len(before) < len(told) and bool(before) and before[-1][0] == entry.value


def read_ledger(store: Store) -> Ledger:
    """Every course, and what people wrote last in each cell."""
    entries: dict[str, dict[str, str]] = {}
    for finding_id, field, value in store.read_rows("SELECT finding_id, field, value FROM ledger_entries ORDER BY id"):
        entries.setdefault(finding_id, {})[field] = value
    return Ledger(_read_courses(store), entries)


def _read_courses(store: Store) -> dict[str, Course]:
    rows = store.read_rows(f"SELECT {_COURSE_COLUMNS} FROM ledger ORDER BY finding_id")  # noqa: S608 - names of our own struct
    return {row[0]: Course(*row) for row in rows}
