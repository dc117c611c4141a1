"""Property modifiers: a grpprl is a row of them, each an opcode and an operand.

opcode 16 bits = spra 3 │ sgc 3 │ special 1 │ number 9        spra → size of the operand, 6: its first byte tells
0x2416 01      = paragraph is in a table
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
_BY_LENGTH = 6
TOO_LONG = 0xFF
_opcode = struct.Struct("<H").unpack_from

# Characters
DELETED, INSERTED, VANISH, SPECIAL, PICTURE, SYMBOL = 0x0800, 0x0801, 0x083C, 0x0855, 0x6A03, 0x6A09
CHARACTER_STYLE, ASCII_FONT, HIGH_FONT, PLAIN = 0x4A30, 0x4A4F, 0x4A51, 0x2A33
# Paragraphs
STYLE, LIST_LEVEL, LIST, TABS_CHANGED = 0x4600, 0x260A, 0x460B, 0xC615
IN_TABLE, ROW_END, DEPTH, DEEPER, INNER_CELL_END, INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x664A, 0x244B, 0x244C
ELSEWHERE = frozenset(
    {0x6645, 0x6646, 0x646B}
)  # sprmPHugePapx, its older form, sprmPTableProps: more in the Data stream
# Tables
TABLE_CLASS = 5
DEFINE, DEFINE_OLD, INSERT, DELETE, WIDTH, MERGE, SPLIT, VERTICAL = (
    0xD608, 0xD606, 0x7621, 0x5622, 0x7623, 0x5624, 0x5625, 0xD62B,
)  # fmt: skip
# A row with other values of these is the first of another table: floating position, table style, direction.
POSITION = frozenset({0x940E, 0x940F, 0x9410, 0x9411, 0x941E, 0x941F, 0x360D, 0x3465, 0x560B, 0x5664, 0x563A})


def iter_sprms(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    """Opcode and operand (without its length) of each modifier, as far as the row is whole."""
    at, end = 0, len(grpprl)
    while at + 2 <= end:
        code = _opcode(grpprl, at)[0]
        at += 2
        kind = code >> 13
        size = _SIZES[kind]
        if kind == _BY_LENGTH:
            start, size = measure_operand(code, grpprl, at)
            if size < 0:
                return
            at = start
        yield code, grpprl[at : at + size]
        at += size


def measure_operand(code: int, grpprl: bytes, at: int) -> tuple[int, int]:
    """Start and size of an operand that tells its length; a size below 0 where it is cut off."""
    if code in (DEFINE, DEFINE_OLD):  # two bytes, which count one byte too many
        return at + 2, int.from_bytes(grpprl[at : at + 2], "little") - 1
    if at >= len(grpprl):
        return at, -1
    length = grpprl[at]
    if code == TABS_CHANGED and length == TOO_LONG:
        return at + 1, measure_tabs(grpprl, at + 1)
    return at + 1, length


def measure_tabs(grpprl: bytes, at: int) -> int:
    """Size of a list of tab stops that is too long for its length byte: deleted ones, added ones."""
    if at >= len(grpprl):
        return -1
    added = at + 1 + 4 * grpprl[at]
    return added - at + 1 + 3 * grpprl[added] if added < len(grpprl) else -1


def table_class(code: int) -> bool:
    """Whether a modifier belongs to a table row."""
    return code >> 10 & 7 == TABLE_CLASS
