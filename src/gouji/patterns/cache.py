"""A compiled pattern folder in one msgpack file of the user's cache directory, so that a warm start parses no YAML.

    <cache>/gouji/Patterns-<hash of the folder's path>.msgpack  =  32 bytes digest + msgpack

The digest covers every byte of the folder and of the loader's own code. A missing, unwritable or corrupt cache is
harmless: the folder is compiled again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from gouji import __version__

T = TypeVar("T")
_DIGEST_BYTES = 32


def load_cached(folder: Path, kind: type[T], build: Callable[[Path], T], variant: str = "") -> T:
    """`build(folder)`, or what it gave last time if not a byte has changed. What `build` raises is passed on.

    `variant` tells what else the result depends on, such as the rule set asked for.
    """
    digest = digest_of(folder)
    path = _cache_path(folder, kind.__name__, variant)
    if path is not None:
        known = _read(path, digest, kind)
        if known is not None:
            return known
    built = build(folder)
    if path is not None:
        _write(path, digest + msgspec.msgpack.encode(built))
    return built


def digest_of(folder: Path) -> bytes:
    """SHA-256 over the names and bytes of every pattern file, the engine's version and the loader's code."""
    sha = hashlib.sha256(__version__.encode())
    for root, pattern in ((folder, "*.yml"), (folder, "*.xlsx"), (Path(__file__).parent, "*.py")):
        for path in sorted(root.rglob(pattern)):
            if path.name.startswith("~$") or not path.is_file():
                continue  # the lock of a workbook that is open in Excel; a folder of such a name the reader refuses
            data = path.read_bytes()
            sha.update(f"{path.relative_to(root).as_posix()}\0{len(data)}\0".encode())
            sha.update(data)
    return sha.digest()


def cache_folder() -> Path | None:
    """Where this user's caches live; None where the system does not say."""
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if value := os.environ.get(variable):
            return Path(value) / "gouji"
    try:
        return Path.home() / ".cache" / "gouji"
    except RuntimeError:
        return None


def _cache_path(folder: Path, kind: str, variant: str) -> Path | None:
    parent = cache_folder()
    if parent is None:
        return None
    name = hashlib.sha256(f"{folder.resolve()}\0{variant}".rstrip("\0").encode()).hexdigest()[:16]
    return parent / f"{kind}-{name}.msgpack"


def _read(path: Path, digest: bytes, kind: type[T]) -> T | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if data[:_DIGEST_BYTES] != digest:
        return None
    try:
        return msgspec.msgpack.decode(data[_DIGEST_BYTES:], type=kind)
    except msgspec.DecodeError:
        return None


def _write(path: Path, data: bytes) -> None:
    """Write beside the target and rename; a cache that cannot be written is no error."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
