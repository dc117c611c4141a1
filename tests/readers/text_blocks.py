"""Blocks of a text file as plain data."""

from __future__ import annotations

from gouji.model.document import Paragraph, Table
from gouji.readers.txt import read_txt

Rows = list[list[str]]


def show(text: str) -> list[str | Rows]:
    """A paragraph is its text, a table its rows of cell texts."""
    return [
        block.text if isinstance(block, Paragraph) else show_rows(block) for block in read_txt(text.encode()).blocks
    ]


def show_rows(table: Table) -> Rows:
    rows: Rows = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(cell.text)
    return rows
