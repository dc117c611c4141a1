"""Causes of a sentence that is only to be confirmed (X1 in verdict review): told where a slip tells itself, never certain.

    正文 实有 183人       表 138         transposition, of the one or the other
    正文 年初预算 52136元   表 52136 万元   scale: one of the two units is wrong
    正文 接待费 3.02万元    表 （空白）      missing_entry
    正文 人员 268.02万元   表 603.03      neighbour: the number is 公用支出's

What a failing rule explains by the same cell is explained here by it too; where no slip tells itself nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.model.finding import Cause
from gouji.model.finding import Repair as CellRepair
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import replaced
from gouji.validate.prose_amounts import disagreeing_amounts
from gouji.validate.repair.build import build_network, judged_by_key
from gouji.validate.repair.cells import table_of
from gouji.validate.repair.explain import UNLIKELY, cell_repairs, ranks_of
from gouji.validate.repair.search import Repair, Search
from gouji.validate.repair.slips import COSTS, TELLING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Finding
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose_amounts import Told
    from gouji.validate.repair.cells import CellBook
    from gouji.validate.repair.network import Key, Network

_CHECK = "prose_amounts"
_MOST = 3
_LONG = 100  # steps: numbers of three digits and more do not agree by chance
_TOLD_BY_DIGITS = (*TELLING, "neighbour", "last_year")


def explain_doubts(
    case: Case, judged: list[tuple[Rule, Judgement]], findings: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """The findings with causes for the sentences that are to be confirmed. `judged` stands in the order of `findings`."""
    doubts = {
        (rule.id, "", judgement.suffix): position
        for position, (rule, judgement) in enumerate(judged)
        if rule.check == _CHECK and judgement.verdict == "review"
    }
    if not doubts:
        return findings
    told = disagreeing_amounts(case)
    network, book = _network(case, judged, doubts)
    changed = list(findings)
    for key, position in doubts.items():
        item = told[key[2]]
        causes = (
            _of_the_same_cell(key, item, findings, network, book)
            or _of_unit_or_blank(item, network, book)
            or _of_digits(key, item, network, book, case)
        )
        changed[position] = msgspec.structs.replace(changed[position], causes=causes)
    return tuple(changed)


def _network(case: Case, judged: list[tuple[Rule, Judgement]], doubts: dict[Key, int]) -> tuple[Network, CellBook]:
    """What touches the concepts in doubt, as if these sentences failed."""
    by_key = judged_by_key(judged)
    assumed = by_key | {key: replaced(by_key[key], verdict="fail") for key in doubts}
    return build_network(case, assumed, frozenset(suffix.partition("-")[0] for _, _, suffix in doubts))


def _numbers(key: Key, network: Network) -> list[int]:
    """The constraints of one finding that do not close."""
    return [n for n, constraint in enumerate(network.constraints) if constraint.key == key and constraint.violated]


def _of_the_same_cell(
    key: Key, item: Told, findings: tuple[Finding, ...], network: Network, book: CellBook
) -> tuple[Cause, ...]:
    """What a failing rule's cause already repairs, where that settles the sentence as well."""
    numbers = _numbers(key, network)
    for cause in (cause for finding in findings if finding.verdict == "fail" for cause in finding.causes):
        changes = dict(_changes(cause, network, book))
        closed = numbers and changes and all(network.closes(network.constraints[n], changes) for n in numbers)
        if closed or _is_settled(item, changes, network, book):
            return (Cause(cause.kind, cause.repair, 1, certain=False),)
    return ()


def _is_settled(item: Told, changes: dict[int, int], network: Network, book: CellBook) -> bool:
    """Whether a changed cell says what the sentence says, in whatever unit."""
    numbers = [book.numbers.get(cell.where or "") for cell in item.cells]
    room = book.integer(2 * item.quantity.half_step * item.quantity.factor)
    told = book.integer(item.quantity.base_value)
    return any(abs(network.values[n] + changes[n] - told) <= room for n in numbers if n is not None and n in changes)


def _changes(cause: Cause, network: Network, book: CellBook) -> Iterator[tuple[int, int]]:
    """Cell → by how much a cause changes it."""
    for repair in cause.repair:
        number = book.numbers.get(repair.where)
        if number is not None and repair.new is not None:
            place = next(place for place in network.cells[number].places if place.where == repair.where)
            yield number, book.value_at(place, repair.new) - network.values[number]


def _of_unit_or_blank(item: Told, network: Network, book: CellBook) -> tuple[Cause, ...]:
    """元 beside 万元: the sentence's or the form's; an amount beside a blank cell."""
    cell, told = item.cells[0], item.quantity
    match item.how:
        case "blank":
            return (Cause("missing_entry", _filled(cell, told, book), 1, certain=False),)
        case "unit" if cell.quantity is not None:
            found = [_rescaled(item.fact, told, cell.quantity)]
            if not _is_held(cell, told, network, book):
                found.append(_rescaled(cell, cell.quantity, told))
            return tuple(Cause("scale", repair, 1, certain=False) for repair in found)
        case _:
            return ()


def _is_held(cell: Fact, told: Quantity, network: Network, book: CellBook) -> bool:
    """Whether a sum of the form that closes would break if the cell said what the sentence says."""
    number = book.numbers.get(cell.where or "")
    if number is None:
        return False
    broken = network.broken_by({number: book.integer(told.base_value) - network.values[number]})
    return any(not network.constraints[n].soft for n in broken)


def _filled(cell: Fact, told: Quantity, book: CellBook) -> tuple[CellRepair, ...]:
    """The blank with the sentence's amount, in the unit of the amounts beside it; nothing where there are none."""
    number = book.of_fact(cell) if book.grains.get(table_of(cell.where or "")) or _kind(told) != "money" else None
    if number is None:
        return ()
    place = book.cells[number].places[0]
    return (CellRepair(place.where, place.raw or None, book.print_at(place, book.integer(told.base_value))),)


def _rescaled(fact: Fact, printed: Quantity, other: Quantity) -> tuple[CellRepair, ...]:
    """A print of an amount as the other print has it, in its own unit."""
    value = plain(trimmed(other.base_value / printed.factor))
    return (CellRepair(fact.where or "", fact.raw, value),) if fact.where is not None else ()


def _of_digits(key: Key, item: Told, network: Network, book: CellBook, case: Case) -> tuple[Cause, ...]:
    """Slips of the digits, and numbers taken from another place of the report."""
    search = Search(network)
    found: list[Repair] = []
    for number in _numbers(key, network):
        found += (_renamed(repair, item, network, case) for repair in search.repairs_of([number]))
    likely = sorted((r for r in found if r.kind in _TOLD_BY_DIGITS and r.cost < UNLIKELY), key=lambda r: r.cost)
    shown = list({repair.cells: repair for repair in reversed(likely)}.values())[::-1][:_MOST]
    return tuple(
        Cause(repair.kind, cell_repairs(repair, network, book), rank, certain=False)
        for repair, rank in zip(shown, ranks_of(shown, 1), strict=True)
    )


def _renamed(repair: Repair, item: Told, network: Network, case: Case) -> Repair:
    """A sentence that has another figure's number: the number of another row, of another year or stage."""
    changed = next(iter(repair.cells))
    if len(repair.cells) > 1 or not network.cells[changed].prose or repair.kind in TELLING:
        return repair
    kind = _taken_from(item, case)
    return repair._replace(kind=kind, cost=COSTS["last_year"]) if kind else repair


def _taken_from(item: Told, case: Case) -> str:
    """last_year, neighbour: whose number a sentence prints; "" where no other cell has it, or numbers are short."""
    step = 2 * item.quantity.half_step * item.quantity.factor
    if abs(item.quantity.base_value) < _LONG * (step or 1):
        return ""
    others = [
        fact
        for fact in case.report.facts
        if fact.origin == "table" and fact.quantity is not None and _kind(fact.quantity) == _kind(item.quantity)
        if fact.quantity.base_value == item.quantity.base_value
    ]
    if any(fact.concept == item.fact.concept and fact.period != item.fact.period for fact in others):
        return "last_year"
    return "neighbour" if others else ""


def _kind(quantity: Quantity) -> str:
    """money, people …"""
    return quantity.unit.kind if quantity.unit is not None else ""
