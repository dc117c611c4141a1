"""Rows of cells with spans → cells on a grid, each once.

    widths  2000   5 1000                     boundaries 0 │ 1 │ 2 │ 3
    row 1  [ 年度 ────][ 数 ]    spans 2 1      column 1 is a sliver: two boundaries that are one line on the page,
    row 2  [ 2021 ][ ──── 5 ]    spans 1 2      so it collapses and both rows have two cells

A vertical merge goes on where the cell above *at the same grid column with the same span* is merged; any other
continuation starts a cell of its own, so that nothing is lost and nothing overlaps.
"""

from __future__ import annotations

from itertools import accumulate
from operator import attrgetter

import msgspec

from gouji.model.document import Cell, Paragraph, Table

SLIVER = 57  # twips, 1 mm: narrower than the margins of any cell that could show a character
LIMIT_SPAN = 1024
START, GO_ON = "restart", "continue"
Blocks = tuple[Paragraph | Table, ...]


class RawCell:
    """A cell as its row writes it: start column, span, part in vertical and horizontal merges, contents."""

    __slots__ = ("address", "blocks", "col", "height", "joins_left", "merge", "row", "span")

    def __init__(self, col: int, span: int, merge: str | None, blocks: Blocks, address: int) -> None:
        self.row = 0
        self.height = 1
        self.joins_left = False
        self.col = col
        self.span = span
        self.merge = merge
        self.blocks = blocks
        self.address = address


_joins_left = attrgetter("joins_left")
RawRow = list[RawCell]


class Grid(msgspec.Struct, frozen=True):
    """Rows and columns of a table, its cells, and the addresses of those that cover a cell with text of its own."""

    rows: int
    cols: int
    cells: tuple[Cell, ...]
    hidden: tuple[int, ...] = ()


def place_rows(rows: list[RawRow], widths: list[int], *, trusted: bool = False) -> Grid:
    """Put the cells on the exact grid; `trusted` widths come from the cells themselves."""
    hidden = [address for row in rows for address in join_left(row)]
    if widths and min(widths) < SLIVER:
        snap_slivers(rows, widths, trusted=trusted)
    placed: list[RawCell] = []
    above: dict[int, RawCell] = {}
    cols = 0
    for index, row in enumerate(rows):
        merged: dict[int, RawCell] = {}
        for raw in row:
            if raw.merge is not None:
                top = above.get(raw.col) if raw.merge == GO_ON else None
                if top is not None and top.span == raw.span:
                    top.height += 1
                    merged[raw.col] = top
                    if raw.blocks:
                        hidden.append(top.address)
                    continue
                merged[raw.col] = raw
            raw.row = index
            placed.append(raw)
        above = merged
        if row:
            cols = max(cols, row[-1].col + row[-1].span)
    cells = tuple([Cell(raw.row, raw.col, raw.height, raw.span, raw.blocks, raw.address) for raw in placed])
    return Grid(len(rows), cols, cells, tuple(hidden))


def join_left(row: RawRow) -> list[int]:
    """Widen cells over the right neighbours that w:hMerge gave them; their addresses where these had text."""
    if not any(map(_joins_left, row)):
        return []
    kept: RawRow = []
    hidden: list[int] = []
    for raw in row:
        if raw.joins_left and kept:
            kept[-1].span += raw.span
            hidden += [kept[-1].address] if raw.blocks else []
        else:
            kept.append(raw)
    row[:] = kept
    return hidden


def snap_slivers(rows: list[RawRow], widths: list[int], *, trusted: bool) -> None:
    """Collapse the sliver columns in place, but none that is all a cell with contents has."""
    slivers = {index for index, width in enumerate(widths) if 0 < width < SLIVER}
    for row in rows:
        for raw in row:
            if raw.blocks and raw.span <= len(slivers):
                covered = range(raw.col, raw.col + raw.span)
                if all(index in slivers for index in covered):
                    slivers.difference_update(covered)
    if slivers and (trusted or len(slivers) <= len(widths) / 2):  # more would mean that the widths are wrong
        _collapse(rows, slivers, len(widths))


def _collapse(rows: list[RawRow], slivers: set[int], count: int) -> None:
    kept = [0, *accumulate(int(index not in slivers) for index in range(count))]
    gone = len(slivers)

    def move(boundary: int) -> int:
        return kept[boundary] if boundary <= count else boundary - gone

    for row in rows:
        for raw in row:
            start = move(raw.col)
            raw.span = move(raw.col + raw.span) - start
            raw.col = start
        row[:] = [raw for raw in row if raw.span]
