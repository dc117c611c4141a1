"""styles.xml of a workbook → for each cell style its number format and whether it draws vertical lines.

<c s="3"> ─→ cellXfs[3] ─→ numFmtId ─→ numFmts, else a built-in code
                        └→ borderId ─→ borders
"""

from __future__ import annotations

import msgspec
from lxml.etree import _Element

from gouji.readers.sheets.number_formats import BUILTIN, NumberFormat, parse_format

SIDES = ("{*}left", "{*}right", "{*}start", "{*}end")


class Style(msgspec.Struct, frozen=True):
    """How cells of a style show their numbers; `ruled` where a line runs down their left or right side."""

    number_format: NumberFormat
    ruled: bool = False


PLAIN = Style(parse_format("General"))


def read_styles(root: _Element) -> list[Style]:
    """The cell styles in their order."""
    codes = BUILTIN | {
        to_int(item.get("numFmtId")): item.get("formatCode") or "General" for item in root.iter("{*}numFmt")
    }
    borders = [has_vertical(item) for item in root.iterfind("{*}borders/{*}border")]
    styles = []
    for item in root.iterfind("{*}cellXfs/{*}xf"):
        border = to_int(item.get("borderId"))
        code = codes.get(to_int(item.get("numFmtId")), "General")
        styles.append(Style(parse_format(code), ruled=border < len(borders) and borders[border]))
    return styles


def has_vertical(border: _Element) -> bool:
    """Whether a border draws a line at the left or at the right."""
    sides = (border.find(name) for name in SIDES)
    return any(side is not None and side.get("style", "none") != "none" for side in sides)


def to_int(text: str | None) -> int:
    """A number of an attribute, 0 where it is none."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004
