"""Qualified names of WordprocessingML, always in the transitional namespace (strict parts are translated on entry).

<w:p><w:r><w:t>   W + "p", W + "r", W + "t"
"""

from __future__ import annotations

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"

BODY, P, PPR, RPR, RUN, T = (W + name for name in ("body", "p", "pPr", "rPr", "r", "t"))
TBL, TR, TC, TRPR, TCPR = (W + name for name in ("tbl", "tr", "tc", "trPr", "tcPr"))
GRID, GRID_COL, WIDTH = W + "tblGrid", W + "gridCol", W + "w"
GRID_SPAN, GRID_BEFORE, V_MERGE, H_MERGE, CELL_MERGE = (
    W + name for name in ("gridSpan", "gridBefore", "vMerge", "hMerge", "cellMerge")
)
VAL, ID, TYPE = W + "val", W + "id", W + "type"
P_STYLE, R_STYLE, NUM_PR, NUM_ID, LEVEL = (W + name for name in ("pStyle", "rStyle", "numPr", "numId", "ilvl"))
VANISH, FONTS, ASCII, HIGH_ANSI = W + "vanish", W + "rFonts", W + "ascii", W + "hAnsi"
INS, DEL, MOVE_FROM, MOVE_TO, CELL_INS, CELL_DEL = (
    W + name for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")
)
SDT, SDT_CONTENT, TEXT_BOX = W + "sdt", W + "sdtContent", W + "txbxContent"
ALTERNATE, CHOICE, FALLBACK = MC + "AlternateContent", MC + "Choice", MC + "Fallback"
ALT_CHUNK, SUB_DOC = W + "altChunk", W + "subDoc"
FIELD_CHAR, FIELD_TEXT, SYMBOL = W + "fldChar", W + "instrText", W + "sym"
FOOTNOTE_MARK, ENDNOTE_MARK = W + "footnoteReference", W + "endnoteReference"
SECTION, HEADER_MARK, FOOTER_MARK = W + "sectPr", W + "headerReference", W + "footerReference"
OFF = frozenset({"0", "false", "off", "none"})


def is_on(value: str | None) -> bool:
    """A toggle: present without value is on."""
    return value is None or value not in OFF


def to_int(value: str | None, default: int, low: int, high: int) -> int:
    """A number as generators write it, held within [low, high]; `default` where there is none."""
    try:
        number = int(value) if value is not None else default
    except ValueError:
        return default
    return min(max(number, low), high)
