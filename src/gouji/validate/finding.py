"""Judgement → Finding: its stable id, its sentence, its rule's basis and effects."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.model.finding import Finding
from gouji.validate.judgement import NOT_APPLICABLE
from gouji.validate.message import render_message

if TYPE_CHECKING:
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement

_TABLES = 2
_ROW = re.compile(r"^(?P<table>《[^》]*》(?:表)?)(?: · (?P<row>[^·]*? 行))?(?: · (?P<column>[^·]*? 列))?")


def finding_of(rule: Rule, judgement: Judgement, case: Case) -> Finding:
    """One finding. Its id does not depend on where cells stand."""
    if judgement is NOT_APPLICABLE:  # half of all
        return _inapplicable(rule, case)
    return Finding(
        id=finding_id(rule, judgement, case),
        rule=rule.id,
        rule_version=rule.version,
        title=rule.name,
        verdict=judgement.verdict,
        severity=judgement.severity or rule.severity,
        audience=rule.audience,
        waivable=rule.waivable,
        unit_name=case.report.unit_name,
        fiscal_year=case.report.fiscal_year,
        expression=judgement.expression,
        difference=judgement.difference,
        tolerance=judgement.tolerance,
        message=render_message(rule, judgement, place_of(judgement)),
        evidence=judgement.evidence,
        causes=judgement.causes,
        affects=rule.affects if judgement.verdict in ("fail", "review") else (),
        basis=rule.basis,
        entity=judgement.entity,
    )


def _inapplicable(rule: Rule, case: Case) -> Finding:
    return Finding(
        f"{case.owner}-{rule.id}",
        rule.id,
        rule.version,
        rule.name,
        "not_applicable",
        rule.severity,
        rule.audience,
        rule.waivable,
        case.report.unit_name,
        case.report.fiscal_year,
        None,
        None,
        None,
        render_message(rule, NOT_APPLICABLE, ""),
        basis=rule.basis,
    )


def finding_id(rule: Rule, judgement: Judgement, case: Case) -> str:
    """unit-year-rule[-entity][-concept or row]"""
    return "-".join(filter(None, (case.owner, rule.id, judgement.entity, judgement.suffix)))


def place_of(judgement: Judgement) -> str:
    """Table and row of the evidence, in words: 《支出和结余情况》表 · 局机关 行; the column where the figures stand in rows of one."""
    if not judgement.evidence:
        return ""
    heads = [head for evidence in judgement.evidence if (head := _head_of(evidence.place)) is not None]
    if not heads:
        return ""
    tables, rows, columns = (dict.fromkeys(part) for part in zip(*heads, strict=True))
    _, row, column = heads[0]
    line = column if len(rows) > 1 and len(columns) == 1 else row
    return "、".join([*tables][:_TABLES]) + (f" · {line}" if line else "")


@lru_cache(maxsize=8192)  # the forms of a district place their cells alike
def _head_of(place: str) -> tuple[str, str | None, str | None] | None:
    """Table, row and column of a place in words."""
    match = _ROW.match(place)
    return (match["table"], match["row"], match["column"]) if match is not None else None
