"""The texts of a report that a person wrote, each with its place in words.

    Report ─texts_of→ PlacedText(title) … PlacedText(section) … PlacedText(overview) … PlacedText(goal) … PlacedText(reason)

A criterion is the bureau's text, not the department's: it is a kind of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import Report, Section

Kind = Literal["title", "section", "overview", "goal", "result", "reason", "criterion", "name"]
OVERVIEW = "overview."


class PlacedText(msgspec.Struct, frozen=True, gc=False):
    """One text. `part` names the cell or section it belongs to; `where` may be None where the format has no address."""

    kind: Kind
    text: str
    where: str | None
    place: str
    concept: str = ""


def texts_of(report: Report) -> Iterator[PlacedText]:
    """Every text in reading order; a cell that covers several rows comes once."""
    for statement in report.statements:
        kind: Kind = "name" if statement.kind == "unit_name" else "title"
        yield PlacedText(kind, statement.text, statement.where, statement.place or "标题")
    for section in report.sections:
        yield PlacedText("section", f"{section.title}\n{section.text}", section.where, place_of_section(section))
    for fact in report.facts:
        if fact.concept.startswith(OVERVIEW) and isinstance(fact.value, str):
            yield PlacedText("overview", fact.value, fact.where, fact.place or fact.label or "基本概况", fact.concept)
    yield from _goals(report)
    yield from _rows(report)


def place_of_section(section: Section) -> str:
    """A section in words."""
    return f"正文“{section.title[:24]}”部分"


def _goals(report: Report) -> Iterator[PlacedText]:
    for goal in report.goals:
        place = f"《绩效目标》 · {goal.kind or '目标'} 行"
        yield PlacedText("goal", goal.target, goal.where, place)
        if goal.result:
            yield PlacedText("result", goal.result, goal.result_where or goal.where, place)


def _rows(report: Report) -> Iterator[PlacedText]:
    seen: set[tuple[str, str]] = set()
    for row in report.indicators:
        kinds: tuple[tuple[Kind, str | None], ...] = (
            ("criterion", row.criterion),
            ("goal", row.target),
            ("result", row.actual),
            ("reason", row.reason),
        )
        for kind, text in kinds:
            cell = row.cells.get(kind)
            where = cell.where if cell is not None and cell.where is not None else row.where
            if text and (kind, where or text) not in seen:
                seen.add((kind, where or text))
                yield PlacedText(kind, text, where, (cell.place if cell is not None else "") or row.place)
