"""The words of a report: sections of the narrative, goals, people.

五、存在的主要问题        → Section("五", "存在的主要问题", where, the text up to the next heading)
数量指标 | 指标1：… | 达标 → Goal("数量指标", "指标1：…", "达标", where)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.extract.context import Context, cell_under
from gouji.extract.identity import names_in_text
from gouji.extract.passages import passages
from gouji.model.report import Goal, Person, Section, TextLine
from gouji.text.headings import LEVEL_ONE, MAX_HEADING, OTHER_LEVELS, heading_of
from gouji.text.labels import label_key, normalise_label, trim_lines

if TYPE_CHECKING:
    from gouji.model.anchor import GoalBlock, PeopleBlock, Region
    from gouji.model.document import Paragraph
    from gouji.text.rows import Placed, Row

_NARRATIVE = re.compile(r"文字部分|综述|文字报告|报告正文")


def sections_of_prose(region: Region) -> list[Section]:
    """Headings of the narrative with their text. Headings of the form's own parts, which tables follow, are left out.

    Where no heading is numbered 一、 the narrative's own way of numbering is taken: 第一部分, （一）, 1.
    """
    paragraphs = _narrative(region)
    for pattern in (LEVEL_ONE, *OTHER_LEVELS):
        sections = _before_annex(_sections(paragraphs, pattern, region.before_table))
        if len(sections) > 1 or (sections and pattern is LEVEL_ONE):
            return sections
    return []


def _sections(paragraphs: list[Paragraph], pattern: re.Pattern[str], before_table: frozenset[str]) -> list[Section]:
    sections: list[Section] = []
    for paragraph in paragraphs:
        heading = heading_of(paragraph.printed, pattern)
        if heading is not None:
            sections.append(
                Section(heading[0], heading[1], paragraph.where, heading[2], paragraph.where in before_table)
            )
        elif sections:
            last = sections[-1]
            text = f"{last.text}\n{paragraph.printed.strip()}" if last.text else paragraph.printed.strip()
            sections[-1] = Section(last.number, last.title, last.where, text, last.table_follows)
    return sections


def lines_of_prose(region: Region) -> list[TextLine]:
    """All running text, each line at its place; lines that something broke in mid-sentence say so."""
    lines: list[TextLine] = []
    for passage in passages(region.prose):
        end = -1
        for piece in passage.pieces:
            text = passage.text[piece.start : piece.end]
            lines.append(TextLine(piece.paragraph.where, text, piece.offset, goes_on=piece.start == end))
            end = piece.end
    return [line for line in lines if line.where]


def _narrative(region: Region) -> list[Paragraph]:
    """Paragraphs after the line that announces the text part; without such a line, all after the last restart at 一."""
    prose = list(region.prose)
    for position, paragraph in enumerate(prose):
        if _NARRATIVE.search(paragraph.text) and len(paragraph.text) <= MAX_HEADING:
            return prose[position + 1 :]
    restarts = [i for i, p in enumerate(prose) if (h := heading_of(p.printed)) is not None and h[0] == "一"]
    return prose[restarts[-1] :] if restarts else prose


def _before_annex(sections: list[Section]) -> list[Section]:
    """The last section ends where the annex (附件) begins."""
    if not sections:
        return sections
    last = sections[-1]
    lines = last.text.split("\n")
    cut = next(
        (
            i
            for i, line in enumerate(lines)
            if re.match(r"^附\s*[件表]\s*[\d一二三四五六\-—:：]*", line) and len(line) < 30
        ),
        None,
    )
    return (
        sections
        if cut is None
        else [*sections[:-1], Section(last.number, last.title, last.where, "\n".join(lines[:cut]), last.table_follows)]
    )


def goals_of_block(block: GoalBlock, context: Context) -> list[Goal]:
    """One goal a row; a kind that reaches down, or is blank in ragged text, holds for the rows below."""
    goals: list[Goal] = []
    kind: str | None = block.target.path[-1] if block.qualitative and block.target.path else None
    seen: set[str] = set()
    rows = context.rows(block.table)
    for index in block.rows:
        row = rows[index]
        target, result, before = _goal_cells(block, row)
        if target is None or not target.text:
            continue
        where = row.where(target)
        context.claimed.update(row.where(placed) for placed in row.cells)
        if not block.qualitative:
            kind = _goal_kind(before, context) or kind
        if where not in seen:
            seen.add(where)
            goals.append(
                Goal(
                    kind,
                    trim_lines(target.text),
                    trim_lines(result.text) if result is not None else None,
                    where,
                    row.where(result) if result is not None else None,
                )
            )
    return goals


def _goal_cells(block: GoalBlock, row: Row) -> tuple[Placed | None, Placed | None, list[Placed]]:
    """Target, result and the cells left of the target. Ragged rows hold more kind cells than their header: bind from the right."""
    cells = list(row.cells)
    if row.ragged:
        if len(cells) < 2:
            return None, None, []
        return cells[-2], cells[-1], cells[:-2]
    target = cell_under(row, block.target)
    result = cell_under(row, block.result) if block.result is not None else None
    if target is None:
        return None, None, []
    return target, result if result is not target else None, [p for p in cells if p.start < target.start]


def _goal_kind(before: list[Placed], context: Context) -> str | None:
    kinds = context.form.goal_kinds if context.form else ()
    for placed in reversed(before):
        key = label_key(placed.text)
        if key and (key in kinds or key.removesuffix("指标") in kinds or f"{key}指标" in kinds):
            return normalise_label(placed.text)
    nearest = before[-1] if before else None
    return normalise_label(nearest.text) if nearest is not None and nearest.text and len(nearest.text) <= 16 else None


def people_of_block(block: PeopleBlock, context: Context) -> list[Person]:
    """The evaluators' names."""
    rows = context.rows(block.table)
    people: list[Person] = []
    for index in block.rows:
        row = rows[index]
        placed = cell_under(row, block.name)
        if placed is not None:
            people.extend(Person("评价人员", name, row.where(placed)) for name in names_in_text(placed.text))
    return people
