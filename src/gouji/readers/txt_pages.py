"""Tables that run over the end of a page: what stands between their rows goes below them.

|三公|12.5|         blank lines, page numbers (- 3 -, 第3页, 3/12) and running heads between two rows of the
                    same notation are the page's; they stay in the text, after the table
- 3 -
♀               ←   form feed: by itself it parts no rows either
某局决算公开        a running head stands at the top of two pages or more
|出国|     |
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from gouji.readers.txt_aligned import is_row
from gouji.readers.txt_columns import split_pieces
from gouji.readers.txt_flat import FLAT_TABS
from gouji.readers.txt_ruled import is_bar_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

PAGE_BREAK = "\f"  # the blank line that stands for a form feed
DASH = r"[-\u2010-\u2015\u2500\uff0d]{1,2}"
PAGE_NUMBER = re.compile(
    rf"[^\S\t]*(?:{DASH}\s?\d{{1,4}}\s?{DASH}|第\s?\d{{1,4}}\s?页(?:[\s,，/]{{0,2}}共\s?\d{{1,4}}\s?页)?"
    r"|\d{1,4}\s?/\s?\d{1,4}|\d{1,3})\s*"  # a tab opens a cell
)
MAX_NUMBER = 80  # characters, most of them blanks in front
MIN_PAGES = 2  # that a running head stands on


def is_blank(line: str) -> bool:
    """A tab at the start opens a cell, be it empty; other white space is nothing."""
    return not line or (line.isspace() and not line.startswith("\t"))


def join_pages(lines: list[str]) -> list[str]:
    """The lines with what pages put between the rows of a table moved below it."""
    if PAGE_BREAK not in lines and not any(map(is_page_number, lines)):
        return lines
    heads = find_running_heads(lines)
    joined: list[str] = []
    held: list[str] = []
    at = 0
    while at < len(lines):
        end = find_gap_end(lines, at, heads)
        if end == at:
            joined.append(lines[at])
            at += 1
            continue
        gap, at = lines[at:end], end
        texts = [line for line in gap if not is_blank(line)]
        is_page = bool(texts) or PAGE_BREAK in gap
        is_inside = (
            (is_page or bool(held)) and bool(joined) and is_same_notation(joined[-1], "".join(lines[end : end + 1]))
        )
        if is_inside and (texts or (is_page and is_alike(joined[-1], lines[end]))):
            held += texts
            joined += [""] * (len(joined) > 1 and is_blank(joined[-2]))  # as between the rows above
            continue
        if held and not is_inside:
            joined += ["", *held]
            held = []
        joined += gap
    return [*joined, "", *held] if held else joined


def find_gap_end(lines: list[str], at: int, heads: AbstractSet[str]) -> int:
    """The first line from `at` on that is more than a blank, a page number or, below a form feed, a running head."""
    is_top = False
    while at < len(lines):
        line = lines[at]
        is_top |= line == PAGE_BREAK
        is_head = is_top and line.strip() in heads
        if not (is_blank(line) or is_head or is_page_number(line)):
            break
        at += 1
    return at


def is_page_number(line: str) -> bool:
    """Whether a line numbers its page."""
    return len(line) <= MAX_NUMBER and PAGE_NUMBER.fullmatch(line) is not None


def find_running_heads(lines: list[str]) -> AbstractSet[str]:
    """Lines that stand first on several pages and are no rows."""
    counts = Counter(tops_of_pages(lines))
    return {head for head, count in counts.items() if count >= MIN_PAGES and notation_of(head) is None}


def tops_of_pages(lines: list[str]) -> Iterator[str]:
    """The first line of words below each form feed."""
    is_top = False
    for line in lines:
        if line == PAGE_BREAK:
            is_top = True
        elif is_top and not (is_blank(line) or is_page_number(line)):
            yield line.strip()
            is_top = False


def is_same_notation(above: str, below: str) -> bool:
    """Whether two lines are rows of tables written alike. Tabs at the start of both open cells."""
    notation = notation_of(above)
    if notation == "tabs" and above.startswith("\t") and below.startswith("\t"):
        return False
    return notation is not None and notation == notation_of(below)


def is_alike(above: str, below: str) -> bool:
    """Whether two rows have as many cells, where bars or tabs tell."""
    return all(above.count(mark) == below.count(mark) for mark in "\t|│")


def notation_of(line: str) -> str | None:
    """How a line is written, where it is a row by itself."""
    if is_bar_line(line):
        return "bars"
    if line.count("\t") >= FLAT_TABS:  # cells at the end may be blank
        return "tabs"
    pieces = split_pieces(line)
    return "aligned" if pieces and is_row(pieces) else None
