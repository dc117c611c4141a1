"""One task as it crosses to a worker."""

from __future__ import annotations

import msgspec


class WorkOrder(msgspec.Struct, frozen=True):
    """The file to open, the path to show, the pattern folder (None: the shipped one), the year to assume, passwords to try."""

    path: str
    relative: str
    folder: str | None
    year: int | None
    passwords: tuple[str, ...] = ()
