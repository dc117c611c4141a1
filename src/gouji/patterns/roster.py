"""roster.yml → the labels of a roster's columns and of the register, as keys that labels are compared by.

columns  {"name": {"单位名称", "单位", …}, "code": {"预算编码", …}}
register {"path": {"文件"}, "received": {"收到日期"}, …}
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import msgspec

from gouji.patterns.source import Problems, read_source
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from pathlib import Path

    from gouji.patterns.source import Mapping

ROSTER_FIELDS = ("name", "code", "old_codes", "section", "parent", "group", "contact", "phone", "due", "secret")
REGISTER_FIELDS = (
    *("path", "check", "code", "received", "returned", "reason"),
    *("date", "unit", "unit_code", "answer"),
)
BLANKS = ("unit", "year", "due", "late", "round")


class RosterWords(msgspec.Struct, frozen=True):
    """Label keys of each field, the words for yes, and the text of a reminder."""

    columns: dict[str, tuple[str, ...]]
    register: dict[str, tuple[str, ...]]
    yes: tuple[str, ...]
    reminder: str


def read_roster_words(folder: Path, problems: Problems) -> RosterWords:
    """Read `folder`/roster.yml and note problems."""
    root = read_source(folder / "roster.yml", problems, "roster.yml").as_mapping()
    words = RosterWords(
        columns=_read_columns(root.mapping("columns"), ROSTER_FIELDS),
        register=_read_columns(root.mapping("register"), REGISTER_FIELDS),
        yes=tuple(word.casefold() for word in root.texts("yes")),
        reminder=root.text("reminder"),
    )
    _check_reminder(words.reminder, root)
    root.finish()
    return words


def _read_columns(entry: Mapping, fields: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    columns = {field: tuple(label_key(label) for label in entry.texts(field)) for field in fields}
    entry.finish()
    seen: dict[str, str] = {}
    for field, keys in columns.items():
        for key in keys:
            if seen.setdefault(key, field) != field:
                entry.problem(f"“{key}”同时写在 {seen[key]} 和 {field} 下")
    return columns


def _check_reminder(text: str, root: Mapping) -> None:
    try:
        blanks = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        root.problem(f"reminder: {error}")
        return
    for name in sorted(blanks - set(BLANKS)):
        root.problem(f"reminder 里的 {{{name}}} 不是可用的占位；可用：{'、'.join(BLANKS)}")
