"""S5: full marks have a known value. S6: an undefined ratio earns no full marks. Both for the bureau, one line a report.

S5-form: the form itself asks nowhere for the number. That is told of the form, once for all who filled it in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.criteria.kinds import Case as WordedCase
from gouji.validate.criteria.rows import ScoredRow
from gouji.validate.criteria.stated import goal_percentages, is_a_goal
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Evidence
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case


def check_criterion_known(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S5: rows at full marks whose ratio wants a number for which the form has a cell, and the report none."""
    del rule
    full, unknown = case.full_rows
    unfilled = [row for row in unknown if _is_units_matter(row, case)]
    if not full:
        yield NOT_APPLICABLE
    elif unfilled:
        slots = {"数": str(len(unfilled)), "项": "；".join(f"{row.name}（{_lack(row)}）" for row in unfilled)}
        yield Judgement("review", "known.review", slots, evidence=_cells(unfilled, case))
    else:
        yield Judgement("pass", "known.pass")


def check_criterion_asked(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S5-form: rows at full marks for whose ratio the form has no cell."""
    del rule
    full, unknown = case.full_rows
    unasked = [row for row in unknown if row.readings.unasked and not _is_survey(row)]
    if not full:
        yield NOT_APPLICABLE
    elif unasked:
        slots = {"数": str(len(unasked)), "项": "；".join(f"{row.name}（{_lack(row)}）" for row in unasked)}
        pieces = (case.evidence_of_cell(row.row.cells.get("criterion"), row.row, "criterion") for row in unasked)
        yield Judgement("review", "asked.review", slots, evidence=present(pieces))
    else:
        yield Judgement("pass", "asked.pass")


def find_full_rows(case: Case) -> tuple[list[ScoredRow], list[ScoredRow]]:
    """Standard indicators at full marks, and those of them that no number bears out."""
    full = [row for row in case.scored_rows if row.standard is not None and row.is_full]
    return full, [row for row in full if not row.readings.undefined and not _is_known(row, case)]


def _is_units_matter(row: ScoredRow, case: Case) -> bool:
    """A cell of the form is not filled; or a survey is not told of, where no goal asks for its result: that one is C5's."""
    if row.standard is not None and row.standard.is_survey:
        return not is_a_goal(row.standard, case)
    return not row.readings.unasked


def _is_survey(row: ScoredRow) -> bool:
    return row.standard is not None and row.standard.is_survey


def _is_known(row: ScoredRow, case: Case) -> bool:
    if row.readings.values or row.stated or (row.standard is not None and goal_percentages(row.standard, case)):
        return True
    return isinstance(row.criterion, WordedCase) and bool(row.recomputed)


def _lack(row: ScoredRow) -> str:
    if row.standard is not None and row.standard.undefined:
        return row.standard.undefined
    return f"缺 {'、'.join(row.readings.missing)}" if row.readings.missing else "缺计算所需的数"


def check_criterion_undefined(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S6: rows at full marks whose ratio has 0 to divide by."""
    del rule
    undefined = [row for row in case.scored_rows if row.readings.undefined and row.claim is not None]
    full = [row for row in undefined if row.is_full]
    if not undefined:
        yield NOT_APPLICABLE
    elif full:
        slots = {"项": "；".join(f"{row.name}（{row.readings.undefined[0]} 为 0）" for row in full)}
        yield Judgement("review", "undefined.review", slots, evidence=_cells(full, case))
    else:
        yield Judgement("pass", "undefined.pass")


def _cells(rows: list[ScoredRow], case: Case) -> tuple[Evidence, ...]:
    return present([case.evidence_of_cell(row.row.cells.get("score"), row.row, "score") for row in rows])
