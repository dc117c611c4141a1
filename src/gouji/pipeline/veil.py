"""Private numbers in what departments write are hidden before anything is stored or written: the one place for it.

    examine ─→ Outcome ─veil_outcome→ store, 汇总表, 审核问题, 明细, JSON, letters, remarks
    reader  ─→ Document ─veil_document→ the review page
    reader  ─→ Document ────────────→ the annotated copy: the department's own text goes back to it as it came

Rules have read the text as written. Numbers that were taken as figures stay, whatever they look like; so do codes,
places (evidence ids) and the paths of files, by which things are found again.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, cast

import msgspec

from gouji.model.document import Box, Table
from gouji.model.quantity import Quantity
from gouji.model.result import Source
from gouji.text.private import hide_private, is_private_name, may_hold_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gouji.model.document import Cell, Document
    from gouji.model.report import Report
    from gouji.model.result import Outcome

_KEPT = frozenset(
    ("where", "unit_where", "result_where", "level1_where", "level2_where", "budget_code", "code", "affects", "id")
)
_LONGEST_SAFE = 10  # a figure of fewer digits is never taken for a telephone
_WALKED = (tuple, dict, msgspec.Struct)
_ENCODER = msgspec.json.Encoder()
_PLAIN = (Source, Quantity, Box)  # they hold nothing that a department wrote


def veil_outcome(outcome: Outcome) -> Outcome:
    """The outcome without private numbers; itself where there is none."""
    return cast("Outcome", _veil(outcome, partial(hide_private, figures=list_figures(outcome.reports))))


def veil_document(document: Document, outcome: Outcome) -> Document:
    """The document as the review page shows it. `outcome`: what was read from it."""
    return cast("Document", _veil(document, partial(hide_private, figures=list_figures(outcome.reports))))


def list_figures(reports: tuple[Report, ...]) -> frozenset[str]:
    """The digits of long amounts, as printed, and with their decimals left out."""
    found: set[str] = set()
    for quantity in _quantities(reports):
        whole = format(abs(quantity.value), "f").partition(".")[0]
        if len(whole) > _LONGEST_SAFE:
            found.add(whole)
    return frozenset(found)


def _quantities(reports: tuple[Report, ...]) -> Iterator[Quantity]:
    for report in reports:
        yield from (f.quantity for f in report.facts if f.quantity is not None)
        for project in report.projects:
            yield from (f.quantity for f in project.facts if f.quantity is not None)
        rows = (*report.indicators, *(row for project in report.projects for row in project.indicators))
        yield from (cell.value for row in rows for cell in row.cells.values() if cell.value is not None)


def _veil(value: object, hide: Callable[[str], str]) -> object:
    """The value with every text in it hidden; the same object where nothing changed."""
    if isinstance(value, str):
        return hide(value)
    # what holds no long number is not walked through: to write it out and look takes a tenth of the time
    if not isinstance(value, _WALKED) or not may_hold_private(_ENCODER.encode(value)):
        return value
    if isinstance(value, tuple):
        new = tuple(_veil(one, hide) for one in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    if isinstance(value, Table):
        return _veil_table(value, hide)
    if isinstance(value, dict):
        return {key: _veil(one, hide) for key, one in value.items()}
    return _veil_struct(value, hide) if isinstance(value, msgspec.Struct) and not isinstance(value, _PLAIN) else value


def _veil_table(table: Table, hide: Callable[[str], str]) -> Table:
    """A cell is read after the one to its left: 联系电话 │ 8000592."""
    cells: list[Cell] = []
    for cell, left in zip(table.cells, (None, *table.cells), strict=False):
        name = "".join(left.text.split()).rstrip(":：") if left is not None and left.row == cell.row else ""
        cells.append(cast("Cell", _veil(cell, partial(_hide_after, name, hide) if is_private_name(name) else hide)))
    return msgspec.structs.replace(table, cells=tuple(cells)) if tuple(cells) != table.cells else table


def _hide_after(name: str, hide: Callable[[str], str], text: str) -> str:
    head = f"{name}："
    return hide(f"{head}{text}").removeprefix(head)


def _veil_struct(value: msgspec.Struct, hide: Callable[[str], str]) -> msgspec.Struct:
    changed = {
        name: new
        for name in _read_fields(type(value))
        if (old := getattr(value, name)) is not None and (new := _veil(old, hide)) is not old and new != old
    }
    return msgspec.structs.replace(value, **changed) if changed else value


@lru_cache(maxsize=64)
def _read_fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name not in _KEPT)
