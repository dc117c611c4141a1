"""A table set into a cell, one of whose edges falls together with the cell's own.

┌──────┬─────────────────┐
│ 年度 │ 分季安排如下：  │     the cell is what flows around the inner table: over it and down both sides, where
│ 主要 │ ┌─────┬───────┐ │     nothing is written; inner and outer rules touch at the foot, so they came as one group
│ 工作 │ │事项 │ 时间  │ │
└──────┴─┴─────┴───────┴─┘
"""

from __future__ import annotations

from gouji.readers.lattice.grid import Grid, group_to_grid
from gouji.readers.lattice.rules import DOUBLE, Group
from gouji.readers.lattice.sheet import Area, Rule

MARGIN = 14.0  # points: no column is so narrow, but the margin beside an inner table is
Spot = tuple[int, int]  # row, column


def group_to_grids(group: Group) -> list[Grid]:
    """The grid of a group, and of each table set into its cells."""
    grid = group_to_grid(group)
    if grid is None:
        return []
    inner = find_inset(grid)
    if inner is None:
        return [grid]
    inside, outside = split_group(group, inner)
    return [*group_to_grids(inside), *group_to_grids(outside)] if outside.across and outside.down else [grid]


def find_inset(grid: Grid) -> Area | None:
    """The rectangle of a table that a cell surrounds on both sides."""
    narrow = [col for col in range(len(grid.xs) - 1) if grid.xs[col + 1] - grid.xs[col] <= MARGIN]
    if len(narrow) < 2:  # noqa: PLR2004 - a margin on each side
        return None
    seen: set[Spot] = set()
    for row in range(len(grid.ys) - 1):
        if (row, narrow[0]) in seen:
            continue
        for col in narrow[:-1]:
            region = flood(grid, (row, col)) if (row, col) not in seen else set()
            seen |= region
            inner = find_hole(grid, region, narrow)
            if inner is not None:
                return inner
    return None


def flood(grid: Grid, start: Spot) -> set[Spot]:
    """The positions that no rule parts from the start."""
    rows, cols = len(grid.owners), len(grid.owners[0])
    region = {start}
    waiting = [start]
    while waiting:
        row, col = waiting.pop()
        steps = [(row - 1, col)] if row and not grid.across[row][col] else []
        steps += [(row + 1, col)] if row + 1 < rows and not grid.across[row + 1][col] else []
        steps += [(row, col - 1)] if col and not grid.down[col][row] else []
        steps += [(row, col + 1)] if col + 1 < cols and not grid.down[col + 1][row] else []
        fresh = [step for step in steps if step not in region]
        region.update(fresh)
        waiting += fresh
    return region


def find_hole(grid: Grid, region: set[Spot], narrow: list[int]) -> Area | None:
    """The rectangle that a region leaves free between two narrow margins of its own."""
    if not region:
        return None
    rows, cols = {row for row, _ in region}, {col for _, col in region}
    left, right = min(cols), max(cols)
    free = [(row, col) for row in rows for col in range(left, right + 1) if (row, col) not in region]
    if not free or left not in narrow or right not in narrow:
        return None
    top, bottom = min(row for row, _ in free), max(row for row, _ in free)
    first, last = min(col for _, col in free), max(col for _, col in free)
    is_whole = len(free) == (bottom - top + 1) * (last - first + 1)
    if not is_whole or first == left or last == right:
        return None
    return Area(grid.xs[first], grid.ys[top], grid.xs[last + 1], grid.ys[bottom + 1])


def split_group(group: Group, inner: Area) -> tuple[Group, Group]:
    """Rules of the inner table, closed on all sides, and the others."""
    inside, outside = Group(), Group()
    x0, y0, x1, y1 = inner
    for rule in group.across:
        within = is_within(rule, (y0, y1), (x0, x1))
        (inside if within else outside).across.append(rule)
    for rule in group.down:
        within = is_within(rule, (x0, x1), (y0, y1))
        (inside if within else outside).down.append(rule)
    inside.across += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
    inside.down += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
    return inside, outside


def is_within(rule: Rule, across: tuple[float, float], along: tuple[float, float]) -> bool:
    """Whether a rule lies in a rectangle."""
    is_between = across[0] - DOUBLE <= rule.at <= across[1] + DOUBLE
    return is_between and along[0] - DOUBLE <= rule.start and rule.end <= along[1] + DOUBLE
