"""What the reader has to say about a file it could read, and where it first saw it.

While reading, a place is the ordinal of a w:p or w:tc; once the document stands, it becomes an evidence id.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gouji.model.document import Block, Notice, Paragraph, Part

MESSAGES = {
    "R1": "文档含有尚未接受的修订，已按“全部接受”后的内容读取（保留插入、略去删除）；请核对，并在 WPS 或 Word 中处理修订后再存档。",
    "R2": "文件包有缺损，已尽量读取：{detail}；请核对内容，必要时用 WPS 或 Word 打开后另存为 .docx。",
    "R4": "文档含有隐藏的文字（页面上看不到），未计入读取结果；请确认是否应当显示或删除。",
    "R7": "文档引用了另一份文件（插入的子文档），其中内容未读取；请用 WPS 或 Word 打开后另存为 .docx 再提交。",
}


class Spot(msgspec.Struct, frozen=True):
    """A place in the part being read: paragraphs and table cells begun so far."""

    story: str
    cell: int | None
    paragraph: int


class Notes:
    """The first spot of each notice."""

    __slots__ = ("first",)

    def __init__(self) -> None:
        self.first: dict[str, Spot] = {}

    def add(self, code: str, spot: Spot) -> None:
        """Note it once."""
        self.first.setdefault(code, spot)


def write_notices(notes: Notes, repairs: list[str], parts: tuple[Part, ...]) -> tuple[Notice, ...]:
    """The notices in the order of their codes, with evidence ids."""
    found = [Notice(code, MESSAGES[code], find_place(spot, parts)) for code, spot in notes.first.items()]
    if repairs:
        found.append(Notice("R2", MESSAGES["R2"].format(detail="；".join(dict.fromkeys(repairs)))))
    return tuple(sorted(found, key=lambda notice: notice.code))


def find_place(spot: Spot, parts: tuple[Part, ...]) -> str | None:
    """The spot's own evidence id; what was removed is told by what stands next in its story."""
    blocks = next((part.blocks for part in parts if part.story == spot.story), ())
    wanted = spot.cell if spot.cell is not None else spot.paragraph
    last = None
    for is_cell, address, where in list_places(blocks):
        if is_cell == (spot.cell is not None):
            last = where
            if address >= wanted:
                return where
    return last


def list_places(blocks: tuple[Block, ...]) -> Iterator[tuple[bool, int, str]]:
    """Cells (innermost in their turn) and paragraphs outside tables, in reading order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            if block.where:
                yield False, block.address or 0, block.where
            continue
        for cell in block.cells:
            yield True, cell.address or 0, block.cell_id(cell)
            yield from list_places(tuple(inner for inner in cell.blocks if not isinstance(inner, Paragraph)))
