"""Characters with their boxes → runs of text.

    boxes   ▯▯▯▯▯▯▭▭              advance × size of each character: a gap in them shows a space, blanks are not needed
    runs    [2345.6][万元]         a new one where the baseline, the size or the next box is elsewhere

Text at a right angle to the rest (in narrow heads of columns) is one run a column.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from gouji.readers.lattice.frame import Frame
from gouji.readers.lattice.sheet import Area, Run

APART = 0.16  # of the size: a gap that ends a run
BACK = 0.5  # of the size: a step back that ends a run
SHIFT = 0.25  # of the size: another baseline, or another size
ASCENT = 0.88  # of the size: how far a character's box stands above its baseline
BLANKS = frozenset(
    [*map(chr, range(33)), *"\x7f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff", *map(chr, range(0x2000, 0x2010))]
)
Found = tuple[Run, int]  # a run and the key of its first character


class Glyphs(NamedTuple):
    """Visible characters, the edges of their boxes, and the keys that their source has for them."""

    text: str
    lefts: tuple[float, ...]
    tops: list[float]
    rights: list[float]
    feet: list[float]
    keys: list[int]

    def cut(self, start: int, end: int, top: float, foot: float) -> Run:
        """The run of these characters, as high as told."""
        lefts = self.lefts[start:end]
        return Run(self.text[start:end], lefts[0], top, max(self.rights[start:end]), foot, lefts)


def areas_to_glyphs(text: str, areas: list[Area], keys: list[int]) -> Glyphs:
    """Characters whose boxes are at hand one by one."""
    lefts, tops, rights, feet = ([area[side] for area in areas] for side in range(4))
    return Glyphs(text, tuple(lefts), tops, rights, feet, keys)


def join_glyphs(glyphs: Glyphs) -> Iterator[Found]:
    """Characters that follow each other on one baseline."""
    for start, end in find_spans(glyphs):
        yield glyphs.cut(start, end, glyphs.tops[start], glyphs.feet[start]), glyphs.keys[start]


def find_spans(glyphs: Glyphs) -> Iterator[tuple[int, int]]:
    """Where each run begins and ends. Heights may count up or down the page."""
    starts: list[int] = []
    last_right = top = foot = back = apart = shift = 0.0
    places = range(len(glyphs.text))
    for at, x0, y0, x1, y1 in zip(places, glyphs.lefts, glyphs.tops, glyphs.rights, glyphs.feet, strict=True):
        is_near = back < x0 - last_right < apart
        last_right = x1
        # equal, nearly always
        if is_near and (y1 == foot or abs(y1 - foot) < shift) and (y0 == top or abs(y0 - top) < shift):
            continue
        starts.append(at)
        size, top, foot = abs(y1 - y0), y0, y1
        back, apart, shift = -BACK * size, APART * size, SHIFT * size
    return pairwise([*starts, len(glyphs.text)])


def turn_run(run: Run, frame: Frame, upright: Frame) -> Run:
    """A run that was read turned, as it stands on the upright page; it is one column."""
    corners = [upright.point(*frame.drawn(x, y)) for x in (run.x0, run.x1) for y in (run.y0, run.y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Run(run.text, min(xs), min(ys), max(xs), max(ys))
