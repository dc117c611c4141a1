"""Page objects → rules.

    stroke of two points, thin filled rectangle, thin image     its middle line      (Word draws rules as rectangles)
    outline of a rectangle, polyline                            each straight side   (nothing for a mere filling)
    path with many of these                                     each of its subpaths (WPS draws a table in one)
    form object                                                 its objects through its matrix

Red shapes of a seal's size come back apart: what is written in them is no text of the page.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import compress, islice, pairwise, repeat

import pypdfium2.raw as pdfium_c

from gouji.model.errors import ReadError
from gouji.readers.lattice.frame import Frame, Matrix, apply, combine
from gouji.readers.lattice.sheet import Area, Rule
from gouji.readers.lattice.stamps import is_red
from gouji.readers.pdf.handle import Handle, Room, declare, iter_handles, to_argument

THIN = 3.5  # points: no thicker is a rule
SAMPLED = 8  # one text object of so many is looked at
SHAPELESS = 0.01  # points
DOT = 0.2  # points: a line has some length
LIMIT_OBJECTS = 600_000  # of a document
LIMIT_SEGMENTS = 600_000
LIMIT_DRAWING = 40_000  # objects of a page; one with more is a drawing, and no rules are looked for
LIMIT_DEPTH = 12
BATCH = 4096  # segments of a path looked at together
SEAL = (18.0, 190.0)  # points: sizes of seals
SQUARE = 0.3  # difference of the sides of a seal
TOO_COMPLEX = "PDF 中的图形过多，不像一份自评报告；请确认文件是否选错，或提交原来的 .docx 文件。"
TEXT, PATH = pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH
IMAGE, FORM = pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM
MOVE, CURVE = pdfium_c.FPDF_SEGMENT_MOVETO, pdfium_c.FPDF_SEGMENT_BEZIERTO
Point = tuple[float, float]
Subpath = tuple[list[Point], bool]

count_objects = declare(pdfium_c.FPDFPage_CountObjects)
get_object = declare(pdfium_c.FPDFPage_GetObject)
count_form_objects = declare(pdfium_c.FPDFFormObj_CountObjects)
get_form_object = declare(pdfium_c.FPDFFormObj_GetObject)
get_type = declare(pdfium_c.FPDFPageObj_GetType)
get_bounds = declare(pdfium_c.FPDFPageObj_GetBounds)
get_matrix = declare(pdfium_c.FPDFPageObj_GetMatrix)
get_stroke_colour = declare(pdfium_c.FPDFPageObj_GetStrokeColor)
get_fill_colour = declare(pdfium_c.FPDFPageObj_GetFillColor)
get_text_mode = declare(pdfium_c.FPDFTextObj_GetTextRenderMode)
get_font = declare(pdfium_c.FPDFTextObj_GetFont)
is_font_embedded = declare(pdfium_c.FPDFFont_GetIsEmbedded)
get_draw_mode = declare(pdfium_c.FPDFPath_GetDrawMode)
count_segments = declare(pdfium_c.FPDFPath_CountSegments)
get_segment = declare(pdfium_c.FPDFPath_GetPathSegment)
get_segment_type = declare(pdfium_c.FPDFPathSegment_GetType)
get_segment_point = declare(pdfium_c.FPDFPathSegment_GetPoint)
closes = declare(pdfium_c.FPDFPathSegment_GetClose)


class Budget:
    """What a document may still hold before it is refused."""

    __slots__ = ("objects", "segments")

    def __init__(self) -> None:
        self.objects = LIMIT_OBJECTS
        self.segments = LIMIT_SEGMENTS

    def spend(self, objects: int, segments: int = 0) -> None:
        """Raises ReadError "too_large" when nothing is left."""
        self.objects -= objects
        self.segments -= segments
        if self.objects < 0 or self.segments < 0:
            raise ReadError("too_large", TOO_COMPLEX)


class Desk:
    """Where the library writes what it is asked of objects; pages use the same one. Every answer is read before the next question."""

    __slots__ = ("bounds", "matrix", "modes", "trace")

    def __init__(self) -> None:
        self.bounds, self.modes = Room("f", 4), Room("i", 2)
        self.matrix = Room("f", 6)
        self.trace = Trace()


class Drawing:
    """The rules of one page, its seals, and how much of it images cover."""

    def __init__(self, frame: Frame, budget: Budget, desk: Desk) -> None:
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self.seals: list[Area] = []
        self.images: list[Area] = []
        self.has_invisible = False
        self.objects = 0
        self.has_foreign = False
        self._segments = 0
        self._texts = 0
        self._frame = frame
        self._budget = budget
        self._desk = desk

    def read_page(self, page: Handle) -> None:
        """Take all objects of a page, but no rules of a drawing."""
        self._walk(iter_handles(get_object, page, count_objects(page)), None, 0)
        self._budget.spend(self.objects, self._segments)
        if self.objects > LIMIT_DRAWING:
            self.across, self.down = [], []

    def _walk(self, items: Iterable[Handle], matrix: Matrix | None, depth: int) -> None:
        taken = list(islice(items, LIMIT_DRAWING + 1 - self.objects))
        self.objects += len(taken)
        kinds = list(map(get_type, taken))
        texts = list(compress(taken, map(TEXT.__eq__, kinds)))
        self._note_texts(texts[-self._texts % SAMPLED :: SAMPLED])
        self._texts += len(texts)
        for item, kind in [pair for pair in zip(taken, kinds, strict=True) if pair[1] != TEXT]:
            if kind == PATH:
                self._add_path(item, matrix)
            elif kind == IMAGE:
                self._add_image(item, matrix)
            elif kind == FORM and depth < LIMIT_DEPTH:
                self._walk(iter_form(item), combine(matrix, self._read_matrix(item)), depth + 1)

    def _note_texts(self, items: list[Handle]) -> None:
        """Of one text in some: text that a recogniser laid under a scan is not drawn, a font may not be in the file."""
        modes, fonts = set(map(get_text_mode, items)), set(map(get_font, items))
        self.has_invisible = self.has_invisible or pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE in modes
        self.has_foreign = self.has_foreign or not all(is_font_embedded(to_argument(font)) for font in fonts)

    def _read_bounds(self, item: Handle, matrix: Matrix | None) -> Area | None:
        bounds = self._desk.bounds
        if not get_bounds(item, *bounds.places):
            return None
        x0, y0, x1, y1 = bounds.numbers
        if matrix is not None:
            corners = [apply(matrix, x, y) for x in (x0, x1) for y in (y0, y1)]
            x0, x1 = min(x for x, _ in corners), max(x for x, _ in corners)
            y0, y1 = min(y for _, y in corners), max(y for _, y in corners)
        return self._frame.area(x0, y0, x1, y1)

    def _read_matrix(self, item: Handle) -> Matrix:
        """An object's own matrix."""
        room = self._desk.matrix
        get_matrix(item, room.places[0])
        a, b, c, d, e, f = room.numbers
        return (a, b, c, d, e, f)

    def _add_image(self, item: Handle, matrix: Matrix | None) -> None:
        area = self._read_bounds(item, matrix)
        if area is not None and not self._add_thin(area):
            self.images.append(area)

    def _add_path(self, item: Handle, matrix: Matrix | None) -> None:
        area = self._read_bounds(item, matrix)
        if area is None or self._add_thin(area):
            return
        count = count_segments(item)
        self._segments += count
        if self._segments > LIMIT_SEGMENTS:
            return
        modes = self._desk.modes
        get_draw_mode(item, *modes.places)
        is_filled, is_stroked = modes.numbers
        if not is_stroked and not is_filled:
            return
        outer = combine(matrix, self._read_matrix(item))
        has_curves = False
        for points, is_curved in iter_subpaths(item, count, self._desk.trace, outer, self._frame):
            has_curves = has_curves or is_curved
            if not is_curved:
                self._add_subpath(points, is_stroked=bool(is_stroked))
        self._note_seal(item, area, has_curves=has_curves)

    def _add_subpath(self, points: list[Point], *, is_stroked: bool) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if self._add_thin(Area(min(xs), min(ys), max(xs), max(ys))) or not is_stroked:
            return
        for (ax, ay), (bx, by) in pairwise(points):
            self._add_side(Area(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))

    def _add_side(self, area: Area) -> None:
        if min(area.x1 - area.x0, area.y1 - area.y0) < 1.0:
            self._add_thin(area)

    def _add_thin(self, area: Area) -> bool:
        """A rule along what is thin; a dot goes both ways, for a dotted line. Whether it was thin."""
        x0, y0, x1, y1 = area
        wide, high = x1 - x0, y1 - y0
        if wide > THIN and high > THIN:
            return False
        if wide > DOT and high <= THIN:
            self.across.append(Rule((y0 + y1) / 2, x0, x1))
        if high > DOT and wide <= THIN:
            self.down.append(Rule((x0 + x1) / 2, y0, y1))
        return True

    def _note_seal(self, item: Handle, area: Area, *, has_curves: bool) -> None:
        wide, high = area.x1 - area.x0, area.y1 - area.y0
        is_seal = SEAL[0] <= wide <= SEAL[1] and SEAL[0] <= high <= SEAL[1]
        if is_seal and (has_curves or abs(wide - high) < SQUARE * max(wide, high)) and is_red_object(item):
            self.seals.append(area)


def iter_form(form: Handle) -> Iterator[Handle]:
    """Objects of a form object."""
    return iter_handles(get_form_object, form, count_form_objects(form))


def count_shapeless(page: Handle) -> int:
    """Text objects of a page that PDFium passes over."""
    return sum(map(is_shapeless, iter_texts(page)))


def iter_texts(page: Handle) -> Iterator[Handle]:
    """Text objects of a page, and those in its form objects, as far as a drawing's limit."""
    waiting = list(iter_handles(get_object, page, count_objects(page)))
    for _ in range(LIMIT_DRAWING):
        if not waiting:
            return
        item = waiting.pop()
        kind = get_type(item)
        if kind == TEXT:
            yield item
        elif kind == FORM:
            waiting += iter_form(item)


def is_shapeless(text: Handle) -> bool:
    """Whether a text object has no width: blanks, or characters that no font of this machine has."""
    bounds = Room("f", 4)
    has_bounds = get_bounds(text, *bounds.places)
    left, _, right, _ = bounds.numbers
    return bool(has_bounds) and abs(right - left) < SHAPELESS


def is_red_object(item: Handle) -> bool:
    """Whether a shape is drawn in the red of seals."""
    colours = Room("I", 4)
    for read in (get_stroke_colour, get_fill_colour):
        has_colour = read(item, *colours.places)
        red, green, blue, alpha = colours.numbers
        if has_colour and is_red((red, green, blue, alpha)):
            return True
    return False


def iter_subpaths(item: Handle, count: int, trace: Trace, matrix: Matrix, frame: Frame) -> Iterator[Subpath]:
    """Points of each subpath as read, and whether it has curves."""
    points: list[Point] = []
    is_curved = False
    for start in range(0, count, BATCH):
        segments = list(map(to_argument, map(get_segment, repeat(item), range(start, min(count, start + BATCH)))))
        kinds, ends = map(get_segment_type, segments), map(closes, segments)
        for kind, is_end, point in zip(kinds, ends, trace.read(segments, matrix, frame), strict=True):
            if kind == MOVE:
                if len(points) > 1:
                    yield points, is_curved
                points, is_curved = [], False
            elif kind == CURVE:
                is_curved = True
            points.append(point)
            if is_end:
                points.append(points[0])
    if len(points) > 1:
        yield points, is_curved


class Trace:
    """Reads where the segments of paths end, with room that all paths use."""

    __slots__ = ("_xs", "_ys")

    def __init__(self) -> None:
        self._xs, self._ys = Room("f", 0), Room("f", 0)

    def read(self, segments: list[Handle], matrix: Matrix, frame: Frame) -> list[Point]:
        """The points as read."""
        count = len(segments)
        self._xs.reserve(count)
        self._ys.reserve(count)
        deque(map(get_segment_point, segments, self._xs.places, self._ys.places), maxlen=0)
        a, b, c, d, e, f = matrix
        drawn = [
            (a * x + c * y + e, b * x + d * y + f)
            for x, y in zip(self._xs.numbers[:count], self._ys.numbers[:count], strict=True)
        ]
        if frame.quarter:
            return [frame.point(x, y) for x, y in drawn]
        left, top = frame.left, frame.top
        return [(x - left, top - y) for x, y in drawn]
