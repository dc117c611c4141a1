"""The lists of numbering.xml, as far as counting needs them (list_numbers.py does the counting).

paragraph ─ numPr (own, or of its style) ─→ w:num ─→ w:abstractNum ─→ w:lvl: start, numFmt, lvlText "第%1章"
                                             └ lvlOverride: startOverride, another lvl
"""

from __future__ import annotations

from lxml.etree import _Element

from gouji.readers.docx.names import LEVEL, NUM_ID, NUM_PR, P_STYLE, PPR, RPR, VAL, VANISH, W, is_on, to_int
from gouji.readers.docx.styles import STYLE, STYLE_ID, read_number_properties
from gouji.readers.list_numbers import LAST_LEVEL, LIMIT_START, LIMIT_TEXT, NO_LISTS, Level, List, ListTable
from gouji.readers.symbols import decode_text

ABSTRACT, ABSTRACT_ID, NUM = W + "abstractNum", W + "abstractNumId", W + "num"
LVL, OVERRIDE, START_OVERRIDE = W + "lvl", W + "lvlOverride", W + "startOverride"
START, FORMAT, TEXT, RESTART, LEGAL, FONTS = (
    W + name for name in ("start", "numFmt", "lvlText", "lvlRestart", "isLgl", "rFonts")
)
STYLE_LINK = W + "numStyleLink"


def read_lists(root: _Element | None, styles_root: _Element | None) -> ListTable:
    """The lists of numbering.xml."""
    if root is None:
        return NO_LISTS
    abstracts = {element.get(ABSTRACT_ID) or "": element for element in root.iterchildren(ABSTRACT)}
    return ListTable(
        {name: read_levels(element) for name, element in abstracts.items()},
        {name: read_style_levels(element) for name, element in abstracts.items()},
        {element.get(NUM_ID) or "": read_list(element) for element in root.iterchildren(NUM)},
        find_links(abstracts, styles_root),
    )


def read_levels(parent: _Element) -> dict[int, Level]:
    """The w:lvl of an abstractNum (or of an override) by level."""
    return {read_index(lvl): read_level(lvl) for lvl in parent.iterchildren(LVL)}


def read_index(element: _Element) -> int:
    """w:ilvl as attribute."""
    return to_int(element.get(LEVEL), 0, 0, LAST_LEVEL)


def read_level(lvl: _Element) -> Level:
    """One w:lvl."""
    restart = _value(lvl, RESTART)
    form = read_format(lvl)
    return Level(
        to_int(_value(lvl, START), 0, 0, LIMIT_START),
        form,
        read_text(lvl, form),
        None if restart is None else to_int(restart, 0, 0, LAST_LEVEL + 1),
        (legal := lvl.find(LEGAL)) is not None and is_on(legal.get(VAL)),
    )


def read_format(lvl: _Element) -> str:
    """The numFmt, also the one that Word hides in AlternateContent because it is newer than the format."""
    found = lvl.find(FORMAT)
    if found is None:
        found = next(lvl.iter(FORMAT), None)
    return "decimal" if found is None else found.get(VAL) or "decimal"


def read_text(lvl: _Element, form: str) -> str:
    """lvlText as printed: bullets out of their symbol font, nothing where the number is hidden."""
    vanish = lvl.find(f"{RPR}/{VANISH}")
    if vanish is not None and is_on(vanish.get(VAL)):
        return ""
    text = (_value(lvl, TEXT) or "")[:LIMIT_TEXT]
    if form != "bullet":
        return text
    fonts = lvl.find(f"{RPR}/{FONTS}")
    font = None if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi")
    return decode_text(text, font)


def read_style_levels(abstract: _Element) -> dict[str, int]:
    """Which level numbers the paragraphs of a style."""
    return {style: read_index(lvl) for lvl in abstract.iterchildren(LVL) if (style := _value(lvl, P_STYLE))}


def read_list(num: _Element) -> List:
    """One w:num."""
    levels: dict[int, Level] = {}
    starts: dict[int, int] = {}
    for override in num.iterchildren(OVERRIDE):
        index = read_index(override)
        levels.update((index, level) for level in read_levels(override).values())
        start = _value(override, START_OVERRIDE)
        if start is not None:
            starts[index] = to_int(start, 1, 0, LIMIT_START)
    return List(_value(num, ABSTRACT_ID) or "", levels, starts)


def find_links(abstracts: dict[str, _Element], styles_root: _Element | None) -> dict[str, str]:
    """abstractNum with a numStyleLink → the numId that the numbering style names."""
    wanted = {name: link for name, element in abstracts.items() if (link := _value(element, STYLE_LINK))}
    if not wanted or styles_root is None:
        return {}
    named: dict[str, str] = {}
    for style in styles_root.iterchildren(STYLE):
        number = style.find(f"{PPR}/{NUM_PR}")
        if number is not None and (num_id := read_number_properties(number).num_id):
            named[style.get(STYLE_ID) or ""] = num_id
    return {name: named[link] for name, link in wanted.items() if link in named}


def _value(parent: _Element, tag: str) -> str | None:
    child = parent.find(tag)
    return None if child is None else child.get(VAL)
