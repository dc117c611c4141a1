"""Outcome → the dicts of `gouji.extract/1` and `gouji.check/1`, ready for JSON.

    Outcome ─extract_record→ {"schema": "gouji.extract/1", "source": …, "error": …, "notices": […], "reports": […]}
            ─check_record──→ {"schema": "gouji.check/1", …, "findings": […], "verdicts": {"pass": 3, …}}

Numbers leave as plain decimal text, digits as printed ("603.10", never 6.031E+2), so that no reader of the JSON
can turn them into binary fractions by accident.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import msgspec

from gouji.export.atomic import Put, Written, put_in_place, scratch_folder
from gouji.export.plain import escape_json
from gouji.model.document import Box, Notice
from gouji.model.finding import Basis, Cause, Evidence, Finding, Verdict
from gouji.model.quantity import Quantity
from gouji.model.report import CellText, Fact, Indicator, Project, Report, SignOff, Subtotal
from gouji.model.result import Failure, Outcome, Source

Record = dict[str, Any]
EXTRACT_SCHEMA = "gouji.extract/1"
CHECK_SCHEMA = "gouji.check/1"
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
QUIET_VERDICTS: frozenset[str] = frozenset({"pass", "not_applicable"})
_CELL_ORDER = ("criterion", "weight", "score", "reason")


def encode_line(record: Record) -> bytes:
    """One record as one line of JSON in UTF-8, line feed included."""
    return escape_json(msgspec.json.encode(record)) + b"\n"


def write_records(folder: Path, outcomes: Iterable[Outcome], put: Put = put_in_place) -> list[Written]:
    """数据.jsonl and 审核.jsonl: the records of every file, one a line, as `gouji extract` and `gouji check` print them."""
    names = ("数据.jsonl", "审核.jsonl")
    with scratch_folder(folder / names[0]) as scratch:
        with (scratch / names[0]).open("wb") as facts, (scratch / names[1]).open("wb") as findings:
            for outcome in outcomes:
                facts.write(encode_line(extract_record(outcome)))
                findings.write(encode_line(check_record(outcome, every_verdict=True)))
        return [put(scratch / name, folder / name) for name in names]


def extract_record(outcome: Outcome) -> Record:
    """The record of `gouji extract --json` for one file."""
    return {
        "schema": EXTRACT_SCHEMA,
        **_common_part(outcome),
        "reports": [_report_record(report) for report in outcome.reports],
    }


def check_record(outcome: Outcome, *, every_verdict: bool = False) -> Record:
    """The record of `gouji check --json`; pass and not_applicable are listed only with `every_verdict`."""
    findings = [f for f in outcome.findings if every_verdict or f.verdict not in QUIET_VERDICTS]
    return {
        "schema": CHECK_SCHEMA,
        **_common_part(outcome),
        **({"submission": list(outcome.submission)} if outcome.submission else {}),
        "findings": [finding_record(finding, outcome.source.path) for finding in findings],
        "verdicts": count_verdicts(outcome.findings),
    }


def count_verdicts(findings: tuple[Finding, ...]) -> dict[str, int]:
    """How often each verdict was given, every verdict named."""
    counted = Counter(finding.verdict for finding in findings)
    return {verdict: counted[verdict] for verdict in VERDICTS}


def plain_decimal(number: Decimal | None) -> str | None:
    """Decimal text without exponent; a signed zero loses its sign."""
    if number is None:
        return None
    return format(abs(number) if number.is_zero() else number, "f")


def _common_part(outcome: Outcome) -> Record:
    return {
        "source": _source_record(outcome.source),
        "error": _error_record(outcome.failure),
        "notices": [_notice_record(notice) for notice in outcome.notices],
    }


def _source_record(source: Source) -> Record:
    return {
        "name": source.name,
        "path": source.path,
        "sha256": source.sha256,
        "format": source.format,
        "bytes": source.bytes,
        "via": source.via,
    }


def _error_record(failure: Failure | None) -> Record | None:
    return None if failure is None else {"code": failure.code, "message": failure.message}


def _notice_record(notice: Notice) -> Record:
    return {"code": notice.code, "message": notice.message, "where": notice.where}


def _report_record(report: Report) -> Record:
    return {
        "form": report.form,
        "unit_name": report.unit_name,
        "budget_code": report.budget_code,
        "fiscal_year": report.fiscal_year,
        "report_date": report.report_date,
        "facts": [fact_record(fact) for fact in report.facts],
        "indicators": [_indicator_record(indicator) for indicator in report.indicators],
        "subtotals": [_subtotal_record(subtotal) for subtotal in report.subtotals],
        "sections": [{"number": s.number, "title": s.title, "where": s.where, "text": s.text} for s in report.sections],
        "goals": [{"kind": g.kind, "target": g.target, "result": g.result, "where": g.where} for g in report.goals],
        "projects": [_project_record(project) for project in report.projects],
        "people": [{"role": p.role, "name": p.name, "where": p.where} for p in report.people],
        "sign_offs": [_sign_off_record(place) for place in report.sign_offs],
        "unclaimed": [{"raw": u.raw, "where": u.where, "context": u.context} for u in report.unclaimed],
    }


def fact_record(fact: Fact) -> Record:
    """One fact; value, unit, decimals, low and high are null unless the state is value or zero."""
    return {
        "concept": fact.concept,
        "label": fact.label,
        "header_path": list(fact.header_path),
        "entity": fact.entity,
        "period": fact.period,
        "stage": fact.stage,
        "scope": fact.scope,
        "state": fact.state,
        **_value_part(fact.content if fact.state in ("value", "zero") else None),
        "raw": fact.raw,
        "origin": fact.origin,
        "where": fact.where,
        "unit_where": fact.unit_where,
        **_box_part(fact.box),
        "pattern": fact.pattern,
    }


def _value_part(value: Quantity | str | None) -> Record:
    if not isinstance(value, Quantity):
        return {"value": value, "unit": None, "decimals": None, "low": None, "high": None}
    return {
        "value": format(value.value, "f"),
        "unit": value.unit.name if value.unit else None,
        "decimals": value.decimals,
        "low": plain_decimal(value.low),
        "high": plain_decimal(value.high),
    }


def _box_part(box: Box | None) -> Record:
    if box is None:
        return {"page": None, "box": None}
    return {"page": box.page, "box": [box.x0, box.y0, box.x1, box.y1]}


def _indicator_record(row: Indicator) -> Record:
    return {
        "level1": row.level1,
        "level2": row.level2,
        "level3": row.level3,
        "level1_weight": _number(row.level1_weight),
        "level2_weight": _number(row.level2_weight),
        "criterion": row.criterion,
        "weight": _number(row.weight),
        "weight_shared_by": row.weight_shared_by,
        "score": _number(row.score),
        "reason": row.reason,
        "nature": row.nature,
        "operator": row.operator,
        "measure": row.measure,
        "target": row.target,
        "actual": row.actual,
        "cells": {name: _cell_record(row.cells[name]) for name in _cell_names(row.cells)},
    }


def _subtotal_record(row: Subtotal) -> Record:
    """`after`: how many of the indicators stand above it."""
    numbers = {role: _number(row.cells[role].value) if role in row.cells else None for role in ("weight", "score")}
    cells = {role: _cell_record(cell) for role, cell in row.cells.items()}
    return {"label": row.label, "level": row.level, "after": row.after, **numbers, "cells": cells}


def _sign_off_record(place: SignOff) -> Record:
    return {name: getattr(place, name) for name in ("kind", "label", "state", "date", "bureau", "where")}


def _cell_names(cells: dict[str, CellText]) -> list[str]:
    """The usual four first, in the order people read them."""
    return [name for name in _CELL_ORDER if name in cells] + [name for name in cells if name not in _CELL_ORDER]


def _cell_record(cell: CellText) -> Record:
    return {"state": cell.state, "raw": cell.raw, "where": cell.where}


def _number(quantity: Quantity | None) -> str | None:
    return None if quantity is None else plain_decimal(quantity.value)


def _project_record(project: Project) -> Record:
    return {
        "code": project.code,
        "name": project.name,
        "facts": [fact_record(fact) for fact in project.facts],
        "indicators": [_indicator_record(indicator) for indicator in project.indicators],
    }


def finding_record(finding: Finding, source: str) -> Record:
    """One finding; `source` is the path of the file, for evidence that names none."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "rule_version": finding.rule_version,
        "title": finding.title,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "audience": finding.audience,
        "waivable": finding.waivable,
        "unit_name": finding.unit_name,
        "fiscal_year": finding.fiscal_year,
        "expression": finding.expression,
        "difference": plain_decimal(finding.difference),
        "tolerance": plain_decimal(finding.tolerance),
        "message": finding.message,
        "evidence": [_evidence_record(piece, source) for piece in finding.evidence],
        "causes": [_cause_record(cause, source) for cause in finding.causes],
        "affects": list(finding.affects),
        "basis": _basis_record(finding.basis),
    }


def _evidence_record(piece: Evidence, source: str) -> Record:
    return {
        "source": piece.source or source,
        "report": piece.report,
        "where": piece.where,
        "place": piece.place,
        "concept": piece.concept,
        "raw": piece.raw,
        "value": piece.value,
        "relation": piece.relation,
    }


def _cause_record(cause: Cause, source: str) -> Record:
    repairs = [{"source": r.source or source, "where": r.where, "from": r.old, "to": r.new} for r in cause.repair]
    return {"kind": cause.kind, "repair": repairs, "rank": cause.rank, "certain": cause.certain}


def _basis_record(basis: Basis | None) -> Record | None:
    return None if basis is None else {"document": basis.document, "clause": basis.clause, "verified": basis.verified}
