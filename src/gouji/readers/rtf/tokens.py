r"""Bytes of an RTF file → tokens.

    {\b1 \'d6\'d0 abc\par}   →   "{"  hex d6  hex d0  text abc  word par  "}"
    {\*\fldinst PAGE}        →   "{"  star fldinst  text PAGE  "}"

Most words are mere formatting: runs of those nobody wants are passed over in one step. Line ends between tokens mean
nothing. After \binN come N bytes that are no tokens at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Kind = Literal["open", "close", "hex", "word", "star", "symbol", "text"]


class Token(NamedTuple):
    r"""`raw` is the word, the symbol or the bytes; `number` a word's parameter. "star" is a word after \*."""

    kind: Kind
    raw: bytes
    number: int | None = None


def make_pattern(wanted: Iterable[bytes]) -> re.Pattern[bytes]:
    r"""The tokens with these words."""
    words = b"|".join(sorted({*wanted, b"bin"}, reverse=True))
    return re.compile(
        rb"(?:\\(?!(?:" + words + rb")(?![A-Za-z]))[A-Za-z]{1,32}(?:-?[0-9]{1,10})? ?)+"
        rb"|([{}])|\\'([0-9A-Fa-f]{2})|(\\\*[\r\n]*)?\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?"
        rb"|\\([^A-Za-z])|([^\\{}\r\n]+)|[\r\n]+|\\",
        re.DOTALL,
    )


def iter_tokens(data: bytes, pattern: re.Pattern[bytes]) -> Iterator[Token]:
    """The tokens of a file."""
    at = 0
    while (match := pattern.match(data, at)) is not None:
        at = match.end()
        brace, pair, star, word, number, symbol, text = match.groups()
        if text is not None:
            yield Token("text", text)
        elif word is not None:
            if word == b"bin" and number is not None:
                at += max(0, int(number))
                continue
            yield Token("star" if star else "word", word, None if number is None else int(number))
        elif pair is not None:
            yield Token("hex", bytes([int(pair, 16)]))
        elif brace is not None:
            yield Token("open" if brace == b"{" else "close", brace)
        elif symbol is not None:
            yield Token("symbol", symbol)
