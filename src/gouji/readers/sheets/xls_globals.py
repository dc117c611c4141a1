"""What a .xls says once for all its sheets: formats, styles, the list of sheets, the strings they share.

BOF · CODEPAGE · DATEMODE · FORMAT… · XF… · BOUNDSHEET (offset, state, name)… · SST · EOF
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec

from gouji.model.errors import ReadError
from gouji.readers.sheets.biff import BOF, EOF, UTF16_PAGE, Pieces, Record, find_encoding, iter_records, read_strings
from gouji.readers.sheets.number_formats import BUILTIN, parse_format
from gouji.readers.sheets.xlsx_styles import Style

FILEPASS = 0x002F
BIFF8, BIFF5 = 0x0600, 0x0500
XF_BIFF8 = 20
MAX_RECORDS = 5_000_000  # of all sheets: their places in the list may overlap
SIDE_LINES, SIDES_BIFF5 = 0xFF, 0x1F8  # left and right

ENCRYPTED = "文件设有打开密码；请用 --password 给出密码，或在 WPS 或 Excel 中取消密码、重新保存后再提交。"
TOO_OLD = "这是 Excel 4.0 或更早版本的表格，不能直接读取；请用 WPS 或 Excel 打开后另存为 .xlsx 再提交。"


class SheetEntry(msgspec.Struct, frozen=True):
    """A sheet of the workbook's list: where its records begin, whether it is hidden, what it is."""

    offset: int
    state: int
    kind: int
    name: str


class Globals:
    """What holds for all sheets of a stream."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.encoding = "cp1252"
        self.since_1904 = False
        self.codes = dict(BUILTIN)
        self.styles: list[Style] = []
        self.marks: list[tuple[int, bool]] = []
        self.strings: list[str] = []
        self.entries: list[SheetEntry] = []
        self.is_biff8 = True
        self.records_left = MAX_RECORDS

    def read(self) -> None:
        """The records up to the first EOF."""
        for record in iter_records(self.stream):
            if record.kind == FILEPASS:
                raise ReadError("encrypted", ENCRYPTED)
            if record.kind == EOF:
                break
            take = GLOBALS.get(record.kind)
            if take is not None:
                take(self, record)
        self.styles = [Style(parse_format(self.codes.get(code, "General")), ruled) for code, ruled in self.marks]

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
        sides = data[10] & SIDE_LINES if len(data) >= XF_BIFF8 else int.from_bytes(data[12:14], "little") & SIDES_BIFF5
        self.marks.append((number, bool(sides)))

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


GLOBALS: dict[int, Callable[[Globals, Record], None]] = {
    BOF: Globals.take_bof,
    0x0042: Globals.take_codepage,
    0x0022: Globals.take_datemode,
    0x041E: Globals.take_format,
    0x00E0: Globals.take_xf,
    0x0085: Globals.take_boundsheet,
    0x00FC: Globals.take_sst,
}
