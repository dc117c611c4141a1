"""Documents as text, so that what is expected can be drawn.

draw(document)   p 某局收支情况表
                 机构名称 | 合计 >      >  the cell above or to the left goes on       ·  an empty cell
                 局机关   | 12.50 >     .  no cell
"""

from __future__ import annotations

from gouji.model.document import Document, Table


def draw(document: Document) -> list[str]:
    """The lines of the body."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            lines += draw_table(block)
        else:
            lines.append(f"p {block.text}")
    return lines


def draw_table(table: Table) -> list[str]:
    """The rows of a table between strokes."""
    area = [["."] * table.cols for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for col in range(cell.col, cell.col + cell.col_span):
                is_first = (row, col) == (cell.row, cell.col)
                area[row][col] = (cell.text.replace("\n", "/") or "·") if is_first else ">"
    return [" | ".join(row) for row in area]
