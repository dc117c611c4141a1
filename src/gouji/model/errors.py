"""What can go wrong, as a tree.

    GoujiError
    ├── ReadError        one file cannot be read; `code` is one of READ_CODES, the message is Chinese
    ├── PatternError     a broken pattern folder: every problem of every file as `file:line: what`
    └── UsageError       the caller asked for something that does not exist

Trouble *in the data* is never raised: it is returned as a notice or a finding.
"""

from __future__ import annotations

from typing import Literal, get_args

ReadCode = Literal[
    "encrypted",
    "password",
    "corrupt",
    "unsupported",
    "no_text_layer",
    "too_large",
    "too_many",
    "timeout",
    "crashed",
    "empty",
    "classified",
    "not_identified",
]
READ_CODES: tuple[ReadCode, ...] = get_args(ReadCode)


class GoujiError(Exception):
    """Base of everything gouji raises on purpose."""


class ReadError(GoujiError):
    """One file cannot be read. `message` is one Chinese line that says what to do next."""

    def __init__(self, code: ReadCode, message: str) -> None:
        super().__init__(message)
        self.code: ReadCode = code
        self.message = message

    def __reduce__(self) -> tuple[type[ReadError], tuple[ReadCode, str]]:
        return (type(self), (self.code, self.message))


class PatternError(GoujiError):
    """A pattern folder is refused. `problems` lists every `file:line: what`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UsageError(GoujiError):
    """The caller asked for something that does not exist (exit code 2)."""
