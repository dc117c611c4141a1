"""Forms of other counties: each a minimal table of a kind that was read wrongly or not at all, and what it must say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents import document, table
from extract.test_reports import VOCABULARY, figures, read, reports
from gouji.locate.units import unit_in_line
from gouji.model.report import Report
from gouji.text.labels import label_key

TITLE = "测试县水文站2022年度部门整体支出绩效自评报告"


def stages(report: Report) -> dict[tuple[str, str], str]:
    """(concept, stage) → printed text and its unit, of the main entity's tables."""
    return {
        (
            fact.concept,
            fact.stage,
        ): f"{fact.raw}{fact.quantity.unit.name if fact.quantity and fact.quantity.unit else ''}"
        for fact in report.facts
        if fact.origin == "table" and fact.main and fact.state != "missing"
    }


def left(report: Report) -> list[str]:
    return [item.raw for item in report.unclaimed]


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("三、经费使用情况。具体见下表（单位：元）。", "元"),
        ("经费使用情况良好。以下表格金额单位均为千元。", "千元"),
        ("全年支出150万元。其中接待费2万元。", None),
        ("局机关为预算单位。共有所属单位3个，均使用人民币元核算。", None),
    ],
)
def test_a_unit_at_the_end_of_a_sentence(line: str, unit: str | None) -> None:
    found = unit_in_line(line, VOCABULARY)
    assert (found.name if found is not None else None) == unit


def test_full_marks_may_stand_right_of_the_score() -> None:
    report = read(
        table(
            "序号/1x2 | 评价指标/2 | 指标说明/1x2 | 得分/1x2 | 满分/1x2",
            "一级 | 二级",
            "1 | 预算编制/1x2 | 完整性 | 收支全部纳入 | 38 | 40",
            "2 | 规范性 | 按要求报送 | 60 | 60",
            "总分/4 | 98 | 100",
        )
    )
    assert [(str(i.weight and i.weight.value), str(i.score and i.score.value)) for i in report.indicators] == [
        ("40", "38"),
        ("60", "60"),
    ]
    assert all(i.level2_weight is None for i in report.indicators)
    assert (report["scoring.score_total"].raw, report["scoring.weight_total"].raw) == ("98", "100")


def test_a_level_with_points_of_its_own_keeps_them() -> None:
    report = read(
        table(
            "一级指标 | 得分 | 二级指标 | 得分 | 三级指标 | 得分 | 评价标准 | 得分",
            "投入 | 100 | 配置 | 100 | 控制率 | 100 | 不超编 | 92",
        )
    )
    (only,) = report.indicators
    assert only.level1_weight is not None
    assert only.level1_weight.value == 100
    assert only.score is not None
    assert only.score.value == 92


def test_reviewers_scores_stand_beside_the_departments_own() -> None:
    report = read(
        table(
            "一级指标 | 二级指标 | 三级指标 | 权重 | 自评得分 | 财政复核分 | 扣分原因",
            "产出 | 数量 | 巡查次数 | 100 | 97 | 95.5 | 少两次",
        )
    )
    (only,) = report.indicators
    assert only.score is not None
    assert (only.score.value, only.cells["reviewed_score"].raw) == (Decimal(97), "95.5")
    assert left(report) == []


def test_rows_of_stages_are_told_by_the_rows_not_by_the_title() -> None:
    report = read(
        "部门预算资金情况（万元）",
        table(
            "资金性质 | 合计 | 一般公共预算 | 其他资金",
            "年初预算数 | 200 | 190 | 10",
            "全年预算数 | 220 | 210 | 10",
            "实际支出数 | 215 | 206 | 9",
        ),
    )
    told = stages(report)
    assert [told["budget.total", stage] for stage in ("initial", "adjusted", "final")] == [
        "200万元",
        "220万元",
        "215万元",
    ]
    assert told["income.public_budget", "final"] == "206万元"
    assert "income.total" not in figures(report)


def test_labels_that_name_the_figure_and_its_moment() -> None:
    head = "单位名称 | 基本支出预算数 | 基本支出决算数 | 三公经费（年初预算） | 三公经费（决算）"
    columns = stages(read("单位：元", table(head, "测试区教育局 | 2300 | 2290 | 45 | 38")))
    pairs = stages(
        read(
            "单位：元",
            table("基本支出预算数 | 2300 | 基本支出决算数 | 2290", "三公经费预算数 | 45 | 三公经费决算数 | 38"),
        )
    )
    rows = stages(
        read(
            "单位：元",
            table(
                "项目 | 金额",
                "基本支出预算数 | 2300",
                "基本支出决算数 | 2290",
                "三公经费预算数 | 45",
                "三公经费决算数 | 38",
            ),
        )
    )
    for told in (columns, pairs, rows):
        assert told["expenditure.basic", "initial"] == "2300元"
        assert told["expenditure.basic", "final"] == "2290元"
        assert told["three_public.total", "initial"] == "45元"
        assert told["three_public.total", "final"] == "38元"


def test_stages_beside_their_amounts_are_the_units_money() -> None:
    report = read(
        "单位：万元",
        table("年初预算数 | 1200.50 | 调整预算数 | 1310.20", "支出决算数 | 1280.33 | 编制人数 | 45"),
    )
    told = stages(report)
    assert [told["budget.total", stage] for stage in ("initial", "adjusted", "final")] == [
        "1200.50万元",
        "1310.20万元",
        "1280.33万元",
    ]


def test_a_stage_right_of_another_pair_is_nobodys() -> None:
    report = read("单位：万元", table("接待费 | 3.00 | 决算数 | 2.50", "三公经费 | 9 | 决算数 | 8"))
    assert not [fact for fact in report.facts if fact.raw in ("2.50", "8")]
    assert set(left(report)) >= {"2.50", "8"}


def test_a_count_right_of_its_label_does_not_make_the_total_blank() -> None:
    report = read(
        "固定资产情况表（万元）",
        table(
            "资产类别 | 数量 | 账面价值 | 其中：在用 | 其中：出租出借",
            "车辆（辆） | 4 | 80 | 80 | 0",
            "通用设备（台） | 156 | 210.5 | 205.5 | 5",
            "固定资产合计 | ~ | 290.5 | 285.5 | 5",
        ),
    )
    told = figures(report)
    assert (told["assets.total"], told["assets.in_use"], told["assets.leased"]) == ("290.5", "285.5", "5")
    assert {fact.entity for fact in report.facts} == {"测试区教育局"}


def test_the_total_of_classes_is_the_figure() -> None:
    report = read(
        table(
            "项目 | 合计 | 行政编制 | 事业编制 | 工勤编制",
            "编制人数 | 80 | 50 | 26 | 4",
            "实有人数 | 76 | 49 | 24 | 3",
            "离退休人员 | 31 | ~ | ~ | ~",
        )
    )
    told = figures(report)
    assert (told["staffing.authorized"], told["staffing.actual"], told["staffing.retired"]) == ("80", "76", "31")
    assert left(report) == ["50", "26", "4", "49", "24", "3"]


def test_people_have_no_blanks_in_columns_of_money() -> None:
    report = read(
        "基础数据表",
        table(
            "项目 | 2021年预算（万元） | 2021年决算（元） | 人数（人）",
            "支出合计 | 15 | 151300 | ~",
            "在职人数 | ~ | ~ | 26",
        ),
    )
    assert not [fact for fact in report.facts if fact.concept == "staffing.in_service"]
    assert left(report) == ["26"]


def test_what_the_total_of_one_figures_details_is() -> None:
    report = read(
        "一、基本支出明细（按经济分类，单位：元）",
        table(
            "科目编码 | 经济分类科目名称 | 决算数",
            "301 | 工资福利支出 | 4500",
            "302 | 商品和服务支出 | 1500",
            "~ | 合计 | 6000",
        ),
    )
    told = stages(report)
    assert told["expenditure.basic", "final"] == "6000元"
    assert ("expenditure.total", "final") not in told


def test_a_table_at_the_end_of_december_is_of_the_whole_year() -> None:
    rows = "支出类型 | 金额", "基本支出 | 20", "项目支出 | 5"
    whole = read("支出情况（截至2021年12月31日，单位：万元）", table(*rows))
    part = read("支出情况（截至2021年9月30日，单位：万元）", table(*rows))
    assert figures(whole)["expenditure.basic"] == "20"
    assert "expenditure.basic" not in figures(part)


def test_changes_marked_by_a_triangle_are_listed() -> None:
    report = read(
        "单位：万元",
        table("项目 | 2020年 | 2021年 | 增减", "收入合计 | 300 | 280 | △20.00", "支出合计 | 290 | 288 | ▲2.00"),
    )
    assert left(report) == ["△20.00", "▲2.00"]


def test_a_remark_below_the_amount_in_its_cell() -> None:
    report = read(
        "单位：万元", table("项目 | 年初预算 | 决算数", "项目支出 | 100.00 | 98.00\\n（结转2.00）", "基本支出 | 5 | 4")
    )
    fact = next(fact for fact in report.facts if fact.concept == "expenditure.project" and fact.stage == "final")
    assert fact.quantity is not None
    assert str(fact.quantity.value) == "98.00"


def test_labels_in_two_columns_below_one_that_is_no_usual_word() -> None:
    report = read(
        table(
            "类别 | 指标名称/2 | 金额（万元）",
            "支出/1x4 | 基本支出/1x3 | 人员经费 | 200",
            "公用经费 | 30",
            "小计 | 230",
            "项目支出/2 | 175",
        )
    )
    assert figures(report)["expenditure.basic"] == "230"


def test_the_unit_of_a_label_over_several_rows() -> None:
    report = read(
        table(
            "资产情况（元）/1x2 | 固定资产原值 | 1256300 | 其中：在用 | 1250000",
            "其中：闲置 | 6300 | 其中：出租出借 | 0",
            "人员情况（人） | 编制合计 | 18 | 实有合计 | 17",
        )
    )
    told = stages(report)
    assert told["assets.total", "final"] == "1256300元"
    assert told["assets.in_use", "final"] == "1250000元"
    assert (told["staffing.authorized", "final"], told["staffing.actual", "final"]) == ("18人", "17人")


def test_a_few_words_of_the_form_do_not_make_it() -> None:
    few = document(
        TITLE,
        "单位：千元",
        table(
            "收入合计 | 5230 | 支出合计 | 5180", "其他收入 | 230 | 项目支出 | 1180", "三公经费合计 | 56 | 编制数 | 22"
        ),
    )
    (report,) = reports(few)
    assert report.form == "general"
    assert not [fact for fact in report.facts if fact.state == "missing"]
    assert stages(report)["income.total", "final"] == "5230千元"


def test_a_total_below_what_is_carried_over_holds_it() -> None:
    report = read(
        "单位：元",
        table(
            "收入项目 | 金额 | 支出项目 | 金额",
            "财政拨款 | 320 | 基本支出 | 250",
            "上年结转 | 5 | 年末结转 | 75",
            "合计 | 325 | 合计 | 325",
        ),
    )
    told = figures(report)
    assert told["expenditure.grand_total"] == "325"
    assert "expenditure.total" not in told


def test_columns_under_a_kind_of_money() -> None:
    report = read(
        "单位：万元",
        table(
            "支出类别/1x2 | 合计/3 | 财政拨款/3 | 其他资金/2",
            "预算数 | 执行数 | 执行率 | 预算数 | 执行数 | 执行率 | 预算数 | 执行数",
            "基本支出 | 500 | 495 | 99% | 480 | 475 | 98.96% | 20 | 21",
            "合计 | 800 | 785 | 98.13% | 780 | 765 | 98.08% | 22 | 23",
        ),
    )
    told = {(f.concept, f.stage, f.scope): f.raw for f in report.facts if f.state == "value"}
    assert told["expenditure.basic", "initial", None] == "500"
    assert told["expenditure.basic", "final", None] == "495"
    assert told["expenditure.basic", "final", "财政拨款"] == "475"
    assert told["expenditure.total", "final", "财政拨款"] == "765"
    assert not any(fact.concept.startswith("income") and fact.state == "value" for fact in report.facts)
    assert left(report) == ["99%", "98.96%", "20", "21", "98.13%", "98.08%", "22", "23"]


def test_a_unit_of_count_beside_columns_of_money() -> None:
    report = read(
        "三公经费支出情况",
        table(
            "项目 | 预算数（万元） | 决算数（万元） | 数量 | 计量单位",
            "公务接待费 | 2.00 | 1.50 | 25 | 批次",
            "公务用车运行维护费 | 6.00 | 5.50 | 2 | 辆",
        ),
    )
    told = stages(report)
    assert told["three_public.reception", "final"] == "1.50万元"
    assert told["three_public.vehicle_running", "initial"] == "6.00万元"
    assert left(report) == ["25", "2"]


def test_amounts_left_of_the_only_known_column_are_listed() -> None:
    report = read(
        "单位：万元",
        table(
            "来路 | 甲口径 | 去路 | 实际支出",
            "一般公共预算拨款 | 450.00 | 基本支出 | 352.00",
            "其他资金 | 10.00 | 项目支出 | 115.00",
        ),
    )
    assert set(left(report)) >= {"450.00", "10.00"}


@pytest.mark.parametrize("label", ["①基本支出", "⑴ 基本支出", "（1）基本支出", "基本支出①"])
def test_ordinals_in_circles(label: str) -> None:
    assert label_key(label) == "基本支出"


def test_headings_with_the_sum_of_their_rows_are_levels() -> None:
    rows = (
        "指标名称 | 分值 | 自评 | 说明",
        "一、预算编制（20分） | 20 | 19 | ~",
        "1.编制完整 | 10 | 10 | ~",
        "2.编制科学 | 10 | 9 | 测算不细",
        "二、绩效 | 80 | 80 | ~",
        "3.任务完成 | 80 | 80 | ~",
        "合计 | 100 | 99 | ~",
    )
    report = read(table(*rows))
    assert [(i.level1, i.level3) for i in report.indicators] == [
        ("一、预算编制", "1.编制完整"),
        ("一、预算编制", "2.编制科学"),
        ("二、绩效", "3.任务完成"),
    ]
    assert sum(i.score.value for i in report.indicators if i.score is not None) == 99


def test_items_that_are_numbered_like_headings_stay_items() -> None:
    rows = (
        "指标名称 | 分值 | 自评 | 说明",
        "一、预算编制 | 20 | 19 | ~",
        "任务完成 | 80 | 80 | ~",
        "合计 | 100 | 99 | ~",
    )
    assert len(read(table(*rows)).indicators) == 2


def test_amounts_that_no_department_has_are_no_tens_of_thousands() -> None:
    plain = document(
        TITLE,
        "支出情况表",
        table("项目 | 预算数 | 决算数", "基本支出 | 3,250,000.00 | 3,310,520.36", "项目支出 | 90 | 80"),
    )
    usual = document(
        TITLE, "支出情况表", table("项目 | 预算数 | 决算数", "基本支出 | 325.00 | 331.05", "项目支出 | 90 | 80")
    )
    (assumed,), (default,) = reports(plain), reports(usual)
    assert stages(assumed)["expenditure.basic", "final"] == "3,310,520.36元"
    assert stages(assumed)["expenditure.project", "final"] == "80元"
    assert stages(default)["expenditure.basic", "final"] == "331.05万元"


def test_the_total_of_some_months_is_no_years() -> None:
    head = "月份 | 基本支出 | 项目支出"
    some = read("分月支出情况（万元）", table(head, "1月 | 30 | 5", "2月 | 31 | 6", "合计 | 61 | 11"))
    all_of_it = read("分季支出情况（万元）", table(head, "一季度 | 30 | 5", "四季度 | 31 | 6", "合计 | 61 | 11"))
    assert "expenditure.basic" not in figures(some)
    assert left(some) == ["30", "5", "31", "6", "61", "11"]
    assert figures(all_of_it)["expenditure.basic"] == "61"


def test_a_part_of_the_year_is_that_of_its_own_table() -> None:
    head = "收入合计 | 支出合计 | 基本支出"
    report = read(
        "一、2021年上半年收支情况（万元）",
        table(head, "310 | 288 | 208"),
        "二、2020年收支情况（万元）",
        table(head, "590 | 586 | 441"),
        "三、2021年收支情况（万元）",
        table(head, "621 | 615 | 455"),
    )
    told = {(f.concept, f.period): f.raw for f in report.facts if f.state == "value"}
    assert told["expenditure.total", 2021] == "615"
    assert told["expenditure.total", 2020] == "586"
    assert left(report) == ["310", "288", "208"]


def test_what_there_was_at_the_beginning_and_the_end() -> None:
    report = read(
        "资产情况（单位：元）",
        table(
            "项目 | 期初数 | 本期增加 | 本期减少 | 期末数",
            "固定资产原值 | 150 | 12 | 2 | 160",
            "在用固定资产 | 150 | 12 | 2 | 160",
        ),
    )
    told = {(f.concept, f.period, f.stage): f.raw for f in report.facts if f.state == "value"}
    assert told["assets.total", 2021, "final"] == "160"
    assert told["assets.total", 2020, "final"] == "150"
    assert left(report) == ["12", "2", "12", "2"]


def test_the_weighted_score_counts_not_the_per_cent_before_it() -> None:
    report = read(
        table(
            "一级指标 | 二级指标 | 三级指标 | 权重（%） | 得分（百分制） | 加权得分",
            "投入 | 编制 | 完整 | 40 | 100 | 40",
            "产出 | 任务 | 完成 | 60 | 95 | 57",
            "合计/3 | 100 | ~ | 97",
        )
    )
    assert [str(i.score.value) for i in report.indicators if i.score is not None] == ["40", "57"]
    assert report["scoring.score_total"].raw == "97"
    assert left(report) == ["100", "95"]


def test_a_fund_is_named_by_its_budget_and_is_not_budgeted_for_that() -> None:
    head = "收入构成 | 年初预算数 | 决算数"
    told = stages(read("单位：万元", table(head, "一般公共预算 | 950 | 1000", "政府性基金预算 | 50 | 51")))
    assert told["income.gov_fund", "initial"] == "50万元"
    assert told["income.gov_fund", "final"] == "51万元"


def test_a_header_of_words_names_no_project_and_a_year_is_no_money() -> None:
    plain = document(TITLE, table("项目名称 | 内容", "年度 | 2022年", "编制人数 | 36", "预算执行率 | 99.00%"))
    (report,) = reports(plain)
    assert report.projects == ()
    assert not [fact for fact in report.facts if fact.concept == "budget.total"]


@pytest.mark.parametrize(
    ("label", "stage"),
    [("年初部门预算数", "initial"), ("本年数额", "final"), ("调整后全年预算数", "adjusted"), ("决算金额", "final")],
)
def test_moments_with_a_word_for_the_amount(label: str, stage: str) -> None:
    moment = VOCABULARY.moment(label)
    assert moment is not None
    assert moment.stage == stage
