"""List and heading numbers, which Word computes and never stores.

    paragraph ─ ListPlace (own, or of its style) ─→ List ─→ its abstract list ─→ Level: start, format, text "第%1章"
                                                     └ overrides: starts, other levels

Counters belong to the abstract list (w:abstractNum, LSTF): lists that share it go on counting, unless a list (w:num,
LFO) brings a start of its own, which restarts it at its first paragraph. A paragraph resets the levels below its own.
"""

from __future__ import annotations

import re

import msgspec

from gouji.readers.number_formats import format_number

LAST_LEVEL = 8
LIMIT_TEXT = 255
LIMIT_START = 1_000_000_000
_PLACE = re.compile(r"%([1-9])")


class ListPlace(msgspec.Struct, frozen=True):
    """Which list and level a paragraph or a style names; None where it leaves that part to its base."""

    num_id: str | None
    level: int | None


class Level(msgspec.Struct, frozen=True):
    """How one level counts and prints. `restart` is the level (from 1) that resets it; 0 never, None any higher one."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False


class List(msgspec.Struct, frozen=True):
    """A list in use: the abstract list behind it, its own levels, and which levels it restarts at what."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


class ListTable(msgspec.Struct, frozen=True):
    """The lists of a document.

    `levels` and `style_levels` (which level numbers the paragraphs of a style) go by abstract list, `lists` by list;
    `links` lead from an abstract list to the list whose abstract list it stands for.
    """

    levels: dict[str, dict[int, Level]]
    style_levels: dict[str, dict[str, int]]
    lists: dict[str, List]
    links: dict[str, str]


NO_LISTS = ListTable({}, {}, {}, {})


class Numbering:
    """The lists of a document and how far each has counted."""

    def __init__(self, table: ListTable = NO_LISTS) -> None:
        self._table = table
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def next_number(self, own: ListPlace | None, inherited: ListPlace | None, style: str | None) -> str:
        """The number of the next paragraph with this place of its own, or of its style; "" where it has none."""
        num_id = (own.num_id if own else None) or (inherited.num_id if inherited else None)
        lst = self._table.lists.get(num_id) if num_id else None
        if lst is None or num_id is None:
            return ""
        abstract = self._follow(lst.abstract)
        level = self._find_level(own, inherited, style, abstract)
        return self._count(num_id, lst, abstract, level)

    def _follow(self, abstract: str) -> str:
        """The abstract list that a link stands for."""
        target = self._table.links.get(abstract)
        lst = self._table.lists.get(target) if target else None
        return lst.abstract if lst else abstract

    def _find_level(self, own: ListPlace | None, inherited: ListPlace | None, style: str | None, abstract: str) -> int:
        if own is not None and own.level is not None:
            return own.level
        linked = self._table.style_levels.get(abstract, {}).get(style or "")
        if linked is not None:
            return linked
        return inherited.level if inherited is not None and inherited.level is not None else 0

    def _count(self, num_id: str, lst: List, abstract: str, level: int) -> str:
        levels = self._table.levels.get(abstract, {}) | lst.levels
        counts = self._counts.setdefault(abstract, [None] * (LAST_LEVEL + 1))
        self._restart(num_id, lst, counts, level)
        for index in range(level):
            if counts[index] is None:
                counts[index] = _start(levels, lst, index)
        before = counts[level]
        counts[level] = _start(levels, lst, level) if before is None else before + 1
        _reset_below(levels, counts, level)
        return print_number(levels, counts, level)

    def _restart(self, num_id: str, lst: List, counts: list[int | None], level: int) -> None:
        for index in lst.starts:
            if index <= level and (num_id, index) not in self._started:
                self._started.add((num_id, index))
                counts[index] = None


def _start(levels: dict[int, Level], lst: List, index: int) -> int:
    return lst.starts.get(index, levels.get(index, DEFAULT_LEVEL).start)


def _reset_below(levels: dict[int, Level], counts: list[int | None], level: int) -> None:
    for index in range(level + 1, LAST_LEVEL + 1):
        restart = levels.get(index, DEFAULT_LEVEL).restart
        if restart is None or 0 < level + 1 <= restart:
            counts[index] = None


def print_number(levels: dict[int, Level], counts: list[int | None], level: int) -> str:
    """The level's text with every %n filled in."""
    own = levels.get(level)
    if own is None:
        return ""
    if own.format == "bullet":
        return own.text

    def fill(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        shown = levels.get(index, DEFAULT_LEVEL)
        count = counts[index]
        style = "decimal" if own.legal and shown.format != "none" else shown.format
        return format_number(shown.start if count is None else count, style)

    return _PLACE.sub(fill, own.text)


DEFAULT_LEVEL = Level()
