"""Opening gouji.db: is it ours, is it readable by this version, may it use a write-ahead log.

    no file         → created with the current schema
    our file        → opened; an older schema is brought up to date, a newer one is refused, never touched
    anything else   → UsageError in Chinese, the file untouched

WAL needs shared memory between processes on one machine: on a network drive it corrupts silently. So it is used only
where the drive is known to be local, and a resting database is always one plain file that can be carried on a USB stick.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.model.errors import UsageError
from gouji.store.schema import (
    APPLICATION_ID,
    PEOPLE_TABLES,
    SCHEMA_VERSION,
    TABLES,
    TRIGGERS,
    build_views,
    upgrade_script,
)
from gouji.store.schema_copies import COPY_TABLES, RECEIPT_TABLES, WRITTEN_TABLES
from gouji.store.schema_parts import PART_TABLES
from gouji.store.schema_references import REFERENCE_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUSY_SECONDS = 30
_LOCAL_FILESYSTEMS = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "overlay", "tmpfs"})
_WINDOWS_FIXED_DRIVE = 3
_IN_USE = "{name} 正被另一个程序使用。请等它结束或关闭后再试。"
_MISSING = "没有找到数据库：{path}；请先运行 gouji run，或用 --store 指出 gouji.db。"
_NO_ACCESS = "打不开或写不进数据库 {name}。请检查文件夹是否存在、磁盘是否已满、有没有写入权限。"
_BROKEN = (
    "{name} 已损坏或不是数据库。请改名留存，再重新运行：报告会重新读取，台账等表里填的内容会读回；"
    "豁免记录、参照数据和往年的数只在数据库里，请用备份恢复，或重新录入。"
)
_ADVICE = {
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
    sqlite3.SQLITE_PERM: _NO_ACCESS,
    sqlite3.SQLITE_READONLY: _NO_ACCESS,
    sqlite3.SQLITE_IOERR: _NO_ACCESS,
    sqlite3.SQLITE_FULL: _NO_ACCESS,
    sqlite3.SQLITE_CANTOPEN: _NO_ACCESS,
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_NOTADB: _BROKEN,
}


def open_database(path: Path, *, read_only: bool = False, known: bool = False) -> sqlite3.Connection:
    """A connection to gouji.db; raises UsageError where the file is not one that this version can use."""
    if (read_only or known) and not path.is_file():
        raise UsageError(_MISSING.format(path=path))
    with speaking_chinese(path):
        connection = _connect(path, read_only=read_only)
        try:
            _prepare(connection, path, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def speaking_chinese(path: Path) -> Iterator[None]:
    """Turn trouble with the file into a UsageError; a mistake in our own SQL stays what it is."""
    try:
        yield
    except sqlite3.Error as error:
        advice = explain_error(path, error)
        if advice is None:
            raise
        raise advice from error


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All of it or nothing; trouble with the file comes as a UsageError."""
    with speaking_chinese(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    if not read_only:
        return sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _prepare(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    if not read_only and _is_empty(connection):
        _create(connection)
    version = _check_identity(connection, path)
    if version < SCHEMA_VERSION:
        if read_only:
            raise UsageError(f"{path.name} 由旧版本的 gouji 建立。请先用 gouji run 重新运行一次，数据库会自动升级。")
        _upgrade(connection, version)
    if not read_only and is_local_drive(path):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] == 0)


def _create(connection: sqlite3.Connection) -> None:
    """All or nothing, and safe against a second process that creates the same file."""
    marks = f"\nPRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {SCHEMA_VERSION};\n"
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _is_empty(connection):
            for statement in _split_statements(
                TABLES
                + PEOPLE_TABLES
                + REFERENCE_TABLES
                + COPY_TABLES
                + WRITTEN_TABLES
                + PART_TABLES
                + RECEIPT_TABLES
                + TRIGGERS
                + build_views()
                + marks
            ):
                connection.execute(statement)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _split_statements(script: str) -> list[str]:
    """executescript would commit the open transaction first, so the script is run statement by statement."""
    statements: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements


def _upgrade(connection: sqlite3.Connection, version: int) -> None:
    """All or nothing: an interrupted upgrade leaves the file as it was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _split_statements(upgrade_script(version)):
            connection.execute(statement)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _check_identity(connection: sqlite3.Connection, path: Path) -> int:
    """The file's schema version; UsageError where it is not ours or newer than we are."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if application != APPLICATION_ID:
        raise UsageError(
            f"{path.name} 不是 gouji 的数据库，没有改动它。请换一个输出文件夹，或用 --store 指定别的文件名。"
        )
    if version > SCHEMA_VERSION:
        raise UsageError(f"{path.name} 由更新版本的 gouji 建立，本版本不能使用。请升级 gouji，或换一个输出文件夹。")
    return version


def explain_error(path: Path, error: sqlite3.Error) -> UsageError | None:
    """What a person can do about trouble with the file; None for a mistake in our own SQL, which is a bug."""
    advice = _ADVICE.get(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF)
    return None if advice is None else UsageError(advice.format(name=path.name))


def is_local_drive(path: Path) -> bool:
    """Whether `path` is known to lie on a local fixed drive; False where that cannot be told."""
    folder = path.absolute().parent
    if sys.platform == "win32":
        return _is_fixed_windows_drive(folder)
    return _read_filesystem(folder) in _LOCAL_FILESYSTEMS


def _is_fixed_windows_drive(folder: Path) -> bool:
    import ctypes  # noqa: PLC0415 - Windows only

    drive = ctypes.WinDLL("kernel32").GetDriveTypeW(folder.drive + "\\")  # type: ignore[attr-defined,unused-ignore]
    return bool(drive == _WINDOWS_FIXED_DRIVE)


def _read_filesystem(folder: Path) -> str | None:
    """Type of the file system that holds a folder, from the mount table; the longest mount point wins."""
    mounts = Path("/proc/self/mounts")
    if not mounts.is_file():
        return None
    real = os.path.realpath(folder)
    best: tuple[str, str | None] = ("", None)
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]
