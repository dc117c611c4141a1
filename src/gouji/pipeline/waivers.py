"""Waivers in the store: taken on a finding of the latest run, reopened, listed, laid over outcomes.

gouji waive 102001-2021-A8 …   store ─→ the finding and its evidence values ─→ Decision, appended
gouji check, run --store …     findings + decisions + today ─apply_decisions→ findings (pipeline/batch.py, second_pass.py)
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.decision import REASON_CODES, REOPEN, WAIVE, Decision
from gouji.model.errors import UsageError
from gouji.store import Store
from gouji.validate.waivers import (
    WAIVED_FROM,
    describe_waiver,
    digest_evidence,
    standing_waivers,
    undo_waivers,
    why_void,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from gouji.model.finding import Finding

_HARD = "这是必改问题，只能由指定复核人豁免：请由复核人本人加上 --hard-confirm 再执行。"


class Wish(NamedTuple):
    """What a person asks for. `until` is the last day on which the waiver holds."""

    finding_id: str
    reason_code: str
    reason: str
    by: str
    until: str | None = None
    hard_confirmed: bool = False


def waive_finding(path: Path, wish: Wish, now: datetime) -> list[str]:
    """Record a waiver of a finding of the latest run; UsageError where it cannot be waived."""
    with _open(path) as store:
        decision = record_waiver(store, wish, now)
    return [
        f"√ 已豁免 {wish.finding_id}：{describe_waiver(decision)}。",
        "证据数字有变或过期即失效；重新运行 gouji run 后各成果按此列示。",
    ]


def record_waiver(store: Store, wish: Wish, now: datetime) -> Decision:
    """The decision, appended once for each version of the report that has the finding; the first of them."""
    _check_wish(wish, now.date())
    decisions = [_decision_on(finding, wish, now) for finding in find_accusing(store, wish.finding_id)]
    for decision in dict.fromkeys(decisions):
        store.record_decision(decision)
    return decisions[0]


def reopen_finding(path: Path, wish: Wish, now: datetime) -> list[str]:
    """End the standing waivers of a finding."""
    _check_words(wish)
    with _open(path) as store:
        standing = standing_waivers(store.decisions()).get(wish.finding_id)
        if not standing:
            raise UsageError(f"{wish.finding_id} 没有生效的豁免；请用 gouji waive --list 查看。")
        last = standing[-1]
        store.record_decision(
            Decision(
                *(
                    wish.finding_id,
                    REOPEN,
                    last.evidence,
                    "other",
                    wish.reason,
                    wish.by,
                    now.isoformat(timespec="seconds"),
                ),
                old_value="waived",
                new_value=last.old_value,
            )
        )
    return [f"√ 已重开 {wish.finding_id}。重新运行 gouji run 后恢复原判定。"]


def list_waivers(path: Path, today: date) -> list[str]:
    """Every decision in the order taken, and how the waivers stand on the findings of the latest run."""
    with _open(path) as store:
        decisions = store.decisions()
        findings = {d.finding_id: store.latest_findings(d.finding_id) for d in decisions}
    lines = list(_decision_lines(decisions, findings, today))
    waived = sum("［生效］" in line for line in lines)
    return [*lines, f"共 {len(lines)} 条记录，生效的豁免 {waived} 项。"] if lines else ["没有豁免记录。"]


def _decision_lines(decisions: list[Decision], findings: dict[str, list[Finding]], today: date) -> Iterator[str]:
    standing = standing_waivers(decisions)
    for decision in decisions:
        if decision.action == WAIVE:
            held = decision in standing.get(decision.finding_id, [])
            state = _state(decision, findings.get(decision.finding_id, []), today) if held else "已重开"
            yield f"{decision.finding_id} ［{state}］ {describe_waiver(decision)}"
        elif decision.action == REOPEN:
            yield f"{decision.finding_id} ［重开］ {decision.decided_by} 于 {decision.decided_at[:10]} 重开：{decision.reason}"


def _state(waiver: Decision, findings: list[Finding], today: date) -> str:
    if not findings:
        return "已没有此问题"
    found = undo_waivers(findings, [waiver])
    accusing = [finding for finding in found if finding.verdict in WAIVED_FROM]
    if not accusing:
        return "现已不是问题"
    return min(why_void(waiver, finding, today) for finding in accusing) or "生效"


def _check_wish(wish: Wish, today: date) -> None:
    _check_words(wish)
    if wish.reason_code not in REASON_CODES:
        known = "、".join(f"{code}（{name}）" for code, name in REASON_CODES.items())
        raise UsageError(f"没有理由代码 {wish.reason_code}；可用：{known}。")
    if wish.until is not None and _day(wish.until) < today:
        raise UsageError(f"有效期 {wish.until} 已经过去，请写今天或以后的日期。")


def _check_words(wish: Wish) -> None:
    if not wish.by.strip() or not wish.reason.strip():
        raise UsageError("请写明由谁决定（--by 姓名）和理由（--reason 文字）。")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"日期须如 2022-12-31：{text}") from None


def _decision_on(finding: Finding, wish: Wish, now: datetime) -> Decision:
    if not finding.waivable:
        raise UsageError(f"规则 {finding.rule}“{finding.title}”不可豁免。")
    if finding.severity == "hard" and not wish.hard_confirmed:
        raise UsageError(_HARD)
    return Decision(
        finding_id=finding.id,
        action=WAIVE,
        evidence=digest_evidence(finding),
        reason_code=wish.reason_code,
        reason=wish.reason,
        decided_by=wish.by,
        decided_at=now.isoformat(timespec="seconds"),
        old_value=f"{finding.verdict}/{finding.severity}",
        new_value="waived",
        valid_until=_day(wish.until).isoformat() if wish.until else None,
    )


def find_accusing(store: Store, finding_id: str) -> list[Finding]:
    """The findings of that id which accuse, one for each version of the report."""
    found = store.latest_findings(finding_id)
    if not found:
        raise UsageError(f"数据库中没有编号为 {finding_id} 的问题；编号见审核问题.xlsx 或 gouji check --json。")
    accusing = [finding for finding in undo_waivers(found, store.decisions()) if finding.verdict in WAIVED_FROM]
    if not accusing:
        raise UsageError(f"{finding_id} 的判定不是“不符”或“需核实”，不需要豁免。")
    return accusing


def _open(path: Path) -> Store:
    return Store.open(path, known=True)
