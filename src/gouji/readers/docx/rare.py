"""Where a part needs more than the plain reading: found beforehand, in one sweep of the tree in C.

    most paragraphs     w:r / w:t only                       plain: their w:t joined
    some                tab, break, field, number …          `paragraphs`: read with ParagraphReader
    some blocks         text box, tracked change, nesting …  `blocks`: read element by element

Tags that do not occur cost nothing: lxml drops them from the search.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import msgspec
from lxml.etree import _Element

from gouji.readers.docx.names import (
    ALT_CHUNK,
    ALTERNATE,
    ASCII,
    CELL_DEL,
    CELL_INS,
    CELL_MERGE,
    DEL,
    ENDNOTE_MARK,
    FIELD_CHAR,
    FONTS,
    FOOTER_MARK,
    FOOTNOTE_MARK,
    HEADER_MARK,
    HIGH_ANSI,
    INS,
    MOVE_FROM,
    MOVE_TO,
    NUM_PR,
    P_STYLE,
    R_STYLE,
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
)
from gouji.readers.docx.styles import Styles
from gouji.readers.symbols import has_private, is_symbol_font

IN_PARAGRAPH = frozenset(
    {
        *(W + name for name in ("tab", "ptab", "br", "cr", "noBreakHyphen", "ruby")),
        *(SYMBOL, FIELD_CHAR, FOOTNOTE_MARK, ENDNOTE_MARK, NUM_PR, VANISH, M + "t"),
    }
)
IN_BLOCK = frozenset(
    {
        *(TEXT_BOX, ALTERNATE, ALT_CHUNK, SUB_DOC, CELL_MERGE),
        *(INS, DEL, MOVE_FROM, MOVE_TO, CELL_INS, CELL_DEL, W + "tcPrChange", W + "trPrChange"),
    }
)
MARGINS = frozenset({HEADER_MARK, FOOTER_MARK})


class Rare(msgspec.Struct, frozen=True):
    """What is not plain: paragraphs, and children of the container. `margins` are the references to headers and footers.

    The elements live as long as this does, so that membership can go by identity.
    """

    paragraphs: frozenset[_Element]
    blocks: frozenset[_Element]
    margins: tuple[_Element, ...] = ()


def find_rare(container: _Element, styles: Styles, *, symbol_fonts: bool) -> Rare:
    """Sweep a container (w:body) whose children are blocks."""
    paragraphs: set[_Element | None] = set()
    blocks: set[_Element] = set()
    margins: list[_Element] = []
    for element in container.iter(*IN_PARAGRAPH, *IN_BLOCK, *MARGINS, TBL):
        tag = element.tag
        if tag in MARGINS:
            margins.append(element)
        elif tag != TBL or element.getparent() is not container:
            paragraphs.add(next(element.iterancestors(P), None))
            if tag not in IN_PARAGRAPH:
                blocks.add(climb_to_block(element, container))
    named = find_styled(container, styles)
    for element in chain(named, find_symbols(container)) if symbol_fonts else named:
        paragraphs.add(next(element.iterancestors(P), None))
    found = frozenset(p for p in paragraphs if p is not None)
    blocks.update(climb_to_block(p, container) for p in found if is_nested(p))
    return Rare(found, frozenset(blocks), tuple(margins))


def is_nested(paragraph: _Element) -> bool:
    """Whether it holds or stands in another paragraph, which only a damaged file has."""
    return any(next(steps, None) is not None for steps in (paragraph.iterdescendants(P), paragraph.iterancestors(P)))


def find_styled(container: _Element, styles: Styles) -> Iterator[_Element]:
    """Style references that number or hide."""
    wanted = styles.numbered.keys() | styles.hidden
    if wanted:
        yield from (found for found in container.iter(P_STYLE, R_STYLE) if found.get(VAL) in wanted)


def find_symbols(container: _Element) -> Iterator[_Element]:
    """Text in symbol fonts, or with characters of the private range."""
    yield from (fonts for fonts in container.iter(FONTS) if is_symbol_font(fonts.get(ASCII) or fonts.get(HIGH_ANSI)))
    yield from (text for text in container.iter(T) if has_private(text.text))


def climb_to_block(element: _Element, container: _Element) -> _Element:
    """The child of the container that an element stands in."""
    parent = element.getparent()
    while parent is not None and parent is not container:
        element, parent = parent, parent.getparent()
    return element
