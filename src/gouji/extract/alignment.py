"""Ragged rows that lost blank cells: which figure stands under which column, as far as the sums of the rules leave no choice.

机构名称 | 三公经费合计 | 公务接待费 | 运维费 | 购置费 | 出国费
本局     | 5            | 2          | 3                          three figures for five columns

Every placement that keeps the order is tried; those in which a sum does not close are struck out. A column is bound only
where all that remain agree: here 5 is the total, and which parts 2 and 3 are stays open.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

from gouji.patterns.sums import sums_close
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from gouji.extract.context import Context
    from gouji.model.anchor import Column
    from gouji.text.rows import Placed

_MOST_PLACEMENTS = 5_000


def bind_by_sums(cells: Sequence[Placed], columns: Sequence[Column], context: Context) -> list[tuple[Column, Placed]]:
    """The cells (in printed order, fewer than the columns) with the columns that every closing placement gives them."""
    values = [_value(placed, context) for placed in cells]
    if not cells or len(cells) >= len(columns) or any(value is None for value in values):
        return []
    if comb(len(columns), len(cells)) > _MOST_PLACEMENTS:
        return []
    closing = [
        chosen for chosen in combinations(range(len(columns)), len(cells)) if _closes(chosen, values, columns, context)
    ]
    return [
        (columns[closing[0][position]], placed)
        for position, placed in enumerate(cells)
        if closing and len({chosen[position] for chosen in closing}) == 1 and columns[closing[0][position]].concept
    ]


def _value(placed: Placed, context: Context) -> Decimal | None:
    """The number of a cell; 0 where it is blank or says none; None where it is neither."""
    reading = read_number(placed.text, context.units)
    if reading.kind in ("blank", "none"):
        return context.nothing
    return reading.quantity.value if reading.quantity is not None else None


def _closes(
    chosen: tuple[int, ...], values: Sequence[Decimal | None], columns: Sequence[Column], context: Context
) -> bool:
    """Whether every sum that the columns can form closes under a placement, and at least one can be formed."""
    told = dict(zip(chosen, values, strict=True))
    groups: dict[tuple[object, ...], dict[str, Decimal]] = {}
    for index, column in enumerate(columns):
        if column.concept is not None:
            group = groups.setdefault((column.stage, column.period, column.offset, column.scope), {})
            group[column.concept] = told.get(index) or context.nothing
    verdicts = [verdict for group in groups.values() for verdict in sums_close(group, context.patterns.sums)]
    return bool(verdicts) and all(verdicts)
