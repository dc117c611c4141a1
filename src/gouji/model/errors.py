"""What can go wrong, as a tree.

    GoujiError
    ├── ReadError        one file cannot be read; `code` is one of READ_CODES, the message is Chinese
    ├── PatternError     a broken pattern folder: every problem of every file as `file:line: what`
    └── UsageError       the caller asked for something that does not exist

Trouble *in the data* is never raised: it is returned as a notice or a finding.
"""

from __future__ import annotations

import errno
from typing import Literal, get_args

ReadCode = Literal[
    "encrypted",
    "password",
    "corrupt",
    "unsupported",
    "no_text_layer",
    "too_large",
    "too_many",
    "timeout",
    "crashed",
    "empty",
    "classified",
    "not_identified",
]
READ_CODES: tuple[ReadCode, ...] = get_args(ReadCode)
_REASONS = {
    errno.ENOENT: "找不到",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的盘是只读的",
    errno.EEXIST: "已有同名的文件",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "快捷方式互相指来指去",
    errno.EBUSY: "正被其他程序使用",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘限额",
    errno.EFBIG: "超出磁盘限额",
    errno.EIO: "磁盘读写出错",
    errno.ESTALE: "网络盘已断开",
    errno.ENOTCONN: "网络盘已断开",
    errno.ETIMEDOUT: "网络盘没有回应",
    errno.EMFILE: "同时打开的文件太多",
}


def say_reason(error: OSError) -> str:
    """Why the system refused a file, in a few Chinese words; its own where we have none."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


class GoujiError(Exception):
    """Base of everything gouji raises on purpose."""


class ReadError(GoujiError):
    """One file cannot be read. `message` is one Chinese line that says what to do next."""

    def __init__(self, code: ReadCode, message: str) -> None:
        super().__init__(message)
        self.code: ReadCode = code
        self.message = message

    def __reduce__(self) -> tuple[type[ReadError], tuple[ReadCode, str]]:
        return (type(self), (self.code, self.message))


class PatternError(GoujiError):
    """A pattern folder is refused. `problems` lists every `file:line: what`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UsageError(GoujiError):
    """The caller asked for something that does not exist (exit code 2)."""
