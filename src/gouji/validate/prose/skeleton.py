"""A sentence with its figures drawn as signs, so that its grammar can be matched.

由193.38万元降至181.38万元，下降8.21%      →      由#降至#,下降%          # amount or count · % percentage · @ 个百分点 · ~ hedged
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gouji.validate.prose.figures import Figure, Numbered

_SIGNS = {"money": "#", "count": "#", "percent": "%"}
_POINTS = ("个百分点", "百分点")
_BLANKS = re.compile(r"\s")


class Skeleton(NamedTuple):
    """The drawn sentence, and the figure that each sign stands for by its place."""

    text: str
    at: dict[int, Figure]

    def figure(self, match: re.Match[str], name: str) -> Figure | None:
        """The figure that a group of a match begins with; None where the group took no part."""
        return self.at.get(match.start(name)) if match[name] is not None else None


def draw(numbered: Numbered) -> Skeleton:
    """The skeleton of a sentence. Times and the like stay as they are written."""
    parts: list[str] = []
    at: dict[int, Figure] = {}
    position = length = 0
    start, text = numbered.sentence.start, numbered.sentence.text
    for figure in numbered.figures:
        sign = "@" if figure.unit in _POINTS else _SIGNS.get(figure.kind)
        if sign is None:
            continue
        between = _BLANKS.sub("", text[position : figure.start - start])
        length += len(between)
        at[length] = figure
        parts += [between, "~" if figure.hedged else sign]
        length += 1
        position = figure.end - start
    parts.append(_BLANKS.sub("", text[position:]))
    return Skeleton("".join(parts), at)
