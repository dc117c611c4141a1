"""Objects of a page → characters and rules.

    <TextObject Boundary="x y w h" CTM="a b c d e f" Size="3.5">   the object's own space begins at its boundary's corner
      <TextCode X="0" Y="3.1" DeltaX="g 2 3.5 1.8">收入12</TextCode>   from character to character: 3.5, 3.5, 1.8
    <PathObject Boundary="…" CTM="…"><AbbreviatedData>M 0 0 L 80 0 C</AbbreviatedData>

Millimetres, y down. They become points with y up, so that `Frame` reads them as it reads PDF.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lxml.etree import _Element

from gouji.readers.lattice.frame import Frame, Matrix, angle_to_quarter, apply
from gouji.readers.lattice.glyphs import ASCENT, BLANKS, Found, areas_to_glyphs, join_glyphs, turn_run
from gouji.readers.lattice.lines import WIDE_FROM
from gouji.readers.lattice.sheet import Area, Rule, Run, Sheet
from gouji.readers.lattice.stamps import Colour, drop_stamps

POINTS = 72 / 25.4
THIN = 3.5  # points: no thicker is a rule
LIMIT_DEPTH = 16  # page blocks within each other
LIMIT_REPEAT = 100_000  # of a step in DeltaX
LIMIT_VALUE = 1e6  # no place on a page is further
BLACK: Colour = (0, 0, 0, 255)
PageBox = tuple[float, float, float, float]
Mark = tuple[int | None, Colour]  # quarter turns (None: slanted) and colour of a text code
OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def find_all(parent: _Element | None, name: str) -> list[_Element]:
    """Children of this name, in whatever namespace."""
    return [] if parent is None else list(parent.iterchildren(f"{{*}}{name}"))


def find_one(parent: _Element | None, name: str) -> _Element | None:
    """The first child of this name."""
    return next(iter(find_all(parent, name)), None)


def parse_numbers(text: str) -> list[float]:
    """Numbers between blanks; what is none is 0, as if it were not there."""
    return [parse_number(word) for word in text.split()]


def parse_number(text: str | None, default: float = 0.0) -> float:
    """A number of a reasonable size."""
    try:
        number = float(text or default)
    except ValueError:
        return default
    return number if abs(number) < LIMIT_VALUE else default


class PageReader:
    """Reads the content of one page and of its templates."""

    def __init__(self, box: PageBox) -> None:
        self._box = box
        self._frame = Frame(0.0, 0.0, box[2] * POINTS, box[3] * POINTS)
        self.objects = 0
        self.images = 0
        self.drawn: list[tuple[str, Area]] = []
        self._marks: list[Mark] = []
        self._lines: list[Area] = []

    def read(self, root: _Element) -> None:
        """Take the layers of a content part."""
        for layer in find_all(find_one(root, "Content"), "Layer"):
            self._read_block(layer, 0)

    def _read_block(self, block: _Element, depth: int) -> None:
        for item in block.iterchildren("{*}*"):
            self.objects += 1
            kind = item.tag.rpartition("}")[2]
            if item.get("Visible") == "false":
                continue
            if kind == "TextObject":
                self._read_text(item)
            elif kind == "PathObject":
                self._read_path(item)
            elif kind == "ImageObject":
                self.images += 1
            elif kind == "PageBlock" and depth < LIMIT_DEPTH:
                self._read_block(item, depth + 1)

    def _place(self, item: _Element) -> Matrix:
        """From an object's space to the page as drawn, in points with y up."""
        numbers = parse_numbers(item.get("CTM") or "")
        a, b, c, d, e, f = numbers if len(numbers) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)  # noqa: PLR2004
        x, y, *_ = [*parse_numbers(item.get("Boundary") or ""), 0.0, 0.0]
        left, top = x + e - self._box[0], self._box[3] - (y + f - self._box[1])
        return (a * POINTS, -b * POINTS, c * POINTS, -d * POINTS, left * POINTS, top * POINTS)

    def _read_text(self, item: _Element) -> None:
        matrix = self._place(item)
        size = parse_number(item.get("Size"))
        stretch = parse_number(item.get("HScale"), 1.0)
        colour = read_colour(find_one(item, "FillColor"))
        along = math.atan2(matrix[1], matrix[0])
        quarter = angle_to_quarter(-along)
        x = y = 0.0
        for code in find_all(item, "TextCode"):
            x, y = parse_number(code.get("X"), x), parse_number(code.get("Y"), y)
            for char, (at_x, at_y), wide in iter_places(code, x, y, size * stretch):
                if char not in BLANKS:
                    self.drawn.append((char, bound_character(matrix, at_x, at_y, wide, size)))
                    self._marks.append((quarter, colour))

    def _read_path(self, item: _Element) -> None:
        matrix = self._place(item)
        is_stroked = item.get("Stroke") != "false"
        data = find_one(item, "AbbreviatedData")
        for points, is_curved in iter_subpaths("" if data is None else data.text or ""):
            placed = [apply(matrix, x, y) for x, y in points]
            whole = bound_points(placed)
            if is_thin(whole):
                self._lines.append(whole)
            elif is_stroked and not is_curved:
                sides = (bound_points([start, end]) for start, end in pairwise(placed))
                self._lines += [side for side in sides if is_thin(side)]

    def to_sheet(self, number: int) -> Sheet:
        """The page as its text is read."""
        quarters = Counter(quarter for quarter, _ in self._marks)
        most = quarters.most_common(1)[0][0] if quarters else 0
        frame = self._frame.turned(most or 0)
        level = [(run, self._marks[first][1]) for run, first in self._read_runs(frame, frame.quarter)]
        slanted = [(run, self._marks[first][1]) for run, first in self._read_runs(frame, None)]
        for quarter in {quarter for quarter in quarters if quarter is not None} - {frame.quarter}:
            turned = frame.turned(quarter)
            found = self._read_runs(turned, quarter)
            level += [(turn_run(run, turned, frame), self._marks[first][1]) for run, first in found]
        runs = drop_stamps(level, slanted, lambda colour: colour, [])
        width, height = frame.size
        across, down = lines_to_rules([frame.area(*line) for line in self._lines])
        return Sheet(
            number, width, height, across, down, [run for run in runs if is_on(run, width, height)], frame.quarter
        )

    def _read_runs(self, frame: Frame, quarter: int | None) -> Iterator[Found]:
        """Runs of the characters that run this way."""
        keys = [index for index, (own, _) in enumerate(self._marks) if own == quarter]
        areas = [frame.area(*self.drawn[key][1]) for key in keys]
        text = "".join([self.drawn[key][0] for key in keys])
        return join_glyphs(areas_to_glyphs(text, areas, keys))


def iter_places(code: _Element, x: float, y: float, size: float) -> Iterator[tuple[str, tuple[float, float], float]]:
    """Each character with its place and width in the object's space."""
    text = code.text or ""
    steps_x, steps_y = read_steps(code.get("DeltaX"), len(text)), read_steps(code.get("DeltaY"), len(text))
    for index, char in enumerate(text):
        wide = size if char >= WIDE_FROM else size / 2
        step_x = steps_x[index] if index < len(steps_x) else 0.0
        step_y = steps_y[index] if index < len(steps_y) else 0.0
        yield char, (x, y), min(wide, step_x) if step_x > 0 else wide
        x += step_x if step_x or step_y else wide
        y += step_y


def read_steps(text: str | None, count: int) -> list[float]:
    """Steps from character to character: `g 3 1.5 2` is 1.5 1.5 1.5 2."""
    words = (text or "").split()
    steps: list[float] = []
    at = 0
    while at < len(words) and len(steps) < count:
        if words[at] == "g" and at + 2 < len(words):
            times = min(count, LIMIT_REPEAT, int(parse_number(words[at + 1])))
            steps += [parse_number(words[at + 2])] * times
            at += 3
        else:
            steps.append(parse_number(words[at]))
            at += 1
    return steps


def bound_character(matrix: Matrix, x: float, y: float, wide: float, size: float) -> Area:
    """Box of a character as drawn: its advance by its size."""
    corners = ((x, y - ASCENT * size), (x + wide, y + (1 - ASCENT) * size))
    return bound_points([apply(matrix, *corner) for corner in corners])


def bound_points(points: list[tuple[float, float]]) -> Area:
    """The rectangle around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Area(min(xs), min(ys), max(xs), max(ys))


def iter_subpaths(data: str) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Points of each subpath, and whether it has curves (of which only the ends are taken)."""
    points: list[tuple[float, float]] = []
    is_curved = False
    words = iter(data.split())
    for word in words:
        numbers = [parse_number(next(words, "")) for _ in range(OPERANDS.get(word, 0))]
        if word in {"M", "S"}:
            if len(points) > 1:
                yield points, is_curved
            points, is_curved = [], False
        if word == "C" and points:
            points.append(points[0])
        elif numbers:
            points.append((numbers[-2], numbers[-1]))
            is_curved = is_curved or word in {"Q", "B", "A"}
    if len(points) > 1:
        yield points, is_curved


def is_thin(area: Area) -> bool:
    """Whether a shape is a line across or down."""
    return min(area.x1 - area.x0, area.y1 - area.y0) <= THIN


def lines_to_rules(lines: list[Area]) -> tuple[list[Rule], list[Rule]]:
    """Rules across and down."""
    across = [Rule((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in lines if y1 - y0 <= THIN and x1 > x0]
    down = [Rule((x0 + x1) / 2, y0, y1) for x0, y0, x1, y1 in lines if x1 - x0 <= THIN and y1 > y0]
    return across, down


def is_on(run: Run, width: float, height: float) -> bool:
    """Whether the middle of a run is on the page."""
    return 0 <= run.x0 + run.x1 <= 2 * width and 0 <= run.y0 + run.y1 <= 2 * height


def read_colour(item: _Element | None) -> Colour:
    """Colour of a text object; black where none is given."""
    if item is None:
        return BLACK
    parts = [int(number) for number in parse_numbers(item.get("Value") or "")]
    if len(parts) == 1:
        parts *= 3
    red, green, blue, *_ = [*parts, 0, 0, 0]
    return red, green, blue, int(parse_number(item.get("Alpha"), 255.0))
