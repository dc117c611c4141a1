"""Layouts of other provinces, as an outsider filled them: each a minimal table and what it must say."""

from __future__ import annotations

import pytest

from documents import document, table
from extract.test_unplanned_shapes import UNIT, YEAR, read
from gouji.model.document import Document, Table
from gouji.model.report import Fact, Report

TITLE = f"{UNIT}{YEAR}年度部门整体支出绩效自评表"


def _report(*blocks: str | Table, ragged: bool = False) -> Report:
    found = read(document(TITLE, *blocks, ragged=ragged))
    assert len(found) == 1
    return found[0]


def _told(report: Report, concept: str) -> list[tuple[str, int | None, str]]:
    """(stage, year, printed) of what the tables say of a concept."""
    return [(f.stage, f.period, f.raw) for f in report.facts if f.concept == concept and _is_printed(f)]


def _is_printed(fact: Fact) -> bool:
    return fact.origin == "table" and fact.state != "missing"


def _ragged(*rows: str) -> Table:
    """Rows of a text dump: every cell printed, merged ones as blanks."""
    width = max(row.count("|") for row in rows) + 1
    padded = [row + " | ~" * (width - 1 - row.count("|")) for row in rows]
    return table(*(" | ".join(cell.strip() or "~" for cell in row.split("|")) for row in padded))


def test_a_title_in_one_cell_left_of_a_header_and_its_rows() -> None:
    report = _report(
        table(
            "三\\n公\\n经\\n费（元）/1x3 | ~ | 合计 | 公务用车\\n运行维护费 | 公务\\n接待费",
            "上年决算数 | 80000 | 50000 | 30000",
            "本年决算数 | 70000 | 48000 | 22000",
            "人员情况/1x2 | 编制人数 | 实有人数 | 其中：在职 | 退休",
            "20 | 27 | 19 | 8",
        )
    )
    assert _told(report, "three_public.total") == [("final", YEAR - 1, "80000"), ("final", YEAR, "70000")]
    assert _told(report, "three_public.reception") == [("final", YEAR - 1, "30000"), ("final", YEAR, "22000")]
    assert str(report["three_public.total"].unit) == "元"
    assert _told(report, "staffing.in_service") == [("final", YEAR, "19")]
    assert _told(report, "staffing.retired") == [("final", YEAR, "8")]


def test_groups_that_stand_over_all_labels_of_the_row_below() -> None:
    report = _report(
        table(
            "人员编制/3 | 实有人数/3",
            "小计 | 行政编制 | 事业编制 | 小计 | 在职 | 退休",
            "50 | 30 | 20 | 62 | 48 | 14",
        ),
        table(
            "公务接待/3 | 公务用车/2",
            "批次（批） | 人次（人） | 金额（万元） | 保有量（辆） | 运行维护费（万元）",
            "36 | 288 | 2.16 | 4 | 9.80",
        ),
    )
    assert _told(report, "staffing.authorized") == [("final", YEAR, "50")]
    assert _told(report, "staffing.actual") == [("final", YEAR, "62")]
    assert _told(report, "three_public.reception") == [("final", YEAR, "2.16")]
    assert _told(report, "three_public.vehicle_running") == [("final", YEAR, "9.80")]


def test_a_second_row_of_amounts_by_side_is_a_header_of_its_own() -> None:
    report = _report(
        "单位：万元",
        table("收入/2 | 支出/2", "项目 | 决算数 | 项目 | 决算数", "收入合计 | 90.00 | 支出合计 | 80.00"),
    )
    assert _told(report, "income.total") == [("final", YEAR, "90.00")]
    assert _told(report, "expenditure.total") == [("final", YEAR, "80.00")]


def test_names_and_weights_below_the_levels() -> None:
    report = _report(
        table(
            "一级指标/2 | 二级指标/2 | 三级指标/2 | 指标说明/1x2 | 自评分数/1x2",
            "名称 | 权重（%） | 名称 | 权重（%） | 名称 | 权重（%）",
            "预算编制 | 40 | 编制 | 40 | 编制合理性 | 40 | 合理 | 38",
            "使用效益 | 60 | 效率 | 60 | 完成率 | 60 | 完成 | 60",
            "合计/5 | 100 | ~ | 98",
        )
    )
    items = [
        (i.level1, i.level3, str(i.weight and i.weight.value), str(i.score and i.score.value))
        for i in report.indicators
    ]
    assert items == [("预算编制", "编制合理性", "40", "38"), ("使用效益", "完成率", "60", "60")]
    assert report["scoring.score_total"].raw == "98"


def test_remarks_below_the_total_are_no_indicators() -> None:
    report = _report(
        table(
            "一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 得分",
            "产出 | 数量指标 | 检查户数（100分） | 120 | 126 | 98",
            "总分/5 | 98",
            "备注 | 1.预算数含上年结转。/5",
        )
    )
    assert [i.level3 for i in report.indicators] == ["检查户数"]


@pytest.mark.parametrize("label", ["全年支出数", "决算支出", "全年累计", "实际支出数"])
def test_rows_that_only_say_when(label: str) -> None:
    rows = ("预算执行情况/1x3 | ~ | 支出总额 | 基本支出 | 项目支出", "年初预算数 | 90 | 60 | 30")
    report = _report("单位：万元", table(*rows, f"{label} | 80 | 55 | 25"))
    assert _told(report, "expenditure.basic") == [("initial", YEAR, "60"), ("final", YEAR, "55")]


def test_years_in_chinese_numerals() -> None:
    report = _report("单位：万元", table("项目 | 二〇二一年 | 二〇二二年", "公务接待费 | 3.00 | 2.00"))
    assert _told(report, "three_public.reception") == [("final", 2021, "3.00"), ("final", 2022, "2.00")]


def test_a_list_of_projects_is_not_the_money_of_the_unit() -> None:
    rows = ("序号 | 项目名称 | 预算数 | 执行数 | 执行率", "1 | 道路养护 | 60.00 | 58.00 | 96.67%")
    report = _report(
        "单位：万元", table(*rows, "2 | 绿化管护 | 20.00 | 20.00 | 100%", "合计/2 | 80.00 | 78.00 | 97.50%")
    )
    assert _told(report, "budget.total") == _told(report, "expenditure.total") == []


def test_an_adjustment_is_no_adjusted_budget() -> None:
    rows = ("项目 | 年初预算 | 调整数 | 调整后预算 | 执行数", "基本支出 | 300.00 | 20.00 | 320.00 | 318.00")
    report = _report("单位：万元", table(*rows))
    told = _told(report, "expenditure.basic")
    assert told == [("initial", YEAR, "300.00"), ("adjusted", YEAR, "320.00"), ("final", YEAR, "318.00")]


def test_what_there_was_at_the_beginning_of_the_year_is_no_budget() -> None:
    rows = ("资产项目 | 年初数 | 本年增加 | 年末数", "固定资产合计 | 520.00 | 20.00 | 540.00")
    report = _report("单位：万元", table(*rows))
    assert _told(report, "assets.total") == [("final", YEAR - 1, "520.00"), ("final", YEAR, "540.00")]


def test_a_label_in_full_beside_a_bare_total() -> None:
    rows = (
        "项目 | 2022年决算",
        "总计 | 12.30",
        "一、“三公”经费小计 | 6.80",
        "1.公务接待费 | 6.80",
        "二、培训费 | 5.50",
    )
    report = _report("单位：万元", table(*rows))
    assert _told(report, "three_public.total") == [("final", YEAR, "6.80")]


def test_one_of_several_values_that_is_none() -> None:
    report = _report(table("离退休人员 | — | 20 | 22"))
    assert _told(report, "staffing.retired") == []


def _dump_of_two_groups() -> Document:
    printed = _ragged(
        "预算数 |  |  |  | 决算数 |  |  |",
        "合计 | 公务用车 |  | 公务接待费 | 合计 | 公务用车 |  | 公务接待费",
        " | 购置费 | 运行维护费 |  |  | 购置费 | 运行维护费 |",
        "9.00 | 0.00 | 5.00 | 4.00 | 8.00 | 0.00 | 4.50 | 3.50",
    )
    return document(TITLE, "“三公”经费支出决算表", "单位：万元", printed, ragged=True)


def test_merged_labels_of_a_text_dump_reach_over_the_blanks_right_of_them() -> None:
    report = read(_dump_of_two_groups())[0]
    assert _told(report, "three_public.reception") == [("initial", YEAR, "4.00"), ("final", YEAR, "3.50")]
    assert _told(report, "three_public.vehicle_running") == [("initial", YEAR, "5.00"), ("final", YEAR, "4.50")]


def test_a_total_in_the_column_of_line_numbers() -> None:
    rows = ("序号 | 项目 | 2022年决算数", "1 | 公务接待费 | 3.50", "2 | 公务用车运行维护费 | 4.50", "合计 |  | 8.00")
    report = _report("“三公”经费支出决算表", "单位：万元", _ragged(*rows), ragged=True)
    assert _told(report, "three_public.total") == [("final", YEAR, "8.00")]


def test_the_unit_beside_a_year_in_chinese_numerals() -> None:
    title = f"{UNIT}二〇二二年度部门整体支出绩效自评报告"
    report = read(document(title, "单位：万元", table("项目 | 决算数", "支出合计 | 80.00", "基本支出 | 60.00")))[0]
    assert (report.unit_name, report.fiscal_year) == (UNIT, 2022)


def test_values_that_carry_their_units_below_words_of_results() -> None:
    rows = ("指标 | 完成情况", "年度支出合计 | 515.00万元", "基本支出 | 4100000元", "公务接待费 | 3", "因公出国费 | 无")
    report = _report(table(*rows, "编制人数 | 45人", "预算执行率 | 98.56%"))
    assert _told(report, "expenditure.total") == [("final", YEAR, "515.00万元")]
    assert str(report["expenditure.basic"].unit) == "元"
    assert _told(report, "three_public.reception") == []
    assert report["three_public.abroad"].state == "none"
    assert _told(report, "staffing.authorized") == [("final", YEAR, "45人")]


def test_what_is_carried_over_at_the_end_of_the_year_was_not_at_its_beginning() -> None:
    report = read(document(TITLE, "二、支出情况", "全年基本支出60万元，年末结转资金约4.5万元。"))[0]
    assert report["balance.cumulative"].raw == "4.5"
    assert [fact for fact in report.facts if fact.concept == "income.carryover" and fact.raw] == []


def test_the_name_of_the_unit_behind_blanks() -> None:
    printed = _ragged(
        "部门名称 |  | 测试区林业站 |", "支出合计 | 基本支出 | 项目支出 | 备注", "80.00 | 60.00 | 20.00 |"
    )
    (report,) = read(document("2022年度部门整体支出绩效自评表", "单位：万元", printed, ragged=True))
    assert report.unit_name == UNIT


def test_a_total_of_the_budget_in_a_sentence_is_not_what_was_spent() -> None:
    report = read(document(TITLE, "二、预算情况", "2022年预算总额900万元，执行数880万元。", "基本支出600万元。"))[0]
    told = [(f.stage, f.raw) for f in report.facts if f.concept == "budget.total" and f.origin == "prose"]
    assert told == [("initial", "900"), ("final", "880")]


def test_a_field_ends_where_a_wide_gap_and_another_label_follow() -> None:
    (report,) = read(document(f"{YEAR}年度部门整体支出绩效自评表", f"填报单位：{UNIT}（盖章）　　　　自评等级：良"))
    assert report.unit_name == UNIT
    assert report["performance.grade"].value == "良"
    (report,) = read(document(f"{YEAR}年度部门整体支出绩效自评表", f"填报单位：{UNIT}    编写人员名单见后附：略"))
    assert report.unit_name == UNIT
    (report,) = read(document(f"{YEAR}年度部门整体支出绩效自评表", f"填报单位：{UNIT} 自评得分：94.5"))  # as PDF has it
    assert report.unit_name == UNIT


def test_rows_without_a_weight_of_their_own_share_that_of_their_label() -> None:
    report = _report(
        table(
            "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分",
            "产出指标/1x3 | 数量指标（20分）/1x2 | 整治堤防 | 12公里 | 12公里 | 10",
            "清淤渠道 | 3公里 | 3公里 | 9",
            "质量指标（30分） | 合格率 | 100% | 100% | 30",
            "效益指标 | 社会效益指标（50分） | 保护人口 | 5万人 | 5万人 | 48",
            "总分 | 97/5",
        )
    )
    assert [(row.level3, str(row.weight and row.weight.value), row.weight_shared_by) for row in report.indicators] == [
        ("整治堤防", "20", 2),
        ("清淤渠道", "20", 2),
        ("合格率", "30", 1),
        ("保护人口", "50", 1),
    ]
    cell = report.indicators[0].cells["weight"]
    assert (cell.raw, cell.where) == ("数量指标（20分）", report.indicators[0].level2_where)


_SPLIT = (
    "年度预算申请（万元）/1x5 | ~ | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分",
    "年度资金总额 | 2860.00 | 3012.50 | 2951.40 | 10 | 97.97% | 9.8",
    "按收入性质分：/4 | 按支出性质分：/3",
    "其中：一般公共预算：2900.50/4 | 其中：基本支出：{basic}/3",
    "其他资金：50.90/4 | 项目支出：{project}/3",
)


@pytest.mark.parametrize(
    ("basic", "project", "stage"),
    [
        ("861.40", "2090.00", "final"),
        ("861.40万元", "1998.60", "initial"),
        ("861.40", "2080.00", "final"),  # off by ten: of the time of the other side
    ],
)
def test_labelled_amounts_in_cells_are_of_the_stage_they_add_up_to(basic: str, project: str, stage: str) -> None:
    report = _report(table(*(row.format(basic=basic, project=project) for row in _SPLIT)))
    assert _told(report, "income.public_budget") == [("final", YEAR, "2900.50")]
    assert _told(report, "income.other") == [("final", YEAR, "50.90")]
    assert _told(report, "expenditure.basic") == [(stage, YEAR, basic)]
    assert {str(fact.unit) for fact in report.facts if fact.concept == "expenditure.basic"} == {"万元"}


def test_labelled_amounts_that_make_no_total_are_left_and_listed() -> None:
    rows = [row.format(basic="500.00", project="600.00").replace("2900.50", "100.50") for row in _SPLIT]
    report = _report(table(*rows))
    assert _told(report, "expenditure.basic") == []
    assert {item.raw for item in report.unclaimed} >= {"其中：基本支出：500.00", "项目支出：600.00", "其他资金：50.90"}


def test_indicators_without_a_column_of_scores_lack_no_total() -> None:
    rows = (
        "一级指标 | 二级指标 | 三级指标 | 指标值 | 实际完成值",
        "产出指标 | 数量指标 | 资助学生 | 8600人次 | 8712人次",
        "效益指标 | 社会效益指标 | 知晓率 | 90% | 93%",
    )
    money = (
        "项目 | 年初预算数 | 全年预算数 | 全年执行数",
        "年度资金总额 | 20.00 | 21.00 | 20.50",
        "其中：基本支出 | 8.00 | 8.00 | 8.00",
    )
    report = _report(table(*money), table(*rows))
    assert report.form == "national-overall"
    assert [fact.concept for fact in report.facts if fact.state == "missing"] == []
    scored = _report(table(*money), table(*(f"{row} | {'得分' if not n else 50}" for n, row in enumerate(rows))))
    assert [fact.concept for fact in scored.facts if fact.state == "missing"] == ["scoring.score_total"]


def test_a_remark_below_the_indicators_is_none() -> None:
    report = _report(
        table(
            "一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 实际完成值 | 偏差原因",
            "产出指标 | 数量指标 | 宣讲场次 | >= | 120 | 场 | 126 | ~",
            "效益指标 | 社会效益指标 | 知晓率 | >= | 90 | % | 93 | ~",
            "其他需说明事项/2 | 无/6",
        )
    )
    assert [row.level3 for row in report.indicators] == ["宣讲场次", "知晓率"]


def test_a_column_of_names_is_no_column_of_amounts_whatever_its_head_says() -> None:
    report = _report(
        table(
            "预算执行情况（10分）/1x4 | 年度预算数（万元） | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分",
            "总额 | 238.93 | 251.89 | 251.24 | 99.74% | 10 | 9.97",
            "其中：财政资金 | 238.93 | 251.89 | 251.24 | 99.74% | / | /",
            "其他资金 | ~ | ~ | ~ | ~ | / | /",
        )
    )
    told = [("initial", YEAR, "238.93"), ("adjusted", YEAR, "251.89"), ("final", YEAR, "251.24")]
    assert _told(report, "budget.total") == _told(report, "income.fiscal") == told


def test_a_result_beside_the_target_of_an_indicator_is_its_actual_value() -> None:
    report = _report(
        table(
            "一级指标 | 二级指标 | 三级指标 | 指标值（包含数字及文字描述） | 完成情况",
            "产出指标 | 数量指标 | 资助学生 | ≥8600人次 | 8712人次",
            "效益指标 | 社会效益指标 | 教育公平 | 提升 | 已提升",
        )
    )
    assert [(row.target, row.actual) for row in report.indicators] == [("≥8600人次", "8712人次"), ("提升", "已提升")]


def test_a_code_before_the_name_of_a_project_is_its_code() -> None:
    (report,) = read(
        document(
            f"{YEAR}年度项目支出绩效自评表",
            table(
                "项目名称 | 51142521R000000019951-工资性支出/3",
                f"主管部门 | {UNIT} | 实施单位 | {UNIT}",
                "项目资金（万元）/1x2 | 年初预算数 | 全年预算数 | 全年执行数",
                "238.93 | 251.89 | 251.24",
            ),
        )
    )
    assert [(project.code, project.name) for project in report.projects] == [("51142521R000000019951", "工资性支出")]


def test_sentences_in_the_cell_beside_a_label_of_figures_are_read() -> None:
    report = _report(
        table(
            "人员情况 | 编制12人，年末在职11人，退休6人",
            "资产情况 | 固定资产原值286.50万元，其中在用280.00万元",
            "工作情况 | 走访群众120人，办件60个",
        )
    )
    told = {fact.concept: (fact.raw, fact.where) for fact in report.facts if fact.origin == "prose"}
    assert told == {
        "staffing.authorized": ("12", "t1r1c2_p1_2_4"),
        "staffing.in_service": ("11", "t1r1c2_p1_10_12"),
        "staffing.retired": ("6", "t1r1c2_p1_16_17"),
        "assets.total": ("286.50", "t1r2c2_p1_6_12"),
        "assets.in_use": ("280.00", "t1r2c2_p1_19_25"),
    }
