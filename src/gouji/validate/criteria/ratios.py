"""The ratio of a standard indicator, from the facts of the report: every formula whose cells are all filled.

实有人数 / 人员编制 ─facts→ Ratio(span 1.0556, "实有人数 38 ÷ 人员编制 36 = 105.556%", certain False: the term is undefined)

A fact comes from the tables, else from the prose if it says one number only; last year's from last year's report, else from
a column of this one. What rests on prose, or on a formula marked `review`, is not certain.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.finding import Audience, Evidence, Severity
from gouji.patterns.formula import Binary, Ref, refs_of, walk
from gouji.patterns.rules import Rule
from gouji.validate.case import KNOWN_STATES
from gouji.validate.criteria.bands import percent
from gouji.validate.evaluate import Evaluator, Kleene
from gouji.validate.operands import Operand, Operands
from gouji.validate.span import NOTHING, Span, span_of

if TYPE_CHECKING:
    from gouji.model.report import Fact
    from gouji.patterns.criteria import RatioFormula, StandardIndicator
    from gouji.patterns.formula import Expr
    from gouji.validate.case import Case

_SEVERITY: Severity = "note"
_AUDIENCE: Audience = "bureau"
_BLANK_IS_OPEN = Rule("S", "1", "", "any", (), "", _SEVERITY, _AUDIENCE, "report", waivable=True, blank="unknown")


class Ratio(NamedTuple):
    """A value of the ratio with how it came about.

    `certain`: from tables, every term defined; `explains`: another usage than the standard one; `beyond`: with a cell of
    another report than this one.
    """

    span: Span
    text: str
    evidence: tuple[Evidence | None, ...]
    certain: bool
    note: str = ""
    explains: bool = False
    beyond: bool = False


class RatioReadings(NamedTuple):
    """Every value the facts give, names of what is missing, and what would be divided by although it is 0.

    `unfilled`: the form has a cell for what is missing. `unasked`: it has none, for no formula and no condition.
    """

    values: tuple[Ratio, ...]
    missing: tuple[str, ...] = ()
    undefined: tuple[str, ...] = ()
    unfilled: bool = False
    unasked: bool = False


def read_ratios(indicator: StandardIndicator, case: Case) -> RatioReadings:
    """The readings of one indicator."""
    values: list[Ratio] = []
    missing: list[list[str]] = []
    undefined: list[str] = []
    unfilled, unasked = False, True
    for formula in indicator.ratios:
        operands = operands_of_formula(formula, case)
        unfilled = unfilled or _has_a_cell(operands)
        zero = zero_divisor(formula.formula, operands, case)
        if zero:
            undefined.append(zero)
        elif all(operand.status == "number" for operand in operands.values()):
            values += _ratio(formula, operands, case)
        else:
            missing.append(_unfilled_names(operands))
    for formula in (formula for worded in indicator.cases for formula in worded.when):
        operands = operands_of_formula(formula, case)
        missing.append(_unfilled_names(operands))
        unasked = unasked and not _has_a_cell(operands)
    undefined += _zero_denominators(indicator, case)
    lacking = sorted((names for names in missing if names), key=len)
    fewest = tuple(lacking[0]) if lacking else ()
    return RatioReadings(
        tuple(values), fewest, tuple(undefined) if not values else (), unfilled, unasked and not unfilled
    )


def _has_a_cell(operands: Operands) -> bool:
    """Whether the form has a cell for one of the numbers that are lacking."""
    return any(o.fact is not None and o.status != "number" for o in operands.values())


def _unfilled_names(operands: Operands) -> list[str]:
    return [_name(ref) for ref, operand in operands.items() if operand.status != "number"]


def truth_of_case(formula: RatioFormula, case: Case) -> tuple[Kleene, Operands]:
    """Whether a condition over the facts holds; None where a cell that matters is missing or blank."""
    operands = operands_of_formula(formula, case)
    return Evaluator(_BLANK_IS_OPEN, operands, case).truth_of(formula.formula), operands


def operands_of_formula(formula: RatioFormula, case: Case) -> Operands:
    """The cells of a formula."""
    known = case.operands
    for ref in formula.refs:
        if ref not in known:
            known[ref] = _operand(ref, case)
    return {ref: known[ref] for ref in formula.refs}


def evidence_of(operands: Operands, case: Case) -> tuple[Evidence | None, ...]:
    """The cells as evidence."""
    return tuple(
        case.evidence(o.fact, "value", of=ref.source if _is_beyond(o, case) else "")
        for ref, o in operands.items()
        if o.fact is not None
    )


def _is_beyond(operand: Operand, case: Case) -> bool:
    """Whether a cell stands in another report than this one: last year's, the reference."""
    if not operand.ref.source or operand.fact is None:
        return False
    return case.other_fact(operand.ref.source, operand.ref.concept, operand.ref.stage, None) is operand.fact


def is_certain(formula: RatioFormula, operands: Operands) -> bool:
    """Whether every term is defined and stands in a table."""
    return formula.verdict == "fail" and all(o.fact is not None and o.fact.origin == "table" for o in operands.values())


def write_operands(operands: Operands) -> str:
    """累计结余 20.25万元，上年结转 20.00万元"""
    return "，".join(f"{_name(ref)} {_printed(operand)}" for ref, operand in operands.items())


def zero_divisor(expr: Expr, operands: Operands, case: Case) -> str:
    """The divisor that is 0, in words; "" where none is."""
    for divisor in _divisors_of(expr):
        if _is_zero(divisor, Evaluator(_BLANK_IS_OPEN, operands, case), operands):
            return "、".join(_name(ref) for ref in operands if ref in refs_of(divisor))
    return ""


@lru_cache(maxsize=1024)
def _divisors_of(expr: Expr) -> tuple[Expr, ...]:
    return tuple(node.right for node in walk(expr) if isinstance(node, Binary) and node.sign == "/")


def _is_zero(expr: Expr, evaluator: Evaluator, operands: Operands) -> bool:
    if any(operands[ref].status != "number" for ref in refs_of(expr)):
        return False
    if isinstance(expr, Ref):
        return operands[expr].span.mid == 0
    span = evaluator.number_of(expr)
    return span is not None and span.mid == 0


def _zero_denominators(indicator: StandardIndicator, case: Case) -> list[str]:
    """What an indicator without a formula would divide by, where that is 0."""
    found: list[str] = []
    for formula in indicator.denominators:
        operands = operands_of_formula(formula, case)
        if _is_zero(formula.formula, Evaluator(_BLANK_IS_OPEN, operands, case), operands):
            found.append(formula.source)
    return found


def _ratio(formula: RatioFormula, operands: Operands, case: Case) -> list[Ratio]:
    span = Evaluator(_BLANK_IS_OPEN, operands, case).number_of(formula.formula)
    if span is None:
        return []
    text = write_operands(operands)
    if _is_quotient(formula):
        text = f"{text}，{formula.source} = {percent(span.mid)}"
    certain, explains = is_certain(formula, operands), formula.verdict == "explains"
    beyond = any(_is_beyond(operand, case) for operand in operands.values())
    return [Ratio(span, text, evidence_of(operands, case), certain, formula.note, explains, beyond)]


def _is_quotient(formula: RatioFormula) -> bool:
    return any(isinstance(node, Binary) for node in walk(formula.formula))


def _operand(ref: Ref, case: Case) -> Operand:
    fact = _fact_of(ref, case)
    if fact is None:
        return Operand(ref, None, "absent", NOTHING)
    if fact.state == "none":
        return Operand(ref, fact, "number", NOTHING)
    quantity = fact.quantity
    span = span_of(quantity) if quantity is not None else None
    if span is None or (not ref.source and case.main.conflicting(ref.concept)) or fact.where in case.suspects:
        return Operand(ref, fact, "blank" if fact.state == "blank" else "unknown", NOTHING, quantity)
    return Operand(ref, fact, "number", span, quantity)


def _fact_of(ref: Ref, case: Case) -> Fact | None:
    if ref.source == "上年":
        return _last_year(ref, case)
    if ref.source:
        return case.other_fact(ref.source, ref.concept, ref.stage, None)
    fact = case.main.fact(ref.concept, ref.stage)
    if fact is not None and fact.state in KNOWN_STATES:
        return fact
    return _only_one(case, ref, case.report.fiscal_year, "prose") or fact


def _last_year(ref: Ref, case: Case) -> Fact | None:
    """From last year's report; else from a column, else a sentence, of this one."""
    found = case.other_fact("上年", ref.concept, ref.stage, None)
    year = case.report.fiscal_year
    if found is not None or year is None:
        return found
    return _only_one(case, ref, year - 1, "table") or _only_one(case, ref, year - 1, "prose")


def _only_one(case: Case, ref: Ref, year: int | None, origin: str) -> Fact | None:
    """The fact of a year and stage where all that state it say the same number."""
    found = [
        fact
        for fact in case.by_concept.get(ref.concept, ())
        if fact.origin == origin and fact.main and fact.scope is None
        if fact.stage == ref.stage and fact.state in KNOWN_STATES and (fact.period or case.report.fiscal_year) == year
    ]
    values = {fact.quantity.base_value if fact.quantity is not None else None for fact in found}
    return found[0] if len(values) == 1 else None


_STAGES = {"initial": "（年初预算）", "adjusted": "（全年预算）", "final": ""}


@lru_cache(maxsize=1024)
def _name(ref: Ref) -> str:
    return f"{ref.source}{ref.name.replace('.', '')}{_STAGES[ref.stage]}"


def _printed(operand: Operand) -> str:
    fact, quantity = operand.fact, operand.quantity
    if fact is None:
        return "（缺）"
    if quantity is None:
        return {"none": "无", "blank": "（空白）"}.get(fact.state, "（缺）")
    unit = quantity.unit.name if quantity.unit is not None else ""
    return f"{format(quantity.value, 'f')}{unit}"
