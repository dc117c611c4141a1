"""The tree of a Word 2003 document → the trees of a .docx's parts.

w:wordDocument ─ w:body            → word/document.xml    names in the later namespace: vmerge → vMerge …
               ├ w:lists           → word/numbering.xml   listDef → abstractNum, list → num, nfc 37 → chineseCounting
               └ w:styles          → word/styles.xml
w:sectPr ─ w:hdr, w:ftr            → word/header1.xml …   a reference stays behind
w:r ─ w:footnote                   → word/footnotes.xml
aml:annotation Word.Insertion …    → w:ins, w:del         comments and bookmarks go
wx:sect, wx:sub-section            → what they hold
"""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

from gouji.readers.docx.names import ID, R, W
from gouji.readers.number_formats import name_format

OLD = "{http://schemas.microsoft.com/office/word/2003/wordml}"
HINT = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
AML = "{http://schemas.microsoft.com/aml/2001/core}"
ROOT = OLD + "wordDocument"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPE_BASE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RENAMED = {
    "vmerge": "vMerge",
    "hmerge": "hMerge",
    "listPr": "numPr",
    "ilfo": "numId",
    "h-ansi": "hAnsi",
    "fareast": "eastAsia",
    "listDef": "abstractNum",
    "listDefId": "abstractNumId",
    "list": "num",
    "ilst": "abstractNumId",
    "nfc": "numFmt",
    "hlink": "hyperlink",
}
TRACKED = {
    "Word.Insertion": W + "ins",
    "Word.Deletion": W + "del",
    "Word.Move.From": W + "moveFrom",
    "Word.Move.To": W + "moveTo",
}
NOTES = (("footnote", "footnoteReference"), ("endnote", "endnoteReference"))
MARGINS = (("hdr", "header"), ("ftr", "footer"))


def translate(root: _Element) -> dict[str, _Element]:
    """The parts by name. The tree is used up."""
    resolve_annotations(root)
    resolve_hints(root)
    rename(root)
    body = root.find(W + "body")
    document = etree.Element(W + "document")
    parts: dict[str, _Element] = {"word/document.xml": document}
    relations: list[tuple[str, str]] = []
    if body is not None:
        document.append(body)
        relations += take_margins(body, parts)
        relations += take_notes(body, parts)
    relations += take_lists(root, parts)
    relations += take_styles(root, parts)
    parts["word/_rels/document.xml.rels"] = write_relations(relations)
    parts["_rels/.rels"] = write_relations([("officeDocument", "word/document.xml")])
    return parts


def resolve_annotations(root: _Element) -> None:
    """Tracked changes in their later form; comments, bookmarks and the like go with what they hold."""
    for element in list(root.iter(AML + "annotation")):
        tag = TRACKED.get(element.get(OLD + "type") or "")
        if tag is not None:
            element.tag = tag
            for content in list(element.iterchildren(AML + "content")):
                unwrap(content)
        else:
            remove(element)


def resolve_hints(root: _Element) -> None:
    """Sections and the like open up; hints on what Word computed go."""
    for element in list(root.iter(HINT + "*")):
        if len(element):
            unwrap(element)
        else:
            remove(element)


def unwrap(element: _Element) -> None:
    """Put the children in the element's place."""
    parent = element.getparent()
    if parent is not None:
        at = parent.index(element)
        for child in reversed(list(element)):
            parent.insert(at, child)
        parent.remove(element)


def remove(element: _Element) -> None:
    """Take an element out."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def rename(root: _Element) -> None:
    """Every name of 2003 in the later namespace."""
    for element in root.iter(OLD + "*"):
        element.tag = new_name(str(element.tag))
        for name, value in element.items():
            if str(name).startswith(OLD):
                del element.attrib[name]
                element.set(new_name(str(name)), value)


def new_name(name: str) -> str:
    """{…2003…}vmerge → {…2006…}vMerge."""
    local = name.removeprefix(OLD)
    return W + RENAMED.get(local, local)


def take_margins(body: _Element, parts: dict[str, _Element]) -> list[tuple[str, str]]:
    """Headers and footers move into parts of their own, references stay behind."""
    relations: list[tuple[str, str]] = []
    for section in list(body.iter(W + "sectPr")):
        for tag, kind in MARGINS:
            for margin in list(section.iterchildren(W + tag)):
                name = f"{kind}{len(relations) + 1}.xml"
                parts[f"word/{name}"] = margin
                mark = etree.Element(W + f"{kind}Reference")
                mark.set(R + "id", name)
                section.replace(margin, mark)
                relations.append((kind, name))
    return relations


def take_notes(body: _Element, parts: dict[str, _Element]) -> list[tuple[str, str]]:
    """Footnotes and endnotes move into parts of their own."""
    relations: list[tuple[str, str]] = []
    for kind, reference in NOTES:
        holder = etree.Element(W + f"{kind}s")
        for number, note in enumerate(list(body.iter(W + kind)), start=1):
            parent = note.getparent()
            if parent is None or parent.tag != W + "r":
                continue
            mark = etree.Element(W + reference)
            mark.set(ID, str(number))
            parent.replace(note, mark)
            note.set(ID, str(number))
            note.attrib.pop(W + "type", "")
            holder.append(note)
        if len(holder):
            parts[f"word/{kind}s.xml"] = holder
            relations.append((f"{kind}s", f"{kind}s.xml"))
    return relations


def take_lists(root: _Element, parts: dict[str, _Element]) -> list[tuple[str, str]]:
    """The lists, the numbers of their formats as names."""
    lists = root.find(W + "lists")
    if lists is None:
        return []
    lists.tag = W + "numbering"
    for form in lists.iter(W + "numFmt"):
        code = form.get(W + "val") or ""
        form.set(W + "val", name_format(int(code) if code.isascii() and code.isdigit() else 0))
    for level in lists.iter(W + "lvl"):
        if level.find(W + "numFmt") is None:
            etree.SubElement(level, W + "numFmt").set(W + "val", "decimal")
    for entry in lists.iterchildren(W + "num"):
        number = entry.get(W + "numId")
        if number is None:
            entry.set(W + "numId", entry.get(W + "ilfo") or "")
    parts["word/numbering.xml"] = lists
    return [("numbering", "numbering.xml")]


def take_styles(root: _Element, parts: dict[str, _Element]) -> list[tuple[str, str]]:
    """The styles."""
    styles = root.find(W + "styles")
    if styles is None:
        return []
    parts["word/styles.xml"] = styles
    return [("styles", "styles.xml")]


def write_relations(relations: list[tuple[str, str]]) -> _Element:
    """A .rels part; headers are known by their file names."""
    root = etree.Element(RELATIONS + "Relationships")
    for kind, target in relations:
        relation = etree.SubElement(root, RELATIONS + "Relationship")
        relation.set("Id", target)
        relation.set("Type", TYPE_BASE + kind)
        relation.set("Target", target)
    return root
