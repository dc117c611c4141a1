"""Old formats that are read as what LibreOffice makes of them; the document says so in `via`."""

from __future__ import annotations

import msgspec

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.readers.docx import read_docx
from gouji.readers.libreoffice import convert, find_office

OFFICE = "LibreOffice"
HOW_TO_GO_ON = (
    "{kind}，需要 LibreOffice 才能读取，本机没有安装；请安装 LibreOffice，或用 WPS 或 Word 打开后另存为 .docx 再提交。"
)


def read_word6(data: bytes) -> Document:
    """Read a .doc of Word 95 or earlier."""
    return _read_converted(data, "doc-word6", ".doc", "这是 Word 95 或更早版本的 .doc 文件")


def read_works(data: bytes) -> Document:
    """Read a .wps of Microsoft Works (Kingsoft's .wps is a Word file)."""
    return _read_converted(data, "works", ".wps", "这是 Microsoft Works 的 .wps 文件")


def _read_converted(data: bytes, format_name: str, suffix: str, kind: str) -> Document:
    """Read a file by way of .docx. `kind` says in Chinese what it is, where LibreOffice is not installed.

    Raises ReadError, as `convert` and `read_docx` do.
    """
    if find_office() is None:
        raise ReadError("unsupported", HOW_TO_GO_ON.format(kind=kind))
    document = read_docx(convert(data, suffix, "docx"))
    return msgspec.structs.replace(document, format=format_name, via=OFFICE)
