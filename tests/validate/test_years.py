"""Rules that look back: what a sentence claims of which figure, which target is lower, what is copied from last year."""

from __future__ import annotations

import pytest

from gouji.model.finding import Finding
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, GoalLine
from gouji.validate import validate_report
from gouji.validate.context import NOTHING_AROUND, Compared, Context
from gouji.validate.examples import build_report

RULES = load_patterns().rules
FIGURES = {
    "three_public.total": "7.72",
    "three_public.reception": "3.02",
    "expenditure.basic": "1203.20",
    "expenditure.project": "407.00",
}
LAST = {
    "three_public.total": "8.10",
    "three_public.reception": "3.22",
    "expenditure.basic": "1255.04",
    "expenditure.project": "500.00",
}


def findings(example: Example, rule: str, context: Context = NOTHING_AROUND) -> list[Finding]:
    found, _ = validate_report(build_report(example), RULES, context=context)
    return [finding for finding in found if finding.rule == rule]


def last_year(figures: dict[str, str], goals: tuple[GoalLine, ...] = ()) -> Context:
    return Context(
        last_year=Compared(build_report(Example("pass", figures, year=2020, goals=goals)), "2020年度报告：a.docx")
    )


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("基本支出与上年1,255.04万元相比减少51.84万元，下降4.13 %，主要是人员减少。", "pass"),
        ("基本支出比上年减少５１．８４万元。", "pass"),
        ("项目支出与上年相比减少18.6 %，原因是少办展会11场。", "pass"),
        ("项目支出与上年相比减少28.6%。", "review"),
        ("“三公”经费支出7.72万元，较2020年的8.10万元减少0.38万元。", "pass"),
        ("“三公”经费支出7.72万元，其中：公务接待费3.02万元，比上年减少0.20万元。", "pass"),
        ("“三公”经费7.72万元，同比增长4.69%。", "review"),
        ("项目支出比上年减少约90万元。", "pass"),
        # of something else, of another year, of the budget, of a part: nothing is said
        ("“三公”经费支出7.72万元，其中用于接待的费用比上年减少0.90万元。", "not_applicable"),
        ("“三公”经费预算7.72万元，决算3.20万元，比上年减少1.42万元。", "not_applicable"),
        ("项目支出比2018年减少28.6%。", "not_applicable"),
        ("项目支出比年初预算减少28.6%。", "not_applicable"),
        ("公务接待费3.02万元，公务用车费4.70万元，较去年分别减少0.11万元、0.20万元。", "not_applicable"),
        ("一般公共预算基本支出比上年减少9.9%。", "not_applicable"),
        ("项目支出的情况\n二、与上年相比减少28.6%。", "not_applicable"),
        ("“三公”经费比上年增加（减少）3.12万元，增长（下降）9.09%。", "not_applicable"),
    ],
)
def test_a_sentence_speaks_of_the_figure_right_before_it(sentence: str, verdict: str) -> None:
    example = Example("pass", FIGURES, sections=(f"一、支出情况 | {sentence}",))
    assert [f.verdict for f in findings(example, "Y4", last_year(LAST))] == [verdict]


def test_a_claim_is_shown_with_both_years() -> None:
    example = Example("pass", FIGURES, sections=("一、支出情况 | 项目支出与上年相比减少28.6%。",))
    (finding,) = findings(example, "Y4", last_year(LAST))
    assert "减少 18.60%" in finding.message
    assert [piece.source for piece in finding.evidence] == ["", "", "2020年度报告：a.docx"]


def test_money_whose_unit_is_in_doubt_is_not_compared() -> None:
    """A header 万元 over figures in 元: one finding on the unit, none against what finance holds."""
    figures = {"expenditure.total": "8710500", "expenditure.personnel": "6030300"}
    more = {"three_public.reception": "7.72", "staffing.actual": "36"}
    example = Example("pass", figures | more, prose={"expenditure.total": "871.05万元"})
    reference = Context(reference=Compared(build_report(Example("pass", {"expenditure.total": "871.05"})), "决算.xlsx"))
    assert [f.verdict for f in findings(example, "X5-unit", reference)] == ["fail"]
    assert [f.verdict for f in findings(example, "F1-account", reference)] == ["undecided"]
    plain = Example("pass", {"expenditure.total": "8710500"})
    assert [f.verdict for f in findings(plain, "F1-account", reference)] == ["fail"]


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        ("制发公文600份", "制发公文500份", "review"),
        ("2020年制发公文600份", "2021年制发公文620份", "pass"),
        ("完成老旧小区改造12个", "完成老旧小区整治改造8个", "review"),
        ("群众满意度≥95%", "群众满意度≥90%", "review"),
        ("会议费≤15万元", "会议费≤12万元", "pass"),
        ("信访件10个工作日内办结", "信访件7个工作日内办结", "pass"),
        ("举办培训6期300人", "举办培训4期320人", "pass"),
        ("制发公文600份", "开展河道巡查48次", "not_applicable"),
    ],
)
def test_a_target_is_lower_where_the_same_words_promise_less(before: str, now: str, verdict: str) -> None:
    example = Example("pass", {}, goals=(GoalLine("数量指标", now),))
    context = last_year({}, (GoalLine("数量指标", before),))
    assert [f.verdict for f in findings(example, "Y6", context)] == [verdict]


def test_what_last_years_form_lacked_says_nothing() -> None:
    example = Example("pass", {"assets.total": "50.0"})
    assert [f.verdict for f in findings(example, "Y5", last_year({"assets.total": "缺"}))] == ["not_applicable"]
    assert [f.verdict for f in findings(example, "Y5", last_year({"assets.total": ""}))] == ["undecided"]


def test_rows_of_others_have_no_last_year() -> None:
    example = Example("pass", {"income.carryover": "8.20"}, entities={"二级机构": {"income.carryover": "3.00"}})
    (finding,) = findings(example, "Y1", last_year({"balance.cumulative": "8.20"}))
    assert finding.verdict == "pass"
