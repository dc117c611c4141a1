"""One report as a workbook gives what its Word document gives: facts, states, indicators, findings; only places differ."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from golden.truth import differences, finding_differences
from gouji.export.records import check_record, extract_record
from gouji.model.result import Outcome
from gouji.patterns import load_patterns
from gouji.pipeline.document import Engine, examine
from yueyang.department import Department
from yueyang.district import DEPARTMENTS
from yueyang.docx_writer import write_docx
from yueyang.form import form_blocks
from yueyang.grid import Block, PageBreak
from yueyang.truth import report_truth
from yueyang.xlsx_writer import write_xlsx

PLACES = frozenset({"where", "unit_where", "place", "source", "sources", "page", "box", "notices", "id"})
FLAT = [dept for dept in DEPARTMENTS if not dept.layout.nested_tasks]
THREE = [FLAT[0], FLAT[1], FLAT[3]]  # one table for the whole form; a table a block; the cover in a text box
SOFFICE = shutil.which("soffice")


@lru_cache(maxsize=1)
def engine() -> Engine:
    return Engine(load_patterns())


def outcome_of(data: bytes, name: str) -> Outcome:
    return examine(data, name, name, engine()).outcome


def without_places(value: Any) -> Any:
    """A record without all that says where."""
    if isinstance(value, dict):
        return {key: without_places(item) for key, item in value.items() if key not in PLACES}
    return [without_places(item) for item in value] if isinstance(value, list) else value


def records_of(outcome: Outcome) -> tuple[Any, Any]:
    import msgspec  # noqa: PLC0415

    plain = [
        msgspec.json.decode(msgspec.json.encode(r))
        for r in (extract_record(outcome), check_record(outcome, every_verdict=True))
    ]
    return without_places(plain[0]), without_places(plain[1])


@pytest.mark.parametrize("dept", THREE, ids=lambda dept: str(dept.code))
@pytest.mark.parametrize("sheets", [(), ("封面", "自评表", "评分表")], ids=["one sheet", "three sheets"])
def test_a_workbook_gives_the_record_of_its_document(dept: Department, sheets: tuple[str, ...]) -> None:
    blocks = form_blocks(dept)
    word, book = outcome_of(write_docx(blocks), "a.docx"), outcome_of(write_xlsx(blocks, sheets=sheets), "a.xlsx")
    assert word.reports
    for of_word, of_book in zip(records_of(word), records_of(book), strict=True):
        assert of_word == of_book


@pytest.mark.parametrize("dept", FLAT, ids=lambda dept: str(dept.code))
def test_every_department_of_the_district_as_a_workbook(dept: Department) -> None:
    outcome = outcome_of(write_xlsx(form_blocks(dept)), "a.xlsx")
    check([dept], outcome)


def check(depts: list[Department], outcome: Outcome) -> None:
    truths = [report_truth(dept, "a.xlsx") for dept in depts]
    assert outcome.failure is None
    assert len(outcome.reports) == len(truths)
    lines = [line for report, truth in zip(outcome.reports, truths, strict=True) for line in differences(report, truth)]
    lines += finding_differences(outcome.findings, truths)
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("by_sheet", [True, False], ids=["a sheet a unit", "one below the other"])
def test_several_departments_in_one_workbook(by_sheet: bool) -> None:
    blocks: list[Block] = []
    for dept in FLAT[:3]:
        blocks += [PageBreak()] if blocks else []
        blocks += [block for block in form_blocks(dept) if not isinstance(block, PageBreak)]
    names = [dept.name for dept in FLAT[:3]] if by_sheet else []
    check(FLAT[:3], outcome_of(write_xlsx(blocks, sheets=names), "a.xlsx"))


@pytest.mark.skipif(SOFFICE is None, reason="soffice is not installed")
def test_the_same_workbooks_saved_by_libreoffice_as_xls(tmp_path: Path) -> None:
    for dept in THREE:
        (tmp_path / f"{dept.code}.xlsx").write_bytes(write_xlsx(form_blocks(dept)))
    profile = (tmp_path / "profile").as_uri()
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "xls",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, *map(str, tmp_path.glob("*.xlsx"))], check=True, capture_output=True, timeout=180)
    for dept in THREE:
        check([dept], outcome_of((tmp_path / f"{dept.code}.xls").read_bytes(), "a.xls"))
