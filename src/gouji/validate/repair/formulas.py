"""Rules made of formulas → constraints: every linear reading that fits a row, from its syntax tree.

支出合计 = 基本支出 + 项目支出      x0 − x1 − x2 ∈ ± what the printed digits allow
a 且 b                            both rows must close        ≤ ≥   rows open on one side
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.patterns.formula import Compare, Expr, Logic, Ref, linear_terms
from gouji.patterns.rules import Reading, Rule
from gouji.validate.case import EntityRow
from gouji.validate.evaluate import total_of
from gouji.validate.outcomes import Outcome, known_outcomes
from gouji.validate.repair.network import Constraint, Key, Option, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gouji.validate.case import Case
    from gouji.validate.operands import Operand
    from gouji.validate.repair.cells import CellBook

_OPEN = {"<=": (True, False), ">=": (False, True)}
_BOTH = 2


class Instance(msgspec.Struct, frozen=True, gc=False):
    """A rule in a row, as `judge` judges it: the same suffix makes the same key."""

    rule: Rule
    readings: tuple[Reading, ...]
    row: EntityRow
    suffix: str

    @property
    def key(self) -> Key:
        """Rule, entity, suffix of the judgement."""
        entity = None if self.row.main else self.row.entity
        return self.rule.id, entity or "", self.suffix


def concepts_of(rule: Rule) -> frozenset[str]:
    """What a rule's formulas name, or its check adds up; nothing where only the judgement knows."""
    if rule.check == "score_total":
        return frozenset({"scoring.score_total", "scoring.execution_score", *rule.copies})
    if rule.check == "subtotals":  # they share their cells with both totals
        return frozenset({"scoring.score_total", "scoring.execution_score", "scoring.weight_total"})
    if rule.check == "weights":
        return frozenset({"scoring.weight_total"})
    return frozenset(ref.concept for reading in rule.readings for ref in reading.refs)


def formula_constraints(case: Case, book: CellBook, only: frozenset[str] | None = None) -> Iterator[Constraint]:
    """A constraint for every rule in every row that instantiates it."""
    for instance in _instances(case, only):
        outcomes = known_outcomes(instance.rule, instance.readings, instance.row, case)
        options = tuple(option for o in outcomes if (option := _option(o, book)) is not None)
        if options:
            yield Constraint(instance.key, options, hard=instance.rule.severity == "hard")


def _instances(case: Case, only: frozenset[str] | None) -> Iterator[Instance]:
    for rule in case.rules.rules:
        if rule.mode not in ("any", "each") or (only is not None and not concepts_of(rule) & only):
            continue
        for row in case.rows if rule.scope == "entity" else case.rows[:1]:
            yield from _of_row(rule, row, "")
        if rule.scope == "entity":
            for row in case.scoped:
                yield from _of_row(rule, row, row.scope or "")
        if rule.mode == "any" and rule.options.get("moments"):
            for moment in case.moments:
                yield Instance(rule, rule.readings, moment.row, moment.name)


def _of_row(rule: Rule, row: EntityRow, scope: str) -> Iterator[Instance]:
    if rule.mode == "any":
        yield Instance(rule, rule.readings, row, scope)
        return
    for reading in rule.readings:
        if not isinstance(reading.formula, Compare) or reading.formula.sign != "=":
            continue  # part ≤ whole follows where the sum closes and no part is negative
        name = reading.refs[0].concept if reading.refs else ""
        yield Instance(rule, (reading,), row, "-".join(part for part in (name, scope) if part))


def _option(outcome: Outcome, book: CellBook) -> Option | None:
    """A reading as rows; None where part of it is not linear or not known."""
    found = [_row(compare, outcome.operands, book) for compare in _compares(outcome.reading.formula)]
    rows = tuple(row for row in found if row is not None)
    whole = bool(rows) and len(rows) == len(found) and not outcome.lacking
    return Option(rows, usual=outcome.reading.verdict == "pass") if whole else None


def _compares(formula: Expr) -> Iterator[Expr]:
    if isinstance(formula, Logic) and formula.word == "and":
        for term in formula.terms:
            yield from _compares(term)
    else:
        yield formula


def _row(formula: Expr, operands: Mapping[Ref, Operand], book: CellBook) -> Row | None:
    terms = linear_terms(formula)
    if terms is None or not isinstance(formula, Compare) or formula.sign not in ("=", "<=", ">="):
        return None
    if any(_is_unusable(operands[ref]) for ref in terms):
        return None
    room = _room(formula, operands)
    weights: dict[int, int] = {}
    constant = Decimal(0)
    for ref, coefficient in terms.items():
        operand = operands[ref]
        number = book.of_fact(operand.fact) if operand.fact is not None and not ref.source else None
        if number is None:
            constant += coefficient * operand.span.mid
        else:
            weights[number] = weights.get(number, 0) + int(coefficient)
    low, high = _OPEN.get(formula.sign, (False, False))
    total = total_of(formula) if formula.sign == "=" else None
    head = operands[total].fact if total is not None and not total.source else None
    allowed = book.integer(room)
    return Row(
        tuple((number, weight) for number, weight in weights.items() if weight),
        book.integer(constant),
        None if low else -allowed,
        None if high else allowed,
        book.of_fact(head) if head is not None and _is_sum(formula) else None,
    )


def _is_unusable(operand: Operand) -> bool:
    """Unknown, absent, or a rate: percentages may be cut, and are no addends."""
    unit = operand.quantity.unit if operand.quantity is not None else None
    return operand.status in ("unknown", "absent") or (unit is not None and unit.kind in ("percent", "ratio"))


def _is_sum(formula: Compare) -> bool:
    return not (isinstance(formula.left, Ref) and isinstance(formula.right, Ref))


def _room(formula: Compare, operands: Mapping[Ref, Operand]) -> Decimal:
    """What rounding allows, base units. Two prints of one score agree exactly, or one is the other rounded."""
    terms = linear_terms(formula) or {}
    used = [operands[ref] for ref in terms]
    points = [o.quantity for o in used if o.quantity is not None and o.quantity.unit is not None]
    if (
        not _is_sum(formula)
        and len(points) == _BOTH
        and all(q.unit is not None and q.unit.kind == "points" for q in points)
    ):
        decimals = {q.decimals or 0 for q in points}
        return Decimal("0.5").scaleb(-min(decimals)) if len(decimals) > 1 else Decimal(0)
    return sum((o.span.slack for o in used), Decimal(0))
