"""What is stamped over a page is no text of it.

    slanted text            a watermark, or the rim of a seal
    pale, much larger text  a watermark that lies level
    red text in a seal      its middle line

Colours are asked only where they decide: each run comes with a key that its source can tell the colour of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from gouji.readers.lattice.sheet import Area, Run, bound_areas

LARGE = 1.7  # times the usual size of the page
PALE = 185  # of 255: lightness
FAINT = 140  # of 255: opacity
RED = (150, 110)  # of 255: at least so much red, at most so much of the others
RIM = 3  # slanted red characters make the rim of a seal
SEAL_SIZE = 220.0  # points
Colour = tuple[int, int, int, int]  # red, green, blue, opacity
Key = TypeVar("Key")


def drop_stamps(
    level: list[tuple[Run, Key]], slanted: list[tuple[Run, Key]], colour_of: Callable[[Key], Colour], seals: list[Area]
) -> list[Run]:
    """The level runs that are text of the page."""
    large = LARGE * find_usual_size([run for run, _ in level])
    zones = [*seals, *find_rims([run for run, key in slanted if is_red(colour_of(key))])]
    kept = [(run, key) for run, key in level if run.y1 - run.y0 <= large or not is_pale(colour_of(key))]
    if zones:
        kept = [(run, key) for run, key in kept if not (is_inside(run, zones) and is_red(colour_of(key)))]
    return [run for run, _ in kept]


def find_usual_size(runs: list[Run]) -> float:
    """Size of most of the characters, 0 where there are none."""
    sizes: defaultdict[float, int] = defaultdict(int)
    for run in runs:
        sizes[run.y1 - run.y0] += len(run.text)
    return max(sizes, key=sizes.__getitem__, default=0.0)


def find_rims(red: list[Run]) -> list[Area]:
    """Rectangles around slanted red text."""
    rims: list[list[Run]] = []
    for run in red:
        near = next((rim for rim in rims if is_near(rim[0], run)), None)
        if near is None:
            rims.append([run])
        else:
            near.append(run)
    return [bound_areas(rim) for rim in rims if len(rim) >= RIM]


def is_near(run: Run, other: Run) -> bool:
    """Whether both may belong to one seal."""
    return abs(run.x0 - other.x0) < SEAL_SIZE and abs(run.y0 - other.y0) < SEAL_SIZE


def is_inside(run: Run, zones: list[Area]) -> bool:
    """Whether the middle of a run is in one of the zones."""
    x, y = (run.x0 + run.x1) / 2, (run.y0 + run.y1) / 2
    return any(zone.x0 <= x <= zone.x1 and zone.y0 <= y <= zone.y1 for zone in zones)


def is_red(colour: Colour) -> bool:
    """The red of seals."""
    red, green, blue, _ = colour
    return red > RED[0] and green < RED[1] and blue < RED[1]


def is_pale(colour: Colour) -> bool:
    """Whether a colour is light or see-through."""
    red, green, blue, alpha = colour
    return alpha < FAINT or (3 * red + 6 * green + blue) / 10 > PALE
