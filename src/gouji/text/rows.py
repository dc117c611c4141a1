"""A table as rows of placed cells: what `locate` and `extract` walk.

Row      one grid row; knows every cell that covers it
Placed   a cell as one row sees it: `fresh` where it begins, not where it reaches down
"""

from __future__ import annotations

from operator import attrgetter

from gouji.model.document import Cell, Table
from gouji.text.labels import label_key, normalise_label
from gouji.text.numerals import is_numeric

_LABEL_LENGTH = 60


class Placed:
    """A cell as one row sees it."""

    __slots__ = ("cell", "end", "fresh", "start", "text")

    def __init__(self, cell: Cell, text: str, *, fresh: bool) -> None:
        self.cell = cell
        self.text = text
        self.fresh = fresh
        self.start = cell.col  # grid columns [start, end)
        self.end = cell.col + cell.col_span

    @property
    def label(self) -> str:
        """The printed label without spaces, "" where the text is too long to be one."""
        return normalise_label(self.text) if len(self.text) <= _LABEL_LENGTH else ""

    @property
    def key(self) -> str:
        """The meaning-carrying part of the label."""
        return label_key(self.text) if len(self.text) <= _LABEL_LENGTH else ""

    @property
    def blank(self) -> bool:
        """Whether the cell prints nothing."""
        return not self.text

    @property
    def numeric(self) -> bool:
        """Whether the cell is wholly a number."""
        return bool(self.text) and len(self.text) <= _LABEL_LENGTH and is_numeric(self.text)


class Row:
    """One grid row. `cells` cover it from left to right."""

    __slots__ = ("cells", "filled", "fresh", "index", "ragged", "table")

    def __init__(self, table: Table, index: int, cells: tuple[Placed, ...], *, ragged: bool) -> None:
        self.table = table
        self.index = index
        self.cells = cells
        self.ragged = ragged
        self.fresh = [placed for placed in cells if placed.fresh]  # cells that begin in this row
        self.filled = [placed for placed in self.fresh if placed.text]  # and print something

    def at(self, column: int) -> Placed | None:
        """The cell that covers a grid column."""
        return next((placed for placed in self.cells if placed.start <= column < placed.end), None)

    def where(self, placed: Placed) -> str:
        """Evidence id of a cell of this row."""
        return self.table.cell_id(placed.cell)


def rows_of_table(table: Table, *, ragged: bool) -> list[Row]:
    """Every grid row of a table, with the cells that cover it."""
    covering: list[list[Placed]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        text = cell.text
        fresh = Placed(cell, text, fresh=True)
        covering[cell.row].append(fresh)
        if cell.row_span > 1:
            below = Placed(cell, text, fresh=False)
            for row in range(cell.row + 1, min(cell.row + cell.row_span, table.rows)):
                covering[row].append(below)
    for cells in covering:
        cells.sort(key=attrgetter("start"))
    return [Row(table, index, tuple(cells), ragged=ragged) for index, cells in enumerate(covering)]
