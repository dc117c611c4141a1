"""A file appears whole or not at all, and a workbook that is open in Excel is no disaster.

汇总表.xlsx free      → written beside, then renamed over it
汇总表.xlsx open      → 汇总表(新).xlsx, and a line that says 请先关闭
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gouji.export.leftovers import name_prefix, sweep_once
from gouji.model.errors import UsageError, say_reason

if TYPE_CHECKING:
    from collections.abc import Iterator


FULL = "磁盘已满或超出限额，{name} 没有写成；已有的文件都是完整的。请清出空间后重新运行。"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Written(msgspec.Struct, frozen=True):
    """Where a file was put; `advice` is a Chinese line where that is not where it was wanted."""

    path: Path
    advice: str | None = None


Put = Callable[[Path, Path], Written]  # how a finished file comes to its place


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """A hidden folder beside `path`, gone afterwards: what is being written never leaves the output folder."""
    with _writing_into(path.parent, path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep_once(path.parent)
        with tempfile.TemporaryDirectory(prefix=name_prefix(), dir=path.parent, ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def make_folder(folder: Path) -> None:
    """See that a folder is there."""
    with _writing_into(folder, folder.name):
        folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def _writing_into(folder: Path, name: str) -> Iterator[None]:
    """A UsageError where a folder cannot be made, nothing can be written into it, or `name` finds no room in it."""
    try:
        yield
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise UsageError(
            f"写不进文件夹 {folder.name}（{say_reason(error)}）。请检查写入权限或换一个输出文件夹。"
        ) from error
    except OSError as error:
        if not is_full(error):
            raise
        raise UsageError(FULL.format(name=name)) from error


def is_full(error: OSError) -> bool:
    """Whether there is no room left to write into."""
    return error.errno in _FULL


def spare_of(path: Path) -> Path:
    """Where a file goes whose own name another program holds open."""
    return path.with_name(f"{path.stem}(新){path.suffix}")


def leave_standing(path: Path) -> None:
    """What stands in a place is ours alone and may be overwritten: nothing to do before."""


def put_in_place(finished: Path, path: Path, clear: Callable[[Path], None] = leave_standing) -> Written:
    """Move a finished file over `path`, or beside it under （新） where another program holds it open.

    `clear` is called on a place before anything in it is overwritten.
    """
    clear(path)
    try:
        finished.replace(path)
    except PermissionError:
        spare = spare_of(path)
    else:
        return Written(path)
    clear(spare)
    try:
        finished.replace(spare)
    except PermissionError as error:
        raise UsageError(f"{path.name} 和 {spare.name} 都正被打开，写不进去。请先关闭它们再运行。") from error
    return Written(
        spare, f"{path.name} 正被其他程序打开，结果已另存为 {spare.name}。请先关闭 {path.name}，下次运行会写回原名。"
    )


def write_atomically(path: Path, content: bytes, put: Put = put_in_place) -> Written:
    """Write a small file whole."""
    with scratch_folder(path) as folder:
        finished = folder / path.name
        finished.write_bytes(content)
        return put(finished, path)
