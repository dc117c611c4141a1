"""The lists of a document (PlfLst, PlfLfo), as far as counting needs them (list_numbers.py does the counting).

PlfLst = count │ LSTF … │ behind it the LVL of each: nine, or one of a simple list
PlfLfo = count │ LFO: lsid … overrides │ … │ LFOData of each: – │ LFOLVL: start, level, flags [LVL]
LVL    = LVLF: start, nfc, flags, … │ paragraph grpprl │ character grpprl │ text with 0x00 for level 1 …
"""

from __future__ import annotations

import struct

import msgspec

from gouji.readers.doc import sprm
from gouji.readers.doc.styles import NO_STYLE, find_hiding
from gouji.readers.list_numbers import LAST_LEVEL, LIMIT_START, LIMIT_TEXT, NO_LISTS, Level, List, ListTable
from gouji.readers.number_formats import name_format
from gouji.readers.symbols import decode_text

LSTF, LVLF, LFO, LFOLVL = 28, 28, 16, 8
LIST_STYLES = 9
SIMPLE, LEGAL, NO_RESTART = 0x01, 0x04, 0x08
LEVEL_BITS, STARTS_AT, HAS_LEVEL = 0x0F, 0x10, 0x20
BULLET = 23


class Abstract(msgspec.Struct, frozen=True):
    """An LSTF: its number, the styles of its levels, how many levels it keeps."""

    name: str
    styles: dict[str, int]
    levels: int


def read_lists(table: bytes, lists_at: int, uses: bytes, fonts: dict[int, str]) -> ListTable:
    """The lists; PlfLst is read from the table stream itself, its levels lie behind the length that the FIB gives.

    Raises struct.error where it is cut off.
    """
    if not lists_at or not uses:
        return NO_LISTS
    abstracts, at = read_abstracts(table, lists_at)
    levels: dict[str, dict[int, Level]] = {}
    for abstract in abstracts:
        levels[abstract.name] = {}
        for index in range(abstract.levels):
            levels[abstract.name][index], at = read_level(table, at, fonts)
    return ListTable(levels, {a.name: a.styles for a in abstracts}, read_uses(uses, fonts), {})


def read_abstracts(table: bytes, at: int) -> tuple[list[Abstract], int]:
    """The LSTFs, and where their levels start."""
    (count,) = struct.unpack_from("<H", table, at)
    abstracts = []
    for place in range(at + 2, at + 2 + LSTF * count, LSTF):
        name, *styles, flags = struct.unpack_from(f"<I4x{LIST_STYLES}HB", table, place)
        used = {str(style): level for level, style in enumerate(styles) if style != NO_STYLE}
        abstracts.append(Abstract(str(name), used, 1 if flags & SIMPLE else LAST_LEVEL + 1))
    return abstracts, at + 2 + LSTF * count


def read_level(source: bytes, at: int, fonts: dict[int, str]) -> tuple[Level, int]:
    """One LVL, and where the next structure starts."""
    start, nfc, flags = struct.unpack_from("<iBB", source, at)
    character_size, paragraph_size, restart = struct.unpack_from("<BBB", source, at + 24)
    text_at = at + LVLF + paragraph_size + character_size
    grpprl = source[text_at - character_size : text_at]
    (length,) = struct.unpack_from("<H", source, text_at)
    end = text_at + 2 + 2 * length
    text = source[text_at + 2 : end].decode("utf-16-le", "replace")
    level = Level(
        min(max(start, 0), LIMIT_START),
        name_format(nfc),
        print_text(text, nfc, grpprl, fonts),
        restart if flags & NO_RESTART else None,
        bool(flags & LEGAL),
    )
    return level, end


def print_text(text: str, nfc: int, grpprl: bytes, fonts: dict[int, str]) -> str:
    """The text as printed, %1 for the first level's number; nothing where it is hidden."""
    if find_hiding(grpprl):
        return ""
    if nfc == BULLET:
        return decode_text(text[:LIMIT_TEXT], find_font(grpprl, fonts))
    return "".join(f"%{ord(char) + 1}" if ord(char) <= LAST_LEVEL else char for char in text[:LIMIT_TEXT])


def find_font(grpprl: bytes, fonts: dict[int, str]) -> str | None:
    """The symbol font of a bullet."""
    found = None
    for code, operand in sprm.iter_sprms(grpprl):
        if code == sprm.ASCII_FONT:
            found = fonts.get(int.from_bytes(operand, "little"))
    return found


def read_uses(plf: bytes, fonts: dict[int, str]) -> dict[str, List]:
    """The LFOs by the number that paragraphs name them with, which counts from 1."""
    (count,) = struct.unpack_from("<I", plf, 0)
    count = min(count, (len(plf) - 4) // LFO)
    at = 4 + LFO * count
    lists: dict[str, List] = {}
    for index in range(count):
        name, overrides = struct.unpack_from("<I8xB", plf, 4 + LFO * index)
        at += 4
        levels: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for _ in range(overrides):
            start, flags = struct.unpack_from("<iI", plf, at)
            at += LFOLVL
            level = min(flags & LEVEL_BITS, LAST_LEVEL)
            if flags & HAS_LEVEL:
                levels[level], at = read_level(plf, at, fonts)
            if flags & STARTS_AT:
                starts[level] = levels[level].start if level in levels else min(max(start, 0), LIMIT_START)
        lists[str(index + 1)] = List(str(name), levels, starts)
    return lists
