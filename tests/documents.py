"""Documents in one line: tables written as HTML-like rows, spans as suffixes.

    document("一、标题", table("机构名称/1x2 | 收入合计/1x2 | 其中：/2", "上年结转 | 拨款", "某局 | 5 | 2 | 3"))

`text/2` spans two columns, `text/1x3` three rows, `text/2x3` both. `~` is a blank cell. `\\n` breaks a line in a cell.
"""

from __future__ import annotations

import re

from gouji.model.document import Cell, Document, Paragraph, Part, Table

_SPEC = re.compile(r"^(?P<text>.*?)(?:/(?P<cols>\d+)(?:x(?P<rows>\d+))?)?$", re.DOTALL)


def table(*rows: str, where: str = "t1") -> Table:
    """A table from row strings, placed as HTML places cells."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for index, row in enumerate(rows):
        column = 0
        for spec in row.split("|"):
            match = _SPEC.match(spec.strip())
            assert match is not None
            text = match["text"].strip().replace("\\n", "\n")
            text = "" if text == "~" else text
            cols, high = int(match["cols"] or 1), int(match["rows"] or 1)
            while (index, column) in taken:
                column += 1
            taken.update((r, c) for r in range(index, index + high) for c in range(column, column + cols))
            blocks = tuple(Paragraph(line) for line in text.split("\n"))
            cells.append(Cell(index, column, high, cols, blocks))
            column += cols
    height = max(cell.row + cell.row_span for cell in cells)
    width = max(cell.col + cell.col_span for cell in cells)
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return Table(where, height, width, tuple(cells))


def document(*blocks: str | Table, ragged: bool = False) -> Document:
    """Paragraphs and tables in order, numbered as a reader numbers them."""
    placed: list[Paragraph | Table] = []
    paragraphs = tables = 0
    for block in blocks:
        if isinstance(block, str):
            paragraphs += 1
            placed.append(Paragraph(block, f"p{paragraphs}"))
        else:
            tables += 1
            placed.append(Table(f"t{tables}", block.rows, block.cols, block.cells))
    return Document("docx", (Part("body", tuple(placed)),), ragged=ragged)
