"""Published methods of data editing on linear equalities over integers, written from their descriptions; no package's code.

Edit(terms, constant, room)     |Σ coefficient · x + constant| ≤ room

failed_edits       checking, as a rule language does it: an edit fails or holds, nothing is located       (validate)
localise           Fellegi and Holt 1976: the fewest variables that can be changed so that all edits hold (errorlocate)
correct_typos      Scholtus 2009: one value from an edit, if within one Damerau–Levenshtein step           (correctTypos)
correct_signs      Scholtus 2008: the fewest sign changes and exchanges of two values                      (correctSigns)
correct_rounding   Scholtus 2008: residuals of at most two units put upon randomly chosen scapegoats      (correctRounding)
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

Values = dict[int, int]
Corrections = dict[int, int]
_MOST_ACTIONS = 2
_LARGEST_SET = 2


class Edit(NamedTuple):
    """A linear equality. `room` is 0 where it must hold exactly."""

    terms: tuple[tuple[int, int], ...]
    constant: int
    room: int

    def residual(self, values: Values) -> int:
        """Σ coefficient · x + constant."""
        return sum(c * values[cell] for cell, c in self.terms) + self.constant

    def holds(self, values: Values) -> bool:
        """Whether it is satisfied."""
        return abs(self.residual(values)) <= self.room

    @property
    def cells(self) -> frozenset[int]:
        """Its variables."""
        return frozenset(cell for cell, _ in self.terms)


def failed_edits(edits: list[Edit], values: Values) -> list[Edit]:
    """The edits that do not hold."""
    return [edit for edit in edits if not edit.holds(values)]


# --- Fellegi–Holt -------------------------------------------------------------------------------------------------------


def localise(edits: list[Edit], values: Values, negative: frozenset[int]) -> list[frozenset[int]]:
    """All smallest sets of variables (up to two) that can be changed so that every edit holds and none becomes negative."""
    failed = failed_edits(edits, values)
    below = [cell for cell, value in values.items() if value < 0 and cell not in negative]
    if not failed and not below:
        return []
    near = sorted(frozenset().union(*(edit.cells for edit in failed), below))
    linked = sorted(frozenset().union(*(e.cells for e in edits if e.cells & set(near)), near))
    for size, pool in ((1, near), (_LARGEST_SET, linked)):
        found = [
            frozenset(free)
            for free in combinations(pool, size)
            if set(below) <= set(free) and all(edit.cells & set(free) for edit in failed)
            if is_feasible(edits, values, free, negative)
        ]
        if found:
            return found
    return []


def is_feasible(edits: list[Edit], values: Values, free: tuple[int, ...], negative: frozenset[int]) -> bool:
    """Whether the free variables can take values that satisfy every edit they occur in."""
    return impute(edits, values, free, negative) is not None


def impute(edits: list[Edit], values: Values, free: tuple[int, ...], negative: frozenset[int]) -> Corrections | None:
    """Values for the free variables; where the edits leave one open, any admissible one."""
    touched = [edit for edit in edits if edit.cells & set(free)]
    rows = [[Fraction(dict(e.terms).get(cell, 0)) for cell in free] + [Fraction(-e.residual(values))] for e in touched]
    rooms = [Fraction(edit.room) for edit in touched]
    changes = _solve(rows, rooms, len(free))
    if changes is None:
        return None
    found = {cell: values[cell] + int(change) for cell, change in zip(free, changes, strict=True)}
    bad = any(value < 0 and cell not in negative for cell, value in found.items())
    return None if bad and len(touched) >= len(free) else found


def _solve(rows: list[list[Fraction]], rooms: list[Fraction], size: int) -> list[Fraction] | None:
    """Changes that meet every row within its room: from as many independent rows as needed, checked in the others."""
    for chosen in combinations(range(len(rows)), min(size, len(rows))):
        changes = _square([rows[i] for i in chosen], size)
        if changes is None:
            continue
        off = [abs(sum(a * b for a, b in zip(row[:size], changes, strict=True)) - row[size]) for row in rows]
        if all(gap <= room for gap, room in zip(off, rooms, strict=True)):
            return changes
    return None


def _square(rows: list[list[Fraction]], size: int) -> list[Fraction] | None:
    """Gaussian elimination; variables without a pivot do not change. None where the rows contradict each other."""
    rows = [row[:] for row in rows]
    pivots: dict[int, int] = {}
    for column in range(size):
        at = next((i for i, row in enumerate(rows) if i not in pivots.values() and row[column]), None)
        if at is None:
            continue
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for i, row in enumerate(rows):
            if i != at and row[column]:
                rows[i] = [a - row[column] * b for a, b in zip(row, rows[at], strict=True)]
        pivots[column] = at
    if any(not any(row[:size]) and row[size] for row in rows):
        return None
    return [rows[pivots[c]][size] if c in pivots else Fraction(0) for c in range(size)]


# --- typing errors ------------------------------------------------------------------------------------------------------


def correct_typos(edits: list[Edit], values: Values, units: dict[int, int]) -> Corrections:
    """Suggestions within one keystroke, of variables in no satisfied edit; those that together satisfy most edits.

    Where two such sets satisfy equally many, only what they have in common is corrected. `units`: the worth of a printed digit.
    """
    failed = failed_edits(edits, values)
    settled = (
        frozenset().union(*(edit.cells for edit in edits if edit.holds(values)))
        if len(failed) < len(edits)
        else frozenset()
    )
    suggestions = sorted(
        {
            (cell, values[cell] - edit.residual(values) // c)
            for edit in failed
            for cell, c in edit.terms
            if cell not in settled
            and is_keystroke(values[cell], values[cell] - edit.residual(values) // c, units[cell])
        }
    )
    best: list[Corrections] = [{}]
    most = 0
    for size in (1, 2):
        for group in combinations(suggestions, size):
            changes = dict(group)
            if len(changes) < size:
                continue
            gained = sum(edit.holds({**values, **changes}) for edit in failed)
            if gained > most:
                best, most = [changes], gained
            elif gained == most and most and size == len(best[0]):
                best.append(changes)
    return {cell: value for cell, value in best[0].items() if all(other.get(cell) == value for other in best)}


def is_keystroke(old: int, new: int, unit: int) -> bool:
    """Damerau–Levenshtein distance 1 of the two as printed: one character replaced, lost, added, or two exchanged."""
    if new % unit:
        return False
    left, right = str(old // unit if old >= 0 else -(-old // unit)), str(new // unit if new >= 0 else -(-new // unit))
    if left == right:
        return False
    if len(left) == len(right):
        apart = [i for i in range(len(left)) if left[i] != right[i]]
        one = len(apart) == 1
        two = len(apart) == 2 and apart[1] == apart[0] + 1
        return one or (two and left[apart[0]] == right[apart[1]] and left[apart[1]] == right[apart[0]])
    short, long = sorted((left, right), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


# --- signs and exchanges ------------------------------------------------------------------------------------------------


def correct_signs(edits: list[Edit], values: Values) -> Corrections:
    """The fewest sign changes or exchanges within failed edits after which all edits hold; nothing where there are several."""
    failed = failed_edits(edits, values)
    cells = sorted(frozenset().union(*(edit.cells for edit in failed))) if failed else []
    flips = [{cell: -values[cell]} for cell in cells if values[cell]]
    swaps = [{a: values[b], b: values[a]} for a, b in combinations(cells, 2) if values[a] != values[b]]
    actions: list[Corrections] = [*flips, *swaps]
    for size in range(1, _MOST_ACTIONS + 1):
        found = []
        for group in combinations(actions, size) if size == 1 or len(actions) < 40 else ():
            changes = {cell: value for action in group for cell, value in action.items()}
            if all(
                edit.holds({**values, **changes}) for edit in edits if edit.cells & changes.keys() or edit in failed
            ):
                found.append(changes)
        if found:
            return found[0] if len(found) == 1 else {}
    return {}


# --- rounding -----------------------------------------------------------------------------------------------------------


def correct_rounding(
    edits: list[Edit], values: Values, units: dict[int, int], rng: random.Random, *, most: int = 2
) -> Corrections:
    """Residuals of at most `most` units solved exactly for randomly drawn scapegoats, each moved by no more than that."""
    small = [e for e in edits if abs(e.residual(values)) <= most * max(units[cell] for cell in e.cells)]
    if not any(edit.residual(values) for edit in small):
        return {}
    cells = sorted(frozenset().union(*(edit.cells for edit in small)))
    for _ in range(10):
        rng.shuffle(cells)
        rows = [
            [Fraction(dict(e.terms).get(cell, 0)) for cell in cells] + [Fraction(-e.residual(values))] for e in small
        ]
        changes = _square(rows, len(cells))
        if changes is not None and all(abs(d) <= most * units[cell] for cell, d in zip(cells, changes, strict=True)):
            return {cell: values[cell] + int(c) for cell, c in zip(cells, changes, strict=True) if c}
    return {}
