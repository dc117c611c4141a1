"""One task as it crosses to a worker, and what comes back.

WorkOrder  报告.docx            →  Answer(outcome)
WorkOrder  一股/a.zip, unpack   →  Answer(contents)    members lie in the folder, each the next WorkOrder
"""

from __future__ import annotations

import msgspec

from gouji.model.result import Outcome
from gouji.readers.archives import Contents, Limits


class Unpacking(msgspec.Struct, frozen=True):
    """Where an archive is unpacked to, and how much may still come out. `too_deep`: not at all, so many are around it."""

    folder: str
    limits: Limits
    too_deep: bool = False


class WorkOrder(msgspec.Struct, frozen=True):
    """The file to open, the path to show, the pattern folder (None: the shipped one), the year to assume, passwords to try.

    `rule_set`: which of the folder's rule sets holds.
    """

    path: str
    relative: str
    folder: str | None
    year: int | None
    passwords: tuple[str, ...] = ()
    unpacking: Unpacking | None = None
    rule_set: str = "default"


class Answer(msgspec.Struct, frozen=True):
    """What a file came to, or what came out of an archive."""

    outcome: Outcome | None = None
    contents: Contents | None = None
