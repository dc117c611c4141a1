"""A total that exceeds its parts by exactly what the same table prints in cells whose label nobody knows.

年度资金总额   530.00
其中：基本支出 300.00
项目支出       200.00
往来资金支出    30.00   no concept: unclaimed, in the total's column; 530 − 500 = 30     → review, never an accusation
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.evaluate import total_of
from gouji.validate.expression import plain, scale_of

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.validate.case import Case
    from gouji.validate.evaluate import Detail
    from gouji.validate.operands import Operands

_CELL = re.compile(r"(?P<table>.*t\d+)r(?P<row>\d+)c(?P<col>\d+)")
_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MOST = 3
_FEW = 8  # among more cells some group would fit by chance


class Unread(NamedTuple):
    """Cells that nothing took and that make up a residual."""

    text: str
    evidence: tuple[Evidence, ...]


class _Amount(NamedTuple):
    value: Decimal
    text: str
    evidence: Evidence


def find_unread(detail: Detail, operands: Operands, case: Case) -> Unread | None:
    """Unclaimed amounts in the row or the column of a total that close it; None where there are none."""
    total = total_of(detail.compare)
    fact = operands[total].fact if total is not None else None
    if total is None or fact is None or fact.where is None or fact.quantity is None:
        return None
    over = detail.left.mid - detail.right.mid if total == detail.compare.left else detail.right.mid - detail.left.mid
    if over <= 0:
        return None
    slack = detail.left.slack + detail.right.slack
    amounts = _amounts_beside(fact.where, fact.quantity.factor, case, scale_of(detail.compare, operands).unit)
    for size in range(1, (_MOST if len(amounts) <= _FEW else 1) + 1):
        for group in combinations(amounts, size):
            if abs(sum(amount.value for amount in group) - over) <= slack:
                return Unread("、".join(a.text for a in group), tuple(a.evidence for a in group))
    return None


def _amounts_beside(where: str, factor: Decimal, case: Case, unit: str) -> list[_Amount]:
    """Amounts that nothing took, in the row or the column of a cell of the same table."""
    own = _CELL.fullmatch(where)
    found: list[_Amount] = []
    for cell in case.report.unclaimed if own is not None else ():
        place = _CELL.fullmatch(cell.where)
        if own is None or place is None or place["table"] != own["table"] or not _AMOUNT.fullmatch(cell.raw):
            continue
        if place["row"] != own["row"] and place["col"] != own["col"]:
            continue
        value = Decimal(cell.raw.replace(",", ""))
        label = cell.context.split(" | ")[0] if place["col"] == own["col"] else "同一行"
        evidence = case.evidence_of_text(cell.where, f"表内“{label}”", cell.raw, "unlisted_part")
        if value and evidence is not None:
            found.append(_Amount(value * factor, f"{label} {plain(value)} {unit}", evidence))
    return found
