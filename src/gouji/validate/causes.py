"""Probable causes of a sum that does not close, by exact residual: which one cell, changed how, would make it close.

    total − Σ kᵢ·xᵢ = r ≠ 0      cell i closes it at  xᵢ' = xᵢ − r / cᵢ   (c: +1 for the total, −kᵢ for a part)

    missing_entry      the cell is blank            scale            ×10 … ×10⁴
    sign               xᵢ' = −xᵢ                     transposition    two neighbouring digits changed places
    digit              one digit wrong, lost or too many
    total_not_updated  the total, whatever its digits

A cause that would break another sum which closes now is dropped. It is `certain` only where it is the single one;
an entry that is missing and a total that was not updated never are.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.finding import Cause, Repair
from gouji.model.quantity import Quantity
from gouji.validate.expression import plain

if TYPE_CHECKING:
    from gouji.model.quantity import Unit
    from gouji.model.report import Fact

_RANKS = ("missing_entry", "sign", "scale", "transposition", "digit", "total_not_updated")
_MOST = 3
_NEVER_CERTAIN = ("missing_entry", "total_not_updated")


class Suspect(NamedTuple):
    """A cell of the sum: its coefficient in left − right, its fact and copies, bounds of what it may become (base units)."""

    fact: Fact
    coefficient: Decimal
    is_total: bool
    copies: tuple[Fact, ...] = ()
    unit: Unit | None = None
    decimals: int | None = None
    may_be_negative: bool = False
    highest: Decimal | None = None
    stated: tuple[Decimal, ...] = ()


class Candidate(NamedTuple):
    """A possible repair of one cell."""

    kind: str
    suspect: Suspect
    quantity: Quantity


def find_causes(
    suspects: list[Suspect],
    residual: Decimal,
    breaks: Callable[[str, Quantity], bool],
    room: Decimal = Decimal(0),
) -> tuple[Cause, ...]:
    """At most three causes, the most specific first. `breaks(where, quantity)`: whether a repair harms another sum.

    A repair is tried as it would be printed: what does not close within `room` (base units) is dropped.
    """
    candidates = [c for suspect in suspects if (c := _candidate(suspect, residual)) is not None]
    found = [c for c in candidates if _closes(c, residual, room)]
    sound = [c for c in found if c.suspect.fact.where is not None and not breaks(c.suspect.fact.where, c.quantity)]
    specific = [candidate for candidate in sound if candidate.kind != "total_not_updated"]
    told = [candidate for candidate in sound if _support(candidate) > 0]
    ranked = sorted(sound, key=lambda candidate: (-_support(candidate), _RANKS.index(candidate.kind)))
    unique = len(told) == 1 or (not told and (len(specific) == 1 or len(sound) == 1))
    return tuple(
        Cause(
            candidate.kind,
            _repairs(candidate),
            rank,
            certain=unique and rank == 1 and candidate.kind not in _NEVER_CERTAIN,
        )
        for rank, candidate in enumerate(ranked[:_MOST], start=1)
    )


def _closes(candidate: Candidate, residual: Decimal, room: Decimal) -> bool:
    old = candidate.suspect.fact.quantity
    change = candidate.quantity.base_value - (old.base_value if old is not None else Decimal(0))
    return abs(residual + candidate.suspect.coefficient * change) <= room


def _support(candidate: Candidate) -> int:
    """1 where a sentence of the report states the repaired value, −1 where one states the printed value, else 0."""
    old = candidate.suspect.fact.quantity
    if candidate.quantity.base_value in candidate.suspect.stated:
        return 1
    return -1 if old is not None and old.base_value in candidate.suspect.stated else 0


def _candidate(suspect: Suspect, residual: Decimal) -> Candidate | None:
    """How this cell alone could close the sum."""
    old = suspect.fact.quantity
    unit = old.unit if old is not None else suspect.unit
    factor = unit.factor if unit is not None else Decimal(1)
    before = old.value if old is not None else Decimal(0)
    decimals = _printed_decimals(old) if old is not None else suspect.decimals or 0
    if old is not None and old.value == 0:
        decimals = max(decimals, suspect.decimals or 0)  # a printed 0 is as accurate as its neighbours
    after = before - residual / suspect.coefficient / factor
    rounded = after.quantize(Decimal(1).scaleb(-decimals))
    if (after < 0 and not suspect.may_be_negative) or (
        suspect.highest is not None and after * factor > suspect.highest
    ):
        return None
    kind = "missing_entry" if old is None else kind_of_slip(before, rounded if rounded == after else after)
    if kind is None and suspect.is_total:
        kind = "total_not_updated"
    exact = old.decimals if old is not None else suspect.decimals
    return Candidate(kind, suspect, Quantity(rounded, unit, exact)) if kind is not None and rounded != before else None


def _printed_decimals(quantity: Quantity) -> int:
    exponent = quantity.value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def kind_of_slip(old: Decimal, new: Decimal) -> str | None:
    """The slip that turns the right number `new` into the printed `old`; None where it is no simple one."""
    if old == -new:
        return "sign"
    if old and new and any(old == new.scaleb(k) for k in (-4, -3, -2, -1, 1, 2, 3, 4)):
        return "scale"
    if (old < 0) != (new < 0):
        return None
    left, right = _digits(old), _digits(new)
    if is_transposition(left, right):
        return "transposition"
    return "digit" if is_one_digit_off(left, right) else None


def _digits(value: Decimal) -> str:
    return plain(abs(value)).replace(".", "")


def is_transposition(left: str, right: str) -> bool:
    """Whether two neighbouring digits changed places."""
    swapped = (left[:i] + left[i + 1] + left[i] + left[i + 2 :] for i in range(len(left) - 1))
    return left != right and right in swapped


def is_one_digit_off(left: str, right: str) -> bool:
    """Whether one digit differs, is lost or too many. Numbers of one digit differ always: that tells nothing."""
    if left == right or min(len(left), len(right)) == 1:
        return False
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) == 1
    short, long = sorted((left, right), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _repairs(candidate: Candidate) -> tuple[Repair, ...]:
    """The cell and its copies: they are repaired together."""
    new = plain(candidate.quantity.value)
    facts = (candidate.suspect.fact, *candidate.suspect.copies)
    return tuple(Repair(fact.where, fact.raw or None, new) for fact in facts if fact.where is not None)
