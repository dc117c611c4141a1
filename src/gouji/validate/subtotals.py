"""A8-sub: a 小计 row of the scoring table is the sum of the rows above it.

投入 | 目标设定 | …合理性 | 10 | 10        which rows it adds up the form leaves open:
     | 预算配置 | 控制率   | 10 |  9            those since the 小计 before it
     | 小计     |          | 20 | 19            those since a 小计 of its own level or a broader one
过程 | …                                       those of the same level 1, or of the same level 2
One that closes is enough. Scores are given, not measured: a sum is printed exactly, or rounded to fewer decimals.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import present
from gouji.validate.expression import plain
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.scores import (
    decimals_of,
    is_not_applicable,
    is_rounded_sum,
    name_of,
    score_state,
    total_of_scores,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gouji.model.finding import Evidence
    from gouji.model.quantity import Quantity
    from gouji.model.report import CellText, Indicator, Subtotal
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

ROLES = {"weight": "分值", "score": "自评得分"}


class Sum(NamedTuple):
    """The rows that a subtotal may add up, with their sum; None where one of them is unknown."""

    rows: tuple[Indicator, ...]
    value: Decimal | None
    decimals: int

    def meets(self, printed: Quantity) -> bool:
        """Whether it is what the subtotal prints."""
        return self.value is not None and is_rounded_sum(self.value, self.decimals, printed)


def check_subtotals(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A judgement for every subtotal that none of its readings makes; else one for all."""
    del rule
    judged = [
        judgement
        for subtotal in case.report.subtotals
        for role in ROLES
        if (judgement := _judge(subtotal, role, case)) is not None
    ]
    bad = [judgement for judgement in judged if judgement.verdict == "fail"]
    yield from bad
    if not bad:
        yield next((j for j in judged if j.verdict == "undecided"), judged[0]) if judged else NOT_APPLICABLE


def _judge(subtotal: Subtotal, role: str, case: Case) -> Judgement | None:
    cell = subtotal.cells.get(role)
    sums = list(sums_of(subtotal, role, case))
    if cell is None or cell.value is None or not sums:
        return None
    if any(found.meets(cell.value) for found in sums):
        return Judgement("pass", "subtotals.pass")
    if any(found.value is None for found in sums):
        return Judgement("undecided", "subtotals.open", {"项": subtotal.label, "栏": ROLES[role]})
    return _failure(subtotal, role, cell, sums[0], case)


def _failure(subtotal: Subtotal, role: str, cell: CellText, found: Sum, case: Case) -> Judgement:
    assert cell.value is not None  # noqa: S101 - the caller compared it
    assert found.value is not None  # noqa: S101 - the caller compared it
    printed = cell.value.value
    first, last = name_of(found.rows[0]), name_of(found.rows[-1])
    span = first if len(found.rows) == 1 else f"“{first}”至“{last}”"
    slots = {"项": subtotal.label, "范围": span, "栏": ROLES[role], "填报": plain(printed), "合计": plain(found.value)}
    expression = f"“{subtotal.label}”{ROLES[role]} {plain(printed)}，其上 {len(found.rows)} 项合计 {plain(found.value)}"
    return Judgement(
        "fail",
        "subtotals.fail",
        slots,
        expression,
        found.value - printed,
        Decimal(0),
        "分",
        _evidence(cell, role, found, case),
        suffix=f"{role}-{subtotal.after}",
    )


def _evidence(cell: CellText, role: str, found: Sum, case: Case) -> tuple[Evidence, ...]:
    head = case.evidence_of_cell(cell, found.rows[-1], "total")
    return present([head, *(case.evidence_of_cell(row.cells.get(role), row, "addend") for row in found.rows)])


def sums_of(subtotal: Subtotal, role: str, case: Case) -> Iterator[Sum]:
    """The sums that a subtotal may mean, the plainest first; rows of bonus and deduction left out."""
    for covered in coverings_of(subtotal, case):
        rows = tuple(row for row in covered if row.kind == "item")
        if rows:
            yield _sum_of_weights(rows) if role == "weight" else _sum_of_scores(rows)


def coverings_of(subtotal: Subtotal, case: Case) -> list[tuple[Indicator, ...]]:
    """Which rows above it a subtotal may add up, each once."""
    above = case.report.indicators[: subtotal.after]
    if not above:
        return []
    before = [other for other in case.report.subtotals if other.after < subtotal.after]
    starts = [max((other.after for other in before), default=0)]
    starts.append(max((other.after for other in before if other.level <= subtotal.level), default=0))
    last = above[-1]
    starts.append(len(above) - _length(above, lambda row: row.level1 == last.level1))
    starts.append(len(above) - _length(above, lambda row: (row.level1, row.level2) == (last.level1, last.level2)))
    return [above[start:] for start in dict.fromkeys(starts) if start < len(above)]


def _length(rows: tuple[Indicator, ...], belongs: Callable[[Indicator], bool]) -> int:
    """How many of the last rows belong together."""
    return sum(1 for _ in takewhile(belongs, reversed(rows)))


def _sum_of_weights(rows: tuple[Indicator, ...]) -> Sum:
    """A weight cell over several rows counts once."""
    cells = {(cell.where if (cell := row.cells.get("weight")) is not None else None) or id(row): row for row in rows}
    weights = [row.weight for row in cells.values()]
    known = [weight for weight in weights if weight is not None]
    value = sum((weight.value for weight in known), Decimal(0)) if len(known) == len(weights) else None
    return Sum(tuple(cells.values()), value, decimals_of(known))


def _sum_of_scores(rows: tuple[Indicator, ...]) -> Sum:
    """Unknown where a score is, where none is given, or where 不适用 leaves the sum to be rescaled."""
    states = [score_state(row) for row in rows]
    unknown = any(state in ("unreadable", "withheld", "missing") for state in states)
    if unknown or all(state == "blank" for state in states) or any(is_not_applicable(row) for row in rows):
        return Sum(rows, None, 0)
    return Sum(rows, total_of_scores(list(rows)), decimals_of(row.score for row in rows))
