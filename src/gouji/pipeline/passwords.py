"""Passwords to try, from a file: one a line, kept as they are but for the line ends."""

from __future__ import annotations

from pathlib import Path

from gouji.model.errors import ReadError, UsageError, say_reason
from gouji.readers.txt_decode import decode_text

MISSING = "密码文件打不开（{reason}）：{path}；请核对路径和权限。"
NO_TEXT = "密码文件不是文字文件：{path}；请用记事本保存为一行一个密码。"


def read_passwords(path: str) -> tuple[str, ...]:
    """The lines of a password file that are not empty. Raises UsageError where it cannot be read."""
    try:
        text, _ = decode_text(Path(path).read_bytes())
    except OSError as error:
        raise UsageError(MISSING.format(reason=say_reason(error), path=path)) from error
    except ReadError as error:
        raise UsageError(NO_TEXT.format(path=path)) from error
    return tuple(line for line in text.splitlines() if line)
