"""Characters with their boxes → runs of text.

    boxes   ▯▯▯▯▯▯▭▭              advance × size of each character: a gap in them shows a space, blanks are not needed
    runs    [2345.6][万元]         a new one where the baseline, the size or the next box is elsewhere

Text at a right angle to the rest (in narrow heads of columns) is one run a column.
"""

from __future__ import annotations

from collections.abc import Iterator

from gouji.readers.lattice.frame import Frame
from gouji.readers.lattice.sheet import Run

APART = 0.16  # of the size: a gap that ends a run
BACK = 0.5  # of the size: a step back that ends a run
SHIFT = 0.25  # of the size: another baseline, or another size
ASCENT = 0.88  # of the size: how far a character's box stands above its baseline
BLANKS = frozenset(
    [*map(chr, range(33)), *"\x7f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff", *map(chr, range(0x2000, 0x2010))]
)
Glyph = tuple[str, float, float, float, float, int]  # character, box, index
Found = tuple[Run, tuple[int, ...]]  # a run and the indices of its characters


def join_glyphs(glyphs: list[Glyph]) -> Iterator[Found]:
    """Characters that follow each other on one baseline."""
    start = 0
    last_right = top = foot = back = apart = shift = 0.0
    for at, (_, x0, y0, x1, y1, _) in enumerate(glyphs):
        if at > start:
            gap = x0 - last_right
            if back < gap < apart and -shift < y1 - foot < shift and -shift < y0 - top < shift:
                last_right = x1
                continue
            yield glyphs_to_run(glyphs[start:at])
        size = y1 - y0
        start, last_right, top, foot = at, x1, y0, y1
        back, apart, shift = -BACK * size, APART * size, SHIFT * size
    if glyphs:
        yield glyphs_to_run(glyphs[start:])


def glyphs_to_run(glyphs: list[Glyph]) -> Found:
    """A run of at least one character."""
    text, lefts, tops, rights, feet, indices = zip(*glyphs, strict=True)
    return Run("".join(text), lefts[0], tops[0], max(rights), feet[0], lefts), indices


def turn_run(run: Run, frame: Frame, upright: Frame) -> Run:
    """A run that was read turned, as it stands on the upright page; it is one column."""
    corners = [upright.point(*frame.drawn(x, y)) for x in (run.x0, run.x1) for y in (run.y0, run.y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Run(run.text, min(xs), min(ys), max(xs), max(ys))
