"""Outcomes of a run → District: one light row per report, the findings in order, what was left out and why.

    outcomes ─collect_district→ District
                                 ├ departments   counted reports by budget code, then name; with a roster in its order
                                 ├ left_out      the other reports, each with its reason
                                 ├ problems      findings worth a row, in the order of the departments; none of a version
                                 │               that a later one took the place of: a number stands for one row
                                 ├ attendance    who has reported, where there is a roster
                                 ├ form_faults   what is wrong with the form itself, once each
                                 └ failures, files, verdicts, notices

Only what a sheet shows is kept of a report, so that memory grows by the row, not by the document.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.export.figures import Figure, Mark, Suspicion, build_figure, index_facts, pick_fact, suspect_cells
from gouji.export.form_faults import FormFault, Told, faults_by_key, gather_form_faults, is_folded
from gouji.export.nameless import name_by_place
from gouji.export.parts import join_parts
from gouji.export.plain import clean_text
from gouji.export.projects import ProjectRow, list_projects
from gouji.export.records import QUIET_VERDICTS
from gouji.export.registration import NO_SECTION, UNLISTED, Attendance, draw_up, place_reports
from gouji.export.scans import SCANNED, Received, find_owner
from gouji.export.versions import Amount, Choice, Identity, choose_reports, contents_of, name_key, usual_year
from gouji.model.finding import Finding
from gouji.model.quantity import Quantity, State
from gouji.roster.unit import Books, RosterUnit, check_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.model.report import Indicator, Report
    from gouji.model.result import Outcome
    from gouji.patterns.exports import Labels, Layout

_SEVERITY_ORDER = {"hard": 0, "explain": 1, "note": 2}
_VERDICT_ORDER = {"fail": 0, "review": 1, "undecided": 2, "waived": 3}


class ScoreRow(msgspec.Struct, frozen=True):
    """One row of the scoring table. A weight shared by several rows stands on the first of them.

    `marks`: weight, score or reason → the colour and the serial number of the finding that rests on that cell.
    """

    level1: str
    level2: str
    level3: str
    weight: Quantity | None
    score: Quantity | None
    score_state: State
    reason: str
    note: str
    marks: dict[str, tuple[Mark, int]] = {}


class Department(msgspec.Struct, frozen=True):
    """One report as the sheets show it; `figures` in the order of the layout's slots.

    `listed`: its line in the roster; `section`: its 归口股室, "" where the roster names none; `written`: what people
    wrote into their columns, by the column's key.
    """

    identity: Identity
    figures: tuple[Figure | None, ...]
    scores: tuple[ScoreRow, ...]
    hard: int
    explain: int
    undecided: int
    checked: bool
    remark: str = ""
    projects: tuple[ProjectRow, ...] = ()
    score: Decimal | None = None
    grade: str = ""
    listed: RosterUnit | None = None
    section: str = ""
    written: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The unit's name in the roster, else as printed, or its file where no name was found."""
        if self.listed is not None:
            return clean_text(self.listed.name)
        return clean_text(self.identity.name or "") or f"（未识别单位名称：{clean_text(self.identity.path)}）"

    @property
    def code(self) -> str:
        """The budget code as text, the roster's before the printed one."""
        return clean_text((self.listed.code if self.listed else "") or self.identity.code or "")

    @property
    def status(self) -> str:
        """必改 n · 需说明 n · 无法判断 n, or 通过; 未审核 where no rule was run."""
        if not self.checked:
            return "未审核"
        counts = (("必改", self.hard), ("需说明", self.explain), ("无法判断", self.undecided))
        return " · ".join(f"{word} {count}" for word, count in counts if count) or "通过"


class Problem(msgspec.Struct, frozen=True):
    """A finding with the report it speaks of."""

    serial: int
    finding: Finding
    report: int
    path: str
    remark: str = ""


class Failed(msgspec.Struct, frozen=True):
    """A file that gave no report. `owner`: the unit whose scanned copy it is, and so received."""

    path: str
    code: str
    message: str
    owner: str = ""


class District(msgspec.Struct, frozen=True):
    """Everything the workbooks show. `candidates`: report → units of the roster that it may be of.

    `parts`: further files of submissions that count, whose figures stand in the row of the first.
    """

    departments: tuple[Department, ...]
    left_out: tuple[tuple[Department, str], ...]
    problems: tuple[Problem, ...]
    failures: tuple[Failed, ...]
    files: int
    verdicts: dict[str, int]
    notices: tuple[tuple[str, str], ...]
    year: int | None
    attendance: Attendance | None = None
    candidates: dict[int, tuple[int, ...]] = {}
    form_faults: tuple[FormFault, ...] = ()
    resubmissions: tuple[dict[str, str | Decimal | None], ...] = ()
    parts: tuple[Department, ...] = ()

    def owners(self) -> dict[int, Department]:
        """Every report, counted or not, by its serial number."""
        return {d.identity.serial: d for d in (*self.departments, *(left for left, _ in self.left_out), *self.parts)}


class _Draft(msgspec.Struct):
    departments: list[Department]
    problems: list[Problem]
    failures: list[Failed]
    notices: list[tuple[str, str]]
    verdicts: Counter[str]
    files: int = 0
    findings: int = 0


def collect_district(
    outcomes: Iterable[Outcome],
    layout: Layout,
    labels: Labels,
    year: int | None = None,
    books: Books | None = None,
    of_form: Iterable[Finding] = (),
) -> District:
    """Go over the outcomes once. `year` keeps other years out; without it the usual year is found.

    `of_form`: what was found on the blank form itself.
    """
    draft = _Draft([], [], [], [], Counter())
    for outcome in outcomes:
        _add_outcome(draft, outcome, layout, labels)
    usual = year if year is not None else usual_year([d.identity for d in draft.departments])
    choice, attendance, candidates = _settle(draft, year, usual, books)
    departments, parts, draft.problems = join_parts(draft.departments, draft.problems, choice)
    remarked = [
        msgspec.structs.replace(d, remark="；".join(choice.remarks.get(d.identity.serial, ())))
        for d in sorted(departments, key=_department_order)
    ]
    counted = set(choice.counted)
    draft.problems = [problem for problem in draft.problems if problem.report not in choice.superseded]
    problems = _order_problems(draft.problems, remarked, counted)
    names = {d.identity.serial: d.name for d in remarked}
    told = [Told(p.finding, names.get(p.report, p.path)) for p in problems]
    faults = gather_form_faults([*(Told(finding, "") for finding in of_form), *told])
    known = faults_by_key(faults)
    return District(
        departments=tuple(d for d in remarked if d.identity.serial in counted),
        left_out=tuple((d, choice.left_out[d.identity.serial]) for d in remarked if d.identity.serial not in counted),
        problems=tuple(problem for problem in problems if not is_folded(problem.finding, known)),
        failures=tuple(_with_owner(failed, remarked) for failed in draft.failures),
        files=draft.files,
        verdicts=dict(draft.verdicts),
        notices=tuple(draft.notices),
        year=usual,
        attendance=attendance,
        candidates=candidates,
        form_faults=faults,
        parts=tuple(parts),
    )


def _with_owner(failed: Failed, departments: list[Department]) -> Failed:
    """A scanned copy of a unit that has also sent what can be read is registered, no trouble."""
    if failed.code != SCANNED:
        return failed
    owner = find_owner(failed.path, [Received(d.code, d.name, d.identity.path) for d in departments])
    if owner is None:
        return failed
    message = f"扫描件，按文件名登记为 {owner.name} 已收到；数据取自该单位的可读文件，扫描件请人工核对签章。"
    return msgspec.structs.replace(failed, message=message, owner=owner.name)


def _settle(
    draft: _Draft, year: int | None, usual: int | None, books: Books | None
) -> tuple[Choice, Attendance | None, dict[int, tuple[int, ...]]]:
    """Which reports count; with a roster, of which units they are, who has not reported, and what must be asked."""
    identities = name_by_place([d.identity for d in draft.departments])
    for n, identity in enumerate(identities):
        draft.departments[n] = msgspec.structs.replace(draft.departments[n], identity=identity)
    if books is None or not books.roster.units:
        days = {one.check: one.received for one in books.register.receipts} if books is not None else {}
        dated = [msgspec.structs.replace(one, received=days.get(one.check, "")) for one in identities]
        return choose_reports(dated, year), None, {}
    identities, matches = place_reports(identities, books)
    units = books.roster.units
    named = any(unit.section for unit in units)
    for n, identity in enumerate(identities):
        listed = units[identity.unit] if identity.unit is not None else None
        section = (clean_text(listed.section) or NO_SECTION) if listed else UNLISTED
        draft.departments[n] = msgspec.structs.replace(
            draft.departments[n], identity=identity, listed=listed, section=section if named else ""
        )
    choice = choose_reports(identities, year)
    failures = [(failed.path, failed.code, failed.message) for failed in draft.failures]
    attendance = draw_up(identities, matches, choice, books, usual, failures)
    return choice, attendance, {serial: match.candidates for serial, match in matches.items() if match.candidates}


def _department_order(department: Department) -> tuple[bool, int, bool, str, str, str]:
    """The roster's order, then by budget code, then by name."""
    identity = department.identity
    place = -1 if identity.unit is None else identity.unit
    return (place < 0, place, not identity.code, identity.code or "", identity.name or "", identity.path)


def _order_problems(problems: list[Problem], departments: list[Department], counted: set[int]) -> tuple[Problem, ...]:
    place = {department.identity.serial: n for n, department in enumerate(departments)}
    marked = [
        problem if problem.report in counted else msgspec.structs.replace(problem, remark="所属报告未汇入")
        for problem in problems
    ]
    return tuple(
        sorted(
            marked,
            key=lambda p: (
                p.report not in counted,
                place.get(p.report, len(place)),
                _VERDICT_ORDER.get(p.finding.verdict, 9),
                _SEVERITY_ORDER[p.finding.severity],
                p.serial,
            ),
        )
    )


def _add_outcome(draft: _Draft, outcome: Outcome, layout: Layout, labels: Labels) -> None:
    path = outcome.source.path
    draft.files += 1
    draft.notices.extend((path, f"{notice.code} {notice.message}") for notice in outcome.notices)
    draft.verdicts.update(finding.verdict for finding in outcome.findings)
    if outcome.failure is not None:
        draft.failures.append(Failed(path, outcome.failure.code, outcome.failure.message))
    numbered = list(enumerate(outcome.findings, draft.findings))
    draft.findings += len(numbered)
    first = len(draft.departments)
    owners = [find_report(finding, outcome) for _, finding in numbered]
    for ordinal, report in enumerate(outcome.reports):
        own = [pair for pair, owner in zip(numbered, owners, strict=True) if owner == ordinal]
        identity = _identify(report, first + ordinal, path, check_of(outcome.source.sha256))
        draft.departments.append(_build_department(identity, report, ordinal, own, layout, labels))
    for (serial, finding), owner in zip(numbered, owners, strict=True):
        if finding.verdict not in QUIET_VERDICTS:
            draft.problems.append(Problem(serial, finding, first + owner if outcome.reports else -1, path))


def find_report(finding: Finding, outcome: Outcome) -> int:
    """Which report of the file a finding speaks of: by its evidence, else by the unit's name, else the first."""
    own = [piece.report for piece in finding.evidence if piece.source in ("", outcome.source.path)]
    if own and own[0] < len(outcome.reports):
        return own[0]
    named = [n for n, report in enumerate(outcome.reports) if report.unit_name == finding.unit_name]
    return named[0] if named else 0


def _identify(report: Report, serial: int, path: str, check: str) -> Identity:
    """Who reports what; `inner`: other entities that have a printed figure in this report's tables."""
    inner: dict[str, set[Amount]] = defaultdict(set)
    own: set[Amount] = set()
    for fact in report.facts:
        if fact.state != "value" or fact.origin != "table":
            continue
        amounts = own if fact.main else inner[name_key(fact.entity)]
        if fact.stage == "final" and fact.quantity is not None and fact.quantity.value:
            amounts.add((fact.concept, fact.quantity.value * fact.quantity.factor))
    return Identity(
        serial=serial,
        code=report.budget_code,
        name=report.unit_name,
        year=report.fiscal_year,
        date=report.report_date,
        path=path,
        kind=report.kind,
        inner={name: frozenset(found) for name, found in inner.items() if name not in ("", name_key(report.unit_name))},
        figures=frozenset(own),
        check=check,
        contents=contents_of(report),
    )


def _build_department(
    identity: Identity, report: Report, ordinal: int, own: list[tuple[int, Finding]], layout: Layout, labels: Labels
) -> Department:
    suspicion = suspect_cells(report, own, ordinal, identity.path)
    index = index_facts(report)
    picked = (pick_fact(index.get(slot.concept, []), slot, report.fiscal_year) for slot in layout.slots)
    figures = tuple(build_figure(fact, suspicion, layout, labels) if fact else None for fact in picked)
    by_concept = {
        slot.concept: f
        for slot, f in zip(layout.slots, figures, strict=True)
        if f and slot.stage == "final" and not slot.year
    }
    score, grade = by_concept.get("performance.score"), by_concept.get("performance.grade")
    findings = [finding for _, finding in own]
    return Department(
        identity=identity,
        figures=figures,
        scores=tuple(_build_scores(report.indicators, suspicion)),
        hard=sum(f.verdict == "fail" and f.severity == "hard" for f in findings),
        explain=sum(f.verdict in ("fail", "review") and f.severity != "note" for f in findings)
        - sum(f.verdict == "fail" and f.severity == "hard" for f in findings),
        undecided=sum(f.verdict == "undecided" for f in findings),
        checked=bool(findings),
        projects=tuple(list_projects(report, layout.factor)),
        score=score.number if score else None,
        grade=(grade.text or "") if grade else "",
    )


def _build_scores(indicators: tuple[Indicator, ...], suspicion: Suspicion) -> Iterable[ScoreRow]:
    seen: set[str] = set()
    for row in indicators:
        weight_cell, score_cell = row.cells.get("weight"), row.cells.get("score")
        shared = row.weight_shared_by > 1
        where = (weight_cell.where if weight_cell else None) or f"{row.level1}/{row.level2}/{row.criterion}"
        repeated = shared and where in seen
        seen.add(where)
        yield ScoreRow(
            level1=clean_text(row.level1 or ""),
            level2=clean_text(row.level2 or ""),
            level3=clean_text(row.level3 or ""),
            weight=None if repeated else row.weight,
            score=row.score,
            score_state=score_cell.state if score_cell else "missing",
            reason=clean_text(row.reason or ""),
            note=f"{row.weight_shared_by} 行共用一个分值" if shared else "",
            marks={
                name: suspicion.marks[cell.where][:2]
                for name, cell in row.cells.items()
                if cell.where in suspicion.marks and not (repeated and name == "weight")
            },
        )
