"""Where a cell lies in its workbook, as one integer: what `Cell.address` and `Paragraph.address` hold.

bits  34 …      14 … 33      0 … 13
      sheet     row          column        all from 0; the sheet counts every sheet of the workbook, hidden ones too

pack(1, 11, 1) ─ print_place(…, ("封面", "收支")) ─→ 《收支》B12
"""

from __future__ import annotations

import re
from collections.abc import Sequence

ROW_BITS, COLUMN_BITS = 20, 14
MAX_ROWS, MAX_COLUMNS = 1 << ROW_BITS, 1 << COLUMN_BITS
LETTERS = 26
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def pack_address(sheet: int, row: int, col: int) -> int:
    """The integer of a cell."""
    return (sheet << ROW_BITS | row) << COLUMN_BITS | col


def unpack_address(address: int) -> tuple[int, int, int]:
    """Sheet, row and column, from 0."""
    rest, col = divmod(address, MAX_COLUMNS)
    sheet, row = divmod(rest, MAX_ROWS)
    return sheet, row, col


def name_cell(row: int, col: int) -> str:
    """B12"""
    letters = ""
    col += 1
    while col:
        col, letter = divmod(col - 1, LETTERS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def print_place(address: int, sheets: Sequence[str]) -> str:
    """The place in words: 《收支》B12. `sheets` are the workbook's (`Document.sheets`)."""
    sheet, row, col = unpack_address(address)
    return f"《{sheets[sheet]}》{name_cell(row, col)}"


def parse_reference(reference: str) -> tuple[int, int] | None:
    """Row and column of B12 or $B$12, None for anything else or a place beyond the largest sheet."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    col = 0
    for letter in match[1].upper():
        col = col * LETTERS + ord(letter) - ord("A") + 1
    row = int(match[2])
    return (row - 1, col - 1) if 0 < row <= MAX_ROWS and col <= MAX_COLUMNS else None


def parse_range(reference: str) -> tuple[int, int, int, int] | None:
    """First row and column, last row and column of A1:C2, None where it is none."""
    first, _, last = reference.partition(":")
    start, end = parse_reference(first), parse_reference(last)
    if start is None or end is None:
        return None
    return min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])
