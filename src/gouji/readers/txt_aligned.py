"""Tables whose columns are held apart by blanks alone.

                 用车              two or more columns of the terminal without ink part the cells (a full-width
    项目         购置   运行       character takes two); the edges are those of the whole block, so a blank cell
    三公                 7.72      leaves its gap. A heading stands above the columns it spans, in the first of them.
      其中：外宾

A block begins with a row of figures and takes the lines that fit its columns, then the lines of headings above it.
Prose has numbers and double blanks too, so a table takes three lines, columns of figures that start, end or have their
points alike, and one column that is mostly figures; whatever falls short stays paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from gouji.readers.txt_columns import SENTENCE_MARKS, SLACK, Columns, Piece, is_figure, split_pieces
from gouji.readers.txt_headings import Row, join_headings, place_headings
from gouji.readers.txt_width import measure

if TYPE_CHECKING:
    from gouji.readers.txt_columns import Metric

MIN_LINES = 3
MIN_NUMBERS = 2  # in one column
MIN_CELLS = 3  # figures of a table that has but one row of them
MAX_HEADINGS = 5
SAMPLE = 12  # lines that tell how the columns were measured
LIST_MARK = re.compile(r"[(（]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）.．、]|[-•●◆■○·*]")
TITLE = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|\d{1,2}[.．、]|附[件表]|表\s?[0-9一二三四五六七八九十]"
)
CAPTION = re.compile(r"^[^（(:：]*(?<!其中)[:：].")  # 单位：万元, 填报人：某某
NOTE = re.compile(r"(?:注|说明|备注)\d{0,2}[:：]")
MEMBER = re.compile(r"^(?:其中|其他|其它|[\u4e00-\u9fff]*[小合]\s*计)")

Rows = list[list[list[str]]]
Line = list[Piece]


class Found(NamedTuple):
    """Lines [at, start) are paragraphs, [start, end) the rows; without rows [at, end) are paragraphs."""

    start: int
    end: int
    rows: Rows


class Block(NamedTuple):
    """How many lines are headings and how many are rows, and the rows of cells: none where they are no table.

    `headed` are columns with a heading.
    """

    headings: int
    lines: int
    rows: Rows = []  # noqa: RUF012 - never changed
    headed: int = 0


def find_aligned_table(run: list[str], at: int) -> Found:
    """The next table of aligned columns at or below line `at`, as far as lines of no other notation reach."""
    first = at
    while first < len(run) and (pieces := split_pieces(run[first])) and not is_row(pieces):
        first += 1
    if first == len(run) or not pieces:
        return Found(first, first, [])
    above = run[max(at, first - MAX_HEADINGS) : first]
    block = read_block(above, run, first, choose_metric(above, run[first : first + SAMPLE]))
    if block.rows:
        return Found(first - block.headings, first + block.lines, block.rows)
    return Found(first + block.lines, first + block.lines, [])


def choose_metric(above: list[str], sample: list[str]) -> Metric:
    """How whoever set the columns counted: two columns to a full-width character, or one to any character.

    The latter is rare: only where it leaves no column without a heading, and fits better.
    """
    by_width, by_count = (read_block(above, sample, 0, metric) for metric in (measure, len))
    is_sure = bool(by_count.rows) and by_count.headed == len(by_count.rows[0])
    return len if is_sure and rate_block(by_count) > rate_block(by_width) else measure


def rate_block(block: Block) -> tuple[int, int]:
    """The more rows the better, then the fewer columns without heading."""
    return len(block.rows), block.headed - len(block.rows[0]) if block.rows else 0


def read_block(above: list[str], run: list[str], first: int, metric: Metric) -> Block:
    """The lines from the first row of figures on that fit together, with the headings above them."""
    body, columns = take_body(run, first, metric)
    lines = take_headings(above, columns, metric)
    columns.settle()
    rows = [columns.place(line) for line in body]
    headings = [columns.place(line) for line in lines]
    join_headings(headings, rows, columns)
    place_headings(headings, rows, columns)
    if not is_certain(headings, rows):
        return Block(0, max(1, len(body)))
    top = [next((piece for piece in reversed(column) if piece), None) for column in zip(*headings, strict=True)]
    cells = [row_to_cells(row) for row in (*headings, *rows)]
    return Block(len(headings), len(body), cells, sum(map(bool, top or rows[0])))


def is_row(pieces: Line) -> bool:
    """Whether a line holds a figure right of another cell."""
    return any(is_figure(piece.text) for piece in pieces[1:]) and not is_listed(pieces)


def is_listed(pieces: Line) -> bool:
    """Whether a line begins with the mark of a list."""
    return LIST_MARK.fullmatch(pieces[0].text) is not None


def take_body(run: list[str], first: int, metric: Metric) -> tuple[list[Line], Columns]:
    """Lines from the first row of figures on that fit the columns, and these; what follows the last row is left."""
    columns = Columns()
    body: list[Line] = []
    length = 0
    for line in run[first:]:
        pieces = split_pieces(line, metric)
        if body and is_note(pieces, columns):
            body.append(pieces)
            continue
        if not pieces or is_listed(pieces) or not is_member(pieces, columns) or not columns.add(pieces):
            break
        body.append(pieces)
        if is_row(pieces) or (len(body) == length + 1 and is_last_row(pieces, body, columns)):
            length = len(body)
    return body[:length], columns


def is_note(pieces: Line, columns: Columns) -> bool:
    """Whether a line is a note by itself at the left edge; it belongs to the rows where more of them follow."""
    return len(pieces) == 1 and pieces[0].start <= columns.columns[0].end and NOTE.match(pieces[0].text) is not None


def is_member(pieces: Line, columns: Columns) -> bool:
    """Whether a line by itself may be a row: a label below the labels, no title, sentence or caption beyond them."""
    if len(pieces) > 1 or not columns.columns:
        return True
    piece = pieces[0]
    if len(columns.columns) > 1 and piece.start >= columns.columns[1].start - SLACK:
        in_place = any(column.start == piece.start and not column.holds_figures for column in columns.columns)
        return is_figure(piece.text) or (in_place and not CAPTION.search(piece.text))
    is_beyond = piece.end > columns.columns[0].end
    return not (is_beyond and (TITLE.match(piece.text) or CAPTION.search(piece.text))) and (
        piece.text[-1] not in SENTENCE_MARKS
    )


def is_last_row(pieces: Line, body: list[Line], columns: Columns) -> bool:
    """Whether a line without figures directly below a row is a row: an indented label, one with 其中, texts in columns."""
    label = pieces[0]
    if len(pieces) > 1:
        is_label = label.start == columns.columns[0].start and label.end <= columns.columns[0].end
        return is_label and not any(CAPTION.search(piece.text) for piece in pieces)
    left = min(line[0].start for line in body[:3])
    is_part = label.start > left or MEMBER.match(label.text) is not None
    return is_part and label.text[-1] not in SENTENCE_MARKS and not TITLE.match(label.text)


def take_headings(lines: list[str], columns: Columns, metric: Metric) -> list[Line]:
    """The lines directly above the rows that head their columns."""
    headings: list[Line] = []
    for line in reversed(lines):
        pieces = split_pieces(line, metric)
        if not is_heading(pieces, columns) or not columns.add(pieces):
            break
        headings.insert(0, pieces)
    return headings


def is_heading(pieces: Line, columns: Columns) -> bool:
    """Whether a line can head columns: no caption (单位：万元), no sentence, by itself only right of the labels."""
    if is_listed(pieces) or any(
        CAPTION.search(piece.text.rstrip(":：")) or piece.text[-1] in SENTENCE_MARKS for piece in pieces
    ):
        return False
    return len(pieces) > 1 or (len(columns.columns) > 1 and pieces[0].start >= columns.columns[1].start - SLACK)


def row_to_cells(row: Row) -> list[list[str]]:
    """Cells, each a list of its lines."""
    return [[piece.text] if piece else [] for piece in row]


def is_certain(above: list[Row], rows: list[Row]) -> bool:
    """Whether the columns hold together: most lines with two cells or more, figures aligned, no sentences."""
    full = [row for row in rows if sum(map(bool, row)) > 1]
    if not rows or len(rows[0]) < 2 or 2 * len(full) < len(rows) or is_prose(full):  # noqa: PLR2004 - labels, figures
        return False
    columns = [[row[col] for row in rows] for col in range(len(rows[0]))]
    figures = [[piece for piece in column if piece and is_figure(piece.text)] for column in columns]
    if not is_aligned(figures):
        return False
    if len(full) == 1:
        return is_headed(above, full[0])
    numeric = any(is_numeric(column) for column in columns[1:])
    return numeric and len(full) + len(above) >= MIN_LINES


def is_prose(rows: list[Row]) -> bool:
    """Whether half of the lines end as sentences do, or go on after one."""
    last = [next(piece.text for piece in reversed(row) if piece) for row in rows]
    return 2 * sum(text[-1] in SENTENCE_MARKS or "。" in text for text in last) >= max(1, len(rows))


def is_headed(above: list[Row], row: Row) -> bool:
    """Whether the only row has three figures or more, each below a heading."""
    values = [col for col, piece in enumerate(row) if piece and is_figure(piece.text)]
    return len(values) >= MIN_CELLS and all(any(line[col] for line in above) for col in values)


def is_numeric(column: Row) -> bool:
    """Whether two cells at least, and half of those that are filled below the first, are figures."""
    filled = [piece for piece in column if piece]
    values = sum(is_figure(piece.text) for piece in filled)
    return values >= MIN_NUMBERS and 2 * values >= len(filled) - 1


def is_aligned(columns: list[list[Piece]]) -> bool:
    """Whether figures start, end, are centred or have their points alike: most of them, and half of each column."""
    shares = [(count_aligned(figures), len(figures)) for figures in columns if figures]
    aligned, total = (sum(counts) for counts in zip(*shares, strict=True)) if shares else (0, 0)
    return 4 * aligned >= 3 * total and all(2 * some >= count for some, count in shares)


def count_aligned(figures: list[Piece]) -> int:
    """The largest number of figures with an edge in common."""
    edges = (
        [piece.start for piece in figures],
        [piece.end for piece in figures],
        [piece.start + find_point(piece.text) for piece in figures],
        [(piece.start + piece.end) // 2 for piece in figures],
    )
    return max(
        sum(count for place, count in places.items() if abs(place - best) <= SLACK)
        for places in map(Counter, edges)
        for best, _ in places.most_common(1)
    )


def find_point(text: str) -> int:
    """Place of the decimal point, or the end."""
    place = max(text.find("."), text.find("．"))
    return measure(text[:place] if place >= 0 else text)
