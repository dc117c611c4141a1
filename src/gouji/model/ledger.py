"""The correction ledger (整改台账): what became of each finding, and what people wrote beside it.

run 1   A3 found            Course(first_seen 03-02, rounds 1)
people  整改情况、完成日期     Entry × 2
run 2   resubmitted, gone   Course(settled 03-20)
"""

from __future__ import annotations

import msgspec

CLOSED_IN = "销号时版本"  # SHA-256 of the submission at hand when 是否销号 was filled in; no column shows it


class Entry(msgspec.Struct, frozen=True):
    """One cell that a person filled in: which finding, which column, what; `source` is the workbook, `entered` the day."""

    finding_id: str
    field: str
    value: str
    source: str
    entered: str


class Course(msgspec.Struct, frozen=True):
    """What became of a finding over the rounds. `version`: SHA-256 of the submission it was last seen in.

    `settled`: the day on which a submission of the unit no longer had it; None while it stands.
    """

    finding_id: str
    unit: str
    unit_name: str
    budget_code: str
    rule: str
    title: str
    severity: str
    message: str
    first_seen: str
    last_seen: str
    rounds: int
    version: str
    settled: str | None = None


class Ledger(msgspec.Struct, frozen=True):
    """Courses by finding id, and what people wrote last: finding id → column → text."""

    courses: dict[str, Course] = {}
    entries: dict[str, dict[str, str]] = {}

    def is_reopened(self, finding_id: str) -> bool:
        """Whether people closed the finding on another version of the report than the one that has it now."""
        closed, course = self.entries.get(finding_id, {}).get(CLOSED_IN, ""), self.courses.get(finding_id)
        return bool(closed) and course is not None and course.settled is None and course.version != closed
