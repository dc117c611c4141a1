"""The parts of an OFD file, from its entry to the sheets.

OFD.xml ─ DocRoot ─→ Doc_0/Document.xml ─ Page ─────→ Doc_0/Pages/Page_0/Content.xml
                                        └ TemplatePage → Doc_0/Tpls/Tpl_0/Content.xml   by its ID
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml.etree import _Element

from gouji.model.document import Document, Notice
from gouji.model.errors import ReadError
from gouji.readers.docx.markup import clean_markup, parse_markup
from gouji.readers.docx.package import Package
from gouji.readers.lattice.document import sheets_to_parts
from gouji.readers.lattice.sheet import Sheet
from gouji.readers.ofd.page import PageBox, PageReader, find_all, find_one, parse_numbers

ENTRY = "OFD.xml"
LIMIT_PAGES = 1500
LIMIT_OBJECTS = 2_000_000
A4 = (0.0, 0.0, 210.0, 297.0)

EMPTY = "OFD 文件中没有任何内容；请重新导出或核对后再提交。"
BROKEN = "OFD 文件不完整或已损坏，无法读取；请重新发送，或提交原来的 .docx 文件。"
TOO_LARGE = "OFD 内容过大，超出可处理的范围；请确认文件是否选错，或拆分后再提交。"
SCANNED = "这份 OFD 是扫描件或图片，没有可读取的文字；请提交原来的 .docx 文件。"
NO_TEXT_PAGES = "第 {pages} 页是扫描图片，没有可读取的文字，未计入读取结果；请对照原件核对，或补交可读取的文件。"
REPAIRED = "文件包有缺损，已尽量读取：{detail}；请核对内容，必要时重新导出。"


def read_ofd(data: bytes) -> Document:
    """Read an OFD file that has text.

    Raises ReadError: "empty", "encrypted", "corrupt", "too_large" or "no_text_layer".
    """
    reader = OfdReader(Package(data))
    parts = sheets_to_parts(reader.iter_sheets())
    return Document("ofd", parts, reader.write_notices())


class OfdReader:
    """Reads one package."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._objects = 0
        self._characters = 0
        self._pages = 0
        self._scanned: list[int] = []

    def iter_sheets(self) -> Iterator[Sheet]:
        """The pages of all documents in the file; ReadError where none has text."""
        for body in find_all(self._parse(ENTRY), "DocBody"):
            root = find_one(body, "DocRoot")
            if root is not None and root.text:
                yield from self._iter_document(posixpath.normpath(root.text.strip().lstrip("/")))
        if not self._characters:
            raise ReadError(*(("no_text_layer", SCANNED) if self._objects else ("empty", EMPTY)))

    def _iter_document(self, name: str) -> Iterator[Sheet]:
        document = self._parse(name)
        folder = posixpath.dirname(name)
        common = find_one(document, "CommonData")
        box = read_area(common) or A4
        templates = {item.get("ID"): item for item in find_all(common, "TemplatePage")}
        for page in find_all(find_one(document, "Pages"), "Page"):
            self._pages += 1
            if self._pages > LIMIT_PAGES:
                raise ReadError("too_large", TOO_LARGE)
            yield self._read_page(page, folder, templates, box)

    def _read_page(self, page: _Element, folder: str, templates: dict[str | None, _Element], box: PageBox) -> Sheet:
        root = self._parse_at(page, folder)
        content = [] if root is None else [root]
        for mark in find_all(root, "Template"):
            template = templates.get(mark.get("TemplateID"))
            found = None if template is None else self._parse_at(template, folder)
            content += [] if found is None else [found]
        reader = PageReader(read_area(root) or box)
        for part in content:
            reader.read(part)
        self._count(reader)
        return reader.to_sheet(self._pages)

    def _count(self, reader: PageReader) -> None:
        self._objects += reader.objects
        self._characters += len(reader.drawn)
        if self._objects + self._characters > LIMIT_OBJECTS:
            raise ReadError("too_large", TOO_LARGE)
        if not reader.drawn and reader.images:
            self._scanned.append(self._pages)

    def _parse(self, name: str) -> _Element:
        if not self._package.has(name):
            raise ReadError("corrupt", BROKEN)
        return parse_markup(clean_markup(self._package.read(name)))

    def _parse_at(self, item: _Element, folder: str) -> _Element | None:
        """The part that a page or template points to; None where it is absent or broken, which is noted."""
        place = (item.get("BaseLoc") or "").strip()
        name = posixpath.normpath(posixpath.join("/" + folder, place)).lstrip("/")
        data = self._package.read_optional(name)
        return None if data is None else self._package.parse_optional(data, name)

    def write_notices(self) -> tuple[Notice, ...]:
        """What has to be said about the file."""
        notices: list[Notice] = []
        if self._package.repairs:
            detail = "；".join(dict.fromkeys(self._package.repairs))
            notices.append(Notice("R2", REPAIRED.format(detail=detail)))
        if self._scanned:
            pages = "、".join(map(str, self._scanned))
            notices.append(Notice("R20", NO_TEXT_PAGES.format(pages=pages)))
        return tuple(notices)


def read_area(parent: _Element | None) -> PageBox | None:
    """The physical box of a page (Area) or of all (PageArea), in millimetres."""
    for name in ("Area", "PageArea"):
        box = find_one(find_one(parent, name), "PhysicalBox")
        numbers = parse_numbers("" if box is None else box.text or "")
        if len(numbers) == 4 and min(numbers[2:]) > 0:  # noqa: PLR2004 - x, y, width, height
            return (numbers[0], numbers[1], numbers[2], numbers[3])
    return None
