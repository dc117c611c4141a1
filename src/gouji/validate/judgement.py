"""What one rule says of one report, before it becomes a finding. Pure data: its sentence is rendered in `message`.

rule ─judge→ Judgement(verdict, expression, difference, evidence, causes, say + slots) ─finding→ Finding
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from gouji.model.finding import Cause, Evidence, Severity, Verdict


class Judgement(msgspec.Struct, frozen=True):
    """One verdict. `say` names a sentence of `message.SENTENCES`, `slots` fill it; `suffix` makes the id unique."""

    verdict: Verdict
    say: str = ""
    slots: dict[str, str] = {}
    expression: str | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    unit: str = ""
    evidence: tuple[Evidence, ...] = ()
    causes: tuple[Cause, ...] = ()
    suffix: str = ""
    entity: str | None = None
    note: str = ""
    severity: Severity | None = None


NOT_APPLICABLE = Judgement("not_applicable")


def worst_of(judgements: list[Judgement]) -> Judgement:
    """The one that stands for all where none fails: undecided before pass before not applicable."""
    order: dict[str, int] = {"undecided": 0, "pass": 1, "not_applicable": 2}
    return min(judgements, key=lambda judgement: order.get(judgement.verdict, 0), default=NOT_APPLICABLE)


def replaced(judgement: Judgement, **changes: object) -> Judgement:
    """A judgement with other fields."""
    return msgspec.structs.replace(judgement, **changes)
