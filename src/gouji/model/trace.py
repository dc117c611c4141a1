"""What a stage did and why, for `gouji explain`. Stages return (result, trace)."""

from __future__ import annotations

import msgspec


class Step(msgspec.Struct, frozen=True):
    """One decision: the stage, the place it concerns (evidence id or ""), what was decided."""

    stage: str
    where: str
    what: str


class Trace(msgspec.Struct, frozen=True):
    """The decisions of one or more stages in order."""

    steps: tuple[Step, ...] = ()

    def __add__(self, other: Trace) -> Trace:
        return Trace(self.steps + other.steps)
