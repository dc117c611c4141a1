"""Comparisons with their numbers, for people.

人员支出 603.03 + 公用支出 268.02 = 871.05，基本支出 871.05        (a total beside its parts)
收入合计 871.05 − 支出合计 871.05 = 0.00，当年结余（空白）
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.patterns.formula import Binary, Call, Column, Compare, Expr, Negate, Number, Ref, Text, refs_of
from gouji.validate.evaluate import Detail, total_of

if TYPE_CHECKING:
    from gouji.model.quantity import Quantity
    from gouji.validate.operands import Operands

_DECIMALS = 6  # of ratios and of amounts in mixed units
_PERCENT_DECIMALS = 3
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
COMPARISONS = {"=": "等于", "!=": "不等于", "<=": "不大于", ">=": "不小于", "<": "小于", ">": "大于"}


class Term(NamedTuple):
    """A name in a sum: its sign and what it is called."""

    sign: str
    ref: Ref
    name: str


class Scale(msgspec.Struct, frozen=True, gc=False):
    """The unit a comparison is printed in: its name, factor to the base unit, decimals, and whether every number shares it."""

    unit: str
    factor: Decimal
    decimals: int | None
    uniform: bool

    def show(self, base: Decimal) -> str:
        """A base value as a printed number."""
        return plain(self.value(base))

    def value(self, base: Decimal) -> Decimal:
        """A base value in this unit, with the decimals of the printed numbers."""
        value = base / self.factor
        if self.decimals is not None:
            return value.quantize(Decimal(1).scaleb(-self.decimals))
        return trimmed(round(value, _PERCENT_DECIMALS if self.unit == "%" else _DECIMALS))


def plain(value: Decimal) -> str:
    """Decimal text without exponent; a signed zero loses its sign."""
    return format(abs(value) if value.is_zero() else value, "f")


def trimmed(value: Decimal) -> Decimal:
    """Without trailing zeros, never with an exponent."""
    value = value.normalize()
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else value


def scale_of(compare: Compare, operands: Operands) -> Scale:
    """The total's unit, else the first one; decimals only where every number is printed in one unit."""
    printed = [q for ref in _total_first(compare) if (q := operands[ref].quantity) is not None]
    if not printed:
        return Scale("", Decimal(1), None, uniform=True)
    first = next((q for q in printed if q.value), printed[0])
    uniform = len({(q.unit.name if q.unit else "", q.factor) for q in printed if q.value} or {""}) == 1
    linear = not any(isinstance(side, Binary) and side.sign in "*/" for side in (compare.left, compare.right))
    decimals = max(_decimals(q) for q in printed) if uniform and linear else None
    percent = first.unit is not None and first.unit.kind == "percent"
    return Scale(first.unit.name if first.unit else "", Decimal("0.01") if percent else first.factor, decimals, uniform)


@lru_cache(maxsize=4096)
def _total_first(compare: Compare) -> tuple[Ref, ...]:
    total = total_of(compare)
    return tuple(sorted(refs_of(compare), key=lambda ref: ref != total))


def _decimals(quantity: Quantity) -> int:
    if quantity.decimals is not None:
        return max(0, quantity.decimals)
    exponent = quantity.value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def write_expression(detail: Detail, operands: Operands) -> str:
    """One comparison with its numbers."""
    compare = detail.compare
    scale = scale_of(compare, operands)
    total = total_of(compare)
    if compare.sign == "=" and total is not None and isinstance(compare.left, Ref) and compare.left == total:
        sides = [(compare.right, detail.right), (compare.left, detail.left)]
    else:
        sides = [(compare.left, detail.left), (compare.right, detail.right)]
    known = detail.truth is not None or detail.why in ("blank_total", "parts_blank")
    texts = [_write_side(side, span.mid, operands, scale, known=known) for side, span in sides]
    joint = "，" if compare.sign == "=" else f" 应{COMPARISONS[compare.sign]} "
    return joint.join(text for text in texts if text) + _blank_note(detail, total, operands)


def _write_side(side: Expr, mid: Decimal, operands: Operands, scale: Scale, *, known: bool) -> str:
    text = _write(side, operands, scale, hide_blanks=isinstance(side, Binary) and known)
    composed = isinstance(side, (Negate, Call)) or (
        isinstance(side, Binary) and any(sign in text for sign in (" + ", " − ", " × ", " ÷ "))
    )
    if text and (not composed or not known):
        return text
    result = f"{scale.show(mid)}{'%' if scale.unit == '%' else ''}"
    return f"{text} = {result}" if text else f"各项合计 {result}"


def _write(expr: Expr, operands: Operands, scale: Scale, *, hide_blanks: bool = False) -> str:
    terms = _terms_of(expr)
    if terms is not None:  # nearly always
        return _write_terms(terms, operands, scale, hide_blanks=hide_blanks)
    match expr:
        case Binary(sign=sign, left=left, right=right):
            sides = [_write(side, operands, scale, hide_blanks=hide_blanks) for side in (left, right)]
            return _join(sign, *sides)
        case Call(function=function, arguments=arguments):
            return f"{function}（{'，'.join(_write(argument, operands, scale) for argument in arguments)}）"
        case Negate(operand=inner):
            return "−" + _write(inner, operands, scale)
        case _:
            return _write_literal(expr)


@lru_cache(maxsize=4096)
def _terms_of(expr: Expr) -> tuple[Term, ...] | None:
    """The terms of a name alone, or of names added and subtracted from left to right; None for anything else."""
    if isinstance(expr, Ref):
        return (Term("+", expr, _name(expr)),)
    if not isinstance(expr, Binary) or expr.sign not in "+-" or not isinstance(expr.right, Ref):
        return None
    before = _terms_of(expr.left)
    return None if before is None else (*before, Term(_SIGNS[expr.sign], expr.right, _name(expr.right)))


def _write_terms(terms: tuple[Term, ...], operands: Operands, scale: Scale, *, hide_blanks: bool) -> str:
    """人员支出 603.03 + 公用支出 268.02, without what the form lacks."""
    text = ""
    for sign, ref, name in terms:
        status = operands[ref].status
        if status in ("dropped", "lacking") or (hide_blanks and status == "blank"):
            continue
        joint = f" {sign} " if text else "" if sign == "+" else f"{sign} "
        text += f"{joint}{name} {_printed(ref, operands, scale)}"
    return text


def _write_literal(expr: Expr) -> str:
    match expr:
        case Number(value=value):
            return plain(value)
        case Text(text=text):
            return f"“{text}”"
        case Column(table=table, field=field):
            return f"{table}表各行{field}"
        case _:
            return ""


def _join(sign: str, left: str, right: str) -> str:
    if not right:
        return left
    if not left:
        return right if sign == "+" else f"{_SIGNS[sign]} {right}"
    return f"{left} {_SIGNS[sign]} {right}"


_STAGES = {"initial": "（年初预算）", "adjusted": "（全年预算）", "final": ""}


def _name(ref: Ref) -> str:
    return f"{ref.source}{ref.name.replace('.', '')}{_STAGES[ref.stage]}"


def _printed(ref: Ref, operands: Operands, scale: Scale) -> str:
    operand = operands[ref]
    fact = operand.fact
    if operand.status == "scope" and fact is not None:
        return f"{fact.raw}{fact.unit or ''}（{fact.scope or '未写明口径'}）"
    quantity = operand.quantity
    if quantity is not None:
        unit = quantity.unit
        own = unit is not None and (unit.name != scale.unit or not scale.uniform or unit.kind == "percent")
        return plain(quantity.value) + (unit.name if own and unit is not None else "")
    states = {
        "none": "无",
        "blank": "（空白）",
        "unreadable": f"（无法辨认：{fact.raw if fact else ''}）",
        "withheld": "（不公开）",
    }
    return states.get(fact.state, "（缺）") if fact is not None else "（缺）"


def _blank_note(detail: Detail, total: Ref | None, operands: Operands) -> str:
    hidden = [ref.name for ref in detail.blanks if ref != total and _is_part(ref, detail, operands)]
    return f"（{'、'.join(hidden)} 空白，按 0 计）" if hidden and detail.truth is not None else ""


def _is_part(ref: Ref, detail: Detail, operands: Operands) -> bool:
    """Whether a blank was left out of the printed sum."""
    sides = [side for side in (detail.compare.left, detail.compare.right) if isinstance(side, Binary)]
    return operands[ref].status == "blank" and any(ref in refs_of(side) for side in sides)
