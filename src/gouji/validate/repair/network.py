"""The linear rows a report instantiates, over its cells, in integers.

    cells        0: 基本支出 87105000   1: 人员支出 60303000   2: 公用支出 26802000      (tenths of the smallest printed unit)
    Row          1·x0 − 1·x1 − 1·x2 + 0  ∈  [−1500, 1500]                              what rounding allows
    Constraint   A3: Option(rows) or Option(rows) …                                     one reading that closes is enough

A cell is one fact: copies of it that agree are further places of the same cell, repaired together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

_PAIR = 2
Key = tuple[str, str, str]
Changes = Mapping[int, int]


class Place(NamedTuple):
    """One printed copy of a cell: its evidence id, text, the worth of its unit.

    A repair prints the `usual` decimals, up to `decimals` where the value needs them.
    """

    where: str
    raw: str
    factor: Decimal
    decimals: int
    usual: int
    inside_text: bool = False


class Cell(NamedTuple):
    """One fact as an integer. `step`: the finest change a repair may make.

    `own_step`: one unit of its last printed digit; `usual`: one of what most amounts print.
    `half`, `half_after`: half of such a unit as printed, and as a repair would print it. `fixed` ones are never repaired.
    """

    places: tuple[Place, ...]
    value: int
    step: int
    own_step: int
    half: int
    half_after: int
    concept: str
    name: str
    usual: int = 0
    blank: bool = False
    declared: bool = False
    money: bool = False
    prose: bool = False
    fixed: bool = False
    low: int | None = 0
    high: int | None = None
    allowed: frozenset[int] | None = None
    last_year: int | None = None
    reasoned: bool | None = None

    def is_odd(self, value: int) -> bool:
        """Whether this value is strange by itself: out of bounds, or a deduction without a reason, a reason without one."""
        if not self.admits(value):
            return True
        return self.reasoned is not None and self.high is not None and (value < self.high) is not self.reasoned

    def admits(self, value: int) -> bool:
        """Whether a repair may put this value here."""
        inside = (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return inside and not value % self.step and (self.allowed is None or value in self.allowed)


class Row(NamedTuple):
    """low ≤ Σ coefficient · cell + constant ≤ high. None is unbounded (≤ and ≥); `total` is the composed side's cell."""

    terms: tuple[tuple[int, int], ...]
    constant: int
    low: int | None
    high: int | None
    total: int | None = None

    def holds(self, residual: int) -> bool:
        """Whether a residual lies within what rounding allows."""
        return (self.low is None or self.low <= residual) and (self.high is None or residual <= self.high)


class Option(NamedTuple):
    """One reading: all its rows. `usual`: closing under it is a pass, not a matter to confirm."""

    rows: tuple[Row, ...]
    usual: bool = True


class Constraint(NamedTuple):
    """A rule in one row of entities. `soft`: a sentence, which may repeat a wrong cell."""

    key: Key
    options: tuple[Option, ...]
    violated: bool = False
    hard: bool = True
    soft: bool = False

    @property
    def cells(self) -> frozenset[int]:
        """Every cell that any reading names."""
        return frozenset(cell for option in self.options for row in option.rows for cell, _ in row.terms)

    @property
    def is_copy(self) -> bool:
        """Whether it says that two cells print one fact."""
        return all(len(row.terms) == _PAIR and not row.constant for option in self.options for row in option.rows)

    @property
    def totals(self) -> frozenset[int]:
        """The composed sides."""
        return frozenset(row.total for option in self.options for row in option.rows if row.total is not None)


class Network:
    """Cells and constraints of one report, with the residuals as printed. `exact`: its sums close to the last digit."""

    def __init__(self, cells: list[Cell], constraints: Iterable[Constraint], *, exact: bool = False) -> None:
        self.cells = cells
        self.is_exact = exact
        self.constraints = list(constraints)
        self.values = [cell.value for cell in cells]
        self.residuals: dict[Row, int] = {}
        self.touching: dict[int, list[int]] = {}
        self.members: list[frozenset[int]] = []
        for number, constraint in enumerate(self.constraints):
            self.members.append(constraint.cells)
            for cell in self.members[number]:
                self.touching.setdefault(cell, []).append(number)
        self._closed: dict[int, tuple[bool, bool]] = {}

    def residual(self, row: Row) -> int:
        """Σ coefficient · cell + constant as printed."""
        found = self.residuals.get(row)
        if found is None:
            found = sum((c * self.values[cell] for cell, c in row.terms), row.constant)
            self.residuals[row] = found
        return found

    def holds(self, row: Row, changes: Changes) -> bool:
        """Whether a row closes after some cells changed by so much."""
        moved = sum(c * changes[cell] for cell, c in row.terms if cell in changes)
        return row.holds(self.residual(row) + moved)

    def closes(self, constraint: Constraint, changes: Changes, *, usual: bool = False) -> bool:
        """Whether some reading closes; `usual`: one that needs no confirmation."""
        return any(
            (option.usual or not usual) and all(self.holds(row, changes) for row in option.rows)
            for option in constraint.options
        )

    def was_closed(self, number: int) -> tuple[bool, bool]:
        """Whether a constraint closes as printed: under some reading, under a usual one."""
        found = self._closed.get(number)
        if found is None:
            constraint = self.constraints[number]
            found = (self.closes(constraint, {}), self.closes(constraint, {}, usual=True))
            self._closed[number] = found
        return found

    def broken_by(self, changes: Changes) -> list[int]:
        """Constraints that close as printed and would no longer."""
        touched = dict.fromkeys(number for cell in changes for number in self.touching.get(cell, ()))
        return [number for number in touched if self._breaks(number, changes)]

    def _breaks(self, number: int, changes: Changes) -> bool:
        closed, usual = self.was_closed(number)
        return closed and not self.closes(self.constraints[number], changes, usual=usual)
