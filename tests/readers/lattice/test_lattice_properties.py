"""Any tiling of a rectangle, drawn by its cells' edges, comes back; any ink is read."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gouji.model.document import Part
from gouji.readers.lattice import Rule, Run, Sheet, sheets_to_parts
from gouji.readers.lattice.sheet import area_to_box
from readers.lattice.sheets import Ink, read, tables_of

Tile = tuple[int, int, int, int]  # row, column, rows, columns
POINTS = st.floats(-50, 900)
SIZES = st.floats(0, 60)


@st.composite
def tilings(draw: st.DrawFn) -> list[Tile]:
    """A rectangle of up to 6 × 6 cut into tiles."""
    rows, cols = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    taken: set[tuple[int, int]] = set()
    tiles: list[Tile] = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in taken:
                continue
            room = next((c for c in range(col, cols) if (row, c) in taken), cols) - col
            wide, high = draw(st.integers(1, room)), draw(st.integers(1, rows - row))
            taken |= {(r, c) for r in range(row, row + high) for c in range(col, col + wide)}
            tiles.append((row, col, high, wide))
    return tiles


def used_edges(tiles: list[Tile]) -> tuple[list[int], list[int]]:
    """Rows and columns where some tile begins or ends: others cannot be seen."""
    ys = {edge for row, _, high, _ in tiles for edge in (row, row + high)}
    xs = {edge for _, col, _, wide in tiles for edge in (col, col + wide)}
    return sorted(ys), sorted(xs)


@settings(deadline=None, max_examples=150)
@given(tilings(), st.floats(0, 0.4))
def test_any_tiling_comes_back_on_its_exact_grid(tiles: list[Tile], apart: float) -> None:
    ink = Ink(width=300)  # so that even a single cell is as wide as text
    for number, (row, col, high, wide) in enumerate(tiles):
        x0, y0, x1, y1 = 50 + 70 * col, 60 + 40 * row, 50 + 70 * (col + wide), 60 + 40 * (row + high)
        ink.box(x0 + apart, y0 + apart, x1 - apart, y1 - apart)
        ink.text(x0 + 8, y0 + 8, f"{number}")
    ys, xs = used_edges(tiles)
    expected = [
        (
            ys.index(row),
            xs.index(col),
            ys.index(row + high) - ys.index(row),
            xs.index(col + wide) - xs.index(col),
            str(n),
        )
        for n, (row, col, high, wide) in enumerate(tiles)
    ]
    (table,) = tables_of(read(ink))
    assert [(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells] == expected
    assert (table.rows, table.cols) == (len(ys) - 1, len(xs) - 1)


def stretch(text: str, x: float, y: float, wide: float, high: float) -> Run:
    return Run(text, x, y, x + wide, y + high)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.builds(Rule, POINTS, POINTS, POINTS), max_size=30),
    st.lists(st.builds(Rule, POINTS, POINTS, POINTS), max_size=30),
    st.lists(
        st.builds(stretch, st.text("中文12.,（ ", min_size=1, max_size=6), POINTS, POINTS, SIZES, SIZES), max_size=20
    ),
)
def test_any_ink_is_read_and_no_character_is_lost(across: list[Rule], down: list[Rule], runs: list[Run]) -> None:
    """What is printed twice in one place is once in the text, so each run ends in a character of its own."""
    runs = [replace(run, text=f"{run.text}{chr(0x4E00 + index)}") for index, run in enumerate(runs)]
    parts = sheets_to_parts(iter([Sheet(1, 595, 842, across, down, runs)]))
    assert all(isinstance(part, Part) for part in parts)
    printed = str(parts)
    assert all(run.text[-1] in printed for run in runs)


@given(st.floats(-1e6, 1e6), st.integers(-(10**7), 10**7))
def test_boxes_are_rounded_as_round_does_it(any_number: float, halves: int) -> None:
    numbers = (any_number, halves / 200, -any_number, 0.0)  # halves of hundredths go to the even neighbour
    box = area_to_box(numbers, Sheet(1, 600, 800, [], [], []))
    assert (box.x0, box.y0, box.x1, box.y1) == tuple(round(number * 100) / 100 for number in numbers)
