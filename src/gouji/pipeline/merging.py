"""The reports of several files as one, and back: whose cell a finding rests on.

    自评报告.docx p5  ─┐                p5
    附件1.xlsx t1r2c3 ─┼ join_reports → t1000001r2c3 ─rules→ finding at t1000001r2c3 ─send_home→ 附件1.xlsx t1r2c3
    附件2.docx t1r2c3 ─┘                t2000001r2c3

Evidence ids are unique inside a file alone, so those of the second file and the following ones are moved apart while the
rules run, and back before anybody sees them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from gouji.model.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.model.finding import Evidence, Finding, Repair
    from gouji.model.report import Fact

_APART = 1_000_000  # tables, or paragraphs, of a file
_WHERE = re.compile(r"^([hfnx]?[tp])(\d+)(.*)$", re.DOTALL)


class Piece(NamedTuple):
    """One report of one file."""

    path: str
    ordinal: int


def join_reports(reports: Sequence[Report]) -> Report:
    """One report of all files, the first one leading; evidence ids of the others moved apart."""
    moved = [_move(report, number) for number, report in enumerate(reports)]
    by_figures = sorted(moved, key=lambda report: -sum(fact.origin == "table" for fact in report.facts))
    scored = next((report for report in moved if report.indicators), moved[0])
    return msgspec.structs.replace(
        moved[0],
        form=next((report.form for report in by_figures if report.form), None),
        unit_name=next((report.unit_name for report in moved if report.unit_name), None),
        budget_code=next((report.budget_code for report in moved if report.budget_code), None),
        fiscal_year=next((report.fiscal_year for report in moved if report.fiscal_year is not None), None),
        report_date=next((report.report_date for report in moved if report.report_date), None),
        facts=tuple(_join_facts(moved)),
        indicators=scored.indicators,
        subtotals=scored.subtotals,
        **{name: tuple(item for report in moved for item in getattr(report, name)) for name in _GATHERED},
    )


_GATHERED = ("sections", "goals", "projects", "people", "unclaimed", "statements", "lines", "sign_offs")


def _join_facts(reports: list[Report]) -> list[Fact]:
    """All facts, tables before sentences; a figure that one file lacks and another has is not missing."""
    facts = [fact for report in reports for fact in report.facts]
    there = {(fact.concept, fact.stage) for fact in facts if fact.main and fact.state != "missing"}
    kept = [fact for fact in facts if fact.state != "missing" or (fact.concept, fact.stage) not in there]
    return sorted(kept, key=lambda fact: (not fact.main, fact.origin != "table"))


def _move(report: Report, number: int) -> Report:
    """The report with the evidence ids of the file of this number."""
    return msgspec.convert(_moved(msgspec.to_builtins(report), number), Report) if number else report


def _moved(value: Any, number: int) -> Any:  # noqa: ANN401 - plain data of any shape
    """Plain data with every evidence id and table id moved."""
    if isinstance(value, dict):
        return {key: _moved_field(key, item, number) for key, item in value.items()}
    return [_moved(item, number) for item in value] if isinstance(value, list | tuple) else value


def _moved_field(key: str, value: Any, number: int) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, str) and (key == "table" or key.endswith("where")):
        return move_where(value, number)
    return _moved(value, number)


def move_where(where: str, number: int) -> str:
    """t1r2c3 → t2000001r2c3 for file 2; what is no evidence id stays."""
    match = _WHERE.match(where)
    return f"{match[1]}{int(match[2]) + number * _APART}{match[3]}" if match is not None else where


def find_where(where: str) -> tuple[int, str]:
    """t2000001r2c3 → (2, t1r2c3)"""
    match = _WHERE.match(where)
    if match is None:
        return 0, where
    number, own = divmod(int(match[2]), _APART)
    return number, f"{match[1]}{own}{match[3]}"


def send_home(finding: Finding, source: str, index: int, homes: Sequence[tuple[str, int]]) -> Finding:
    """The finding with the evidence of each file under its own name.

    `source`, `index`: what the joined report was called while the rules ran; `homes`: the files and places it came from.
    """
    evidence = tuple(
        _evidence_at_home(piece, homes) if (piece.source or source, piece.report) == (source, index) else piece
        for piece in finding.evidence
    )
    return msgspec.structs.replace(finding, evidence=evidence)


def _evidence_at_home(evidence: Evidence, homes: Sequence[tuple[str, int]]) -> Evidence:
    number, where = find_where(evidence.where)
    if not number:
        return evidence
    path, ordinal = homes[number]
    return msgspec.structs.replace(evidence, where=where, source=path, report=ordinal)


def send_repairs_home(finding: Finding, homes: Sequence[tuple[str, int]]) -> Finding:
    """The finding with each cell to change under the name of its file."""
    causes = tuple(
        msgspec.structs.replace(cause, repair=tuple(_repair_at_home(repair, homes) for repair in cause.repair))
        for cause in finding.causes
    )
    return msgspec.structs.replace(finding, causes=causes)


def _repair_at_home(repair: Repair, homes: Sequence[tuple[str, int]]) -> Repair:
    number, where = find_where(repair.where)
    return msgspec.structs.replace(repair, where=where, source=homes[number][0])
