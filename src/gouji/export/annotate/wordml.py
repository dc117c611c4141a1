"""The few words of WordprocessingML that a comment needs, and where in a paragraph a character stands.

<w:p><w:pPr/><w:r><w:t>收入合计</w:t></w:r><w:hyperlink><w:r><w:t>871.05</w:t></w:r></w:hyperlink></w:p>
  atoms   (w:t, "收入合计") (w:t, "871.05")      characters 4–7 → the second w:t from 0 to 3
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
BODY, P, TC, T, RUN, PPR, RPR = (W + name for name in ("body", "p", "tc", "t", "r", "pPr", "rPr"))
TEXT_BOX, CONTROL, ID, NAME = W + "txbxContent", W + "sdt", W + "id", W + "name"
BOOKMARK, BOOKMARK_END = W + "bookmarkStart", W + "bookmarkEnd"
COMMENT_START, COMMENT_END, COMMENT_MARK = (
    W + name for name in ("commentRangeStart", "commentRangeEnd", "commentReference")
)
# Containers of runs in which the marks of a range may stand.
RUN_CONTAINERS = frozenset(
    W + name for name in "hyperlink ins moveTo smartTag sdt sdtContent fldSimple customXml dir bdo".split()
)
_LITERALS = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "br": "\n", W + "noBreakHyphen": "-"}
_SILENT = frozenset(
    [
        *(
            W + name
            for name in "pPr rPr sdtPr sdtEndPr del moveFrom delText instrText txbxContent p tbl rt rubyPr".split()
        ),
        MC + "Fallback",
    ]
)


class Atom(NamedTuple):
    """An element of a paragraph that prints, and what."""

    element: _Element
    text: str


def list_atoms(parent: _Element) -> Iterator[Atom]:
    """What a paragraph prints, in order; removed text, field codes and text boxes are not part of it."""
    for child in parent:
        if child.tag == T:
            yield Atom(child, " ".join((child.text or "").split("\n")).replace("\t", " ").replace("\r", " "))
        elif child.tag in _LITERALS:
            yield Atom(child, _LITERALS[str(child.tag)])
        elif isinstance(child.tag, str) and child.tag not in _SILENT:
            yield from list_atoms(child)


def find_characters(paragraph: _Element, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where characters of the text as read stand among the atoms: exactly, else by their only occurrence."""
    printed = "".join(atom.text for atom in list_atoms(paragraph))
    if not 0 <= start < end <= len(text):
        return None
    if printed == text:
        return start, end
    wanted = text[start:end]
    place = printed.find(wanted)
    return (place, place + len(wanted)) if place >= 0 and printed.find(wanted, place + 1) < 0 else None


def cut_before(paragraph: _Element, place: int) -> _Element:
    """The element before which a range that begins with character `place` starts; runs are split where need be."""
    for atom in list_atoms(paragraph):
        if place < len(atom.text):
            return _cut(paragraph, atom.element, place)
        place -= len(atom.text)
    raise IndexError(place)


def cut_after(paragraph: _Element, place: int) -> _Element:
    """The element after which a range that ends before character `place` ends."""
    for atom in list_atoms(paragraph):
        if place <= len(atom.text):
            if place == len(atom.text) or not _is_divisible(paragraph, atom.element):
                return _end_run(paragraph, atom.element)
            before = _cut(paragraph, atom.element, place).getprevious()
            if before is None:
                raise IndexError(place)
            return before
        place -= len(atom.text)
    raise IndexError(place)


def _is_divisible(paragraph: _Element, element: _Element) -> bool:
    """Whether a mark may stand beside the element's run: the run is in the paragraph by plain containers only."""
    run = element.getparent()
    if run is None or run.tag != RUN:
        return False
    return all(parent.tag in RUN_CONTAINERS for parent in _parents(run, paragraph))


def _parents(element: _Element, paragraph: _Element) -> Iterator[_Element]:
    parent = element.getparent()
    while parent is not None and parent is not paragraph:
        yield parent
        parent = parent.getparent()


def _cut(paragraph: _Element, element: _Element, place: int) -> _Element:
    """The run (or what holds it) that begins with this character of the element."""
    run = element.getparent()
    if run is None or not _is_divisible(paragraph, element):
        return climb_to_child(element, paragraph)
    if place == 0 and _is_first(run, element):
        return run
    right = etree.Element(RUN, {str(name): str(value) for name, value in run.attrib.items()})
    properties = run.find(RPR)
    if properties is not None:
        right.append(copy.deepcopy(properties))
    following = list(element.itersiblings())
    if place:
        right.append(_split_text(element, place))
    else:
        right.append(element)
    right.extend(following)
    run.addnext(right)
    return right


def _split_text(element: _Element, place: int) -> _Element:
    text = element.text or ""
    second = etree.Element(T)
    element.text, second.text = text[:place], text[place:]
    for half in (element, second):
        half.set(XML_SPACE, "preserve")
    return second


def _is_first(run: _Element, element: _Element) -> bool:
    return next((child for child in run if child.tag != RPR), None) is element


def _end_run(paragraph: _Element, element: _Element) -> _Element:
    """What ends with this element: its run, split off from what follows."""
    run = element.getparent()
    if run is None or not _is_divisible(paragraph, element):
        return climb_to_child(element, paragraph)
    following = element.getnext()
    if following is not None:
        _cut(paragraph, following, 0)
    return run


def climb_to_child(element: _Element, ancestor: _Element) -> _Element:
    """The child of the ancestor in which an element stands."""
    parent = element.getparent()
    while parent is not None and parent is not ancestor:
        element, parent = parent, parent.getparent()
    return element
