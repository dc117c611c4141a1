r"""A .docx is a zip of parts that point at each other.

    _rels/.rels ── officeDocument ─→ word/document.xml
    word/_rels/document.xml.rels ── rId7: header ─→ word/header1.xml · numbering, styles, footnotes …

Names are looked up without regard to case, `\` or a leading `/`. Every inflated byte is counted, whatever the
directory claims; a relationship that leads nowhere is as good as none.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec
from lxml.etree import _Element

from gouji.model.errors import ReadError
from gouji.readers.docx.markup import clean_markup, parse_markup

LIMIT_BYTES = 200 * 1024 * 1024
CHUNK = 1024 * 1024
TYPES = "[Content_Types].xml"
MAIN_TYPE = re.compile(r"word.*\.main\+xml", re.IGNORECASE)
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

EMPTY = "文件是空的，没有任何内容；请重新导出或核对后再提交。"
ENCRYPTED = "文件设有打开密码；请在 WPS 或 Word 中取消密码、重新保存后再提交。"
NOT_DOCX = "这不是 .docx 文件；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
BROKEN_ZIP = "文件不完整或已损坏，可能是传输中断所致；请重新发送，或用 WPS 或 Word 打开后另存为 .docx 再提交。"
BOMB = "文件解压后过大（超过 200 MB），为安全起见未读取；请确认文件是否正常，另存为 .docx 后再提交。"
NO_MAIN = "文件中找不到 Word 正文；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
TWICE = "文件内部有两份同名而不同的内容，无法判断以哪份为准；请用 WPS 或 Word 打开后另存为 .docx 再提交。"


class Relation(msgspec.Struct, frozen=True):
    """Where a relationship leads: the last word of its type (header, styles …) and the part's name."""

    kind: str
    target: str


class Package:
    """The parts of a .docx. `repairs` tells in Chinese what had to be guessed or left out."""

    def __init__(self, data: bytes) -> None:
        """Raises ReadError where the bytes are no readable zip."""
        self._zip = open_zip(data)
        self._members = index_members(self._zip.infolist())
        self._left = LIMIT_BYTES
        self.repairs: list[str] = []

    def has(self, name: str) -> bool:
        """Whether the part exists."""
        return name.lower() in self._members

    def size(self, name: str) -> int:
        """Size of the part as the directory claims it."""
        return self._members[name.lower()].file_size

    def read(self, name: str) -> bytes:
        """The part's bytes; KeyError where there is none, ReadError where it cannot be inflated."""
        return b"".join(self.stream(name, self._left + 1))

    def stream(self, name: str, chunk: int) -> Iterator[bytes]:
        """The part's bytes piece by piece."""
        member = self._members[name.lower()]
        if member.flag_bits & 1:
            raise ReadError("encrypted", ENCRYPTED)
        if member.file_size > self._left:
            raise ReadError("too_large", BOMB)
        try:
            with self._zip.open(member) as source:
                while piece := source.read(min(chunk, self._left + 1)):
                    self._spend(len(piece))
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
            raise ReadError("corrupt", BROKEN_ZIP) from error

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise ReadError("too_large", BOMB)

    def read_optional(self, name: str | None) -> bytes | None:
        """A part the body can do without: None where it is absent or broken (which is noted in `repairs`)."""
        if name is None:
            return None
        if not self.has(name):
            self.repairs.append(f"缺少部件 {posixpath.basename(name)}")
            return None
        try:
            return self.read(name)
        except ReadError as error:
            self._forgive(error, name)
            return None

    def parse_optional(self, data: bytes, name: str) -> _Element | None:
        """Like `read_optional`, for the tree."""
        try:
            return parse_markup(clean_markup(data))
        except ReadError as error:
            self._forgive(error, name)
            return None

    def parse_part(self, name: str) -> _Element:
        """The tree of a part that the document cannot do without. Raises ReadError where it is absent or broken."""
        if not self.has(name):
            raise ReadError("corrupt", NO_MAIN)
        return parse_markup(clean_markup(self.read(name)))

    def parse_optional_part(self, name: str) -> _Element | None:
        """The tree of a part that may be absent; a broken one is noted."""
        data = self.read_optional(name) if self.has(name) else None
        return None if data is None else self.parse_optional(data, name)

    def _forgive(self, error: ReadError, name: str) -> None:
        if error.code != "corrupt":
            raise error
        self.repairs.append(f"部件 {posixpath.basename(name)} 已损坏，未读取")

    def relations(self, part: str) -> dict[str, Relation]:
        """Relationships of a part ("" for the package) by id; external ones are left out."""
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", base + ".rels")
        data = self.read_optional(name) if self.has(name) else None
        root = self.parse_optional(data, name) if data else None
        if root is None:
            return {}
        return dict(read_relations(root, folder))

    def find_main(self) -> str:
        """Name of the part with the document's body: as related, else as its type or its name tells."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and self.has(relation.target):
                return relation.target
        named = (name for name in self._members if posixpath.basename(name) == "document.xml")
        for name in (*self._list_declared(), *named):
            if self.has(name):
                self.repairs.append("文件包的目录有误，已按内容找到正文")
                return name
        raise ReadError("corrupt", NO_MAIN)

    def _list_declared(self) -> list[str]:
        """Parts that [Content_Types].xml declares to be the main part of a Word document."""
        data = self.read_optional(TYPES) if self.has(TYPES) else None
        root = self.parse_optional(data, TYPES) if data else None
        items = [] if root is None else list(root.iterchildren("{*}Override"))
        return [
            (item.get("PartName") or "").lstrip("/")
            for item in items
            if MAIN_TYPE.search(item.get("ContentType") or "")
        ]


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The zip in these bytes, or a ReadError that says what they are instead."""
    if not data.startswith(b"PK") and not data.strip(b"\0 \t\r\n"):
        raise ReadError("empty", EMPTY)
    if data.startswith(OLE_MAGIC):
        raise ReadError(*(("encrypted", ENCRYPTED) if ENCRYPTED_STREAM in data else ("unsupported", NOT_DOCX)))
    if not data.startswith(b"PK"):
        raise ReadError("unsupported", NOT_DOCX)
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise ReadError("corrupt", BROKEN_ZIP) from error


def index_members(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Members by lower-case name; two different ones under one name are refused, twice the same is one."""
    index: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        name = member.filename.replace("\\", "/").lstrip("/").lower()
        other = index.setdefault(name, member)
        if other is not member and (other.CRC, other.file_size) != (member.CRC, member.file_size):
            raise ReadError("corrupt", TWICE)
    return index


def read_relations(root: _Element, folder: str) -> Iterator[tuple[str, Relation]]:
    """Id and relation, targets resolved against the folder of the part they belong to."""
    for item in root.iterchildren("{*}Relationship"):
        identity, target = item.get("Id"), item.get("Target")
        if identity and target and item.get("TargetMode") != "External":
            kind = (item.get("Type") or "").rpartition("/")[2]
            yield identity, Relation(kind, resolve_target(target, folder))


def resolve_target(target: str, folder: str) -> str:
    """`header1.xml`, `/word/header1.xml`, `../word/header1.xml` (or with backslashes) → `word/header1.xml`."""
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    return posixpath.normpath(posixpath.join("/" + folder, path)).lstrip("/")
