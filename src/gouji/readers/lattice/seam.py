"""Where a page break went through a table: between two rows, through a row, or through merged cells.

    above   │ 3 │ 产出 │ 完成率 │ 达到95%得8分；90% │ 5 │      last row of one page
    ════════╪═══╪══════╪════════╪══════════════════╪═══╡
    below   │   │      │        │ 得6分             │   │      first row of the next

Cells in the same columns are pairs, and each says what it can. For a cut row: a blank where the column never has any,
text that ran out of room. Against it: two texts that are whole, a number below a label. Paper does not tell more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.readers.lattice.draft import Draft, Slot
from gouji.readers.lattice.lines import CLOSING, OPENING
from gouji.readers.lattice.wrapping import ENUMERATOR, is_broken_number, is_full

LINE = 1.2  # of the size: room for another line
CUT = 2  # points for a cut row
AGAINST = -3
MERGING = 0.5  # share of merged cells in a column whose two rows may have been one cell
NUMBER = re.compile(r"[-+−]?[0-9０-９][0-9０-９,，.．]*[%％]?")
SENTENCE = re.compile(r"[，。；：,;:]")
UNIT = 2  # characters
Pair = tuple[Slot, Slot]


class Seam:
    """A table and the piece it goes on with, on the same columns."""

    def __init__(self, table: Draft, piece: Draft) -> None:
        self._last = [slot for slot in table.last if slot.row + slot.row_span == table.rows]
        self._first = [slot for slot in piece.slots if slot.row == 0]
        self._around = [slot for slot in (*table.last, *piece.slots) if slot.row]
        places = {(slot.col, slot.col_span): slot for slot in self._last}
        self.pairs: list[Pair] = [
            (places[place], slot) for slot in self._first if (place := (slot.col, slot.col_span)) in places
        ]

    def is_cut_row(self) -> bool:
        """Whether the break went through a row: the columns are the same, and more speaks for it than against."""
        if not len(self.pairs) == len(self._last) == len(self._first):
            return False
        return sum(self._weigh(pair) for pair in self.pairs) >= CUT

    def _weigh(self, pair: Pair) -> int:
        above, below = pair
        if above.lines and below.lines:
            return self._weigh_texts(pair)
        if is_tall(pair) or not (above.lines or below.lines):
            return 0
        if len(list(self._iter_column(pair))) > 1 and self._never_blank(pair):
            return CUT
        return -1 if below.lines else 0

    def _weigh_texts(self, pair: Pair) -> int:
        above, below = pair
        is_lone = sum(bool(slot.lines) for slot in self._first) == 1  # 二级机构 | 4 and nothing beside it
        if is_mixed(pair) and not is_lone:
            return AGAINST
        if (flows(above, below) and not is_closed(above)) or self._ends_alike(pair):
            return CUT
        may_be = is_tall(pair) or bool(ENUMERATOR.match(below.lines[0].text)) or may_flow(above, below)
        return 0 if may_be else AGAINST

    def is_cut_head(self) -> bool:
        """Whether the break went between the two rows of a head: labels under a wider label, nothing under the first one.

        above   │ 机构名称 │ 固定资产 │      其中：      │ 其他 │
        below   │          │ 合计     │ 在用   │ 出租    │      │
        """
        paired = {id(slot) for pair in self.pairs for slot in pair}
        wide = [slot for slot in self._last if id(slot) not in paired]
        under = [slot for slot in self._first if id(slot) not in paired]
        if not self.pairs or not wide or len(under) <= len(wide):
            return False
        if any(not slot.lines for slot in (*wide, *under)) or any(has_digit(slot.text) for slot in self._first):
            return False
        above, below = self.pairs[0]
        starts_blank = below is self._first[0] and bool(above.lines) and not below.lines
        return starts_blank and all(any(covers(label, slot) for label in wide) for slot in under)

    def list_crossing(self) -> list[Pair]:
        """The pairs that were one merged cell."""
        if any(is_number(slot) for slot in self._first) and not any(is_number(slot) for slot in self._last):
            return []  # figures below labels: the break went between a head and its rows
        cut_sentence = any(breaks_off(above, below) for above, below in self.pairs)
        crossing: list[Pair] = []
        blank_so_far = True
        for pair in self.pairs:
            if pair[1].lines:
                joins = self._joins_texts(pair, cut_sentence=cut_sentence)
            else:
                joins = self._joins_blank(pair, likely=cut_sentence or blank_so_far)
            blank_so_far = blank_so_far and (joins or not pair[1].lines)
            crossing += [pair] if joins else []
        return crossing

    def _joins_texts(self, pair: Pair, *, cut_sentence: bool) -> bool:
        above, below = pair
        if not above.lines or is_mixed(pair):
            return False
        if breaks_off(above, below) or (
            is_tall(pair) and self._ends_alike(pair)
        ):  # 产出 | 目标, and 效益目标 further down
            return True
        begins_note = below.text[0] in OPENING or cut_sentence  # 资产管理 | （10分）
        fits = may_flow(above, below) if begins_note else flows(above, below)
        return is_tall(pair) and fits and not is_closed(above)

    def _joins_blank(self, pair: Pair, *, likely: bool) -> bool:
        """A blank below is the rest of a merged cell where the column has no other blank.

        Where neither half spans rows, the column must be one of merged cells, or of labels all blank from the left.
        """
        above = pair[0]
        if not above.lines or not self._never_blank(pair):
            return False
        others = list(self._iter_column(pair))
        merged = sum(slot.row_span > 1 for slot in others) > MERGING * len(others)
        is_label = likely and len(others) > 1 and not is_number(above)
        return is_tall(pair) or merged or is_label or (likely and self._shares_row(pair))

    def _shares_row(self, pair: Pair) -> bool:
        """Whether a sentence beside it was cut, so that both rows are merged here too."""
        return any(breaks_off(above, below) for above, below in self.pairs if above is not pair[0])

    def _never_blank(self, pair: Pair) -> bool:
        return all(slot.lines for slot in self._iter_column(pair))

    def _ends_alike(self, pair: Pair) -> bool:
        """Whether another cell of the column ends in the line that stands below: 部门意见： above, 年 月 日 below."""
        below = pair[1]
        if len(below.lines) > 1:
            return False
        others = [slot.lines for slot in self._iter_column(pair) if len(slot.lines) > 1]
        return any(lines[-1].text == below.lines[0].text for lines in others)

    def _iter_column(self, pair: Pair) -> Iterator[Slot]:
        """The other cells of the same column on both pages, below the head."""
        above, below = pair
        for slot in self._around:
            if slot.col == below.col and slot.col_span == below.col_span and slot is not above and slot is not below:
                yield slot


def is_tall(pair: Pair) -> bool:
    """Whether one half spans rows."""
    return max(pair[0].row_span, pair[1].row_span) > 1


def is_number(slot: Slot) -> bool:
    """Whether a cell holds a number and nothing else."""
    return bool(slot.lines) and NUMBER.fullmatch(slot.text) is not None


def has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def covers(label: Slot, slot: Slot) -> bool:
    """Whether a cell stands within the columns of a label."""
    return label.col <= slot.col and slot.col + slot.col_span <= label.col + label.col_span


def is_mixed(pair: Pair) -> bool:
    """Whether one of the two texts is a number, and the other neither the rest of it, nor its unit, nor its sentence."""
    above, below = pair
    last, first = above.lines[-1], below.lines[0]
    if is_broken_number(last, first) or not (is_number(above) or is_number(below)):
        return False
    is_unit = is_number(above) and len(below.text) <= UNIT
    is_sentence = not is_number(above) and SENTENCE.search(above.text) is not None
    return not ((is_unit or is_sentence) and is_full(last, first))


def is_closed(slot: Slot) -> bool:
    """Whether the text ends as sentences and notes end."""
    return slot.text[-1] in CLOSING or slot.text[-1] in "︶﹂﹁︸"


def flows(above: Slot, below: Slot) -> bool:
    """Whether text ran out of room at the foot of one cell and goes on in the other."""
    last = above.lines[-1]
    room = above.spots[-1].area.y1 - last.y1
    return room < LINE * last.size and may_flow(above, below)


def may_flow(above: Slot, below: Slot) -> bool:
    """Whether the text above fills its last line, and the text below does not begin an item of a list."""
    last, first = above.lines[-1], below.lines[0]
    return is_full(last, first) and not ENUMERATOR.match(first.text)


def breaks_off(above: Slot, below: Slot) -> bool:
    """Whether the text above cannot have ended: an open bracket that is closed below, or a sentence without its end."""
    if not above.lines or not below.lines or is_mixed((above, below)):
        return False
    is_open = any(above.text.count(a) > above.text.count(b) and b in below.text for a, b in ("（）", "()", "︵︶"))
    if is_open:
        return True
    is_sentence = SENTENCE.search(above.text) is not None and not is_closed(above)
    return is_sentence and flows(above, below)
