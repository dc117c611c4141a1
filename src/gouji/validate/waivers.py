"""Decisions of people laid over findings. Pure: the caller brings the decisions and the day.

    findings + decisions + today ─apply_decisions→ findings: 不符 → 已豁免, or with the reason why a waiver no longer holds

A waiver is keyed by rule, unit and year (the finding's id) and by its evidence values: where a value changes it reopens.
One that lifted 需说明 does not lift 必改. Undecided is not waived: there is nothing to accept yet.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from gouji.model.decision import REASON_CODES, REOPEN, WAIVE

if TYPE_CHECKING:
    from gouji.model.decision import Decision
    from gouji.model.finding import Finding, Verdict

WAIVED_FROM = ("fail", "review")
_DIGEST_LENGTH = 32
_NOTE = re.compile(
    r"（(?:已豁免：|证据已变，豁免失效|豁免已于 |本规则不可豁免|现为必改问题，须由指定复核人).*）$", re.DOTALL
)


def digest_evidence(finding: Finding) -> str:
    """A hash of the values a finding rests on, wherever they stand; of its sentence where it names no cell."""
    values = sorted(
        (piece.concept or "", piece.relation, piece.value if piece.value is not None else piece.raw)
        for piece in finding.evidence
    )
    said = values or [("", "", _NOTE.sub("", finding.message))]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:_DIGEST_LENGTH]


def apply_decisions(findings: Iterable[Finding], decisions: Iterable[Decision], today: date) -> tuple[Finding, ...]:
    """The findings as they stand after what people decided; findings that were settled before are settled anew."""
    known = list(decisions)
    standing = standing_waivers(known)
    return tuple(_decided(finding, standing.get(finding.id, []), today) for finding in undo_waivers(findings, known))


def undo_waivers(findings: Iterable[Finding], decisions: Iterable[Decision]) -> list[Finding]:
    """The findings as they were before anyone decided."""
    taken = {decision.finding_id: decision for decision in decisions if decision.action == WAIVE}
    return [_undone(finding, taken[finding.id]) if finding.id in taken else finding for finding in findings]


def _undone(finding: Finding, waiver: Decision) -> Finding:
    message = _NOTE.sub("", finding.message)
    if finding.verdict != "waived":
        return msgspec.structs.replace(finding, message=message)
    verdict: Verdict = "review" if (waiver.old_value or "").startswith("review/") else "fail"
    return msgspec.structs.replace(finding, message=message, verdict=verdict)


def standing_waivers(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Finding id → its waivers since it was last reopened, oldest first."""
    standing: dict[str, list[Decision]] = {}
    for decision in decisions:
        if decision.action == WAIVE:
            standing.setdefault(decision.finding_id, []).append(decision)
        elif decision.action == REOPEN:
            standing.pop(decision.finding_id, None)
    return standing


def _decided(finding: Finding, waivers: list[Decision], today: date) -> Finding:
    if not waivers or finding.verdict not in WAIVED_FROM:
        return finding
    reasons = [(waiver, why_void(waiver, finding, today)) for waiver in reversed(waivers)]
    holding = next((waiver for waiver, why in reasons if not why), None)  # copies of one report may differ
    if holding is None:
        return msgspec.structs.replace(finding, message=f"{finding.message}（{reasons[0][1]}）")
    message = f"{finding.message}（已豁免：{describe_waiver(holding)}）"
    return msgspec.structs.replace(finding, verdict="waived", message=message)


def why_void(waiver: Decision, finding: Finding, today: date) -> str:
    """Why a waiver does not hold, without what was said inside the bureau; "" where it does."""
    if waiver.evidence != digest_evidence(finding):
        return "证据已变，豁免失效"
    if waiver.valid_until is not None and today > date.fromisoformat(waiver.valid_until):
        return f"豁免已于 {waiver.valid_until} 到期"
    if not finding.waivable:
        return "本规则不可豁免，豁免不生效"
    if finding.severity == "hard" and not (waiver.old_value or "").endswith("/hard"):
        return "现为必改问题，须由指定复核人重新确认，豁免失效"
    return ""


def describe_waiver(waiver: Decision) -> str:
    """Who waived, when, why, until when: for the working paper."""
    code = REASON_CODES.get(waiver.reason_code, waiver.reason_code)
    until = f"，有效至 {waiver.valid_until}" if waiver.valid_until else ""
    return f"{waiver.decided_by} 于 {waiver.decided_at[:10]} 豁免，{code}：{waiver.reason}{until}"
