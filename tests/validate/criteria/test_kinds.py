"""score, allowed and inverse answer each other."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gouji.validate.criteria.kinds import Bands, Checklist, Events, Linear, Range
from gouji.validate.criteria.parse import Hints, parse_criterion
from gouji.validate.span import Span, exact

D = Decimal
HALF_A_POINT = Linear("linear_excess", D(1), D(5), D("0.5"), D("0.01"))


def readings(criterion: Linear, value: str) -> dict[str, str]:
    return {scores.reading: f"{scores.low.normalize():f}" for scores in criterion.score(exact(D(value)))}


@pytest.mark.parametrize(
    ("value", "floor", "ceil", "proportional"),
    [
        ("0.9", "5", "5", "5"),
        ("1", "5", "5", "5"),
        ("1.005", "5", "4.5", "4.75"),
        ("1.01", "4.5", "4.5", "4.5"),
        ("1.056", "2.5", "2", "2.2"),
        ("1.10", "0", "0", "0"),
        ("2", "0", "0", "0"),
    ],
)
def test_three_readings_of_each_point_over(value: str, floor: str, ceil: str, proportional: str) -> None:
    assert readings(HALF_A_POINT, value) == {"floor": floor, "ceil": ceil, "proportional": proportional}


def test_a_printed_ratio_gives_an_interval_of_scores() -> None:
    (floor, ceil, proportional) = HALF_A_POINT.score(Span(D("1.0095"), D("1.010"), D("1.0105")))
    assert (floor.low, floor.high) == (D("4.5"), D(5))
    assert (ceil.low, ceil.high) == (D(4), D("4.5"))
    assert (proportional.low, proportional.high) == (D("4.475"), D("4.525"))


def test_the_inverse_of_a_score_in_the_middle() -> None:
    implied = {item.reading: item.range for item in HALF_A_POINT.inverse(D(4))}
    assert implied["floor"] == Range(D("1.02"), D("1.03"), high_open=True)
    assert implied["ceil"] == Range(D("1.01"), D("1.02"), low_open=True)
    assert implied["proportional"] == Range(D("1.02"), D("1.02"))


def test_full_marks_and_none_are_open_on_the_far_side() -> None:
    full = {item.reading: item.range for item in HALF_A_POINT.inverse(D(5))}
    assert full["floor"] == Range(None, D("1.01"), high_open=True)
    assert full["ceil"] == Range(None, D(1))
    none = {item.reading: item.range for item in HALF_A_POINT.inverse(D(0))}
    assert none["floor"] == Range(D("1.1"), None)
    assert none["ceil"] == Range(D("1.09"), None, low_open=True)


def test_a_score_between_two_steps_can_only_be_in_proportion() -> None:
    assert [item.reading for item in HALF_A_POINT.inverse(D("4.3"))] == ["proportional"]
    assert HALF_A_POINT.inverse(D("5.5")) == ()


ratios = st.decimals("0", "2", places=4)
linears = st.builds(
    Linear,
    st.sampled_from(["linear_excess", "linear_shortfall"]),
    st.sampled_from([D(0), D("0.5"), D(1)]),
    st.sampled_from([D(1), D(3), D("3.5"), D(6), D(10)]),
    st.sampled_from([D("0.1"), D("0.2"), D("0.5"), D("0.8"), D(1)]),
    st.sampled_from([D("0.01"), D("0.05"), D("0.1")]),
)


@given(linears, ratios)
def test_the_inverse_of_every_reading_holds_the_value_that_gave_the_score(criterion: Linear, value: Decimal) -> None:
    for scores in criterion.score(exact(value)):
        implied = [item.range for item in criterion.inverse(scores.low) if item.reading == scores.reading]
        assert implied, (criterion, value, scores)
        assert implied[0].holds(value), (criterion, value, scores, implied)


@given(linears, ratios, ratios)
def test_a_value_outside_the_inverse_gives_another_score(criterion: Linear, value: Decimal, other: Decimal) -> None:
    for scores in criterion.score(exact(value)):
        (implied,) = [item.range for item in criterion.inverse(scores.low) if item.reading == scores.reading]
        again = next(found for found in criterion.score(exact(other)) if found.reading == scores.reading)
        assert implied.holds(other) == (again.low == scores.low)


@given(linears, ratios)
def test_readings_are_ordered_and_within_the_weight(criterion: Linear, value: Decimal) -> None:
    floor, ceil, proportional = criterion.score(exact(value))
    assert D(0) <= ceil.low <= proportional.low <= floor.low <= criterion.full


@st.composite
def band_texts(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Left-closed bands: 90%（含）以上得4分；70%（含）-90%得3分 … 低于x不得分."""
    cuts = sorted(draw(st.sets(st.integers(1, 120), min_size=1, max_size=5)), reverse=True)
    lines = [f"{cuts[0]}%（含）以上得{len(cuts)}分"]
    lines += [f"{low}%（含）-{high}%得{len(cuts) - 1 - i}分" for i, (high, low) in enumerate(itertools.pairwise(cuts))]
    return "；".join([*lines, f"低于{cuts[-1]}%不得分"]), cuts


@given(band_texts(), ratios)
def test_bands_read_from_text_partition_every_value(given_text: tuple[str, list[int]], value: Decimal) -> None:
    text, cuts = given_text
    found = parse_criterion(text, Hints(D(len(cuts))))
    assert isinstance(found, Bands)
    assert found.complete
    (scores,) = found.score(exact(value))
    assert scores.low == sum(value * 100 >= cut for cut in cuts)
    assert [implied.range.holds(value) for implied in found.inverse(scores.low)] == [True]


@given(st.lists(st.sampled_from(["0.5", "1", "1.5", "2"]), min_size=1, max_size=6))
def test_a_checklist_allows_the_sums_of_its_items(points: list[str]) -> None:
    checklist = Checklist(tuple((D(p),) for p in points))
    allowed = checklist.allowed()
    assert allowed is not None
    assert {D(0), checklist.full} <= set(allowed)
    assert all(checklist.full - score in allowed for score in allowed)


def test_a_long_checklist_has_too_many_sums_to_say() -> None:
    assert Checklist(tuple((D(3) ** n,) for n in range(14))).allowed() is None


@given(st.integers(1, 20), st.sampled_from(["0.5", "1", "2"]), st.integers(0, 50))
def test_events_leave_what_they_allow(full: int, points: str, events: int) -> None:
    criterion = Events(D(full), (D(points),))
    score = max(D(full) - D(points) * events, D(0))
    allowed = criterion.allowed()
    assert allowed is not None
    assert score in allowed
    assume(score > 0)
    assert criterion.times(score) == events


def test_a_value_that_lies_in_no_band_has_no_score() -> None:
    found = parse_criterion("≥95%得20分", Hints(D(20)))
    assert isinstance(found, Bands)
    assert found.score(exact(D("0.9"))) == ()
    assert found.allowed() is None
