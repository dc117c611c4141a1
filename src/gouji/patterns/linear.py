"""Formulas as linear constraints, and what follows from them, exactly: fractions, no tolerance, no solver.

    基本支出 = 人员支出 + 公用支出      →  Constraint({基本: 1, 人员: −1, 公用: −1}, 0, "=")
    收入合计 ≥ 5万元                   →  Constraint({收入: 1}, −50000, ">=")

is_impossible   equalities by elimination, then inequalities by Fourier and Motzkin; None where that grows too large
is_implied      impossible together with its opposite
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from gouji.patterns.formula import Binary, Compare, Expr, Logic, Negate, Number, Ref, Within

Sign = Literal["=", ">=", ">"]
Row = tuple[tuple[tuple[Ref, Fraction], ...], Fraction, bool]  # terms, constant, strict
_MOST_ROWS = 2000


class Constraint(NamedTuple):
    """terms · x + constant  =, ≥ or > 0."""

    terms: Mapping[Ref, Fraction]
    constant: Fraction
    sign: Sign

    @property
    def refs(self) -> frozenset[Ref]:
        """What it speaks of."""
        return frozenset(self.terms)


def constraints_of(expr: Expr) -> list[Constraint] | None:
    """A comparison, interval or conjunction as constraints that must all hold; None where it is anything else."""
    match expr:
        case Logic(word="and", terms=terms):
            parts = [constraints_of(term) for term in terms]
            return None if None in parts else [c for part in parts for c in part or ()]
        case Within(value=value, band=band):
            low = Compare(">" if band.low_open else ">=", value, Number(band.low))
            high = Compare("<" if band.high_open else "<=", value, Number(band.high))
            return constraints_of(Logic("and", (low, high)))
        case Compare(sign=sign) if sign != "!=":
            return _compared(expr)
        case _:
            return None


def _compared(expr: Compare) -> list[Constraint] | None:
    left, right = _linear(expr.left), _linear(expr.right)
    if left is None or right is None:
        return None
    if expr.sign in ("<=", "<"):
        left, right = right, left
    terms, constant = _added(left, right, Fraction(-1))
    sign: Sign = "=" if expr.sign == "=" else ">" if expr.sign in ("<", ">") else ">="
    return [Constraint(terms, constant, sign)]


_Form = tuple[dict[Ref, Fraction], Fraction]


def _linear(expr: Expr) -> _Form | None:
    """Coefficients and constant of an expression; None where it is not linear."""
    match expr:
        case Ref(concept=concept, source=source, stage=stage):
            return {Ref(concept, "", source, stage): Fraction(1)}, Fraction(0)  # by whatever name the rule calls it
        case Number(value=value):
            return {}, Fraction(value)
        case Negate(operand=one):
            return _scaled(_linear(one), Fraction(-1))
        case Binary(sign=sign, left=left, right=right):
            return _combined(sign, _linear(left), _linear(right))
        case _:
            return None


def _combined(sign: str, left: _Form | None, right: _Form | None) -> _Form | None:
    if left is None or right is None:
        return None
    match sign:
        case "+" | "-":
            return _added(left, right, Fraction(1 if sign == "+" else -1))
        case "*":
            return _scaled(right, left[1]) if not left[0] else _scaled(left, right[1]) if not right[0] else None
        case _:
            return _scaled(left, 1 / right[1]) if not right[0] and right[1] else None


def _scaled(form: _Form | None, factor: Fraction) -> _Form | None:
    if form is None:
        return None
    return {ref: value * factor for ref, value in form[0].items() if value * factor}, form[1] * factor


def _added(left: _Form, right: _Form, factor: Fraction) -> _Form:
    terms = dict(left[0])
    for ref, value in right[0].items():
        terms[ref] = terms.get(ref, Fraction(0)) + factor * value
    return {ref: value for ref, value in terms.items() if value}, left[1] + factor * right[1]


# --- what follows ---------------------------------------------------------------------------------------------------------


def normal_form(constraint: Constraint) -> tuple[frozenset[tuple[Ref, Fraction]], Fraction, Sign]:
    """The same for constraints that say the same: scaled so that the first name counts once."""
    if not constraint.terms:
        return frozenset(), constraint.constant, constraint.sign
    first = constraint.terms[min(constraint.terms, key=_order)]
    factor = first if constraint.sign == "=" else abs(first)
    terms = frozenset((ref, value / factor) for ref, value in constraint.terms.items())
    return terms, constraint.constant / factor, constraint.sign


def is_impossible(constraints: Iterable[Constraint]) -> bool | None:
    """Whether no numbers satisfy all; None where this cannot be told with reasonable effort."""
    rows = _without_equalities(list(constraints))
    return rows if isinstance(rows, bool) else _eliminate(rows)


def is_implied(constraint: Constraint, by: Iterable[Constraint]) -> bool | None:
    """Whether a constraint holds wherever the others do."""
    known = list(by)
    opposite = Constraint({ref: -value for ref, value in constraint.terms.items()}, -constraint.constant, ">")
    if constraint.sign == "=":
        other = Constraint(constraint.terms, constraint.constant, ">")
        return _all_of((is_impossible([*known, opposite]), is_impossible([*known, other])))
    return is_impossible([*known, opposite._replace(sign=">=") if constraint.sign == ">" else opposite])


def _all_of(answers: tuple[bool | None, ...]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _without_equalities(constraints: list[Constraint]) -> list[Constraint] | bool:
    """Every equality solved for one name and put into the others; True where two of them contradict."""
    equal = [c for c in constraints if c.sign == "="]
    rest = [c for c in constraints if c.sign != "="]
    while equal:
        solved = equal.pop()
        if not solved.terms:
            if solved.constant:
                return True
            continue
        ref = min(solved.terms, key=_order)
        equal = [_substituted(c, ref, solved) for c in equal]
        rest = [_substituted(c, ref, solved) for c in rest]
    return rest


def _substituted(constraint: Constraint, ref: Ref, solved: Constraint) -> Constraint:
    factor = constraint.terms.get(ref)
    if factor is None:
        return constraint
    added = _added((dict(constraint.terms), constraint.constant), (dict(solved.terms), solved.constant),
                   -factor / solved.terms[ref])  # fmt: skip
    return Constraint(*added, constraint.sign)


def _eliminate(constraints: list[Constraint]) -> bool | None:
    """Fourier and Motzkin: names go one by one, each lower bound against each upper bound."""
    rows = {_row(c.terms, c.constant, strict=c.sign == ">") for c in constraints}
    while True:
        if any(not terms and (constant < 0 or (strict and constant <= 0)) for terms, constant, strict in rows):
            return True
        refs = {ref for terms, _, _ in rows for ref, _ in terms}
        if not refs:
            return False
        if len(rows) > _MOST_ROWS:
            return None
        rows = _without(min(refs, key=lambda ref: (_growth(rows, ref), _order(ref))), rows)


def _growth(rows: set[Row], ref: Ref) -> int:
    signs = [value > 0 for terms, _, _ in rows for name, value in terms if name == ref]
    return sum(signs) * (len(signs) - sum(signs)) - len(signs)


def _without(ref: Ref, rows: set[Row]) -> set[Row]:
    above = [row for row in rows if dict(row[0]).get(ref, Fraction(0)) > 0]
    below = [row for row in rows if dict(row[0]).get(ref, Fraction(0)) < 0]
    kept = {row for row in rows if ref not in dict(row[0])}
    for lower in above:
        for upper in below:
            low, high = dict(lower[0]), dict(upper[0])
            terms, constant = _added((low, lower[1]), (high, upper[1]), low[ref] / -high[ref])
            kept.add(_row(terms, constant, strict=lower[2] or upper[2]))
    return kept


def _row(terms: Mapping[Ref, Fraction], constant: Fraction, *, strict: bool) -> Row:
    ordered = sorted(terms.items(), key=lambda item: _order(item[0]))
    scale = abs(ordered[0][1]) if ordered else Fraction(1)
    return tuple((ref, value / scale) for ref, value in ordered), constant / scale, strict


def _order(ref: Ref) -> tuple[str, str, str]:
    return (ref.concept, ref.source, ref.stage)
