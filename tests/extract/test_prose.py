"""Sentences → facts: every example of prose.yml, places of the characters, hedges, broken text, speed."""

from __future__ import annotations

from itertools import starmap

import pytest

from gouji.extract.context import Context
from gouji.extract.prose import facts_of_prose
from gouji.model.anchor import Region
from gouji.model.document import Paragraph
from gouji.model.report import Fact
from gouji.patterns import load_patterns
from gouji.patterns.prose import Example

PATTERNS = load_patterns()
EXAMPLES = list(PATTERNS.prose.examples())
YEAR = 2021


def read(*paragraphs: str, year: int | None = YEAR) -> list[Fact]:
    context = Context(PATTERNS, None, ragged=False)
    context.unit_name, context.year = "测试区教育局", year
    return facts_of_prose(Region(prose=tuple(starmap(_paragraph, enumerate(paragraphs, start=1)))), context)


def _paragraph(number: int, text: str) -> Paragraph:
    return Paragraph(text, f"p{number}")


def shown(fact: Fact) -> str:
    """A fact as examples write it: concept, printed number, unit, a stage other than final, a year other than the report's."""
    parts = [fact.concept, *(["none"] if fact.state == "none" else []), fact.raw, fact.unit or ""]
    parts += [fact.stage if fact.stage != "final" else "", str(fact.period) if fact.period != YEAR else ""]
    return " ".join(part for part in parts if part)


def figures(*paragraphs: str) -> dict[str, str]:
    return {fact.concept: fact.raw for fact in read(*paragraphs)}


@pytest.mark.parametrize(
    ("mark", "example"), EXAMPLES, ids=[f"{mark.rpartition(':')[2]}-{example.say[:16]}" for mark, example in EXAMPLES]
)
def test_examples(mark: str, example: Example) -> None:
    facts = read(example.say)
    assert [shown(fact) for fact in facts] == list(example.take), mark
    taken = {fact.raw for fact in facts} | {f"{fact.raw}{fact.unit or ''}" for fact in facts}
    assert not taken & set(example.never), mark


def test_every_entry_says_what_is_taken_and_what_is_not() -> None:
    assert sum(bool(example.take) for _, example in EXAMPLES) >= 60
    assert sum(not example.take or bool(example.never) for _, example in EXAMPLES) >= 40
