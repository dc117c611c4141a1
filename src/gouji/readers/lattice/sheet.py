"""What the lattice is laid over: the rules and the text of a page, wherever they come from.

    PDF objects ┐
    OFD objects ├─→ Sheet(rules across, rules down, runs of text) ─→ tables and paragraphs
    OCR, lines  ┘

This is the seam for a recogniser of scans: detect lines (`Rule`), read text (`Run`, without `lefts` where only the box
of a word or line is known), hand the sheets to `sheets_to_parts`. Nothing else in this folder knows a file format.

Coordinates are points from the top left corner of the page *as its text is read*. A page whose text runs up or down is
read turned, and `turn` says how to get back to the page as shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from gouji.model.document import Box

TINY = 0.1  # points: no type is smaller, whatever a file says
WHOLE = 1.5 * 2.0**52  # beside a number so large no fraction has room


class Rule(NamedTuple):
    """A line across (at = y, from x to x) or down (at = x, from y to y) the page."""

    at: float
    start: float
    end: float


class Run(msgspec.Struct, frozen=True, gc=False):
    """Text on one baseline. `lefts` are the left edges of its characters; without them they share the box evenly."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    lefts: tuple[float, ...] = ()

    @property
    def size(self) -> float:
        """Height of the characters' box, which is the size of the type."""
        return self.y1 - self.y0


class Sheet(NamedTuple):
    """A page: number from 1, size as read, quarter turns back to the page as shown, rules, runs."""

    number: int
    width: float
    height: float
    across: list[Rule]
    down: list[Rule]
    runs: list[Run]
    turn: int = 0


class Area(NamedTuple):
    """A rectangle on a sheet as it is read."""

    x0: float
    y0: float
    x1: float
    y1: float


class Bounded(Protocol):
    """A run, a line, a rectangle."""

    @property
    def x0(self) -> float: ...
    @property
    def y0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def y1(self) -> float: ...


def bound_areas(areas: Sequence[Bounded]) -> Area:
    """The smallest rectangle around at least one."""
    first = areas[0]
    x0, y0, x1, y1 = first.x0, first.y0, first.x1, first.y1
    for area in areas[1:]:  # mostly one or two, so lists of their sides would take longer
        x0 = min(x0, area.x0)
        y0 = min(y0, area.y0)
        x1 = max(x1, area.x1)
        y1 = max(y1, area.y1)
    return Area(x0, y0, x1, y1)


def area_to_box(area: tuple[float, float, float, float], sheet: Sheet) -> Box:
    """The rectangle on the page as it is shown, in points rounded to hundredths."""
    x0, y0, x1, y1 = area
    if sheet.turn == 1:
        x0, y0, x1, y1 = y0, sheet.width - x1, y1, sheet.width - x0
    elif sheet.turn == 2:  # noqa: PLR2004 - half a turn
        x0, y0, x1, y1 = sheet.width - x1, sheet.height - y1, sheet.width - x0, sheet.height - y0
    elif sheet.turn:
        x0, y0, x1, y1 = sheet.height - y1, x0, sheet.height - y0, x1
    # as round() does it, to the even neighbour, in a quarter of the time, and there are hundreds on a page
    return Box(
        sheet.number,
        (x0 * 100 + WHOLE - WHOLE) / 100,
        (y0 * 100 + WHOLE - WHOLE) / 100,
        (x1 * 100 + WHOLE - WHOLE) / 100,
        (y1 * 100 + WHOLE - WHOLE) / 100,
    )


def run_lefts(run: Run) -> tuple[float, ...]:
    """Left edge of each character."""
    if run.lefts:
        return run.lefts
    step = (run.x1 - run.x0) / max(1, len(run.text))
    return tuple([run.x0 + step * index for index in range(len(run.text))])


def cut_run(run: Run, edges: list[float]) -> list[Run]:
    """The pieces of a run that runs over these upright edges: a character belongs where its centre is."""
    lefts = run_lefts(run)
    ends = (*lefts[1:], run.x1)
    pieces: list[list[int]] = [[]]
    pending = sorted(edge for edge in edges if run.x0 < edge < run.x1)
    for index, (left, right) in enumerate(zip(lefts, ends, strict=True)):
        while pending and (left + right) / 2 > pending[0]:
            del pending[0]
            pieces.append([])
        pieces[-1].append(index)
    return [_take(run, lefts, ends, piece) for piece in pieces if piece]


def _take(run: Run, lefts: tuple[float, ...], ends: tuple[float, ...], piece: list[int]) -> Run:
    first, last = piece[0], piece[-1]
    return Run(run.text[first : last + 1], lefts[first], run.y0, ends[last], run.y1, lefts[first : last + 1])
