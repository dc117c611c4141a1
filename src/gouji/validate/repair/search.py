"""Exact enumeration: which one cell, else which two, make every violated constraint of a group close and break none.

    violated constraints ─groups (shared cells)→ for each cell in all of them: the changes that close every one
                                              ─slips, filters→ Repairs, cheapest first

A change is solved from a row: δ = −residual / coefficient, give or take what rounding allows, in steps of the last printed
digit. Sentences that agree with a wrong cell are repaired with it, at a price.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.repair.slips import TELLING, Slip, Slips

if TYPE_CHECKING:
    from gouji.validate.repair.network import Cell, Constraint, Network, Option, Row

_MOST_VALUES = 24  # tried around the exact one
_MOST_PAIRS = 6000
_OFF = 0.25  # a value that closes only within rounding, a step
_OFF_EXACT = 1.5  # … where nothing was rounded, or of a number of few digits, which fits many a slip
_SHORT, _MIDDLING = 100, 1000
_COPY_STEPS = 2
_REPEATED = 0.6  # a sentence repeats the wrong number
_SECOND = 1.5  # two cells at once
_SWAP = 1.0
_CHANCE = 1.0  # short numbers fit by chance
_LEFT_OVER = 1.5  # another sum of the same cell does not close even so


class Change(NamedTuple):
    """One cell, its new value, the slip."""

    cell: int
    value: int
    slip: Slip


class Repair(NamedTuple):
    """Changes that close a group, and what they cost together. `doubt`: how much dearer the next value of the same cell is."""

    changes: tuple[Change, ...]
    cost: float
    kind: str
    doubt: float = 9.0

    @property
    def cells(self) -> frozenset[int]:
        """The cells it changes."""
        return frozenset(change.cell for change in self.changes)


class Interval(NamedTuple):
    """Changes of one cell that close a constraint; `mid` closes it exactly, `sure` where it makes two prints the same."""

    low: int
    mid: int
    high: int
    sure: bool = False


class Search:
    """The search over one report. `whole`: the network holds every constraint, also those of the neighbours."""

    def __init__(self, network: Network, *, whole: bool = False) -> None:
        self.network = network
        self.whole = whole
        self.slips = Slips(network)

    def repairs_of(self, group: list[int]) -> list[Repair]:
        """Repairs of a group of violated constraints by one cell or by an exchange, cheapest first."""
        return _cheapest([*self._single(group), *self._swaps(group)])

    def pairs_of(self, group: list[int]) -> list[Repair]:
        """Repairs of two cells that follow from the rows; the network must hold what touches their neighbours too."""
        return _cheapest(list(self._double(group)))

    # --- one cell -------------------------------------------------------------------------------------------------------

    def _single(self, group: list[int]) -> Iterator[Repair]:
        violated = [self.network.constraints[number] for number in group]
        common = frozenset.intersection(*(self.network.members[number] for number in group))
        for cell in sorted(common):
            if not self.network.cells[cell].fixed:
                yield from self._single_of(cell, violated)

    def _single_of(self, cell: int, violated: list[Constraint]) -> Iterator[Repair]:
        found = self._intervals(cell, violated[0])
        for constraint in violated[1:]:
            others = self._intervals(cell, constraint)
            found = [meeting for one in found for other in others if (meeting := _meet(one, other)) is not None]
        for interval in found:
            best = self._best_value(cell, interval, violated)
            if best is not None:
                yield best

    def _best_value(self, cell: int, interval: Interval, violated: list[Constraint]) -> Repair | None:
        """The likeliest of the values that close, breaking nothing."""
        own = self.network.cells[cell]
        priced: list[tuple[float, int, int, Slip]] = []
        for value in _values(own, interval):
            slip = self.slips.slip_of(cell, value, violated)
            off = abs(value - own.value - interval.mid) / own.step
            priced.append(
                (slip.cost + off * self._price(value, own, slip.kind, sure=interval.sure), len(priced), value, slip)
            )
        priced.sort(key=lambda item: item[:2])
        for rank, (cost, _, value, slip) in enumerate(priced):
            repair = self._without_harm((Change(cell, value, slip),), cost, slip.kind, violated)
            if repair is not None:
                return repair._replace(doubt=priced[rank + 1][0] - cost) if rank + 1 < len(priced) else repair
        return None

    def _price(self, value: int, own: Cell, kind: str, *, sure: bool) -> float:
        """What a step away from the exact value costs."""
        if sure or self.network.is_exact:
            return _OFF_EXACT
        if kind not in TELLING:
            return _OFF
        length = abs(value) // own.step
        return _OFF_EXACT if length < _SHORT else 2 * _OFF if length < _MIDDLING else _OFF

    def _without_harm(
        self, changes: tuple[Change, ...], cost: float, kind: str, violated: list[Constraint]
    ) -> Repair | None:
        """The repair with the sentences that repeat the wrong number; None where a rule that closes would break."""
        moved = {change.cell: change.value - self.network.values[change.cell] for change in changes}
        if not all(self.network.closes(constraint, moved, usual=True) for constraint in violated):
            return None
        repeated = 0.0
        for number in self.network.broken_by(moved):
            constraint = self.network.constraints[number]
            if not constraint.soft or any(self.network.cells[change.cell].prose for change in changes):
                return None
            repeated = _REPEATED
        if self._leaves_open(moved, violated):
            cost += _LEFT_OVER
        return Repair(changes, cost + repeated, kind)

    def _leaves_open(self, moved: dict[int, int], violated: list[Constraint]) -> bool:
        """Whether a changed cell stands in a violated constraint of another group that stays open."""
        numbers = {number for cell in moved for number in self.network.touching.get(cell, ())}
        others = [c for n in numbers if (c := self.network.constraints[n]).violated and c not in violated]
        return not all(self.network.closes(constraint, moved) for constraint in others)

    def _intervals(self, cell: int, constraint: Constraint) -> list[Interval]:
        """Changes of one cell that close a constraint, by reading."""
        found = [self._interval(cell, option) for option in constraint.options if option.usual]
        narrow = _COPY_STEPS * self.network.cells[cell].step
        return [
            interval._replace(sure=constraint.is_copy and interval.high - interval.low <= narrow)
            for interval in found
            if interval is not None
        ]

    def _interval(self, cell: int, option: Option) -> Interval | None:
        found: Interval | None = None
        for row in option.rows:
            coefficient = next((c for number, c in row.terms if number == cell), 0)
            if not coefficient:
                if not row.holds(self.network.residual(row)):
                    return None
                continue
            interval = self._interval_of_row(cell, coefficient, row)
            if interval is None:
                continue
            found = interval if found is None else _meet(found, interval)
            if found is None:
                return None
        return found

    def _interval_of_row(self, cell: int, coefficient: int, row: Row) -> Interval | None:
        """None for a row open on one side: it is checked later."""
        if row.low is None or row.high is None:
            return None
        own = self.network.cells[cell]
        narrower = min(0, own.half_after - own.half) * abs(coefficient)  # a repair prints more decimals
        low, high = (row.low - narrower, row.high + narrower) if row.high + narrower >= 0 else (0, 0)
        residual = self.network.residual(row)
        ends = sorted(((low - residual) // coefficient, (high - residual) // coefficient))
        return Interval(ends[0], -residual // coefficient, ends[1])

    # --- two cells ------------------------------------------------------------------------------------------------------

    def _swaps(self, group: list[int]) -> Iterator[Repair]:
        """Two neighbouring cells that hold each other's values; with a blank, a value in the wrong column."""
        violated = [self.network.constraints[number] for number in group]
        near = frozenset.union(*(self.network.members[number] for number in group))
        seen: set[tuple[int, int]] = set()
        for one in sorted(near):
            for other in self.slips.beside.get(one, ()):
                pair = (min(one, other), max(one, other))
                if (self.whole or other in near) and pair not in seen:
                    seen.add(pair)
                    yield from self._swap(*pair, violated)

    def exchanges(self, one: int, other: int, group: list[int]) -> bool:
        """Whether two neighbouring cells that change places close every constraint of a group."""
        return any(self._swap(one, other, [self.network.constraints[number] for number in group]))

    def _swap(self, one: int, other: int, violated: list[Constraint]) -> Iterator[Repair]:
        left, right = self.network.cells[one], self.network.cells[other]
        if left.value == right.value or left.fixed or right.fixed or left.money != right.money:
            return
        if left.places[0].inside_text or right.places[0].inside_text:
            return  # nobody types a figure into the bracket of a label
        if not (left.admits(right.value) and right.admits(left.value)):
            return
        kind = "shift" if left.blank or right.blank else "swap"
        long = max(abs(left.value) // left.own_step, abs(right.value) // right.own_step) >= _SHORT
        slip = Slip(kind, _SWAP if long else _SWAP + _CHANCE)
        changes = (Change(one, right.value, slip), Change(other, left.value, slip))
        repair = self._without_harm(changes, slip.cost, kind, violated)
        if repair is not None:
            yield repair

    def _double(self, group: list[int]) -> Iterator[Repair]:
        """Pairs whose changes follow from two rows: at least one of them violated, the other perhaps broken by the first."""
        violated = [self.network.constraints[number] for number in group]
        tried = 0
        for one, other in self._pairs(group):
            tried += 1
            if tried > _MOST_PAIRS:
                return
            for left, right in self._solutions(one, other, group):
                tried += 1
                if tried > _MOST_PAIRS:
                    return
                repair = self._pair(one, other, left, right, violated)
                if repair is not None:
                    yield repair

    def _pairs(self, group: list[int]) -> Iterator[tuple[int, int]]:
        """Two cells that between them touch every violated constraint."""
        inside = sorted(frozenset.union(*(self.network.members[number] for number in group)))
        linked = {
            cell
            for number in dict.fromkeys(n for cell in inside for n in self.network.touching[cell])
            for cell in self.network.members[number]
        }
        touched = {cell: frozenset(self.network.touching[cell]) & frozenset(group) for cell in linked}
        free = [cell for cell in sorted(linked) if not self.network.cells[cell].fixed]
        for one, other in combinations(free, 2):
            if len(touched[one] | touched[other]) == len(group):
                yield one, other

    def _solutions(self, one: int, other: int, group: list[int]) -> Iterator[tuple[int, int]]:
        """Changes of two cells that bring two rows to 0, one of a violated constraint."""
        numbers = dict.fromkeys([*group, *self.network.touching[one], *self.network.touching[other]])
        rows = [
            row
            for number in numbers
            for option in self.network.constraints[number].options
            if option.usual and (number in group or not self.network.constraints[number].soft)
            for row in option.rows
            if row.low is not None and row.high is not None
        ]
        seen: set[tuple[int, int]] = set()
        for first, second in combinations(rows, 2):
            solved = self._solve(one, other, first, second)
            if solved is not None and solved not in seen and solved[0] and solved[1]:
                seen.add(solved)
                yield solved

    def _solve(self, one: int, other: int, first: Row, second: Row) -> tuple[int, int] | None:
        a, b = _coefficient(first, one), _coefficient(first, other)
        c, d = _coefficient(second, one), _coefficient(second, other)
        det = a * d - b * c
        if not det:
            return None
        r, s = self._target(first), self._target(second)
        left, right = b * s - d * r, c * r - a * s
        return None if left % det or right % det else (left // det, right // det)

    def _target(self, row: Row) -> int:
        """What must go: nothing where a row closes already within rounding."""
        residual = self.network.residual(row)
        return 0 if row.holds(residual) else residual

    def _pair(self, one: int, other: int, left: int, right: int, violated: list[Constraint]) -> Repair | None:
        changes = []
        for cell, moved in ((one, left), (other, right)):
            own = self.network.cells[cell]
            value = own.value + moved
            if value % own.step or not own.admits(value):
                return None
            changes.append(Change(cell, value, self.slips.slip_of(cell, value, violated)))
        cost = sum(change.slip.cost for change in changes) + _SECOND
        kinds = {change.slip.kind for change in changes}
        return self._without_harm(tuple(changes), cost, kinds.pop() if len(kinds) == 1 else "several", violated)


def _coefficient(row: Row, cell: int) -> int:
    return next((c for number, c in row.terms if number == cell), 0)


def _meet(one: Interval, other: Interval) -> Interval | None:
    low, high = max(one.low, other.low), min(one.high, other.high)
    if low > high:
        return None
    best = max(one, other, key=lambda interval: (low <= interval.mid <= high, interval.sure))
    return Interval(low, min(max(best.mid, low), high), high, best.sure and low <= best.mid <= high)


def _values(cell: Cell, interval: Interval) -> Iterator[int]:
    """Values that close, printable in steps, the exact one first, then outward."""
    exact = cell.value + interval.mid
    start = exact if cell.allowed is not None or not exact % cell.step else exact - exact % cell.step
    offsets = [0]
    for k in range(1, _MOST_VALUES // 2):
        offsets += [k, -k]
    for offset in offsets:
        value = start + offset * cell.step
        if interval.low <= value - cell.value <= interval.high and value != cell.value and cell.admits(value):
            yield value


def _cheapest(found: list[Repair]) -> list[Repair]:
    """Each set of cells once, with its cheapest repair; another slip that another reading of a rule would explain leaves it in doubt."""
    best: dict[frozenset[int], Repair] = {}
    for repair in sorted(found, key=lambda repair: repair.cost):
        known = best.get(repair.cells)
        if known is None:
            best[repair.cells] = repair
        elif repair.kind in TELLING and repair.changes != known.changes:
            best[repair.cells] = known._replace(doubt=0.0)
    return list(best.values())
