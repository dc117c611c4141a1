"""Letters, sheets and tables that were put down where people edit them, by their content alone: no path, no name.

note_written(store, digest) ─ rename ─ …     killed between the two or after: is_written tells our bytes from a person's
note_kept(store, path) ─ rename ─ … ─ read_kept ─ told ─ forget_kept
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.store.database import Store


def note_written(store: Store, sha256: str) -> None:
    """Remember what is put down next."""
    store.write_rows("INSERT OR IGNORE INTO written (sha256) VALUES (?)", [(sha256,)])


def is_written(store: Store, sha256: str) -> bool:
    """Whether these are bytes that a command has put down."""
    return bool(store.read_rows("SELECT 1 FROM written WHERE sha256 = ?", (sha256,)))


def note_kept(store: Store, path: str) -> None:
    """Remember the new name of what people had written in, until it has been said."""
    store.write_rows("INSERT INTO kept (path) VALUES (?)", [(path,)])


def read_kept(store: Store) -> list[str]:
    """What was set aside and not said yet, oldest first."""
    return [str(path) for (path,) in store.read_rows("SELECT path FROM kept ORDER BY id")]


def forget_kept(store: Store, paths: Iterable[str]) -> None:
    """These have been said."""
    store.write_rows("DELETE FROM kept WHERE path = ?", [(path,) for path in paths])
