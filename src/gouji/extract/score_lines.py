"""Rows of a scoring table → Lines: the cell under each role, and what kind of row each is.

In ragged text a blank level, weight or criterion continues the merge above; a blank score or reason is blank.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.extract.context import Context, cell_under
from gouji.text.labels import label_key, normalise_label
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from gouji.model.anchor import ScoreSegment
    from gouji.text.rows import Placed, Row

LEVELS = ("level1", "level2", "level3")
_EXECUTION = re.compile(r"(?:预算|资金)?执行(?:情况|率|进度)?(?:\(.*\))?$")
_BRACKET_TAIL = re.compile(r"\([^()]*\)$")
_TOTAL_WORDS = ("总分", "合计", "总计", "总得分", "总评分")
_MAX_TOTAL_LABEL = 12
_WEIGHT_NOTE = re.compile(
    r"[(\[【]?(\d+(?:\.\d+)?)分?[)\]】]$|[(\[【](?:分值|权重)?[:：]?(\d+(?:\.\d+)?)[分%]?[)\]】]$"
)
_CONTINUED = re.compile(r"\(续\d*\)|\(续表\)|[(]接上[页表][)]")
_BARE_WEIGHT = re.compile(r"^(.*[\u4e00-\u9fff])(\d{1,3}(?:\.\d+)?)[分%]?$")
_HEADING = re.compile(r"[(]?[一二三四五六七八九十]{1,2}[)、.．]")


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


def lines_of_segment(segment: ScoreSegment, context: Context) -> list[Line]:
    rows = context.rows(segment.table)
    lines: list[Line] = []
    for index in segment.rows:
        row = rows[index]
        cells = {role: placed for role, c in segment.columns.items() if (placed := cell_under(row, c)) is not None}
        if any(placed.text for placed in cells.values()):
            lines.append(Line(segment, row, cells))
    return lines


def continue_merges(lines: list[Line], *, ragged: bool) -> list[Line]:
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


def under_headings(lines: list[Line], context: Context) -> list[Line]:
    """Where one column holds all names, 一、预算编制 | 20 above 1.编制完整 | 10 is the level of the rows below, no item of its own."""
    marked = [bool(_HEADING.match(normalise_label(line.text("level3")))) for line in lines]
    divided = any(role in line.segment.columns for line in lines for role in ("level1", "level2"))
    if divided or not marked or not marked[0] or all(marked):
        return lines
    starts = [index for index, is_heading in enumerate(marked) if is_heading]
    groups = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    if not any(_adds_up(group, context) for group in groups):
        return lines
    return [line for head, *below in groups for line in (_under(head, below) if below else [head])]


def _under(head: Line, below: list[Line]) -> list[Line]:
    cells = {"level1": head.cells["level3"]}
    if "weight" in head.cells:
        cells["level1_weight"] = head.cells["weight"]
    return [line._replace(cells={**cells, **line.cells}) for line in below]


def _adds_up(group: list[Line], context: Context) -> bool:
    """Whether the weights of the rows below a heading come to its own."""
    head, *below = [_weight(line, context) for line in group if not is_total(line, context)]
    return bool(below) and head is not None and head == sum(weight or 0 for weight in below)


def _weight(line: Line, context: Context) -> Decimal | None:
    if "weight" not in line.cells:
        return split_weight(line.text("level3"))[1]
    quantity = read_number(line.text("weight"), context.units).quantity
    return quantity.value if quantity is not None else None


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


def roles_of_label(text: str, context: Context) -> set[str]:
    """What a label says of its row; 绩效评价总分 and 合计（总分） are totals as 总分 is."""
    key = label_key(_BRACKET_TAIL.sub("", normalise_label(text)))
    if len(key) <= _MAX_TOTAL_LABEL and key.endswith(_TOTAL_WORDS):
        return {"score_total"}
    return {
        role
        for role in ("score_total", "subtotal", "bonus", "deduction")
        if key in context.patterns.roles.get(role, ())
    }


def is_total(line: Line, context: Context) -> bool:
    short = [placed for placed in line.row.cells if placed.text and len(placed.text) <= 20]
    if not any("score_total" in roles_of_label(placed.text, context) for placed in short):
        return False
    texts = [placed.text for placed in short if not is_points(placed, context)]
    named = any("score_total" in roles_of_label(text, context) for text in texts)
    has_number = any((p := line.cells.get(role)) is not None and is_points(p, context) for role in ("weight", "score"))
    level3 = line.text("level3")
    own_item = (
        bool(level3)
        and "score_total" not in roles_of_label(level3, context)
        and not is_points(line.cells["level3"], context)
    )
    return named and (has_number or len(texts) == 1) and not own_item


def subtotal_level(line: Line, context: Context) -> str | None:
    """The column in which a row says that it is a 小计; None where it is none."""
    for role in LEVELS:
        text = line.text(role)
        if text and ("subtotal" in roles_of_label(text, context) or label_key(text).endswith("小计")):
            return role
    return None


def is_execution(line: Line) -> bool:
    """预算执行（见上表） over all level columns: the points of the execution rate, which is no indicator of the list."""
    if not {"level1", "level2"} & line.segment.columns.keys():
        return False  # where one column holds all names, it is one of them
    levels = {id(line.cells[role].cell) for role in LEVELS if role in line.cells and line.text(role)}
    return len(levels) == 1 and bool(_EXECUTION.match(normalise_label(line.text("level3") or line.text("level2"))))


def is_item(line: Line) -> bool:
    """A row that names something or is scored; remarks over the whole width are not rows of the table."""
    distinct = {id(placed.cell) for placed in line.cells.values()}
    return len(distinct) > 1 and any(line.text(role) for role in (*LEVELS, "score")) and not _is_remark(line)


def _is_remark(line: Line) -> bool:
    """其他需说明事项 | 无: what stands under the names goes on over several columns of what is said of them."""
    name = line.cells.get("level3")
    beside = [placed for role, placed in line.cells.items() if role not in LEVELS]
    return name is not None and sum(placed.cell is name.cell for placed in beside) > 1


def has_points(line: Line, context: Context) -> bool:
    return any(is_points(placed, context) for placed in line.row.cells if placed.text)


def is_points(placed: Placed, context: Context) -> bool:
    """Whether a cell is a number, with or without 分."""
    return read_number(placed.text, context.units).kind in ("value", "zero")
