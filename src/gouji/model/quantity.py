"""Numbers as printed: value, unit, accuracy.

A number printed with d decimals stands for the interval value ± ½·10⁻ᵈ in its own unit (XBRL Calculations
1.1). Counts of people, documents and points printed without decimals are exact. Never a float.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

UnitKind = Literal["money", "percent", "people", "points", "count", "area", "ratio"]
State = Literal["value", "zero", "blank", "none", "missing", "unreadable", "withheld"]
STATES: tuple[State, ...] = ("value", "zero", "blank", "none", "missing", "unreadable", "withheld")
_HALF = Decimal("0.5")


class Unit(msgspec.Struct, frozen=True):
    """A unit of measure; `factor` leads to the base unit of its kind (万元 → 10000 元)."""

    name: str
    kind: UnitKind
    factor: Decimal = Decimal(1)


class Interval(msgspec.Struct, frozen=True):
    """A closed interval; None is unbounded."""

    low: Decimal | None
    high: Decimal | None

    def meets(self, other: Interval) -> bool:
        """Whether the two share a point."""
        below = self.high is not None and other.low is not None and self.high < other.low
        above = self.low is not None and other.high is not None and self.low > other.high
        return not (below or above)


class Quantity(msgspec.Struct, frozen=True):
    """A printed number. `decimals=None` means exact. `low`/`high` only bound a hedged number (50余, 近, 以上)."""

    value: Decimal
    unit: Unit | None = None
    decimals: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def half_step(self) -> Decimal:
        """Half a step of the last printed digit, 0 where exact."""
        return Decimal(0) if self.decimals is None else _HALF.scaleb(-self.decimals)

    @property
    def interval(self) -> Interval:
        """Where the true value may lie, in the printed unit."""
        if self.low is not None or self.high is not None:
            return Interval(self.low, self.high)
        return Interval(self.value - self.half_step, self.value + self.half_step)

    @property
    def factor(self) -> Decimal:
        """What one printed unit is worth in the base unit of its kind."""
        return self.unit.factor if self.unit is not None else Decimal(1)

    @property
    def base_value(self) -> Decimal:
        """The value in base units (money: 元)."""
        return self.value * self.factor
