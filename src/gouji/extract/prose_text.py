"""The text of a passage for reading: folded, cut into sentences, with only what may state something kept.

printed   　　“三公”经费 ３，518.85 万元；…      folded   三公经费3,518.85万元;…        every character keeps its place

Folding: half-width, simplified characters, quotes and spaces dropped, broken numbers joined, 8人 实有9人 parted. One pass, as all that follows:
time grows with length alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.text.characters import FULL_WIDTH, SIMPLIFIED, Folding

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 20_000
_DROPPED = re.compile(
    "[\\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\u201c\u201d\u2018\u2019\"'「」『』〝〞《》]+"
)
_SENTENCE_END = re.compile(r"[。!?\n]|(?<![0-9A-Za-z])\.")
_WORTH_READING = re.compile(
    r"[0-9][余多]?[万亿千百元人名个分%,;:、()和与及.。]|[无未没优良差格]|[零〇一二三四五六七八九十百两][人名]|零[,;。]|[为:次级]中[,;。(]"
)
HEADING_LENGTH = 24
_WORTH_FOLDING = re.compile(r"[0-9０-９无無未没沒优優良差格零]|[零〇一二三四五六七八九十百两]\s*[人名]|中[”，。；,;]")
SEPARATORS = {
    ",": "comma",
    ";": "semicolon",
    "、": "list",
    "(": "open",
    ")": "close",
    ":": "join",
    "…": "join",  # 人员编制…………45人
    "[": "open",
    "]": "close",
}
STOPS = frozenset("。!?\n.")
_DIGITS = frozenset("0123456789")
_UNIT_ENDS = frozenset("元人名分%个")
_HEDGE_STARTS = frozenset("以左上余多的")
CHINESE_NUMERALS = frozenset("零〇一二三四五六七八九十百两")
NUMBER_STARTS = frozenset("0123456789-大约将近逾超不")
BULLETS = "-—–·•●◆■▪★※►▶➢"
ORDINAL_STARTS = frozenset("(0123456789一二三四五六七八九十①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳" + BULLETS)
SIGNS = frozenset({*ORDINAL_STARTS, *SEPARATORS, *NUMBER_STARTS, *CHINESE_NUMERALS, *"(单金"})
_FOLDED = Folding(
    SIMPLIFIED | FULL_WIDTH | dict(zip(map(ord, "【】〔〕−﹣‐"), map(ord, "()()---"), strict=True)),
    usual="，：；（）！？％",
)


class Folded(NamedTuple):
    """Folded text, and for each of its characters the place in the printed text."""

    text: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The printed characters of a folded piece."""
        return self.places[start], self.places[end - 1] + 1


class Span(NamedTuple):
    """A sentence; a `piece` of one that is too long to be read at once; a short text that may be a `heading`."""

    start: int
    end: int
    kind: Literal["sentence", "piece", "heading"] = "sentence"


def has_figures(text: str) -> bool:
    """Whether a printed text has a number, a word of absence or a grade."""
    return _WORTH_FOLDING.search(text) is not None


def fold_text(text: str) -> Folded:
    """Half-width, without quotes and spaces; a space between two digits stays, a line break ends a sentence."""
    wide = _FOLDED(text)
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for run in _DROPPED.finditer(wide):
        pieces.append(wide[last : run.start()])
        places.extend(range(last, run.start()))
        if kept := _kept_space(wide, run):
            pieces.append(kept)
            places.append(run.start())
        last = run.end()
    pieces.append(wide[last:])
    places.extend(range(last, len(wide)))
    return Folded("".join(pieces), places)


def _kept_space(text: str, run: re.Match[str]) -> str:
    """What a run of dropped characters leaves: a break of lines, a gap between digits, or nothing."""
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    digit_after = after in _DIGITS
    if "\n" in run.group():
        return "" if before and before in ".," and digit_after else "\n"
    if before in _UNIT_ENDS and run.group().isspace() and "\u4e00" <= after <= "\u9fff" and after not in _HEDGE_STARTS:
        return ","  # 编制8人 实有8人
    return " " if before in _DIGITS and digit_after and run.group().isspace() else ""


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a folded text that hold a number, a grade or a word of absence, and what may be headings.

    What goes on for more than 20,000 characters is read in pieces that end with a clause.
    """
    start = 0
    for stop in (*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)):
        if stop - start > _LONGEST:
            yield from _pieces(text, start, stop)
        elif _WORTH_READING.search(text, start, stop) is not None:
            yield Span(start, stop)
        elif may_be_heading(text, start, stop):
            yield Span(start, stop, "heading")
        start = stop


def may_be_heading(text: str, start: int, stop: int) -> bool:
    """A short text at the beginning of a paragraph, or one that begins with an ordinal."""
    return start < stop <= start + HEADING_LENGTH and (start == 0 or text[start] in ORDINAL_STARTS)


def _pieces(text: str, start: int, stop: int) -> Iterator[Span]:
    """Pieces that end with a clause. What has no clauses is no text, and nothing behind it is known to begin one."""
    while start < stop:
        end = stop
        if stop - start > _LONGEST:
            end = 1 + max(text.rfind(mark, start, start + _LONGEST) for mark in ",;")
        if not end:
            return
        yield Span(start, end, "piece")
        start = end
