"""Where the text is not simply shown: deleted, inserted, hidden, a sign of another font, data of a form field.

Only such runs are kept; most of a document has none, and its paragraphs are cut straight out of the text.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator

import msgspec

from gouji.readers.doc import sprm
from gouji.readers.doc.fkp import Run
from gouji.readers.doc.paragraphs import Modifiers
from gouji.readers.doc.styles import AGAINST_STYLE, AS_STYLE, Styles


class CharacterLook(msgspec.Struct, frozen=True):
    """What is out of the ordinary. `vanish` as the file has it: 0, 1, 128 as its style, 129 against it, None unsaid."""

    deleted: bool = False
    inserted: bool = False
    vanish: int | None = None
    style: int | None = None
    font: str | None = None
    symbol: tuple[str | None, int] | None = None
    data: int | None = None

    def is_hidden(self, styles: Styles, *, paragraph_hides: bool) -> bool:
        """Whether the page does not show it."""
        by_style = paragraph_hides or self.style in styles.hidden
        if self.vanish is None or self.vanish == AS_STYLE:
            return by_style
        return not by_style if self.vanish == AGAINST_STYLE else bool(self.vanish)


ORDINARY = CharacterLook()


class Span(msgspec.Struct, frozen=True):
    """Characters [start, end) of one look."""

    start: int
    end: int
    look: CharacterLook


class Characters:
    """The extraordinary runs of a document, by CP."""

    def __init__(self, runs: Iterable[Run], modifiers: Modifiers, fonts: dict[int, str], styles: Styles) -> None:
        self._modifiers = modifiers
        self._fonts = fonts
        self._styles = styles
        self._looks: dict[tuple[bytes, int], CharacterLook] = {}
        self._spans = list(self._find_spans(runs))
        self._starts = [span.start for span in self._spans]

    def _find_spans(self, runs: Iterable[Run]) -> Iterator[Span]:
        looks = self._looks
        for run in runs:
            key = (run.properties, run.modifier)
            look = looks.get(key)
            if look is None:
                look = looks[key] = self._read_look(run)
            if look is not ORDINARY:
                yield Span(run.start, run.end, look)

    def _read_look(self, run: Run) -> CharacterLook:
        values: dict[int, bytes] = {}
        for code, operand in self._modifiers.collect(run.properties + self._modifiers.expand(run.modifier)):
            if code == sprm.PLAIN:
                values = {kept: values[kept] for kept in (sprm.DELETED, sprm.INSERTED) if kept in values}
            elif operand:
                values[code] = operand
        style = _number(values.get(sprm.CHARACTER_STYLE))
        look = CharacterLook(
            bool(_number(values.get(sprm.DELETED))),
            bool(_number(values.get(sprm.INSERTED))),
            _number(values.get(sprm.VANISH)),
            style if style in self._styles.hidden else None,
            self._find_font(values.get(sprm.ASCII_FONT, values.get(sprm.HIGH_FONT))),
            self._read_symbol(values.get(sprm.SYMBOL)),
            _number(values.get(sprm.PICTURE)),
        )
        return ORDINARY if look == ORDINARY else look

    def _find_font(self, operand: bytes | None) -> str | None:
        return None if operand is None else self._fonts.get(int.from_bytes(operand, "little"))

    def _read_symbol(self, operand: bytes | None) -> tuple[str | None, int] | None:
        """Font and code of a sign that an ordinary character stands for."""
        if operand is None or len(operand) < struct.calcsize("<HH"):
            return None
        font, code = struct.unpack_from("<HH", operand, 0)
        return self._fonts.get(font), code

    def look_at(self, cp: int) -> CharacterLook:
        """The look of one character."""
        index = bisect_right(self._starts, cp) - 1
        return self._spans[index].look if index >= 0 and cp < self._spans[index].end else ORDINARY

    def any_in(self, start: int, end: int) -> bool:
        """Whether anything extraordinary is between two CPs."""
        index = bisect_right(self._starts, start)
        if index and start < self._spans[index - 1].end:
            return True
        return index < len(self._starts) and self._starts[index] < end

    def split(self, start: int, end: int) -> Iterator[Span]:
        """The characters between two CPs in spans of one look each."""
        index = max(0, bisect_right(self._starts, start) - 1)
        while start < end:
            span = self._spans[index] if index < len(self._spans) else None
            if span is None or end <= span.start:
                yield Span(start, end, ORDINARY)
                return
            if start < span.start:
                yield Span(start, span.start, ORDINARY)
                start = span.start
            if start < span.end:
                yield Span(start, min(end, span.end), span.look)
                start = span.end
            index += 1


def _number(operand: bytes | None) -> int | None:
    return None if operand is None else int.from_bytes(operand, "little")
