"""A report's items → the unit's own part, the project forms of a bundle, the targets of a later year.

    整体支出自评表 …        own
    项目支出绩效自评表      a project from here on: 项目名称：河道清淤, its money, its indicators
    项目支出绩效自评表      the next
    2023年度绩效目标申报表  targets: figures of a later year, no scores of this one

A title begins a part only where a table follows at once: headings of the narrative that speak of projects begin none. A form
may name its project without any title of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.locate.walk import Item, Title
from gouji.model.anchor import FieldValue, FigureBlock, GoalBlock, ItemBlock, Pair, ScoreSegment
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from gouji.locate.walk import What
    from gouji.patterns import Patterns
    from gouji.patterns.forms import PartKind as Kind

_TARGETS_OF_YEAR = re.compile(r"(?:19|20)\d{2}年度?.{0,12}绩效目标$")
_MAX_TITLE = 40
_SOON = 8
_BEFORE = 3
_FAR = 10**9
_BLOCKS = (FigureBlock, ItemBlock, ScoreSegment, GoalBlock, Pair)


class Part(NamedTuple):
    """Items of one part; the name that its form gives the project."""

    kind: Kind
    items: list[Item]


def split_parts(items: list[Item], patterns: Patterns) -> list[Part]:
    """The parts in printed order; items before the first title of a part are the unit's own."""
    starts = _starts(items, patterns)
    bounds = [0, *(index for index, _ in starts), len(items)]
    kinds: list[Kind] = ["own", *(kind for _, kind in starts)]
    parts = [Part(kind, items[start:end]) for kind, start, end in zip(kinds, bounds, bounds[1:], strict=False)]
    return [part for part in parts if part.items]


def _starts(items: list[Item], patterns: Patterns) -> list[tuple[int, Kind]]:
    """Where parts begin: titles that a table follows, and names of projects that have none."""
    found: list[tuple[int, Kind]] = []
    named = False  # whether the part at hand has its project's name
    for index, item in enumerate(items):
        what = item.what
        if isinstance(what, Title):
            kind = _kind_of_title(what, patterns)
            if kind is not None and _is_followed(items, index):
                found.append((index, kind))
                named = False
        elif _is_project_name(what):
            kind_now = found[-1][1] if found else "own"
            if kind_now == "own" or named:
                found.append((_form_start(items, index, found), "project"))
            named = True
    return _without_empty(found)


def _kind_of_title(title: Title, patterns: Patterns) -> Kind | None:
    """By the longest word for a part that it holds."""
    text = label_key(title.text)
    if len(text) > _MAX_TITLE or title.text.strip().endswith(("。", "；", ";")) or "，" in title.text:
        return None
    if _TARGETS_OF_YEAR.search(text):
        return "targets"
    found = [(len(word), kind) for kind, words in patterns.part_titles.items() for word in words if word in text]
    return max(found)[1] if found else None


def _is_followed(items: list[Item], index: int) -> bool:
    """Whether a table comes within a few items, before another paragraph of some length."""
    for item in items[index + 1 : index + _SOON]:
        if isinstance(item.what, _BLOCKS) or (isinstance(item.what, FieldValue) and not _is_line(item.what)):
            return True
        if isinstance(item.what, Title) and len(item.what.text) > _MAX_TITLE:
            return False
    return False


def _is_line(field: FieldValue) -> bool:
    """Whether a field stands in a running line, as covers print it."""
    return field.where.startswith("p")


def _is_project_name(what: What) -> bool:
    return (
        isinstance(what, FieldValue) and what.name == "project_name" and bool(what.value.strip()) and not _is_line(what)
    )


def _form_start(items: list[Item], index: int, found: list[tuple[int, Kind]]) -> int:
    """Walk back over the titles right above a project's name, which belong to its form."""
    first = found[-1][0] + 1 if found else 0
    start = index
    while start > max(first, index - _BEFORE) and isinstance(items[start - 1].what, Title):
        start -= 1
    return start


def _without_empty(found: list[tuple[int, Kind]]) -> list[tuple[int, Kind]]:
    """Titles one after the other (附件2, then the title) begin one part: the last of them says which."""
    following = [start for start, _ in found[1:]] + [_FAR] if found else []
    return [one for one, after in zip(found, following, strict=True) if after - one[0] > 1]
