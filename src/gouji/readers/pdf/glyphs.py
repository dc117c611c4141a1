"""Characters of a page → runs of text, upright as they are read.

    text    2 3 4 5 . 6 万 元      one call for the whole page
    boxes   ▯▯▯▯▯▯▭▭              one call a visible character; size and baseline, one a run

A run of one or two characters may be a piece of turned or slanted text: only there the angle is asked.
"""

from __future__ import annotations

import math
import re
import sys
from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import repeat
from typing import NamedTuple

import pypdfium2.raw as pdfium_c
from msgspec.structs import replace

from gouji.readers.lattice.frame import Frame, angle_to_quarter
from gouji.readers.lattice.glyphs import (
    ASCENT,
    BLANKS,
    Found,
    Glyphs,
    areas_to_glyphs,
    find_spans,
    join_glyphs,
    turn_run,
)
from gouji.readers.lattice.lines import WIDE_FROM
from gouji.readers.lattice.stamps import Colour
from gouji.readers.pdf.handle import Handle, Room, declare

SAMPLES = 24  # characters asked for their angle
MAJORITY = 0.6
SCALED = (0.7, 1.4)  # times the box: outside of it the type is not set in its own size but scaled
INKLESS = 0.05  # points: thinner than any stroke
UNKNOWN = "\ufffd"
BLANK = re.compile(f"[{re.escape(''.join(BLANKS))}]+")
BOX, MATRIX = 4, 6  # numbers
FEW = 2  # characters: a slope or a turn breaks runs up

count_characters = declare(pdfium_c.FPDFText_CountChars)
get_text = declare(pdfium_c.FPDFText_GetText)
get_code = declare(pdfium_c.FPDFText_GetUnicode)
has_code_error = declare(pdfium_c.FPDFText_HasUnicodeMapError)
get_loose_box = declare(pdfium_c.FPDFText_GetLooseCharBox)
get_ink_box = declare(pdfium_c.FPDFText_GetCharBox)
get_origin = declare(pdfium_c.FPDFText_GetCharOrigin)
get_font_size = declare(pdfium_c.FPDFText_GetFontSize)
get_matrix = declare(pdfium_c.FPDFText_GetMatrix)
get_angle = declare(pdfium_c.FPDFText_GetCharAngle)
get_colour = declare(pdfium_c.FPDFText_GetFillColor)


class Text(NamedTuple):
    """Runs of a page with their first characters, slanted ones apart; count of characters, and of those without code."""

    runs: list[Found]
    slanted: list[Found]
    total: int
    unknown: int


class Rooms:
    """Where the library writes what it is asked of characters: boxes, matrices, and where they stand.

    Pages use the same rooms. Every index asked is one of the page's: no call fails and leaves what a page before wrote.
    """

    __slots__ = ("boxes", "matrices", "xs", "ys")

    def __init__(self) -> None:
        self.boxes = Room("f", 0, BOX)
        self.matrices = Room("f", 0, MATRIX)
        self.xs, self.ys = Room("d", 0), Room("d", 0)


class TextReader:
    """Reads the characters of one page."""

    def __init__(self, textpage: Handle, frame: Frame, rooms: Rooms) -> None:
        self._page = textpage
        self._rooms = rooms
        self._text = read_characters(textpage)
        self._visible = [index for index, char in enumerate(self._text) if char not in BLANKS]
        self.frame = frame.turned(self._find_quarter())

    def _find_quarter(self) -> int:
        """Quarter turns of most of the text."""
        step = max(1, len(self._visible) // SAMPLES)
        quarters = self._read_quarters(self._visible[::step])
        quarter = max(set(quarters), key=quarters.count, default=0)
        return quarter if quarter and quarters.count(quarter) >= MAJORITY * len(quarters) else 0

    def _read_quarters(self, indices: list[int]) -> list[int | None]:
        """Quarter turns of characters, None of slanted ones."""
        angles = map(get_angle, repeat(self._page), indices)
        return [angle_to_quarter(angle) if angle else 0 for angle in angles]

    def read(self) -> Text:
        """All runs."""
        glyphs = self._read_glyphs(self.frame, self._visible, BLANK.sub("", self._text))
        level, slanted, turned = self._sort_runs(glyphs)
        for quarter, indices in turned.items():
            frame = self.frame.turned(quarter)
            text = "".join([self._text[index] for index in sorted(indices)])
            found = join_glyphs(self._read_glyphs(frame, sorted(indices), text))
            level += [(turn_run(run, frame, self.frame), first) for run, first in found]
        unknown = 0
        errors = map(has_code_error, repeat(self._page), [first for _, first in level])
        for at in [at for at, error in enumerate(errors) if error == 1]:
            run, first = level[at]
            unknown += len(run.text)
            level[at] = (replace(run, text=UNKNOWN * len(run.text)), first)
        return Text(level, slanted, len(self._visible), unknown)

    def _read_glyphs(self, frame: Frame, indices: list[int], text: str) -> Glyphs:
        """These characters with their boxes as read, advance by size; upper and lower edges of upright ones as drawn."""
        boxes, end = self._rooms.boxes, BOX * len(indices)
        boxes.reserve(end)
        deque(map(get_loose_box, repeat(self._page), indices, boxes.places), maxlen=0)
        x0s, y1s, x1s, y0s = [boxes.numbers[side:end:BOX].tolist() for side in range(BOX)]
        if frame.quarter:
            return areas_to_glyphs(text, list(map(frame.area, x0s, y1s, x1s, y0s)), indices)
        left = frame.left
        if left:
            x0s, x1s = [x - left for x in x0s], [x - left for x in x1s]
        # to tell runs, heights are only compared: turning over each would take longer than comparing them
        return Glyphs(text, tuple(x0s), y1s, x1s, y0s, indices)

    def _sort_runs(self, glyphs: Glyphs) -> tuple[list[Found], list[Found], dict[int, list[int]]]:
        """Level runs on their baselines, slanted ones, and the characters that stand at a right angle."""
        level: list[Found] = []
        slanted: list[Found] = []
        turned: defaultdict[int, list[int]] = defaultdict(list)
        upright = self.frame.quarter
        spans = list(find_spans(glyphs))
        stands = self._find_stands(glyphs, [start for start, _ in spans])
        short = iter(self._read_quarters([glyphs.keys[start] for start, end in spans if end - start <= FEW]))
        for (start, end), stand in zip(spans, stands, strict=True):
            first = glyphs.keys[start]
            quarter = next(short) if end - start <= FEW else upright
            if quarter == upright:
                level.append((glyphs.cut(start, end, *stand), first))
            elif quarter is None:
                slanted.append((glyphs.cut(start, end, *self._find_edges(glyphs, start)), first))
            else:
                turned[quarter] += glyphs.keys[start:end]
        return level, slanted, turned

    def _find_edges(self, glyphs: Glyphs, at: int) -> tuple[float, float]:
        """Upper and lower edge of a character's box as read."""
        top, foot = glyphs.tops[at], glyphs.feet[at]
        return (top, foot) if self.frame.quarter else (self.frame.top - top, self.frame.top - foot)

    def _find_stands(self, glyphs: Glyphs, starts: list[int]) -> Iterator[tuple[float, float]]:
        """Where the type of these characters begins and ends on its baseline; their boxes differ from font to font."""
        firsts = [glyphs.keys[start] for start in starts]
        heights = [abs(glyphs.feet[start] - glyphs.tops[start]) for start in starts]
        sizes = self._read_sizes(firsts, heights)
        for size, line in zip(sizes, self._find_baselines(firsts), strict=True):
            foot = line + (1 - ASCENT) * size
            yield foot - size, foot

    def _find_baselines(self, indices: list[int]) -> list[float]:
        """How far down the page these characters stand."""
        count, frame, rooms = len(indices), self.frame, self._rooms
        rooms.xs.reserve(count)
        rooms.ys.reserve(count)
        deque(map(get_origin, repeat(self._page), indices, rooms.xs.places, rooms.ys.places), maxlen=0)
        xs, ys = rooms.xs.numbers[:count].tolist(), rooms.ys.numbers[:count].tolist()
        if frame.quarter:
            return [frame.point(x, y)[1] for x, y in zip(xs, ys, strict=True)]
        return [frame.top - y for y in ys]

    def _read_sizes(self, indices: list[int], heights: list[float]) -> list[float]:
        """Sizes of characters as printed: as set, and times what their matrices make of it where they fit no box."""
        sizes: list[float] = list(map(get_font_size, repeat(self._page), indices))
        low, high = SCALED
        scaled = [
            at
            for at, (size, height) in enumerate(zip(sizes, heights, strict=True))
            if not low * height <= size <= high * height
        ]
        for at, scale in zip(scaled, self._read_scales([indices[at] for at in scaled]), strict=True):
            sizes[at] *= scale
        return sizes

    def _read_scales(self, indices: list[int]) -> Iterator[float]:
        """How much the matrices of characters stretch them upwards."""
        room, end = self._rooms.matrices, MATRIX * len(indices)
        room.reserve(end)
        deque(map(get_matrix, repeat(self._page), indices, room.places), maxlen=0)
        return map(math.hypot, room.numbers[2:end:MATRIX], room.numbers[3:end:MATRIX])

    def lacks_glyphs(self) -> bool:
        """Whether some Chinese characters have no ink: their font is neither in the file nor on this machine."""
        wide = [index for index in self._visible if self._text[index] >= WIDE_FROM]
        edges = Room("d", BOX)
        for index in wide[:: max(1, len(wide) // SAMPLES)]:
            has_box = get_ink_box(self._page, index, *edges.places)
            left, right, bottom, top = edges.numbers
            if has_box and (right - left < INKLESS or top - bottom < INKLESS):
                return True
        return False

    def read_colour(self, index: int) -> Colour:
        """Red, green, blue and opacity of a character, of 255 each."""
        colours = Room("I", 4)
        if not get_colour(self._page, index, *colours.places):
            return 0, 0, 0, 255
        red, green, blue, alpha = colours.numbers
        return red, green, blue, alpha


def read_characters(textpage: Handle) -> str:
    """The characters of the page, one for each index."""
    count = count_characters(textpage)
    if count <= 0:
        return ""
    units = Room("H", 2 * count + 1, 2 * count + 1)
    written = get_text(textpage, 0, count, *units.places)
    text = units.numbers[: max(0, written - 1)].tobytes().decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    codes = [get_code(textpage, index) for index in range(count)]
    return "".join([chr(code) if is_character(code) else UNKNOWN if code > sys.maxunicode else " " for code in codes])


def is_character(code: int) -> bool:
    """Whether a code stands for something printed."""
    return 0x20 <= code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF and code != 0xFFFE  # noqa: PLR2004 - code points
