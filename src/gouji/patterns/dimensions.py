"""What a formula counts in, through sums, products and quotients: the linter's stricter look at units.

基本支出 ÷ 实有人数 ≤ 人员支出       money per person against money  →  “基本支出 ÷ 实有人数”与“人员支出”的计量单位不同
人员支出 ≥ 5                        →  5 counts in 元: was 5万元 meant?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.patterns.formula import Binary, Call, Column, Compare, Expr, Negate, Number, Ref, Within, children_of

if TYPE_CHECKING:
    from gouji.patterns.concepts import Concept

Dimension = Mapping[str, int]
KIND_NAMES = {"money": "金额", "count": "人数", "score": "分数", "text": "文字", "date": "日期"}
_SMALL_AMOUNT = 1000
_LARGE_RATE = 3


def find_unit_troubles(expr: Expr, concepts: Mapping[str, Concept]) -> Iterator[tuple[bool, str]]:
    """(is wrong, what) for every sum and comparison whose two sides do not count in the same."""
    for child in children_of(expr):
        yield from find_unit_troubles(child, concepts)
    if isinstance(expr, Within):
        return
    if isinstance(expr, Compare) or (isinstance(expr, Binary) and expr.sign in "+-"):
        left, right = dimension_of(expr.left, concepts), dimension_of(expr.right, concepts)
        if left is not None and right is not None and left != right:
            yield True, f"两边的计量单位不同：{_describe(left)}与{_describe(right)}不能相加或比较"
        yield from _literal_troubles(expr.left, right)
        yield from _literal_troubles(expr.right, left)


def _literal_troubles(literal: Expr, other: Dimension | None) -> Iterator[tuple[bool, str]]:
    if not isinstance(literal, Number) or other is None or not literal.value:
        return
    value = abs(literal.value)
    if other == {"money": 1} and value < _SMALL_AMOUNT:
        yield False, f"金额与 {_plain(literal.value)} 相比，这个数按元计；如指万元请写 {_plain(literal.value)}万元"
    elif other == {} and value > _LARGE_RATE:
        yield False, f"比率与 {_plain(literal.value)} 相比，1 就是 100%；如指百分数请写 {_plain(literal.value)}%"


def dimension_of(expr: Expr, concepts: Mapping[str, Concept]) -> Dimension | None:
    """Exponents of money, people, points …; {} for a ratio; None for what fits anything."""
    match expr:
        case Ref(concept=concept):
            kind = concepts[concept].kind if concept in concepts else "percent"
            return {} if kind == "percent" else {kind: 1}
        case Column(table="评分", field="分值" | "自评得分"):
            return {"score": 1}
        case Call(function="合计" | "最大" | "最小" | "绝对值", arguments=(one, *_)) | Negate(operand=one):
            return dimension_of(one, concepts)
        case Binary(sign=sign, left=left, right=right):
            return _combined(sign, dimension_of(left, concepts), dimension_of(right, concepts))
        case _:
            return None


def _combined(sign: str, left: Dimension | None, right: Dimension | None) -> Dimension | None:
    if sign in "+-":
        return left if left is not None else right
    exponents = Counter(left or {})
    for kind, exponent in (right or {}).items():
        exponents[kind] += exponent if sign == "*" else -exponent
    return None if left is None and right is None else {kind: n for kind, n in exponents.items() if n}


def _describe(dimension: Dimension) -> str:
    above = [KIND_NAMES.get(kind, kind) for kind, n in dimension.items() if n > 0]
    below = [KIND_NAMES.get(kind, kind) for kind, n in dimension.items() if n < 0]
    if not dimension:
        return "比率"
    return "×".join(above or ["数"]) + "".join(f"÷{name}" for name in below)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
