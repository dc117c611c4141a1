"""What of the style sheet matters for reading: which styles number their paragraphs, which hide their text.

    STSH = Stshi (count, size of a head) │ size STD │ size STD …       0 where a number is free
    STD  = head: … kind 4, base 12 │ count of UPX 4, … │ … │ name │ UPX: paragraph, character

Both are inherited along the base. Nothing else is looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeVar

import msgspec

from gouji.readers.doc import sprm
from gouji.readers.list_numbers import LAST_LEVEL, ListPlace

PARAGRAPH, CHARACTER = 1, 2
NO_STYLE = 0x0FFF
HEAD_AT_LEAST = 6
LIMIT_LINEAGE = 50
ON, AS_STYLE, AGAINST_STYLE = 1, 0x80, 0x81
Found = TypeVar("Found")


class Style(msgspec.Struct, frozen=True):
    """One style's own modifiers."""

    base: int
    paragraph: bytes
    character: bytes


class Styles(msgspec.Struct, frozen=True):
    """Styles by number that number or hide."""

    numbered: dict[int, ListPlace]
    hidden: frozenset[int]


def read_styles(stsh: bytes) -> Styles:
    """Resolve the styles of a document; as far as the sheet is whole."""
    styles = dict(iter_styles(stsh))
    places = {number: place for number, style in styles.items() if (place := find_place(style.paragraph))}
    hides = {number: hides for number, style in styles.items() if (hides := find_hiding(style.character)) is not None}
    return Styles(
        {number: place for number in styles if (place := _merge(_lineage(number, styles), places))} if places else {},
        frozenset(number for number in styles if _first(_lineage(number, styles), hides.get)) if hides else frozenset(),
    )


def iter_styles(stsh: bytes) -> list[tuple[int, Style]]:
    """Number and style of each entry."""
    if len(stsh) < HEAD_AT_LEAST:
        return []
    size, count, head = struct.unpack_from("<HHH", stsh, 0)
    found: list[tuple[int, Style]] = []
    at = 2 + size
    for number in range(count):
        length = int.from_bytes(stsh[at : at + 2], "little")
        std = stsh[at + 2 : at + 2 + length]
        if len(std) >= max(head, HEAD_AT_LEAST):
            found.append((number, read_style(std, head)))
        at += 2 + length + (length & 1)
    return found


def read_style(std: bytes, head: int) -> Style:
    """One STD: behind its name come its modifiers, the character ones last."""
    kind_base, count = struct.unpack_from("<HH", std, 2)
    name_length = int.from_bytes(std[head : head + 2], "little")
    at = head + 2 + 2 * name_length + 2
    modifiers: list[bytes] = []
    for _ in range(count & 0xF):
        at += at & 1
        length = int.from_bytes(std[at : at + 2], "little")
        modifiers.append(std[at + 2 : at + 2 + length])
        at += 2 + length
    kind, base = kind_base & 0xF, kind_base >> 4
    if kind == PARAGRAPH:
        return Style(base, b"".join(modifiers[:1])[2:], b"".join(modifiers[1:2]))
    return Style(base, b"", modifiers[0] if kind == CHARACTER and modifiers else b"")


def find_place(grpprl: bytes) -> ListPlace | None:
    """The list and level that paragraph modifiers name."""
    list_number: str | None = None
    level: int | None = None
    for code, operand in sprm.iter_sprms(grpprl):
        if code == sprm.LIST:
            list_number = str(int.from_bytes(operand, "little"))
        elif code == sprm.LIST_LEVEL and operand:
            level = min(operand[0], LAST_LEVEL)
    return None if list_number is None and level is None else ListPlace(list_number, level)


def find_hiding(grpprl: bytes) -> bool | None:
    """Whether character modifiers say to hide text; None where they say nothing."""
    hides = None
    for code, operand in sprm.iter_sprms(grpprl):
        if code == sprm.VANISH and operand:
            hides = operand[0] in (ON, AGAINST_STYLE)
    return hides


def _lineage(number: int, styles: dict[int, Style]) -> list[int]:
    """The style and its bases, nearest first; a circle ends where it closes, a long line at its limit."""
    line: list[int] = []
    while number in styles and number not in line and len(line) < LIMIT_LINEAGE:
        line.append(number)
        number = styles[number].base
    return line


def _first(line: list[int], find: Callable[[int], Found | None]) -> Found | None:
    return next((found for number in line if (found := find(number)) is not None), None)


def _merge(line: list[int], places: dict[int, ListPlace]) -> ListPlace | None:
    own = [places[number] for number in line if number in places]
    num_id = next((place.num_id for place in own if place.num_id is not None), None)
    level = next((place.level for place in own if place.level is not None), None)
    return ListPlace(num_id, level) if num_id is not None else None
