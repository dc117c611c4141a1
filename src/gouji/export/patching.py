"""Cells of an existing .xlsx are filled by editing its sheets' XML: everything else stays byte for byte.

    {(sheet 0, row 6, column 4): Decimal("871.05"), …}   <c r="E7" s="12"/>  →  <c r="E7" s="12"><v>871.05</v></c>

A style stays on its cell; a column too narrow for its numbers becomes wider. Formulas stay;
the results kept beside them would no longer be true and go, and the workbook asks to be calculated when it is opened.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from lxml import etree

from gouji.export.column_widths import Look, name_cell, read_looks, widen_columns
from gouji.export.plain import clean_text
from gouji.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lxml.etree import _Element

Place = tuple[int, int, int]
Content = Decimal | str
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PERCENT_IDS = ("9", "10")
_MAX_PART = 200 << 20
BROKEN = "模板不是完整的 Excel 工作簿（.xlsx）。请用 WPS 或 Excel 打开后另存为 .xlsx 再试。"


class Package:
    """The parts of a workbook, parsed as they are needed."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                if sum(info.file_size for info in package.infolist()) > _MAX_PART:
                    raise UsageError("模板解压后过大，不像汇总表。请删去图片等内容后再试。")
                self.parts = {info.filename: package.read(info) for info in package.infolist()}
            self.book = self._parse("xl/workbook.xml")
            relations = self._parse("xl/_rels/workbook.xml.rels")
        except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
            raise UsageError(BROKEN) from error
        targets = {entry.get("Id"): entry.get("Target") or "" for entry in relations}
        listed = self.book.iterfind("{*}sheets/{*}sheet")
        self.sheets = [_resolve(targets.get(entry.get(_RELATION_ID), "")) for entry in listed]

    def _parse(self, name: str) -> _Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(self.parts[name], parser)

    def sheet(self, ordinal: int) -> _Element:
        """The XML of a sheet."""
        return self._parse(self.sheets[ordinal])

    def list_percent_styles(self) -> frozenset[str]:
        """Numbers of the cell styles that show a share as a percentage."""
        if "xl/styles.xml" not in self.parts:
            return frozenset()
        styles = self._parse("xl/styles.xml")
        own = {f.get("numFmtId") for f in styles.iterfind("{*}numFmts/{*}numFmt") if "%" in (f.get("formatCode") or "")}
        formats = styles.iterfind("{*}cellXfs/{*}xf")
        return frozenset(str(n) for n, xf in enumerate(formats) if xf.get("numFmtId") in {*own, *_PERCENT_IDS})

    def list_looks(self) -> list[Look]:
        """How each cell style shows a number."""
        return read_looks(self._parse("xl/styles.xml") if "xl/styles.xml" in self.parts else None)

    def list_names(self) -> dict[str, Place]:
        """Defined names that stand for one cell: name → sheet, row, column from 0."""
        titles = [entry.get("name") or "" for entry in self.book.iterfind("{*}sheets/{*}sheet")]
        found: dict[str, Place] = {}
        for entry in self.book.iterfind("{*}definedNames/{*}definedName"):
            sheet, _, cell = (entry.text or "").rpartition("!")
            title, place = sheet.strip("'").replace("''", "'"), read_reference(cell.replace("$", ""))
            if title in titles and place is not None:
                found[entry.get("name") or ""] = (titles.index(title), *place)
        return found


def _resolve(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def read_reference(text: str) -> tuple[int, int] | None:
    """E7 → (6, 4); None for anything but one cell."""
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and digits):
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(digits) - 1, column - 1


def patch_workbook(package: Package, contents: Mapping[Place, Content]) -> bytes:
    """The workbook with these cells filled."""
    by_sheet: dict[int, dict[tuple[int, int], Content]] = defaultdict(dict)
    for (sheet, row, column), content in contents.items():
        by_sheet[sheet][row, column] = content
    changed: dict[str, bytes] = {}
    looks = package.list_looks()
    for ordinal, name in enumerate(package.sheets):
        if b"<f" in package.parts.get(name, b"") or ordinal in by_sheet:
            root = package.sheet(ordinal)
            _drop_results(root)
            _fill_sheet(root, by_sheet[ordinal])
            widen_columns(root, by_sheet[ordinal], looks)
            changed[name] = _serialise(root)
    changed["xl/workbook.xml"] = _ask_for_calculation(package.book)
    return _write_package(package.data, changed)


def _drop_results(root: _Element) -> None:
    """What a formula came to before says nothing of the new figures."""
    for formula in root.iterfind("{*}sheetData/{*}row/{*}c/{*}f"):
        cell = formula.getparent()
        value = cell.find("{*}v") if cell is not None else None
        if cell is not None and value is not None:
            cell.remove(value)
            _drop_type(cell)


def _fill_sheet(root: _Element, contents: Mapping[tuple[int, int], Content]) -> None:
    data = root.find("{*}sheetData")
    if data is None:
        return
    rows = {_row_of(row): row for row in data}
    cells = {
        (n, place[1]): cell
        for n, row in rows.items()
        for cell in row
        if (place := read_reference(cell.get("r") or "")) is not None
    }
    for (n, column), content in sorted(contents.items()):
        row = rows.get(n)
        if row is None:
            row = rows[n] = _insert(data, "row", str(n + 1), _row_of)
        cell = cells.get((n, column))
        if cell is None:
            cell = _insert(row, "c", name_cell(n, column), _column_of)
        _put(cell, content)


def _row_of(row: _Element) -> int:
    return int(row.get("r") or 0) - 1


def _column_of(cell: _Element) -> int:
    place = read_reference(cell.get("r") or "")
    return -1 if place is None else place[1]


def _insert(parent: _Element, tag: str, reference: str, order: Callable[[_Element], int]) -> _Element:
    """A new element in its order among its neighbours."""
    made = parent.makeelement(f"{{{_MAIN}}}{tag}", {"r": reference})
    after = next((n for n, entry in enumerate(parent) if order(entry) > order(made)), len(parent))
    parent.insert(after, made)
    return made


def _put(cell: _Element, content: Content) -> None:
    """A number, or a text that stands in the cell itself; the style stays."""
    for child in list(cell):
        cell.remove(child)
    _drop_type(cell)
    if isinstance(content, Decimal):
        etree.SubElement(cell, f"{{{_MAIN}}}v").text = format(content, "f")
        return
    cell.set("t", "inlineStr")
    holder = etree.SubElement(etree.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t")
    holder.text = clean_text(content)
    holder.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _drop_type(cell: _Element) -> None:
    if "t" in cell.attrib:
        del cell.attrib["t"]


def _ask_for_calculation(book: _Element) -> bytes:
    properties = book.find("{*}calcPr")
    if properties is None:
        properties = book.makeelement(f"{{{_MAIN}}}calcPr", {})
        before = [n for n, entry in enumerate(book) if etree.QName(entry).localname in ("sheets", "definedNames")]
        book.insert(before[-1] + 1, properties)
    properties.set("fullCalcOnLoad", "1")
    return _serialise(book)


def _serialise(root: _Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _write_package(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Every member in its place, those that changed with their new content."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in _once(source.infolist()):
            target.writestr(info, changed.get(info.filename, source.read(info)), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _once(members: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    return list({info.filename: info for info in members}.values())
