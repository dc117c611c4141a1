r"""One w:p → its text.

    <w:p><w:pPr/><w:r><w:t>收入</w:t><w:tab/></w:r><w:del>…</w:del><w:r><w:drawing>…txbxContent…</w:p>
     → "收入\t", tracked change noted, text box put aside

Containers that are only wrapping (hyperlink, smartTag, content control, insertion …) are walked through; whatever is
not text is not shown. Depth is bounded by the parser (256 levels).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from lxml.etree import _Element

from gouji.readers.docx.fields import follow_char
from gouji.readers.docx.names import (
    ALTERNATE,
    ASCII,
    CHOICE,
    DEL,
    ENDNOTE_MARK,
    FALLBACK,
    FIELD_CHAR,
    FIELD_TEXT,
    FONTS,
    FOOTNOTE_MARK,
    HIGH_ANSI,
    ID,
    INS,
    MOVE_FROM,
    MOVE_TO,
    R_STYLE,
    RPR,
    RUN,
    SUB_DOC,
    SYMBOL,
    TBL,
    TEXT_BOX,
    VAL,
    VANISH,
    M,
    P,
    T,
    W,
    is_on,
)
from gouji.readers.docx.styles import Styles
from gouji.readers.fields import Fields
from gouji.readers.notices import Notes, Spot
from gouji.readers.symbols import decode_symbol, decode_text, is_symbol_font

LITERALS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
BREAK, BREAK_TYPE, PAGE_BREAK = W + "br", W + "type", "\f"
MATH_TEXT, DENOMINATOR, ROOT_DEGREE = M + "t", M + "den", M + "deg"
SILENT_WORD = (
    "pPr rPr sdtPr sdtEndPr tblPr customXmlPr smartTagPr rubyPr rt numPr delText delInstrText softHyphen pgNum "
    "commentReference annotationRef footnoteRef endnoteRef lastRenderedPageBreak"
)
SILENT_MATH = "ctrlPr fPr rPr oMathParaPr radPr sSupPr sSubPr naryPr dPr"
SILENT = frozenset([*(W + name for name in SILENT_WORD.split()), *(M + name for name in SILENT_MATH.split())])


class Scope:
    """What a paragraph reader works with: the document's styles, and where findings on the way are put."""

    __slots__ = ("boxes", "inner", "marks", "notes", "spot", "styles")

    def __init__(self, styles: Styles, notes: Notes, spot: Callable[[], Spot]) -> None:
        self.styles = styles
        self.notes = notes
        self.spot = spot
        self.boxes: list[_Element] = []
        self.inner: list[_Element] = []
        self.marks: set[tuple[str, str]] = set()


class ParagraphReader:
    """Collects the text of one paragraph."""

    __slots__ = ("_fields", "_font", "_hidden", "_out", "_scope", "_style_hides")

    def __init__(self, scope: Scope, style: str | None) -> None:
        self._scope = scope
        self._out: list[str] = []
        self._fields: Fields[_Element] = Fields()
        self._style_hides = (style or scope.styles.default) in scope.styles.hidden
        self._hidden = self._style_hides
        self._font: str | None = None

    def read(self, paragraph: _Element) -> str:
        """The text; page breaks at either end are layout, inside they are line breaks."""
        self._walk(paragraph)
        text = "".join(self._out)
        return text.strip(PAGE_BREAK).replace(PAGE_BREAK, "\n") if PAGE_BREAK in text else text

    def read_loose(self, run: _Element) -> str:
        """The text of a run that stands in no paragraph."""
        self._read_run(run)
        return "".join(self._out).replace(PAGE_BREAK, "\n")

    def _emit(self, text: str) -> None:
        if not text or self._fields.unshown:
            return
        if self._fields.open:
            self._fields.open[-1].printed = True
        if not self._hidden:
            self._out.append(text)
        elif text.strip():
            self._scope.notes.add("R4", self._scope.spot())

    def _walk(self, parent: _Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == T:
                self._emit_text(child)
            elif tag in LITERALS:
                self._emit(LITERALS[tag])
            elif tag in self._HANDLERS:
                self._HANDLERS[tag](self, child)
            elif isinstance(tag, str) and tag not in SILENT:
                self._walk(child)

    def _emit_text(self, element: _Element) -> None:
        text = element.text or ""
        if "\n" in text or "\r" in text or "\t" in text:
            text = " ".join(text.split("\n")).replace("\r", " ").replace("\t", " ")
        self._emit(decode_text(text, self._font))

    def _read_run(self, run: _Element) -> None:
        hidden, font = self._hidden, self._font
        properties = run.find(RPR)
        if properties is not None:
            self._hidden = self._is_hidden(properties)
            self._font = read_font(properties)
        else:
            self._hidden = self._style_hides
        self._walk(run)
        self._hidden, self._font = hidden, font

    def _is_hidden(self, properties: _Element) -> bool:
        vanish = properties.find(VANISH)
        if vanish is not None:
            return is_on(vanish.get(VAL))
        style = properties.find(R_STYLE)
        return self._style_hides or (style is not None and style.get(VAL) in self._scope.styles.hidden)

    def _read_break(self, element: _Element) -> None:
        self._emit(PAGE_BREAK if element.get(BREAK_TYPE) in {"page", "column"} else "\n")

    def _read_symbol(self, element: _Element) -> None:
        self._emit(decode_symbol(element.get(W + "char"), element.get(W + "font")))

    def _read_field_char(self, element: _Element) -> None:
        self._emit(follow_char(self._fields, element))

    def _read_instruction(self, element: _Element) -> None:
        self._fields.take_instruction(element.text or "")

    def _read_math_text(self, element: _Element) -> None:
        self._emit(element.text or "")

    def _read_denominator(self, element: _Element) -> None:
        self._emit("/")
        self._walk(element)

    def _read_note_mark(self, element: _Element) -> None:
        self._scope.marks.add((str(element.tag), element.get(ID) or ""))

    def _read_box(self, element: _Element) -> None:
        if not self._hidden:
            self._scope.boxes.append(element)

    def _put_aside(self, block: _Element) -> None:
        self._scope.inner.append(block)

    def _read_alternate(self, element: _Element) -> None:
        branch = choose_branch(element)
        if branch is not None:
            self._walk(branch)

    def _read_kept_change(self, element: _Element) -> None:
        self._scope.notes.add("R1", self._scope.spot())
        self._walk(element)

    def _drop_change(self, _element: _Element) -> None:
        self._scope.notes.add("R1", self._scope.spot())

    def _drop_document(self, _element: _Element) -> None:
        self._scope.notes.add("R7", self._scope.spot())

    _HANDLERS: ClassVar[dict[str | object, Callable[[ParagraphReader, _Element], None]]] = {
        RUN: _read_run,
        BREAK: _read_break,
        SYMBOL: _read_symbol,
        FIELD_CHAR: _read_field_char,
        FIELD_TEXT: _read_instruction,
        MATH_TEXT: _read_math_text,
        DENOMINATOR: _read_denominator,
        FOOTNOTE_MARK: _read_note_mark,
        ENDNOTE_MARK: _read_note_mark,
        TEXT_BOX: _read_box,
        ALTERNATE: _read_alternate,
        INS: _read_kept_change,
        MOVE_TO: _read_kept_change,
        DEL: _drop_change,
        MOVE_FROM: _drop_change,
        SUB_DOC: _drop_document,
        P: _put_aside,
        TBL: _put_aside,
    }


def read_font(properties: _Element) -> str | None:
    """The symbol font that Latin letters of a run are drawn in, None for ordinary fonts."""
    fonts = properties.find(FONTS)
    if fonts is None:
        return None
    font = fonts.get(ASCII) or fonts.get(HIGH_ANSI)
    return font if is_symbol_font(font) else None


def choose_branch(alternate: _Element) -> _Element | None:
    """The one branch of mc:AlternateContent to read: the first choice, else the fallback."""
    choice = alternate.find(CHOICE)
    return choice if choice is not None else alternate.find(FALLBACK)
