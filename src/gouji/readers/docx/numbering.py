"""List and heading numbers, which Word computes and never stores.

    paragraph ─ numPr (own, or of its style) ─→ w:num ─→ w:abstractNum ─→ w:lvl: start, numFmt, lvlText "第%1章"
                                                 └ lvlOverride: startOverride, another lvl

Counters belong to the abstractNum: lists that share it go on counting, unless a w:num brings a startOverride, which
restarts it at its first paragraph. A paragraph resets the levels below its own.
"""

from __future__ import annotations

import re

import msgspec
from lxml.etree import _Element

from gouji.readers.docx.names import LEVEL, NUM_ID, NUM_PR, P_STYLE, PPR, RPR, VAL, VANISH, W, is_on, to_int
from gouji.readers.docx.number_formats import format_number
from gouji.readers.docx.styles import LAST_LEVEL, STYLE, STYLE_ID, StyleNumber, Styles, read_number_properties
from gouji.readers.docx.symbols import decode_text

ABSTRACT, ABSTRACT_ID, NUM = W + "abstractNum", W + "abstractNumId", W + "num"
LVL, OVERRIDE, START_OVERRIDE = W + "lvl", W + "lvlOverride", W + "startOverride"
START, FORMAT, TEXT, RESTART, LEGAL, FONTS = (
    W + name for name in ("start", "numFmt", "lvlText", "lvlRestart", "isLgl", "rFonts")
)
STYLE_LINK = W + "numStyleLink"
LIMIT_TEXT = 255
LIMIT_START = 1_000_000_000
_PLACE = re.compile(r"%([1-9])")


class Level(msgspec.Struct, frozen=True):
    """How one level counts and prints. `restart` is the level (from 1) that resets it; 0 never, None any higher one."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False


class List(msgspec.Struct, frozen=True):
    """A w:num: its abstractNum, its own levels, and which levels it restarts at what."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """The lists of a document and how far each has counted."""

    def __init__(self, root: _Element | None = None, styles_root: _Element | None = None) -> None:
        abstracts = {} if root is None else {a.get(ABSTRACT_ID) or "": a for a in root.iterchildren(ABSTRACT)}
        self._levels = {name: read_levels(element) for name, element in abstracts.items()}
        self._style_levels = {name: read_style_levels(element) for name, element in abstracts.items()}
        self._lists = {} if root is None else {n.get(NUM_ID) or "": read_list(n) for n in root.iterchildren(NUM)}
        self._links = find_links(abstracts, styles_root)
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def next_number(self, own: StyleNumber | None, style: str | None, styles: Styles) -> str:
        """The number of the next paragraph with this numPr and style, "" where it has none."""
        inherited = styles.numbered.get(style or styles.default or "")
        num_id = (own.num_id if own else None) or (inherited.num_id if inherited else None)
        lst = self._lists.get(num_id) if num_id else None
        if lst is None or num_id is None:
            return ""
        abstract = self._follow(lst.abstract)
        level = self._find_level(own, inherited, style, abstract)
        return self._count(num_id, lst, abstract, level)

    def _follow(self, abstract: str) -> str:
        """The abstractNum that a numStyleLink stands for."""
        target = self._links.get(abstract)
        lst = self._lists.get(target) if target else None
        return lst.abstract if lst else abstract

    def _find_level(
        self, own: StyleNumber | None, inherited: StyleNumber | None, style: str | None, abstract: str
    ) -> int:
        if own is not None and own.level is not None:
            return own.level
        linked = self._style_levels.get(abstract, {}).get(style or "")
        if linked is not None:
            return linked
        return inherited.level if inherited is not None and inherited.level is not None else 0

    def _count(self, num_id: str, lst: List, abstract: str, level: int) -> str:
        levels = self._levels.get(abstract, {}) | lst.levels
        counts = self._counts.setdefault(abstract, [None] * (LAST_LEVEL + 1))
        self._restart(num_id, lst, counts, level)
        for index in range(level):
            if counts[index] is None:
                counts[index] = _start(levels, lst, index)
        before = counts[level]
        counts[level] = _start(levels, lst, level) if before is None else before + 1
        _reset_below(levels, counts, level)
        return print_number(levels, counts, level)

    def _restart(self, num_id: str, lst: List, counts: list[int | None], level: int) -> None:
        for index in lst.starts:
            if index <= level and (num_id, index) not in self._started:
                self._started.add((num_id, index))
                counts[index] = None


def _start(levels: dict[int, Level], lst: List, index: int) -> int:
    return lst.starts.get(index, levels.get(index, DEFAULT_LEVEL).start)


def _reset_below(levels: dict[int, Level], counts: list[int | None], level: int) -> None:
    for index in range(level + 1, LAST_LEVEL + 1):
        restart = levels.get(index, DEFAULT_LEVEL).restart
        if restart is None or 0 < level + 1 <= restart:
            counts[index] = None


def print_number(levels: dict[int, Level], counts: list[int | None], level: int) -> str:
    """lvlText with every %n filled in."""
    own = levels.get(level)
    if own is None:
        return ""
    if own.format == "bullet":
        return own.text

    def fill(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        shown = levels.get(index, DEFAULT_LEVEL)
        count = counts[index]
        style = "decimal" if own.legal and shown.format != "none" else shown.format
        return format_number(shown.start if count is None else count, style)

    return _PLACE.sub(fill, own.text)


DEFAULT_LEVEL = Level()


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
