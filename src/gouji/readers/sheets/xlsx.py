"""A .xlsx or .xlsm: one pass over each visible sheet gives texts, formats, merges, rules and what is hidden.

xl/workbook.xml ── sheets: name, state, r:id ─→ xl/worksheets/sheet1.xml
                                                   <row r="3" hidden="1"><c r="B3" s="4" t="s"><f/><v>17</v></c></row>
xl/sharedStrings.xml ── 17th <si> ──────────────────────────────────────────────────────────┘
xl/styles.xml ── 4th style: its number format, its borders
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element

from gouji.model.document import Document
from gouji.model.errors import ReadCode, ReadError
from gouji.readers.docx.markup import clean_markup, parse_markup, syntax_to_read_error
from gouji.readers.docx.package import Package, Relation
from gouji.readers.sheets.address import MAX_COLUMNS, MAX_ROWS, parse_range, parse_reference
from gouji.readers.sheets.rendering import show_number, show_text
from gouji.readers.sheets.sheet import MAX_TEXTS, Sheet, check_count
from gouji.readers.sheets.workbook import Workbook
from gouji.readers.sheets.xlsx_styles import PLAIN, Style, read_styles, to_int

MAIN = "xl/workbook.xml"
TRUE = frozenset({"1", "true", "on"})
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f+\-]{6,7}|[0-9]+|.)', re.DOTALL)
HEADER_PARTS = re.compile(r"&[LCR]")
STORIES = frozenset("oddHeader evenHeader firstHeader oddFooter evenFooter firstFooter".split())
MAX_SHEETS = 1000
MAX_TAGS = 12_000_000
MESSAGES: dict[ReadCode, str] = {
    "corrupt": "表格文件不完整或已损坏，无法读取；请用 WPS 或 Excel 打开（如提示修复请选择修复），另存为 .xlsx 后再提交。",
    "too_large": "表格文件内容过大，超出可处理的范围；请确认文件是否选错，或删去无关的工作表、图片后再提交。",
    "encrypted": "文件设有打开密码；请用 --password 给出密码，或在 WPS 或 Excel 中取消密码、重新保存后再提交。",
}
BINARY = "这是 Excel 二进制工作簿（.xlsb），不能直接读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再提交。"


def read_xlsx(data: bytes) -> Document:
    """Read a workbook package. Raises ReadError with what is wrong and how to go on."""
    try:
        return XlsxReader(Package(data)).read()
    except ReadError as error:
        is_own = error.message.startswith("工作簿") or error.message == BINARY
        raise error if is_own else ReadError(error.code, MESSAGES.get(error.code, error.message)) from error


class XlsxReader:
    """The package and what all its sheets share."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.book = Workbook("xlsx")
        self.main = find_workbook(package)
        self.relations = package.relations(self.main)
        self.strings = self.read_strings()
        self.styles = self.read_style_list()
        self.since_1904 = False

    def read(self) -> Document:
        """Every sheet that is shown, in the order of the workbook."""
        root = parse_markup(clean_markup(self.package.read(self.main)))
        properties = root.find("{*}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in TRUE
        entries = root.findall("{*}sheets/{*}sheet")
        check_count(len(entries), MAX_SHEETS, f"{MAX_SHEETS} 个工作表")
        for entry in entries:
            self.read_entry(entry)
        self.book.repairs += self.package.repairs
        return self.book.to_document()

    def read_entry(self, entry: _Element) -> None:
        """One sheet of the list; a chart's sheet holds no cells."""
        relation = self.relations.get(find_relation_id(entry), Relation("", ""))
        if relation.kind not in ("worksheet", ""):
            self.book.names.append(entry.get("name") or "")
            return
        sheet = self.book.add_sheet(entry.get("name") or "", hidden=entry.get("state", "visible") != "visible")
        if sheet is None:
            return
        data = self.package.read_optional(relation.target) if relation.target else None
        if data is None:
            self.book.repairs.append(f"工作表《{sheet.name}》缺失")
            return
        SheetReader(sheet, self).read(clean_markup(data))
        sheet.boxes += self.read_boxes(relation.target)

    def read_boxes(self, part: str) -> Iterator[str]:
        """The texts of boxes that lie over a sheet."""
        for relation in self.package.relations(part).values():
            root = self.read_part(relation.target) if relation.kind == "drawing" else None
            for body in () if root is None else root.iter("{*}txBody"):
                lines = ("".join(run.text or "" for run in line.iter("{*}t")) for line in body.iterfind("{*}p"))
                yield "\n".join(lines)

    def read_part(self, name: str) -> _Element | None:
        """A part that the sheets can do without."""
        data = self.package.read_optional(name)
        return None if data is None else self.package.parse_optional(data, name)

    def read_strings(self) -> list[str]:
        """The texts that cells refer to by number: without them a workbook is no longer what was sent."""
        name = self.find_part("sharedStrings")
        if not name:
            return []
        if not self.package.has(name):
            raise ReadError("corrupt", MESSAGES["corrupt"])
        root = parse_markup(clean_markup(self.package.read(name)))
        return [string_of(item) for item in root.iterfind("{*}si")]

    def read_style_list(self) -> list[Style]:
        """The cell styles."""
        root = self.read_part(name) if (name := self.find_part("styles")) else None
        return [] if root is None else read_styles(root)

    def find_part(self, kind: str) -> str:
        """Name of the part that the workbook relates to by this kind, "" where there is none."""
        return next((relation.target for relation in self.relations.values() if relation.kind == kind), "")


class SheetReader:
    """One pass over a sheet's markup."""

    def __init__(self, sheet: Sheet, book: XlsxReader) -> None:
        self.sheet = sheet
        self.book = book
        self.row = -1
        self.col = -1
        self.styles: dict[str | None, Style] = {}  # by their number as written

    def read(self, data: bytes) -> None:
        """Rows are dropped as soon as they are read."""
        check_count(data.count(b"<"), MAX_TAGS, f"{MAX_TAGS // 10_000} 万个标记")
        wanted = ["{*}row", "{*}col", "{*}mergeCell", "{*}sheetView", *(f"{{*}}{name}" for name in STORIES)]
        try:
            for _, element in etree.iterparse(io.BytesIO(data), tag=wanted, resolve_entities=False, no_network=True):
                self.take(element)
                element.clear()
                if element.getprevious() is not None and (parent := element.getparent()) is not None:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            raise syntax_to_read_error(error) from error

    def take(self, element: _Element) -> None:
        """What one element says."""
        name = etree.QName(element).localname
        if name == "row":
            self.take_row(element)
        elif name == "mergeCell":
            self.sheet.merge(parse_range(element.get("ref") or ""))
        elif name == "col" and element.get("hidden") in TRUE:
            self.sheet.hidden_columns.append((to_int(element.get("min")) - 1, to_int(element.get("max")) - 1))
        elif name == "sheetView":
            self.sheet.hides_zeros = element.get("showZeros", "1") not in TRUE
        elif name in STORIES:
            target = self.sheet.headers if name.endswith("Header") else self.sheet.footers
            target += split_header(element.text or "")

    def take_row(self, element: _Element) -> None:
        """A row's cells; one without a number follows the one above."""
        self.row = to_int(element.get("r")) - 1 if element.get("r") else self.row + 1
        self.col = -1
        if not 0 <= self.row < MAX_ROWS:
            raise ReadError("corrupt", MESSAGES["corrupt"])
        if element.get("hidden") in TRUE:
            self.sheet.hidden_rows.add(self.row)
        for cell in element:
            if isinstance(cell.tag, str):
                self.take_cell(cell)
        check_count(len(self.sheet.texts), MAX_TEXTS, f"{MAX_TEXTS // 10_000} 万个单元格")

    def take_cell(self, cell: _Element) -> None:
        """One <c>."""
        reference = cell.get("r")
        self.col = column_of(reference) if reference else self.col + 1
        if not 0 <= self.col < MAX_COLUMNS:
            raise ReadError("corrupt", MESSAGES["corrupt"])
        style = self.style_of(cell.get("s"))
        if style.ruled:
            self.sheet.ruled.add(self.row)
        if len(cell):
            self.take_value(cell, style)

    def style_of(self, text: str | None) -> Style:
        """The style by its number; a plain one where there is none."""
        style = self.styles.get(text)
        if style is None:
            number = to_int(text)
            style = self.styles[text] = self.book.styles[number] if number < len(self.book.styles) else PLAIN
        return style

    def take_value(self, cell: _Element, style: Style) -> None:
        """What the cell displays, by its type."""
        kind = cell.get("t", "n")
        value, has_formula = None, False
        for child in cell:
            tag = str(child.tag)
            if tag.endswith("}v"):
                value = child.text or ""
            elif tag.endswith("}f"):
                has_formula = True
            elif tag.endswith("}is"):
                value = string_of(child)
        if has_formula and (value is None or (value == "" and kind != "str")):
            self.sheet.uncomputed.append((self.row, self.col))
        elif value:
            self.put_value(kind, value, style)

    def put_value(self, kind: str, value: str, style: Style) -> None:
        """A stored value as displayed."""
        if kind == "s":
            number = to_int(value.strip())
            value = self.book.strings[number] if number < len(self.book.strings) else ""
        elif kind == "b":
            value = "TRUE" if value.strip() in TRUE else "FALSE"
        number_ = parse_number(value) if kind == "n" else date_to_serial(value) if kind == "d" else None
        if number_ is None:
            self.put_text(unescape(value) if kind == "str" else value, style)
        else:
            shown = show_number(number_, style.number_format, since_1904=self.book.since_1904 and kind == "n")
            self.sheet.put_number(self.row, self.col, number_, shown)

    def put_text(self, text: str, style: Style) -> None:
        """A text; its format may hide it."""
        shown = show_text(text, style.number_format)
        self.sheet.put(self.row, self.col, shown)
        if not shown and text.strip():
            self.sheet.concealed.append((self.row, self.col))


def find_workbook(package: Package) -> str:
    """Name of the workbook's part: as related, else by its usual name."""
    related = [relation.target for relation in package.relations("").values() if relation.kind == "officeDocument"]
    for name in (*related, MAIN, "xl/workbook.bin"):
        if package.has(name):
            if name.endswith(".bin"):
                raise ReadError("unsupported", BINARY)
            return name
    raise ReadError("corrupt", MESSAGES["corrupt"])


def find_relation_id(entry: _Element) -> str:
    """The r:id of a sheet, whatever its prefix."""
    return next((str(value) for name, value in entry.attrib.items() if str(name).endswith("}id")), "")


def string_of(item: _Element) -> str:
    """The text of a shared or inline string: its runs, without phonetic guides."""
    pieces = []
    for child in item:
        tag = str(child.tag).rpartition("}")[2]
        if tag == "t":
            pieces.append(child.text or "")
        elif tag == "r":
            pieces += [run.text or "" for run in child.iterfind("{*}t")]
    return unescape("".join(pieces))


def unescape(text: str) -> str:
    """_x000D_ and the like as the characters they stand for."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)) if not is_surrogate(int(match[1], 16)) else "", text)


def is_surrogate(code: int) -> bool:
    """Whether a code is half a character, which no text can hold."""
    return 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - by definition


def column_of(reference: str) -> int:
    """The column of B12; beyond all columns where it is no reference."""
    return column_of_letters(reference.rstrip("0123456789"))


@lru_cache(maxsize=4096)
def column_of_letters(letters: str) -> int:
    """0 for A."""
    place = parse_reference(letters + "1")
    return MAX_COLUMNS if place is None else place[1]


def parse_number(text: str) -> float | None:
    """A stored number, None where it is none."""
    try:
        return float(text)
    except ValueError:
        return None


def date_to_serial(text: str) -> float | None:
    """2022-05-17T09:00:00 as days since 1900."""
    try:
        moment = dt.datetime.fromisoformat(text.strip().replace("Z", ""))
    except ValueError:
        return None
    return (moment.replace(tzinfo=None) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)  # noqa: DTZ001


def split_header(text: str) -> list[str]:
    """&L左&C&"宋体"秘密★1年&R&P → the texts of left, middle and right without fields and fonts."""
    parts = (HEADER_CODE.sub("", part).strip() for part in HEADER_PARTS.split(text))
    return [part for part in parts if part]
