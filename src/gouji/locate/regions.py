"""Items of a document → one Region a report, and the form each is.

A new report begins where a cover names another unit, or where a whole cover comes again before another set of figures, or at a
second scoring table after a finished one.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.locate.walk import Item, Title
from gouji.model.anchor import (
    FieldValue,
    FigureBlock,
    GoalBlock,
    ItemBlock,
    Pair,
    PeopleBlock,
    Place,
    Region,
    ScoreBlock,
    ScoreSegment,
    Stated,
    TableSpan,
)
from gouji.text.labels import fold_name, label_key
from gouji.text.rows import Row

if TYPE_CHECKING:
    from gouji.locate.lines import Line
    from gouji.locate.vocabulary import Vocabulary
    from gouji.patterns.forms import Form, Mark

_REPORT_TITLE = re.compile(r"整体支出|绩效|自评|报告")
_LOOK_BACK = 6
_LOOK_AHEAD = 8


def split_items(items: list[Item], vocabulary: Vocabulary) -> list[list[Item]]:
    """Cut the items at every line where a new report begins."""
    cuts = _cover_cuts(items, vocabulary)
    parts: list[list[Item]] = []
    start = 0
    for cut in cuts:
        parts.append(items[start:cut])
        start = cut
    parts.append(items[start:])
    return [part for part in parts if any(not isinstance(item.what, Title) for item in part)]


def _cover_cuts(items: list[Item], vocabulary: Vocabulary) -> list[int]:
    covers = {field.name for form in vocabulary.patterns.forms for field in form.fields if field.cover}
    cuts: list[int] = []
    name: str | None = None
    figures = False
    for index, item in enumerate(items):
        what = item.what
        if isinstance(what, FigureBlock | ScoreSegment):
            figures = True
        elif isinstance(what, FieldValue) and what.name in covers and what.value:
            folded = fold_name(what.value)
            if name is None:
                name = folded
            elif figures and _begins_report(items, index, folded, name):
                cuts.append(_cover_start(items, index))
                name, figures = folded, False
    return cuts


def _begins_report(items: list[Item], index: int, folded: str, name: str) -> bool:
    """Another unit with figures of its own, or the same unit's whole cover again."""
    rest = items[index:]
    has_figures = any(isinstance(item.what, FigureBlock) for item in rest)
    near = {item.what.name for item in items[index : index + _LOOK_AHEAD] if isinstance(item.what, FieldValue)}
    is_cover = bool(near & {"budget_code", "report_date"})
    return has_figures and is_cover if folded in name or name in folded else has_figures or is_cover


def _cover_start(items: list[Item], index: int) -> int:
    """Walk back over the title lines of the cover."""
    start = index
    while start > 0 and index - start < _LOOK_BACK * 2:
        before = items[start - 1].what
        if (
            isinstance(before, Title)
            and not before.in_table
            and len(before.text) <= 40
            and (_REPORT_TITLE.search(before.text) or before.where == getattr(items[start].what, "where", None))
        ):
            start -= 1
        else:
            break
    return start


def region_of_items(items: list[Item], lines: list[Line], *, ragged: bool) -> Region:
    """Collect the items of one report by kind."""
    figures = tuple(item.what for item in items if isinstance(item.what, FigureBlock))
    own = _before_projects(items)
    titles = [item.what for item in items if isinstance(item.what, Title)]
    first_block = next((item.line for item in items if isinstance(item.what, FigureBlock | Pair | ScoreSegment)), 10**9)
    head = [item.what for item in items if isinstance(item.what, Title) and item.line < first_block]
    return Region(
        titles=tuple(Place(title.text, title.where) for title in head if len(title.text) <= 60),
        figures=figures,
        items=tuple(item.what for item in own if isinstance(item.what, ItemBlock)),
        pairs=tuple(item.what for item in items if isinstance(item.what, Pair)),
        scoring=_score_blocks(items),
        goals=tuple(item.what for item in items if isinstance(item.what, GoalBlock)),
        people=tuple(item.what for item in items if isinstance(item.what, PeopleBlock)),
        fields=tuple(item.what for item in items if isinstance(item.what, FieldValue)),
        stated=tuple(item.what for item in items if isinstance(item.what, Stated)),
        prose=tuple(title.paragraph for title in titles if title.paragraph is not None),
        tables=table_spans(lines),
        ragged=ragged,
        table_titles=tuple(Place(title.text, title.where) for title in titles if len(title.text) <= 60),
        before_table=paragraphs_before_tables(lines),
    )


def _before_projects(items: list[Item]) -> list[Item]:
    """The items before the first project's own form (项目名称：…), which never speak for the whole unit."""
    started = False
    for index, item in enumerate(items):
        started = started or isinstance(item.what, FigureBlock | ScoreSegment)
        if started and isinstance(item.what, FieldValue) and item.what.name == "project_name" and item.what.value:
            return items[:index]
    return items


def _score_blocks(items: list[Item]) -> tuple[ScoreBlock, ...]:
    """Segments that repeat a header belong together, until a total row closes them or other columns begin another table."""
    blocks: list[list[ScoreSegment]] = []
    for segment in (item.what for item in items if isinstance(item.what, ScoreSegment)):
        last = blocks[-1][-1] if blocks else None
        if last is None or last.closed or _reports_targets(last) != _reports_targets(segment):
            blocks.append([])
        blocks[-1].append(segment)
    return tuple(ScoreBlock(tuple(block)) for block in blocks)


def _reports_targets(segment: ScoreSegment) -> bool:
    return bool({"target", "actual_value"} & set(segment.columns))


def paragraphs_before_tables(lines: list[Line]) -> frozenset[str]:
    """Evidence ids of the paragraphs right below which a table stands."""
    pairs = itertools.pairwise(lines)
    return frozenset(
        above.where for above, below in pairs if not isinstance(above, Row) and isinstance(below, Row) and above.where
    )


def table_spans(lines: list[Line]) -> tuple[TableSpan, ...]:
    """The rows of each table that lie in these lines: (table, first row, row after the last)."""
    spans: dict[str, TableSpan] = {}
    for line in lines:
        if isinstance(line, Row):
            known = spans.get(line.table.where)
            first = known.first if known is not None else line.index
            spans[line.table.where] = TableSpan(line.table, first, line.index + 1)
    return tuple(spans.values())


class Match(NamedTuple):
    """The form with the most marks over its threshold; what spoke for and against each; what the best had."""

    form: Form | None
    reasons: list[str]
    evidence: str


def matched_form(region: Region, forms: tuple[Form, ...]) -> Match:
    """Weigh every form's marks."""
    best: tuple[int, Form] | None = None
    most, evidence = 0, ""
    reasons: list[str] = []
    for form in forms:
        hits = [mark for mark in form.marks if _has_mark(region, form, mark)]
        score = sum(mark.weight for mark in hits)
        names = "、".join(_mark_name(form, mark) for mark in hits)
        against = "、".join(_mark_name(form, mark) for mark in form.marks if mark not in hits)
        reasons.append(
            f"表式 {form.id}：{score} 分（需 {form.threshold} 分）；有：{names or '—'}；无：{against or '—'}"
        )
        if score > most:
            most, evidence = score, names
        if score >= form.threshold and (best is None or score > best[0]):
            best = (score, form)
    return Match(best[1] if best else None, reasons, evidence)


def _mark_name(form: Form, mark: Mark) -> str:
    if mark.titles:
        return f"标题中的“{'/'.join(mark.titles)}”"
    if mark.topic:
        return f"{form.topics[mark.topic].name}表" if mark.topic in form.topics else mark.topic
    return f"{next((field.keys[0] for field in form.fields if field.name == mark.field), mark.field)}栏"


def _has_mark(region: Region, form: Form, mark: Mark) -> bool:
    if mark.titles:
        keys = [label_key(title.text) for title in region.titles]
        return any(hint in key for key in keys for hint in mark.titles)
    if mark.field:
        return any(field.name == mark.field for field in region.fields)
    if mark.topic == "scoring":
        return bool(region.scoring)
    expected = form.topics[mark.topic].expects if mark.topic in form.topics else ()
    columns = (column.concept for block in region.figures for column in block.columns)
    rows = (row.concept for block in region.items for row in block.rows)
    pairs = (pair.concept for pair in region.pairs)
    return any(concept in expected for concept in (*columns, *rows, *pairs))
