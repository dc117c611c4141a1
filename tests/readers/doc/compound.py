"""A writer of small compound files (version 3), enough for what a .doc keeps in one.

header │ FAT … │ directory … │ streams, each padded to 4096 bytes so that none goes into the mini stream
"""

from __future__ import annotations

import struct

SECTOR = 512
LEAST = 4096
FREE, END, FAT_SECTOR, NOBODY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def write_compound(streams: dict[str, bytes]) -> bytes:
    """A container with these streams in its root."""
    bodies = {name: data.ljust(max(LEAST, -(-len(data) // SECTOR) * SECTOR), b"\0") for name, data in streams.items()}
    directory_size = -(-(len(streams) + 1) * 128 // SECTOR)
    payload = directory_size + sum(len(body) // SECTOR for body in bodies.values())
    fat_size = 1
    while fat_size * SECTOR // 4 < fat_size + payload:
        fat_size += 1
    chain = [FAT_SECTOR] * fat_size + link(fat_size, directory_size)
    entries = [write_entry("Root Entry", 5, child=1)]
    for index, (name, body) in enumerate(bodies.items(), 1):
        right = index + 1 if index < len(bodies) else NOBODY
        entries.append(write_entry(name, 2, right=right, start=len(chain), size=len(body)))
        chain += link(len(chain), len(body) // SECTOR)
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(fat_size * SECTOR, b"\xff")
    directory = b"".join(entries).ljust(directory_size * SECTOR, b"\0")
    return write_header(fat_size) + fat + directory + b"".join(bodies.values())


def link(first: int, count: int) -> list[int]:
    """The FAT entries of sectors that follow one another."""
    return [*range(first + 1, first + count), END] if count else []


def write_entry(
    name: str, kind: int, *, right: int = NOBODY, child: int = NOBODY, start: int = END, size: int = 0
) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
    return head + struct.pack("<III", NOBODY, right, child) + bytes(36) + struct.pack("<III", start, size, 0)


def write_header(fat_size: int) -> bytes:
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(SECTOR, b"\0"))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<III", header, 44, fat_size, fat_size, 0)
    struct.pack_into("<IIIII", header, 56, LEAST, END, 0, END, 0)
    places = [*range(fat_size), *[FREE] * (109 - fat_size)]
    struct.pack_into("<109I", header, 76, *places)
    return bytes(header)
