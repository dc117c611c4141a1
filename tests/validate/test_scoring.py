"""The scoring table: weights, totals under every honest reading, bounds, reasons, grades."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.model.finding import Finding
from gouji.model.report import CellText, Report
from gouji.patterns import compile_patterns, default_folder
from gouji.patterns.rules import Example, ScoreLine
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = compile_patterns(default_folder()).rules
Row = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]


def report(*rows: ScoreLine, **figures: str) -> Report:
    """Rows and totals: total=评分表.总分, score=综合得分, grade, weights=分值合计, rate=执行率."""
    concepts = {"total": "scoring.score_total", "score": "performance.score", "grade": "performance.grade",
        "weights": "scoring.weight_total", "rate": "budget.execution_rate"}  # fmt: skip
    return build_report(Example("pass", {concepts[key]: text for key, text in figures.items()}, rows=rows))


def line(name: str, weight: str, score: str, reason: str = "", **more: object) -> ScoreLine:
    return ScoreLine(name, weight, score, reason, **more)  # type: ignore[arg-type]


def shared(*scores: str, weight: str = "15") -> tuple[ScoreLine, ...]:
    """Rows under one weight cell."""
    return tuple(
        ScoreLine(f"效益{i}", weight if i == 0 else "", score, share=len(scores)) for i, score in enumerate(scores)
    )


def findings(given_report: Report, rule: str) -> list[Finding]:
    return [finding for finding in validate_report(given_report, RULES)[0] if finding.rule == rule]


def finding(given_report: Report, rule: str) -> Finding:
    (found,) = findings(given_report, rule)
    return found


def with_kind(given_report: Report, position: int, kind: str) -> Report:
    rows = list(given_report.indicators)
    rows[position] = msgspec.structs.replace(rows[position], kind=kind)
    return msgspec.structs.replace(given_report, indicators=tuple(rows))


# --- A7 ---------------------------------------------------------------------------------------------------------------


def test_a_shared_weight_counts_once() -> None:
    assert finding(report(*shared("4", "4", "4"), line("产出", "85", "80")), "A7").verdict == "pass"


@pytest.mark.parametrize(
    ("weights", "verdict", "gap"), [("100", "fail", "1"), ("101", "review", "1"), ("", "fail", "1")]
)
def test_weights_must_make_100(weights: str, verdict: str, gap: str) -> None:
    found = finding(report(line("投入", "41", "40"), line("产出", "60", "60"), weights=weights), "A7")
    assert (found.verdict, found.difference) == (verdict, Decimal(gap))


def test_bonus_points_stand_outside_the_100() -> None:
    table = with_kind(report(line("产出", "100", "95"), line("加分", "5", "3"), weights="105"), 1, "bonus")
    assert finding(table, "A7").verdict == "pass"


def test_points_outside_the_list_need_an_execution_rate() -> None:
    rows = (line("产出", "50", "50"), line("效益", "30", "28"), line("满意度", "10", "10"))
    assert finding(report(*rows, rate="99.74%"), "A7").verdict == "pass"
    assert finding(report(*rows), "A7").verdict == "review"
    assert finding(report(*rows[:2]), "A7").verdict == "fail"


def test_a_bracketed_level_agrees_with_its_rows_over_page_breaks() -> None:
    rows = (
        line("控制率", "5", "5", level1="投入（15分）"),
        line("变动率", "5", "5", level1="投入（15分）"),
        line("安排率", "5", "5", level1="投入"),
        line("产出", "85", "80", level1="产出（85分）"),
    )
    assert finding(report(*rows), "A7").verdict == "pass"
    (fault,) = findings(report(*rows[:3], line("产出", "85", "80", level1="产出（80分）")), "A7")
    assert (fault.verdict, fault.difference) == ("fail", Decimal(5))
    assert "“产出”标明 80 分" in fault.message


def test_repeated_headers_must_agree() -> None:
    rows = (
        line("甲", "20", "20", level1="过程（40分）"),
        line("乙", "20", "20", level1="过程（45分）"),
        line("丙", "60", "60"),
    )
    (fault,) = findings(report(*rows), "A7")
    assert "前后标明的分值不一致" in fault.message


def test_an_unreadable_weight_is_undecided() -> None:
    assert finding(report(line("甲", "4O", "20"), line("丙", "60", "60")), "A7").verdict == "undecided"


# --- A8 ---------------------------------------------------------------------------------------------------------------


def test_the_known_case_89_against_88() -> None:
    table = report(line("投入", "40", "39"), *shared("17", "17", "16", weight="60"), total="88", score="88", grade="优")
    found = finding(table, "A8")
    assert (found.verdict, found.difference, found.severity) == ("fail", Decimal(1), "hard")
    assert found.expression == "各项得分合计 89，总分 88"
    assert [e.relation for e in found.evidence[:2]] == ["total", "copy"]
    total = next(cause for cause in found.causes if cause.kind == "total_not_updated")
    assert [(repair.old, repair.new) for repair in total.repair] == [("88", "89"), ("88", "89")]
    assert finding(table, "G1").verdict == "fail"


@pytest.mark.parametrize(
    ("rows", "figures", "verdict"),
    [
        ([("40", "38"), ("60", "57")], {"total": "95"}, "pass"),
        ([("40", "38"), ("60", "57")], {"total": "96"}, "fail"),
        ([("40", "38.5"), ("60", "57")], {"total": "95.5"}, "pass"),
        ([("40", "38.26"), ("60", "57")], {"total": "95.3"}, "pass"),  # rounded
        ([("40", "38.26"), ("60", "57")], {"total": "95"}, "pass"),
        ([("40", "38.26"), ("60", "57")], {"total": "96"}, "fail"),
        ([("40", "38"), ("60", "")], {"total": "38"}, "pass"),  # blank as 0
        ([("40", "38"), ("60", "")], {"total": "95"}, "fail"),
        ([("40", "38"), ("60", "5O")], {"total": "95"}, "undecided"),
        ([("40", ""), ("60", "")], {"total": "95"}, "undecided"),
        ([("40", ""), ("60", "")], {}, "not_applicable"),
        ([("40", "38"), ("60", "57")], {}, "undecided"),
        ([("40", "38"), ("60", "57")], {"score": "95"}, "pass"),  # a form without a total of its own
        ([("94", "84.6"), ("6", "不适用")], {"total": "90"}, "pass"),
        ([("94", "84.6"), ("6", "0")], {"total": "90"}, "fail"),
    ],
)
def test_score_totals(rows: list[tuple[str, str]], figures: dict[str, str], verdict: str) -> None:
    table = report(*(line(f"指标{i}", *row) for i, row in enumerate(rows)), **figures)
    assert finding(table, "A8").verdict == verdict


@pytest.mark.parametrize(("total", "verdict"), [("98", "pass"), ("95", "pass"), ("97", "fail")])
def test_bonus_rows_count_or_not(total: str, verdict: str) -> None:
    table = with_kind(report(line("产出", "100", "95"), line("加分", "5", "3"), total=total), 1, "bonus")
    assert finding(table, "A8").verdict == verdict


def test_a_total_may_be_capped_at_100() -> None:
    table = with_kind(report(line("产出", "100", "99"), line("加分", "5", "3"), total="100"), 1, "bonus")
    assert finding(table, "A8").verdict == "pass"


@pytest.mark.parametrize("score", ["2", "-2"])
def test_deduction_rows_are_taken_off(score: str) -> None:
    table = with_kind(report(line("产出", "100", "95"), line("扣分", "", score), total="93"), 1, "deduction")
    assert finding(table, "A8").verdict == "pass"


def test_a_score_cell_over_several_rows_counts_once() -> None:
    table = report(*shared("12", "12", "12"), line("产出", "85", "80"), total="92")
    cell = table.indicators[0].cells["score"]
    rows = [msgspec.structs.replace(row, cells=row.cells | {"score": cell}) for row in table.indicators[:3]]
    merged = msgspec.structs.replace(table, indicators=(*rows, table.indicators[3]))
    assert finding(merged, "A8").verdict == "pass"
    assert finding(table, "A8").verdict == "fail"


def test_ten_hidden_points() -> None:
    rows = (line("产出", "50", "50"), line("效益", "30", "28"), line("满意度", "10", "10"))
    found = finding(report(*rows, rate="99.74%", total="98"), "A8")
    assert found.verdict == "pass"
    assert "97.97" in (found.expression or "")
    assert finding(report(*rows, rate="99.74%", total="99"), "A8").verdict == "fail"
    assert finding(report(*rows, total="98"), "A8").verdict == "review"
    assert finding(report(*rows, total="99"), "A8").verdict == "fail"


def test_of_several_complete_tables_the_one_with_the_total_counts() -> None:
    """Two whole scoring tables in one report; the total stands in the second."""
    table = report(line("甲", "100", "91"), line("乙", "100", "96"), total="96")
    rows = [msgspec.structs.replace(row, table=name) for row, name in zip(table.indicators, ("t2", "t1"), strict=True)]
    both = msgspec.structs.replace(table, indicators=tuple(rows))
    assert (finding(both, "A7").verdict, finding(both, "A8").verdict) == ("pass", "pass")


def test_where_the_two_totals_differ_the_items_decide() -> None:
    rows = (line("投入", "40", "38"), line("产出", "60", "57"))
    own = report(*rows, total="95", score="96")
    assert (finding(own, "X2").verdict, finding(own, "A8").verdict) == ("fail", "pass")
    other = report(*rows, total="96", score="95")
    assert (finding(other, "X2").verdict, finding(other, "A8").verdict) == ("fail", "undecided")
    neither = report(*rows, total="96", score="97")
    assert (finding(neither, "X2").verdict, finding(neither, "A8").verdict) == ("fail", "fail")


scores = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 20)), min_size=2, max_size=12)


@settings(deadline=None)  # a loaded machine is no failure
@given(scores)
def test_honest_tables_never_fail(pairs: list[tuple[int, int]]) -> None:
    rows = [line(f"指标{i}", str(weight), str(min(weight, score)), "有原因") for i, (weight, score) in enumerate(pairs)]
    rest = 300 - sum(weight for weight, _ in pairs)
    total = sum(min(weight, score) for weight, score in pairs)
    table = report(*rows, line("其余", str(rest), "0", "有原因"), total=str(total), score=str(total))
    bad = [f.rule for f in validate_report(table, RULES)[0] if f.verdict == "fail" and f.rule != "A7"]
    assert bad == []


@settings(deadline=None)  # a loaded machine is no failure
@given(scores, st.sampled_from([-2, -1, 1, 2]))
def test_a_wrong_whole_total_is_always_caught(pairs: list[tuple[int, int]], slip: int) -> None:
    rows = [line(f"指标{i}", str(weight), str(min(weight, score))) for i, (weight, score) in enumerate(pairs)]
    total = sum(min(weight, score) for weight, score in pairs)
    found = finding(report(*rows, total=str(total + slip)), "A8")
    if total + slip == 100 < total or sum(weight for weight, _ in pairs) == 90:
        return  # capped at 100, or ten points outside the list
    assert (found.verdict, found.difference) == ("fail", Decimal(-slip))


# --- S2, S4 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ((line("甲", "5", "5"),), []),
        ((line("甲", "5", "6"),), [("fail", "1")]),
        ((line("甲", "5", "-1"),), [("fail", "-1")]),
        ((*shared("4", "4", "4"), line("产出", "85", "80")), []),
        ((*shared("6", "6", "6"), line("产出", "85", "80")), [("fail", "3")]),
        (shared("6", "6", "6"), [("review", "3")]),  # each row may have 15 points of its own
        ((line("甲", "5", "6"), line("乙", "5", "7")), [("fail", "1"), ("fail", "2")]),
    ],
)
def test_scores_stay_within_their_weights(rows: tuple[ScoreLine, ...], faults: list[tuple[str, str]]) -> None:
    found = [(f.verdict, str(f.difference)) for f in findings(report(*rows), "S2") if f.verdict in ("fail", "review")]
    assert found == faults


def test_a_declared_bonus_may_exceed() -> None:
    assert finding(with_kind(report(line("加分", "5", "6")), 0, "bonus"), "S2").verdict == "pass"


def test_rows_of_one_name_have_findings_of_their_own() -> None:
    table = report(line("健全性", "3", "4"), line("健全性", "3", "5"))
    rows = [
        msgspec.structs.replace(row, level2=level)
        for row, level in zip(table.indicators, ("预算管理", "资产管理"), strict=True)
    ]
    found = findings(msgspec.structs.replace(table, indicators=tuple(rows)), "S2")
    assert len({f.id for f in found}) == 2


def test_deductions_without_a_reason_are_one_line() -> None:
    found = finding(
        report(
            line("公务卡", "3", "2"),
            line("控制率", "5", "5"),
            *shared("4", "4", "4"),
            line("满意度", "5", "3", "有 2 人不满意"),
        ),
        "S4",
    )
    assert found.verdict == "fail"
    assert "有 2 项" in found.message
    assert "公务卡（2/3）" in found.message
    assert "满意度" not in found.message


@pytest.mark.parametrize("state", ["blank", "none"])
def test_an_empty_reason_is_none(state: str) -> None:
    table = report(line("公务卡", "3", "2"))
    cell = CellText(state, "", "t2r1c7")  # type: ignore[arg-type]
    row = msgspec.structs.replace(table.indicators[0], cells=table.indicators[0].cells | {"reason": cell})
    assert finding(msgspec.structs.replace(table, indicators=(row,)), "S4").verdict == "fail"


def test_a_reason_in_a_shared_block_holds_for_all_its_rows() -> None:
    rows = shared("4", "4", "4")
    assert finding(report(*rows[:2], msgspec.structs.replace(rows[2], reason="略有不足")), "S4").verdict == "pass"


def test_items_that_do_not_apply_are_no_deductions() -> None:
    assert finding(report(line("出国", "3", "不适用"), line("甲", "97", "97")), "S4").verdict == "pass"


# --- G1, G3 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "grade", "verdict"),
    [
        ("90", "优", "pass"), ("89.99", "优", "fail"), ("89.995", "优", "fail"), ("80", "良", "pass"), ("79", "良", "fail"),
        ("60", "中", "pass"), ("0", "差", "pass"), ("103", "优", "pass"), ("92", "优（92分）", "pass"), ("92", "“优”", "pass"),
        ("92", "优秀", "pass"), ("92", "达标", "not_applicable"), ("92", "", "undecided"), ("", "优", "undecided"),
    ],
)  # fmt: skip
def test_grades_by_score(score: str, grade: str, verdict: str) -> None:
    assert finding(report(line("产出", "100", ""), score=score, grade=grade), "G1").verdict == verdict


def test_the_region_s_words() -> None:
    assert finding(report(grade="良"), "G3").verdict == "pass"
    assert finding(report(grade="优秀"), "G3").verdict == "fail"
    assert finding(report(grade=""), "G3").verdict == "undecided"


def test_a_verified_basis_makes_the_grade_rule_hard() -> None:
    basis = msgspec.structs.replace(RULES.grades.basis, verified=True)  # type: ignore[type-var]
    rules = msgspec.structs.replace(RULES, grades=msgspec.structs.replace(RULES.grades, basis=basis))
    (found,) = [f for f in validate_report(report(score="88", grade="优"), rules)[0] if f.rule == "G1"]
    assert found.severity == "hard"
    assert finding(report(score="88", grade="优"), "G1").severity == "explain"


def test_the_grade_waits_where_the_scores_disagree_about_it() -> None:
    assert finding(report(score="91", total="88", grade="优"), "G1").verdict == "undecided"
    assert finding(report(score="92", total="91", grade="优"), "G1").verdict == "pass"


# --- points are exact, 不适用 items leave the sum ------------------------------------------------------------------------


def declared(total: str, *, bonus: str = "", taken: str = "", **figures: str) -> Report:
    """Σ 96 of 97 applicable points, perhaps with a bonus and a deduction row."""
    rows = [line("甲", "97", "96", "略"), line("乙", "3", "不适用")]
    extras = [(kind, score) for kind, score in (("bonus", bonus), ("deduction", taken)) if score]
    table = report(*rows, *(line(kind, "", score) for kind, score in extras), total=total, **figures)
    for position, (kind, _) in enumerate(extras, start=2):
        table = with_kind(table, position, kind)
    return table


@pytest.mark.parametrize(
    ("total", "bonus", "taken", "verdict"),
    [
        ("100.97", "2", "", "pass"), ("98.97", "2", "", "pass"), ("98", "2", "", "pass"), ("100", "2", "", "pass"),
        ("97.97", "", "1", "pass"), ("99.97", "2", "1", "pass"), ("99", "", "", "pass"), ("97", "", "", "fail"),
        ("103", "2", "", "fail"),
    ],
)  # fmt: skip
def test_rescaled_with_bonus_and_deduction(total: str, bonus: str, taken: str, verdict: str) -> None:
    assert finding(declared(total, bonus=bonus, taken=taken), "A8").verdict == verdict


@pytest.mark.parametrize(("total", "verdict"), [("90", "pass"), ("94.74", "pass"), ("92", "fail")])
def test_a_row_of_a_shared_weight_may_not_apply(total: str, verdict: str) -> None:
    assert finding(report(*shared("不适用", "5", "5"), line("产出", "85", "80"), total=total), "A8").verdict == verdict


@pytest.mark.parametrize(("weights", "verdict"), [("95", "pass"), ("100", "pass"), ("96", "fail")])
def test_the_printed_weights_may_leave_out_what_does_not_apply(weights: str, verdict: str) -> None:
    table = report(line("甲", "95", "87"), line("乙", "5", "不适用"), weights=weights)
    assert finding(table, "A7").verdict == verdict
    unweighted = report(line("甲", "95", "87"), line("乙", "", "不适用"), weights="95")
    assert finding(unweighted, "A7").verdict == "pass"


@pytest.mark.parametrize(
    ("scores", "weight", "total", "verdict"),
    [
        (["9.5"] * 10, "10", "94.5", "fail"), (["9.5"] * 10, "10", "95.0", "pass"), (["9.5"] * 10, "10", "95", "pass"),
        (["50", "47.97"], "50", "98", "pass"), (["50", "47.97"], "50", "97.9", "fail"), (["50", "47.5"], "50", "97", "fail"),
    ],
)  # fmt: skip
def test_points_are_exact_and_only_a_coarser_total_is_rounded(
    scores: list[str], weight: str, total: str, verdict: str
) -> None:
    rows = (line(f"项{i}", weight, score) for i, score in enumerate(scores))
    assert finding(report(*rows, total=total), "A8").verdict == verdict


def test_weights_and_scores_have_no_slack() -> None:
    rows = [line(f"项{i}", "10.0", "9") for i in range(9)]
    assert finding(report(*rows, line("末", "10.5", "9")), "A7").difference == Decimal("0.5")
    over = finding(report(line("甲", "3.5", "3.6"), line("乙", "96.5", "90")), "S2")
    assert (over.verdict, over.difference) == ("fail", Decimal("0.1"))


def test_a_wrong_total_is_never_a_certain_cause_and_all_copies_get_one_value() -> None:
    causes = finding(report(line("甲", "40", "38"), line("乙", "60", "57"), total="96", score="97"), "A8").causes
    assert not any(cause.certain for cause in causes)
    total = next(cause for cause in causes if cause.kind == "total_not_updated")
    assert {repair.new for repair in total.repair} == {"95"}
