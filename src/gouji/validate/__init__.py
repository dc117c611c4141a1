"""The rules over one report → findings.

    Report ─Case→ ─rules→ Judgements ─finding_of→ Findings + Trace

Every rule gives at least one finding, also where it passes or does not apply: callers choose what to show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import localcontext
from typing import TYPE_CHECKING

import msgspec

from gouji.model.trace import Step, Trace
from gouji.validate.case import Case
from gouji.validate.completeness import check_empty_sections, check_measured_values, check_required_tables
from gouji.validate.finding import finding_of
from gouji.validate.grades import check_grade_words, judge_bands
from gouji.validate.judge import judge_rule
from gouji.validate.moments import rows_of_moments
from gouji.validate.money_unit import check_unit_of_money, find_doubts
from gouji.validate.prose_amounts import check_prose_amounts
from gouji.validate.repair import explain_findings
from gouji.validate.scopes import check_same_scope
from gouji.validate.score_rows import check_deduction_reasons, check_score_bounds
from gouji.validate.score_total import check_score_total
from gouji.validate.stale import check_stale_years
from gouji.validate.subordinates import check_subordinates
from gouji.validate.texts import check_cells_by_state, check_copies, check_identity, check_numbering, check_years
from gouji.validate.weights import check_weights

if TYPE_CHECKING:
    from gouji.model.finding import Finding
    from gouji.model.report import Report
    from gouji.patterns.rules import Rule, RuleSet
    from gouji.validate.judgement import Judgement

_DIGITS = 96  # of intermediate results: readers accept numbers of forty digits
Check = Callable[["Rule", Case], Iterator["Judgement"]]
CHECK_FUNCTIONS: dict[str, Check] = {
    "cells_by_state": check_cells_by_state,
    "copies": check_copies,
    "deduction_reasons": check_deduction_reasons,
    "empty_sections": check_empty_sections,
    "grade_words": check_grade_words,
    "identity": check_identity,
    "measured_values": check_measured_values,
    "numbering": check_numbering,
    "prose_amounts": check_prose_amounts,
    "required_tables": check_required_tables,
    "same_scope": check_same_scope,
    "score_bounds": check_score_bounds,
    "score_total": check_score_total,
    "stale_years": check_stale_years,
    "subordinates": check_subordinates,
    "unit_of_money": check_unit_of_money,
    "weights": check_weights,
    "years": check_years,
}


def validate_report(
    report: Report, rules: RuleSet, *, index: int = 0, source: str = "", others: Mapping[str, Report] | None = None
) -> tuple[tuple[Finding, ...], Trace]:
    """Every finding of a report, in rule order.

    `index` and `source` name the report in its evidence; `others` are the reports that 上年, 参照 and 同级 refer to.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        case = Case(report, rules, index=index, source=source, others=others)
        case.doubts = find_doubts(case)
        case.moments = rows_of_moments(report)
        judged = [(rule, judgement) for rule in rules.rules for judgement in judge(rule, case)]
        findings = _with_own_ids(finding_of(rule, judgement, case) for rule, judgement in judged)
        findings = explain_findings(case, judged, findings)
    return findings, Trace(tuple(_step(finding) for finding in findings))


def _with_own_ids(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Two findings of one rule on rows of the same name: the second and later ones are numbered."""
    seen: Counter[str] = Counter()
    own: list[Finding] = []
    for finding in findings:
        seen[finding.id] += 1
        number = seen[finding.id]
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
