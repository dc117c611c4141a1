"""Tables on their exact grid. Letters are cells; `_` is an empty cell, `.` a position without any."""

from __future__ import annotations

import pytest

from gouji.model.document import Paragraph, Table, iter_tables
from readers.docx.wordml import FORCE_FULL, codes, dele, draw, grid, ins, p, read, read_table, sdt, tbl, tc, tr

RESTART, CONTINUE = "restart", "continue"

GRIDS = {
    "plain": (
        tbl(tr("A", "B"), tr("C", "D")),
        """
        A B
        C D
        """,
    ),
    "spans": (
        tbl(tr(tc("A", span=2), "B"), tr("C", tc("D", span=2)), tr(tc("E", span=3))),
        """
        A A B
        C D D
        E E E
        """,
    ),
    "vertical merges by grid column, not by position in the row": (
        tbl(
            tr(tc("A", span=2), tc("B", v=RESTART), "C"),
            tr("D", "E", tc(v=CONTINUE), "F"),
            tr(tc("G", span=2), tc(v=CONTINUE), tc("H")),
        ),
        """
        A A B C
        D E B F
        G G B H
        """,
    ),
    "a merge in two directions": (
        tbl(tr(tc("A", span=2, v=RESTART), "B"), tr(tc(span=2, v=CONTINUE), "C")),
        """
        A A B
        A A C
        """,
    ),
    "a second restart ends the first merge": (
        tbl(tr(tc("A", v=RESTART)), tr(tc("B", v=RESTART)), tr(tc(v=CONTINUE))),
        """
        A
        B
        B
        """,
    ),
    "a continuation without a start is a cell": (
        tbl(tr(tc("A", v=CONTINUE), "B"), tr(tc(v=CONTINUE), "C")),
        """
        A B
        A C
        """,
    ),
    "a continuation under an unmerged cell is a cell": (
        tbl(tr("A", "B"), tr(tc("C", v=CONTINUE), "D")),
        """
        A B
        C D
        """,
    ),
    "a continuation of another span starts its own merge": (
        tbl(
            tr(tc("A", span=2, v=RESTART), "B"),
            tr(tc("C", v=CONTINUE), "D", "E"),
            tr(tc(v=CONTINUE), "F", "G"),
        ),
        """
        A A B
        C D E
        C F G
        """,
    ),
    "gridBefore shifts, gridAfter and short rows leave holes": (
        tbl(tr("A", "B", "C"), tr("D", before=2), tr("E", after=2), tr("F", "G")),
        """
        A B C
        . . D
        E . .
        F G .
        """,
    ),
    "a merge under gridBefore": (
        tbl(tr("A", tc("B", v=RESTART)), tr(tc(v=CONTINUE), before=1)),
        """
        A B
        . B
        """,
    ),
    "hMerge": (
        tbl(tr(tc("A", h=RESTART), tc(h=CONTINUE), "B"), tr("C", "D", "E")),
        """
        A A B
        C D E
        """,
    ),
    "hMerge and vMerge together": (
        tbl(
            tr(tc("A", h=RESTART, v=RESTART), tc(h=CONTINUE, v=RESTART), "B"),
            tr(tc(h=RESTART, v=CONTINUE), tc(h=CONTINUE, v=CONTINUE), "C"),
        ),
        """
        A A B
        A A C
        """,
    ),
    "hMerge that goes on nothing": (
        tbl(tr(tc("A", h=CONTINUE), "B")),
        """
        A B
        """,
    ),
    "a sliver column taken now by one side, now by the other": (
        tbl(tr(tc("A", span=2), "B", "C"), tr("D", tc("E", span=2), "F"), grid=(2000, 5, 2000, 2000)),
        """
        A B C
        D E F
        """,
    ),
    "an empty cell that is all sliver": (
        tbl(tr("A", "", "B"), tr(tc("C", span=3)), grid=(2000, 5, 2000)),
        """
        A B
        C C
        """,
    ),
    "a narrow column with contents stays": (
        tbl(tr("A", "B", "C"), tr(tc("D", span=2), "E"), grid=(2000, 5, 2000)),
        """
        A B C
        D D E
        """,
    ),
    "merges across a sliver": (
        tbl(
            tr(tc("A", span=2, v=RESTART), "B"),
            tr(tc(v=CONTINUE), tc("C", span=2)),
            grid=(2000, 5, 2000),
        ),
        """
        A B
        A C
        """,
    ),
    "widths that are all wrong are not believed": (
        tbl(tr("A", "", ""), tr("B", "", ""), grid=(5, 5, 5)),
        """
        A _ _
        B _ _
        """,
    ),
    "fewer columns declared than used": (
        tbl(tr("A", "B", "C"), grid=(2000,)),
        """
        A B C
        """,
    ),
    "nonsense spans": (
        tbl(tr(tc("A", span="0"), tc("B", span="-3"), tc("C", span="x"), tc("D", span="2"))),
        """
        A B C D D
        """,
    ),
    "content controls around rows, cells, paragraphs and runs": (
        tbl(sdt(tr("A", sdt(tc("B")))), tr(sdt(sdt(tc("C"))), tc(sdt(p("D"))), tc(p(sdt("<w:r><w:t>E</w:t></w:r>"))))),
        """
        A B .
        C D E
        """,
    ),
    "customXml and smartTag are only wrapping": (
        tbl(
            f"<w:customXml>{tr('A', '<w:customXml>' + tc('B') + '</w:customXml>')}</w:customXml>",
            tr(tc(p("<w:smartTag><w:r><w:t>C</w:t></w:r></w:smartTag>")), "D"),
        ),
        """
        A B
        C D
        """,
    ),
    "table property exceptions of a row": (
        tbl(f"<w:tr><w:tblPrEx><w:tblW w:w='5000'/></w:tblPrEx>{tc('A')}{tc('B')}</w:tr>"),
        """
        A B
        """,
    ),
    "old layouts kept in change records": (
        tbl(
            tr(tc("A", props='<w:tcPrChange><w:tcPr><w:gridSpan w:val="3"/></w:tcPr></w:tcPrChange>'), "B"),
            tr("C", "D"),
        ),
        """
        A B
        C D
        """,
    ),
    "a deleted row, an inserted row": (
        tbl(tr("A", "B"), tr("X", "Y", props="<w:del w:id='1'/>"), tr("C", "D", props="<w:ins w:id='2'/>")),
        """
        A B
        C D
        """,
    ),
    "a deleted cell": (
        tbl(tr("A", tc("X", props="<w:cellDel w:id='1'/>"), "B"), tr("C", "D")),
        """
        A B
        C D
        """,
    ),
    "a tracked vertical merge": (
        tbl(
            tr(tc("A", props='<w:cellMerge w:vMerge="rest"/>'), "B"),
            tr(tc(props='<w:cellMerge w:vMerge="cont"/>'), "C"),
        ),
        """
        A B
        A C
        """,
    ),
    "a row without cells": (
        tbl(tr("A"), tr(), tr("B")),
        """
        A
        .
        B
        """,
    ),
}


@pytest.mark.parametrize("name", GRIDS)
def test_grid(name: str) -> None:
    markup, expected = GRIDS[name]
    assert draw(read_table(markup)) == grid(expected)


@pytest.mark.parametrize("name", GRIDS)
def test_reading_element_by_element_gives_the_same_grid(name: str) -> None:
    markup, expected = GRIDS[name]
    forced = markup.replace("</w:tcPr>", f"{FORCE_FULL}</w:tcPr>", 1)
    assert draw(read_table(forced)) == grid(expected)


def test_cells_come_once_in_row_then_column_order() -> None:
    table = read_table(tbl(tr(tc("A", v="restart"), "B"), tr(tc(v="continue"), "C")))
    assert [(cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells] == [
        (0, 0, 2, 1),
        (0, 1, 1, 1),
        (1, 1, 1, 1),
    ]


def test_an_absurd_span_is_held_back() -> None:
    table = read_table(tbl(tr(tc("A", span="2000000000")), tr("B", before=2_000_000_000)))
    assert table.cols < 3000


def test_nested_tables_are_named_by_the_cell_that_holds_them() -> None:
    inner = tbl(tr("甲", tc(tbl(tr("乙")), p())))
    document = read(tbl(tr("表一")), p("正文"), tbl(tr("A", "B"), tr("C", tc(p("D"), inner, tbl(tr("丙")), p()))))
    tables = list(iter_tables(document.blocks))
    assert [table.where for table in tables] == ["t1", "t2", "t2r2c2_t1", "t2r2c2_t1r1c2_t1", "t2r2c2_t2"]
    assert [draw(table) for table in tables] == ["表一", "A B\nC D", "甲 _", "乙", "丙"]


def test_addresses_are_ordinals_in_the_part() -> None:
    inner = tbl(tr("x"))
    document = read(p(), p("一"), tbl(tr("A", tc(v="continue")), tr(tc(inner, p("B")), "C")), p("二"), tbl(tr("D")))
    first, second = document.blocks[1], document.blocks[3]
    assert isinstance(first, Table)
    assert isinstance(second, Table)
    assert [cell.address for cell in first.cells] == [0, 1, 2, 4]
    assert (first.address, first.cells[2].tables[0].address, second.address) == (0, 1, 2)
    assert [cell.address for cell in second.cells] == [5]
    assert [getattr(block, "address", None) for block in (document.blocks[0], document.blocks[2])] == [1, 7]
    assert first.cells[2].blocks[1].address == 5


def test_deleted_rows_keep_their_ordinals() -> None:
    table = read_table(tbl(tr("X", props="<w:del w:id='1'/>"), tr("A")))
    assert [(cell.row, cell.address, cell.blocks[0].address) for cell in table.cells] == [(0, 1, 1)]


def test_a_wholly_deleted_table_is_gone_and_noted() -> None:
    document = read(p("前"), tbl(tr("X", props="<w:del w:id='1'/>")), tbl(tr("A")))
    assert [block.where for block in document.blocks] == ["p1", "t1"]
    assert codes(document) == [("R1", "t1r1c1")]


def test_text_under_a_merge_is_left_out_and_noted() -> None:
    document = read(tbl(tr(tc("A", v="restart"), "B"), tr(tc("隐", v="continue"), "C")))
    assert draw(next(iter_tables(document.blocks))) == "A B\nA C"
    assert codes(document) == [("R4", "t1r1c1")]


def test_text_under_a_horizontal_merge_is_noted() -> None:
    document = read(tbl(tr("前"), tr("B", tc("A", h="restart"), tc("隐", h="continue"))))
    assert codes(document) == [("R4", "t1r2c2")]


def test_first_tracked_change_in_a_table_is_placed() -> None:
    document = read(tbl(tr("A", tc(p("6", ins("<w:r><w:t>13</w:t></w:r>"), dele("03")))), tr("B", "C")))
    assert draw(next(iter_tables(document.blocks))) == "A 613\nB C"
    assert codes(document) == [("R1", "t1r1c2")]


def test_paragraphs_of_a_cell_have_no_ids_and_empty_ones_are_dropped() -> None:
    table = read_table(tbl(tr(tc(p("a"), p(" "), p("b")))))
    assert [(b.text, b.where, b.address) for b in table.cells[0].blocks if isinstance(b, Paragraph)] == [
        ("a", "", 0),
        ("b", "", 2),
    ]
    assert table.cells[0].text == "a\nb"
