"""Results of the spot checks in gouji.db, append-only: what people found on comparing figures with the originals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.model.sample import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.store.database import Store

_FIELDS = Check.__struct_fields__
_COLUMNS, _MARKS = ", ".join(_FIELDS), ", ".join("?" * len(_FIELDS))


def keep_checks(store: Store, checks: Sequence[Check]) -> None:
    """Append what was found."""
    rows = [tuple(int(v) if isinstance(v, bool) else v for v in msgspec.structs.astuple(check)) for check in checks]
    store.write_rows(f"INSERT INTO sample_checks ({_COLUMNS}) VALUES ({_MARKS})", rows)  # noqa: S608 - names of our own struct


def read_checks(store: Store) -> list[Check]:
    """Everything found so far, oldest first."""
    rows = store.read_rows(f"SELECT {_COLUMNS} FROM sample_checks ORDER BY id")  # noqa: S608 - names of our own struct
    return [Check(key, bool(agrees), *rest) for key, agrees, *rest in rows]
