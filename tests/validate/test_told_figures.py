"""Figures that only sentences tell: one told twice, totals with their parts, last year's label, another unit's name."""

from __future__ import annotations

import pytest

from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, GoalLine
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = load_patterns().rules
STAFF = {"staffing.in_service": "45人", "staffing.in_service[另表]": "54人"}
SPENT = {"expenditure.total": "880.00万元", "expenditure.basic": "560.00万元", "expenditure.project": "300.00万元"}
LAST = {"expenditure.total[2020]": "640.00万元", "expenditure.basic[2020]": "440.00万元"}


def verdicts(example: Example) -> dict[str, str]:
    report = build_report(example)
    return {f.rule: f.verdict for f in validate_report(report, RULES)[0]}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("年末在职45人。全局在职54人，人均支出16万元。", "review"),
        ("年末在职45人。局机关在职54人。", "not_applicable"),
        ("年末在职45人。年初在职54人。", "not_applicable"),
        ("年末在职45人。2020年末在职54人。", "not_applicable"),
        ("年末在职45人，其中含借调的在职54人。", "not_applicable"),
        ("年末在职45人。年末在职54人（含劳务派遣9人）。", "not_applicable"),
    ],
)
def test_heads_told_twice(text: str, verdict: str) -> None:
    assert verdicts(Example("pass", {}, text=text, prose=STAFF))["N7-figure"] == verdict


def test_a_cell_leaves_it_to_the_table() -> None:
    told = Example("pass", {"staffing.in_service": "45"}, text="年末在职45人。全局在职54人。", prose=STAFF)
    assert verdicts(told)["N7-figure"] == "not_applicable"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("支出合计880.00万元，其中基本支出560.00万元，项目支出300.00万元。", "review"),
        ("支出合计880.00万元，其中基本支出560.00万元，项目支出300.00万元，结余分配20.00万元。", "pass"),
        ("总计880.00万元，其中本年860.00万元、结转20.00万元：基本支出560.00万元，项目支出300.00万元。", "pass"),
        ("一般公共预算支出880.00万元，其中基本支出560.00万元，项目支出300.00万元。", "not_applicable"),
        ("支出合计880.00万元。\n基本支出560.00万元。\n项目支出300.00万元。", "not_applicable"),
    ],
)
def test_totals_with_their_parts(text: str, verdict: str) -> None:
    assert verdicts(Example("pass", {}, text=text, prose=SPENT))["N3-sum"] == verdict


def test_whole_amounts_may_be_rounded() -> None:
    told = {"expenditure.total": "880万元", "expenditure.basic": "560.4万元", "expenditure.project": "319.7万元"}
    text = "支出合计880万元，其中基本支出560.4万元，项目支出319.7万元。"
    assert verdicts(Example("pass", {}, text=text, prose=told))["N3-sum"] == "pass"


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        ({"expenditure.total": "640.00", "expenditure.basic": "440.00"}, "review"),
        ({"expenditure.total": "640.00", "expenditure.basic": "441.00"}, "pass"),
        ({"expenditure.total": "640.00", "expenditure.total[2020]": "640.00", "expenditure.basic": "440.00"}, "pass"),
    ],
)
def test_amounts_of_the_year_told_of_the_year_before(figures: dict[str, str], verdict: str) -> None:
    assert verdicts(Example("pass", figures, prose=LAST))["T2"] == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("示例县教育局是县人民政府工作部门，编制8人。", "review"),
        ("示例县教育中心是示例县红十字会下属事业单位。", "pass"),
        ("示例县红十字会是群团机关。", "pass"),
        ("县教育局是县人民政府工作部门。", "pass"),
    ],
)
def test_the_opening_sentence_names_the_unit(text: str, verdict: str) -> None:
    example = Example("pass", {}, sections=(f"一、部门概况 | {text}",), names=("示例县红十字会",))
    report = build_report(example)
    named = report.__class__(
        **{f: getattr(report, f) for f in report.__struct_fields__} | {"unit_name": "示例县红十字会"}
    )
    assert next(f.verdict for f in validate_report(named, RULES)[0] if f.rule == "X5") == verdict


@pytest.mark.parametrize(("result", "verdict"), [("46次", "review"), ("52次", "pass"), ("达标", "not_applicable")])
def test_all_goals_met(result: str, verdict: str) -> None:
    goals = (GoalLine("数量指标", "指标1：开展督查50次", result),)
    assert verdicts(Example("pass", {}, text="年度绩效目标全部完成。", goals=goals))["X7-all"] == verdict


def test_a_grade_that_sentences_tell() -> None:
    told = {"performance.score": "88分", "performance.grade": "优"}
    assert verdicts(Example("pass", {}, prose=told))["G1"] == "review"
    assert verdicts(Example("pass", {}, prose=told | {"performance.score": "92分"}))["G1"] == "pass"
    assert verdicts(Example("pass", {}, prose={"performance.score": "92分"}))["G1"] == "not_applicable"


def test_assets_handed_over_are_no_contradiction() -> None:
    form = {"assets.total": "0", "assets.in_use": "0"}
    sections = ("一、概况 | 固定资产31.5万元已全部划转，年末为0。",)
    assert verdicts(Example("pass", form, prose={"assets.total": "31.5万元"}, sections=sections))["X1"] != "fail"
    kept = ("一、概况 | 固定资产31.5万元，管理规范。",)
    assert verdicts(Example("pass", form, prose={"assets.total": "31.5万元"}, sections=kept))["X1"] == "fail"
