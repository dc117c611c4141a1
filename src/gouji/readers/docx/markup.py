"""Bytes of an XML part → element tree, or a refusal before libxml2 sees anything dangerous.

    utf-16, utf-8 with or without mark  → utf-8      other encodings that XML may hide things in → refused
    <!DOCTYPE, <!ENTITY                 → refused
    http://purl.oclc.org/ooxml/…        → http://schemas.openxmlformats.org/…   (Strict to transitional)

libxml2 itself refuses more than 256 levels and text nodes over 10 MB; LIMIT_NODES bounds the memory of the tree.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element

from gouji.model.errors import ReadError

LIMIT_NODES = 1_500_000
CORRUPT = "文件内部结构已损坏，无法读取；请用 WPS 或 Word 打开（如提示修复请选择修复），另存为 .docx 后再提交。"
DOCTYPE = "文件内含有不允许的外部定义（DOCTYPE），为安全起见未读取；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
TOO_DEEP = "文档中表格或内容的嵌套层数过多，无法可靠读取；请用 WPS 或 Word 打开，拆开嵌套的表格后另存再提交。"
TOO_LARGE = "文档内容过大，超出可处理的范围；请确认文件是否选错，或删去无关内容、拆分后再提交。"

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ASCII_BASED = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"gbk", b"gb2312", b"gb18030", b"iso-8859-1"})
_STRICT = re.compile(rb"""(["'])http://purl\.oclc\.org/ooxml/(\w+)/(\w+)(?=["'])""")
_FORBIDDEN = b"<!DOCTYPE"  # the only place where an entity can be declared


def parse_markup(data: bytes) -> _Element:
    """The root of a part that `clean_markup` has let through. Raises ReadError "corrupt" or "too_large"."""
    if count_nodes(data) > LIMIT_NODES:
        raise ReadError("too_large", TOO_LARGE)
    try:
        return etree.fromstring(data, new_parser())
    except etree.XMLSyntaxError as error:
        raise syntax_to_read_error(error) from error


def count_nodes(data: bytes) -> int:
    """An upper bound of the elements and attributes in it; none takes less than two bytes."""
    return data.count(b"<") + data.count(b"=") if len(data) > LIMIT_NODES * 2 else 0


def new_parser() -> etree.XMLParser:
    """A parser that resolves nothing and keeps libxml2's own limits."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def clean_markup(data: bytes) -> bytes:
    """The part as UTF-8 (or another ASCII-based encoding it declares) in transitional namespaces, without a DOCTYPE."""
    data = data_to_utf8(data)
    if _FORBIDDEN in data:
        raise ReadError("corrupt", DOCTYPE)
    if b"//purl.oclc.org/ooxml/" in data:
        data = _STRICT.sub(_strict_to_transitional, data)
    return data


def is_streamable(head: bytes) -> bool:
    """Whether a part that begins like this can go to the parser as it is: UTF-8, transitional."""
    return data_to_utf8(head) is head and b"//purl.oclc.org/ooxml/" not in head


def data_to_utf8(data: bytes) -> bytes:
    """Decode UTF-16; refuse encodings in which the check for a DOCTYPE would be blind."""
    if b"\0" in data[:4] or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _DECLARATION.sub("", _decode_utf16(data)).encode()
    declared = _DECLARED.match(data[:300].removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in _ASCII_BASED:
        raise ReadError("corrupt", CORRUPT)
    return data


def _decode_utf16(data: bytes) -> str:
    name = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise ReadError("corrupt", CORRUPT) from error


def _strict_to_transitional(match: re.Match[bytes]) -> bytes:
    quote, family, name = match.groups()
    if name in {b"relationships", b"math"} or family != b"officeDocument":
        return quote + b"http://schemas.openxmlformats.org/" + family + b"/2006/" + name
    return match[0]


def syntax_to_read_error(error: etree.XMLSyntaxError) -> ReadError:
    """Too deep, too large, or simply broken."""
    text = str(error)
    if "depth" in text.lower():
        return ReadError("too_large", TOO_DEEP)
    if "too long" in text.lower() or "too large" in text.lower() or "huge" in text.lower():
        return ReadError("too_large", TOO_LARGE)
    return ReadError("corrupt", CORRUPT)
