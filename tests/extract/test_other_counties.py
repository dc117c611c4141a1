"""Forms of counties never met before, one table of each kind that was read wrongly, in part or not at all."""

from __future__ import annotations

import pytest

from documents import document, table
from extract.test_reports import VOCABULARY, figures, read, reports
from extract.test_unmet_forms import left, stages
from gouji.model.report import Report
from gouji.text.numerals import UnitTable, read_number

UNITS = UnitTable(VOCABULARY.patterns.units)


def told(report: Report) -> dict[tuple[str, int | None, str], str]:
    """(concept, year, stage) → printed text and unit of what the unit's tables state."""
    return {
        (fact.concept, fact.period, fact.stage): f"{fact.raw}{fact.unit or ''}"
        for fact in report.facts
        if fact.origin == "table" and fact.main and fact.state in ("value", "zero")
    }


def points(report: Report) -> list[tuple[str | None, str, str]]:
    return [
        (i.level3, str(i.weight.value if i.weight else None), str(i.score.value if i.score else None))
        for i in report.indicators
    ]


def spoken(report: Report) -> dict[str, str]:
    return {fact.concept: fact.raw for fact in report.facts if fact.origin == "prose"}


# --- sheets of labels beside their answers -----------------------------------------------------------------------


def test_the_year_beside_its_label_heads_no_column() -> None:
    report = read(
        table(
            "部门名称 | 测试区林业站 | 评价年度 | 2023年",
            "编制人数 | 63 | 实有人数 | 61",
            "自评总分 | 93.2 | 自评等级 | 优",
            "年初预算数（万元） | 2860 | 全年预算数（万元） | 3105.6",
            "全年执行数（万元） | 3012.43 | 预算执行率 | 97.00%",
        )
    )
    assert figures(report)["staffing.authorized"] == "63"
    assert figures(report)["staffing.actual"] == "61"
    assert stages(report)["budget.total", "initial"] == "2860万元"
    assert stages(report)["budget.total", "adjusted"] == "3105.6万元"
    assert stages(report)["budget.total", "final"] == "3012.43万元"
    assert left(report) == []


def test_a_table_of_two_years_below_a_label_is_still_one() -> None:
    report = read(table("年度 | 2020年 | 2021年", "支出合计 | 10.00 | 12.00", "基本支出 | 6.00 | 7.00"))
    assert told(report)["expenditure.total", 2020, "final"] == "10.00万元"
    assert told(report)["expenditure.total", 2021, "final"] == "12.00万元"


def test_no_unit_is_called_by_the_total_of_its_quarters() -> None:
    (report,) = reports(
        document(
            "2023年度部门整体支出绩效自评表",
            table(
                "季度 | 基本支出 | 项目支出 | 支出合计",
                *(f"{name}季度 | 10.00 | 5.00 | 15.00" for name in "一二三四"),
                "全年合计 | 40.00 | 20.00 | 60.00",
            ),
        )
    )
    assert report.unit_name is None
    assert report["expenditure.total"].raw == "60.00"
    assert len(report.unclaimed) == 12


def test_answers_of_the_form_end_a_table_of_amounts() -> None:
    report = read(
        table(
            "项目 | 决算数 | 项目 | 决算数",
            "支出合计 | 90.00 | 三公经费合计 | 3.40",
            "基本支出 | 60.00 | 公务接待费 | 1.40",
            "项目支出 | 30.00 | 公务用车运行维护费 | 2.00",
            "自评得分 | 94 | 评价等次 | 优",
            "填报人 | 白露 | 联系电话 | 0700-5550100",
        )
    )
    assert figures(report)["performance.score"] == "94"
    assert figures(report)["performance.grade"] == "优"
    assert figures(report)["expenditure.project"] == "30.00"
    assert [(person.role, person.name) for person in report.people][-1] == ("填报人", "白露")


# --- units ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["单位", "计量单位"])
def test_a_column_of_units_gives_each_row_its_own(head: str) -> None:
    report = read(
        table(
            f"项目 | {head} | 金额",
            "支出合计 | 万元 | 739.9",
            "其中：基本支出 | 万元 | 566.4",
            "项目支出 | 万元 | 173.5",
            "三公经费合计 | 元 | 46800",
        )
    )
    assert [
        str(report[concept].unit) for concept in ("expenditure.total", "expenditure.project", "three_public.total")
    ] == ["万元", "万元", "元"]


def test_the_points_of_the_whole_stand_among_figures_with_their_units() -> None:
    report = read(
        table(
            "序号 | 数据项 | 计量单位 | 2020年 | 2021年",
            "1 | 支出合计 | 万元 | 80.00 | 90.00",
            "2 | 三公经费 | 元 | 36000 | 34000",
            "3 | 自评得分 | 分 | 94 | 95.5",
        )
    )
    assert report["performance.score"].raw == "95.5"
    assert told(report)["performance.score", 2020, "final"] == "94分"
    assert left(report) == []


def test_points_in_a_column_of_amounts_are_not_the_wholes() -> None:
    report = read(table("项目 | 年初预算数 | 决算数", "支出合计 | 80.00 | 90.00", "基本支出 | 50 | 60", "得分 | 8 | 9"))
    assert "performance.score" not in figures(report)


# --- rates of execution -----------------------------------------------------------------------------------------


def test_the_rate_beside_the_total_of_spending() -> None:
    report = read(
        table(
            "支出项目（单位：万元） | 年初预算数 | 调整预算数 | 决算数 | 执行率（%）",
            "基本支出 | 612.40 | 640.10 | 640.10 | 100.00",
            "项目支出 | 1,300.00 | 1,450.00 | 1,305.00 | 90.00",
            "支出合计 | 1,912.40 | 2,090.10 | 1,945.10 | 93.06",
        )
    )
    assert report["budget.execution_rate"].raw == "93.06"
    assert left(report) == ["100.00", "90.00"]


def test_the_rate_is_that_of_the_money_of_the_whole_where_a_row_is_it() -> None:
    report = read(
        table(
            "项目 | 全年预算数 | 全年执行数 | 执行率",
            "年度资金总额 | 100.00 | 95.00 | 95.00%",
            "支出合计 | 110.00 | 99.00 | 90.00%",
        )
    )
    assert [fact.raw for fact in report.facts if fact.concept == "budget.execution_rate"] == ["95.00%"]


def test_the_rate_beside_this_years_account_and_last_years() -> None:
    report = read(
        table(
            "项目 | 本年预算数 | 本年决算数 | 执行率 | 上年决算数 | 增减",
            "基本支出 | 60.00 | 58.00 | 96.67% | 50.00 | 8.00",
            "支出合计 | 100.00 | 98.62 | 98.62% | 90.00 | 8.62",
        )
    )
    assert report["budget.execution_rate"].raw == "98.62%"


def test_the_rate_below_rows_of_stages() -> None:
    report = read(
        table(
            "~ | 支出合计 | 基本支出 | 项目支出",
            "年初预算 | 90.00 | 60.00 | 30.00",
            "调整预算 | 100.00 | 60.00 | 40.00",
            "决算数 | 99.00 | 60.00 | 39.00",
            "执行率 | 99.00% | 100.00% | 97.50%",
        )
    )
    assert report["budget.execution_rate"].raw == "99.00%"
    assert left(report) == ["100.00%", "97.50%"]


# --- sentences in cells -----------------------------------------------------------------------------------------


def test_sentences_beside_the_name_of_a_figure() -> None:
    report = read(
        table(
            "资金情况 | 2021年收入合计845.60万元，其中财政拨款840.00万元、其他收入5.60万元。",
            "三公经费 | 三公经费合计3.25万元，其中公务接待费1.05万元，公务用车运行维护费2.20万元。",
        )
    )
    assert spoken(report)["income.total"] == "845.60"
    assert spoken(report)["three_public.reception"] == "1.05"
    assert all(fact.state != "unreadable" for fact in report.facts)


def test_kinds_of_posts_with_what_they_come_to() -> None:
    report = read(table("人员情况 | 核定行政编制18名、事业编制27名，合计45名；年末实有在职人员42人，退休人员19人。"))
    assert spoken(report) == {
        "staffing.authorized": "45",
        "staffing.in_service": "42",
        "staffing.retired": "19",
    }


def test_kinds_of_posts_that_do_not_come_to_it() -> None:
    report = read(table("人员情况 | 核定行政编制18名、事业编制27名，合计46名；年末实有在职人员42人。"))
    assert "staffing.authorized" not in spoken(report)


@pytest.mark.parametrize("whole", ["机关及所属二级机构", "局机关和下属单位", "机关及下属事业单位"])
def test_the_unit_with_all_that_belongs_to_it_is_the_unit(whole: str) -> None:
    report = read(f"我局{whole}共核定编制112名，年末在职实有人员106人，退休人员53人。")
    assert spoken(report)["staffing.authorized"] == "112"
    assert spoken(report)["staffing.in_service"] == "106"


# --- numbers with notes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8.00（3辆执法车）", "8.00"),
        ("1,903.50（追加43.50）", "1903.50"),
        ("12.60（不跨年度）", "12.60"),
        ("8.00（3.5）", None),
        ("46（2023年预算数）", None),
        ("5.20（年初预算）", None),
        ("8（元）", None),
    ],
)
def test_a_note_behind_a_number(text: str, value: str | None) -> None:
    quantity = read_number(text, UNITS).quantity
    assert (str(quantity.value) if quantity is not None else None) == value


# --- scoring tables with one column of names ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["评价内容", "考核指标", "指标", "考核项目", "指标名称"])
def test_a_scoring_table_without_levels(name: str) -> None:
    report = read(
        table(
            f"序号 | {name} | 评分标准 | 分值 | 自评得分 | 扣分说明",
            "1 | 预算编制 | 完整得满分 | 30 | 30 | ~",
            "2 | 预算执行率 | 达到98%得满分 | 20 | 19 | 略低",
            "3 | 公众满意度 | 90%以上得满分 | 50 | 49 | 投诉1件",
            "~ | 合计 | ~ | 100 | 98 | ~",
        )
    )
    assert points(report) == [("预算编制", "30", "30"), ("预算执行率", "20", "19"), ("公众满意度", "50", "49")]
    assert report["scoring.score_total"].raw == "98"
    assert left(report) == []


def test_weights_behind_the_names_and_headings_that_add_up() -> None:
    report = read(
        table(
            "指标（满分） | 指标解释 | 自评分 | 备注",
            "一、预算管理（40分） | ~ | 39 | ~",
            "1.预算编制完整性（25分） | 全部纳入 | 25 | ~",
            "2.信息公开（15分） | 按时公开 | 14 | 迟1天",
            "二、履职效能（60分） | ~ | 58 | ~",
            "1.重点工作（60分） | 完成率100% | 58 | 一项顺延",
            "合计（100分） | ~ | 97 | ~",
        )
    )
    assert [(i.level1, i.weight and str(i.weight.value)) for i in report.indicators] == [
        ("一、预算管理", "25"),
        ("一、预算管理", "15"),
        ("二、履职效能", "60"),
    ]
    assert report["scoring.score_total"].raw == "97"
    assert left(report) == ["39", "58"]


def test_amounts_with_points_beside_them_are_no_scoring_table() -> None:
    report = read(
        table("项目 | 金额 | 分值 | 得分", "支出合计 | 90.00 | 10 | 9", "基本支出 | 60.00 | 10 | 10"),
    )
    assert report.indicators == ()
    assert report["expenditure.total"].raw == "90.00"


def test_a_name_in_the_sentence_that_hands_the_report_in() -> None:
    (report,) = reports(
        document(
            "关于报送2022年度整体支出绩效自评情况的报告",
            "现将测试县文化馆2022年度部门整体支出绩效自评情况报告如下。",
            table("支出合计 | 基本支出 | 项目支出", "90.00 | 60.00 | 30.00"),
        )
    )
    assert report.unit_name == "测试县文化馆"


@pytest.mark.parametrize("label", ["单位概况", "收支概况", "经费使用情况"])
def test_labels_that_announce_sentences_of_the_unit(label: str) -> None:
    report = read(table(f"{label} | 全年支出合计98.10万元，其中基本支出68.10万元，项目支出30.00万元。"))
    assert spoken(report)["expenditure.basic"] == "68.10"


def test_labels_that_announce_none_leave_their_sentences() -> None:
    report = read(table("帮扶成效 | 全年支出合计98.10万元，其中基本支出68.10万元，项目支出30.00万元。"))
    assert spoken(report) == {}


def test_stages_over_figures_beside_a_column_of_remarks() -> None:
    report = read(
        "各单位预算执行情况（万元）",
        table(
            "单位名称/1x2 | 预算数/2 | 决算数/2 | 备注/1x2",
            "基本支出 | 项目支出 | 基本支出 | 项目支出",
            "局机关 | 820.00 | 1,300.00 | 815.60 | 1,286.40 | ~",
            "畜牧站 | 265.00 | 96.00 | 265.00 | 96.00 | 含上年结转",
            "合计 | 1,085.00 | 1,396.00 | 1,080.60 | 1,382.40 | ~",
        ),
    )
    assert stages(report)["expenditure.project", "initial"] == "1,396.00万元"
    assert stages(report)["expenditure.basic", "final"] == "1,080.60万元"
    assert figures(report, "畜牧站")["expenditure.basic"] == "265.00"
    assert left(report) == []


def test_the_head_of_a_list_of_projects_names_none() -> None:
    report = read(
        table(
            "序号 | 项目名称 | 预算数 | 执行数 | 自评得分",
            "1 | 人工增雨 | 200.00 | 198.00 | 96",
            "2 | 科普宣传 | 70.00 | 70.00 | 99",
        )
    )
    assert report.projects == ()
    assert "performance.score" not in figures(report)
    assert len(left(report)) == 6


def test_a_caption_over_projects_is_no_project() -> None:
    rows = ("项目资金（万元） | 全年预算数 | 全年执行数", "年度资金总额 | 350.00 | 343.00")
    report = read(
        table("支出合计 | 基本支出 | 项目支出", "90.00 | 60.00 | 30.00"),
        "项目支出绩效自评情况：两个项目自评表附后",
        "项目支出绩效自评表",
        table("项目名称 | 河道清淤 | 实施单位 | 测试区教育局", where="t2"),
        table(*rows),
        "项目支出绩效自评表",
        table("项目名称 | 校舍维修 | 实施单位 | 测试区教育局"),
        table(*rows),
    )
    assert [project.name for project in report.projects] == ["河道清淤", "校舍维修"]


def test_rates_of_points_in_a_row_of_subtotals_are_listed() -> None:
    report = read(
        table(
            "指标类别 | 评价指标 | 权重 | 得分 | 得分率",
            "预算管理/1x3 | 预算编制 | 40 | 40 | 100%",
            "预算执行 | 20 | 19 | 95%",
            "小计 | 60 | 59 | 98.33%",
            "履职/1x2 | 重点任务 | 40 | 38 | 95.5%",
            "小计 | 40 | 38 | 95.0%",
            "合计/2 | 100 | 97 | 97%",
        )
    )
    assert len(report.indicators) == 3
    assert left(report) == ["100%", "95%", "98.33%", "95.5%", "95.0%", "97%"]
