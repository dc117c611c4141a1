"""When files were received, as people registered it: by their content alone, no path, no name.

收件登记.xlsx ─gouji run→ keep_receipts ─ read_receipts → {"e4c0a0d760a2": "2022-05-19", …} → which version counts

The register is people's and the master; what is kept here tells every other command (letters, comparison, spot check) the
same of which version counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.store.database import Store


def keep_receipts(store: Store, receipts: Iterable[tuple[str, str]]) -> None:
    """Head of the content's hash and day; of one content that came in twice the later day."""
    days: dict[str, str] = {}
    for check, day in receipts:
        days[check] = max(day, days.get(check, ""))
    store.write_rows("INSERT OR REPLACE INTO receipts (sha256, received) VALUES (?, ?)", [*days.items()])


def read_receipts(store: Store) -> dict[str, str]:
    """Head of the hash → day, of what has one."""
    rows = store.read_rows("SELECT sha256, received FROM receipts WHERE received <> ''")
    return {str(check): str(day) for check, day in rows}
