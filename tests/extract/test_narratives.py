"""Reports without tables: what their sentences say, compared with the truth of the fixtures. Nothing more, nothing less."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.patterns import load_patterns
from gouji.pipeline.examples import document_of_lines
from gouji.readers import read_document

if TYPE_CHECKING:
    from gouji.model.report import Fact, Report

# The concepts that the truth of the fixtures is complete for; others may be stated besides.
JUDGED = frozenset(
    "staffing.authorized staffing.actual staffing.in_service staffing.retired staffing.contract income.total income.carryover "
    "income.fiscal income.public_budget income.gov_fund income.state_capital income.special_account income.other "
    "expenditure.total expenditure.basic expenditure.personnel expenditure.public expenditure.project balance.current "
    "balance.cumulative three_public.total three_public.reception three_public.vehicle_total three_public.vehicle_running "
    "three_public.vehicle_purchase three_public.abroad meeting.expense training.expense procurement.amount assets.total "
    "assets.in_use assets.leased assets.other budget.total budget.execution_rate performance.score performance.grade".split()
)
FAMILIES = Path(__file__).parents[2] / "fixtures" / "families"
PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
TRUTHS = {path.name.removesuffix(".expected.json"): path for path in FAMILIES.glob("narrative/*.expected.json")}


def read_reports(path: Path) -> list[Report]:
    """The reports of a file that a form claims."""
    located, _ = locate_reports(read_document(path.read_bytes(), path.name), VOCABULARY)
    return [assemble_report(place.region, place.form, PATTERNS)[0] for place in located if place.form is not None]


@pytest.fixture(params=sorted(TRUTHS))
def case(request: pytest.FixtureRequest) -> tuple[Report, dict[str, Any]]:
    truth = json.loads(TRUTHS[request.param].read_text(encoding="utf-8"))
    (report,) = read_reports(TRUTHS[request.param].parent / truth["file"])
    return report, truth


def seen(fact: Fact) -> tuple[Any, ...]:
    """A fact as the truth states it."""
    quantity = fact.quantity
    value = format(quantity.value, "f") if quantity is not None else fact.value
    unit = quantity.unit.name if quantity is not None and quantity.unit is not None else None
    return fact.concept, value, unit, fact.stage, fact.period, fact.state


def meant(entry: dict[str, Any]) -> tuple[Any, ...]:
    """An entry of `prose_facts`; an absence has no unit."""
    unit = entry["unit"] if entry["value"] is not None else None
    return entry["concept"], entry["value"], unit, entry["stage"], entry["period"], entry.get("state") or "value"


def bounds(fact: Fact) -> tuple[Decimal | None, Decimal | None]:
    return (fact.quantity.low, fact.quantity.high) if fact.quantity is not None else (None, None)


def test_there_are_documents_of_the_family() -> None:
    assert len(TRUTHS) >= 28


def test_the_report_is_known_without_a_cover(case: tuple[Report, dict[str, Any]]) -> None:
    report, truth = case
    wanted = (truth["form"], truth["unit_name"], truth["fiscal_year"], truth["report_date"])
    assert (report.form, report.unit_name, report.fiscal_year, report.report_date) == wanted


def test_every_level_and_nothing_else(case: tuple[Report, dict[str, Any]]) -> None:
    report, truth = case
    got = {seen(fact) for fact in report.facts if fact.origin == "prose"}
    wanted = {meant(entry) for entry in truth["prose_facts"]}
    assert sorted(map(str, wanted - got)) == []
    assert sorted(str(fact) for fact in got - wanted if fact[0] in JUDGED) == []


def test_hedged_numbers_keep_their_bounds(case: tuple[Report, dict[str, Any]]) -> None:
    """An end that the truth leaves open may be closed: 近2万元 is less than 2, and no less than 1."""
    report, truth = case
    for entry in (entry for entry in truth["prose_facts"] if "low" in entry):
        fact = next(fact for fact in report.facts if fact.origin == "prose" and seen(fact) == meant(entry))
        for got, wanted in zip(bounds(fact), (entry["low"], entry["high"]), strict=True):
            assert wanted is None or got == Decimal(wanted), entry


def test_no_number_that_is_none_becomes_a_level(case: tuple[Report, dict[str, Any]]) -> None:
    report, truth = case
    never = {(entry["value"], entry["unit"]) for entry in truth["not_facts"]}
    stated = {(entry["value"], entry["unit"]) for entry in truth["prose_facts"]}
    taken = {seen(fact)[1:3] for fact in report.facts if fact.origin == "prose" and fact.concept in JUDGED}
    assert not taken & (never - stated)


def test_sections(case: tuple[Report, dict[str, Any]]) -> None:
    report, truth = case
    assert [(section.number, section.title) for section in report.sections] == [
        (section["number"], section["title"]) for section in truth["sections"]
    ]


NARRATIVE = [
    "一、部门基本情况",
    "核定事业编制38人，年末实有在职人员36人。",
    "二、部门支出情况",
    "2021年支出合计1,201.36万元，其中基本支出612.40万元、项目支出588.96万元。",
    "三、绩效自评结论",
    "综合评分为91.5分。",
]


def report_of(*lines: str) -> Report | None:
    located, _ = locate_reports(document_of_lines(lines), VOCABULARY)
    known = [place for place in located if place.form is not None and place.form.id == "narrative"]
    return assemble_report(known[0].region, known[0].form, PATTERNS)[0] if known else None


@pytest.mark.parametrize(
    ("head", "tail", "name"),
    [
        (["云溯区档案馆2021年度部门整体支出绩效自评报告"], [], "云溯区档案馆"),
        (["云溯区档案馆", "2021年度部门整体支出绩效自评报告"], [], "云溯区档案馆"),
        (["2021年度云溯区档案馆", "部门整体支出绩效自评报告"], [], "云溯区档案馆"),
        (["云溯区档案馆关于2021年度部门整体支出绩效自评的报告"], [], "云溯区档案馆"),
        (["2021年度云溯区档案馆部门整体支出绩效自评报告"], [], "云溯区档案馆"),
        (["2021年度部门整体支出绩效自评报告"], ["云溯区档案馆", "2022年4月18日"], "云溯区档案馆"),
        (["2021年度部门整体支出绩效自评报告"], ["云溯区档案馆　2022年4月18日"], "云溯区档案馆"),
        (["2021年度部门整体支出绩效自评报告", "云溯区财政局制"], [], None),
    ],
)
def test_the_unit_stands_in_a_title_or_above_the_date(head: list[str], tail: list[str], name: str | None) -> None:
    report = report_of(*head, *NARRATIVE, *tail)
    assert report is not None
    assert (report.unit_name, report.fiscal_year) == (name, 2021)
    assert report.report_date == ("2022-04-18" if tail else None)


@pytest.mark.parametrize(
    "lines",
    [
        [
            "关于开展2021年度部门整体支出绩效自评工作的通知",
            "一、评价范围",
            "各部门、单位。",
            "二、工作要求",
            "请于4月底前报送。",
        ],
        ["云溯区防汛物资储备项目2021年度绩效自评报告", *NARRATIVE],
        [
            "2021年度部门整体支出绩效自评报告",
            "人员编制 | 38 | 实有人数 | 36",
            "支出合计 | 基本支出 | 项目支出",
            "1201.36 | 612.40 | 588.96",
            *NARRATIVE,
        ],
        [
            "2021年度部门整体支出绩效自评报告",
            "一、基本情况",
            "基本支出的构成较为稳定。",
            "二、支出情况",
            "三、自评结论",
        ],
    ],
    ids=["notice", "project", "tables", "no amounts"],
)
def test_what_is_no_narrative_report(lines: list[str]) -> None:
    assert report_of(*lines) is None


def test_a_title_of_a_budget_makes_its_amounts_budgets() -> None:
    lines = (
        "2024年云溯区档案馆部门预算公开说明",
        "一、收支预算",
        "支出合计100万元，其中基本支出60万元，2023年执行50万元。",
    )
    located, _ = locate_reports(document_of_lines(lines), VOCABULARY)
    report, _ = assemble_report(located[0].region, None, PATTERNS)
    assert [(f.concept, f.stage) for f in report.facts] == [
        ("expenditure.total", "initial"),
        ("expenditure.basic", "initial"),
    ]
