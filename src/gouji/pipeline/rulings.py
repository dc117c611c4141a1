"""What people wrote into the ledger becomes decisions.

    核验意见 同意豁免 · 核验人 王五 · 出错说明 尾差   ─record_waiver→   waiver of the finding as it stood when they saw it
    是否销号 是                                     ─mark_closed→     the version it was closed in, to be held against later ones

Each waiver is taken once: the same words on later evidence decide nothing, a person has to write them anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.model.decision import WAIVE
from gouji.model.errors import UsageError
from gouji.model.ledger import CLOSED_IN, Entry
from gouji.pipeline.waivers import Wish, find_accusing, record_waiver
from gouji.store.ledger import read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gouji.export.district import District
    from gouji.model.ledger import Ledger
    from gouji.patterns.rulings import Rulings
    from gouji.store import Store

_NOBODY = "核验意见写了豁免，但“{column}”是空的：请补填姓名"
_NO_REASON = "核验意见写了豁免，但没有理由：请补填“{columns}”"
_HARD = "这是必改问题，只能由指定复核人豁免：请在“{column}”写明“{words}（{hard}）”"
_UNCLEAR = "核验意见“{text}”没有当作豁免：同意的请只写“{words}”，理由写在“{columns}”"
_LISTED = 8


def take_rulings(store: Store, rulings: Rulings, findings: Iterable[str], now: datetime) -> list[str]:
    """Waivers out of the opinions on these findings; lines that say what was decided, and what could not be and why."""
    ledger = read_ledger(store)
    settled = {finding_id for finding_id, course in ledger.courses.items() if course.settled}
    taken = {(d.finding_id, d.decided_by, d.reason) for d in store.decisions() if d.action == WAIVE}
    waived: list[str] = []
    refused: list[str] = []
    for finding_id in dict.fromkeys(one for one in findings if one not in settled):
        written = ledger.entries.get(finding_id, {})
        wish = _read_wish(finding_id, written, rulings)
        if (
            not rulings.read_opinion(written.get(rulings.opinion, ""))
            or (wish.finding_id, wish.by, wish.reason) in taken
        ):
            continue
        problem = _why_not(store, wish, written.get(rulings.opinion, ""), rulings)
        if problem is None:
            record_waiver(store, wish, now)
            waived.append(finding_id)
        elif problem:
            refused.append(f"  ! {finding_id}：{problem}。")
    lines = [f"√ 已按核验意见豁免 {len(waived)} 项：{'、'.join(waived)}。"] if waived else []
    more = [f"  … 另有 {len(refused) - _LISTED} 项同样没有豁免。"] if len(refused) > _LISTED else []
    return lines + refused[:_LISTED] + more


def _read_wish(finding_id: str, written: dict[str, str], rulings: Rulings) -> Wish:
    reason = next((written[name] for name in rulings.reasons if written.get(name)), "")
    sure = rulings.read_opinion(written.get(rulings.opinion, "")) == "waive_hard"
    return Wish(finding_id, "explained", reason, written.get(rulings.by, ""), hard_confirmed=sure)


def _why_not(store: Store, wish: Wish, opinion: str, rulings: Rulings) -> str | None:
    """Why the finding is not waived; "" where there is nothing left to waive, None where it can be."""
    columns = "”或“".join(rulings.reasons)
    if rulings.read_opinion(opinion) == "unclear":
        return _UNCLEAR.format(text=opinion, words=rulings.waive[0], columns=columns)
    try:
        found = find_accusing(store, wish.finding_id)
    except UsageError:  # settled since, or of a report that is gone
        return ""
    unconfirmed = any(finding.severity == "hard" for finding in found) and not wish.hard_confirmed
    checks = (
        (not all(finding.waivable for finding in found), f"规则 {found[0].rule}“{found[0].title}”不可豁免"),
        (not wish.by, _NOBODY.format(column=rulings.by)),
        (not wish.reason, _NO_REASON.format(columns=columns)),
        (unconfirmed, _HARD.format(column=rulings.opinion, words=rulings.waive[0], hard=rulings.hard[0])),
    )
    return next((problem for stands, problem in checks if stands), None)


# --- closed ---------------------------------------------------------------------------------------------------------


def mark_closed(store: Store, rulings: Rulings, fresh: Iterable[Entry]) -> list[Entry]:
    """For each finding that was just closed, the version of the report that it was closed on."""
    courses = read_ledger(store).courses
    return [
        Entry(entry.finding_id, CLOSED_IN, courses[entry.finding_id].version, entry.source, entry.entered)
        for entry in fresh
        if entry.field == rulings.closed and rulings.is_closed(entry.value) and entry.finding_id in courses
    ]


def describe_reopened(district: District, ledger: Ledger) -> list[str]:
    """Findings that people closed and a later version of the report still has."""
    found = [
        problem.finding.id
        for problem in district.problems
        if problem.finding.verdict in ("fail", "review") and ledger.is_reopened(problem.finding.id)
    ]
    more = f" 等 {len(found)} 项" if len(found) > _LISTED else ""
    return [f"已销号的问题在新报送的报告中仍不符：{'、'.join(found[:_LISTED])}{more}，见台账备注栏。"] if found else []
