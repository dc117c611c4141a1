"""A small writer of Excel 97 workbooks: just what the reader must understand.

    write_xls([Leaf("收支", {(0, 0): "机构名称", (1, 1): (12.5, "#,##0.00")}, merges=[(0, 0, 0, 1)])]) → bytes

A cell is a text, a number, (number, format code), Formula(result) or Raw(record). Strings are shared and may be cut over CONTINUE
records; `lock` encrypts the stream with a password (RC4).
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Any

PIECE = 8224
GLOBALS, SHEET = 0x0005, 0x0010


@dataclass(frozen=True)
class Formula:
    """A formula with the result that is stored for it: a number, a text, an error code in brackets."""

    result: float | str | tuple[int]


@dataclass(frozen=True)
class Leaf:
    """A sheet; `state` 1 is hidden. `ruled` cells have lines at both sides."""

    name: str
    cells: dict[tuple[int, int], Any]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    state: int = 0
    ruled: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    shows_zeros: bool = True
    header: str = ""


def record(kind: int, data: bytes) -> bytes:
    """A record, in as many pieces as it takes."""
    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)] or [b""]
    heads = [kind, *[0x003C] * (len(pieces) - 1)]
    return b"".join(struct.pack("<HH", head, len(piece)) + piece for head, piece in zip(heads, pieces, strict=True))


def wide_string(text: str, count: str = "<H") -> bytes:
    """A BIFF8 string: one byte a character where that is enough."""
    if all(ord(letter) < 256 for letter in text):
        return struct.pack(count, len(text)) + b"\x00" + text.encode("latin-1")
    return struct.pack(count, len(text)) + b"\x01" + text.encode("utf-16-le")


class Book:
    """Styles and strings in the order of their first use."""

    def __init__(self, piece: int) -> None:
        self.piece = piece
        self.styles: list[tuple[str, bool]] = [("General", False)]
        self.strings: list[str] = []

    def style_of(self, code: str, *, ruled: bool) -> int:
        """Number of a style."""
        if (code, ruled) not in self.styles:
            self.styles.append((code, ruled))
        return self.styles.index((code, ruled))

    def write_styles(self) -> bytes:
        """FORMAT and XF records."""
        codes = [code for code in dict.fromkeys(code for code, _ in self.styles) if code != "General"]
        numbers = {"General": 0} | {code: 164 + at for at, code in enumerate(codes)}
        formats = b"".join(record(0x041E, struct.pack("<H", numbers[code]) + wide_string(code)) for code in codes)
        return formats + b"".join(
            record(0x00E0, struct.pack("<HHHBBBBI", 0, numbers[code], 0, 0, 0, 0, 0, 0x11 if ruled else 0) + bytes(6))
            for code, ruled in self.styles
        )

    def write_strings(self) -> bytes:
        """The SST record, cut every `piece` bytes between characters; a cut string says again how wide it is."""
        pieces = [bytearray(struct.pack("<II", len(self.strings), len(self.strings)))]
        for text in self.strings:
            raw = wide_string(text)
            if len(pieces[-1]) + 3 > self.piece:
                pieces.append(bytearray())
            pieces[-1] += raw[:3]
            size = 2 if raw[2] else 1
            for at in range(3, len(raw), size):
                if len(pieces[-1]) + size > self.piece:
                    pieces.append(bytearray(raw[2:3]))
                pieces[-1] += raw[at : at + size]
        heads = [0x00FC, *[0x003C] * (len(pieces) - 1)]
        return b"".join(struct.pack("<HH", h, len(p)) + p for h, p in zip(heads, pieces, strict=True))


def write_cell(book: Book, leaf: Leaf, place: tuple[int, int], value: Any) -> bytes:
    """The record of a cell."""
    code = "General"
    if isinstance(value, tuple):
        value, code = value
    head = struct.pack("<HHH", *place, book.style_of(code, ruled=place in leaf.ruled))
    if value is None:
        return record(0x0201, head)
    if isinstance(value, bool):
        return record(0x0205, head + bytes([value, 0]))
    if isinstance(value, Formula):
        return write_formula(head, value.result)
    if isinstance(value, str):
        if value not in book.strings:
            book.strings.append(value)
        return record(0x00FD, head + struct.pack("<I", book.strings.index(value)))
    if isinstance(value, int):
        return record(0x027E, head + struct.pack("<I", (value << 2 | 2) & 0xFFFFFFFF))
    return record(0x0203, head + struct.pack("<d", value))


def write_formula(head: bytes, result: float | str | tuple[int]) -> bytes:
    """FORMULA, and STRING where its result is a text."""
    tail = bytes(8)
    if isinstance(result, str):
        return record(0x0006, head + b"\x00\x00\x00\x00\x00\x00\xff\xff" + tail) + record(0x0207, wide_string(result))
    if isinstance(result, tuple):
        return record(0x0006, head + bytes([2, 0, result[0], 0, 0, 0, 255, 255]) + tail)
    return record(0x0006, head + struct.pack("<d", result) + tail)


def write_sheet(book: Book, leaf: Leaf) -> bytes:
    """The records of a sheet."""
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, SHEET, 0, 0, 0, 0))
    if leaf.header:
        body += record(0x0014, wide_string(leaf.header))
    body += b"".join(record(0x007D, struct.pack("<HHHHHH", col, col, 0, 0, 1, 0)) for col in leaf.hidden_columns)
    body += b"".join(record(0x0208, struct.pack("<HHHHIHH", row, 0, 9, 0, 0, 0x20, 0)) for row in leaf.hidden_rows)
    body += b"".join(write_cell(book, leaf, place, value) for place, value in sorted(leaf.cells.items()))
    if leaf.merges:
        areas = b"".join(struct.pack("<4H", top, bottom, left, right) for top, left, bottom, right in leaf.merges)
        body += record(0x00E5, struct.pack("<H", len(leaf.merges)) + areas)
    body += record(0x023E, struct.pack("<H", 0x10 if leaf.shows_zeros else 0) + bytes(16))
    return body + record(0x000A, b"")


def write_stream(leaves: list[Leaf], *, piece: int = PIECE, password: str | None = None) -> bytes:
    """The Workbook stream."""
    book = Book(piece)
    sheets = [write_sheet(book, leaf) for leaf in leaves]
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, GLOBALS, 0, 0, 0, 0))
    lock = record(0x002F, make_filepass(password)) if password is not None else b""
    middle = record(0x0042, struct.pack("<H", 1200)) + book.write_styles()
    end = book.write_strings() + record(0x000A, b"")
    names = [wide_string(leaf.name, "<B") for leaf in leaves]
    at = len(start + lock + middle + end) + sum(4 + 6 + len(name) for name in names)
    bounds = b""
    for leaf, name, sheet in zip(leaves, names, sheets, strict=True):
        bounds += record(0x0085, struct.pack("<IBB", at, leaf.state, 0) + name)
        at += len(sheet)
    stream = start + lock + middle + bounds + end + b"".join(sheets)
    return stream if password is None else encrypt_stream(stream, password)


def write_xls(leaves: list[Leaf], **options: Any) -> bytes:
    """The stream in its container."""
    return wrap_ole("Workbook", write_stream(leaves, **options))


# --- the container ------------------------------------------------------------------------------------------------------


def wrap_ole(name: str, stream: bytes) -> bytes:
    """A compound file of one stream: header, FAT sectors, one directory sector, the stream's sectors."""
    stream += bytes(max(0, -(-(4096 - len(stream)) // 4)) * 4)  # empty records, none of them cut
    count = -(-len(stream) // 512)
    fats = -(-(count + 2) // 127)
    chain = [0xFFFFFFFD] * fats + [0xFFFFFFFE]
    chain += [fats + 1 + at for at in range(1, count)] + [0xFFFFFFFE]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512 * fats, b"\xff")
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00"))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, fats, fats, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<109I", header, 76, *range(fats), *[0xFFFFFFFF] * (109 - fats))
    entries = directory_entry("Root Entry", 5, child=1) + directory_entry(name, 2, start=fats + 1, size=len(stream))
    return bytes(header) + fat + entries.ljust(512, b"\x00") + stream.ljust(count * 512, b"\x00")


def directory_entry(name: str, kind: int, *, child: int = 0xFFFFFFFF, start: int = 0xFFFFFFFE, size: int = 0) -> bytes:
    """One entry of the directory, without siblings."""
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\x00") + struct.pack("<HBB", len(raw) + 2, kind, 1)
    return head + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36) + struct.pack("<III", start, size, 0)


# --- RC4, as Excel 97 does it -------------------------------------------------------------------------------------------

SALT = bytes(range(16))


def rc4(key: bytes, count: int) -> bytes:
    """The first bytes of the key stream."""
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    stream = bytearray()
    for _ in range(count):
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        stream.append(box[(box[i] + box[j]) % 256])
    return bytes(stream)


def block_key(password: str, block: int) -> bytes:
    """The key of a block of 1,024 bytes."""
    first = hashlib.md5(password.encode("utf-16-le")).digest()[:5]  # noqa: S324 - the format's own
    second = hashlib.md5((first + SALT) * 16).digest()[:5]  # noqa: S324
    return hashlib.md5(second + struct.pack("<I", block)).digest()  # noqa: S324


def xor(data: bytes, key: bytes) -> bytes:
    """Both combined."""
    return bytes(a ^ b for a, b in zip(data, key, strict=False))


def make_filepass(password: str) -> bytes:
    """FILEPASS of RC4 encryption."""
    verifier = bytes(range(100, 116))
    hashed = hashlib.md5(verifier).digest()  # noqa: S324
    return struct.pack("<HHH", 1, 1, 1) + SALT + xor(verifier + hashed, rc4(block_key(password, 0), 32))


def encrypt_stream(stream: bytes, password: str) -> bytes:
    """Payloads encrypted; heads, the first records and the offsets of sheets stay as they are."""
    keys = b"".join(rc4(block_key(password, block), 1024) for block in range(len(stream) // 1024 + 1))
    result = bytearray(xor(stream, keys))
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        plain = 4 + (size if kind in (0x0809, 0x002F) else 4 if kind == 0x0085 else 0)
        result[at : at + plain] = stream[at : at + plain]
        at += 4 + size
    return bytes(result)
