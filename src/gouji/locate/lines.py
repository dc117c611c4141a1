"""A document as one sequence of lines, so that one huge table and several small ones read alike.

Document ─→ [Paragraph | Row, …]      Row: one grid row of one table, a nested table's rows after the row that holds it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.model.document import Document, Paragraph, Table
from gouji.text.rows import Row, rows_of_table

if TYPE_CHECKING:
    from collections.abc import Iterator

Line = Paragraph | Row


def lines_of_document(document: Document) -> list[Line]:
    """Text boxes first (a cover may stand in one), then the body, in reading order."""
    lines: list[Line] = []
    for blocks in (document.part("textbox"), document.blocks):
        lines.extend(_lines_of_blocks(blocks, ragged=document.ragged))
    return lines


def _lines_of_blocks(blocks: tuple[Paragraph | Table, ...], *, ragged: bool) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Paragraph):
            if block.where:
                yield block
        else:
            yield from _lines_of_table(block, ragged=ragged)


def _lines_of_table(table: Table, *, ragged: bool) -> Iterator[Line]:
    for row in rows_of_table(table, ragged=ragged):
        yield row
        for placed in row.cells:
            if placed.fresh and len(placed.cell.blocks) > 0:
                for nested in placed.cell.tables:
                    yield from _lines_of_table(nested, ragged=ragged)
