"""What a file is, by its content alone: a department's .doc may be RTF, HTML, a web archive or a .docx.

    D0 CF 11 E0   OLE container    names of its root's streams:  WordDocument · Workbook · EncryptedPackage …
    PK 03 04      zip package      names of its members:         word/… · xl/… · OFD.xml · mimetype …
    other magic   one table of leading bytes
    < … >         markup           html · mhtml · word2003xml · xml
    { "…": …      data             json
    the rest      txt if hardly a control character is in it, else unknown

Only as much is looked at as the answer needs, and never by following a length without bound.
"""

from __future__ import annotations

import codecs
import re
import struct
import zlib
from typing import TYPE_CHECKING

from gouji.readers.sniff_ole import OLE_MAGIC, sniff_ole
from gouji.readers.txt_decode import guess_byte_order, is_usual

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\xdb\xa5-\x00", "doc-word6"),  # Word 2, before OLE
    (b"\x09\x08\x10\x00\x00\x06", "xls"),  # Excel 97 without its container
    (b"\x09\x08\x08\x00\x00\x05", "xls"),  # Excel 5
    (b"\x09\x04\x06\x00", "xls"),  # Excel 2–4, before OLE
    (b"\x09\x02\x06\x00", "xls"),
    (b"\x09\x00\x04\x00", "xls"),
)
IMAGES = ("png", "jpeg", "gif", "tiff", "bmp", "webp", "heic")
PDF_AT_LINE_START = re.compile(rb"(?:\A|[\r\n])[^\S\r\n]*%PDF-\d")
BITMAP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
HEAD = 4096
MARKUP_SPACE = b"\xef\xbb\xbf \t\r\n"
HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|font|style)\b")
JSON_START = re.compile(rb'(?:\[\s*)*\{\s*"[^"\n]{1,200}"\s*:')
MAIL_HEADER = re.compile(rb"\A(?:mime-version|from|subject|date|content-type|x-[a-z-]+|message-id):")
TAR_MAGIC_AT = 257
MAX_MEMBERS = 20_000
MAX_TYPES_BYTES = 1 << 20
END_RECORD = 22
MAX_CONTROL_SHARE = 0.02
CONTROLS = bytes(i for i in range(32) if i not in b"\t\n\v\f\r\x1a\x1b") + b"\x7f"


def sniff(data: bytes) -> str:
    """Name of the type: "docx", "doc", "pdf", "txt", "empty", "unknown" … (keys of FORMATS and readers.UNREADABLE)."""
    if not data.strip(b"\x00 \t\r\n\v\f"):
        return "empty"
    if data.startswith(OLE_MAGIC):
        return sniff_ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04")):
        return sniff_zip(data)
    return sniff_magic(data) or sniff_markup(data[:HEAD]) or sniff_text(data[:HEAD])


def sniff_magic(data: bytes) -> str | None:
    """Types told by leading bytes."""
    for magic, kind in MAGIC:
        if data.startswith(magic):
            return kind
    if PDF_AT_LINE_START.search(data[:1024]):
        return "pdf"
    if data.lstrip(MARKUP_SPACE)[:5] == b"{\\rtf":
        return "rtf"
    if data[TAR_MAGIC_AT : TAR_MAGIC_AT + 5] == b"ustar" and b"\x00" in data[:TAR_MAGIC_AT]:
        return "tar"
    return sniff_image(data)


def sniff_image(data: bytes) -> str | None:
    """Images whose magic alone would also fit a text ("BM", "RIFF")."""
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in BITMAP_HEADERS:
        return "bmp"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif"}:
        return "heic"
    return None


def sniff_markup(head: bytes) -> str | None:
    """Types told by their first tags; the head may be utf-16."""
    text = (head.replace(b"\x00", b"") if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else head).lower()
    text = text.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip(MARKUP_SPACE)
    if MAIL_HEADER.match(text):
        return "mhtml" if b"mime-version:" in text and b"multipart/" in text else None
    if text.startswith(b"<?xml"):
        return sniff_xml(text)
    while text.startswith(b"<!--"):
        text = text.partition(b"-->")[2].lstrip(MARKUP_SPACE)
    if JSON_START.match(text):
        return "json"
    return "html" if HTML_START.match(text) else None


def sniff_xml(text: bytes) -> str:
    """Word 2003 XML, a flat package, XHTML, or other XML."""
    if any(mark in text for mark in (b"office/word/2003/wordml", b'progid="word.document"', b"2006/xmlpackage")):
        return "word2003xml"
    if b"office:spreadsheet" in text or b'progid="excel.sheet"' in text:
        return "excel2003xml"
    return "html" if b"<html" in text else "xml"


def sniff_text(head: bytes) -> str:
    """Text hardly has control characters; utf-16 is asked by its NUL halves."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return "txt"
    body = head.rstrip(b"\x00")
    if b"\x00" in body:
        return "txt" if is_usual(head.decode(guess_byte_order(head), "ignore")) else "unknown"
    controls = len(body) - len(body.translate(None, CONTROLS))
    return "unknown" if controls > MAX_CONTROL_SHARE * len(body) + 1 else "txt"


def sniff_zip(data: bytes) -> str:
    """Type of a package by the names of its members; a damaged package still shows its first members."""
    directory = dict(iter_directory(data))
    members = directory or dict(iter_local_headers(data))
    names = {name.replace("\\", "/").lstrip("/").lower() for name in members}
    if "ofd.xml" in names:
        return "ofd"
    if "[content_types].xml" in names or any(name.startswith("_rels/") for name in names):
        return sniff_ooxml(data, members, names)
    if "mimetype" in names and "content.xml" in names:
        return "odt" if b"opendocument.text" in data[:200] else "odf"
    return "zip" if directory or is_empty_zip(data) else "damaged-zip"


def is_empty_zip(data: bytes) -> bool:
    """A directory without members."""
    return data.startswith(b"PK\x05\x06") and len(data) >= END_RECORD


def sniff_ooxml(data: bytes, members: dict[str, int], names: set[str]) -> str:
    """Which office wrote the package: by the folder of its main part, else by its content types."""
    for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names):
            return kind
    types = read_content_types(data, members)
    for mark, kind in ((b"wordprocessingml", "docx"), (b"spreadsheetml", "xlsx"), (b"presentationml", "pptx")):
        if mark in types:
            return kind
    return "ooxml"


def read_content_types(data: bytes, members: dict[str, int]) -> bytes:
    """The first MAX_TYPES_BYTES of [Content_Types].xml, b"" where it cannot be had."""
    offset = next((at for name, at in members.items() if name.lower() == "[content_types].xml"), None)
    if offset is None or data[offset : offset + 4] != b"PK\x03\x04" or len(data) < offset + 30:
        return b""
    method, name_size, extra_size = struct.unpack_from("<H16xHH", data, offset + 8)
    start = offset + 30 + name_size + extra_size
    if method == 0:
        return data[start : start + MAX_TYPES_BYTES]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[start:], MAX_TYPES_BYTES)
    except zlib.error:  # a damaged member tells nothing; the package is then "ooxml" and refused by name
        return b""


def iter_directory(data: bytes) -> Iterator[tuple[str, int]]:
    """Name and local offset of each member in the central directory; nothing where there is none."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - END_RECORD - 0xFFFF))
    if end < 0 or len(data) < end + END_RECORD:
        return
    size, start = struct.unpack_from("<II", data, end + 12)
    prefix = max(0, end - size - start)  # bytes in front of the package shift every offset
    at = end - size
    for _ in range(MAX_MEMBERS):
        if at < 0 or data[at : at + 4] != b"PK\x01\x02" or len(data) < at + 46:
            return
        name_size, extra_size, comment_size, offset = struct.unpack_from("<HHH8xI", data, at + 28)
        yield decode_name(data[at + 46 : at + 46 + name_size]), offset + prefix
        at += 46 + name_size + extra_size + comment_size


def iter_local_headers(data: bytes) -> Iterator[tuple[str, int]]:
    """Name and offset of each member header from the start of a package whose directory is lost."""
    at = data.find(b"PK\x03\x04")
    for _ in range(MAX_MEMBERS):
        if at < 0 or len(data) < at + 30:
            return
        packed, name_size, extra_size = struct.unpack_from("<I4xHH", data, at + 18)
        yield decode_name(data[at + 30 : at + 30 + name_size]), at
        at = data.find(b"PK\x03\x04", at + 30 + name_size + extra_size + packed)


def decode_name(raw: bytes) -> str:
    """Member name; the names that matter here are ASCII."""
    return raw.decode("utf-8", "replace")
