"""The scoring table as blocks: rows that share one weight cell belong together.

公务卡刷卡率  3  2             ScoreGroup(weight 3, rows 1)
经济效益     15  4  ┐
社会效益         4  ├         ScoreGroup(weight 15, rows 3)
生态效益         4  ┘
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from gouji.model.quantity import Quantity
from gouji.model.report import Indicator

if TYPE_CHECKING:
    from gouji.model.report import Report

FULL = Decimal(100)
_OPTION = re.compile(r"可选|任选|选填|选择项|择一")
_NOT_APPLICABLE = ("不适用", "不涉及", "未涉及", "无此项")


class ScoreGroup(msgspec.Struct, frozen=True, gc=False):
    """Rows under one weight cell. `is_item`: it counts in the totals (no bonus, no deduction)."""

    weight: Quantity | None
    rows: tuple[Indicator, ...]
    is_item: bool

    @property
    def name(self) -> str:
        """The rows' names."""
        return "、".join(name_of(row) for row in self.rows)


def name_of(indicator: Indicator) -> str:
    """The row's most specific label."""
    return indicator.level3 or indicator.level2 or indicator.level1 or "（未写指标名）"


class ScoreTable:
    """The rows of a report that are scored, and what many rules ask of them, each worked out once."""

    def __init__(self, report: Report) -> None:
        self.report = report

    @cached_property
    def groups(self) -> list[ScoreGroup]:
        """Rows by weight cell."""
        return groups_of(self.report)

    @cached_property
    def items(self) -> list[ScoreGroup]:
        """The groups that count in the totals (no bonus, no deduction)."""
        return [group for group in self.groups if group.is_item]

    @cached_property
    def listed(self) -> Decimal:
        """Σ weights of the items."""
        return sum_of_weights(self.items)

    @cached_property
    def applicable(self) -> Decimal | None:
        """Σ weights of the items that apply; None where everything does or a weight is unknown."""
        return applicable_weights(self.items)

    @cached_property
    def own_scores(self) -> list[Indicator]:
        """Rows with a score cell of their own."""
        return own_scores(self.report)

    @cached_property
    def lists_execution(self) -> bool:
        """Whether a row is the execution rate of the budget."""
        return any("预算执行" in name_of(row) and (row.level3 or "") == name_of(row) for row in self.report.indicators)


def groups_of(report: Report) -> list[ScoreGroup]:
    """Rows by weight cell, in printed order. Rows that share a weight follow each other and carry the same cell or count."""
    groups: list[ScoreGroup] = []
    for row in report.indicators:
        last = groups[-1] if groups else None
        if last is not None and _same_weight(last, row):
            groups[-1] = ScoreGroup(last.weight, (*last.rows, row), last.is_item and row.kind == "item")
        else:
            groups.append(ScoreGroup(row.weight, (row,), row.kind == "item"))
    return groups


def main_table(report: Report) -> Report:
    """The report with one scoring table: of several complete ones (100 points each) the one whose total is printed first.

    Page breaks make no table complete by itself. Of a block of options (可选项) only what was chosen counts.
    """
    report = _with_chosen_options(report)
    tables = list(dict.fromkeys(row.table for row in report.indicators))
    if len(tables) <= 1 or not all(_is_complete(report, table) for table in tables):
        return report
    totals = [fact.where or "" for fact in report.of("scoring.score_total")]
    chosen = next((table for where in totals for table in tables if where.startswith(f"{table}r")), tables[0])
    rows = tuple(row for row in report.indicators if row.table == chosen)
    return msgspec.structs.replace(report, indicators=rows)


def _with_chosen_options(report: Report) -> Report:
    """Options without a score were not chosen; where none of a report's options has one, nobody knows which was."""
    options = [row for row in report.indicators if _is_option(row)]
    left_out = [row for row in options if score_state(row) in ("blank", "none")]
    if not left_out or len(left_out) == len(options):
        return report
    rows = tuple(row for row in report.indicators if row not in left_out)
    return msgspec.structs.replace(report, indicators=rows)


def _is_option(row: Indicator) -> bool:
    return any(_OPTION.search(label) for label in (row.level1, row.level2, row.level3) if label)


def _is_complete(report: Report, table: str) -> bool:
    rows = tuple(row for row in report.indicators if row.table == table)
    groups = groups_of(msgspec.structs.replace(report, indicators=rows))
    weights = [group.weight.value for group in groups if group.is_item and group.weight is not None]
    return sum(weights, Decimal(0)) == FULL


def _same_weight(group: ScoreGroup, row: Indicator) -> bool:
    first = group.rows[0]
    if (
        row.weight_shared_by == 1
        or first.weight_shared_by != row.weight_shared_by
        or len(group.rows) >= row.weight_shared_by
    ):
        return False
    left, right = _weight_where(first), _weight_where(row)
    return left == right or ((left is None or right is None) and row.weight in (None, first.weight))


def _weight_where(row: Indicator) -> str | None:
    cell = row.cells.get("weight")
    return cell.where if cell is not None else None


def own_scores(report: Report) -> list[Indicator]:
    """Rows with a score cell of their own: a score cell over several rows counts once."""
    seen: set[str] = set()
    rows: list[Indicator] = []
    for row in report.indicators:
        cell = row.cells.get("score")
        where = cell.where if cell is not None else None
        if where is not None and where in seen:
            continue
        if where is not None:
            seen.add(where)
        rows.append(row)
    return rows


def score_state(row: Indicator) -> str:
    """State of the score cell; blank where there is none."""
    cell = row.cells.get("score")
    return cell.state if cell is not None else ("value" if row.score is not None else "blank")


def is_not_applicable(row: Indicator) -> bool:
    """Whether the row is declared 不适用 instead of being scored."""
    if score_state(row) == "none":
        return True
    if row.score is not None and row.score.value != 0:
        return False
    texts = [cell.raw for role in ("score", "reason") if (cell := row.cells.get(role)) is not None]
    return any(word in text for word in _NOT_APPLICABLE for text in texts)


def total_of_scores(rows: list[Indicator]) -> Decimal:
    """Σ scores; blank and undeclared ones count 0."""
    return sum((row.score.value for row in rows if row.score is not None), Decimal(0))


def sum_of_weights(groups: list[ScoreGroup]) -> Decimal:
    """Σ weights; groups without one count 0."""
    return sum((group.weight.value for group in groups if group.weight is not None), Decimal(0))


def applicable_weights(groups: list[ScoreGroup]) -> Decimal | None:
    """Σ weights of what applies; None where everything does or a weight is unknown.

    Of a weight that n rows share, a row declared 不适用 takes one n-th with it.
    """
    declared = {id(group): sum(is_not_applicable(row) for row in group.rows) for group in groups}
    if not any(declared.values()):
        return None
    total = Decimal(0)
    for group in groups:
        applying = len(group.rows) - declared[id(group)]
        if group.weight is None and applying:
            return None
        if group.weight is not None:
            total += group.weight.value * applying / len(group.rows)
    return total


def decimals_of(quantities: Iterable[Quantity | None]) -> int:
    """The most decimals any of the points print."""
    return max((quantity.decimals or 0 for quantity in quantities if quantity is not None), default=0)


def round_points(value: Decimal, decimals: int) -> Decimal:
    """Rounded half up: 80.5 → 81."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def is_rounded_sum(value: Decimal, decimals: int, printed: Quantity) -> bool:
    """Whether a printed total is a sum of points with `decimals`, exact or, with fewer decimals of its own, rounded.

    Points are given, not measured: as printed they are exact.
    """
    own = printed.decimals or 0
    return printed.value == value or (own < decimals and printed.value == round_points(value, own))


def agree_as_copies(left: Quantity, right: Quantity) -> bool:
    """Whether two prints of one score agree: the same number, or one the other rounded half up."""
    return is_rounded_sum(left.value, left.decimals or 0, right) or is_rounded_sum(
        right.value, right.decimals or 0, left
    )
