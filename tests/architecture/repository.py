"""The files of the repository, for tests that read them.

tracked_files()  →  README.md, src/gouji/cli.py, …      what git tracks or would track
modules()        →  src/gouji/**/*.py
command_lines()  →  ("README.md", 31, "make run IN=报送文件夹 OUT=结果文件夹"), …
"""

from __future__ import annotations

import re
import shlex
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
# Where there is no git (an unpacked archive): folders that are made, not written.
MADE = {".git", ".venv", ".cache", ".hypothesis", "__pycache__", "build", "dist", "out"}
FENCE = re.compile(r"^```(\w*)\s*$")


class DocumentedCommand(NamedTuple):
    """A line of a ```sh block; `words` as the shell would split it, comment left out."""

    page: str
    line: int
    words: tuple[str, ...]


@cache
def tracked_files() -> tuple[Path, ...]:
    """Absolute paths; files that git ignores are left out."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
        return tuple(path for name in sorted(filter(None, listed)) if (path := ROOT / name).is_file())
    return tuple(sorted(path for path in ROOT.rglob("*") if path.is_file() and not is_made(path)))


def is_made(path: Path) -> bool:
    inside = path.relative_to(ROOT).parts
    made = MADE - {"build"} if inside[:1] == ("fixtures",) else MADE
    return any(part in made or part.endswith(("_cache", ".egg-info")) for part in inside)


def modules() -> list[Path]:
    return sorted((ROOT / "src" / "gouji").rglob("*.py"))


def pages() -> list[Path]:
    """Everything that users read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def command_lines(*programs: str) -> list[DocumentedCommand]:
    """Every documented call of one of these programs."""
    found = [command for page in pages() for command in shell_lines(page)]
    return [command for command in found if command.words[0] in programs]


def shell_lines(page: Path) -> Iterator[DocumentedCommand]:
    """The lines of a page's ```sh blocks, `$ ` prompts and comments left out."""
    language = None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if fence := FENCE.match(line):
            language = None if language is not None else fence[1]
        elif language == "sh" and (words := shlex.split(line.removeprefix("$ "), comments=True)):
            yield DocumentedCommand(page.relative_to(ROOT).as_posix(), number, tuple(words))
