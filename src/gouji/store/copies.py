"""The copies and review pages of a run under way: noted before they are put down, forgotten once 运行记录.json has them.

note_copies(store, placed) ─ rename ─ …      killed between the two or after: is_own tells our bytes from a person's
forget_copies(store)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from gouji.store.database import Store


class Placed(msgspec.Struct, frozen=True):
    """A file that is, or was about to be, put down: its path in the output folder, its bytes and what it was made of.

    `advice`: what there is to say of it. `kept`: the new name of what stood there before and people had written in.
    """

    path: str
    sha256: str
    basis: str
    remarks: int = 0
    moved: int = 0
    advice: str | None = None
    kept: str | None = None


_COLUMNS = ", ".join(Placed.__struct_fields__)
_MARKS = ", ".join("?" * len(Placed.__struct_fields__))


def note_copies(store: Store, placed: list[Placed]) -> None:
    """Remember what is put down next."""
    rows = [msgspec.structs.astuple(one) for one in placed]
    store.write_rows(f"INSERT INTO copies ({_COLUMNS}) VALUES ({_MARKS})", rows)  # noqa: S608 - names of our own struct


def read_copies(store: Store) -> list[Placed]:
    """What runs that did not come to their end have put down, oldest first."""
    return [Placed(*row) for row in store.read_rows(f"SELECT {_COLUMNS} FROM copies ORDER BY id")]  # noqa: S608 - names of our own struct


def is_own(store: Store, sha256: str) -> bool:
    """Whether these are bytes that a run has put down, this one or one beside it."""
    return bool(store.read_rows("SELECT 1 FROM copies WHERE sha256 = ? LIMIT 1", (sha256,)))


def forget_copies(store: Store) -> None:
    """The run record has them now."""
    store.write_rows("DELETE FROM copies", [()])
