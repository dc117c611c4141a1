"""What a check of prose found → judgements: one a report, every item with its own evidence.

[Told("“应办120件，办结118件，办结率100%”，按所写件数约为 98.33%", (sentence,)), …] → Judgement(review, "own", {项: …})
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.model.finding import Evidence

_MANY = 5


class Told(NamedTuple):
    """One thing that does not agree: in words, and what it rests on."""

    text: str
    evidence: tuple[Evidence | None, ...]


def judge_told(found: Iterable[Told], *, compared: bool) -> Iterator[Judgement]:
    """Review where something was found, pass where all that was compared agrees, else not applicable."""
    unique = list({told.text: told for told in found}.values())
    if not unique:
        yield Judgement("pass", "prose.clean") if compared else NOT_APPLICABLE
        return
    more = f"等 {len(unique)} 处" if len(unique) > _MANY else ""
    text = "；".join(told.text for told in unique[:_MANY]) + more
    evidence = present(item for told in unique for item in told.evidence)
    yield Judgement("review", "own", {"项": text}, text, evidence=evidence)
