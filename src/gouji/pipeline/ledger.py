"""What people write between runs: read back before the workbooks are written anew; what became of each finding.

审核问题.xlsx in OUT ─read_back→ gouji.db ─take_rulings→ waivers
District of this run ─note_courses→ gouji.db ─ read_ledger→ the next 审核问题.xlsx
汇总表.xlsx in OUT ─read_reviews→ gouji.db ─ District with 复核得分 … → the next 汇总表.xlsx

A copy that people passed round, of either book ─import_book→ gouji.db

A workbook that was open when it was to be written lies there twice, as 审核问题.xlsx and 审核问题(新).xlsx: both are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.export.atomic import spare_of
from gouji.export.district import collect_district
from gouji.export.ledger_reader import read_ledger_file
from gouji.export.summary_reader import people_columns, read_summary_file
from gouji.model.errors import UsageError
from gouji.model.ledger import Entry
from gouji.pipeline.rulings import mark_closed, take_rulings
from gouji.roster.unit import books_without_roster
from gouji.store.ledger import IMPORTED, Seen, keep_entries, note_round, read_ledger
from gouji.store.receipts import read_receipts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from gouji.export.district import Department, District
    from gouji.export.summary_reader import Noted
    from gouji.model.finding import Finding
    from gouji.patterns.exports import Exports, Layout
    from gouji.store import Store

_LISTED = 5
_REVIEW = "汇总表"  # 102001-2021-汇总表: what people wrote beside a department, not on a finding


class ReadBack(NamedTuple):
    """How many findings a ledger lists; how many cells said something new, about how many of them; what that decided."""

    listed: int
    cells: int
    findings: int
    lines: list[str]


def people_fields(layout: Layout) -> tuple[str, ...]:
    """The columns that people fill in."""
    return tuple(dict.fromkeys(c.path[-1] for sheet in layout.sheets for c in sheet.columns if c.kind == "people"))


def import_book(store: Store, path: Path, exports: Exports, now: datetime) -> list[str]:
    """Keep what a handed-in copy says, of 审核问题 or of 汇总表; lines for the console. UsageError where it is neither."""
    lines: list[str] = []
    refused: UsageError | None = None
    try:
        found = read_back(store, path, exports, now, source=path.name + IMPORTED)
        lines.append(
            f"{path.name}：列有 {found.listed} 个问题，读回 {found.cells} 处新内容（{found.findings} 个问题）。"
        )
        lines += found.lines
    except UsageError as error:
        refused = error
    try:
        return lines + _import_reviews(store, path, exports, now.date().isoformat())
    except UsageError:
        if refused is not None:
            raise refused from None
        return lines


def _import_reviews(store: Store, path: Path, exports: Exports, day: str) -> list[str]:
    """What a copy of 汇总表 says beside the departments of the latest run. UsageError where the file is no such copy."""
    layout = exports.layouts["summary"]
    noted = read_summary_file(path, layout)
    run = store.latest_run()
    outcomes, books = store.outcomes(run) if run is not None else (), books_without_roster(read_receipts(store))
    district = collect_district(outcomes, layout, exports.labels, books=books)
    entries = _list_reviews(noted, district, path.name + IMPORTED, day)
    fresh = keep_entries(store, entries, copies=True)
    now = read_ledger(store).entries
    old = [entry for entry in entries if now.get(entry.finding_id, {}).get(entry.field) != entry.value]
    lines = [f"{path.name}：读回 {len(fresh)} 处复核内容（{len({e.finding_id for e in fresh})} 家）。"]
    if old:
        shown = "、".join(f"{e.finding_id.removesuffix(f'-{_REVIEW}')} {e.field} {e.value}" for e in old[:_LISTED])
        lines.append(
            f"另有 {len(old)} 处以前填过、后来已改，没有采用：{shown}。仍要改的请直接填在结果文件夹的汇总表里。"
        )
    return lines


def read_back(
    store: Store, path: Path, exports: Exports, now: datetime, *, copies: bool = False, source: str = ""
) -> ReadBack:
    """Keep what people wrote into a ledger, and decide what it decides; UsageError where the file is none."""
    handed = read_ledger_file(path, people_fields(exports.layouts["findings"]), now.date().isoformat())
    entries = [msgspec.structs.replace(entry, source=source or entry.source) for entry in handed.entries]
    fresh = keep_entries(store, entries, copies=copies)
    keep_entries(store, mark_closed(store, exports.rulings, fresh))
    lines = take_rulings(store, exports.rulings, [entry.finding_id for entry in entries], now)
    return ReadBack(handed.findings, len(fresh), len({entry.finding_id for entry in fresh}), lines)


def read_back_if_there(store: Store, path: Path, exports: Exports, now: datetime) -> list[str]:
    """The ledger that a run is about to replace: nothing that was written into it is lost. Lines for the console."""

    def read(file: Path, *, copies: bool) -> list[str]:
        found = read_back(store, file, exports, now, copies=copies)
        told = [f"已读回 {file.name} 中填写的 {found.cells} 处内容（{found.findings} 个问题）。"] if found.cells else []
        return told + found.lines

    return _read_copies(path, read)


def _read_copies(path: Path, read: Callable[..., list[str]]) -> list[str]:
    """The workbook and its 新; one that cannot be read is set aside, never overwritten."""
    files = [file for file in (path, spare_of(path)) if file.is_file()]
    lines: list[str] = []
    for file in files:
        try:
            lines += read(file, copies=len(files) > 1)
        except UsageError as error:
            kept = file.with_name(f"{file.stem}(原){file.suffix}")
            file.replace(kept)
            lines.append(f"{error} 原文件已改名为 {kept.name}，没有覆盖。")
    return list(dict.fromkeys(lines))


# --- 汇总表 --------------------------------------------------------------------------------------------------------


def read_reviews(store: Store, path: Path, district: District, layout: Layout, day: str) -> list[str]:
    """Keep what people wrote beside the departments of 汇总表; lines for the console."""

    def read(file: Path, *, copies: bool) -> list[str]:
        entries = _list_reviews(read_summary_file(file, layout), district, file.name, day)
        fresh = keep_entries(store, entries, copies=copies)
        units_of = len({entry.finding_id for entry in fresh})
        return [f"已读回 {file.name} 中填写的 {len(fresh)} 处复核内容（{units_of} 家）。"] if fresh else []

    return _read_copies(path, read)


def _list_reviews(noted: Iterable[Noted], district: District, source: str, day: str) -> list[Entry]:
    units = _name_units(district.departments)
    entries = []
    for note in noted:
        unit = units.get(note.code) or units.get(note.name) or note.code or note.name
        entries.append(Entry(f"{unit}-{note.year or district.year}-{_REVIEW}", note.field, note.value, source, day))
    return entries


def _name_units(departments: Iterable[Department]) -> dict[str, str]:
    """Code and name, as shown and as printed → the unit as findings name it; what two units share names neither."""
    named: dict[str, set[str]] = {}
    for department in departments:
        identity = department.identity
        for text in {department.code, department.name, identity.code or "", identity.name or ""} - {""}:
            named.setdefault(text, set()).add(_unit_of(department))
    return {text: next(iter(units)) for text, units in named.items() if len(units) == 1}


def _unit_of(department: Department) -> str:
    identity = department.identity
    return identity.code or identity.name or "未知单位"


def add_reviews(store: Store, district: District, layout: Layout) -> District:
    """The district with what people wrote beside each department, by the column's key."""
    columns, entries = people_columns(layout), read_ledger(store).entries

    def written_of(department: Department) -> dict[str, str]:
        year = department.identity.year or district.year
        names = (_unit_of(department), department.code, department.name)
        found = [entries.get(f"{name}-{year}-{_REVIEW}", {}) for name in names]
        return {c.key: text for one in reversed(found) for c in columns if (text := one.get(c.path[-1], ""))}

    departments = tuple(msgspec.structs.replace(d, written=written_of(d)) for d in district.departments)
    return msgspec.structs.replace(district, departments=departments)


# --- courses -------------------------------------------------------------------------------------------------------


def note_courses(store: Store, run: int, district: District, day: str) -> None:
    """What became of the findings of the counted reports."""
    digests = dict(
        store.read_rows(
            "SELECT f.path, s.sha256 FROM files f JOIN submissions s ON s.id = f.submission_id WHERE f.run_id = ?",
            (run,),
        )
    )
    findings: dict[int, list[Finding]] = {}
    for problem in district.problems:
        findings.setdefault(problem.report, []).append(problem.finding)
    seen = [
        Seen(
            unit=_unit_of(department),
            year=identity.year,
            unit_name=department.name,
            budget_code=department.code,
            version=digests.get(identity.path) or "",
            findings=tuple(findings.get(identity.serial, ())),
        )
        for department in district.departments
        for identity in (department.identity,)
    ]
    note_round(store, day, seen)
