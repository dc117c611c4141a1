"""Cells parted by one blank: a table where a heading has a cell for every column, else prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.readers.txt import read_txt
from readers.text_blocks import Rows, show

WORDS = st.text("公务接待费用支出购置运维车辆ABab（）", min_size=2, max_size=12).filter(lambda text: text[-1] != "（")
NUMBERS = st.decimals(-999, 99999, places=2).map(lambda value: f"{value:,}")


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Full rows: words and figures in the same columns, the last of them figures."""
    kinds = [False, *draw(st.lists(st.booleans(), min_size=1, max_size=5)), True]
    rows = [draw(st.tuples(*[NUMBERS if kind else WORDS for kind in kinds])) for _ in range(draw(st.integers(2, 8)))]
    return [draw(st.lists(WORDS, min_size=len(kinds), max_size=len(kinds))), *map(list, rows)]


@given(tables())
def test_any_full_table_survives(rows: Rows) -> None:
    text = "\n".join(" ".join(row) for row in rows)
    assert show(f"表一\n单位：万元\n{text}\n以上。") == ["表一", "单位：万元", rows, "以上。"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "收入 支出\n项目 行次 金额 项目 行次 金额\n一、拨款 1 2.00 一、农林水 31 1.50\n合 计 27 2.00 合 计 57 1.50",
            [
                [
                    ["收入", "支出"],
                    ["项目", "行次", "金额", "项目", "行次", "金额"],
                    ["一、拨款", "1", "2.00", "一、农林水", "31", "1.50"],
                    ["合 计", "27", "2.00", "合 计", "57", "1.50"],
                ]
            ],
            id="two-headings",
        ),
        pytest.param(
            "编码 名称 合计 基本支出\n合计 35.00 30.00\n208 社保 10.00 5.00\n210 卫生 25.00 25.00",
            [
                [
                    ["编码", "名称", "合计", "基本支出"],
                    ["合计", "", "35.00", "30.00"],
                    ["208", "社保", "10.00", "5.00"],
                    ["210", "卫生", "25.00", "25.00"],
                ]
            ],
            id="label-over-two-columns",
        ),
        pytest.param(
            "项目 年初 全年 执行\n甲费 1.00 2.00 3.00\n乙费 4.00 5.00 6.00\n丙费 7.00 8.00",
            [
                [
                    ["项目", "年初", "全年", "执行"],
                    ["甲费", "1.00", "2.00", "3.00"],
                    ["乙费", "4.00", "5.00", "6.00"],
                    ["丙费", "7.00", "8.00"],
                ]
            ],
            id="lost-blank-stays-lost",
        ),
    ],
)
def test_tables(text: str, expected: list[str | Rows]) -> None:
    assert show(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("编制 36 人\n实有 35 人\n聘用 4 人", id="no-heading"),
        pytest.param("本年 收入 支出\n收入 100 万元，\n支出 95 万元。", id="sentences"),
        pytest.param("甲 乙 丙\n1. 收入 10\n2. 支出 20", id="list"),
        pytest.param("姓名 电话 单位\n张某 8600731 某站\n李某 8600732 某局", id="no-figures-at-the-end"),
        pytest.param("项目 年初 执行\n甲费 1.00 2.00", id="one-row"),
    ],
)
def test_what_is_no_table_stays_paragraphs(text: str) -> None:
    assert show(text) == text.split("\n")


@pytest.mark.parametrize(
    "unit", ["甲 乙 丙\n", "甲 乙 1\n", "甲 乙 丙\n甲 乙 1\n", "甲 乙 丙\n甲 1\n甲 乙 1\n", "甲 " * 90 + "\n"]
)
def test_long_files_take_linear_time(unit: str) -> None:
    assert read_txt(("始\n" + unit * (100_000 // len(unit)) + "\n终").encode()).blocks


@given(st.text(" 甲乙12.。1、\n", max_size=100))
def test_no_letter_is_lost(text: str) -> None:
    printed = "始\n" + text
    joined = "".join("".join(map("".join, block)) if isinstance(block, list) else block for block in show(printed))
    assert sorted(c for c in joined if c.strip()) == sorted(c for c in printed if c.strip())
