"""Secrecy markings: a file marked 秘密★1年 is refused before anything of it is kept.

A marking stands alone: in a header, in a text box, or as a line of its own at the head of the document. A sentence that merely
speaks of secret papers is no marking.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.model.document import Document, Paragraph, Table, iter_tables
from gouji.model.locator import Story
from gouji.text.labels import normalise_label

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKING = re.compile(
    r"^(?:密级[:]?)?(?:绝密|机密|秘密)(?:[★☆*✩]?(?:长期|\d{1,2}(?:年|个月|月)|[一二三四五六七八九十]+年)?)$"
)
_STARRED = re.compile(r"(?:绝密|机密|秘密)[★☆](?:长期|\d{1,2}(?:年|个月))?")
_HEAD_LINES = 15
_MARKED_STORIES: tuple[Story, ...] = ("header", "footer", "textbox")


def find_marking(document: Document) -> str | None:
    """The marking's text where the document carries one."""
    for text in _candidates(document):
        label = normalise_label(text)
        if len(label) <= 24 and (_MARKING.match(label) or _STARRED.search(label)):
            return label
    return None


def _candidates(document: Document) -> Iterator[str]:
    for story in _MARKED_STORIES:
        blocks = document.part(story)
        yield from _texts(blocks)
    yield from list(_texts(document.blocks[:_HEAD_LINES]))[: _HEAD_LINES * 2]


def _texts(blocks: tuple[Paragraph | Table, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.printed.split("\n")
    for table in iter_tables(blocks):
        for cell in table.cells[:40]:
            yield from cell.text.split("\n")
