"""Walk over tables whose rows name figures and whose columns hold amounts.

项目资金（万元） |              | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
                 | 年度资金总额 | 240.00     | 251.89     | 251.24     | 10   | 99.74% | 9.97
                 | 其中：本年财政拨款 | …

The header (1 to 3 rows) is one or two sides of label columns followed by columns of amounts; 收入 | 支出 tables have two:

项目 | 行次 | 决算数 ║ 项目 | 行次 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from gouji.locate.figures import is_column_numbers, is_remark
from gouji.locate.headers import leaves_of_header
from gouji.locate.item_columns import (
    LABEL_ROLES,
    Side,
    divides_by_class,
    divides_by_kind,
    holds_amounts,
    names_units,
    sides_of_header,
)
from gouji.locate.item_rows import Reading, answers_labels, read_row, row_of_points
from gouji.locate.scoring import goal_block, opens_score_header
from gouji.locate.units import unit_in_label
from gouji.locate.walk import is_banner
from gouji.model.anchor import ItemBlock, ItemColumn, ItemRow, UnitStatement
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from gouji.locate.columns import Announced
    from gouji.locate.headers import Leaf
    from gouji.locate.vocabulary import Vocabulary
    from gouji.locate.walk import Walk
    from gouji.text.rows import Placed, Row

_MAX_HEADER_ROWS = 3
_CODE = re.compile(r"\d{1,9}")  # no amount: those of a column that nothing names stay unclaimed
_YEAR = re.compile(r"(?:19|20)\d{2}年度?")
_CLASS_ROWS = 6
_BALANCE = "balance."


def take_items(walk: Walk, position: int, row: Row) -> int:
    """A header with columns of amounts, and the rows that name figures below it. Returns the next line."""
    count = take_item_rows(walk, position, row)
    return walk.position_after(walk.rows_from(row, count)[-1]) if count else position


def take_item_rows(walk: Walk, position: int, row: Row) -> int:
    """The same; returns how many rows were taken."""
    if not _opens_items(walk, row):
        return 0
    rows = walk.rows_from(row)
    height = _header_height(walk, rows)
    announced = walk.announced()
    leaves = leaves_of_header(rows[:height], walk.vocabulary, _width_below(rows, height))
    by_class = height == 1 and divides_by_class(walk, row, rows[1:_CLASS_ROWS])
    sides = sides_of_header(walk, row, leaves, announced, by_class=by_class)
    end, blocks = _blocks(walk, rows, height, sides, announced)
    if not blocks:
        return 0
    if announced.partial:
        walk.doubt(position, row.where(row.filled[0]), f"这张表写明是“{announced.partial}”的数，不是全年数，没有取用")
        walk.titles = []
        return end
    for block in blocks:
        walk.add(position, block)
        for name in block.rivals:
            walk.doubt(position, row.where(row.filled[0]), f"有几行都像“{name}”，分不清是哪一行，没有取用")
        labels = "、".join("/".join(column.path) for column in block.columns)
        walk.note(row.where(row.filled[0]), f"分项金额表：{labels}；{len(block.rows)} 行")
    walk.titles = []
    return end


def _opens_items(walk: Walk, row: Row) -> bool:
    """Whether a row may begin such a header: no number, and a label that says when, or that it holds amounts."""
    if (
        any(placed.numeric for placed in row.filled)
        or len(row.filled) < 2
        or opens_score_header([row], walk.vocabulary)
    ):
        return False
    told = (placed for placed in row.filled if not _answers_year(walk, row, placed))
    if any(holds_amounts(walk.vocabulary, placed.text) for placed in told) or names_units(walk, row):
        return True
    below = walk.rows_from(row, _CLASS_ROWS)[1:]
    if divides_by_class(walk, row, below) or divides_by_kind(walk, row, below):
        return True
    below = below[:1]
    return _names_sides(walk, row, below) and any(_opens_items(walk, line) for line in below)


def _answers_year(walk: Walk, row: Row, placed: Placed) -> bool:
    """评价年度 | 2023年: the year of the report beside its label, no column of that year."""
    left = next((other for other in reversed(row.filled) if other.end <= placed.start), None)
    field = walk.vocabulary.field(left.text) if left is not None else None
    return field is not None and field.name == "fiscal_year" and _YEAR.fullmatch(placed.label) is not None


def _names_sides(walk: Walk, row: Row, below: list[Row]) -> bool:
    """收入 | 支出, or 人员经费 | 公用经费, above a header that has two columns of labels."""
    vocabulary = walk.vocabulary
    if all("group" in vocabulary.roles(placed.text) for placed in row.filled):
        return True
    sides = [placed for line in below for placed in line.filled if set(LABEL_ROLES) & vocabulary.roles(placed.text)]
    return len(sides) > 1 and all(vocabulary.strong(placed.text) is not None for placed in row.filled)


def _header_height(walk: Walk, rows: list[Row]) -> int:
    height = 1
    while height < min(len(rows), _MAX_HEADER_ROWS) and _continues_header(walk, rows[height]):
        height += 1
    return height


def _continues_header(walk: Walk, row: Row) -> bool:
    """A second row of labels: cells that reach down from above, or a blank corner, and nothing but words of headers."""
    filled = row.filled
    if not filled or is_banner(row) or is_remark(row) or any(placed.numeric for placed in filled):
        return False
    known = [placed for placed in filled if _is_header_word(walk.vocabulary, placed)]
    said = [
        placed
        for placed in filled
        if walk.vocabulary.says_when(placed.text) or holds_amounts(walk.vocabulary, placed.text)
    ]
    reaches = any(not placed.fresh for placed in row.cells) or row.cells[0].blank
    if len(said) == 0 and not (reaches and row.cells[0] not in filled):
        return False
    return len(known) * 3 >= len(filled) * 2 and (reaches or len(said) > 1)


def _is_header_word(vocabulary: Vocabulary, placed: Placed) -> bool:
    text = placed.text
    return bool(
        vocabulary.says_when(text)
        or vocabulary.roles(text)
        or vocabulary.meanings(text)
        or _is_unit_note(vocabulary, text)
    )


def _is_unit_note(vocabulary: Vocabulary, text: str) -> bool:
    return unit_in_label(text, vocabulary) is not None


def _width_below(rows: list[Row], height: int) -> int | None:
    """Cells of a full row of ragged text: of the lowest header row or a row of figures, whichever is longer."""
    if not rows[0].ragged:
        return None
    figures = next((len(row.cells) for row in rows[height:] if any(placed.numeric for placed in row.cells)), 0)
    return max(figures, len(rows[height - 1].cells))


def _blocks(
    walk: Walk, rows: list[Row], height: int, sides: list[Side], announced: Announced
) -> tuple[int, list[ItemBlock]]:
    """One block a side, over the rows that belong to the table."""
    end = _rows_end(walk, rows, height, sides)
    unit = _header_unit(walk, rows[:height]) or walk.unit
    title = next((title.text for title in reversed(walk.titles)), "")
    blocks: list[ItemBlock] = []
    for side in sides:
        told = _rows_of_side(walk, rows[height:end], side, announced)
        if _lists_projects(walk, rows[:height], side):
            told = [item for item in told if not _is_bare_total(walk, item)]
        found, rivals = _without_rivals(walk, told)
        if found:
            blocks.append(
                ItemBlock(
                    table=rows[0].table,
                    title=title,
                    columns=side.columns,
                    rows=tuple(found),
                    others=side.others,
                    unit=unit,
                    width=_width_below(rows, height) or 0,
                    scope=announced.scope,
                    rivals=rivals,
                    typed=_typed_cells(rows[height:end], side),
                )
            )
    return end, blocks if _is_enough(walk, rows[:height], blocks) else []


def _lists_projects(walk: Walk, header: list[Row], side: Side) -> bool:
    """项目名称 | 预算数 | 执行数: a row a project, so that 合计 is that of some projects, not of the unit's money."""
    labels = [p for row in header for p in row.filled if side.first <= p.start < side.end]
    fields = [walk.vocabulary.field(placed.text) for placed in labels]
    return any(field is not None and field.name == "project_name" for field in fields)


def _is_bare_total(walk: Walk, item: ItemRow) -> bool:
    return item.concept == "budget.total" and "summary_row" in walk.vocabulary.roles(item.label.text)


def _is_enough(walk: Walk, header: list[Row], blocks: list[ItemBlock]) -> bool:
    """One row under a single column of amounts is a table only where the header names its labels (项目 | 金额)."""
    named = any(set(LABEL_ROLES) & walk.vocabulary.roles(placed.text) for row in header for placed in row.filled)
    return any(len(block.rows) > 1 or len(block.columns) > 1 or named for block in blocks)


def _rows_end(walk: Walk, rows: list[Row], height: int, sides: list[Side]) -> int:
    """The row after the last that is a row of amounts; blank rows and remarks in between belong to the table."""
    columns = [column for side in sides for column in side.columns]
    end = last = height
    header = [[placed.key for placed in row.filled] for row in rows[:height]]
    while columns and end < len(rows):
        row = rows[end]
        keys = [placed.key for placed in row.filled]
        if _is_item_row(walk, row, columns) or keys in header:
            last = end + 1
        elif row.filled and not is_remark(row) and not _is_group_row(walk, rows, end, columns):
            break
        end += 1
    return last


def _is_group_row(walk: Walk, rows: list[Row], index: int, columns: list[ItemColumn]) -> bool:
    """A banner between rows of amounts (四、相关统计数): the rows below it go on as those above."""
    following = rows[index + 1] if index + 1 < len(rows) else None
    return is_banner(rows[index]) and following is not None and _is_item_row(walk, following, columns)


def _is_item_row(walk: Walk, row: Row, columns: list[ItemColumn]) -> bool:
    if not row.filled or is_banner(row) or goal_block(row, [], walk.vocabulary) or answers_labels(row, walk.vocabulary):
        return False
    if opens_score_header([row], walk.vocabulary):
        return False
    cells = [cell for column in columns if (cell := row.at(column.start)) is not None]
    labels = {id(placed.cell) for placed in row.cells if placed.start < columns[0].start}
    cells = [cell for cell in cells if id(cell.cell) not in labels]
    if not cells:
        return row.ragged and walk.is_label(row.filled[0])  # its blanks were lost
    if any(cell.text and walk.is_label(cell) for cell in cells):
        return False
    kinds = [read_number(cell.text, walk.vocabulary.units).kind for cell in cells]
    return is_column_numbers(row) or (bool(kinds) and kinds.count("text") * 2 <= len(kinds))


def _rows_of_side(walk: Walk, rows: list[Row], side: Side, announced: Announced) -> list[ItemRow]:
    """The rows that name a figure."""
    reading = Reading(topic=side.topic or "budget", home=side.topic, total=side.whole or announced.total)
    found: list[ItemRow] = []
    for row in rows:
        if row.filled and not is_remark(row) and not is_column_numbers(row):
            labels = _labels(row, side)
            reading, item = read_row(row, labels, reading, walk.vocabulary)
            item = item or row_of_points(row, labels, side.measure, walk.vocabulary)
            if item is not None and not (side.by_subject and _topic(walk, item) != "expenditure"):
                item = _with_carried_over(walk, item, found)
                found.append(_with_unit(walk, row, item, side.measure))
    return found


def _with_carried_over(walk: Walk, item: ItemRow, above: list[ItemRow]) -> ItemRow:
    """基本支出, 项目支出, 年末结转, 合计: a 合计 below what is carried over holds it, too, and is the 支出总计."""
    is_bare = item.concept == "expenditure.total" and walk.vocabulary.strong(item.label.text) is None
    carried = any(other.concept.startswith(_BALANCE) for other in above)
    return msgspec.structs.replace(item, concept="expenditure.grand_total") if is_bare and carried else item


def _with_unit(walk: Walk, row: Row, item: ItemRow, measure: Leaf | None) -> ItemRow:
    """The unit that a row states: 公用经费（元）, or 年度资金总额 | 万元 | 780 in a column of its own."""
    own = unit_in_label(item.label.text, walk.vocabulary)
    if own is not None:
        return msgspec.structs.replace(item, unit=UnitStatement(own, row.table.cell_id(item.label)))
    placed = row.at(measure.start) if measure is not None else None
    unit = walk.vocabulary.unit(placed.text.strip()) if placed is not None else None
    if unit is None or placed is None:
        return item
    return msgspec.structs.replace(item, unit=UnitStatement(unit, row.where(placed)))


def _without_rivals(walk: Walk, items: list[ItemRow]) -> tuple[list[ItemRow], tuple[str, ...]]:
    """Two rows of one meaning are an ambiguity, never a guess: the others, and the names of what several rows mean.

    A row that says it in full is no rival of one that is only a 总计: that may hold more (三公经费小计, 会议费 | 总计).
    """
    keys = [(item.concept, item.scope, item.moment) for item in items]
    full = [_says_in_full(walk, item) for item in items]
    named = [key for key, is_full in zip(keys, full, strict=True) if is_full]
    items = [i for i, key, is_full in zip(items, keys, full, strict=True) if is_full or named.count(key) != 1]
    keys = [(item.concept, item.scope, item.moment) for item in items]
    several = dict.fromkeys(item.concept for item, key in zip(items, keys, strict=True) if keys.count(key) > 1)
    names = tuple(walk.vocabulary.patterns.concepts[concept].name for concept in several)
    return [item for item, key in zip(items, keys, strict=True) if keys.count(key) == 1], names


def _says_in_full(walk: Walk, item: ItemRow) -> bool:
    concept = walk.vocabulary.strong(item.label.text)
    return concept is not None and concept.id == item.concept


def _topic(walk: Walk, item: ItemRow) -> str:
    return walk.vocabulary.patterns.concepts[item.concept].topic


def _labels(row: Row, side: Side) -> list[Placed]:
    """The cells that name a row, from left to right."""
    found = [
        placed
        for placed in row.cells
        if placed.start < side.end and placed.end > side.first and placed.text and not placed.numeric
    ]
    if found or not row.ragged:
        return found
    beside = (row.at(leaf.start) for leaf in side.ordinals if leaf.end == side.first)  # 合计 in place of a number
    return [placed for placed in beside if placed is not None and placed.text and not placed.numeric]


def _typed_cells(rows: list[Row], side: Side) -> tuple[str, ...]:
    """Line numbers, column numbers and codes of subjects."""
    typed: list[str] = []
    for row in rows:
        if is_column_numbers(row):
            typed += [row.where(placed) for placed in row.filled]
            continue
        ordinal = [placed for leaf in side.ordinals if (placed := row.at(leaf.start)) is not None]
        codes = [
            placed
            for placed in row.cells
            if placed.end <= side.end and placed.start >= side.first and _CODE.fullmatch(placed.text.strip())
        ]
        typed += [row.where(placed) for placed in (*ordinal, *codes)]
    return tuple(typed)


def _header_unit(walk: Walk, header: list[Row]) -> UnitStatement | None:
    """项目资金（万元）: a label cell of the header states the unit."""
    for row in header:
        for placed in row.cells:
            unit = unit_in_label(placed.text, walk.vocabulary)
            if unit is not None and walk.vocabulary.moment(placed.text) is None:
                return UnitStatement(unit, row.where(placed))
    return None
