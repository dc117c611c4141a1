"""From the space that a page is drawn in to the page as its text is read.

drawn (y up)          text runs up: quarter 1        read (y down)
┌──────┐              ┌──────┐                       ┌────────────┐
│ 文字 │              │ ↑ 文 │                       │ 文字 →     │
└──────┘              └──────┘                       └────────────┘
"""

from __future__ import annotations

import math

import msgspec

from gouji.readers.lattice.sheet import Area

Matrix = tuple[float, float, float, float, float, float]
QUARTERS = 4


class Frame(msgspec.Struct, frozen=True):
    """The visible part of a page, and in how many quarter turns counter-clockwise its text runs."""

    left: float
    bottom: float
    right: float
    top: float
    quarter: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as read."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.quarter % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A drawn point as read."""
        if self.quarter == 0:
            return x - self.left, self.top - y
        if self.quarter == 1:
            return y - self.bottom, x - self.left
        if self.quarter == 2:  # noqa: PLR2004 - half a turn
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def drawn(self, x: float, y: float) -> tuple[float, float]:
        """The way back: a read point as drawn."""
        if self.quarter == 0:
            return x + self.left, self.top - y
        if self.quarter == 1:
            return y + self.left, x + self.bottom
        if self.quarter == 2:  # noqa: PLR2004 - half a turn
            return self.right - x, y + self.bottom
        return self.right - y, self.top - x

    def turned(self, quarter: int) -> Frame:
        """The same part of the page for text that runs otherwise."""
        return Frame(self.left, self.bottom, self.right, self.top, quarter)

    def area(self, x0: float, y0: float, x1: float, y1: float) -> Area:
        """A drawn rectangle as read."""
        if self.quarter == 0 and x0 <= x1 and y0 <= y1:
            return Area(x0 - self.left, self.top - y1, x1 - self.left, self.top - y0)
        ax, ay = self.point(x0, y0)
        bx, by = self.point(x1, y1)
        return Area(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def angle_to_quarter(angle: float) -> int | None:
    """Quarter turns counter-clockwise of an angle in radians, counted clockwise; None where it is none."""
    turns = -angle / (math.pi / 2)
    quarter = round(turns)
    return quarter % QUARTERS if abs(turns - quarter) < 0.04 else None  # noqa: PLR2004 - under four degrees


def combine(outer: Matrix | None, inner: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    big_a, big_b, big_c, big_d, big_e, big_f = outer
    return (
        big_a * a + big_c * b,
        big_b * a + big_d * b,
        big_a * c + big_c * d,
        big_b * c + big_d * d,
        big_a * e + big_c * f + big_e,
        big_b * e + big_d * f + big_f,
    )


def apply(matrix: Matrix | None, x: float, y: float) -> tuple[float, float]:
    """A point through a matrix."""
    if matrix is None:
        return x, y
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
