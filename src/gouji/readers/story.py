"""The stories of a document while they grow: each numbers its paragraphs and tables as they arrive.

body      p1 p2 t1 p3 …      textbox   xp1 xt1 …      header hp1 · footer fp1 · footnote np1
"""

from __future__ import annotations

import msgspec

from gouji.model.document import Block, Cell, Paragraph, Part, Table
from gouji.model.locator import STORY_PREFIX, Story
from gouji.readers.grid import Grid


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

    def add_table(self, grid: Grid, address: int, *, nests: bool = True) -> None:
        """Append a table; where it `nests`, the tables in it get their full ids."""
        self._tables += 1
        where = f"{self._prefix}t{self._tables}"
        cells = name_cells(grid.cells, where) if nests else grid.cells
        self.blocks.append(Table(where, grid.rows, grid.cols, cells, address))

    def to_part(self) -> Part:
        """The finished story."""
        return Part(self.story, tuple(self.blocks))


class CellBuilder:
    """Blocks of one cell: paragraphs without ids, tables under the provisional ids `_t1`, `_t2` …"""

    __slots__ = ("_tables", "blocks")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._tables = 0

    def add_paragraph(self, text: str, number: str, address: int | None) -> None:
        """Append a paragraph if anything of it is printed."""
        if text.strip() or number.strip():
            self.blocks.append(Paragraph(text, "", number, address))

    def add_table(self, grid: Grid, address: int) -> None:
        """Append a nested table."""
        self._tables += 1
        self.blocks.append(Table(f"_t{self._tables}", grid.rows, grid.cols, grid.cells, address))


def name_cells(cells: tuple[Cell, ...], where: str) -> tuple[Cell, ...]:
    """The cells of the table `where`, with full ids for every table nested in them."""
    return tuple([_name_cell(cell, where) if _has_table(cell) else cell for cell in cells])


def _has_table(cell: Cell) -> bool:
    return any(type(block) is Table for block in cell.blocks)


def _name_cell(cell: Cell, where: str) -> Cell:
    head = f"{where}r{cell.row + 1}c{cell.col + 1}"
    blocks = tuple(_name_block(block, head) for block in cell.blocks)
    return msgspec.structs.replace(cell, blocks=blocks)


def _name_block(block: Block, head: str) -> Block:
    if isinstance(block, Paragraph):
        return block
    where = head + block.where
    return Table(where, block.rows, block.cols, name_cells(block.cells, where), block.address)
