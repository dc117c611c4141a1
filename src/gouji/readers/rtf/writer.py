r"""One story of an RTF file: paragraphs go to the table level they name, rows close with their cells' right edges.

    \pard text \par                          level 0: the story
    \pard\intbl text \cell … \row            level 1: \cellx 2000, \cellx 5000 → edges
    \pard\intbl\itap2 text \nestcell …       level 2: a table in the cell that is open on level 1

All edges of a table together are its grid; a cell spans the columns between its own two.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from gouji.model.errors import ReadError
from gouji.readers.flow import LIMIT_CELLS, LIMIT_DEPTH, LIMIT_PARAGRAPHS, TOO_DEEP, TOO_LARGE, Counters
from gouji.readers.grid import GO_ON, START, Blocks, RawCell, RawRow, place_rows
from gouji.readers.notices import Notes, Spot
from gouji.readers.story import CellBuilder, StoryBuilder

SNAP = 15  # twips: edges this close are one line
USUAL_WIDTH = 1440
LIMIT_EDGE = 1_000_000


class Slot(msgspec.Struct):
    r"""What \cellx and the words before it say of a cell."""

    edge: int
    merge: str | None = None
    joins_left: bool = False


class RowShape(msgspec.Struct):
    r"""A row's definition since \trowd."""

    left: int = 0
    slots: list[Slot] = []
    merge: str | None = None
    joins_left: bool = False

    def add_slot(self, edge: int) -> None:
        r"""A \cellx."""
        if len(self.slots) < LIMIT_CELLS:
            self.slots.append(Slot(min(max(edge, -LIMIT_EDGE), LIMIT_EDGE), self.merge, self.joins_left))
        self.merge, self.joins_left = None, False


class Row(msgspec.Struct):
    """A complete row: its left edge, and each cell with its slot."""

    left: int
    cells: list[tuple[Slot, Blocks, int]]


class TableLevel:
    """A table that is open, its row and its cell under way."""

    __slots__ = ("cell", "cells", "rows", "shape")

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.cells: list[tuple[Blocks, int]] = []
        self.cell = CellBuilder()
        self.shape = RowShape()


class Writer:
    """Takes one story's text."""

    def __init__(self, story: StoryBuilder, notes: Notes, counters: Counters) -> None:
        self._story = story
        self._notes = notes
        self._counters = counters
        self._levels: list[TableLevel] = []
        self._shapes: dict[int, RowShape] = {}
        self._text: list[str] = []
        self._number: list[str] = []

    def add_text(self, text: str) -> None:
        """Text of the current paragraph."""
        self._text.append(text)

    def add_number(self, text: str) -> None:
        """Its list number."""
        self._number.append(text)

    def note(self, code: str) -> None:
        """Note something at the place being read."""
        cell = self._counters.cells if self._levels else None
        self._notes.add(code, Spot(self._story.story, cell, self._counters.paragraphs))

    def shape(self, level: int) -> RowShape:
        r"""The definition of the rows of a level, as the last \trowd began it."""
        return self._shapes.setdefault(level, RowShape())

    def begin_shape(self, level: int) -> None:
        r"""A \trowd."""
        self._shapes[level] = RowShape(slots=[])

    def end_paragraph(self, level: int) -> None:
        r"""A \par on a table level, 0 outside tables."""
        self._go_to(level)
        address = self._counters.paragraphs
        self._counters.paragraphs += 1
        if address > LIMIT_PARAGRAPHS:
            raise ReadError("too_large", TOO_LARGE)
        out = self._levels[-1].cell if self._levels else self._story
        out.add_paragraph(join_text(self._text), join_text(self._number).strip(), address)
        self._text, self._number = [], []

    def end_cell(self, level: int) -> None:
        r"""A \cell or \nestcell."""
        self.end_paragraph(level)
        table = self._levels[-1]
        table.cells.append((tuple(table.cell.blocks), self._counters.cells))
        table.cell = CellBuilder()
        self._counters.cells += 1
        if self._counters.cells > LIMIT_CELLS:
            raise ReadError("too_large", TOO_LARGE)

    def end_row(self, level: int) -> None:
        r"""A \row or \nestrow."""
        if len(self._levels) < level:
            return
        self._go_to(level)
        self._close_row(self._levels[-1], self.shape(level))

    def _close_row(self, table: TableLevel, shape: RowShape) -> None:
        slots = list(shape.slots)
        while len(slots) < len(table.cells):
            slots.append(Slot((slots[-1].edge if slots else shape.left) + USUAL_WIDTH))
        cells = [(slot, *cell) for slot, cell in zip(slots, table.cells, strict=False)]
        if cells:
            table.rows.append(Row(shape.left, cells))
        table.cells = []

    def _go_to(self, level: int) -> None:
        if level > LIMIT_DEPTH:
            raise ReadError("too_large", TOO_DEEP)
        while len(self._levels) > level:
            self._close_table()
        while len(self._levels) < level:
            self._levels.append(TableLevel())

    def _close_table(self) -> None:
        table = self._levels[-1]
        if table.cell.blocks:  # a cell that was never closed
            table.cells.append((tuple(table.cell.blocks), self._counters.cells))
            self._counters.cells += 1
        if table.cells:
            self._close_row(table, self.shape(len(self._levels)))
        self._levels.pop()
        rows, widths = rows_to_grid(table.rows)
        grid = place_rows(rows, widths)
        for address in grid.hidden:
            self._notes.add("R4", Spot(self._story.story, address, 0))
        if grid.cells:
            out = self._levels[-1].cell if self._levels else self._story
            out.add_table(grid, self._counters.tables)
            self._counters.tables += 1

    def flush(self) -> None:
        """End a paragraph that has begun, and whatever is open."""
        if any(piece.strip() for piece in (*self._text, *self._number)):
            self.end_paragraph(len(self._levels))
        self._text, self._number = [], []
        self._go_to(0)


def rows_to_grid(rows: list[Row]) -> tuple[list[RawRow], list[int]]:
    """Cells between edges → cells on columns, and the columns' widths."""
    columns, edges = snap_edges(sorted({edge for row in rows for edge in list_edges(row)}))
    placed: list[RawRow] = []
    for row in rows:
        bounds = list_edges(row)
        raws: RawRow = []
        for (slot, blocks, address), left, right in zip(row.cells, bounds, bounds[1:], strict=False):
            raw = RawCell(columns[left], columns[right] - columns[left], slot.merge, blocks, address)
            raw.joins_left = slot.joins_left
            if raw.span or blocks:
                raws.append(raw)
        placed.append(widen_empty(raws))
    return placed, [right - left for left, right in pairwise(edges)]


def list_edges(row: Row) -> list[int]:
    """The row's boundaries from left to right; one that would go back stays where it is."""
    bounds = [row.left]
    for slot, _, _ in row.cells:
        bounds.append(max(slot.edge, bounds[-1]))
    return bounds


def snap_edges(edges: list[int]) -> tuple[dict[int, int], list[int]]:
    """Column number of every edge, and the edge of every column boundary."""
    columns: dict[int, int] = {}
    kept: list[int] = []
    for edge in edges:
        if not kept or edge - kept[-1] > SNAP:
            kept.append(edge)
        columns[edge] = len(kept) - 1
    return columns, kept


def widen_empty(raws: RawRow) -> RawRow:
    """A cell without width but with contents still needs a column: those to its right move."""
    shift = 0
    for raw in raws:
        raw.col += shift
        if raw.span == 0:
            raw.span = 1
            shift += 1
    return raws


def join_text(pieces: list[str]) -> str:
    """The text; halves of characters beyond the basic plane become one."""
    text = "".join(pieces)
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.strip("\f").replace("\f", "\n")


__all__ = ["GO_ON", "START", "RowShape", "Writer"]
