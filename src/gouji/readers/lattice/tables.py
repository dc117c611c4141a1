"""A sheet → its tables with the lines in their cells, and the lines outside.

rules ─ groups ─ grids       a box of its own is no table unless it is as wide as text
runs  ─ cut at the rules ─→  cell: where the middle of a character is
grid inside a cell ─→        nested table
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from gouji.readers.lattice.aligned import find_aligned_tables
from gouji.readers.lattice.draft import Draft, Page, Slot, Spot
from gouji.readers.lattice.grid import Grid, Place
from gouji.readers.lattice.inset import group_to_grids
from gouji.readers.lattice.lines import group_rows, join_runs
from gouji.readers.lattice.rules import group_rules
from gouji.readers.lattice.sheet import TINY, Area, Run, Sheet, cut_run

PADDING = 6.0  # points: the widest usual margin between a rule and the text in its cell
LEAST = 1.5
STICKING_OUT = 20  # one line of so many may be wider than its cell
FRAME = 0.85  # of the page: a box as large as this is a frame around the page
WIDE_BOX = 0.4  # of the page's width: a single box as wide as this holds text
TALL_BOX = 14.0  # points: room for a line
WIDE_EMPTY = 0.3  # of the page's width: less without any text is a drawing

Row = list[Run]


class Layer:
    """A grid and the runs in each of its cells."""

    __slots__ = ("area", "grid", "inner", "runs")

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.area = grid.area
        self.runs: list[list[Run]] = [[] for _ in grid.places]
        self.inner: defaultdict[int, list[Layer]] = defaultdict(list)

    def take(self, runs: list[Run]) -> list[Run]:
        """Put runs, or their pieces, into the cells; what lies outside comes back."""
        outside: list[Run] = []
        find_owners = self.grid.find_owners
        for run in runs:
            x0, y0, x1, y1 = run.x0, run.y0, run.x1, run.y1
            inset = min(x1 - x0, y1 - y0) / 2
            first, last = find_owners(x0 + inset, x1 - inset, (y0 + y1) / 2)
            if first != last:
                outside += self._take_pieces(run)
            elif first is None:
                outside.append(run)
            else:
                self.runs[first].append(run)
        return outside

    def _take_pieces(self, run: Run) -> list[Run]:
        outside: list[Run] = []
        for piece in cut_run(run, self.grid.xs):
            owner = self.grid.find_owner((piece.x0 + piece.x1) / 2, (run.y0 + run.y1) / 2)
            (outside if owner is None else self.runs[owner]).append(piece)
        return outside


def sheet_to_page(sheet: Sheet) -> Page:
    """Tables with their text, and the other lines, both from top to bottom."""
    layers = nest_layers(find_layers(sheet))
    loose = [run if run.y1 - run.y0 >= TINY else replace(run, y1=run.y0 + TINY) for run in sheet.runs]
    for layer in layers:
        loose = layer.take(loose)
    kept = [layer for layer in layers if is_table(layer, sheet)]
    loose += [run for layer in layers if layer not in kept for runs in layer.runs for run in runs]
    tables = [layer_to_draft(layer, sheet) for layer in kept]
    rows = group_rows(loose)
    if not tables:
        tables, rows = find_aligned_tables(rows, sheet)
    tables.sort(key=lambda table: (round(table.area.y0), table.area.x0))
    return Page(sheet, tables, [join_runs(row, sheet, 0.0, sheet.width) for row in rows])


def find_layers(sheet: Sheet) -> list[Layer]:
    """Every grid of the sheet, without frames around the page, from large to small."""
    grids = [grid for group in group_rules(sheet.across, sheet.down) for grid in group_to_grids(group)]
    layers = [Layer(grid) for grid in grids if not is_frame(grid, sheet)]
    return sorted(layers, key=lambda layer: -measure_area(layer.area))


def measure_area(area: Area) -> float:
    return (area.x1 - area.x0) * (area.y1 - area.y0)


def is_frame(grid: Grid, sheet: Sheet) -> bool:
    """Whether this is one box around nearly the whole page."""
    area = grid.area
    is_large = area.x1 - area.x0 > FRAME * sheet.width and area.y1 - area.y0 > FRAME * sheet.height
    return len(grid.places) == 1 and is_large


def nest_layers(layers: list[Layer]) -> list[Layer]:
    """Only the outermost layers; each holds those that lie within one of its cells."""
    outer: list[Layer] = []
    for layer in layers:
        if not any(_nest(layer, other) for other in outer):
            outer.append(layer)
    return outer


def _nest(layer: Layer, other: Layer) -> bool:
    area = layer.area
    owner = other.grid.find_owner(area.x0 + 1, area.y0 + 1)
    if owner is None or owner != other.grid.find_owner(area.x1 - 1, area.y1 - 1):
        return False
    if not any(_nest(layer, inner) for inner in other.inner[owner]):
        other.inner[owner].append(layer)
    return True


def is_table(layer: Layer, sheet: Sheet) -> bool:
    """Whether the grid is a table: several cells, or one box with text as wide as text; never a small empty drawing."""
    area = layer.area
    wide = area.x1 - area.x0
    if not any(layer.runs):
        return len(layer.runs) > 1 and wide > WIDE_EMPTY * sheet.width
    if len(layer.runs) == 1:
        return wide > WIDE_BOX * sheet.width and area.y1 - area.y0 > TALL_BOX
    return True


def layer_to_draft(layer: Layer, sheet: Sheet) -> Draft:
    """The table of a layer."""
    grid = layer.grid
    filled: list[tuple[Slot, list[Row]]] = []
    for index, (place, runs) in enumerate(zip(grid.places, layer.runs, strict=True)):
        row, col, row_span, col_span = place
        slot = Slot(row, col, row_span, col_span, [Spot(grid.place_area(place), sheet)])
        inner = layer.inner.get(index)
        rows = group_rows(fill_slot(slot, runs, inner) if inner else runs)
        if rows or slot.nested or not is_beside(grid, place):
            filled.append((slot, rows))
    pad = find_padding(filled)
    for slot, rows in filled:
        if rows:
            left, _, right, _ = slot.spots[0].area
            slot.lines = [join_runs(runs, sheet, left + pad, right - pad) for runs in rows]
    return Draft(grid.xs, len(grid.ys) - 1, [slot for slot, _ in filled], [Spot(grid.area, sheet)])


def is_beside(grid: Grid, place: Place) -> bool:
    """Whether this is the blank beside a row that is shorter than the table: no rule where others have their outer one."""
    rows = range(place.row, place.row + place.row_span)
    at_left, at_right = place.col == 0, place.col + place.col_span == len(grid.xs) - 1
    return (at_left and is_open(grid.down[0], rows)) or (at_right and is_open(grid.down[-1], rows))


def is_open(side: list[bool], rows: range) -> bool:
    """Whether a side that is drawn elsewhere is not drawn along these rows."""
    return any(side) and not any(side[row] for row in rows)


def fill_slot(slot: Slot, runs: list[Run], inner: list[Layer]) -> list[Run]:
    """Nested tables of a cell, and the runs outside these; a box that is no table gives its text to the cell."""
    loose = runs
    for layer in inner:
        loose = layer.take(loose)
        if is_nested_table(layer):
            slot.nested = [*slot.nested, layer_to_draft(layer, slot.spots[0].sheet)]
        else:
            loose = loose + [run for taken in layer.runs for run in taken]
    return loose


def is_nested_table(layer: Layer) -> bool:
    """Whether a grid in a cell is more than a box to tick or a frame around a word."""
    return len(layer.runs) > 1 and any(layer.runs)


def find_padding(filled: list[tuple[Slot, list[Row]]]) -> float:
    """Margin between the rules and the text of a table: the least that lines leave, but for a few that stick out."""
    blanks: list[float] = []
    for slot, rows in filled:
        if rows:
            left, _, right, _ = slot.spots[0].area
            blanks += [measure_blank(row, left, right) for row in rows]
    blanks.sort()
    return min(PADDING, max(LEAST, blanks[len(blanks) // STICKING_OUT])) if blanks else PADDING


def measure_blank(row: Row, left: float, right: float) -> float:
    """What a row leaves blank on its narrower side."""
    first = row[0]
    # most rows are one run
    x0, x1 = (first.x0, first.x1) if len(row) == 1 else (min([run.x0 for run in row]), max([run.x1 for run in row]))
    return min(x0 - left, right - x1)
