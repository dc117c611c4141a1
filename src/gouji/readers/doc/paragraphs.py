"""What the properties at a paragraph's mark say of it.

    properties = style │ grpprl … (+ more in the Data stream, + the modifier of a fast save)
    → in which table depth, end of a cell, end of a row and its shape, list place

Paragraphs repeat their properties, so each distinct one is worked out once.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from gouji.model.errors import ReadError
from gouji.readers.doc import sprm
from gouji.readers.doc.container import TOO_LARGE
from gouji.readers.doc.fkp import Run
from gouji.readers.doc.rows import RowShape, modify_shape
from gouji.readers.list_numbers import LAST_LEVEL, ListPlace

LIMIT_DEPTH = 32
LIMIT_DETOURS = 3
LIMIT_BYTES = 32 * 1024 * 1024  # of modifiers, all together: hostile files refer to the same ones again and again
Position = frozenset[tuple[int, bytes]]
_NOWHERE: Position = frozenset()

# The modifiers that a fast save may keep in two bytes, by their short number.
SHORT = {
    0x0C: sprm.LIST_LEVEL, 0x18: sprm.IN_TABLE, 0x19: sprm.ROW_END,
    0x41: sprm.DELETED, 0x42: sprm.INSERTED, 0x5C: sprm.VANISH, 0x75: sprm.SPECIAL,
}  # fmt: skip


class ParagraphLook(msgspec.Struct, frozen=True):
    """A paragraph's place. `depth` counts the tables around it; `position` tells tables apart that touch."""

    style: int
    depth: int = 0
    ends_cell: bool = False
    ends_row: bool = False
    shape: RowShape | None = None
    position: Position = _NOWHERE
    place: ListPlace | None = None


class Modifiers:
    """Grpprls wherever they are kept, and how many bytes of them may still be worked through."""

    def __init__(self, data: bytes, grpprls: list[bytes]) -> None:
        self._data = data
        self._grpprls = grpprls
        self._left = LIMIT_BYTES

    def expand(self, modifier: int) -> bytes:
        """The grpprl that a piece's Prm stands for."""
        if modifier & 1:
            index = modifier >> 1
            return self._grpprls[index] if index < len(self._grpprls) else b""
        code = SHORT.get(modifier >> 1 & 0x7F)
        return b"" if code is None else struct.pack("<HB", code, modifier >> 8)

    def collect(self, grpprl: bytes, detours: int = LIMIT_DETOURS) -> Iterable[tuple[int, bytes]]:
        """Every modifier of a grpprl, those in the Data stream in their place. Raises ReadError "too_large"."""
        self._left -= len(grpprl)
        if self._left < 0:
            raise ReadError("too_large", TOO_LARGE)
        for code, operand in sprm.iter_sprms(grpprl):
            if code not in sprm.ELSEWHERE:
                yield code, operand
            elif detours:
                yield from self.collect(self.fetch(operand), detours - 1)

    def fetch(self, operand: bytes) -> bytes:
        """A grpprl of the Data stream: its size, then itself."""
        at = int.from_bytes(operand, "little")
        size = int.from_bytes(self._data[at : at + 2], "little")
        return self._data[at + 2 : at + 2 + size]


class Paragraphs:
    """Looks of a document's paragraphs by the CP of their marks."""

    def __init__(self, runs: Iterable[Run], modifiers: Modifiers) -> None:
        self._runs = list(runs)
        self._starts = [run.start for run in self._runs]
        self._modifiers = modifiers
        self._looks: dict[tuple[bytes, int], ParagraphLook] = {}

    def look_at(self, cp: int) -> ParagraphLook:
        """The look of the paragraph whose mark is at `cp`."""
        index = bisect_right(self._starts, cp) - 1
        if index < 0 or self._runs[index].end <= cp:
            return PLAIN
        run = self._runs[index]
        key = (run.properties, run.modifier)
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = read_look(run, self._modifiers)
        return look


PLAIN = ParagraphLook(0)


def read_look(run: Run, modifiers: Modifiers) -> ParagraphLook:
    """Work through the modifiers of a paragraph."""
    style = int.from_bytes(run.properties[:2], "little")
    flags: dict[int, int] = {}
    shape: RowShape | None = None
    position: dict[int, bytes] = {}
    own = run.properties[2:] + modifiers.expand(run.modifier)
    for code, operand in modifiers.collect(own):
        if code in sprm.POSITION:
            position[code] = operand
        elif sprm.table_class(code):
            shape = modify_shape(shape, code, operand)
        elif code == sprm.DEEPER:
            flags[sprm.DEPTH] = flags.get(sprm.DEPTH, 0) + int.from_bytes(operand, "little", signed=True)
        else:
            flags[code] = int.from_bytes(operand[:4], "little", signed=code == sprm.DEPTH)
    depth = find_depth(flags)
    return ParagraphLook(
        flags.get(sprm.STYLE, style),
        depth,
        bool(flags.get(sprm.INNER_CELL_END)),
        bool(flags.get(sprm.ROW_END) if depth == 1 else flags.get(sprm.INNER_ROW_END)),
        shape,
        frozenset(position.items()),
        find_place(flags) if sprm.LIST in flags or sprm.LIST_LEVEL in flags else None,
    )


def find_place(flags: dict[int, int]) -> ListPlace:
    """The list and level that the paragraph itself names."""
    list_number, level = flags.get(sprm.LIST), flags.get(sprm.LIST_LEVEL)
    return ListPlace(
        None if list_number is None else str(list_number), None if level is None else min(level, LAST_LEVEL)
    )


def find_depth(flags: dict[int, int]) -> int:
    """How many tables stand around the paragraph; older files only say that there is one."""
    in_table = bool(flags.get(sprm.IN_TABLE))
    depth = flags.get(sprm.DEPTH, -1)
    if depth < 0:
        depth = int(in_table)
    return min(max(depth, int(in_table)), LIMIT_DEPTH)
