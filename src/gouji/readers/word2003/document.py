"""Which of the two it is, and the package in memory that the .docx reader is given."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator

import msgspec
from lxml import etree
from lxml.etree import _Element

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.readers.docx import read_docx
from gouji.readers.docx.markup import CORRUPT, clean_markup, parse_markup
from gouji.readers.word2003.translate import ROOT, translate

PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


def read_word2003(data: bytes) -> Document:
    """Read a Word document in one XML file. Raises ReadError as `read_docx` does."""
    root = parse_markup(clean_markup(data.lstrip(b"\xef\xbb\xbf \t\r\n")))
    if root.tag == PKG + "package":
        parts = dict(iter_parts(root))
    elif root.tag == ROOT:
        parts = {name: etree.tostring(part) for name, part in translate(root).items()}
    else:
        raise ReadError("corrupt", CORRUPT)
    return msgspec.structs.replace(read_docx(pack(parts)), format="word2003xml")


def iter_parts(root: _Element) -> Iterator[tuple[str, bytes]]:
    """The parts of a flat package."""
    for part in root.iterchildren(PKG + "part"):
        name = (part.get(PKG + "name") or "").lstrip("/")
        content = next(part.iterchildren(PKG + "xmlData"), None)
        tree = None if content is None else next(content.iterchildren(tag=etree.Element), None)
        if name and tree is not None:
            yield name, etree.tostring(tree)
        elif name and (binary := next(part.iterchildren(PKG + "binaryData"), None)) is not None:
            yield name, decode_binary(binary.text or "")


def decode_binary(text: str) -> bytes:
    """A picture or the like; the reader never opens it."""
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def pack(parts: dict[str, bytes]) -> bytes:
    """The parts as a package, not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()
