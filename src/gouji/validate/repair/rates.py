"""Rates beside the sums: no linear rules, and they tell all the more which of two cells is wrong.

年度资金总额 8.6 (should be 48.6)，财政拨款 48.6，全年预算数 56.0，执行率 86.79 %
总额 → 48.6 closes the sum, and the rate as well      likelier by a second witness
拨款 → 8.6  closes the sum, and leaves the rate open   as it was
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from gouji.patterns.formula import Binary, walk
from gouji.validate.outcomes import decide, known_outcomes, outcomes_of
from gouji.validate.repair.cells import decimals_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Verdict
    from gouji.model.quantity import Quantity
    from gouji.patterns.formula import Expr
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.repair.cells import CellBook
    from gouji.validate.repair.network import Network
    from gouji.validate.repair.search import Repair

_WITNESS = 1.2
_WEIGHED = 8  # repairs of a group: the rest is too dear anyway


class Rate(NamedTuple):
    """A rule with a quotient, of the report's own row: its verdict as printed and the cells it rests on."""

    rule: Rule
    verdict: Verdict
    cells: frozenset[str]


class Rates:
    """The rates of one report, asked about repairs."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rates = list(_rates_of(case))
        self.printed = {fact.where: quantity for fact in case.report.facts if (quantity := fact.quantity) is not None}

    def weigh(self, repairs: list[Repair], network: Network, book: CellBook) -> list[Repair]:
        """Repairs with what the rates say of them, cheapest first."""
        if not self.rates or not repairs:
            return repairs
        weighed = [
            repair._replace(cost=repair.cost + self._price(repair, network, book)) for repair in repairs[:_WEIGHED]
        ]
        return sorted([*weighed, *repairs[_WEIGHED:]], key=lambda repair: repair.cost)

    def closed_by(self, repair: Repair, network: Network, book: CellBook) -> list[Rule]:
        """The rules that fail as printed and would not after a repair."""
        return [
            rate.rule
            for rate, verdict in self._after(repair, network, book)
            if rate.verdict == "fail" and verdict == "pass"
        ]

    def _price(self, repair: Repair, network: Network, book: CellBook) -> float:
        price = 0.0
        for rate, verdict in self._after(repair, network, book):
            price -= _WITNESS * (rate.verdict == "fail" and verdict == "pass")
            price += _WITNESS * (rate.verdict == "pass" and verdict == "fail")
        return price

    def _after(self, repair: Repair, network: Network, book: CellBook) -> Iterator[tuple[Rate, Verdict]]:
        """The rates that rest on a changed cell, with their verdicts after the repair."""
        supposed = self._quantities(repair, network, book)
        row = self.case.rows[0]
        for rate in self.rates:
            if not rate.cells.isdisjoint(supposed):
                outcomes = outcomes_of(rate.rule, rate.rule.readings, row, self.case, supposed)
                if outcomes:
                    yield rate, decide(outcomes).verdict

    def _quantities(self, repair: Repair, network: Network, book: CellBook) -> dict[str, Quantity]:
        """Evidence id → the number that would be printed there. A blank has no unit to print it in, and is left out."""
        found: dict[str, Quantity] = {}
        for change in repair.changes:
            for place in network.cells[change.cell].places:
                quantity = self.printed.get(place.where)
                if quantity is not None:
                    value = Decimal(book.print_at(place, change.value))
                    decimals = None if quantity.decimals is None else decimals_of(value)
                    found[place.where] = replace(quantity, value=value, decimals=decimals, low=None, high=None)
        return found


def _rates_of(case: Case) -> Iterator[Rate]:
    row = case.rows[0]
    for rule in case.rules.rules:
        if (
            rule.mode == "any"
            and rule.scope == "entity"
            and not rule.needs
            and any(_divides(reading.formula) for reading in rule.readings)
        ):
            outcomes = known_outcomes(rule, rule.readings, row, case)
            if outcomes:
                best = decide(outcomes)
                wheres = {
                    o.fact.where for o in best.operands.values() if o.fact is not None and o.fact.where is not None
                }
                yield Rate(rule, best.verdict, frozenset(wheres))


@lru_cache(maxsize=1024)
def _divides(formula: Expr) -> bool:
    return any(isinstance(node, Binary) and node.sign == "/" for node in walk(formula))
