"""One walk over the lines of a document: every line becomes part of a block, a pair, a field, a title or prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.locate.figures import take_figures
from gouji.locate.items import take_items
from gouji.locate.listings import take_goals, take_people, take_scoring
from gouji.locate.pairs import take_pairs
from gouji.locate.stacked import is_stacked, take_stacked
from gouji.locate.walk import Title, Walk, is_banner
from gouji.model.document import Paragraph

if TYPE_CHECKING:
    from gouji.locate.lines import Line
    from gouji.locate.vocabulary import Vocabulary
    from gouji.text.rows import Row

_TAKERS = (take_scoring, take_goals, take_people, take_items, take_figures)


def scan_lines(lines: list[Line], vocabulary: Vocabulary) -> Walk:
    """Handle every line once; the walk holds the items found and the reasons."""
    walk = Walk(lines, vocabulary)
    position, stacked = 0, is_stacked(lines)
    while position < len(lines):
        line = lines[position]
        if isinstance(line, Paragraph):
            after = take_stacked(walk, position) if stacked else position
            if after > position:
                position = after
                continue
            walk.take_title(position, Title(line.printed, line.where, line, in_table=False))
            position += 1
        else:
            position = _take_row(walk, position, line)
    return walk


def _take_row(walk: Walk, position: int, row: Row) -> int:
    """The first kind of block a row opens; else its labels beside their values. Returns the next line."""
    if not row.filled:
        return position + 1
    if is_banner(row):
        banner = row.filled[0]
        walk.take_title(position, Title(banner.text, row.where(banner), None, in_table=True))
        return position + 1
    for placed in row.filled:
        if placed.cell.tables:  # what a cell says above the table inside it is that table's title
            walk.take_title(position, Title(placed.text, row.where(placed), None, in_table=True))
    for take in _TAKERS:
        after = take(walk, position, row)
        if after > position:
            return after
    take_pairs(walk, position, row)
    return position + 1
