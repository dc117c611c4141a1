"""The stories of a document while they grow: each numbers its paragraphs and tables as they arrive.

body      p1 p2 t1 p3 …      textbox   xp1 xt1 …      header hp1 · footer fp1 · footnote np1
"""

from __future__ import annotations

import msgspec

from gouji.model.document import Block, Cell, Paragraph, Part, Table
from gouji.model.locator import STORY_PREFIX, Story


class StoryBuilder:
    """Blocks of one story with their evidence ids. Empty paragraphs are dropped and not counted."""

    __slots__ = ("_paragraphs", "_prefix", "_tables", "blocks", "story")

    def __init__(self, story: Story) -> None:
        self.story = story
        self.blocks: list[Block] = []
        self._prefix = STORY_PREFIX[story]
        self._paragraphs = 0
        self._tables = 0

    def add_paragraph(self, text: str, number: str, address: int | None) -> None:
        """Append a paragraph if anything of it is printed."""
        if text.strip() or number.strip():
            self._paragraphs += 1
            self.blocks.append(Paragraph(text, f"{self._prefix}p{self._paragraphs}", number, address))

    def add_table(self, table: Table) -> None:
        """Append a table that was read as `_t1`; tables nested in it get their full ids."""
        self._tables += 1
        self.blocks.append(name_table(table, f"{self._prefix}t{self._tables}"))

    def to_part(self) -> Part:
        """The finished story."""
        return Part(self.story, tuple(self.blocks))


def name_table(table: Table, where: str) -> Table:
    """The table under its evidence id, and so with every table nested in it."""
    cells = table.cells
    if any(len(cell.blocks) and _has_table(cell) for cell in cells):
        cells = tuple(_name_cell(cell, where) if _has_table(cell) else cell for cell in cells)
    return Table(where, table.rows, table.cols, cells, table.address)


def _has_table(cell: Cell) -> bool:
    return any(type(block) is Table for block in cell.blocks)


def _name_cell(cell: Cell, where: str) -> Cell:
    head = f"{where}r{cell.row + 1}c{cell.col + 1}"
    blocks = tuple(
        name_table(block, head + block.where) if isinstance(block, Table) else block for block in cell.blocks
    )
    return msgspec.structs.replace(cell, blocks=blocks)
