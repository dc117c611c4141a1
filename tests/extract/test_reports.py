"""Documents of the form in its variations → what a report says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents import document, table
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Document
from gouji.model.report import STANDARD_CONCEPTS, Report
from gouji.patterns import load_patterns
from gouji.readers.txt import read_txt

PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
COVER = (
    "测试区2021年度部门（单位）整体支出",
    "绩效评价自评报告",
    "部门(单位)名称：测试区教育局",
    "预 算 编 码： 085001",
    "报告日期：2022.5.17",
)


def read(*blocks: object) -> Report:
    found = reports(document(*COVER, *blocks))  # type: ignore[arg-type]
    assert len(found) == 1
    return found[0]


def reports(source: Document) -> list[Report]:
    located, _ = locate_reports(source, VOCABULARY)
    return [assemble_report(place.region, place.form, PATTERNS)[0] for place in located if place.form is not None]


def dump(*rows: str) -> str:
    """A text dump: one cell a line, a blank line between rows."""
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row.split("|")) for row in rows)


def read_text(body: str) -> Report:
    found = reports(read_txt(("\n\n".join(COVER) + "\n\n" + body).encode()))
    assert len(found) == 1
    return found[0]


def figures(report: Report, entity: str | None = None) -> dict[str, str]:
    """concept → printed text (or state) of the main entity, or of another one."""
    return {
        fact.concept: fact.raw or fact.state
        for fact in report.facts
        if fact.origin == "table"
        and fact.state != "missing"
        and (fact.main if entity is None else fact.entity == entity)
    }


def test_cover() -> None:
    report = read(table("人员编制 | 36 | 实有人数 | 38"))
    assert (report.unit_name, report.budget_code, report.fiscal_year, report.report_date) == (
        "测试区教育局",
        "085001",
        2021,
        "2022-05-17",
    )


def test_one_wide_table_with_summary_and_preprinted_rows() -> None:
    report = read(
        "金额单位：万元",
        table(
            "单位名称/1x3 | 收入/4 | 支出/5 | 结余/2",
            "合计/1x2 | 其中：/3 | 合计/1x2 | 基本支出/3 | 项目支出/1x2 | 当年结余/1x2 | 累计结余/1x2",
            "公共财政拨款 | 上年结转 | 其他 | 小计 | 人员经费 | 公用经费",
            "汇总 | 100.00 | 90 | 10 | ~ | 95.5 | 60 | 40 | 20 | 35.5 | 4.5 | 10",
            "局机关 | 50.00 | 45 | 5 | ~ | 45.5 | 30 | 20 | 10 | 15.5 | 4.5 | 5",
            "二级机构2 | ~ | ~ | ~ | ~ | ~ | ~ | ~ | ~ | ~ | ~ | ~",
        ),
    )
    assert figures(report) == {
        "income.total": "100.00",
        "income.public_budget": "90",
        "income.carryover": "10",
        "income.other": "blank",
        "expenditure.total": "95.5",
        "expenditure.basic": "60",
        "expenditure.personnel": "40",
        "expenditure.public": "20",
        "expenditure.project": "35.5",
        "balance.current": "4.5",
        "balance.cumulative": "10",
    }
    assert figures(report, "局机关")["expenditure.total"] == "45.5"
    assert {fact.entity for fact in report.facts} == {"测试区教育局", "局机关"}
    assert report["expenditure.personnel"].header_path == ("支出", "基本支出", "人员经费")
    assert report["expenditure.personnel"].unit_where == "p6"


def test_a_block_with_its_own_unit_and_order() -> None:
    report = read(
        "年度收入情况（万元）",
        table("机构名称 | 收入合计 | 上年结转", "本局 | 5.00 | 1"),
        "三公经费情况（元）",
        table(
            "部门/1x2 | 因公出国（境）费/1x2 | 公务用车/2 | 公务接待/1x2 | 三公经费 合 计/1x2",
            "购置费 | 运行维护费",
            "本局 | 0 | 无 | 12,000.00 | — | 12000",
        ),
    )
    assert figures(report) == {
        "income.total": "5.00",
        "income.carryover": "1",
        "three_public.abroad": "0",
        "three_public.vehicle_purchase": "无",
        "three_public.vehicle_running": "12,000.00",
        "three_public.reception": "—",
        "three_public.total": "12000",
    }
    units = {fact.concept: fact.quantity.unit.name for fact in report.facts if fact.quantity and fact.quantity.unit}
    assert units["income.total"] == "万元"
    assert units["three_public.total"] == "元"
    assert report["three_public.abroad"].state == "zero"
    assert report["three_public.vehicle_purchase"].state == "none"


def test_a_table_that_goes_on_after_a_page_break_keeps_its_header() -> None:
    report = read(
        "年度收入情况（万元）",
        table("机构名称 | 收入合计 | 上年结转 | 其他", "汇总 | 30 | 3 | 27", "局机关 | 10 | 1 | 9"),
        "- 2 -",
        table("二中 | 12 | 2 | 10", "三中 | 8 | ~ | 8"),
        table("人员编制 | 36 | 实有人数 | 38"),
    )
    assert figures(report)["income.total"] == "30"
    assert figures(report, "三中") == {"income.total": "8", "income.carryover": "blank", "income.other": "8"}
    assert report["staffing.actual"].raw == "38"


def test_weak_labels_take_the_topic_of_their_neighbours() -> None:
    report = read(table("机构名称 | 固定资产合计 | 在用 | 出租 | 其他", "本局 | 9 | 8 | 1 | ~"))
    assert figures(report) == {"assets.total": "9", "assets.in_use": "8", "assets.leased": "1", "assets.other": "blank"}


def test_a_path_that_changes_the_meaning_is_left_unclaimed() -> None:
    report = read(
        "年度收入情况（万元）",
        table("机构名称/1x2 | 收入合计/1x2 | 上年结转/2", "基本支出 | 项目支出", "本局 | 7.5 | 3.25 | 4.25"),
    )
    assert figures(report) == {"income.total": "7.5"}
    assert [item.raw for item in report.unclaimed] == ["3.25", "4.25"]


def test_two_columns_of_one_meaning_are_an_ambiguity() -> None:
    report = read("年度收入情况", table("机构名称 | 收入合计 | 收入合计 | 上年结转", "本局 | 7 | 8 | 1"))
    assert "income.total" not in figures(report)
    assert [item.raw for item in report.unclaimed] == ["7", "8"]


def test_column_numbers_and_ordinals_are_no_figures() -> None:
    report = read(
        "年度收入情况",
        table("序号 | 机构名称 | 收入合计 | 上年结转 | 其他", "栏次 | 1 | 2 | 3 | 4", "1 | 本局 | 7 | 1 | 6"),
    )
    assert figures(report) == {"income.total": "7", "income.carryover": "1", "income.other": "6"}
    assert report.unclaimed == ()


def test_label_beside_value() -> None:
    report = read(
        table("项目 | 金额（万元）", "收入合计 | 100", "其中：上年结转 | 5", "其他 | ~", "支出合计 | 100"),
        table(
            "人员编制 | 36 | 其中：行政编 | 20",
            "实有人数 | ３８人 | 离退休 | 3",
            "绩效自评综合得分 | 88.5分 | 评价等次 | 优□ 良☑ 中□",
        ),
    )
    got = figures(report)
    assert got["income.carryover"] == "5"
    assert got["income.other"] == "blank"
    assert report["income.total"].unit_where == "t1r1c2"
    assert report["staffing.actual"].quantity is not None
    assert report["staffing.actual"].quantity.value == 38
    assert report["performance.grade"].value == "良"
    assert [item.raw for item in report.unclaimed] == ["20"]


def test_a_label_with_two_values_is_not_guessed() -> None:
    report = read(table("收入合计 | 90 | 100", "支出合计 | 80 | 95"))
    assert "income.total" not in figures(report)
    assert len(report.unclaimed) == 4


def test_what_the_form_expects_and_no_cell_offers_is_missing() -> None:
    report = read(table("人员编制 | 36 | 实有人数 | "))
    assert report["staffing.actual"].state == "blank"
    assert report["expenditure.basic"].state == "missing"
    assert report["expenditure.basic"].where is None
    assert report["income.fiscal"].state == "missing"  # a standard concept that the form does not expect
    with pytest.raises(KeyError):
        report["no.such"]


def test_every_standard_concept_is_in_the_vocabulary() -> None:
    assert set(PATTERNS.concepts) >= STANDARD_CONCEPTS


def test_a_fact_gives_its_plain_number() -> None:
    report = read("年度支出情况（万元）", table("机构名称 | 支出合计 | 基本支出", "本局 | 1,871.05 | 无"))
    fact = report["expenditure.total"]
    assert (fact.value, fact.unit, fact.quantity and fact.quantity.decimals) == (Decimal("1871.05"), "万元", 2)
    assert report["expenditure.basic"].value is None


def test_phone_numbers_and_codes_are_no_figures() -> None:
    report = read(table("联系人 | 张某 | 联络电话 | 13800000000", "人员编制 | 5 | 实有人数 | 4"))
    assert report.unclaimed == ()
    assert [(person.role, person.name) for person in report.people] == [("联系人", "张某")]


def test_ragged_headers_are_reconstructed_from_the_rows_below() -> None:
    report = read_text(
        dump(
            "部门年度支出和结余情况（万元）",
            "机构名称|支出合计|其中：|结余",
            "||基本支出|其中：|项目支出|当年结余|累计结余",
            "|||人员支出|公用支出|||",
            "本局|100|60|40|20|40|3|9",
        )
    )
    assert figures(report) == {
        "expenditure.total": "100",
        "expenditure.basic": "60",
        "expenditure.personnel": "40",
        "expenditure.public": "20",
        "expenditure.project": "40",
        "balance.current": "3",
        "balance.cumulative": "9",
    }
    assert report["expenditure.personnel"].header_path == ("其中:", "人员支出")
    assert report["balance.cumulative"].header_path == ("结余", "累计结余")


def test_ragged_headers_whose_blanks_vanished() -> None:
    report = read_text(
        dump(
            "年度支出和结余情况（元）",
            "机构名称|支出合计|其中：|结余",
            "基本支出|其中：|项目支出|当年结余|累计结余",
            "人员支出|公用支出",
            "本局|8710500.00|5000000|3000000|2000000|3710500|0|100",
        )
    )
    assert figures(report)["expenditure.public"] == "2000000"
    assert figures(report)["balance.cumulative"] == "100"


def test_a_ragged_row_that_lost_blanks_gives_what_its_sums_leave_no_doubt_of() -> None:
    report = read_text(
        dump(
            "三公经费（万元）",
            "机构名称|三公经费合计|其中：",
            "||公务接待费|公务用车运维费|公务用车购置费|因公出国费",
            "本局|5|2|3",
            "二级机构|1|1|0|0|0",
        )
    )
    assert figures(report) == {}
    assert figures(report, "本局") == {"three_public.total": "5"}
    assert [item.raw for item in report.unclaimed] == ["2", "3"]
    assert figures(report, "二级机构")["three_public.total"] == "1"


SCORING = (
    "一级指标|二级指标|三级指标|评分标准|分值|自评得分|扣分原因",
    "投 入（15分）|预算配置（15分）|控制率|达标5分|5|5|",
    "||变动率|不增5分|5|4.5|略增",
    "　||支出率|x|5|5|",
    "小计||||15|14.5|",
    "加分项（5分）||创新|每项1分|5|2|",
    "效果（20分）|效益（20分）|经济|a|15|5|",
    "||社会|||4|",
    "||生态|||4|",
    "||满意度|c|5|3|低",
    "总 分|100|||100|88",
)


def test_scoring_rows_of_a_text_dump() -> None:
    report = read_text(dump(*SCORING))
    rows = [
        (i.level1, i.level3, str(i.weight.value) if i.weight else None, i.weight_shared_by, i.kind)
        for i in report.indicators
    ]
    assert rows == [
        ("投入", "控制率", "5", 1, "item"),
        ("投入", "变动率", "5", 1, "item"),
        ("投入", "支出率", "5", 1, "item"),
        ("加分项", "创新", "5", 1, "bonus"),
        ("效果", "经济", "15", 3, "item"),
        ("效果", "社会", "15", 3, "item"),
        ("效果", "生态", "15", 3, "item"),
        ("效果", "满意度", "5", 1, "item"),
    ]
    assert [i.cells["reason"].state for i in report.indicators[:3]] == ["blank", "value", "blank"]
    assert report["scoring.score_total"].raw == "88"
    assert report["performance.score"].raw == "88"
    assert [item.raw for item in report.unclaimed] == ["100"]


def test_scoring_with_merged_cells_and_a_repeated_header() -> None:
    report = read(
        table(
            "一级指标 | 二级指标 | 三级指标 | 评分标准 | 分值 | 自评得分 | 扣分原因和其他说明",
            "投入（10分）/1x2 | 配置（10分）/1x2 | 控制率 | a | 5 | 5 | ~",
            "变动率 | b | 5 | 4 | 有增长",
            "一级指标 | 二级指标 | 三级指标 | 评分标准 | 分值 | 自评得分 | 扣分原因和其他说明",
            "效果（20分）/1x4 | 效益（20分）/1x4 | 经济 | c/1x3 | 15/1x3 | 5 | ~",
            "社会 | 4 | ~",
            "生态 | 4 | ~",
            "满意度 | d | 5 | 3 | ~",
            "总 分/4 | 30 | 25 | ~",
        )
    )
    assert [(i.level3, i.weight_shared_by) for i in report.indicators] == [
        ("控制率", 1),
        ("变动率", 1),
        ("经济", 3),
        ("社会", 3),
        ("生态", 3),
        ("满意度", 1),
    ]
    assert report.indicators[1].level1_weight is not None
    assert report.indicators[1].level1_weight.value == 10
    assert report.indicators[3].criterion == "c"
    assert report["scoring.weight_total"].raw == "30"
    assert report.unclaimed == ()


def test_a_scoring_table_that_goes_on_after_a_page_break() -> None:
    report = read(
        table("一级指标 | 二级指标 | 三级指标 | 分值 | 自评得分", "投入 | 配置 | 控制率 | 5 | 5"),
        "第2页",
        table("过程 | 执行 | 调整率 | 3 | 2", "过程 | 执行 | 公开 | 2 | 2", "总分 | ~ | ~ | 10 | 9"),
        table("其他资料 | 甲 | 乙 | 7 | 8"),
    )
    assert [(i.level3, i.score and str(i.score.value)) for i in report.indicators] == [
        ("控制率", "5"),
        ("调整率", "2"),
        ("公开", "2"),
    ]
    assert report["scoring.score_total"].raw == "9"
    assert [item.raw for item in report.unclaimed] == ["7", "8"]


def test_goals_people_and_sections() -> None:
    report = read(
        table(
            "定性目标/1x2 | 预期目标 | 实际完成",
            "目标1：做好甲事 | 已做好",
        ),
        table(
            "定量目标/1x4 | 评价内容/2 | 绩效目标 | 完成情况",
            "产出目标/1x2 | 质量指标 | 指标1：甲 | 达标",
            "数量指标 | 指标1：乙100份 | 102份",
            "效益目标 | 社会效益 | 丙 | 达标",
        ),
        table(
            "姓  名 | 职务/职称 | 单位 | 签字", "刘  某 | 主任 | 测试区教育局 | ~", "陈某某 | 科员 | 测试区教育局 | ~"
        ),
        "填报人（签名）：吴某                联系电话：2345678",
        "五、评价报告综述（文字部分）",
        "一、部门概况",
        "全年总支出871.05万元，基本支出600.05万元（其中：人员支出400.05万元，公用支出200万元。",
        "二、存在的主要问题",
        "有。",
    )
    assert [(g.kind, g.target, g.result) for g in report.goals] == [
        ("预期目标", "目标1：做好甲事", "已做好"),
        ("质量指标", "指标1：甲", "达标"),
        ("数量指标", "指标1：乙100份", "102份"),
        ("社会效益", "丙", "达标"),
    ]
    assert [(p.role, p.name) for p in report.people] == [
        ("填报人", "吴某"),
        ("评价人员", "刘某"),
        ("评价人员", "陈某某"),
    ]
    assert [(s.number, s.title) for s in report.sections] == [("一", "部门概况"), ("二", "存在的主要问题")]
    prose = {f.concept: (f.raw, f.where) for f in report.facts if f.origin == "prose"}
    assert prose["expenditure.personnel"] == ("400.05", "p9_34_40")


@pytest.mark.parametrize(
    "sentence",
    [
        "三公经费比上年减少3.5万元。",
        "基本支出增加12.3万元。",
        "年初预算基本支出100万元。",
        "基本支出占支出合计的68.1万元。",
        "辅警编制20人，领导职数3名。",
        "共接待12批次，公务接待人次350人次。",
    ],
)
def test_changes_plans_and_false_friends_are_no_levels(sentence: str) -> None:
    report = read(table("人员编制 | 5 | 实有人数 | 4"), "一、概况", sentence)
    assert [fact.concept for fact in report.facts if fact.origin == "prose"] == []


def test_two_covers_are_two_reports() -> None:
    block = table("机构名称 | 收入合计 | 上年结转", "本单位 | 5 | 1")
    second = ("测试区2021年度部门整体支出绩效评价自评报告", "部门(单位)名称：测试区民政局", "预算编码：086001")
    found = reports(document(*COVER, "收入情况（万元）", block, *second, "收入情况（元）", block))
    assert [(r.unit_name, r.budget_code) for r in found] == [("测试区教育局", "085001"), ("测试区民政局", "086001")]
    units = [r["income.total"].quantity.unit.name for r in found]  # type: ignore[union-attr]
    assert units == ["万元", "元"]


def test_a_notice_is_no_report() -> None:
    source = document(
        "关于召开全区绩效工作会议的通知", "各单位：", "定于5月10日召开会议。", table("时间 | 地点", "9:00 | 二楼")
    )
    located, _ = locate_reports(source, VOCABULARY)
    assert all(place.form is None for place in located)
