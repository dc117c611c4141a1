"""What the validator says of a report. A finding is data; its Chinese sentence is rendered from it.

verdict   pass 通过 · fail 不符 · review 需核实 · undecided 无法判断 · not_applicable 不适用 · waived 已豁免
severity  hard 必改 · explain 需说明 · note 提示
audience  department · bureau · template
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

Verdict = Literal["pass", "fail", "review", "undecided", "not_applicable", "waived"]
Severity = Literal["hard", "explain", "note"]
Audience = Literal["department", "bureau", "template"]


class Evidence(msgspec.Struct, frozen=True):
    """One cell a finding rests on. `place` says where in words; `where` is never shown to people."""

    where: str
    place: str
    concept: str | None
    raw: str
    value: str | None
    relation: str
    source: str = ""
    report: int = 0


class Repair(msgspec.Struct, frozen=True):
    """One cell to change. `old` and `new` are printed texts, None for an empty cell.

    `source`: its file, where a submission came in several and the ids of two of them may be alike.
    """

    where: str
    old: str | None
    new: str | None
    source: str = ""


class Cause(msgspec.Struct, frozen=True):
    """A probable cause and the repair it implies."""

    kind: str
    repair: tuple[Repair, ...]
    rank: int
    certain: bool


class Basis(msgspec.Struct, frozen=True):
    """The rule's source; unverified ones are printed with 依据待核."""

    document: str
    clause: str | None = None
    verified: bool = False


class Finding(msgspec.Struct, frozen=True):
    """The verdict of one rule on one report (or one entity of it)."""

    id: str
    rule: str
    rule_version: str
    title: str
    verdict: Verdict
    severity: Severity
    audience: Audience
    waivable: bool
    unit_name: str | None
    fiscal_year: int | None
    expression: str | None
    difference: Decimal | None
    tolerance: Decimal | None
    message: str
    evidence: tuple[Evidence, ...] = ()
    causes: tuple[Cause, ...] = ()
    affects: tuple[str, ...] = ()
    basis: Basis | None = None
    entity: str | None = None

    def place_of(self, repair: Repair) -> str | None:
        """Where a repair is to be made, in words; None where the finding does not rest on that cell."""
        pieces = (piece for piece in self.evidence if piece.where == repair.where)
        return next((p.place for p in pieces if not repair.source or p.source in ("", repair.source)), None)

    @property
    def standing(self) -> Severity:
        """The severity as it stands: what has only to be confirmed is explained, not corrected."""
        return "explain" if self.verdict == "review" and self.severity == "hard" else self.severity
