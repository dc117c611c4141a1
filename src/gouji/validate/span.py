"""Interval arithmetic on printed numbers: a value, and how far below and above it the true one may lie.

603.03 万元   Span(low 6030250, mid 6030300, high 6030350) 元        one step of the last digit is 100 元
36 人         Span(36, 36, 36)                                       exact
95.10 %       Span(0.9505…, 0.951, 0.952…)                           percentages are often cut, not rounded
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from gouji.model.quantity import Quantity

ZERO = Decimal(0)
_HUNDRED = Decimal(100)


class Span(msgspec.Struct, frozen=True, gc=False):
    """low ≤ mid ≤ high, in base units."""

    low: Decimal
    mid: Decimal
    high: Decimal

    @property
    def slack(self) -> Decimal:
        """The larger of the two half widths."""
        return max(self.high - self.mid, self.mid - self.low)

    def meets(self, other: Span) -> bool:
        """Whether the two share a point."""
        return self.low <= other.high and other.low <= self.high


NOTHING = Span(ZERO, ZERO, ZERO)


def exact(value: Decimal) -> Span:
    """A number without rounding."""
    return Span(value, value, value)


def span_of(quantity: Quantity, half: Decimal | None = None) -> Span | None:
    """The span of a printed quantity in base units; None where a hedge leaves one end open. `half` replaces its half step."""
    factor = quantity.factor
    if quantity.unit is not None and quantity.unit.kind == "percent":
        return _span_of_percent(quantity)
    if quantity.low is not None or quantity.high is not None:
        if quantity.low is None or quantity.high is None:
            return None
        return Span(quantity.low * factor, quantity.value * factor, quantity.high * factor)
    step = (quantity.half_step if half is None else half) * factor
    mid = quantity.value * factor
    return Span(mid - step, mid, mid + step)


def _span_of_percent(quantity: Quantity) -> Span:
    half = quantity.half_step
    mid = quantity.value / _HUNDRED
    return Span(mid - half / _HUNDRED, mid, mid + 2 * half / _HUNDRED)


def add(left: Span, right: Span) -> Span:
    """left + right"""
    return Span(left.low + right.low, left.mid + right.mid, left.high + right.high)


def subtract(left: Span, right: Span) -> Span:
    """left − right"""
    return Span(left.low - right.high, left.mid - right.mid, left.high - right.low)


def negate(span: Span) -> Span:
    """−span"""
    return Span(-span.high, -span.mid, -span.low)


def multiply(left: Span, right: Span) -> Span:
    """left × right"""
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return Span(min(corners), left.mid * right.mid, max(corners))


def divide(left: Span, right: Span) -> Span | None:
    """left ÷ right; None where the divisor may be 0."""
    if right.low <= 0 <= right.high:
        return None
    corners = [a / b for a in (left.low, left.high) for b in (right.low, right.high)]
    return Span(min(corners), left.mid / right.mid, max(corners))


def absolute(span: Span) -> Span:
    """|span|"""
    if span.low >= 0:
        return span
    if span.high <= 0:
        return negate(span)
    return Span(ZERO, abs(span.mid), max(-span.low, span.high))
