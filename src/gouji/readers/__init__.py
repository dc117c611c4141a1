"""Bytes → Document: what the content is decides which reader is asked; names and suffixes never do.

    data ─sniff→ "docx" ─READERS→ read_docx(data) → Document (+ notice R6 where the suffix says something else)
                 "xls-encrypted" ─unlock_office(passwords)→ data, sniffed again
                 "pptx" ─UNREADABLE→ ReadError with one Chinese line: what the file is and how to go on

A reader is imported when its first file arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

import msgspec

from gouji.model.document import Document, Notice
from gouji.model.errors import ReadCode, ReadError
from gouji.readers.sniff import IMAGES, sniff

Reader = Callable[[bytes], Document]


def _read_docx(data: bytes) -> Document:
    from gouji.readers.docx import read_docx  # noqa: PLC0415 - lxml loads only for a .docx

    return read_docx(data)


def _read_doc(data: bytes) -> Document:
    from gouji.readers.doc import read_doc  # noqa: PLC0415 - as above

    return read_doc(data)


def _read_word6(data: bytes) -> Document:
    from gouji.readers.converted import read_converted  # noqa: PLC0415 - as above

    return read_converted(data, "doc-word6", ".doc", "这是 Word 95 或更早版本的 .doc 文件")


def _read_works(data: bytes) -> Document:
    from gouji.readers.converted import read_converted  # noqa: PLC0415 - as above

    return read_converted(data, "works", ".wps", "这是 Microsoft Works 的 .wps 文件")


def _read_txt(data: bytes) -> Document:
    from gouji.readers.sheets.separated import read_separated  # noqa: PLC0415 - as above
    from gouji.readers.txt import read_txt  # noqa: PLC0415 - as above

    return read_separated(data) or read_txt(data)


def _read_xlsx(data: bytes) -> Document:
    from gouji.readers.sheets.xlsx import read_xlsx  # noqa: PLC0415 - as above

    return read_xlsx(data)


def _read_xls(data: bytes) -> Document:
    from gouji.readers.sheets.xls import read_xls  # noqa: PLC0415 - as above

    return read_xls(data)


def _read_excel2003(data: bytes) -> Document:
    from gouji.readers.sheets.excel2003 import read_excel2003  # noqa: PLC0415 - as above

    return read_excel2003(data)


def _read_rtf(data: bytes) -> Document:
    from gouji.readers.rtf import read_rtf  # noqa: PLC0415 - as above

    return read_rtf(data)


def _read_odt(data: bytes) -> Document:
    from gouji.readers.odt import read_odt  # noqa: PLC0415 - as above

    return read_odt(data)


def _read_html(data: bytes) -> Document:
    from gouji.readers.html import read_html  # noqa: PLC0415 - as above

    return read_html(data)


def _read_mhtml(data: bytes) -> Document:
    from gouji.readers.html import read_mhtml  # noqa: PLC0415 - as above

    return read_mhtml(data)


def _read_word2003(data: bytes) -> Document:
    from gouji.readers.word2003 import read_word2003  # noqa: PLC0415 - as above

    return read_word2003(data)


def _read_pdf(data: bytes, password: str | None = None) -> Document:
    from gouji.readers.pdf import read_pdf  # noqa: PLC0415 - as above

    return read_pdf(data, password)


def _read_ofd(data: bytes) -> Document:
    from gouji.readers.ofd import read_ofd  # noqa: PLC0415 - as above

    return read_ofd(data)


READERS: dict[str, Reader] = {
    "docx": _read_docx,
    "doc": _read_doc,
    "doc-word6": _read_word6,
    "works": _read_works,
    "ofd": _read_ofd,
    "pdf": _read_pdf,
    "txt": _read_txt,
    "rtf": _read_rtf,
    "odt": _read_odt,
    "html": _read_html,
    "mhtml": _read_mhtml,
    "word2003xml": _read_word2003,
    "xlsx": _read_xlsx,
    "xls": _read_xls,
    "excel2003xml": _read_excel2003,
}
# Readers that open a locked file themselves: they take one more argument, `password`. Office files are unlocked before
# their reader sees them (locked.py).
OPENED_BY_PASSWORD = frozenset({"pdf"})
LOCKED_OFFICE = frozenset({"doc-encrypted", "encrypted-ooxml", "xls-encrypted"})
LOCK_CODES = frozenset({"encrypted", "password"})

# The suffixes that each readable type may honestly carry, and what it is called.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "docx": (".docx", ".docm", ".dotx", ".dotm"),
    "doc": (".doc", ".dot", ".wps", ".wpt"),
    "doc-word6": (".doc", ".dot"),
    "works": (".wps", ".wpt"),
    "ofd": (".ofd",),
    "pdf": (".pdf",),
    "txt": (".txt", ".text", ".csv", ".tsv", ".tab", ".md"),
    "rtf": (".rtf",),
    "odt": (".odt", ".ott"),
    "html": (".html", ".htm", ".xhtml"),
    "mhtml": (".mht", ".mhtml"),
    "word2003xml": (".xml",),
    "csv": (".csv", ".tsv", ".txt"),
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm", ".et", ".ett"),
    "xls": (".xls", ".xlt", ".et", ".ett"),
    "excel2003xml": (".xml", ".xls"),
}
TYPE_NAMES: dict[str, str] = {
    "docx": "Word 文档（.docx）",
    "doc": "Word 97–2003 或 WPS 文档（.doc、.wps）",
    "doc-word6": "Word 95 或更早版本的文档（.doc）",
    "works": "Microsoft Works 文档（.wps）",
    "ofd": "OFD 文件（.ofd）",
    "pdf": "PDF 文件（.pdf）",
    "txt": "纯文本（.txt）",
    "rtf": "RTF 文件（.rtf）",
    "odt": "ODT 文字文档（.odt）",
    "html": "网页（.html）",
    "mhtml": "单一网页文件（.mht）",
    "word2003xml": "Word 的 XML 文件（.xml）",
    "csv": "逗号分隔的表格（.csv）",
    "xlsx": "Excel 工作簿（.xlsx）",
    "xls": "Excel 97–2003 工作簿（.xls）",
    "excel2003xml": "Excel 2003 的 XML 表格",
}
MISNAMED = "文件名后缀是 {suffix}，内容却是{type}，已按内容读取；建议改正后缀后再存档。"

AS_DOCX = "请用 WPS 或 Word 打开后另存为 .docx 再提交。"
LOCKED = "文件设有打开密码；请用 --password 给出密码，或在 WPS 或 Office 中取消密码、重新保存后再提交。"
NONE_FITS = "给出的密码都打不开这个文件；请核对密码后重试，或在 WPS 或 Office 中取消密码、重新保存后再提交。"
IMAGE: tuple[ReadCode, str] = ("no_text_layer", "这是图片，没有可读取的文字；请提交原来的 .docx 文件。")
UNREADABLE: dict[str, tuple[ReadCode, str]] = {
    **dict.fromkeys(IMAGES, IMAGE),
    "empty": ("empty", "文件是空的，没有任何内容；请重新导出或核对后再提交。"),
    "unknown": ("unsupported", "无法识别这个文件的格式；请用原来的软件打开后另存为 .docx 再提交。"),
    "doc-encrypted": ("encrypted", LOCKED),
    "encrypted-ooxml": ("encrypted", LOCKED),
    "xls-encrypted": ("encrypted", LOCKED),
    "ole": ("unsupported", f"这是旧式复合文档，但不是能识别的 Word 文件；{AS_DOCX}"),
    "ppt": ("unsupported", "这是演示文稿（.ppt），不是自评报告；请提交 .docx 格式的自评报告。"),
    "pptx": ("unsupported", "这是演示文稿（.pptx），不是自评报告；请提交 .docx 格式的自评报告。"),
    "ooxml": ("unsupported", "这是 Office 文件包，但不是 Word 文档；请提交 .docx 格式的自评报告。"),
    "odf": ("unsupported", "这是 OpenDocument 文件，但不是文字文档；请提交 .docx 格式的自评报告。"),
    "xml": ("unsupported", "这是 XML 数据文件，不是自评报告；请提交 .docx 格式的自评报告。"),
    **{
        kind: ("unsupported", f"这是压缩包（{suffix}），里面的文件要逐个读取；请用 gouji run、extract 或 check 处理。")
        for kind, suffix in (("zip", ".zip"), ("rar", ".rar"), ("7z", ".7z"), ("gzip", ".gz"), ("tar", ".tar"))
    },
    "damaged-zip": ("corrupt", "文件已损坏或没有传完整；请重新发送原文件，或在 WPS 中修复后另存为 .docx 再提交。"),
}


def read_document(data: bytes, name: str, passwords: Sequence[str] = ()) -> Document:
    """Read a file of any supported type. `name` serves only to tell a wrong suffix (notice R6).

    Passwords are tried in their order. Raises ReadError with what the file really is and how to go on: "encrypted" where
    it is locked and none was given, "password" where none of them fits.
    """
    kind = sniff(data)
    if kind in LOCKED_OFFICE:
        data = _unlock(data, kind, passwords)
        kind = sniff(data)
    reader = READERS.get(kind)
    if reader is None:
        raise ReadError(*UNREADABLE[kind])
    document = _read_locked(reader, data, passwords) if kind in OPENED_BY_PASSWORD else reader(data)
    notices = find_wrong_suffix(document.format if document.format in SUFFIXES else kind, name)
    return msgspec.structs.replace(document, notices=document.notices + notices) if notices else document


def _unlock(data: bytes, kind: str, passwords: Sequence[str]) -> bytes:
    from gouji.readers.locked import unlock_office  # noqa: PLC0415 - cryptography loads only for a locked file

    unlocked = unlock_office(data, kind, passwords)
    if unlocked is None:
        raise ReadError("password", NONE_FITS) if passwords else ReadError(*UNREADABLE[kind])
    return unlocked


def _read_locked(reader: Callable[..., Document], data: bytes, passwords: Sequence[str]) -> Document:
    """Without a password, then with each."""
    try:
        return reader(data)
    except ReadError as error:
        if error.code not in LOCK_CODES or not passwords:
            raise
    for password in passwords:
        try:
            return reader(data, password=password)
        except ReadError as error:
            if error.code not in LOCK_CODES:
                raise
    raise ReadError("password", NONE_FITS)


def find_wrong_suffix(kind: str, name: str) -> tuple[Notice, ...]:
    """Notice R6 where the name ends in a suffix that this content does not carry; a name without suffix is fine."""
    suffix = PurePosixPath(name).suffix.lower()
    if not suffix or suffix in SUFFIXES[kind]:
        return ()
    return (Notice("R6", MISNAMED.format(suffix=suffix, type=TYPE_NAMES[kind])),)
