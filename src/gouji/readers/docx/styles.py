"""What of styles.xml matters for reading: which styles number their paragraphs, which hide their text.

    <w:style w:styleId="2"><w:basedOn w:val="1"/><w:pPr><w:numPr>…   numbered["2"] = ListPlace(num_id, level)
    <w:style w:styleId="hide"><w:rPr><w:vanish/>                      hidden = {"hide"}

Both are inherited along basedOn. Nothing else is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from lxml.etree import _Element

from gouji.readers.docx.names import LEVEL, NUM_ID, NUM_PR, PPR, RPR, TYPE, VAL, VANISH, W, is_on, to_int
from gouji.readers.list_numbers import LAST_LEVEL, ListPlace

STYLE, STYLE_ID, BASED_ON, DEFAULT = W + "style", W + "styleId", W + "basedOn", W + "default"
LIMIT_LINEAGE = 50
Found = TypeVar("Found")


class Styles(msgspec.Struct, frozen=True):
    """Styles by id that number or hide; `default` is the paragraph style of paragraphs that name none."""

    numbered: dict[str, ListPlace]
    hidden: frozenset[str]
    default: str | None = None


NO_STYLES = Styles({}, frozenset())


def matters(data: bytes) -> bool:
    """Whether styles.xml can hold anything of interest: cheaper than parsing it."""
    return b"numPr" in data or b"vanish" in data


def read_styles(root: _Element) -> Styles:
    """Resolve the styles of a document."""
    styles = {style.get(STYLE_ID) or "": style for style in root.iterchildren(STYLE)}
    numbers = {name: number for name, style in styles.items() if (number := read_style_number(style))}
    hides = {name: hides for name, style in styles.items() if (hides := read_hiding(style)) is not None}
    return Styles(
        {name: number for name in styles if (number := _merge(_lineage(name, styles), numbers))} if numbers else {},
        frozenset(name for name in styles if _first(_lineage(name, styles), hides.get)) if hides else frozenset(),
        next((name for name, style in styles.items() if _is_default_paragraph(style)), None),
    )


def read_style_number(style: _Element) -> ListPlace | None:
    """The w:numPr of a style, None without one."""
    number = style.find(f"{PPR}/{NUM_PR}")
    return None if number is None else read_number_properties(number)


def read_number_properties(number: _Element) -> ListPlace:
    """A w:numPr as written."""
    num_id, level = number.find(NUM_ID), number.find(LEVEL)
    return ListPlace(
        None if num_id is None else num_id.get(VAL),
        None if level is None else to_int(level.get(VAL), 0, 0, LAST_LEVEL),
    )


def read_hiding(style: _Element) -> bool | None:
    """Whether the style says to hide text; None where it says nothing."""
    vanish = style.find(f"{RPR}/{VANISH}")
    return None if vanish is None else is_on(vanish.get(VAL))


def _is_default_paragraph(style: _Element) -> bool:
    return style.get(TYPE) == "paragraph" and style.get(DEFAULT) is not None and is_on(style.get(DEFAULT))


def _lineage(name: str, styles: dict[str, _Element]) -> list[str]:
    """The style and its bases, nearest first; a circle ends where it closes, a long line at its limit."""
    line: list[str] = []
    while name in styles and name not in line and len(line) < LIMIT_LINEAGE:
        line.append(name)
        base = styles[name].find(BASED_ON)
        name = "" if base is None else base.get(VAL) or ""
    return line


def _first(line: list[str], find: Callable[[str], Found | None]) -> Found | None:
    return next((found for name in line if (found := find(name)) is not None), None)


def _merge(line: list[str], numbers: dict[str, ListPlace]) -> ListPlace | None:
    own = [numbers[name] for name in line if name in numbers]
    num_id = next((number.num_id for number in own if number.num_id is not None), None)
    level = next((number.level for number in own if number.level is not None), None)
    return ListPlace(num_id, level) if num_id is not None else None
