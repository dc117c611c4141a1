"""Lists while they are walked: text:list nests, each item's first paragraph gets the number.

list L1 ─ item ─ p "总则"               一、总则
        └ item ─ list ─ item ─ p "概况"  （一）概况      an item that holds only a list does not count
list L1 continue-numbering               goes on where the last list of that style stopped
"""

from __future__ import annotations

from lxml.etree import _Element

from gouji.readers.list_numbers import LAST_LEVEL, LIMIT_START, Level, print_number
from gouji.readers.odt.names import TEXT, XML_ID, to_int

Counts = list[int | None]


class OpenList:
    """One text:list that is being walked; `waits` while its current item has no paragraph yet."""

    __slots__ = ("counts", "level", "levels", "start", "waits")

    def __init__(self, levels: dict[int, Level], counts: Counts, level: int) -> None:
        self.levels = levels
        self.counts = counts
        self.level = level
        self.start: int | None = None
        self.waits = False


class Lists:
    """The lists of a document."""

    def __init__(self, styles: dict[str, dict[int, Level]]) -> None:
        self._styles = styles
        self._open: list[OpenList] = []
        self._by_id: dict[str, Counts] = {}
        self._by_style: dict[str, Counts] = {}
        self._outline: Counts = new_counts()

    def open_list(self, element: _Element) -> None:
        """A text:list begins."""
        name = element.get(TEXT + "style-name")
        outer = self._open[-1] if self._open else None
        levels = self._styles.get(name or "", {}) if name or outer is None else outer.levels
        if outer is not None:
            self._open.append(OpenList(levels, outer.counts, min(outer.level + 1, LAST_LEVEL)))
            return
        counts = self._find_counts(element, name or "")
        self._by_style[name or ""] = counts
        self._by_id[element.get(XML_ID) or ""] = counts
        self._open.append(OpenList(levels, counts, 0))

    def _find_counts(self, element: _Element, name: str) -> Counts:
        continued = element.get(TEXT + "continue-list")
        if continued is not None and continued in self._by_id:
            return self._by_id[continued]
        if element.get(TEXT + "continue-numbering") == "true":
            return self._by_style.get(name) or new_counts()
        return new_counts()

    def close_list(self) -> None:
        """It ends."""
        if self._open:
            self._open.pop()

    def open_item(self, element: _Element) -> None:
        """A text:list-item begins; the number comes with its first paragraph."""
        if self._open:
            start = element.get(TEXT + "start-value")
            self._open[-1].start = None if start is None else to_int(start, 1, LIMIT_START)
            self._open[-1].waits = True

    def next_number(self, paragraph: _Element) -> str:
        """The number of a paragraph that begins now, "" where it has none."""
        if self._open:
            current = self._open[-1]
            if not current.waits:
                return ""
            current.waits = False
            return count(current.levels, current.counts, current.level, current.start)
        if paragraph.tag != TEXT + "h" or paragraph.get(TEXT + "is-list-header") == "true":
            return ""
        level = to_int(paragraph.get(TEXT + "outline-level"), 1, LAST_LEVEL + 1) - 1
        levels = self._styles.get("", {})
        return count(levels, self._outline, level, None) if level in levels else ""


def new_counts() -> Counts:
    """Nothing counted yet."""
    return [None] * (LAST_LEVEL + 1)


def count(levels: dict[int, Level], counts: Counts, level: int, start: int | None) -> str:
    """Count one paragraph of a level on, the levels below begin anew."""
    before = counts[level]
    first = levels[level].start if level in levels else 1
    counts[level] = start if start is not None else first if before is None else before + 1
    counts[level + 1 :] = [None] * (LAST_LEVEL - level)
    return print_number(levels, counts, level)
