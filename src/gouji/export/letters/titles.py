"""A title over several lines breaks where its words end, and its lines are about equally long (GB/T 9704).

关于¦某区某中心¦2021年度¦部门整体支出¦绩效自评报告的¦审核意见函     (¦ stands for the character that {{换行处}} becomes)
      ↓ balance_lines, at most 20 characters a line
关于某区某中心2021年度
部门整体支出绩效自评报告的审核意见函
"""

from __future__ import annotations

import copy
import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from gouji.export.annotate.wordml import XML_SPACE, W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

BREAK = "\u2028"  # no value holds one: clean_value makes it a blank
ROOM = 20  # characters of 二号 between the margins of A4: 156 mm
_SEAMS = re.compile(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")
_SEAM = 0.25  # of a character: what Word and LibreOffice put between Chinese and digits
_MOST = 10  # places to break at; 2 to the power of these are tried


def balance_lines(pieces: list[str]) -> list[str]:
    """The pieces in as few lines as hold them, the longest as short as can be, then the shortest as long."""
    pieces = [*pieces[:_MOST], "".join(pieces[_MOST:])] if len(pieces) > _MOST + 1 else pieces
    return min(_arrange(pieces), key=_judge)


def _arrange(pieces: list[str]) -> Iterator[list[str]]:
    places = range(1, len(pieces))
    for count in range(len(pieces)):
        for cuts in combinations(places, count):
            edges = (0, *cuts, len(pieces))
            yield ["".join(pieces[a:b]) for a, b in pairwise(edges)]


def _judge(lines: list[str]) -> tuple[float, int, float, float]:
    """What would be broken anyhow weighs most."""
    widths = [_measure(line) for line in lines]
    return sum(max(0.0, width - ROOM) for width in widths), len(lines), max(widths), -min(widths)


def _measure(line: str) -> float:
    """In characters; Chinese quotation marks are as wide as any."""
    return sum(0.5 if char.isascii() else 1 for char in line) + _SEAM * len(_SEAMS.findall(line))


def break_title(texts: list[_Element]) -> None:
    """Turn the marks in a filled paragraph's w:t into line breaks where they help; the other marks go."""
    whole = "".join(text.text or "" for text in texts)
    if BREAK not in whole:
        return
    lines = balance_lines([piece for piece in whole.split(BREAK) if piece])
    ends = _list_ends(lines)
    place = 0
    for text in texts:
        parts: list[str] = [""]
        for char in text.text or "":
            if char == BREAK:
                continue
            if place in ends:
                parts.append("")
            parts[-1] += char
            place += 1
        _split(text, parts)


def _list_ends(lines: list[str]) -> set[int]:
    """Where each line but the first begins, counted in characters of the title."""
    return {sum(map(len, lines[:n])) for n in range(1, len(lines))}


def _split(text: _Element, parts: list[str]) -> None:
    """A w:t as several in the same run, w:br between them."""
    last = text
    text.text = parts[0]
    for part in parts[1:]:
        following = copy.copy(text)
        following.text, following.tail = part, None
        following.set(XML_SPACE, "preserve")
        line_end = text.makeelement(W + "br", {})
        last.addnext(line_end)
        line_end.addnext(following)
        last = following
