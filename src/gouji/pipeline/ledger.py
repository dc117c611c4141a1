"""The correction ledger between runs: read back what people wrote before it is written anew, note what became of each finding.

审核问题.xlsx in OUT ─read_back→ gouji.db ─┐
District of this run ─note_courses→ gouji.db ┴─ read_ledger→ the next 审核问题.xlsx
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gouji.export.ledger_reader import read_ledger_file
from gouji.model.errors import UsageError
from gouji.store.ledger import Seen, keep_entries, note_round

if TYPE_CHECKING:
    from gouji.export.district import District
    from gouji.model.finding import Finding
    from gouji.patterns.exports import Layout
    from gouji.store import Store


class ReadBack(NamedTuple):
    """How many findings a ledger lists, and how many cells said something new about how many of them."""

    listed: int
    cells: int
    findings: int


def people_fields(layout: Layout) -> tuple[str, ...]:
    """The columns that people fill in."""
    return tuple(dict.fromkeys(c.path[-1] for sheet in layout.sheets for c in sheet.columns if c.kind == "people"))


def read_back(store: Store, path: Path, layout: Layout, day: str) -> ReadBack:
    """Keep what people wrote into a ledger; UsageError where the file is none."""
    handed = read_ledger_file(path, people_fields(layout), day)
    fresh = keep_entries(store, handed.entries)
    return ReadBack(handed.findings, len(fresh), len({entry.finding_id for entry in fresh}))


def read_back_if_there(store: Store, path: Path, layout: Layout, day: str) -> list[str]:
    """The ledger that a run is about to replace: nothing that was written into it is lost. Lines for the console."""
    if not path.is_file():
        return []
    try:
        found = read_back(store, path, layout, day)
    except UsageError as error:
        spare = path.with_name(f"{path.stem}(原){path.suffix}")
        path.replace(spare)
        return [f"{error} 原文件已改名为 {spare.name}，没有覆盖。"]
    return [f"已读回 {path.name} 中填写的 {found.cells} 处内容（{found.findings} 个问题）。"] if found.cells else []


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
            unit=identity.code or identity.name or "未知单位",
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
