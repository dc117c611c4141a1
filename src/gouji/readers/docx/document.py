"""The whole of a .docx: which parts there are, in which order they are read, and the Document they come to.

main part ─→ body, text boxes
  ├ w:sectPr ─ header/footer references ─→ each distinct part once
  ├ footnotes.xml, endnotes.xml ─→ the notes that the text refers to
  └ styles.xml, numbering.xml ─→ only as far as the text needs them
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from lxml.etree import _Element

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.model.locator import Story
from gouji.readers.docx.markup import clean_markup, is_streamable, parse_markup
from gouji.readers.docx.names import (
    BODY,
    ENDNOTE_MARK,
    FOOTNOTE_MARK,
    HEADER_MARK,
    ID,
    TYPE,
    R,
    W,
)
from gouji.readers.docx.numbering import read_lists
from gouji.readers.docx.package import CHUNK, NO_MAIN, Package, Relation
from gouji.readers.docx.parts import Look, PartReader
from gouji.readers.docx.rare import find_rare
from gouji.readers.docx.stream import StreamReader
from gouji.readers.docx.styles import NO_STYLES, matters, read_styles
from gouji.readers.list_numbers import Numbering
from gouji.readers.notices import Notes, write_notices
from gouji.readers.story import StoryBuilder
from gouji.readers.symbols import has_symbol_fonts

STORIES: tuple[Story, ...] = ("body", "header", "footer", "footnote", "textbox")
NOTE_PARTS = ((FOOTNOTE_MARK, "footnotes", W + "footnote"), (ENDNOTE_MARK, "endnotes", W + "endnote"))
SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})
STREAM_BYTES = 8 * 1024 * 1024
STYLE_WORDS = (b"pStyle", b"rStyle", b"numPr")


def read_docx(data: bytes) -> Document:
    """Read a Word document (.docx, .docm, .dotx; Word, WPS, LibreOffice).

    Raises ReadError: "empty", "encrypted", "corrupt", "unsupported" or "too_large".
    """
    return DocumentReader(Package(data)).read()


class DocumentReader:
    """Reads one package."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.find_main()
        self._relations = package.relations(self._main)
        self._stories = {story: StoryBuilder(story) for story in STORIES}
        self._notes = Notes()

    def read(self) -> Document:
        """The document with all its stories and notices."""
        if self._package.size(self._main) > STREAM_BYTES:
            pieces = self._package.stream(self._main, CHUNK)
            head = next(pieces, b"")
            if is_streamable(head):
                return self._read_stream(chain((head,), pieces))
            return self._read_whole(head + b"".join(pieces))
        return self._read_whole(self._package.read(self._main))

    def _read_whole(self, data: bytes) -> Document:
        data = clean_markup(data)
        body = find_body(parse_markup(data))
        look = self._read_look(data)
        reader = self._new_reader(look)
        rare = find_rare(body, look.styles, symbol_fonts=has_symbol_fonts(data))
        reader.read_part(body, rare)
        return self._finish(look, rare.margins, reader.scope.marks)

    def _read_stream(self, pieces: Iterable[bytes]) -> Document:
        look = self._read_look(b" ".join(STYLE_WORDS))
        reader = self._new_reader(look)
        stream = StreamReader(reader, look.styles)
        stream.read(pieces)
        return self._finish(look, tuple(stream.margins), reader.scope.marks)

    def _new_reader(self, look: Look) -> PartReader:
        return PartReader(look, self._stories["body"], self._stories["textbox"])

    def _read_look(self, data: bytes) -> Look:
        """Styles and lists, read only if the text refers to any."""
        styles_root = self._read_root("styles") if any(word in data for word in STYLE_WORDS) else None
        styles = NO_STYLES if styles_root is None else read_styles(styles_root)
        lists_root = self._read_root("numbering") if b"numPr" in data or styles.numbered else None
        return Look(styles, Numbering(read_lists(lists_root, styles_root)), self._notes)

    def _read_root(self, kind: str) -> _Element | None:
        name = find_relation(self._relations, kind)
        data = self._package.read_optional(name)
        if data is None or name is None or (kind == "styles" and not matters(data)):
            return None
        return self._package.parse_optional(data, name)

    def _read_margins(self, marks: tuple[_Element, ...], look: Look) -> None:
        """Headers and footers in the order in which sections refer to them."""
        seen: set[str] = set()
        for mark in marks:
            relation = self._relations.get(mark.get(R + "id") or "")
            if relation is None or relation.target.lower() in seen:
                continue
            seen.add(relation.target.lower())
            story = self._stories["header" if mark.tag == HEADER_MARK else "footer"]
            root = self._read_part_root(relation.target)
            if root is not None:
                PartReader(look, story, self._stories["textbox"]).read_part(root, None)

    def _read_part_root(self, name: str) -> _Element | None:
        data = self._package.read_optional(name)
        return None if data is None else self._package.parse_optional(data, name)

    def _read_notes(self, marks: set[tuple[str, str]], look: Look) -> None:
        """Footnotes, then endnotes, as far as the text refers to them."""
        for tag, kind, element in NOTE_PARTS:
            wanted = {identity for mark, identity in marks if mark == tag}
            name = find_relation(self._relations, kind) if wanted else None
            root = self._read_part_root(name) if name else None
            if root is None:
                continue
            reader = PartReader(look, self._stories["footnote"], self._stories["textbox"])
            for note in root.iterchildren(element):
                if note.get(ID) in wanted and note.get(TYPE) not in SEPARATORS:
                    reader.read_part(note, None)

    def _finish(self, look: Look, margins: tuple[_Element, ...], marks: set[tuple[str, str]]) -> Document:
        self._read_margins(margins, look)
        self._read_notes(marks, look)
        parts = tuple(story.to_part() for story in self._stories.values() if story.blocks or story.story == "body")
        return Document("docx", parts, write_notices(self._notes, self._package.repairs, parts))


def find_body(root: _Element) -> _Element:
    """The w:body; ReadError where the main part is no Word text."""
    body = root.find(BODY)
    if body is None:
        raise ReadError("corrupt", NO_MAIN)
    return body


def find_relation(relations: dict[str, Relation], kind: str) -> str | None:
    """Name of the first part related in this way."""
    return next((relation.target for relation in relations.values() if relation.kind == kind), None)
