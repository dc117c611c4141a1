"""Causes report-wide: which cell, changed how, closes every sum and breaks none; one root; what the rules can tell apart."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from gouji.model.finding import Cause, Finding
from gouji.model.report import Report
from gouji.patterns import compile_patterns, default_folder
from gouji.patterns.rules import Example, ScoreLine
from gouji.validate import validate_report
from gouji.validate.case import Case
from gouji.validate.context import Context, Template
from gouji.validate.examples import build_report
from gouji.validate.form_rows import levels_of_form, rows_of_form
from gouji.validate.repair import build_network
from gouji.validate.repair.localise import localise
from gouji.validate.repair.network import Cell, Constraint, Network, Option, Place, Row
from gouji.validate.repair.search import Search
from gouji.validate.repair.slips import is_one_digit_off, is_transposition, slip_of_digits

RULES = compile_patterns(default_folder()).rules
SPENDING = {
    "expenditure.total": "1071.05",
    "expenditure.basic": "871.05",
    "expenditure.personnel": "603.03",
    "expenditure.public": "268.02",
    "expenditure.project": "200.00",
}
ASSETS = {"assets.total": "463.20", "assets.in_use": "380.17", "assets.leased": "43.02", "assets.other": "40.01"}


def report_of(figures: dict[str, str], prose: dict[str, str] | None = None, **more: object) -> Report:
    return build_report(msgspec.structs.replace(Example("pass", figures, prose=prose or {}), **more))


def findings_of(report: Report) -> dict[str, Finding]:
    return {finding.rule: finding for finding in validate_report(report, RULES)[0] if finding.verdict == "fail"}


def told(causes: tuple[Cause, ...]) -> list[tuple[str, str | None, str | None, int, bool]]:
    return [(c.kind, c.repair[0].old, c.repair[0].new, c.rank, c.certain) for c in causes if c.repair]


# --- slips --------------------------------------------------------------------------------------------------------------


def cell(value: int, *, step: int = 10, own: int | None = None, **more: object) -> Cell:
    """A cell in tenths of 0.01."""
    text = format(Decimal(value) / 1000, "f")
    found = Cell((Place(f"t1r1c{value % 97}", text, Decimal(1), 2, 2),), value, step, own or step, 0, 0, "", text)
    return found._replace(**more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("printed", "right", "kind"),
    [
        ("1785.92", "1758.92", "transposition"), ("608.03", "603.03", "digit"), ("6030.3", "603.03", "scale"), ("-6.90", "6.90", "sign"),
        ("8710500", "871.05", "scale"), ("6033.03", "603.03", "digit"), ("603.0", "603.03", "digit"), ("12.00", "98.00", None),
    ],
)  # fmt: skip
def test_kinds_of_slip(printed: str, right: str, kind: str | None) -> None:
    own = 10 * 10 ** (2 - len(printed.partition(".")[2]))
    slip = slip_of_digits(cell(int(Decimal(printed) * 1000), own=own), int(Decimal(right) * 1000))
    assert (slip.kind if slip is not None else None) == kind


def test_digits() -> None:
    assert is_transposition("123", "132")
    assert not is_transposition("123", "123")
    assert not is_transposition("123", "321")
    assert is_one_digit_off("123", "12")
    assert not is_one_digit_off("123", "321")


def test_short_numbers_fit_many_a_slip_and_cost_more() -> None:
    short, long = slip_of_digits(cell(86_000, step=1000), 83_000), slip_of_digits(cell(860_510), 830_510)
    assert short is not None
    assert long is not None
    assert (short.kind, long.kind) == ("digit", "digit")
    assert short.cost > long.cost + 1
    assert slip_of_digits(cell(5000, step=1000), 4000) is None  # one digit differs always


# --- search -------------------------------------------------------------------------------------------------------------


def sum_of(total: int, *parts: int, key: str = "A", room: int = 0) -> Constraint:
    row = Row(((total, 1), *((part, -1) for part in parts)), 0, -room, room, total)
    return Constraint((key, "", ""), (Option((row,)),), violated=True)


def test_one_cell_closes_both_sums() -> None:
    """x0 = x1 + x2, x3 = x0 + x4: x0 alone explains both."""
    cells = [cell(v) for v in (817_050, 603_030, 268_020, 1_071_050, 200_000)]
    network = Network(cells, [sum_of(0, 1, 2), sum_of(3, 0, 4, key="B")])
    found = Search(network).repairs_of([0, 1])
    assert [(r.kind, [(c.cell, c.value) for c in r.changes]) for r in found] == [("transposition", [(0, 871_050)])]


def test_two_cells_where_no_single_one_does() -> None:
    """Personnel 603.03 typed 630.03, project 200.00 typed 209.00: each row fixes one of them."""
    cells = [cell(v) for v in (871_050, 630_030, 268_020, 1_071_050, 209_000)]
    network = Network(cells, [sum_of(0, 1, 2), sum_of(3, 0, 4, key="B")])
    search = Search(network, whole=True)
    assert search.repairs_of([0, 1]) == []
    best = search.pairs_of([0, 1])[0]
    assert {(c.cell, c.value, c.slip.kind) for c in best.changes} == {
        (1, 603_030, "transposition"),
        (4, 200_000, "digit"),
    }


def test_fixed_cells_bounds_and_allowed_values_are_respected() -> None:
    cells = [cell(90, step=10), cell(50, step=10), cell(30, step=10)]
    free = Search(Network(cells, [sum_of(0, 1, 2)])).repairs_of([0])
    assert {change.cell for repair in free for change in repair.changes} == {0, 1, 2}
    bound = [
        cells[0]._replace(fixed=True),
        cells[1]._replace(high=50),
        cells[2]._replace(allowed=frozenset({0, 30, 40})),
    ]
    (only,) = Search(Network(bound, [sum_of(0, 1, 2)])).repairs_of([0])
    assert [(change.cell, change.value) for change in only.changes] == [(2, 40)]


def test_two_readings_that_want_two_values_leave_both_in_doubt() -> None:
    """A total with or without the bonus of 0.5: 55 was 5, or 5.5."""
    cells = [cell(99_300), cell(55_000), cell(93_800), cell(500)]
    rows = [Row(((0, 1), *((part, -1) for part in parts)), 0, 0, 0, 0) for parts in ((1, 2, 3), (1, 2))]
    both = Constraint(("A", "", ""), tuple(Option((row,)) for row in rows), violated=True)
    best = Search(Network(cells, [both])).repairs_of([0])[0]
    assert ([(change.cell, change.value) for change in best.changes], best.doubt) == ([(1, 5_500)], 0.0)
    alone = Constraint(("A", "", ""), (Option((rows[1],)),), violated=True)
    assert Search(Network(cells, [alone])).repairs_of([0])[0].doubt > 1


# --- findings -----------------------------------------------------------------------------------------------------------


def test_a_balance_copied_from_the_one_beside_it_is_the_one_that_is_shown() -> None:
    """收入 1340.5 − 上年结转 12.5 − 支出 1332.1 = 当年结余 −4.1 holds: 累计结余 −4.1 should be 8.4."""
    income = {"income.total": "1340.5", "income.carryover": "12.5", "income.public_budget": "1328.0"}
    balances = {"balance.current": "-4.1", "balance.cumulative": "-4.1"}
    found = findings_of(report_of({**income, "expenditure.total": "1332.1", **balances}))["A4"]
    assert "累计结余" in (found.expression or "")
    assert "balance.cumulative" in {piece.concept for piece in found.evidence}


def test_a_report_that_adds_up_has_no_causes() -> None:
    findings, _ = validate_report(report_of(SPENDING | ASSETS), RULES)
    assert [f.rule for f in findings if f.causes] == []


def test_a_repair_that_breaks_another_sum_is_dropped() -> None:
    """基本支出 could be 976.30 with two digits transposed, but not where 支出合计 = 基本支出 + 项目支出 closes as printed."""
    figures = {"expenditure.basic": "976.03", "expenditure.personnel": "708.28", "expenditure.public": "268.02"}
    alone = findings_of(report_of(figures))["A3"]
    assert told(alone.causes)[0] == ("transposition", "976.03", "976.30", 1, True)
    held = figures | {"expenditure.total": "976.03", "expenditure.project": "0"}
    assert "976.03" not in [old for _, old, _, _, _ in told(findings_of(report_of(held))["A3"].causes)]


def test_a_sentence_decides_between_two_repairs() -> None:
    figures = {"expenditure.basic": "871.05", "expenditure.personnel": "613.03", "expenditure.public": "268.02"}
    without = findings_of(report_of(figures))["A3"]
    assert not any(cause.certain for cause in without.causes)
    found = findings_of(report_of(figures, {"expenditure.personnel": "603.03万元"}))["A3"]
    assert told(found.causes)[0] == ("digit", "613.03", "603.03", 1, True)


def test_what_cannot_be_told_apart_shares_a_rank_and_is_not_certain() -> None:
    figures = ASSETS | {"assets.in_use": "480.17", "assets.leased": "", "assets.other": ""}
    causes = findings_of(report_of(figures | {"assets.total": "580.17"}))["A6"].causes
    assert len(causes) == 3
    assert {cause.rank for cause in causes} == {1}
    assert not any(cause.certain for cause in causes)


def test_one_error_is_told_once_as_the_root() -> None:
    """基本支出 817.05 for 871.05: A2 and A3 do not close; A2 is the root, A3 says so and keeps its own line."""
    found = findings_of(report_of(SPENDING | {"expenditure.basic": "817.05"}))
    root, dependent = found["A2"], found["A3"]
    assert told(root.causes)[0] == told(dependent.causes)[0] == ("transposition", "817.05", "871.05", 1, True)
    assert dependent.id in root.affects
    assert "可能因A2" in dependent.message
    assert "可能因" not in root.message
    assert "871.05" not in dependent.message.partition("可能因")[2]


def test_errors_of_separate_tables_are_not_tied_together() -> None:
    found = findings_of(report_of(SPENDING | ASSETS | {"expenditure.personnel": "630.03", "assets.in_use": "318.17"}))
    assert told(found["A3"].causes)[0][:3] == ("transposition", "630.03", "603.03")
    assert told(found["A6"].causes)[0][:3] == ("transposition", "318.17", "380.17") or not found["A6"].causes[0].certain
    assert not any("可能因" in finding.message for finding in found.values())


def test_the_entity_row_and_the_summary_point_at_one_cell() -> None:
    """局机关 personnel 30.00 typed 80.00: A3 of that row and the column A10a, one cell."""
    rows = {
        "局机关": {"expenditure.basic": "100.25", "expenditure.personnel": "80.13", "expenditure.public": "70.12"},
        "一中": {"expenditure.basic": "200.00", "expenditure.personnel": "120.00", "expenditure.public": "80.00"},
    }
    main = {"expenditure.basic": "300.25", "expenditure.personnel": "150.13", "expenditure.public": "150.12"}
    found = findings_of(report_of(main, entities=rows))
    assert told(found["A10a"].causes)[0] == told(found["A3"].causes)[0] == ("digit", "80.13", "30.13", 1, True)


def test_a_score_that_is_deducted_without_a_reason_comes_first() -> None:
    rows = tuple(
        ScoreLine(f"指标{i}", weight, score, reason)
        for i, (weight, score, reason) in enumerate(
            [("40", "40", ""), ("30", "27", ""), ("20", "18", "进度偏慢"), ("10", "10", "")]
        )
    )
    report = report_of({"scoring.score_total": "98", "performance.score": "98"}, rows=rows)
    kind, old, new, rank, certain = told(findings_of(report)["A8"].causes)[0]
    assert (old, new, rank, certain) == ("27", "30", 1, False), kind


def test_a_sum_that_misses_by_a_step_may_be_rounding() -> None:
    causes = findings_of(report_of(SPENDING | {"expenditure.basic": "871.07", "expenditure.total": "1071.07"}))[
        "A3"
    ].causes
    assert causes[0].kind == "rounding"
    assert not any(cause.certain for cause in causes)


def test_no_single_cell_and_no_pair_is_said_as_several() -> None:
    wrong = SPENDING | {"expenditure.basic": "500.00", "expenditure.total": "812.34", "expenditure.personnel": "100.00"}
    causes = {cause.kind for f in findings_of(report_of(wrong)).values() for cause in f.causes if cause.certain}
    assert causes == set()


def test_fixed_and_allowed_cells_reach_the_network() -> None:
    """What the blank form prints is never to blame; a score is only what its criterion can give."""
    rows = (ScoreLine("甲", "60", "58"), ScoreLine("乙", "40", "40"))
    case = Case(report_of({"scoring.score_total": "97"}, rows=rows), RULES)
    case.fixed = frozenset({"t2r1c6"})
    case.allowed = {"t2r2c6": frozenset({Decimal(0), Decimal(39), Decimal(40)})}
    network, book = build_network(case, {})
    assert network.cells[book.numbers["t2r1c6"]].fixed
    other = network.cells[book.numbers["t2r2c6"]]
    assert [other.admits(book.integer(Decimal(n))) for n in (38, 39, 41)] == [False, True, False]


def weighed(*weights: str, form: tuple[str, ...]) -> tuple[Cause, ...]:
    """The causes of A7 for a table of these weights beside a form with those; the first level prints the form's in brackets."""

    def rows(printed: tuple[str, ...]) -> tuple[ScoreLine, ...]:
        return tuple(
            ScoreLine(name, weight, weight, level1=f"{name}类（{own}分）")
            for name, weight, own in zip("甲乙丙", printed, form, strict=True)
        )

    issued = build_report(Example("pass", {}, rows=rows(form)))
    template = Template("表样", rows_of_form(issued), levels=levels_of_form(issued), given=True)
    report = build_report(Example("pass", {}, rows=rows(weights)))
    findings, _ = validate_report(report, RULES, context=Context(template=template))
    return next(f for f in findings if f.rule == "A7" and f.verdict == "fail").causes


def test_only_what_differs_from_the_form_is_repaired() -> None:
    (cause,) = weighed("60", "26", "15", form=("60", "25", "15"))
    assert [(r.where, r.old, r.new) for r in cause.repair] == [("t2r2c5", "26", "25")]


def test_a_form_that_does_not_agree_with_itself_has_no_cause_in_the_report() -> None:
    assert weighed("60", "26", "15", form=("60", "26", "15")) == ()


# --- what can be told apart -----------------------------------------------------------------------------------------------


def test_cells_in_one_sum_only_cannot_be_told_apart() -> None:
    found = localise(report_of(SPENDING | ASSETS | {"procurement.amount": "12.00"}), RULES)
    largest = found.classes[0]
    assert {place.name for place in largest.cells} == set(ASSETS)
    assert largest.rules == ("A6",)
    assert {"expenditure.basic"} in [{place.name for place in group.cells} for group in found.classes]
    assert [place.name for place in found.unruled] == ["procurement.amount"]
    assert 0 < len(found.split) < len(ASSETS)


def test_a_blank_form_is_localised_like_a_filled_one() -> None:
    filled = localise(report_of(SPENDING | ASSETS), RULES)
    blank = localise(report_of(dict.fromkeys(SPENDING | ASSETS, "")), RULES)
    assert [group.cells for group in blank.classes] == [group.cells for group in filled.classes]
