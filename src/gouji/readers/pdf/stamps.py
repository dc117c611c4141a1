"""What is stamped over a page is no text of it.

slanted text            a watermark, or the rim of a seal
pale, much larger text  a watermark that lies level
red text in a seal      its middle line
"""

from __future__ import annotations

from collections import defaultdict

from gouji.readers.lattice.sheet import Area, Run, bound_areas
from gouji.readers.pdf.glyphs import Text, TextReader
from gouji.readers.pdf.paths import is_red

LARGE = 1.7  # times the usual size of the page
PALE = 185  # of 255: lightness
FAINT = 140  # of 255: opacity
RIM = 3  # slanted red characters make the rim of a seal
SEAL_SIZE = 220.0  # points


def drop_stamps(text: Text, reader: TextReader, seals: list[Area]) -> list[Run]:
    """The runs that are text of the page."""
    usual = find_usual_size([run for run, _ in text.runs])
    zones = [*seals, *find_rims(text, reader)]
    if not zones:
        large = LARGE * usual
        return [
            run for run, chars in text.runs if run.y1 - run.y0 <= large or not is_pale(reader.read_colour(chars[0]))
        ]
    return [run for run, chars in text.runs if not is_stamp(run, chars[0], usual, zones, reader)]


def find_usual_size(runs: list[Run]) -> float:
    """Size of most of the characters, 0 where there are none."""
    sizes: defaultdict[float, int] = defaultdict(int)
    for text, _, y0, _, y1, _ in runs:
        sizes[y1 - y0] += len(text)
    return max(sizes, key=sizes.__getitem__, default=0.0)


def find_rims(text: Text, reader: TextReader) -> list[Area]:
    """Rectangles around slanted red text."""
    red = [run for run, chars in text.slanted if is_red(*reader.read_colour(chars[0])[:3])]
    rims: list[list[Area]] = []
    for run in red:
        area = Area(run.x0, run.y0, run.x1, run.y1)
        near = next((rim for rim in rims if is_near(rim[0], area)), None)
        if near is None:
            rims.append([area])
        else:
            near.append(area)
    return [bound_areas(rim) for rim in rims if len(rim) >= RIM]


def is_near(area: Area, other: Area) -> bool:
    """Whether both may belong to one seal."""
    return abs(area.x0 - other.x0) < SEAL_SIZE and abs(area.y0 - other.y0) < SEAL_SIZE


def is_stamp(run: Run, index: int, usual: float, zones: list[Area], reader: TextReader) -> bool:
    """Whether a level run belongs to a watermark or a seal."""
    if run.size > LARGE * usual and is_pale(reader.read_colour(index)):
        return True
    x, y = (run.x0 + run.x1) / 2, (run.y0 + run.y1) / 2
    inside = any(zone.x0 <= x <= zone.x1 and zone.y0 <= y <= zone.y1 for zone in zones)
    return inside and is_red(*reader.read_colour(index)[:3])


def is_pale(colour: tuple[int, int, int, int]) -> bool:
    """Whether a colour is light or see-through."""
    red, green, blue, alpha = colour
    return alpha < FAINT or (3 * red + 6 * green + blue) / 10 > PALE
