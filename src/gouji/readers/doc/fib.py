"""The file information block at the start of the WordDocument stream: what is where.

wIdent nFib … flags │ csw, rgW │ cslw, rgLw: lengths of the stories │ cbRgFcLcb, pairs: fc, lcb in the table stream
                                      └ text footnotes headers – comments endnotes boxes header boxes
"""

from __future__ import annotations

import struct

import msgspec

from gouji.model.errors import ReadError
from gouji.readers.doc.container import CORRUPT

WORD97 = 0xC0
ENCRYPTED_FLAG = 0x0100
ENCRYPTED = "文件设有打开密码；请在 WPS 或 Word 中取消密码，并另存为 .docx 后再提交。"
TOO_OLD = "这是 Word 95 或更早版本的 .doc 文件，不能直接读取；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
FIXED_PART = 32
FIRST_LENGTH, STORY_COUNT = 3, 8
TEXT, FOOTNOTES, HEADERS, MACROS, COMMENTS, ENDNOTES, BOXES, HEADER_BOXES = range(STORY_COUNT)

# Positions of the pairs that are read, in the order of FibRgFcLcb97.
STYLES, NOTE_MARKS, NOTE_TEXTS, SECTIONS, HEADER_TEXTS = 1, 2, 3, 6, 11
CHARACTER_PAGES, PARAGRAPH_PAGES, FONTS, CLX = 12, 13, 15, 33
SHAPES, HEADER_SHAPES, ENDNOTE_MARKS, ENDNOTE_TEXTS = 40, 41, 46, 47
BOX_TEXTS, HEADER_BOX_TEXTS, LISTS, LIST_USES = 56, 58, 73, 74


class Fib(msgspec.Struct, frozen=True):
    """Lengths of the stories in characters, and the pairs (offset, length) into the table stream."""

    lengths: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]

    def start(self, story: int) -> int:
        """CP of a story's first character."""
        return sum(self.lengths[:story])

    def end(self, story: int) -> int:
        """CP behind a story's last character."""
        return sum(self.lengths[: story + 1])

    def offset(self, pair: int) -> int:
        """Where a structure starts in the table stream; 0 where the document has none."""
        fc, length = self.pairs[pair] if pair < len(self.pairs) else (0, 0)
        return fc if length else 0

    def cut(self, table: bytes, pair: int) -> bytes:
        """The bytes of a structure, b"" where the document has none."""
        fc, length = self.pairs[pair] if pair < len(self.pairs) else (0, 0)
        return table[fc : fc + length]


def read_fib(main: bytes) -> Fib:
    """Read the block. Raises ReadError "encrypted", "unsupported" or "corrupt", struct.error where it is cut off."""
    version, flags = struct.unpack_from("<H6xH", main, 2)
    if version < WORD97:
        raise ReadError("unsupported", TOO_OLD)
    if flags & ENCRYPTED_FLAG:
        raise ReadError("encrypted", ENCRYPTED)
    at = FIXED_PART
    at += 2 + 2 * read_count(main, at)
    lengths = struct.unpack_from(f"<{STORY_COUNT}i", main, at + 2 + 4 * FIRST_LENGTH)
    if min(lengths) < 0:
        raise ReadError("corrupt", CORRUPT)
    at += 2 + 4 * read_count(main, at)
    count = read_count(main, at)
    numbers = struct.unpack_from(f"<{2 * count}I", main, at + 2)
    return Fib(lengths, tuple(zip(numbers[::2], numbers[1::2], strict=True)))


def read_count(main: bytes, at: int) -> int:
    """A 16-bit count."""
    count: int = struct.unpack_from("<H", main, at)[0]
    return count
