"""gouji freeze: the signed state is set aside, so that a later resubmission cannot change what was signed.

    OUT/汇总表.xlsx …  ─freeze→  OUT/定稿/2021年度/汇总表.xlsx …  gouji.db  定稿清单.json (every file with its SHA-256)

The copy is made whole or not at all and is never written again; `verify` tells whether anything in it has changed since.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gouji.export.filenames import make_name
from gouji.export.leftovers import name_prefix, sweep
from gouji.model.errors import UsageError

if TYPE_CHECKING:
    from gouji.store import Store

FOLDER, MANIFEST, STORE = "定稿", "定稿清单.json", "gouji.db"
TAKEN = "定稿名称“{name}”已用过或不能作文件夹名；请换一个，如“2021年度”“2021年度第二次”。"
NOT_COPIED = "没有定稿：有 {count} 个文件复制不了（{names}）。请检查磁盘是否已满、权限，关闭正打开的文件后重试。"
_LISTED = 3
_TEMPORARY = ("~$", ".~", ".gouji-")


class Manifest(msgspec.Struct, frozen=True):
    """What was frozen: the run, the day, and every file's SHA-256 by its path in the folder."""

    schema: str
    name: str
    day: str
    run: int
    files: dict[str, str]


class Change(msgspec.Struct, frozen=True):
    """A figure that is not what was signed."""

    unit: str
    concept: str
    frozen: str | None
    now: str | None


def freeze(out: Path, name: str, day: str) -> Manifest:
    """Copy the output folder's state to OUT/定稿/NAME; UsageError where there is nothing to freeze or the name is taken."""
    from gouji.store import Store  # noqa: PLC0415 - cli stays light

    store = out / STORE
    if not store.is_file():
        raise UsageError(f"{out.name} 中没有 {STORE}；请先用 gouji run 生成结果，再定稿。")
    target = out / FOLDER / name
    if name != make_name(name):
        raise UsageError(TAKEN.format(name=name))
    with Store.open(store) as opened:
        run = opened.finished_run()
        if run is None:
            raise UsageError(f"{STORE} 中没有已完成的运行；请先用 gouji run 生成结果，再定稿。")
        if target.exists():
            return _note_late(opened, target, run)
        (out / FOLDER).mkdir(exist_ok=True)
        sweep(out / FOLDER)
        with tempfile.TemporaryDirectory(prefix=name_prefix(), dir=out / FOLDER) as scratch:
            copy = Path(scratch) / "copy"
            _copy_state(out, copy)
            files = {path.relative_to(copy).as_posix(): hash_path(path) for path in iter_files(copy)}
            manifest = Manifest("gouji.frozen/1", name, day, run, files)
            (copy / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            for path in iter_files(copy):
                path.chmod(stat.S_IREAD)
            copy.replace(target)
        _note(opened, manifest)
    return manifest


def _note(store: Store, manifest: Manifest) -> None:
    row = (manifest.name, manifest.day, manifest.run)
    store.write_rows("INSERT INTO frozen (name, day, run_id) VALUES (?, ?, ?)", [row])


def _note_late(store: Store, target: Path, run: int) -> Manifest:
    """Note a state that was copied whole and not noted, because the program was killed in between; any other is taken."""
    known = store.read_rows("SELECT 1 FROM frozen WHERE name = ?", (target.name,))
    if known or not (target / MANIFEST).is_file() or verify(target):
        raise UsageError(TAKEN.format(name=target.name))
    manifest = _read_manifest(target)
    if manifest.run != run:
        raise UsageError(TAKEN.format(name=target.name))
    _note(store, manifest)
    return manifest


def _copy_state(out: Path, copy: Path) -> None:
    """Everything but earlier frozen states, programs' own temporary files and the store, which is copied by itself."""

    def left_out(folder: str, names: list[str]) -> list[str]:
        top = Path(folder) == out
        return [
            name
            for name in names
            if name.startswith(_TEMPORARY) or (top and (name == FOLDER or name.startswith(STORE)))
        ]

    try:
        shutil.copytree(out, copy, ignore=left_out)
    except shutil.Error as error:
        names = "、".join(Path(source).name for source, _, _ in error.args[0][:_LISTED])
        raise UsageError(NOT_COPIED.format(count=len(error.args[0]), names=names)) from error
    with closing(sqlite3.connect(out / STORE)) as source, closing(sqlite3.connect(copy / STORE)) as kept:
        source.backup(kept)


def verify(folder: Path) -> list[str]:
    """What has changed in a frozen state since; [] where nothing has. UsageError where it has no manifest."""
    manifest = _read_manifest(folder)
    found = {path.relative_to(folder).as_posix(): path for path in iter_files(folder)}
    lines = [f"缺少：{name}" for name in manifest.files if name not in found]
    lines += [f"内容已变：{n}" for n, sha in manifest.files.items() if n in found and hash_path(found[n]) != sha]
    return lines + [f"多出：{name}" for name in found if name not in manifest.files and name != MANIFEST]


def _read_manifest(folder: Path) -> Manifest:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"{folder.name} 中没有可用的 {MANIFEST}，不是 gouji 的定稿文件夹，或清单已损坏。") from error


def iter_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order of path."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def hash_path(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- what a later run changes -------------------------------------------------------------------------------------


def compare_with_frozen(store: Store, run: int, choose: Callable[[int], set[str]]) -> tuple[str, list[Change]]:
    """The latest frozen state's name and day, and the figures of units in both that differ; ("", []) where none is frozen.

    `choose`: the files of a run whose reports count: of several versions only one was signed.
    """
    rows = store.read_rows("SELECT name, day, run_id FROM frozen WHERE run_id <> ? ORDER BY id DESC LIMIT 1", (run,))
    if not rows:
        return "", []
    name, day, frozen_run = rows[0]
    before, after = _figures(store, frozen_run, choose(frozen_run)), _figures(store, run, choose(run))
    changes = [
        Change(unit, concept, before[unit].get(concept), after[unit].get(concept))
        for unit in before.keys() & after.keys()
        for concept in sorted(before[unit].keys() | after[unit].keys())
        if before[unit].get(concept) != after[unit].get(concept)
    ]
    return f"{name}（{day}）", sorted(changes, key=lambda change: (change.unit, change.concept))


def _figures(store: Store, run: int, counted: set[str]) -> dict[str, dict[str, str]]:
    """Unit and year → concept → the unit's own figure of the year, from tables first."""
    rows: list[tuple[Any, ...]] = store.read_rows(
        "SELECT COALESCE(r.budget_code || ' ', '') || COALESCE(r.unit_name, f.path) || ' ' || COALESCE(r.fiscal_year, ''),"
        " v.concept, COALESCE(v.wan, v.value), f.path FROM files f JOIN reports r ON r.submission_id = f.submission_id"
        " JOIN facts v ON v.report_id = r.id WHERE f.run_id = ? AND v.main AND v.project IS NULL AND v.stage = 'final'"
        " AND v.scope IS NULL AND v.value IS NOT NULL AND (v.period IS NULL OR v.period = r.fiscal_year)"
        " ORDER BY v.origin = 'prose', f.path, v.ordinal",
        (run,),
    )
    found: dict[str, dict[str, str]] = {}
    for unit, concept, value, path in rows:
        if path in counted:
            found.setdefault(unit, {}).setdefault(concept, value)
    return found
