"""The cells a formula names, as numbers with their accuracy.

Ref ─facts_of→ Fact of the row ─operands_of→ Operand(status, span)
  scope     stated of other money there (一般公共预算) than here: not to be compared
  number    value, printed 0, or 无 (declared 0)
  blank     an empty cell
  unknown   missing, unreadable, withheld, a hedge without an end
  dropped   an optional part the form has no column for: 0 without a word
  lacking   a part of a sum the form has no column for: 0, and the finding says so
  absent    no such column and not optional: this reading does not fit the form
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from gouji.model.quantity import Quantity
from gouji.model.report import Fact
from gouji.patterns.formula import Ref
from gouji.validate.span import NOTHING, Span, span_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gouji.patterns.rules import Reading, Rule
    from gouji.validate.case import Case, EntityRow

Status = Literal["number", "blank", "unknown", "scope", "dropped", "absent", "lacking"]
_HALF = Decimal("0.5")


class Operand(msgspec.Struct, frozen=True, gc=False):
    """One name of a formula in one row. `quantity`: as printed, whatever is supposed in its place."""

    ref: Ref
    fact: Fact | None
    status: Status
    span: Span
    quantity: Quantity | None = None


Operands = dict["Ref", Operand]
Facts = dict["Ref", "Fact | None"]


class Reach(msgspec.Struct, frozen=True, gc=False):
    """How far a printed number reaches: its span by its own digits, and what those say of its neighbours' accuracy.

    `half`: half a step in base units, of money and counts that are not 0; `points`: the decimals of a score.
    `alone`: what stands beside it changes nothing.
    """

    span: Span | None
    half: Decimal | None = None
    points: int | None = None
    alone: bool = False


def facts_of(reading: Reading, row: EntityRow, case: Case) -> Facts | None:
    """The cell of every name of a reading; None where the row has a cell for none, or what stands elsewhere is not there."""
    found: Facts = {}
    printed = not reading.refs
    for ref in reading.refs:
        fact = found[ref] = _fact_of(ref, row, case)
        if ref.source and fact is None:
            return None
        printed = printed or fact is not None
    return found if printed else None


def operands_of(
    facts: Facts, rule: Rule, row: EntityRow, case: Case, changed: Mapping[str, Quantity] | None = None
) -> Operands:
    """The cells of a reading as numbers. `changed`: evidence id → the quantity to suppose there."""
    reaches = [case.reach_of(fact) for fact in facts.values()]
    finest, points = _accuracy(reaches)
    found: Operands = {}
    for (ref, fact), own in zip(facts.items(), reaches, strict=True):
        if fact is None:
            found[ref] = Operand(ref, None, "dropped" if ref.concept in rule.optional else "absent", NOTHING)
        elif ref.source and fact.scope != row.scope:
            found[ref] = Operand(ref, fact, "scope", NOTHING, fact.quantity)
        else:
            supposed = changed.get(fact.where) if changed and fact.where is not None and not ref.source else None
            printed = fact.quantity
            quantity = supposed or printed
            reach = own if supposed is None else reach_of(supposed)
            if quantity is None or reach is None:
                status = _status_without_number(fact, optional=ref.concept in rule.optional)
                found[ref] = Operand(ref, fact, status, NOTHING)
                continue
            span = reach.span if reach.alone else _span_beside(quantity, reach, finest, points)
            found[ref] = Operand(ref, fact, "unknown" if span is None else "number", span or NOTHING, printed)
    return found


def _fact_of(ref: Ref, row: EntityRow, case: Case) -> Fact | None:
    if ref.source:
        return case.other_fact(ref.source, ref.concept, ref.stage, row.scope) if row.main else None
    return row.facts.get((ref.concept, ref.stage))


def reach_of(quantity: Quantity) -> Reach:
    """The reach of a printed number by itself."""
    span = span_of(quantity)
    if quantity.decimals is None:
        return Reach(span)
    if quantity.unit is not None and quantity.unit.kind == "points":
        return Reach(span, points=quantity.decimals, alone=bool(quantity.value))
    return Reach(span, quantity.half_step * quantity.factor, alone=True) if quantity.value else Reach(span)


def _accuracy(reaches: Iterable[Reach | None]) -> tuple[Decimal | None, int | None]:
    """The finest half step of money in base units, and the decimals that any of the points print."""
    finest: Decimal | None = None
    points: int | None = None
    for reach in reaches:
        if reach is None:
            continue
        if reach.half is not None and (finest is None or reach.half < finest):
            finest = reach.half
        if reach.points is not None:
            points = max(points or 0, reach.points)
    return finest, points


def _status_without_number(fact: Fact, *, optional: bool) -> Status:
    if fact.state == "none":
        return "number"
    if fact.state == "blank":
        return "blank"
    return "dropped" if optional and fact.state == "missing" else "unknown"


def _span_beside(quantity: Quantity, reach: Reach, finest: Decimal | None, points: int | None) -> Span | None:
    """A printed 0 is as accurate as its neighbours; whole points beside points with decimals are rounded ones."""
    if quantity.decimals is None:
        whole = points and quantity.unit is not None and quantity.unit.kind == "points"
        return span_of(quantity, _HALF) if whole else reach.span
    if not quantity.value and finest is not None:
        return span_of(quantity, min(quantity.half_step, finest / quantity.factor))
    return reach.span
