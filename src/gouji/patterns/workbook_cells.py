"""The texts of a .xlsx by sheet and cell, with the standard library alone: rules in a sheet need no more.

    xl/workbook.xml   sheet names, r:id ─→ xl/worksheets/sheet1.xml   <c r="B3" t="s"><v>17</v></c>
    xl/sharedStrings.xml   17th <si> ────────────────────────────────────────────────────┘

Formats, formulas and merges do not count: a cell is what it shows last time it was saved.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"^([A-Z]+)(\d+)$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUTH = {"1": "是", "0": "否"}


class SheetCells(NamedTuple):
    """A sheet's name and its texts by (row, column), both from 1; empty cells are left out."""

    name: str
    texts: dict[tuple[int, int], str]

    def rows(self) -> Iterator[tuple[int, dict[int, str]]]:
        """Row number → column → text, from the top."""
        found: dict[int, dict[int, str]] = {}
        for (row, column), text in self.texts.items():
            found.setdefault(row, {})[column] = text
        yield from sorted(found.items())


class BrokenWorkbook(Exception):  # noqa: N818 - said to whoever keeps the rules
    """The file is no workbook that this reader understands."""


def read_sheets(path: Path) -> list[SheetCells]:
    """Every sheet, in order. Raises BrokenWorkbook."""
    try:
        with zipfile.ZipFile(path) as package:
            strings = _shared_strings(package)
            return [SheetCells(name, _cells(_parse(package, part), strings)) for name, part in _sheets(package)]
    except (zipfile.BadZipFile, KeyError, ET.ParseError, OSError, NotImplementedError, ValueError, IndexError) as error:
        raise BrokenWorkbook(str(error)) from error


def _parse(package: zipfile.ZipFile, part: str) -> Element:
    return ET.fromstring(package.read(part))  # noqa: S314 - a file of the user's own pattern folder


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {r.get("Id"): r.get("Target") or "" for r in _parse(package, "xl/_rels/workbook.xml.rels")}
    for sheet in _parse(package, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = targets[sheet.get(_RELATION)]
        yield sheet.get("name") or "", target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _shared_strings(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    return [_text_of(item) for item in _parse(package, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]


def _text_of(item: Element) -> str:
    """The runs of a text, without phonetic hints."""
    runs = [item, *item.findall(f"{_MAIN}r")]
    raw = "".join(node.text or "" for run in runs for node in run.findall(f"{_MAIN}t"))
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), raw).replace("\r\n", "\n").replace("\r", "\n")


def _cells(sheet: Element, strings: list[str]) -> dict[tuple[int, int], str]:
    texts: dict[tuple[int, int], str] = {}
    for cell in sheet.iter(f"{_MAIN}c"):
        match = _REFERENCE.match(cell.get("r") or "")
        text = _shown(cell, strings).strip()
        if match is not None and text:
            texts[int(match[2]), column_number(match[1])] = text
    return texts


def _shown(cell: Element, strings: list[str]) -> str:
    inline = cell.find(f"{_MAIN}is")
    value = cell.findtext(f"{_MAIN}v") or ""
    match cell.get("t"):
        case "s":
            return strings[int(value)] if value else ""
        case "inlineStr":
            return _text_of(inline) if inline is not None else ""
        case "b":
            return _TRUTH.get(value, value)
        case _:
            return value


def column_number(letters: str) -> int:
    """AA → 27"""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """27 → AA"""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
