"""The slip that turns the right number into the printed one, and how likely such slips are: the prior of every repair.

    kind            cost          kind               cost
    sign            0.5           neighbour          1.0     the printed value is a neighbouring cell's
    scale           0.5           last_year          1.0     … last year's
    missing_entry   0.6           double_count       1.4     the total counts one addend twice
    transposition   0.6           total_not_updated  2.4     the total, whatever its digits
    digit           1.0           value              3.0     some other number
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.causes import is_one_digit_off, is_transposition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.validate.repair.network import Cell, Constraint, Network

COSTS = {
    "sign": 0.5,
    "scale": 0.5,
    "missing_entry": 0.6,
    "transposition": 0.6,
    "digit": 1.0,
    "neighbour": 1.0,
    "last_year": 1.0,
    "double_count": 1.4,
    "total_not_updated": 2.4,
    "value": 3.0,
}
_DECLARED = 1.5  # what the form says there is none of
_TENS = (10, 100, 1000, 10_000)
_PLACE = re.compile(r"(?P<table>.*)r(?P<row>\d+)c(?P<col>\d+)$")
_NEAR = 2  # columns: a merged cell may lie between


class Slip(NamedTuple):
    """A kind of slip and its cost."""

    kind: str
    cost: float


class Slips:
    """Names slips in one report."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.spots = [_spot(cell) for cell in network.cells]
        self.by_value: dict[int, list[int]] = {}
        for number, cell in enumerate(network.cells):
            if cell.value:
                self.by_value.setdefault(cell.value, []).append(number)

    def slip_of(self, number: int, new: int, violated: Iterable[Constraint]) -> Slip:
        """The likeliest slip from `new` to what is printed."""
        cell = self.network.cells[number]
        if cell.blank:
            return Slip("missing_entry", COSTS["missing_entry"] + (_DECLARED if cell.declared else 0))
        found = [_slip_of_digits(cell, new), *self._slips_of_place(number, new, violated)]
        kind = min((kind for kind in found if kind is not None), key=COSTS.__getitem__, default="value")
        return Slip(kind, COSTS[kind])

    def _slips_of_place(self, number: int, new: int, violated: Iterable[Constraint]) -> Iterable[str | None]:
        cell = self.network.cells[number]
        if cell.last_year is not None and cell.last_year == cell.value != 0:
            yield "last_year"
        if cell.value and any(self._is_near(number, other) for other in self.by_value[cell.value]):
            yield "neighbour"
        if any(number in constraint.totals for constraint in violated):
            yield "double_count" if self._counts_twice(number, cell.value - new, violated) else "total_not_updated"

    def _counts_twice(self, number: int, surplus: int, violated: Iterable[Constraint]) -> bool:
        parts = {part for constraint in violated if number in constraint.totals for part in constraint.cells}
        return surplus > 0 and any(self.network.values[part] == surplus for part in parts - {number})

    def _is_near(self, number: int, other: int) -> bool:
        one, two = self.spots[number], self.spots[other]
        if number == other or one is None or two is None or one[0] != two[0]:
            return False
        rows, cols = abs(one[1] - two[1]), abs(one[2] - two[2])
        return (rows == 0 and cols <= _NEAR) or (cols == 0 and rows == 1)

    def neighbours(self, number: int) -> list[int]:
        """Cells right beside, above or below."""
        return [other for other in range(len(self.spots)) if self._is_near(number, other)]


def _spot(cell: Cell) -> tuple[str, int, int] | None:
    found = _PLACE.match(cell.places[0].where)
    return (found["table"], int(found["row"]), int(found["col"])) if found is not None else None


def _slip_of_digits(cell: Cell, new: int) -> str | None:
    old = cell.value
    if old == -new:
        return "sign"
    if old and new and any(old == new * ten or new == old * ten for ten in _TENS):
        return "scale"
    if (old < 0) != (new < 0):
        return None
    right = str(abs(new) // cell.step)
    lefts = {str(abs(old) // cell.own_step), str(abs(old) // cell.step)}
    if any(is_transposition(left, right) for left in lefts):
        return "transposition"
    return "digit" if any(is_one_digit_off(left, right) for left in lefts) else None
