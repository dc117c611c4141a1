"""Twice the document is twice the work: calls are counted, so that a loaded machine cannot fail these tests.

    calls(4n) − calls(2n)  ≈  2 × (calls(2n) − calls(n))          what is quadratic comes near 4

Every document has words and numbers of its own, so that what one run remembers does not help the next.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from documents import document, table
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.model.document import Document
from gouji.patterns import load_patterns
from gouji.pipeline.document import Engine
from gouji.validate import validate_report

ENGINE = Engine(load_patterns())
SIZES = (200, 400, 800)  # each is numbered from its size on, up to twice it
TITLE = "云溯区财政局2023年度部门整体支出绩效自评报告"
SENTENCE = "本年度基本支出{i}.50万元，其中人员支出80.25万元，公用支出20.25万元；比上年下降5%。"
SCORES = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分"
FIGURES = (
    "项目 | 年初预算数 | 决算数",
    "基本支出 | {i}.00 | 90.00",
    "项目支出 | 50.00 | 45.00",
    "合计 | 150.00 | 135.00",
)


def list_of_projects(numbers: range) -> Document:
    rows = (f"{i} | 修缮{i}号楼 | {i}.50 | {i}.25 | 50%" for i in numbers)
    return document(TITLE, table("序号 | 项目名称 | 年初预算数 | 全年执行数 | 执行率", *rows))


def copies_of_a_figure(numbers: range) -> Document:
    return document(TITLE, table(*(f"基本支出 | {i}.50 | 项目支出 | {i}.25" for i in numbers)))


def indicators(numbers: range) -> Document:
    rows = (f"产出指标 | 数量指标 | 修缮第{i}号楼 | ≥{i}栋 | {i}栋 | 1 | 1" for i in numbers)
    return document(TITLE, table(SCORES, *rows))


def units_of_a_department(numbers: range) -> Document:
    """Ragged, as text is: every second row has lost its last cells."""
    rows = (f"第{i}所 | {i}.50 | {i}.00 | ~ | {i}.50" + " | 1.00 | 0.50" * (i % 2) for i in numbers)
    heads = "单位名称 | 收入合计 | 财政拨款 | 其他收入 | 支出合计 | 基本支出 | 项目支出"
    return document(TITLE, table(heads, *rows), ragged=True)


def plain_words(numbers: range) -> Document:
    return document(TITLE, table(*(f"甲{i} | 乙{i} | 丙{i} | 说明" for i in numbers)))


def columns_nobody_asked_for(numbers: range) -> Document:
    """Wide rather than long."""
    heads, figures = (" | ".join(form.format(i=i) for i in numbers) for form in ("第{i}所", "{i}.00"))
    return document(TITLE, table(heads, figures))


def tables_with_units_below(numbers: range) -> Document:
    blocks = [(table(*(row.format(i=i) for row in FIGURES)), "注：以上金额单位：万元") for i in numbers[::4]]
    return document(TITLE, *(block for pair in blocks for block in pair))


def paragraphs(numbers: range) -> Document:
    return document(TITLE, *(SENTENCE.format(i=i) for i in numbers[::4]))


def one_paragraph(numbers: range) -> Document:
    return document(TITLE, "".join(SENTENCE.format(i=i) for i in numbers[::4]))


def read_through(source: Document) -> None:
    """Locate, extract, validate."""
    located, _ = locate_reports(source, ENGINE.vocabulary)
    for place in located:
        if place.form is not None:
            validate_report(assemble_report(place.region, place.form, ENGINE.patterns)[0], ENGINE.patterns.rules)


def count_calls(source: Document) -> int:
    """Calls of functions, Python's own too, and steps of generators."""
    calls = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    known = sys.getprofile()
    sys.setprofile(note)
    try:
        read_through(source)
    finally:
        sys.setprofile(known)
    return calls


@pytest.mark.parametrize(
    "build",
    [
        list_of_projects,
        copies_of_a_figure,
        units_of_a_department,
        indicators,
        plain_words,
        columns_nobody_asked_for,
        tables_with_units_below,
        paragraphs,
        one_paragraph,
    ],
)
def test_work_grows_as_the_document_does(build: Callable[[range], Document]) -> None:
    read_through(build(range(10, 30)))  # what is made once in a process
    once, twice, four_times = (count_calls(build(range(size, 2 * size))) for size in SIZES)
    assert four_times - twice < 2.1 * (twice - once)
