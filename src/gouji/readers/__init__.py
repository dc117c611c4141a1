"""Bytes → Document: what the content is decides which reader is asked; names and suffixes never do.

    data ─sniff→ "docx" ─READERS→ read_docx(data) → Document (+ notice R6 where the suffix says something else)
                 "doc"  ─UNREADABLE→ ReadError with one Chinese line: what the file is and how to go on

A reader is imported when its first file arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import msgspec

from gouji.model.document import Document, Notice
from gouji.model.errors import ReadCode, ReadError
from gouji.readers.sniff import IMAGES, sniff

Reader = Callable[[bytes], Document]


def _read_docx(data: bytes) -> Document:
    from gouji.readers.docx import read_docx  # noqa: PLC0415 - lxml loads only for a .docx

    return read_docx(data)


def _read_txt(data: bytes) -> Document:
    from gouji.readers.txt import read_txt  # noqa: PLC0415 - as above

    return read_txt(data)


def _read_pdf(data: bytes) -> Document:
    from gouji.readers.pdf import read_pdf  # noqa: PLC0415 - as above

    return read_pdf(data)


def _read_ofd(data: bytes) -> Document:
    from gouji.readers.ofd import read_ofd  # noqa: PLC0415 - as above

    return read_ofd(data)


READERS: dict[str, Reader] = {
    "docx": _read_docx,
    "ofd": _read_ofd,
    "pdf": _read_pdf,
    "txt": _read_txt,
}

# The suffixes that each readable type may honestly carry, and what it is called.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "docx": (".docx", ".docm", ".dotx", ".dotm"),
    "ofd": (".ofd",),
    "pdf": (".pdf",),
    "txt": (".txt", ".text", ".csv", ".tsv", ".tab", ".md"),
}
TYPE_NAMES: dict[str, str] = {
    "docx": "Word 文档（.docx）",
    "ofd": "OFD 文件（.ofd）",
    "pdf": "PDF 文件（.pdf）",
    "txt": "纯文本（.txt）",
}
MISNAMED = "文件名后缀是 {suffix}，内容却是{type}，已按内容读取；建议改正后缀后再存档。"

AS_DOCX = "请用 WPS 或 Word 打开后另存为 .docx 再提交。"
IMAGE: tuple[ReadCode, str] = ("no_text_layer", "这是图片，没有可读取的文字；请提交原来的 .docx 文件。")
UNREADABLE: dict[str, tuple[ReadCode, str]] = {
    **dict.fromkeys(IMAGES, IMAGE),
    "empty": ("empty", "文件是空的，没有任何内容；请重新导出或核对后再提交。"),
    "unknown": ("unsupported", "无法识别这个文件的格式；请用原来的软件打开后另存为 .docx 再提交。"),
    "doc": ("unsupported", f"这是 Word 97–2003 的 .doc 文件（或 WPS 文字文件），当前版本还不能直接读取；{AS_DOCX}"),
    "doc-word6": ("unsupported", f"这是 Word 95 或更早版本的 .doc 文件，不能直接读取；{AS_DOCX}"),
    "doc-encrypted": ("encrypted", "文件设有打开密码；请在 WPS 或 Word 中取消密码，并另存为 .docx 后再提交。"),
    "works": ("unsupported", f"这是 Microsoft Works 的 .wps 文件，不能直接读取；{AS_DOCX}"),
    "encrypted-ooxml": ("encrypted", "文件设有打开密码；请在 WPS 或 Word 中取消密码、重新保存后再提交。"),
    "ole": ("unsupported", f"这是旧式复合文档，但不是能识别的 Word 文件；{AS_DOCX}"),
    "xls": ("unsupported", "这是 Excel 97–2003 的 .xls 表格，当前版本还不能直接读取；请把自评报告以 .docx 提交。"),
    "xlsx": ("unsupported", "这是 Excel 表格（.xlsx），当前版本还不能直接读取；请把自评报告以 .docx 提交。"),
    "excel2003xml": ("unsupported", "这是 Excel 2003 的 XML 表格，不能直接读取；请把自评报告以 .docx 提交。"),
    "ppt": ("unsupported", "这是演示文稿（.ppt），不是自评报告；请提交 .docx 格式的自评报告。"),
    "pptx": ("unsupported", "这是演示文稿（.pptx），不是自评报告；请提交 .docx 格式的自评报告。"),
    "ooxml": ("unsupported", "这是 Office 文件包，但不是 Word 文档；请提交 .docx 格式的自评报告。"),
    "rtf": ("unsupported", f"这是 RTF 文件，当前版本还不能直接读取；{AS_DOCX}"),
    "odt": ("unsupported", f"这是 ODT 文件，当前版本还不能直接读取；{AS_DOCX}"),
    "odf": ("unsupported", "这是 OpenDocument 文件，但不是文字文档；请提交 .docx 格式的自评报告。"),
    "html": ("unsupported", f"这是网页（HTML）文件，当前版本还不能直接读取；{AS_DOCX}"),
    "mhtml": ("unsupported", f"这是单一网页文件（MHTML），当前版本还不能直接读取；{AS_DOCX}"),
    "word2003xml": ("unsupported", f"这是 Word 的 XML 文件，当前版本还不能直接读取；{AS_DOCX}"),
    "xml": ("unsupported", "这是 XML 数据文件，不是自评报告；请提交 .docx 格式的自评报告。"),
    "zip": ("unsupported", "这是压缩包（.zip），当前版本还不能直接读取；请解压后再提交其中的文件。"),
    "damaged-zip": ("corrupt", "文件已损坏或没有传完整；请重新发送原文件，或在 WPS 中修复后另存为 .docx 再提交。"),
    "rar": ("unsupported", "这是压缩包（.rar），当前版本还不能直接读取；请解压后再提交其中的文件。"),
    "7z": ("unsupported", "这是压缩包（.7z），当前版本还不能直接读取；请解压后再提交其中的文件。"),
    "gzip": ("unsupported", "这是压缩包（.gz），当前版本还不能直接读取；请解压后再提交其中的文件。"),
}


def read_document(data: bytes, name: str) -> Document:
    """Read a file of any supported type. `name` serves only to tell a wrong suffix (notice R6).

    Raises ReadError with what the file really is and how to go on.
    """
    kind = sniff(data)
    reader = READERS.get(kind)
    if reader is None:
        raise ReadError(*UNREADABLE[kind])
    document = reader(data)
    notices = find_wrong_suffix(kind, name)
    return msgspec.structs.replace(document, notices=document.notices + notices) if notices else document


def find_wrong_suffix(kind: str, name: str) -> tuple[Notice, ...]:
    """Notice R6 where the name ends in a suffix that this content does not carry; a name without suffix is fine."""
    suffix = PurePosixPath(name).suffix.lower()
    if not suffix or suffix in SUFFIXES[kind]:
        return ()
    return (Notice("R6", MISNAMED.format(suffix=suffix, type=TYPE_NAMES[kind])),)
