"""What an OLE container (compound file) is, by the names of the streams in its root.

    header ─ FAT sectors ─ chain of directory sectors ─ 128-byte entries
      entry: name (utf-16, 64 bytes) | its size | kind 1 storage, 2 stream, 5 root | left, right, child | … | start
      root.child is a tree of siblings: what hangs deeper (an embedded sheet) does not tell what the file is

Chains and trees of a damaged file may run in circles: every step is counted and bounded.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = 512
HEADER_FAT_SECTORS = 109
MAX_ENTRIES = 20_000
ENTRY = 128
NO_ENTRY = 0xFFFFFFFF
LAST_SECTOR_NUMBER = 0xFFFFFFFA
WORD97_FIB = 0xC0
FIB_HEAD = 12
FIB_ENCRYPTED = 0x01  # of the byte at 11
FILEPASS = b"\x2f\x00"
FIRST_RECORDS = 3
MINI_STREAM_BELOW = 4096
MINI_SECTOR = 64
# In this order: an encrypted package may keep other streams beside it.
STREAM_KINDS: tuple[tuple[str, str], ...] = (
    ("encryptedpackage", "encrypted-ooxml"),
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
    ("contents", "works"),
    ("mm", "works"),
    ("mn0", "works"),
)


class Entry(msgspec.Struct, frozen=True):
    """A directory entry; `left`, `right`, `child` are positions in the directory."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


def sniff_ole(data: bytes) -> str:
    """Type of an OLE container, "ole" where its streams are none that we know."""
    entries = list(iter_entries(data))
    names = {entry.name.lower(): entry for entry in iter_root_children(entries)}
    if not names:  # the tree is damaged: any stream may tell
        names = {entry.name.lower(): entry for entry in entries}
    name, kind = next(((name, kind) for name, kind in STREAM_KINDS if name in names), ("", "ole"))
    if kind == "doc":
        return refine_doc(data, entries, names[name])
    return refine_xls(data, entries, names[name]) if kind == "xls" else kind


def refine_doc(data: bytes, entries: list[Entry], stream: Entry) -> str:
    """Tell a Word 6/95 and an encrypted document by the first bytes of its FIB: magic, nFib …, flags at 10."""
    at = find_stream_offset(data, entries, stream)
    fib = data[at : at + FIB_HEAD]
    if len(fib) < FIB_HEAD:
        return "doc"
    if int.from_bytes(fib[2:4], "little") < WORD97_FIB:
        return "doc-word6"
    return "doc-encrypted" if fib[11] & FIB_ENCRYPTED else "doc"


def refine_xls(data: bytes, entries: list[Entry], stream: Entry) -> str:
    """Tell an encrypted workbook by a FILEPASS record behind its BOF; a record that protects from writing may stand between."""
    at = find_stream_offset(data, entries, stream)
    for _ in range(FIRST_RECORDS):
        kind, size = data[at : at + 2], int.from_bytes(data[at + 2 : at + 4], "little")
        if kind == FILEPASS:
            return "xls-encrypted"
        at += 4 + size
    return "xls"


def iter_entries(data: bytes) -> Iterator[Entry]:
    """The directory, as far as its chain of sectors can be followed."""
    for count, at in enumerate(iter_directory_offsets(data)):
        if count >= MAX_ENTRIES or len(data) < at + ENTRY:
            return
        name_size, kind, left, right, child, start, size = struct.unpack_from("<HBxIII36xII", data, at + 64)
        name = data[at : at + max(0, min(name_size, 64) - 2)].decode("utf-16-le", "replace")
        yield Entry(name, kind, left, right, child, start, size)


def iter_directory_offsets(data: bytes) -> Iterator[int]:
    """Byte offset of each directory entry."""
    if len(data) < HEADER:
        return
    size = read_sector_size(data)
    (first,) = struct.unpack_from("<I", data, 48)
    for sector in iter_chain(data, first):
        yield from range((sector + 1) * size, (sector + 2) * size, ENTRY)


def iter_chain(data: bytes, sector: int) -> Iterator[int]:
    """The sectors of a stream, until the chain ends, leaves the file or comes back to itself."""
    size = read_sector_size(data)
    seen: set[int] = set()
    while sector < LAST_SECTOR_NUMBER and sector not in seen and (sector + 1) * size < len(data):
        seen.add(sector)
        yield sector
        sector = read_next_sector(data, sector, size)


def read_sector_size(data: bytes) -> int:
    """512, or 4096 in version 4."""
    return 4096 if data[30:32] == b"\x0c\x00" else 512


def read_next_sector(data: bytes, sector: int, size: int) -> int:
    """The FAT's entry for a sector; end of chain where the header's 109 FAT sectors do not reach."""
    index, position = divmod(sector, size // 4)
    if index >= HEADER_FAT_SECTORS:
        return LAST_SECTOR_NUMBER
    (fat_sector,) = struct.unpack_from("<I", data, 76 + 4 * index)
    at = (fat_sector + 1) * size + 4 * position
    return int.from_bytes(data[at : at + 4], "little") if at + 4 <= len(data) else LAST_SECTOR_NUMBER


def iter_root_children(entries: list[Entry]) -> Iterator[Entry]:
    """The entries directly below the root."""
    waiting = [entries[0].child] if entries else []
    seen: set[int] = set()
    while waiting:
        at = waiting.pop()
        if at in seen or at >= len(entries):
            continue
        seen.add(at)
        waiting += [entries[at].left, entries[at].right]
        yield entries[at]


def find_stream_offset(data: bytes, entries: list[Entry], stream: Entry) -> int:
    """Byte offset of a stream's beginning; a small one lies in the root's own stream. Past the end where it is lost."""
    size = read_sector_size(data)
    if stream.size >= MINI_STREAM_BELOW:
        return (stream.start + 1) * size
    index, inside = divmod(stream.start * MINI_SECTOR, size)
    sector = next((sector for count, sector in enumerate(iter_chain(data, entries[0].start)) if count == index), None)
    return len(data) if sector is None else (sector + 1) * size + inside
