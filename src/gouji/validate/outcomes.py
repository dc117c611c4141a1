"""The readings of one rule over one row, each with its verdict; a reading may have to do without a column the form lacks.

reading + row ─operands_of→ Operands ─Evaluator→ Outcome(reading, operands, evaluation)
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.patterns.formula import STAGE_WORDS, Compare, Expr, Number, Ref, linear_terms, refs_of
from gouji.patterns.rules import Reading
from gouji.validate.evaluate import Evaluation, Evaluator, holds, total_of
from gouji.validate.operands import Facts, Operand, Operands, facts_of, operands_of
from gouji.validate.span import NOTHING, Span, exact

if TYPE_CHECKING:
    from gouji.model.finding import Verdict
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case, EntityRow

Changed = Mapping[str, "Quantity"]
_ENDS = 2  # a total and one part are a copy, no sum


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """One reading over one row. `lacking`: the parts the form has no column for, in words."""

    reading: Reading
    operands: Operands
    evaluation: Evaluation
    lacking: str = ""

    @property
    def verdict(self) -> Verdict:
        """pass, review, fail or undecided. A sum without one of its columns fails only where it is too large."""
        truth = self.evaluation.truth
        if truth is False and self.lacking and not _overshoots(self):
            return "undecided"
        return "undecided" if truth is None else self.reading.verdict if truth else "fail"


def known_outcomes(rule: Rule, readings: tuple[Reading, ...], row: EntityRow, case: Case) -> list[Outcome]:
    """The readings that fit this row, as printed; worked out once a report. Rows and rules live as long as the case."""
    found = [known_outcome(rule, reading, row, case) for reading in readings]
    return _closest([outcome for outcome in found if outcome is not None])


def known_outcome(rule: Rule, reading: Reading, row: EntityRow, case: Case) -> Outcome | None:
    """One reading of `known_outcomes`; None where it does not fit."""
    key = (rule.id, id(row), id(reading))
    if key not in case.outcomes:
        case.outcomes[key] = outcome_of(rule, reading, row, case)
    return case.outcomes[key]


def settled_bound(rule: Rule, reading: Reading, row: EntityRow, case: Case) -> Verdict | None:
    """Part ≤ whole, part ≥ 0, the greatest part of all formulas: pass where two numbers settle it, not_applicable without a cell.

    None where it takes a closer look.
    """
    bound = bound_of(reading.formula)
    if bound is None or reading.unless or reading.verdict != "pass":
        return None
    found: list[Span] = []
    told = 0  # names with a number
    for side in bound.sides:
        if isinstance(side, Span):
            found.append(side)
            continue
        fact = row.facts.get((side.concept, side.stage))
        if fact is None:
            return None if side.concept in rule.optional else "not_applicable"
        span = _narrowest(fact, side, rule, case)
        if span is None:
            return None
        told += fact.quantity is not None
        found.append(span)
    if not told:
        return "not_applicable"
    return "pass" if holds(bound.sign, *found) else None


class Bound(NamedTuple):
    """A comparison of this report's own names and numbers: part ≤ whole, part ≥ 0."""

    sign: str
    sides: tuple[Ref | Span, Ref | Span]


@lru_cache(maxsize=4096)
def bound_of(formula: Expr) -> Bound | None:
    """The bound that a formula states; None where it is anything else."""
    if not isinstance(formula, Compare) or formula.sign not in ("<=", ">="):
        return None
    left, right = _end_of(formula.left), _end_of(formula.right)
    return Bound(formula.sign, (left, right)) if left is not None and right is not None else None


def _end_of(side: Expr) -> Ref | Span | None:
    if isinstance(side, Number):
        return exact(side.value)
    return side if isinstance(side, Ref) and not side.source else None


def _narrowest(fact: Fact, ref: Ref, rule: Rule, case: Case) -> Span | None:
    """The least a number can reach, whatever stands beside it: a printed 0, or a blank where it counts as one, nothing.

    None where its neighbours must be asked, and for what is no number; a blank is 0 only where the rule says so with a note.
    """
    quantity = fact.quantity
    if quantity is None:
        is_zero = fact.state == "blank" and rule.blank == "zero_with_note" and ref.concept not in rule.open_if_blank
        return NOTHING if is_zero else None
    reach = case.reach_of(fact)
    if reach is None or reach.span is None:
        return None
    return reach.span if reach.alone else None if quantity.value else NOTHING


def deciding_outcomes(rule: Rule, readings: tuple[Reading, ...], row: EntityRow, case: Case) -> list[Outcome]:
    """As many of `known_outcomes` as decide: nothing beats the first that closes with every column there."""
    for reading in readings:
        outcome = known_outcome(rule, reading, row, case)
        if outcome is not None and not outcome.lacking and outcome.verdict == "pass":
            return [outcome]
    return known_outcomes(rule, readings, row, case)


def outcomes_of(
    rule: Rule, readings: tuple[Reading, ...], row: EntityRow, case: Case, changed: Changed
) -> list[Outcome]:
    """The readings that fit this row, with quantities supposed in some cells."""
    found = [outcome_of(rule, reading, row, case, changed) for reading in readings]
    return _closest([outcome for outcome in found if outcome is not None])


def outcome_of(
    rule: Rule, reading: Reading, row: EntityRow, case: Case, changed: Changed | None = None
) -> Outcome | None:
    """One reading over one row; None where it does not fit."""
    facts = facts_of(reading, row, case)
    if facts is None or (reading.unless and any(_has_column(row, column) for column in reading.unless)):
        return None
    if None in facts.values() and not _may_lack(reading.formula) and _lacks(facts, rule):
        return None  # as `_fits` would find
    operands = operands_of(facts, rule, row, case, changed)
    lacking = _columns_lacking(reading, operands)
    operands = operands | lacking if lacking else operands
    if not _fits(operands, rule):
        return None
    evaluation = Evaluator(rule, operands, case).run(reading.formula)
    if not evaluation.applies or (lacking and "whole" in rule.options.get("sums", ())):
        return None
    words = f"表内没有“{'、'.join(ref.name for ref in lacking)}”栏" if lacking else ""
    return Outcome(reading, operands, evaluation, words)


@lru_cache(maxsize=1024)
def _may_lack(formula: Expr) -> bool:
    """Whether a formula is a sum that can do without a part of it."""
    total = total_of(formula) if isinstance(formula, Compare) and formula.sign == "=" else None
    return total is not None and _is_plain_sum(formula, total)


def _lacks(facts: Facts, rule: Rule) -> bool:
    return any(fact is None and ref.concept not in rule.optional for ref, fact in facts.items())


def _has_column(row: EntityRow, column: str) -> bool:
    """`column`: a concept id, of another stage than the account with its word in brackets."""
    concept, _, stage = column.partition("[")
    fact = row.fact(concept, STAGE_WORDS.get(stage.rstrip("]"), "final"))
    return fact is not None and fact.state != "missing"


def _closest(found: list[Outcome]) -> list[Outcome]:
    """Readings the form has every column for; without one, those that use most of its columns, and marked ones that close."""
    if len(found) == 1:
        return found
    whole = [outcome for outcome in found if not outcome.lacking]
    if whole or not found:
        return whole
    most = max(_used(outcome) for outcome in found)
    return [o for o in found if _used(o) == most or (o.reading.verdict == "review" and o.evaluation.truth)]


def _used(outcome: Outcome) -> int:
    return sum(operand.status in ("number", "blank") for operand in outcome.operands.values())


def _columns_lacking(reading: Reading, operands: Operands) -> Operands:
    """Parts of a plain sum that the form has no column for, marked as lacking; its total and one part must be there."""
    gone = [operand for operand in operands.values() if _has_no_column(operand)]
    formula = reading.formula
    if not gone or not isinstance(formula, Compare) or formula.sign != "=":
        return {}
    total = total_of(formula)
    if total is None or operands[total].status != "number" or not _is_plain_sum(formula, total):
        return {}
    parts = [operand for ref, operand in operands.items() if ref != total]
    if not any(operand.status == "number" and operand.quantity is not None for operand in parts):
        return {}
    there = sum(operand.status in ("number", "blank") for operand in parts)
    lacking = {operand.ref: msgspec.structs.replace(operand, status="lacking") for operand in gone}
    return lacking if len(lacking) <= 2 * there else {}  # a stray column or two is no such sum


@lru_cache(maxsize=1024)
def _is_plain_sum(formula: Expr, total: Ref) -> bool:
    terms = linear_terms(formula) if isinstance(formula, Compare) else None
    return (
        terms is not None
        and len(terms) > _ENDS
        and all(not ref.source and (ref == total or k == -terms[total]) for ref, k in terms.items())
    )


def _has_no_column(operand: Operand) -> bool:
    if operand.status == "absent":
        return True
    return operand.status == "unknown" and operand.fact is not None and operand.fact.state == "missing"


def _overshoots(outcome: Outcome) -> bool:
    """Whether the parts that are there, none negative, already exceed the total."""
    formula = outcome.reading.formula
    total = total_of(formula) if isinstance(formula, Compare) else None
    parts = [operand.span for ref, operand in outcome.operands.items() if ref != total]
    low = sum((span.low for span in parts), Decimal(0))
    return total is not None and all(s.mid >= 0 for s in parts) and low > outcome.operands[total].span.high


def _fits(operands: Operands, rule: Rule) -> bool:
    """A reading fits where every part has a column and something is printed, or blanks are 0; without names it always does."""
    statuses = [operand.status for operand in operands.values()]
    if not statuses:
        return True
    if "absent" in statuses:
        return False
    told = "number" in statuses or "unknown" in statuses or "scope" in statuses
    return told or (rule.blank == "zero" and "blank" in statuses) or any(_is_said(o.fact) for o in operands.values())


def _is_said(fact: Fact | None) -> bool:
    """A text, or a declared 无."""
    return fact is not None and (isinstance(fact.value, str) or fact.state == "none")


def decide(outcomes: list[Outcome]) -> Outcome:
    """pass before review before undecided before fail: a sum fails only where no reading lets it close.

    Of several that fail, the one most of which holds.
    """
    if len(outcomes) == 1:
        return outcomes[0]
    order = ("pass", "review", "undecided", "fail")
    return min(outcomes, key=lambda outcome: (order.index(outcome.verdict), -_holding(outcome)))


def _holding(outcome: Outcome) -> int:
    """How many cells of a failing reading stand in equations that hold: a sum of four tells more than two cells that are alike."""
    if outcome.verdict != "fail":
        return 0
    held = [detail.compare for detail in outcome.evaluation.details if detail.truth is True]
    return sum(len(refs_of(compare)) for compare in held if compare.sign == "=")
