"""A submission against the one before it: what was put right, what still fails, what fails now, what changed unasked.

    Submission(report, findings) ×2 ─compare_submissions→ Resubmission
        fixed · still · new      findings for the department by their stable id
        kept · noticed           the bureau's own remarks that stay, and new ones: no department was asked to mend them
        unasked                  cells whose value changed though no finding of the first rested on them

DOMAIN: the total is corrected instead of the error, a target is lowered. Both show here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from gouji.model.finding import Audience, Finding
from gouji.model.report import CellText, Fact, Goal, Indicator, Report

OPEN = ("fail", "review")
_CELLS = {"weight": "分值", "score": "自评得分", "reason": "扣分原因", "criterion": "评分标准"}
_TEXTS = {"target": "目标值", "actual": "完成值"}


class Submission(msgspec.Struct, frozen=True):
    """One version of a report, and what was found in it. `source`, `index`: its file and its place there."""

    report: Report
    findings: tuple[Finding, ...]
    source: str = ""
    index: int = 0


class Change(msgspec.Struct, frozen=True):
    """A cell whose printed value is another now. `place` in words; `where` in the later version, None where it is gone.

    `source`: its file, where the later version came in several.
    """

    name: str
    place: str
    before: str
    after: str
    where: str | None
    source: str = ""


class Resubmission(msgspec.Struct, frozen=True):
    """What a later submission made of an earlier one; findings as the version they were made on says them."""

    before: str
    after: str
    fixed: tuple[Finding, ...] = ()
    still: tuple[Finding, ...] = ()
    new: tuple[Finding, ...] = ()
    unasked: tuple[Change, ...] = ()
    asked: tuple[Change, ...] = ()
    kept: tuple[Finding, ...] = ()
    noticed: tuple[Finding, ...] = ()


class _Value(NamedTuple):
    """A cell that may change: what it is called, where it stands, what it prints."""

    name: str
    place: str
    raw: str
    where: str | None


_Key = tuple[object, ...]


def compare_submissions(before: Submission, after: Submission) -> Resubmission:
    """Both in their own words. What the form itself has wrong is nobody's to mend here and is left out."""
    earlier, later = _open(before, "department"), _open(after, "department")
    remarked, remarks = _open(before, "bureau"), _open(after, "bureau")
    changes = list(_changes(before.report, after.report))
    asked = _asked_cells(before)
    return Resubmission(
        before=before.source,
        after=after.source,
        fixed=tuple(finding for id_, finding in earlier.items() if id_ not in later),
        still=tuple(finding for id_, finding in later.items() if id_ in earlier),
        new=tuple(finding for id_, finding in later.items() if id_ not in earlier),
        unasked=tuple(change for old, change in changes if old not in asked),
        asked=tuple(change for old, change in changes if old in asked),
        kept=tuple(finding for id_, finding in remarks.items() if id_ in remarked),
        noticed=tuple(finding for id_, finding in remarks.items() if id_ not in remarked),
    )


def _open(submission: Submission, audience: Audience) -> dict[str, Finding]:
    """What asks for something of somebody, by its id."""
    return {f.id: f for f in submission.findings if f.verdict in OPEN and f.audience == audience}


def _asked_cells(before: Submission) -> set[str]:
    """Cells of the earlier version that a finding rested on: to change them is what was asked."""
    return {
        piece.where
        for finding in before.findings
        if finding.verdict in (*OPEN, "undecided")
        for piece in finding.evidence
        if piece.source in ("", before.source) and piece.report == before.index
    }


def _changes(before: Report, after: Report) -> Iterator[tuple[str | None, Change]]:
    """(cell in the earlier version, change) of everything that prints another value."""
    old, new = dict(_values(before)), dict(_values(after))
    for key in {**old, **new}:
        was, now = old.get(key), new.get(key)
        told = now or was
        if told is None or _printed(was) == _printed(now):
            continue
        change = Change(told.name, told.place, _printed(was), _printed(now), now.where if now is not None else None)
        yield (was.where if was is not None else None), change


def _printed(value: _Value | None) -> str:
    return "".join(value.raw.split()) if value is not None else ""


def _values(report: Report) -> Iterator[tuple[_Key, _Value]]:
    """Figures and scoring cells by what they mean, so that shifted rows compare."""
    yield from _once((_fact_key(fact), _fact_value(fact)) for fact in report.facts if fact.state != "missing")
    yield from _once(pair for row in report.indicators for pair in _row_values(row))
    yield from _once(pair for goal in report.goals for pair in _goal_values(goal))


def _once(pairs: Iterable[tuple[_Key, _Value]]) -> Iterator[tuple[_Key, _Value]]:
    """Those whose key is theirs alone; repeated ones in printed order."""
    seen: dict[_Key, int] = {}
    for key, value in pairs:
        seen[key] = seen.get(key, 0) + 1
        yield (*key, seen[key]), value


def _fact_key(fact: Fact) -> _Key:
    return (fact.concept, None if fact.main else fact.entity, fact.period, fact.stage, fact.scope, fact.origin)


def _fact_value(fact: Fact) -> _Value:
    printed = str(fact.value) if fact.value is not None else fact.raw
    return _Value(fact.label or fact.concept, fact.place, printed, fact.where)


def _row_values(row: Indicator) -> Iterator[tuple[_Key, _Value]]:
    key = (row.level1, row.level2, row.level3 or row.criterion)
    name = row.level3 or row.level2 or row.level1 or "指标"
    for role, word in _CELLS.items():
        cell: CellText | None = row.cells.get(role)
        if cell is not None and cell.where is not None:
            yield (*key, role), _Value(f"{name} {word}", cell.place or row.place, cell.raw, cell.where)
    for role, word in _TEXTS.items():
        text = getattr(row, role)
        if text:
            yield (*key, role), _Value(f"{name} {word}", row.place, str(text), row.where)


def _goal_values(goal: Goal) -> Iterator[tuple[_Key, _Value]]:
    """By its kind and its place in it: a target that is lowered stays the same goal."""
    place = f"{goal.kind or '绩效目标'}：{goal.target}"
    yield ("goal", goal.kind, "target"), _Value("绩效目标", place, goal.target, goal.where)
    yield ("goal", goal.kind, "result"), _Value("完成情况", place, goal.result or "", goal.where)


def sort_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Those a department must act on first."""
    order = {"hard": 0, "explain": 1, "note": 2}
    return sorted(findings, key=lambda finding: order[finding.severity])
