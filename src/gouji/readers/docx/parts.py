"""One part (document.xml, a header …) → blocks of its story; text boxes go to a story of their own.

    w:body ─ w:p    plain: join its w:t             rare: ParagraphReader, list number
           ├ w:tbl  plain: one flat iteration       rare: row by row, cell by cell, tables nest     (rows.py)
           └ w:sdt, w:ins, w:customXml …            walked through, at any level

Addresses are ordinals in document order: of the w:p, w:tc and w:tbl of the part, whether they are shown or not.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from lxml.etree import _Element

from gouji.model.document import Block
from gouji.model.errors import ReadError
from gouji.readers.docx.markup import TOO_LARGE
from gouji.readers.docx.names import (
    ALT_CHUNK,
    ALTERNATE,
    DEL,
    INS,
    MOVE_FROM,
    MOVE_TO,
    NUM_PR,
    P_STYLE,
    PPR,
    RPR,
    RUN,
    SUB_DOC,
    TBL,
    TC,
    TR,
    VAL,
    P,
    T,
    W,
)
from gouji.readers.docx.paragraphs import ParagraphReader, Scope, choose_branch
from gouji.readers.docx.rare import Rare
from gouji.readers.docx.rows import PLAIN_TAGS, read_full_rows, read_plain_rows, read_widths
from gouji.readers.docx.styles import Styles, read_number_properties
from gouji.readers.grid import Grid, RawRow, place_rows
from gouji.readers.list_numbers import ListPlace, Numbering
from gouji.readers.notices import Notes, Spot
from gouji.readers.story import CellBuilder, StoryBuilder

WRAPPERS = frozenset(
    W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "ins", "moveTo", "dir", "bdo")
)
TRACKED = frozenset({INS, MOVE_TO})
REMOVED = frozenset({DEL, MOVE_FROM})
FOREIGN = frozenset({ALT_CHUNK, SUB_DOC})
LIMIT_CELLS = 1_000_000
LIMIT_PARAGRAPHS = 1_200_000
MARK = f"{PPR}/{RPR}"


class Look(msgspec.Struct, frozen=True):
    """What the whole document shares: styles, lists, notices."""

    styles: Styles
    numbering: Numbering
    notes: Notes


class Ordinals:
    """Ordinals of the w:p, w:tc and w:tbl of a part: `next_*` counts, `of` looks up inside the current block."""

    __slots__ = ("next_cell", "next_paragraph", "next_table", "of")

    def __init__(self) -> None:
        self.next_paragraph = self.next_cell = self.next_table = 0
        self.of: dict[_Element, int] = {}

    def enter(self, block: _Element) -> None:
        """Number everything in a block that is read element by element."""
        self.of = {}
        for element in block.iter(P, TC, TBL):
            self.of[element] = self.take(element.tag)
        self.check()

    def check(self) -> None:
        """Refuse what would not fit in memory. Raises ReadError "too_large"."""
        if self.next_cell > LIMIT_CELLS or self.next_paragraph > LIMIT_PARAGRAPHS:
            raise ReadError("too_large", TOO_LARGE)

    def take(self, tag: object) -> int:
        """The next ordinal of this kind."""
        if tag == P:
            self.next_paragraph += 1
            return self.next_paragraph - 1
        if tag == TC:
            self.next_cell += 1
            return self.next_cell - 1
        self.next_table += 1
        return self.next_table - 1


class Pending(msgspec.Struct, frozen=True):
    """Paragraphs whose marks were deleted: their texts run on in the next one."""

    texts: list[str]
    address: int


class PartReader:
    """Reads the blocks of one part into its story, and its text boxes into theirs."""

    def __init__(self, look: Look, story: StoryBuilder, boxes: StoryBuilder) -> None:
        self._look = look
        self._story = story
        self._boxes = boxes
        self.ordinals = Ordinals()
        self.scope = Scope(look.styles, look.notes, self._spot)
        self.cell: int | None = None
        self.paragraph = 0
        self._pending: Pending | None = None
        self._rare: frozenset[_Element] | None = None

    def _spot(self) -> Spot:
        return Spot(self._story.story, self.cell, self.paragraph)

    def note(self, code: str) -> None:
        """Note something at the place being read."""
        self._look.notes.add(code, self._spot())

    # -- the container of a part --------------------------------------------------------------------------------

    def read_part(self, container: _Element, rare: Rare | None) -> None:
        """Read every block of a container; without `rare`, all of it element by element."""
        self.read_blocks(container, rare)
        self.finish_part()

    def read_blocks(self, blocks: Iterable[_Element], rare: Rare | None) -> None:
        """Read some of the container's blocks in order."""
        self._rare = None if rare is None else rare.paragraphs
        for child in blocks:
            if rare is None or child in rare.blocks:
                self.read_rare_block(child)
            elif child.tag == P and self._pending is None:
                self._add_top_paragraph(child, rare)
            elif child.tag == TBL and self._pending is None:
                self._add_plain_table(child, rare)
            elif isinstance(child.tag, str):
                self.read_rare_block(child)
        self.ordinals.check()

    def finish_part(self) -> None:
        """What still waits for its next paragraph stands alone."""
        self._flush(self._story)

    def read_table_rows(self, children: Iterable[_Element], rare: Rare) -> list[RawRow]:
        """Rows of a table of the container that arrives bit by bit; `rare` is that of the table."""
        self._rare = rare.paragraphs
        rows: list[RawRow] = []
        for child in children:
            if child.tag == TR and child not in rare.blocks:
                rows += read_plain_rows(child.iter(*PLAIN_TAGS), self, rare.paragraphs)
            else:
                self.ordinals.enter(child)
                rows += read_full_rows((child,), self)
                self._read_boxes()
        self.ordinals.check()
        return rows

    def add_table_rows(self, element: _Element, rows: list[RawRow], address: int) -> None:
        """Add the table that these rows make up."""
        self._flush(self._story)
        self._place_table(element, rows, address, self._story)

    def read_rare_block(self, child: _Element) -> None:
        """Read one block of the container element by element, then the text boxes anchored in it."""
        self.paragraph = self.ordinals.next_paragraph
        self.ordinals.enter(child)
        self._read_block(child, self._story)
        self._read_boxes()

    def _add_top_paragraph(self, element: _Element, rare: Rare) -> None:
        address = self.ordinals.take(P)
        if element in rare.paragraphs:
            self.paragraph = address
            self._story.add_paragraph(*self.read_text(element), address)
            return
        self._story.add_paragraph(join_text(element), "", address)

    def _add_plain_table(self, element: _Element, rare: Rare) -> None:
        address = self.ordinals.take(TBL)
        grid = self._place_rows(element, read_plain_rows(element.iter(*PLAIN_TAGS), self, rare.paragraphs))
        if grid.cells:
            self._story.add_table(grid, address, nests=False)

    def _place_rows(self, element: _Element, rows: list[RawRow]) -> Grid:
        """The table of these rows on its grid; what merges hide is noted."""
        grid = place_rows(rows, read_widths(element))
        for cell in grid.hidden:
            self._look.notes.add("R4", Spot(self._story.story, cell, 0))
        return grid

    def _place_table(
        self, element: _Element, rows: list[RawRow], address: int, out: StoryBuilder | CellBuilder
    ) -> None:
        grid = self._place_rows(element, rows)
        if grid.cells:
            out.add_table(grid, address)

    def _read_boxes(self) -> None:
        while self.scope.boxes:
            box = self.scope.boxes.pop(0)
            outer, self._story = self._story, self._boxes
            self._read_into(box, self._story)
            self._flush(self._story)
            self._story = outer

    # -- blocks, element by element -----------------------------------------------------------------------------

    def read_cell(self, cell: _Element) -> tuple[Block, ...]:
        """The blocks of a w:tc."""
        outer = self.cell, self._pending
        self.cell, self._pending = self.ordinals.of[cell], None
        blocks = CellBuilder()
        self._read_into(cell, blocks)
        self._flush(blocks)
        self.cell, self._pending = outer
        return tuple(blocks.blocks)

    def _read_into(self, parent: _Element, out: StoryBuilder | CellBuilder) -> None:
        for child in parent:
            self._read_block(child, out)

    def _read_block(self, child: _Element, out: StoryBuilder | CellBuilder) -> None:
        tag = child.tag
        if tag == P:
            self._read_paragraph(child, out)
        elif tag == TBL:
            self._flush(out)
            self._read_table(child, out)
        elif tag in WRAPPERS:
            if tag in TRACKED:
                self.note("R1")
            self._read_into(child, out)
        elif tag == ALTERNATE:
            branch = choose_branch(child)
            if branch is not None:
                self._read_into(branch, out)
        else:
            self._read_odd(child, out)

    def _read_odd(self, child: _Element, out: StoryBuilder | CellBuilder) -> None:
        if child.tag in REMOVED:
            self.note("R1")
        elif child.tag in FOREIGN:
            self.note("R7")
        elif child.tag == RUN:
            out.add_paragraph(ParagraphReader(self.scope, None).read_loose(child), "", None)
            self._read_inner(out)

    def _read_table(self, element: _Element, out: StoryBuilder | CellBuilder) -> None:
        self._place_table(element, read_full_rows(element, self), self.ordinals.of[element], out)

    def _read_paragraph(self, element: _Element, out: StoryBuilder | CellBuilder) -> None:
        address = self.paragraph = self.ordinals.of[element]
        joins = False
        if self._rare is not None and element not in self._rare:
            text, number = join_text(element), ""
        else:
            joins = self._joins_next(element)
            text, number = self.read_text(element, counts=not joins)
        if joins:
            if self._pending is None:
                self._pending = Pending([], address)
            self._pending.texts.append(text)
        else:
            self._add_joined(text, number, address, out)
        self._read_inner(out)

    def _add_joined(self, text: str, number: str, address: int, out: StoryBuilder | CellBuilder) -> None:
        """Add a paragraph with those before it that run on into it."""
        if self._pending is not None:
            text, address = "".join(self._pending.texts) + text, self._pending.address
            self._pending = None
        out.add_paragraph(text, number, address)

    def _joins_next(self, element: _Element) -> bool:
        """Whether the paragraph's mark was deleted."""
        mark = element.find(MARK)
        if mark is None:
            return False
        tags = {child.tag for child in mark}
        if tags & (TRACKED | REMOVED):
            self.note("R1")
        return bool(tags & REMOVED)

    def _flush(self, out: StoryBuilder | CellBuilder) -> None:
        if self._pending is not None:
            self._add_joined("", "", self._pending.address, out)

    def _read_inner(self, out: StoryBuilder | CellBuilder) -> None:
        """Blocks that a damaged file keeps inside a paragraph follow it."""
        if self.scope.inner:
            inner, self.scope.inner = self.scope.inner, []
            for element in inner:
                self._read_block(element, out)

    # -- paragraphs ---------------------------------------------------------------------------------------------

    def read_text(self, element: _Element, *, counts: bool = True) -> tuple[str, str]:
        """Text and list number of a paragraph; one that does not count leaves its list alone."""
        properties = element.find(PPR)
        style, own = (None, None) if properties is None else read_paragraph_properties(properties)
        text = ParagraphReader(self.scope, style).read(element)
        return text, self._count(own, style) if counts else ""

    def _count(self, own: ListPlace | None, style: str | None) -> str:
        """The list number of a paragraph."""
        styles = self._look.styles
        return self._look.numbering.next_number(own, styles.numbered.get(style or styles.default or ""), style)


def join_text(paragraph: _Element) -> str:
    """The text of a plain paragraph."""
    return "".join([text for t in paragraph.iter(T) if (text := t.text)]).replace("\n", " ")


def read_paragraph_properties(properties: _Element) -> tuple[str | None, ListPlace | None]:
    """Style and own w:numPr of a paragraph."""
    style, number = properties.find(P_STYLE), properties.find(NUM_PR)
    return (
        None if style is None else style.get(VAL),
        None if number is None else read_number_properties(number),
    )
