"""S1-execution and A11-project: the row of execution of the national forms, with the tolerances of its printed digits."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model.finding import Finding
from gouji.model.report import Report
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, ScoreLine
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = load_patterns().rules
RATE, WEIGHT, SCORE = "budget.execution_rate", "scoring.execution_weight", "scoring.execution_score"
SPENT, BUDGET = "budget.total", "budget.total[全年预算]"


def judge(report: Report, rule: str) -> Finding:
    findings, _ = validate_report(report, RULES)
    (found,) = [finding for finding in findings if finding.rule == rule]
    return found


def scored(score: str, rate: str = "99.74%", **more: str) -> Finding:
    figures = {RATE: rate, WEIGHT: "10", SCORE: score} | {SPENT: more.get("spent", ""), BUDGET: more.get("budget", "")}
    return judge(build_report(Example("pass", {key: text for key, text in figures.items() if text})), "S1-execution")


@pytest.mark.parametrize("score", ["9.974", "9.97", "9.99", "10.0", "10", "9.9", "9"])
def test_a_score_may_be_rounded_or_cut(score: str) -> None:
    assert scored(score).verdict == ("review" if score == "9.99" else "pass")


def test_what_is_too_much_is_asked_and_what_is_too_little_is_noted() -> None:
    over, under = scored("10", "91.00%"), scored("8.5", "91.00%")
    assert (over.verdict, over.severity) == ("review", "explain")
    assert (under.verdict, under.severity) == ("review", "note")
    assert "9.1" not in over.message  # what would follow stands in the working paper only
    assert "9.1" in (over.expression or "")


def test_a_rate_above_100_gives_no_more_points() -> None:
    assert scored("10", "103.20%").verdict == "pass"
    assert scored("10.32", "103.20%").verdict == "review"


def test_amounts_speak_where_the_printed_rate_is_wrong() -> None:
    assert scored("9.62", "98.15%", spent="1868.52", budget="1943.16").verdict == "pass"
    assert scored("9.40", "98.15%", spent="1868.52", budget="1943.16").verdict == "review"


def test_a_rate_as_a_share() -> None:
    assert scored("9.97", "0.9974").verdict == "pass"


@pytest.mark.parametrize("head", ["得分（执行率×分值）", "得分（10分*执行率）", "自评得分 (执行率 × 该项分值)"])
def test_a_form_that_prints_the_formula_is_held_to_it(head: str) -> None:
    report = build_report(Example("pass", {RATE: "91.00%", WEIGHT: "10", SCORE: "10"}))
    facts = tuple(msgspec.structs.replace(f, header_path=(head,)) if f.concept == SCORE else f for f in report.facts)
    found = judge(msgspec.structs.replace(report, facts=facts), "S1-execution")
    assert (found.verdict, found.severity) == ("fail", "hard")


def test_the_points_of_the_formula_stand_for_a_weight_that_has_no_cell() -> None:
    report = build_report(Example("pass", {RATE: "91.00%", SCORE: "18.2"}))
    facts = tuple(
        msgspec.structs.replace(f, header_path=("得分（20分*执行率）",)) if f.concept == SCORE else f
        for f in report.facts
    )
    assert judge(msgspec.structs.replace(report, facts=facts), "S1-execution").verdict == "pass"
    assert judge(report, "S1-execution").verdict == "not_applicable"


def test_points_that_the_head_of_the_score_names_stand_outside_the_list_whatever_the_rate() -> None:
    example = Example("pass", {RATE: "97.35%", SCORE: "19.07"}, rows=(ScoreLine(weight="80", score="79", name="产出"),))
    report = build_report(example)
    facts = tuple(
        msgspec.structs.replace(f, header_path=("得分（20分*执行率）",)) if f.concept == SCORE else f
        for f in report.facts
    )
    assert judge(msgspec.structs.replace(report, facts=facts), "A7").verdict == "pass"
    assert judge(report, "A7").verdict == "review"


def test_each_project_of_a_bundle_is_judged_by_itself() -> None:
    right = {RATE: "98.75%", SPENT: "51.24", BUDGET: "51.89", WEIGHT: "10", SCORE: "9.88"}
    wrong = right | {RATE: "89.75%", SCORE: "10.0"}
    report = build_report(Example("pass", {}, projects={"河道清淤": right, "堤防加固": wrong}))
    for rule in ("A11-project", "S1-execution"):
        found = judge(report, rule)
        assert found.verdict in ("fail", "review")
        assert "堤防加固" in found.message
        assert {piece.where for piece in found.evidence} <= {f"t5r2c{col}" for col in range(2, 7)}


cents = st.integers(1, 10_000_000)


@given(st.tuples(cents, cents).map(sorted), st.integers(0, 2), st.integers(0, 4))
def test_honest_rounding_never_accuses(amounts: list[int], points: int, digits: int) -> None:
    spent, budget = (Decimal(amount).scaleb(-2) for amount in amounts)
    rate = round(spent / budget * 100, digits)
    score = round(10 * spent / budget, points)
    figures = {RATE: f"{rate}%", SPENT: f"{spent}", BUDGET: f"{budget}", WEIGHT: "10", SCORE: f"{score}"}
    report = build_report(Example("pass", {}, projects={"河道清淤": figures}))
    assert judge(report, "A11-project").verdict == "pass"
    assert judge(report, "S1-execution").verdict == "pass"
