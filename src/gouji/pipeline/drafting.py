"""A filled report of an unknown form → the draft of a form file (`gouji patterns new`).

    report ─→ marks that speak for it, topics with what they expect, an example with the facts that come out
           └→ as comments: the labels that were understood, and those beside figures that nothing took, with the nearest concept

The draft loads as it is. Names of units and people and long texts of the report do not enter it.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Paragraph, iter_tables
from gouji.model.errors import UsageError
from gouji.model.report import STANDARD_CONCEPTS
from gouji.patterns import default_folder, load_patterns
from gouji.patterns.forms import Form, FormExample, Mark
from gouji.pipeline.examples import check_form_example, example_key
from gouji.readers import read_document
from gouji.text.labels import label_key, normalise_label
from gouji.text.numerals import is_numeric
from gouji.text.rows import rows_of_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.document import Document, Table
    from gouji.model.report import Fact, Report
    from gouji.patterns import Patterns
    from gouji.text.rows import Placed, Row

_TITLE_WORDS = re.compile(r"整体支出|项目支出|绩效|自评|评价|决算|预算|三公|基础数据|收支")
_SHORT = 20
_BREAK = "（下表）"  # a line between two tables of an example
_MAX_TITLE = 40
_MAX_TITLES = 4
_MAX_ROWS = 40
_NEAR = 0.5
_LEAST_THRESHOLD = 3
_TITLE_WEIGHT = 10  # a form's own title outweighs what it shares with other forms


class Unknown(NamedTuple):
    """A label beside figures that nothing took: what it says, one of its figures, the concept it resembles."""

    label: str
    printed: str
    where: str
    nearest: str | None


def draft_form(path: str, folder: str | None, form_id: str) -> str:
    """The text of forms/`form_id`.yml for a filled report; UsageError where the file holds nothing to go by."""
    data = Path(path).read_bytes()
    document = read_document(data, Path(path).name)
    patterns = load_patterns(Path(folder) if folder else default_folder())
    vocabulary = Vocabulary(patterns)
    located, _ = locate_reports(document, vocabulary)
    if not any(place.region.tables or place.region.fields for place in located):
        raise UsageError("文件里没有找到表格或字段，无法起草表式；请提供一份填好的报告。")
    place = max(located, key=lambda one: len(one.region.tables))
    report, _ = assemble_report(place.region, place.form, patterns)
    if report.projects and not any(fact.origin == "table" for fact in report.facts):
        report = msgspec.structs.replace(report, facts=report.projects[0].facts)  # several projects of one form
    form = _form_of(form_id, report, document, patterns)
    return "\n".join(_lines_of_form(form, report, _unknown_labels(report, document, vocabulary), patterns)) + "\n"


# --- what the draft says --------------------------------------------------------------------------------------------------


def _form_of(form_id: str, report: Report, document: Document, patterns: Patterns) -> Form:
    """Marks of the titles and topics at hand, topics with what they hold, an example that comes out."""
    titles = _titles(document)
    topics = _topics(report, patterns)
    marks = [Mark(_TITLE_WEIGHT, titles=(word,)) for word in _title_words(titles)]
    marks += [Mark(1, topic=topic) for topic in topics]
    common = next(known for known in patterns.forms if known.fallback)
    form = Form(
        id=form_id,
        name=_title_words(titles)[0] if titles else form_id,
        unit="万元",
        threshold=max(_LEAST_THRESHOLD, sum(mark.weight for mark in marks) - 2),
        marks=tuple(marks),
        fields=common.fields,
        people=common.people,
        topics=common.topics
        | {
            name: msgspec.structs.replace(common.topics[name], expects=tuple(held))
            for name, held in topics.items()
            if name in common.topics
        },
        goal_kinds=common.goal_kinds,
    )
    return msgspec.structs.replace(form, examples=(_example(form, titles, document, report, patterns),))


def _titles(document: Document) -> list[str]:
    """Short lines above the first table that speak of a report."""
    found: list[str] = []
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            break
        text = label_key(block.text)
        if _TITLE_WORDS.search(text) and len(text) <= _MAX_TITLE:
            found.append(text)
    return found[:_MAX_TITLES]


def _title_words(titles: list[str]) -> list[str]:
    """The longest part of each title that names neither year nor place: from the first word of a report on."""
    words = [title[match.start() :] for title in titles if (match := _TITLE_WORDS.search(title)) is not None]
    return list(dict.fromkeys(re.sub(r"[(（].*|(?:19|20)\d{2}.*", "", word) or word for word in words))


def _topics(report: Report, patterns: Patterns) -> dict[str, list[str]]:
    """Topic → the concepts that the report's own tables hold of it, in printed order."""
    held: dict[str, list[str]] = {}
    for fact in report.facts:
        if fact.origin == "table" and fact.main and fact.state != "missing":
            concepts = held.setdefault(patterns.concepts[fact.concept].topic, [])
            if fact.concept in STANDARD_CONCEPTS and fact.concept not in concepts:
                concepts.append(fact.concept)
    return held


def _example(form: Form, titles: list[str], document: Document, report: Report, patterns: Patterns) -> FormExample:
    """The tables that hold facts, with names and long texts taken out; the facts that come out of exactly these lines."""
    homes = {(fact.where or "").partition("r")[0] for fact in report.facts if fact.origin == "table" and fact.where}
    lines = list(titles)
    for table in iter_tables(document.blocks):
        if table.where in homes:
            lines += [*_rows_of_example(table, document, _names_in(report)), _BREAK]
    told = [f for f in report.facts if f.origin == "table" and f.main and f.value is not None and is_numeric(f.raw)]
    staged = {fact.concept for fact in told if fact.stage != "final"}
    facts: dict[str, str] = {}
    for fact in told:
        facts.setdefault(example_key(fact, staged=fact.concept in staged), fact.raw)
    whole = FormExample(tuple(lines), facts)
    wrong = check_form_example(form, whole, msgspec.structs.replace(patterns, forms=(*patterns.forms, form)))
    return msgspec.structs.replace(
        whole, facts={key: raw for key, raw in facts.items() if not any(f": {key} is" in line for line in wrong)}
    )


def _names_in(report: Report) -> set[str]:
    """Names that must not enter an example."""
    named = {person.name for person in report.people} | {report.unit_name or "", report.budget_code or ""}
    return {normalise_label(name) for name in named if name}


def _rows_of_example(table: Table, document: Document, names: set[str]) -> Iterator[str]:
    for row in rows_of_table(table, ragged=document.ragged)[:_MAX_ROWS]:
        yield " | ".join(_masked(placed, names) if placed.fresh else "" for placed in row.cells) or "|"


def _masked(placed: Placed, names: set[str]) -> str:
    """A cell of the example: labels and figures as printed, names and anything longer as an ellipsis."""
    text = normalise_label(placed.text)
    hidden = len(text) > _SHORT or any(name in text for name in names)
    return "……" if hidden else text


# --- what it could not say ------------------------------------------------------------------------------------------------


def _unknown_labels(report: Report, document: Document, vocabulary: Vocabulary) -> list[Unknown]:
    """The labels of figures that nothing took, each once."""
    left = {item.where: item.raw for item in report.unclaimed}
    names = _names(vocabulary.patterns)
    found: dict[str, Unknown] = {}
    for table in iter_tables(document.blocks):
        rows = rows_of_table(table, ragged=document.ragged)
        for row in rows:
            for placed in row.fresh:
                if (where := row.where(placed)) in left:
                    label = _label_of(rows, row, placed, vocabulary)
                    found.setdefault(label, Unknown(label, left[where], where, _nearest(label, names)))
    return list(found.values())


def _label_of(rows: list[Row], row: Row, placed: Placed, vocabulary: Vocabulary) -> str:
    """The label that no concept knows: of the row, else of the column; both where both are known."""
    left = next((c for c in reversed(row.cells) if c.end <= placed.start and c.label and not c.numeric), None)
    above = next(
        (
            c
            for line in reversed(rows[: row.index])
            if (c := line.at(placed.start)) is not None and c.label and not c.numeric
        ),
        None,
    )
    labels = [one.label for one in (left, above) if one is not None]
    unknown = [label for label in labels if not vocabulary.meanings(label) and not vocabulary.says_when(label)]
    return " / ".join(unknown or labels) or "（没有标签）"


def _names(patterns: Patterns) -> dict[str, str]:
    """Key of every strong label → its concept and Chinese name."""
    return {
        label_key(label): f"{concept.id} {concept.name}"
        for concept in patterns.concepts.values()
        for label in (concept.name, *concept.aliases)
    }


def _nearest(label: str, names: dict[str, str]) -> str | None:
    close = get_close_matches(label_key(label), names, n=1, cutoff=_NEAR)
    return names[close[0]] if close else None


# --- as YAML --------------------------------------------------------------------------------------------------------------


def _lines_of_form(form: Form, report: Report, unknown: list[Unknown], patterns: Patterns) -> Iterator[str]:
    yield "# 起草的表式，请逐项核对：标志是否只有这种表才有，应当有的要素是否齐全，例子是否保留了该有的数。"
    yield "# 改好后放进 patterns/forms/，运行 gouji patterns check。"
    yield f"id: {form.id}"
    yield f"name: {_quoted(form.name)}"
    yield f"unit: {form.unit}            # 表里没有写单位时的单位"
    yield f"threshold: {form.threshold}         # 下面的标志加起来达到多少分才算这种表"
    yield "marks:"
    for mark in form.marks:
        said = f"title: [{_quoted(mark.titles[0])}]" if mark.titles else f"topic: {mark.topic}"
        yield f"  - {{{said}, weight: {mark.weight}}}"
    yield "topics:"
    held = {name: topic for name, topic in form.topics.items() if topic.expects}
    for name, topic in held.items():
        yield f"  {name}: {{name: {topic.name}, expects: [{', '.join(topic.expects)}]}}"
    yield from () if held else ("  {}",)
    yield ""
    yield from _understood(report, patterns)
    yield from _not_understood(unknown)
    yield "examples:"
    yield "  - lines:"
    yield from (f"      - {_quoted(line)}" for line in form.examples[0].lines)
    yield "    facts:"
    facts = form.examples[0].facts
    yield from (f"      {_quoted(key)}: {_quoted(raw)}" for key, raw in facts.items())
    yield from () if facts else ("      {}",)


def _understood(report: Report, patterns: Patterns) -> Iterator[str]:
    yield "# 已认出的标签（表头路径 → 要素）："
    seen: dict[str, Fact] = {}
    for fact in report.facts:
        if fact.origin == "table" and fact.state != "missing":
            path = " / ".join(dict.fromkeys((fact.label or "", *fact.header_path)))
            seen.setdefault(f"{path} → {fact.concept}", fact)
    for line, fact in seen.items():
        yield f"#   {line} {patterns.concepts[fact.concept].name}（如 {fact.where}：{fact.raw or fact.state}）"


def _not_understood(unknown: list[Unknown]) -> Iterator[str]:
    if not unknown:
        return
    yield "# 待定：这些数没有取用。认得的写进 concepts.yml 的 aliases（到处都是这个意思）或 weak（只在本主题里）："
    for one in unknown:
        guess = f"；也许是 {one.nearest}" if one.nearest else ""
        yield f"#   {one.label}：{one.printed}（{one.where}）{guess}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
