"""Figures stated in sentences → Facts, at their very characters.

    全年总支出871.05万元，基本支出871.05万元（其中：人员支出603.03万元，…
         ^^^^^^ p12_5_11                     label, then a few joining words, then an amount with its unit

Only levels of a named year count, and declared absence (未购置公务用车). A change (比上年增加), a share (占), a plan or
half a year is none. What counts and what does not is data: prose.yml, with examples.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.extract.identity import tells_a_budget
from gouji.extract.passages import passages
from gouji.extract.places import place_of_paragraph
from gouji.extract.prose_lexicon import build_lexicon
from gouji.extract.prose_reader import Reader
from gouji.extract.prose_text import fold_text, has_figures
from gouji.model.quantity import Quantity
from gouji.model.report import Fact
from gouji.text.headings import any_heading_of, heading_of
from gouji.text.labels import normalise_label
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.extract.context import Context
    from gouji.extract.passages import Passage
    from gouji.extract.prose_state import Claim
    from gouji.extract.prose_text import Folded
    from gouji.model.anchor import Region
    from gouji.model.quantity import State


_UNITS = {"万": "万元", "个": "人", "名": "人"}  # 编制36个 counts people

_AMOUNT = re.compile(r"\d\s*(?:[万亿千]?元|人|名|个|分|[%％])")
_AT_MOST = ("不足", "不到")
_OPENING_QUOTES = ("“", "‘", "「", "『", '"', "《")


class _Statement(NamedTuple):
    """A claim with the passage that makes it."""

    claim: Claim
    passage: Passage
    folded: Folded
    place: str


def facts_of_prose(region: Region, context: Context) -> list[Fact]:
    """Levels and declared absences stated in the narrative, in reading order."""
    statements = _without_partial_kinds(list(_statements(region, context)))
    return [_fact(statement, context) for statement in statements]


def _statements(region: Region, context: Context) -> Iterator[_Statement]:
    patterns = context.patterns
    lexicon = build_lexicon(tuple(patterns.concepts.values()), patterns.prose)
    reader = Reader(lexicon, patterns.prose, patterns.concepts, patterns.units, context.year, context.unit_name)
    if tells_a_budget(region, patterns.prose.budgets):
        reader.levels.stage = "initial"
    heading: str | None = None
    ordinal = 0
    for passage in passages(region.prose):
        first = passage.paragraph
        if (title := _title_of(first.printed)) is not None:
            reader.begin_heading(title)
        found = heading_of(first.printed)
        if found is not None and not found[2]:
            heading, ordinal = found[1], 0
        else:
            ordinal += 1
        if not has_figures(passage.text):
            reader.read_heading(passage.text)
        elif first.where:
            folded = fold_text(passage.text)
            place = place_of_paragraph(heading, ordinal, first.box)
            yield from (_Statement(claim, passage, folded, place) for claim in reader.read(folded))


def _title_of(text: str) -> str | None:
    """The title of a numbered heading; a numbered sentence that states an amount is none."""
    found = any_heading_of(text)
    return None if found is None or _AMOUNT.search(found[1]) else normalise_label(found[1])


def _without_partial_kinds(statements: list[_Statement]) -> list[_Statement]:
    """行政编制20人、事业编制16人: a kind is the whole only where no other kind, no whole and no other number is named."""
    kinds: dict[tuple[str, int | None], set[tuple[str, str]]] = {}
    for statement in statements:
        kinds.setdefault((statement.claim.concept, statement.claim.year), set()).add(_kind(statement.claim))
    return [s for s in statements if not _kind(s.claim)[0] or len(kinds[s.claim.concept, s.claim.year]) == 1]


def _kind(claim: Claim) -> tuple[str, str]:
    """The word of a kind of people or posts with its number; ("", "") for the whole."""
    if claim.label.word is None or not claim.label.word.sole:
        return "", ""
    return claim.label.text, claim.number.text if claim.number is not None else ""


def _fact(statement: _Statement, context: Context) -> Fact:
    claim, passage = statement.claim, statement.passage
    concept = context.concept(claim.concept)
    start, end, raw = _printed(statement)
    label = _printed_label(statement)
    state, content = _content(claim, raw, context)
    return Fact(
        concept=concept.id,
        label=label,
        header_path=(label,),
        entity=context.unit_name,
        period=claim.year,
        stage=claim.stage,
        scope=claim.scope,
        state=state,
        content=content,
        raw=raw,
        origin="prose",
        where=passage.evidence(start, end),
        unit_where=_unit_where(statement),
        box=passage.piece_at(start).paragraph.box,
        pattern=claim.mark or concept.mark,
        place=statement.place,
    )


def _printed_label(statement: _Statement) -> str:
    """The label with the quotes it is printed in: “三公”经费."""
    text, label = statement.passage.text, statement.claim.label
    if statement.folded.text[label.start : label.end] != label.text:  # of a heading before this passage
        return label.text
    first, last = statement.folded.span(label.start, label.end)
    if text[first - 1 : first] in _OPENING_QUOTES:
        first -= 1
    return normalise_label(text[first:last]).strip(".。:：,，")


def _printed(statement: _Statement) -> tuple[int, int, str]:
    """Characters of the number (of the words, where absence is declared), and what they print."""
    claim = statement.claim
    start, end = claim.start, claim.end
    if claim.number is not None and claim.number.match is not None:
        start, end = claim.number.match.span("number")
    first, last = statement.folded.span(start, end)
    return first, last, statement.passage.text[first:last]


def _unit_where(statement: _Statement) -> str | None:
    unit = statement.claim.unit
    if unit is None or unit.match is None or unit.letter != "A":
        return None
    first, last = statement.folded.span(*unit.match.span("unit"))
    return statement.passage.evidence(first, last)


def _content(claim: Claim, raw: str, context: Context) -> tuple[State, Quantity | str | None]:
    """State and value of a claim; a hedge bounds its value as it does in a cell."""
    if claim.number is None:
        return "none", None
    if claim.unit is None or claim.unit.match is None or claim.number.match is None:
        return "value", raw
    groups = claim.number.match.groupdict()
    name = claim.unit.match.groupdict().get("unit") or ""
    unit = _UNITS.get(name, name)
    hedge = [groups.get(part) or "" for part in ("hedge", "more", "after")]
    number = groups["number"].replace("零", "0")
    most = hedge[0] if hedge[0] in _AT_MOST else ""
    reading = read_number(f"{hedge[0].removeprefix(most)}{number}{hedge[1] or hedge[2]}{unit}", context.units)
    quantity = reading.quantity
    if quantity is None or reading.kind not in ("value", "zero"):
        return "unreadable", None
    if most:
        quantity = Quantity(quantity.value, quantity.unit, quantity.decimals, None, quantity.value)
    return reading.kind, quantity
