"""Figures of sentences as intervals in base units: hedges, printed digits and units understood.

430余次  [430, 440) 次        1.2万人次  [11500, 12500] 人次        95%以上  [95, …) %        第3期, 2021年, 〔2019〕15号  no figure
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from gouji.model.quantity import Quantity, Unit
from gouji.text.numerals import UnitTable, read_number
from gouji.validate.prose.text import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.validate.prose.text import Passage

FigureKind = Literal["money", "percent", "count", "time"]
_SCALES = (("万", Decimal(10000)), ("亿", Decimal(100000000)))
_BEFORE = re.compile(
    r"(?:(?<![节集预])约|近|大约|将近|超过?|逾|不低于|不少于|不超过|不高于|至少|≥|≤|>=|<=|≧|≦|>|<)\s*$"
)
_MOST_BEFORE = 4
_CLAUSE_ENDS = re.compile(r"[,;:()、。]")
_REFUSED_BEFORE = re.compile(r"(?:第|〔|\[|[\dA-Za-z][-—~～至到/.:]|[-—~～/.A-Za-z]|不足|不到|每)\s*$")
_REFUSED_AFTER = re.compile(r"\s*(?:[/:～~]|[-—至到]\s*\d|均|分之)")


class Figure(msgspec.Struct, frozen=True, gc=False):
    """A number with its unit: the printed value, and where the true one may lie, in base units. [start, end) of the passage."""

    start: int
    end: int
    kind: FigureKind
    unit: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    step: Decimal
    raw: str
    hedged: bool = False

    def below(self, other: Figure) -> bool:
        """Whether it is less than another in every reading."""
        return self.high is not None and other.low is not None and self.high < other.low

    def meets(self, other: Figure) -> bool:
        """Whether both may be one number."""
        return not self.below(other) and not other.below(self)


class Numbered(msgspec.Struct, frozen=True, gc=False):
    """A sentence with its figures in order."""

    sentence: Sentence
    figures: tuple[Figure, ...]

    def text_before(self, figure: Figure) -> str:
        """What the sentence says before a figure."""
        return self.sentence.text[: figure.start - self.sentence.start]

    def text_between(self, left: Figure, right: Figure) -> str:
        """What it says between two figures."""
        return self.sentence.text[left.end - self.sentence.start : right.start - self.sentence.start]

    def text_after(self, figure: Figure) -> str:
        """What it says after a figure."""
        return self.sentence.text[figure.end - self.sentence.start :]

    def around(self, *figures: Figure) -> str:
        """The sentence around some figures, for people."""
        return self.sentence.around(min(f.start for f in figures), max(f.end for f in figures))

    def clause_before(self, figure: Figure) -> str:
        """The clause up to a figure."""
        return _CLAUSE_ENDS.split(self.text_before(figure))[-1]


class FigureReader:
    """Finds the figures of passages, with units of counts, times and money."""

    def __init__(self, counts: tuple[str, ...], times: tuple[str, ...], money: tuple[str, ...]) -> None:
        kinds: dict[str, FigureKind] = dict.fromkeys(times, "time")
        kinds |= dict.fromkeys(counts, "count")
        kinds |= dict.fromkeys(money, "money")
        kinds["%"] = "percent"
        self.kinds = kinds
        units = {name: Unit(name, "count" if kind == "count" else "ratio") for name, kind in kinds.items()}
        for sign, factor in _SCALES:
            scaled = ((name, kind) for name, kind in kinds.items() if kind in ("count", "money"))
            units |= {sign + name: Unit(name, "area", factor) for name, _ in scaled}
        self.table = UnitTable(units)
        names = "|".join(map(re.escape, sorted(kinds, key=len, reverse=True)))
        self.pattern = re.compile(rf"\d[\d,]*(?:\.\d+)?\s*[余多]?\s*[万亿]?(?:{names})(?:以上|以下|以内|左右|上下)?")
        self._read = lru_cache(maxsize=8192)(self._read_raw)

    def numbered(self, passage: Passage) -> Iterator[Numbered]:
        """Every sentence that holds a figure."""
        found = [figure for match in self.pattern.finditer(passage.text) if (figure := self._figure(match, passage))]
        if not found:
            return
        position = 0
        for sentence in passage.sentences():
            while position < len(found) and found[position].start < sentence.start:
                position += 1
            first = position
            while position < len(found) and found[position].start < sentence.end:
                position += 1
            if position > first:
                yield Numbered(sentence, tuple(found[first:position]))

    def _figure(self, match: re.Match[str], passage: Passage) -> Figure | None:
        text = passage.text
        before = text[max(0, match.start() - _MOST_BEFORE) : match.start()]
        hedge = _BEFORE.search(before)
        head = before[: hedge.start()] if hedge is not None else before
        if _REFUSED_BEFORE.search(head) or _REFUSED_AFTER.match(text, match.end()):
            return None
        measured = self._read((hedge.group().strip() if hedge is not None else "") + match.group())
        if measured is None:
            return None
        start = match.start() - (len(hedge.group()) if hedge is not None else 0)
        kind, unit, value, low, high, step, hedged = measured
        return Figure(start, match.end(), kind, unit, value, low, high, step, text[start : match.end()].strip(), hedged)

    def _read_raw(self, raw: str) -> _Measured | None:
        quantity = read_number(raw, self.table).quantity
        return _measured(quantity, self.kinds) if quantity is not None and quantity.unit is not None else None


class _Measured(NamedTuple):
    """What a printed number says, wherever it stands."""

    kind: FigureKind
    unit: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    step: Decimal
    hedged: bool


def _measured(quantity: Quantity, kinds: dict[str, FigureKind]) -> _Measured:
    factor = quantity.factor
    hedged = quantity.low is not None or quantity.high is not None
    interval = quantity.interval
    low = None if interval.low is None else interval.low * factor
    high = None if interval.high is None else interval.high * factor
    unit = quantity.unit.name if quantity.unit is not None else ""
    return _Measured(kinds[unit], unit, quantity.base_value, low, high, 2 * quantity.half_step * factor, hedged)


@lru_cache(maxsize=8)
def figure_reader(counts: tuple[str, ...], times: tuple[str, ...], money: tuple[str, ...]) -> FigureReader:
    """The reader of some units, compiled once."""
    return FigureReader(counts, times, money)
