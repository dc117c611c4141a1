"""Rules to grids: how rules are drawn never matters, only what they part."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gouji.model.document import Box, iter_tables
from gouji.readers.lattice import Rule, Run, Sheet, sheets_to_parts
from gouji.readers.lattice.grid import group_to_grid
from gouji.readers.lattice.rules import group_rules, join_rules, snap_positions
from readers.lattice.sheets import Ink, cell_at, draw, lines_of, read, tables_of, texts_of

XS, YS = [50.0, 150.0, 250.0, 350.0], [100.0, 130.0, 160.0, 190.0]
LETTERS = "ABCDEFGHI"


def plain(ink: Ink) -> Ink:
    """Letters in the cells of a 3 × 3 table."""
    ink.xs, ink.ys = XS, YS
    for index, letter in enumerate(LETTERS):
        ink.cell(index // 3, index % 3, letter)
    return ink


def whole(ink: Ink) -> None:
    ink.grid(XS, YS)


def by_cells(ink: Ink) -> None:
    """Four rules a cell, so that inner ones are drawn twice, a hair apart."""
    for y0, y1 in pairwise(YS):
        for x0, x1 in pairwise(XS):
            ink.box(x0 + 0.3, y0 + 0.3, x1 - 0.3, y1 - 0.3)


def dashed(ink: Ink) -> None:
    for y in YS:
        for step in range(75):
            ink.h(y, 50 + 4 * step, 52 + 4 * step)
    for x in XS:
        for step in range(23):
            ink.v(x, 100 + 4 * step, 102 + 4 * step)


def doubled(ink: Ink) -> None:
    for shift in (0.0, 2.4):
        for y in YS:
            ink.h(y + shift, 50, 352.4)
        for x in XS:
            ink.v(x + shift, 100, 192.4)


def loose(ink: Ink) -> None:
    """Rules that stop short of each other by 2 points, or run over."""
    for y in YS:
        ink.h(y, 52, 348)
    for x in XS:
        ink.v(x, 97, 193)


@pytest.mark.parametrize("ruling", [whole, by_cells, dashed, doubled, loose])
def test_however_rules_are_drawn(ruling: object) -> None:
    ink = plain(Ink())
    assert callable(ruling)
    ruling(ink)
    (table,) = tables_of(read(ink))
    assert draw(table) == ["A B C", "D E F", "G H I"]
    assert (table.where, table.rows, table.cols) == ("t1", 3, 3)


def test_missing_pieces_of_rules_merge_cells() -> None:
    ink = Ink()
    ink.box(50, 100, 350, 190)
    ink.h(130, 150, 350)
    ink.h(160, 50, 150)
    ink.h(160, 250, 350)
    ink.v(150, 100, 190)
    ink.v(250, 130, 190)
    ink.xs, ink.ys = XS, YS
    for row, col, text in ((0, 0, "A"), (0, 1, "B"), (1, 1, "C"), (1, 2, "D"), (2, 0, "E"), (2, 2, "F")):
        ink.cell(row, col, text)
    (table,) = tables_of(read(ink))
    assert draw(table) == ["A B B", "A C D", "E C F"]
    assert [(c.row, c.col, c.row_span, c.col_span) for c in table.cells] == [
        (0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 2, 1), (1, 2, 1, 1), (2, 0, 1, 1), (2, 2, 1, 1),
    ]  # fmt: skip


def test_every_cell_table_and_paragraph_has_its_page_and_box() -> None:
    ink = plain(Ink())
    whole(ink)
    ink.text(60, 50, "标题")
    document = read(Ink(), ink)
    (table,) = tables_of(document)
    assert table.box == Box(2, 50, 100, 350, 190)
    assert cell_at(table, 1, 2).box == Box(2, 250, 130, 350, 160)
    assert document.blocks[0].box == Box(2, 60, 50, 80, 60)
    assert cell_at(table, 0, 0).blocks[0].box == Box(2, 97.5, 109, 102.5, 119)


@pytest.mark.parametrize(
    ("turn", "box"),
    [(0, (2, 3, 12, 23)), (1, (3, 188, 23, 198)), (2, (188, 277, 198, 297)), (3, (277, 2, 297, 12))],
)
def test_boxes_of_a_turned_page_are_those_of_the_page_as_shown(turn: int, box: tuple[float, ...]) -> None:
    """A point 2 right and 3 below the corner of a 200 × 300 page as read."""
    sheet = Sheet(1, 200, 300, [], [], [Run("字", 2, 3, 12, 23)], turn)
    ((paragraph,),) = (part.blocks for part in sheets_to_parts(iter([sheet])))
    assert paragraph.box == Box(1, *box)


def test_sides_left_open() -> None:
    """No outer rules at the left, right and foot, as statistics are printed, or where a page ends."""
    ink = plain(Ink())
    for y in YS[:3]:
        ink.h(y, 50, 350)
    for x in XS[1:3]:
        ink.v(x, 100, 190)
    assert draw(tables_of(read(ink))[0]) == ["A B C", "D E F", "G H I"]


def test_a_row_shorter_than_its_table_has_no_blank_beside_it() -> None:
    ink = Ink()
    ink.grid([50, 150, 250], [100, 130])
    ink.cell(0, 0, "A")
    ink.cell(0, 1, "B")
    ink.v(50, 130, 160)
    ink.v(150, 130, 160)
    ink.h(160, 50, 150)
    ink.ys = [130, 160]
    ink.cell(0, 0, "C")
    assert draw(tables_of(read(ink))[0]) == ["A B", "C ."]


def test_a_nested_table_stands_in_its_cell() -> None:
    ink = Ink()
    ink.grid([50, 150, 350], [100, 200])
    ink.cell(0, 0, "A")
    ink.text(156, 104, "如下：")
    ink.grid([170, 250, 330], [120, 140, 160])
    ink.cell(0, 0, "B")
    ink.cell(1, 1, "C")
    (outer,) = tables_of(read(ink))
    inner = cell_at(outer, 0, 1).tables[0]
    assert draw(outer) == ["A 如下："]
    assert draw(inner) == ["B _", "_ C"]
    assert [table.where for table in iter_tables((outer,))] == ["t1", "t1r1c2_t1"]


def test_a_nested_table_whose_foot_is_its_cells_foot() -> None:
    ink = Ink()
    ink.grid([50, 150, 350], [100, 180, 220])
    ink.cell(0, 0, "A")
    ink.cell(1, 0, "D")
    ink.text(156, 104, "如下：")
    ink.grid([156, 250, 344], [120, 150, 180])
    for row, col, text in ((0, 0, "B"), (0, 1, "C"), (1, 0, "1"), (1, 1, "2")):
        ink.cell(row, col, text)
    (outer,) = tables_of(read(ink))
    assert draw(outer) == ["A 如下：", "D _"]
    assert draw(cell_at(outer, 0, 1).tables[0]) == ["B C", "1 2"]


def test_what_is_no_table() -> None:
    """A tick box, an underline, a frame around the page and an empty drawing leave the text alone."""
    ink = Ink()
    ink.box(20, 20, 575, 822)
    ink.box(60, 98, 72, 110)
    ink.h(140, 50, 300)
    ink.grid([400, 420, 440], [600, 620, 640])
    ink.text(80, 98, "是否公开")
    ink.text(60, 128, "填报人")
    document = read(ink)
    assert (tables_of(document), texts_of(document)) == ([], ["是否公开", "填报人"])


def test_a_single_wide_box_is_a_table_of_one_cell() -> None:
    ink = Ink()
    ink.box(50, 100, 545, 130)
    ink.text(60, 110, "五、评价报告综述")
    assert draw(tables_of(read(ink))[0]) == ["五、评价报告综述"]


def test_text_across_a_rule_is_parted_by_its_characters() -> None:
    """One run over two cells, as printer drivers write a row; and one without places for its characters."""
    ink = Ink()
    ink.grid([50, 100, 150], [100, 130, 160])
    ink.runs.append(Run("收入12.5", 60, 110, 130, 120, (60, 70, 105, 111, 117, 123)))
    ink.runs.append(Run("支出9.75", 60, 140, 140, 150))
    assert draw(tables_of(read(ink))[0]) == ["收入 12.5", "支出9 .75"]


def test_text_that_sticks_out_of_its_cell_stays_where_most_of_it_is() -> None:
    ink = Ink()
    ink.grid([50, 100, 150], [100, 114, 128])
    ink.text(55, 111, "下行", 12)
    ink.text(98, 102, "右格")
    assert draw(tables_of(read(ink))[0]) == ["_ 右格", "下行 _"]


def test_tables_side_by_side_and_one_below_the_other_are_apart() -> None:
    ink = Ink()
    for x, y, text in ((50, 100, "A"), (300, 100, "B"), (50, 300, "C")):
        ink.grid([x, x + 80, x + 160], [y, y + 20, y + 40])
        ink.cell(0, 0, text)
    assert [draw(table)[0] for table in tables_of(read(ink))] == ["A _", "B _", "C _"]


def test_a_drawing_of_very_many_rules_is_no_table() -> None:
    rules = [Rule(index * 3.0, 0, 500) for index in range(3100)]
    assert group_rules(rules, [Rule(10, 0, 9300), Rule(400, 0, 9300)]) == []


def test_positions_snap_to_the_middle_of_a_double_rule() -> None:
    assert snap_positions([10, 12.4, 50, 53, 56]) == [11.2, 51.5, 56]
    assert join_rules([Rule(5, 0, 10), Rule(5.5, 12, 20), Rule(9, 30, 40)]) == [Rule(5.25, 0, 20), Rule(9, 30, 40)]


def test_rules_that_enclose_nothing_have_no_grid() -> None:
    (group,) = group_rules([Rule(10, 0, 50)], [Rule(25, 0, 60)])
    assert group_to_grid(group) is None


def test_lines_of_a_cell_come_in_reading_order_whatever_the_order_in_the_file() -> None:
    ink = Ink()
    ink.grid([50, 150, 250], [100, 160])
    ink.cell(0, 0, "任务1：甲；", "任务2：乙；", "任务3：丙。", align="left")
    ink.runs.reverse()
    assert lines_of(cell_at(tables_of(read(ink))[0], 0, 0)) == ["任务1：甲；", "任务2：乙；", "任务3：丙。"]
