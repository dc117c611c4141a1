"""What a person decided on a finding. Decisions are appended, never changed; the last word on a finding counts.

waive    豁免   the finding stands, but is not pressed; holds for the evidence values it was decided on, and until a date
reopen   重开   earlier waivers of the finding no longer hold
"""

from __future__ import annotations

import msgspec

WAIVE, REOPEN = "waive", "reopen"
REASON_CODES: dict[str, str] = {
    "rounding": "尾差",
    "scope": "口径不同",
    "explained": "已书面说明",
    "ledger": "已核对账簿",
    "policy": "政策规定",
    "other": "其他",
}


class Decision(msgspec.Struct, frozen=True):
    """One decision; `evidence` digests the values it was decided on.

    Of a waiver `old_value` is the verdict and severity that it lifts (fail/hard), `new_value` is `waived`.
    """

    finding_id: str
    action: str
    evidence: str
    reason_code: str
    reason: str
    decided_by: str
    decided_at: str
    old_value: str | None = None
    new_value: str | None = None
    valid_until: str | None = None
