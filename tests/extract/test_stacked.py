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
