"""Tables whose cells stand one a line: rows are put together where the sums leave no doubt, the rest is listed."""

from __future__ import annotations

from documents import document
from extract.test_unplanned_shapes import UNIT, VOCABULARY, YEAR, read
from gouji.locate.stacked import Figure, in_order
from gouji.model.report import Report
from gouji.patterns.sums import Sums

COVER = (
    f"{UNIT}{YEAR}年度部门整体支出绩效自评报告",
    *("人员编制", "21", "实有人数", "23"),
)
EXPENSES = (
    "部门（单位）年度支出和结余情况（万元）",
    *("机构名称", "支出合计", "其中：", "结余"),
    *("基本支出", "其中：", "项目支出", "当年结余", "累计结余"),
    *("人员支出", "公用支出"),
)
ASSETS = ("固定资产情况（万元）", "机构名称", "固定资产合计", "其中：", "其他", "在用固定资产", "出租固定资产")
SUMMARY = ("局机关及二级机构汇总", "480.10", "300.10", "250.10", "50.00", "180.00", "18.26", "20.40")


def _report(*lines: str) -> Report:
    (report,) = read(document(*lines))
    return report


def _told(report: Report) -> dict[str, str]:
    return {fact.concept: fact.raw for fact in report.facts if fact.origin == "table" and fact.state != "missing"}


def test_a_row_is_put_together_where_its_sums_close() -> None:
    report = _report(
        *COVER, *EXPENSES, *SUMMARY, *ASSETS, "局机关", "90.00", "70.00", "5.00", "15.00", "综合得分", "95"
    )
    told = _told(report)
    assert told == {
        "staffing.authorized": "21",
        "staffing.actual": "23",
        "expenditure.total": "480.10",
        "expenditure.basic": "300.10",
        "expenditure.personnel": "250.10",
        "expenditure.public": "50.00",
        "expenditure.project": "180.00",
        "balance.current": "18.26",
        "balance.cumulative": "20.40",
        "assets.total": "90.00",
        "assets.in_use": "70.00",
        "assets.leased": "5.00",
        "assets.other": "15.00",
        "performance.score": "95",
    }
    assert report["expenditure.total"].where == "p19"
    assert str(report["expenditure.total"].unit) == "万元"
    assert report.unclaimed == ()


def test_a_row_whose_sums_do_not_close_is_listed() -> None:
    off = [value.replace("480.10", "490.10") for value in SUMMARY]
    report = _report(*COVER, *EXPENSES, *off)
    assert "expenditure.total" not in _told(report)
    assert [item.raw for item in report.unclaimed] == off[1:]
    assert report.unclaimed[0].context == "局机关及二级机构汇总"


def test_a_value_too_few_leaves_the_row() -> None:
    report = _report(*COVER, *EXPENSES, *SUMMARY[:-1], "综合得分", "95")
    assert "expenditure.basic" not in _told(report)
    assert len(report.unclaimed) == len(SUMMARY) - 2


def test_rows_of_units_without_one_for_all_are_nobodys() -> None:
    parts = ("局机关", *SUMMARY[1:], "执法大队", *SUMMARY[1:])
    report = _report(*COVER, *EXPENSES, *parts)
    assert "expenditure.total" not in _told(report)
    whole = _report(*COVER, *EXPENSES, *SUMMARY, *parts)
    assert _told(whole)["expenditure.total"] == "480.10"
    assert len(whole.unclaimed) == 2 * (len(SUMMARY) - 1)


def test_a_few_numbers_on_lines_of_their_own_are_no_table() -> None:
    report = _report(*COVER, "支出合计", "12.00")
    assert _told(report) == {}
    assert report.unclaimed == ()


def test_sums_that_go_in_a_circle_give_no_order() -> None:
    """A region's rules may contradict themselves: nothing is put together, and nothing breaks."""
    names = ("支出合计", "基本支出", "人员支出", "公用支出", "项目支出")
    concepts = {name: VOCABULARY.strong(name) for name in names}
    figures = [Figure(concept, name) for name, concept in concepts.items() if concept is not None]
    total, basic, staff, public, project = (figure.concept.id for figure in figures)
    circle: Sums = {total: ((basic, project),), basic: ((staff, public), (total, project))}
    assert len(in_order(figures, circle)) < len(figures)
    assert [
        figure.label for figure in in_order(figures, {total: ((basic, project),), basic: ((staff, public),)})
    ] == list(names)


HEADER = ("一级指标", "二级指标", "三级指标", "分值", "得分", "扣分原因")
ROWS = (
    ("投入", "预算配置", "在职人员控制率", "10", "10", "无"),
    ("过程", "预算执行", "预算完成率", "20", "18.5", "资金下达较晚"),
    ("产出", "职责履行", "任务完成率", "40", "39", "一项顺延"),
    ("效果", "履职效益", "群众满意度", "20", "19", "满意度95%"),
    ("效果", "履职效益", "社会效益", "10", "10", "无"),
)
TITLE = f"{UNIT}{YEAR}年度部门整体支出绩效自评报告"


def _points(report: Report) -> list[tuple[str | None, str, str]]:
    return [
        (i.level3, str(i.weight.value if i.weight else None), str(i.score.value if i.score else None))
        for i in report.indicators
    ]


def test_a_scoring_table_of_whole_rows() -> None:
    lines = [cell for row in ROWS for cell in row]
    report = _report(TITLE, "三、评分表", *HEADER, *lines, "合计", "100", "96.5", "自评等级：优")
    assert _points(report) == [(row[2], row[3], row[4]) for row in ROWS]
    first = report.indicators[1]
    assert (first.level1, first.level2, first.reason) == ("过程", "预算执行", "资金下达较晚")
    assert first.cells["weight"].where == "p18"
    assert report["scoring.weight_total"].where == "p40"
    assert report["scoring.score_total"].raw == "96.5"
    assert report.unclaimed == ()


def test_a_scoring_table_that_lost_its_merged_cells_keeps_name_weight_and_score() -> None:
    lines = ["投入", "预算配置", *ROWS[0][2:5], *ROWS[1][1:5], "资金下达较晚", *ROWS[2][2:5], *ROWS[3], *ROWS[4][2:5]]
    report = _report(TITLE, *HEADER, *lines, "合计", "100", "96.5")
    assert _points(report) == [(row[2], row[3], row[4]) for row in ROWS]
    assert {(i.level1, i.reason) for i in report.indicators} == {(None, None)}
    assert report.unclaimed == ()


def test_a_scoring_table_whose_points_do_not_come_to_its_total_is_listed() -> None:
    lines = [cell for row in ROWS for cell in row]
    report = _report(TITLE, *HEADER, *lines, "合计", "100", "97.5")
    assert report.indicators == ()
    assert len(report.unclaimed) == 2 * len(ROWS) + 2


def test_a_scoring_table_without_total_has_weights_of_a_hundred() -> None:
    lines = [cell for row in ROWS for cell in row]
    assert len(_report(TITLE, *HEADER, *lines, "四、下一步打算").indicators) == len(ROWS)
    light = [cell if cell != "40" else "35" for cell in lines]
    assert _report(TITLE, *HEADER, *light, "四、下一步打算").indicators == ()
