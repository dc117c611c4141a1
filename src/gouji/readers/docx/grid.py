"""Rows of cells with spans → cells on a grid, each once.

    widths  2000   5 1000                     boundaries 0 │ 1 │ 2 │ 3
    row 1  [ 年度 ────][ 数 ]    spans 2 1      column 1 is a sliver: two boundaries that are one line on the page,
    row 2  [ 2021 ][ ──── 5 ]    spans 1 2      so it collapses and both rows have two cells

A vertical merge goes on where the cell above *at the same grid column with the same span* is merged; any other
continuation starts a cell of its own, so that nothing is lost and nothing overlaps.
"""

from __future__ import annotations

from itertools import accumulate

import msgspec

from gouji.model.document import Cell, Paragraph, Table

SLIVER = 57  # twips, 1 mm: narrower than the margins of any cell that could show a character
LIMIT_SPAN = 1024
START, GO_ON = "restart", "continue"
Blocks = tuple[Paragraph | Table, ...]


class RawCell:
    """A cell as its row writes it: start column, span, part in a vertical merge, contents."""

    __slots__ = ("address", "blocks", "col", "merge", "span")

    def __init__(self, col: int, span: int, merge: str | None, blocks: Blocks, address: int) -> None:
        self.col = col
        self.span = span
        self.merge = merge
        self.blocks = blocks
        self.address = address


RawRow = list[RawCell]


class Grid(msgspec.Struct, frozen=True):
    """Rows and columns of a table, its cells, and the addresses of those that cover a cell with text of its own."""

    rows: int
    cols: int
    cells: tuple[Cell, ...]
    hidden: tuple[int, ...] = ()


def place_rows(rows: list[RawRow], widths: list[int]) -> Grid:
    """Put the cells on the exact grid."""
    if widths and min(widths) < SLIVER:
        snap_slivers(rows, widths)
    placed: list[list[int]] = []  # row, col, row span, col span
    sources: list[RawCell] = []
    hidden: list[int] = []
    cols = 0
    above: dict[int, tuple[list[int], int, int]] = {}
    for index, row in enumerate(rows):
        merged: dict[int, tuple[list[int], int, int]] = {}
        for raw in row:
            col, span, merge = raw.col, raw.span, raw.merge
            if merge is not None:
                top = above.get(col) if merge == GO_ON else None
                if top is not None and top[1] == span:
                    top[0][2] += 1
                    merged[col] = top
                    if raw.blocks:
                        hidden.append(top[2])
                    continue
                place = [index, col, 1, span]
                merged[col] = (place, span, raw.address)
            else:
                place = [index, col, 1, span]
            placed.append(place)
            sources.append(raw)
        above = merged
        if row and row[-1].col + row[-1].span > cols:
            cols = row[-1].col + row[-1].span
    cells = tuple(
        Cell(row, col, height, width, raw.blocks, raw.address)
        for (row, col, height, width), raw in zip(placed, sources, strict=True)
    )
    return Grid(len(rows), cols, cells, tuple(hidden))


def snap_slivers(rows: list[RawRow], widths: list[int]) -> None:
    """Collapse the sliver columns in place, but none that is all a cell with contents has."""
    slivers = {index for index, width in enumerate(widths) if 0 < width < SLIVER}
    for row in rows:
        for raw in row:
            if raw.blocks and raw.span <= len(slivers):
                covered = range(raw.col, raw.col + raw.span)
                if all(index in slivers for index in covered):
                    slivers.difference_update(covered)
    if 0 < len(slivers) <= len(widths) / 2:  # more would mean that the widths are wrong
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
