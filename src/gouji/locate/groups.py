"""Groups in the headers of tables of figures: labels over several labels, and a title beside a header and all its rows.

人员编制/3         | 实有人数/4           ← every group stands over labels of the next row: a deeper header
小计 | 行政 | 事业 | 小计 | 在职 | …
三公经费（万元） | ~          | 合计 | …  ← one cell left of the header and of its rows: a title, no column
                 | 上年决算数 | 8.00 | …
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gouji.locate.walk import Walk
    from gouji.text.rows import Placed, Row

SUBJECTS = ("subject", "item")
_FEWEST_BESIDE_TITLE = 2


def divides(above: Row, row: Row) -> bool:
    """人员编制/3 | 实有人数/4 over 小计 | 行政编制 | …: every group of the row above stands over several labels of this one."""
    if row.ragged or not above.filled or len(above.filled) != len(above.cells):
        return False
    below = [[p for p in row.filled if group.start <= p.start and p.end <= group.end] for group in above.filled]
    return all(len(labels) > 1 for labels in below)


def names_rows(walk: Walk, row: Row) -> bool:
    """Whether a row of labels has a column that names the rows below it (项目): a header of its own."""
    return any(set(SUBJECTS) & walk.vocabulary.roles(placed.text) for placed in row.filled)


def splits_columns(header: list[Row], row: Row) -> bool:
    """Words of a row that stand under some header cells while other header cells reach down past them: a deeper header."""
    if row.ragged:
        return False
    reaching = [placed for placed in row.cells if not placed.fresh and placed.text]
    above = {id(placed.cell) for line in header for placed in line.cells}
    return len(reaching) > 1 and all(id(placed.cell) in above for placed in reaching)


def side_title(header: list[Row], below: list[Row]) -> Placed | None:
    """三公经费（万元） in one cell left of a header and of all its rows: the title of what stands right of it, no column."""
    first = header[0].cells[0] if header[0].cells else None
    if first is None or header[0].ragged or not first.text or len(header[0].cells) <= _FEWEST_BESIDE_TITLE:
        return None
    under = [row.at(first.start) for row in (*header[1:], *below[:1])]
    reaches = bool(below) and all(placed is not None and placed.cell is first.cell for placed in under)
    return first if reaches else None
