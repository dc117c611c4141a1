"""Separated values: what is a table and what is not, encodings, quotes, heads whose merges were lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.readers import read_document
from gouji.readers.sheets.separated import find_separated
from readers.sheets.grids import draw

TABLE = '机构名称,收入合计,备注\r\n局机关,"1,286.40",\r\n合计,871.05,"第一行\n第二行"\r\n'
DRAWN = ["机构名称 | 收入合计 | 备注", "局机关 | 1,286.40 | ·", "合计 | 871.05 | 第一行/第二行"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_in_any_encoding(encoding: str) -> None:
    document = read_document(TABLE.encode(encoding), "表.csv")
    assert draw(document) == DRAWN
    assert (document.format, document.notices) == ("csv", ())


def test_semicolons_titles_and_notes() -> None:
    text = "云溯区某局收支表\n单位：万元\n项目;金额\n接待费;7,72\n会议费;1,50\n注：决算数\n"
    assert draw(read_document(text.encode(), "表.csv")) == [
        "p 云溯区某局收支表", "p 单位：万元", "项目 | 金额", "接待费 | 7,72", "会议费 | 1,50", "p 注：决算数",
    ]  # fmt: skip


def test_heads_tell_where_merges_were() -> None:
    text = (
        "收支情况表,,,,,\n"
        "机构名称,支出合计,其中：,,,结余\n"
        ",,基本支出,其中：,,\n"
        ",,,人员支出,公用支出,\n"
        "局机关,871.05,871.05,603.03,268.02,\n"
    )
    assert draw(read_document(text.encode(), "表.csv")) == [
        "p 收支情况表",
        "机构名称 | 支出合计 | 其中： | > | > | 结余",
        "> | > | 基本支出 | 其中： | > | >",
        "> | > | > | 人员支出 | 公用支出 | >",
        "局机关 | 871.05 | 871.05 | 603.03 | 268.02 | ·",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1,278.92\n2,333.00\n3,444.00\n",
        "基本支出  6,602,500.00\n项目支出  4,763,000.00\n合计  11,365,500.00\n",
        "全年支出1,278.92万元，其中3,444.00万元。\n又支出1,222.33万元，其中3,333.33万元。\n",
        "收入\t1,278.92\n支出\t2,333.00\n",
        "关于召开会议的通知\n\n请准时参加, 不得缺席.\n\n联系人：韦某\n",
        "a, b and c came.\nThen d, e, f and g left, too.\nNobody else, though.\n",
        'a,"b\nc,d\n',
        "项目,金额\n",
    ],
)
def test_what_is_no_table_stays_text(text: str) -> None:
    assert find_separated(text) is None
    assert read_document(text.encode(), "文.txt").format == "txt"


def test_lost_characters_are_noted() -> None:
    data = TABLE.encode() + "合计".encode()[:-1]
    assert [notice.code for notice in read_document(data, "表.csv").notices] == ["R2"]


VALUES = st.text(alphabet="甲乙收入1289.,;\"'\n ", max_size=8).map(lambda text: f"值{text}值")


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=2, max_size=6), st.sampled_from(",;"))
def test_any_table_of_words_comes_back(rows: list[list[str]], delimiter: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    found = find_separated(buffer.getvalue())
    assert found == rows or delimiter == ";"
    if delimiter == ",":
        lines = draw(read_document(buffer.getvalue().encode(), "表.csv"))
        wanted = [
            " | ".join("/".join(part.strip() and part for part in value.split("\n") if part.strip()) for value in row)
            for row in rows
        ]
        assert [line.replace(" ", "") for line in lines] == [line.replace(" ", "") for line in wanted]
