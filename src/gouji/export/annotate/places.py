"""Evidence ids → the blocks they name, so that an exporter can find the native place again.

    t1r16c4        the Cell at grid row 15, column 3 of the first table      address: ordinal of its w:tc; box: on a PDF page
    p12_34_40      the 12th Paragraph, characters 34–40
    t1r4c2_p3      the 3rd non-empty Paragraph in a cell

A converted document is a second reading of the same text: a place counts there only if its text is the same.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import msgspec

from gouji.export.annotate.remarks import Remark
from gouji.model.document import Cell, Document, Paragraph, Table
from gouji.model.locator import STORY_PREFIX, CellStep, Locator, Story, parse_locator

if TYPE_CHECKING:
    from collections.abc import Iterable

Blocks = tuple[Paragraph | Table, ...]


class Place(msgspec.Struct, frozen=True):
    """A block of a document, perhaps only some characters of it."""

    where: str
    story: Story
    block: Cell | Paragraph
    start: int | None = None
    end: int | None = None

    @property
    def text(self) -> str:
        """What stands there, characters aside."""
        return self.block.whole_text if isinstance(self.block, Cell) else self.block.text


class Mark(msgspec.Struct, frozen=True):
    """A remark with its places: the first that was found carries it, the others are only named. `lost`: not found here."""

    remark: Remark
    places: tuple[Place, ...]
    lost: tuple[str, ...] = ()


def mark_remarks(document: Document, remarks: Iterable[Remark], original: Document | None = None) -> list[Mark]:
    """Find the places of each remark; with `original`, only those whose text is the same there."""
    marks = []
    for remark in remarks:
        found = {where: _find_verified(document, where, original) for where in remark.where}
        places = tuple(place for place in found.values() if place is not None)
        marks.append(Mark(remark, places, tuple(where for where, place in found.items() if place is None)))
    return marks


def _find_verified(document: Document, where: str, original: Document | None) -> Place | None:
    place = find_place(document, where)
    if place is None or original is None:
        return place
    source = find_place(original, where)
    return place if source is not None and _same_text(place.text, source.text) else None


def _same_text(left: str, right: str) -> bool:
    return _squeeze(left) == _squeeze(right)


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def find_place(document: Document, where: str) -> Place | None:
    """The place an evidence id names, None where the document has none such."""
    try:
        locator = parse_locator(where)
    except ValueError:
        return None
    block = _descend(document, locator)
    return None if block is None else Place(where, locator.story, block, locator.start, locator.end)


def _descend(document: Document, locator: Locator) -> Cell | Paragraph | None:
    blocks = document.part(locator.story)
    if not locator.cells:
        return _nth_named(blocks, f"{STORY_PREFIX[locator.story]}p{locator.paragraph}")
    cell: Cell | None = None
    for step in locator.cells:
        cell = _find_cell(blocks, step)
        if cell is None:
            return None
        blocks = cell.blocks
    return cell if locator.paragraph is None else _nth_paragraph(blocks, locator.paragraph)


def _nth_named(blocks: Blocks, where: str) -> Paragraph | None:
    return next((block for block in blocks if isinstance(block, Paragraph) and block.where == where), None)


def _nth_paragraph(blocks: Blocks, ordinal: int) -> Paragraph | None:
    texts = [block for block in blocks if isinstance(block, Paragraph) and block.printed.strip()]
    return texts[ordinal - 1] if 0 < ordinal <= len(texts) else None


def _find_cell(blocks: Blocks, step: CellStep) -> Cell | None:
    tables = [block for block in blocks if isinstance(block, Table)]
    if not 0 < step.table <= len(tables):
        return None
    wanted = (step.row - 1, step.col - 1)
    return next((cell for cell in tables[step.table - 1].cells if (cell.row, cell.col) == wanted), None)
