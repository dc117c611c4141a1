r"""Which code page the bytes of a font are in.

\ansicpg936                                    what fonts without a charset of their own use
{\fonttbl{\f0\fcharset134 宋体;}…}              f0: gb18030
{\f3\fcharset2 Wingdings;}                     f3: signs instead of letters
"""

from __future__ import annotations

import codecs

import msgspec

from gouji.readers.symbols import is_symbol_font

CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
SYMBOL_CHARSET = 2


class Font(msgspec.Struct):
    """A font while its entry is read."""

    charset: int | None = None
    page: int | None = None
    name: str = ""

    def find_codec(self, default: str) -> str:
        """How its bytes are decoded; ANSI means the document's own code page."""
        if self.page:
            return find_page(self.page) or default
        return CHARSETS.get(self.charset or 0, default)

    def find_symbols(self) -> str | None:
        """The symbol font it is."""
        name = self.name.strip().rstrip(";").strip()
        return name if is_symbol_font(name) else None


def find_page(number: int) -> str | None:
    """Python's codec of a Windows code page."""
    if number == 936:  # noqa: PLR2004 - the code page of simplified Chinese; gb18030 holds it
        return "gb18030"
    try:
        return codecs.lookup("utf-8" if number == 65001 else f"cp{number}").name  # noqa: PLR2004
    except LookupError:
        return None
