"""Which cells the rules can tell apart: what one wrong number would leave undecided, before any number is wrong.

cells with the same column of the constraint matrix      {在用, 出租, 其他, 固定资产合计}: any of them explains any difference
cells in no constraint                                   未受任何规则约束
the largest class, halved by one more subtotal           在用 + 出租 → two classes
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.model.quantity import Quantity
from gouji.validate.case import Case
from gouji.validate.repair.build import build_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import Fact, Indicator, Report
    from gouji.patterns.rules import RuleSet
    from gouji.validate.repair.network import Network

_DIGITS = 96


class Place(NamedTuple):
    """A cell in words: where it stands and what it is called."""

    where: str
    words: str
    name: str


class CellClass(NamedTuple):
    """Cells that no rule tells apart, the rules they stand under, and how many sentences are in the same position."""

    cells: tuple[Place, ...]
    rules: tuple[str, ...]
    sentences: int = 0

    @property
    def size(self) -> int:
        """Cells and sentences."""
        return len(self.cells) + self.sentences


class Localisation(NamedTuple):
    """What the rules can tell apart. `split`: the parts whose subtotal would halve the largest class."""

    classes: tuple[CellClass, ...]
    unruled: tuple[Place, ...]
    split: tuple[Place, ...]

    @property
    def alone(self) -> int:
        """Cells that an error would name by position alone."""
        return sum(group.size == 1 for group in self.classes)


def localise(report: Report, rules: RuleSet) -> Localisation:
    """The classes of a report's cells, largest first. Blanks count as cells: a blank form serves as well."""
    with localcontext() as context:
        context.prec = _DIGITS
        case = Case(_filled(report), rules)
        network, book = build_network(case, {})
    places = {place.where: place for place in _places(report)}
    classes = sorted(_classes(network, places), key=lambda group: -len(group.cells))
    ruled = {cell for cell, number in book.numbers.items() if network.touching.get(number)}
    unruled = tuple(place for where, place in places.items() if where not in ruled)
    return Localisation(tuple(classes), unruled, _half(classes[0], network, dict(book.numbers)) if classes else ())


def _filled(report: Report) -> Report:
    """Blanks as zeros, so that every rule that fits the form is instantiated."""
    facts = tuple(_zero(fact) if fact.state == "blank" and fact.origin == "table" else fact for fact in report.facts)
    return msgspec.structs.replace(report, facts=facts)


def _zero(fact: Fact) -> Fact:
    return msgspec.structs.replace(fact, state="zero", content=Quantity(Decimal(0), None, 0))


def _places(report: Report) -> Iterator[Place]:
    """Every cell for a number: facts of tables, scores, weights."""
    for fact in report.facts:
        if (
            fact.where is not None
            and fact.origin == "table"
            and not isinstance(fact.content, str)
            and not _is_text(fact)
        ):
            yield Place(fact.where, fact.place or fact.concept, fact.label or fact.concept)
    for row in report.indicators:
        yield from _cells_of(row)


def _is_text(fact: Fact) -> bool:
    return fact.concept.startswith("overview.") or fact.concept == "performance.grade"


def _cells_of(row: Indicator) -> Iterator[Place]:
    for role, word in (("weight", "分值"), ("score", "自评得分")):
        cell = row.cells.get(role)
        if cell is not None and cell.where is not None:
            name = row.level3 or row.level2 or row.level1 or ""
            yield Place(cell.where, cell.place or f"{row.place} · {word}", f"{name}{word}")


def _classes(network: Network, places: dict[str, Place]) -> Iterator[CellClass]:
    columns: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for number in network.touching:
        columns.setdefault(_column(number, network), []).append(number)
    for numbers in columns.values():
        cells = [place for n in numbers if (place := places.get(network.cells[n].places[0].where)) is not None]
        touched = dict.fromkeys(network.constraints[c].key[0] for c in network.touching[numbers[0]])
        if cells:
            yield CellClass(tuple(cells), tuple(touched), sum(network.cells[n].prose for n in numbers))


def _column(number: int, network: Network) -> tuple[tuple[int, ...], ...]:
    """A cell's coefficients, row by row; a change of sign as a whole tells nothing."""
    found = [
        (constraint, option, row, coefficient)
        for constraint in sorted(network.touching[number])
        for option, reading in enumerate(network.constraints[constraint].options)
        for row, line in enumerate(reading.rows)
        for cell, coefficient in line.terms
        if cell == number
    ]
    sign = 1 if found[0][3] > 0 else -1
    return tuple((*place, coefficient * sign) for *place, coefficient in found)


def _half(group: CellClass, network: Network, numbers: dict[str, int]) -> tuple[Place, ...]:
    """The first half of the parts of the largest class; nothing to halve below three cells."""
    totals = {total for constraint in network.constraints for total in constraint.totals}
    parts = [place for place in group.cells if numbers.get(place.where) not in totals]
    return tuple(parts[: (len(parts) + 1) // 2]) if len(group.cells) > 2 else ()  # noqa: PLR2004 - two cells are split by either
