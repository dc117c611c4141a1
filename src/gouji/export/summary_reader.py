"""汇总表.xlsx as people leave it → what they wrote beside each department.

2021年度…汇总表                     the year stands in the title
预算编码  单位  …  复核得分 复核等次    columns found by the words of the header
102001   某局  …  85      良        → Noted("102001", "某局", 2021, "复核得分", "85") …
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.export.ledger_reader import Rows, find_columns, open_sheets, show_cell
from gouji.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gouji.patterns.exports import Column, Layout, Sheet

NOT_A_SUMMARY = "{name} 中没有找到“{columns}”等栏，不像 gouji 生成的汇总表。"
_HEADER_ROWS = 40
_LEVELS = 3
_YEAR = re.compile(r"(20\d\d) ?年")


class Noted(NamedTuple):
    """One cell that a person filled in: the department as its row names it, the column, what."""

    code: str
    name: str
    year: int | None
    field: str
    value: str


def people_columns(layout: Layout) -> list[Column]:
    """The columns beside departments that people fill in."""
    return [column for sheet in _people_sheets(layout) for column in sheet.columns if column.kind == "people"]


def _people_sheets(layout: Layout) -> list[Sheet]:
    return [s for s in layout.sheets if s.rows == "departments" and any(c.kind == "people" for c in s.columns)]


def read_summary_file(path: Path, layout: Layout) -> list[Noted]:
    """What people wrote beside the departments; UsageError where the file is no such workbook or cannot be read."""
    fields = [column.path[-1] for column in people_columns(layout)]
    names = [c.path[-1] for s in _people_sheets(layout) for c in s.columns if c.field in ("budget_code", "unit_name")]
    code, name = names[:2]
    found: list[Noted] | None = None
    for rows in open_sheets(path):
        for top in range(min(len(rows), _HEADER_ROWS)):
            places = find_columns(rows[top : top + _LEVELS], (code, name, *fields))
            if {code, name} <= find_columns(rows[top : top + 1], (code, name)).keys() and len(places) > len(
                {code, name}
            ):
                found = [*(found or ()), *_read_rows(rows, top, places, (code, name))]
                break
    if found is None:
        raise UsageError(NOT_A_SUMMARY.format(name=path.name, columns="、".join((code, name, *fields))))
    return found


def _read_rows(rows: Rows, top: int, places: dict[str, int], key: tuple[str, str]) -> Iterator[Noted]:
    title = "".join(str(cell) for row in rows[:top] for cell in row if isinstance(cell, str))
    year = _YEAR.search(title)
    for row in rows[top + 1 :]:
        said = {name: show_cell(row[place]) if place < len(row) else "" for name, place in places.items()}
        code, name = said.pop(key[0]), said.pop(key[1])
        if code in key or not (code or name):  # a level of the header, an empty row
            continue
        for field, value in said.items():
            if value and value != field:
                yield Noted(code, name, int(year[1]) if year else None, field, value)
