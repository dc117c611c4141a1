"""Tables on their exact grid. Letters are cells; `_` is an empty cell, `.` a position without any."""

from __future__ import annotations

import struct

import pytest
from hypothesis import HealthCheck, given, settings

from gouji.model.document import Table, iter_tables
from gouji.readers.doc import read_doc
from readers.doc.worddoc import (
    DELETED,
    GO_ON,
    INSERTED,
    START,
    P,
    Tbl,
    doc,
    p,
    read,
    read_table,
    sprm,
    tbl,
    tc,
    texts,
    tr,
)
from readers.docx.tilings import Tile, Tiling, tilings
from readers.docx.wordml import codes, draw, grid

FULL = (2000, 2000, 2000)


def insert(first: int, count: int, width: int) -> bytes:
    return sprm(0x7621, first, count) + struct.pack("<h", width)


def set_width(first: int, limit: int, width: int) -> bytes:
    return sprm(0x7623, first, limit) + struct.pack("<h", width)


GRIDS = {
    "plain": (
        tbl(tr("A", "B"), tr("C", "D")),
        """
        A B
        C D
        """,
    ),
    "spans by edges": (
        tbl(tr(tc("A", span=2), "B"), tr("C", tc("D", span=2)), tr(tc("E", span=3))),
        """
        A A B
        C D D
        E E E
        """,
    ),
    "vertical merges by grid column, not by position in the row": (
        tbl(
            tr(tc("A", span=2), tc("B", v=START), "C"),
            tr("D", "E", tc(v=GO_ON), "F"),
            tr(tc("G", span=2), tc(v=GO_ON), "H"),
        ),
        """
        A A B C
        D E B F
        G G B H
        """,
    ),
    "a merge in two directions": (
        tbl(tr(tc("A", span=2, v=START), "B"), tr(tc(span=2, v=GO_ON), "C"), tr("D", "E", "F")),
        """
        A A B
        A A C
        D E F
        """,
    ),
    "a second start ends the first merge": (
        tbl(tr(tc("A", v=START), "x"), tr(tc("B", v=START), "y"), tr(tc(v=GO_ON), "z")),
        """
        A x
        B y
        B z
        """,
    ),
    "a continuation of another width starts its own merge": (
        tbl(tr(tc("A", span=2, v=START), "B"), tr(tc("C", v=GO_ON), "D", "E"), tr(tc(v=GO_ON), "F", "G")),
        """
        A A B
        C D E
        C F G
        """,
    ),
    "horizontal merge flags, the first cell marked 1": (
        tbl(tr(tc("A", h=1), tc(h=2), "B"), tr("C", "D", "E")),
        """
        A A B
        C D E
        """,
    ),
    "horizontal merge flags, the first cell marked 2": (
        tbl(tr(tc("A", h=2), tc(h=1), "B"), tr("C", "D", "E")),
        """
        A A B
        C D E
        """,
    ),
    "two horizontal merges that touch": (
        tbl(tr(tc("A", h=1), tc(h=2), tc("B", h=1), tc(h=2)), tr("C", "D", "E", "F")),
        """
        A A B B
        C D E F
        """,
    ),
    "a row that starts further right": (
        tbl(tr("A", "B", "C"), tr("D", before=1), tr("E", "F", before=1)),
        """
        A B C
        . D .
        . E F
        """,
    ),
    "a sliver column taken now by one side, now by the other": (
        tbl(tr(tc("A", span=2), "B", "C"), tr("D", tc("E", span=2), "F"), widths=(2000, 5, 2000, 2000)),
        """
        A B C
        D E F
        """,
    ),
    "edges that drift from row to row": (
        tbl(
            *(
                tr("A", "B", grpprl=set_width(0, 1, 2000 + drift) + set_width(1, 2, 2000 - drift))
                for drift in (0, 11, 23, 31, 44)
            )
        ),
        """
        A B
        A B
        A B
        A B
        A B
        """,
    ),
    "a narrow column with contents stays": (
        tbl(tr("A", "B", "C"), tr(tc("D", span=2), "E"), widths=(2000, 5, 2000)),
        """
        A B C
        D D E
        """,
    ),
    "TDelete, TInsert": (
        tbl(tr("A", "B", "C"), tr("D", "E", "F", grpprl=sprm(0x5622, 1, 3) + insert(1, 2, 2000))),
        """
        A B C
        D E F
        """,
    ),
    "TInsert behind the end": (
        tbl(tr("A", "B", "C"), tr("D", "E", "F", grpprl=sprm(0x5622, 1, 3) + insert(3, 0, 2000) + insert(2, 1, 2000))),
        """
        A B C
        D E F
        """,
    ),
    "TDxaCol": (
        tbl(tr("A", "B", "C"), tr("D", "E", grpprl=set_width(1, 2, 4000))),
        """
        A B C
        D E E
        """,
    ),
    "TMerge, TSplit": (
        tbl(
            tr("A", "", "B", grpprl=sprm(0x5624, 0, 2)), tr(tc("C", h=1), tc("D", h=2), "E", grpprl=sprm(0x5625, 0, 2))
        ),
        """
        A A B
        C D E
        """,
    ),
    "TVertMerge": (
        tbl(tr("A", "B", grpprl=sprm(0xD62B, 2, 0, 3)), tr("", "C", grpprl=sprm(0xD62B, 2, 0, 1))),
        """
        A B
        A C
        """,
    ),
    "more cells than the row defines": (
        tbl(tr("A", "B"), tr("C", "D", "E", grpprl=sprm(0x5622, 2, 3))),
        """
        A B .
        C D E
        """,
    ),
}


@pytest.mark.parametrize("name", GRIDS)
def test_grid(name: str) -> None:
    table, expected = GRIDS[name]
    assert draw(read_table(table)) == grid(expected)


@pytest.mark.parametrize("name", GRIDS)
def test_the_same_grid_inside_a_cell(name: str) -> None:
    table, expected = GRIDS[name]
    tables = list(iter_tables(read(tbl(tr("x", tc(table)))).blocks))
    assert [(inner.where, draw(inner)) for inner in tables[1:]] == [("t1r1c2_t1", grid(expected))]


def test_a_deleted_cell_takes_its_width_along() -> None:
    table = read_table(tbl(tr("A", "B", "C"), tr("D", "E"), widths=FULL))
    shorter = read_table(tbl(tr("A", "B", "C"), tr("D", "E", tc(), grpprl=sprm(0x5622, 0, 1)), widths=FULL))
    assert draw(table) == "A B C\nD E ."
    assert draw(shorter) == "A B C\nD E _"


def test_a_zero_width_cell_gives_its_text_to_its_neighbour() -> None:
    table = read_table(tbl(tr("A", "B", "C", grpprl=set_width(1, 2, 0)), widths=FULL))
    assert [(cell.col, cell.col_span, cell.text) for cell in table.cells] == [(0, 1, "A"), (1, 1, "B\nC")]


def test_a_row_without_any_width_keeps_its_text() -> None:
    table = read_table(tbl(tr("A", "B", grpprl=set_width(0, 2, 0)), tr("C", "D")))
    assert [(cell.row, cell.col, cell.col_span, cell.text) for cell in table.cells] == [
        (0, 0, 1, "A\nB"),
        (1, 0, 1, "C"),
        (1, 1, 1, "D"),
    ]


def test_text_under_a_merge_is_left_out_and_noted() -> None:
    document = read(tbl(tr(tc("A", v=START), "B"), tr(tc("隐", v=GO_ON), "C")))
    assert draw(next(iter_tables(document.blocks))) == "A B\nA C"
    assert codes(document) == [("R4", "t1r1c1")]


def test_a_deleted_row_is_left_out_and_noted() -> None:
    cells = [tc(p(("X", DELETED), mark=DELETED)), tc(p(("Y", DELETED), mark=DELETED))]
    document = read(tbl(tr("A", "B"), tr(*cells, mark=DELETED), tr("C", "D", mark=INSERTED)))
    assert draw(next(iter_tables(document.blocks))) == "A B\nC D"
    assert [code for code, _ in codes(document)] == ["R1"]


def test_tables_are_one_until_something_stands_between() -> None:
    one = tbl(tr("A", "B"))
    assert [block.where for block in read(one, one).blocks] == ["t1"]
    assert [block.where for block in read(one, "", one).blocks] == ["t1", "t2"]
    assert [block.where for block in read(one, "字", one).blocks] == ["t1", "p1", "t2"]


def test_a_section_mark_between_rows_ends_the_table() -> None:
    one = tbl(tr("A", "B"))
    data = doc(one, P((), end="\f"), one, "末")
    assert [block.where for block in read_doc(data).blocks] == ["t1", "t2", "p1"]


def test_a_row_that_is_positioned_otherwise_starts_a_table() -> None:
    position = struct.pack("<Hh", 0x940E, 720)
    document = read(tbl(tr("A", "B"), tr("C", "D", grpprl=position), tr("E", "F", grpprl=position)))
    assert [draw(table) for table in iter_tables(document.blocks)] == ["A B", "C D\nE F"]
    assert [table.address for table in iter_tables(document.blocks)] == [0, 1]


def test_cells_without_a_row_are_paragraphs() -> None:
    place = sprm(0x2416, 1) + sprm(0x6649, 1, 0, 0, 0)
    document = read("前", p("A", grpprl=place, end="\a"), p("B", grpprl=place, end="\a"), "后")
    assert texts(document) == ["前", "A", "B", "后"]


def test_nested_tables_without_a_row_fall_back_into_their_cell() -> None:
    deep = sprm(0x2416, 1) + sprm(0x6649, 2, 0, 0, 0)
    document = read(tbl(tr("A", tc(p("B"), p("深", grpprl=deep), p("C")))))
    assert draw(next(iter_tables(document.blocks))) == "A B/深/C"


def test_older_files_tell_only_that_a_paragraph_is_in_a_table() -> None:
    in_table, ends = sprm(0x2416, 1), sprm(0x2416, 1) + sprm(0x2417, 1)
    document = read(p("A", grpprl=in_table, end="\a"), p(grpprl=ends, end="\a"), "后")
    assert [block.where for block in document.blocks] == ["t1", "p1"]


def test_properties_in_the_data_stream() -> None:
    made = tbl(tr("A", "B"))
    shape = struct.pack("<HHB3h40x", 0xD608, 48, 2, 0, 2000, 4000)
    huge = sprm(0x2416, 1) + sprm(0x2417, 1) + shape
    data = bytes(4) + struct.pack("<H", len(huge)) + huge
    place = sprm(0x2416, 1)
    cells = [p("C", grpprl=place, end="\a"), p("D", grpprl=place, end="\a")]
    document = read(made, *cells, p(grpprl=sprm(0x6646, 4, 0, 0, 0), end="\a"), data=data)
    assert draw(next(iter_tables(document.blocks))) == "A B\nC D"


# -- any table ------------------------------------------------------------------------------------------------------


def write_tiling(tiling: Tiling) -> Tbl:
    """The tiling in .doc; wide cells as several with merge flags where it says so."""
    rows = []
    for row in range(tiling.rows):
        cells = []
        for tile in sorted(tiling.tiles, key=lambda tile: tile.col):
            if tile.row <= row < tile.row + tile.height:
                v = 0 if tile.height == 1 else START if row == tile.row else GO_ON
                blocks: list[str | Tbl] = [tile.text] if row == tile.row else []
                blocks += [write_tiling(tile.nested)] if tile.nested and row == tile.row else []
                if tiling.by_h_merge and tile.width > 1:
                    cells += [tc(*blocks, v=v, h=1), *[tc(v=v, h=2)] * (tile.width - 1)]
                else:
                    cells.append(tc(*blocks, v=v, span=tile.width))
        rows.append(tr(*cells))
    return tbl(*rows, widths=(900,) * tiling.cols)


def list_tiles(tiling: Tiling) -> list[tuple[object, ...]]:
    """What must come back; a column boundary that no cell has is not in the file."""
    tiles = sorted(tiling.tiles, key=lambda tile: (tile.row, tile.col))
    edges = set(range(tiling.cols + 1)) if tiling.by_h_merge else {e for t in tiles for e in (t.col, t.col + t.width)}
    bounds = sorted(edges)
    return [place_tile(tile, bounds) for tile in tiles]


def place_tile(tile: Tile, bounds: list[int]) -> tuple[object, ...]:
    col, end = bounds.index(tile.col), bounds.index(tile.col + tile.width)
    return (tile.row, col, tile.height, end - col, tile.text, [list_tiles(tile.nested)] if tile.nested else [])


def list_cells(table: Table) -> list[tuple[object, ...]]:
    return [
        (c.row, c.col, c.row_span, c.col_span, c.text, [list_cells(inner) for inner in c.tables]) for c in table.cells
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)
@given(tilings())
def test_any_table_comes_back_on_its_exact_grid(tiling: Tiling) -> None:
    (table,) = read(write_tiling(tiling)).blocks
    assert isinstance(table, Table)
    assert list_cells(table) == list_tiles(tiling)
