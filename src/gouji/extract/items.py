"""Item blocks → Facts by stage, year and scope; the execution rate and its points where the table prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.extract.context import Context, cell_under, is_aligned, value_of_cell
from gouji.extract.facts import CellValue, fact_of_cell
from gouji.extract.places import page_note, table_name
from gouji.model.anchor import Moment
from gouji.model.quantity import Quantity
from gouji.text.labels import normalise_label

if TYPE_CHECKING:
    from gouji.model.anchor import Column, ItemBlock, ItemColumn, ItemRow, UnitStatement
    from gouji.model.report import Fact
    from gouji.patterns.concepts import Concept
    from gouji.text.rows import Placed, Row

_TOTAL = "budget.total"
_SPENT = "expenditure.total"
_STOCKS = ("assets", "staffing")
_OPENING = (("年初数",), ("年初",), ("年初余额",), ("期初数",), ("期初余额",))
_OF_TOTAL = {
    "rate": "budget.execution_rate",
    "weight": "scoring.execution_weight",
    "score": "scoring.execution_score",
}


def facts_of_items(block: ItemBlock, context: Context) -> list[Fact]:
    """Row by row, the columns from left to right."""
    context.claimed.update(block.typed)
    rows = context.rows(block.table)
    facts: list[Fact] = []
    for item in block.rows:
        row = rows[item.row]
        for column in block.columns:
            placed = _bound(row, block, column)
            if placed is not None and placed.cell is not item.label and _is_told(item, column, placed, context):
                facts.append(_fact(block, item, column, row, placed, context))
        facts += _facts_of_execution(block, _points_of(block, item, context), item, row, context)
    return facts


def _points_of(block: ItemBlock, item: ItemRow, context: Context) -> tuple[str, ...]:
    """What stands beside a row's amounts: rate and points of the money of the whole; of 支出合计, where no row is that, the rate."""
    if item.concept == _TOTAL:
        return tuple(block.others)
    is_whole = item.concept == _SPENT and item.scope is None and item.moment is None
    final = [
        column
        for column in block.columns
        if column.moment == Moment("final", column.moment.year) and column.entity is None
    ]
    this_year = len(final) == 1 and final[0].moment.year in (None, context.year_under(block.title))
    alone = is_whole and this_year and all(row.concept != _TOTAL for row in block.rows)
    return tuple(name for name in block.others if alone and name == "rate")


def _is_told(item: ItemRow, column: ItemColumn, placed: Placed, context: Context) -> bool:
    """A rate stands at one moment only, people not in a column of money: their blank cells say nothing."""
    kind = context.concept(item.concept).kind
    of_money = column.unit is not None and column.unit.unit.kind == "money"
    return bool(placed.text) or not (kind in ("percent", "score") or (kind == "count" and of_money))


def _bound(row: Row, block: ItemBlock, column: ItemColumn | Column) -> Placed | None:
    """The cell under a column, where the row can be bound to its header."""
    return cell_under(row, column) if is_aligned(row, block.width) else None


def _fact(block: ItemBlock, item: ItemRow, column: ItemColumn, row: Row, placed: Placed, context: Context) -> Fact:
    is_part = item.concept == _TOTAL and column.part_of_total is not None
    concept = context.concept(column.part_of_total if is_part and column.part_of_total else item.concept)
    default, unit_where = context.default_unit(concept, _unit_of_money(item.unit, column.unit, block.unit))
    state, value = value_of_cell(placed.text, concept, context.units, default)
    where = row.where(placed)
    label = normalise_label(item.label.text)
    name = table_name(block.title, context.topic_name(concept.topic))
    place = f"《{name}》表 · {label} 行 · {column.path[-1] if column.path else '金额'} 列{page_note(placed.cell.box)}"
    cell = CellValue(placed.text, where, state, value, placed.cell.box)
    moment = _moment(item, column, concept)
    year = context.year_under(block.title)
    own_unit = isinstance(value, Quantity) and value.unit is not default
    main = column.entity is None or column.entity == context.unit_name
    return msgspec.structs.replace(
        fact_of_cell(concept, cell, column.path, place, context),
        entity=context.unit_name if main else column.entity,
        main=main,
        label=label,
        period=moment.year or (year + moment.offset if year is not None else None),
        stage=moment.stage,
        scope=None if is_part else item.scope or column.scope or (block.scope if concept.scope is None else None),
        unit_where=where if own_unit else unit_where,
    )


def _unit_of_money(*stated: UnitStatement | None) -> UnitStatement | None:
    """The nearest unit of money; 批次 in a column 计量单位 is that of the column 数量 beside it."""
    return next((unit for unit in stated if unit is not None and unit.unit.kind == "money"), None)


def _moment(item: ItemRow, column: ItemColumn, concept: Concept) -> Moment:
    """When: as the column says, and the row beside it (2018年 × 预算数). What there was at 年初 is last year's end, no budget."""
    if concept.topic in _STOCKS and column.moment.stage == "initial" and column.path[-1:] in _OPENING:
        return Moment("final", column.moment.year and column.moment.year - 1, -1)
    if item.moment is None:
        return column.moment
    stage = item.moment.stage if item.moment.stage != "final" else column.moment.stage
    return Moment(stage, column.moment.year or item.moment.year, column.moment.offset or item.moment.offset)


def _facts_of_execution(
    block: ItemBlock, names: tuple[str, ...], item: ItemRow, row: Row, context: Context
) -> list[Fact]:
    """执行率, 分值 and 得分 of the total row."""
    facts: list[Fact] = []
    for name in names:
        column = block.others[name]
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
