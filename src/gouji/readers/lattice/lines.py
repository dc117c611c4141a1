"""Runs of text → lines as printed, each knowing the frame (cell or column) that it had to fit in.

frame  │←left                              right→│
line   │    [基本支出共][1988.30][万元，分为人员支│      runs side by side, a space where a gap shows one
       │    x0                               x1  │
"""

from __future__ import annotations

import re
from operator import attrgetter

import msgspec

from gouji.readers.lattice.sheet import Area, Run, Sheet, bound_areas, run_lefts

OVERLAP = 0.4  # share of the smaller height in which two runs must overlap to be of one line
GAP_NARROW = 0.18  # of the size: between letters or digits this is a space
GAP_WIDE = 0.42  # between Chinese characters, or where Chinese meets digits (which stand apart without a space)
RAISED_SIZE = 0.8  # of the tallest type of the line
RAISED_FOOT = 0.15
TWICE = 0.15  # of the size: the same character this near is printed twice to look bold
BEFORE = 0.3  # of the size: a run that begins so much before the last one ends overlaps it
MIXED = 0.25  # of the size: blank that is set between Chinese and digits
WIDE_FROM = "\u2e80"  # characters from here on take a full square

OPENING = "（(［[｛{“‘《〈「『【〔"
CLOSING = "，。．、；：！？）］｝”’》〉」』】〕％…,.;:!?)]}%‰℃"
# What cannot be parted at the end of a line: opening marks, a word or number or one character, closing marks.
HEAD = re.compile(rf"[{re.escape(OPENING)}]*(?:[0-9A-Za-z.,/+\-&@_']+|.)[{re.escape(CLOSING)}]*", re.DOTALL)


class Line(msgspec.Struct, frozen=True, gc=False):
    """A printed line; `left` and `right` bound the frame it stands in, `raised` are small raised pieces of the text."""

    text: str
    lefts: tuple[float, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    sheet: Sheet
    left: float
    right: float
    raised: tuple[tuple[int, int], ...] = ()

    @property
    def area(self) -> Area:
        return Area(self.x0, self.y0, self.x1, self.y1)


def runs_to_lines(runs: list[Run], sheet: Sheet, left: float, right: float) -> list[Line]:
    """Lines from top to bottom."""
    return [join_runs(row, sheet, left, right) for row in group_rows(runs)]


def group_rows(runs: list[Run]) -> list[list[Run]]:
    """Runs that stand beside each other, from top to bottom."""
    if len(runs) <= 1:
        return [runs] if runs else []
    rows: list[list[Run]] = []
    top = bottom = 0.0  # of the tallest run in the row: a raised figure must not stretch it
    for run in sorted(runs, key=_centre):
        y0, y1 = run.y0, run.y1
        own, height = y1 - y0, bottom - top
        shared = (y1 if y1 < bottom else bottom) - (y0 if y0 > top else top)  # noqa: FURB136 - calls cost: all runs pass here
        if rows and shared >= OVERLAP * (own if own < height else height):  # noqa: FURB136 - as above
            rows[-1].append(run)
            if own > height:
                top, bottom = y0, y1
        else:
            rows.append([run])
            top, bottom = y0, y1
    return rows


def _centre(run: Run) -> float:
    return run.y0 + run.y1


_left_edge = attrgetter("x0")


def join_runs(runs: list[Run], sheet: Sheet, left: float, right: float) -> Line:
    """One line from runs side by side."""
    if len(runs) == 1:
        first = runs[0]
        lefts = first.lefts or run_lefts(first)
        y0, y1 = first.y0, first.y1
        return Line(first.text, lefts, first.x0, y0, first.x1, y1, y1 - y0, sheet, left, right)
    runs.sort(key=_left_edge)
    last = tallest = runs[0]
    text, edges = last.text, list(last.lefts or run_lefts(last))
    spans = [(last, 0)]
    for run in runs[1:]:
        if run.x0 < last.x1 - BEFORE * (run.y1 - run.y0):
            run = drop_twins(last, run)  # noqa: PLW2901 - the rest of it
            if not run.text:
                continue
        if is_space(last, run):
            text += " "
            edges.append(last.x1)
        spans.append((run, len(text)))
        text += run.text
        edges += run.lefts or run_lefts(run)
        tallest = run if run.y1 - run.y0 > tallest.y1 - tallest.y0 else tallest
        last = run
    raised = tuple([(at, at + len(run.text)) for run, at in spans if is_raised(run, tallest)])
    return Line(text, tuple(edges), *bound_areas(runs), tallest.size, sheet, left, right, raised)


def drop_twins(last: Run, run: Run) -> Run:
    """What of a run is not printed a second time over the run before, a little aside, to look bold."""
    twins = list(zip(last.text, run_lefts(last), strict=True))
    kept = [
        (char, left)
        for char, left in zip(run.text, run_lefts(run), strict=True)
        if not any(char == twin and abs(left - at) < TWICE * run.size for twin, at in twins)
    ]
    if not kept:
        return Run("", run.x0, run.y0, run.x1, run.y1)
    lefts = tuple([left for _, left in kept])
    return Run("".join([char for char, _ in kept]), lefts[0], run.y0, run.x1, run.y1, lefts)


def is_raised(run: Run, tallest: Run) -> bool:
    """Whether a run is small and stands above the foot of its line, as the mark of a footnote does."""
    height = tallest.y1 - tallest.y0
    return run.y1 - run.y0 < RAISED_SIZE * height and tallest.y1 - run.y1 > RAISED_FOOT * height


def is_space(before: Run, after: Run) -> bool:
    """Whether the gap between two runs shows a space."""
    gap = after.x0 - before.x1
    size = min(before.y1 - before.y0, after.y1 - after.y0)
    if gap <= GAP_NARROW * size:
        return False
    is_narrow = before.text[-1] < WIDE_FROM and after.text[0] < WIDE_FROM
    return is_narrow or gap > GAP_WIDE * size


def measure_head(before: Line, line: Line) -> float:
    """Width that the first piece of a line would have taken behind the line before."""
    match = HEAD.match(line.text)
    end = match.end() if match else 1
    width = (line.lefts[end] if end < len(line.lefts) else line.x1) - line.x0
    is_mixed = (before.text[-1] < WIDE_FROM) != (line.text[0] < WIDE_FROM)
    return width + MIXED * line.size if is_mixed else width


def measure_tail(line: Line, length: int) -> float:
    """Width of the last characters."""
    return line.x1 - line.lefts[-length]
