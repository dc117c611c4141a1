"""Waivers over findings: they hold for the values, the day and the severity they were decided on."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from gouji.model.decision import Decision
from gouji.model.finding import Evidence, Finding
from gouji.validate.waivers import apply_decisions, digest_evidence
from outcomes import finding

TODAY = date(2022, 6, 1)
CELL = Evidence("t1r9c4", "《收入情况》表 · 合计 列", "income.total", "871.05", "871.05", "total")


def made(**more: Any) -> Finding:
    return msgspec.structs.replace(
        finding("1", "G1", severity="explain"), **{"evidence": (CELL,), "waivable": True} | more
    )


def decided(on: Finding, action: str = "waive", **more: Any) -> Decision:
    decision = Decision(
        on.id,
        action,
        digest_evidence(on),
        "ledger",
        "已核对账簿",
        "张某某",
        "2022-05-20T09:00:00",
        f"{on.verdict}/{on.severity}",
    )
    return msgspec.structs.replace(decision, **more)


def one(now: Finding, *decisions: Decision, today: date = TODAY) -> Finding:
    (found,) = apply_decisions([now], decisions, today)
    return found


@pytest.mark.parametrize("verdict", ["fail", "review"])
def test_a_waiver_lifts_what_it_was_decided_on(verdict: str) -> None:
    accused = made(verdict=verdict)
    lifted = one(accused, decided(accused))
    assert lifted.verdict == "waived"
    assert lifted.message == f"{accused.message}（已豁免：张某某 于 2022-05-20 豁免，已核对账簿：已核对账簿）"
    assert lifted.evidence == accused.evidence


@pytest.mark.parametrize("verdict", ["pass", "undecided", "not_applicable"])
def test_what_accuses_nobody_is_not_waived(verdict: str) -> None:
    quiet = made(verdict=verdict)
    assert one(quiet, decided(quiet)) == quiet


def test_what_was_settled_is_settled_anew() -> None:
    accused = made(verdict="review", evidence=(), message="缺少一张表。")
    waiver = decided(accused, reason="见〔2022〕3号（第二条）", valid_until="2022-06-01")
    settled = one(accused, waiver)
    assert settled.verdict == "waived"
    assert one(settled, waiver) == settled
    expired = one(settled, waiver, today=date(2022, 6, 2))
    assert (expired.verdict, expired.message) == ("review", "缺少一张表。（豁免已于 2022-06-01 到期）")
    assert one(expired, waiver) == settled
    assert one(settled, waiver, decided(accused, action="reopen")) == accused


def test_another_finding_is_left_alone() -> None:
    accused, other = made(), made(id="2-2021-G1")
    assert apply_decisions([accused, other], [decided(accused)], TODAY)[1] == other


def test_it_survives_shifted_rows_and_order() -> None:
    second = msgspec.structs.replace(CELL, where="t1r9c5", value="1.00", relation="addend")
    before = made(evidence=(CELL, second))
    moved = made(
        evidence=(msgspec.structs.replace(second, where="t2r1c1"), msgspec.structs.replace(CELL, where="t2r1c2"))
    )
    assert one(moved, decided(before)).verdict == "waived"


def test_a_changed_value_reopens_it_and_keeps_the_reason_inside() -> None:
    changed = made(evidence=(msgspec.structs.replace(CELL, raw="871.06", value="871.06"),))
    found = one(changed, decided(made()))
    assert (found.verdict, found.severity) == ("fail", "explain")
    assert found.message == f"{changed.message}（证据已变，豁免失效）"
    assert one(found, decided(made())) == found  # said once


def test_a_finding_without_cells_is_keyed_by_its_sentence() -> None:
    bare = made(evidence=(), message="缺少一张表。")
    assert one(bare, decided(bare)).verdict == "waived"
    assert one(msgspec.structs.replace(bare, message="缺少两张表。"), decided(bare)).verdict == "fail"


@pytest.mark.parametrize(("today", "verdict"), [(date(2022, 6, 1), "waived"), (date(2022, 6, 2), "fail")])
def test_it_ends_after_its_last_day(today: date, verdict: str) -> None:
    accused = made()
    found = one(accused, decided(accused, valid_until="2022-06-01"), today=today)
    assert found.verdict == verdict
    assert ("豁免已于 2022-06-01 到期" in found.message) == (verdict == "fail")


def test_a_later_waiver_may_hold_where_an_earlier_does_not() -> None:
    accused = made()
    expired = decided(accused, valid_until="2022-05-21")
    assert one(accused, expired, decided(accused)).verdict == "waived"
    assert one(accused, decided(accused), expired).verdict == "waived"


def test_reopening_ends_it_and_it_can_be_taken_again() -> None:
    accused = made()
    reopened = decided(accused, action="reopen")
    assert one(accused, decided(accused), reopened) == accused
    assert one(accused, decided(accused), reopened, decided(accused)).verdict == "waived"


def test_a_waiver_of_an_explanation_does_not_lift_what_became_hard() -> None:
    accused, hard = made(), made(severity="hard")
    assert one(hard, decided(accused)).message.endswith("（现为必改问题，须由指定复核人重新确认，豁免失效）")
    assert one(hard, decided(hard)).verdict == "waived"
    assert one(accused, decided(hard)).verdict == "waived"


def test_a_rule_that_cannot_be_waived_is_not() -> None:
    firm = made(waivable=False)
    assert one(firm, decided(firm)).verdict == "fail"
