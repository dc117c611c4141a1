"""Rules made of formulas → judgements, row by row.

reading ─operands_of→ Operands ─Evaluator→ Evaluation ─┐
another reading …                                      ├─ passes where any reading closes; fails where all disagree
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.patterns.formula import Compare, Ref, linear_terms, refs_of
from gouji.validate.case import present
from gouji.validate.derived import derive_total, room_of
from gouji.validate.evaluate import Detail, total_of
from gouji.validate.expression import plain, scale_of, trimmed, write_expression
from gouji.validate.judgement import NOT_APPLICABLE, Judgement, replaced, worst_of
from gouji.validate.operands import Operands
from gouji.validate.outcomes import Outcome, decide, deciding_outcomes, known_outcome, outcomes_of, settled_bound
from gouji.validate.prose.mention import confirm_mention
from gouji.validate.score_total import is_rescaled_copy
from gouji.validate.unlisted import find_unlisted
from gouji.validate.unread import find_unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Evidence, Verdict
    from gouji.model.quantity import Quantity
    from gouji.patterns.rules import Reading, Rule
    from gouji.validate.case import Case, EntityRow

_DECIMALS = 6
_COPIES = 2
_MOST_COMBINATIONS = 64
_PERCENT_DECIMALS = 3


def judge_rule(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Every judgement of a formula rule: one a row (entity rules), a failing one a formula (`each`)."""
    for judgement in _judge_rows(rule, case):
        doubted = rule.failing == "review" and judgement.verdict == "fail"
        yield replaced(judgement, verdict="review", say="review", causes=()) if doubted else judgement


def _judge_rows(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Row by row; what stands elsewhere (上年, 参照) is known of the main row alone."""
    rows = case.rows if rule.scope == "entity" and not rule.needs else case.rows[:1]
    for row in rows:
        if rule.mode == "each":
            yield from _judge_each(rule, row, case)
        else:
            yield judge_any(rule, rule.readings, row, case)
    if rule.scope == "entity":
        yield from _judge_scoped(rule, case)
        yield from _judge_moments(rule, case)


def _judge_scoped(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Tables that name their money (一般公共预算): the rule inside each, where it applies."""
    for row in case.scoped:
        if rule.needs and not row.main:
            continue
        judged = _judge_each(rule, row, case) if rule.mode == "each" else [judge_any(rule, rule.readings, row, case)]
        for judgement in judged:
            if judgement.verdict != "not_applicable":
                suffix = "-".join(part for part in (judgement.suffix, row.scope) if part)
                yield replaced(judgement, suffix=suffix)


def _judge_moments(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Sums of the budget and of last year that do not close, or have parts and no total; the balance of a year is no such sum."""
    if not case.moments or rule.mode != "any" or not rule.options.get("moments"):
        return
    if not all(ref.stage == "final" and not ref.source for ref in _refs(rule)):
        return
    for moment in case.moments:
        judgement = judge_any(rule, rule.readings, moment.row, case)
        if judgement.verdict in ("fail", "review") or judgement.causes:
            yield replaced(judgement, suffix=moment.name)


def _refs(rule: Rule) -> Iterator[Ref]:
    return itertools.chain.from_iterable(reading.refs for reading in rule.readings)


def _judge_each(rule: Rule, row: EntityRow, case: Case) -> Iterator[Judgement]:
    """A failing judgement for every formula that fails; else one that stands for all."""
    plainly = {id(reading): _plain_verdict(rule, reading, row, case) for reading in rule.readings}
    pairs = [(r, judge_any(rule, (r,), row, case)) for r in rule.readings if plainly[id(r)] is None]
    bad = [(reading, j) for reading, j in pairs if j.verdict in ("fail", "review")]
    covered = _concepts_of_failing_sums(row, case) if bad and not rule.needs else []
    told = [(reading, j) for reading, j in bad if not any({r.concept for r in reading.refs} <= c for c in covered)]
    for reading, judgement in told:
        yield replaced(judgement, suffix=_name_of_reading(reading))
    if not told:
        passing = next((r for r in rule.readings if plainly[id(r)] == "pass"), None)
        rest = [j for _, j in pairs if j.verdict not in ("fail", "review")]
        rest += [judge_any(rule, (passing,), row, case)] if passing is not None else []
        yield replaced(worst_of(rest), entity=_entity(row))


def _plain_verdict(rule: Rule, reading: Reading, row: EntityRow, case: Case) -> Verdict | None:
    """pass or not_applicable where nothing else can come of it; None where it must be judged."""
    verdict = settled_bound(rule, reading, row, case)
    if verdict is None:
        outcome = known_outcome(rule, reading, row, case)
        verdict = outcome.verdict if outcome is not None else "not_applicable"
    if verdict == "not_applicable":
        return verdict
    conflicts = row.conflicts and any(ref.concept in row.conflicts for ref in reading.refs)
    return "pass" if not conflicts and verdict == "pass" else None


def _name_of_reading(reading: Reading) -> str:
    """The concept a formula is about, with its stage where that is not the account."""
    first = reading.refs[0]
    return first.concept if first.stage == "final" else f"{first.concept}-{first.stage}"


def _concepts_of_failing_sums(row: EntityRow, case: Case) -> list[set[str]]:
    """What the hard sums that fail in this row rest on: they have told of those cells already."""
    return [
        {ref.concept for reading in other.readings for ref in reading.refs}
        for other in case.rules.rules
        if other.mode == "any" and other.scope == "entity" and other.severity == "hard"
        if judge_any(other, other.readings, row, case).verdict == "fail"
    ]


def judge_any(rule: Rule, readings: tuple[Reading, ...], row: EntityRow, case: Case) -> Judgement:
    """A row passes where any reading closes."""
    outcomes = deciding_outcomes(rule, readings, row, case)
    if not outcomes:
        return NOT_APPLICABLE if row.main else replaced(NOT_APPLICABLE, entity=_entity(row))
    best = decide(outcomes)
    blocked = _blocking_copy(rule, readings, row, case, best.verdict)
    if blocked is not None:
        return _blocked("undecided.copies", best, row, case, case.name_of(blocked))
    if best.verdict in ("fail", "review") and _unit_in_doubt(best, case):
        return _blocked("undecided.unit", best, row, case, "")
    if best.verdict == "review" and best.evaluation.truth:
        return _to_confirm(best, outcomes, row, case)
    return _judgement(rule, best, row, case)


def _to_confirm(best: Outcome, outcomes: list[Outcome], row: EntityRow, case: Case) -> Judgement:
    """A reading closes that has to be confirmed: what is shown is where the usual one does not."""
    usual = [outcome for outcome in outcomes if outcome.verdict == "fail" and outcome.reading.verdict == "pass"]
    shown = max(usual, key=lambda o: sum(d.truth is True for d in o.evaluation.details), default=best)
    detail = _telling_detail(shown)
    assert detail is not None  # noqa: S101 - a reading that closes compares something
    note = {"说明": "".join(f"{text}；" for text in (best.lacking, best.reading.note) if text)}
    judgement = _difference(shown, detail, row, _evidence(shown, row, case))
    return replaced(judgement, verdict="review", slots=judgement.slots | note)


def _blocking_copy(
    rule: Rule, readings: tuple[Reading, ...], row: EntityRow, case: Case, verdict: Verdict
) -> str | None:
    """A concept whose copies conflict in such a way that the verdict depends on which of them, and of others, are right."""
    if not row.conflicts:
        return None
    choices: list[list[tuple[str, str, Quantity]]] = []
    for concept in dict.fromkeys(ref.concept for reading in readings for ref in reading.refs):
        copies = row.conflicting(concept)
        chosen = row.fact(concept)
        if not copies or chosen is None or chosen.where is None:
            continue
        choices.append([(concept, chosen.where, copy.quantity) for copy in copies if copy.quantity is not None])
    for picked in itertools.islice(itertools.product(*choices), _MOST_COMBINATIONS) if choices else ():
        outcomes = outcomes_of(rule, readings, row, case, {where: quantity for _, where, quantity in picked})
        if outcomes and decide(outcomes).verdict != verdict:
            return picked[0][0]
    return None


def _unit_in_doubt(outcome: Outcome, case: Case) -> bool:
    """Whether some numbers stand in a block whose unit is in doubt, and others do not (inside one block sums do not care)."""
    own = [operand for ref, operand in outcome.operands.items() if not ref.source]
    places = {o.fact.where for o in own if o.fact is not None and o.quantity is not None}
    doubtful = places & case.suspects
    return bool(doubtful) and (doubtful != places or len(own) < len(outcome.operands))


def _blocked(say: str, outcome: Outcome, row: EntityRow, case: Case, missing: str) -> Judgement:
    return Judgement("undecided", say, {"缺": missing}, entity=_entity(row), evidence=_evidence(outcome, row, case))


def _entity(row: EntityRow) -> str | None:
    return None if row.main else row.entity


def _judgement(rule: Rule, outcome: Outcome, row: EntityRow, case: Case) -> Judgement:
    detail = _telling_detail(outcome)
    evidence = _evidence(outcome, row, case)
    if detail is None:
        return Judgement(outcome.verdict, slots={"式": outcome.reading.source}, entity=_entity(row), evidence=evidence)
    match outcome.verdict:
        case "pass":
            say = "pass.blank" if any(d.blanks for d in outcome.evaluation.details) and rule.blank != "zero" else "pass"
            text = "；".join(write_expression(d, outcome.operands) for d in outcome.evaluation.details)
            return Judgement(
                "pass",
                say,
                expression=text,
                entity=_entity(row),
                evidence=evidence,
                note=outcome.lacking or outcome.reading.note,
            )
        case "undecided":
            return _undecided(outcome, detail, row, case, evidence)
        case _:
            return _failure(rule, outcome, detail, row, case, evidence)


def _telling_detail(outcome: Outcome) -> Detail | None:
    """The comparison to show: the first that fails, else the first unknown, else the first."""
    details = outcome.evaluation.details
    for wanted in (False, None):
        if outcome.evaluation.truth is wanted:
            return next((detail for detail in details if detail.truth is wanted), details[0] if details else None)
    return details[0] if details else None


_WHY = {
    "unknown": "{names} 缺少、无法辨认或不公开",
    "scope": "{names} 两处资金口径不同或有一处未写明",
    "blank_total": "{names} 未填",
    "parts_blank": "各组成项均未填",
    "blank": "{names} 未填",
    "divisor": "作为除数的数为 0 或未填",
}


def _undecided(
    outcome: Outcome, detail: Detail, row: EntityRow, case: Case, evidence: tuple[Evidence, ...]
) -> Judgement:
    names = [ref.source + ref.name for ref in refs_of(detail.compare) if _is_open(ref, detail, outcome.operands)]
    missing = _WHY.get(detail.why, "{names} 不明").format(names="、".join(names))
    if detail.truth is False:
        missing = f"{outcome.lacking}，差额可能就在其中"
    return Judgement(
        "undecided",
        slots={"缺": missing},
        expression=write_expression(detail, outcome.operands),
        entity=_entity(row),
        evidence=evidence,
        causes=derive_total(outcome, detail, case) if detail.why == "blank_total" else (),
    )


def _is_open(ref: Ref, detail: Detail, operands: Operands) -> bool:
    return operands[ref].status == (detail.why if detail.why in ("unknown", "scope") else "blank")


def _failure(
    rule: Rule, outcome: Outcome, detail: Detail, row: EntityRow, case: Case, evidence: tuple[Evidence, ...]
) -> Judgement:
    """A formula that does not close, unless something the report says explains it. Its causes come later, report-wide."""
    judgement = _difference(outcome, detail, row, evidence)
    mentioned = confirm_mention(judgement, outcome.reading.formula, case)
    if mentioned is not None:
        return mentioned
    if outcome.verdict == "review":
        return replaced(
            judgement,
            slots=judgement.slots | {"说明": "".join(f"{n}；" for n in (outcome.lacking, outcome.reading.note) if n)},
        )
    if _is_rescaled(detail, outcome, case):
        note = "两数相差的恰是不适用项目的折算；"
        return replaced(judgement, verdict="review", slots=judgement.slots | {"说明": note})
    unlisted = find_unlisted(rule, detail, outcome.operands, case)
    if unlisted is not None:
        return replaced(
            judgement,
            verdict="review",
            say="unlisted_part",
            slots=judgement.slots | {"组成": unlisted.text},
            evidence=present([*evidence, *unlisted.evidence]),
            causes=(unlisted.cause,),
        )
    unread = find_unread(detail, outcome.operands, case)
    if unread is not None:
        slots = judgement.slots | {"组成": unread.text}
        told = present([*evidence, *unread.evidence])
        return replaced(judgement, verdict="review", say="unread_part", slots=slots, evidence=told)
    return replaced(judgement, note=outcome.lacking)


def _difference(outcome: Outcome, detail: Detail, row: EntityRow, evidence: tuple[Evidence, ...]) -> Judgement:
    """A comparison that does not close: its numbers, how far it is off and what rounding allows."""
    scale = scale_of(detail.compare, outcome.operands)
    percent = scale.unit == "%"
    difference = scale.value(detail.left.mid - detail.right.mid)
    return Judgement(
        "review" if outcome.verdict == "review" else "fail",
        slots=_value_slots(detail, outcome.operands),
        expression=write_expression(detail, outcome.operands),
        difference=round(difference, _printed_percent(outcome.operands)) if percent else difference,
        tolerance=trimmed(round(room_of(detail) / scale.factor, _PERCENT_DECIMALS if percent else _DECIMALS)),
        unit="个百分点" if percent else scale.unit,
        entity=_entity(row),
        evidence=evidence,
    )


def _printed_percent(operands: Operands) -> int:
    """Decimals of the printed percentages: a difference of points is told with as many."""
    quantities = [o.quantity for o in operands.values() if o.quantity is not None]
    return max((q.decimals or 0 for q in quantities if q.unit is not None and q.unit.kind == "percent"), default=0)


def _is_rescaled(detail: Detail, outcome: Outcome, case: Case) -> bool:
    """Whether two scores differ by bringing the applicable weights to 100."""
    sides = [outcome.operands[ref].quantity for ref in refs_of(detail.compare)]
    points = [q for q in sides if q is not None and q.unit is not None and q.unit.kind == "points"]
    return len(points) == len(sides) == _COPIES and is_rescaled_copy(case, points[0], points[1])


def _value_slots(detail: Detail, operands: Operands) -> dict[str, str]:
    scale = scale_of(detail.compare, operands)
    slots = {ref.source + ref.name: plain(o.quantity.value) for ref, o in operands.items() if o.quantity is not None}
    slots["项"] = next((ref.name for ref in refs_of(detail.compare)), "")
    return slots | {"左": scale.show(detail.left.mid), "右": scale.show(detail.right.mid)}


def _evidence(outcome: Outcome, row: EntityRow, case: Case) -> tuple[Evidence, ...]:
    """Every cell the comparison to show rests on, with its part in it, and its copies."""
    detail = _telling_detail(outcome)
    compare = detail.compare if detail is not None else None
    names = refs_of(compare) if isinstance(compare, Compare) else tuple(outcome.operands)
    if outcome.verdict == "pass":
        names = tuple(outcome.operands)
    total = total_of(compare) if isinstance(compare, Compare) else None
    terms = (linear_terms(compare) or {}) if isinstance(compare, Compare) else {}
    found: list[Evidence | None] = []
    for ref in names:
        fact = outcome.operands[ref].fact
        if fact is None:
            continue
        found.append(case.evidence(fact, _relation(ref, total, terms, compare), ref.source))
        found.extend(case.evidence(copy, "copy") for copy in row.agreeing(fact) if not ref.source)
    return present(found)


def _relation(ref: Ref, total: Ref | None, terms: Mapping[Ref, Decimal], compare: Compare | None) -> str:
    if compare is not None and compare.sign in ("<=", "<", ">=", ">"):
        larger = compare.right if compare.sign in ("<=", "<") else compare.left
        return "total" if ref == larger else "part"
    if ref == total:
        return "total"
    sign = terms.get(ref, Decimal(1)) * (terms.get(total, Decimal(-1)) if total is not None else Decimal(-1))
    return "addend" if sign <= 0 else "subtrahend"
