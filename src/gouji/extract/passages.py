"""Running text as it was written: lines that a page or a column broke in mid-sentence are read as one, every piece keeps its place.

p6   　　（三）部门收支情况。2023年支出合计428.          Passage  …2023年支出合计428.90万元，其中基本支出139.40万元。
p7   90万元，其中基本支出139.40万元。           →    pieces   p6 0…26 · p7 0…20

A line goes on in the next where it ends without a stop and is as long as lines of this text get, where a page number stands
between, or where it ends with a comma. Digits are put together only where the line is full: 12 | 34.50万元 may be 1234.50.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from gouji.text.headings import any_heading_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.model.document import Paragraph

_STOPPED = re.compile(r"[。！？!?；;：:”」』]\s*$")
_OPEN_END = re.compile(r"[，,、（(〔]\s*$")
_PAGE = re.compile(r"[-—–－\s]*\d{1,4}[-—–－\s]*|第\s*\d{1,4}\s*页(?:\s*[，,/]?\s*共\s*\d{1,4}\s*页)?")
_INDENTED = re.compile(r"[\s\u3000]")
_PUNCTUATED = re.compile(r"[，,。；;、：:]")
_ENOUGH = 3  # lines as long as lines get show that something broke them
_SHORTEST_LINE = 15


class Piece(NamedTuple):
    """A line: the paragraph, where the line begins in it, and [start, end) in the passage."""

    paragraph: Paragraph
    offset: int
    start: int
    end: int


def _start_of(piece: Piece) -> int:
    return piece.start


class Passage(NamedTuple):
    """Text that is read at once, and the lines it is made of."""

    text: str
    pieces: tuple[Piece, ...]

    @property
    def paragraph(self) -> Paragraph:
        """Where the passage begins."""
        return self.pieces[0].paragraph

    def piece_at(self, place: int) -> Piece:
        """The line that holds a character."""
        return self.pieces[bisect_right(self.pieces, place, key=_start_of) - 1]

    def evidence(self, start: int, end: int) -> str:
        """`p12_34_40`; of what runs over two paragraphs the characters in the first."""
        first, last = self.piece_at(start), self.piece_at(end - 1)
        if first.paragraph is not last.paragraph:
            last, end = first, first.end
        return f"{first.paragraph.where}_{start - first.start + first.offset}_{end - last.start + last.offset}"


class _Line(NamedTuple):
    paragraph: Paragraph
    offset: int
    text: str
    after_page: bool


def passages(paragraphs: Iterable[Paragraph]) -> Iterator[Passage]:
    """The paragraphs in order, those that belong together as one."""
    lines = list(_lines(paragraphs))
    full = _full_length(lines)
    group: list[tuple[_Line, str]] = []
    for line in lines:
        joint = _joint(group[-1][0], line, full) if group else None
        if joint is None and group:
            yield _passage(group)
            group = []
        group.append((line, joint or ""))
    if group:
        yield _passage(group)


def _lines(paragraphs: Iterable[Paragraph]) -> Iterator[_Line]:
    """Every line of every paragraph, without the page numbers that stand between two."""
    after_page = False
    for paragraph in paragraphs:
        if _PAGE.fullmatch(paragraph.text.strip()):
            after_page = True
            continue
        offset = 0
        for text in paragraph.text.split("\n"):
            yield _Line(paragraph, offset, text, after_page)
            offset += len(text) + 1
            after_page = False


def _full_length(lines: list[_Line]) -> tuple[int, int]:
    """(characters, columns) of a line that something broke at its end; more than any line has, where nothing breaks lines."""
    lengths = [len(line.text) for line in lines]
    columns = [_columns(line.text) for line in lines]
    broken = [i for i, line in enumerate(lines) if not _STOPPED.search(line.text)]
    return _top(lengths, broken), _top(columns, broken)


def _top(lengths: list[int], broken: list[int]) -> int:
    longest = max(lengths, default=0)
    near = sum(lengths[i] >= longest - 1 for i in broken)
    return longest - 1 if near >= _ENOUGH and longest > _SHORTEST_LINE else longest + 1


def _columns(text: str) -> int:
    """A Chinese character takes two columns and three bytes, a Latin one takes one of each."""
    return (len(text) + len(text.encode("utf-8", "replace"))) // 2


def _joint(before: _Line, line: _Line, full: tuple[int, int]) -> str | None:
    """What stands between two lines of one passage: nothing, or a break. None: another passage begins."""
    apart = None if before.paragraph is not line.paragraph else "\n"
    if not before.text.strip() or _STOPPED.search(before.text) or any_heading_of(line.text) is not None:
        return apart
    is_full = len(before.text) >= full[0] or _columns(before.text) >= full[1]
    if before.text[-1:].isdigit() and line.text[:1].isdigit() and not is_full:
        return apart
    if line.after_page:
        return "" if _PUNCTUATED.search(before.text) else apart
    if _INDENTED.match(line.text):
        return apart
    long = len(before.text) >= _SHORTEST_LINE and _PUNCTUATED.search(before.text)
    return "" if is_full or (long and _OPEN_END.search(before.text)) else apart


def _passage(group: list[tuple[_Line, str]]) -> Passage:
    pieces: list[Piece] = []
    end = 0
    for line, joint in group:
        start = end + len(joint)
        end = start + len(line.text)
        pieces.append(Piece(line.paragraph, line.offset, start, end))
    return Passage("".join(joint + line.text for line, joint in group), tuple(pieces))
