"""Evidence ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model.locator import CellStep, Locator, parse_locator

NUMBERS = st.integers(1, 9999)


@pytest.mark.parametrize(
    "text", ["t1r16c4", "p12", "p12_34_40", "t1r4c2_p3", "t3r2c1_t1r1c1", "ht1r1c1", "xp3", "t1r4c2_p3_0_5"]
)
def test_text_form_round_trips(text: str) -> None:
    assert str(parse_locator(text)) == text


@pytest.mark.parametrize("text", ["", "t1", "t1r1", "p", "q3", "t1r1c1_p1_2", "p1_2", "t1r1c1t1r1c1", "T1R1C1"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an evidence id"):
        parse_locator(text)


@given(st.lists(st.builds(CellStep, NUMBERS, NUMBERS, NUMBERS), max_size=3), NUMBERS, st.booleans())
def test_every_locator_round_trips(cells: list[CellStep], paragraph: int, with_paragraph: bool) -> None:
    locator = Locator(cells=tuple(cells), paragraph=paragraph if with_paragraph or not cells else None)
    assert parse_locator(str(locator)) == locator
