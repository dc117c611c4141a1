"""Rules on a whole report: the hard cases of the field, units of money, years, names, blanks, causes, messages."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.model.finding import Finding
from gouji.model.report import Report, Section, Statement
from gouji.patterns import compile_patterns, default_folder
from gouji.patterns.rules import Example, ScoreLine
from gouji.validate import validate_report
from gouji.validate.context import Compared, Context
from gouji.validate.examples import build_report
from gouji.validate.message import SENTENCES
from gouji.validate.texts import read_ordinal

RULES = compile_patterns(default_folder()).rules
ALONE = {rule.id for rule in RULES.rules if not rule.needs}
INCOME = ("total", "carryover", "public_budget", "gov_fund", "special_account", "other")
SPENDING = ("expenditure.total", "expenditure.basic", "expenditure.personnel", "expenditure.public", "expenditure.project",
    "balance.current", "balance.cumulative")  # fmt: skip


def income(*cells: str) -> dict[str, str]:
    return {f"income.{name}": cell for name, cell in zip(INCOME, cells, strict=True)}


def spending(*cells: str) -> dict[str, str]:
    return dict(zip(SPENDING, cells, strict=True))


def judged(report: Report) -> list[Finding]:
    return list(validate_report(report, RULES)[0])


def verdicts(report: Report) -> dict[str, str]:
    """Rule → its worst verdict."""
    order = ("fail", "review", "undecided", "pass", "not_applicable")
    found: dict[str, str] = {}
    for finding in judged(report):
        found[finding.rule] = min(found.get(finding.rule, "not_applicable"), finding.verdict, key=order.index)
    return found


def failing(report: Report) -> set[str]:
    return {rule for rule, verdict in verdicts(report).items() if verdict == "fail"}


def one(report: Report, rule: str) -> Finding:
    (found,) = [finding for finding in judged(report) if finding.rule == rule]
    return found


# --- submissions that break tools -------------------------------------------------------------------------------------


def test_a_negative_year_does_not_fail() -> None:
    figures = income("792.22", "", "792.22", "", "", "") | spending(
        "799.12", "512.29", "434.89", "77.40", "286.83", "-6.90", "13.13"
    )
    report = build_report(Example("pass", figures))
    assert failing(report) == set()
    assert verdicts(report)["A4"] == "undecided"
    with_opening = build_report(Example("pass", figures | {"income.carryover": "20.03"}))
    assert verdicts(with_opening)["A4"] == "pass"
    assert verdicts(with_opening)["A1"] == "review"  # 上年结转 stands outside 收入合计


def test_preprinted_rows_pass_and_the_summary_counts_once() -> None:
    rows = {
        "局机关": income("176.26", "35.87", "80.39", "60", "", ""),
        "二级机构1": income("53.2", "1.36", "25.74", "26.1", "", ""),
    }
    found = verdicts(build_report(Example("pass", income("229.46", "37.23", "106.13", "86.1", "", ""), entities=rows)))
    assert (found["A1"], found["A10a"]) == ("pass", "pass")


def test_offsets_between_units_are_a_review_with_their_amount() -> None:
    rows = {
        "局机关": {"expenditure.total": "1200.00", "expenditure.affiliated": "300.00"},
        "一中": {"expenditure.total": "2300.00", "income.superior": "300.00"},
        "二中": {"expenditure.total": "1800.00"},
    }
    found = one(build_report(Example("pass", {"expenditure.total": "5000.00"}, entities=rows)), "A10a")
    assert (found.verdict, found.difference, found.causes[0].kind) == ("review", Decimal("-300.00"), "internal_offset")
    plain = {name: {"expenditure.total": cells["expenditure.total"]} for name, cells in rows.items()}
    assert (
        one(build_report(Example("pass", {"expenditure.total": "5000.00"}, entities=plain)), "A10a").verdict == "fail"
    )


WRONG_UNIT = income("8710500", "", "8710500", "", "", "") | spending(
    "8710500", "8710500", "6030300", "2680200", "", "", ""
)
SMALL = {"three_public.total": "7.72", "three_public.reception": "7.72", "staffing.actual": "36"}


def test_a_wrong_unit_is_one_finding_and_no_sum_fails() -> None:
    report = build_report(Example("pass", WRONG_UNIT | SMALL, prose={"expenditure.total": "871.05万元"}))
    assert failing(report) == {"X5-unit"}
    found = one(report, "X5-unit")
    assert found.severity == "hard"
    assert "正文写明支出合计为 871.05万元" in found.message
    assert {e.where for e in found.evidence} >= {"p1_0_8"}
    assert verdicts(report)["A3"] == "pass"


def test_without_a_second_witness_no_unit_is_accused() -> None:
    """A sentence alone may be a slip of the sentence."""
    figures = {"expenditure.total": "8710500.50", "expenditure.project": "12.50"}
    assert "X5-unit" not in failing(
        build_report(Example("pass", figures, prose={"expenditure.total": "871.05005万元"}))
    )


def test_yuan_over_figures_in_ten_thousands() -> None:
    figures = spending("871.05", "871.05", "603.03", "268.02", "", "", "") | {"staffing.actual": "36"}
    report = build_report(Example("pass", figures, unit="元", prose={"expenditure.total": "871.05万元"}))
    assert failing(report) == {"X5-unit"}


def test_a_sentence_that_repeats_the_digits_under_another_unit_accuses_nobody() -> None:
    """52136 万元 in the table, 52136元 in the text: the slip is more likely the sentence's."""
    figures = spending("52136", "40000", "30000", "10000", "12136", "", "")
    figures |= {"three_public.total": "7.72", "staffing.actual": "1120"}
    assert "X5-unit" not in failing(build_report(Example("pass", figures, prose={"expenditure.total": "52136元"})))


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_right_units_are_left_alone(unit: str) -> None:
    cells = (
        ("8710500", "8710500", "6030300", "2680200", "0", "0", "0")
        if unit == "元"
        else ("871.05", "871.05", "603.03", "268.02", "0", "0", "0")
    )
    figures = spending(*cells) | {"staffing.actual": "36"}
    assert (
        verdicts(build_report(Example("pass", figures, unit=unit, prose={"expenditure.total": "871.05万元"})))[
            "X5-unit"
        ]
        == "pass"
    )


def test_sums_across_a_doubtful_unit_wait() -> None:
    """A4 joins a block in doubt with a block that is not."""
    figures = income("871.05", "", "871.05", "", "", "") | spending(
        "8710500", "8710500", "6030300", "2680200", "", "1.00", ""
    )
    report = build_report(Example("pass", figures | SMALL, prose={"expenditure.total": "871.05万元"}))
    assert failing(report) == {"X5-unit"}
    assert verdicts(report)["A4"] == "undecided"


def test_an_institution_names_what_the_form_has_no_column_for() -> None:
    figures = {"expenditure.total": "2575.49", "expenditure.basic": "1980.00", "expenditure.project": "395.49"}
    report = build_report(Example("pass", figures, text="支出合计含经营支出150、上缴上级50。"))
    found = one(report, "A2")
    assert (found.verdict, found.causes[0].kind) == ("review", "unlisted_part")
    assert "经营支出 150 万元" in found.message
    assert "上缴上级支出 50 万元" in found.message
    assert (
        one(build_report(Example("pass", figures, text="支出合计含经营支出140、上缴上级50。")), "A2").verdict == "fail"
    )
    assert one(build_report(Example("pass", figures)), "A2").verdict == "fail"


def test_contract_staff_are_no_matter_for_these_rules() -> None:
    report = build_report(Example("pass", {"staffing.authorized": "36", "staffing.actual": "52"}))
    assert failing(report) == set()


def test_a_blank_form_fails_nothing() -> None:
    figures = dict.fromkeys(
        [*income("", "", "", "", "", ""), *SPENDING, "three_public.total", "performance.score", "performance.grade"], ""
    )
    assert failing(build_report(Example("pass", figures, rows=(ScoreLine("甲", "100", ""),)))) == set()


def test_an_empty_report_fails_nothing() -> None:
    assert failing(Report(None, None, None, None, None)) == set()


def test_parts_above_the_whole_and_negative_parts() -> None:
    report = build_report(
        Example(
            "pass", {"assets.total": "58.00", "assets.in_use": "62.00", "assets.other": "-4.00", "assets.leased": ""}
        )
    )
    found = {f.id.removeprefix("000000-2021-A10b-"): f.difference for f in judged(report) if f.rule == "A10b"}
    assert found == {"assets.in_use": Decimal("4.00"), "assets.other": Decimal("-4.00")}


def test_a_negative_balance_is_allowed() -> None:
    assert "A10b" not in failing(
        build_report(Example("pass", spending("10.00", "10.00", "6.00", "4.00", "0", "-3.00", "0")))
    )


# --- what a report says about itself ----------------------------------------------------------------------------------

COVER = "某区2021年度部门整体支出绩效评价自评报告"


@pytest.mark.parametrize(
    ("titles", "date", "verdict"),
    [
        ((COVER,), "2022-05-17", "pass"), ((COVER,), "2022-05", "pass"), ((COVER,), "2022", "pass"), ((COVER,), "2021-07-20", "fail"),
        ((COVER,), "2023-01-04", "fail"), ((COVER,), "2021-12-30", "review"), ((COVER,), "", "undecided"),
        ((COVER, "2020年度收入情况"), "2022-05-17", "fail"), ((COVER, "2021年度收入情况（2020年数见附表）"), "2022-05-17", "pass"),
        ((COVER, "2022年绩效目标申报表"), "2022-05-17", "pass"), ((COVER, "2022年度支出情况"), "2022-05-17", "fail"),
    ],
)  # fmt: skip
def test_years(titles: tuple[str, ...], date: str, verdict: str) -> None:
    assert verdicts(build_report(Example("pass", {}, titles=titles, date=date)))["X3"] == verdict


@pytest.mark.parametrize(
    ("kind", "texts", "verdict"),
    [
        ("unit_name", ("某市某区人民政府办公室", "某区人民政府办公室"), "pass"),
        ("unit_name", ("某区住房和城乡建设局", "某区住房与城乡建设局"), "pass"),
        ("unit_name", ("某区民政局", "某区教育局"), "review"), ("unit_name", ("某区民政局", "收支情况"), "pass"),
        ("budget_code", ("102001", "102001"), "pass"), ("budget_code", ("102001", "102010"), "fail"),
    ],
)  # fmt: skip
def test_names_and_codes(kind: str, texts: tuple[str, ...], verdict: str) -> None:
    statements = tuple(Statement(kind, text, f"p{i}", "封面") for i, text in enumerate(texts, start=1))
    report = msgspec.structs.replace(build_report(Example("pass", {})), statements=statements)
    assert verdicts(report)["X5"] == verdict


def test_cells_by_state_are_one_line() -> None:
    found = one(build_report(Example("pass", income("871.05", "", "871.05", "0", "无", "87x"))), "C2")
    assert found.verdict == "review"
    assert "有数 2、0 1、写明无 1、空白 1、无法辨认 1" in found.message
    assert [e.relation for e in found.evidence] == ["blank", "unreadable"]


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ("一二三", "pass"),
        ("一二四", "review"),
        ("一二二", "review"),
        ("一二一二三", "pass"),
        ("一", "not_applicable"),
        ("二三四", "pass"),
    ],
)
def test_numbering(numbers: str, verdict: str) -> None:
    sections = tuple(Section(number, "标题", f"p{i}", "") for i, number in enumerate(numbers, start=1))
    assert verdicts(msgspec.structs.replace(build_report(Example("pass", {})), sections=sections))["C3"] == verdict


@pytest.mark.parametrize(
    ("text", "number"),
    [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("1", None), ("", None), ("一一", None)],
)
def test_ordinals(text: str, number: int | None) -> None:
    assert read_ordinal(text) == number


# --- what every finding carries ---------------------------------------------------------------------------------------


def messy_report() -> Report:
    figures = income("871.05", "20.00", "771.05", "", "", "") | spending(
        "881.05", "871.05", "613.03", "268.02", "", "5.00", "7.00"
    )
    rows = (ScoreLine("甲", "40", "42"), ScoreLine("乙", "61", "50"))
    texts = {
        "performance.score": "88",
        "performance.grade": "达标",
        "scoring.score_total": "93",
        "scoring.weight_total": "100",
    }
    return build_report(
        Example(
            "pass",
            figures | texts,
            rows=rows,
            titles=(COVER, "2020年度收入"),
            date="2021-03-01",
            sections=("一、甲", "三、乙"),
        )
    )


def test_every_finding_is_complete() -> None:
    findings = judged(messy_report())
    assert len({finding.id for finding in findings}) == len(findings)
    assert {finding.rule for finding in findings} == ALONE
    for finding in findings:
        assert len(finding.message) >= 4
        assert "{" not in finding.message
        assert finding.unit_name == "示例单位"
        if finding.verdict in ("fail", "review"):
            assert re.search(r"请", finding.message), finding.message
            assert not re.search(r"虚报|违规|造假", finding.message)
            assert finding.evidence, finding.rule


def test_ids_do_not_move_with_the_rows() -> None:
    report = messy_report()
    moved = msgspec.structs.replace(
        report,
        facts=tuple(
            msgspec.structs.replace(f, where=f.where.replace("t1r2", "t5r9") if f.where else None) for f in report.facts
        ),
    )
    assert [finding.id for finding in judged(report)] == [finding.id for finding in judged(moved)]


def test_source_and_index_stand_in_the_evidence() -> None:
    findings, trace = validate_report(messy_report(), RULES, index=2, source="a.zip!/b.docx")
    places = {(e.source, e.report) for finding in findings for e in finding.evidence}
    assert places == {("a.zip!/b.docx", 2)}
    assert len(trace.steps) == len(findings)


def test_every_sentence_fills_its_slots() -> None:
    known = {"式", "差", "容差", "单位", "处", "名", "建议", "说明", "缺", "组成", "项", "处数", "单位名", "标明", "倍", "依据", "合计", "表外",
        "读法", "得分", "分值", "总", "数", "等次", "用语", "计数", "空白", "年度", "他年", "日期",
        "来源", "表样", "报告", "另", "扣", "方式", "区间", "填报"}  # fmt: skip
    known |= {"原文", "中", "家", "偏", "前次", "改正", "仍有", "新出", "改动", "范围", "栏"}
    used = {slot for sentence in SENTENCES.values() for slot in re.findall(r"{([^}]+)}", sentence)}
    assert used <= known


CELLS = [
    "",
    "0",
    "0.00",
    "871.05",
    "-6.90",
    "无",
    "/",
    "603.O3",
    "涉密",
    "9" * 39,
    "1,278.92",
    "5余",
    "近100",
    "3以上",
    "871.05元",
    "8710500",
    "优",
    "95%",
]
CONCEPTS = [*income(*"123456"), *SPENDING, "three_public.total", "three_public.reception", "assets.total", "assets.in_use", "staffing.actual",
    "performance.score", "performance.grade", "scoring.score_total", "scoring.weight_total", "budget.execution_rate", "budget.total",
    "budget.total[全年预算]", "expenditure.total[另表]"]  # fmt: skip
rows_of_cells = st.dictionaries(st.sampled_from(CONCEPTS), st.sampled_from(CELLS), max_size=20)
score_rows = st.lists(
    st.builds(
        ScoreLine,
        st.sampled_from(["甲", "乙", "加分"]),
        st.sampled_from(["", "5", "40", "100", "x", "2.5"]),
        st.sampled_from(CELLS),
        st.sampled_from(["", "原因"]),
        st.sampled_from(["", "投入（15分）", "投入"]),
        st.integers(1, 3),
    ),
    max_size=6,
).map(tuple)


@settings(deadline=None)  # a loaded machine is no failure
@given(rows_of_cells, rows_of_cells, rows_of_cells, score_rows)
def test_whatever_stands_in_the_cells_every_rule_answers(
    main: dict[str, str], below: dict[str, str], prose: dict[str, str], rows: tuple[ScoreLine, ...]
) -> None:
    report = build_report(
        Example("pass", main, rows=rows, entities={"局机关": below}, prose=prose, titles=(COVER,), date="2022-05")
    )
    last = Compared(build_report(Example("pass", below, rows=rows, prose=prose, year=2020)), "去年.docx")
    reference = Compared(build_report(Example("pass", prose)), "参照.xlsx")
    findings, _ = validate_report(report, RULES, context=Context(last_year=last, reference=reference))
    assert {finding.rule for finding in findings} == ALONE | {
        rule.id for rule in RULES.rules if rule.needs and set(rule.needs) <= {"上年", "参照"}
    }
    assert len({finding.id for finding in findings}) == len(findings)
    for finding in findings:
        assert "E+" not in finding.message + (finding.expression or "")
        assert finding.difference is None or finding.difference.is_finite()


# --- units of money, subordinate rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["万元", "元"])
def test_little_personnel_money_convicts_only_yuan(unit: str) -> None:
    figures = {"expenditure.total": "38.62", "expenditure.basic": "38.62", "expenditure.personnel": "0.50"}
    figures |= {"expenditure.public": "38.12", "staffing.actual": "30"}
    if unit == "元":
        figures |= {"expenditure.personnel": "30.50", "expenditure.public": "8.12"}
    report = build_report(Example("pass", figures, unit=unit))
    assert ("X5-unit" in failing(report)) is (unit == "元")


def with_first_row(report: Report, label: str) -> Report:
    """The main row under another label than 汇总."""
    facts = (msgspec.structs.replace(f, place=f.place.replace("汇总 行", f"{label} 行")) for f in report.facts)
    return msgspec.structs.replace(report, facts=tuple(facts))


def test_columns_of_zeros_do_not_make_a_summary() -> None:
    zeros = dict.fromkeys(
        ("three_public.total", "three_public.reception", "three_public.abroad", "assets.leased"), "0.00"
    )
    main = {"expenditure.total": "500.00", "expenditure.basic": "500.00"} | zeros
    below = {"一中": {"expenditure.total": "200.00", "expenditure.basic": "200.00"} | zeros}
    report = build_report(Example("pass", main, entities=below))
    assert one(with_first_row(report, "本单位"), "A10a").verdict == "undecided"


def test_a_form_without_a_summary_row_is_not_told_of_one() -> None:
    columns = ("expenditure.total", "expenditure.basic", "expenditure.personnel", "expenditure.public")
    rows = {"一中": dict.fromkeys(columns, "3.00"), "二中": dict.fromkeys(columns, "2.00")}
    main = dict.fromkeys(columns, "5.00")
    closed = with_first_row(build_report(Example("pass", main, entities=rows)), "本单位")
    assert "汇总" not in one(closed, "A10a").message
    slip = with_first_row(build_report(Example("pass", main | {columns[3]: "9.00"}, entities=rows)), "本单位")
    found = one(slip, "A10a")
    assert found.verdict == "fail"
    assert "汇总" not in found.message + (found.expression or "")


def test_a_row_left_out_of_the_summary_is_one_finding() -> None:
    office = {"income.total": "300.00", "expenditure.total": "290.00", "assets.total": "100.00"}
    school = {"income.total": "30.00", "expenditure.total": "20.00", "assets.total": "10.00"}
    found = one(build_report(Example("pass", office, entities={"局机关": office, "一中": school})), "A10a")
    assert (found.verdict, found.id) == ("fail", "000000-2021-A10a-row-一中")
    assert "漏计“一中”一行" in found.message
    other = build_report(Example("pass", office, entities={"局机关": office, "一中": school | {"assets.total": "0"}}))
    assert "漏计“一中”一行" in one(other, "A10a").message
    uneven = build_report(
        Example("pass", office | {"assets.total": "105.00"}, entities={"局机关": office, "一中": school})
    )
    assert len([f for f in judged(uneven) if f.rule == "A10a"]) == 3


# --- copies of a score, cascades, comparisons ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("80", "80.5", "fail"),
        ("81", "80.5", "pass"),
        ("86.11", "86.12", "fail"),
        ("86.1", "86.12", "pass"),
        ("88", "88.0", "pass"),
    ],
)
def test_copies_of_a_score_are_exact(left: str, right: str, verdict: str) -> None:
    figures = {"performance.score": left, "scoring.score_total": right}
    assert one(build_report(Example("pass", figures)), "X2").verdict == verdict


def test_a_rescaled_copy_is_to_be_confirmed() -> None:
    rows = (ScoreLine("甲", "95", "87"), ScoreLine("乙", "5", "不适用"))
    figures = {"performance.score": "91.58", "scoring.score_total": "87"}
    assert one(build_report(Example("pass", figures, rows=rows)), "X2").verdict == "review"
    wrong = figures | {"performance.score": "92.58"}
    assert one(build_report(Example("pass", wrong, rows=rows)), "X2").verdict == "fail"


def test_a_failing_sum_tells_of_its_parts() -> None:
    figures = {"expenditure.basic": "871.05", "expenditure.personnel": "903.03", "expenditure.public": "268.02"}
    found = build_report(Example("pass", figures))
    assert "A3" in failing(found)
    assert "A10b" not in failing(found)


@pytest.mark.parametrize("title", ["2020年度结转项目支出情况表", "2019—2020年三公经费对比", "上年支出情况（2020年）"])
def test_titles_that_compare_years_are_to_be_confirmed(title: str) -> None:
    assert verdicts(build_report(Example("pass", {}, titles=(COVER, title), date="2022-05")))["X3"] == "review"


def test_the_execution_rate_speaks_of_percentage_points() -> None:
    figures = {"budget.execution_rate": "97.94%", "budget.total": "251.24", "budget.total[全年预算]": "251.89"}
    found = one(build_report(Example("pass", figures)), "A11")
    assert "个百分点" in found.message
    assert not re.search(r"\d\.\d{4}", found.message)


def test_repairs_that_do_not_close_after_rounding_are_dropped() -> None:
    """A whole cell cannot make up for cents; a blank and a total are never certain."""
    figures = {"expenditure.basic": "871.05", "expenditure.personnel": "603.03", "expenditure.public": "0"}
    found = one(build_report(Example("pass", figures)), "A3")
    assert {c.repair[0].new for c in found.causes if c.repair[0].old == "0"} <= {"268.02"}
    blank = one(build_report(Example("pass", figures | {"expenditure.public": ""})), "A3")
    assert blank.causes[0].kind == "missing_entry"
    assert not any(c.certain for c in blank.causes if c.kind in ("missing_entry", "total_not_updated"))


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        (("500.00", "500.00"), "pass"),
        (("546.12", "500.00"), "undecided"),
        (("400.00", "500.00"), "fail"),
        (("400.00", "-5.00"), "undecided"),
    ],
)
def test_a_sum_without_one_of_its_columns(cells: tuple[str, str], verdict: str) -> None:
    figures = {"assets.total": cells[0], "assets.in_use": cells[1], "assets.leased": "0"}
    for report in (Example("pass", figures), Example("pass", {}, entities={"一中": figures})):
        (found,) = [f for f in judged(build_report(report)) if f.rule == "A6" and f.verdict != "not_applicable"]
        assert (found.verdict, found.severity) == (verdict, "hard")
        assert "表内没有“其他固定资产”栏" in found.message
