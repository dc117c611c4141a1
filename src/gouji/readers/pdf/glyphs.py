"""Characters of a page → runs of text, upright as they are read.

    text    2 3 4 5 . 6 万 元      one call for the whole page
    boxes   ▯▯▯▯▯▯▭▭              one call a visible character; size and baseline, one a run

A run of one or two characters may be a piece of turned or slanted text: only there the angle is asked.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from itertools import repeat
from struct import iter_unpack
from typing import NamedTuple

import pypdfium2.raw as pdfium_c

from gouji.readers.lattice.frame import Frame, angle_to_quarter
from gouji.readers.lattice.glyphs import ASCENT, BLANKS, Found, Glyph, join_glyphs, turn_run
from gouji.readers.lattice.lines import WIDE_FROM
from gouji.readers.lattice.sheet import Run
from gouji.readers.lattice.stamps import Colour
from gouji.readers.pdf.handle import Handle

SAMPLES = 24  # characters asked for their angle
MAJORITY = 0.6
SCALED = (0.7, 1.4)  # times the box: outside of it the type is not set in its own size but scaled
INKLESS = 0.05  # points: thinner than any stroke
UNKNOWN = "\ufffd"


class Text(NamedTuple):
    """Runs of a page with the indices of their characters, slanted ones apart; characters, and those without code."""

    runs: list[Found]
    slanted: list[Found]
    total: int
    unknown: int


class TextReader:
    """Reads the characters of one page."""

    def __init__(self, textpage: Handle, frame: Frame) -> None:
        self._page = textpage
        self._text = read_characters(textpage)
        self._origin = (ctypes.c_double(), ctypes.c_double())
        self._visible = [index for index, char in enumerate(self._text) if char not in BLANKS]
        self.frame = frame.turned(self._find_quarter())

    def _find_quarter(self) -> int:
        """Quarter turns of most of the text."""
        step = max(1, len(self._visible) // SAMPLES)
        quarters = Counter(self._read_quarter(index) for index in self._visible[::step])
        quarter, votes = quarters.most_common(1)[0] if quarters else (0, 0)
        return quarter if quarter and votes >= MAJORITY * quarters.total() else 0

    def _read_quarter(self, index: int) -> int | None:
        angle = pdfium_c.FPDFText_GetCharAngle(self._page, index)
        return angle_to_quarter(angle) if angle else 0

    def read(self) -> Text:
        """All runs."""
        level, slanted, turned = self._sort_runs(join_glyphs(self._read_glyphs(self.frame)))
        for quarter, indices in turned.items():
            frame = self.frame.turned(quarter)
            found = join_glyphs([glyph for glyph in self._read_glyphs(frame) if glyph[-1] in indices])
            level += [(turn_run(run, frame, self.frame), chars) for run, chars in found]
        unknown = 0
        for at, (run, chars) in enumerate(level):
            if pdfium_c.FPDFText_HasUnicodeMapError(self._page, chars[0]) == 1:
                unknown += len(run.text)
                level[at] = (run._replace(text=UNKNOWN * len(run.text)), chars)
        return Text(level, slanted, len(self._visible), unknown)

    def _read_glyphs(self, frame: Frame) -> list[Glyph]:
        """Visible characters with their boxes as read: advance by size."""
        visible, text = self._visible, self._text
        boxes = (pdfium_c.FS_RECTF * len(visible))()
        deque(map(pdfium_c.FPDFText_GetLooseCharBox, repeat(self._page), visible, boxes), maxlen=0)
        drawn = zip(visible, iter_unpack("4f", boxes), strict=True)  # left, top, right, bottom
        if frame.quarter:
            return [(text[i], *frame.area(*box), i) for i, box in drawn]
        left, top = frame.left, frame.top
        return [(text[i], x0 - left, top - y1, x1 - left, top - y0, i) for i, (x0, y1, x1, y0) in drawn]

    def _sort_runs(self, runs: Iterator[Found]) -> tuple[list[Found], list[Found], dict[int, set[int]]]:
        """Level runs on their baselines, slanted ones, and the characters that stand at a right angle."""
        level: list[Found] = []
        slanted: list[Found] = []
        turned: defaultdict[int, set[int]] = defaultdict(set)
        for run, chars in runs:
            # a slope or a turn breaks runs up
            quarter = self.frame.quarter if len(chars) > 2 else self._read_quarter(chars[0])  # noqa: PLR2004
            if quarter == self.frame.quarter:
                level.append((self._stand(run, chars[0]), chars))
            elif quarter is None:
                slanted.append((run, chars))
            else:
                turned[quarter].update(chars)
        return level, slanted, turned

    def _stand(self, run: Run, index: int) -> Run:
        """The run with the box of its type on its baseline; that of its ink differs from character to character."""
        size = pdfium_c.FPDFText_GetFontSize(self._page, index)
        if not SCALED[0] * run.size <= size <= SCALED[1] * run.size:
            size = self._read_size(index)
        x, y = self._origin
        pdfium_c.FPDFText_GetCharOrigin(self._page, index, x, y)
        frame = self.frame
        line = frame.point(x.value, y.value)[1] if frame.quarter else frame.top - y.value
        foot = line + (1 - ASCENT) * size
        return Run(run.text, run.x0, foot - size, run.x1, foot, run.lefts)

    def _read_size(self, index: int) -> float:
        """Size of a character as printed."""
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetMatrix(self._page, index, matrix)
        return float(pdfium_c.FPDFText_GetFontSize(self._page, index) * math.hypot(matrix.c, matrix.d))

    def lacks_glyphs(self) -> bool:
        """Whether some Chinese characters have no ink: their font is neither in the file nor on this machine."""
        wide = [index for index in self._visible if self._text[index] >= WIDE_FROM]
        numbers = [ctypes.c_double() for _ in range(4)]
        for index in wide[:: max(1, len(wide) // SAMPLES)]:
            has_box = pdfium_c.FPDFText_GetCharBox(self._page, index, *numbers)
            left, right, bottom, top = (number.value for number in numbers)
            if has_box and (right - left < INKLESS or top - bottom < INKLESS):
                return True
        return False

    def read_colour(self, index: int) -> Colour:
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
    return "".join([chr(code) if is_character(code) else UNKNOWN if code > sys.maxunicode else " " for code in codes])


def is_character(code: int) -> bool:
    """Whether a code stands for something printed."""
    return 0x20 <= code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF and code != 0xFFFE  # noqa: PLR2004 - code points
