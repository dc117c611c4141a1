"""The scoring table → Indicators and its totals.

    投入（15分） | 预算配置（15分） | 控制率 | … | 5  | 5 | 原因      level labels give their weight in brackets
                                 | 经济效益 | … | 15 | 4 |          a weight cell over three rows stands on each (weight_shared_by 3)
    总分 | … | 100 | 88                                            totals are facts, not indicators

In ragged text a blank level, weight or criterion continues the merge above; a blank score or reason is blank.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from gouji.extract.context import Context, cell_under, value_of_cell
from gouji.extract.facts import CellValue, fact_of_cell
from gouji.extract.places import place_of_indicator
from gouji.model.quantity import Quantity
from gouji.model.report import CellText, Fact, Indicator
from gouji.text.labels import label_key, normalise_label, trim_lines
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from gouji.model.anchor import ScoreBlock, ScoreSegment
    from gouji.text.rows import Placed, Row

LEVELS = ("level1", "level2", "level3")
_PRINTED: tuple[str, ...] = ("criterion", "weight", "score", "reason")
_WEIGHT_NOTE = re.compile(
    r"[(\[【]?(\d+(?:\.\d+)?)分?[)\]】]$|[(\[【](?:分值|权重)?[:：]?(\d+(?:\.\d+)?)[分%]?[)\]】]$"
)
_TOTALS: dict[str, str] = {"weight": "scoring.weight_total", "score": "scoring.score_total"}
_EXECUTION_POINTS: dict[str, str] = {"weight": "scoring.execution_weight", "score": "scoring.execution_score"}
_EXECUTION = re.compile(r"(?:预算|资金)?执行(?:情况|率|进度)?(?:\(.*\))?$")
_BRACKET_TAIL = re.compile(r"\([^()]*\)$")
_CONTINUED = re.compile(r"\(续\d*\)|\(续表\)|[(]接上[页表][)]")
_TOTAL_WORDS = ("总分", "合计", "总计", "总得分", "总评分")
_MAX_TOTAL_LABEL = 12
_POINTS_TEXT = re.compile(r"^(?:得|计)?[(（]?(\d+(?:\.\d+)?)分?[)）]?分?$")
_SIGN = re.compile(r"[≥≤=<>≦≧]|>=|<=|大于等于|小于等于|不低于|不少于|不超过|不高于|大于|小于|等于")
_BARE_WEIGHT = re.compile(r"^(.*[\u4e00-\u9fff])(\d{1,3}(?:\.\d+)?)[分%]?$")
Kind = Literal["item", "bonus", "deduction"]


class Scores(NamedTuple):
    """What a scoring table gives."""

    indicators: list[Indicator]
    totals: list[Fact]


class Line(NamedTuple):
    """One row of the scoring table: the cell under each role."""

    segment: ScoreSegment
    row: Row
    cells: dict[str, Placed]

    def text(self, role: str) -> str:
        """Text under a role, "" where there is no cell."""
        placed = self.cells.get(role)
        return placed.text if placed is not None else ""

    def where(self, role: str) -> str | None:
        """Evidence id under a role."""
        placed = self.cells.get(role)
        return self.row.where(placed) if placed is not None else None


def scores_of_block(block: ScoreBlock, context: Context) -> Scores:
    """Indicators in printed order and the totals of one scoring table."""
    lines = [line for segment in block.segments for line in _lines(segment, context)]
    lines = _continue_merges(lines, ragged=context.ragged)
    items: list[Line] = []
    totals: list[Fact] = []
    for line in lines:
        if totals and not _has_points(line, context):
            continue  # remarks below the total: 备注 | 1.预算数为 …
        if _is_total(line, context):
            totals.extend(_totals(line, context))
        elif _is_execution(line):
            totals.extend(_execution(line, context))
        elif _is_subtotal(line, context):
            context.claimed.update(line.row.where(placed) for placed in line.row.cells)
        elif _is_item(line):
            items.append(line)
    shared = _shared_weights(items)
    indicators = _scored_once([_indicator(line, shared, context) for line in items])
    return Scores(indicators, totals)


def _lines(segment: ScoreSegment, context: Context) -> list[Line]:
    rows = context.rows(segment.table)
    lines: list[Line] = []
    for index in segment.rows:
        row = rows[index]
        cells = {role: placed for role, c in segment.columns.items() if (placed := cell_under(row, c)) is not None}
        if any(placed.text for placed in cells.values()):
            lines.append(Line(segment, row, cells))
    return lines


def _continue_merges(lines: list[Line], *, ragged: bool) -> list[Line]:
    """Fill blank level cells from the row above; in ragged text, where merges vanished, criterion and weight as well."""
    filled: list[Line] = []
    for line in lines:
        above = filled[-1] if filled else None
        cells = dict(line.cells)
        if above is not None:
            inherited = [
                role for role in _inherited_roles(line, ragged=ragged) if role in cells and role in above.cells
            ]
            cells |= {role: above.cells[role] for role in inherited if not cells[role].text}
        filled.append(Line(line.segment, line.row, cells))
    return filled


def _inherited_roles(line: Line, *, ragged: bool) -> tuple[str, ...]:
    """A named first level starts a new group, a named second level a new weight and criterion."""
    if line.text("level1") or not (line.text("level3") or line.text("score")):
        return ()
    if line.text("level2"):
        return ("level1", "level1_weight")
    levels = ("level1", "level2", "level1_weight", "level2_weight")
    return (*levels, "criterion", "weight") if ragged else levels


def _roles_of(text: str, context: Context) -> set[str]:
    """What a label says of its row; 绩效评价总分 and 合计（总分） are totals as 总分 is."""
    key = label_key(_BRACKET_TAIL.sub("", normalise_label(text)))
    if len(key) <= _MAX_TOTAL_LABEL and key.endswith(_TOTAL_WORDS):
        return {"score_total"}
    return {
        role
        for role in ("score_total", "subtotal", "bonus", "deduction")
        if key in context.patterns.roles.get(role, ())
    }


def _is_total(line: Line, context: Context) -> bool:
    short = [placed for placed in line.row.cells if placed.text and len(placed.text) <= 20]
    if not any("score_total" in _roles_of(placed.text, context) for placed in short):
        return False
    texts = [placed.text for placed in short if not _is_points(placed, context)]
    named = any("score_total" in _roles_of(text, context) for text in texts)
    has_number = any((p := line.cells.get(role)) is not None and _is_points(p, context) for role in ("weight", "score"))
    level3 = line.text("level3")
    own_item = (
        bool(level3)
        and "score_total" not in _roles_of(level3, context)
        and not _is_points(line.cells["level3"], context)
    )
    return named and (has_number or len(texts) == 1) and not own_item


def _is_subtotal(line: Line, context: Context) -> bool:
    return any(
        "subtotal" in _roles_of(line.text(role), context) or label_key(line.text(role)).endswith("小计")
        for role in LEVELS
    )


def _is_execution(line: Line) -> bool:
    """预算执行（见上表） over all level columns: the points of the execution rate, which is no indicator of the list."""
    levels = {id(line.cells[role].cell) for role in LEVELS if role in line.cells and line.text(role)}
    return len(levels) == 1 and bool(_EXECUTION.match(normalise_label(line.text("level3") or line.text("level2"))))


def _execution(line: Line, context: Context) -> list[Fact]:
    return [
        _points_fact(line, role, concept_id, line.cells[role], "预算执行", context)
        for role, concept_id in _EXECUTION_POINTS.items()
        if role in line.cells
    ]


def _is_item(line: Line) -> bool:
    """A row that names something or is scored; remarks over the whole width are not rows of the table."""
    distinct = {id(placed.cell) for placed in line.cells.values()}
    return len(distinct) > 1 and any(line.text(role) for role in (*LEVELS, "score"))


def _has_points(line: Line, context: Context) -> bool:
    return any(_is_points(placed, context) for placed in line.row.cells if placed.text)


def _totals(line: Line, context: Context) -> list[Fact]:
    cells = _total_cells(line, context)
    return [
        _points_fact(line, role, concept_id, cells[role], "总分", context)
        for role, concept_id in _TOTALS.items()
        if role in cells
    ]


def _is_points(placed: Placed, context: Context) -> bool:
    """Whether a cell is a number, with or without 分."""
    return read_number(placed.text, context.units).kind in ("value", "zero")


def _total_cells(line: Line, context: Context) -> dict[str, Placed]:
    """The cells of both totals. Ragged text prints a merged 总分 as one cell, so its row is shorter than the header."""
    cells = {role: placed for role in _TOTALS if (placed := line.cells.get(role)) is not None}
    bound = all(_is_points(placed, context) for placed in cells.values()) and len(cells) == len(_TOTALS)
    return _cells_from_right(line, context) if line.row.ragged and not bound else cells


def _cells_from_right(line: Line, context: Context) -> dict[str, Placed]:
    """A merged 总分 takes one cell of ragged text, so the columns are counted from the right: as many as still fit."""
    width = max(column.end for column in (*line.segment.columns.values(), *line.segment.others))
    shift = width - len(line.row.cells)
    by_end = {
        role: line.row.at(line.segment.columns[role].start - shift) for role in _TOTALS if role in line.segment.columns
    }
    aligned = {role: placed for role, placed in by_end.items() if placed is not None and _is_points(placed, context)}
    numeric = [placed for placed in line.row.cells if _is_points(placed, context)]
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


def _shared_weights(lines: list[Line]) -> dict[str, int]:
    """Weight cell → how many indicators it covers."""
    shared: dict[str, int] = {}
    for line in lines:
        where = line.where("weight")
        owner = _weight_owner(line)
        if where is not None and owner is not None:
            shared[owner] = shared.get(owner, 0) + 1
    return shared


def _weight_owner(line: Line) -> str | None:
    placed = line.cells.get("weight")
    return f"{line.segment.table.where}:{placed.cell.row}:{placed.cell.col}" if placed is not None else None


def split_weight(text: str, *, bare_weight: bool = False) -> tuple[str | None, Decimal | None]:
    """Label and bracketed weight: 投  入（15分） → ("投入", 15); `bare_weight`: 投入15分 too; （续） is dropped."""
    label = _CONTINUED.sub("", normalise_label(text))
    match = _WEIGHT_NOTE.search(label)
    if match is None or match.start() == 0:
        bare = _BARE_WEIGHT.match(label) if bare_weight else None
        return (bare.group(1), Decimal(bare.group(2))) if bare is not None else (label or None, None)
    digits = match.group(1) or match.group(2)
    if match.group().startswith(tuple("0123456789")) and not match.group().endswith("分"):
        return label, None
    return label[: match.start()].rstrip(":：,，-—"), Decimal(digits)


def _points(value: Decimal | None, context: Context) -> Quantity | None:
    if value is None:
        return None
    decimals = max(0, -int(value.as_tuple().exponent)) if isinstance(value.as_tuple().exponent, int) else 0
    return Quantity(value, context.patterns.units.get("分"), decimals or None)


def _cell_text(line: Line, role: str, name: str | None, context: Context, *, number: bool) -> CellText:
    placed = line.cells.get(role)
    if placed is None:
        return CellText("missing", "", None)
    where = f"{line.segment.table.where}r{placed.cell.row + 1}c{placed.cell.col + 1}"
    context.claimed.add(where)
    column = line.segment.columns[role]
    place = place_of_indicator(name, column.path[-1] if column.path else role, placed.cell.box)
    points = _POINTS_TEXT.match(normalise_label(placed.text)) if number else None
    text = points.group(1) if points is not None else placed.text
    reading = read_number(text, context.units, context.patterns.units.get("分"))
    raw = trim_lines(placed.text)
    if not number:
        kind = reading.kind if reading.kind in ("blank", "none", "withheld") else "value"
        return CellText(kind, raw, where, None, place)
    if reading.quantity is None:
        return CellText("unreadable" if reading.kind == "text" else reading.kind, raw, where, None, place)
    quantity = reading.quantity
    exact = Quantity(quantity.value, quantity.unit, quantity.decimals or None, quantity.low, quantity.high)
    return CellText(reading.kind, raw, where, exact, place)  # type: ignore[arg-type]


def _indicator(line: Line, shared: dict[str, int], context: Context) -> Indicator:
    labels = {role: split_weight(line.text(role), bare_weight=role != "level3") for role in LEVELS}
    name = labels["level3"][0] or labels["level2"][0] or labels["level1"][0]
    cells: dict[str, CellText] = {
        role: _cell_text(line, role, name, context, number=role in ("weight", "score"))
        for role in _PRINTED
        if role in line.cells or role == "score"
    }
    _claim_typed(line, context)
    weight = cells["weight"].value if "weight" in cells else _points(_bracket_weight(labels), context)
    criterion = cells.get("criterion")
    reason = cells.get("reason")
    return Indicator(
        level1=labels["level1"][0],
        level2=labels["level2"][0],
        level3=labels["level3"][0],
        level1_weight=_points(labels["level1"][1], context) or _column_weight(line, "level1_weight", context),
        level2_weight=_points(labels["level2"][1], context) or _column_weight(line, "level2_weight", context),
        criterion=criterion.raw if criterion is not None and criterion.raw else None,
        weight=weight,
        weight_shared_by=shared.get(_weight_owner(line) or "", 1),
        score=cells["score"].value,
        reason=reason.raw if reason is not None else None,
        cells=cells,
        kind=_kind(labels, context),
        nature=_nature(line),
        operator=_operator(line),
        measure=_text_or_none(line, "measure") or None,
        target=_text_or_none(line, "target"),
        actual=_text_or_none(line, "actual_value"),
        level1_where=_level_where(line, "level1"),
        level2_where=_level_where(line, "level2"),
        where=_level_where(line, "level3") or _level_where(line, "level2"),
        place=place_of_indicator(name, "指标", None),
        table=line.segment.table.where,
    )


def _scored_once(indicators: list[Indicator]) -> list[Indicator]:
    """A score cell merged over several rows is one score: it stands on the first of them."""
    seen: set[str] = set()
    once: list[Indicator] = []
    for indicator in indicators:
        cell = indicator.cells["score"]
        again = cell.where is not None and cell.where in seen
        cells = indicator.cells | {"score": CellText("blank", "", cell.where, None, cell.place)}
        once.append(msgspec.structs.replace(indicator, score=None, cells=cells) if again else indicator)
        seen.add(cell.where or "")
    return once


def _column_weight(line: Line, role: str, context: Context) -> Quantity | None:
    """The weight of a level that stands in a column of its own (一级指标 | 分值 | 二级指标 | 分值 …)."""
    where = line.where(role)
    if where is None:
        return None
    context.claimed.add(where)
    quantity = read_number(line.text(role), context.units).quantity
    return _points(quantity.value, context) if quantity is not None else None


def _bracket_weight(labels: dict[str, tuple[str | None, Decimal | None]]) -> Decimal | None:
    return labels["level3"][1]


def _level_where(line: Line, role: str) -> str | None:
    placed = line.cells.get(role)
    return f"{line.segment.table.where}r{placed.cell.row + 1}c{placed.cell.col + 1}" if placed is not None else None


def _text_or_none(line: Line, role: str) -> str | None:
    where = line.where(role)
    return trim_lines(line.text(role)) if where is not None else None


def _nature(line: Line) -> str | None:
    """What the column 指标性质 says, unless it holds a sign of comparison."""
    text = _text_or_none(line, "nature")
    return text if text and not _SIGN.fullmatch(normalise_label(text)) else None


def _operator(line: Line) -> str | None:
    """The sign of comparison in a column of its own, or before the target."""
    own = normalise_label(line.text("nature"))
    if _SIGN.fullmatch(own):
        return _text_or_none(line, "nature")
    before = _SIGN.match(normalise_label(line.text("target")))
    return before.group() if before is not None else None


def _claim_typed(line: Line, context: Context) -> None:
    """Ordinals, and the reviewer's and last year's scores, are typed: they are not the department's figures."""
    for role in ("ordinal", "reviewed_score", "lower_score", "last_score", "target", "actual_value"):
        where = line.where(role)
        if where is not None:
            context.claimed.add(where)


def _kind(labels: dict[str, tuple[str | None, Decimal | None]], context: Context) -> Kind:
    for text, _ in labels.values():
        roles = _roles_of(text, context) if text else set()
        if "bonus" in roles or (text or "").startswith(("加分", "附加分")):
            return "bonus"
        if "deduction" in roles or (text or "").startswith(("扣分项", "减分项")):
            return "deduction"
    return "item"
