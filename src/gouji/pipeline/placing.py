"""Finished copies and pages go from the run's own folder to their places, noted first: no kill makes them strangers.

worker → OUT/.gouji-…/7 ─ note: these bytes are ours ─ set aside what people wrote in ─ rename → OUT/批注/一股/a.docx
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gouji.export.atomic import leave_standing, make_folder, put_in_place
from gouji.model.errors import UsageError, say_reason
from gouji.pipeline.copy_order import Copied
from gouji.pipeline.copying import NO_COPY
from gouji.pipeline.document import file_name
from gouji.pipeline.inputs import extend_path
from gouji.store.copies import Placed, is_own, note_copies, read_copies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gouji.export.atomic import Written
    from gouji.pipeline.copy_line import Wish
    from gouji.store import Store

KEPT = "{name} 在上次运行后被改动过，已改名为 {kept} 保留。"


class Placing:
    """Puts files into an output folder. `left`: what runs that were interrupted have put there."""

    def __init__(self, store: Store, out: Path) -> None:
        self._store = store
        self._out = out.resolve()
        self.left = read_copies(store)
        self._by_basis: dict[str, list[Placed]] = defaultdict(list)
        self._by_path: dict[str, list[Placed]] = defaultdict(list)
        for placed in self.left:
            self._by_basis[placed.basis].append(placed)
            self._by_path[placed.path].append(placed)

    def find(self, basis: str) -> Placed | None:
        """What an interrupted run made of just this, there as it was put down."""
        return next((one for one in self._by_basis.get(basis, ()) if self._stands(one)), None)

    def is_overwritten(self, path: str, basis: str) -> bool:
        """Whether an interrupted run has put something made of something else in a place."""
        return any(one.basis != basis and self._stands(one) for one in self._by_path.get(path, ()))

    def tell_kept(self) -> list[str]:
        """What interrupted runs set aside and had no time to say."""
        kept = dict.fromkeys((self._place(one.path), one.kept) for one in self.left if one.kept is not None)
        return [
            KEPT.format(name=path.name, kept=name) for path, name in kept if name and path.with_name(name).is_file()
        ]

    def put(self, wish: Wish, copied: Copied) -> Copied:
        """Put a finished copy and page in their places; what became of them."""
        kept = self._choose_aside(wish, copied)
        note_copies(self._store, list(_list_placed(wish, copied, kept)))
        try:
            if copied.review is not None:
                self._move(copied.review, wish.review)
            return self._put_copy(wish, copied, kept)
        except (UsageError, OSError) as error:
            reason = error if isinstance(error, UsageError) else say_reason(error)
            return Copied(None, advice=NO_COPY.format(name=file_name(wish.path), reason=reason))

    def _put_copy(self, wish: Wish, copied: Copied, kept: str | None) -> Copied:
        if copied.copy is None or copied.staged is None:
            return copied
        path = self._place(copied.copy)
        lines = set_aside(path, kept)

        def clear(place: Path) -> None:
            """The copy itself is open: what people wrote into the 新 of the run before is kept as well."""
            if place != path and not self._is_ours(hash_file(place), wish):
                lines.extend(set_aside(place, name_aside(place)))

        written = self._move(copied.staged, copied.copy, clear)
        lines += [line for line in (written.advice, copied.advice) if line]
        folder = copied.copy[: len(copied.copy) - len(path.name)]
        return msgspec.structs.replace(copied, copy=folder + written.path.name, advice=" ".join(lines) or None)

    def _move(self, staged: str, path: str, clear: Callable[[Path], None] = leave_standing) -> Written:
        place = self._place(path)
        make_folder(place.parent)
        return put_in_place(Path(staged), place, clear)

    def _choose_aside(self, wish: Wish, copied: Copied) -> str | None:
        """The new name of a copy that people have written in; None where there is none, or it is as we put it down."""
        if copied.copy is None:
            return None
        path = self._place(copied.copy)
        return None if self._is_ours(hash_file(path), wish) else name_aside(path)

    def _is_ours(self, digest: str | None, wish: Wish) -> bool:
        """Whether nothing stands there, or what runs have put down."""
        return digest is None or digest == wish.earlier or is_own(self._store, digest)

    def _stands(self, placed: Placed) -> bool:
        return hash_file(self._place(placed.path)) == placed.sha256

    def _place(self, path: str) -> Path:
        return Path(extend_path(str(self._out / path)))


def _list_placed(wish: Wish, copied: Copied, kept: str | None) -> Iterator[Placed]:
    """What there is to note of a file before anything of it is put down."""
    if copied.review is not None:
        digest = hash_file(Path(copied.review))
        yield Placed(wish.review, digest or "", wish.review_basis)
    if copied.copy is not None and copied.sha256 is not None:
        yield Placed(copied.copy, copied.sha256, wish.basis, copied.remarks, copied.moved, copied.advice, kept)


def name_aside(path: Path) -> str:
    """The new name of a file that people have written in: 报告(改动1).docx, or the next that is free."""
    names = (path.with_name(f"{path.stem}(改动{number}){path.suffix}") for number in count(1))
    return next(name.name for name in names if not name.exists())


def set_aside(path: Path, kept: str | None) -> list[str]:
    """Give a copy another name; Chinese lines that say so."""
    if kept is None:
        return []
    with suppress(PermissionError):  # it is open: the new copy goes beside it
        path.rename(path.with_name(kept))
        return [KEPT.format(name=path.name, kept=kept)]
    return []


def hash_file(path: Path) -> str | None:
    """SHA-256 of a file; None where there is none, empty where another program keeps it to itself."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except PermissionError:
        return ""
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
