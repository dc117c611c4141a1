"""The one way a table cell becomes a Fact; callers replace what their kind of table knows better (entity, period, stage …)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gouji.model.report import Fact
from gouji.text.labels import trim_lines

if TYPE_CHECKING:
    from gouji.extract.context import Context
    from gouji.model.document import Box
    from gouji.model.quantity import Quantity, State
    from gouji.patterns.concepts import Concept


class CellValue(NamedTuple):
    """What one cell says of one concept, and where it stands."""

    text: str
    where: str
    state: State
    content: Quantity | str | None
    box: Box | None = None


def fact_of_cell(concept: Concept, cell: CellValue, path: tuple[str, ...], place: str, context: Context) -> Fact:
    """A final figure of the main entity and the report's year; the cell is claimed."""
    context.claimed.add(cell.where)
    return Fact(
        concept=concept.id,
        label=path[-1] if path else None,
        header_path=path,
        entity=context.unit_name,
        period=context.year,
        stage="final",
        scope=None,
        state=cell.state,
        content=cell.content,
        raw=trim_lines(cell.text),
        origin="table",
        where=cell.where,
        box=cell.box,
        pattern=concept.mark,
        place=place,
    )
