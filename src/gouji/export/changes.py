"""上年对比: last year's figure beside this year's, where both or the former are known.

last year's figure   the report's own column (上年), else the account of last year that the store keeps
                     both, and they differ → the report's own, and 说明 says what last year's report had
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.export.versions import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gouji.export.district import Department, District
    from gouji.export.listing import Row
    from gouji.patterns.exports import Item, Layout

# Key of a unit (its code, else its name's key) → concept → last year's figure in the layout's unit of money.
LastYear = dict[str, dict[str, Decimal]]


def unit_key(code: str, name: str) -> str:
    """The key of a unit in `LastYear`."""
    return code.lstrip("0") or name_key(name)


def list_changes(
    district: District, layout: Layout, items: Sequence[Item], last_year: Mapping[str, Mapping[str, Decimal]]
) -> Iterator[Row]:
    """Department by department, item by item; an item without a figure of last year has no row."""
    positions = {slot: n for n, slot in enumerate(layout.slots)}
    for department in district.departments:
        known = last_year.get(unit_key(department.code, department.name), {})
        for item in items:
            now = _number(department, positions[item.slot])
            printed = _number(department, positions[item.before])
            stored = known.get(item.slot.concept)
            before = printed if printed is not None else stored
            if before is None:
                continue
            yield {
                "budget_code": department.code,
                "unit_name": department.name,
                "item": item.name,
                "as": item.format,
                "measure": layout.unit if item.format == "money" else "人",
                "before": before,
                "now": now,
                "remark": _remark(now, printed, stored),
            }


def _number(department: Department, place: int) -> Decimal | None:
    figure = department.figures[place]
    return figure.number if figure else None


def _remark(now: Decimal | None, printed: Decimal | None, stored: Decimal | None) -> str:
    words = ["上年数取自本报告所列上年数" if printed is not None else "上年数取自上年报送的报告"]
    if printed is not None and stored is not None and printed != stored:
        words.append(f"与上年报告（{format(stored, 'f')}）不一致，请核实")
    if now is None:
        words.append("本年没有填报")
    return "；".join(words)
