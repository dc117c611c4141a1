"""The same errors before the published methods and before gouji: tables only, no sentences, the same linear rules.

method                 detected   names one repair   right   wrong      (of the errors beyond the tolerance of a rule)
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import msgspec
from mutations import Error
from published import (
    Corrections,
    Edit,
    Values,
    correct_rounding,
    correct_signs,
    correct_typos,
    failed_edits,
    impute,
    localise,
)

from gouji.model.report import Report
from gouji.validate.repair.network import Network


class Trial(NamedTuple):
    """One error as a published method sees it: edits, values, what each printed digit is worth, the truth."""

    edits: list[Edit]
    exact: list[Edit]
    values: Values
    units: dict[int, int]
    negative: frozenset[int]
    truth: Corrections
    missing: frozenset[int]


class Answer(NamedTuple):
    """What a method said: whether it saw the error, what it would change (None: nothing)."""

    detected: bool
    repair: Corrections | None


def without_sentences(report: Report) -> Report:
    """The report's tables alone."""
    facts = tuple(fact for fact in report.facts if fact.origin == "table")
    return msgspec.structs.replace(report, facts=facts, sections=(), goals=())


def edits_of(network: Network, *, exact: bool) -> list[Edit]:
    """The reading of each constraint that closes on the unmutated report, as equalities."""
    found = []
    for number, constraint in enumerate(network.constraints):
        if constraint.soft or not network.was_closed(number)[1]:
            continue
        option = next(o for o in constraint.options if o.usual and all(network.holds(r, {}) for r in o.rows))
        found += [
            Edit(row.terms, row.constant, 0 if exact else row.high)
            for row in option.rows
            if row.terms and row.low is not None and row.high is not None
        ]
    return list(dict.fromkeys(found))


def trial_of(network: Network, numbers: dict[str, int], scale: int, error: Error) -> Trial:
    """The mutated values. A dropped cell is missing: its edits cannot be evaluated."""
    values = dict(enumerate(network.values))
    units = {number: cell.step for number, cell in enumerate(network.cells)}
    truth: Corrections = {}
    missing = set()
    for where, right in error.right.items():
        number = numbers.get(where)
        if number is None or right is None:
            continue
        truth[number] = values[number]
        text = error.wrong[where]
        if text:
            values[number] = int((Decimal(text) * network.cells[number].places[0].factor).scaleb(scale))
        else:
            missing.add(number)
    negative = frozenset(n for n, cell in enumerate(network.cells) if cell.low is None)
    known = [edit for edit in edits_of(network, exact=False) if not edit.cells & missing]
    exact = [edit for edit in edits_of(network, exact=True) if not edit.cells & missing]
    return Trial(known, exact, values, units, negative, truth, frozenset(missing))


def answers(trial: Trial, rng: random.Random) -> Iterator[tuple[str, Answer]]:
    """What each method says."""
    failed = bool(failed_edits(trial.edits, trial.values))
    yield "validate (edits with tolerance)", Answer(failed, None)
    yield "validate (exact equality)", Answer(bool(failed_edits(trial.exact, trial.values)), None)
    sets = localise(trial.edits, trial.values, trial.negative)
    chosen = rng.choice(sets) if sets else None
    value = impute(trial.edits, trial.values, tuple(sorted(chosen)), trial.negative) if chosen else None
    yield "errorlocate, a random minimum", Answer(bool(sets), value)
    alone = impute(trial.edits, trial.values, tuple(sorted(sets[0])), trial.negative) if len(sets) == 1 else None
    yield "errorlocate, only if unique", Answer(bool(sets), alone)
    typos = correct_typos(trial.edits, trial.values, trial.units)
    yield "correctTypos", Answer(failed, typos or None)
    signs = correct_signs(trial.edits, trial.values)
    yield "correctSigns (with exchanges)", Answer(failed, signs or None)
    rounding = correct_rounding(trial.exact, trial.values, trial.units, rng)
    yield "correctRounding", Answer(failed, rounding or None)
    yield "signs, typos, rounding in turn", Answer(failed, signs or typos or rounding or None)


def is_right(repair: Corrections, trial: Trial) -> bool:
    """Whether the wrong cells, and only they, get the right values."""
    return repair == trial.truth


def names_cells(repair: Corrections, trial: Trial) -> bool:
    """Whether the wrong cells, and only they, are named."""
    return repair.keys() == trial.truth.keys()
