"""Headings over several columns of a table that blanks hold apart: each goes to the first column it heads.

                   其中：               centred above the columns it heads, the widest reading goes
    合计    甲     乙     丙
            其中：                      at the left edge: over its first column, or in the gap before it
    合计       甲     乙     丙

A heading that stands over a gap would be a column of its own; that column goes. One at the right end stays: a blank column.
"""

from __future__ import annotations

from typing import NamedTuple

from gouji.readers.txt_columns import SLACK, Columns, Piece

Row = list[Piece | None]


class Edges(NamedTuple):
    """Terminal columns [start, end)."""

    start: int
    end: int


class Run(NamedTuple):
    """Neighbouring columns with a heading in the lower line, and the places of those that hold an upper one only."""

    leaves: list[int]
    gaps: list[int]


def join_headings(above: list[Row], body: list[Row], columns: Columns) -> None:
    """A heading with nothing below it heads the figures without one next to it: right of it, as figures end right.

    决算数                    the column is wider than its ink: a long name stands above it
                  9.86
    """
    cols = range(len(columns.columns))
    headed = [any(row[col] for row in above) for col in cols]
    filled = [any(row[col] for row in body) for col in cols]
    bare = [col for col in cols if col and filled[col] and not headed[col]]
    beside = [[at for at in (col - 1, col + 1) if at in cols and headed[at] and not filled[at]] for col in bare]
    moved = {places[0]: col for col, places in zip(bare, beside, strict=True) if places}
    if len(moved) < sum(map(bool, beside)):
        return
    for row in above:
        for source, target in moved.items():
            row[source], row[target] = None, row[source]
    for source, target in moved.items():
        kept, gone = columns.columns[target], columns.columns[source]
        kept.start, kept.end = min(kept.start, gone.start), max(kept.end, gone.end)
    drop_columns(set(moved), [*above, *body], columns)


def drop_columns(dropped: set[int], rows: list[Row], columns: Columns) -> None:
    """Leave columns out of the rows."""
    for row in rows:
        row[:] = [piece for col, piece in enumerate(row) if col not in dropped]
    columns.columns = [column for col, column in enumerate(columns.columns) if col not in dropped]


def place_headings(above: list[Row], body: list[Row], columns: Columns) -> None:
    """Move headings to the first of their columns and drop the columns that were only gaps, in all rows."""
    dropped: set[int] = set()
    for i in range(len(above) - 1):
        others = [*above[:i], *above[i + 1 :], *body]
        lone = {col for col, piece in enumerate(above[i]) if piece and not any(row[col] for row in others)}
        edges = measure_columns([*above[i + 1 :], *body], columns)
        for run in find_runs(above[i + 1], lone):
            dropped |= move_headings(above[i], run, edges)
    drop_columns(dropped, [*above, *body], columns)


def measure_columns(rows: list[Row], columns: Columns) -> list[Edges]:
    """What the cells below a line of headings take; text across columns counts for none."""
    found: list[Edges] = []
    for col, column in enumerate(columns.columns):
        limit = columns.columns[col + 1].start if col + 1 < len(columns.columns) else column.end
        pieces = [piece for row in rows if (piece := row[col]) and piece.end <= limit]
        start = min((piece.start for piece in pieces), default=column.start)
        found.append(Edges(start, max((piece.end for piece in pieces), default=column.end)))
    return found


def find_runs(lower: Row, lone: set[int]) -> list[Run]:
    """The runs of columns below which headings of an upper line may reach."""
    runs: list[Run] = []
    leaves: list[int] = []
    gaps: list[int] = []
    for col in range(len(lower) + 1):
        if col < len(lower) and lower[col]:
            leaves.append(col)
        elif col in lone:
            gaps.append(col)
        else:
            if len(leaves) > 1:
                runs.append(Run(leaves, [gap for gap in gaps if gap < leaves[-1]]))
            leaves, gaps = [], []
    return runs


def move_headings(upper: Row, run: Run, columns: list[Edges]) -> set[int]:
    """Move the upper headings of a run; the columns that are empty now."""
    headings = [(col, piece) for col in sorted([*run.leaves, *run.gaps]) if (piece := upper[col])]
    targets: list[int] = []
    for i, (col, piece) in reversed(list(enumerate(headings))):
        left = headings[i - 1][1].end if i else 0
        right = targets[-1] if targets else len(columns)
        leaves = [leaf for leaf in run.leaves if leaf < right and columns[leaf].end > left]
        target = find_target(piece, leaves, columns)
        targets.append(col if target is None else target)
    for col, _ in headings:
        upper[col] = None
    for (_, piece), target in zip(headings, reversed(targets), strict=True):
        upper[target] = piece
    return {gap for gap in run.gaps if upper[gap] is None}


def find_target(piece: Piece, leaves: list[int], columns: list[Edges]) -> int | None:
    """The first column of a heading: where it begins, the first of those it is centred above, or the next."""
    exact = [leaf for leaf in leaves if columns[leaf].start == piece.start]
    centred = [
        first
        for first in leaves
        if first and any(is_centred(piece, columns[first], columns[last]) for last in leaves if last > first)
    ]
    right = [leaf for leaf in leaves if columns[leaf].end > piece.start]
    return next(iter([*exact, *centred, *right]), None)


def is_centred(piece: Piece, first: Edges, last: Edges) -> bool:
    """Whether a heading has its middle above the middle of the columns."""
    return abs(first.start + last.end - piece.start - piece.end) <= SLACK
