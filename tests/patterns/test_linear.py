"""Exact elimination: what holds at a point is possible, what is put together from others follows from them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.patterns.formula import Ref
from gouji.patterns.formula_parser import parse_formula
from gouji.patterns.formula_tokens import Names
from gouji.patterns.linear import Constraint, Sign, constraints_of, is_implied, is_impossible, normal_form

NAMES = Names({name: f"x.{letter}" for name, letter in zip("甲乙丙丁", "abcd", strict=True)} | {"乙方": "x.b"})
REFS = [Ref(f"x.{letter}", "") for letter in "abcd"]
NUMBERS = st.integers(-3, 3).map(Fraction)


def read(text: str) -> list[Constraint]:
    return [c for part in text.split("；") for c in constraints_of(parse_formula(part, NAMES)) or pytest.fail(part)]


@pytest.mark.parametrize(
    ("text", "impossible"),
    [
        ("甲 = 乙 + 丙；甲 = 乙 - 丙", False),
        ("甲 = 乙 + 丙；甲 = 乙 - 丙；丙 > 0", True),
        ("甲 ≥ 乙；乙 ≥ 丙；丙 > 甲", True),
        ("甲 ≥ 乙；乙 ≥ 丙；丙 ≥ 甲", False),
        ("甲 = 1；甲 = 2", True),
        ("甲 属于 [1,2)；甲 ≥ 2", True),
        ("甲 属于 [1,2]；甲 ≥ 2", False),
        ("2 × 甲 = 乙 ÷ 3；乙 < 6 × 甲", True),
        ("甲 > 0；甲 < 0.000001", False),
        ("1 = 2", True),
        ("1 < 2", False),
    ],
)
def test_known_systems(text: str, impossible: bool) -> None:
    assert is_impossible(read(text)) is impossible


@pytest.mark.parametrize(
    ("text", "by", "follows"),
    [
        ("甲 ≥ 丙", "甲 = 乙 + 丙；乙 ≥ 0", True),
        ("甲 ≥ 丙", "甲 = 乙 + 丙", False),
        ("甲 = 乙 + 丙 + 丁", "甲 = 乙 + 丙；丁 = 0", True),
        ("甲 > 0", "甲 ≥ 0", False),
        ("甲 ≥ 0", "甲 > 0", True),
        ("甲 = 0", "甲 ≥ 0；甲 ≤ 0", True),
        ("甲 ≥ 甲", "乙 ≥ 0", True),
    ],
)
def test_known_consequences(text: str, by: str, follows: bool) -> None:
    (constraint,) = read(text)
    assert is_implied(constraint, read(by)) is follows


def test_the_same_said_otherwise_has_one_form() -> None:
    first, *others = (
        read(text)[0] for text in ("甲 = 乙 + 丙", "丙 + 乙方 = 甲", "甲 - 丙 = 乙", "2 × 甲 = 2 × 乙 + 丙 × 2")
    )
    assert [normal_form(other) for other in others] == [normal_form(first)] * 3
    assert normal_form(read("甲 ≥ 乙")[0]) == normal_form(read("乙 ≤ 甲")[0]) != normal_form(read("乙 ≥ 甲")[0])


@pytest.mark.parametrize(
    "text", ["甲 × 乙 = 丙", "甲 ÷ 乙 ≥ 1", "甲 ≠ 乙", "甲 = 1 或 乙 = 1", "绝对值(甲) ≥ 1", "甲 ÷ 0 = 1"]
)
def test_what_is_not_linear_is_left_alone(text: str) -> None:
    assert constraints_of(parse_formula(text, NAMES)) is None


@st.composite
def systems(draw: st.DrawFn) -> tuple[dict[Ref, Fraction], list[Constraint]]:
    """A point, and constraints that hold there."""
    point = {ref: draw(NUMBERS) for ref in REFS}
    found = []
    for _ in range(draw(st.integers(1, 6))):
        terms = {ref: value for ref in REFS if (value := draw(NUMBERS))}
        at_point = sum((value * point[ref] for ref, value in terms.items()), Fraction(0))
        slack = draw(st.integers(0, 2))
        signs: tuple[Sign, ...] = (">=", ">") if slack else ("=", ">=")
        sign = draw(st.sampled_from(signs))
        found.append(Constraint(terms, slack - at_point, sign))
    return point, found


@settings(max_examples=150, deadline=None)
@given(systems())
def test_what_holds_at_a_point_is_possible(system: tuple[dict[Ref, Fraction], list[Constraint]]) -> None:
    assert is_impossible(system[1]) is False


@settings(max_examples=100, deadline=None)
@given(systems(), st.data())
def test_a_sum_of_constraints_follows_and_its_opposite_is_impossible(
    system: tuple[dict[Ref, Fraction], list[Constraint]], data: st.DataObject
) -> None:
    _, constraints = system
    terms: dict[Ref, Fraction] = {}
    constant = Fraction(0)
    for constraint in constraints:
        factor = data.draw(st.integers(0, 3))
        for ref, value in constraint.terms.items():
            terms[ref] = terms.get(ref, Fraction(0)) + factor * value
        constant += factor * constraint.constant
    combined = Constraint({ref: value for ref, value in terms.items() if value}, constant, ">=")
    assert is_implied(combined, constraints) is True
    below = Constraint(
        {ref: -value for ref, value in combined.terms.items()}, -constant - Fraction(Decimal("0.01")), ">="
    )
    assert is_impossible([*constraints, below]) is True
