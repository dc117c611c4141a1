"""Sums of the budget and of last year; totals that hold a cell nobody could read; points by the execution rate."""

from __future__ import annotations

import pytest

from documents import document, table
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.finding import Finding
from gouji.patterns import compile_patterns, default_folder, load_patterns
from gouji.validate import validate_report

PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
RULES = compile_patterns(default_folder()).rules
TITLE = "测试区林业站2022年度部门整体支出绩效自评表"
HEAD = "项目 | 2021年决算数 | 2022年预算数 | 2022年决算数"


def _findings(*rows: str, verdict: str = "fail") -> list[Finding]:
    (located,), _ = locate_reports(document(TITLE, "单位：万元", table(*rows)), VOCABULARY)
    report, _ = assemble_report(located.region, located.form, PATTERNS)
    return [finding for finding in validate_report(report, RULES)[0] if finding.verdict == verdict]


def _expenditure(*totals: str) -> tuple[str, ...]:
    return (
        HEAD,
        f"支出合计 | {' | '.join(totals)}",
        "基本支出 | 600.00 | 650.00 | 690.00",
        "项目支出 | 300.00 | 300.00 | 300.00",
    )


def test_an_honest_table_fails_at_no_moment() -> None:
    assert _findings(*_expenditure("900.00", "950.00", "990.00")) == []


@pytest.mark.parametrize(
    ("totals", "cell"),
    [
        (("910.00", "950.00", "990.00"), "t1r2c2"),
        (("900.00", "960.00", "990.00"), "t1r2c3"),
        (("900.00", "950.00", "980.00"), "t1r2c4"),
    ],
)
def test_a_wrong_total_is_found_in_its_own_column(totals: tuple[str, ...], cell: str) -> None:
    (found,) = _findings(*_expenditure(*totals))
    assert (found.rule, found.evidence[0].where) == ("A2", cell)


def test_two_wrong_totals_are_two_findings() -> None:
    found = _findings(*_expenditure("910.00", "960.00", "990.00"))
    assert len({finding.id for finding in found}) == len(found) == 2


def test_a_total_that_holds_what_nobody_could_read_is_asked_about() -> None:
    rows = (*_expenditure("930.00", "950.00", "1030.00"), "往来款项 | 30.00 | ~ | 40.00")
    assert _findings(*rows) == []
    asked = [finding for finding in _findings(*rows, verdict="review") if finding.rule == "A2"]
    assert len(asked) == 2
    assert all("往来款项" in finding.message for finding in asked)


def test_what_nobody_could_read_excuses_no_other_difference() -> None:
    rows = (*_expenditure("935.00", "950.00", "990.00"), "往来款项 | 30.00 | ~ | ~")
    assert [finding.rule for finding in _findings(*rows)] == ["A2"]


def test_a_blank_total_over_filled_parts_is_told_in_its_own_column() -> None:
    assert _findings(*_expenditure("~", "950.00", "990.00")) == []
    (open_one,) = [f for f in _findings(*_expenditure("~", "950.00", "990.00"), verdict="undecided") if f.rule == "A2"]
    assert [(cause.kind, cause.repair[0].where) for cause in open_one.causes] == [("missing_entry", "t1r2c2")]
    no_parts = (
        HEAD,
        "支出合计 | ~ | 950.00 | 990.00",
        "基本支出 | ~ | 650.00 | 690.00",
        "项目支出 | ~ | 300.00 | 300.00",
    )
    assert not [f for f in _findings(*no_parts, verdict="undecided") if f.rule == "A2"]


def test_figures_in_each_others_column_are_one_cause_of_both_sums() -> None:
    rows = (
        HEAD,
        "支出合计 | 912.30 | 987.65 | 990.00",
        "基本支出 | 687.65 | 612.30 | 690.00",
        "项目支出 | 300.00 | 300.00 | 300.00",
    )
    found = [finding for finding in _findings(*rows) if finding.rule == "A2"]
    assert len(found) == 2
    for finding in found:
        first = finding.causes[0]
        assert first.kind == "swap"
        assert {(repair.old, repair.new) for repair in first.repair} in (
            {("687.65", "612.30"), ("612.30", "687.65")},
            {("912.30", "987.65"), ("987.65", "912.30")},
        )


def _funds(total: str, granted: str) -> tuple[str, ...]:
    return (
        "预算资金情况（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 执行率",
        f"年度资金总额 | 50.00 | 56.00 | {total} | 86.79%",
        f"其中：财政拨款 | 50.00 | 56.00 | {granted} | ~",
        "其他资金 | 0.00 | 0.00 | 0.00 | ~",
    )


@pytest.mark.parametrize(("total", "granted", "cell"), [("8.60", "48.60", "t1r2c4"), ("48.60", "8.60", "t1r3c4")])
def test_the_rate_tells_which_of_two_cells_is_wrong(total: str, granted: str, cell: str) -> None:
    assert _findings(*_funds("48.60", "48.60")) == []
    found = {finding.rule: finding for finding in _findings(*_funds(total, granted))}
    first = found["A1-fund"].causes[0]
    assert [(repair.where, repair.new) for repair in first.repair] == [(cell, "48.60")]
    rate = found.get("A11")
    assert (rate is not None) is (cell == "t1r2c4")
    if rate is not None:  # one error behind both
        assert rate.id in found["A1-fund"].affects
        assert "A1-fund" in rate.message


def _levels(head: str) -> tuple[str, ...]:
    return (
        "一级指标 | 三级指标 | 分值 | 得分",
        f"{head}/1x2 | 检查户数 | 8 | 8",
        "造林面积 | 7 | 7",
        "2.产出（85分） | 管护面积 | 85 | 80",
        "总分 | ~ | 100 | 95",
    )


def test_a_wrong_weight_in_a_bracket_is_repaired_in_its_label() -> None:
    assert _findings(*_levels("1.投入（15分）")) == []
    (found,) = [finding for finding in _findings(*_levels("1.投入（51分）")) if finding.rule == "A7"]
    assert found.evidence[0].raw == "1.投入（51分）"
    assert ("1.投入（51分）", "1.投入（15分）") in [(r.old, r.new) for cause in found.causes for r in cause.repair]


def _scored(score: str) -> tuple[str, ...]:
    return (
        "预算执行情况（20分）/1x2 | ~ | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分（20分*执行率）",
        f"部门整体支出总额 | 682.61 | 669.41 | 98.07% | {score}",
        "一级指标 | 二级指标 | 三级指标 | 目标值 | 完成值 | 得分",
        "产出 | 数量 | 检查户数（80分） | 120 | 126 | 78",
        f"总分/5 | {78 + float(score):.2f}",
    )


def test_points_outside_the_list_that_only_their_rate_tells() -> None:
    assert _findings(*_scored("19.61")) == []


def test_a_score_that_no_rate_explains_is_asked_about_and_not_the_points_that_its_head_names() -> None:
    assert _findings(*_scored("18.00")) == []
    asked = {finding.rule for finding in _findings(*_scored("18.00"), verdict="review")}
    assert "S1-execution" in asked
    assert "A7" not in asked
    unnamed = [row.replace("得分（20分*执行率）", "得分") for row in _scored("18.00")]
    assert "A7" in {finding.rule for finding in _findings(*unnamed, verdict="review")}
