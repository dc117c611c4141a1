r"""A submission without what acts of its own accord, before a copy of it leaves the house. No text is changed.

.docx  macros                                            taken out
       fields DDE, INCLUDEPICTURE, LINK, MACROBUTTON …   their last result stays, as plain text
       templates, pictures, objects fetched from afar    lead nowhere: Target="removed"
       hyperlinks but for http, https, mailto, relative  the same
       ActiveX, imported chunks                          ActiveContentError: the copy becomes a page
.pdf   JavaScript, Launch, actions of pages              the same
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from gouji.export.annotate.parts import LIMIT_PART, CannotAnnotateError
from gouji.export.annotate.wordml import T, W
from gouji.export.annotate.zipcopy import key_of, rewrite_zip

NOWHERE = "removed"
_MACROS = re.compile(r"vba(project|data)[^/]*\.(bin|xml)(\.rels)?$")
_ACTIVE = re.compile(r"/activex/|/afchunk")
_HARMLESS = re.compile(r"(?i)\s*(https?://|mailto:|#|(?![a-z][a-z0-9.+-]*:|[\\/]))")
_RUNS = re.compile(r"(?i)\s*(DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|MACROBUTTON|DATABASE|RD)\b")
_LINK = re.compile(r'(?i)\s*HYPERLINK\s+(?!\\)"?([^"\s]*)')
_FIELD, _INSTRUCTION, _SIMPLE = W + "fldChar", W + "instrText", W + "fldSimple"
_NESTED = "\0"  # stands for a field in the instruction of another
_MOST = 64 << 20

_PDF_ACTION = re.compile(rb"/(?:JavaScript|JS|Launch|AA|SubmitForm|ImportData|RichMedia|Rendition)(?![\w.-])")
_PDF_SCRIPT = re.compile(rb"(?i)/URI\s*\(\s*(?:javascript|file|vbscript|data):")
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


class ActiveContentError(CannotAnnotateError):
    """The file holds what would run when its copy is opened."""


# --- Word ---------------------------------------------------------------------------------------------------------


def disarm_docx(data: bytes) -> bytes:
    """The file itself where nothing in it acts. Raises ActiveContentError where that cannot be taken out."""
    changed: dict[str, bytes] = {}
    dropped: set[str] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for info in package.infolist():
                key = key_of(info.filename)
                if _ACTIVE.search(key):
                    raise ActiveContentError(info.filename)
                if _MACROS.search(key):
                    dropped.add(key)
                elif key.endswith((".rels", ".xml")) and info.file_size <= LIMIT_PART:
                    part = package.read(info)
                    calm = _disarm_part(key, part)
                    if calm is not part:
                        changed[info.filename] = calm
        return rewrite_zip(data, changed, dropped) if changed or dropped else data
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, etree.XMLSyntaxError) as error:
        raise CannotAnnotateError(str(error)) from error


def _disarm_part(key: str, data: bytes) -> bytes:
    """The part itself where there is nothing to take out."""
    is_wide = b"\0" in data[:4]
    if key.endswith(".rels"):
        needed, edit = is_wide or b"External" in data or b"vba" in data.lower(), _disarm_relations
    else:
        needed, edit = is_wide or b"instrText" in data or b"fldSimple" in data, _disarm_fields
    if not needed:
        return data
    tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    changes = edit(tree)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True) if changes else data


def _disarm_relations(tree: _Element) -> int:
    changes = 0
    for entry in list(tree):
        kind, target = (entry.get("Type") or "").rpartition("/")[2], entry.get("Target") or ""
        if kind in ("vbaProject", "wordVbaData"):
            tree.remove(entry)
        elif (
            entry.get("TargetMode") != "External"
            or target == NOWHERE
            or (kind == "hyperlink" and _HARMLESS.match(target))
        ):
            continue
        else:
            entry.set("Target", NOWHERE)
        changes += 1
    return changes


def _disarm_fields(tree: _Element) -> int:
    """Take out the marks and instructions of fields that act; what they show stays."""
    changes = 0
    for field in list(tree.iter(_SIMPLE)):
        if _acts(field.get(W + "instr") or ""):
            for child in field:
                field.addprevious(child)
            _remove(field)
            changes += 1
    for marks, told, instruction in list(_iter_fields(tree)):
        if _acts(instruction):
            for element in (*marks, *told):
                _remove(element)
            changes += 1
    return changes


def _iter_fields(tree: _Element) -> Iterator[tuple[list[_Element], list[_Element], str]]:
    """Each field: its marks, what stands in its instruction, and the instruction put together."""
    stack: list[tuple[list[_Element], list[_Element], list[str]]] = []
    for element in tree.iter(_FIELD, _INSTRUCTION, T):
        kind = element.get(W + "fldCharType") if element.tag == _FIELD else None
        for marks, told, _ in stack:
            if len(marks) == 1:  # not separated yet: this belongs to the instruction
                told.append(element)
        if kind == "begin":
            if stack and len(stack[-1][0]) == 1:
                stack[-1][2].append(_NESTED)
            stack.append(([element], [], []))
        elif kind is not None and stack:
            stack[-1][0].append(element)
            if kind == "end":
                marks, told, words = stack.pop()
                yield marks, [one for one in told if one is not marks[1]], "".join(words)
        elif element.tag == _INSTRUCTION and stack and len(stack[-1][0]) == 1:
            stack[-1][2].append(element.text or "")


def _acts(instruction: str) -> bool:
    """Whether a field fetches or runs something; one whose kind another field tells may."""
    link = _LINK.match(instruction)
    if link is not None:
        return _HARMLESS.match(link[1]) is None
    return _RUNS.match(instruction) is not None or instruction.lstrip().startswith(_NESTED)


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


# --- PDF ----------------------------------------------------------------------------------------------------------


def refuse_active_pdf(data: bytes) -> None:
    """Raises ActiveContentError where the file asks a viewer to run something."""
    for piece in _iter_objects(data):
        named = _PDF_ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), piece) if b"#" in piece else piece
        found = _PDF_ACTION.search(named) or _PDF_SCRIPT.search(named)
        if found is not None:
            raise ActiveContentError(found[0].decode("latin-1"))


def _iter_objects(data: bytes) -> Iterator[bytes]:
    """What is written outside of streams, and what object streams hold."""
    last = 0
    while (start := data.find(b"stream", last)) >= 0 and (end := data.find(b"endstream", start)) >= 0:
        head = data[last:start]
        yield head
        if b"ObjStm" in head:
            yield _unpack(data[start + 6 : end].lstrip(b"\r\n"), is_locked=b"/Encrypt" in data)
        last = end + len(b"endstream")
    yield data[last:]


def _unpack(stream: bytes, *, is_locked: bool) -> bytes:
    """The objects of a stream; of a locked one nothing can be said."""
    try:
        return zlib.decompressobj().decompress(stream, _MOST)
    except zlib.error:
        if is_locked:
            return b""
        raise ActiveContentError("objects packed in another way") from None
