"""Sheets → the parts of a document, in the order of reading.

sheets ─ pages (tables, lines) ─ flows (body, header, footer, notes) ─→ blocks, tables stitched over page breaks
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from operator import attrgetter

from msgspec.structs import replace

from gouji.model.document import Block, Box, Cell, Paragraph, Part, Table
from gouji.model.locator import STORY_PREFIX, Story
from gouji.readers.lattice.draft import Draft, Page, Slot, Spot
from gouji.readers.lattice.lines import Line
from gouji.readers.lattice.margins import (
    Flow,
    find_marks,
    is_page_number,
    key_of,
    note_text,
    split_flows,
    strip_marks,
)
from gouji.readers.lattice.sheet import Sheet, area_to_box, bound_areas
from gouji.readers.lattice.stitch import continues, join_pieces
from gouji.readers.lattice.tables import PADDING, sheet_to_page
from gouji.readers.lattice.wrapping import INDENT, Lines, join_lines, lines_to_paragraphs

Item = Line | Draft
FULL_LINES = 3  # so many lines that end together show the right margin
ALIGNED = 2.0  # points
LIKELY = 0.9  # of the margin that tables or the left margin let expect
INDENTED = 0.5  # share of paragraphs' first lines that are indented


def sheets_to_parts(sheets: Iterator[Sheet]) -> tuple[Part, ...]:
    """Body first, then the stories that the document has."""
    pages = [sheet_to_page(sheet) for sheet in sheets]
    flows = split_flows(pages)
    blocks = items_to_blocks(join_items(pages, flows))
    stories: dict[Story, list[Paragraph]] = {
        "header": running_to_paragraphs([line for flow in flows for line in flow.header], "header"),
        "footer": running_to_paragraphs([line for flow in flows for line in flow.footer], "footer"),
        "footnote": notes_to_paragraphs([line for flow in flows for line in flow.notes]),
    }
    return (Part("body", blocks), *(Part(story, tuple(found)) for story, found in stories.items() if found))


def join_items(pages: list[Page], flows: list[Flow]) -> list[Item]:
    """Lines and tables of all pages in one row, tables over page breaks in one piece."""
    limits = find_limits(pages, flows)
    items: list[Item] = []
    for page, flow in zip(pages, flows, strict=True):
        found = order_items(page, flow)
        last = items[-1] if items else None
        first = found[0] if found else None
        if isinstance(first, Draft) and isinstance(last, Draft) and is_next(last, page):
            above = last.spots[-1]
            room = limits[above.sheet.number] - above.area.y1
            if continues(last, first, room):
                join_pieces(last, first, room)
                del found[0]
        items += found
    return items


def is_next(table: Draft, page: Page) -> bool:
    """Whether the page follows the one where the table stopped."""
    return table.spots[-1].sheet.number == page.sheet.number - 1


def find_limits(pages: list[Page], flows: list[Flow]) -> dict[int, float]:
    """For each page number, how far down its text may go: to its footnotes, else as far as on any page of its height."""
    feet: defaultdict[float, float] = defaultdict(float)
    for page, flow in zip(pages, flows, strict=True):
        height = page.sheet.height
        feet[height] = max([feet[height], *(line.y1 for line in flow.body), *(table.area.y1 for table in page.tables)])
    return {page.sheet.number: flow.end or feet[page.sheet.height] for page, flow in zip(pages, flows, strict=True)}


def order_items(page: Page, flow: Flow) -> list[Item]:
    """Lines and tables of a page from top to bottom."""
    marks = find_marks(flow.notes)
    lines = [strip_marks(line, marks) for line in flow.body] if marks else flow.body
    placed: list[tuple[float, float, Item]] = [(line.y0, line.x0, line) for line in lines]
    placed += [(table.area.y0, table.area.x0, table) for table in page.tables]
    placed.sort(key=lambda place: place[:2])
    return [item for _, _, item in placed]


def items_to_blocks(items: list[Item]) -> tuple[Block, ...]:
    """Paragraphs and tables with their evidence ids."""
    tables = [item for item in items if isinstance(item, Draft)]
    lines = frame_lines([item for item in items if not isinstance(item, Draft)], tables)
    is_indented = measure_indents(lines) >= INDENTED
    framed = iter(lines)
    blocks: list[Block] = []
    pending: Lines = []
    counts = {"p": 0, "t": 0}

    def close() -> None:
        for paragraph in lines_to_paragraphs(pending, is_indented=is_indented):
            counts["p"] += 1
            blocks.append(lines_to_paragraph(paragraph, f"p{counts['p']}"))
        pending.clear()

    for item in items:
        if isinstance(item, Draft):
            close()
            counts["t"] += 1
            blocks.append(draft_to_table(item, f"t{counts['t']}"))
        else:
            pending.append(next(framed))
    close()
    return tuple(blocks)


def frame_lines(lines: Lines, tables: list[Draft]) -> Lines:
    """Lines outside tables with the margins of the text on pages of their width."""
    by_width: defaultdict[float, Lines] = defaultdict(list)
    edges: defaultdict[float, list[float]] = defaultdict(list)
    for line in lines:
        by_width[line.sheet.width].append(line)
    for table in tables:
        edges[table.spots[0].sheet.width].append(table.area.x1)
    margins = {width: find_margins(found, width, edges[width]) for width, found in by_width.items()}
    framed = [(line, *margins[line.sheet.width]) for line in lines]
    return [replace(line, left=left, right=right) for line, left, right in framed]


def find_margins(lines: Lines, width: float, edges: list[float]) -> tuple[float, float]:
    """Left and right margin: where several lines end, else as far as tables reach or the left margin lets expect."""
    left = min(line.x0 for line in lines)
    ends = sorted(line.x1 for line in lines)
    expected = width - left - PADDING
    expected = min(expected, max(edges) - PADDING) if edges else expected
    for index in range(len(ends) - 1, FULL_LINES - 2, -1):
        if ends[index] > LIKELY * expected and ends[index] - ends[index - FULL_LINES + 1] <= ALIGNED:
            return left, ends[index]
    return left, max(ends[-1], expected)


def measure_indents(lines: Lines) -> float:
    """Share of lines set in by about two characters among those followed by one at the margin."""
    firsts = [before for before, line in pairwise(lines) if abs(line.x0 - line.left) < line.size / 2]
    indented = [line for line in firsts if INDENT < (line.x0 - line.left) / line.size < 3 * INDENT]
    others = [
        line for line in firsts if line.x0 - line.left <= INDENT * line.size and line.right - line.x1 > 2 * line.size
    ]
    return len(indented) / max(1, len(indented) + len(others))


def lines_to_paragraph(lines: Lines, where: str = "") -> Paragraph:
    """A paragraph with the rectangle of its lines on the page where it begins."""
    return Paragraph(join_lines(lines), where, "", None, bound_lines(lines))


def bound_lines(lines: Lines) -> Box:
    """Rectangle of the lines that share the first one's page."""
    sheet = lines[0].sheet
    if len(lines) == 1:
        only = lines[0]
        return area_to_box((only.x0, only.y0, only.x1, only.y1), sheet)
    return area_to_box(bound_areas([line for line in lines if line.sheet.number == sheet.number]), sheet)


def spot_to_box(spots: list[Spot]) -> Box:
    """Where a table or cell begins."""
    spot = spots[0]
    return area_to_box(spot.area, spot.sheet)


def draft_to_table(draft: Draft, where: str) -> Table:
    """The finished table."""
    slots = sorted(draft.slots, key=attrgetter("row", "col"))
    cells = tuple([slot_to_cell(slot, where) for slot in slots])
    return Table(where, draft.rows, len(draft.xs) - 1, cells, box=spot_to_box(draft.spots))


def slot_to_cell(slot: Slot, where: str) -> Cell:
    """The finished cell: its paragraphs, then the tables in it."""
    blocks: list[Block] = [lines_to_paragraph(lines) for lines in lines_to_paragraphs(slot.lines)]
    if slot.nested:
        head = f"{where}r{slot.row + 1}c{slot.col + 1}"
        blocks += [draft_to_table(table, f"{head}_t{index}") for index, table in enumerate(slot.nested, 1)]
    return Cell(slot.row, slot.col, slot.row_span, slot.col_span, tuple(blocks), None, spot_to_box(slot.spots))


def running_to_paragraphs(lines: Lines, story: Story) -> list[Paragraph]:
    """Each running line once, of page numbers the first."""
    first: dict[str, Line] = {}
    for line in lines:
        first.setdefault("#" if is_page_number(line) else key_of(line), line)
    prefix = STORY_PREFIX[story]
    return [lines_to_paragraph([line], f"{prefix}p{index}") for index, line in enumerate(first.values(), 1)]


def notes_to_paragraphs(lines: Lines) -> list[Paragraph]:
    """Footnotes without their marks."""
    framed = frame_lines(lines, [])
    prefix = STORY_PREFIX["footnote"]
    return [
        Paragraph(note_text(join_lines(found)), f"{prefix}p{index}", box=bound_lines(found))
        for index, found in enumerate(lines_to_paragraphs(framed), 1)
    ]
