"""The seven kinds of a criterion and the three questions each of them answers.

    linear_excess      ≤100% 得5分，每超过1个百分点扣0.5分      Linear("linear_excess", base 1, full 5, points 0.5, step 0.01)
    linear_shortfall   每低于100% 1个百分点扣0.1分               Linear("linear_shortfall", …)
    bands              95%（含）以上5分；85%（含）-95% 3分 …      Bands((Band(0.95, None, 5), Band(0.85, 0.95, 3), …))
    checklist_add      ①…1分；②…0.5分                          Checklist(((1,), (0.5,)))
    events_deduct      每出现一例扣1分                           Events(full 3, (1,))
    case               无结余3分；不超过上年2分；超过不得分       Case((Said("无结余", 3), …))
    none               定性、折算                               Unreadable()

score(span) gives what each reading allows, allowed() the scores that can occur (None: any between 0 and full),
inverse(score) the values that a claimed score admits to, by reading. Values are plain ratios: 95% is 0.95.
"""

from __future__ import annotations

import itertools
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal, NamedTuple

from gouji.validate.span import Span

ZERO = Decimal(0)
Kind = Literal["linear_excess", "linear_shortfall", "bands", "checklist_add", "events_deduct", "case", "none"]
Reading = Literal["floor", "ceil", "proportional", "exact"]
_MOST_SUMS = 4096


class Range(NamedTuple):
    """Values between two ends; None is unbounded, an open end does not belong to it."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Decimal) -> bool:
        """Whether a value lies in it."""
        above = self.low is None or (value > self.low if self.low_open else value >= self.low)
        below = self.high is None or (value < self.high if self.high_open else value <= self.high)
        return above and below

    def meets(self, span: Span) -> bool:
        """Whether a span of values shares a point with it."""
        above = self.low is None or (span.high > self.low if self.low_open else span.high >= self.low)
        below = self.high is None or (span.low < self.high if self.high_open else span.low <= self.high)
        return above and below


class Scores(NamedTuple):
    """What one reading of a criterion gives: points from low to high."""

    reading: Reading
    low: Decimal
    high: Decimal

    def holds(self, claim: Decimal, half: Decimal = ZERO) -> bool:
        """Whether a printed score may be one of them; `half` is half a step of its last digit."""
        return self.low - half <= claim <= self.high + half


class Implied(NamedTuple):
    """The values that a claimed score admits to under one reading."""

    reading: Reading
    range: Range


class Linear(NamedTuple):
    """`points` off for every `step` beyond the base. `base` None: the text does not say from where it counts."""

    kind: Literal["linear_excess", "linear_shortfall"]
    base: Decimal | None
    full: Decimal
    points: Decimal
    step: Decimal

    def score(self, span: Span) -> tuple[Scores, ...]:
        """Points by whole steps, by begun steps and in proportion; none where the base is unsaid."""
        if self.base is None:
            return ()
        near, far = sorted((self._beyond(span.low), self._beyond(span.high)))
        return tuple(
            Scores(reading, self._points(far, reading), self._points(near, reading))
            for reading in ("floor", "ceil", "proportional")
        )

    def allowed(self) -> None:
        """In proportion any score can occur."""

    def inverse(self, score: Decimal, half: Decimal = ZERO) -> tuple[Implied, ...]:
        """The three readings' ranges; a reading that cannot give this score is left out."""
        if self.base is None or not ZERO <= score <= self.full:
            return ()
        steps = (self.full - score) / self.points
        found = [self._whole(steps, score), self._begun(steps, score), self._in_proportion(score, half)]
        return tuple(self._placed(item) for item in found if item is not None)

    def _beyond(self, value: Decimal) -> Decimal:
        """How far a value lies on the wrong side of the base, in steps."""
        assert self.base is not None  # noqa: S101 - the callers looked
        gap = value - self.base if self.kind == "linear_excess" else self.base - value
        return max(gap, ZERO) / self.step

    def _points(self, steps: Decimal, reading: Reading) -> Decimal:
        counted = steps
        if reading == "floor":
            counted = steps.to_integral_value(ROUND_FLOOR)
        elif reading == "ceil":
            counted = steps.to_integral_value(ROUND_CEILING)
        return max(self.full - self.points * counted, ZERO)

    def _whole(self, steps: Decimal, score: Decimal) -> Implied | None:
        """[n, n+1) steps; a score of 0 also everything beyond."""
        if score == 0:
            return Implied("floor", Range(steps.to_integral_value(ROUND_CEILING), None))
        if steps != steps.to_integral_value():
            return None
        return Implied("floor", Range(steps or None, steps + 1, high_open=True))

    def _begun(self, steps: Decimal, score: Decimal) -> Implied | None:
        """(n−1, n] steps."""
        if score == 0:
            return Implied("ceil", Range(steps.to_integral_value(ROUND_CEILING) - 1, None, low_open=True))
        if steps != steps.to_integral_value():
            return None
        return Implied("ceil", Range(steps - 1 if steps else None, steps, low_open=bool(steps)))

    def _in_proportion(self, score: Decimal, half: Decimal) -> Implied:
        low = (self.full - score - half) / self.points
        high = (self.full - score + half) / self.points
        least = low if low > 0 else None
        return Implied("proportional", Range(least, None if score <= half else high))

    def _placed(self, implied: Implied) -> Implied:
        """Steps beyond the base → values."""
        assert self.base is not None  # noqa: S101 - the callers looked
        low, high, low_open, high_open = implied.range
        sign = 1 if self.kind == "linear_excess" else -1
        ends = [None if end is None else self.base + sign * self.step * end for end in (low, high)]
        if sign > 0:
            return Implied(implied.reading, Range(ends[0], ends[1], low_open, high_open))
        return Implied(implied.reading, Range(ends[1], ends[0], high_open, low_open))


class BandScore(NamedTuple):
    """The points of one band."""

    range: Range
    points: Decimal


class Bands(NamedTuple):
    """Bands from low to high. `faults`: gaps and overlaps, an error of the criterion."""

    bands: tuple[BandScore, ...]
    faults: tuple[str, ...] = ()
    kind: Literal["bands"] = "bands"

    @property
    def complete(self) -> bool:
        """Whether nothing is left open above and below: a band from the top, one from the bottom."""
        return self.bands[-1].range.high is None and self.bands[0].range.low in (None, ZERO) and not self.faults

    def score(self, span: Span) -> tuple[Scores, ...]:
        """The points of every band the span touches; none where a part of it lies in no band."""
        met = [band for band in self.bands if band.range.meets(span)]
        ends = (span.low, span.high)
        if not all(any(band.range.holds(end) for band in met) for end in ends):
            return ()
        return tuple(Scores("exact", band.points, band.points) for band in met)

    def allowed(self) -> tuple[Decimal, ...] | None:
        """The points of the bands; None where values may lie in no band."""
        return tuple(sorted({band.points for band in self.bands})) if self.complete else None

    def inverse(self, score: Decimal, half: Decimal = ZERO) -> tuple[Implied, ...]:
        """The bands with these points."""
        del half
        return tuple(Implied("exact", band.range) for band in self.bands if band.points == score)


class Checklist(NamedTuple):
    """Items that add up; an item's points are alternatives of each other."""

    items: tuple[tuple[Decimal, ...], ...]
    kind: Literal["checklist_add"] = "checklist_add"

    @property
    def full(self) -> Decimal:
        """All items met."""
        return sum((max(item) for item in self.items), ZERO)

    def allowed(self) -> tuple[Decimal, ...] | None:
        """Every sum of the items; None where there are too many."""
        sums = {ZERO}
        for item in self.items:
            sums |= {total + points for total, points in itertools.product(sums, item)}
            if len(sums) > _MOST_SUMS:
                return None
        return tuple(sorted(sums))


class Events(NamedTuple):
    """`points` off for each event, down to 0; several kinds of events may be named."""

    full: Decimal
    points: tuple[Decimal, ...]
    kind: Literal["events_deduct"] = "events_deduct"

    def allowed(self) -> tuple[Decimal, ...] | None:
        """What remains after any number of events; None where there are too many."""
        left = {self.full}
        queue = [self.full]
        while queue and len(left) <= _MOST_SUMS:
            rest = queue.pop()
            fresh = {max(rest - points, ZERO) for points in self.points} - left
            left |= fresh
            queue += fresh
        return tuple(sorted(left)) if len(left) <= _MOST_SUMS else None

    def times(self, score: Decimal) -> int | None:
        """How many events a score admits to; None where there are several kinds or no number of them gives it."""
        if len(self.points) != 1 or not ZERO < score <= self.full:
            return None
        events = (self.full - score) / self.points[0]
        return int(events) if events == events.to_integral_value() else None


class Said(NamedTuple):
    """A condition in words and its points."""

    text: str
    points: Decimal


class Case(NamedTuple):
    """Conditions in words, of which one holds."""

    cases: tuple[Said, ...]
    kind: Literal["case"] = "case"

    def allowed(self) -> tuple[Decimal, ...]:
        """The points of the conditions, and 0 where none holds."""
        return tuple(sorted({ZERO, *(case.points for case in self.cases)}))

    def admitted(self, score: Decimal) -> tuple[str, ...]:
        """The conditions that a score admits to."""
        return tuple(case.text for case in self.cases if case.points == score)


class Unreadable(NamedTuple):
    """No operational criterion: qualitative, converted from elsewhere, or an instruction. `partial`: some of it has points."""

    partial: bool = False
    kind: Literal["none"] = "none"


Criterion = Linear | Bands | Checklist | Events | Case | Unreadable
