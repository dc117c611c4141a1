"""What a person found on comparing a figure with the original."""

from __future__ import annotations

import msgspec


class Check(msgspec.Struct, frozen=True):
    """One figure compared: `key` names it (file and evidence id), `source` is the workbook, `entered` the day of reading it."""

    key: str
    agrees: bool
    should_be: str
    checked_by: str
    checked_on: str
    remark: str
    source: str
    entered: str
