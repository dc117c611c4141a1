"""A .doc is a compound file; three of its streams matter.

WordDocument   FIB, text, pages of properties
0Table, 1Table what the FIB points into; the FIB says which of the two
Data           properties too long for a page, settings of form fields

The container's own library follows chains of sectors as long as the sizes say. In a damaged file chains run in circles
and sizes lie, so every size is held against the file's before it is believed.
"""

from __future__ import annotations

import io

import msgspec
import olefile

from gouji.model.errors import ReadError

MAIN, DATA = "WordDocument", "Data"
BROKEN = "文件不完整或已损坏，可能是传输中断所致；请重新发送，或用 WPS 或 Word 打开后另存为 .docx 再提交。"
CORRUPT = "文件内部结构已损坏，无法读取；请用 WPS 或 Word 打开（如提示修复请选择修复），另存为 .docx 后再提交。"
TOO_LARGE = "文档内容过大，超出可处理的范围；请确认文件是否选错，或删去无关内容、拆分后再提交。"
NO_MAIN = "文件中找不到 Word 正文；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
FLAGS_OFFSET = 10
SECOND_TABLE = 0x0200
HEAD = 32
SECTOR = 512
COUNTS = (44, 64, 72)  # in the header: sectors of the FAT, of the mini FAT, of the list of FAT sectors


class Streams(msgspec.Struct, frozen=True):
    """The streams of a document; `data` is empty where there is none."""

    main: bytes
    table: bytes
    data: bytes


def read_streams(source: bytes) -> Streams:
    """Take the streams out of the container. Raises ReadError "corrupt"."""
    try:
        return open_streams(source)
    except ReadError:
        raise
    except Exception as error:  # olefile raises whatever its parsing of a damaged directory meets
        raise ReadError("corrupt", BROKEN) from error


def open_streams(source: bytes) -> Streams:
    """The streams of a container that is sound."""
    if any(int.from_bytes(source[at : at + 4], "little") * SECTOR > len(source) for at in COUNTS):
        raise ReadError("corrupt", BROKEN)
    with olefile.OleFileIO(io.BytesIO(source)) as container:
        if not container.exists(MAIN):
            raise ReadError("corrupt", NO_MAIN)
        if container.root.size > len(source):  # the small streams lie in the root's own
            raise ReadError("corrupt", BROKEN)
        main = read_stream(container, MAIN, len(source))
        if len(main) < HEAD:
            raise ReadError("corrupt", BROKEN)
        table = choose_table(container, int.from_bytes(main[FLAGS_OFFSET : FLAGS_OFFSET + 2], "little"))
        data = read_stream(container, DATA, len(source)) if container.exists(DATA) else b""
        return Streams(main, read_stream(container, table, len(source)), data)


def read_stream(container: olefile.OleFileIO, name: str, limit: int) -> bytes:
    """A whole stream, which cannot be larger than its file."""
    if container.get_size(name) > limit:
        raise ReadError("corrupt", BROKEN)
    content: bytes = container.openstream(name).read()
    return content


def choose_table(container: olefile.OleFileIO, flags: int) -> str:
    """The table stream that the FIB names, else the other one."""
    names = ("1Table", "0Table") if flags & SECOND_TABLE else ("0Table", "1Table")
    found = next((name for name in names if container.exists(name)), None)
    if found is None:
        raise ReadError("corrupt", NO_MAIN)
    return found
