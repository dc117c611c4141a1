"""A .xls (Excel 5 to 2003) or binary .et: the records of its Workbook stream, each sheet once.

    BOF globals · CODEPAGE · DATEMODE · FORMAT… · XF… · BOUNDSHEET (offset, state, name)… · SST · EOF
    BOF sheet   · COLINFO… · ROW… · NUMBER RK MULRK LABELSST LABEL FORMULA [STRING] BLANK… · MERGEDCELLS · EOF
                  BOF chart … EOF may stand inside
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import msgspec
import olefile

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.readers.sheets.biff import UTF16_PAGE, Pieces, Record, decode_rk, find_encoding, iter_records, read_strings
from gouji.readers.sheets.number_formats import BUILTIN, parse_format
from gouji.readers.sheets.rendering import show_number, show_text
from gouji.readers.sheets.sheet import MAX_TEXTS, Sheet, check_count
from gouji.readers.sheets.workbook import Workbook
from gouji.readers.sheets.xlsx import split_header
from gouji.readers.sheets.xlsx_styles import PLAIN, Style

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS = ("Workbook", "Book")
BOF, EOF, FILEPASS = 0x0809, 0x000A, 0x002F
BIFF8, BIFF5 = 0x0600, 0x0500
VISIBLE_STATE, WORKSHEET, CHART = 0x03, 0, 2
XF_BIFF8 = 20
SIDE_LINES = 0xFF  # left and right
ROW_HIDDEN, SHOWS_ZEROS, NOTE_BOX = 0x20, 0x10, 0x19
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}

CORRUPT = "表格文件不完整或已损坏，无法读取；请用 WPS 或 Excel 打开（如提示修复请选择修复），另存为 .xlsx 后再提交。"
ENCRYPTED = "文件设有打开密码；请用 --password 给出密码，或在 WPS 或 Excel 中取消密码、重新保存后再提交。"
TOO_OLD = "这是 Excel 4.0 或更早版本的表格，不能直接读取；请用 WPS 或 Excel 打开后另存为 .xlsx 再提交。"


class SheetEntry(msgspec.Struct, frozen=True):
    """A sheet of the workbook's list."""

    offset: int
    state: int
    kind: int
    name: str


def read_xls(data: bytes) -> Document:
    """Read a binary workbook. Raises ReadError with what is wrong and how to go on."""
    try:
        return XlsReader(find_stream(data)).read()
    except (struct.error, IndexError, ValueError) as error:
        raise ReadError("corrupt", CORRUPT) from error


def find_stream(data: bytes) -> bytes:
    """The stream with the records; a file may also be one by itself."""
    if not data.startswith(OLE_MAGIC):
        if data[:2] == b"\x09\x08":
            return data
        raise ReadError("unsupported", TOO_OLD)
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            for name in STREAMS:
                if container.exists(name):
                    return bytes(container.openstream(name).read())
    except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise ReadError("corrupt", CORRUPT) from error  # olefile trusts the directory of a damaged container
    raise ReadError("corrupt", CORRUPT)


class XlsReader:
    """What the globals say, then each sheet."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.book = Workbook("xls")
        self.encoding = "cp1252"
        self.since_1904 = False
        self.codes = dict(BUILTIN)
        self.styles: list[Style] = []
        self.marks: list[tuple[int, bool]] = []
        self.strings: list[str] = []
        self.entries: list[SheetEntry] = []
        self.is_biff8 = True

    def read(self) -> Document:
        """Every sheet that is shown, in the order of the workbook."""
        self.read_globals()
        self.styles = [Style(parse_format(self.codes.get(code, "General")), ruled) for code, ruled in self.marks]
        for entry in self.entries:
            self.read_entry(entry)
        return self.book.to_document()

    def read_entry(self, entry: SheetEntry) -> None:
        """One sheet of the list; charts, macros and modules hold no cells."""
        if entry.kind != WORKSHEET:
            self.book.names.append(entry.name)
            return
        sheet = self.book.add_sheet(entry.name, hidden=bool(entry.state & VISIBLE_STATE))
        if sheet is not None:
            SheetReader(sheet, self).read(entry.offset)

    def read_globals(self) -> None:
        """The records up to the first EOF."""
        for record in iter_records(self.stream):
            if record.kind == FILEPASS:
                raise ReadError("encrypted", ENCRYPTED)
            if record.kind == EOF:
                break
            take = GLOBALS.get(record.kind)
            if take is not None:
                take(self, record)
        if not self.entries:
            raise ReadError("corrupt", CORRUPT)

    def take_bof(self, record: Record) -> None:
        """The version."""
        (version,) = struct.unpack_from("<H", record.data)
        if version not in (BIFF8, BIFF5):
            raise ReadError("unsupported", TOO_OLD)
        self.is_biff8 = version == BIFF8

    def take_codepage(self, record: Record) -> None:
        """The encoding of byte strings."""
        (page,) = struct.unpack_from("<H", record.data)
        if page != UTF16_PAGE:
            self.encoding = find_encoding(page)

    def take_datemode(self, record: Record) -> None:
        """Which year dates are counted from."""
        self.since_1904 = record.data[:1] == b"\x01"

    def take_format(self, record: Record) -> None:
        """A format code of the workbook's own."""
        (number,) = struct.unpack_from("<H", record.data)
        self.codes[number] = self.string_of(record, 2, short=True)

    def take_xf(self, record: Record) -> None:
        """A cell style: its format and whether it draws vertical lines."""
        data = record.data
        (number,) = struct.unpack_from("<H", data, 2)
        if len(data) >= XF_BIFF8:
            ruled = bool(data[10] & SIDE_LINES)
        else:
            ruled = bool(int.from_bytes(data[12:16], "little") & 0x1F8)
        self.marks.append((number, ruled))

    def take_boundsheet(self, record: Record) -> None:
        """A sheet of the list."""
        offset, state, kind = struct.unpack_from("<IBB", record.data)
        self.entries.append(SheetEntry(offset, state, kind, self.string_of(record, 6, count_size=1)))

    def take_sst(self, record: Record) -> None:
        """The strings that cells refer to by number."""
        self.strings = read_strings(record.pieces)

    def string_of(self, record: Record, at: int, *, count_size: int = 2, short: bool = False) -> str:
        """A string of either kind; `short` ones have a count of one byte in BIFF5."""
        if self.is_biff8:
            return Pieces(record.pieces, at).take_string(count_size)
        source = Pieces(record.pieces, at)
        return source.take(source.take_number(1 if short else count_size)).decode(self.encoding, "replace")


GLOBALS: dict[int, Callable[[XlsReader, Record], None]] = {
    BOF: XlsReader.take_bof,
    0x0042: XlsReader.take_codepage,
    0x0022: XlsReader.take_datemode,
    0x041E: XlsReader.take_format,
    0x00E0: XlsReader.take_xf,
    0x0085: XlsReader.take_boundsheet,
    0x00FC: XlsReader.take_sst,
}


class SheetReader:
    """One pass over a sheet's records."""

    def __init__(self, sheet: Sheet, book: XlsReader) -> None:
        self.sheet = sheet
        self.book = book
        self.awaits: tuple[int, int, Style] | None = None  # a formula whose text comes in a STRING record
        self.object_kind = 0

    def read(self, offset: int) -> None:
        """From the sheet's BOF to its own EOF; what charts inside hold is left out."""
        depth = 0
        for record in iter_records(self.book.stream, offset):
            if record.kind == BOF:
                depth += 1
            elif record.kind == EOF:
                depth -= 1
            take = SHEET.get(record.kind) if depth == 1 else None
            if take is not None:
                take(self, record)
            if depth <= 0:
                break
        check_count(len(self.sheet.texts), MAX_TEXTS, f"{MAX_TEXTS // 10_000} 万个单元格")

    def begin(self, row: int, col: int, number: int) -> Style:
        """The style of a cell; its lines make the row one of a table."""
        style = self.book.styles[number] if number < len(self.book.styles) else PLAIN
        if style.ruled:
            self.sheet.ruled.add(row)
        return style

    def put_number(self, place: tuple[int, int], value: float, style: Style) -> None:
        """A number as displayed."""
        self.sheet.put_number(*place, value, show_number(value, style.number_format, since_1904=self.book.since_1904))

    def put_text(self, place: tuple[int, int], text: str, style: Style) -> None:
        """A text; its format may hide it."""
        shown = show_text(text, style.number_format)
        self.sheet.put(*place, shown)
        if not shown and text.strip():
            self.sheet.concealed.append(place)

    def take_number(self, record: Record) -> None:
        """NUMBER"""
        row, col, number, value = struct.unpack_from("<HHHd", record.data)
        self.put_number((row, col), value, self.begin(row, col, number))

    def take_rk(self, record: Record) -> None:
        """RK"""
        row, col, number, value = struct.unpack_from("<HHHI", record.data)
        self.put_number((row, col), decode_rk(value), self.begin(row, col, number))

    def take_mulrk(self, record: Record) -> None:
        """MULRK: numbers side by side."""
        row, col = struct.unpack_from("<HH", record.data)
        for index in range((len(record.data) - 6) // 6):
            number, value = struct.unpack_from("<HI", record.data, 4 + 6 * index)
            self.put_number((row, col + index), decode_rk(value), self.begin(row, col + index, number))

    def take_blank(self, record: Record) -> None:
        """BLANK"""
        self.begin(*struct.unpack_from("<HHH", record.data))

    def take_mulblank(self, record: Record) -> None:
        """MULBLANK: blanks side by side."""
        row, col = struct.unpack_from("<HH", record.data)
        for index in range((len(record.data) - 6) // 2):
            self.begin(row, col + index, *struct.unpack_from("<H", record.data, 4 + 2 * index))

    def take_labelsst(self, record: Record) -> None:
        """LABELSST: a shared string."""
        row, col, number, index = struct.unpack_from("<HHHI", record.data)
        text = self.book.strings[index] if index < len(self.book.strings) else ""
        self.put_text((row, col), text, self.begin(row, col, number))

    def take_label(self, record: Record) -> None:
        """LABEL, RSTRING: a string of its own."""
        row, col, number = struct.unpack_from("<HHH", record.data)
        self.put_text((row, col), self.book.string_of(record, 6), self.begin(row, col, number))

    def take_boolerr(self, record: Record) -> None:
        """BOOLERR"""
        row, col, number, value, is_error = struct.unpack_from("<HHHBB", record.data)
        style = self.begin(row, col, number)
        self.put_text((row, col), show_flag(value, is_error=bool(is_error)), style)

    def take_formula(self, record: Record) -> None:
        """FORMULA: the result of its last calculation."""
        row, col, number = struct.unpack_from("<HHH", record.data)
        style, result = self.begin(row, col, number), record.data[6:14]
        if result[6:8] != b"\xff\xff":
            self.put_number((row, col), *struct.unpack("<d", result), style)
        elif result[0] == 0:
            self.awaits = (row, col, style)
        elif result[0] in (1, 2):
            self.put_text((row, col), show_flag(result[2], is_error=result[0] == 2), style)  # noqa: PLR2004 - error

    def take_string(self, record: Record) -> None:
        """STRING: the text of the formula above."""
        if self.awaits is not None:
            row, col, style = self.awaits
            self.put_text((row, col), self.book.string_of(record, 0), style)
            self.awaits = None

    def take_merges(self, record: Record) -> None:
        """MERGEDCELLS"""
        (count,) = struct.unpack_from("<H", record.data)
        for index in range(min(count, (len(record.data) - 2) // 8)):
            top, bottom, left, right = struct.unpack_from("<4H", record.data, 2 + 8 * index)
            self.sheet.merge((top, left, bottom, right) if top <= bottom and left <= right else None)

    def take_row(self, record: Record) -> None:
        """ROW: whether it is hidden."""
        row, flags = struct.unpack_from("<H10xH", record.data)
        if flags & ROW_HIDDEN:
            self.sheet.hidden_rows.add(row)

    def take_colinfo(self, record: Record) -> None:
        """COLINFO: whether columns are hidden."""
        first, last, flags = struct.unpack_from("<HH4xH", record.data)
        if flags & 1:
            self.sheet.hidden_columns.append((first, last))

    def take_window(self, record: Record) -> None:
        """WINDOW2: whether zeros are shown."""
        (flags,) = struct.unpack_from("<H", record.data)
        self.sheet.hides_zeros = not flags & SHOWS_ZEROS

    def take_header(self, record: Record) -> None:
        """HEADER, FOOTER"""
        if len(record.data) > 1:
            target = self.sheet.headers if record.kind == HEADER else self.sheet.footers
            target += split_header(self.book.string_of(record, 0, short=True))

    def take_object(self, record: Record) -> None:
        """OBJ: what the next text belongs to."""
        self.object_kind = int.from_bytes(record.data[4:6], "little")

    def take_box(self, record: Record) -> None:
        """TXO: the text of a box over the sheet; notes are no part of the form."""
        if self.book.is_biff8 and self.object_kind != NOTE_BOX and len(record.pieces) > 1:
            count = int.from_bytes(record.data[10:12], "little")
            source = Pieces(record.pieces[1:], 1)
            self.sheet.boxes.append(source.take_characters(count, record.pieces[1][0] & 1))


HEADER, FOOTER = 0x0014, 0x0015
SHEET: dict[int, Callable[[SheetReader, Record], None]] = {
    0x0203: SheetReader.take_number,
    0x027E: SheetReader.take_rk,
    0x00BD: SheetReader.take_mulrk,
    0x0201: SheetReader.take_blank,
    0x00BE: SheetReader.take_mulblank,
    0x00FD: SheetReader.take_labelsst,
    0x0204: SheetReader.take_label,
    0x00D6: SheetReader.take_label,
    0x0205: SheetReader.take_boolerr,
    0x0006: SheetReader.take_formula,
    0x0207: SheetReader.take_string,
    0x00E5: SheetReader.take_merges,
    0x0208: SheetReader.take_row,
    0x007D: SheetReader.take_colinfo,
    0x023E: SheetReader.take_window,
    HEADER: SheetReader.take_header,
    FOOTER: SheetReader.take_header,
    0x005D: SheetReader.take_object,
    0x01B6: SheetReader.take_box,
}


def show_flag(value: int, *, is_error: bool) -> str:
    """TRUE, FALSE or the name of an error."""
    if is_error:
        return ERRORS.get(value, "#N/A")
    return "TRUE" if value else "FALSE"
