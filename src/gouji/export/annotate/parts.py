"""The parts of a .docx that a comment touches: text, comments, relationships, content types.

[Content_Types].xml ─ Override /word/comments.xml        word/document.xml ─ commentRangeStart, bookmarkStart …
word/_rels/document.xml.rels ─ rId12: comments ────────→ word/comments.xml ─ w:comment

A Strict document (purl.oclc.org) is worked on in the transitional names and written back in its own.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import cast

from lxml import etree
from lxml.etree import _Element

from gouji.export.annotate.wordml import BODY, W
from gouji.export.annotate.zipcopy import key_of, rewrite_zip

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
TYPES_PART = "[Content_Types].xml"
LIMIT_PART = 16 << 20  # its tree takes thirty times as much
_STRICT = re.compile(rb"""(["'])http://purl\.oclc\.org/ooxml/(\w+)/(\w+)(?=["'])""")
_TRANSITIONAL = re.compile(
    rb"""(["'])http://schemas\.openxmlformats\.org/((?!package|markup-compatibility)\w+)/2006/(\w+)(?=["'])"""
)
_PRINTED = ("count(.//w:p)", "count(.//w:tc)", "string()")
_OWN_FAMILY = (b"relationships", b"math")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class CannotAnnotateError(ValueError):
    """The file was read, but its parts do not allow a comment to be put in."""


class WordFile:
    """The trees of one .docx that comments change."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            self._members = {key_of(info.filename): info for info in reversed(source.infolist())}
            self._source = source
            self.main = self._find_main()
            raw = self._read(self.main)
            self.strict = b"//purl.oclc.org/ooxml/" in raw
            self.root = _parse(_loosen(raw))
            self._printed = self._print_body()
            self._relations_part = _relations_of(self.main)
            self.relations = self._parse_or_new(self._relations_part, f"{{{RELATIONS}}}Relationships")
            self.types = self._parse_or_new(TYPES_PART, f"{{{TYPES}}}Types")
            self._comments_part, self.comments = self._open_comments()

    @property
    def body(self) -> _Element:
        """The w:body. Raises CannotAnnotateError where there is none."""
        body = self.root.find(BODY)
        if body is None:
            raise CannotAnnotateError("no body")
        return body

    def _read(self, name: str) -> bytes:
        info = self._members[key_of(name)]
        if info.file_size > LIMIT_PART:
            raise CannotAnnotateError("too large")
        return self._source.read(info)

    def _parse_or_new(self, name: str, tag: str) -> _Element:
        if key_of(name) in self._members:
            return _parse(_loosen(self._read(name)))
        return etree.Element(tag, nsmap=cast("dict[str, str]", {None: tag[1:].partition("}")[0]}))

    def _find_main(self) -> str:
        """The part with the text: as related, else by its usual name."""
        root = self._parse_or_new("_rels/.rels", f"{{{RELATIONS}}}Relationships")
        for target in (_target(item, "") for item in root if _kind(item) == "officeDocument"):
            if key_of(target) in self._members:
                return target
        found = [name for name in self._members if posixpath.basename(name) == "document.xml"]
        if not found:
            raise CannotAnnotateError("no main part")
        return self._members[found[0]].filename

    def _open_comments(self) -> tuple[str, _Element]:
        """The comments there are, or a new part for ours."""
        folder = posixpath.dirname(self.main)
        for item in self.relations:
            target = _target(item, folder)
            if _kind(item) == "comments" and key_of(target) in self._members:
                return target, _parse(_loosen(self._read(target)))
        name = next(name for name in _names(folder) if key_of(name) not in self._members)
        self._relate(posixpath.basename(name))
        etree.SubElement(self.types, f"{{{TYPES}}}Override", PartName=f"/{name}", ContentType=COMMENTS_TYPE)
        return name, etree.Element(W + "comments", nsmap={"w": W[1:-1]})

    def _relate(self, target: str) -> None:
        used = {item.get("Id") for item in self.relations}
        identity = next(name for name in (f"rId{n}" for n in range(1, len(used) + 2)) if name not in used)
        family = STRICT_OFFICE if self.strict else OFFICE
        attributes = {"Id": identity, "Type": f"{family}/comments", "Target": target}
        etree.SubElement(self.relations, f"{{{RELATIONS}}}Relationship", attributes)

    def _print_body(self) -> tuple[float, float, str]:
        """What an annotated copy must leave as it was: how many paragraphs and cells there are, and every character."""
        paragraphs, cells, text = (self.body.xpath(query, namespaces={"w": W[1:-1]}) for query in _PRINTED)
        return float(str(paragraphs)), float(str(cells)), str(text)

    def save(self) -> bytes:
        """The file with the changed parts; every other one as it was. Raises CannotAnnotateError where the text is not."""
        if self._print_body() != self._printed:
            raise CannotAnnotateError("the text has changed")
        trees = {
            self.main: self.root,
            self._comments_part: self.comments,
            self._relations_part: self.relations,
            TYPES_PART: self.types,
        }
        written = {name: self._write(tree) for name, tree in trees.items()}
        content = rewrite_zip(self._data, written)
        with zipfile.ZipFile(io.BytesIO(content)) as again:
            if again.read(self.main) != written[self.main]:
                raise CannotAnnotateError("the text has not been written as it is")
        return content

    def _write(self, tree: _Element) -> bytes:
        text = etree.tostring(tree.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
        return _TRANSITIONAL.sub(_tighten, text) if self.strict else text


def _names(folder: str) -> list[str]:
    return [posixpath.join(folder, f"comments{number}.xml") for number in ("", *range(2, 100))]


def _relations_of(part: str) -> str:
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", base + ".rels")


def _kind(item: _Element) -> str:
    return "" if item.get("TargetMode") == "External" else (item.get("Type") or "").rpartition("/")[2]


def _target(item: _Element, folder: str) -> str:
    path = (item.get("Target") or "").replace("\\", "/")
    return posixpath.normpath(posixpath.join("/" + folder, path)).lstrip("/")


def _loosen(data: bytes) -> bytes:
    """UTF-8 in transitional names."""
    if b"\0" in data[:4] or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = _DECLARATION.sub("", data.decode("utf-16", "replace")).encode()
    return _STRICT.sub(_to_transitional, data) if b"//purl.oclc.org/ooxml/" in data else data


def _to_transitional(match: re.Match[bytes]) -> bytes:
    quote, family, name = match.groups()
    if family != b"officeDocument" or name in _OWN_FAMILY:
        return quote + b"http://schemas.openxmlformats.org/" + family + b"/2006/" + name
    return match[0]


def _tighten(match: re.Match[bytes]) -> bytes:
    quote, family, name = match.groups()
    return quote + b"http://purl.oclc.org/ooxml/" + family + b"/" + name


def _parse(data: bytes) -> _Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise CannotAnnotateError(str(error)) from error
