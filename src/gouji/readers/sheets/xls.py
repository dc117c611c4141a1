"""A .xls (Excel 5 to 2003) or binary .et: its Workbook stream, the globals first, then each sheet once.

BOF globals · CODEPAGE · DATEMODE · FORMAT… · XF… · BOUNDSHEET (offset, state, name)… · SST · EOF      xls_globals.py
BOF sheet   · …                                                                                     xls_sheet.py
"""

from __future__ import annotations

import io
import struct

import olefile

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.readers.sheets.sheet import check_count
from gouji.readers.sheets.workbook import Workbook
from gouji.readers.sheets.xls_globals import TOO_OLD, Globals
from gouji.readers.sheets.xls_sheet import SheetReader

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS = ("Workbook", "Book")
VISIBLE_STATE, WORKSHEET = 0x03, 0
MAX_SHEETS = 1000
CORRUPT = "表格文件不完整或已损坏，无法读取；请用 WPS 或 Excel 打开（如提示修复请选择修复），另存为 .xlsx 后再提交。"


def read_xls(data: bytes) -> Document:
    """Read a binary workbook. Raises ReadError with what is wrong and how to go on."""
    try:
        return read_stream(find_stream(data))
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


def read_stream(stream: bytes) -> Document:
    """Every sheet that is shown, in the order of the workbook; charts, macros and modules hold no cells."""
    shared = Globals(stream)
    shared.read()
    if not shared.entries:
        raise ReadError("corrupt", CORRUPT)
    check_count(len(shared.entries), MAX_SHEETS, f"{MAX_SHEETS} 个工作表")
    book = Workbook("xls")
    for entry in shared.entries:
        if entry.kind != WORKSHEET:
            book.names.append(entry.name)
            continue
        sheet = book.add_sheet(entry.name, hidden=bool(entry.state & VISIBLE_STATE))
        if sheet is not None and not SheetReader(sheet, shared).read(entry.offset):
            book.repairs.append(f"工作表《{entry.name}》不完整")
    return book.to_document()
