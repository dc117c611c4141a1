"""Columns held apart by blanks: any table is written with gaps, indents and headings and read back as it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gouji.readers.txt import read_txt
from readers.text_blocks import Rows, show

Metric = Callable[[str], int]


def width_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def fill(blanks: int, *, wide: bool) -> str:
    """Blanks of a width, with full-width ones among them."""
    return "\u3000" * (blanks // 2) + " " * (blanks % 2) if wide else " " * blanks


# --- a table and its print --------------------------------------------------------------------------------------------


class Layout(NamedTuple):
    sides: list[str]  # left, right or middle, for each column
    gap: int
    wide: bool  # blanks are full-width where two of them fit
    metric: Metric = width_of


def print_lines(rows: Rows, layout: Layout) -> list[str]:
    widths = [max(map(layout.metric, column)) for column in zip(*rows, strict=True)]
    return [print_line(row, widths, layout) for row in rows]


def print_line(row: list[str], widths: list[int], layout: Layout) -> str:
    line = ""
    for i, (cell, width, side) in enumerate(zip(row, widths, layout.sides, strict=True)):
        room = width - layout.metric(cell)
        before = {"left": 0, "right": room, "middle": room // 2}[side]
        line += fill(layout.gap * (i > 0) + before, wide=layout.wide) + cell + fill(room - before, wide=layout.wide)
    return line.rstrip()


LABELS = st.text("公务接待费用支出购置运维车辆", min_size=2, max_size=9)
MIXED = st.text("公务接待ABab车", min_size=2, max_size=9)
INDENTS = st.sampled_from(["", "", "\u3000", "\u3000\u3000", "\u3000\u3000其中：", "（一）", "1、"])
NUMBERS = st.decimals(0, 99999, places=2).map(str)
FIGURES = st.one_of(NUMBERS, st.just(""), st.just("-"))
SIDES = st.sampled_from(["left", "right", "middle"])


@st.composite
def tables(draw: st.DrawFn, numbers: st.SearchStrategy[str] = NUMBERS) -> Rows:
    """A row of headings, then labels with figures; blank cells anywhere, but one column of figures without."""
    cols = draw(st.integers(1, 5))
    full = draw(st.integers(0, cols - 1))
    names = LABELS | MIXED
    rows = [["项目", *draw(st.lists(names, min_size=cols, max_size=cols))]]
    for _ in range(draw(st.integers(3, 8))):
        cells = draw(st.lists(FIGURES, min_size=cols, max_size=cols))
        cells[full] = draw(numbers)
        rows.append([draw(INDENTS) + draw(names), *cells])
    for at in draw(st.lists(st.integers(2, len(rows) - 2), max_size=2)):
        rows.insert(at, [draw(LABELS), *[""] * cols])
    return rows


@st.composite
def layouts(draw: st.DrawFn, cols: int, metric: Metric = width_of) -> Layout:
    sides = ["left", *[draw(SIDES) for _ in range(cols - 1)]]
    return Layout(sides, draw(st.integers(2, 5)), draw(st.booleans()) and metric is width_of, metric)


def strip_cells(rows: Rows) -> Rows:
    return [[cell.strip("\u3000") for cell in row] for row in rows]


@given(st.data(), tables())
def test_any_table_with_blanks_survives(data: st.DataObject, rows: Rows) -> None:
    lines = print_lines(rows, data.draw(layouts(len(rows[0]))))
    assert show("\n".join(["表一", *lines, "以上。"])) == ["表一", strip_cells(rows), "以上。"]


@given(st.data(), tables(st.decimals(10, 99, places=2).map(str)))
def test_a_table_set_by_counting_characters_survives(data: st.DataObject, rows: Rows) -> None:
    """Every character was taken as one column; that labels differ in length tells it apart from true widths.

    Only beside a figure does a label's length tell anything, and only where labels differ by more than a figure (five
    characters) is wide: else the figures of one column, moved by their labels, still overlap and stand under one heading
    by either measure, and the print itself does not say which was meant.
    """
    with_figures = [row for row in rows[1:] if any(row[1:])]
    for row, label in zip(with_figures, ["三公", "公务接待费用", "公务用车购置及运行费"], strict=False):
        row[0] = label
    lines = print_lines(rows, data.draw(layouts(len(rows[0]), len)))
    shown = show("\n".join(["表一", *lines, "以上。"]))
    assert shown == ["表一", strip_cells(rows), "以上。"]


# --- headings of two lines --------------------------------------------------------------------------------------------

Groups = dict[int, tuple[int, str]]  # first column: the last one and the name of the group


@st.composite
def grouped(draw: st.DrawFn) -> tuple[Rows, Groups]:
    """A table of which some columns stand below the name of a group; the headings of the others stand beside it."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3).filter(lambda sizes: max(sizes) > 1))
    groups: Groups = {}
    cols = 1
    for size in sizes:
        if size > 1:
            groups[cols] = (cols + size - 1, draw(st.sampled_from(["其中：", "公用支出", "用车购置及运行维护费"])))
        cols += size
    rows = [
        [draw(LABELS), draw(NUMBERS), *[draw(FIGURES) for _ in range(cols - 2)]] for _ in range(draw(st.integers(3, 6)))
    ]
    inside = {col for first, (last, _) in groups.items() for col in range(first, last + 1)}
    names = ["项目", *[draw(LABELS) for _ in range(cols - 1)]]
    upper = [groups[col][1] if col in groups else "" if col in inside else name for col, name in enumerate(names)]
    lower = [name if col in inside else "" for col, name in enumerate(names)]
    return [upper, lower, *rows], groups


def print_grouped(rows: Rows, groups: Groups, *, centred: bool) -> list[str]:
    """Figures to the right; a group over its columns, the last of which is widened to hold it."""
    cells = [
        [cell for row in rows if not (row is rows[0] and col in groups) for cell in (row[col],)]
        for col in range(len(rows[0]))
    ]
    widths = [max(map(width_of, column)) for column in cells]
    for first, (last, name) in groups.items():
        missing = width_of(name) - sum(widths[first : last + 1]) - 2 * (last - first)
        widths[last] += max(0, missing)
        widths[last] += centred and (sum(widths[first : last + 1]) + width_of(name)) % 2
    side = "middle" if centred else "left"
    upper, spans = [], []
    col = 0
    while col < len(widths):
        last = groups[col][0] if col in groups else col
        upper.append(rows[0][col])
        spans.append(sum(widths[col : last + 1]) + 2 * (last - col))
        col = last + 1
    heading = print_line(upper, spans, Layout(["left"] + [side] * (len(spans) - 1), 2, wide=False))
    lower = print_line(rows[1], widths, Layout(["left"] + [side] * (len(widths) - 1), 2, wide=False))
    figures = Layout(["left"] + ["right"] * (len(widths) - 1), 2, wide=False)
    return [heading, lower, *[print_line(row, widths, figures) for row in rows[2:]]]


@given(grouped())
def test_groups_of_columns_at_the_left_edge_of_their_columns(table: tuple[Rows, Groups]) -> None:
    assert show("\n".join(print_grouped(*table, centred=False))) == [table[0]]


def starts_of(line: str) -> set[int]:
    return {width_of(line[: match.start()]) for match in re.finditer(r"[^ ]+", line)}


@given(grouped())
def test_groups_centred_above_their_columns(table: tuple[Rows, Groups]) -> None:
    lines = print_grouped(*table, centred=True)
    assume(not starts_of(lines[0]) & set().union(*map(starts_of, lines[1:])) - {0})  # else it may begin there
    assert show("\n".join(lines)) == [table[0]]


# --- case by case -----------------------------------------------------------------------------------------------------

TWO_HEADINGS = """\
填报单位：某某管护站　　　　　　　　　　　　　　　　　　单位：万元
年度            合 计       因公出国（境）费  公务用车购置及运行费  公务接待费
                                              购置费  运行费
2019年  决算数  40.35                         25.30   13.55         1.50
        预算数  １６．００                            １４．５０    １．５０
　　说明：2019年购置巡查艇一艘，运行费在内，2020年未购置。"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            TWO_HEADINGS,
            [
                "填报单位：某某管护站　　　　　　　　　　　　　　　　　　单位：万元",
                [
                    ["年度", "", "合 计", "因公出国（境）费", "公务用车购置及运行费", "", "公务接待费"],
                    ["", "", "", "", "购置费", "运行费", ""],
                    ["2019年", "决算数", "40.35", "", "25.30", "13.55", "1.50"],
                    ["", "预算数", "１６．００", "", "", "１４．５０", "１．５０"],
                ],
                "　　说明：2019年购置巡查艇一艘，运行费在内，2020年未购置。",
            ],
            id="headings-of-two-lines",
        ),
        pytest.param(
            "机构名称      收入合计  上年结转  其他收入\n某某站          612.40     10.00         -",
            [[["机构名称", "收入合计", "上年结转", "其他收入"], ["某某站", "612.40", "10.00", "-"]]],
            id="one-row-of-figures",
        ),
        pytest.param(
            "联系人    甲某        联络电话  8600731\n人员编制  37          实有人数  36\n职能      管护站内设施，承担防汛巡查任务。",
            [
                [
                    ["联系人", "甲某", "联络电话", "8600731"],
                    ["人员编制", "37", "实有人数", "36"],
                    ["职能", "管护站内设施，承担防汛巡查任务。", "", ""],
                ]
            ],
            id="text-beyond-the-last-figure",
        ),
        pytest.param(
            "项目　　　　决算数\n三公经费　　　9.86\n　其中：接待　1.20\n　　　用车\n出国　　　　　　—\n小计　　　　　9.86",
            [
                [
                    ["项目", "决算数"],
                    ["三公经费", "9.86"],
                    ["其中：接待", "1.20"],
                    ["用车", ""],
                    ["出国", "—"],
                    ["小计", "9.86"],
                ]
            ],
            id="full-width-blanks",
        ),
        pytest.param(
            "项目\u00a0\u00a0\u00a0\u00a0决算数\n接待\u00a0\u00a0\u00a0\u00a01.20\n用车\u00a0\u00a0\u00a0\u00a03.40\n　出国",
            [[["项目", "决算数"], ["接待", "1.20"], ["用车", "3.40"], ["出国", ""]]],
            id="no-break-blanks-and-a-blank-last-row",
        ),
        pytest.param(
            "项目  数\n甲费  1.0\n乙费  2.0\n二、支出情况（单位：万元）\n"
            "名称      金额    比重\n丙项费用  13.00   12%\n丁项费用  14.00   13%",
            [
                [["项目", "数"], ["甲费", "1.0"], ["乙费", "2.0"]],
                "二、支出情况（单位：万元）",
                [["名称", "金额", "比重"], ["丙项费用", "13.00", "12%"], ["丁项费用", "14.00", "13%"]],
            ],
            id="two-tables-and-a-title",
        ),
        pytest.param(
            "项目    口径    2017年\n三公    预算数  12.0\n        决算数  10.45\n其中：  预算数\n        决算数\n"
            "注：含外宾接待。\n项目    预算数  86.0\n        决算数  84.73",
            [
                [
                    ["项目", "口径", "2017年"],
                    ["三公", "预算数", "12.0"],
                    ["", "决算数", "10.45"],
                    ["其中：", "预算数", ""],
                    ["", "决算数", ""],
                    ["注：含外宾接待。", "", ""],
                    ["项目", "预算数", "86.0"],
                    ["", "决算数", "84.73"],
                ]
            ],
            id="two-columns-of-labels-and-a-note",
        ),
        pytest.param(
            "指标      分值  得分\n数量      50    49.5\n质量      50    50\n总　分    100   99.5",
            [[["指标", "分值", "得分"], ["数量", "50", "49.5"], ["质量", "50", "50"], ["总 分", "100", "99.5"]]],
            id="spaced-word",
        ),
        pytest.param(
            "项目    其中：财政拨款  执行率\n三公            100.00  96.77%\n接待             20.00  100%\n用车              9.50  无",
            [
                [
                    ["项目", "其中：财政拨款", "执行率"],
                    ["三公", "100.00", "96.77%"],
                    ["接待", "20.00", "100%"],
                    ["用车", "9.50", "无"],
                ]
            ],
            id="figures-right-and-left",
        ),
        pytest.param(
            "科目编码  科目名称        决算数\n合计                      12.50万元\n"
            "2081      社会保障支出    10.00万元\n213       农林水支出       2.50万元",
            [
                [
                    ["科目编码", "科目名称", "决算数"],
                    ["合计", "", "12.50万元"],
                    ["2081", "社会保障支出", "10.00万元"],
                    ["213", "农林水支出", "2.50万元"],
                ]
            ],
            id="units-in-the-cells",
        ),
    ],
)
def test_aligned_tables(text: str, expected: list[str | Rows]) -> None:
    assert show(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "全年收入  12.5  万元，比上年\n增加支出  10.0  万元，其中\n接待支出   0.5  万元。\n合计支出  22.5  万元。",
            id="spaced-prose",
        ),
        pytest.param(
            "张某  36  男  大专，会计；\n李某  45  女  本科，出纳；\n王某  51  男  本科，站长。", id="list-of-people"
        ),
        pytest.param("第一章  总则  1\n第二章  收入\n第三章  支出", id="contents"),
        pytest.param("2021年　　部门　36\n2021年  全站共有  14  人\n2020年   3", id="edges-that-differ"),
    ],
)
def test_what_only_looks_aligned_stays_paragraphs(text: str) -> None:
    assert show(text) == text.split("\n")


PROSE = st.lists(
    st.sampled_from("全年支出 12.5 万元 其中接待费 7.72 36 人 比上年减少 ，本年 （见附表） 2021 年 ； 。 、".split()),
    min_size=6,
    max_size=40,
)


@given(st.lists(PROSE, min_size=1, max_size=6), st.sampled_from(["", " ", "\u3000"]))
def test_a_narrative_is_never_a_table(told: list[list[str]], blank: str) -> None:
    """Sentences with one blank, or with one full-width blank now and then, between the words."""
    lines = ["　　" + "".join(word + blank * (i % 7 == 3) for i, word in enumerate(words)) + "元。" for words in told]
    assert show("\n".join(lines)) == lines


@pytest.mark.parametrize(
    "unit",
    [
        "甲费  1.0\n",
        "甲  乙\n",
        "甲\n",
        "甲费  1.0\n乙\u3000费  丙  2.0\n",
        "　甲  1  2\n丙丙丙丙丙  1\n",
        "  1" * 30 + "\n",
    ],
)
def test_long_files_take_linear_time(unit: str) -> None:
    assert read_txt(("始\n" + unit * (100_000 // len(unit)) + "\n终").encode()).blocks


@given(st.text("　 甲乙12.-—：。1、\n", max_size=120))
def test_no_letter_is_lost(text: str) -> None:
    printed = "始\n" + text
    joined = "".join("".join(map("".join, block)) if isinstance(block, list) else block for block in show(printed))
    assert sorted(c for c in joined if c.strip()) == sorted(c for c in printed if c.strip())
