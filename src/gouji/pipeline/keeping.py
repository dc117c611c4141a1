"""Files that people go on editing are written anew without losing a word: what they changed is renamed first, and said.

finished ─ note: these bytes are ours ─ what stands there and is not ours: 函件/a.docx → 函件/a(改动1).docx ─ rename → 函件/a.docx
                                        a workbook that is read back: copied to 历史/汇总表 2026-11-26 101500.xlsx

What is ours the store knows by its content. Without a store that may be written (a frozen state is read-only) nothing is
known to be ours: whatever stands there and differs is kept.
"""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.export.atomic import Written, put_in_place, scratch_folder
from gouji.pipeline.inputs import extend_path
from gouji.pipeline.placing import hash_file, name_aside, set_aside
from gouji.store import Store
from gouji.store.written import forget_kept, is_written, note_kept, note_written, read_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEPT = "有 {count} 个已有的文件改动过（或不是本程序写的），没有覆盖，已改名保留：{names}。"
COPIED = "有 {count} 个表写出后改动过，原表已另存为 {names}；填写栏以外的改动不会带到新表。"
HISTORY = "历史"
_LISTED = 8


class Keeping:
    """Puts files into a folder. `store`: the memory of what is ours."""

    def __init__(self, store: Store | None, folder: Path) -> None:
        self._store = store
        self.folder = folder
        self._resolved = folder.resolve()
        self._kept: list[str] = []
        self._copied: list[str] = []

    def put(self, finished: Path, path: Path) -> Written:
        """Move a finished file into its place; what a person made of the one before keeps its content under another name."""
        return self._put(finished, path, lambda place, _: self._set_aside(place))

    def put_over(self, finished: Path, path: Path) -> Written:
        """As `put`, for workbooks whose columns for people are read back: what stood there goes to the history as it was."""
        return self._put(finished, path, self._copy)

    def _put(self, finished: Path, path: Path, keep: Callable[[Path, str], None]) -> Written:
        digest = hash_file(finished) or ""
        if self._store is not None:
            note_written(self._store, digest)

        def clear(place: Path) -> None:
            standing = hash_file(place)
            if standing is not None and standing != digest and not self._is_ours(standing):
                keep(place, standing)

        return put_in_place(finished, path, clear)

    def drop(self, path: Path) -> None:
        """Take a file away that is no longer needed, unless people have written in it."""
        if (digest := hash_file(path)) and self._is_ours(digest):
            with suppress(PermissionError):  # it is open somewhere
                path.unlink(missing_ok=True)

    def tell(self) -> list[str]:
        """One line on what was set aside, also by commands that were interrupted before they could say it."""
        left = read_kept(self._store) if self._store is not None else []
        standing = [path for path in dict.fromkeys([*left, *self._kept]) if self._place(path).is_file()]
        self._kept.clear()
        if self._store is not None:
            forget_kept(self._store, standing)
        copied, self._copied = self._copied, []
        told = ((KEPT, standing), (COPIED, copied))
        return [line.format(count=len(names), names=_list_names(names)) for line, names in told if names]

    def _is_ours(self, digest: str) -> bool:
        return self._store is not None and is_written(self._store, digest)

    def _set_aside(self, path: Path) -> None:
        kept = name_aside(path)
        shown = Path(os.path.relpath(path.with_name(kept), extend_path(str(self._resolved)))).as_posix()
        if self._store is not None:
            note_kept(self._store, shown)
        if set_aside(path, kept):
            self._kept.append(shown)

    def _copy(self, path: Path, digest: str) -> None:
        """Once for each state: what is there already is not copied again."""
        saved = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).astimezone()
        name = f"{path.stem} {saved:%Y-%m-%d %H%M%S}{path.suffix}"
        place = path.parent / HISTORY / name
        if hash_file(place) != digest:
            with scratch_folder(place) as folder:
                copy = folder / name
                shutil.copy2(path, copy)
                put_in_place(copy, place)
            self._copied.append(f"{HISTORY}/{name}")

    def _place(self, path: str) -> Path:
        return Path(extend_path(str(self._resolved / path)))


def _list_names(names: list[str]) -> str:
    return "、".join(names[:_LISTED]) + (" 等" if len(names) > _LISTED else "")


@contextmanager
def keeping_in(folder: Path, store: Path) -> Iterator[Keeping]:
    """A folder to put files into, with a database as its memory where that may be written."""
    if not _may_write(store):
        yield Keeping(None, folder)
        return
    with Store.open(store) as opened:
        yield Keeping(opened, folder)


def _may_write(path: Path) -> bool:
    """Whether a database is there and is no frozen or write-protected one; the mark is asked for, as root may do all."""
    if not path.is_file() or not path.stat().st_mode & stat.S_IWUSR:
        return False
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
