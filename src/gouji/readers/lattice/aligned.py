"""Tables without any rules: columns that only the blanks between them show.

    科目        年初预算      决算数       gaps wider than a character part the pieces of a row
    基本支出      778.65      778.65
    项目支出      200.00      198.30       what the pieces of all rows cover, seen from above, are the columns:
    ▔▔▔▔▔▔▔▔    ▔▔▔▔▔▔      ▔▔▔▔▔▔        a row that would close a gap ends the table

Taken only where it is plain: at least MIN_ROWS rows in a row, two columns, and one column of numbers. A list of
contents is none.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from gouji.readers.lattice.draft import Draft, Slot, Spot
from gouji.readers.lattice.lines import join_runs, runs_to_lines
from gouji.readers.lattice.sheet import Area, Run, Sheet, bound_areas

GAP = 1.2  # of the size: blank between two columns
PITCH = 2.6  # of the size: distance of rows of one table
MIN_ROWS = 3
FILLED = 0.6  # share of the positions that hold something
NUMBERS = 0.6  # share of numbers in a column of numbers
NUMBER = re.compile(r"[-+−(（]?[0-9０-９][0-9０-９,，.．]*[)）]?[%％]?|[-—–－/]+|无")
LEADERS = re.compile(r"[.．·…]{3,}")
Row = list[Run]


class Interval(NamedTuple):
    """What a column covers from left to right."""

    x0: float
    x1: float


def find_aligned_tables(rows: list[Row], sheet: Sheet) -> tuple[list[Draft], list[Row]]:
    """Tables found by their columns alone, and the other rows."""
    tables: list[Draft] = []
    rest: list[Row] = []
    at = 0
    while at < len(rows):
        end, columns = find_end(rows, at)
        if end - at >= MIN_ROWS and is_table(rows[at:end], columns):
            tables.append(rows_to_draft(rows[at:end], columns, sheet))
        else:
            end = at + 1
            rest.append(rows[at])
        at = end
    return tables, rest


def find_end(rows: list[Row], at: int) -> tuple[int, list[Interval]]:
    """Where the rows that share columns end, and these columns."""
    columns: list[Interval] = []
    most = 0
    for index in range(at, len(rows)):
        pieces = split_row(rows[index])
        merged = merge_intervals([*columns, *(bound_piece(piece) for piece in pieces)])
        most = max(most, len(pieces))
        is_far = index > at and rows[index][0].y1 - rows[index - 1][0].y1 > PITCH * rows[index][0].size
        if len(pieces) < 2 or len(merged) < most or is_far:  # noqa: PLR2004 - one piece is a line of text
            return index, columns
        columns = merged
    return len(rows), columns


def split_row(row: Row) -> list[Row]:
    """The pieces of a row between its wide gaps."""
    pieces: list[Row] = []
    for run in sorted(row, key=lambda run: run.x0):
        if pieces and run.x0 - pieces[-1][-1].x1 <= GAP * run.size:
            pieces[-1].append(run)
        else:
            pieces.append([run])
    return pieces


def bound_piece(piece: Row) -> Interval:
    """What a piece covers."""
    return Interval(piece[0].x0, max(run.x1 for run in piece))


def merge_intervals(intervals: list[Interval]) -> list[Interval]:
    """Intervals that overlap made one."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.x0 <= merged[-1].x1:
            merged[-1] = Interval(merged[-1].x0, max(merged[-1].x1, interval.x1))
        else:
            merged.append(interval)
    return merged


def is_table(rows: list[Row], columns: list[Interval]) -> bool:
    """Whether most positions are filled, and a column but the first holds numbers."""
    texts = [place_texts(row, columns) for row in rows]
    filled = sum(bool(text) for row in texts for text in row)
    if filled < FILLED * len(rows) * len(columns) or any(LEADERS.search(text) for row in texts for text in row):
        return False
    return any(is_numeric([row[col] for row in texts]) for col in range(1, len(columns)))


def is_numeric(texts: list[str]) -> bool:
    """Whether a column is one of numbers, but for its head."""
    numbers = sum(NUMBER.fullmatch(text) is not None for text in texts)
    return numbers >= MIN_ROWS - 1 and numbers >= NUMBERS * len(texts)


def place_texts(row: Row, columns: list[Interval]) -> list[str]:
    """Text of a row in each column, without spaces."""
    return ["".join([run.text for run in runs]).replace(" ", "") for runs in place_runs(row, columns)]


def place_runs(row: Row, columns: list[Interval]) -> list[Row]:
    """The runs of a row in each column."""
    ordered = sorted(row, key=lambda run: run.x0)
    return [[run for run in ordered if column.x0 <= run.x0 <= column.x1] for column in columns]


def rows_to_draft(rows: list[Row], columns: list[Interval], sheet: Sheet) -> Draft:
    """The table: upright edges half way between the columns, level ones half way between the rows."""
    whole = bound_areas([run for row in rows for run in row])
    inner = [(left.x1 + right.x0) / 2 for left, right in pairwise(columns)]
    xs = [whole.x0, *inner, whole.x1]
    heights = [join_runs(list(row), sheet, 0.0, sheet.width).area for row in rows]
    ys = [whole.y0, *((above.y1 + below.y0) / 2 for above, below in pairwise(heights)), whole.y1]
    slots: list[Slot] = []
    for index, row in enumerate(rows):
        for col, runs in enumerate(place_runs(row, columns)):
            area = Area(xs[col], ys[index], xs[col + 1], ys[index + 1])
            slots.append(Slot(index, col, 1, 1, [Spot(area, sheet)], runs_to_lines(runs, sheet, area.x0, area.x1)))
    return Draft(xs, len(rows), slots, [Spot(whole, sheet)])
