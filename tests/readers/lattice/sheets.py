"""Sheets drawn in a few lines, with nothing of any file format in them.

ink = Ink()
ink.grid([50, 150, 250], [100, 130, 160])        rules of a plain table
ink.cell(0, 1, "2,345.67")                       text in the middle of that table's row 0, column 1
ink.text(50, 60, "一、标题")                     a line
document = read(ink, ink2)
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gouji.model.document import Cell, Document, Paragraph, Table
from gouji.readers.lattice import Rule, Run, Sheet, sheets_to_parts

WIDTH, HEIGHT = 595.0, 842.0


def width_of(char: str) -> float:
    """Width of a character in ems."""
    return 1.0 if char >= "\u2e80" else 0.5


@dataclass
class Ink:
    """Rules and runs of one sheet."""

    width: float = WIDTH
    height: float = HEIGHT
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    turn: int = 0
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)

    def h(self, y: float, x0: float, x1: float) -> None:
        self.across.append(Rule(y, x0, x1))

    def v(self, x: float, y0: float, y1: float) -> None:
        self.down.append(Rule(x, y0, y1))

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A rectangle of four rules."""
        self.h(y0, x0, x1)
        self.h(y1, x0, x1)
        self.v(x0, y0, y1)
        self.v(x1, y0, y1)

    def grid(self, xs: list[float], ys: list[float]) -> None:
        """All rules of a plain table."""
        self.xs, self.ys = xs, ys
        for y in ys:
            self.h(y, xs[0], xs[-1])
        for x in xs:
            self.v(x, ys[0], ys[-1])

    def text(self, x: float, y: float, text: str, size: float = 10.0) -> float:
        """A run whose box begins at x, y; its right edge comes back. Blanks part it, as they do on paper."""
        for piece in text.split(" "):
            lefts = [x]
            for char in piece:
                lefts.append(lefts[-1] + width_of(char) * size)
            if piece:
                self.runs.append(Run(piece, x, y, lefts[-1], y + size, tuple(lefts[:-1])))
            x = lefts[-1] + size / 2
        return x - size / 2

    def cell(self, row: int, col: int, *lines: str, size: float = 10.0, align: str = "centre") -> None:
        """Lines in the middle of a cell of the last grid."""
        x0, x1, y0, y1 = self.xs[col], self.xs[col + 1], self.ys[row], self.ys[row + 1]
        y = (y0 + y1 - len(lines) * size * 1.2) / 2
        for line in lines:
            wide = sum(map(width_of, line)) * size
            left = {"left": x0 + 5, "right": x1 - 5 - wide, "centre": (x0 + x1 - wide) / 2}[align]
            self.text(left, y, line, size)
            y += size * 1.2

    def sheet(self, number: int) -> Sheet:
        return Sheet(number, self.width, self.height, self.across, self.down, self.runs, self.turn)


def read(*inks: Ink) -> Document:
    """The document of these sheets."""
    return Document("ink", sheets_to_parts(ink.sheet(number) for number, ink in enumerate(inks, 1)))


def tables_of(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def texts_of(document: Document) -> list[str]:
    """Paragraphs of the body."""
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def draw(table: Table) -> list[str]:
    """Every position's text, row by row, a merged cell's at each position it covers; `_` is blank, `.` no cell."""
    spots = [["."] * table.cols for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for col in range(cell.col, cell.col + cell.col_span):
                assert spots[row][col] == ".", f"two cells at {row}, {col}"
                spots[row][col] = "".join(cell.text.split()) or "_"
    return [" ".join(row) for row in spots]


def cell_at(table: Table, row: int, col: int) -> Cell:
    return next(cell for cell in table.cells if (cell.row, cell.col) == (row, col))


def lines_of(cell: Cell) -> list[str]:
    return [block.text for block in cell.blocks if isinstance(block, Paragraph)]
