"""Traditional characters: one for one, and none that simplified text uses."""

from __future__ import annotations

import pytest

from gouji.patterns import load_patterns
from gouji.text.characters import SIMPLIFIED
from gouji.text.numerals import UnitTable, read_number

IN_NAMES_ONLY = "後於徵"  # simplified text knows them as surnames and as a note of the scale


def test_one_character_for_one_and_never_twice() -> None:
    assert not set(SIMPLIFIED.values()) & set(SIMPLIFIED)


def test_no_character_of_simplified_text_is_folded() -> None:
    """GB 2312 holds the simplified characters in use; 覆 of 覆盖 is one of them, though 復 and 複 are not."""
    folded = "".join(map(chr, SIMPLIFIED))
    assert sorted(folded.encode("gb2312", "ignore").decode("gb2312")) == sorted(IN_NAMES_ONLY)


def test_no_label_of_the_vocabulary_changes() -> None:
    """What the table folds is no character of the simplified labels it is matched with."""
    patterns = load_patterns()
    labels = [label for concept in patterns.concepts.values() for label in (concept.name, *concept.aliases)]
    labels += [key for keys in patterns.roles.values() for key in keys]
    assert [label for label in labels if label.translate(SIMPLIFIED) != label] == []


@pytest.mark.parametrize(("printed", "kind"), [("12.50萬元", "value"), ("無", "none"), ("無此項", "none")])
def test_units_and_words_of_absence(printed: str, kind: str) -> None:
    units = UnitTable(load_patterns().units)
    reading = read_number(printed, units)
    assert reading.kind == kind
    if reading.quantity is not None:
        assert reading.quantity.unit == units.by_name["万元"]
