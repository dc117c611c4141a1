"""Every notation of a table in text: written from rows, it reads back as the same rows; prose stays prose."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model.document import Document, Paragraph, Table
from gouji.model.errors import ReadError
from gouji.readers.txt import read_txt

Rows = list[list[str]]


def read(text: str) -> Document:
    return read_txt(text.encode())


def show(text: str) -> list[str | Rows]:
    """Blocks as plain data: a paragraph is its text, a table its rows of cell texts."""
    return [block.text if isinstance(block, Paragraph) else show_rows(block) for block in read(text).blocks]


def show_rows(table: Table) -> Rows:
    rows: Rows = [[] for _ in range(table.rows)]
    for cell in table.cells:
        assert cell.col == len(rows[cell.row])
        rows[cell.row].append(cell.text)
    assert table.cols == max(len(row) for row in rows)
    return rows


# --- writers: one for each notation -----------------------------------------------------------------------------------


def width_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    blanks = " " * (width - width_of(text))
    return blanks + text if right else text + blanks


def widths_of(rows: Rows) -> list[int]:
    return [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)]


def print_tabs(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in rows)


def print_spaced_tabs(rows: Rows) -> str:
    return "\n\n".join("\t".join(row) for row in rows)


def print_markdown(rows: Rows) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def print_bare_markdown(rows: Rows) -> str:
    lines = [" | ".join(row) for row in rows]
    return "\n".join([lines[0], " | ".join(":--:" for _ in rows[0]), *lines[1:]])


def print_headed_box(rows: Rows) -> str:
    widths = widths_of(rows)
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = ["|" + "|".join(f" {pad(cell, w)} " for cell, w in zip(row, widths, strict=True)) + "|" for row in rows]
    return "\n".join([rule, lines[0], rule, *lines[1:], rule])


def print_drawn(rows: Rows) -> str:
    """Box-drawing characters that take two columns each, as a Chinese font shows them."""
    widths = [width + width % 2 for width in widths_of(rows)]

    def rule(left: str, between: str, right: str) -> str:
        return left + between.join("─" * max(1, width // 2) for width in widths) + right

    lines = ["│" + "│".join(pad(cell, w) for cell, w in zip(row, widths, strict=True)) + "│" for row in rows]
    body = list(chain.from_iterable((rule("├", "┼", "┤"), line) for line in lines))[1:]
    return "\n".join([rule("┌", "┬", "┐"), *body, rule("└", "┴", "┘")])


def print_aligned(rows: Rows) -> str:
    widths = widths_of(rows)
    return "\n".join(
        pad(row[0], widths[0])
        + "".join("  " + pad(cell, w, right=True) for cell, w in zip(row[1:], widths[1:], strict=True))
        for row in rows
    )


def wrap(text: str, width: int) -> list[str]:
    """Full lines, as antiword breaks text without blanks."""
    lines = [""]
    for character in text:
        if width_of(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines


def print_wrapped(rows: Rows, widths: list[int], rule: str = "") -> str:
    lines = [rule] if rule else []
    for row in rows:
        cells = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        for i in range(max(map(len, cells))):
            shown = [pad(cell[i] if i < len(cell) else "", w) for cell, w in zip(cells, widths, strict=True)]
            lines.append("|" + "|".join(shown) + "|")
        lines += [rule] if rule else []
    return "\n".join(lines)


# --- any table --------------------------------------------------------------------------------------------------------

LABELS = st.text("公务接待费用支出购置合计运维车", min_size=2, max_size=9)
NUMBERS = st.decimals(0, 99999, places=2).map(str)
FIGURES = st.one_of(NUMBERS, st.just(""), st.just("-"))


@st.composite
def figure_tables(draw: st.DrawFn, figures: st.SearchStrategy[str] = FIGURES) -> Rows:
    """A header row, then labels with figures."""
    cols = draw(st.integers(2, 5))
    header = ["项目", *draw(st.lists(LABELS, min_size=cols, max_size=cols))]
    rows = st.tuples(LABELS, st.lists(figures, min_size=cols, max_size=cols)).map(lambda row: [row[0], *row[1]])
    return [header, *draw(st.lists(rows, min_size=3, max_size=6))]


WRITERS: list[Callable[[Rows], str]] = [
    print_tabs,
    print_spaced_tabs,
    print_markdown,
    print_bare_markdown,
    print_headed_box,
    print_drawn,
]


@pytest.mark.parametrize("write", WRITERS)
@given(rows=figure_tables(), end=st.sampled_from(["\n", "\r\n"]))
def test_any_table_survives(write: Callable[[Rows], str], rows: Rows, end: str) -> None:
    text = f"表一\n\n{write(rows)}\n\n\n说明\n".replace("\n", end)
    assert show(text) == ["表一", rows, "说明"]


@given(rows=figure_tables(NUMBERS))
def test_any_aligned_table_survives(rows: Rows) -> None:
    """Right-aligned numbers; labels start alike."""
    assert show(f"表一\n{print_aligned(rows)}\n说明\n") == ["表一", rows, "说明"]


@given(rows=figure_tables(NUMBERS))
def test_any_table_of_antiword_survives(rows: Rows) -> None:
    """Every cell may wrap; a row is told by its number, which its column has room for."""
    widths = [7, *[12] * (len(rows[0]) - 1)]
    assert show(f"表一\n\n{print_wrapped(rows, widths)}\n") == ["表一", rows]


@given(rows=figure_tables(FIGURES))
def test_any_wrapped_grid_survives(rows: Rows) -> None:
    widths = [7, *[12] * (len(rows[0]) - 1)]
    rule = "+" + "+".join("-" * width for width in widths) + "+"
    assert show(print_wrapped(rows, widths, rule)) == [rows]


@given(figure_tables(FIGURES), st.data())
def test_any_table_of_antiword_with_blanks_and_indents_survives(rows: Rows, data: st.DataObject) -> None:
    """Labels wrap below their indent; a row without any figure is told by it, or by the room the label above had."""
    widths = [7, *[12] * (len(rows[0]) - 1)]
    for above, row in pairwise(rows):
        has_room = width_of(wrap(above[0], 7)[-1]) + 2 <= 7
        indents = ["\u3000", "\u3000\u3000"] if not any(row[1:]) and not has_room else ["", "\u3000", "\u3000\u3000"]
        row[0] = data.draw(st.sampled_from(indents)) + row[0]
    assert show(f"表一\n\n{print_wrapped(rows, widths)}\n") == ["表一", strip_indents(rows)]


def strip_indents(rows: Rows) -> Rows:
    return [[cell.strip("\u3000") for cell in row] for row in rows]


# --- case by case -----------------------------------------------------------------------------------------------------

SPANNED = """\
┌────┬────┬──┐
│    │接待│ 1│
│三公├────┼──┤
│经费│用车│ 2│
├────┴────┼──┤
│合计     │ 3│
└─────────┴──┘"""

ANTIWORD = """\
|一、基本概况                                 |
|联系人   |王某                     |电话|802 |
|职能职责 |拟订道路养护的年度安排并 |    |    |
|概述     |抓好实施。               |    |    |
|工作任务 |任务1：按季养护；                  |
|         |任务2：办好便民实事；              |
|三公     |12.5                               |
|         |7.72                               |"""

MYSQL = """\
+------+------+
| 项目 | 决算 |
+------+------+
| 接待 |    1 |
| 用车 |    2 |
+------+------+
| 合计 |    3 |
+------+------+"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(SPANNED, [[["三公\n经费", "接待", "1"], ["", "用车", "2"], ["合计", "3"]]], id="span"),
        pytest.param(
            ANTIWORD,
            [
                [
                    ["一、基本概况"],
                    ["联系人", "王某", "电话", "802"],
                    ["职能职责概述", "拟订道路养护的年度安排并抓好实施。", "", ""],
                    ["工作任务", "任务1：按季养护；\n任务2：办好便民实事；"],
                    ["三公", "12.5"],
                    ["", "7.72"],
                ]
            ],
            id="antiword",
        ),
        pytest.param(MYSQL, [[["项目", "决算"], ["接待", "1"], ["用车", "2"], ["合计", "3"]]], id="three-sections"),
        pytest.param(
            "|三公经费合计|12.5|\n|接待费      |    |\n", [[["三公经费合计", "12.5"], ["接待费", ""]]], id="to-measure"
        ),
        pytest.param(
            "|项目支出 |21,460,00|92.46|\n|         |0.00     |     |\n|其中：   |12.00    |1    |\n|         |8.00     |2    |",
            [[["项目支出", "21,460,000.00", "92.46"], ["其中：", "12.00", "1"], ["", "8.00", "2"]]],
            id="cut-number",
        ),
        pytest.param(
            "+----+----+\n|项目|全年|\n+----+----+\n|接待|18.2|\n|    |5   |\n+----+----+\n|用车|1   |\n|    |2   |\n+----+----+",
            [[["项目", "全年"], ["接待", "18.25"], ["用车", "1"], ["", "2"]]],
            id="cut-number-between-rules",
        ),
        pytest.param(
            "|年度绩效目标         |完成情况             |\n|完成全区渠道年度维修 |完成全区渠道年度维修 |\n"
            "|。                   |，一处超额。         |",
            [[["年度绩效目标", "完成情况"], ["完成全区渠道年度维修。", "完成全区渠道年度维修，一处超额。"]]],
            id="sentences-in-columns-of-one-width",
        ),
        pytest.param("| - | -- |\n| 1 | 2 |", [[["-", "--"], ["1", "2"]]], id="dashes-are-values"),
        pytest.param("|甲|乙|丙|", [[["甲", "乙", "丙"]]], id="one-line"),
        pytest.param("｜甲｜1｜\n｜乙｜2｜", [[["甲", "1"], ["乙", "2"]]], id="full-width-bars"),
        pytest.param("|甲|a<br>b|\n|:-|-:|\n|c\\|d|2|", [[["甲", "a\nb"], ["c|d", "2"]]], id="markdown-marks"),
        pytest.param(
            '项目\t"第一行\n第""二""行"\t12\n甲\t乙\t3',
            [[["项目", '第一行\n第"二"行', "12"], ["甲", "乙", "3"]]],
            id="quoted",
        ),
        pytest.param(
            "项目\t甲\t乙\n出国\t\t\n\t\t\n小计\t1\t2",
            [[["项目", "甲", "乙"], ["出国", "", ""], ["", "", ""], ["小计", "1", "2"]]],
            id="blank-rows",
        ),
        pytest.param(
            "联系人\t王某\n科室\t办公室\n编制\t36\n",
            [[["联系人", "王某"], ["科室", "办公室"], ["编制", "36"]]],
            id="pairs",
        ),
        pytest.param(
            "a\tb\tc\n\n科\t1\t2\n\n说明\t三\n\n正文",
            [[["a", "b", "c"], ["科", "1", "2"], ["说明", "三"]], "正文"],
            id="catdoc-short-row",
        ),
        pytest.param(
            "项目\t说明\t数\n三公\t" + "长" * 21 + "\n长的说明\t2\n接待\t无\t3\n",
            [[["项目", "说明", "数"], ["三公", "长" * 21 + "长的说明", "2"], ["接待", "无", "3"]]],
            id="catdoc-wrapped",
        ),
        pytest.param(
            "项目      预算    决算\n三公     10.00    9.50\n其中：\n接待      1.00    0.50\n合  计   11.00   10.00",
            [
                [
                    ["项目", "预算", "决算"],
                    ["三公", "10.00", "9.50"],
                    ["其中：", "", ""],
                    ["接待", "1.00", "0.50"],
                    ["合 计", "11.00", "10.00"],
                ]
            ],
            id="aligned-label-row",
        ),
    ],
)
def test_notations(text: str, expected: list[str | Rows]) -> None:
    assert show(text) == expected


@pytest.mark.parametrize("write", [print_tabs, print_drawn])
@given(st.lists(st.lists(LABELS, min_size=6, max_size=6), min_size=1, max_size=4), st.data())
def test_cells_merged_in_every_row_are_one_cell(write: Callable[[Rows], str], rows: Rows, data: st.DataObject) -> None:
    """The columns that a merge leaves blank in all rows go to the cell left of them; places stay as printed."""
    size = data.draw(st.integers(2, 3))
    printed = [[cell for value in row[: 6 // size] for cell in (value, *[""] * (size - 1))] for row in rows]
    table = read(f"表一\n\n{write(printed)}\n").blocks[1]
    assert isinstance(table, Table)
    assert [(cell.row, cell.col, cell.col_span, cell.text) for cell in table.cells] == [
        (at, col * size, size, value) for at, row in enumerate(rows) for col, value in enumerate(row[: 6 // size])
    ]


def test_a_blank_column_among_filled_ones_stays() -> None:
    text = "项目\t\t决算\t预算\n三公\t\t1\t2\n接待\t\t3\t4\n"
    assert show(text) == [[["项目", "", "决算", "预算"], ["三公", "", "1", "2"], ["接待", "", "3", "4"]]]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("首页  政务公开  财政信息\n机构  政策法规  部门预算\n搜索  邮箱登录  联系我们", id="navigation"),
        pytest.param("首页 | 公开 | 服务", id="navigation-bars"),
        pytest.param(
            "发布：2021-05-01  来源：本站  阅读：12\n字体：大  中  小\n发布：2021-05-01  来源：本站  阅读：12",
            id="metadata",
        ),
        pytest.param("一、概况\t1\n二、收支\t3\n三、绩效\t8", id="contents"),
        pytest.param("1.\t办好实事\n2.\t修好道路\n3.\t做好服务", id="list-with-tabs"),
        pytest.param("1.  收入100万元  增长\n2.  支出 90万元  下降\n3.  结余 10万元  持平", id="list-with-blanks"),
        pytest.param("预算  100\n决算  95", id="two-lines"),
        pytest.param("负责人：张某    电话：1\n地址：某路    邮编：无\n传真：无", id="signatures"),
        pytest.param("|x|\n正文", id="absolute"),
        pytest.param("------\n+1%\n-----\n+------+\n+------+", id="rules-alone"),
        pytest.param("项目  甲\t乙", id="one-tab"),
    ],
)
def test_what_is_no_table_stays_paragraphs(text: str) -> None:
    assert show(text) == text.split("\n")


SENTENCES = st.lists(
    st.sampled_from(["全年支出12.5万元", "其中接待费7.72", "36人", "比上年减少", "（见附表）", "2021年", "，"]),
    min_size=2,
    max_size=9,
)
GAPS = st.sampled_from(["  ", "   ", " ", "\u3000", ""])


@given(st.lists(st.tuples(SENTENCES, GAPS), min_size=1, max_size=8), st.randoms())
def test_a_narrative_with_numbers_and_double_blanks_stays_paragraphs(
    told: list[tuple[list[str], str]], random: object
) -> None:
    """Lines of which each ends in a sentence longer than any column beside it."""
    lines = [
        "一、" + gap.join(words) + "。" + "本年度各项工作按计划推进" * (3 + i % 2)
        for i, (words, gap) in enumerate(told)
    ]
    assert show("\n".join(lines)) == lines


def test_tabbed_cells_come_before_every_other_notation() -> None:
    """Bars and gaps inside the cells of a saved form are text."""
    text = "\t项目\n\t|a|b|\n|c|d|\n\n\t甲  1\n乙  2\n丙  3\n"
    assert show(text) == [[["项目", "|a|b|\n|c|d|"], ["甲  1\n乙  2\n丙  3"]]]
    assert show("\t项目\n\t决算\n\n|a|b|c|\n\n\t甲\n") == [[["项目", "决算\n|a|b|c|"], ["甲"]]]


def test_evidence_ids_count_every_notation_alike() -> None:
    text = f"一\n{MYSQL}\n二\n\n\t甲\n\n\n三\n\na\tb\tc\n"
    blocks = read(text).blocks
    assert [block.where for block in blocks] == ["p1", "t1", "p2", "t2", "p3", "t3"]
    table = blocks[1]
    assert isinstance(table, Table)
    assert [table.cell_id(cell) for cell in table.cells if cell.text == "3"] == ["t1r4c2"]


# --- copies from web pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("財(cái)政撥款，發（fā）展和保障(zhàng)", "財政撥款，發展和保障"),
        ("財(cái)政的(de)支出", "財政的支出"),
        ("单位(de)、甲(A)、乙（b）、三公（abc）", "单位(de)、甲(A)、乙（b）、三公（abc）"),
        ("财\u200b政\ufeff支\u00ad出", "财政支出"),
        ("&ldquo;三公&rdquo;&mdash;R&D&amp;AT&T &#20013;&#x56fd;", "“三公”—R&D&AT&T 中国"),
        ("a&#10;b&nbsp;c&#9;d", "a b c d"),
        ("&nosuch; &#0;x", "&nosuch; \ufffdx"),
    ],
)
def test_what_a_web_page_adds_goes(text: str, expected: str) -> None:
    assert show(text) == [expected]


def test_glosses_are_told() -> None:
    notices = read("財(cái)政撥款\n發(fā)展").notices
    assert [notice.code for notice in notices] == ["R8"]
    assert "2 处" in notices[0].message


def test_page_metadata_stays_as_often_as_it_is_printed() -> None:
    lines = ["发布时间：2021-05-01  来源：本站", "标题", "发布时间：2021-05-01  来源：本站", "标题", "首页 > 公开"]
    assert show("\n".join(lines)) == lines


# --- any text ---------------------------------------------------------------------------------------------------------


@given(st.text('\t\n  |│─├┤┼+-=:"\\a甲1', max_size=80))
def test_no_letter_is_lost_in_a_frame(text: str) -> None:
    try:
        document = read_txt(text.encode("utf-8-sig"))
    except ReadError as error:
        assert error.code == "empty"
        return
    cells = [cell.text for block in document.blocks if isinstance(block, Table) for cell in block.cells]
    paragraphs = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert sorted(c for c in "".join(cells + paragraphs) if c in "a甲1") == sorted(c for c in text if c in "a甲1")


UNITS = [
    "|甲|乙|\n", "|-|\n", "+--+\n", "|", "+-", "─┼", "a|b\n-|-\n", "a | b\n", "│  ├─┤\n", "|  |\n", "| 1|2|\n\n",
    "甲  1\n", "甲  1  ", "a  b\n", "  ", "甲   1.0   2\n", "合  计\n",
    "甲\t1\n", "1.\t甲\n", 'a\t"b\n', '"', '"\t', "a\tb\tc\n" + "长" * 36 + "\n", "\t\t\n", "a\t\t\n",
    "財(cái)", "(ā", "（", "&amp;", "&", "&#1", "&lt",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_long_files_take_linear_time(unit: str) -> None:
    """A quadratic step would take minutes here."""
    text = unit * (100_000 // len(unit))
    assert read(f"始\n{text}\n终").blocks
