"""The font table, of which only the fonts of signs matter.

SttbfFfn = count, 0 │ size FFN │ size FFN …        FFN = 39 bytes of looks │ name, UTF-16, ends with 0
"""

from __future__ import annotations

import struct

from gouji.readers.symbols import is_symbol_font

NAME_OFFSET = 39
HEAD = 4


def read_symbol_fonts(sttb: bytes) -> dict[int, str]:
    """Names of the symbol fonts (Wingdings and the like) by their number."""
    if len(sttb) < HEAD:
        return {}
    (count,) = struct.unpack_from("<H", sttb, 0)
    fonts: dict[int, str] = {}
    at = HEAD
    for number in range(count):
        if at >= len(sttb):
            break
        size = sttb[at]
        name = read_name(sttb[at + 1 : at + 1 + size])
        if is_symbol_font(name):
            fonts[number] = name
        at += 1 + size
    return fonts


def read_name(ffn: bytes) -> str:
    """The main name of a font."""
    return ffn[NAME_OFFSET:].decode("utf-16-le", "ignore").partition("\0")[0]
