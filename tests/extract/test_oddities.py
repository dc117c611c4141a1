"""Layouts that once came out wrong: each a minimal table and what it must say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents import document, table
from extract.test_reports import COVER, dump, figures, read, read_text, reports


def test_a_repeated_header_over_one_other_unit_makes_no_second_main_row() -> None:
    head = "机构名称 | 收入合计 | 上年结转 | 其他"
    for rows in (("汇总 | 30 | 3 | 27", "局机关 | 10 | 1 | 9"), ("局机关 | 10 | 1 | 9", "汇总 | 30 | 3 | 27")):
        report = read("年度收入情况（万元）", table(head, *rows), "续表", table(head, "测绘站 | 20 | 2 | 18"))
        assert figures(report)["income.total"] == "30"
        assert figures(report, "测绘站")["income.total"] == "20"


@pytest.mark.parametrize("label", ["总分（100分）", "合计（总分）", "绩效评价总分", "总 得 分"])
def test_total_rows_in_other_words(label: str) -> None:
    report = read(
        table(
            "一级指标 | 二级指标 | 三级指标 | 分值 | 自评得分",
            "投入 | 配置 | 控制率 | 100 | 92",
            f"{label}/3 | 100 | 92",
        )
    )
    assert len(report.indicators) == 1
    assert (report["scoring.weight_total"].raw, report["scoring.score_total"].raw) == ("100", "92")


def test_a_blank_score_of_a_total_row_of_text_is_not_taken_from_its_weight() -> None:
    report = read_text(
        "一级指标\t二级指标\t三级指标\t指标值\t实际完成值\t分值\t得分\t偏差原因\n"
        "产出指标\t数量指标\t巡查次数\t12次\t12次\t100\t100\t\n"
        "总分\t\t\t\t\t100\t\t"
    )
    assert report["scoring.weight_total"].raw == "100"
    assert report["scoring.score_total"].state == "blank"


def test_level_labels_that_go_on_after_a_page_break() -> None:
    head = "一级指标 | 二级指标 | 三级指标 | 分值 | 自评得分"
    report = read(
        table(
            head,
            "过程（15分） | 管理（15分） | 制度 | 5 | 5",
            head,
            "~ | ~ | 公开 | 5 | 5",
            "过程（续） | 管理（续） | 采购 | 5 | 4",
        )
    )
    assert [(i.level1, i.level2, i.level3) for i in report.indicators] == [
        ("过程", "管理", "制度"),
        ("过程", "管理", "公开"),
        ("过程", "管理", "采购"),
    ]


def test_each_level_with_a_weight_column_of_its_own() -> None:
    report = read(
        table(
            "一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | 自评得分",
            "投入/1x2 | 10/1x2 | 配置/1x2 | 10/1x2 | 控制率 | 5 | 5",
            "变动率 | 5 | 4",
        )
    )
    item = report.indicators[1]
    weights = [quantity and quantity.value for quantity in (item.level1_weight, item.level2_weight, item.weight)]
    assert weights == [Decimal(10), Decimal(10), Decimal(5)]
    assert report.unclaimed == ()


def test_a_merged_score_cell_is_one_score() -> None:
    report = read(
        table(
            "一级指标 | 二级指标 | 三级指标 | 分值 | 自评得分",
            "效果/1x2 | 效益/1x2 | 经济 | 15/1x2 | 13/1x2",
            "社会",
        )
    )
    assert [i.score and i.score.value for i in report.indicators] == [Decimal(13), None]


@pytest.mark.parametrize(("weight", "score"), [("（5）", "得4分"), ("5分", "4分"), ("5", "（4）")])
def test_points_in_words_and_brackets(weight: str, score: str) -> None:
    report = read(
        table(
            "一级指标 | 二级指标 | 三级指标 | 分值（100分） | 实得分", f"投入 15分 | 配置 | 控制率 | {weight} | {score}"
        )
    )
    (item,) = report.indicators
    assert item.weight is not None
    assert item.score is not None
    assert (item.level1, item.weight.value, item.score.value) == ("投入", Decimal(5), Decimal(4))


def test_values_behind_their_labels_in_one_cell_or_line() -> None:
    report = read(table("人员编制：36人 | 实有人数：35人"), "绩效自评综合得分：88分", "评价等次：优")
    assert (report["staffing.authorized"].value, report["staffing.actual"].value) == (Decimal(36), Decimal(35))
    assert report["performance.score"].value == Decimal(88)
    assert report["performance.grade"].value == "优"


def test_the_score_of_the_form_is_never_replaced_by_the_total_of_the_table() -> None:
    report = read(
        table("自评得分 | 88 | 评价等次 | 优"),
        table(
            "一级指标 | 二级指标 | 三级指标 | 分值 | 自评得分", "投入 | 配置 | 控制率 | 100 | 92", "总分/3 | 100 | 92"
        ),
    )
    assert (report["performance.score"].value, report["scoring.score_total"].value) == (Decimal(88), Decimal(92))


def test_a_unit_in_the_label_of_the_total_holds_for_its_block() -> None:
    report = read(table("机构名称 | 收入合计（元） | 上年结转 | 其他", "本局 | 8710500 | 500 | 8710000"))
    assert {fact.unit for fact in report.facts if fact.concept.startswith("income.") and fact.state == "value"} == {
        "元"
    }


def test_years_and_stages_below_a_figure() -> None:
    report = read(
        "三公经费情况（万元）",
        table(
            "机构名称/1x2 | 三公经费合计/3 | 公务接待费/3",
            "2020年 | 2021年 | 增减% | 2020年 | 2021年 | 增减%",
            "本局 | 9.10 | 7.70 | -15.38 | 3.10 | 2.10 | -32.26",
        ),
    )
    stated = {(fact.concept, fact.period): fact.raw for fact in report.facts if fact.state == "value"}
    assert stated == {
        ("three_public.total", 2020): "9.10",
        ("three_public.total", 2021): "7.70",
        ("three_public.reception", 2020): "3.10",
        ("three_public.reception", 2021): "2.10",
    }
    assert report["three_public.total"].raw == "7.70"


def test_next_years_targets_are_not_this_years_figures() -> None:
    report = read(
        "年度收入情况（万元）",
        table("机构名称 | 收入合计 | 其他", "本局 | 523 | 523"),
        "2022年度部门整体支出绩效目标申报表",
        table("收入合计 | 600 | 支出合计 | 600"),
    )
    assert [(fact.period, fact.raw) for fact in report.of("income.total")] == [(2021, "523"), (2022, "600")]
    assert report["income.total"].raw == "523"


def test_unknown_words_in_the_deepest_header_lose_only_their_own_columns() -> None:
    report = read(
        "年度支出情况（万元）",
        table(
            "机构名称/1x3 | 支出合计/1x3 | 其中：/4",
            "基本支出/1x2 | 公用支出/2 | 项目支出/1x2",
            "办公 | 水电",
            "本局 | 100 | 60 | 12 | 8 | 40",
        ),
    )
    assert figures(report) == {"expenditure.total": "100", "expenditure.basic": "60", "expenditure.project": "40"}
    assert [item.raw for item in report.unclaimed] == ["12", "8"]


def test_a_table_without_a_column_of_names() -> None:
    report = read_text(
        dump("年度收入情况（万元）", "收入合计|其中：", "|上年结转|公共财政拨款|其他收入", "523.40|12.30|480.00|31.10")
    )
    assert figures(report) == {
        "income.total": "523.40",
        "income.carryover": "12.30",
        "income.public_budget": "480.00",
        "income.other": "31.10",
    }


def test_a_project_of_a_bundle_never_speaks_for_the_unit() -> None:
    scoring = (
        "一级指标 | 二级指标 | 三级指标 | 分值 | 自评得分",
        "投入 | 配置 | 控制率 | 50 | 45",
        "产出 | 职责 | 任务 | 50 | 46",
        "总分/3 | 100 | 91",
    )
    report = read(
        table(*scoring),
        "项目支出绩效自评表",
        table("项目名称 | 控制点普查 | 主管部门 | 测试区教育局"),
        table("资金（万元） | 年初预算数 | 全年预算数 | 全年执行数", "年度资金总额 | 90 | 100 | 98"),
        table(
            "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分",
            "产出 | 数量 | 控制点 | 10 | 10 | 50 | 50",
        ),
    )
    assert [i.level3 for i in report.indicators] == ["控制率", "任务"]
    assert report["scoring.score_total"].raw == "91"
    assert report["budget.total"].state == "missing"


@pytest.mark.parametrize(
    ("lines", "name", "code"),
    [
        (("部门(单位)名称：____某区某局____", "预算编码：____301001____"), "某区某局", "301001"),
        (("部门(单位)名称：", "某区某局", "预算编码：", "301001"), "某区某局", "301001"),
        (("部门(单位)名称：某区某局", "预算编码：301001-某局"), "某区某局", "301001"),
    ],
)
def test_covers(lines: tuple[str, ...], name: str, code: str) -> None:
    source = document(
        COVER[0],
        COVER[1],
        *lines,
        table("机构名称 | 收入合计 | 其他", "某局 | 5 | 5"),
        table("人员编制 | 5 | 实有人数 | 5"),
    )
    (report,) = reports(source)
    assert (report.unit_name, report.budget_code) == (name, code)
    assert {fact.entity for fact in report.facts if fact.main} == {name}


def test_headings_in_other_ways() -> None:
    for first, second in (
        ("1.部门概况", "2.存在问题"),
        ("（一）部门概况", "（二）存在问题"),
        ("第一部分 部门概况", "第二部分 存在问题"),
    ):
        report = read(
            table("人员编制 | 5 | 实有人数 | 5"), "五、评价报告综述（文字部分）", first, "文字。", second, "文字。"
        )
        assert [section.title for section in report.sections] == ["部门概况", "存在问题"]


def test_units_headed_by_their_names_alone_are_reports_of_their_own() -> None:
    title, head = "2022年度部门整体支出绩效自评表（单位：万元）", "项目 | 年初预算数 | 全年预算数 | 全年执行数"
    blocks = [
        part
        for name, total in (("某县水利局", 100), ("某县林业局", 80))
        for part in (
            name,
            title,
            table(head, f"收入合计 | {total} | {total} | {total}", f"支出合计 | {total} | {total} | 70"),
        )
    ]
    found = reports(document(*blocks))
    assert [(report.unit_name, report["income.total"].raw) for report in found] == [
        ("某县水利局", "100"),
        ("某县林业局", "80"),
    ]


def test_two_units_of_the_national_form_in_one_document() -> None:
    head = "资金情况（万元） | 年初预算数 | 全年预算数 | 全年执行数"
    blocks = [
        part
        for name, total in (("某区教育局", 240), ("某区民政局", 90))
        for part in (
            "2022年度部门整体支出绩效自评表",
            table(f"部门名称 | {name} | 填报日期 | 2023年3月1日", head, f"年度资金总额 | {total} | {total} | {total}"),
        )
    ]
    found = reports(document(*blocks))
    assert [(report.unit_name, report["budget.total"].raw) for report in found] == [
        ("某区教育局", "240"),
        ("某区民政局", "90"),
    ]


@pytest.mark.parametrize("bullet", ["—", "——", "－ ", "·", "●", "-"])
def test_items_of_a_list_behind_bullets(bullet: str) -> None:
    report = read(
        "一、支出情况",
        "三公经费3.52万元，其中：",
        f"{bullet}公务接待费：3.02万元",
        f"{bullet}公务用车运行维护费：0.50万元",
    )
    assert (report["three_public.reception"].raw, report["three_public.vehicle_running"].raw) == ("3.02", "0.50")


def test_lines_of_a_label_and_a_bare_amount_below_a_stated_unit() -> None:
    report = read("二、收支情况（单位：万元）", "支出合计：515.00", "其中：基本支出：315.00", "项目支出：200.00")
    assert [report[f"expenditure.{part}"].raw for part in ("total", "basic", "project")] == [
        "515.00",
        "315.00",
        "200.00",
    ]
    total = report["expenditure.total"].quantity
    assert total is not None
    assert total.factor == 10_000
    assert read("二、收支情况", "支出合计：515.00")["expenditure.total"].state == "missing"
