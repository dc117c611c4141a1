"""Who has reported: the roster's units one by one, then the reports that belong to none of them.

    unit 102002, report received 2022-05-17, due 05-20   → filed      已报
    unit 103001, report received 2022-05-23, due 05-20   → late       逾期
    unit 104001, nothing                                 → missing    未报
    unit 105001, only its report of 2020                 → wrong_year 年度不符
    report of 云溯区某中心, in no roster                   → wrong_unit 单位不符
    report that two units may have sent                  → asked      待确认

A receipt is what people registered. A file's own time says nothing and is never looked at.
"""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

import msgspec

from gouji.export.plain import clean_text
from gouji.export.versions import Choice, Identity, name_key
from gouji.roster.matching import Match, Matcher
from gouji.roster.unit import Books, Receipt, RosterUnit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.roster.unit import Roster

State = Literal[
    "filed",
    "late",
    "missing",
    "returned",
    "wrong_year",
    "wrong_unit",
    "repeated",
    "asked",
    "within",
    "unread",
    "secret",
]
OUTSTANDING: tuple[State, ...] = ("missing", "wrong_year", "returned", "unread", "asked")
IN_HAND: tuple[State, ...] = ("filed", "late", "repeated", "returned", "within")
NO_SECTION, UNLISTED = "未注明股室", "名册外单位"
_SHORTEST_CODE = 4
_LISTED = 3


class Registration(msgspec.Struct, frozen=True):
    """One line of 报送登记. `unit` None: a report that belongs to no unit of the roster."""

    unit: RosterUnit | None
    state: State
    name: str
    code: str
    section: str = ""
    versions: int = 0
    received: str = ""
    files: tuple[str, ...] = ()
    days_late: int | None = None
    calls: tuple[str, ...] = ()
    note: str = ""


class Attendance(msgspec.Struct, frozen=True):
    """All lines, and the sums that the workbook's last line and its charts speak of."""

    lines: tuple[Registration, ...]
    problems: tuple[str, ...] = ()

    def count(self, states: Iterable[State], section: str | None = None) -> int:
        """Units of the roster in one of these states."""
        wanted = set(states)
        return sum(
            line.unit is not None and line.state in wanted and section in (None, line.section) for line in self.lines
        )

    def expected(self, section: str | None = None) -> int:
        """Units that should report by this way: all but those whose matters are secret and that sent nothing."""
        listed = [line for line in self.lines if line.unit is not None and section in (None, line.section)]
        return sum(line.state != "secret" for line in listed)

    @property
    def sections(self) -> tuple[str, ...]:
        """归口股室 in the roster's order."""
        return tuple(dict.fromkeys(line.section for line in self.lines if line.unit is not None))


def path_key(path: str) -> str:
    """A path as the register gives it back: harmless in a cell, without blanks at its ends."""
    return clean_text(path).strip()


def key_receipts(books: Books) -> dict[tuple[str, str], Receipt]:
    """Receipts by path and content; the last note on a file holds."""
    return {(receipt.path, receipt.check): receipt for receipt in books.register.receipts}


def place_reports(reports: list[Identity], books: Books) -> tuple[list[Identity], dict[int, Match]]:
    """Each report with its unit, its parent and its receipt; the matches by serial number."""
    matcher, receipts = Matcher(books.roster), key_receipts(books)
    parents = _find_parents(books.roster, matcher)
    placed: list[Identity] = []
    matches: dict[int, Match] = {}
    for report in reports:
        noted = receipts.get((path_key(report.path), report.check))
        match = matcher.match(report.code, report.name, noted.code if noted else "")
        matches[report.serial] = match
        placed.append(
            msgspec.structs.replace(
                report,
                unit=match.unit,
                parent=parents.get(match.unit) if match.unit is not None else None,
                received=noted.received if noted else "",
            )
        )
    return placed, matches


def _find_parents(roster: Roster, matcher: Matcher) -> dict[int, int]:
    found = {unit.serial: matcher.match(unit.parent, unit.parent).unit for unit in roster.units if unit.parent}
    return {unit: parent for unit, parent in found.items() if parent is not None and parent != unit}


class _Desk:
    """What the lines are drawn up from."""

    def __init__(self, reports: list[Identity], matches: dict[int, Match], choice: Choice, books: Books) -> None:
        self.books = books
        self.choice = choice
        self.matches = matches
        self.reports = reports
        self.receipts = key_receipts(books)
        self.asked: dict[int, list[Identity]] = {}
        for report in reports:
            for candidate in matches[report.serial].candidates:
                self.asked.setdefault(candidate, []).append(report)

    def own(self, unit: RosterUnit) -> list[Identity]:
        return [report for report in self.reports if report.unit == unit.serial]

    def receipt(self, report: Identity) -> Receipt | None:
        return self.receipts.get((path_key(report.path), report.check))

    def calls_of(self, unit: RosterUnit) -> tuple[str, ...]:
        """Dates on which the unit was reminded."""
        return tuple(
            call.date
            for call in self.books.register.reminders
            if (call.code or "").lstrip("0") == unit.code.lstrip("0") and (unit.code or call.name == unit.name)
        )


def draw_up(
    reports: list[Identity],
    matches: dict[int, Match],
    choice: Choice,
    books: Books,
    year: int | None,
    failures: Iterable[tuple[str, str, str]] = (),
) -> Attendance:
    """Every unit's line, then the reports without a unit. `failures`: path, code and message of files without a report."""
    desk = _Desk(reports, matches, choice, books)
    unread = _find_unread(books.roster, failures)
    lines = [_draw_unit(desk, unit, year, unread.get(unit.serial, [])) for unit in books.roster.units]
    lines += [_draw_stray(desk, report) for report in reports if report.unit is None]
    return Attendance(tuple(lines), (*books.roster.problems, *books.register.problems))


def _draw_unit(desk: _Desk, unit: RosterUnit, year: int | None, unread: list[tuple[str, str, str]]) -> Registration:
    own = desk.own(unit)
    parts = {part for others in desk.choice.parts.values() for part in others}
    counted = next((report for report in own if report.serial in desk.choice.counted), None)
    if counted is not None and counted.kind == "overall":
        state, notes = _judge_counted(desk, unit, counted, year)
        notes += [desk.choice.left_out[r.serial] for r in own if r.serial in desk.choice.left_out]
    else:
        state, notes = _judge_absent(desk, unit, own, year, unread)
    latest = counted or max(own, key=lambda r: (r.received, r.date or "", r.path), default=None)
    received = latest.received if latest else ""
    remarks = [desk.matches[report.serial].remark for report in own]
    return Registration(
        unit=unit,
        state=state,
        name=unit.name,
        code=unit.code,
        section=clean_text(unit.section) or NO_SECTION,
        versions=sum(report.serial not in parts for report in own),
        received=received,
        files=tuple(report.path for report in own)
        + (tuple(path for path, _, _ in unread) if state == "unread" else ()),
        days_late=count_days(unit.due, received if state not in OUTSTANDING else desk.books.today),
        calls=desk.calls_of(unit),
        note="；".join(dict.fromkeys(filter(None, [*notes, *remarks]))),
    )


def _judge_counted(desk: _Desk, unit: RosterUnit, report: Identity, year: int | None) -> tuple[State, list[str]]:
    """A unit whose report stands in the summary."""
    noted = desk.receipt(report)
    notes = ["涉密单位却收到电子报告，请核实是否应走其他渠道"] if unit.secret else []
    if report.year not in (year, None):
        return "wrong_year", [*notes, f"报告年度为 {report.year}，应为 {year}"]
    if noted is not None and noted.returned and noted.returned >= noted.received:
        return "returned", [*notes, f"{noted.returned} 退回{'：' + noted.reason if noted.reason else ''}，尚未重报"]
    if report.serial in desk.choice.tied:
        return "repeated", [*notes, "报告日期相同的有多份，请确认以哪份为准"]
    if (count_days(unit.due, report.received) or 0) > 0:
        return "late", notes
    if unit.due and not report.received:
        notes.append("没有登记收到日期，无法判断是否逾期")
    return "filed", notes


def _judge_absent(
    desk: _Desk, unit: RosterUnit, own: list[Identity], year: int | None, unread: list[tuple[str, str, str]]
) -> tuple[State, list[str]]:
    """A unit without an evaluation of the year in the summary."""
    if own:
        return _judge_unused(desk, own, year)
    holder = _find_holder(desk, unit)
    if holder is not None:
        return "within", [f"数据已包含在 {holder.name} 的报告中"]
    waiting = desk.asked.get(unit.serial, [])
    if waiting:
        files = "、".join(f"{report.name or '未识别单位'}（{report.path}）" for report in waiting[:_LISTED])
        return "asked", [f"可能是 {files}，请确认"]
    if unread:
        return "unread", [f"收到文件但没有读出：{message}" for _, _, message in unread[:_LISTED]]
    return ("secret", ["涉密单位，不要求报送电子报告"]) if unit.secret else ("missing", [])


def _judge_unused(desk: _Desk, own: list[Identity], year: int | None) -> tuple[State, list[str]]:
    """Reports of the unit, none of which is an evaluation that counts."""
    strange = sorted({report.year for report in own if report.year not in (year, None)} - {None}, key=str)
    if strange and all(report.year in strange for report in own):
        return "wrong_year", [f"只收到 {'、'.join(map(str, strange))} 年度的报告，应为 {year}"]
    if all(report.kind != "overall" for report in own):
        kinds = {report.kind for report in own}
        names = (("project", "单个项目的自评"), ("account", "决算、“三公”等公开资料"))
        return "missing", [f"只收到{'和'.join(name for kind, name in names if kind in kinds)}，没有整体支出自评"]
    return "within", [desk.choice.left_out.get(report.serial, "") for report in own]


def _find_holder(desk: _Desk, unit: RosterUnit) -> Identity | None:
    """A report of the summary with a row of this unit's name."""
    key = name_key(unit.name)
    return next((r for r in desk.reports if key in r.inner and r.serial in desk.choice.counted), None)


def _draw_stray(desk: _Desk, report: Identity) -> Registration:
    """A report that no unit of the roster is known to have sent."""
    match = desk.matches[report.serial]
    names = [f"{unit.code} {unit.name}".strip() for unit in (desk.books.roster.units[n] for n in match.candidates)]
    asked = f"可能是：{'、'.join(names)}。请在收件登记.xlsx 的“单位编码（确认）”栏填写编码" if names else ""
    return Registration(
        unit=None,
        state="asked" if names else "wrong_unit",
        name=report.name or "",
        code=report.code or "",
        versions=1,
        received=report.received,
        files=(report.path,),
        note="；".join(filter(None, (match.remark, asked, desk.choice.left_out.get(report.serial, "")))),
    )


def _find_unread(roster: Roster, failures: Iterable[tuple[str, str, str]]) -> dict[int, list[tuple[str, str, str]]]:
    """Files that gave no report, by the one unit whose code or name their own name holds."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    matcher = Matcher(roster)
    for failure in failures:
        stem = name_key(PurePosixPath(failure[0]).stem)
        fitting = [
            unit.serial
            for unit in roster.units
            if (len(unit.code) >= _SHORTEST_CODE and unit.code in stem) or matcher.core_of(unit.name) in stem
        ]
        if len(fitting) == 1:
            found.setdefault(fitting[0], []).append(failure)
    return found


def count_days(due: str, day: str) -> int | None:
    """Days after the due date, negative before it; None where either is not known."""
    return (date.fromisoformat(day) - date.fromisoformat(due)).days if due and day else None
