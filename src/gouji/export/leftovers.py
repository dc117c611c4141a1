"""Folders of our own that a killed program left behind, told from those of one that is at work.

.gouji-3f9a01-4711-k2j8x_q0     machine (digest of its name), process, random: swept once that process is gone
the same of another machine     swept after a day: nobody here can say whether it is at work
.gouji-k2j8x_q0                 of an older gouji: after a day as well
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import time
from functools import cache
from pathlib import Path

HIDDEN, PLAIN = ".gouji-", "gouji-"
_OWNED = r"(?P<host>[0-9a-f]{6})-(?P<pid>\d+)-"
_RANDOM = "[a-z0-9_]{8}"
_IN_OUTPUT = re.compile(rf"\.gouji-(?:{_OWNED})?{_RANDOM}")
_IN_TEMP = re.compile(rf"gouji-{_OWNED}{_RANDOM}")  # in a folder that others use, only what is ours beyond doubt
_DAY = 86400.0


def name_prefix(begin: str = HIDDEN) -> str:
    """What the name of a temporary folder begins with, for tempfile: it says who is at work in it."""
    return f"{begin}{_host()}-{os.getpid()}-"


def sweep_output(out: Path, flat: tuple[str, ...], deep: tuple[str, ...]) -> None:
    """Take away what was left in an output folder and in these folders of it: `flat` themselves, `deep` anywhere in them."""
    for name in ("", *flat):
        sweep(out / name)
    for name in deep:
        for folder, names, _ in os.walk(out / name):
            sweep(Path(folder))
            names[:] = [inner for inner in names if not inner.startswith(HIDDEN)]


def sweep(folder: Path, *, temporary: bool = False) -> None:
    """Take away what was left in one folder. `temporary`: it is the system's, which others use too."""
    pattern = _IN_TEMP if temporary else _IN_OUTPUT
    try:
        with os.scandir(folder) as entries:
            left = [entry for entry in entries if (found := pattern.fullmatch(entry.name)) and _is_left(entry, found)]
    except OSError:  # it is not there, or not ours to look into: nothing to sweep
        return
    for entry in left:
        shutil.rmtree(entry.path, ignore_errors=True)  # what resists is tried again next time


@cache
def sweep_once(folder: Path) -> None:
    """Sweep a folder before the first file that this process writes into it."""
    sweep(folder)


def _is_left(entry: os.DirEntry[str], found: re.Match[str]) -> bool:
    if not entry.is_dir(follow_symlinks=False):
        return False
    if found["host"] == _host():
        import psutil  # noqa: PLC0415 - only where something was left

        return not psutil.pid_exists(int(found["pid"]))
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > _DAY


@cache
def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:6]
