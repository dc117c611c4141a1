"""Bytes of a page → text: a BOM decides, then what the page says of itself if that fits, then what fits.

EF BB BF …                          utf-8
<meta charset=gb2312>               gb18030, its superset
<meta http-equiv … charset=utf-8>   utf-8, if the bytes are
"""

from __future__ import annotations

import codecs
import re

from gouji.model.errors import ReadError
from gouji.readers.txt_decode import BOMS, candidate_texts

HEAD = 4096
DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
XML_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{2,40})["']""")
CHINESE = frozenset({"gb2312", "gbk", "cp936", "ms936", "hz", "gb18030", "chinese", "x-gbk"})
CORRUPT = "网页文件的文字编码无法判断或文件已损坏；请用 WPS 或 Word 打开后另存为 .docx 再提交。"


def decode_page(data: bytes, given: str | None = None) -> str:
    """The text of a page; `given` is the charset that a mail header names."""
    if not data.startswith(tuple(bom for bom, _ in BOMS)):
        for name in (given, find_declared(data[:HEAD])):
            text = decode_as(data, name)
            if text is not None:
                return text
    text = next(candidate_texts(data), None)
    if text is None:
        text = decode_mostly(data)
    if text is None:
        raise ReadError("corrupt", CORRUPT)
    return text


def find_declared(head: bytes) -> str | None:
    """The charset that the page names."""
    match = DECLARED.search(head) or XML_DECLARED.search(head)
    return None if match is None else match[1].decode()


def decode_as(data: bytes, name: str | None) -> str | None:
    """The text in a named charset, None where that is unknown or does not fit."""
    if name is None:
        return None
    try:
        codec = "gb18030" if name.lower() in CHINESE else codecs.lookup(name).name
        return data.decode(codec) if not codec.startswith(("utf-16", "utf-32", "utf-7")) else None
    except (LookupError, UnicodeError, ValueError):
        return None


def decode_mostly(data: bytes) -> str | None:
    """A page with a few broken bytes is still a page."""
    name = (find_declared(data[:HEAD]) or "gb18030").lower()
    codec = "utf-8" if name.startswith("utf") else "gb18030"
    text = data.decode(codec, "replace")
    return text if text.count("\ufffd") * 100 < len(text) else None
