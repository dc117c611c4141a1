"""The rules over one report → findings.

    Report ─Case→ ─rules→ Judgements ─finding_of→ Findings + Trace

Every rule gives at least one finding, also where it passes or does not apply: callers choose what to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import localcontext
from typing import TYPE_CHECKING

import msgspec

from gouji.model.trace import Step, Trace
from gouji.validate.altered import check_altered_form
from gouji.validate.case import Case
from gouji.validate.compared_years import check_compared_years
from gouji.validate.completeness import check_empty_sections, check_measured_values, check_required_tables
from gouji.validate.context import NOTHING_AROUND
from gouji.validate.criteria.inverse import check_criterion_inverse
from gouji.validate.criteria.known import check_criterion_asked, check_criterion_known, check_criterion_undefined
from gouji.validate.criteria.points import (
    check_criterion_bands,
    check_criterion_points,
    check_criterion_split,
    check_criterion_unreadable,
)
from gouji.validate.criteria.recompute import (
    check_criterion_allowed,
    check_criterion_scores,
    check_criterion_scores_prior,
    check_criterion_total,
)
from gouji.validate.execution import check_execution_scores, check_project_rates
from gouji.validate.finding import finding_of
from gouji.validate.grades import check_grade_words, judge_bands
from gouji.validate.indicator_quality import (
    check_beneficiary,
    check_cost_direction,
    check_full_marks,
    check_money_as_quantity,
    check_percentage_base,
    check_same_indicator,
    check_survey,
)
from gouji.validate.judge import judge_rule
from gouji.validate.last_year import check_last_year_copies
from gouji.validate.lowered_targets import check_lowered_targets
from gouji.validate.money_unit import check_unit_of_money, find_doubts
from gouji.validate.plausibility import (
    check_per_capita,
    check_repeated_figures,
    check_round_figures,
    check_score_inflation,
)
from gouji.validate.prose.acquired import check_acquired
from gouji.validate.prose.budgets import check_rates
from gouji.validate.prose.changes import check_changes
from gouji.validate.prose.claims import check_claims, check_problems
from gouji.validate.prose.dates import check_dates
from gouji.validate.prose.denied import check_denied
from gouji.validate.prose.enumerated import check_enumerated
from gouji.validate.prose.frequency import check_frequency
from gouji.validate.prose.goals import check_goals, check_measured, check_met, check_wholly
from gouji.validate.prose.lists import check_lists
from gouji.validate.prose.points import check_points
from gouji.validate.prose.ratios import check_grim, check_ratios
from gouji.validate.prose.repeats import check_repeats
from gouji.validate.prose.shares import check_shares
from gouji.validate.prose.splits import check_splits
from gouji.validate.prose.stale_amounts import check_stale_amounts
from gouji.validate.prose.strangers import check_strangers
from gouji.validate.prose.targets import check_targets
from gouji.validate.prose.told_figures import check_told_sums, check_told_twice
from gouji.validate.prose.units import check_units
from gouji.validate.prose_amounts import check_prose_amounts
from gouji.validate.remnants import check_brackets, check_instructions, check_placeholders
from gouji.validate.repair import explain_doubts, explain_findings
from gouji.validate.repeats import check_echoes, check_last_years_text, check_repeated_paragraphs, check_same_scores
from gouji.validate.resubmission_check import check_resubmission
from gouji.validate.scopes import check_same_scope
from gouji.validate.score_rows import check_deduction_reasons, check_score_bounds
from gouji.validate.score_total import check_score_total
from gouji.validate.sign_offs import check_sign_offs
from gouji.validate.stale import check_stale_years
from gouji.validate.stated_changes import check_stated_changes
from gouji.validate.subordinates import check_subordinates
from gouji.validate.subtotals import check_subtotals
from gouji.validate.texts import (
    check_cells_by_state,
    check_copies,
    check_goal_numbering,
    check_identity,
    check_numbering,
    check_years,
)
from gouji.validate.weights import check_weights

if TYPE_CHECKING:
    from gouji.model.finding import Finding
    from gouji.model.report import Report
    from gouji.patterns.rules import Rule, RuleSet
    from gouji.validate.context import Context
    from gouji.validate.judgement import Judgement

_DIGITS = 96  # of intermediate results: readers accept numbers of forty digits
Check = Callable[["Rule", Case], Iterator["Judgement"]]
CHECK_FUNCTIONS: dict[str, Check] = {
    "altered_form": check_altered_form,
    "beneficiary": check_beneficiary,
    "brackets": check_brackets,
    "cells_by_state": check_cells_by_state,
    "compared_years": check_compared_years,
    "copies": check_copies,
    "cost_direction": check_cost_direction,
    "criterion_allowed": check_criterion_allowed,
    "criterion_asked": check_criterion_asked,
    "criterion_bands": check_criterion_bands,
    "criterion_inverse": check_criterion_inverse,
    "criterion_known": check_criterion_known,
    "criterion_points": check_criterion_points,
    "criterion_scores": check_criterion_scores,
    "criterion_scores_prior": check_criterion_scores_prior,
    "criterion_split": check_criterion_split,
    "criterion_total": check_criterion_total,
    "criterion_undefined": check_criterion_undefined,
    "criterion_unreadable": check_criterion_unreadable,
    "deduction_reasons": check_deduction_reasons,
    "echoes": check_echoes,
    "empty_sections": check_empty_sections,
    "execution_scores": check_execution_scores,
    "full_marks": check_full_marks,
    "goal_numbering": check_goal_numbering,
    "grade_words": check_grade_words,
    "identity": check_identity,
    "instructions": check_instructions,
    "last_years_text": check_last_years_text,
    "last_year_copies": check_last_year_copies,
    "lowered_targets": check_lowered_targets,
    "measured_values": check_measured_values,
    "money_as_quantity": check_money_as_quantity,
    "numbering": check_numbering,
    "percentage_base": check_percentage_base,
    "placeholders": check_placeholders,
    "project_rates": check_project_rates,
    "prose_acquired": check_acquired,
    "prose_amounts": check_prose_amounts,
    "prose_change": check_changes,
    "prose_claims": check_claims,
    "prose_dates": check_dates,
    "prose_denied": check_denied,
    "prose_enumerated": check_enumerated,
    "prose_frequency": check_frequency,
    "prose_goals": check_goals,
    "prose_grim": check_grim,
    "prose_lists": check_lists,
    "prose_measured": check_measured,
    "prose_met": check_met,
    "prose_points": check_points,
    "prose_problems": check_problems,
    "prose_rates": check_rates,
    "prose_ratios": check_ratios,
    "prose_repeats": check_repeats,
    "prose_shares": check_shares,
    "prose_splits": check_splits,
    "prose_strangers": check_strangers,
    "prose_sums": check_told_sums,
    "prose_targets": check_targets,
    "prose_twice": check_told_twice,
    "prose_wholly": check_wholly,
    "prose_units": check_units,
    "repeated_paragraphs": check_repeated_paragraphs,
    "required_tables": check_required_tables,
    "same_indicator": check_same_indicator,
    "per_capita": check_per_capita,
    "repeated_figures": check_repeated_figures,
    "resubmission": check_resubmission,
    "round_figures": check_round_figures,
    "same_scope": check_same_scope,
    "same_scores": check_same_scores,
    "score_bounds": check_score_bounds,
    "score_inflation": check_score_inflation,
    "score_total": check_score_total,
    "sign_offs": check_sign_offs,
    "stale_amounts": check_stale_amounts,
    "stale_years": check_stale_years,
    "stated_changes": check_stated_changes,
    "subordinates": check_subordinates,
    "subtotals": check_subtotals,
    "survey": check_survey,
    "unit_of_money": check_unit_of_money,
    "weights": check_weights,
    "years": check_years,
}


def validate_report(
    report: Report, rules: RuleSet, *, index: int = 0, source: str = "", context: Context = NOTHING_AROUND
) -> tuple[tuple[Finding, ...], Trace]:
    """Every finding of a report, in rule order, of the rules whose needs the context meets.

    `index` and `source` name the report in its evidence.
    """
    return _run_rules(Case(report, rules, index=index, source=source, context=context), rules.rules)


def validate_in_context(
    report: Report, rules: RuleSet, context: Context, *, index: int = 0, source: str = ""
) -> tuple[Finding, ...]:
    """Findings of the rules that speak of more than the report itself, as far as their needs are met."""
    wanted = tuple(rule for rule in rules.rules if rule.needs)
    findings, _ = _run_rules(Case(report, rules, index=index, source=source, context=context), wanted)
    return findings


def _run_rules(case: Case, rules: Iterable[Rule]) -> tuple[tuple[Finding, ...], Trace]:
    with localcontext() as exact:
        exact.prec = _DIGITS
        case.doubts = find_doubts(case)
        able = [rule for rule in rules if not rule.needs or all(case.context.has(need) for need in rule.needs)]
        judged = [(rule, judgement) for rule in able for judgement in judge(rule, case)]
        findings = _with_own_ids(finding_of(rule, judgement, case) for rule, judgement in judged)
        findings = explain_doubts(case, judged, explain_findings(case, judged, findings))
    return findings, Trace(tuple(_step(finding) for finding in findings))


def _with_own_ids(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Two findings of one rule on rows of the same name: the second and later ones are numbered."""
    seen: dict[str, int] = {}
    own: list[Finding] = []
    for finding in findings:
        number = seen[finding.id] = seen.get(finding.id, 0) + 1
        own.append(finding if number == 1 else msgspec.structs.replace(finding, id=f"{finding.id}-{number}"))
    return tuple(own)


def judge(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Run one rule."""
    if rule.mode == "check":
        return CHECK_FUNCTIONS[rule.check or ""](rule, case)
    return judge_bands(rule, case) if rule.mode == "bands" else judge_rule(rule, case)


def _step(finding: Finding) -> Step:
    where = finding.evidence[0].where if finding.evidence else ""
    entity = f" {finding.entity}" if finding.entity else ""
    return Step("validate", where, f"{finding.rule}{entity} {finding.verdict}：{finding.expression or finding.message}")
