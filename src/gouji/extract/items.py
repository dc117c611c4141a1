"""Item blocks → Facts by stage and year; the execution rate and its points where the table prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.extract.context import Context, cell_under, value_of_cell
from gouji.extract.facts import CellValue, fact_of_cell
from gouji.extract.places import page_note, table_name
from gouji.model.quantity import Quantity
from gouji.model.report import Fact
from gouji.text.labels import normalise_label, trim_lines

if TYPE_CHECKING:
    from gouji.model.anchor import Column, ItemBlock, ItemColumn, ItemRow
    from gouji.text.rows import Placed, Row

_OF_TOTAL = {
    "rate": "budget.execution_rate",
    "weight": "scoring.execution_weight",
    "score": "scoring.execution_score",
}


def facts_of_items(block: ItemBlock, context: Context) -> list[Fact]:
    """Row by row, the columns from left to right."""
    rows = context.rows(block.table)
    facts: list[Fact] = []
    for item in block.rows:
        row = rows[item.row]
        for column in block.columns:
            placed = _bound(row, block, column)
            if placed is not None:
                facts.append(_fact(block, item, column, row, placed, context))
        if item.concept == "budget.total":
            facts += _facts_of_execution(block, item, row, context)
    return facts


def _bound(row: Row, block: ItemBlock, column: ItemColumn | Column) -> Placed | None:
    """The cell under a column. In ragged text a row shorter than its header is left alone."""
    header = [cell for cell in block.table.cells if cell.row == min(item.row for item in block.rows) - 1]
    if row.ragged and header and len(row.cells) != len(header):
        return None
    return cell_under(row, column)


def _fact(block: ItemBlock, item: ItemRow, column: ItemColumn, row: Row, placed: Placed, context: Context) -> Fact:
    concept = context.concept(item.concept)
    default, unit_where = context.default_unit(concept, column.unit or block.unit)
    state, value = value_of_cell(placed.text, concept, context.units, default)
    where = row.where(placed)
    context.claimed.add(where)
    year = column.period or (context.year + column.offset if context.year is not None else None)
    label = normalise_label(item.label.text)
    name = table_name(block.title, context.topic_name(concept.topic))
    own_unit = isinstance(value, Quantity) and value.unit is not default
    return Fact(
        concept=concept.id,
        label=label,
        header_path=column.path,
        entity=context.unit_name,
        period=year,
        stage=column.stage,
        scope=None,
        state=state,
        content=value,
        raw=trim_lines(placed.text),
        origin="table",
        where=where,
        unit_where=where if own_unit else unit_where,
        box=placed.cell.box,
        pattern=concept.mark,
        place=f"《{name}》表 · {label} 行 · {column.path[-1] if column.path else '金额'} 列{page_note(placed.cell.box)}",
    )


def _facts_of_execution(block: ItemBlock, item: ItemRow, row: Row, context: Context) -> list[Fact]:
    """执行率, 分值 and 得分 of the total row."""
    facts: list[Fact] = []
    for name, column in block.others.items():
        placed = _bound(row, block, column)
        if placed is None:
            continue
        concept = context.concept(_OF_TOTAL[name])
        default, _ = context.default_unit(concept, None)
        state, value = value_of_cell(placed.text, concept, context.units, default)
        label = normalise_label(item.label.text)
        shown = column.path[-1] if column.path else name
        table = table_name(block.title, context.topic_name("budget"))
        cell = CellValue(placed.text, row.where(placed), state, value, placed.cell.box)
        facts.append(fact_of_cell(concept, cell, column.path, f"《{table}》表 · {label} 行 · {shown} 列", context))
    return facts
