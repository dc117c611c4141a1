"""Formulas over operands, by interval arithmetic and three-valued logic.

    True    it closes            None   unknown: a cell is missing, unreadable or withheld, or blank where that matters
    False   it does not

Blanks (a rule's `blank`): first as 0. Where that does not close, a blank total over filled parts and a filled total over
parts that are all blank are unknown; anything else is False with the blank as a possible cause.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from gouji.patterns.formula import (
    Binary,
    Body,
    Call,
    Column,
    Compare,
    Expr,
    Logic,
    Negate,
    Not,
    Number,
    Ref,
    Text,
    When,
    Within,
    refs_of,
)
from gouji.validate import span as spans
from gouji.validate.columns import column_texts, column_values, mentions
from gouji.validate.scores import agree_as_copies
from gouji.validate.span import NOTHING, Span

if TYPE_CHECKING:
    from gouji.model.quantity import Quantity
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.operands import Operand, Operands

Kleene = bool | None


class Detail(msgspec.Struct, frozen=True, gc=False):
    """One comparison of a formula as it came out. `why` tells an unknown: unknown, scope, blank_total, parts_blank, blank, divisor."""

    compare: Compare
    left: Span
    right: Span
    truth: Kleene
    why: str = ""
    blanks: tuple[Ref, ...] = ()


class Evaluation(msgspec.Struct, frozen=True, gc=False):
    """A formula's truth; None with `applies` False where a condition does not hold."""

    truth: Kleene
    details: tuple[Detail, ...]
    applies: bool = True


class Evaluator:
    """Evaluates one reading over its operands."""

    def __init__(self, rule: Rule, operands: Operands, case: Case) -> None:
        self.rule = rule
        self.operands = operands
        self.case = case
        self.details: list[Detail] = []

    def run(self, formula: Expr) -> Evaluation:
        """Truth and the comparisons that led to it."""
        if isinstance(formula, When):
            condition = self.truth_of(formula.condition)
            self.details.clear()
            if condition is not True:
                return Evaluation(None, (), applies=condition is None)
            formula = formula.then
        truth = self.truth_of(formula)
        return Evaluation(truth, tuple(self.details))

    def truth_of(self, expr: Expr) -> Kleene:
        """Truth of a condition."""
        match expr:
            case Compare():
                return self._compare(expr)
            case Logic(word=word, terms=terms):
                return kleene(word, [self.truth_of(term) for term in terms])
            case Not(operand=operand):
                truth = self.truth_of(operand)
                return None if truth is None else not truth
            case Within(value=value, band=band):
                number = self.number_of(value)
                return None if number is None else band.holds(number.mid)
            case Call(function="提及" | "列支"):
                return mentions(expr, self.case)
            case _:
                return None

    def number_of(self, expr: Expr) -> Span | None:
        """Value of an arithmetic expression, blanks as 0; None where it is unknown."""
        match expr:
            case Ref():
                operand = self.operands[expr]
                return None if operand.status in ("unknown", "scope", "absent") else operand.span
            case Number(value=value):
                return spans.exact(value)
            case Negate(operand=inner):
                number = self.number_of(inner)
                return None if number is None else spans.negate(number)
            case Binary():
                return self._arithmetic(expr)
            case Call():
                return self._call(expr)
            case _:
                return None

    def _arithmetic(self, expr: Binary) -> Span | None:
        left, right = self.number_of(expr.left), self.number_of(expr.right)
        if left is None or right is None:
            return None
        match expr.sign:
            case "+":
                return spans.add(left, right)
            case "-":
                return spans.subtract(left, right)
            case "*":
                return spans.multiply(left, right)
            case _:
                return spans.divide(left, right)

    def _call(self, call: Call) -> Span | None:
        argument = call.arguments[0]
        if call.function == "绝对值":
            number = self.number_of(argument)
            return None if number is None else spans.absolute(number)
        assert isinstance(argument, Column)  # noqa: S101 - the loader refuses anything else
        if call.function == "数量":
            return spans.exact(Decimal(sum(1 for text in column_texts(argument, self.case) if text)))
        values = column_values(argument, self.case)
        if values is None or (not values and call.function != "合计"):
            return None
        if call.function == "合计":
            total = NOTHING
            for value in values:
                total = spans.add(total, value)
            return total
        pick = max if call.function == "最大" else min
        return pick(values, key=lambda value: value.mid)

    def _compare(self, expr: Compare) -> Kleene:
        if isinstance(expr.right, Text) or isinstance(expr.left, Text):
            return self._compare_texts(expr)
        left, right = self.number_of(expr.left), self.number_of(expr.right)
        blanks = tuple([ref for ref in refs_of(expr) if self.operands[ref].status == "blank"])
        if left is None or right is None:
            statuses = [self.operands[ref].status for ref in refs_of(expr)]
            why = next((status for status in ("scope", "unknown") if status in statuses), "divisor")
            return self._note(Detail(expr, left or NOTHING, right or NOTHING, None, why, blanks))
        if expr.sign == "=" and (copies := self._point_copies(expr)) is not None:
            left, right = spans.exact(left.mid), spans.exact(right.mid)
            return self._note(Detail(expr, left, right, agree_as_copies(*copies)))
        truth = holds(expr.sign, left, right)
        why = ""
        if blanks and (not truth or self.rule.blank == "unknown" or (expr.sign != "=" and self._is_open(blanks))):
            why = self._why_open(expr, blanks)
        return self._note(Detail(expr, left, right, None if why else truth, why, blanks))

    def _point_copies(self, expr: Compare) -> tuple[Quantity, Quantity] | None:
        """Both sides where they are prints of one score: points are exact."""
        if not isinstance(expr.left, Ref) or not isinstance(expr.right, Ref):
            return None
        sides = [self.operands[expr.left].quantity, self.operands[expr.right].quantity]
        points = [q for q in sides if q is not None and q.unit is not None and q.unit.kind == "points"]
        return (points[0], points[1]) if len(points) == 2 else None  # noqa: PLR2004 - two sides

    def _note(self, detail: Detail) -> Kleene:
        self.details.append(detail)
        return detail.truth

    def _why_open(self, expr: Compare, blanks: tuple[Ref, ...]) -> str:
        """Why blanks leave a comparison open, "" where they do not."""
        if self.rule.blank == "zero" and expr.sign != "=":
            return ""
        if self.rule.blank == "unknown" or self._is_open(blanks):
            return "blank"
        if expr.sign != "=":
            return "blank"
        total = total_of(expr)
        if total is not None and self.operands[total].status == "blank":
            return "blank_total"
        parts = [
            ref for ref in refs_of(expr) if ref != total and self.operands[ref].status not in ("dropped", "lacking")
        ]
        return "parts_blank" if total is not None and all(ref in blanks for ref in parts) else ""

    def _is_open(self, blanks: tuple[Ref, ...]) -> bool:
        """Whether a blank means "not known" here. Where an equation closes with 0 it does not matter."""
        return any(ref.concept in self.rule.open_if_blank for ref in blanks)

    def _compare_texts(self, expr: Compare) -> Kleene:
        texts = [self._text_of(side) for side in (expr.left, expr.right)]
        if texts[0] is None or texts[1] is None:
            return None
        return (texts[0] == texts[1]) is (expr.sign == "=")

    def _text_of(self, expr: Expr) -> str | None:
        if isinstance(expr, Text):
            return expr.text
        if isinstance(expr, Body):
            return self.case.body
        if isinstance(expr, Ref):
            operand: Operand = self.operands[expr]
            value = operand.fact.value if operand.fact is not None else None
            return value if isinstance(value, str) else None
        return None


@lru_cache(maxsize=4096)
def total_of(expr: Compare) -> Ref | None:
    """The side of an equation that is one name alone, left first, where the other side is composed."""
    for side, other in ((expr.left, expr.right), (expr.right, expr.left)):
        if isinstance(side, Ref) and not isinstance(other, Ref):
            return side
    return expr.left if isinstance(expr.left, Ref) else None


def holds(sign: str, left: Span, right: Span) -> bool:
    """A comparison of two spans: = ≤ ≥ where some pair of points satisfies it; < > by the printed values."""
    match sign:
        case "=":
            return left.meets(right)
        case "!=":
            return not left.meets(right)
        case "<=":
            return left.low <= right.high
        case ">=":
            return left.high >= right.low
        case "<":
            return left.mid < right.mid
        case _:
            return left.mid > right.mid


def kleene(word: str, truths: list[Kleene]) -> Kleene:
    """且 / 或 of three-valued truths."""
    decisive = word == "or"
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive
