"""A group of rules → a grid of cells: a missing piece of rule joins what lies on both sides of it.

    xs  0    1    2         ─┬────┬────┬─     cell 0,0 goes down over two rows: no rule between them
    ys  0 ┌────┬────┐        │    │ b  │      cell 1,1 …
        1 │ a  ├────┤
        2 └────┴────┘       (0,0,2,1) (0,1,1,1) (1,1,1,1)

A table that is open at its sides (or at the foot of a page) gets the edges that its other rules reach to.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import NamedTuple

from gouji.readers.lattice.rules import DOUBLE, Group, find_nearest, snap_positions
from gouji.readers.lattice.sheet import Area, Rule

OPEN_REACH = 8.0  # points that rules must stand out beyond the last edge to show an open side
REACH = 0.5  # points: a rule covers a unit edge whose middle it reaches
LIMIT_POSITIONS = 200_000  # rows × columns

Covered = list[list[bool]]


class Place(NamedTuple):
    """A cell on its grid."""

    row: int
    col: int
    row_span: int
    col_span: int


class Grid:
    """Edges and cells.

    `across[line][col]` and `down[line][row]` tell where rules run; `owners[row][col]` is the index of the cell there.
    """

    __slots__ = ("_around", "across", "down", "owners", "places", "xs", "ys")

    def __init__(self, xs: list[float], ys: list[float], across: Covered, down: Covered) -> None:
        self.xs = xs
        self.ys = ys
        self.across = across
        self.down = down
        self.places, self.owners = fill_grid(len(ys) - 1, len(xs) - 1, across, down)
        # with nothing on each side, so that a place among the edges is the place of an owner
        nothing: list[int | None] = [None] * (len(xs) + 1)
        self._around = [nothing, *([None, *row, None] for row in self.owners), nothing]

    @property
    def area(self) -> Area:
        """The whole table."""
        return Area(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def place_area(self, place: Place) -> Area:
        """A cell's rectangle."""
        row, col, row_span, col_span = place
        return Area(self.xs[col], self.ys[row], self.xs[col + col_span], self.ys[row + row_span])

    def find_owner(self, x: float, y: float) -> int | None:
        """Index of the cell at a point, None outside."""
        return self.find_owners(x, x, y)[0]

    def find_owners(self, left: float, right: float, y: float) -> tuple[int | None, int | None]:
        """Indices of the cells at two points beside each other."""
        row = self._around[bisect_right(self.ys, y)]
        return row[bisect_right(self.xs, left)], row[bisect_right(self.xs, right)]


def group_to_grid(group: Group) -> Grid | None:
    """The grid of a group, None where it encloses nothing."""
    xs = open_edges(snap_positions([rule.at for rule in group.down]), group.across)
    ys = open_edges(snap_positions([rule.at for rule in group.across]), group.down)
    rows, cols = len(ys) - 1, len(xs) - 1
    if rows < 1 or cols < 1 or rows * cols > LIMIT_POSITIONS:
        return None
    return Grid(xs, ys, find_covered(group.across, ys, xs), find_covered(group.down, xs, ys))


def open_edges(edges: list[float], crossing: list[Rule]) -> list[float]:
    """The edges, and one more on each side beyond which at least two crossing rules reach to the same point."""
    if not edges:
        return edges
    before = shared_end([rule.start for rule in crossing if rule.start < edges[0] - OPEN_REACH])
    after = shared_end([rule.end for rule in crossing if rule.end > edges[-1] + OPEN_REACH])
    return [*before, *edges, *after]


def shared_end(ends: list[float]) -> list[float]:
    """The place where at least two and most of these rules end, if there is one."""
    if len(ends) < 2:  # noqa: PLR2004 - one rule alone may simply be longer
        return []
    middle = sorted(ends)[len(ends) // 2]
    agreeing = [end for end in ends if abs(end - middle) <= DOUBLE]
    return [middle] if len(agreeing) >= max(2, len(ends) / 2) else []


def find_covered(rules: list[Rule], positions: list[float], crossing: list[float]) -> Covered:
    """For each position, whether a rule runs along each unit between crossing edges."""
    lines: list[list[Rule]] = [[] for _ in positions]
    for rule in rules:
        lines[find_nearest(positions, rule.at)].append(rule)
    middles = [(low + high) / 2 for low, high in pairwise(crossing)]
    return [cover_middles(line, middles) for line in lines]


def cover_middles(line: list[Rule], middles: list[float]) -> list[bool]:
    """Whether each middle of a unit lies on one of the rules."""
    covered = [False] * len(middles)
    for rule in line:
        first, end = bisect_left(middles, rule.start - REACH), bisect_right(middles, rule.end + REACH)
        covered[first:end] = [True] * (end - first)
    return covered


def fill_grid(rows: int, cols: int, across: Covered, down: Covered) -> tuple[list[Place], list[list[int]]]:
    """Cells in row order, each as wide, then as high as the missing rules let it be."""
    owners = [[-1] * cols for _ in range(rows)]
    places: list[Place] = []
    uprights = [list(rules) for rules in zip(*down, strict=True)]  # of each row
    for row, (taken, rules) in enumerate(zip(owners, uprights, strict=True)):
        for col in range(cols):
            if taken[col] >= 0:
                continue
            right = col + 1
            while right < cols and taken[right] < 0 and not rules[right]:
                right += 1
            bottom = row + 1
            # most cells end with their row, which one look tells
            while (
                bottom < rows
                and not across[bottom][col]
                and _goes_down(bottom, slice(col, right), owners, across, uprights)
            ):
                bottom += 1
            for line in owners[row:bottom]:
                line[col:right] = [len(places)] * (right - col)
            places.append(Place(row, col, bottom - row, right - col))
    return places, owners


def _goes_down(row: int, cols: slice, owners: list[list[int]], across: Covered, uprights: Covered) -> bool:
    """Whether a cell over these columns takes the next row in: free, no rule above it, none inside it."""
    return (
        not any(across[row][cols]) and max(owners[row][cols]) < 0 and not any(uprights[row][cols.start + 1 : cols.stop])
    )
