"""The text, put together from its pieces: one character of the string is one CP.

    CLX = [01 grpprl of a fast save] … [02 PlcPcd]        PlcPcd = n+1 CPs │ n times: – fc prm
    fc, bit 30 set: a byte a character (Windows-1252) at fc / 2, else UTF-16 at fc

A character beyond U+FFFF takes two CPs, so its halves stay apart until a paragraph is cut out.
"""

from __future__ import annotations

import struct
from itertools import pairwise

import msgspec

from gouji.model.errors import ReadError
from gouji.readers.doc.container import CORRUPT, TOO_LARGE

GRPPRL, PIECES = 1, 2
BYTES_FLAG = 0x40000000
OFFSET = 0x3FFFFFFF
LIMIT_CHARACTERS = 10_000_000
LIMIT_REPEATS = 4  # the same bytes may serve several pieces, but not again and again
_LATIN = str.maketrans({code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)})


class Piece(msgspec.Struct, frozen=True):
    """Characters [start, end) that lie at a file offset, `width` bytes each; `modifier` is the Prm of a fast save."""

    start: int
    end: int
    offset: int
    width: int
    modifier: int


class PieceTable(msgspec.Struct, frozen=True):
    """Pieces in the order of the text, and the grpprls their modifiers refer to."""

    pieces: list[Piece]
    grpprls: list[bytes]


def read_piece_table(clx: bytes) -> PieceTable:
    """Read a CLX. Raises ReadError, struct.error where it is cut off."""
    grpprls: list[bytes] = []
    at = 0
    while at < len(clx) and clx[at] == GRPPRL:
        size = struct.unpack_from("<H", clx, at + 1)[0]
        grpprls.append(clx[at + 3 : at + 3 + size])
        at += 3 + size
    if at >= len(clx) or clx[at] != PIECES:
        raise ReadError("corrupt", CORRUPT)
    size = struct.unpack_from("<I", clx, at + 1)[0]
    return PieceTable(read_pieces(clx[at + 5 : at + 5 + size]), grpprls)


def read_pieces(plc: bytes) -> list[Piece]:
    """The pieces of a PlcPcd. Raises ReadError where their characters do not follow one another."""
    count = (len(plc) - 4) // 12
    if count < 1:
        raise ReadError("corrupt", CORRUPT)
    bounds = struct.unpack_from(f"<{count + 1}I", plc, 0)
    if bounds[0] or any(end < start for start, end in pairwise(bounds)):
        raise ReadError("corrupt", CORRUPT)
    if bounds[-1] > LIMIT_CHARACTERS:
        raise ReadError("too_large", TOO_LARGE)
    pieces = []
    for index, (start, end) in enumerate(pairwise(bounds)):
        place, modifier = struct.unpack_from("<2xIH", plc, 4 * (count + 1) + 8 * index)
        if start < end and place & BYTES_FLAG:
            pieces.append(Piece(start, end, (place & OFFSET) // 2, 1, modifier))
        elif start < end:
            pieces.append(Piece(start, end, place & OFFSET, 2, modifier))
    return pieces


def join_text(main: bytes, pieces: list[Piece]) -> str:
    """The whole text. Raises ReadError where a piece lies outside the file, or pieces share its bytes beyond measure."""
    if sum((piece.end - piece.start) * piece.width for piece in pieces) > LIMIT_REPEATS * len(main):
        raise ReadError("corrupt", CORRUPT)
    return "".join([decode_piece(main, piece) for piece in pieces])


def decode_piece(main: bytes, piece: Piece) -> str:
    """The characters of a piece, one a CP."""
    count = piece.end - piece.start
    raw = main[piece.offset : piece.offset + count * piece.width]
    if len(raw) < count * piece.width:
        raise ReadError("corrupt", CORRUPT)
    if piece.width == 1:
        return raw.decode("latin-1").translate(_LATIN)
    text = raw.decode("utf-16-le", "surrogatepass")
    return text if len(text) == count else "".join(map(chr, struct.unpack(f"<{count}H", raw)))


def join_halves(text: str) -> str:
    """Text with the two halves of each character beyond U+FFFF put together; a lone half is shown as U+FFFD."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
