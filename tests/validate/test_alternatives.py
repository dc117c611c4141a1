"""Conventions that differ from place to place: a sum fails only where none of them lets it close."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from gouji.model.finding import Finding
from gouji.model.quantity import Quantity, Unit
from gouji.model.report import Fact, Report, Section
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, ScoreLine
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = load_patterns().rules
BALANCE = ("income.total", "expenditure.total", "income.carryover", "balance.current", "balance.cumulative")


def one(report: Report, rule: str) -> Finding:
    (found,) = [finding for finding in validate_report(report, RULES)[0] if finding.rule == rule]
    return found


def figures(rule: str, cells: dict[str, str], text: str = "", **more: object) -> Finding:
    return one(build_report(Example("pass", cells, text=text, **more)), rule)  # type: ignore[arg-type]


def balance(*cells: str, text: str = "") -> Finding:
    return figures("A4", dict(zip(BALANCE, cells, strict=True)), text)


# --- A1, A2 -----------------------------------------------------------------------------------------------------------


def test_income_by_the_wider_appropriation() -> None:
    wide = {"income.total": "500.00", "income.fiscal": "470.00", "income.other": "30.00", "income.special_account": "0"}
    assert figures("A1", wide | {"income.carryover": "0"}).verdict == "pass"
    outside = figures("A1", wide | {"income.carryover": "20.00"})
    assert (outside.verdict, outside.difference) == ("review", Decimal("-20.00"))
    assert "上年结转似未计入收入合计" in outside.message
    assert figures("A1", wide | {"income.carryover": "20.00", "income.total": "510.00"}).verdict == "fail"


def test_a_form_without_basic_expenditure_adds_its_two_parts() -> None:
    cells = {"expenditure.personnel": "503.03", "expenditure.public": "158.17", "expenditure.project": "200.00"}
    assert figures("A2", cells | {"expenditure.total": "861.20"}).verdict == "pass"
    assert figures("A2", cells | {"expenditure.total": "871.20"}).difference == Decimal("10.00")


def test_where_the_form_has_basic_expenditure_its_parts_are_no_way_out() -> None:
    cells = {"expenditure.personnel": "503.03", "expenditure.public": "158.17", "expenditure.project": "200.00"}
    wrong = figures("A2", cells | {"expenditure.total": "861.20", "expenditure.basic": "651.20"})
    assert (wrong.verdict, wrong.difference) == ("fail", Decimal("10.00"))


# --- A4 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        (("900.00", "800.00", "0", "100.00", "100.00"), "pass"),
        (("900.00", "800.00", "60.00", "100.00", "160.00"), "pass"),  # 上年结转 outside 收入合计
        (("900.00", "800.00", "60.00", "40.00", "100.00"), "pass"),  # 上年结转 inside
        (("792.22", "799.12", "", "-6.90", "13.13"), "undecided"),  # 年初 unknown
        (("792.22", "799.12", "5.00", "-6.90", "13.13"), "review"),  # 年初 20.03 is more than what was carried over
        (("792.22", "799.12", "0", "-6.90", "13.13"), "review"),
        (("792.22", "799.12", "25.00", "-6.90", "13.13"), "fail"),  # more was carried over than there was
        (("900.00", "800.00", "0", "50.00", "50.00"), "fail"),  # the year itself does not close
        (("900.00", "800.00", "60.00", "100.00", "100.00"), "fail"),
    ],
)
def test_balances(cells: tuple[str, ...], verdict: str) -> None:
    assert balance(*cells).verdict == verdict


def test_a_review_shows_where_the_usual_way_does_not_close() -> None:
    found = balance("792.22", "799.12", "5.00", "-6.90", "13.13")
    assert found.difference == Decimal("-15.03")
    assert "年初如另有结余请说明" in found.message


def test_an_accepted_reason_with_the_very_amount_explains() -> None:
    cells = ("900.00", "800.00", "0", "50.00", "50.00")
    assert balance(*cells, text="年末财政收回存量资金50.00万元。").verdict == "review"
    assert balance(*cells, text="年末财政收回存量资金40.00万元。").verdict == "fail"


# --- A7, A8 -----------------------------------------------------------------------------------------------------------

ROWS = (ScoreLine("产出", "50", "50"), ScoreLine("效益", "30", "28", "春旱"), ScoreLine("满意度", "10", "10"))
RATE = {"budget.execution_rate": "99.74%"}
BESIDE = {"scoring.execution_weight": "10", "scoring.execution_score": "9.97"}


@pytest.mark.parametrize("beside", [RATE, BESIDE, RATE | BESIDE])
@pytest.mark.parametrize("total", ["98", "97.97", "98.0"])
def test_ten_points_outside_the_list(beside: dict[str, str], total: str) -> None:
    report = build_report(Example("pass", beside | {"scoring.score_total": total}, rows=ROWS))
    assert (one(report, "A7").verdict, one(report, "A8").verdict) == ("pass", "pass")


@pytest.mark.parametrize("total", ["97", "99", "97.5", "98.5"])
def test_a_total_that_no_rounding_of_the_ten_points_gives(total: str) -> None:
    report = build_report(Example("pass", BESIDE | {"scoring.score_total": total}, rows=ROWS))
    assert one(report, "A8").verdict == "fail"


def test_ten_points_beside_a_list_of_a_hundred_are_one_too_many() -> None:
    rows = (*ROWS, ScoreLine("附加", "3", "3"))
    found = one(build_report(Example("pass", BESIDE, rows=rows)), "A7")
    assert (found.verdict, found.difference) == ("fail", Decimal(3))


def test_a_row_for_execution_counts_once() -> None:
    rows = (*ROWS, ScoreLine("预算执行率", "10", "9.97"))
    report = build_report(Example("pass", BESIDE | {"scoring.score_total": "97.97"}, rows=rows))
    assert (one(report, "A7").verdict, one(report, "A8").verdict) == ("pass", "pass")


def test_the_rate_is_the_reason_of_its_own_deduction() -> None:
    rows = (*ROWS, ScoreLine("预算执行", "10", "9.97"))
    assert one(build_report(Example("pass", RATE, rows=rows)), "S4").verdict == "pass"
    rows = (*ROWS, ScoreLine("预算执行", "10", "9.97", criterion="每低一个百分点扣0.1分"))
    assert one(build_report(Example("pass", RATE, rows=rows)), "S4").verdict == "fail"


@pytest.mark.parametrize(
    ("total", "verdict"),
    [
        ("91.58", "pass"),
        ("91.57", "pass"),
        ("92", "pass"),
        ("91", "pass"),
        ("91.6", "pass"),
        ("91.5", "pass"),
        ("91.59", "fail"),
        ("91.56", "fail"),
        ("93", "fail"),
        ("90", "fail"),
        ("91.7", "fail"),
    ],
)
def test_a_rescaled_total_is_rounded_or_cut_and_no_more(total: str, verdict: str) -> None:
    """87 of 95 is 91.5789…"""
    rows = (ScoreLine("控制率", "95", "87", "超编"), ScoreLine("出国", "5", "不适用"))
    assert one(build_report(Example("pass", {"scoring.score_total": total}, rows=rows)), "A8").verdict == verdict


def chosen(*scores: str, weight: str = "40") -> Report:
    """Ten points of each of six items, and a block of three options of which one is chosen."""
    rows = [ScoreLine(f"指标{i}", "10", "10", level1="项目决策") for i in range(6)]
    options = [
        ScoreLine(f"方向{i}", weight, score, "有原因", level1="项目效果(可选项)") for i, score in enumerate(scores)
    ]
    total = {"scoring.score_total": "97.5"}
    return build_report(Example("pass", total, rows=(*rows, *options)))


def test_options_that_were_not_chosen_are_no_weights() -> None:
    assert one(chosen("", "", "37.5"), "A7").verdict == "pass"
    assert one(chosen("", "", "37.5"), "A8").verdict == "pass"
    assert one(chosen("", "20", "17.5"), "A7").verdict == "fail"  # two chosen make 140
    assert one(chosen("", "", "37.5", weight="30"), "A7").difference == Decimal(-10)


# --- scope ------------------------------------------------------------------------------------------------------------

THREE = ("three_public.total", "three_public.reception", "three_public.vehicle_running")


def test_money_of_one_scope_is_added_within_it() -> None:
    cells = zip(THREE, ("6.50", "2.10", "4.00"), strict=True)
    report = build_report(Example("pass", {f"{concept}[一般公共预算]": cell for concept, cell in cells}))
    found = [f for f in validate_report(report, RULES)[0] if f.rule == "A5" and f.verdict != "not_applicable"]
    assert [f.verdict for f in found] == ["undecided"]  # 6.50 − 6.10 may stand in the two columns that are missing
    assert "表内没有“公务用车购置费、因公出国费”栏" in found[0].message
    assert found[0].id.endswith("A5-一般公共预算")


def test_scopes_are_never_added_or_compared() -> None:
    own = dict(zip(THREE, ("6.10", "2.10", "4.00"), strict=True))
    other = {"three_public.reception[一般公共预算]": "0.90", "three_public.total[一般公共预算]": "5.20"}
    findings = validate_report(build_report(Example("pass", own | other)), RULES)[0]
    assert [f.verdict for f in findings if f.rule == "X1-copies"] == ["not_applicable"]
    assert not [f for f in findings if f.verdict == "fail" and f.rule.startswith(("A", "X1"))]


def test_a_stray_column_is_no_sum() -> None:
    """本年收入 beside 上年结转 alone: the table lists no sources."""
    assert figures("A1", {"income.total": "306.52", "income.carryover": "18.00"}).verdict == "not_applicable"


# --- A10a -------------------------------------------------------------------------------------------------------------

TOTAL = "expenditure.total"
UNITS = {"局机关": {TOTAL: "1200.00"}, "一中": {TOTAL: "2300.00"}, "二中": {TOTAL: "1800.00"}}


def offsets(whole: str, moved: dict[str, dict[str, str]], text: str = "") -> Finding:
    entities = {name: cells | moved.get(name, {}) for name, cells in UNITS.items()}
    report = build_report(Example("pass", {TOTAL: whole}, entities=entities, text=text))
    (found,) = [f for f in validate_report(report, RULES)[0] if f.rule == "A10a"]
    return found


@pytest.mark.parametrize(
    ("whole", "moved", "text", "verdict"),
    [
        ("5300.00", {}, "", "pass"),
        ("5000.00", {}, "", "fail"),
        ("5000.00", {"局机关": {"expenditure.affiliated": "300.00"}}, "", "review"),
        ("5000.00", {"一中": {"income.superior": "300.00"}}, "", "review"),
        ("5000.00", {"一中": {"income.superior": "200.00"}, "二中": {"income.superior": "100.00"}}, "", "review"),
        (
            "4950.00",
            {"局机关": {"expenditure.affiliated": "300.00"}, "一中": {"expenditure.upward": "50.00"}},
            "",
            "review",
        ),
        ("5000.00", {"一中": {"income.superior": "290.00"}}, "", "fail"),
        ("5000.00", {}, "汇总时已抵销内部往来300万元。", "review"),
        ("5000.00", {}, "上下级往来300.00万元在汇总时抵消。", "review"),
        ("5000.00", {}, "汇总时已抵销内部往来30万元。", "fail"),
        ("5600.00", {"一中": {"income.superior": "300.00"}}, "", "fail"),  # a summary that is too large is no offset
    ],
)
def test_offsets(whole: str, moved: dict[str, dict[str, str]], text: str, verdict: str) -> None:
    found = offsets(whole, moved, text)
    assert found.verdict == verdict, found.message
    kinds = [cause.kind for cause in found.causes]
    assert kinds == ["internal_offset"] if verdict == "review" else "internal_offset" not in kinds


def test_an_offset_names_its_amount_and_its_cells() -> None:
    found = offsets("5000.00", {"局机关": {"expenditure.affiliated": "300.00"}, "一中": {"income.superior": "300.00"}})
    assert found.difference == Decimal("-300.00")
    assert "300.00" in found.message
    assert "offset" in {evidence.relation for evidence in found.evidence}


def test_what_the_summary_itself_prints_is_no_movement_inside_it() -> None:
    """上级补助 300 from outside the department stands in the summary too: it explains nothing. Of 400, 100 moved inside."""
    entities = {name: cells | {"income.superior": "300.00" if name == "一中" else "0"} for name, cells in UNITS.items()}
    report = build_report(Example("pass", {TOTAL: "5000.00", "income.superior": "300.00"}, entities=entities))
    found = [f for f in validate_report(report, RULES)[0] if f.rule == "A10a"]
    assert [f.verdict for f in found] == ["fail"]
    entities["二中"] |= {"income.superior": "100.00"}
    inside = Example("pass", {TOTAL: "5200.00", "income.superior": "300.00"}, entities=entities)
    found = [f for f in validate_report(build_report(inside), RULES)[0] if f.rule == "A10a"]
    assert {f.verdict for f in found} == {"review"}


def test_rates_do_not_add_up() -> None:
    """行政 100 %, 事业 80 %, together 90.91 %: a row of rates is no row of addends."""
    below = {"行政人员": {"staffing.actual": "10"}, "事业人员": {"staffing.actual": "8"}}
    report = build_report(Example("pass", {"staffing.actual": "19"}, entities=below))
    assert one(report, "A10a").verdict == "fail"
    assert (
        one(msgspec.structs.replace(report, facts=tuple(map(as_rate, report.facts))), "A10a").verdict
        == "not_applicable"
    )


def as_rate(fact: Fact) -> Fact:
    """The same number as a percentage."""
    assert fact.quantity is not None
    return msgspec.structs.replace(fact, content=Quantity(fact.quantity.value, Unit("%", "percent"), 0))


def test_sections_without_amounts_explain_nothing() -> None:
    report = build_report(Example("pass", {TOTAL: "5000.00"}, entities=UNITS))
    silent = msgspec.structs.replace(report, sections=(Section("一", "概况", "p1", "汇总时已抵销内部往来。"),))
    assert one(silent, "A10a").verdict == "fail"


def test_a_cell_that_two_units_share_counts_once() -> None:
    below = {"本级": {TOTAL: "5.22"}, "天气站": {TOTAL: "5.22"}, "鉴定站": {TOTAL: "0.42"}}
    report = build_report(Example("pass", {TOTAL: "5.64"}, entities=below))
    assert one(report, "A10a").verdict == "fail"
    cells = {"本级": "t1r3c2", "天气站": "t1r3c2", "鉴定站": "t1r5c2"}
    facts = (msgspec.structs.replace(f, where=cells.get(f.entity or "", f.where)) for f in report.facts)
    assert one(msgspec.structs.replace(report, facts=tuple(facts)), "A10a").verdict == "pass"


def test_no_unit_has_more_than_the_summary_of_a_column_that_cannot_be_added_up() -> None:
    def judged(concept: str, whole: str, part: str) -> str:
        below = {"局机关": {concept: part}, "二级机构1": {"staffing.actual": "3"}}
        return one(build_report(Example("pass", {concept: whole}, entities=below)), "A10a").verdict

    assert judged("three_public.reception", "0.50", "0.52") == "fail"
    assert judged("three_public.reception", "0.51", "0.52") == "undecided"  # both may be 0.515
    assert judged("three_public.reception", "0.54", "0.52") == "undecided"
    assert judged(TOTAL, "0.50", "0.52") == "undecided"  # 局机关 may have passed some on


def test_copies_that_only_together_let_a_sum_close_block_it() -> None:
    """支出合计 and 基本支出 stand twice, first as parts of something else: no single choice closes, both do."""
    cells = {TOTAL: "12.70", "expenditure.basic": "12.70", "expenditure.project": "62.00"}
    twice = {f"{TOTAL}[另表]": "168.46", "expenditure.basic[另表]": "106.46"}
    assert figures("A2", cells).verdict == "fail"
    assert figures("A2", cells | twice).verdict == "undecided"


def test_several_columns_of_one_name_in_one_table_are_a_readers_doubt() -> None:
    report = build_report(Example("pass", {TOTAL: "12.70", f"{TOTAL}[另表]": "168.46"}))
    assert one(report, "X1-copies").verdict == "fail"
    inside = (msgspec.structs.replace(fact, place="《支出情况》表 · 支出合计 列") for fact in report.facts)
    assert one(msgspec.structs.replace(report, facts=tuple(inside)), "X1-copies").verdict == "undecided"
