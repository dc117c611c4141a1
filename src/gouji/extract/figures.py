"""Figure blocks and label/value pairs → Facts.

机构名称 | 收入合计 | 上年结转 | …          main row   → facts of the report's unit (汇总, its own name, or the only row)
汇总     | 229.46  | …                  other rows → facts of 局机关, 二级机构 …
二级机构2 |         |                     (a preprinted empty row is no entity)
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.extract.alignment import bind_by_sums
from gouji.extract.context import Context, cell_under, is_aligned, value_of_cell
from gouji.extract.facts import CellValue, fact_of_cell
from gouji.extract.places import place_of_cell, place_of_pair
from gouji.model.anchor import Moment
from gouji.model.quantity import Quantity
from gouji.model.report import Fact
from gouji.text.labels import fold_name, normalise_label, trim_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.anchor import Column, FigureBlock, Pair, Stated
    from gouji.model.report import Stage
    from gouji.patterns.concepts import Concept
    from gouji.text.rows import Placed, Row


_NAMING = ("entity", "others")
_WHOLES = ("budget.total", "expenditure.total")  # what a rate of execution is of
_MEASURE = re.compile(r"\(.{1,3}\)")  # （人）
_ROUNDED = Decimal("0.05")  # a sum of rounded figures may be off by so much
_SUBORDINATE = re.compile(r"^(?:二级|下属|所属|直属|附属|基层)")


class DataRow(NamedTuple):
    """A data row with its printed name and the cells under the columns that mean something."""

    row: Row
    name: str
    cells: list[tuple[Column, Placed]]

    @property
    def filled(self) -> bool:
        """Whether any figure is written."""
        return any(placed.text for _, placed in self.cells)


def data_rows(block: FigureBlock, context: Context) -> list[DataRow]:
    """The rows of a block. A ragged row whose cells do not match the header keeps its name but no cells."""
    naming = [column for column in block.columns if column.role in (*_NAMING, "subject", "item")]
    data = frozenset(block.rows)
    found: list[DataRow] = []
    for row in _printed_rows(block, context):
        cells = _cells(row, block, data) if is_aligned(row, len(block.columns)) else _cells_by_sums(row, block, context)
        found.append(DataRow(row, _name_of(row, naming), cells))
    return found


def _name_of(row: Row, naming: list[Column]) -> str:
    """What names a row: the first words under the columns that name rows; a code or a unit of measure names none."""
    named = (cell_under(row, column) for column in naming)
    texts = (normalise_label(placed.text) for placed in named if placed is not None and not placed.numeric)
    return next((text for text in texts if text and not _MEASURE.fullmatch(text)), "")


def _cells_by_sums(row: Row, block: FigureBlock, context: Context) -> list[tuple[Column, Placed]]:
    """What the sums say of a row that lost blanks; said aloud where they say anything."""
    named = [column for column in block.columns if column.role in _NAMING]
    bound = bind_by_sums(row.cells[len(named) :], [c for c in block.columns if c.role not in _NAMING], context)
    if bound:
        figures = "、".join(f"{placed.text}→{column.path[-1]}" for column, placed in bound if column.path)
        context.bound_rows.append((row.where(row.cells[0]), f"这一行的空白格已丢失，按合计关系只能确定：{figures}"))
    return bound


def _printed_rows(block: FigureBlock, context: Context) -> Iterator[Row]:
    """Rows of the block's table, then of the tables that continue it."""
    for table, indexes in ((block.table, block.rows), *((part.table, part.rows) for part in block.more)):
        rows = context.rows(table)
        yield from (rows[index] for index in indexes)


def _cells(row: Row, block: FigureBlock, data: frozenset[int]) -> list[tuple[Column, Placed]]:
    """Cells under the meaning columns; a filled cell that lies under two of them belongs to none."""
    pairs = [(column, cell_under(row, column)) for column in block.columns if column.concept is not None]
    owners: dict[int, int] = {}
    for _, placed in pairs:
        if placed is not None and placed.text:
            owners[id(placed)] = owners.get(id(placed), 0) + 1
    return [
        (c, placed)
        for c, placed in pairs
        if placed is not None and owners.get(id(placed), 1) == 1 and not _is_shared(placed, data)
    ]


def _is_shared(placed: Placed, rows: frozenset[int]) -> bool:
    """A figure in one cell over several rows is no single row's."""
    covered = range(placed.cell.row, placed.cell.row + placed.cell.row_span)
    return bool(placed.text) and len(rows.intersection(covered)) > 1


def main_row(rows: list[DataRow], context: Context, *, alone: bool = True) -> DataRow | None:
    """The row that speaks for the whole unit: 汇总, the unit's own name, the only row, or the one the others add up to.

    `alone` false: a single row under another name is no main row, because another block of the topic has its main row already,
    or because the rows are named by something else than units.
    """
    summary = set(context.patterns.roles.get("summary_row", ()))
    live = [row for row in rows if row.filled]
    candidates = live or rows[:1]
    unbound = any(not row.cells for row in rows)
    marked = [row for row in rows if fold_name(row.name) in summary or _is_summary_name(row.name)]
    if any(row.filled for row in marked):
        return next(row for row in marked if row.filled)
    named = [row for row in candidates if _is_same_unit(row.name, context.unit_name)]
    if len(named) == 1 and not _is_part_of_all(named[0], candidates):
        return named[0]
    if marked:
        return marked[0]  # 汇总 was left blank: no other row speaks for all
    if len(candidates) == 1:
        other_name = bool(candidates[0].name) and not alone
        return None if unbound or other_name or _SUBORDINATE.match(candidates[0].name) else candidates[0]
    adding = _rows_that_add_up(candidates)
    return adding[0] if adding else next((row for row in candidates if not row.name), None)


def has_marked_row(block: FigureBlock, context: Context) -> bool:
    """Whether a block has a row that says it speaks for all: 汇总, or the unit's own name."""
    return any(row.filled and _is_marked(row, context) for row in data_rows(block, context))


def _is_marked(row: DataRow, context: Context) -> bool:
    summary = context.patterns.roles.get("summary_row", ())
    return fold_name(row.name) in summary or _is_summary_name(row.name) or _is_same_unit(row.name, context.unit_name)


def _is_summary_name(name: str) -> bool:
    return name.endswith(("汇总)", "汇总", "(合计)", "合计"))


def _is_same_unit(name: str, unit_name: str | None) -> bool:
    if not name or not unit_name:
        return False
    left, right = fold_name(name), fold_name(unit_name)
    return left == right or (
        len(left) > 2 and (left in right or right in left) and "本级" not in left and "机关" not in left[-3:]
    )


def _is_part_of_all(row: DataRow, rows: list[DataRow]) -> bool:
    """Whether another row is the sum of the rest, this one among them."""
    return any(other is not row for other in _rows_that_add_up(rows))


def _rows_that_add_up(rows: list[DataRow]) -> list[DataRow]:
    """Rows whose figures are the sums of the other rows' in every column that can be compared."""
    numbers = [[_number(placed) for _, placed in row.cells] for row in rows]
    columns = [[number for number in column if number is not None] for column in zip_longest(*numbers)]
    sums = [(sum(column, Decimal(0)), len(column)) for column in columns]
    return [row for row, own in zip(rows, numbers, strict=True) if _is_sum_of_others(own, sums)]


def _is_sum_of_others(own: list[Decimal | None], sums: list[tuple[Decimal, int]]) -> bool:
    """Whether a row's numbers are what the rest of their columns come to; a column of fewer than two others tells nothing."""
    compared = zip(own, sums, strict=False)
    gaps = [abs(2 * number - total) for number, (total, count) in compared if number is not None and count > 2]
    return bool(gaps) and max(gaps) <= _ROUNDED


def _number(placed: Placed) -> Decimal | None:
    try:
        value = Decimal(normalise_label(placed.text).replace(",", ""))
    except ArithmeticError:
        return None
    return value if value.is_finite() else None


def facts_of_block(block: FigureBlock, context: Context) -> list[Fact]:
    """Every figure of a block: main entity first, then the other entities in printed order."""
    rows = data_rows(block, context)
    _claim_typed(block, context)
    if block.moments:
        return _facts_of_moments(block, rows, context)
    concepts = {column.concept for column in block.columns if column.concept is not None}
    of_units = not block.by_subject and all(column.role != "others" for column in block.columns)
    main = main_row(rows, context, alone=of_units and not concepts & context.main_concepts)
    if main is not None:
        context.main_concepts |= concepts
    others = [] if not of_units else [row for row in rows if row is not main and row.filled and row.name]
    ordered = [*([main] if main is not None else []), *others]
    return [fact for row in ordered for fact in _facts_of_row(block, row, context, is_main=row is main)]


def _facts_of_moments(block: FigureBlock, rows: list[DataRow], context: Context) -> list[Fact]:
    """Rows of moments all speak of the unit; two rows of the same moment are an ambiguity."""
    named = [(block.moments.get(row.row.index), row) for row in rows]
    counts = Counter(moment for moment, _ in named)
    facts: list[Fact] = []
    for moment, row in named:
        if moment is not None and counts[moment] == 1:
            facts += _facts_of_row(block, row, context, is_main=True, moment=moment)
        elif row.row.index in block.rates:
            facts += _facts_of_rate(block, row, context)
    return facts


def _facts_of_rate(block: FigureBlock, data: DataRow, context: Context) -> list[Fact]:
    """执行率 below 年度资金总额, or below 支出合计 where no column is that."""
    whole = next((name for name in _WHOLES if any(column.concept == name for column, _ in data.cells)), None)
    concept = context.concept("budget.execution_rate")
    default, _ = context.default_unit(concept, None)
    facts: list[Fact] = []
    for column, placed in data.cells:
        if column.concept == whole and placed.text:
            state, value = value_of_cell(placed.text, concept, context.units, default)
            cell = CellValue(placed.text, data.row.where(placed), state, value, placed.cell.box)
            facts.append(
                fact_of_cell(
                    concept, cell, column.path, place_of_cell(block, data.name, column, placed, context), context
                )
            )
    return facts


def _claim_typed(block: FigureBlock, context: Context) -> None:
    """Row numbers, ordinals and column numbers are typed: they are no figures."""
    typed = [column for column in block.columns if column.role in ("ordinal", "subject")]
    typed_rows, rows = frozenset(block.typed_rows), frozenset(block.rows)
    for row in context.rows(block.table):
        if row.index in typed_rows:
            context.claimed.update(row.where(placed) for placed in row.cells)
        elif row.index in rows:
            cells = (cell_under(row, column) for column in typed)
            context.claimed.update(row.where(placed) for placed in cells if placed is not None)


def _facts_of_row(
    block: FigureBlock, data: DataRow, context: Context, *, is_main: bool, moment: Moment | None = None
) -> list[Fact]:
    entity = context.unit_name if is_main and (context.unit_name or moment is not None) else data.name or None
    year = context.year_under(block.title)
    facts: list[Fact] = []
    for column, placed in data.cells:
        assert column.concept is not None  # noqa: S101 - _cells keeps meaning columns only
        concept = context.concept(column.concept)
        default, unit_where = context.default_unit(concept, column.unit or block.unit)
        state, value = value_of_cell(placed.text, concept, context.units, default)
        where = data.row.where(placed)
        context.claimed.add(where)
        own_unit = isinstance(value, Quantity) and value.unit is not default
        facts.append(
            Fact(
                concept=concept.id,
                label=column.path[-1] if column.path else None,
                header_path=column.path,
                entity=entity,
                period=_period(column, moment, year),
                stage=_stage(block, column, moment),
                scope=column.scope,
                state=state,
                content=value,
                raw=trim_lines(placed.text),
                origin="table",
                where=where,
                unit_where=where if own_unit else unit_where,
                box=placed.cell.box,
                pattern=concept.mark,
                place=place_of_cell(block, data.name, column, placed, context),
                main=is_main,
            )
        )
    return facts


def _stage(block: FigureBlock, column: Column, moment: Moment | None) -> Stage:
    """The stage that the row names, else the column's. Below rows of several stages 实际支出数 is final, whatever the title says."""
    if moment is None:
        return column.stage
    several = len({named.stage for named in block.moments.values()}) > 1
    return moment.stage if several or moment.stage != "final" else column.stage


def _period(column: Column, moment: Moment | None, year: int | None) -> int | None:
    """The year that the column or the row names, else the report's moved by their offset."""
    named = column.period or (moment.year if moment is not None else None)
    offset = column.offset or (moment.offset if moment is not None else 0)
    return named or (year + offset if year is not None else None)


def fact_of_pair(pair: Pair, context: Context) -> Fact:
    """A label with the cell right of it."""
    concept = context.concept(pair.concept)
    default, unit_where = context.default_unit(concept, pair.unit)
    text = pair.value.whole_text if concept.kind == "text" and not pair.shared else pair.value.text
    own = part_of_answer(text, concept) if pair.shared else text
    state, value = value_of_cell(own, concept, context.units, default)
    if concept.id == "performance.grade" and state == "value":
        noted = _GRADE_WITH_NOTE.match(normalise_label(text))
        value = ticked_grade(text) or (noted.group(1) if noted is not None else value)
    cell = CellValue(text, pair.table.cell_id(pair.value), state, value, pair.value.box)
    label = normalise_label(pair.label.text)
    fact = fact_of_cell(concept, cell, (label,), place_of_pair(pair, context), context)
    moment = pair.moment or Moment("final")
    year = context.year_under(pair.title)
    period = moment.year or (year + moment.offset if year is not None else None)
    return msgspec.structs.replace(fact, period=period, stage=moment.stage, unit_where=unit_where)


def fact_of_stated(stated: Stated, context: Context) -> Fact:
    """A value behind its label in one cell or line."""
    concept = context.concept(stated.concept)
    default, unit_where = context.default_unit(concept, stated.unit)
    state, value = value_of_cell(stated.value, concept, context.units, default)
    label = normalise_label(stated.label)
    cell = CellValue(stated.value, stated.where, state, value)
    fact = fact_of_cell(concept, cell, (label,), f"《{context.topic_name(concept.topic)}》 · {label}", context)
    stage = stated.moment.stage if stated.moment is not None else fact.stage
    fact = msgspec.structs.replace(fact, stage=stage, unit_where=unit_where)
    return fact if stated.in_table else msgspec.structs.replace(fact, origin="prose")


_NUMBER_PART = re.compile(r"\d+(?:\.\d+)?\s*[%分]?")
_GRADE_WITH_NOTE = re.compile(r"^([优良中差](?:秀|好|等)?)\([^()]*\)$")
_WORD_PART = re.compile(r"[优良中差](?:秀|好|等)?|合格|不合格")


def part_of_answer(text: str, concept: Concept) -> str:
    """What a shared answer says of one of its labels: the number of 96分（优）, or its grade."""
    pattern = _WORD_PART if concept.kind == "text" else _NUMBER_PART
    match = pattern.search(normalise_label(text))
    return match.group() if match is not None else ""


_TICKS = "☑☒√✓✔■●▣🗹✅"


def ticked_grade(text: str) -> str | None:
    """Of a row of boxes (优□ 良☑ 中□ 差□) the label that is ticked; None where there are no boxes or not one tick."""
    folded = normalise_label(text)
    if not any(mark in folded for mark in _TICKS) or not any(box in folded for box in "□☐○" + _TICKS):
        return None
    labels = [part for part in _split_boxes(folded) if part[1]]
    return labels[0][0] if len(labels) == 1 else None


def _split_boxes(text: str) -> list[tuple[str, bool]]:
    """[(label, ticked)] whether the box stands before or after its label."""
    boxes = "□☐○" + _TICKS
    before = text[0] in boxes
    labels: list[tuple[str, bool]] = []
    word, mark = "", ""
    for char in text:
        if char not in boxes:
            word += char
            continue
        if before:
            if word:
                labels.append((word, mark in _TICKS and mark != ""))
            word, mark = "", char
        else:
            labels.append((word, char in _TICKS))
            word = ""
    if before and word:
        labels.append((word, mark in _TICKS and mark != ""))
    return labels
