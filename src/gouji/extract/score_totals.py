"""Totals of a scoring table, and the points of its row of execution, as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.extract.context import Context, value_of_cell
from gouji.extract.facts import CellValue, fact_of_cell
from gouji.extract.places import place_of_indicator
from gouji.extract.score_lines import Line, is_points

if TYPE_CHECKING:
    from gouji.model.report import Fact
    from gouji.text.rows import Placed

_TOTALS: dict[str, str] = {"weight": "scoring.weight_total", "score": "scoring.score_total"}
_EXECUTION_POINTS: dict[str, str] = {"weight": "scoring.execution_weight", "score": "scoring.execution_score"}


def execution_of_line(line: Line, context: Context) -> list[Fact]:
    return [
        _points_fact(line, role, concept_id, line.cells[role], "预算执行", context)
        for role, concept_id in _EXECUTION_POINTS.items()
        if role in line.cells
    ]


def totals_of_line(line: Line, context: Context) -> list[Fact]:
    cells = _total_cells(line, context)
    return [
        _points_fact(line, role, concept_id, cells[role], "总分", context)
        for role, concept_id in _TOTALS.items()
        if role in cells
    ]


def _total_cells(line: Line, context: Context) -> dict[str, Placed]:
    """The cells of both totals. Ragged text prints a merged 总分 as one cell, so its row is shorter than the header."""
    cells = {role: placed for role in _TOTALS if (placed := line.cells.get(role)) is not None}
    bound = all(is_points(placed, context) for placed in cells.values()) and len(cells) == len(_TOTALS)
    return _cells_from_right(line, context) if line.row.ragged and not bound else cells


def _cells_from_right(line: Line, context: Context) -> dict[str, Placed]:
    """A merged 总分 takes one cell of ragged text, so the columns are counted from the right: as many as still fit."""
    width = max(column.end for column in (*line.segment.columns.values(), *line.segment.others))
    shift = width - len(line.row.cells)
    if shift <= 0 and len(line.cells) > len(_TOTALS):
        return {
            role: line.cells[role] for role in _TOTALS if role in line.cells
        }  # nothing was merged: a blank is a blank
    by_end = {
        role: line.row.at(line.segment.columns[role].start - shift) for role in _TOTALS if role in line.segment.columns
    }
    aligned = {role: placed for role, placed in by_end.items() if placed is not None and is_points(placed, context)}
    numeric = [placed for placed in line.row.cells if is_points(placed, context)]
    if len(aligned) == len(by_end):
        return aligned
    roles = sorted(by_end, key=lambda role: line.segment.columns[role].start)
    if len(roles) == len(numeric):
        return dict(zip(roles, numeric, strict=True))
    return {"score": numeric[0]} if len(numeric) == 1 and "score" in by_end else {}


def _points_fact(line: Line, role: str, concept_id: str, placed: Placed, name: str, context: Context) -> Fact:
    concept = context.concept(concept_id)
    default, _ = context.default_unit(concept, None)
    state, value = value_of_cell(placed.text, concept, context.units, default)
    column = line.segment.columns[role]
    cell = CellValue(placed.text, line.row.where(placed), state, value, placed.cell.box)
    place = place_of_indicator(name, column.path[-1] if column.path else role, placed.cell.box)
    return fact_of_cell(concept, cell, column.path, place, context)
