"""Rows of a w:tbl → raw cells, in two ways that must agree.

plain   one flat iteration over w:tr w:tc w:gridSpan w:vMerge w:gridBefore w:p w:t; wrappers do not show at all
full    row by row and cell by cell: tracked rows and cells, w:hMerge, nested tables, text boxes

<w:tr><w:trPr><w:gridBefore w:val="1"/>…<w:tc>…<w:gridSpan w:val="2"/>   → RawCell(col=1, span=2, …)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lxml.etree import _Element

from gouji.model.document import Paragraph, Table
from gouji.readers.docx.names import (
    ALTERNATE,
    CELL_DEL,
    CELL_INS,
    CELL_MERGE,
    DEL,
    GRID,
    GRID_BEFORE,
    GRID_COL,
    GRID_SPAN,
    H_MERGE,
    INS,
    MOVE_TO,
    TC,
    TCPR,
    TR,
    TRPR,
    V_MERGE,
    VAL,
    WIDTH,
    P,
    T,
    W,
    to_int,
)
from gouji.readers.docx.paragraphs import choose_branch
from gouji.readers.grid import GO_ON, LIMIT_SPAN, START, RawCell, RawRow

if TYPE_CHECKING:
    from gouji.readers.docx.parts import PartReader

PLAIN_TAGS = (TR, TC, GRID_SPAN, V_MERGE, H_MERGE, GRID_BEFORE, P, T)
ROW_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))
TRACKED_V_MERGE = W + "vMerge"
ROW_OR_CELL = (TR, TC)
LIMIT_WIDTH = 1_000_000
SPANS: dict[str | None, int] = {str(span): span for span in range(1, 64)}


Elements = Iterable[_Element]
Rare = frozenset[_Element]


def read_widths(table: _Element) -> list[int]:
    """Column widths in twips as w:tblGrid gives them; 0 where it gives none."""
    grid = table.find(GRID)
    if grid is None:
        return []
    return [to_int(column.get(WIDTH), 0, 0, LIMIT_WIDTH) for column in grid.iterchildren(GRID_COL)]


def read_span(element: _Element) -> int:
    """A w:gridSpan."""
    value = element.get(VAL)
    return SPANS.get(value) or to_int(value, 1, 1, LIMIT_SPAN)


def read_merge(element: _Element) -> str:
    """A w:vMerge or w:hMerge: without value it goes on."""
    return START if element.get(VAL) == START else GO_ON


# One loop without calls: here goes the time of a table.
def read_plain_rows(elements: Elements, part: PartReader, rare: Rare) -> list[RawRow]:  # noqa: C901, PLR0912
    """Rows of a table in which nothing hides, moves or nests cells, from its PLAIN_TAGS in document order."""
    rows: list[RawRow] = []
    row: RawRow = []
    raw = RawCell(0, 0, None, (), 0)  # before the first cell of a row: its span is w:gridBefore
    blocks: list[Paragraph | Table] = []
    texts: list[str] = []
    cell, paragraph = part.ordinals.next_cell, part.ordinals.next_paragraph
    plain = True
    for element in elements:
        tag = element.tag
        if tag == T:
            if plain and (text := element.text):
                texts.append(text)
            continue
        if texts:
            close_paragraph(texts, blocks, paragraph - 1)
        if tag == P:
            plain = element not in rare
            if not plain:
                part.cell, part.paragraph = cell - 1, paragraph
                read_rare_paragraph(element, part, blocks, paragraph)
            paragraph += 1
        elif tag == GRID_SPAN:
            raw.span = read_span(element)
        elif tag in ROW_OR_CELL:
            if blocks:
                raw.blocks = tuple(blocks)
                blocks.clear()
            if tag == TC:
                raw = RawCell(raw.col + raw.span, 1, None, (), cell)
                row.append(raw)
                cell += 1
            else:
                raw = RawCell(0, 0, None, (), 0)
                row = []
                rows.append(row)
        elif tag == GRID_BEFORE:
            raw.span = read_before(element)
        else:
            read_layout_mark(element, raw)
    if texts:
        close_paragraph(texts, blocks, paragraph - 1)
    raw.blocks = tuple(blocks)
    part.ordinals.next_cell, part.ordinals.next_paragraph = cell, paragraph
    part.cell = None
    return rows


def close_paragraph(texts: list[str], blocks: list[Paragraph | Table], address: int) -> None:
    """Add the collected texts as a paragraph unless they are blank."""
    text = "".join(texts)
    texts.clear()
    if not text.isspace():
        blocks.append(Paragraph(text.replace("\n", " ") if "\n" in text else text, "", "", address))


def read_rare_paragraph(element: _Element, part: PartReader, blocks: list[Paragraph | Table], address: int) -> None:
    """Add a paragraph that is more than its w:t."""
    text, number = part.read_text(element)
    if text.strip() or number.strip():
        blocks.append(Paragraph(text, "", number, address))


def read_before(element: _Element | None) -> int:
    """A w:gridBefore."""
    return 0 if element is None else to_int(element.get(VAL), 0, 0, LIMIT_SPAN)


def read_full_rows(children: Iterable[_Element], part: PartReader) -> list[RawRow]:
    """The rows among the children of any table, tracked changes resolved."""
    rows: list[RawRow] = []
    for row in iter_wrapped(children, TR, part):
        properties = row.find(TRPR)
        if properties is not None and is_removed(properties, part, row):
            continue
        rows.append(read_full_row(row, properties, part))
    return rows


def iter_wrapped(children: Iterable[_Element], wanted: str, part: PartReader) -> Iterator[_Element]:
    """The rows or cells among these, inside whatever wraps them."""
    for child in children:
        tag = child.tag
        if tag == wanted:
            yield child
        elif tag in ROW_WRAPPERS:
            if tag in (INS, MOVE_TO):
                part.note("R1")
            yield from iter_wrapped(child, wanted, part)
        elif tag == ALTERNATE and (branch := choose_branch(child)) is not None:
            yield from iter_wrapped(branch, wanted, part)


def is_removed(properties: _Element, part: PartReader, holder: _Element) -> bool:
    """Whether a tracked change took the row or cell away (noted, as are added ones)."""
    tags = {child.tag for child in properties}
    if tags & {INS, DEL, CELL_INS, CELL_DEL, CELL_MERGE}:
        outer = part.cell
        first = next(holder.iter(TC), None)
        part.cell = outer if first is None else part.ordinals.of[first]
        part.note("R1")
        part.cell = outer
    return bool(tags & {DEL, CELL_DEL})


def read_full_row(element: _Element, properties: _Element | None, part: PartReader) -> RawRow:
    """The cells of one row."""
    row: RawRow = []
    col = read_before(None if properties is None else properties.find(GRID_BEFORE))
    for cell in iter_wrapped(element, TC, part):
        layout = cell.find(TCPR)
        if layout is not None and is_removed(layout, part, cell):
            continue
        raw = RawCell(col, 1, None, (), part.ordinals.of[cell])
        if layout is not None:
            read_layout(layout, raw)
        raw.blocks = part.read_cell(cell)
        row.append(raw)
        col += raw.span
    return row


def read_layout(properties: _Element, raw: RawCell) -> None:
    """Span and merges of a cell from its w:tcPr."""
    for element in properties:
        read_layout_mark(element, raw)


def read_layout_mark(element: _Element, raw: RawCell) -> None:
    """What one child of w:tcPr says of the cell's place."""
    tag = element.tag
    if tag == GRID_SPAN:
        raw.span = read_span(element)
    elif tag == V_MERGE:
        raw.merge = read_merge(element)
    elif tag == H_MERGE:
        raw.joins_left = read_merge(element) == GO_ON
    elif tag == CELL_MERGE and (state := element.get(TRACKED_V_MERGE)):
        raw.merge = GO_ON if state == "cont" else START
