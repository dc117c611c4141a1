"""The rules A9, S1, S3, S5–S9, G2 over small reports."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model.finding import Finding
from gouji.model.report import Report
from gouji.patterns import compile_patterns, default_folder
from gouji.patterns.rules import Example, ScoreLine
from gouji.validate import validate_report
from gouji.validate.context import NOTHING_AROUND, Compared, Context
from gouji.validate.examples import build_report

RULES = compile_patterns(default_folder()).rules
NAMES = {name: concept for concept, name in RULES.names.items()}
ASSETS = "每低于100%一个百分点扣0.1分，扣完为止。"
STAFF = "不超编得5分；每超出1个百分点扣0.5分，扣完为止。"
CONTROL = "不高于100%得6分；每高出1个百分点扣1分，扣完为止。"
CHANGE = "变动率不高于0得5分；高于0的，每高出1个百分点扣0.5分，扣完为止。"
SURVEY = "95%（含）以上得5分；85%（含）至95%得3分；低于85%不得分。"


def line(name: str, weight: str, score: str, criterion: str, **more: object) -> ScoreLine:
    return ScoreLine(name, weight, score, criterion=criterion, **more)  # type: ignore[arg-type]


def report(*rows: ScoreLine, text: str = "", prose: Mapping[str, str] | None = None, **figures: str) -> Report:
    """Figures by Chinese name."""
    return staged(*rows, figures=figures, text=text, prose=prose)


def staged(
    *rows: ScoreLine, figures: Mapping[str, str], text: str = "", prose: Mapping[str, str] | None = None
) -> Report:
    """Figures by Chinese name; a stage or year follows in brackets: 三公经费合计[年初预算]."""
    return build_report(Example("pass", _by_concept(figures), rows=rows, text=text, prose=_by_concept(prose or {})))


def _by_concept(figures: Mapping[str, str]) -> dict[str, str]:
    parts = [(key.partition("["), text) for key, text in figures.items()]
    return {NAMES[name] + bracket + rest: text for (name, bracket, rest), text in parts}


def findings(given_report: Report, rule: str, context: Context = NOTHING_AROUND) -> list[Finding]:
    found, _ = validate_report(given_report, RULES, context=context)
    return [finding for finding in found if finding.rule == rule]


def verdicts(given_report: Report, rule: str, context: Context = NOTHING_AROUND) -> list[str]:
    return [finding.verdict for finding in findings(given_report, rule, context)]


def assets(score: str, in_use: str, total: str) -> Report:
    return report(line("固定资产利用率", "3", score, ASSETS), 在用固定资产=in_use, 固定资产合计=total)


# --- S1 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("score", ["2.6", "2.5", "2.55"])
def test_a_score_of_any_reading_passes(score: str) -> None:
    assert verdicts(assets(score, "955.00", "1000.00"), "S1") == ["pass"]


def test_a_score_of_no_reading_fails_without_telling_the_right_one() -> None:
    (found,) = findings(assets("3", "955.00", "1100.00"), "S1")
    assert (found.verdict, found.severity, found.audience) == ("fail", "explain", "department")
    assert found.difference is None
    assert "固定资产利用率" in found.message
    assert not {"1.7", "1.6", "86", "1.68"} & set(found.message.replace("，", " ").split())
    assert "满一个百分点才扣 1.7 分，不足一个按一个扣 1.6 分" in (found.expression or "")


def test_an_under_claim_is_a_note() -> None:
    (found,) = findings(assets("2", "100.00", "100.00"), "S1")
    assert (found.verdict, found.severity) == ("review", "note")


def test_a_whole_score_that_may_be_rounded_does_not_fail() -> None:
    (found,) = findings(assets("3", "985.00", "1000.00"), "S1")
    assert found.verdict == "review"
    assert "取整" in found.message


def test_a_score_that_follows_from_another_usage_only_is_asked_about() -> None:
    row = line("固定资产利用率", "3", "3", ASSETS)
    (found,) = findings(report(row, 在用固定资产="90.00", 出租固定资产="10.00", 固定资产合计="100.00"), "S1")
    assert found.verdict == "review"
    assert "出租" in found.message
    assert verdicts(report(row, 在用固定资产="80.00", 出租固定资产="10.00", 固定资产合计="100.00"), "S1") == ["fail"]


@pytest.mark.parametrize(("in_use", "total"), [("95.00", ""), ("95.00", "0"), ("", "100.00"), ("95.O0", "100.00")])
def test_a_blank_or_zero_input_is_undecided(in_use: str, total: str) -> None:
    assert verdicts(assets("3", in_use, total), "S1") == ["undecided"]


def test_actual_staff_may_hold_others_than_those_in_service() -> None:
    row = line("财政供养人员控制率", "5", "5", STAFF)
    (found,) = findings(report(row, 人员编制="36", 实有人数="38"), "S1")
    assert found.verdict == "review"
    assert "编外" in found.message
    assert verdicts(report(row, 人员编制="36", 实有人数="52", prose={"在职人数": "35人"}), "S1") == ["pass"]
    assert verdicts(report(row, 人员编制="36", 在职人数="38"), "S1") == ["fail"]


def test_either_budget_may_be_meant() -> None:
    row = line("三公经费控制率", "6", "6", CONTROL)
    figures = {"三公经费合计": "10.50", "三公经费合计[年初预算]": "10.00", "三公经费合计[全年预算]": "11.00"}
    assert verdicts(staged(row, figures=figures), "S1") == ["pass"]
    figures["三公经费合计[全年预算]"] = "10.20"
    assert verdicts(staged(row, figures=figures), "S1") == ["fail"]


def test_last_year_comes_from_a_column_or_from_last_years_report() -> None:
    row = line("三公经费变动率", "5", "5", CHANGE)
    assert verdicts(staged(row, figures={"三公经费合计": "7.72", "三公经费合计[2020]": "7.00"}), "S1") == ["fail"]
    this_year = report(row, 三公经费合计="7.72")
    assert verdicts(this_year, "S1") == ["not_applicable"]
    assert verdicts(this_year, "S1-prior") == []


@pytest.mark.parametrize(("before", "verdict"), [("8.00", "pass"), ("7.00", "fail")])
def test_last_years_report_makes_a_change_rate_computable(before: str, verdict: str) -> None:
    this_year = report(line("三公经费变动率", "5", "5", CHANGE), 三公经费合计="7.72")
    context = Context(last_year=Compared(report(三公经费合计=before), "去年.docx"))
    (found,) = findings(this_year, "S1-prior", context)
    assert found.verdict == verdict
    assert [piece.source for piece in found.evidence if piece.place.startswith("上年")] == (
        ["去年.docx"] if verdict == "fail" else []
    )


@pytest.mark.parametrize(
    ("score", "carried", "current", "left", "verdict"),
    [
        ("3", "20.00", "0", "20.00", "pass"),  # nothing left of this year
        ("2", "20.00", "0", "20.00", "pass"),  # nothing more than last year
        ("3", "20.00", "5.00", "25.00", "review"),
        ("2", "20.00", "5.00", "25.00", "review"),
        ("0", "20.00", "5.00", "25.00", "pass"),
        ("3", "20.00", "", "", "not_applicable"),
    ],
)
def test_balances_in_words(score: str, carried: str, current: str, left: str, verdict: str) -> None:
    row = line("资金结余", "3", score, "没有结余得3分；有结余但不多于上年结转得2分；多于上年结转不得分。")
    assert verdicts(report(row, 上年结转=carried, 当年结余=current, 累计结余=left), "S1") == [verdict]


def test_the_reason_of_the_row_counts_where_no_figure_does() -> None:
    row = line("服务对象满意度", "5", "5", SURVEY, reason="问卷满意度88%")
    (found,) = findings(report(row), "S1")
    assert found.verdict == "review"
    fitting = line("服务对象满意度", "5", "3", SURVEY, reason="问卷满意度88%")
    assert verdicts(report(fitting), "S1") == ["pass"]


def test_a_criterion_whose_points_are_not_the_weight_is_not_computed() -> None:
    row = line("固定资产利用率", "4", "4", "达到100%得3分；每低1个百分点扣0.1分")
    assert verdicts(report(row, 在用固定资产="80.00", 固定资产合计="100.00"), "S1") == ["not_applicable"]


def test_a_criterion_in_the_wrong_row_is_not_computed() -> None:
    row = line("固定资产利用率", "6", "6", "公用经费控制率不高于100%得6分；每高出1个百分点扣1分")
    assert verdicts(report(row, 在用固定资产="80.00", 固定资产合计="100.00"), "S1") == ["not_applicable"]


@given(st.integers(1, 10**7), st.integers(0, 10**7), st.sampled_from([0, 1, 2]))
def test_an_honest_score_on_printed_figures_is_never_accused(total: int, used: int, decimals: int) -> None:
    """The score follows from the true figures; the table prints them rounded."""
    used = min(used, total)
    lost = (total - used) * 100 // total
    score = max(30 - lost, 0)
    printed = [f"{value / 100:.{decimals}f}" for value in (used, total)]
    found = findings(assets(f"{score // 10}.{score % 10}", *printed), "S1")
    assert not [f for f in found if f.verdict == "fail" or (f.verdict == "review" and f.severity != "note")]


# --- S3 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "score", "criterion", "verdict"),
    [
        ("5", "3", SURVEY, "pass"),
        ("5", "4", SURVEY, "fail"),
        ("5", "4.0", "每查实一例扣1分，扣完为止", "pass"),
        ("5", "4.5", "每查实一例扣1分，扣完为止", "fail"),
        ("4", "3.5", "按时公开得2分，内容完整得2分。", "review"),
        ("3", "2.55", ASSETS, "not_applicable"),
        ("3", "2.5", "视情况酌情计分", "not_applicable"),
        ("5", "3", "≥95%得5分", "not_applicable"),
    ],
)
def test_scores_that_can_occur(weight: str, score: str, criterion: str, verdict: str) -> None:
    assert verdicts(report(line("某项", weight, score, criterion)), "S3") == [verdict]


# --- S5, S6 -----------------------------------------------------------------------------------------------------------


def test_full_marks_for_what_the_form_does_not_ask_are_told_of_the_form() -> None:
    rows = [line("三公经费变动率", "5", "5", CHANGE), line("三公经费控制率", "6", "6", CONTROL)]
    (found,) = findings(report(*rows, 三公经费合计="7.72"), "S5-form")
    assert (found.verdict, found.audience, found.severity) == ("review", "template", "note")
    assert "三公经费变动率（缺 上年三公经费合计）" in found.message
    assert "2 项" in found.message
    assert verdicts(report(*rows, 三公经费合计="7.72"), "S5") == ["pass"]
    stated = report(rows[1], text="三公经费预算12.00万元，决算9.86万元，控制率82.17%。")
    assert verdicts(stated, "S5-form") == ["pass"]


def test_full_marks_beside_an_empty_cell_are_the_units_matter() -> None:
    row = line("固定资产利用率", "3", "3", "每低于100%一个百分点扣0.1分，扣完为止")
    (found,) = findings(report(row, 在用固定资产="", 固定资产合计="100.00"), "S5")
    assert (found.verdict, found.audience, found.severity) == ("review", "bureau", "note")
    assert "缺 在用固定资产" in found.message
    assert verdicts(report(row, 在用固定资产="", 固定资产合计="100.00"), "S5-form") == ["pass"]


def test_nothing_to_divide_by_earns_no_full_marks() -> None:
    row = line("重点支出安排率", "5", "5", "≥90%得5分；低于90%不得分")
    (found,) = findings(report(row, 支出合计="871.05", 基本支出="871.05", 项目支出=""), "S6")
    assert found.verdict == "review"
    assert verdicts(report(row, 支出合计="871.05", 基本支出="671.05", 项目支出="200.00"), "S6") == ["not_applicable"]


# --- S9 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "weight", "score", "criterion", "text", "verdict"),
    [
        ("三公经费控制率", "6", "4", CONTROL, "三公经费年初预算10.00万元，决算9.80万元，控制率98.00%。", "review"),
        ("三公经费控制率", "6", "4", CONTROL, "三公经费决算10.25万元，控制率102.50%。", "pass"),
        ("三公经费变动率", "5", "5", CHANGE, "三公经费决算9.86万元，比上年减少1.42万元，下降12.59%。", "pass"),
        ("三公经费变动率", "5", "5", CHANGE, "三公经费决算9.86万元，比上年增加1.42万元，增长16.82%。", "review"),
        (
            "三公经费变动率",
            "5",
            "5",
            CHANGE,
            "三公经费比上年增加（减少）3.12万元，增长（下降）9.09%。",
            "not_applicable",
        ),
        ("三公经费变动率", "5", "5", CHANGE, "三公经费中公务接待费同比增长9.09%。", "not_applicable"),
        ("三公经费变动率", "5", "5", CHANGE, "2019年三公经费同比增长9.09%。", "not_applicable"),
        ("服务对象满意度", "5", "5", SURVEY, "服务对象满意度目标不低于90%。", "not_applicable"),
        ("服务对象满意度", "5", "5", SURVEY, "经调查，服务对象满意度达到88.5%。", "review"),
    ],
)
def test_a_score_against_what_the_report_says(
    name: str, weight: str, score: str, criterion: str, text: str, verdict: str
) -> None:
    assert verdicts(report(line(name, weight, score, criterion), text=text), "S9") == [verdict]


def test_the_implied_ratio_is_for_the_bureau() -> None:
    (found,) = findings(assets("2", "51.10", "51.10"), "S9")
    assert (found.verdict, found.severity, found.audience) == ("review", "note", "bureau")
    assert "89%（不含）至 90%（含）" in found.message


# --- G2 ---------------------------------------------------------------------------------------------------------------


def test_the_recomputed_total_is_an_interval_with_its_grade() -> None:
    rows = [line("固定资产利用率", "3", "3", ASSETS), line("产出", "97", "87.5", "由单位说明")]
    (found,) = findings(report(*rows, 在用固定资产="855.00", 固定资产合计="1000.00", 综合得分="90.5"), "G2")
    assert found.verdict == "review"
    assert "89–89.1 分（良）" in found.message
    assert "复核得分" not in found.message


# --- the form's own criteria ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "criterion", "verdict"),
    [
        ("3", "①有办法，1分；②内容全，1分；③有执行，1分。", "pass"),
        ("4", "①有办法，1分；②内容全，1分；③有执行，1分。", "review"),
        ("5", SURVEY, "pass"),
        ("6", SURVEY, "review"),
        ("4", "共4分。程序合规1分，手续齐全3分", "pass"),
        ("5", "优秀得5分，良好得4分，差不得分", "pass"),
        ("5", "每完成一项得1分", "not_applicable"),
        ("5", "每获一次表彰加0.5分", "not_applicable"),
        ("5", "每查实一例扣1分", "not_applicable"),
        ("5", "达标的得满分，否则得2分", "not_applicable"),
    ],
)
def test_points_inside_a_criterion(weight: str, criterion: str, verdict: str) -> None:
    assert verdicts(report(line("某项", weight, "3", criterion)), "A9") == [verdict]


def test_criteria_that_say_nothing_stand_in_one_line() -> None:
    rows = [
        line("社会效益", "5", "5", "由单位说明"),
        line("生态效益", "5", "5", "明显"),
        line("产量", "5", "5", "按完成比例计分"),
    ]
    (found,) = findings(report(*rows), "S7")
    assert (found.verdict, found.audience) == ("review", "template")
    assert "社会效益、生态效益" in found.message
    assert "产量" not in found.message


def test_a_shared_weight_says_how_it_splits() -> None:
    rows = [line("经济效益", "10", "5", "由单位说明", share=2), line("社会效益", "", "5", "由单位说明", share=2)]
    assert verdicts(report(*rows), "S8") == ["review"]


def test_rows_that_are_declared_not_applicable_are_left_alone() -> None:
    row = line("固定资产利用率", "3", "不适用", ASSETS)
    given_report = report(row, 在用固定资产="0", 固定资产合计="0")
    assert verdicts(given_report, "S1") == ["not_applicable"]
    assert verdicts(given_report, "S6") == ["not_applicable"]


def test_no_standard_indicators_no_recomputing() -> None:
    bare = msgspec.structs.replace(RULES, indicators=())
    found, _ = validate_report(assets("3", "80.00", "100.00"), bare)
    assert [finding.verdict for finding in found if finding.rule == "S1"] == ["not_applicable"]
