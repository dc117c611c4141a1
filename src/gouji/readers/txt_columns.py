"""Columns of tables that blanks hold apart, built line by line.

三公经费      9.86    9.00          |--------|    |--|    |--|     what the pieces of some line fill
  其中：接待          1.20          a piece grows the column it overlaps; one that overlaps none is a new column
公务用车购置及运行维护费            text over several columns spans them; a figure never does
出国            -     0.35          two columns that no line fills both are one (- left, 9.86 right)
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gouji.readers.txt_width import is_value, measure

if TYPE_CHECKING:
    from collections.abc import Callable

    Metric = Callable[[str], int]

MAX_CHARACTERS = 400  # a longer line is prose
MAX_PIECES = 40
MAX_LABEL = 60  # terminal columns: a longer text is no heading
SENTENCE_MARKS = "。；;，,、！？"
GAP_WIDTH = 2
SLACK = 1  # columns by which edges may differ
BLANKS = " \u00a0\u2002\u2003\u3000"
GAP = re.compile(f"[{BLANKS}]{{2,}}|\u3000")
OTHER_TABLE = re.compile("[\t\v\u2028|｜\u2500-\u257f]|\\+-{2}")
# Two characters set apart to fill the cell: one word.
SPACED_WORDS = frozenset(
    "合计 小计 总计 共计 项目 科目 名称 金额 年度 年份 单位 部门 收入 支出 结余 备注 说明 编号 序号 类别 内容 指标 数量 "
    "分值 得分 权重 总分 等次 等级".split()
)
AMOUNT = re.compile(r"[-+−]?\d[\d,，]*(?:[.．]\d+)?\s*(?:亿元|万元|元|人|名|辆|台|次|个|分|％|%)")


class Piece(NamedTuple):
    """Text between blanks, with the columns of the terminal it takes."""

    start: int
    end: int
    text: str


def split_pieces(line: str, metric: Metric = measure) -> list[Piece]:
    """Pieces of a line; none where it is blank, too long or has tabs, soft breaks or bars in it."""
    text = line.rstrip()
    if len(text) > MAX_CHARACTERS or OTHER_TABLE.search(text):
        return []
    pieces: list[Piece] = []
    column = place = 0
    for start, end in (*[match.span() for match in GAP.finditer(text)], (len(text), len(text))):
        before = text[place:start]
        width = metric(before)
        if words := before.strip(BLANKS):
            left = column + metric(before[: len(before) - len(before.lstrip(BLANKS))])
            pieces.append(Piece(left, left + metric(words), words))
        column, place = column + width + metric(text[start:end]), end
    return join_spaced_words(pieces) if len(pieces) <= MAX_PIECES else []


def join_spaced_words(pieces: list[Piece]) -> list[Piece]:
    """合    计 as one piece."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and len(piece.text) == 1 and joined[-1].text + piece.text in SPACED_WORDS:
            joined[-1] = Piece(joined[-1].start, piece.end, f"{joined[-1].text} {piece.text}")
        else:
            joined.append(piece)
    return joined


def is_figure(text: str) -> bool:
    """Whether a piece is a value, with or without its unit."""
    return is_value(text) or AMOUNT.fullmatch(text) is not None


class Column:
    """Terminal columns [start, end) and the columns that some line fills beside it."""

    __slots__ = ("beside", "end", "holds_figures", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.holds_figures = False
        self.beside: set[Column] = set()

    def distance(self, piece: Piece) -> int:
        """How many columns lie between a piece and this one; below 0 where they overlap."""
        return max(piece.start - self.end, self.start - piece.end)

    def absorb(self, other: Column, columns: list[Column]) -> None:
        """Take over a column that no line fills beside this one."""
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)
        self.holds_figures |= other.holds_figures
        self.beside |= other.beside
        for column in columns:
            if other in column.beside:
                column.beside.discard(other)
                column.beside.add(self)


class Columns:
    """The columns of a block, from left to right."""

    def __init__(self) -> None:
        self.columns: list[Column] = []
        self.wide: list[Piece] = []  # text across columns that no line filled both so far

    def add(self, pieces: list[Piece]) -> bool:
        """Make room for the pieces of a line; whether they fit."""
        touched = [self.find(piece) for piece in pieces]
        if any(left and right and left[-1].start >= right[0].start for left, right in pairwise(touched)):
            return False
        figures = [is_figure(piece.text) for piece in pieces]
        for i, (piece, found) in enumerate(zip(pieces, touched, strict=True)):
            if len(found) > 1 and figures[i] and are_beside(found):
                return False
            if len(found) > 1 and not figures[i] and not self.spans(piece, found, is_title=not any(figures)):
                return False
        narrow = [i for i, found in enumerate(touched) if len(found) < 2 or figures[i]]  # noqa: PLR2004 - across
        self.wide += [piece for i, piece in enumerate(pieces) if i not in narrow and len(pieces) > 1]
        self.note([self.grow(pieces[i], touched[i]) for i in narrow])
        return True

    def find(self, piece: Piece) -> list[Column]:
        """The columns a piece overlaps, else the one it directly follows or precedes."""
        near = [(column.distance(piece), column) for column in self.columns]
        return [column for distance, column in near if distance < 0] or [
            column for distance, column in near if not distance
        ]

    def spans(self, piece: Piece, found: list[Column], *, is_title: bool) -> bool:
        """Whether text may lie across columns: a label, a text from the left edge of a column on, or a heading of them."""
        if abs(piece.start - found[0].start) <= SLACK and found[0] is not self.columns[0]:
            return True
        is_short = piece.end - piece.start <= MAX_LABEL and piece.text[-1] not in SENTENCE_MARKS
        return is_short and (is_title or found[0] is self.columns[0])

    def grow(self, piece: Piece, found: list[Column]) -> Column:
        """The column of a piece, new or wider than it was."""
        column, *others = found or [Column(piece.start, piece.end)]
        column.holds_figures |= is_figure(piece.text)
        if not found:
            self.columns = sorted([*self.columns, column], key=lambda other: other.start)
        for other in others:
            self.columns.remove(other)
            column.absorb(other, self.columns)
        column.start, column.end = min(column.start, piece.start), max(column.end, piece.end)
        return column

    @staticmethod
    def note(filled: list[Column]) -> None:
        """Remember that one line fills these columns."""
        for column in filled:
            column.beside.update(other for other in filled if other is not column)

    def settle(self) -> None:
        """Text across columns that no line fills both stands in one column, and so do labels and indented labels."""
        for piece in self.wide:
            found = self.find(piece)
            if len(found) > 1 and not are_beside(found):
                self.grow(piece, found)
        self.wide = []
        while len(self.columns) > 2 and is_indent(*self.columns[:2]):  # noqa: PLR2004 - labels, indented ones, figures
            self.columns[0].absorb(self.columns.pop(1), self.columns)

    def place(self, pieces: list[Piece]) -> list[Piece | None]:
        """The pieces of a line by column; one that spans stands in the first of its columns."""
        row: list[Piece | None] = [None] * len(self.columns)
        for piece in pieces:
            row[self.columns.index(self.find(piece)[0])] = piece
        return row


def is_indent(labels: Column, column: Column) -> bool:
    """Whether no line fills the column beside the labels, and neither holds figures."""
    return column not in labels.beside and not labels.holds_figures and not column.holds_figures


def are_beside(columns: list[Column]) -> bool:
    """Whether some line fills two of the columns."""
    return any(right in left.beside for i, left in enumerate(columns) for right in columns[i + 1 :])
