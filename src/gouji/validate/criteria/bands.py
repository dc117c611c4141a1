"""Bands in printed order → bands from low to high, with the ends that the text left open given to one of two neighbours.

≥90% 5分；≥80% 4分；其他 …     a one-sided band ends where the next better one begins
=0 3分；0-10%（含）2分          0 belongs to the first
80-90% 4分；70-80% 3分          80 belongs to both: a fault of the criterion
"""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import NamedTuple

from gouji.validate.criteria.conditions import End, Ends
from gouji.validate.criteria.kinds import Bands, BandScore, Range


class Placed(NamedTuple):
    """A condition and its points."""

    ends: Ends
    points: Decimal


def settle_bands(placed: list[Placed]) -> Bands | None:
    """Bands without the ends that only their neighbours give; None where one of them holds nothing."""
    bounded = [Placed(_bounded(item.ends, placed), item.points) for item in placed]
    ordered = sorted(bounded, key=_order)
    settled = _settle_ends(ordered)
    bands = tuple(BandScore(_range_of(item.ends), item.points) for item in settled)
    if any(_is_empty(band.range) for band in bands):
        return None
    return Bands(bands, tuple(_faults(bands)))


def _bounded(ends: Ends, placed: list[Placed]) -> Ends:
    """≥80% beside ≥90%: up to 90%, less it. 10%以内 beside =0: above 0."""
    if ends.low is not None and ends.high is None:
        better = [p.ends.low for p in placed if p.ends.low is not None and p.ends.low.value > ends.low.value]
        nearest = min(better, key=lambda end: end.value, default=None)
        return ends if nearest is None else Ends(ends.low, _other_side(nearest))
    if ends.high is not None and ends.low is None:
        worse = [p.ends.high for p in placed if p.ends.high is not None and p.ends.high.value < ends.high.value]
        nearest = max(worse, key=lambda end: end.value, default=None)
        return ends if nearest is None else Ends(_other_side(nearest), ends.high)
    return ends


def _other_side(end: End) -> End:
    return End(end.value, None if end.closed is None else not end.closed)


def _order(item: Placed) -> tuple[Decimal, Decimal]:
    low, high = item.ends
    floor, ceiling = Decimal("-Infinity"), Decimal("Infinity")
    return (low.value if low else floor, high.value if high else ceiling)


def _settle_ends(ordered: list[Placed]) -> list[Placed]:
    """An end the text leaves open belongs to this band unless the neighbour has it."""
    settled = list(ordered)
    for position in range(len(settled) - 1):
        below, above = settled[position], settled[position + 1]
        high, low = below.ends.high, above.ends.low
        if high is None or low is None or high.value != low.value:
            continue
        if high.closed is None and low.closed is not None:
            high = End(high.value, not low.closed)
        elif low.closed is None and high.closed is not None:
            low = End(low.value, not high.closed)
        settled[position] = Placed(Ends(below.ends.low, high), below.points)
        settled[position + 1] = Placed(Ends(low, above.ends.high), above.points)
    return _close_outer_ends(settled)


def _close_outer_ends(settled: list[Placed]) -> list[Placed]:
    """100%-80%（含）: nobody said that 100% is out, and no band above takes it."""
    first, last = settled[0], settled[-1]
    if first.ends.low is not None and first.ends.low.assumed:
        settled[0] = Placed(Ends(End(first.ends.low.value, closed=True), first.ends.high), first.points)
    if last.ends.high is not None and last.ends.high.assumed:
        settled[-1] = Placed(Ends(settled[-1].ends.low, End(last.ends.high.value, closed=True)), last.points)
    return settled


def _range_of(ends: Ends) -> Range:
    low, high = ends
    return Range(
        low.value if low else None,
        high.value if high else None,
        low_open=low is not None and low.closed is False,
        high_open=high is not None and high.closed is False,
    )


def _is_empty(band: Range) -> bool:
    if band.low is None or band.high is None:
        return False
    return band.low > band.high or (band.low == band.high and (band.low_open or band.high_open))


def _faults(bands: tuple[BandScore, ...]) -> list[str]:
    """Gaps and overlaps between neighbours, in words."""
    found: list[str] = []
    for below, above in itertools.pairwise(bands):
        high, low = below.range.high, above.range.low
        if high is None or low is None:
            found.append("区间重叠")
        elif high < low:
            found.append(f"{percent(high)} 至 {percent(low)} 之间没有对应的分数")
        elif high > low:
            found.append(f"{percent(low)} 至 {percent(high)} 对应两种分数")
        elif below.range.high_open and above.range.low_open:
            found.append(f"恰为 {percent(high)} 时没有对应的分数")
        elif not below.range.high_open and not above.range.low_open:
            found.append(f"恰为 {percent(high)} 时对应两种分数")
    return found


def percent(value: Decimal) -> str:
    """0.95 → 95%"""
    scaled = round(value * 100, 3)
    return f"{format(scaled.normalize() if scaled else Decimal(0), 'f')}%"
