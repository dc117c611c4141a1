"""A document that arrives as a flow of text, breaks and cells with spans (HTML, ODT) → blocks of one story.

    text "收入" · end paragraph · open table · open row · open cell 1×2 · text "603.03" · close … → StoryBuilder

Cells take the next free column of their row, as HTML places them; what would overlap is narrowed, what would run out of
the table is cut. Addresses are ordinals in document order, of paragraphs, cells and tables each.
"""

from __future__ import annotations

import msgspec

from gouji.model.document import Cell, Paragraph, Table
from gouji.model.errors import ReadError
from gouji.readers.grid import Grid
from gouji.readers.notices import Notes, Spot
from gouji.readers.story import CellBuilder, StoryBuilder

LIMIT_SPAN = 1000
LIMIT_CELLS = 1_000_000
LIMIT_PARAGRAPHS = 1_200_000
LIMIT_DEPTH = 60
TOO_LARGE = "文档内容过大，超出可处理的范围；请确认文件是否选错，或删去无关内容、拆分后再提交。"
TOO_DEEP = "文档中表格的嵌套层数过多，无法可靠读取；请用 WPS 或 Word 打开，拆开嵌套的表格后另存再提交。"
PAGE_BREAK = "\f"


class SpanCell(msgspec.Struct):
    """A cell as its row writes it. `rows` 0: to the end of its group. `covered`: a place that a span should take."""

    rows: int
    cols: int
    address: int
    covered: bool = False
    blocks: tuple[Paragraph | Table, ...] = ()


class Rows:
    """The rows of one table so far; `groups` are where head, bodies and foot begin."""

    __slots__ = ("address", "groups", "rows")

    def __init__(self, address: int) -> None:
        self.address = address
        self.rows: list[list[SpanCell]] = []
        self.groups: list[int] = []


class Level:
    """Where text goes: the story itself or a cell, and the table that is open in it."""

    __slots__ = ("cell", "number", "out", "table", "text")

    def __init__(self, out: StoryBuilder | CellBuilder, cell: SpanCell | None) -> None:
        self.out = out
        self.cell = cell
        self.table: Rows | None = None
        self.text: list[str] = []
        self.number = ""


class Counters:
    """Ordinals of a document, over all its stories."""

    __slots__ = ("cells", "paragraphs", "tables")

    def __init__(self) -> None:
        self.cells = self.paragraphs = self.tables = 0


class Flow:
    """Takes one story's flow. Unbalanced calls are forgiven: what is open at the end is closed."""

    def __init__(self, story: StoryBuilder, notes: Notes, counters: Counters, *, collapses: bool = False) -> None:
        """`collapses`: white space before a line's end does not show."""
        self._collapses = collapses
        self._story = story
        self._notes = notes
        self._levels = [Level(story, None)]
        self._counters = counters

    # -- text ----------------------------------------------------------------------------------------------------

    def add_text(self, text: str) -> None:
        """Text of the current paragraph, line breaks included."""
        self._levels[-1].text.append(text)

    def add_number(self, number: str) -> None:
        """The current paragraph's list number."""
        self._levels[-1].number += number

    def ends_with_space(self) -> bool:
        """Whether more white space would not show: at the beginning of a line, or after some."""
        text = next((piece for piece in reversed(self._levels[-1].text) if piece), "\n")
        return text[-1] in " \n\t\f"

    def has_text(self) -> bool:
        """Whether any text of the current paragraph is printed yet."""
        return any(piece.strip() for piece in self._levels[-1].text)

    def end_paragraph(self) -> None:
        """The paragraph is complete; an empty one leaves no trace but its ordinal."""
        level = self._levels[-1]
        if level.table is not None and self._stands_between(level):
            return
        address = self._counters.paragraphs
        self._counters.paragraphs += 1
        if address > LIMIT_PARAGRAPHS:
            raise ReadError("too_large", TOO_LARGE)
        text = "".join(level.text).strip(PAGE_BREAK).replace(PAGE_BREAK, "\n")
        if self._collapses:
            text = text.replace(" \n", "\n").removesuffix(" ")
        level.out.add_paragraph(text, level.number, address)
        level.text, level.number = [], ""

    def _stands_between(self, level: Level) -> bool:
        """Text between the cells of a table comes out after it, as browsers show it before: nothing is lost."""
        if any(piece.strip() for piece in level.text):
            level.text.append("\n")
        else:
            level.text = []
        return True

    def flush(self) -> None:
        """End a paragraph that has begun."""
        if self._levels[-1].text or self._levels[-1].number:
            self.end_paragraph()

    def note(self, code: str) -> None:
        """Note something at the place being read."""
        cell = self._levels[-1].cell
        spot = Spot(self._story.story, None if cell is None else cell.address, self._counters.paragraphs)
        self._notes.add(code, spot)

    # -- tables --------------------------------------------------------------------------------------------------

    def open_table(self) -> None:
        """A table begins here."""
        if len(self._levels) > LIMIT_DEPTH:
            raise ReadError("too_large", TOO_DEEP)
        if self._levels[-1].table is not None:  # a table between the cells of another
            self.open_cell(1, 1)
        self.flush()
        self._levels[-1].table = Rows(self._counters.tables)
        self._counters.tables += 1

    def open_group(self) -> None:
        """A head, body or foot begins: no cell reaches into it from above."""
        table = self._levels[-1].table
        if table is not None:
            table.groups.append(len(table.rows))

    def open_row(self) -> None:
        """A row begins."""
        table = self._levels[-1].table
        if table is not None:
            table.rows.append([])

    def drop_row(self) -> None:
        """The row just read is none."""
        table = self._levels[-1].table
        if table is not None and table.rows:
            table.rows.pop()

    def open_cell(self, rows: int, cols: int, *, covered: bool = False) -> None:
        """A cell begins; text outside any table stays where it is."""
        table = self._levels[-1].table
        if table is None:
            return
        if not table.rows:
            table.rows.append([])
        cell = SpanCell(rows, min(max(cols, 1), LIMIT_SPAN), self._counters.cells, covered)
        self._count_cell()
        table.rows[-1].append(cell)
        self._levels.append(Level(CellBuilder(), cell))

    def close_cell(self) -> None:
        """The cell is complete."""
        if len(self._levels) == 1:
            return
        while self._levels[-1].table is not None:
            self.close_table()
        self.flush()
        level = self._levels.pop()
        if level.cell is not None:
            level.cell.blocks = tuple(level.out.blocks)

    def repeat_cell(self, times: int) -> None:
        """The cell just closed stands so many more times; a long run of empty ones is only how a sheet ends."""
        table = self._levels[-1].table
        if table is None or not table.rows or not table.rows[-1]:
            return
        cell = table.rows[-1][-1]
        for _ in range(times):
            self._count_cell()
            table.rows[-1].append(SpanCell(cell.rows, cell.cols, cell.address, cell.covered, cell.blocks))

    def repeat_row(self, times: int) -> None:
        """The row just read stands so many more times."""
        table = self._levels[-1].table
        if table is None or not table.rows:
            return
        row = table.rows[-1]
        for _ in range(times):
            for _ in row:
                self._count_cell()
            table.rows.append([SpanCell(c.rows, c.cols, c.address, c.covered, c.blocks) for c in row])

    def _count_cell(self) -> None:
        self._counters.cells += 1
        if self._counters.cells > LIMIT_CELLS:
            raise ReadError("too_large", TOO_LARGE)

    def close_table(self) -> None:
        """The table is complete: its grid is known."""
        level = self._levels[-1]
        if level.table is None:
            return
        table, level.table = level.table, None
        grid = place_spans(table.rows, table.groups)
        for address in grid.hidden:
            self._notes.add("R4", Spot(self._story.story, address, 0))
        if grid.cells:
            level.out.add_table(grid, table.address)
        self.flush()

    def depth(self) -> int:
        """How many cells are open around the current place."""
        return len(self._levels) - 1

    def finish(self) -> None:
        """Close whatever is open."""
        while len(self._levels) > 1:
            self.close_cell()
        while self._levels[-1].table is not None:
            self.close_table()
        self.flush()


def place_spans(rows: list[list[SpanCell]], groups: list[int] | None = None) -> Grid:
    """Put cells with spans on the grid; `hidden` are covered places that hold text of their own."""
    ends = sorted({*(groups or ()), len(rows)})
    placer = Placer()
    for index, row in enumerate(rows):
        end = next(end for end in ends if end > index)
        spelled_out = any(raw.covered for raw in row)
        col = 0
        for raw in row:
            if raw.covered:
                placer.cover(index, col, raw)
                col += raw.cols
            else:
                first, width = find_room(placer.free_from, col, raw.cols, index)
                height = end - index if raw.rows == 0 else min(max(raw.rows, 1), end - index)
                placer.place(index, first, height, width, raw)
                col = first + (1 if spelled_out else width)
    return Grid(len(rows), len(placer.free_from), tuple(placer.cells), tuple(placer.hidden))


class Placer:
    """The grid while it fills. `free_from` is by column the first row that no cell from above takes."""

    def __init__(self) -> None:
        self.free_from: list[int] = []
        self.cells: list[Cell] = []
        self.hidden: list[int] = []
        self._positions = 0

    def place(self, row: int, col: int, height: int, width: int, raw: SpanCell) -> None:
        """A cell where there is room for it."""
        self._positions += width
        if self._positions > LIMIT_CELLS:
            raise ReadError("too_large", TOO_LARGE)
        self.free_from += [0] * (col + width - len(self.free_from))
        self.free_from[col : col + width] = [row + height] * width
        self.cells.append(Cell(row, col, height, width, raw.blocks, raw.address))

    def cover(self, row: int, col: int, raw: SpanCell) -> None:
        """Places that spans take; those that none takes are cells after all."""
        open_places = [place for place in range(col, col + raw.cols) if not is_taken(self.free_from, place, row)]
        for place in open_places:
            self.place(row, place, 1, 1, raw)
        if raw.blocks and not open_places:
            self.hidden.append(raw.address)


def is_taken(free_from: list[int], col: int, row: int) -> bool:
    """Whether a cell from above or from the left reaches here."""
    return col < len(free_from) and free_from[col] > row


def find_room(free_from: list[int], col: int, width: int, row: int) -> tuple[int, int]:
    """The next free column, and how many of the wanted columns are free from there."""
    while is_taken(free_from, col, row):
        col += 1
    wide = 1
    while wide < width and not is_taken(free_from, col + wide, row):
        wide += 1
    return col, wide
