"""Walk over the tables that list things: scoring rows, goals, people. The rows below a header belong to it until they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.locate.figures import is_figure_header
from gouji.locate.items import take_item_rows
from gouji.locate.scoring import goal_block, opens_score_header, people_block, score_segment
from gouji.locate.walk import is_banner
from gouji.model.anchor import ScoreSegment

if TYPE_CHECKING:
    from gouji.locate.walk import Walk
    from gouji.text.rows import Row

_MAX_FORM_ROW = 4
_FORM_FIELDS = ("project_name", "project_code", "unit_name", "executing_unit", "supervising_unit", "report_date")
_TOTAL_DISTANCE = 4


def take_scoring(walk: Walk, position: int, row: Row) -> int:
    """A scoring header with its rows, up to a repeated header or a row of form fields; a total may stand above the header."""
    rows = walk.rows_from(row)
    above = _total_above(walk, rows)
    rows = rows[len(above) :]
    height = opens_score_header(rows[:2], walk.vocabulary)
    if not height:
        return position
    end, inside = _score_rows(walk, position, rows, height)
    body = [*above, *(line for line in rows[height:end] if line.index not in inside)]
    segment = score_segment(rows[:height], body, walk.vocabulary, closed=_has_total(walk, rows[height:end]))
    for line in above:
        for placed in line.filled:
            walk.take_stated(position, placed.text, line.where(placed), in_table=True)
    walk.add(position, segment)
    walk.note(row.table.where, f"评分表：{'、'.join(sorted(segment.columns))}，{len(segment.rows)} 行")
    while end == len(rows) and (following := _continued_scoring(walk, rows, segment)) is not None:
        rows = walk.rows_from(following)
        end, inside = _score_rows(walk, position, rows, 0)
        indexes = tuple(line.index for line in rows[:end] if line.index not in inside)
        closed = _has_total(walk, rows[:end])
        walk.add(position, ScoreSegment(following.table, (0, 0), segment.columns, indexes, segment.others, closed))
    walk.titles = []
    return walk.position_after(rows[end - 1])


def _total_above(walk: Walk, rows: list[Row]) -> list[Row]:
    """总分 | 100 | 96.93 right above the header, with perhaps a remark between; [] where there is no such row."""
    if not rows[0].filled or "score_total" not in walk.vocabulary.roles(rows[0].filled[0].text):
        return []
    for count in range(1, min(len(rows), _TOTAL_DISTANCE)):
        if opens_score_header(rows[count : count + 2], walk.vocabulary):
            return rows[:count]
        if not is_banner(rows[count]):
            return []
    return []


def _has_total(walk: Walk, rows: list[Row]) -> bool:
    return any("score_total" in walk.vocabulary.roles(placed.text) for row in rows for placed in row.filled)


def _score_rows(walk: Walk, position: int, rows: list[Row], end: int) -> tuple[int, set[int]]:
    """The row after the last that belongs to the scoring table, and the rows of amounts printed inside it."""
    inside: set[int] = set()
    while end < len(rows) and not opens_score_header(rows[end : end + 2], walk.vocabulary):
        if _ends_scoring(walk, rows[end]):
            break
        amounts = _amounts_inside(walk, position, rows[end])
        inside.update(line.index for line in rows[end : end + max(amounts, 0)])
        end += max(amounts, 1)
    return end, inside


def _amounts_inside(walk: Walk, position: int, row: Row) -> int:
    """How many rows a block of amounts takes that begins here (预算执行情况 | 年初预算 | … between indicators and 合计)."""
    moments = [placed for placed in row.filled if walk.vocabulary.moment(placed.text) is not None]
    return take_item_rows(walk, position, row) if len(moments) > 1 else 0


def _continued_scoring(walk: Walk, rows: list[Row], segment: ScoreSegment) -> Row | None:
    """The first row of a table that goes on after a page break without its header; none once the total stood."""
    following = None if _has_total(walk, rows) else walk.continuation(rows[-1].table, walk.position_after(rows[-1]))
    if following is None or _ends_scoring(walk, following):
        return None
    points = [following.at(segment.columns[role].start) for role in ("weight", "score") if role in segment.columns]
    return following if any(placed is not None and placed.numeric for placed in points) else None


def _ends_scoring(walk: Walk, row: Row) -> bool:
    """A row of form fields (综合得分 | 88 | 评价等次 | 优, 填报人 …) no longer belongs to the scoring table."""
    first = row.filled[0] if row.filled else None
    if first is None:
        return False
    concept = walk.vocabulary.strong(first.text)
    if concept is not None and concept.topic == "performance" and len(row.filled) <= _MAX_FORM_ROW:
        return "score_total" not in walk.vocabulary.roles(first.text)
    field = walk.vocabulary.field(first.text)
    if field is not None and field.name in _FORM_FIELDS:
        return True
    return walk.vocabulary.person_role(first.text) is not None or is_figure_header(walk, row)


def take_goals(walk: Walk, position: int, row: Row) -> int:
    """A header of goals with its rows."""
    if goal_block(row, [], walk.vocabulary) is None:
        return position
    rows = walk.rows_from(row)
    end = 1
    while end < len(rows) and not _ends_goals(walk, rows[end]):
        end += 1
    found = goal_block(row, rows[1:end], walk.vocabulary)
    if found is None:
        return position
    walk.add(position, found)
    walk.note(row.where(row.filled[0]), f"绩效目标：{len(found.rows)} 行")
    walk.titles = []
    return walk.position_after(rows[end - 1])


def _ends_goals(walk: Walk, row: Row) -> bool:
    filled = row.filled
    if not filled:
        return False
    if goal_block(row, [], walk.vocabulary) or is_banner(row) or opens_score_header([row], walk.vocabulary):
        return True
    return walk.is_labelled(filled[0]) or people_block(row, [], walk.vocabulary) is not None


def take_people(walk: Walk, position: int, row: Row) -> int:
    """A header 姓名 | 职务 … with its rows."""
    if people_block(row, [], walk.vocabulary) is None:
        return position
    rows = walk.rows_from(row)
    end = 1
    while (
        end < len(rows) and len(rows[end].fresh) > 1 and not is_banner(rows[end]) and not _ends_goals(walk, rows[end])
    ):
        end += 1
    found = people_block(row, rows[1:end], walk.vocabulary)
    if found is None:
        return position
    walk.add(position, found)
    walk.titles = []
    return walk.position_after(rows[end - 1])
