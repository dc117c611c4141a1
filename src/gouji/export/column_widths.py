"""Columns of a bureau's own table made wide enough for the numbers that now stand in them; none is ever made narrower.

    23014200 under #,##0.00 in 12 pt  →  23,014,200.00  →  15.6 characters
    <col min="3" max="7" width="8.4"/>  →  <col min="3" max="3" …/> <col min="4" max="4" width="15.6" …/> <col min="5" …/>

Where a formula stands in the column, the sum of what was filled must fit too. A hidden column, a cell that shrinks its
text, and one merged over columns that are wide enough together, stay as they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

_BUILT_IN = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%"} | dict.fromkeys(
    ("37", "38"), "#,##0_)"
) | dict.fromkeys(("39", "40", "43", "44"), "#,##0.00_)")  # fmt: skip
_GENERAL_DIGITS = 11
_STANDARD_SIZE, _STANDARD_WIDTH = Decimal(11), Decimal("8.43")
_MARGIN = Decimal("1.5")
_WIDEST = Decimal(60)
_TRIMMINGS = re.compile(r'\[[^\]]*\]|[_*].|\\|"')
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


class Look(NamedTuple):
    """How a cell style shows a number: format code, size of its letters beside the usual ones, whether it shrinks."""

    code: str = "General"
    scale: Decimal = Decimal(1)
    shrinks: bool = False


def read_looks(styles: _Element | None) -> list[Look]:
    """The cell styles of a workbook by number."""
    if styles is None:
        return []
    codes = dict(_BUILT_IN)
    codes |= {f.get("numFmtId") or "": f.get("formatCode") or "" for f in styles.iterfind("{*}numFmts/{*}numFmt")}
    sizes = [_size_of(font) for font in styles.iterfind("{*}fonts/{*}font")] or [_STANDARD_SIZE]
    looks = []
    for style in styles.iterfind("{*}cellXfs/{*}xf"):
        font = int(style.get("fontId") or 0)
        alignment = style.find("{*}alignment")
        shrinks = alignment is not None and alignment.get("shrinkToFit") in ("1", "true")
        scale = sizes[font] / sizes[0] if font < len(sizes) and sizes[0] else Decimal(1)
        looks.append(Look(codes.get(style.get("numFmtId") or "", "General"), scale, shrinks))
    return looks


def _size_of(font: _Element) -> Decimal:
    size = font.find("{*}sz")
    return Decimal(size.get("val") or 0) if size is not None else _STANDARD_SIZE


def show_number(number: Decimal, code: str) -> str:
    """The number as a format shows it, near enough to be measured."""
    section = code.split(";", maxsplit=1)[0]
    bare = _TRIMMINGS.sub("", section)
    if "0" not in bare and "#" not in bare:
        return format(number, "f")[:_GENERAL_DIGITS]
    decimals = re.search(r"\.([0#?]+)", bare)
    shown = number * 100 if "%" in bare else number
    text = f"{shown:{',' if re.search('[0#],[0#]', bare) else ''}.{len(decimals[1]) if decimals else 0}f}"
    return text + re.sub(r"[0#?.,]", "", bare)


def widen_columns(root: _Element, filled: Mapping[tuple[int, int], object], looks: list[Look]) -> None:
    """Widen what is too narrow for the numbers filled into a sheet. Places are rows and columns from 0."""
    styles = {cell.get("r"): cell.get("s") for cell in root.iterfind("{*}sheetData/{*}row/{*}c")}
    needed = _measure_columns(root, filled, styles, looks)
    widths = Widths(root)
    merges = _read_merges(root)
    for (column, first_row), need in needed.items():
        last = merges.get((first_row, column), column)
        room = sum((widths.of(one) for one in range(column, last + 1)), Decimal(0))
        if need > room:
            widths.set(column, min(widths.of(column) + need - room, max(_WIDEST, widths.of(column))))
    widths.write()


def _measure_columns(
    root: _Element, filled: Mapping[tuple[int, int], object], styles: dict[str | None, str | None], looks: list[Look]
) -> dict[tuple[int, int], Decimal]:
    """(Column, row of its widest number) → characters it needs."""
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    widest: dict[int, tuple[Decimal, int]] = {}

    def measure(row: int, column: int, number: Decimal, style: str | None) -> None:
        look = looks[int(style)] if style is not None and int(style) < len(looks) else Look()
        need = Decimal(0 if look.shrinks else len(show_number(number, look.code))) * look.scale + _MARGIN
        if not look.shrinks:
            widest[column] = max(widest.get(column, (Decimal(0), row)), (need, row))

    for (row, column), content in filled.items():
        if isinstance(content, Decimal):
            sums[column] += abs(content)
            measure(row, column, content, styles.get(name_cell(row, column)))
    for formula in root.iterfind("{*}sheetData/{*}row/{*}c/{*}f"):
        cell = formula.getparent()
        place = _place_of(cell.get("r") or "") if cell is not None else None
        if cell is not None and place is not None and place[1] in sums:
            measure(*place, sums[place[1]], cell.get("s"))
    return {(column, row): need for column, (need, row) in widest.items()}


def name_cell(row: int, column: int) -> str:
    """(6, 4) → E7"""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _place_of(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _read_merges(root: _Element) -> dict[tuple[int, int], int]:
    """First cell of each merged area → its last column."""
    found = {}
    for merge in root.iterfind("{*}mergeCells/{*}mergeCell"):
        first, _, last = (merge.get("ref") or "").partition(":")
        start, end = _place_of(first), _place_of(last)
        if start is not None and end is not None:
            found[start] = end[1]
    return found


class Widths:
    """The widths of a sheet's columns, as its <cols> gives them; a column that is set gets a <col> of its own."""

    def __init__(self, root: _Element) -> None:
        self._root = root
        self._cols = root.find("{*}cols")
        self._set: dict[int, Decimal] = {}
        form = root.find("{*}sheetFormatPr")
        default = (form.get("defaultColWidth") if form is not None else None) or _STANDARD_WIDTH
        self._default = Decimal(default)

    def of(self, column: int) -> Decimal:
        """Characters of the standard size."""
        entry = self._find(column)
        width = entry.get("width") if entry is not None else None
        return self._set.get(column, Decimal(width) if width is not None else self._default)

    def set(self, column: int, width: Decimal) -> None:
        """Make a column so wide, unless it is hidden."""
        entry = self._find(column)
        if entry is None or entry.get("hidden") not in ("1", "true"):
            self._set[column] = width

    def _find(self, column: int) -> _Element | None:
        entries = () if self._cols is None else self._cols
        return next((e for e in entries if int(e.get("min") or 0) <= column + 1 <= int(e.get("max") or 0)), None)

    def write(self) -> None:
        """Put the widths that were set into the sheet."""
        if not self._set:
            return
        if self._cols is None:
            space = etree.QName(self._root).namespace
            self._cols = self._root.makeelement(f"{{{space}}}cols", {})
            data = self._root.find("{*}sheetData")
            if data is not None:
                data.addprevious(self._cols)
        for column, width in sorted(self._set.items()):
            self._write_one(self._cols, column + 1, f"{width:.2f}")

    def _write_one(self, cols: _Element, number: int, width: str) -> None:
        entry = self._find(number - 1)
        if entry is None:
            space = etree.QName(self._root).namespace
            made = cols.makeelement(f"{{{space}}}col", {"min": str(number), "max": str(number)})
            after = [n for n, one in enumerate(cols) if int(one.get("max") or 0) < number]
            cols.insert(after[-1] + 1 if after else 0, made)
        else:
            made = self._split(entry, number)
        made.set("width", width)
        made.set("customWidth", "1")

    def _split(self, entry: _Element, number: int) -> _Element:
        """A <col> of its own for one column of a range; what lies left and right of it keeps the range's look."""
        first, last = int(entry.get("min") or number), int(entry.get("max") or number)
        looks = {str(name): str(value) for name, value in entry.attrib.items()}
        for low, high, put in ((first, number - 1, entry.addprevious), (number + 1, last, entry.addnext)):
            if low <= high:
                put(entry.makeelement(str(entry.tag), {**looks, "min": str(low), "max": str(high)}))
        entry.set("min", str(number))
        entry.set("max", str(number))
        return entry
