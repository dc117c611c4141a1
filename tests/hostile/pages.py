"""Blocks of a report as a PDF, and what a hostile PDF carries beside its pages.

Para → a line        Grid → rules and the cells' texts, line by line        one page as high as it takes

catalogue ─ OpenAction, AA, Names (JavaScript, attachment)   page ─ AA, a link   trailer ─ Info
"""

from __future__ import annotations

from collections.abc import Sequence

from readers.pdf.pages import Page, Writer, add_page, put_shared, text_width
from yueyang.grid import Block, Cell, Grid, Para

EVIL, GOOD = "http:" + "//evil.invalid", "http:" + "//example.invalid"  # no address of this project's own
SIZE, LEFT, STEP, COLUMN = 6.0, 20.0, 9.0, 60.0


def pdf_of(blocks: Sequence[Block], extras: dict[str, bytes] | None = None) -> bytes:
    """The file; `extras`: bytes to stand in its catalogue, page and trailer."""
    page = Page(width=LEFT * 2 + 24 * COLUMN, height=13_000)
    y = LEFT
    for block in blocks:
        if isinstance(block, Para):
            for line in block.text.splitlines() or [""]:
                page.text(LEFT, y, line, SIZE)
                y += 2 * STEP
        elif isinstance(block, Grid):
            y = draw_grid(page, block, y) + 3 * STEP
    page.height = min(page.height, y + LEFT) if y > page.height else page.height
    return write(page, extras or {})


def draw_grid(page: Page, grid: Grid, top: float) -> float:
    """The rules and texts of a table; where it ends."""
    width = 24 * COLUMN / grid.columns
    lines = {cell: wrap(cell, width) for cell in grid.cells}
    highs = [1] * grid.rows
    for cell in grid.cells:
        last = cell.row + cell.height - 1
        highs[last] = max(highs[last], len(lines[cell]) - cell.height + 1)
    ys = [top]
    for high in highs:
        ys.append(ys[-1] + STEP * (high + 0.5))
    for cell in grid.cells:
        x = LEFT + cell.col * width
        page.outline(x, ys[cell.row], x + cell.width * width, ys[cell.row + cell.height])
        for n, line in enumerate(lines[cell]):
            page.text(x + 2, ys[cell.row] + 2 + n * STEP, line, SIZE)
    return ys[-1]


def wrap(cell: Cell, width: float) -> list[str]:
    """The lines of a cell."""
    room = cell.width * width - 4
    lines: list[str] = []
    for text in cell.text.splitlines():
        line = ""
        for char in text:
            if text_width(line + char, SIZE) > room:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


def write(page: Page, extras: dict[str, bytes]) -> bytes:
    """A file of one page."""
    writer = Writer()
    put_shared(writer)
    kid = add_page(writer, page)
    writer.objects[kid] = writer.objects[kid][:-2] + extras.get("page", b"") + b" >>"
    writer.put(1, b"<< /Type /Catalog /Pages 2 0 R %s >>" % extras.get("catalogue", b""))
    writer.put(2, b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % kid)
    return writer.write(extras.get("trailer", b""))


ACTIVE = {
    "catalogue": b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /AA << /WC << /S /Launch /F (calc.exe) >> >> "
    b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (app.alert\\(2\\)) >>] >> >>",
    "page": b"/AA << /O << /S /JavaScript /JS (app.alert\\(3\\)) >> >> /Annots [<< /Type /Annot /Subtype /Link "
    b"/Rect [0 0 99 99] /A << /S /URI /URI (javascript:alert\\(4\\)) >> >>]",
}
QUIET = {
    "catalogue": b"/OpenAction [10 0 R /Fit]",
    "page": b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 99 99] /A << /S /URI /URI (%s/) >> >>]"
    % GOOD.encode(),
    "trailer": b"/Info << /Title (=1+1 <script>alert\\(1\\)</script>) /Author (../../x) /Subject ({{7*7}}) >>",
}
