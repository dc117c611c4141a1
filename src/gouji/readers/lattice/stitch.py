"""Tables over page breaks: two pieces that are one table.

    page 1  │ 3 │ 产出 │ 完成率 │ 达到95%得8分；90% │       a row that the break cut in two: its halves are one row,
            ╞═══╪══════╪════════╪══════════════════╡       their lines one text
    page 2  │   │      │        │ 得6分             │
            │ 4 │      │ 及时率 │ 按期完成          │       a merge that the break cut in two: one cell

The second piece begins its page as the first ends its own, and is as wide. Rows that repeat the table's head are
dropped. What was cut, rows or merged cells, the seam tells (`seam`).
"""

from __future__ import annotations

from collections.abc import Iterator

from gouji.readers.lattice.draft import Draft, Slot
from gouji.readers.lattice.rules import DOUBLE, find_nearest, snap_positions
from gouji.readers.lattice.seam import Seam

ROOM = 22.0  # points below a row that was cut: less than a line and its margins
COPY = 0.6  # share of equal cells that makes a second filled form of what looks like a continuation


def continues(table: Draft, piece: Draft, room: float) -> bool:
    """Whether a table that begins a page is the rest of one that ended the page before with `room` points left."""
    above, below = table.spots[-1].area, piece.area
    moved = abs(above.x0 - below.x0)
    if abs((above.x1 - above.x0) - (below.x1 - below.x0)) > DOUBLE:
        return False
    if moved > DOUBLE and len(table.xs) != len(piece.xs):  # odd and even pages may have other margins
        return False
    heights = sorted(slot.spots[0].area.y1 - slot.spots[0].area.y0 for slot in piece.slots if slot.row == 0)
    return room <= heights[0] + ROOM and not is_copy(table, piece)


def is_copy(table: Draft, piece: Draft) -> bool:
    """Whether both are copies of one form, filled in twice."""
    if table.rows != piece.rows or table.rows <= 1:
        return False
    printed = {(slot.row, slot.col, slot.text) for slot in table.slots if slot.lines}
    others = {(slot.row, slot.col, slot.text) for slot in piece.slots if slot.lines}
    return len(printed & others) > COPY * max(len(printed), len(others))


def join_pieces(table: Draft, piece: Draft, room: float) -> None:
    """Let the table go on with the piece."""
    shift = table.spots[-1].area.x0 - piece.area.x0
    align_columns(table, piece, shift)
    drop_head(piece, count_repeated(table, piece))
    seam = Seam(table, piece)
    is_cut = room <= ROOM and seam.is_cut_row()
    joined = seam.pairs if is_cut or seam.is_cut_head() else seam.list_crossing()
    offset = table.rows - is_cut
    gone = {id(below) for _, below in joined}
    for above, below in joined:
        above.row_span = offset + below.row + below.row_span - above.row
        above.lines = above.lines + below.lines
        above.spots = above.spots + below.spots
        above.nested = above.nested + below.nested
    for slot in piece.slots:
        slot.row += offset
    fresh = [slot for slot in piece.slots if id(slot) not in gone]
    table.slots += fresh
    table.last = [*(above for above, _ in joined), *fresh]
    table.rows = offset + piece.rows
    table.spots += piece.spots


def align_columns(table: Draft, piece: Draft, shift: float) -> None:
    """Put both on the union of their upright edges."""
    others = [edge + shift for edge in piece.xs]
    edges = snap_positions([*table.xs, *others])
    if len(edges) != len(table.xs):
        move_columns(table.slots, [find_nearest(edges, edge) for edge in table.xs])
    move_columns(piece.slots, [find_nearest(edges, edge) for edge in others])
    table.xs = edges


def move_columns(slots: list[Slot], places: list[int]) -> None:
    """Renumber the columns of the cells."""
    for slot in slots:
        right = places[slot.col + slot.col_span]
        slot.col = places[slot.col]
        slot.col_span = max(1, right - slot.col)


def count_repeated(table: Draft, piece: Draft) -> int:
    """How many rows of the piece repeat the first rows of the table; some row is always left."""
    repeated = 0
    for row in range(min(table.rows, piece.rows - 1)):
        ours, theirs = list(iter_row(table.first, row)), list(iter_row(piece.slots, row))
        if ours != theirs or not any(text for *_, text in ours):
            break
        if max(row_end for _, _, row_end, _ in theirs) == row + 1:
            repeated = row + 1
    return repeated


def iter_row(slots: list[Slot], row: int) -> Iterator[tuple[int, int, int, str]]:
    """Column, width, end and text of the cells that begin in a row."""
    return ((slot.col, slot.col_span, slot.row + slot.row_span, slot.text) for slot in slots if slot.row == row)


def drop_head(piece: Draft, count: int) -> None:
    """Without its first rows."""
    if not count:
        return
    piece.slots = [slot for slot in piece.slots if slot.row >= count]
    piece.rows -= count
    for slot in piece.slots:
        slot.row -= count
