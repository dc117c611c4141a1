"""X1 and the scope of 三公: what a sentence says against the form's cell, and what is no contradiction."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from documents import document, table
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Table
from gouji.model.finding import Finding
from gouji.model.report import Report, Section
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example
from gouji.validate import validate_report
from gouji.validate.examples import build_report

PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
COVER = (
    "测试区2021年度部门（单位）整体支出",
    "绩效评价自评报告",
    "部门(单位)名称：测试区教育局",
    "预 算 编 码： 085001",
    "报告日期：2022.5.17",
)
SPENDING = table(
    "机构名称/1x2 | 支出合计/1x2 | 其中：/4 | 结余/2",
    "基本支出 | 人员支出 | 公用支出 | 项目支出 | 当年结余 | 累计结余",
    "测试区教育局 | 871.05 | 671.05 | 403.03 | 268.02 | 200.00 | 0 | 0",
)


def findings(report: Report, rule: str = "X1") -> list[Finding]:
    return [finding for finding in validate_report(report, PATTERNS.rules)[0] if finding.rule == rule]


def told(
    figures: dict[str, str], prose: dict[str, str], *, unit: str = "万元", rule: str = "X1", **more: object
) -> Finding:
    example = Example("pass", figures, unit=unit, prose=prose, **more)  # type: ignore[arg-type]
    (found,) = findings(build_report(example), rule)
    return found


def read(*sentences: str) -> list[Finding]:
    """A report of one table and one section of narrative, through the whole line."""
    blocks: tuple[str | Table, ...] = (
        *COVER,
        SPENDING,
        "五、评价报告综述（文字部分）",
        "一、概况",
        *sentences,
        "二、问题",
        "进度偏慢。",
    )
    (place,) = locate_reports(document(*blocks), VOCABULARY)[0]
    return findings(assemble_report(place.region, place.form, PATTERNS)[0])


TOTAL = "expenditure.total"


@pytest.mark.parametrize(
    ("cell", "unit", "sentence", "verdict"),
    [
        ("871.05", "万元", "871.05万元", "pass"), ("871.05", "万元", "8710500元", "pass"), ("871.05", "万元", "871.1万元", "pass"),
        ("871.95", "万元", "871万元", "pass"), ("871.95", "万元", "871.9万元", "pass"), ("871", "万元", "871.95万元", "pass"),
        ("8710500.00", "元", "871.05万元", "pass"), ("8710500.00", "元", "871万元", "pass"),
        ("871.05", "万元", "871.07万元", "fail"), ("871.05", "万元", "870万元", "fail"), ("8710500.00", "元", "871.06万元", "fail"),
        ("871.05", "万元", "约871万元", "pass"), ("871.05", "万元", "约900万元", "pass"), ("871.05", "万元", "870余万元", "pass"),
        ("871.05", "万元", "近900万元", "pass"), ("871.05", "万元", "800万元以上", "pass"), ("871.05", "万元", "约850万元", "review"),
        ("871.05", "万元", "近800万元", "review"), ("871.05", "万元", "871.05元", "review"), ("52136", "元", "52136万元", "review"),
        ("", "万元", "871.05万元", "review"), ("无", "万元", "3.20万元", "fail"), ("0", "万元", "0万元", "pass"), ("0", "万元", "3.20万元", "fail"),
    ],
)  # fmt: skip
def test_one_sentence_against_one_cell(cell: str, unit: str, sentence: str, verdict: str) -> None:
    figures = {TOTAL: cell, "assets.total": "51.10" if unit == "万元" else "511000.00"}
    found = told(figures, {TOTAL: sentence}, unit=unit)
    assert found.verdict == verdict, found.message


def test_the_difference_is_sentence_less_form_in_the_forms_unit() -> None:
    found = told({TOTAL: "871.05"}, {TOTAL: "8755500元"})
    assert (found.verdict, found.difference, found.severity, found.audience) == (
        "fail",
        Decimal("4.50"),
        "explain",
        "department",
    )
    assert "相差 4.50 万元" in found.message
    assert [e.relation for e in found.evidence] == ["copy", "value"]


def test_the_message_gives_no_repaired_value() -> None:
    found = told({TOTAL: "871.05"}, {TOTAL: "817.05万元"})
    assert "应为" not in found.message
    assert [(cause.kind, cause.certain) for cause in found.causes] == [("transposition", False)] * 2  # for the house


def test_people_are_counted_in_many_ways() -> None:
    assert told({"staffing.actual": "36"}, {"staffing.actual": "38人"}).verdict == "review"
    assert told({"staffing.actual": "36"}, {"staffing.actual": "36人"}).verdict == "pass"


def test_scores_are_exact() -> None:
    score = "performance.score"
    assert told({score: "88"}, {score: "88分"}).verdict == "pass"
    assert told({score: "88"}, {score: "88.4分"}).verdict == "pass"  # the form rounds
    assert told({score: "88"}, {score: "89分"}).verdict == "fail"


def test_a_unit_in_doubt_is_the_units_matter() -> None:
    """Header 万元 over yuan: the sentence is a witness of X5-unit and no finding of its own."""
    figures = {
        TOTAL: "8710500",
        "expenditure.personnel": "6030300",
        "three_public.total": "7.72",
        "staffing.actual": "36",
    }
    example = Example("pass", figures, prose={TOTAL: "871.05万元"})
    assert told(figures, {TOTAL: "871.05万元"}).verdict == "undecided"
    assert findings(build_report(example), "X5-unit")[0].verdict == "fail"


def test_another_rows_amount_and_another_definition_are_no_contradiction() -> None:
    bureau = told(
        {TOTAL: "500.00"}, {TOTAL: "320.00万元"}, entities={"局机关": {TOTAL: "320.00"}, "中心": {TOTAL: "180.00"}}
    )
    assert bureau.verdict == "not_applicable"
    rows = {"局机关": {TOTAL: "320.00"}, "中心": {TOTAL: "180.00"}}
    assert told({TOTAL: "176.26"}, {TOTAL: "676.26万元"}, entities=rows).verdict == "not_applicable"  # no summary row
    assert told({TOTAL: "176.26"}, {TOTAL: "676.36万元"}, entities=rows).verdict == "fail"
    income = {"income.total": "871.05", "income.carryover": "71.05"}
    assert told(income, {"income.total": "800.00万元"}).verdict == "not_applicable"
    assert told(income, {"income.total": "801.00万元"}).verdict == "fail"


def test_other_years_and_budgets_are_to_be_confirmed() -> None:
    last = told({"three_public.total[2020]": "8.00"}, {"three_public.total[2020]": "8.80万元"})
    assert (last.verdict, last.id.endswith("three_public.total-2020")) == ("review", True)
    budget = told({f"{TOTAL}[年初预算]": "800.00"}, {f"{TOTAL}[年初预算]": "810.00万元"})
    assert budget.verdict == "review"
    assert told({f"{TOTAL}[年初预算]": "800.00"}, {TOTAL: "810.00万元"}).verdict == "not_applicable"


def test_scopes_are_never_mixed() -> None:
    total = "three_public.total"
    assert told({total: "6.10"}, {f"{total}[财政拨款]": "5.20万元"}).verdict == "not_applicable"
    two = {f"{total}[2020][一般公共预算]": "5.20万元", f"{total}[财政拨款]": "6.10万元"}
    assert told({}, two, rule="Y2-scope").verdict == "undecided"
    same = {f"{total}[2020][财政拨款]": "5.20万元", f"{total}[财政拨款]": "6.10万元"}
    assert told({}, same, rule="Y2-scope").verdict == "pass"


def test_what_pays_for_an_expenditure_is_no_income() -> None:
    """三公经费…一般公共预算6.10万元 tells the money of 三公, whatever a reader took it for."""
    report = build_report(
        Example("pass", {"income.public_budget": "871.05"}, prose={"income.public_budget": "6.10万元"})
    )
    paid = Section("一", "概况", "p1", "三公经费本年一般公共预算6.10万元。")
    assert findings(msgspec.structs.replace(report, sections=(paid,)))[0].verdict == "not_applicable"
    earned = Section("一", "概况", "p1", "全年一般公共预算拨款6.10万元。")
    assert findings(msgspec.structs.replace(report, sections=(earned,)))[0].verdict == "review"


@pytest.mark.parametrize(
    ("sentence", "failing"),
    [
        ("全年支出871.05万元，其中基本支出671.05万元，项目支出200万元。", []),
        ("全年支出871万元，项目支出120万元用于防汛，项目支出80万元用于抗旱。", []),
        ("防汛专项50万元，其中人员经费10万元。", []),
        ("全年支出比上年增加20万元，局机关支出176.26万元。", []),
        ("全年支出871.05万元。全年支出8710500元。", []),
        ("全年支出871.05万元。全年支出881.05万元。", [TOTAL]),
        ("全年支出881.05万元，其中基本支出681.05万元。", [TOTAL, "expenditure.basic"]),
    ],
)
def test_sentences_through_the_whole_line(sentence: str, failing: list[str]) -> None:
    found = [f for f in read(sentence) if f.verdict in ("fail", "review")]
    assert [f.id.rpartition("-")[2] for f in found] == failing


def test_several_statements_are_one_finding_that_names_those_that_differ() -> None:
    (found,) = read("全年支出871.05万元。", "全年支出881.05万元，全年总支出881.05万元。")
    assert found.verdict == "fail"
    assert "第2段写明 881.05万元" in found.message
    assert "第1段" not in found.message
