"""Which files a run is about: what the user named, folders walked, clutter left out and counted.

    INPUT 岳阳（自评）/        files      path (to open)                    relative (to show, never absolute)
      一股/报告2.docx    →               …/岳阳（自评）/一股/报告2.docx     一股/报告2.docx
      一股/报告10.docx   →               …                                一股/报告10.docx     (2 before 10)
      一股/~$报告2.docx  →   skipped     lock 1
      out/               →   skipped     output 1   (the output folder of this very run)
      上次结果/批注/ …     →   skipped     output …   (what an earlier run made: it holds gouji.db or 运行记录.json)
      锁着的/            →   problems    unreadable folder, one Chinese line

With several INPUTs the name of each folder leads the relative path, so that no two files share one.
"""

from __future__ import annotations

import ntpath
import os
import re
import stat
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from gouji.model.errors import UsageError, say_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SkipReason = Literal["lock", "system", "hidden", "temporary", "output", "special", "duplicate", "loop", "unsettled"]
SKIP_NAMES: dict[SkipReason, str] = {
    "lock": "Office/WPS 打开文件时的临时锁文件",
    "system": "系统文件",
    "hidden": "隐藏文件",
    "temporary": "临时文件或未下载完的文件",
    "output": "输出文件夹，和以前运行的结果",
    "special": "不是普通文件（设备、管道等）",
    "duplicate": "同一文件重复指定",
    "loop": "指回上级或已读文件夹的链接",
    "unsettled": "正在复制，下一轮再处理",
}
SYSTEM_NAMES = frozenset(
    [".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"]
)
TEMPORARY_SUFFIXES = (".tmp", ".temp", ".crdownload", ".part", ".partial", ".download", ".swp", ".bak")
# An output folder is known by what gouji alone makes; of such a folder, what it has made is no submission.
OUTPUT_MARKS = frozenset(["gouji.db", "运行记录.json"])
OUTPUTS = re.compile(
    r"gouji\.db(-wal|-shm|-journal)?|运行记录\.json|批注|复核包|函件|催报|历史|定稿|明细"
    r"|(汇总表|审核问题|收件登记|抽查复核表)([(（ ].*)?\.xlsx"
)
DIGITS = re.compile(r"([0-9]+)")
# From this length on, older Windows programs need the \\?\ form; a directory must leave room for an 8.3 name.
WINDOWS_LONG_PATH = 248

MISSING = "找不到这个文件或文件夹；请核对路径后重试。"
UNREADABLE_FOLDER = "文件夹打不开（{reason}）；请检查权限或网络盘连接后重试。"
UNREADABLE_FILE = "文件打不开（{reason}）；请检查权限或快捷方式指向的文件是否还在。"
OUTPUT_IS_INPUT = "输出文件夹与输入文件夹相同；请用 -o 另选一个文件夹，以免把结果当作报送件读取。"


class InputFile(msgspec.Struct, frozen=True):
    """A file to read. `path` opens it; `relative` ("/" between folders) is what outputs show; size in bytes."""

    path: str
    relative: str
    size: int


class InputProblem(msgspec.Struct, frozen=True):
    """Something that was named or met and could not be looked into."""

    relative: str
    message: str


class InputListing(msgspec.Struct, frozen=True):
    """The files in natural order of their paths, what was left out by reason, and what could not be read."""

    files: tuple[InputFile, ...]
    skipped: dict[SkipReason, int]
    problems: tuple[InputProblem, ...]


def find_inputs(inputs: Sequence[str | Path], output: str | Path | None = None) -> InputListing:
    """List the files of all inputs; a path may be a file or a folder, which is walked to its depths.

    Raises UsageError where the output folder is itself an input. Everything else that is wrong is in `problems`.
    """
    search = Search(resolve(output) if output is not None else None)
    roots = [Path(os.path.abspath(path)) for path in inputs]  # noqa: PTH100 - resolve() would lose the link's own name
    for root, label in zip(roots, label_roots(roots), strict=True):
        search.add_root(root, label)
    return InputListing(tuple(search.files), dict(search.skipped), tuple(search.problems))


class Search:
    """One walk over all inputs; remembers by real path what was seen."""

    def __init__(self, output: str | None) -> None:
        self.output = output
        self.seen_files: set[str] = set()
        self.seen_folders: set[str] = set()
        self.files: list[InputFile] = []
        self.skipped: Counter[SkipReason] = Counter()
        self.problems: list[InputProblem] = []

    def add_root(self, root: Path, label: str) -> None:
        """What the user named. A hidden file named by hand is meant; a lock file never is."""
        path = extend_path(str(root))
        try:
            status = os.stat(path)  # noqa: PTH116 - a \\?\ path must reach the system unchanged
        except OSError as error:
            self.add_problem(label or root.name, MISSING if isinstance(error, FileNotFoundError) else None, error)
            return
        reason = find_clutter(root.name)
        if stat.S_ISDIR(status.st_mode):
            if resolve(path) == self.output:
                raise UsageError(OUTPUT_IS_INPUT)
            self.walk(path, label)
        elif reason is not None and reason != "hidden":
            self.skipped[reason] += 1
        else:
            self.add_file(path, label, status)

    def walk(self, root: str, label: str) -> None:
        """Folders in natural order, the files of a folder before its subfolders; no recursion, whatever the depth."""
        waiting = [(root, label)]
        while waiting:
            path, relative = waiting.pop()
            if self.is_new_folder(path):
                folders = self.list_folder(path, relative)
                waiting += reversed(folders)

    def is_new_folder(self, path: str) -> bool:
        """Whether to enter: not the output folder, and not a folder that a link leads back to."""
        real = resolve(path)
        if real == self.output:
            self.skipped["output"] += 1
        elif real in self.seen_folders:
            self.skipped["loop"] += 1
        else:
            self.seen_folders.add(real)
            return True
        return False

    def list_folder(self, path: str, relative: str) -> list[tuple[str, str]]:
        """Take the files of one folder; its subfolders."""
        folders = []
        entries = self.scan(path, relative)
        made = any(entry.name in OUTPUT_MARKS for entry in entries)
        for entry in entries:
            shown = f"{relative}/{print_name(entry.name)}" if relative else print_name(entry.name)
            reason = "output" if made and OUTPUTS.fullmatch(entry.name) else find_clutter(entry.name)
            try:
                status = entry.stat()
            except OSError as error:  # a dangling link, a file that vanished, no permission
                self.add_problem(shown, None, error)
                continue
            if reason is not None or is_windows_hidden(status):
                self.skipped[reason or "hidden"] += 1
            elif stat.S_ISDIR(status.st_mode):
                folders.append((extend_path(entry.path), shown))
            else:
                self.add_file(extend_path(entry.path), shown, status)
        return folders

    def scan(self, path: str, relative: str) -> list[os.DirEntry[str]]:
        """Entries of a folder in natural order, none where it cannot be opened."""
        try:
            with os.scandir(path) as entries:
                return sorted(entries, key=lambda entry: make_natural_key(entry.name))
        except OSError as error:
            message = UNREADABLE_FOLDER.format(reason=say_reason(error))
            self.problems.append(InputProblem(relative or print_name(Path(path).name), message))
            return []

    def add_file(self, path: str, relative: str, status: os.stat_result) -> None:
        """Take a regular file once. Anything else (a pipe would never end) is not opened."""
        real = resolve(path)
        if not stat.S_ISREG(status.st_mode):
            self.skipped["special"] += 1
        elif real in self.seen_files:
            self.skipped["duplicate"] += 1
        else:
            self.seen_files.add(real)
            self.files.append(InputFile(path, relative, status.st_size))

    def add_problem(self, relative: str, message: str | None, error: OSError) -> None:
        """Record what could not be opened."""
        message = message or UNREADABLE_FILE.format(reason=say_reason(error))
        self.problems.append(InputProblem(print_name(relative), message))


def label_roots(roots: Sequence[Path]) -> list[str]:
    """What leads the relative paths of each input: nothing for a lone folder, else names that differ."""
    if len(roots) == 1 and roots[0].is_dir():
        return [""]
    return list(number_repeats(roots))


def number_repeats(roots: Iterable[Path]) -> Iterator[str]:
    """Each input's own name; the second different path of the same name gets (2)."""
    taken: dict[str, Path] = {}
    for root in roots:
        name = label = print_name(root.name) or "输入"
        count = 1
        while taken.setdefault(os.path.normcase(label), root) != root:
            count += 1
            label = f"{name}({count})"
        yield label


def find_clutter(name: str) -> SkipReason | None:
    """Why a file or folder of this name is no submission, None where it may be one."""
    lower = name.lower()
    if lower.startswith(("~$", ".~")):
        return "lock"
    if lower in SYSTEM_NAMES:
        return "system"
    if lower.endswith(TEMPORARY_SUFFIXES) or (lower.startswith("~") and "." not in lower):
        return "temporary"
    return "hidden" if lower.startswith(".") else None


def is_windows_hidden(status: os.stat_result) -> bool:
    """The hidden or system attribute, which only Windows has."""
    attributes: int = getattr(status, "st_file_attributes", 0)
    return bool(attributes & (stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM))


def make_natural_key(name: str) -> list[tuple[int, str]]:
    """Sort key in which 报告2 stands before 报告10: runs of digits compare by value, other text by letter."""
    key = [(0, part) for part in DIGITS.split(name.casefold())]
    key[1::2] = [(len(digits), digits) for _, part in key[1::2] for digits in [part.lstrip("0")]]
    return [*key, (0, name)]


def resolve(path: str | Path) -> str:
    """The real path, comparable: links followed, letter case folded where the system folds it."""
    return os.path.normcase(os.path.realpath(path))


def print_name(name: str) -> str:
    """A name that can be written out: GBK names mounted on a UTF-8 system are decoded, other stray bytes shown."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "backslashreplace")
    return name


def extend_path(path: str, *, windows: bool = os.name == "nt") -> str:
    r"""On Windows, a path near 260 characters in its \\?\ form, which has no such limit; elsewhere the path itself."""
    if not windows or len(path) < WINDOWS_LONG_PATH or path.startswith("\\\\?\\"):
        return path
    full = ntpath.normpath(path)
    return "\\\\?\\UNC\\" + full[2:] if full.startswith("\\\\") else "\\\\?\\" + full
