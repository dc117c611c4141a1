"""Errors as people make them, put into the cells of a report with a fixed seed. Raw text, value and decimals stay consistent.

871.05 → 817.05 transposition · 871.95 digit · 8710.5 scale · -871.05 sign · (blank) dropped
two neighbours exchanged swapped · the neighbour's value neighbour · 8710500 wan
"""

from __future__ import annotations

import itertools
import random
import re
from decimal import Decimal
from typing import NamedTuple

import msgspec

from gouji.model.quantity import Quantity, State
from gouji.model.report import CellText, Fact, Indicator, Report

KINDS = ("transposition", "digit", "scale", "sign", "dropped", "swapped", "neighbour", "wan")
_PLACE = re.compile(r"(?P<table>.*)r(?P<row>\d+)c(?P<col>\d+)$")
_WAN = 4


class Error(NamedTuple):
    """What was done: evidence id → the right number (None: rightly blank), and the printed text that replaced it."""

    kind: str
    right: dict[str, Decimal | None]
    wrong: dict[str, str]


def numbers_of(report: Report) -> dict[str, Decimal]:
    """Every numeric table cell that carries a fact or a score, with its value."""
    found = {
        fact.where: fact.quantity.value
        for fact in report.facts
        if fact.origin == "table" and fact.where is not None and fact.quantity is not None
    }
    for row in report.indicators:
        cell = row.cells.get("score")
        if cell is not None and cell.where is not None and cell.value is not None:
            found[cell.where] = cell.value.value
    return found


def draw_error(report: Report, kind: str, rng: random.Random) -> Error | None:
    """One error of a kind in a random cell; None where the cell drawn does not lend itself to it."""
    numbers = numbers_of(report)
    where = rng.choice(sorted(numbers))
    old = numbers[where]
    if kind in ("swapped", "neighbour"):
        return _borrowed(where, kind, numbers, rng)
    if not old:
        return None
    text = _mistype(format(old, "f"), kind, rng)
    if text is None or (text and Decimal(text) == old):
        return None
    return Error(kind, {where: old}, {where: text})


def _borrowed(where: str, kind: str, numbers: dict[str, Decimal], rng: random.Random) -> Error | None:
    near = [other for other in sorted(numbers) if _is_beside(where, other) and numbers[other] != numbers[where]]
    if not near:
        return None
    other = rng.choice(near)
    right: dict[str, Decimal | None] = {where: numbers[where]}
    wrong = {where: format(numbers[other], "f")}
    if kind == "swapped":
        right[other], wrong[other] = numbers[other], format(numbers[where], "f")
    return Error(kind, right, wrong)


def _is_beside(one: str, other: str) -> bool:
    left, right = _PLACE.match(one), _PLACE.match(other)
    if left is None or right is None or left["table"] != right["table"]:
        return False
    rows = abs(int(left["row"]) - int(right["row"]))
    cols = abs(int(left["col"]) - int(right["col"]))
    return rows + cols == 1


def _mistype(text: str, kind: str, rng: random.Random) -> str | None:
    match kind:
        case "transposition":
            return _transpose(text, rng)
        case "digit":
            return _one_digit(text, rng)
        case "scale":
            return _shift(text, rng.choice((-2, -1, 1, 2, 3)))
        case "wan":
            return _shift(text, rng.choice((-_WAN, _WAN)))
        case "sign":
            return text[1:] if text.startswith("-") else f"-{text}"
        case _:
            return ""


def _transpose(text: str, rng: random.Random) -> str | None:
    digits = [i for i, char in enumerate(text) if char.isdigit()]
    pairs = [(i, j) for i, j in itertools.pairwise(digits) if text[i] != text[j]]
    if not pairs:
        return None
    i, j = rng.choice(pairs)
    chars = list(text)
    chars[i], chars[j] = chars[j], chars[i]
    return "".join(chars)


def _one_digit(text: str, rng: random.Random) -> str | None:
    """A digit replaced, lost or doubled."""
    at = rng.choice([i for i, char in enumerate(text) if char.isdigit()])
    how = rng.choice(("replace", "replace", "lose", "double"))
    if how == "replace":
        return text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]
    found = text[:at] + text[at + 1 :] if how == "lose" else text[: at + 1] + text[at:]
    return found if re.fullmatch(r"-?\d+(\.\d+)?", found) else None


def _shift(text: str, places: int) -> str:
    """The decimal point moved; zeros that say nothing fall away."""
    shifted = Decimal(text).scaleb(places)
    plain = format(shifted, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def apply_error(report: Report, error: Error) -> Report:
    """The report with the wrong texts in its cells."""
    facts = tuple(_wrong_fact(f, error.wrong[f.where]) if f.where in error.wrong else f for f in report.facts)
    rows = tuple(_wrong_row(row, error.wrong) for row in report.indicators)
    return msgspec.structs.replace(report, facts=facts, indicators=rows)


def _wrong_fact(fact: Fact, text: str) -> Fact:
    if not text:
        return msgspec.structs.replace(fact, raw="", state="blank", content=None)
    quantity = _requantify(fact.quantity, text)
    state = "value" if quantity.value else "zero"
    return msgspec.structs.replace(fact, raw=text, state=state, content=quantity)


def _requantify(old: Quantity | None, text: str) -> Quantity:
    value = Decimal(text)
    decimals = len(text.partition(".")[2])
    unit = old.unit if old is not None else None
    exact = old is not None and old.decimals is None and not decimals
    return Quantity(value, unit, None if exact else decimals)


def _wrong_row(row: Indicator, wrong: dict[str, str]) -> Indicator:
    cell = row.cells.get("score")
    if cell is None or cell.where not in wrong:
        return row
    text = wrong[cell.where]
    score = _requantify(cell.value, text) if text else None
    state: State = "blank" if score is None else "value" if score.value else "zero"
    changed = CellText(state, text, cell.where, score, cell.place)
    return msgspec.structs.replace(row, score=score, cells={**row.cells, "score": changed})
