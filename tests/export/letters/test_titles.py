"""Titles break where their words end; their lines are about equally long."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from gouji.export.letters.template import Template
from gouji.export.letters.titles import ROOM, balance_lines
from gouji.patterns import load_patterns
from readers.docx.wordml import docx, p, run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ENDING = ["2021年度", "部门整体支出", "绩效自评报告的", "审核意见函"]


@pytest.mark.parametrize(
    ("unit", "lines"),
    [
        ("某局", ["关于某局2021年度部门整体支出", "绩效自评报告的审核意见函"]),
        ("云溯区财政局", ["关于云溯区财政局2021年度", "部门整体支出绩效自评报告的审核意见函"]),
        ("云溯区政务督查和综合服务中心", ["关于云溯区政务督查和综合服务中心", "2021年度部门整体支出", "绩效自评报告的审核意见函"]),
    ],
)  # fmt: skip
def test_the_opinion_of_units_with_names_of_every_length(unit: str, lines: list[str]) -> None:
    assert balance_lines([f"关于{unit}", *ENDING]) == lines


def test_quotation_marks_are_as_wide_as_characters() -> None:
    pieces = ["关于整改2023年度", "预算、决算和“三公”经费", "公开资料", "有关问题的", "通知"]
    assert balance_lines(pieces) == ["关于整改2023年度", "预算、决算和“三公”经费", "公开资料有关问题的通知"]


def test_a_name_too_long_for_a_line_leaves_the_others_whole() -> None:
    name = f"关于{'很' * 24}局"
    assert balance_lines([name, *ENDING]) == [name, "2021年度部门整体支出", "绩效自评报告的审核意见函"]


def test_a_short_title_stays_on_one_line() -> None:
    assert balance_lines(["关于某局", "的通报"]) == ["关于某局的通报"]


def test_lines_are_as_equal_as_the_words_allow() -> None:
    assert balance_lines(["甲" * 6, "乙" * 6, "丙" * 6, "丁" * 6]) == ["甲" * 6 + "乙" * 6, "丙" * 6 + "丁" * 6]
    assert balance_lines(["甲" * ROOM, "乙"]) == ["甲" * ROOM, "乙"]


def test_breaks_are_word_breaks_and_a_value_makes_none() -> None:
    template = Template(docx(p("关于{{单位}}{{换行处}}", run("{{年度}}{{换行处}}绩效自评报告的审核意见函"))), "测试")
    letter = template.fill({"单位": "沅岚市云溯区某某服务\u2028中心", "年度": "2021年度"})
    with zipfile.ZipFile(io.BytesIO(letter)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    pieces = ["⏎" if node.tag == W + "br" else node.text for node in body.iter(W + "t", W + "br")]
    assert "".join(filter(None, pieces)) == "关于沅岚市云溯区某某服务 中心⏎2021年度绩效自评报告的审核意见函"


def test_every_shipped_title_may_be_broken() -> None:
    titles = [line.text for letter in load_patterns().letters.kinds for line in letter.lines if line.style == "title"]
    assert titles
    assert all("{{换行处}}" in title for title in titles)
