"""Sums under rounding, blanks, units and copies: honest tables never fail, slips above the tolerance always do."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.model.finding import Finding
from gouji.patterns import compile_patterns, default_folder
from gouji.patterns.formula import refs_of
from gouji.patterns.formula_parser import parse_formula
from gouji.patterns.formula_tokens import Names
from gouji.patterns.rules import Example, Reading
from gouji.validate import validate_in_context, validate_report
from gouji.validate.context import Compared, Context
from gouji.validate.examples import build_report

RULES = compile_patterns(default_folder()).rules
INCOME = ("income.carryover", "income.public_budget", "income.gov_fund", "income.special_account", "income.other")
BASIC = ("expenditure.basic", "expenditure.personnel", "expenditure.public")


def findings(figures: dict[str, str], rule: str, *, unit: str = "万元", **fields: object) -> list[Finding]:
    example = Example("pass", figures, unit=unit, **fields)  # type: ignore[arg-type]
    return [finding for finding in validate_report(build_report(example), RULES)[0] if finding.rule == rule]


def finding(figures: dict[str, str], rule: str, *, unit: str = "万元", **fields: object) -> Finding:
    (found,) = findings(figures, rule, unit=unit, **fields)
    return found


def basic(total: str, personnel: str, public: str) -> dict[str, str]:
    return dict(zip(BASIC, (total, personnel, public), strict=True))


amounts = st.decimals(min_value=0, max_value=99999, places=4)


def printed(value: Decimal, decimals: int, rounding: str) -> str:
    return format(value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding), "f")


@settings(deadline=None)  # a loaded machine is no failure
@given(
    st.lists(amounts, min_size=5, max_size=5),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]),
)
def test_honest_tables_never_fail(parts: list[Decimal], decimals: int, rounding: str) -> None:
    """Every cell is the true amount, rounded as printed; true zeros are left blank or printed 0."""
    figures = {
        concept: printed(part, decimals, rounding) if part else "" for concept, part in zip(INCOME, parts, strict=True)
    }
    figures["income.total"] = printed(sum(parts, Decimal(0)), decimals, rounding)
    figures |= basic(*(printed(v, decimals, rounding) for v in (parts[0] + parts[1], parts[0], parts[1])))
    for rule in ("A1", "A3", "A10b"):
        assert [f for f in findings(figures, rule) if f.verdict in ("fail", "review")] == []


above_one = st.decimals(min_value=1, max_value=99999, places=4)


@settings(deadline=None)  # a loaded machine is no failure
@given(above_one, above_one, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
def test_cells_printed_with_different_decimals_never_fail(
    left: Decimal, right: Decimal, a: int, b: int, c: int
) -> None:
    figures = basic(
        printed(left + right, a, ROUND_HALF_UP), printed(left, b, ROUND_HALF_UP), printed(right, c, ROUND_HALF_UP)
    )
    assert finding(figures, "A3").verdict in ("pass", "undecided")


cents = st.integers(1, 9_999_999).map(lambda n: Decimal(n) / 100)


@settings(deadline=None)  # a loaded machine is no failure
@given(
    cents,
    cents,
    st.sampled_from([Decimal("0.02"), Decimal("-0.02"), Decimal("0.05"), Decimal(1), Decimal(-27)]),
    st.integers(0, 2),
)
def test_a_slip_of_two_cents_in_two_addends_is_always_caught(
    left: Decimal, right: Decimal, slip: Decimal, cell: int
) -> None:
    cells = [left + right, left, right]
    cells[cell] += slip
    if min(cells) <= 0:
        return
    found = finding(basic(*(format(value, ".2f") for value in cells)), "A3")
    assert found.verdict == "fail"
    assert found.difference == (slip if cell == 0 else -slip)
    assert found.tolerance == Decimal("0.015")


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        (("871.05", "603.03", "268.02"), "pass"),
        (("871.06", "603.03", "268.02"), "pass"),  # rounding
        (("871.07", "603.03", "268.02"), "fail"),
        (("871", "603.03", "268.02"), "pass"),
        (("603.03", "603.03", ""), "pass"),
        (("871.05", "603.03", ""), "fail"),
        (("871.05", "603.03", "无"), "fail"),
        (("603.03", "603.03", "无"), "pass"),
        (("871.05", "", ""), "undecided"),
        (("", "603.03", "268.02"), "undecided"),
        (("", "", ""), "not_applicable"),
        (("871.05", "603.O3", "268.02"), "undecided"),
        (("871.05", "涉密", "268.02"), "undecided"),
        (("0", "0", "0"), "pass"),
        (("0.00", "0", ""), "pass"),
        (("871.05万元", "6030300元", "268.02"), "pass"),
        (("8710500元", "6030300元", "268.02"), "pass"),
        (("8710500元", "603.03", "268.02元"), "fail"),
    ],
)
def test_states_and_units(cells: tuple[str, str, str], verdict: str) -> None:
    assert finding(basic(*cells), "A3").verdict == verdict


def test_a_printed_zero_is_as_exact_as_its_neighbours() -> None:
    """A bare 0 beside two decimals must not open a gap of ±0.5."""
    assert finding(basic("603.30", "603.03", "0"), "A3").verdict == "fail"


def test_the_finding_carries_its_numbers() -> None:
    found = finding(basic("806.30", "608.03", "203.27"), "A3")
    assert found.expression == "人员支出 608.03 + 公用支出 203.27 = 811.30，基本支出 806.30"
    assert (found.difference, found.tolerance) == (Decimal("-5.00"), Decimal("0.015"))
    assert [(e.relation, e.raw, e.value) for e in found.evidence] == [
        ("total", "806.30", "806.30"),
        ("addend", "608.03", "608.03"),
        ("addend", "203.27", "203.27"),
    ]
    assert "相差 5.00 万元" in found.message
    assert "603.03" not in found.message  # the repaired value stays in the house
    assert found.id == "000000-2021-A3"
    assert found.affects == ("A2",)
    assert found.severity == "hard"


def test_a_blank_that_matters_is_named_with_what_it_would_need() -> None:
    found = finding(basic("871.05", "603.03", ""), "A3")
    cause = found.causes[0]
    assert (cause.kind, cause.repair[0].old, cause.repair[0].new) == ("missing_entry", None, "268.02")
    assert "公用支出 空白" in found.message


def test_a_blank_total_gives_the_value_it_can_be_derived_to() -> None:
    found = finding(basic("", "603.03", "268.02"), "A3")
    assert found.verdict == "undecided"
    assert found.causes[0].repair[0].new == "871.05"
    assert "871.05" not in found.message.split("。")[0]


def test_a_pass_over_blanks_says_so() -> None:
    assert "空白格按 0 计" in finding(basic("603.03", "603.03", ""), "A3").message


def test_each_entity_is_checked_and_named() -> None:
    rows = {"局机关": basic("100.00", "60.00", "40.00"), "二级机构1": basic("100.00", "60.00", "30.00")}
    found = findings(basic("200.00", "120.00", "80.00"), "A3", entities=rows)
    assert [(f.entity, f.verdict) for f in found] == [(None, "pass"), ("局机关", "pass"), ("二级机构1", "fail")]
    assert found[2].id == "000000-2021-A3-二级机构1"


def test_conflicting_copies_block_what_depends_on_them_and_nothing_else() -> None:
    figures = basic("871.05", "603.03", "268.02") | {"expenditure.basic[另表]": "900.00"}
    assert finding(figures, "A3").verdict == "undecided"
    (conflict,) = findings(figures, "X1-copies")
    assert conflict.verdict == "fail"
    assert [e.relation for e in conflict.evidence] == ["copy", "copy"]


def test_agreeing_copies_are_repaired_together() -> None:
    figures = basic("871.50", "603.03", "268.02") | {"expenditure.basic[另表]": "871.50"}
    found = finding(figures, "A3")
    assert found.verdict == "fail"
    assert [e.relation for e in found.evidence].count("copy") == 1
    total = next(cause for cause in found.causes if cause.repair[0].old == "871.50")
    assert len(total.repair) == 2


def test_a_copy_that_decides_nothing_blocks_nothing() -> None:
    """Both copies are far from the parts: the sum fails whichever is right."""
    figures = basic("971.05", "603.03", "268.02") | {"expenditure.basic[另表]": "900.00"}
    assert finding(figures, "A3").verdict == "fail"


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        (
            {"budget.execution_rate": "99.8%", "budget.total": "99.868", "budget.total[全年预算]": "100.000"},
            "pass",
        ),  # cut
        (
            {"budget.execution_rate": "99.9%", "budget.total": "99.868", "budget.total[全年预算]": "100.000"},
            "pass",
        ),  # rounded
        ({"budget.execution_rate": "99.7%", "budget.total": "99.868", "budget.total[全年预算]": "100.000"}, "fail"),
        (
            {"budget.execution_rate": "0.9987", "budget.total": "99.868", "budget.total[全年预算]": "100.000"},
            "pass",
        ),  # a ratio
        ({"budget.execution_rate": "100%", "budget.total": "5.00", "budget.total[全年预算]": "0"}, "undecided"),
        ({"budget.execution_rate": "100%", "budget.total": "5.00", "budget.total[全年预算]": ""}, "undecided"),
    ],
)
def test_printed_ratios(figures: dict[str, str], verdict: str) -> None:
    assert finding(figures, "A11").verdict == verdict


def test_rules_over_last_year_do_not_apply_without_its_report_and_are_decided_with_it() -> None:
    formula = parse_formula(
        "上年结转 = 上年.累计结余", Names({"上年结转": "income.carryover", "累计结余": "balance.cumulative"})
    )
    rule = msgspec.structs.replace(
        RULES.rule("A3"), id="Y1", readings=(Reading(formula, "", refs_of(formula)),), needs=("上年",)
    )
    rules = msgspec.structs.replace(RULES, rules=(rule,))
    report = build_report(Example("pass", {"income.carryover": "20.03"}))
    last = build_report(Example("pass", {"balance.cumulative": "13.13"}, year=2020))
    assert validate_report(report, rules)[0] == ()
    (found,) = validate_in_context(
        report, rules, Context(last_year=Compared(last, "2020/报告.docx")), source="报告.docx"
    )
    assert (found.verdict, found.difference) == ("fail", Decimal("6.90"))
    assert "上年累计结余 13.13" in (found.expression or "")
    assert {piece.source for piece in found.evidence} == {"报告.docx", "2020/报告.docx"}
