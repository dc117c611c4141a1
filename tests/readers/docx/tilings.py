"""Random tables: a rectangle is tiled with cells, written as WordprocessingML, and drawn as it must come back.

Tile(row, col, height, width, text, nested)      write_tiling → w:tbl       sketch → every position's text
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from readers.docx.wordml import p, sdt, tbl, tc, tr

COLUMN = 900


@dataclass(frozen=True)
class Tile:
    """One cell of a tiling; `absent` ones are left to w:gridBefore or a short row."""

    row: int
    col: int
    height: int
    width: int
    text: str
    nested: Tiling | None = None


@dataclass(frozen=True)
class Tiling:
    """A rectangle and its tiles, and whether vertical merges, wide cells and rows are written in their rarer ways."""

    rows: int
    cols: int
    tiles: tuple[Tile, ...]
    by_h_merge: bool = False
    in_controls: bool = False


@st.composite
def tilings(draw: st.DrawFn, depth: int = 2) -> Tiling:
    """Tilings of up to 5 × 5, nested up to `depth` deep."""
    rows, cols = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    taken: set[tuple[int, int]] = set()
    tiles: list[Tile] = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in taken:
                continue
            tile = draw(tiles_at((row, col), (rows, cols), frozenset(taken), depth))
            taken |= {(tile.row + r, tile.col + c) for r in range(tile.height) for c in range(tile.width)}
            tiles.append(tile)
    return Tiling(rows, cols, tuple(tiles), draw(st.booleans()), draw(st.booleans()))


@st.composite
def tiles_at(
    draw: st.DrawFn, place: tuple[int, int], size: tuple[int, int], taken: frozenset[tuple[int, int]], depth: int
) -> Tile:
    """A tile whose upper left corner is the next free position."""
    (row, col), (rows, cols) = place, size
    free = next((c for c in range(col, cols) if (row, c) in taken), cols)
    width, height = draw(st.integers(1, free - col)), draw(st.integers(1, rows - row))
    text = draw(st.sampled_from(["", "A", "收入", "603.03"]))
    nested = draw(tilings(depth - 1)) if depth and draw(st.integers(0, 9)) == 0 else None
    return Tile(row, col, height, width, text, nested)


def write_tiling(tiling: Tiling) -> str:
    """The w:tbl."""
    rows = []
    for row in range(tiling.rows):
        cells = [
            write_tile(tile, row, by_h_merge=tiling.by_h_merge)
            for tile in sorted(tiling.tiles, key=lambda tile: tile.col)
            if tile.row <= row < tile.row + tile.height
        ]
        line = tr(*cells)
        rows.append(sdt(line) if tiling.in_controls and row % 2 else line)
    return tbl(*rows, grid=(COLUMN,) * tiling.cols)


def write_tile(tile: Tile, row: int, *, by_h_merge: bool) -> str:
    """The w:tc of a tile in one of its rows; several with w:hMerge."""
    first = row == tile.row
    merge = "" if tile.height == 1 else "restart" if first else "continue"
    blocks = [p(tile.text)] if first else [p()]
    if first and tile.nested is not None:
        blocks += [write_tiling(tile.nested), p()]
    if by_h_merge and tile.width > 1:
        rest = tc(v=merge, h="continue") * (tile.width - 1)
        return tc(*blocks, v=merge, h="restart") + rest
    return tc(*blocks, span=tile.width, v=merge)


def list_tiles(tiling: Tiling) -> list[tuple[object, ...]]:
    """What must come back: place, spans, text and nested tables of every cell, in order."""
    return [
        (t.row, t.col, t.height, t.width, t.text, [list_tiles(t.nested)] if t.nested else [])
        for t in sorted(tiling.tiles, key=lambda t: (t.row, t.col))
    ]
