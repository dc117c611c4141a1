"""The records of one sheet of a .xls → Sheet.

BOF · COLINFO… · ROW… · NUMBER RK MULRK LABELSST LABEL FORMULA [STRING] BLANK… · MERGEDCELLS · WINDOW2 · EOF
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from gouji.readers.sheets.biff import BOF, EOF, Pieces, Record, decode_rk, iter_records
from gouji.readers.sheets.rendering import show_number, show_text
from gouji.readers.sheets.sheet import MAX_TEXTS, Sheet, check_count
from gouji.readers.sheets.xls_globals import MAX_RECORDS, Globals
from gouji.readers.sheets.xlsx import split_header
from gouji.readers.sheets.xlsx_styles import PLAIN, Style

ROW_HIDDEN, SHOWS_ZEROS, NOTE_BOX = 0x20, 0x10, 0x19
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class SheetReader:
    """One pass over a sheet's records."""

    def __init__(self, sheet: Sheet, book: Globals) -> None:
        self.sheet = sheet
        self.book = book
        self.awaits: tuple[int, int, Style] | None = None  # a formula whose text comes in a STRING record
        self.object_kind = 0

    def read(self, offset: int) -> bool:
        """From the sheet's BOF to its own EOF, whether that is there; what charts inside hold is left out."""
        depth = 0
        for record in iter_records(self.book.stream, offset):
            self.book.records_left -= 1
            check_count(-self.book.records_left, 0, f"{MAX_RECORDS // 10_000} 万条记录")
            if record.kind == BOF:
                depth += 1
            elif record.kind == EOF:
                depth -= 1
            take = SHEET.get(record.kind) if depth == 1 else None
            if take is not None:
                take(self, record)
            check_count(len(self.sheet.texts), MAX_TEXTS, f"{MAX_TEXTS // 10_000} 万个单元格")
            if depth <= 0:
                return record.kind == EOF
        return False

    def begin(self, row: int, number: int) -> Style:
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
        self.put_number((row, col), value, self.begin(row, number))

    def take_rk(self, record: Record) -> None:
        """RK"""
        row, col, number, value = struct.unpack_from("<HHHI", record.data)
        self.put_number((row, col), decode_rk(value), self.begin(row, number))

    def take_mulrk(self, record: Record) -> None:
        """MULRK: numbers side by side."""
        row, col = struct.unpack_from("<HH", record.data)
        for index in range((len(record.data) - 6) // 6):
            number, value = struct.unpack_from("<HI", record.data, 4 + 6 * index)
            self.put_number((row, col + index), decode_rk(value), self.begin(row, number))

    def take_blank(self, record: Record) -> None:
        """BLANK"""
        self.begin(*struct.unpack_from("<H2xH", record.data))

    def take_mulblank(self, record: Record) -> None:
        """MULBLANK: blanks side by side."""
        (row,) = struct.unpack_from("<H", record.data)
        for index in range((len(record.data) - 6) // 2):
            self.begin(row, *struct.unpack_from("<H", record.data, 4 + 2 * index))

    def take_labelsst(self, record: Record) -> None:
        """LABELSST: a shared string."""
        row, col, number, index = struct.unpack_from("<HHHI", record.data)
        text = self.book.strings[index] if index < len(self.book.strings) else ""
        self.put_text((row, col), text, self.begin(row, number))

    def take_label(self, record: Record) -> None:
        """LABEL, RSTRING: a string of its own."""
        row, col, number = struct.unpack_from("<HHH", record.data)
        self.put_text((row, col), self.book.string_of(record, 6), self.begin(row, number))

    def take_boolerr(self, record: Record) -> None:
        """BOOLERR"""
        row, col, number, value, is_error = struct.unpack_from("<HHHBB", record.data)
        style = self.begin(row, number)
        self.put_text((row, col), show_flag(value, is_error=bool(is_error)), style)

    def take_formula(self, record: Record) -> None:
        """FORMULA: the result of its last calculation."""
        row, col, number = struct.unpack_from("<HHH", record.data)
        style, result = self.begin(row, number), record.data[6:14]
        if result[6:8] != b"\xff\xff":
            (value,) = struct.unpack("<d", result)
            self.put_number((row, col), value, style)
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
