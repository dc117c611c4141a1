"""The cells a formula names, as numbers with their accuracy.

Ref ─fact of the row→ Operand(status, span)
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
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.model.quantity import Quantity
from gouji.validate.span import NOTHING, Span, span_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gouji.model.report import Fact
    from gouji.patterns.formula import Ref
    from gouji.patterns.rules import Reading, Rule
    from gouji.validate.case import Case, EntityRow

Status = Literal["number", "blank", "unknown", "scope", "dropped", "absent", "lacking"]
_HALF = Decimal("0.5")


class Operand(NamedTuple):
    """One name of a formula in one row."""

    ref: Ref
    fact: Fact | None
    status: Status
    span: Span

    @property
    def quantity(self) -> Quantity | None:
        """The printed quantity."""
        return self.fact.quantity if self.fact is not None else None


Operands = dict["Ref", Operand]


def is_printed(reading: Reading, row: EntityRow, case: Case) -> bool:
    """Whether a row has a cell for any name of a reading, and what stands elsewhere is there; without names it needs none."""
    if not reading.refs:
        return True
    if any(_fact_of(ref, row, case) is None for ref in reading.refs if ref.source):
        return False
    own = [ref for ref in reading.refs if not ref.source]
    return not own or any(_fact_of(ref, row, case) is not None for ref in own)


def operands_of(
    reading: Reading, rule: Rule, row: EntityRow, case: Case, changed: Mapping[str, Quantity] | None = None
) -> Operands:
    """Every name of a reading in a row. `changed`: evidence id → the quantity to suppose there."""
    facts = {ref: _fact_of(ref, row, case) for ref in reading.refs}
    finest, decimals = _accuracy(facts)
    found: Operands = {}
    for ref, fact in facts.items():
        quantity = fact.quantity if fact is not None else None
        if changed and fact is not None and fact.where is not None and not ref.source:
            quantity = changed.get(fact.where, quantity)
        half = _half_step(quantity, finest, decimals) if quantity is not None else None
        found[ref] = _operand(ref, fact, quantity, half, optional=ref.concept in rule.optional)
        if ref.source and fact is not None and fact.scope != row.scope:
            found[ref] = Operand(ref, fact, "scope", NOTHING)
    return found


def _fact_of(ref: Ref, row: EntityRow, case: Case) -> Fact | None:
    if ref.source:
        return case.other_fact(ref.source, ref.concept, ref.stage, row.scope) if row.main else None
    return row.fact(ref.concept, ref.stage)


def _accuracy(facts: Mapping[Ref, Fact | None]) -> tuple[Decimal | None, int | None]:
    """The finest half step of money in base units, and the decimals that any of the points print."""
    halves: list[Decimal] = []
    points: int | None = None
    for fact in facts.values():
        quantity = fact.quantity if fact is not None else None
        if quantity is None or quantity.decimals is None:
            continue
        if quantity.unit is not None and quantity.unit.kind == "points":
            points = max(points or 0, quantity.decimals)
        elif quantity.value != 0:
            halves.append(quantity.half_step * quantity.factor)
    return min(halves, default=None), points


def _operand(
    ref: Ref, fact: Fact | None, quantity: Quantity | None, half: Decimal | None, *, optional: bool
) -> Operand:
    if fact is None:
        return Operand(ref, None, "dropped" if optional else "absent", NOTHING)
    if quantity is None:
        return Operand(ref, fact, _status_without_number(fact, optional=optional), NOTHING)
    span = span_of(quantity, half)
    return Operand(ref, fact, "unknown", NOTHING) if span is None else Operand(ref, fact, "number", span)


def _status_without_number(fact: Fact, *, optional: bool) -> Status:
    if fact.state == "none":
        return "number"
    if fact.state == "blank":
        return "blank"
    return "dropped" if optional and fact.state == "missing" else "unknown"


def _half_step(quantity: Quantity, finest: Decimal | None, points: int | None) -> Decimal:
    """A printed 0 is as accurate as its neighbours; whole points beside points with decimals are rounded ones."""
    if quantity.decimals is None:
        return _HALF if points and quantity.unit is not None and quantity.unit.kind == "points" else Decimal(0)
    if quantity.value == 0 and finest is not None:
        return min(quantity.half_step, finest / quantity.factor)
    return quantity.half_step
