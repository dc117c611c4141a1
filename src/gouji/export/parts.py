"""The files of one submission → one row: 报告.docx, 附件1.xlsx and 附件2.docx of a unit and year.

Department(报告.docx) ─┐
Department(附件1.xlsx) ├ join_departments → each figure from the file that prints it, a table before a sentence
Department(附件2.docx) ─┘
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.export.district import Department, Problem
    from gouji.export.figures import Figure
    from gouji.export.versions import Choice

_TELLING = {"value": 0, "zero": 0, "none": 1, "withheld": 2, "unreadable": 2, "blank": 3, "missing": 4}


def join_parts(
    departments: list[Department], problems: list[Problem], choice: Choice
) -> tuple[list[Department], list[Department], list[Problem]]:
    """Departments with the parts in their leads; the parts by themselves; problems under the serial number of the lead."""
    by_serial = {department.identity.serial: department for department in departments}
    lead_of = {part: lead for lead, parts in choice.parts.items() for part in parts}
    whole = [
        join_departments(department, [by_serial[part] for part in choice.parts.get(serial, ())])
        for serial, department in by_serial.items()
        if serial not in lead_of
    ]
    moved = [
        msgspec.structs.replace(problem, report=lead_of[problem.report]) if problem.report in lead_of else problem
        for problem in problems
    ]
    return whole, [by_serial[part] for part in lead_of], moved


def join_departments(lead: Department, parts: list[Department]) -> Department:
    """One row for all files; names and codes are the lead's where it has any."""
    if not parts:
        return lead
    all_files = [lead, *parts]
    columns = zip(*(department.figures for department in all_files), strict=True)
    identity = msgspec.structs.replace(
        lead.identity,
        code=next((d.identity.code for d in all_files if d.identity.code), None),
        name=next((d.identity.name for d in all_files if d.identity.name), None),
    )
    return msgspec.structs.replace(
        lead,
        identity=identity,
        figures=tuple(_most_telling(figures) for figures in columns),
        scores=next((d.scores for d in all_files if d.scores), ()),
        hard=sum(d.hard for d in all_files),
        explain=sum(d.explain for d in all_files),
        undecided=sum(d.undecided for d in all_files),
        checked=any(d.checked for d in all_files),
        projects=tuple(project for d in all_files for project in d.projects),
        score=next((d.score for d in all_files if d.score is not None), None),
        grade=next((d.grade for d in all_files if d.grade), ""),
    )


def _most_telling(figures: Iterable[Figure | None]) -> Figure | None:
    """A number before a blank, a table's before a sentence's, the lead's before the others'."""
    there = [figure for figure in figures if figure is not None]
    return min(there, key=lambda figure: (_TELLING[figure.state], figure.told), default=None)
