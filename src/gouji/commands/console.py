"""What every command shares: exit codes, text to the two streams.

say    messages and progress   → stderr
write  results                 → stdout
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

DONE, USAGE, UNREADABLE, NO_INPUT, INTERRUPTED = 0, 2, 3, 4, 130


def say(text: str) -> None:
    """A message for the person at the keyboard, on stderr."""
    click.echo(_show(text), err=True)


def write(text: str | bytes) -> None:
    """A result, on stdout; bytes go out as they are."""
    if isinstance(text, bytes):
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    else:
        click.echo(_show(text))


def _show(text: str) -> str:
    """What a file or a unit is called may hold what a terminal would obey."""
    if text.isprintable():
        return text
    from gouji.export.plain import show_plainly

    return show_plainly(text)


def explain_missing(file: Path) -> str | None:
    """Why a name is no file that can be read; None where it is one."""
    if file.is_dir():
        return f"{file} 是文件夹；请指明其中的一个文件。"
    return None if file.is_file() else f"没有找到文件：{file}"


def local_now() -> datetime:
    """The clock of the person at the keyboard; what lies below takes the time as an argument."""
    return datetime.now(tz=UTC).astimezone()
