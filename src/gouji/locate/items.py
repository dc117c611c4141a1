"""Walk over tables whose rows name figures and whose columns name moments.

项目资金（万元） |              | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
                 | 年度资金总额 | 240.00     | 251.89     | 251.24     | 10   | 99.74% | 9.97
                 | 其中：本年财政拨款 | …
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.locate.figures import is_column_numbers
from gouji.locate.headers import Leaf, leaves_of_header
from gouji.locate.scoring import goal_block, opens_score_header
from gouji.locate.units import unit_in_label
from gouji.locate.walk import is_banner
from gouji.model.anchor import Column, ItemBlock, ItemColumn, ItemRow, UnitStatement
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from gouji.locate.walk import Walk
    from gouji.patterns.concepts import Concept
    from gouji.text.rows import Placed, Row

_OTHERS = {"weight": "weight", "score": "score"}


def take_items(walk: Walk, position: int, row: Row) -> int:
    """A header with two columns of moments or more, and the rows that name figures below it."""
    moments = [placed for placed in row.filled if walk.vocabulary.moment(placed.text) is not None]
    if len(moments) < 2 or any(placed.numeric for placed in row.filled):
        return position
    leaves = leaves_of_header([row], walk.vocabulary, None)
    columns = [column for leaf in leaves if (column := _column(walk, row, leaf)) is not None]
    rows = walk.rows_from(row)
    end, found = _item_rows(walk, rows, columns)
    if not found:
        return position
    block = ItemBlock(
        table=row.table,
        title=next((title.text for title in reversed(walk.titles)), ""),
        columns=tuple(columns),
        rows=tuple(found),
        others=_other_columns(walk, leaves),
        unit=_header_unit(walk, row) or walk.unit,
    )
    walk.add(position, block)
    walk.titles = []
    labels = "、".join("/".join(column.path) for column in columns)
    walk.note(row.where(row.filled[0]), f"分阶段金额表：{labels}；{len(found)} 行")
    return walk.position_after(rows[end - 1])


def _column(walk: Walk, row: Row, leaf: Leaf) -> ItemColumn | None:
    moment = walk.vocabulary.moment(leaf.text)
    if moment is None:
        return None
    own = unit_in_label(leaf.text, walk.vocabulary)
    unit = UnitStatement(own, row.where(leaf.cells[-1])) if own is not None else None
    return ItemColumn(leaf.start, leaf.end, leaf.path, moment.stage, moment.year, moment.offset, unit)


def _other_columns(walk: Walk, leaves: list[Leaf]) -> dict[str, Column]:
    """Columns of 执行率, 分值 and 得分 beside the amounts."""
    others: dict[str, Column] = {}
    for leaf in leaves:
        concept = walk.vocabulary.only(leaf.text)
        roles = walk.vocabulary.roles(leaf.text)
        name = (
            "rate"
            if concept is not None and concept.kind == "percent"
            else next((r for r in _OTHERS if r in roles), None)
        )
        if name is not None:
            others.setdefault(name, Column(leaf.start, leaf.end, leaf.path, leaf.text))
    return others


def _header_unit(walk: Walk, row: Row) -> UnitStatement | None:
    """项目资金（万元）: the label cell of the header states the unit."""
    for placed in row.cells:
        unit = unit_in_label(placed.text, walk.vocabulary)
        if unit is not None and walk.vocabulary.moment(placed.text) is None:
            return UnitStatement(unit, row.where(placed))
    return None


def _item_rows(walk: Walk, rows: list[Row], columns: list[ItemColumn]) -> tuple[int, list[ItemRow]]:
    """Rows below the header up to one that is no row of amounts."""
    found: list[ItemRow] = []
    end = 1
    topic: str | None = "budget"
    while end < len(rows) and _is_item_row(walk, rows[end], columns):
        label = _label_of(rows[end], columns)
        concept = _meaning(walk, label, topic) if label is not None else None
        if concept is not None and label is not None:
            topic = concept.topic
            found.append(ItemRow(rows[end].index, concept.id, label.cell))
        end += 1
    return end, found


def _is_item_row(walk: Walk, row: Row, columns: list[ItemColumn]) -> bool:
    if is_banner(row) or opens_score_header([row], walk.vocabulary) or goal_block(row, [], walk.vocabulary):
        return False
    cells = [cell for column in columns if (cell := row.at(column.start)) is not None]
    kinds = [read_number(cell.text, walk.vocabulary.units).kind for cell in cells]
    return is_column_numbers(row) or (bool(kinds) and kinds.count("text") * 2 <= len(kinds))


def _label_of(row: Row, columns: list[ItemColumn]) -> Placed | None:
    """The filled cell nearest to the left of the amounts."""
    first = min(column.start for column in columns)
    left = [
        placed for placed in row.cells if placed.end <= first and placed.fresh and placed.text and not placed.numeric
    ]
    return left[-1] if left else None


def _meaning(walk: Walk, label: Placed, topic: str | None) -> Concept | None:
    concept = walk.vocabulary.in_topic(label.text, topic)
    return concept if concept is not None and concept.kind == "money" else None
