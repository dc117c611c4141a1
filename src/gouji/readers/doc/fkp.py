"""Formatted disk pages: which bytes of the text have which properties.

    PlcBtePapx, PlcBteChpx ─→ page numbers ─→ 512-byte pages
    page = n+1 file offsets │ n entries, each with a word offset inside the page │ … properties │ n

Runs of file offsets become runs of characters piece by piece, for a fast-saved text lies in the file in any order.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from gouji.readers.doc.piece_table import Piece

PAGE = 512
PAGE_NUMBER = 0x3FFFFF
PARAGRAPH_ENTRY, CHARACTER_ENTRY = 13, 1


class FileRuns(msgspec.Struct, frozen=True):
    """Runs by file offset, sorted; a run ends where the next one starts at the latest."""

    starts: list[int]
    ends: list[int]
    properties: list[bytes]


class Run(msgspec.Struct, frozen=True):
    """Characters [start, end) with their properties and the modifier of their piece."""

    start: int
    end: int
    properties: bytes
    modifier: int


def read_file_runs(main: bytes, plc: bytes, entry_size: int) -> FileRuns:
    """Runs of all the pages that a PlcBte names; for paragraphs the properties begin with the style."""
    count = max(0, (len(plc) - 4) // 8)
    numbers = dict.fromkeys(struct.unpack_from(f"<{count}I", plc, 4 * (count + 1))) if count else {}
    runs = [run for number in numbers for run in iter_page(main, (number & PAGE_NUMBER) * PAGE, entry_size)]
    if any(later[0] < earlier[0] for earlier, later in pairwise(runs)):
        runs.sort(key=lambda run: run[0])
    return FileRuns([run[0] for run in runs], [run[1] for run in runs], [run[2] for run in runs])


def iter_page(main: bytes, at: int, entry_size: int) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and properties of each run of a page; nothing where the page is damaged."""
    page = main[at : at + PAGE]
    count = page[-1] if len(page) == PAGE else 0
    entries = 4 * (count + 1)
    if not count or entries + entry_size * count >= PAGE:
        return
    offsets = struct.unpack_from(f"<{count + 1}I", page, 0)
    read = read_paragraph_entry if entry_size == PARAGRAPH_ENTRY else read_character_entry
    for index in range(count):
        place = 2 * page[entries + entry_size * index]
        yield offsets[index], offsets[index + 1], read(page, place) if place else b""


def read_paragraph_entry(page: bytes, at: int) -> bytes:
    """A PapxInFkp: its size in words less a byte, or 0 and the size in words."""
    if page[at]:
        return page[at + 1 : at + 2 * page[at]]
    return page[at + 2 : at + 2 + 2 * page[at + 1]] if at + 1 < PAGE else b""


def read_character_entry(page: bytes, at: int) -> bytes:
    """A Chpx: its size in bytes."""
    return page[at + 1 : at + 1 + page[at]]


def map_runs(pieces: list[Piece], runs: FileRuns) -> Iterator[Run]:
    """The runs by character, in order."""
    starts, ends, properties = runs.starts, runs.ends, runs.properties
    last = len(starts) - 1
    for piece in pieces:
        stop = piece.offset + (piece.end - piece.start) * piece.width
        index = max(0, bisect_right(starts, piece.offset) - 1)
        while index <= last and starts[index] < stop:
            until = min(ends[index], stop, starts[index + 1] if index < last else stop)
            first = piece.start + max(0, (starts[index] - piece.offset + piece.width - 1) // piece.width)
            after = piece.start + (until - piece.offset) // piece.width
            if first < after:
                yield Run(first, after, properties[index], piece.modifier)
            index += 1
