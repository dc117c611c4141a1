"""Columns that the workbook computes: the live formula and, beside it, the value it must come to.

    difference [C6, D6, E6]   =IF(ISNUMBER(C6),ROUND(C6-SUM(D6,E6),6),"")      total less its parts, a blank part is 0
    ratio [A6, B6]            =IF(AND(ISNUMBER(A6),ISNUMBER(B6)),IF(B6=0,"",A6/B6),"")
    bottom row                =SUBTOTAL(9,C6:C80), or ="" while nothing is printed in the column

The value is computed in Decimal from the same cells. None is the formula's "".
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.patterns.exports import FormulaKind

_STEP = Decimal("0.000001")


def write_formula(kind: FormulaKind, refs: Sequence[str]) -> str:
    """The Excel formula over cell references."""
    first, second = refs[0], refs[1]
    both = f"AND(ISNUMBER({first}),ISNUMBER({second}))"
    match kind:
        case "difference":
            return f'=IF(ISNUMBER({first}),ROUND({first}-SUM({",".join(refs[1:])}),6),"")'
        case "sum":
            joined = ",".join(refs)
            return f'=IF(COUNT({joined})=0,"",SUM({joined}))'
        case "change":
            return f'=IF({both},ROUND({first}-{second},6),"")'
        case "ratio":
            return f'=IF({both},IF({second}=0,"",{first}/{second}),"")'
        case "change_rate":
            return f'=IF({both},IF({second}=0,"",({first}-{second})/{second}),"")'


def compute_formula(kind: FormulaKind, values: Sequence[Decimal | None]) -> Decimal | None:
    """What `write_formula` comes to over the same cells; None where it shows nothing."""
    first, second = values[0], values[1]
    if kind == "sum":
        printed = [value for value in values if value is not None]
        return sum(printed, Decimal(0)) if printed else None
    if first is None:
        return None
    if kind == "difference":
        return round_step(first - sum((value for value in values[1:] if value is not None), Decimal(0)))
    if second is None or (kind != "change" and second == 0):
        return None
    if kind == "change":
        return round_step(first - second)
    return first / second if kind == "ratio" else (first - second) / second


def round_step(number: Decimal) -> Decimal:
    """To six places, as the formula's ROUND does."""
    return number.quantize(_STEP, ROUND_HALF_UP)


def write_total(first: str, last: str, *, empty: bool) -> str:
    """The bottom row of a column; it follows a filter."""
    return f'=IF(COUNT({first}:{last})=0,"",SUBTOTAL(9,{first}:{last}))' if empty else f"=SUBTOTAL(9,{first}:{last})"


def escape_criterion(text: str) -> str:
    """A COUNTIF criterion that only this very text meets: no wildcard, no comparison of its own."""
    escaped = "".join(f"~{char}" if char in "~*?" else char for char in text).replace('"', '""')
    return f'"={escaped}"'
