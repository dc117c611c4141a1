"""The layouts of the workbooks: the shipped ones hold, a broken one is refused with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from gouji.model.errors import PatternError
from gouji.model.finding import Audience, Severity, Verdict
from gouji.model.quantity import STATES
from gouji.model.report import ReportKind
from gouji.patterns import default_folder, load_patterns
from gouji.patterns.exports import load_exports

LABELS = """verdicts: {fail: 不符}
severities: {hard: 必改}
audiences: {bureau: 财政}
demands: {hard: 请改}
counts: {hard: "{count}项"}
reports: {overall: 报告}
categories: {A: 表内}
checks: {"*": 内容审核}
states: {blank: 空白}
relations: {total: 合计}
causes: {digit: 数字}
registrations: {filed: 已报}
rulings: {opinion: 意见, by: 人, closed: 销号, reasons: [说明], waive: [豁免], refuse: [不], hard: [必改], yes: [是]}
"""
HEAD = "id: x\nfile: x.xlsx\nunit: {name: 万元, factor: 10000}\nsheets:\n  - name: 甲\n    title: 题\n    rows: departments\n    columns:\n"


def load(tmp_path: Path, layout: str, labels: str = LABELS) -> list[str]:
    """Problems of one layout file."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "x.yml").write_text(layout, encoding="utf-8")
    (tmp_path / "exports" / "labels.yml").write_text(labels, encoding="utf-8")
    try:
        load_exports(tmp_path, {"income.total"})
    except PatternError as error:
        return error.problems
    return []


def test_the_shipped_layouts_know_every_concept() -> None:
    exports = load_exports(default_folder(), load_patterns().concepts)
    assert [sheet.name for sheet in exports.layouts["summary"].sheets] == [
        "汇总表", "收入", "支出", "三公经费", "人员", "固定资产", "指标得分", "扣分汇总", "等次分布", "上年对比", "项目",
        "审核问题", "报送登记", "未报送名单", "图表", "口径说明",
    ]  # fmt: skip
    assert exports.layouts["findings"].file == "审核问题.xlsx"


def test_the_shipped_words_cover_the_model() -> None:
    labels = load_exports(default_folder()).labels
    assert set(labels.verdicts) == set(get_args(Verdict))
    assert set(labels.severities) == set(labels.demands) == set(labels.counts) == set(get_args(Severity))
    assert set(labels.audiences) == set(get_args(Audience))
    assert set(labels.states) == set(STATES)
    assert set(labels.reports) == set(get_args(ReportKind))


def test_a_good_layout_has_no_problems(tmp_path: Path) -> None:
    assert load(tmp_path, HEAD + "      - {at: [收入, 合计], concept: income.total}\n") == []


@pytest.mark.parametrize(
    ("column", "line", "what"),
    [
        ("{at: 收入, concept: income.nothing}", 9, "没有 income.nothing 这个要素"),
        ("{at: 收入}", 9, "须恰好写一种"),
        ("{at: 收入, concept: income.total, people: yes}", 9, "须恰好写一种"),
        ("{at: [一, 二, 三, 四], concept: income.total}", 9, "级表头"),
        ("{at: 率, ratio: [income.total]}", 9, "须写两栏"),
        ("{at: 率, ratio: [income.total, income.other]}", 5, "不是这张表的栏目"),
        ("{at: 收入, concept: income.total, widht: 9}", 9, "不认识 widht"),
        ("{at: 收入, concept: income.total, width: wide}", 9, "不是数"),
        ("{at: 收入, concept: income.total, as: euro}", 9, "不在可用的之中"),
        ("{at: 单位, field: unit_nmae}", 5, "departments 没有 unit_nmae 这一项"),
    ],
)
def test_a_broken_column_is_refused_with_its_line(tmp_path: Path, column: str, line: int, what: str) -> None:
    problems = load(tmp_path, HEAD + f"      - {column}\n")
    assert any(problem.startswith(f"exports/x.yml:{line}:") and what in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("chart", "what"),
    [
        ("{title: 图, draw: bar, source: top, sheet: 甲, of: [income.other]}", "没有“income.other”这一栏"),
        ("{title: 图, draw: bar, source: top}", "要写明 sheet 和 of"),
        (
            "{title: 图, draw: column, source: bands, sheet: 甲, of: [income.total], limits: [60, 90]}",
            "limits 应从大到小",
        ),
        ("{title: 图, draw: donut, source: rules}", "不在可用的之中"),
    ],
)
def test_a_broken_chart_is_refused(tmp_path: Path, chart: str, what: str) -> None:
    text = HEAD + "      - {at: 收入, concept: income.total}\n    charts:\n      - " + chart + "\n"
    assert any(what in problem for problem in load(tmp_path, text))


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    text = HEAD + "      - {at: 收入, concept: income.x}\n      - {at: 支出, concept: income.y}\n"
    problems = load(tmp_path, text, LABELS.replace("causes: {digit: 数字}\n", ""))
    assert len(problems) == 3


def test_words_that_decide_nothing_are_refused(tmp_path: Path) -> None:
    problems = load(
        tmp_path, HEAD + "      - {at: 收入, concept: income.total}\n", LABELS.replace("waive: [豁免], ", "")
    )
    assert [problem.partition(": ")[2] for problem in problems] == ["缺少 waive 的说法"]


def test_two_columns_of_one_concept_need_a_key(tmp_path: Path) -> None:
    column = "      - {at: 收入, concept: income.total}\n"
    assert any("请给其中一栏写 key" in problem for problem in load(tmp_path, HEAD + column * 2))
