"""The whole of a .doc: which stories there are, in which order they are read, and the Document they come to.

text of the file   body │ footnotes │ headers, footers │ comments │ endnotes │ boxes │ boxes of headers
order of reading   body with its boxes, headers and footers section by section, footnotes, endnotes
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.model.locator import Story
from gouji.readers.doc import fib as word
from gouji.readers.doc.boxes import Boxes, read_boxes
from gouji.readers.doc.characters import Characters
from gouji.readers.doc.container import CORRUPT, Streams, read_streams
from gouji.readers.doc.fib import read_fib
from gouji.readers.doc.fkp import CHARACTER_ENTRY, PARAGRAPH_ENTRY, map_runs, read_file_runs
from gouji.readers.doc.fonts import read_symbol_fonts
from gouji.readers.doc.lists import read_lists
from gouji.readers.doc.paragraphs import Modifiers, Paragraphs
from gouji.readers.doc.piece_table import Piece, join_text, read_piece_table
from gouji.readers.doc.plc import read_plc
from gouji.readers.doc.stories import Look, StoryReader
from gouji.readers.doc.styles import Styles, read_styles
from gouji.readers.doc.text import new_source
from gouji.readers.list_numbers import NO_LISTS, Numbering
from gouji.readers.notices import write_notices
from gouji.readers.story import StoryBuilder

STORIES: tuple[Story, ...] = ("body", "header", "footer", "footnote", "textbox")
SEPARATORS = 6  # the first texts of the header story belong to the notes
SECTION_TEXTS: tuple[Story, ...] = ("header", "header", "footer", "footer", "header", "footer")  # even, odd, first page
SECTION_ITEM = 12
Part = TypeVar("Part")


def read_doc(data: bytes) -> Document:
    """Read a Word 97–2003 document (.doc, .dot, Kingsoft .wps and .wpt).

    Raises ReadError: "encrypted", "corrupt", "unsupported" or "too_large".
    """
    streams = read_streams(data)
    try:
        return DocumentReader(streams).read()
    except (struct.error, IndexError) as error:  # a structure that is cut off, or points outside of what it is in
        raise ReadError("corrupt", CORRUPT) from error


class DocumentReader:
    """Reads the streams of one document."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._fib = read_fib(streams.main)
        self._stories = {story: StoryBuilder(story) for story in STORIES}
        self._repairs: list[str] = []
        self._look = self._read_look()
        self._box_reader = StoryReader(self._look, self._stories["textbox"])

    def read(self) -> Document:
        """The document with all its stories and notices."""
        if self._fib.end(word.TEXT) > len(self._look.source.text):
            raise ReadError("corrupt", CORRUPT)
        self._read_body()
        self._read_margins()
        self._read_notes(word.FOOTNOTES, word.NOTE_MARKS, word.NOTE_TEXTS)
        self._read_notes(word.ENDNOTES, word.ENDNOTE_MARKS, word.ENDNOTE_TEXTS)
        parts = tuple(story.to_part() for story in self._stories.values() if story.blocks or story.story == "body")
        return Document("doc", parts, write_notices(self._look.source.notes, self._repairs, parts))

    def _cut(self, pair: int) -> bytes:
        return self._fib.cut(self._streams.table, pair)

    def _read_look(self) -> Look:
        """Everything that text is read with."""
        main, data = self._streams.main, self._streams.data
        table = read_piece_table(self._cut(word.CLX))
        text = join_text(main, table.pieces)
        modifiers = Modifiers(data, table.grpprls)
        no_fonts: dict[int, str] = {}
        fonts = self._try("字体表", lambda: read_symbol_fonts(self._cut(word.FONTS)), no_fonts)
        styles = self._try("样式表", lambda: read_styles(self._cut(word.STYLES)), Styles({}, frozenset()))
        lists_at, uses = self._fib.offset(word.LISTS), self._cut(word.LIST_USES)
        lists = self._try("编号列表", lambda: read_lists(self._streams.table, lists_at, uses, fonts), NO_LISTS)
        character_runs = read_file_runs(main, self._cut(word.CHARACTER_PAGES), CHARACTER_ENTRY)
        paragraph_runs = read_file_runs(main, self._cut(word.PARAGRAPH_PAGES), PARAGRAPH_ENTRY)
        characters = Characters(map_runs(table.pieces, character_runs), modifiers, fonts, styles)
        paragraphs = Paragraphs(map_runs(table.pieces, paragraph_runs), modifiers)
        source = new_source(text, characters, styles, data)
        sections = find_sections(self._cut(word.SECTIONS), source.text, table.pieces, frozenset(paragraph_runs.ends))
        return Look(source, paragraphs, Numbering(lists), sections)

    def _try(self, name: str, read: Callable[[], Part], otherwise: Part) -> Part:
        """A structure that the text can do without; that it is broken is noted."""
        try:
            return read()
        except (struct.error, IndexError):
            self._repairs.append(f"{name}已损坏，未读取")
            return otherwise

    # -- stories ----------------------------------------------------------------------------------------------------

    def _read_body(self) -> None:
        boxes = self._find_boxes(word.BOX_TEXTS, word.SHAPES, word.BOXES, word.TEXT)
        reader = StoryReader(self._look, self._stories["body"], partial(self._read_anchored, boxes))
        reader.read(0, self._fib.end(word.TEXT))
        self._read_loose(boxes)

    def _read_margins(self) -> None:
        """Headers and footers, section by section; one that is empty repeats that of the section before it."""
        start = self._fib.start(word.HEADERS)
        boxes = self._find_boxes(word.HEADER_BOX_TEXTS, word.HEADER_SHAPES, word.HEADER_BOXES, word.HEADERS)
        readers = {
            story: StoryReader(self._look, self._stories[story], partial(self._read_anchored, boxes))
            for story in dict.fromkeys(SECTION_TEXTS)
        }
        for index, (first, last, _) in enumerate(read_plc(self._cut(word.HEADER_TEXTS), 0)[SEPARATORS:]):
            if first < last:
                readers[SECTION_TEXTS[index % len(SECTION_TEXTS)]].read(*self._hold(start, first, last, word.HEADERS))
        self._read_loose(boxes)

    def _read_notes(self, story: int, marks: int, texts: int) -> None:
        """Footnotes or endnotes whose marks in the text are not deleted."""
        start = self._fib.start(story)
        references = [cp for cp, _, _ in read_plc(self._cut(marks), 2)]
        reader = StoryReader(self._look, self._stories["footnote"])
        for cp, (first, last, _) in zip(references, read_plc(self._cut(texts), 0), strict=False):
            if first < last and not self._look.source.characters.look_at(cp).deleted:
                reader.read(*self._hold(start, first, last, story))

    def _hold(self, start: int, first: int, last: int, story: int) -> tuple[int, int]:
        """A range of a story, held within it and within the text."""
        end = min(self._fib.end(story), len(self._look.source.text))
        return min(start + first, end), min(start + last, end)

    # -- text boxes -------------------------------------------------------------------------------------------------

    def _find_boxes(self, texts: int, shapes: int, story: int, anchors: int) -> Boxes:
        starts = self._fib.start(story), self._fib.start(anchors)
        return self._try("文本框", lambda: read_boxes(self._cut(texts), self._cut(shapes), *starts), Boxes({}, []))

    def _read_anchored(self, boxes: Boxes, anchor: int) -> None:
        for box in boxes.anchored.pop(anchor, ()):
            self._read_box(box)

    def _read_loose(self, boxes: Boxes) -> None:
        for box in boxes.loose:
            self._read_box(box)

    def _read_box(self, box: tuple[int, int]) -> None:
        length = len(self._look.source.text)
        self._box_reader.read(min(box[0], length), min(box[1], length))


def find_sections(plc: bytes, text: str, pieces: list[Piece], paragraph_ends: frozenset[int]) -> frozenset[int]:
    """CPs of the marks that end sections, and of page breaks that end a run of paragraph properties as they do."""
    found = {end - 1 for _, end, _ in read_plc(plc, SECTION_ITEM)}
    for piece in pieces:
        at = text.find("\f", piece.start, piece.end)
        while at >= 0:
            if piece.offset + (at + 1 - piece.start) * piece.width in paragraph_ends:
                found.add(at)
            at = text.find("\f", at + 1, piece.end)
    return frozenset(found)
