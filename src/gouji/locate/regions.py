"""Items of a document → one Region a report, and the form each is.

A new report begins where a cover names another unit, or where a whole cover comes again before another set of figures, or at a
second scoring table after a finished one.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.locate.narratives import has_narrative_mark
from gouji.locate.parts import Part, split_parts
from gouji.locate.walk import Doubt, Item, Title
from gouji.model.anchor import (
    FieldValue,
    FigureBlock,
    GoalBlock,
    ItemBlock,
    Moment,
    Pair,
    PeopleBlock,
    Place,
    Region,
    ScoreBlock,
    ScoreSegment,
    Stated,
    TableSpan,
    UnitStatement,
)
from gouji.text.dates import years_of_account
from gouji.text.headings import any_heading_of
from gouji.text.labels import fold_name, label_key, normalise_label
from gouji.text.names import UNIT_SUFFIX
from gouji.text.rows import Row

if TYPE_CHECKING:
    from gouji.locate.lines import Line
    from gouji.locate.vocabulary import Vocabulary
    from gouji.locate.walk import What
    from gouji.patterns import Patterns
    from gouji.patterns.forms import Form, Mark

_REPORT_TITLE = re.compile(r"整体支出|绩效|自评|报告")
_TABLES = (FigureBlock, ItemBlock, ScoreSegment, GoalBlock, Pair)
_LOOK_BACK = 6
_LONGEST_TITLE = 40
_REPORT_ENDS = ("自评报告", "评价报告", "绩效报告")
_LOOK_AHEAD = 8
_HEAD_LINES = 4


def split_items(items: list[Item], vocabulary: Vocabulary) -> list[list[Item]]:
    """Cut the items at every line where a new report begins."""
    cuts = _cover_cuts(items, vocabulary)
    parts: list[list[Item]] = []
    start = 0
    for cut in cuts:
        parts.append(items[start:cut])
        start = cut
    parts.append(items[start:])
    told = [part for part in parts if any(not isinstance(item.what, Title) for item in part)]
    return told or [items] * bool(items)  # a narrative without a table or a field is one report, too


def _cover_cuts(items: list[Item], vocabulary: Vocabulary) -> list[int]:
    covers = {field.name for form in vocabulary.patterns.forms for field in form.fields if field.cover}
    cuts: list[int] = []
    name: str | None = None
    year: int | None = None
    figures = False
    for index, item in enumerate(items):
        what = item.what
        if isinstance(what, FigureBlock | ItemBlock | ScoreSegment):
            figures = True
        elif isinstance(what, Title):
            told = _year_of_report(what)
            if figures and None not in (told, year) and told != year and _holds_figures(items[index:]):
                cuts.append(_cover_start(items, index))
                figures = False
            year = told or year
            if figures and _heads_report(items, index) and _holds_figures(items[index:]):
                cuts.append(index)
                name, figures = None, False
        elif isinstance(what, FieldValue) and what.name in covers and what.value:
            folded = fold_name(what.value)
            if name is None:
                name = folded
            elif figures and _begins_report(items, index, folded, name):
                cuts.append(_cover_start(items, index))
                name, figures = folded, False
    return cuts


def _heads_report(items: list[Item], index: int) -> bool:
    """A name alone (the tab of a sheet) above the same title as the first report's, which a name alone heads as well."""
    first, title, name, again = (items[at].what if at < len(items) else None for at in (0, 1, index, index + 1))
    heads = [normalise_label(what.text) for what in (first, name) if isinstance(what, Title) and not what.in_table]
    titles = [normalise_label(what.text) for what in (title, again) if isinstance(what, Title)]
    is_other = len(heads) == len(set(heads)) == 2 and all(UNIT_SUFFIX.search(head) for head in heads)
    return is_other and len(titles) == 2 and titles[0] == titles[1] and bool(_REPORT_TITLE.search(titles[0]))


def _year_of_report(title: Title) -> int | None:
    """The year in the title of a whole report (2022年度部门整体支出绩效自评报告); None for headings, captions and sentences."""
    text = normalise_label(title.text)
    if title.in_table or len(text) > _LONGEST_TITLE or not text.endswith(_REPORT_ENDS) or any_heading_of(title.text):
        return None
    years = years_of_account(text)
    return years[0] if len(years) == 1 else None


def _holds_figures(items: list[Item]) -> bool:
    return any(isinstance(item.what, FigureBlock | ItemBlock | ScoreSegment) for item in items)


def _begins_report(items: list[Item], index: int, folded: str, name: str) -> bool:
    """Another unit with figures of its own, or the same unit's whole cover again."""
    rest = items[index:]
    has_figures = _holds_figures(rest)
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


def region_of_items(items: list[Item], lines: list[Line], patterns: Patterns, *, ragged: bool) -> Region:
    """Collect the items of one report by kind; the forms of projects are regions of their own."""
    parts = split_parts(items, patterns)
    projects = [part for part in parts if part.kind == "project"]
    if len(projects) == 1 and not any(_holds_tables(part) for part in parts if part.kind == "own"):
        parts = [part._replace(kind="own") for part in parts if part.kind != "targets"]  # the report is of this project
    own = [item for part in parts if part.kind == "own" for item in part.items]
    later = [item for part in parts if part.kind == "targets" for item in part.items]
    if projects and not any(_holds_tables(part) for part in parts if part.kind == "own"):
        own += _not_among(own, [item for item in items if isinstance(item.what, Title | FieldValue)])  # who and when
    own += _not_among(own, _after_tables(parts[-1])) if parts else []
    region = _region_of_part([*own, *_money(later)], ragged=ragged)
    titles = [item.what for item in own if isinstance(item.what, Title)]
    return msgspec.structs.replace(
        region,
        prose=tuple(title.paragraph for title in titles if title.paragraph is not None),
        tables=table_spans(lines),
        table_titles=tuple(Place(title.text, title.where) for title in titles if len(title.text) <= 60),
        projects=tuple(_region_of_part(part.items, ragged=ragged) for part in projects),
        before_table=paragraphs_before_tables(lines),
    )


def _not_among(known: list[Item], items: list[Item]) -> list[Item]:
    """The items that are not known yet, each compared with those of its line only."""
    by_line: dict[int, list[Item]] = {}
    for item in known:
        by_line.setdefault(item.line, []).append(item)
    return [item for item in items if item not in by_line.get(item.line, ())]


def _after_tables(part: Part) -> list[Item]:
    """What stands below the last table of the last part: the signature lines, or a narrative of the whole."""
    last = max((index for index, item in enumerate(part.items) if isinstance(item.what, _TABLES)), default=-1)
    return part.items[last + 1 :]


def _holds_tables(part: Part) -> bool:
    return any(isinstance(item.what, FigureBlock | ItemBlock | ScoreSegment) for item in part.items)


def _region_of_part(items: list[Item], *, ragged: bool) -> Region:
    first_block = next((item.line for item in items if isinstance(item.what, FigureBlock | Pair | ScoreSegment)), 10**9)
    head = [item.what for item in items if isinstance(item.what, Title) and item.line < first_block]
    return Region(
        titles=tuple(Place(title.text, title.where) for title in head if len(title.text) <= 60),
        figures=tuple(item.what for item in items if isinstance(item.what, FigureBlock)),
        items=tuple(item.what for item in items if isinstance(item.what, ItemBlock)),
        pairs=tuple(item.what for item in items if isinstance(item.what, Pair)),
        scoring=_score_blocks(items),
        goals=tuple(item.what for item in items if isinstance(item.what, GoalBlock)),
        people=tuple(item.what for item in items if isinstance(item.what, PeopleBlock)),
        fields=tuple(item.what for item in items if isinstance(item.what, FieldValue)),
        stated=tuple(item.what for item in items if isinstance(item.what, Stated)),
        units=tuple(item.what for item in items if isinstance(item.what, UnitStatement)),
        doubts=tuple(Place(item.what.text, item.what.where) for item in items if isinstance(item.what, Doubt)),
        ragged=ragged,
    )


def _money(items: list[Item]) -> list[Item]:
    """Of a later year's targets the amounts and the names; their indicators are no scores of this year's report."""
    kept = (FigureBlock, ItemBlock, Pair, FieldValue)
    return [Item(item.line, _planned(item.what)) for item in items if isinstance(item.what, kept)]


def _planned(block: What) -> What:
    """What does not say when is planned: the figures of targets are initial."""
    replace = msgspec.structs.replace
    if isinstance(block, Pair):
        told = block.moment or Moment("initial")
        return replace(block, moment=replace(told, stage="initial") if told.stage == "final" else told)
    if isinstance(block, ItemBlock):
        final = Moment("final")
        columns = [replace(c, moment=Moment("initial")) if c.moment == final else c for c in block.columns]
        return replace(block, columns=tuple(columns))
    if isinstance(block, FigureBlock):
        return replace(
            block, columns=tuple(replace(c, stage="initial") if c.stage == "final" else c for c in block.columns)
        )
    return block


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
    """The form with the most marks over its threshold; what spoke for and against each; what the best had; who claims it too."""

    form: Form | None
    reasons: list[str]
    evidence: str
    rivals: tuple[str, ...] = ()


def matched_form(region: Region, patterns: Patterns) -> Match:
    """Weigh every form's marks; a fallback form is asked only where no other claims the document."""
    concepts = _concepts_of(region)
    topics = _topics_of(region, patterns)
    scored = [_weigh(region, form, _topics_of_form(form, topics, concepts)) for form in patterns.forms]
    claims = [one for one in scored if one.score >= one.form.threshold]
    best = max(claims, key=lambda one: (not one.form.fallback, one.score), default=None)
    nearest = max(scored, key=lambda one: one.score)
    rivals = tuple(
        one.form.name
        for one in claims
        if best is not None and one is not best and not one.form.fallback and one.score == best.score
    )
    return Match(best.form if best is not None else None, [one.reason for one in scored], nearest.evidence, rivals)


class _Weighed(NamedTuple):
    """A form with what speaks for it."""

    form: Form
    score: int
    evidence: str
    reason: str


def _weigh(region: Region, form: Form, topics: set[str]) -> _Weighed:
    hits = [mark for mark in form.marks if _has_mark(region, mark, topics)]
    score = sum(mark.weight for mark in hits)
    names = "、".join(_mark_name(form, mark) for mark in hits)
    against = "、".join(_mark_name(form, mark) for mark in form.marks if mark not in hits)
    reason = f"表式 {form.id}：{score} 分（需 {form.threshold} 分）；有：{names or '—'}；无：{against or '—'}"
    return _Weighed(form, score, names, reason)


def _topics_of(region: Region, patterns: Patterns) -> set[str]:
    """Topics of which the tables hold figures; those of the projects where the unit has no tables of its own."""
    if not (region.figures or region.items or region.pairs or region.scoring) and region.projects:
        return set().union(*(_topics_of(project, patterns) for project in region.projects))
    found = {patterns.concepts[concept].topic for concept in _concepts_of(region)}
    return found | ({"scoring"} if region.scoring else set())


def _concepts_of(region: Region) -> set[str]:
    """What the labels of the tables name."""
    concepts = {
        *(column.concept for block in region.figures for column in block.columns),
        *(row.concept for block in region.items for row in block.rows),
        *(pair.concept for pair in region.pairs),
    }
    return {concept for concept in concepts if concept is not None}


def _topics_of_form(form: Form, topics: set[str], concepts: set[str]) -> set[str]:
    """The topics that speak for a form: where its mark asks for `most`, those with more than half of what it expects."""
    strict = {mark.topic for mark in form.marks if mark.most}
    expects = {name: form.topics[name].expects for name in strict & topics if name in form.topics}
    sparse = {name for name, asked in expects.items() if 2 * len(concepts.intersection(asked)) <= len(asked)}
    return topics - sparse


def _mark_name(form: Form, mark: Mark) -> str:
    if mark.titles:
        return f"标题中的“{'/'.join(mark.titles[:2])}”" + ("一类字样" if len(mark.titles) > 2 else "")
    if mark.headings:
        return f"小标题中的“{'/'.join(mark.headings[:2])}”"
    if mark.says:
        return f"正文写明的“{'/'.join(mark.says[:2])}”金额或数量"
    if mark.tables:
        return "数据表格"
    if mark.topic:
        return f"{form.topics[mark.topic].name.removesuffix('表')}表" if mark.topic in form.topics else mark.topic
    return f"{next((field.keys[0] for field in form.fields if field.name == mark.field), mark.field)}栏"


def _has_mark(region: Region, mark: Mark, topics: set[str]) -> bool:
    if mark.titles:
        # What speaks against a form (通知, 计划) is the document's own title, not the caption of a table further down.
        titles = region.titles[:_HEAD_LINES] if mark.weight < 0 else region.titles
        keys = [label_key(title.text) for title in titles]
        return any(hint in key for key in keys for hint in mark.titles)
    if mark.headings or mark.says:
        return has_narrative_mark(region, mark)
    if mark.tables:
        return bool(region.figures or region.items or region.pairs)
    if mark.field:
        return any(field.name == mark.field for part in (region, *region.projects) for field in part.fields)
    return mark.topic in topics
