"""Y-resubmission: what a unit made of the findings on its earlier submission, in one line for the bureau."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.model.finding import Finding
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.resubmission import Change

_LISTED = 6


def check_resubmission(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement: all that was asked is done and nothing else, or what is left."""
    del rule
    told = case.context.resubmission
    if told is None:
        yield NOT_APPLICABLE
        return
    slots = {
        "前次": told.before,
        "改正": str(len(told.fixed)),
        "仍有": _count(told.still),
        "新出": _count(told.new),
        "改动": _list_changes(told.unasked),
    }
    changed = [case.evidence_of_text(c.where, c.place, c.after, "changed") for c in told.unasked]
    evidence = present([*changed, *(finding.evidence[0] for finding in (*told.still, *told.new) if finding.evidence)])
    left = told.still or told.new or told.unasked
    yield Judgement("review" if left else "pass", "resubmission", slots, evidence=evidence)


def _count(findings: Iterable[Finding]) -> str:
    rules = list(dict.fromkeys(finding.rule for finding in findings))
    number = len(tuple(findings))
    return f"{number} 项（{'、'.join(rules[:_LISTED])}{'等' if len(rules) > _LISTED else ''}）" if number else "0 项"


def _list_changes(changes: tuple[Change, ...]) -> str:
    if not changes:
        return "0 处"
    shown = "；".join(f"{c.name} {c.before or '（空白）'}→{c.after or '（空白）'}" for c in changes[:_LISTED])
    return f"{len(changes)} 处（{shown}{'；等' if len(changes) > _LISTED else ''}）"
