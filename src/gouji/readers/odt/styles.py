"""What of the styles matters for reading: which hide, which draw letters as signs, and how lists number.

    style:style T3 ─ text:display="none"                            hidden
                   ─ style:font-name="Wingdings"                    symbol font
    text:list-style L1 ─ text:list-level-style-number level 1      num-format "一, 二, 三, ..." prefix "（" suffix "）"
    text:outline-style ─ text:outline-level-style                  the same for headings

Styles inherit along style:parent-style-name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec
from lxml.etree import _Element

from gouji.readers.list_numbers import LAST_LEVEL, LIMIT_START, Level
from gouji.readers.odt.names import LOEXT, STYLE, TEXT, to_int
from gouji.readers.symbols import decode_text, is_symbol_font

LIMIT_LINEAGE = 50
Found = TypeVar("Found")
PLACE = re.compile("%([0-9]+)%")
FORMATS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一": "chineseCountingThousand",
    "壹": "chineseLegalSimplified",
    "壱": "japaneseLegal",
    "甲": "ideographTraditional",
    "子": "ideographZodiac",
    "①": "decimalEnclosedCircle",
    "１": "decimalFullWidth",
    "〇": "ideographDigital",
    "": "none",
}
LEVEL_TAGS = (TEXT + "list-level-style-number", TEXT + "list-level-style-bullet", TEXT + "outline-level-style")


class Look(msgspec.Struct, frozen=True):
    """Names of styles that hide, symbol fonts by style, lists by style name ("" is the outline)."""

    hidden: frozenset[str]
    fonts: dict[str, str]
    lists: dict[str, dict[int, Level]]


def read_look(roots: list[_Element]) -> Look:
    """The styles of content.xml and styles.xml together."""
    styles = {style.get(STYLE + "name") or "": style for root in roots for style in root.iter(STYLE + "style")}
    hides = {name: own for name, style in styles.items() if (own := read_hiding(style)) is not None}
    fonts = {name: font for name, style in styles.items() if (font := read_symbol_font(style))}
    return Look(
        frozenset(name for name in styles if find_first(name, styles, hides)) if hides else frozenset(),
        {name: font for name in styles if (font := find_first(name, styles, fonts))} if fonts else {},
        dict(read_lists(roots)),
    )


def find_first(name: str, styles: dict[str, _Element], known: Mapping[str, Found]) -> Found | None:
    """What the style or the nearest of its parents says."""
    seen: set[str] = set()
    while name in styles and name not in seen and len(seen) < LIMIT_LINEAGE:
        if name in known:
            return known[name]
        seen.add(name)
        name = styles[name].get(STYLE + "parent-style-name") or ""
    return None


def read_hiding(style: _Element) -> bool | None:
    """Whether a style hides; None where it says nothing."""
    display = next((p.get(TEXT + "display") for p in style.iterchildren(STYLE + "text-properties")), None)
    return None if display is None else display == "none"


def read_symbol_font(style: _Element) -> str | None:
    """The symbol font that a style sets."""
    for properties in style.iterchildren(STYLE + "text-properties"):
        font = properties.get(STYLE + "font-name")
        if is_symbol_font(font):
            return font
    return None


def read_lists(roots: list[_Element]) -> Iterator[tuple[str, dict[int, Level]]]:
    """List styles by name, the outline as ""."""
    for root in roots:
        for style in root.iter(TEXT + "list-style", TEXT + "outline-style"):
            name = (style.get(STYLE + "name") or "") if style.tag == TEXT + "list-style" else ""
            yield (
                name,
                {
                    to_int(level.get(TEXT + "level"), 1, LAST_LEVEL + 1) - 1: read_level(level)
                    for level in style.iterchildren(*LEVEL_TAGS)
                },
            )


def read_level(level: _Element) -> Level:
    """One level, in the terms of Word's: %1 stands for the number of the first level."""
    start = to_int(level.get(TEXT + "start-value"), 1, LIMIT_START)
    if level.tag == TEXT + "list-level-style-bullet":
        return Level(start, "bullet", decode_text(level.get(TEXT + "bullet-char") or "", read_symbol_font(level)))
    form = FORMATS.get((level.get(STYLE + "num-format") or "")[:1], "decimal")
    written = level.get(LOEXT + "num-list-format")
    if written is not None:
        return Level(start, form, PLACE.sub(r"%\1", written))
    own = to_int(level.get(TEXT + "level"), 1, LAST_LEVEL + 1)
    shown = to_int(level.get(TEXT + "display-levels"), 1, own)
    places = ".".join(f"%{number}" for number in range(own - shown + 1, own + 1))
    prefix, suffix = level.get(STYLE + "num-prefix") or "", level.get(STYLE + "num-suffix") or ""
    return Level(start, form, prefix + (places if form != "none" else "") + suffix)
