"""Tables that run over pages: one table, with what the pages printed between its rows below it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.readers.txt import read_txt
from gouji.readers.txt_pages import join_pages
from readers.text_blocks import show

TABLES = {
    "bars": ["|项目|预算|决算|", "|接待|1.00|2.00|", "|用车|3.00|    |", "|出国|    |6.00|"],
    "tabs": ["项目\t预算\t决算", "接待\t1.00\t2.00", "用车\t3.00\t", "出国\t\t6.00"],
    "aligned": ["项目  预算  决算", "接待  1.00  2.00", "用车  3.00", "出国        6.00"],
}
ROWS = [["项目", "预算", "决算"], ["接待", "1.00", "2.00"], ["用车", "3.00", ""], ["出国", "", "6.00"]]


@pytest.mark.parametrize("notation", TABLES)
@pytest.mark.parametrize("at", [2, 3])
@pytest.mark.parametrize(
    ("gap", "printed"),
    [
        ("\n- 3 -\n\n", ["- 3 -"]),
        ("— 3 —\n", ["— 3 —"]),
        ("\n第3页 共12页\n\f", ["第3页 共12页"]),
        ("\n\n  3/12\n\n\n", ["  3/12"]),
        ("\n3\n\n", ["3"]),
        ("\n\f\n", []),
        ("\f", []),
    ],
)
def test_page_numbers_between_rows_go_below_the_table(notation: str, at: int, gap: str, printed: list[str]) -> None:
    lines = TABLES[notation]
    text = "\n".join(lines[:at]) + "\n" + gap + "\n".join(lines[at:]) + "\n\n正文\n"
    assert show(text) == [ROWS, *printed, "正文"]


@pytest.mark.parametrize("notation", TABLES)
def test_running_heads_between_rows_go_below_the_table(notation: str) -> None:
    lines = TABLES[notation]
    text = "\n".join([*lines[:2], "", "- 1 -", "\f某局公开", "", lines[2], "\f某局公开", lines[3], "", "正文"])
    assert show(text) == [ROWS, "- 1 -", "某局公开", "某局公开", "正文"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("正文一\n\n- 3 -\n\n正文二", id="prose"),
        pytest.param("\f\n某局公开\n正文", id="break-first"),
        pytest.param("收入10万元，\n3\n支出9万元。", id="number-in-a-sentence"),
    ],
)
def test_page_numbers_elsewhere_stay_where_they_are(text: str) -> None:
    assert show(text) == [line for line in text.split("\n") if line.strip()]


def test_tables_of_different_shape_on_two_pages_stay_two() -> None:
    assert show("|甲|1|2|\n|乙|3|4|\n\f|丙|1|2|3|\n|丁|4|5|6|") == [
        [["甲", "1", "2"], ["乙", "3", "4"]],
        [["丙", "1", "2", "3"], ["丁", "4", "5", "6"]],
    ]


def test_cells_that_a_tab_opens_keep_their_numbers() -> None:
    assert show("\t人数\n\t编制\n\n36\n\n\t实有\n\t35\n") == [[["人数", "编制\n36"], ["实有", "35"]]]


@given(
    st.lists(
        st.sampled_from(["", "\f", "- 3 -", "3", "某局", "|甲|1|", "甲\t1\t2", "\t甲", "甲  1  2", "甲"]), max_size=30
    )
)
def test_no_line_is_lost(lines: list[str]) -> None:
    assert sorted(filter(str.strip, join_pages(lines))) == sorted(filter(str.strip, lines))


@pytest.mark.parametrize("unit", ["\n- 3 -\n", "\f", "甲\t1\t2\n\n3\n", "|甲|1|\n\f", "\f某局\n甲  1  2\n"])
def test_long_files_take_linear_time(unit: str) -> None:
    assert read_txt(("始\n" + unit * (100_000 // len(unit)) + "\n终").encode()).blocks
