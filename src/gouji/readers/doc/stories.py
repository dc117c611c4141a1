"""One story, paragraph by paragraph → blocks; tables open and close with the depth of the paragraphs.

    depth 0   收入⏎                                     → paragraph of the story
    depth 1   年度▮ 2021▮ ▮ends row                     → row of a table;  ▮ 07 ends a cell
    depth 2   甲⏎ends cell  ⏎ends row                   → row of a table in the cell that is open above it

A table ends with a paragraph that is less deep, with a section, or with a row that is positioned otherwise.
Addresses are ordinals within the story: of paragraphs (without the marks that end rows), cells and tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from gouji.model.errors import ReadError
from gouji.readers.doc.characters import ORDINARY
from gouji.readers.doc.container import TOO_LARGE
from gouji.readers.doc.flow import Flow, Line
from gouji.readers.doc.paragraphs import ParagraphLook, Paragraphs, Position
from gouji.readers.doc.rows import Row, RowCell, place_table
from gouji.readers.doc.text import Source, TextReader
from gouji.readers.list_numbers import Numbering
from gouji.readers.notices import Spot
from gouji.readers.story import CellBuilder, StoryBuilder

PARAGRAPH_MARK, CELL_MARK, SECTION_MARK = "\r", "\a", "\f"
LIMIT_CELLS = 1_000_000
LIMIT_PARAGRAPHS = 1_200_000
_MARK = re.compile(r"[\r\a\f]")


class Look(msgspec.Struct, frozen=True):
    """What all stories share. `sections` are the CPs of the marks that end sections."""

    source: Source
    paragraphs: Paragraphs
    numbering: Numbering
    sections: frozenset[int]


class OpenTable:
    """A table that is being read: its rows so far, the cells of its open row, and the contents of its open cell."""

    __slots__ = ("address", "builder", "cell", "cells", "flow", "position", "rows")

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.cells: list[RowCell] = []
        self.builder = CellBuilder()
        self.flow = Flow(self.builder)
        self.position: Position | None = None
        self.address: int | None = None
        self.cell: int | None = None

    def take_blocks(self) -> CellBuilder:
        """The contents of the open cell, which is empty afterwards."""
        self.flow.flush()
        builder = self.builder
        self.builder = CellBuilder()
        self.flow = Flow(self.builder)
        return builder


class StoryReader:
    """Reads ranges of text into one story; text boxes anchored in it go to `read_box` after the block they are in."""

    def __init__(self, look: Look, story: StoryBuilder, read_box: Callable[[int], None] | None = None) -> None:
        self._look = look
        self._story = story
        self._read_box = read_box
        self._text = TextReader(look.source, self._spot)
        self._flow = Flow(story)
        self._tables: list[OpenTable] = []
        self._paragraph_count = self._cell_count = self._table_count = 0

    def read(self, start: int, end: int) -> None:
        """Read the characters between two CPs. Raises ReadError "too_large"."""
        for first, last, mark in self._iter_paragraphs(start, end):
            self._take_paragraph(first, last, mark)
            if not self._tables:
                self._read_boxes()
        self._close_to(0)
        self._flow.flush()
        self._read_boxes()

    def _iter_paragraphs(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """First character, place of the mark and the mark of each paragraph; the last may lack it."""
        text, sections = self._look.source.text, self._look.sections
        for match in _MARK.finditer(text, start, end):
            at = match.start()
            if match[0] != SECTION_MARK or at in sections:
                yield start, at, match[0]
                start = at + 1
        if start < end:
            yield start, end, ""

    def _read_boxes(self) -> None:
        anchors, self._text.anchors = self._text.anchors, []
        if self._read_box is not None:
            for anchor in anchors:
                self._read_box(anchor)

    def _spot(self) -> Spot:
        cells = [table.cell for table in self._tables if table.cell is not None]
        return Spot(self._story.story, cells[-1] if cells else None, self._paragraph_count)

    # -- paragraphs -------------------------------------------------------------------------------------------------

    def _take_paragraph(self, first: int, last: int, mark: str) -> None:
        look = self._look.paragraphs.look_at(last if mark else last - 1)
        self._close_to(look.depth)
        if not look.depth:
            if first < last or mark != SECTION_MARK:
                self._flow.add_line(self._read_line(first, last, mark, look))
            return
        self._open_to(look.depth)
        table = self._tables[-1]
        if look.ends_row and (look.depth > 1 or mark == CELL_MARK):
            self._end_row(table, first, last, look)
            return
        self._enter_cells(self._tables)
        table.flow.add_line(self._read_line(first, last, mark, look))
        if mark == CELL_MARK or (look.depth > 1 and look.ends_cell):
            self._end_cell(table)

    def _read_line(self, first: int, last: int, mark: str, look: ParagraphLook) -> Line:
        """The text and list number of a paragraph."""
        marked = self._look.source.characters.look_at(last) if mark else ORDINARY
        if marked.deleted or marked.inserted:
            self._look.source.notes.add("R1", self._spot())
        text = self._text.read(first, last, look.style)
        joins = marked.deleted and mark == PARAGRAPH_MARK
        number = "" if joins else self._count(look)
        line = Line(text, number, self._paragraph_count, joins)
        self._paragraph_count += 1
        if self._paragraph_count > LIMIT_PARAGRAPHS:
            raise ReadError("too_large", TOO_LARGE)
        return line

    def _count(self, look: ParagraphLook) -> str:
        inherited = self._look.source.styles.numbered.get(look.style)
        if look.place is None and inherited is None:
            return ""
        return self._look.numbering.next_number(look.place, inherited, str(look.style))

    # -- tables -----------------------------------------------------------------------------------------------------

    def _open_to(self, depth: int) -> None:
        while len(self._tables) < depth:
            self._enter_cells(self._tables)
            self._tables.append(OpenTable())

    def _enter_cells(self, tables: list[OpenTable]) -> None:
        """Give each of the tables a cell to read into."""
        for table in tables:
            if table.cell is None:
                table.cell = self._cell_count
                self._cell_count += 1
                if table.address is None:
                    table.address = self._table_count
                    self._table_count += 1
        if self._cell_count > LIMIT_CELLS:
            raise ReadError("too_large", TOO_LARGE)

    def _end_cell(self, table: OpenTable) -> None:
        blocks = table.take_blocks().blocks
        table.cells.append(RowCell(tuple(blocks), table.cell or 0))
        table.cell = None

    def _end_row(self, table: OpenTable, first: int, last: int, look: ParagraphLook) -> None:
        """Put the cells read so far into a row; what stands in the row's own paragraph is a last cell."""
        if first < last and self._look.source.text[first:last].strip():
            self._enter_cells(self._tables)
            table.flow.add_line(self._read_line(first, last, CELL_MARK, look))
        if table.cell is not None and table.builder.blocks:
            self._end_cell(table)
        cells, table.cells, table.cell = table.cells, [], None
        mark = self._look.source.characters.look_at(last)
        if mark.deleted or mark.inserted:
            self._note_row(cells)
        if mark.deleted:
            return
        if table.rows and table.position != look.position:
            self._finish_table(table)
            table.address = self._table_count
            self._table_count += 1
        table.position = look.position
        table.rows.append(Row(look.shape, cells))

    def _note_row(self, cells: list[RowCell]) -> None:
        """Note a tracked change of a whole row at its first cell."""
        spot = self._spot()
        address = cells[0].address if cells else spot.cell
        self._look.source.notes.add("R1", Spot(spot.story, address, spot.paragraph))

    def _close_to(self, depth: int) -> None:
        """Close the tables that are deeper; cells without a row are paragraphs of what is around them."""
        while len(self._tables) > depth:
            table = self._tables.pop()
            self._finish_table(table)
            outer = self._tables[-1].flow if self._tables else self._flow
            for cell in table.cells:
                outer.add_blocks(cell.blocks)
            outer.add_blocks(tuple(table.take_blocks().blocks))

    def _finish_table(self, table: OpenTable) -> None:
        """Add the rows read so far as a table to what is around it; what merges hide is noted."""
        if not table.rows:
            return
        grid = place_table(table.rows)
        for cell in grid.hidden:
            self._look.source.notes.add("R4", Spot(self._story.story, cell, 0))
        depth = self._tables.index(table) if table in self._tables else len(self._tables)
        outer = self._tables[depth - 1].flow if depth else self._flow
        outer.add_table(grid, table.address or 0)
        table.rows = []
