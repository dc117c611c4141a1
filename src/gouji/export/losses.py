"""扣分汇总: for each 三级指标 how well it was reached, how many lost points, how many gave no reason, and the usual reasons.

    预算执行率   4/5 (预算追加), 5/5, 3/5 ("")   → 平均得分率 80 %, 扣分 2 家, 未写原因 1 家, 主要原因 预算追加（1家）

Rows that share one weight say nothing of points lost and are left out, as in 指标得分.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.export.plain import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.export.district import District, ScoreRow
    from gouji.export.listing import Row

_REASONS = 3
_REASON_LENGTH = 40


def list_losses(district: District) -> Iterator[Row]:
    """One row an indicator, in the order in which they first stand in a scoring table."""
    groups: dict[str, list[ScoreRow]] = defaultdict(list)
    shared: Counter[str] = Counter()
    for row in (row for department in district.departments for row in department.scores):
        if row.note:
            shared[row.level3] += 1
        elif row.level3 and row.weight is not None and row.weight.value:
            groups[row.level3].append(row)
    for level3, rows in groups.items():
        yield _sum_up(level3, rows, shared[level3])


def _sum_up(level3: str, rows: list[ScoreRow], shared: int) -> Row:
    weights = Counter(row.weight.value for row in rows if row.weight is not None)
    weight, usual = weights.most_common(1)[0]
    scored = [
        (row, row.score.value, row.weight.value) for row in rows if row.score is not None and row.weight is not None
    ]
    lost = [row for row, score, full in scored if score < full]
    remarks = [f"{len(rows) - usual} 家分值不同"] if usual < len(rows) else []
    remarks += [f"{len(rows) - len(scored)} 家未填得分"] if len(scored) < len(rows) else []
    remarks += [f"另有 {shared} 行与他项共用分值，未计入"] if shared else []
    return {
        "level3": level3,
        "weight": weight,
        "units": Decimal(len(rows)),
        "rate": sum((score / full for _, score, full in scored), Decimal(0)) / len(scored) if scored else None,
        "lost": Decimal(len(lost)),
        "silent": Decimal(sum(not row.reason.strip() for row in lost)),
        "reason": _list_reasons(lost),
        "remark": "；".join(remarks),
    }


def _list_reasons(lost: list[ScoreRow]) -> str:
    """The most frequent reasons, each with its number of departments."""
    reasons = Counter(shorten(row.reason, _REASON_LENGTH) for row in lost if row.reason.strip())
    return "；".join(f"{reason}（{count} 家）" for reason, count in reasons.most_common(_REASONS))
