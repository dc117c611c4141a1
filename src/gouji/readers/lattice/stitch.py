"""Tables over page breaks: two pieces that are one table.

    page 1  │ 3 │ 产出 │ 完成率 │ 达到95%得8分；90% │       a row that the break cut in two: its halves are one row,
            ╞═══╪══════╪════════╪══════════════════╡       their lines one text
    page 2  │   │      │        │ 得6分             │
            │ 4 │      │ 及时率 │ 按期完成          │       a merge that the break cut in two: one cell

The second piece begins its page as the first ends its own, and is as wide. Rows that repeat the table's head are
dropped. Whether a row was cut is weighed: blanks where the column never has any, and text that ran out of room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.readers.lattice.draft import Draft, Slot
from gouji.readers.lattice.lines import OPENING
from gouji.readers.lattice.rules import DOUBLE, find_nearest, snap_positions
from gouji.readers.lattice.wrapping import ENUMERATOR, is_broken_number, is_full

ROOM = 22.0  # points below a row that was cut: less than a line and its margins
COPY = 0.6  # share of equal cells that makes a second filled form of what looks like a continuation
LINE = 1.2  # of the size: room for another line
CUT = 2  # points for a cut row
MERGING = 0.5  # share of merged cells in a column whose two rows may have been one cell
NUMBER = re.compile(r"[-+−]?[0-9０-９][0-9０-９,，.．]*[%％]?")
Pair = tuple[Slot, Slot]


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
    pairs = pair_slots(table, piece)
    is_cut = room <= ROOM and is_cut_row(table, piece, pairs)
    is_whole = is_cut or is_cut_head(table, piece, pairs)
    joined = pairs if is_whole else [pair for pair in pairs if crosses(table, piece, pair)]
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


def pair_slots(table: Draft, piece: Draft) -> list[Pair]:
    """Cells at the table's end and the piece's beginning that stand in the same columns."""
    last = {(slot.col, slot.col_span): slot for slot in table.last if slot.row + slot.row_span == table.rows}
    first = [slot for slot in piece.slots if slot.row == 0]
    return [(last[place], slot) for slot in first if (place := (slot.col, slot.col_span)) in last]


def is_cut_row(table: Draft, piece: Draft, pairs: list[Pair]) -> bool:
    """Whether the break went through a row: the columns are the same, and more speaks for it than against."""
    ends = sum(slot.row + slot.row_span == table.rows for slot in table.last)
    starts = sum(slot.row == 0 for slot in piece.slots)
    if not len(pairs) == ends == starts:
        return False
    return sum(weigh_pair(table, piece, pair) for pair in pairs) >= CUT


def is_cut_head(table: Draft, piece: Draft, pairs: list[Pair]) -> bool:
    """Whether the break went between the two rows of a head: labels under a wider label, nothing under the first one.

    page 1  │ 机构名称 │ 固定资产 │      其中：      │ 其他 │
    page 2  │          │ 合计     │ 在用   │ 出租    │      │
    """
    paired = {id(slot) for pair in pairs for slot in pair}
    wide = [slot for slot in table.last if slot.row + slot.row_span == table.rows and id(slot) not in paired]
    first = [slot for slot in piece.slots if slot.row == 0]
    under = [slot for slot in first if id(slot) not in paired]
    if not pairs or not wide or any(not slot.lines or has_digit(slot.text) for slot in (*wide, *under)):
        return False
    covered = all(any(covers(label, slot) for label in wide) for slot in under) and len(under) > len(wide)
    above, below = pairs[0]
    starts_blank = below is first[0] and bool(above.lines) and not below.lines
    return covered and starts_blank and not any(has_digit(slot.text) for pair in pairs for slot in pair)


def covers(label: Slot, slot: Slot) -> bool:
    """Whether a cell stands within the columns of a label."""
    return label.col <= slot.col and slot.col + slot.col_span <= label.col + label.col_span


def has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def weigh_pair(table: Draft, piece: Draft, pair: Pair) -> int:
    """What one column says about a cut row."""
    above, below = pair
    is_tall = max(above.row_span, below.row_span) > 1
    if above.lines and below.lines:
        if flows(above, below) or ends_alike(table, piece, pair):
            return 2
        return 0 if is_tall or ENUMERATOR.match(below.lines[0].text) or may_flow(above, below) else -3
    if is_tall or not (above.lines or below.lines):
        return 0
    if len(others := list(iter_column(table, piece, pair))) > 1 and all(slot.lines for slot in others):
        return 2
    return -1 if below.lines else 0


def flows(above: Slot, below: Slot) -> bool:
    """Whether text ran out of room at the foot of one cell and goes on in the other."""
    last = above.lines[-1]
    room = above.spots[-1].area.y1 - last.y1
    return room < LINE * last.size and may_flow(above, below)


def may_flow(above: Slot, below: Slot) -> bool:
    """Whether the text above fills its last line, and the text below does not begin an item of a list, nor both are numbers."""
    last, first = above.lines[-1], below.lines[0]
    if NUMBER.fullmatch(above.text) and NUMBER.fullmatch(below.text) and not is_broken_number(last, first):
        return False
    return is_full(last, first) and not ENUMERATOR.match(first.text)


def ends_alike(table: Draft, piece: Draft, pair: Pair) -> bool:
    """Whether another cell of the column ends in the line that stands below the break: 部门意见： above, 年 月 日 below."""
    below = pair[1]
    if len(below.lines) > 1:
        return False
    others = [slot.lines for slot in iter_column(table, piece, pair) if len(slot.lines) > 1]
    return any(lines[-1].text == below.lines[0].text for lines in others)


def iter_column(table: Draft, piece: Draft, pair: Pair) -> Iterator[Slot]:
    """The other cells of the same column on both pages, below the head."""
    above, below = pair
    for slot in (*table.last, *piece.slots):
        if (
            (slot.col, slot.col_span) == (below.col, below.col_span)
            and slot.row
            and slot is not above
            and slot is not below
        ):
            yield slot


def crosses(table: Draft, piece: Draft, pair: Pair) -> bool:
    """Whether one merged cell was cut in two: the lower half is blank where no other cell of the column is, or text flows."""
    above, below = pair
    is_tall = max(above.row_span, below.row_span) > 1
    if below.lines:
        begins_note = below.text[0] in OPENING and bool(above.lines) and may_flow(above, below)  # 资产管理 | （10分）
        return is_tall and bool(above.lines) and (begins_note or flows(above, below))
    others = list(iter_column(table, piece, pair))
    if not all(slot.lines for slot in others):
        return False
    merged = sum(slot.row_span > 1 for slot in others)
    return is_tall or merged > MERGING * len(others)
