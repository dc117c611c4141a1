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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.validate.repair.network import Cell, Constraint, Network

COSTS = {
    "sign": 0.5,
    "scale": 0.5,
    "missing_entry": 0.6,
    "transposition": 0.6,
    "digit": 1.0,
    "neighbour": 1.8,
    "last_year": 1.0,
    "double_count": 1.4,
    "total_not_updated": 2.4,
    "value": 3.0,
}
TELLING = ("sign", "scale", "transposition", "digit")  # the digits themselves speak for these
_DECLARED = 1.5  # what the form says there is none of
_MENDED = 1.2  # out of bounds, or a deduction without a reason
_LEAST = 0.3
_SHARED, _FEW = 0.35, 3  # blanks side by side, of which any may be the one
_UNLIKE = 0.2  # printed with other decimals than most
_COPIED = 1.0  # a slip of the hand does not happen in two places
_LONG = 100  # steps: numbers of three digits and more
_SHORT = 1.4
_ROUND = 0.4
_TWO = 2
_DEARER = {1: 1.4, 2: 1.4, 3: 0.4}  # by the digits of the printed number
_TENS = (10, 100, 1000, 10_000)
_PLACE = re.compile(r"(?P<table>.*)r(?P<row>\d+)c(?P<col>\d+)$")
_NEAR = 2  # columns: a merged cell may lie between


class Slip(NamedTuple):
    """A kind of slip and its cost."""

    kind: str
    cost: float


_OTHER = Slip("value", COSTS["value"])


class Slips:
    """Names slips in one report."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.beside = _neighbours([cell.places[0].where for cell in network.cells])

    def slip_of(self, number: int, new: int, violated: list[Constraint]) -> Slip:
        """The likeliest slip from `new` to what is printed; what is odd by itself, and would no longer be, is likelier."""
        cell = self.network.cells[number]
        kind, cost = self._slip(cell, number, new, violated)
        before, after = cell.is_odd(cell.value), cell.is_odd(new)
        if before is not after:
            cost = max(_LEAST, cost - _MENDED) if before else cost + _MENDED
        if cell.money and cell.own_step != cell.usual:
            cost = max(_LEAST, cost - _UNLIKE)
        return Slip(kind, cost)

    def _slip(self, cell: Cell, number: int, new: int, violated: list[Constraint]) -> Slip:
        if cell.blank:
            others = self._blanks(violated) - 1
            return Slip(
                "missing_entry", COSTS["missing_entry"] + others * _SHARED + (_DECLARED if cell.declared else 0)
            )
        own = slip_of_digits(cell, new)
        if own is not None and len(cell.places) > 1:
            own = own._replace(cost=own.cost + _COPIED)
        found = [*self._slips_of_place(number, new, violated), own]
        return min((slip for slip in found if slip is not None), key=lambda slip: slip.cost, default=_OTHER)

    def _blanks(self, violated: list[Constraint]) -> int:
        """How many blanks of the first sum might be the missing entry: the more, the less each of them."""
        cells = self.network.cells
        return min(_FEW, sum(cells[number].blank and not cells[number].declared for number in violated[0].cells) or 1)

    def _slips_of_place(self, number: int, new: int, violated: list[Constraint]) -> Iterator[Slip]:
        cell = self.network.cells[number]
        long = abs(cell.value) >= _LONG * cell.own_step
        if long and cell.last_year is not None and cell.last_year == cell.value:
            yield Slip("last_year", COSTS["last_year"])
        if cell.value and any(self.network.values[other] == cell.value for other in self.beside.get(number, ())):
            yield Slip("neighbour", COSTS["neighbour"] + (0 if long else _SHORT))
        if any(number in constraint.totals for constraint in violated):
            kind = "double_count" if self._counts_twice(number, cell.value - new, violated) else "total_not_updated"
            yield Slip(kind, COSTS[kind])

    def _counts_twice(self, number: int, surplus: int, violated: list[Constraint]) -> bool:
        own = self.network.cells[number]
        parts = {part for constraint in violated if number in constraint.totals for part in constraint.cells}
        return surplus >= _LONG * own.own_step and any(self.network.values[p] == surplus for p in parts - {number})


def _neighbours(wheres: list[str]) -> dict[int, tuple[int, ...]]:
    """Cells right beside (a merged column may lie between), above or below, by number."""
    spots: dict[tuple[str, int, int], int] = {}
    for number, where in enumerate(wheres):
        found = _PLACE.match(where)
        if found is not None:
            spots[found["table"], int(found["row"]), int(found["col"])] = number
    steps = [(0, 1), (0, -1), (1, 0), (-1, 0), (0, _NEAR), (0, -_NEAR)]
    return {
        number: tuple(spots[spot] for r, c in steps if (spot := (table, row + r, col + c)) in spots)
        for (table, row, col), number in spots.items()
    }


def slip_of_digits(cell: Cell, new: int) -> Slip | None:
    """Sign, scale, transposition or one digit. Short numbers fit by chance: the shorter, the dearer."""
    old = cell.value
    if old == -new:
        return Slip("sign", COSTS["sign"])
    if old and new and any(old == new * ten or new == old * ten for ten in _TENS):
        return Slip("scale", COSTS["scale"] + (0 if _significant(old) > 1 else _ROUND))
    if (old < 0) != (new < 0):
        return None
    right = str(abs(new) // cell.step)
    fine = str(abs(old) // cell.step)
    printed = str(abs(old) // cell.own_step)
    extra = _DEARER.get(min(len(printed), len(fine)), 0.0)
    if is_transposition(fine, right):
        return Slip("transposition", COSTS["transposition"] + extra)
    lost = (printed, *_with_leading_zero(cell.places[0].raw))  # of another length: a digit was lost or doubled
    near = is_one_digit_off(fine, right) or any(len(t) != len(right) and is_one_digit_off(t, right) for t in lost)
    return Slip("digit", COSTS["digit"] + extra) if near else None


def is_transposition(left: str, right: str) -> bool:
    """Whether two neighbouring digits changed places."""
    if len(left) != len(right):
        return False
    apart = [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    return (
        len(apart) == _TWO
        and apart[1] == apart[0] + 1
        and left[apart[0]] == right[apart[1]]
        and left[apart[1]] == right[apart[0]]
    )


def is_one_digit_off(left: str, right: str) -> bool:
    """Whether one digit differs, is lost or too many. Numbers of one digit differ always: that tells nothing."""
    if left == right or min(len(left), len(right)) == 1:
        return False
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) == 1
    short, long = sorted((left, right), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _with_leading_zero(raw: str) -> tuple[str, ...]:
    """01, where a digit before it was lost."""
    return (raw,) if raw[:1] == "0" and raw.isdecimal() and len(raw) > 1 else ()


def _significant(value: int) -> int:
    return len(str(abs(value)).rstrip("0"))
