"""Characters of a page → runs of text, upright as they are read.

    text    2 3 4 5 . 6 万 元      one call for the whole page
    boxes   ▯▯▯▯▯▯▭▭              advance × size of each character: a gap in them shows a space, blanks are not needed
    runs    [2345.6][万元]         a new one where the baseline, the size or the next box is elsewhere

Text at a right angle to the rest (in narrow heads of columns) is one run a column; any other slope is a watermark's.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from itertools import repeat
from operator import itemgetter
from struct import iter_unpack
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from gouji.readers.lattice.lines import WIDE_FROM
from gouji.readers.lattice.sheet import Run
from gouji.readers.pdf.frame import Frame, angle_to_quarter

Handle = Any  # a pointer of the C library
SAMPLES = 24  # characters asked for their angle
MAJORITY = 0.6
APART = 0.16  # of the size: a gap that ends a run
BACK = 0.5  # of the size: a step back that ends a run
SHIFT = 0.25  # of the size: another baseline, or another size
TINY = 0.5  # points: no text is so small; the box of a turned character is
ASCENT = 0.88  # of the size: how far a character's box stands above its baseline
SCALED = (0.7, 1.4)  # times the box: outside of it the type is not set in its own size but scaled
UNKNOWN = "\ufffd"
Glyph = tuple[str, float, float, float, float, int]  # character, box as read, index


class Text(NamedTuple):
    """Runs of a page with the index of their first character, turned ones apart; characters, and those without code."""

    runs: list[tuple[Run, int]]
    slanted: list[tuple[Run, int]]
    count: int
    unknown: int


class TextReader:
    """Reads the characters of one page."""

    def __init__(self, textpage: Handle, frame: Frame) -> None:
        self._page = textpage
        self._text = read_characters(textpage)
        self._origin = (ctypes.c_double(), ctypes.c_double())
        self._visible = [index for index, char in enumerate(self._text) if char > " " and not char.isspace()]
        self.frame = Frame(frame.left, frame.bottom, frame.right, frame.top, self._find_quarter())

    def _find_quarter(self) -> int:
        """Quarter turns of most of the text."""
        step = max(1, len(self._visible) // SAMPLES)
        quarters = Counter(self._read_quarter(index) for index in self._visible[::step])
        quarter, votes = quarters.most_common(1)[0] if quarters else (0, 0)
        return quarter if quarter and votes >= MAJORITY * quarters.total() else 0

    def _read_quarter(self, index: int) -> int | None:
        return angle_to_quarter(pdfium_c.FPDFText_GetCharAngle(self._page, index))

    def read(self) -> Text:
        """All runs."""
        if self.frame.quarter:
            return self._sort_runs(list(join_glyphs(self._read_turned(self._visible, self.frame))))
        glyphs, flat = self._read_boxes()
        runs = [(self._stand(run, index), index) for run, index in join_glyphs(glyphs)]
        return self._sort_runs([*runs, *self._read_flat(flat)])

    def _stand(self, run: Run, index: int) -> Run:
        """The run with the box of its type on its baseline; that of its ink differs from character to character."""
        size = pdfium_c.FPDFText_GetFontSize(self._page, index)
        if not SCALED[0] * run.size <= size <= SCALED[1] * run.size:
            size = self._read_size(index)
        x, y = self._origin
        pdfium_c.FPDFText_GetCharOrigin(self._page, index, x, y)
        foot = self.frame.top - y.value + (1 - ASCENT) * size
        return Run(run.text, run.x0, foot - size, run.x1, foot, run.lefts)

    def _read_size(self, index: int) -> float:
        """Size of a character as printed."""
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetMatrix(self._page, index, matrix)
        return float(pdfium_c.FPDFText_GetFontSize(self._page, index) * math.hypot(matrix.a, matrix.b))

    def _read_boxes(self) -> tuple[list[Glyph], list[int]]:
        """Upright characters with their boxes, and the indices of those whose boxes have no height."""
        count = len(self._text)
        boxes = (pdfium_c.FS_RECTF * count)()
        for _ in map(pdfium_c.FPDFText_GetLooseCharBox, repeat(self._page), range(count), boxes):
            pass
        left, top = self.frame.left, self.frame.top
        flat: list[int] = []
        glyphs: list[Glyph] = []
        for index, (char, (x0, y1, x1, y0)) in enumerate(zip(self._text, iter_unpack("4f", boxes), strict=True)):
            if char <= " " or char.isspace():
                continue
            if y1 - y0 < TINY:
                flat.append(index)
            else:
                glyphs.append((char, x0 - left, top - y1, x1 - left, top - y0, index))
        return glyphs, flat

    def _read_flat(self, indices: list[int]) -> Iterator[tuple[Run, int]]:
        """Runs of characters at a right angle; each is one run with the box of its column."""
        for quarter in (1, 3):
            frame = Frame(self.frame.left, self.frame.bottom, self.frame.right, self.frame.top, quarter)
            chosen = [index for index in indices if self._read_quarter(index) == quarter]
            for run, index in join_glyphs(self._read_turned(chosen, frame)):
                yield turn_run(run, frame, self.frame), index

    def _read_turned(self, indices: list[int], frame: Frame) -> list[Glyph]:
        """Characters of turned text with their boxes as read."""
        return [self._read_glyph(index, frame) for index in indices]

    def _read_glyph(self, index: int, frame: Frame) -> Glyph:
        numbers = [ctypes.c_double() for _ in range(4)]
        pdfium_c.FPDFText_GetCharBox(self._page, index, *numbers)
        left, right, bottom, top = (number.value for number in numbers)
        ink = frame.area(left, bottom, right, top)
        x, y = self._origin
        pdfium_c.FPDFText_GetCharOrigin(self._page, index, x, y)
        x0, foot = frame.point(x.value, y.value)
        size = self._read_size(index)
        char = self._text[index]
        x1 = max(ink.x1, x0 + size) if char >= WIDE_FROM else max(ink.x1, x0 + size / 4)
        return char, x0, foot - ASCENT * size, x1, foot + (1 - ASCENT) * size, index

    def _sort_runs(self, found: list[tuple[Run, int]]) -> Text:
        """Level runs and slanted ones; runs of characters without a code are made unreadable rather than wrong."""
        runs: list[tuple[Run, int]] = []
        slanted: list[tuple[Run, int]] = []
        unknown = 0
        for run, index in found:
            if len(run.text) <= 2 and self._is_slanted(index):  # noqa: PLR2004 - a slope breaks runs up
                slanted.append((run, index))
            elif pdfium_c.FPDFText_HasUnicodeMapError(self._page, index) == 1:
                unknown += len(run.text)
                runs.append((run._replace(text=UNKNOWN * len(run.text)), index))
            else:
                runs.append((run, index))
        return Text(runs, slanted, len(self._visible), unknown)

    def _is_slanted(self, index: int) -> bool:
        return self._read_quarter(index) is None

    def read_colour(self, index: int) -> tuple[int, int, int, int]:
        """Red, green, blue and opacity of a character, of 255 each."""
        colours = [ctypes.c_uint() for _ in range(4)]
        if not pdfium_c.FPDFText_GetFillColor(self._page, index, *colours):
            return 0, 0, 0, 255
        red, green, blue, alpha = (colour.value for colour in colours)
        return red, green, blue, alpha


def read_characters(textpage: Handle) -> str:
    """The characters of the page, one for each index."""
    count = pdfium_c.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (2 * count + 1))()
    written = pdfium_c.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    codes = [pdfium_c.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    return "".join([chr(code) if is_character(code) else UNKNOWN if code > 0x10FFFF else " " for code in codes])


def is_character(code: int) -> bool:
    """Whether a code stands for something printed."""
    return 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and code != 0xFFFE  # noqa: PLR2004 - code points


def join_glyphs(glyphs: list[Glyph]) -> Iterator[tuple[Run, int]]:
    """Characters that follow each other on one baseline, with the index of the first."""
    start = 0
    last_right = top = foot = size = 0.0
    for at, (_, x0, y0, x1, y1, _) in enumerate(glyphs):
        if at > start:
            gap = x0 - last_right
            if -BACK * size < gap < APART * size and abs(y1 - foot) < SHIFT * size and abs(y0 - top) < SHIFT * size:
                last_right = x1
                continue
            yield glyphs_to_run(glyphs[start:at])
        start, last_right, top, foot, size = at, x1, y0, y1, y1 - y0
    if glyphs:
        yield glyphs_to_run(glyphs[start:])


_left_of = itemgetter(1)


def glyphs_to_run(glyphs: list[Glyph]) -> tuple[Run, int]:
    """A run of at least one character."""
    text, lefts, tops, rights, feet, indices = zip(*glyphs, strict=True)
    return Run("".join(text), lefts[0], tops[0], max(rights), feet[0], lefts), indices[0]


def turn_run(run: Run, frame: Frame, upright: Frame) -> Run:
    """A run that was read turned, as it stands on the upright page."""
    corners = [turn_point(x, y, frame, upright) for x in (run.x0, run.x1) for y in (run.y0, run.y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Run(run.text, min(xs), min(ys), max(xs), max(ys))


def turn_point(x: float, y: float, frame: Frame, upright: Frame) -> tuple[float, float]:
    """A point read in one frame, in the other: the frames of quarters 1 and 3 as `Frame.point` has them."""
    drawn = (y + frame.left, x + frame.bottom) if frame.quarter == 1 else (frame.right - y, frame.top - x)
    return upright.point(*drawn)
