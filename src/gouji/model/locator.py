"""Where something stands in a document, and its text form, the evidence id.

    t1r16c4         table 1, grid row 16, grid column 4 (from 1)
    p12             the 12th non-empty body paragraph
    p12_34_40       characters 34–40 of it (from 0, end excluded)
    t1r4c2_p3       third non-empty paragraph in a cell
    t3r2c1_t1r1c1   a nested table
    h f n x         prefix: header, footer, footnote, text box

The evidence id is at once a DOM id, a Word bookmark, an Excel link target and a key in the store.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Story = Literal["body", "header", "footer", "footnote", "textbox"]
STORY_PREFIX: dict[Story, str] = {"body": "", "header": "h", "footer": "f", "footnote": "n", "textbox": "x"}
_STORY_OF_PREFIX = {prefix: story for story, prefix in STORY_PREFIX.items()}
_STEP = re.compile(r"t(\d+)r(\d+)c(\d+)|p(\d+)(?:_(\d+)_(\d+))?")
_ID = re.compile(r"^([hfnx]?)((?:t\d+r\d+c\d+)(?:_t\d+r\d+c\d+)*(?:_p\d+(?:_\d+_\d+)?)?|p\d+(?:_\d+_\d+)?)$")


class CellStep(msgspec.Struct, frozen=True, tag=True):
    """One table on the way: table ordinal, grid row and column, all from 1."""

    table: int
    row: int
    col: int


class Locator(msgspec.Struct, frozen=True):
    """A place: the cells to descend into, then perhaps a paragraph, then perhaps characters of it."""

    story: Story = "body"
    cells: tuple[CellStep, ...] = ()
    paragraph: int | None = None
    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        steps = [f"t{c.table}r{c.row}c{c.col}" for c in self.cells]
        if self.paragraph is not None:
            steps.append(f"p{self.paragraph}")
        if self.start is not None:
            steps.append(f"{self.start}_{self.end}")
        return STORY_PREFIX[self.story] + "_".join(steps)


def parse_locator(evidence_id: str) -> Locator:
    """Read an evidence id back; raises ValueError on anything else."""
    match = _ID.match(evidence_id)
    if match is None:
        raise ValueError(f"not an evidence id: {evidence_id!r}")
    cells: list[CellStep] = []
    paragraph = start = end = None
    for step in _STEP.finditer(match.group(2)):
        table, row, col, para, first, last = step.groups()
        if table:
            cells.append(CellStep(int(table), int(row), int(col)))
        else:
            paragraph = int(para)
            start, end = (int(first), int(last)) if first else (None, None)
    return Locator(_STORY_OF_PREFIX[match.group(1)], tuple(cells), paragraph, start, end)
