r"""The characters between two CPs → the text of a paragraph.

13 PAGE 14 3 15          field: instruction dropped, result shown       01 with form data: ☑ ☐
08                       anchor of a drawn object: its text box is put aside
09 \t   0B \n   0C 0E page, column break   1E no-break hyphen -   others are not shown
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

import msgspec

from gouji.readers.doc.characters import CharacterLook, Characters, Span
from gouji.readers.doc.forms import draw_form_field
from gouji.readers.doc.piece_table import join_halves
from gouji.readers.doc.styles import Styles
from gouji.readers.fields import Fields, draw_instruction
from gouji.readers.notices import Notes, Spot
from gouji.readers.symbols import decode_code, decode_text, has_private

OBJECT, ANCHOR, FIELD_BEGIN, FIELD_RESULT, FIELD_END = "\x01", "\x08", "\x13", "\x14", "\x15"
PAGE_BREAK = "\f"
SHOWN = {"\n": " ", "\v": "\n", "\f": PAGE_BREAK, "\x0e": PAGE_BREAK, "\x1e": "-"}
_CONTROL = re.compile(r"([\x00-\x08\n-\x1f])")
_HALF = re.compile("[\ud800-\udfff]")
FORM_FIELD = "FORM"


class Form:
    """Where the settings of an open field's form are, if it has any."""

    __slots__ = ("at",)

    def __init__(self) -> None:
        self.at: int | None = None


class Source(msgspec.Struct, frozen=True):
    """What the text of a document is read from."""

    text: str
    characters: Characters
    styles: Styles
    notes: Notes
    data: bytes
    halves: bool
    signs: bool


def new_source(text: str, characters: Characters, styles: Styles, data: bytes) -> Source:
    """A source, looked through once for what is rare."""
    return Source(text, characters, styles, Notes(), data, _HALF.search(text) is not None, has_private(text))


class TextReader:
    """Reads paragraphs of one source; `anchors` collects the CPs of the drawn objects in them."""

    def __init__(self, source: Source, spot: Callable[[], Spot]) -> None:
        self._source = source
        self._spot = spot
        self._out: list[str] = []
        self._fields: Fields[Form] = Fields()
        self.anchors: list[int] = []

    def read(self, start: int, end: int, style: int) -> str:
        """The text; page breaks at either end are layout, inside they are line breaks."""
        source = self._source
        hides = style in source.styles.hidden
        raw = source.text[start:end]
        if hides or source.characters.any_in(start, end) or _CONTROL.search(raw):
            raw = self._read_spans(start, end, hides=hides)
        elif source.signs:
            raw = decode_text(raw, None)
        return join_halves(raw) if source.halves else raw

    def _read_spans(self, start: int, end: int, *, hides: bool) -> str:
        self._out, self._fields = [], Fields()
        for span in self._source.characters.split(start, end):
            self._read_span(span, hides=hides)
        text = "".join(self._out)
        return text.strip(PAGE_BREAK).replace(PAGE_BREAK, "\n") if PAGE_BREAK in text else text

    def _read_span(self, span: Span, *, hides: bool) -> None:
        look = span.look
        if look.deleted or look.inserted:
            self._source.notes.add("R1", self._spot())
        if look.deleted:
            return
        hidden = look.is_hidden(self._source.styles, paragraph_hides=hides)
        at = span.start
        for piece in _CONTROL.split(self._source.text[span.start : span.end]):
            if not piece:
                continue
            if _CONTROL.match(piece):
                self._take_control(piece, at, look, hidden=hidden)
            elif self._fields.unshown:
                self._fields.take_instruction(piece)
            else:
                self._emit(draw_text(piece, look), hidden=hidden)
            at += len(piece)

    def _emit(self, text: str, *, hidden: bool) -> None:
        if not text or self._fields.unshown:
            return
        if not hidden:
            self._out.append(text)
        elif text.strip():
            self._source.notes.add("R4", self._spot())

    def _take_control(self, char: str, at: int, look: CharacterLook, *, hidden: bool) -> None:
        if char == FIELD_BEGIN:
            self._fields.begin(Form())
        elif char == FIELD_RESULT:
            self._fields.separate()
        elif char == FIELD_END:
            self._emit(self._end_field(), hidden=hidden)
        elif char == OBJECT and self._fields.open:
            self._fields.open[-1].origin.at = look.data
        elif char == ANCHOR and not hidden:
            self.anchors.append(at)
        elif char in SHOWN:
            self._emit(SHOWN[char], hidden=hidden)

    def _end_field(self) -> str:
        """What a field shows that stores no result."""
        field = self._fields.end()
        if field is None:
            return ""
        if field.origin.at is not None and field.instruction.strip().startswith(FORM_FIELD):
            try:
                return draw_form_field(self._source.data, field.origin.at)
            except struct.error:  # settings that are lost draw nothing
                return ""
        return "" if field.shown else draw_instruction(field.instruction)


def draw_text(text: str, look: CharacterLook) -> str:
    """Text as its font draws it; a sign stands once for every character it is set on."""
    if look.symbol is not None:
        font, code = look.symbol
        return decode_code(code, font) * len(text)
    return decode_text(text, look.font)
