"""A sheet → lines of text and tables, as a person sees them.

        A                    B          C
     1  某局收支情况表（one cell over A1:C1)    ─→ Line
     2  填报单位：某局                单位：万元  ─→ Line, Line
     3 │机构名称           │ 合计     │ 备注  │ ┐
     4 │局机关             │ 12.50    │       │ ├→ Area(2, 4)       rules, or three cells of text and more
     5 │                   │          │       │ ┘  (row 5: ruled, but nothing below it)
     6
     7  二、人员情况                             ─→ Line             an empty row without rules ends a table
     8 │在职 …

A row is a line where it has no vertical rules, is tied to no other row by a merge, and holds words alone: one cell, or a
few labels with colons. What is empty around tables is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from gouji.readers.sheets.sheet import Position, Range, Sheet, check_count

MAX_BLANK_ROWS = 200  # ruled, but so many without a word are no part of a form
MAX_MERGED = 1_000_000  # positions under merges
LONG_TEXT = 20
PAIR = 2
HEADING = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|附[件表]|表\s?[0-9一二三四五六七八九十]|注[:：]|备注[:：])"
)
NUMBER = re.compile(r"\s*[-+(¥￥]*\s*\d[\d,.]*\s*[%)]?\s*")
COLON = re.compile(r"[:：]")


class Line(NamedTuple):
    """A cell of text outside tables."""

    row: int
    col: int
    text: str


class Area(NamedTuple):
    """Rows of a table, the last included."""

    top: int
    bottom: int


class Rows:
    """A sheet by rows: the cells of text that begin in each, its merges by their first cell, rows tied by merges."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.merges = keep_merges(sheet)
        covered = {place for area in self.merges.values() for place in list_covered(area)}
        hidden = [place for place in sheet.texts if place in covered]
        sheet.concealed += hidden
        self.cells: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for row, col in sorted(sheet.texts.keys() - covered):
            self.cells[row].append((col, sheet.texts[row, col]))
        self.merged: dict[int, list[int]] = defaultdict(list)  # columns in which a merge begins, by row
        for row, col in self.merges:
            self.merged[row].append(col)
        self.tied = {row for top, _, bottom, _ in self.merges.values() for row in range(top + 1, bottom + 1)}

    def bottom_of(self, row: int) -> int:
        """The last row that a cell of text of this row reaches."""
        return max(self.merges[row, col][2] if (row, col) in self.merges else row for col, _ in self.cells[row])

    def is_ruled(self, row: int) -> bool:
        """Whether vertical lines run through a row."""
        return row in self.sheet.ruled

    def is_wordy(self, row: int) -> bool:
        """Whether a row may be text outside a table: words, without rules, tied to no other row."""
        if self.is_ruled(row) or row in self.tied or row + 1 in self.tied:
            return False
        texts = [text for _, text in self.cells.get(row, ())]
        return bool(texts) and not any(NUMBER.fullmatch(text) for text in texts)

    def is_lone(self, row: int) -> bool:
        """Whether a wordy row is one cell, or labels with their colons."""
        cells = self.cells.get(row, ())
        return self.is_wordy(row) and (len(cells) == 1 or all(COLON.search(text) for _, text in cells))

    def is_apart(self, row: int, left: int) -> bool:
        """Whether a lone row can be no label of a table that begins at column `left`."""
        if not self.is_lone(row):
            return False
        col, text = self.cells[row][0]
        return (row, col) in self.merges or col > left or len(text) > LONG_TEXT or COLON.search(text) is not None


def lay_out(rows: Rows) -> Iterator[Line | Area]:
    """The lines and tables of a sheet from top to bottom."""
    for top, bottom in list_segments(rows):
        lines = find_lines(rows, top, bottom)
        for is_line, group in groupby(range(top, bottom + 1), key=lines.__contains__):
            members = list(group)
            if is_line:
                yield from [Line(row, col, text) for row in members for col, text in rows.cells[row]]
            else:
                yield Area(members[0], members[-1])


def list_segments(rows: Rows) -> Iterator[tuple[int, int]]:
    """Runs of rows without an empty row between them that has no rules."""
    top = bottom = -1
    for row in sorted(rows.cells):
        if top >= 0 and not is_joined(rows, bottom, row):
            yield top, bottom
            top = row
        elif top < 0:
            top = row
        bottom = max(bottom, rows.bottom_of(row))
    if top >= 0:
        yield top, bottom


def is_joined(rows: Rows, above: int, below: int) -> bool:
    """Whether only ruled rows stand between two rows."""
    gap = range(above + 1, below)
    return len(gap) <= MAX_BLANK_ROWS and all(rows.is_ruled(row) for row in gap)


def find_lines(rows: Rows, top: int, bottom: int) -> set[int]:
    """Which rows of a segment are text outside tables."""
    members = range(top, bottom + 1)
    if all(rows.is_lone(row) for row in members):
        return set(members)
    ruled = [row for row in members if rows.is_ruled(row)]
    return find_unruled(rows, members, ruled) if ruled else find_titles(rows, members)


def find_unruled(rows: Rows, members: range, ruled: list[int]) -> set[int]:
    """Where there are rules: lone rows without any; above and below the ruled rows also pairs of words."""
    lines = {row for row in members if rows.is_lone(row)}
    for outside in (reversed(range(members.start, ruled[0])), range(ruled[-1] + 1, members.stop)):
        for row in outside:
            if rows.is_wordy(row) and len(rows.cells[row]) <= PAIR:
                lines.add(row)
    return lines


def find_titles(rows: Rows, members: range) -> set[int]:
    """Where there are no rules: lone rows at the top, notes at the bottom, headings (一、…) between."""
    lines = {row for row in members if rows.is_lone(row) and HEADING.match(rows.cells[row][0][1])}
    for row in members:
        if not rows.is_lone(row):
            break
        lines.add(row)
    left = min((col for row in members for col, _ in rows.cells.get(row, ()) if row not in lines), default=0)
    for row in reversed(members):
        if not rows.is_apart(row, left):
            break
        lines.add(row)
    return lines


def keep_merges(sheet: Sheet) -> dict[Position, Range]:
    """Merges by their first cell, clipped to what is filled; of two that overlap the first counts."""
    if not sheet.merges or not sheet.texts:
        return {}
    last_row, last_col = find_end(sheet)
    kept: dict[Position, Range] = {}
    taken: set[Position] = set()
    for area in sorted(sheet.merges):
        top, left, bottom, right = area[0], area[1], min(area[2], last_row), min(area[3], last_col)
        if bottom < top or right < left or (top, left) == (bottom, right):
            continue
        check_count(
            len(taken) + (bottom - top + 1) * (right - left + 1), MAX_MERGED, f"{MAX_MERGED // 10_000} 万个合并位置"
        )
        places = {(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)}
        if taken.isdisjoint(places):
            taken |= places
            kept[top, left] = (top, left, bottom, right)
    return kept


def find_end(sheet: Sheet) -> Position:
    """The last row and column that hold text or the merge of a text (of a sensible size)."""
    firsts = sheet.texts.keys()
    wide = [area for area in sheet.merges if area[:2] in firsts and is_sensible(area)]
    last_row = max([row for row, _ in firsts] + [area[2] for area in wide])
    return last_row, max([col for _, col in firsts] + [area[3] for area in wide])


def is_sensible(area: Range) -> bool:
    """Whether a merge is one of a form, not of whole rows and columns."""
    return area[2] - area[0] < 1000 and area[3] - area[1] < 256  # noqa: PLR2004 - far beyond any form


def list_covered(area: Range) -> Iterator[Position]:
    """The positions of a merge but the first."""
    top, left, bottom, right = area
    for row in range(top, bottom + 1):
        for col in range(left, right + 1):
            if (row, col) != (top, left):
                yield row, col
