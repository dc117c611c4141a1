"""Shapes of prose.yml over the letters of a sentence.

    "label after* amount"  →  [LW][JSYl]{0,12}A          基本支出(L) 共(J) 60万元(A)

Every repetition is bounded, so that matching grows with the length of the sentence alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.prose import Shape

ROLES = {
    "label": "[LW]",
    "name": "L",
    "short": "l",
    "after": "[JSYl]",
    "join": "J",
    "stage": "S",
    "year": "Y",
    "amount": "A",
    "value": "[AN]",
    "list": "、",
    "item": "[、,]",
    "pause": "[,(、]",
    "begin": "^,?",
    "open": r"\(",
    "close": r"\)",
    "each": "E",
    "split": "R",
    "result": "T",
    "compare": "B",
    "share": "H",
    "none": "Z",
    "nothing": "z",
    "tail": "[VJl]",
    "gloss": r"\([^().;ANZ]{0,12}\)",
    "end": r"(?=[,;.、()]|$)",
}
_BOUNDS = {"*": "{0,12}", "+": "{1,12}", "?": "?"}
_STEP = re.compile(r"(\(|\)|[a-z]+)([*+?]?)")


class Found(NamedTuple):
    """A shape found at the tokens [start, end)."""

    shape: Shape
    start: int
    end: int


@lru_cache(maxsize=4)
def compile_shapes(shapes: tuple[Shape, ...]) -> re.Pattern[str]:
    """One expression over letters; group sN is the Nth shape. Earlier shapes come first."""
    return re.compile("|".join(f"(?P<s{i}>{_expression(shape.roles)})" for i, shape in enumerate(shapes)))


def _expression(roles: str) -> str:
    parts: list[str] = []
    for step in _STEP.finditer(roles):
        name, count = step.groups()
        if name == "(":
            parts.append("(?:")
        elif name == ")":
            parts.append(")" + _BOUNDS.get(count, ""))
        else:
            parts.append(f"(?:{ROLES[name]}){_BOUNDS[count]}" if count else ROLES[name])
    return "".join(parts)


def find_shapes(letters: str, shapes: tuple[Shape, ...]) -> Iterator[Found]:
    """The shapes of a sentence from left to right, none overlapping."""
    for match in compile_shapes(shapes).finditer(letters):
        if match.lastgroup is not None:
            yield Found(shapes[int(match.lastgroup[1:])], match.start(), match.end())
