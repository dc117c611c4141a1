"""The formats that are read: what each is called, the suffixes it may honestly carry, and where its reader stands.

    sniff(data) → "odt" ─FORMATS→ Format("odt", "ODT 文字文档（.odt）", (".odt", ".ott"), "gouji.readers.odt:read_odt")

To add one, see docs/add-a-format.md.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import msgspec

from gouji.model.document import Document

Reader = Callable[..., Document]


class Format(msgspec.Struct, frozen=True):
    """A type that sniff() tells, and the function that reads it (module:function, imported when its first file arrives).

    `takes_password`: the reader opens a locked file itself and takes one more argument, `password`. Office files are
    unlocked before their reader sees them (locked.py).
    """

    kind: str
    name: str
    suffixes: tuple[str, ...]
    reader: str
    takes_password: bool = False

    def load(self) -> Reader:
        """The reading function: bytes → Document, or ReadError."""
        module, function = self.reader.split(":")
        reader: Reader = getattr(import_module(module), function)
        return reader


_ALL = (
    Format("docx", "Word 文档（.docx）", (".docx", ".docm", ".dotx", ".dotm"), "gouji.readers.docx:read_docx"),
    Format(
        "doc", "Word 97–2003 或 WPS 文档（.doc、.wps）", (".doc", ".dot", ".wps", ".wpt"), "gouji.readers.doc:read_doc"
    ),
    Format("doc-word6", "Word 95 或更早版本的文档（.doc）", (".doc", ".dot"), "gouji.readers.converted:read_word6"),
    Format("works", "Microsoft Works 文档（.wps）", (".wps", ".wpt"), "gouji.readers.converted:read_works"),
    Format("pdf", "PDF 文件（.pdf）", (".pdf",), "gouji.readers.pdf:read_pdf", takes_password=True),
    Format("ofd", "OFD 文件（.ofd）", (".ofd",), "gouji.readers.ofd:read_ofd"),
    Format("txt", "纯文本（.txt）", (".txt", ".text", ".csv", ".tsv", ".tab", ".md"), "gouji.readers.plain:read_plain"),
    Format("rtf", "RTF 文件（.rtf）", (".rtf",), "gouji.readers.rtf:read_rtf"),
    Format("odt", "ODT 文字文档（.odt）", (".odt", ".ott"), "gouji.readers.odt:read_odt"),
    Format("html", "网页（.html）", (".html", ".htm", ".xhtml"), "gouji.readers.html:read_html"),
    Format("mhtml", "单一网页文件（.mht）", (".mht", ".mhtml"), "gouji.readers.html:read_mhtml"),
    Format("word2003xml", "Word 的 XML 文件（.xml）", (".xml",), "gouji.readers.word2003:read_word2003"),
    Format("csv", "逗号分隔的表格（.csv）", (".csv", ".tsv", ".txt"), "gouji.readers.plain:read_plain"),
    Format(
        "xlsx",
        "Excel 工作簿（.xlsx）",
        (".xlsx", ".xlsm", ".xltx", ".xltm", ".et", ".ett"),
        "gouji.readers.sheets.xlsx:read_xlsx",
    ),
    Format("xls", "Excel 97–2003 工作簿（.xls）", (".xls", ".xlt", ".et", ".ett"), "gouji.readers.sheets.xls:read_xls"),
    Format("excel2003xml", "Excel 2003 的 XML 表格", (".xml", ".xls"), "gouji.readers.sheets.excel2003:read_excel2003"),
)
FORMATS: dict[str, Format] = {one.kind: one for one in _ALL}
