"""Tables and cells while they grow over pages, before they become the document's."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from gouji.readers.lattice.lines import Line
from gouji.readers.lattice.sheet import Area, Sheet


class Spot(msgspec.Struct, frozen=True, gc=False):
    """A rectangle of a sheet."""

    area: Area
    sheet: Sheet


class Slot(msgspec.Struct, gc=False):
    """A cell while its table grows over pages: place, lines, the rectangles it has, tables in it."""

    row: int
    col: int
    row_span: int
    col_span: int
    spots: list[Spot]
    lines: list[Line] = []
    nested: list[Draft] = []

    @property
    def text(self) -> str:
        """All that is printed in it, without spaces."""
        return "".join([line.text for line in self.lines]).replace(" ", "")


class Draft(msgspec.Struct):
    """A table while it grows: upright edges, number of rows, cells, its rectangle on each page.

    `first` and `last` are the cells on the first and on the last page so far: a table may go over hundreds.
    """

    xs: list[float]
    rows: int
    slots: list[Slot]
    spots: list[Spot]
    first: list[Slot] = []
    last: list[Slot] = []

    def __post_init__(self) -> None:
        self.first, self.last = list(self.slots), list(self.slots)

    @property
    def area(self) -> Area:
        """Where it begins."""
        return self.spots[0].area


class Page(NamedTuple):
    """A sheet taken apart."""

    sheet: Sheet
    tables: list[Draft]
    lines: list[Line]
