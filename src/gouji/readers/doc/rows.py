"""Rows of a table → raw cells on the columns that the edges of all rows make.

    sprmTDefTable   edges -108 2000 4200, per cell: merge flags     then changed by TInsert, TDelete, TDxaCol, TMerge …

    row 1  ├── 年度 ──┼─ 数 ─┤        edges   0      2000 2005  4200
    row 2  ├─ 2021 ─┼─── 5 ──┤       columns   0    │ 1 │  2        column 1 is a sliver and collapses (grid.py)

A row that starts further right than others leaves its first columns empty, as w:gridBefore does.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from itertools import pairwise

import msgspec

from gouji.model.errors import ReadError
from gouji.readers.doc import sprm
from gouji.readers.doc.container import TOO_LARGE
from gouji.readers.grid import GO_ON, START, Blocks, Grid, RawCell, RawRow, place_rows

LIMIT_ROW_CELLS = 64
CELL_SIZE = 20
HORIZONTAL, VERTICAL_SHIFT, TWO_BITS = 3, 5, 3
MERGED_ABOVE = 1
LIMIT_WORK = 40_000_000  # cells times columns: what no real table comes near


class RowShape(msgspec.Struct, frozen=True):
    """Left edge, widths and merge flags of a row's cells, in twips."""

    left: int
    widths: tuple[int, ...]
    horizontal: tuple[int, ...]
    vertical: tuple[int, ...]

    @property
    def edges(self) -> list[int]:
        """The boundaries, one more than cells."""
        edges = [self.left]
        for width in self.widths:
            edges.append(edges[-1] + max(0, width))
        return edges


class RowCell(msgspec.Struct, frozen=True):
    """A cell as the text has it: its contents and its ordinal."""

    blocks: Blocks
    address: int


class Row(msgspec.Struct, frozen=True):
    """The cells of a row and their shape, None where the file has lost it."""

    shape: RowShape | None
    cells: list[RowCell]


# -- the shape of a row ---------------------------------------------------------------------------------------------


def modify_shape(shape: RowShape | None, code: int, operand: bytes) -> RowShape | None:
    """The shape after one more modifier."""
    if code == sprm.DEFINE:
        return define_shape(operand) or shape
    if shape is None:
        return None
    if code in (sprm.INSERT, sprm.WIDTH) and len(operand) == 4:  # noqa: PLR2004 - as its struct is read
        first, second, width = struct.unpack("<BBh", operand)
        change = insert_cells if code == sprm.INSERT else set_widths
        return change(shape, first, second, width)
    if code in (sprm.DELETE, sprm.MERGE, sprm.SPLIT, sprm.VERTICAL) and len(operand) == 2:  # noqa: PLR2004 - likewise
        return change_cells(shape, code, operand[0], operand[1])
    return shape


@lru_cache(maxsize=1024)  # the rows of a table repeat their shape
def define_shape(operand: bytes) -> RowShape | None:
    """sprmTDefTable: count, edges, then 20 bytes a cell of which trailing ones may lack."""
    count = operand[0] if operand else 0
    if not 0 < count <= LIMIT_ROW_CELLS or len(operand) < 1 + 2 * (count + 1):
        return None
    edges = struct.unpack_from(f"<{count + 1}h", operand, 1)
    start = 1 + 2 * (count + 1)
    flags = [
        int.from_bytes(operand[at : at + 2], "little") for at in range(start, start + CELL_SIZE * count, CELL_SIZE)
    ]
    return RowShape(
        edges[0],
        tuple(right - left for left, right in pairwise(edges)),
        tuple(flag & HORIZONTAL for flag in flags),
        tuple(flag >> VERTICAL_SHIFT & TWO_BITS for flag in flags),
    )


def insert_cells(shape: RowShape, first: int, count: int, width: int) -> RowShape:
    """sprmTInsert: `count` cells before cell `first`; a row that is too short is filled up to there."""
    missing = max(0, first - len(shape.widths))
    if len(shape.widths) + missing + count > LIMIT_ROW_CELLS:
        return shape
    added, nothing = (width,) * (missing + count), (0,) * (missing + count)
    at = min(first, len(shape.widths))
    return RowShape(
        shape.left,
        shape.widths[:at] + added + shape.widths[at:],
        shape.horizontal[:at] + nothing + shape.horizontal[at:],
        shape.vertical[:at] + nothing + shape.vertical[at:],
    )


def set_widths(shape: RowShape, first: int, limit: int, width: int) -> RowShape:
    """sprmTDxaCol: one width for the cells from `first` to `limit`, which is excluded."""
    widths = tuple(width if first <= index < limit else old for index, old in enumerate(shape.widths))
    return msgspec.structs.replace(shape, widths=widths)


def change_cells(shape: RowShape, code: int, first: int, second: int) -> RowShape:
    """sprmTDelete, sprmTMerge, sprmTSplit (cells `first` to `second`, excluded) and sprmTVertMerge (cell, flag)."""
    if code == sprm.VERTICAL:
        vertical = tuple(second & TWO_BITS if index == first else old for index, old in enumerate(shape.vertical))
        return msgspec.structs.replace(shape, vertical=vertical)
    if code == sprm.DELETE:
        limit = max(first, second)
        return RowShape(
            shape.left,
            shape.widths[:first] + shape.widths[limit:],
            shape.horizontal[:first] + shape.horizontal[limit:],
            shape.vertical[:first] + shape.vertical[limit:],
        )
    head, rest = (1, 2) if code == sprm.MERGE else (0, 0)
    horizontal = tuple(
        (head if index == first else rest) if first <= index < second else old
        for index, old in enumerate(shape.horizontal)
    )
    return msgspec.structs.replace(shape, horizontal=horizontal)


# -- rows on one grid -----------------------------------------------------------------------------------------------


def place_table(rows: list[Row]) -> Grid:
    """The cells of all rows on the grid of their edges. Raises ReadError "too_large"."""
    edges = sorted({edge for row in rows if row.shape is not None for edge in row.shape.edges})
    if len(edges) * sum(len(row.cells) for row in rows) > LIMIT_WORK:
        raise ReadError("too_large", TOO_LARGE)
    columns = {edge: index for index, edge in enumerate(edges)}
    widths = [right - left for left, right in pairwise(edges)]
    return place_rows([place_row(row, columns) for row in rows], widths, trusted=True)


def place_row(row: Row, columns: dict[int, int]) -> RawRow:
    """The raw cells of one row; cells beyond its shape follow at its end, one column each."""
    shape = row.shape
    if shape is None:
        return [RawCell(index, 1, None, cell.blocks, cell.address) for index, cell in enumerate(row.cells)]
    bounds = [columns[edge] for edge in shape.edges]
    raws: RawRow = []
    blocks: Blocks = ()
    joined = join_flags(shape.horizontal)
    for index, cell in enumerate(row.cells):
        known = index < len(shape.widths)
        start, end = (bounds[index], bounds[index + 1]) if known else (bounds[-1] + index - len(shape.widths),) * 2
        if not known:
            end += 1
        blocks += cell.blocks
        if start == end:  # no width: what is in it goes to its neighbour
            continue
        raw = RawCell(start, end - start, read_merge(shape.vertical[index]) if known else None, blocks, cell.address)
        raw.joins_left = known and joined[index]
        raws.append(raw)
        blocks = ()
    if blocks and raws:
        raws[-1].blocks += blocks
    elif blocks:
        raws.append(RawCell(bounds[0], 1, None, blocks, row.cells[0].address))
    return raws


def join_flags(horizontal: tuple[int, ...]) -> list[bool]:
    """Which cells are merged into their left neighbour.

    Writers disagree which of the flags 1 and 2 marks the first cell of a merge, so the first one met decides.
    """
    joined: list[bool] = []
    first = 0
    for flag in horizontal:
        joined.append(bool(first) and flag not in (0, first, HORIZONTAL))
        if not joined[-1]:
            first = flag
    return joined


def read_merge(vertical: int) -> str | None:
    """Part of a cell in a vertical merge."""
    if not vertical:
        return None
    return GO_ON if vertical == MERGED_ABOVE else START
