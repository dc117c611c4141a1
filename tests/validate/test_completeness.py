"""What is missing or left over: empty sections (C1), values (C5), tables (C6), years of old (X4)."""

from __future__ import annotations

import msgspec
import pytest

from documents import document, table
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.finding import Finding
from gouji.model.report import Report, Section, Unclaimed
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, GoalLine, ScoreLine
from gouji.validate import validate_report
from gouji.validate.examples import build_report
from gouji.validate.stale import stale_years_in

PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
COVER = (
    "测试区2021年度部门（单位）整体支出",
    "绩效评价自评报告",
    "部门(单位)名称：测试区教育局",
    "预 算 编 码： 085001",
    "报告日期：2022.5.17",
)
STAFF = table("人员编制 | 36 | 实有人数 | 35")
INCOME = table(
    "机构名称 | 收入合计 | 上年结转 | 公共财政拨款 | 政府基金拨款 | 纳入专户管理的非税收入拨款 | 其他收入",
    "测试区教育局 | 10.00 | 0 | 10.00 | 0 | 0 | 0",
)
LINES = table("项目 | 金额", "办公 | 详见附件")


def one(report: Report, rule: str) -> Finding:
    (found,) = [finding for finding in validate_report(report, PATTERNS.rules)[0] if finding.rule == rule]
    return found


def read(*blocks: object) -> Report:
    (place,) = locate_reports(document(*COVER, *blocks), VOCABULARY)[0]  # type: ignore[arg-type]
    return assemble_report(place.region, place.form, PATTERNS)[0]


def sections(*headings: str) -> Finding:
    return one(build_report(Example("pass", {}, sections=headings)), "C1")


# --- C1 ---------------------------------------------------------------------------------------------------------------

TEXT = "主管全区绿化。"


@pytest.mark.parametrize(
    ("headings", "verdict"),
    [
        ((f"一、概况 | {TEXT}", f"二、收支 | {TEXT}", f"三、问题 | {TEXT}"), "pass"),
        ((f"一、概况 | {TEXT}", "二、专项组织实施情况", f"三、问题 | {TEXT}"), "fail"),
        ((f"一、概况 | {TEXT}", f"二、收支 | {TEXT}", "三、改进措施"), "fail"),
        ((f"一、概况 | {TEXT}", "二、专项情况 | 无", f"三、问题 | {TEXT}"), "pass"),
        ((f"一、概况 | {TEXT}", "二、专项情况（涉密不公开）", f"三、问题 | {TEXT}"), "pass"),
        ((f"一、概况 | {TEXT}", f"二、收支 | {TEXT}", "三、附件"), "pass"),
        (("一、概况", "二、收支", "三、问题"), "undecided"),
        (
            (
                f"一、概况 | {TEXT}",
                f"二、收支 | {TEXT}",
                "三、存在的问题",
                "一、进度偏慢",
                "二、指标不细",
                f"四、建议 | {TEXT}",
            ),
            "pass",
        ),
        (
            (
                f"一、概况 | {TEXT}",
                f"二、收支 | {TEXT}",
                f"三、管理 | {TEXT}",
                "四、问题",
                "一、进度偏慢",
                f"五、建议 | {TEXT}",
            ),
            "pass",
        ),
        ((f"一、概况 | {TEXT}",), "not_applicable"),
    ],
)
def test_empty_sections(headings: tuple[str, ...], verdict: str) -> None:
    assert sections(*headings).verdict == verdict


def test_one_line_names_every_empty_section() -> None:
    found = sections(f"一、概况 | {TEXT}", "二、收支", f"三、管理 | {TEXT}", "四、绩效", f"五、问题 | {TEXT}")
    assert "“二、收支”、“四、绩效”" in found.message
    assert len(found.evidence) == 2


def test_a_table_right_below_a_heading_is_its_content() -> None:
    narrative = ("五、评价报告综述（文字部分）", "一、概况", TEXT, "二、收支情况")
    with_table = read(STAFF, INCOME, *narrative, LINES, "三、问题", "进度偏慢。")
    assert one(with_table, "C1").verdict == "pass"
    without = read(STAFF, INCOME, *narrative, "三、问题", "进度偏慢。", LINES)
    assert one(without, "C1").verdict == "fail"


def test_headings_of_the_next_level_are_content() -> None:
    report = read(
        STAFF, INCOME, "五、评价报告综述（文字部分）", "一、概况", "（一）职能", TEXT, "二、问题", "进度偏慢。"
    )
    assert one(report, "C1").verdict == "pass"


# --- C5 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "target", "result", "verdict"),
    [
        ("数量指标", "指标1：制发公文600份", "达标", "review"), ("数量指标", "指标1：制发公文600份", "制发571份", "pass"),
        ("数量指标", "指标1：制发公文600份", "已全部完成", "review"), ("质量指标", "合格率达到95%", "合格率有所提高", "pass"),
        ("数量指标", "指标1：安排各类会议", "召开12次", "review"), ("数量指标", "组织演练三次", "组织演练三次", "pass"),
        ("数量指标", "补助对象全覆盖", "达标", "pass"), ("社会效益", "指标1：办公条件改善", "达标", "pass"),
        ("时效指标", "2021年12月31日前完成", "完成", "pass"), ("满意度指标", "群众满意度达到95%", "达标", "review"),
        ("满意度指标", "提高群众满意度", "96%", "review"), ("经济效益", "公益性单位，不产生收益", "达标", "not_applicable"),
        ("数量指标", "不涉及", "不涉及", "not_applicable"), ("成本指标", "控制在312万元以内", "符合要求。", "review"),
    ],
)  # fmt: skip
def test_measured_values(kind: str, target: str, result: str, verdict: str) -> None:
    assert one(build_report(Example("pass", {}, goals=(GoalLine(kind, target, result),))), "C5").verdict == verdict


def test_all_goals_make_one_line() -> None:
    goals = tuple(GoalLine("数量指标", f"指标{i}：检查{i}0次", "达标") for i in range(1, 4))
    found = one(build_report(Example("pass", {}, goals=goals)), "C5")
    assert (found.severity, len(found.evidence)) == ("explain", 3)
    assert "3 项写了目标值而没有写实际完成值" in found.message


# --- C6 ---------------------------------------------------------------------------------------------------------------

THERE = {"income.total": "10.00", "expenditure.total": "10.00", "three_public.total": "1.00"}


def test_a_table_of_the_form_that_is_not_there() -> None:
    report = build_report(Example("pass", THERE | {"assets.total": "缺", "assets.in_use": "缺"}))
    found = one(report, "C6")
    assert (found.verdict, found.severity) == ("review", "explain")
    assert "《assets》" in found.message


def test_a_missing_column_is_no_missing_table() -> None:
    assert one(build_report(Example("pass", THERE | {"income.other": "缺"})), "C6").verdict == "pass"


def test_numbers_that_nothing_took_may_be_the_table() -> None:
    report = build_report(Example("pass", THERE | {"assets.total": "缺"}))
    doubtful = msgspec.structs.replace(report, unclaimed=(Unclaimed("51.10", "t5r2c2", "设备"),))
    assert one(doubtful, "C6").verdict == "undecided"


def test_a_file_that_lacks_several_tables_may_be_a_part() -> None:
    assert (
        one(build_report(Example("pass", THERE | {"assets.total": "缺", "income.total": "缺"})), "C6").verdict
        == "undecided"
    )


def test_a_report_of_no_known_form_lacks_nothing() -> None:
    report = build_report(Example("pass", THERE | {"assets.total": "缺"}))
    assert one(msgspec.structs.replace(report, form=None), "C6").verdict == "not_applicable"


def test_rows_without_a_total_are_a_scoring_table() -> None:
    rows = (ScoreLine("控制率", "100", "98"),)
    assert one(build_report(Example("pass", THERE | {"scoring.score_total": "缺"}, rows=rows)), "C6").verdict == "pass"
    assert one(build_report(Example("pass", THERE | {"scoring.score_total": "缺"})), "C6").verdict == "review"


SPENDING = table(
    "机构名称 | 支出合计 | 基本支出 | 人员支出 | 公用支出 | 项目支出 | 当年结余 | 累计结余",
    "测试区教育局 | 10.00 | 8.00 | 6.00 | 2.00 | 2.00 | 0.00 | 0.00",
)
THREE = table(
    "机构名称 | 三公经费合计 | 公务接待费 | 公务用车运维费 | 公务用车购置费 | 因公出国费",
    "测试区教育局 | 1.00 | 1.00 | 0 | 0 | 0",
)
ASSETS = table(
    "机构名称 | 固定资产合计 | 在用固定资产 | 出租固定资产 | 其他固定资产",
    "测试区教育局 | 5.00 | 5.00 | 0 | 0",
)


def test_a_document_without_the_scoring_annex() -> None:
    found = one(read(STAFF, INCOME, SPENDING, THREE, ASSETS), "C6")
    assert found.verdict == "review"
    assert "《评分表》" in found.message


def test_tables_that_lack_columns_may_be_another_form() -> None:
    other = table("机构名称 | 支出合计 | 基本支出 | 项目支出", "测试区教育局 | 10.00 | 8.00 | 2.00")
    assert one(read(STAFF, INCOME, other, THREE, ASSETS), "C6").verdict == "undecided"


# --- X4 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("根据考核办2018年对各部门的考核分数折算", [2018]), ("按2021年任务清单计分", []), ("较2020年增长的得5分", []),
        ("以2020年为基数", []), ("2018年以来累计", []), ("依据财预〔2018〕15号", []), ("2016—2020年规划任务", []), ("2019年底前完成", []),
        ("按《2018年目标任务书》计分", []), ("与2020年相比下降", []), ("2022年目标", []), ("二〇一八年考核结果折算", [2018]),
        ("自2019年起执行", []), ("2018年度和2019年度考核", [2018, 2019]),
    ],
)  # fmt: skip
def test_years_of_old(text: str, years: list[int]) -> None:
    assert list(stale_years_in(text, 2021)) == years


def test_the_blank_form_is_at_fault() -> None:
    rows = (ScoreLine("任务完成", "100", "98", criterion="根据2018年考核分数折算。"),)
    found = one(build_report(Example("pass", {}, rows=rows)), "X4")
    assert (found.verdict, found.severity, found.audience) == ("review", "note", "template")
    assert "2018 年" in found.message


def test_a_scoring_forms_title_is_the_bureaus_and_a_tables_is_the_departments() -> None:
    cover = "某区2021年度部门整体支出绩效评价自评报告"
    own = build_report(Example("pass", {}, titles=(cover, "2018年度部门整体支出绩效评价评分表"), date="2022-05"))
    assert (one(own, "X3").verdict, one(own, "X4").verdict) == ("pass", "review")
    theirs = build_report(Example("pass", {}, titles=(cover, "2020年度支出情况"), date="2022-05"))
    assert (one(theirs, "X3").verdict, one(theirs, "X4").verdict) == ("fail", "not_applicable")


def test_sections_keep_their_place_in_the_output() -> None:
    assert Section("一", "概况", "p1", "").table_follows is False
