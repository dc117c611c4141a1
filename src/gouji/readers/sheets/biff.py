"""The records of a BIFF stream (Excel 5 to 2003, WPS .et), and the strings in them.

id 2 | size 2 | payload       0x003C CONTINUE: more of the record above, at most 8,224 bytes a piece

BIFF8 string   count 2 (or 1) | flags 1: wide 1, phonetic 4, runs 8 | [runs 2] [phonetic 4] | characters | runs | phonetic
               where the characters go on in a CONTINUE, flags come again
BIFF5 string   count | bytes in the code page
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator

import msgspec

BOF, EOF = 0x0809, 0x000A
WIDE, PHONETIC, RUNS = 1, 4, 8
UTF16_PAGE = 1200
CODE_PAGES = {10000: "mac_roman", 32768: "mac_roman", 32769: "cp1252", 10008: "gb2312", 10002: "big5"}


class Record(msgspec.Struct, frozen=True):
    """A record at an offset, its payload in the pieces in which it stands."""

    offset: int
    kind: int
    pieces: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """The first piece, which holds all but long strings."""
        return self.pieces[0]


def iter_records(stream: bytes, offset: int = 0) -> Iterator[Record]:
    """The records from an offset on, as far as they are whole."""
    while offset + 4 <= len(stream):
        start = offset
        kind, size = struct.unpack_from("<HH", stream, offset)
        pieces = [stream[offset + 4 : offset + 4 + size]]
        offset += 4 + size
        while stream[offset : offset + 2] == b"\x3c\x00" and offset + 4 <= len(stream):
            (size,) = struct.unpack_from("<H", stream, offset + 2)
            pieces.append(stream[offset + 4 : offset + 4 + size])
            offset += 4 + size
        yield Record(start, kind, tuple(pieces))


class Pieces:
    """A place in a record's pieces."""

    def __init__(self, pieces: tuple[bytes, ...], at: int = 0) -> None:
        self.pieces = pieces
        self.index = 0
        self.at = at

    def left(self) -> int:
        """Bytes left in this piece; the next one is entered where none are."""
        while self.at >= len(self.pieces[self.index]) and self.index + 1 < len(self.pieces):
            self.index, self.at = self.index + 1, 0
        return len(self.pieces[self.index]) - self.at

    def take(self, count: int) -> bytes:
        """So many bytes, over the borders of pieces; fewer at the end."""
        taken = bytearray()
        while len(taken) < count and (left := self.left()) > 0:
            part = self.pieces[self.index][self.at : self.at + min(left, count - len(taken))]
            taken += part
            self.at += len(part)
        return bytes(taken)

    def take_number(self, size: int) -> int:
        """A little-endian number."""
        return int.from_bytes(self.take(size), "little")

    def take_string(self, count_size: int = 2) -> str:
        """A BIFF8 string."""
        count, flags = self.take_number(count_size), self.take_number(1)
        runs = self.take_number(2) if flags & RUNS else 0
        phonetic = self.take_number(4) if flags & PHONETIC else 0
        text = self.take_characters(count, flags & WIDE)
        self.take(4 * runs + phonetic)
        return text

    def take_characters(self, count: int, wide: int) -> str:
        """So many characters; each further piece begins with its own width."""
        texts: list[str] = []
        while count > 0:
            if self.at >= len(self.pieces[self.index]):
                if self.index + 1 >= len(self.pieces):
                    break
                self.index, self.at = self.index + 1, 1
                wide = self.pieces[self.index][:1] != b"\x00" and self.pieces[self.index][0] & WIDE
            size = 2 if wide else 1
            here = min(count, max(1, (len(self.pieces[self.index]) - self.at) // size))
            raw = self.pieces[self.index][self.at : self.at + here * size]
            texts.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
            self.at += here * size
            count -= here
        return "".join(texts)


def read_strings(pieces: tuple[bytes, ...]) -> list[str]:
    """The shared strings of an SST record; as many as there are, whatever it claims."""
    source = Pieces(pieces, 8)
    claimed = int.from_bytes(pieces[0][4:8], "little")
    strings: list[str] = []
    while len(strings) < claimed and source.left() > 0:
        strings.append(source.take_string())
    return strings


def find_encoding(page: int) -> str:
    """Name of the encoding of a code page; that of Chinese Windows where it is unknown."""
    name = CODE_PAGES.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "gb18030"


def decode_rk(number: int) -> float:
    """A number of 30 bits: whole or the head of a double, perhaps in hundredths."""
    if number & 2:
        value = float((number >> 2) - (1 << 30 if number & 0x80000000 else 0))
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (number & 0xFFFFFFFC) << 32))
    return value / 100 if number & 1 else value
