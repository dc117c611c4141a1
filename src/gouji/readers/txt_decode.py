"""Bytes of a plain-text file → str, by content alone.

    EF BB BF …            utf-8 with BOM          ┐
    FF FE … / FE FF …     utf-16 with BOM         ├ a BOM decides
    84 31 95 33 …         gb18030 with BOM        ┘
    E5 B2 B3 …            utf-8, strict
    B3 5C 33 96 09 00 …   utf-16 without BOM: NUL bytes, all on one side of the pairs
    D4 C0 …               gb18030, strict (a superset of GBK and GB2312)

Anything else, or anything that decodes to control characters, is no text.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from gouji.model.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

GB18030_BOM = b"\x84\x31\x95\x33"
# utf-32 before utf-16: its little-endian BOM begins with the one of utf-16.
BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (GB18030_BOM, "gb18030"),
)
# \x1c–\x1f are controls too; \x1a (DOS end of file) and \x1b are common enough in old exports to be merely dropped.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MAX_CONTROL_SHARE = 0.01
LOST = "\ufffd"  # stands for what was cut off or was lost before we got the file
# Letters, digits, punctuation, CJK with its extension A, full-width forms: what a utf-16 guess must consist of.
USUAL = re.compile(
    r"[\t-\r -~\u00a0-\u00ff\u2000-\u22ff\u2460-\u27bf\u3000-\u30ff\u3220-\u33ff\u3400-\u9fff\uff00-\uffef]"
)
MIN_USUAL_SHARE = 0.95
GUESS_CHARACTERS = 4096

NOT_TEXT = (
    "文件内容不是可以识别的文字（编码无法判断或文件已损坏）；请用原来的软件打开核对后另存为 .docx 或 UTF-8 文本再提交。"
)


def decode_text(data: bytes) -> tuple[str, int]:
    """Text of a file and how many of its characters are damaged: stray controls left out, lost ones shown as U+FFFD.

    Raises ReadError("corrupt") where no encoding fits or the text is mostly control characters.
    """
    text = next(candidate_texts(data), None)
    if text is None:
        raise ReadError("corrupt", NOT_TEXT)
    return drop_controls(text)


def candidate_texts(data: bytes) -> Iterator[str]:
    """The readings of the bytes, best first. A BOM admits no other reading."""
    body = data.rstrip(b"\x1a")
    for bom, encoding in BOMS:
        if body.startswith(bom):
            yield from decode_strictly(body[len(bom) :], encoding)
            return
    trimmed = body.rstrip(b"\x00")
    if b"\x00" not in trimmed:
        yield from decode_strictly(trimmed, "utf-8")
    else:
        yield from guess_utf16(body)
        return
    yield from decode_strictly(trimmed, "gb18030")


def decode_strictly(data: bytes, encoding: str) -> Iterator[str]:
    """The text, or nothing. A utf-8 text cut in its last character is still utf-8, never gb18030 mojibake."""
    try:
        yield data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and error.reason == "unexpected end of data" and error.start >= len(data) - 3 > 0:
            yield data[: error.start].decode(encoding) + LOST


def guess_utf16(data: bytes) -> Iterator[str]:
    """utf-16 without BOM, where it gives usual text."""
    even_length = data[: len(data) // 2 * 2]
    for text in decode_strictly(even_length, guess_byte_order(data)):
        if is_usual(text[:GUESS_CHARACTERS]):
            yield text


def guess_byte_order(data: bytes) -> str:
    """The NUL halves of spaces, digits and line ends stand on one side of the pairs."""
    return "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"


def is_usual(text: str) -> bool:
    """Whether nearly all characters are ones that a Chinese office document consists of."""
    return len(USUAL.findall(text)) >= MIN_USUAL_SHARE * len(text)


def drop_controls(text: str) -> tuple[str, int]:
    """Leave out stray control characters; refuse a text that is full of them."""
    clean, count = CONTROLS.subn("", text.rstrip("\x00"))
    if count > MAX_CONTROL_SHARE * len(text) + 1:
        raise ReadError("corrupt", NOT_TEXT)
    return clean, count + clean.count(LOST)
