"""Rows of ragged text that lost their blanks, bound by the sums of the rules."""

from __future__ import annotations

import pytest

from documents import document, table
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.patterns import load_patterns

PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
COVER = ("测试区2021年度部门（单位）整体支出绩效评价自评报告", "部门(单位)名称：测试区教育局", "预算编码：085001")


def bound(*cells: str) -> dict[str, str]:
    """concept → printed figure of the one data row."""
    rows = (
        "机构名称 | 支出合计 | 基本支出 | 人员支出 | 公用支出 | 项目支出 | 当年结余 | 累计结余",
        " | ".join(("本局", *cells)),
    )
    read = document(*COVER, "部门（单位）年度支出和结余情况（万元）", table(*rows), ragged=True)
    located, _ = locate_reports(read, VOCABULARY)
    report, _ = assemble_report(located[0].region, located[0].form, PATTERNS)
    return {fact.concept: fact.raw for fact in report.facts if fact.state == "value"}


def test_one_placement_closes() -> None:
    assert bound("100", "60", "35", "25", "40") == {
        "expenditure.total": "100",
        "expenditure.basic": "60",
        "expenditure.personnel": "35",
        "expenditure.public": "25",
        "expenditure.project": "40",
    }


def test_only_what_every_closing_placement_says_is_bound() -> None:
    """The second 871.05 may be basic expenditure with its parts, or project expenditure beside two balances; the first is the total."""
    assert bound("871.05", "871.05", "603.03", "268.02") == {"expenditure.total": "871.05"}


@pytest.mark.parametrize("cells", [("100", "60", "35", "24", "40"), ("100", "60", "若干"), ("603.O3", "60", "35")])
def test_nothing_is_bound_where_no_sum_closes_or_a_cell_is_no_number(cells: tuple[str, ...]) -> None:
    assert bound(*cells) == {}


def test_a_full_row_needs_no_sums() -> None:
    assert bound("100", "60", "35", "24", "40", "1", "2")["expenditure.public"] == "24"
