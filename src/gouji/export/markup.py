"""A document as HTML: its tables with their spans, its paragraphs, every block under its evidence id.

<td id="t1r16c5" rowspan="2" class="hard"><p id="t1r16c5_p1">806.30</p><a …>2</a></td>     Decoration("hard", '<a …>2</a>')
<p id="p12">…支出<mark id="p12_34_40" class="value">871.05</mark>万元…</p>                   Span(34, 40, "p12_34_40", "value", "")

Every text of the submission is escaped; what decorates it is ours.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from gouji.export.plain import clean_text
from gouji.model.document import Cell, Document, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class Decoration(NamedTuple):
    """What a block carries: classes, and HTML of ours after its text."""

    classes: str = ""
    suffix: str = ""


class Span(NamedTuple):
    """Characters of a paragraph that are marked, with an id of their own."""

    start: int
    end: int
    identity: str
    classes: str
    suffix: str = ""


_BARE = Decoration()


class Markup:
    """Writes the blocks of a document. `blocks`: evidence id → decoration; `spans`: id of a paragraph → its marked characters."""

    def __init__(self, blocks: Mapping[str, Decoration], spans: Mapping[str, Sequence[Span]]) -> None:
        self._blocks = blocks
        self._spans = spans

    def write_document(self, document: Document) -> Iterator[str]:
        """The body first, then headers, footers, footnotes and text boxes."""
        for part in document.parts:
            yield from self.write_blocks(part.blocks, "")

    def write_blocks(self, blocks: Iterable[Paragraph | Table], head: str) -> Iterator[str]:
        """Blocks in order; `head` is the id of the cell they stand in."""
        ordinal = 0
        for block in blocks:
            if isinstance(block, Table):
                yield from self._write_table(block)
                continue
            ordinal += bool(block.printed.strip())
            yield self._write_paragraph(block, block.where or (f"{head}_p{ordinal}" if head else ""))

    def _write_table(self, table: Table) -> Iterator[str]:
        yield "<table>\n"
        for _, row in groupby(table.cells, key=lambda cell: cell.row):
            yield "<tr>"
            for cell in row:
                yield from self._write_cell(cell, table.cell_id(cell))
            yield "</tr>\n"
        yield "</table>\n"

    def _write_cell(self, cell: Cell, where: str) -> Iterator[str]:
        spans = f' colspan="{cell.col_span}"' if cell.col_span > 1 else ""
        spans += f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
        decoration = self._blocks.get(where, _BARE)
        yield f'<td id="{where}"{spans}{_classes(decoration.classes)}>'
        yield from self.write_blocks(cell.blocks, where)
        yield f"{decoration.suffix}</td>"

    def _write_paragraph(self, paragraph: Paragraph, where: str) -> str:
        decoration = self._blocks.get(where, _BARE)
        identity = f' id="{where}"' if where else ""
        number = paragraph.printed[: len(paragraph.printed) - len(paragraph.text)]
        text = self._write_text(paragraph.text, where)
        return f"<p{identity}{_classes(decoration.classes)}>{escape(clean_text(number))}{text}{decoration.suffix}</p>"

    def _write_text(self, text: str, where: str) -> str:
        """The text with its marked characters; a mark that overlaps an earlier one only leaves its suffix there."""
        pieces: list[str] = []
        place = 0
        for span in sorted(self._spans.get(where, ())):
            start, end = max(span.start, place), min(span.end, len(text))
            inner = escape_text(text[start:end])
            mark = f'<mark id="{span.identity}"{_classes(span.classes)}>{inner}</mark>' if inner else ""
            pieces += [escape_text(text[place:start]), mark, span.suffix]
            place = max(place, end)
        return "".join(pieces) + escape_text(text[place:])


def _classes(names: str) -> str:
    return f' class="{names}"' if names else ""


def escape_text(text: str) -> str:
    """Escaped, without characters that turn or hide text; spaces at its ends stay."""
    kept = (c if c.isprintable() or c in "\n\u3000" else " " if c.isspace() else "" for c in text)
    return escape("".join(kept))
