"""Qualified names of OpenDocument.

<text:p><text:s text:c="2"/>   TEXT + "p", TEXT + "s", TEXT + "c"
"""

from __future__ import annotations

_BASE = "{urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE, STYLE, DRAW, FO = (
    f"{_BASE}{name}:1.0}}" for name in ("office", "text", "table", "style", "drawing", "xsl-fo-compatible")
)
MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def to_int(value: str | None, default: int, limit: int) -> int:
    """A count as an attribute gives it, at most `limit`."""
    return min(int(value), limit) if value is not None and value.isascii() and value.isdigit() else default
