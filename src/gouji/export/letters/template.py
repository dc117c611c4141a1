"""A template, parsed once, and as many letters out of it as there are units."""

from __future__ import annotations

import copy
import io
import re
import zipfile

from lxml import etree
from lxml.etree import _Element

from gouji.export.annotate.wordml import BODY
from gouji.export.annotate.zipcopy import key_of, rewrite_zip
from gouji.export.letters.fields import Fields, Filler
from gouji.model.errors import UsageError

FILLED = re.compile(r"^word/(?:document|header\d*|footer\d*)\.xml$")
LIMIT = 50 << 20
NOT_DOCX = "模板“{name}”不是可用的 .docx 文件；请用 WPS 或 Word 另存为 .docx 后重试。"


class Template:
    """A .docx with placeholders. Raises UsageError where it is none."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._filler = Filler(name)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as source:
                found = [info for info in source.infolist() if FILLED.match(key_of(info.filename))]
                if sum(info.file_size for info in found) > LIMIT:
                    raise UsageError(NOT_DOCX.format(name=name))
                parts = {info.filename: source.read(info) for info in found}
            self._trees = {part: _parse(content) for part, content in parts.items() if b"{" in content}
        except (zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, NotImplementedError) as error:
            raise UsageError(NOT_DOCX.format(name=name)) from error
        if not any(key_of(part) == "word/document.xml" for part in parts):
            raise UsageError(NOT_DOCX.format(name=name))

    def fill(self, fields: Fields) -> bytes:
        """One letter. Raises UsageError that names a placeholder which is none."""
        members = {}
        for part, tree in self._trees.items():
            filled = copy.deepcopy(tree)
            body = filled.find(BODY)
            self._filler.fill(filled if body is None else body, fields)
            members[part] = etree.tostring(
                filled.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
            )
        return rewrite_zip(self._data, members)


def _parse(data: bytes) -> _Element:
    if b"<!DOCTYPE" in data:
        raise zipfile.BadZipFile("DOCTYPE")
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
