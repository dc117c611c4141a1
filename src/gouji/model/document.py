"""One document model for every format.

    Document
      └─ parts: body, header, footer, footnote, textbox   (a `Part` each; body first)
           └─ blocks: Paragraph | Table                   (the only order)
                Table ─ cells: Cell, each stored ONCE with its spans; the rectangle is derived
                          └─ blocks: Paragraph | Table    (tables nest)

A ragged document (plain text) has no grid: `row` and `col` count the cells as printed, every span is 1 (but where a
merge left the same columns blank in every row), and merged continuations come back as empty cells.

Nothing in this tree can hold itself, so the garbage collector need not look at its many leaves (`gc=False`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import msgspec

from gouji.model.locator import Story

_NUMBER_END = frozenset("0123456789.．")


class Box(msgspec.Struct, frozen=True, gc=False):
    """Page (from 1) and rectangle in points, origin top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


class Paragraph(msgspec.Struct, frozen=True, gc=False, tag="p"):
    """A line of text. `number` is the computed list number (一、), which is not part of `text`.

    `where` is the evidence id of a body paragraph; empty paragraphs have none. Inside a cell it is ""
    and follows from the cell (`cell_id` + `_pN`, N counting the non-empty paragraphs).
    `address` is the reader's own way back (docx: ordinal of the w:p in its part).
    """

    text: str
    where: str = ""
    number: str = ""
    address: int | None = None
    box: Box | None = None

    @property
    def printed(self) -> str:
        """Text with its list number, as the reader of the page sees it; a number never runs into the digits of the text."""
        touching = self.number[-1:] in _NUMBER_END and self.text[:1].isdigit()
        return f"{self.number} {self.text}" if touching else self.number + self.text


class Cell(msgspec.Struct, frozen=True, gc=False):
    """A cell at grid `row`, `col` (from 0) that covers `row_span` × `col_span` positions."""

    row: int
    col: int
    row_span: int
    col_span: int
    blocks: tuple[Paragraph | Table, ...]
    address: int | None = None
    box: Box | None = None

    @property
    def text(self) -> str:
        """The printed lines joined by \\n, empty lines dropped, each trimmed; nested tables left out."""
        if len(self.blocks) == 1:
            block = self.blocks[0]
            if isinstance(block, Paragraph) and "\n" not in block.text:
                return block.printed.strip()
        lines = [
            line.strip() for block in self.blocks if isinstance(block, Paragraph) for line in block.printed.split("\n")
        ]
        return "\n".join([line for line in lines if line])

    @property
    def whole_text(self) -> str:
        """The text with the rows of nested tables in their place, cells parted by a blank."""
        lines: list[str] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                lines += (line.strip() for line in block.printed.split("\n"))
            else:
                rows = groupby(block.cells, key=lambda cell: cell.row)
                lines += (" ".join(filter(None, (cell.whole_text for cell in row))) for _, row in rows)
        return "\n".join(line for line in lines if line)

    @property
    def tables(self) -> list[Table]:
        """Tables nested directly in this cell."""
        return [block for block in self.blocks if isinstance(block, Table)]


class Table(msgspec.Struct, frozen=True, cache_hash=True, tag="t"):
    """`where` is the id's head: t3, xt1, t3r2c1_t1. `cells` are in row, then column order.

    `lines`: of a table put together from lines, the line that each grid position is ("" where none is).
    """

    where: str
    rows: int
    cols: int
    cells: tuple[Cell, ...]
    address: int | None = None
    box: Box | None = None
    lines: tuple[str, ...] = ()

    def cell_id(self, cell: Cell) -> str:
        """Evidence id of a cell of this table."""
        if self.lines:
            return self.lines[cell.row * self.cols + cell.col]
        return f"{self.where}r{cell.row + 1}c{cell.col + 1}"


Block = Paragraph | Table


class Part(msgspec.Struct, frozen=True):
    """One story of the document: its body, or all its headers, footers, footnotes or text boxes."""

    story: Story
    blocks: tuple[Paragraph | Table, ...]


class Notice(msgspec.Struct, frozen=True):
    """Read, but with something to say (AUDIT R): tracked changes resolved, repaired package …"""

    code: str
    message: str
    where: str | None = None


class Document(msgspec.Struct, frozen=True):
    """What every reader returns. `ragged` tells that spans are not known (plain text); `via` names a converter.

    `sheets` names all sheets of a workbook: a cell's address begins with the ordinal of its sheet (readers/sheets/address.py).
    """

    format: str
    parts: tuple[Part, ...]
    notices: tuple[Notice, ...] = ()
    ragged: bool = False
    via: str | None = None
    sheets: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[Paragraph | Table, ...]:
        """Blocks of the body in reading order."""
        return self.parts[0].blocks if self.parts else ()

    def part(self, story: Story) -> tuple[Paragraph | Table, ...]:
        """Blocks of one story, () where the document has none."""
        return next((part.blocks for part in self.parts if part.story == story), ())


def iter_tables(blocks: tuple[Paragraph | Table, ...]) -> Iterator[Table]:
    """Every table in reading order, a nested one after the table that holds it."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
            for cell in block.cells:
                yield from iter_tables(cell.blocks)
