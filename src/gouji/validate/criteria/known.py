"""S5: full marks have a known value. S6: an undefined ratio earns no full marks. Both for the bureau, one line a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.criteria.kinds import Case as WordedCase
from gouji.validate.criteria.rows import ScoredRow
from gouji.validate.criteria.stated import goal_percentages
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Evidence
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case


def check_criterion_known(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S5: rows at full marks for whose ratio the report gives no number."""
    del rule
    full = [row for row in case.scored_rows if row.standard is not None and row.is_full]
    unknown = [row for row in full if not row.readings.undefined and not _is_known(row, case)]
    if not full:
        yield NOT_APPLICABLE
    elif unknown:
        slots = {"数": str(len(unknown)), "项": "；".join(f"{row.name}（{_lack(row)}）" for row in unknown)}
        yield Judgement("review", "known.review", slots, evidence=_cells(unknown, case))
    else:
        yield Judgement("pass", "known.pass")


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
