"""Whether a formula compares and adds like with like: 万元 with 万元, people with people.

基本支出 = 人员支出 + 实有人数      → ("基本支出", "实有人数")
基本支出 ÷ 实有人数 ≤ 20万元        → None (a product or quotient may have any unit)
"""

from __future__ import annotations

from gouji.patterns.formula import Binary, Call, Column, Compare, Expr, Negate, Ref, children_of

_TOPICS = {"staffing": "people", "scoring": "points"}
_CONCEPTS = {"performance.score": "points", "performance.grade": "text", "budget.execution_rate": "percent"}
Operand = tuple[str, str]


def kind_of_concept(concept: str) -> str:
    """What a concept is counted in: money unless its topic says otherwise."""
    return _CONCEPTS.get(concept) or _TOPICS.get(concept.partition(".")[0], "money")


def find_mismatch(expr: Expr) -> tuple[str, str] | None:
    """The names of two operands that are added or compared although their units differ."""
    if isinstance(expr, (Compare, Binary, Negate)) and not _is_product(expr):
        operands = _addends(expr)
        return next(((operands[0][1], name) for kind, name in operands if kind != operands[0][0]), None)
    return next((found for child in children_of(expr) if (found := find_mismatch(child)) is not None), None)


def _is_product(expr: Expr) -> bool:
    return isinstance(expr, Binary) and expr.sign in "*/"


def _addends(expr: Expr) -> list[Operand]:
    """(kind, name) of every operand of sums and comparisons; literals and products have no kind of their own."""
    match expr:
        case Ref(concept=concept, name=name):
            return [(kind_of_concept(concept), name)]
        case Call(function="数量" | "提及" | "列支"):
            return []
        case Column(table="评分", field=field):
            return [("points", field)]
        case _ if _is_product(expr):
            return []
        case _:
            return [operand for child in children_of(expr) for operand in _addends(child)]
