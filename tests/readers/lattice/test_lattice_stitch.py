"""Tables over page breaks. Each page is a grid of its own at the page's edge; together they are one table."""

from __future__ import annotations

from gouji.model.document import Box, Table
from readers.lattice.sheets import Ink, cell_at, draw, lines_of, read, tables_of, texts_of

XS = [50.0, 110.0, 210.0, 390.0, 450.0, 545.0]
HEAD = ("序号", "指标", "评分标准", "分值", "得分")
FOOT = 780.0


def piece(rows: list[tuple[str, ...]], *, top: bool, height: float = 40.0, xs: list[float] | None = None) -> Ink:
    """Rows at the top of a page or at its foot; `^` continues the cell above, | breaks lines."""
    ink = Ink()
    y = 72.0 if top else FOOT - height * len(rows)
    edges = xs or XS
    ys = [y + height * index for index in range(len(rows) + 1)]
    ink.xs, ink.ys = edges, ys
    for x in edges:
        ink.v(x, ys[0], ys[-1])
    for index, row in enumerate(rows):
        for col, text in enumerate(row):
            if text != "^":
                ink.h(ys[index], edges[col], edges[col + 1])
                ink.cell(index, col, *[line for line in text.split("|") if line])
    ink.h(ys[-1], edges[0], edges[-1])
    return ink


def data(first: int, count: int) -> list[tuple[str, ...]]:
    return [(str(n), f"指标甲{n}", "按期完成得满分。", "5", "4.5") for n in range(first, first + count)]


def join(*pieces: Ink) -> Table:
    """The one table of these pages."""
    (table,) = tables_of(read(*pieces))
    return table


def test_a_table_goes_on_and_its_repeated_head_is_dropped() -> None:
    table = join(piece([HEAD, *data(1, 3)], top=False), piece([HEAD, *data(4, 2)], top=True))
    assert [row.split()[0] for row in draw(table)] == ["序号", "1", "2", "3", "4", "5"]
    assert cell_at(table, 4, 0).box == Box(2, 50, 112, 110, 152)
    assert table.box == Box(1, 50, FOOT - 160, 545, FOOT)


def test_three_pages() -> None:
    table = join(piece(data(1, 5), top=False), piece(data(6, 17), top=True), piece(data(23, 2), top=True))
    assert [row.split()[0] for row in draw(table)] == [str(n) for n in range(1, 25)]


def test_a_row_cut_in_two_is_one_row() -> None:
    above = piece(
        [
            HEAD,
            *data(1, 2),
            (
                "3",
                "服务对象群众满意程",
                "达到95%得10分；85%（含）至95%得8分；|九十五以上的按比例计分，七十五以|",
                "10",
                "8",
            ),
        ],
        top=False,
    )
    below = piece([HEAD, ("", "度", "下不得分。", "", ""), *data(4, 2)], top=True)
    table = join(above, below)
    assert (
        draw(table)[3]
        == "3 服务对象群众满意程度 达到95%得10分；85%（含）至95%得8分；九十五以上的按比例计分，七十五以下不得分。 10 8"
    )
    assert lines_of(cell_at(table, 3, 1)) == ["服务对象群众满意程度"]
    assert table.rows == 6


def test_a_row_that_only_begins_with_blanks_is_not_cut() -> None:
    """The column of remarks is often blank."""
    above = piece([HEAD, *data(1, 3)], top=False)
    below = piece([("4", "指标甲4", "按期完成得满分。", "5", "")], top=True)
    assert join(above, below).rows == 5


def test_a_merge_cut_in_two_is_one_cell() -> None:
    above = piece([HEAD, ("产出", "数量", "甲。", "5", "5"), ("^", "质量", "乙。", "5", "5")], top=False)
    below = piece([("", "时效", "丙。", "5", "5"), ("效益", "社会", "丁。", "5", "5")], top=True)
    table = join(above, below)
    assert draw(table) == [
        "序号 指标 评分标准 分值 得分", "产出 数量 甲。 5 5", "产出 质量 乙。 5 5", "产出 时效 丙。 5 5", "效益 社会 丁。 5 5",
    ]  # fmt: skip
    assert cell_at(table, 1, 0).row_span == 3


def test_a_label_cut_before_its_note() -> None:
    above = piece([HEAD, ("资产管理", "安全", "甲。", "5", "5")], top=False)
    below = piece([("（10分）", "规范", "乙。", "5", "5"), ("^", "利用", "丙。", "5", "5")], top=True)
    assert lines_of(cell_at(join(above, below), 1, 0)) == ["资产管理（10分）"]


def test_a_head_cut_between_its_two_rows() -> None:
    above, below = Ink(), Ink()
    above.grid([50, 150, 400, 545], [FOOT - 30, FOOT])
    for col, text in enumerate(("机构名称", "其中", "其他")):
        above.cell(0, col, text)
    below.grid([50, 150, 270, 400, 545], [72, 102])
    for col, text in enumerate(("", "在用", "出租", "")):
        below.cell(0, col, text)
    table = join(above, below)
    assert draw(table) == ["机构名称 其中 其中 其他", "机构名称 在用 出租 其他"]


def test_pieces_with_other_columns_between_the_same_sides_are_one_table() -> None:
    above = piece([("联系人", "甲某")], top=False, xs=[50, 200, 545])
    below = piece([("收入", "支出", "结余")], top=True, xs=[50, 300, 400, 545])
    table = join(above, below)
    assert [(c.row, c.col, c.col_span, c.text) for c in table.cells] == [
        (0, 0, 1, "联系人"), (0, 1, 3, "甲某"), (1, 0, 2, "收入"), (1, 2, 1, "支出"), (1, 3, 1, "结余"),
    ]  # fmt: skip


def test_tables_with_text_between_them_or_other_sides_are_two() -> None:
    above = piece(data(1, 3), top=False)
    titled = piece(data(4, 2), top=True)
    titled.text(250, 50, "附表二")
    assert len(tables_of(read(above, titled))) == 2
    narrow = piece(data(4, 2), top=True, xs=[50, 110, 210, 390, 450, 500])
    assert len(tables_of(read(above, narrow))) == 2


def test_a_table_that_ended_with_room_to_spare_does_not_go_on() -> None:
    full = Ink()
    for index in range(20):
        full.text(60, 80 + 35 * index, f"第{index}段。")
    short = piece(data(1, 3), top=True)
    assert len(tables_of(read(full, short, piece(data(4, 2), top=True)))) == 2


def test_the_same_form_filled_in_twice_is_two_tables() -> None:
    def form(name: str) -> Ink:
        rows: list[tuple[str, ...]] = [
            ("项目名称", name),
            ("主管部门", "某局"),
            ("预算数", "12"),
            ("执行率", "100%"),
            ("得分", "98"),
        ]
        return piece(rows, top=True, height=141.6, xs=[50, 200, 545])

    assert [draw(table)[0] for table in tables_of(read(form("甲项目"), form("乙项目")))] == [
        "项目名称 甲项目",
        "项目名称 乙项目",
    ]


def test_a_number_cut_by_the_page_break() -> None:
    xs = [50.0, 150.0, 196.0, 545.0]
    above = piece([("机构", "合计", "备注"), ("某局", "2,345.6", "收入按批复口径填列")], top=False, height=16, xs=xs)
    below = piece([("", "7", ""), ("某所", "1.00", "无")], top=True, height=16, xs=xs)
    assert draw(join(above, below)) == ["机构 合计 备注", "某局 2,345.67 收入按批复口径填列", "某所 1.00 无"]


def test_headers_and_page_numbers_between_the_pieces_do_not_part_them() -> None:
    pages = [piece(data(1, 5), top=False), piece(data(6, 17), top=True), piece(data(23, 2), top=True)]
    for number, page in enumerate(pages, 1):
        page.text(60, 40, "部门整体支出绩效自评")
        page.text(290, 800, f"- {number} -")
    document = read(*pages)
    assert len(tables_of(document)) == 1
    assert texts_of(document) == []


def test_a_cell_cut_between_its_label_and_the_line_to_sign() -> None:
    xs = [50.0, 545.0]
    above = piece(
        [("部门（单位）意见：|年 月 日",), ("业务科室意见：|年 月 日",), ("财政部门意见：",)], top=False, xs=xs
    )
    below = piece([("年 月 日",)], top=True, xs=xs)
    assert [lines_of(cell) for cell in join(above, below).cells][-1] == ["财政部门意见：", "年 月 日"]
    assert join(above, piece([("分管领导意见：",)], top=True, xs=xs)).rows == 4


def test_a_head_before_the_break_and_its_figures_after_it_are_two_rows() -> None:
    """Narrow labels fill their cells, so text alone would let the figures run on from them."""
    xs = [50.0, 105.0, 160.0, 215.0]
    above = piece([("甲", "1", "2"), ("机构名称五", "收入合计五", "支出合计五")], top=False, height=14, xs=xs)
    below = piece([("某局", "145.60", ""), ("某所", "12.00", "3")], top=True, height=14, xs=xs)
    assert draw(join(above, below)) == ["甲 1 2", "机构名称五 收入合计五 支出合计五", "某局 145.60 _", "某所 12.00 3"]


def test_a_figure_and_its_unit_cut_apart() -> None:
    xs = [50.0, 110.0, 165.0, 545.0]
    above = piece(
        [("某局", "9,786元", "一切按批复口径填列。"), ("云溯区某", "9,786,520", "收入")], top=False, height=16, xs=xs
    )
    below = piece([("某局", "元", ""), ("合计", "9,796元", "无")], top=True, height=16, xs=xs)
    assert draw(join(above, below))[1:] == ["云溯区某某局 9,786,520元 收入", "合计 9,796元 无"]


def test_a_sentence_broken_off_between_merged_rows() -> None:
    above = piece(
        [HEAD, ("1", "甲", "按期完成。", "5", "5"), ("2", "乙", "两项合并计分，由单位结合本部门职能具", "10", "5")],
        top=False,
        height=14,
    )
    below = piece([("3", "丙", "体说明。", "", "5"), ("4", "丁", "按期完成。", "5", "5")], top=True, height=14)
    table = join(above, below)
    assert (table.rows, cell_at(table, 2, 2).row_span, cell_at(table, 2, 3).row_span) == (5, 2, 2)
    assert lines_of(cell_at(table, 2, 2)) == ["两项合并计分，由单位结合本部门职能具体说明。"]


def test_a_merged_label_cut_between_its_lines() -> None:
    xs = [50.0, 110.0, 210.0, 390.0, 545.0]
    above = piece(
        [("评价内容", "指标", "年初目标", "完成情况"), ("产出", "数量指标", "办会百余场", "已完成")], top=False, xs=xs
    )
    rest = [
        ("^", "质量指标", "差错从低", "从低"),
        ("效益|目标", "经济效益", "物料重复使用", "完成"),
        ("^", "社会效益", "会场开放", "开放"),
    ]
    cut = join(above, piece([("目标", "", "检修设备若干次", "已检修"), *rest], top=True, xs=xs))
    label, kind = cell_at(cut, 1, 0), cell_at(cut, 1, 1)
    assert (lines_of(label), label.row_span) == (["产出", "目标"], 3)
    assert (lines_of(kind), kind.row_span) == (["数量指标"], 2)
    whole = join(above, piece([("管理", "", "检修设备若干次", "已检修"), *rest], top=True, xs=xs))
    assert lines_of(cell_at(whole, 1, 0)) == ["产出"]
    assert lines_of(cell_at(whole, 2, 0)) == ["管理"]
