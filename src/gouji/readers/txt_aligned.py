"""Tables whose columns are held apart by blanks alone.

    项目          预算数   决算数        columns of the terminal (a full-width character takes two):
    公务接待费     10.00     7.72       |----------|    |----|   |----|    what some line fills; between them two or more
      其中：外宾                         that every line leaves blank

Prose has numbers and double blanks too, so a table takes three lines in sequence, columns that start or end alike, and
one column of numbers; whatever falls short stays paragraphs.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gouji.readers.txt_width import is_value, measure

MIN_LINES = 3
MIN_NUMBERS = 2  # in one column
MAX_CHARACTERS = 400  # a longer line is prose
GAP_WIDTH = 2
GAP = re.compile(r"[ \u00a0\u3000]{2,}")
OTHER_TABLE = re.compile("[\t\v\u2028|｜\u2500-\u257f]|\\+-{2}")
BLANKS = " \u00a0\u3000"
LIST_MARK = re.compile(r"[(（]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）.．、]|[-•●◆■○·*]")

Rows = list[list[list[str]]]


class Piece(NamedTuple):
    """Text between blanks, with the columns of the terminal it takes."""

    start: int
    end: int
    text: str


def find_aligned_table(run: list[str], at: int) -> tuple[int, Rows]:
    """First line after those with gaps that begin at line `at`, and their rows: none where they are no table.

    The end is `at` where the line has no gap.
    """
    if len(run) - at < MIN_LINES or not GAP.search(run[at].strip(BLANKS)):
        return at, []
    lines = list(take_lines(run, at))
    end = at + len(lines)
    return end, read_rows(lines)


def take_lines(run: list[str], at: int) -> list[list[Piece]]:
    """Lines with gaps in sequence; among them a line of one piece that ends before the second piece of the line above."""
    lines: list[list[Piece]] = []
    for line in run[at:]:
        pieces = split_pieces(line)
        if not pieces or (len(pieces) == 1 and not (lines and fits_below(pieces[0], lines[-1]))):
            break
        lines.append(pieces)
    while lines and len(lines[-1]) == 1:
        lines.pop()
    return lines


def fits_below(piece: Piece, above: list[Piece]) -> bool:
    """Whether a label without values stands under the labels."""
    return piece.end + GAP_WIDTH <= (above[1].start if len(above) > 1 else above[0].end + GAP_WIDTH)


def split_pieces(line: str) -> list[Piece]:
    """Pieces of a line; none where it is too long or has tabs, soft breaks or bars in it."""
    text = line.rstrip()
    if len(text) > MAX_CHARACTERS or OTHER_TABLE.search(text):
        return []
    pieces: list[Piece] = []
    column = place = 0
    for gap in (*[match.span() for match in GAP.finditer(text)], (len(text), len(text))):
        column, place = add_piece(pieces, text, column, (place, gap[0])), gap[1]
        column += measure(text[gap[0] : gap[1]])
    return pieces


def add_piece(pieces: list[Piece], text: str, column: int, span: tuple[int, int]) -> int:
    """Note the piece that fills `span` from `column` on; the column after it."""
    piece = text[span[0] : span[1]]
    end = column + measure(piece)
    if piece.strip():
        pieces.append(Piece(end - measure(piece.lstrip(BLANKS)), end, piece.strip()))
    return end


def read_rows(lines: list[list[Piece]]) -> Rows:
    """Rows of the lines where they make a table; a heading of other columns right above them would be none of it."""
    columns = find_columns(lines)
    if len(lines) < MIN_LINES or len(columns) < 2:  # noqa: PLR2004 - labels and values
        return []
    rows = [place_pieces(pieces, columns) for pieces in lines]
    if any(len(row) > 1 and not all(map(is_kept_whole, row)) for row in rows):
        return []
    if not is_certain(rows):
        return []
    return [[[" ".join(piece.text for piece in cell)] if cell else [] for cell in row] for row in rows]


def find_columns(lines: list[list[Piece]]) -> list[tuple[int, int]]:
    """What the pieces fill, merged where fewer than two blank columns lie between."""
    columns: list[tuple[int, int]] = []
    for start, end in sorted((piece.start, piece.end) for pieces in lines for piece in pieces):
        if columns and start < columns[-1][1] + GAP_WIDTH:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    return columns


def place_pieces(pieces: list[Piece], columns: list[tuple[int, int]]) -> list[list[Piece]]:
    """The pieces of a line in each column."""
    row: list[list[Piece]] = [[] for _ in columns]
    col = 0
    for piece in pieces:
        while piece.start >= columns[col][1]:
            col += 1
        row[col].append(piece)
    return row


def is_kept_whole(cell: list[Piece]) -> bool:
    """Whether at most one value stands in a cell; a spaced label (合  计) is one cell."""
    return len(cell) < 2 or all(len(piece.text) == 1 for piece in cell)  # noqa: PLR2004 - one piece


def is_certain(rows: list[list[list[Piece]]]) -> bool:
    """Whether the columns hold together: labels first, aligned, one of numbers, most lines with two cells or more."""
    columns = [[cell[0] for row in rows if (cell := row[col])] for col in range(len(rows[0]))]
    if any(LIST_MARK.fullmatch(piece.text) for piece in columns[0]):
        return False
    full = sum(sum(map(bool, row)) > 1 for row in rows)
    return (
        full >= max(MIN_LINES, (2 * len(rows) + 2) // 3)
        and all(is_aligned(column, rows) for column in columns[1:])
        and any(is_numeric(column) for column in columns[1:])
    )


def is_numeric(column: list[Piece]) -> bool:
    """Whether at least half of the cells below the header, and two of them, are values."""
    values = sum(is_value(piece.text) for piece in column)
    return values >= MIN_NUMBERS and 2 * values >= len(column) - 1


def is_aligned(column: list[Piece], rows: list[list[list[Piece]]]) -> bool:
    """Whether the cells start alike or end alike. The header may stand centred above its column."""
    header = next((cell[0] for cell in rows[0] if cell and cell[0] is column[0]), None)
    below = column[1:] if header else column
    starts = {piece.start for piece in below}
    ends = {piece.end for piece in below}
    return len(starts) <= 1 or len(ends) <= 1
