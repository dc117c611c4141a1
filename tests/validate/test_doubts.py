"""Causes of sentences that are only to be confirmed: told where a slip tells itself, never certain."""

from __future__ import annotations

import pytest

from gouji.model.finding import Finding
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = load_patterns().rules
ACTUAL, AUTHORISED, TOTAL = "staffing.actual", "staffing.authorized", "expenditure.total"
RECEPTION, ABROAD = "three_public.reception", "three_public.abroad"
APPROPRIATION = "income.public_budget"
INCOME = dict.fromkeys(("income.carryover", "income.gov_fund", "income.special_account", "income.other"), "0")
Told = list[tuple[str, int, str | None, str | None]]


def confirmed(figures: dict[str, str], prose: dict[str, str], unit: str = "万元") -> Finding:
    findings, _ = validate_report(build_report(Example("pass", figures, unit=unit, prose=prose)), RULES)
    (found,) = [finding for finding in findings if finding.rule == "X1"]
    assert found.verdict == "review"
    assert not any(cause.certain for cause in found.causes)
    return found


def told(figures: dict[str, str], prose: dict[str, str], unit: str = "万元") -> Told:
    """(kind, rank, printed, repaired) of each cause."""
    causes = confirmed(figures, prose, unit).causes
    return [(cause.kind, cause.rank, repair.old, repair.new) for cause in causes for repair in cause.repair]


def test_either_print_may_hold_the_slip() -> None:
    assert told({ACTUAL: "138"}, {ACTUAL: "183人"}) == [
        ("transposition", 1, "183人", "138"),
        ("transposition", 1, "138", "183"),
    ]


def test_numbers_that_share_nothing_and_short_ones_have_no_cause() -> None:
    assert told({APPROPRIATION: "871.05"}, {APPROPRIATION: "620.00万元"}) == []
    assert told({ACTUAL: "36", AUTHORISED: "38"}, {ACTUAL: "38人"}) == []


def test_a_number_of_another_row_year_or_stage() -> None:
    assert told({ACTUAL: "1386", AUTHORISED: "1420"}, {ACTUAL: "1420人"}) == [("neighbour", 1, "1420人", "1386")]
    other_year = {f"{TOTAL}[2020]": "871.05", TOTAL: "900.01"}
    assert told(other_year, {f"{TOTAL}[2020]": "900.01万元"}) == [("last_year", 1, "900.01万元", "871.05")]
    other_stage = {f"{TOTAL}[全年预算]": "871.05", TOTAL: "900.01"}
    assert told(other_stage, {f"{TOTAL}[全年预算]": "900.01万元"}) == [("neighbour", 1, "900.01万元", "871.05")]


def test_a_unit_slip_of_either() -> None:
    assert told({TOTAL: "52136"}, {TOTAL: "52136元"}) == [
        ("scale", 1, "52136元", "521360000"),
        ("scale", 1, "52136", "5.2136"),
    ]


def test_a_cell_that_a_closing_sum_holds_is_not_what_is_wrong() -> None:
    spending = {TOTAL: "871.05", "expenditure.basic": "671.05", "expenditure.project": "200.00"}
    assert told(spending, {TOTAL: "871.05元"}) == [("scale", 1, "871.05元", "8710500")]
    income = INCOME | {"income.total": "1071.05", APPROPRIATION: "1071.05"}
    assert told(income, {APPROPRIATION: "1017.05万元"}) == [("transposition", 1, "1017.05万元", "1071.05")]


def test_a_blank_cell_beside_a_sentence() -> None:
    assert told({RECEPTION: "", ABROAD: "1.00"}, {RECEPTION: "30200元"}) == [("missing_entry", 1, None, "3.02")]
    (cause,) = confirmed({RECEPTION: ""}, {RECEPTION: "3.02万元"}).causes  # no amount beside it says in which unit
    assert (cause.kind, cause.repair) == ("missing_entry", ())


@pytest.mark.parametrize("sentence", ["1071.05万元", "10710500元"])
def test_what_a_failing_sum_says_of_the_cell_is_said_here_too(sentence: str) -> None:
    wrong = INCOME | {"income.total": "1071.05", APPROPRIATION: "1017.05"}
    assert told(wrong, {APPROPRIATION: sentence}) == [("transposition", 1, "1017.05", "1071.05")]


def test_a_unit_slip_that_a_failing_sum_explains() -> None:
    wrong = {TOTAL: "8710500", "expenditure.basic": "671.05", "expenditure.project": "200.00"}
    assert told(wrong, {TOTAL: "871.05万元"}) == [("scale", 1, "8710500", "871.05")]
