"""Word comments and bookmarks in a copy of a .docx.

<w:tc><w:p><w:commentRangeStart w:id="7"/><w:bookmarkStart w:id="3" w:name="t1r16c4"/><w:r>…603.03…</w:r>
           <w:bookmarkEnd w:id="3"/><w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r></w:p></w:tc>

A place is found by the reader's address, the ordinal of its w:tc or w:p. Where Word allows no comment (text box, header,
footnote), or the place is not in this text, the comment stands at the nearest paragraph of the body; it names its place in words.
"""

from __future__ import annotations

import zipfile
import zlib
from itertools import chain
from typing import TYPE_CHECKING

from lxml import etree

from gouji.export.annotate.bookmarks import name_bookmark
from gouji.export.annotate.parts import CannotAnnotateError, WordFile
from gouji.export.annotate.wordml import (
    BOOKMARK,
    BOOKMARK_END,
    COMMENT_END,
    COMMENT_MARK,
    COMMENT_START,
    CONTROL,
    ID,
    NAME,
    PPR,
    RUN,
    TC,
    TEXT_BOX,
    P,
    T,
    W,
    climb_to_child,
    cut_after,
    cut_before,
    find_characters,
)
from gouji.export.annotate.wordml import XML_SPACE as SPACE
from gouji.model.document import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from gouji.export.annotate.places import Mark, Place
    from gouji.export.annotate.remarks import Remark, Signature

_FORMAT = (
    f'<w:pPr xmlns:w="{W[1:-1]}"><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    '<w:ind w:left="0" w:right="0" w:firstLine="0" w:firstLineChars="0"/><w:jc w:val="left"/></w:pPr>'
)
_LETTERS = f'<w:rPr xmlns:w="{W[1:-1]}">{{}}<w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'


def annotate_docx(data: bytes, marks: Iterable[Mark], signature: Signature) -> bytes:
    """A copy of the file with a comment for each mark. Raises CannotAnnotateError where its parts are not as they should be."""
    try:
        file = WordFile(data)
        annotator = Annotator(file, signature)
        for mark in marks:
            annotator.add_mark(mark)
        return file.save()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise CannotAnnotateError(str(error)) from error


class Span:
    """From the element before which it starts to the one after which it ends; both None: an empty paragraph as a whole."""

    def __init__(self, first: _Element, last: _Element, start: _Element | None, end: _Element | None) -> None:
        self.first, self.last = first, last  # the paragraphs in which it starts and ends
        self.start, self.end = start, end

    def open(self, *marks: _Element) -> None:
        """Put marks at the start, in this order."""
        if self.start is not None:
            for mark in marks:
                self.start.addprevious(mark)
            return
        place = 0 if self.first.find(PPR) is None else 1
        for offset, mark in enumerate(marks):
            self.first.insert(place + offset, mark)

    def close(self, *marks: _Element) -> None:
        """Put marks at the end, in this order; the next to close comes behind them."""
        for mark in marks:
            if self.end is None:
                self.last.append(mark)
            else:
                self.end.addnext(mark)
                self.end = mark


class Annotator:
    """Puts marks into one text. Ordinals are taken before anything is added, and no paragraph or cell ever is."""

    def __init__(self, file: WordFile, signature: Signature) -> None:
        self._file = file
        self._signature = signature
        self._paragraphs = list(file.body.iter(P))
        self._cells = list(file.body.iter(TC))
        self._next_comment = 1 + max(chain((-1,), _numbers(file.comments, W + "comment")))
        self._next_bookmark = 1 + max(chain((-1,), _numbers(file.root, BOOKMARK)))
        self._old = {mark.get(NAME, "").lower(): mark for mark in file.body.iter(BOOKMARK)}
        self._named: set[str] = set()
        self._first: _Element | None = None

    def add_mark(self, mark: Mark) -> None:
        """The comment at the first place that takes one, bookmarks at all of them."""
        place = mark.places[0] if mark.places else None
        lost = mark.lost if place is None else ()
        self._add_comment(self._find_span(place), mark.remark)
        for other in mark.places:
            self._add_bookmark(self._find_span(other), other.where)
        for where in lost:
            self._add_bookmark(self._find_span(None), where)

    # -- places -------------------------------------------------------------------------------------------------

    def _find_span(self, place: Place | None) -> Span:
        if place is None or place.block.address is None or place.story not in ("body", "textbox"):
            return self._whole(self._fallback())
        if isinstance(place.block, Cell):
            return self._span_cell(place.block.address)
        if place.block.address >= len(self._paragraphs):
            return self._whole(self._fallback())
        paragraph = self._paragraphs[place.block.address]
        if place.start is None or place.end is None or _is_boxed(paragraph):
            return self._whole(_climb_out(paragraph))
        return self._span_characters(paragraph, place, place.start, place.end)

    def _span_cell(self, address: int) -> Span:
        """All the paragraphs of a cell but those of cells in it."""
        if address >= len(self._cells):
            return self._whole(self._fallback())
        cell = self._cells[address]
        if _is_boxed(cell):
            return self._whole(_climb_out(next(cell.iterancestors(P))))
        own = [p for p in cell.iter(P) if next(p.iterancestors(TC)) is cell and not _is_boxed(p)]
        return Span(own[0], own[-1], None, None) if own else self._whole(self._fallback())

    def _span_characters(self, paragraph: _Element, place: Place, start: int, end: int) -> Span:
        found = find_characters(paragraph, place.text, start, end)
        if found is None:
            return self._whole(paragraph)
        return Span(paragraph, paragraph, cut_before(paragraph, found[0]), cut_after(paragraph, found[1]))

    def _whole(self, paragraph: _Element) -> Span:
        return Span(paragraph, paragraph, None, None)

    def _fallback(self) -> _Element:
        """The first paragraph with text."""
        if self._first is None:
            free = [paragraph for paragraph in self._paragraphs if not _is_boxed(paragraph)]
            if not free:
                raise CannotAnnotateError("no paragraph")
            self._first = next((p for p in free if any((t.text or "").strip() for t in p.iter(T))), free[0])
        return self._first

    # -- marks --------------------------------------------------------------------------------------------------

    def _add_comment(self, span: Span, remark: Remark) -> None:
        number = str(self._next_comment)
        self._next_comment += 1
        self._file.comments.append(self._write_comment(number, remark))
        reference = etree.Element(RUN)
        etree.SubElement(reference, COMMENT_MARK, {ID: number})
        start, end = etree.Element(COMMENT_START, {ID: number}), etree.Element(COMMENT_END, {ID: number})
        if next(span.first.iterancestors(CONTROL), None) is not None:
            # LibreOffice 7 loses what stands in a content control before a comment in it: ours comes first.
            self._whole(span.first).open(start, end, reference)
            return
        span.open(start)
        span.close(end)
        if span.end is None:
            span.last.append(reference)
        else:
            climb_to_child(span.end, span.last).addnext(reference)

    def _write_comment(self, number: str, remark: Remark) -> _Element:
        attributes = {ID: number, W + "author": self._signature.author, W + "date": self._signature.time + "Z"}
        comment = etree.Element(W + "comment", {**attributes, W + "initials": self._signature.initials})
        for ordinal, line in enumerate((remark.title, *remark.lines)):
            paragraph = etree.SubElement(comment, P)
            paragraph.append(etree.fromstring(_FORMAT))
            if not ordinal:
                etree.SubElement(etree.SubElement(paragraph, RUN), W + "annotationRef")
            run = etree.SubElement(paragraph, RUN)
            run.append(etree.fromstring(_LETTERS.format("" if ordinal else "<w:b/>")))
            _write_lines(run, line)
        return comment

    def _add_bookmark(self, span: Span, where: str) -> None:
        name = name_bookmark(where)
        if name in self._named:
            return
        self._named.add(name)
        self._drop_earlier(name)
        number = str(self._next_bookmark)
        self._next_bookmark += 1
        span.open(etree.Element(BOOKMARK, {ID: number, NAME: name}))
        span.close(etree.Element(BOOKMARK_END, {ID: number}))

    def _drop_earlier(self, name: str) -> None:
        """A bookmark of this name is from an annotated copy that was handed in again: it has lost its place."""
        old = self._old.pop(name.lower(), None)
        if old is None:
            return
        ends = [end for end in self._file.body.iter(BOOKMARK_END) if end.get(ID) == old.get(ID)]
        for mark in (old, *ends):
            _remove(mark)


def _write_lines(run: _Element, text: str) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, W + "br")
        element = etree.SubElement(run, T)
        element.text = line
        element.set(SPACE, "preserve")


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _numbers(root: _Element, tag: str) -> Iterable[int]:
    for element in root.iter(tag):
        text = element.get(ID) or ""
        if text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004 - w:id is a 32-bit number
            yield int(text)


def _is_boxed(element: _Element) -> bool:
    return next(element.iterancestors(TEXT_BOX), None) is not None


def _climb_out(paragraph: _Element) -> _Element:
    """The paragraph that a text box is anchored in, for one in the box."""
    boxes = list(paragraph.iterancestors(TEXT_BOX))
    return next(boxes[-1].iterancestors(P), paragraph) if boxes else paragraph
