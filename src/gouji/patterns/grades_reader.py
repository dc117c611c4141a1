"""grades.yml → the grades of each region; intervals and bases as rules write them too.

优: {band: "[90,100]", aliases: [优秀]}      →  Grade(优, Band(90, 100), (优秀,))
"""

from __future__ import annotations

import itertools
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from gouji.patterns.formula import Band
from gouji.patterns.rules import Grade, GradeSet
from gouji.patterns.source import read_basis

if TYPE_CHECKING:
    from gouji.patterns.source import Mapping, Node

_FULL = 100
_INTERVAL = re.compile(r"^([\[(])\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*([\])])$")


def read_grades(root: Mapping) -> dict[str, GradeSet]:
    """grades.yml: region → {basis, grades: {优: {band: "[90,100]", aliases: […]}}}."""
    found: dict[str, GradeSet] = {}
    for name, node in root.mapping("regions").pairs():
        entry = node.as_mapping()
        grades = tuple(grade for word, band in entry.mapping("grades").pairs() if (grade := _read_grade(word, band)))
        found[name] = GradeSet(name, grades, read_basis(entry))
        entry.finish()
        _check_partition(found[name], node)
    root.finish()
    return found


def _read_grade(word: str, node: Node) -> Grade | None:
    entry = node.as_mapping()
    child = entry.child("band")
    band = read_band(child) if child is not None else None
    if child is None:
        entry.problem("缺少 band")
    aliases = entry.texts("aliases", ())
    entry.finish()
    return Grade(word, band, aliases) if band is not None else None


def _check_partition(grades: GradeSet, node: Node) -> None:
    """Bands must cover 0–100 without gap or overlap."""
    bands = sorted((grade.band for grade in grades.grades), key=lambda band: band.low)
    for below, above in itertools.pairwise(bands):
        if below.high != above.low or below.high_open == above.low_open:
            node.problem(f"{grades.name} 的等次区间在 {below.high} 与 {above.low} 之间有空档或重叠")
    if bands and (bands[0].low != 0 or bands[-1].high != _FULL or bands[-1].high_open):
        node.problem(f"{grades.name} 的等次区间须从 0 到 100")


def read_band(node: Node) -> Band | None:
    """Read [90,100); a problem where it is no interval."""
    match = _INTERVAL.match(node.scalar())
    if match is None:
        node.problem(f"区间须如 [90,100] 或 [80,90)：{node.scalar()!r}")
        return None
    opening, low, high, closing = match.groups()
    try:
        return Band(Decimal(low), Decimal(high), opening == "(", closing == ")")
    except InvalidOperation:
        node.problem(f"区间须是数：{node.scalar()!r}")
        return None
