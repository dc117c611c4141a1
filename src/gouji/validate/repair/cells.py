"""Cells of a report as integers: one scale for all, copies that agree as one cell.

facts, scores, weights ─CellBook→ Cell(value, step …)      871.05 万元 → 8710500.00 元 → 87105000000
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.quantity import Quantity, Unit
from gouji.validate.derived import MAY_BE_NEGATIVE
from gouji.validate.repair.network import Cell, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import CellText, Fact
    from gouji.validate.case import Case

_HALF = 5  # of a unit that counts ten
_TWICE = 2
_ONE = Decimal(1)
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_LAST_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?=\D*$)")  # 1.投入（15分）


class Grain(NamedTuple):
    """What the amounts of one table are printed in: their unit, the decimals that at least two of them show."""

    unit: Unit | None
    decimals: int


def decimals_of(value: Decimal) -> int:
    """Decimals as printed."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def table_of(where: str) -> str:
    """t1r2c3 → t1"""
    return where.rpartition("r")[0]


class CellBook:
    """Hands out the number of a cell by its evidence id."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.cells: list[Cell] = []
        self.numbers: dict[str, int] = {}
        self.scale = 1 + max((decimals_of(q.base_value) for q in _quantities(case)), default=0)
        self.twins = _copies(case)
        self.grains = _grains(case)
        self.earlier = _last_year(case)
        self.points = _decimals_of_points(case)
        self.usual = _usual_decimals(case)

    def integer(self, base: Decimal) -> int:
        """Base units as an integer of this report; finer ones are cut."""
        return int(base.scaleb(self.scale))

    def of_fact(self, fact: Fact) -> int | None:
        """The cell of a fact, with its agreeing copies; None where it stands nowhere."""
        if fact.where is None:
            return None
        known = self.numbers.get(fact.where)
        return self._add(fact) if known is None else known

    def of_points(
        self, cell: CellText, name: str, high: Decimal | None = None, *, reasoned: bool | None = None
    ) -> int | None:
        """The cell of a score or weight. `high`: the weight of a score; `reasoned`: whether a deduction is explained."""
        if cell.where is None or cell.state not in ("value", "zero", "blank"):
            return None
        known = self.numbers.get(cell.where)
        if known is not None:
            return known
        own = decimals_of(cell.value.value) if cell.value is not None else 0
        place = Place(cell.where, cell.raw, _ONE, own, own)
        allowed = self.case.allowed.get(cell.where)
        return self._store(
            Cell(
                (place,),
                self.integer(cell.value.value) if cell.value is not None else 0,
                self._unit(_ONE, self.points),
                self._unit(_ONE, own),
                0,
                0,
                "",
                name,
                blank=cell.state == "blank",
                fixed=cell.where in self.case.fixed,
                high=self.integer(high) if high is not None else None,
                allowed=frozenset(map(self.integer, allowed)) if allowed is not None else None,
                reasoned=reasoned,
            )
        )

    def of_level(self, where: str, printed: str, name: str, weight: Quantity) -> int:
        """The weight in a bracket: 投入（15分）."""
        known = self.numbers.get(where)
        if known is not None:
            return known
        own = decimals_of(weight.value)
        step = self._unit(_ONE, own)
        place = Place(where, printed, _ONE, own, own, inside_text=True)
        fixed = where in self.case.fixed
        return self._store(Cell((place,), self.integer(weight.value), step, step, 0, 0, "", name, fixed=fixed))

    def _unit(self, factor: Decimal, decimals: int) -> int:
        return max(1, self.integer(factor.scaleb(-decimals)))

    def _store(self, cell: Cell) -> int:
        number = len(self.cells)
        self.cells.append(cell)
        for place in cell.places:
            self.numbers[place.where] = number
        return number

    def _add(self, fact: Fact) -> int:
        quantity = fact.quantity
        grain = self._grain_of(fact)
        money = grain.unit is not None and grain.unit.kind == "money"
        factor = grain.unit.factor if grain.unit is not None else _ONE
        own = decimals_of(quantity.value) if quantity is not None else grain.decimals
        is_zero = quantity is None or not quantity.value
        points = quantity is not None and quantity.unit is not None and quantity.unit.kind == "points"
        finest = max(own, grain.decimals) if money else self.points if points else own
        after = self._unit(factor, finest) // 10 * _HALF if money or (quantity and quantity.decimals is not None) else 0
        half = self.integer(quantity.half_step * quantity.factor) if quantity is not None else 0
        twins = self.twins.get(fact.where or "", ())
        return self._store(
            Cell(
                tuple(self._place(copy, finest) for copy in (fact, *(t for t in twins if t.where != fact.where))),
                self.integer(quantity.base_value) if quantity is not None else 0,
                self._unit(factor, finest),
                self._unit(factor, grain.decimals if is_zero else own),
                min(half, after) if is_zero else half,
                after,
                fact.concept,
                self.case.name_of(fact.concept),
                usual=self._unit(factor, self.usual.get(grain.unit, own)),
                blank=quantity is None,
                declared=fact.state == "none",
                money=money,
                prose=fact.origin == "prose",
                fixed=fact.where in self.case.fixed,
                low=None if fact.concept in MAY_BE_NEGATIVE else 0,
                last_year=self._before(fact),
            )
        )

    def _before(self, fact: Fact) -> int | None:
        """Last year's amount of the same fact, where the report prints it."""
        earlier = self.earlier.get((fact.concept, fact.entity, fact.scope))
        return self.integer(earlier.base_value) if earlier is not None and fact.origin == "table" else None

    def _grain_of(self, fact: Fact) -> Grain:
        """A number's own unit; a blank's is that of the money beside it."""
        own = fact.quantity.unit if fact.quantity is not None else None
        near = self.grains.get(table_of(fact.where or ""), [])
        same = [grain for grain in near if fact.quantity is None or grain.unit == own]
        if same:
            return same[0]
        return Grain(own, decimals_of(fact.quantity.value) if fact.quantity is not None else 0)

    def _place(self, fact: Fact, decimals: int) -> Place:
        assert fact.where is not None  # noqa: S101 - callers hand over facts that stand somewhere
        quantity = fact.quantity
        factor = quantity.factor if quantity is not None else self._factor_of_blank(fact)
        told = quantity is not None and quantity.value and fact.origin != "table"
        finest = decimals_of(quantity.value) if told and quantity is not None else decimals
        usual = self.usual.get(quantity.unit if quantity is not None else self._grain_of(fact).unit, finest)
        return Place(fact.where, fact.raw, factor, finest, usual)

    def _factor_of_blank(self, fact: Fact) -> Decimal:
        unit = self._grain_of(fact).unit
        return unit.factor if unit is not None else Decimal(1)

    def value_at(self, place: Place, text: str) -> int:
        """A cell's value as this place prints it."""
        found = (_LAST_NUMBER if place.inside_text else _NUMBER).search(text)
        return self.integer(Decimal(found.group().replace(",", "")) * place.factor) if found is not None else 0

    def print_at(self, place: Place, value: int) -> str:
        """A cell's new value as this place would print it."""
        amount = Decimal(value).scaleb(-self.scale) / place.factor
        needed = min(decimals_of(amount.normalize()), max(place.decimals, self.points))
        rounded = amount.quantize(Decimal(1).scaleb(-max(min(place.decimals, place.usual), needed)))
        text = format(abs(rounded) if rounded.is_zero() else rounded, "f")
        return _LAST_NUMBER.sub(text, place.raw) if place.inside_text else text


def _usual_decimals(case: Case) -> dict[Unit | None, int]:
    """Unit of money → the decimals that most of the report's amounts in it print."""
    shown: dict[Unit | None, Counter[int]] = {}
    for fact in case.report.facts:
        quantity = fact.quantity
        if quantity is not None and quantity.value and quantity.unit is not None and quantity.unit.kind == "money":
            shown.setdefault(quantity.unit, Counter())[decimals_of(quantity.value)] += 1
    return {unit: max(counts, key=lambda d: (counts[d], d)) for unit, counts in shown.items()}


def _decimals_of_points(case: Case) -> int:
    """The most decimals that two scores show, the total among them."""
    shown = [row.score for row in case.report.indicators]
    shown += [fact.quantity for fact in case.main.facts.values() if fact.unit == "分"]
    return _shared([decimals_of(quantity.value) for quantity in shown if quantity is not None] or [0])


def _quantities(case: Case) -> Iterator[Quantity]:
    for fact in case.report.facts:
        if fact.quantity is not None:
            yield fact.quantity
    for row in case.report.indicators:
        for quantity in (row.score, row.weight, row.level1_weight, row.level2_weight):
            if quantity is not None:
                yield quantity


def _copies(case: Case) -> dict[str, tuple[Fact, ...]]:
    """Evidence id → every print of the same fact, where they agree; the scores that X2 compares among them."""
    found: dict[str, tuple[Fact, ...]] = {}
    for row in (*case.rows, *case.scoped):
        for concept, copies in row.copies.items():
            if len(copies) > 1 and not row.conflicting(concept):
                found.update({copy.where: copies for copy in copies if copy.where is not None})
    for rule in case.rules.rules:
        concepts = ("scoring.score_total", *rule.copies) if rule.copies else ()
        facts = [f for c in concepts if (f := case.main.fact(c)) is not None and f.quantity is not None and f.where]
        if len({fact.value for fact in facts}) == 1:
            whole = tuple(dict.fromkeys(copy for fact in facts for copy in found.get(fact.where or "", (fact,))))
            found.update({copy.where: whole for copy in whole if copy.where is not None})
    return found


def _grains(case: Case) -> dict[str, list[Grain]]:
    """Table → what its amounts are printed in, the most frequent first."""
    shown: dict[str, dict[Unit | None, list[int]]] = {}
    for fact in case.report.facts:
        quantity = fact.quantity
        if (
            quantity is not None
            and fact.where is not None
            and quantity.unit is not None
            and quantity.unit.kind == "money"
        ):
            decimals = decimals_of(quantity.value)
            shown.setdefault(table_of(fact.where), {}).setdefault(quantity.unit, []).append(decimals)
    return {
        table: [Grain(unit, _shared(many)) for unit, many in sorted(units.items(), key=lambda item: -len(item[1]))]
        for table, units in shown.items()
    }


def _shared(decimals: list[int]) -> int:
    """The most decimals that two cells show; of one or two cells, the most any shows."""
    ranked = sorted(decimals, reverse=True)
    return ranked[1] if len(ranked) > _TWICE else ranked[0]


def _last_year(case: Case) -> dict[tuple[str, str | None, str | None], Quantity]:
    year = case.report.fiscal_year
    return {
        (fact.concept, fact.entity, fact.scope): fact.quantity
        for fact in case.report.facts
        if fact.quantity is not None and year is not None and fact.period == year - 1 and fact.stage == "final"
    }
