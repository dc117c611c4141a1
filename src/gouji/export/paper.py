"""How a sheet goes on paper: A3 across, one page wide, and no page at the end for two or three rows alone.

39 rows and 合计 come to 1.1 pages   →  shrunk onto one        1.5 pages  →  two, as they come
30 columns                           →  two pages side by side, the columns of names repeated
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

SIDE, TOP, BOTTOM = 0.5, 0.6, 0.7  # margins in inches
_A3_WIDTH, _A3_HEIGHT = 1190.5, 841.9  # points
_INCH = 72
_CHARACTER, _PADDING = 5.25, 3.75  # points of a column's width: 7 pixels a character and 5 more, 96 to the inch
_SPILL = 1.3  # as much as goes on one page without becoming hard to read


def set_paper(page: Worksheet) -> None:
    """A3 landscape and its margins."""
    page.set_landscape()
    page.set_paper(8)
    page.set_margins(left=SIDE, right=SIDE, top=TOP, bottom=BOTTOM)
    page.center_horizontally()


def fit_on_pages(page: Worksheet, widths: Sequence[float], head: float, body: float) -> None:
    """One page wide and so many high. `head`, `body`: height of the repeated rows and of all others in points."""
    page.fit_to_pages(1, count_pages(widths, head, body))


def count_pages(widths: Sequence[float], head: float, body: float) -> int:
    """Pages high that a sheet is shrunk to; 0 leaves it to the program."""
    wide = sum(width * _CHARACTER + _PADDING for width in widths)
    scale = min(1.0, (_A3_WIDTH - 2 * SIDE * _INCH) / wide)
    room = (_A3_HEIGHT - (TOP + BOTTOM) * _INCH) / scale - head
    if room <= 0:
        return 0
    full = int(body / room)
    if not full:
        return 1
    return full if body / room <= full * _SPILL and body - full * room <= (_SPILL - 1) * room else 0


def set_side_by_side(page: Worksheet, first: int, repeated: int) -> None:
    """`first` columns on the left page, the others on the right one behind the first `repeated`; page by page across.

    Excel passes over a break where a sheet is fitted, so the layout gives both pages about the same width.
    """
    page.fit_to_pages(2, 0)
    page.set_v_pagebreaks([first])
    page.repeat_columns(0, repeated - 1)
    page.print_across()
