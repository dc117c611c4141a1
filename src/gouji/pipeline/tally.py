"""What the exit code of a command needs to know, counted as outcomes pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from gouji.model.finding import Severity

if TYPE_CHECKING:
    from gouji.model.result import Outcome

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
DONE, FINDINGS, USAGE, UNREADABLE, NO_INPUT, INTERRUPTED = 0, 1, 2, 3, 4, 130


class Tally:
    """Counts of one command."""

    def __init__(self) -> None:
        self.files = 0
        self.unreadable = 0
        self.severities: set[Severity] = set()

    def count(self, outcome: Outcome) -> None:
        """Take one outcome in. A readable file that is no such report is not unreadable."""
        self.files += 1
        self.unreadable += outcome.failure is not None and outcome.failure.code != "not_identified"
        self.severities.update(f.severity for f in outcome.findings if f.verdict in ("fail", "review"))

    def exit_code(self, fail_on: str | None, *, exit_zero: bool) -> int:
        """4 no input > 3 unreadable files > 1 findings at or above a level > 0."""
        if not self.files:
            return NO_INPUT
        if exit_zero:
            return DONE
        if self.unreadable:
            return UNREADABLE
        levels: list[str] = list(SEVERITIES)
        counted = levels[: levels.index(fail_on) + 1] if fail_on in levels else []
        return FINDINGS if self.severities & set(counted) else DONE
