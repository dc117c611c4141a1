"""The projects inside a report, and reports of one project: what 项目 shows of each.

Project("办公用房维修", facts) → ProjectRow(name, budget 216.00, spent 211.68, printed rate 0.98, score 96)

The budget is the adjusted one where it is printed, else the initial one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.export.figures import to_number
from gouji.export.plain import clean_text
from gouji.model.report import Fact, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.export.district import Department, District
    from gouji.export.listing import Row
    from gouji.model.report import Report


class ProjectRow(msgspec.Struct, frozen=True):
    """One project. None: not printed, or not a number."""

    name: str
    code: str
    budget: Decimal | None
    spent: Decimal | None
    rate: Decimal | None
    score: Decimal | None


def list_projects(report: Report, factor: Decimal) -> Iterator[ProjectRow]:
    """The projects of a bundle; a report that is of one project is that project, under its form's title or its unit."""
    for project in report.projects:
        yield _build_row(project.name, project.code, project.facts, factor)
    if report.kind == "project" and not report.projects:
        title = next((s.text for s in report.statements if s.kind == "project"), report.unit_name or "")
        yield _build_row(title, None, tuple(fact for fact in report.facts if fact.main), factor)


def _build_row(name: str, code: str | None, facts: tuple[Fact, ...], factor: Decimal) -> ProjectRow:
    budget = _find(facts, "budget.total", "adjusted", factor)
    return ProjectRow(
        name=clean_text(name),
        code=clean_text(code or ""),
        budget=budget if budget is not None else _find(facts, "budget.total", "initial", factor),
        spent=_find(facts, "budget.total", "final", factor),
        rate=_find(facts, "budget.execution_rate", "final", factor),
        score=_find(facts, "performance.score", "final", factor),
    )


def _find(facts: tuple[Fact, ...], concept: str, stage: Stage, factor: Decimal) -> Decimal | None:
    found = (
        to_number(f, factor)
        for f in facts
        if f.concept == concept and f.stage == stage and f.state in ("value", "zero")
    )
    return next((number for number in found if number is not None), None)


def list_project_rows(district: District, *, public: bool) -> Iterator[Row]:
    """Every project of every report of the district, counted in the summary or not; said where not."""
    own = [(department, "") for department in district.departments]
    seen: set[tuple[str, str, Decimal | None]] = set()
    for department, reason in own + [pair for pair in district.left_out if pair[0].projects]:
        for project in department.projects:
            key = (department.name, project.name, project.budget)
            if key in seen:
                continue
            seen.add(key)
            yield {
                "budget_code": department.code,
                "unit_name": department.name,
                "section": department.section,
                "project": f"{project.code} {project.name}".strip(),
                "budget": project.budget,
                "spent": project.spent,
                "rate": project.rate,
                "score": project.score,
                "remark": "" if public else _remark(department, reason),
            }


def _remark(department: Department, reason: str) -> str:
    year = department.identity.year
    return "；".join(filter(None, (f"{year} 年度" if reason and year else "", reason)))
