"""Paragraphs on their way into a story or a cell: those whose marks were deleted run on into the next.

"收" (mark deleted)  "入" (mark deleted)  "合计"   → 收入合计
"""

from __future__ import annotations

import msgspec

from gouji.model.document import Block, Paragraph
from gouji.readers.grid import Grid
from gouji.readers.story import CellBuilder, StoryBuilder


class Line(msgspec.Struct, frozen=True):
    """A paragraph as read; one that `joins` has lost its mark."""

    text: str
    number: str
    address: int
    joins: bool = False


class Flow:
    """What a builder gets, in order."""

    __slots__ = ("_address", "_builder", "_waiting")

    def __init__(self, builder: StoryBuilder | CellBuilder) -> None:
        self._builder = builder
        self._waiting: list[str] = []
        self._address = 0

    def add_line(self, line: Line) -> None:
        """Add a paragraph, or keep it until the one it joins."""
        if line.joins:
            self._address = self._address if self._waiting else line.address
            self._waiting.append(line.text)
        elif self._waiting:
            text, self._waiting = "".join(self._waiting) + line.text, []
            self._builder.add_paragraph(text, line.number, self._address)
        else:
            self._builder.add_paragraph(line.text, line.number, line.address)

    def add_table(self, grid: Grid, address: int) -> None:
        """Add a table; what waits for its next paragraph stands alone."""
        self.flush()
        if grid.cells:
            self._builder.add_table(grid, address)

    def add_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Add what was read as the contents of a cell and turned out to be none."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self.add_line(Line(block.text, block.number, block.address or 0))
            else:
                self.add_table(Grid(block.rows, block.cols, block.cells), block.address or 0)

    def flush(self) -> None:
        """Add what still waits."""
        if self._waiting:
            self.add_line(Line("", "", self._address))
