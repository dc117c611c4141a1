"""汇总表.xlsx: the district in one workbook, laid out by patterns/exports/summary.yml.

    outcomes ─collect_district→ District ─write each sheet of the layout→ 汇总表.xlsx

Every figure is what a department printed, in one unit of money; every sum is a live formula with its value beside it.
A cell that a finding rests on is coloured and leads to its row in 审核问题, and from there back.

    internal   everything, for the bureau
    public     汇总表（公开）.xlsx   without contacts, signatures, staffing, ranking, findings: what the layout calls internal
    plain      汇总表（纯数值）.xlsx   values in place of formulas
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from gouji.export.atomic import Put, Written, put_in_place, scratch_folder
from gouji.export.changes import list_changes
from gouji.export.charts import Ground, write_charts
from gouji.export.departments import Writing, count_ordinary, write_departments
from gouji.export.district import District, collect_district
from gouji.export.grades import write_grades
from gouji.export.ledger import Annexes, write_problem_sheet
from gouji.export.listing import write_list
from gouji.export.losses import list_losses
from gouji.export.notes import Provenance, write_notes_sheet
from gouji.export.projects import list_project_rows
from gouji.export.registers import NO_ROSTER, fill_states, list_missing, list_registrations
from gouji.export.scores import write_score_sheet
from gouji.export.workbook import FIRST_DATA_ROW, Book, Imprint, SheetWriter
from gouji.patterns.exports import Column, Exports, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gouji.export.listing import Row
    from gouji.model.result import Outcome

Edition = Literal["internal", "public", "plain"]
EDITION_MARKS: dict[Edition, str] = {"internal": "", "public": "（公开）", "plain": "（纯数值）"}
MAX_COMMENTS = 20_000
_NO_MARKS: dict[str, Mapping[str, str]] = {}


class Extras(msgspec.Struct, frozen=True):
    """What a workbook may be given besides the district.

    `copies`, `reviews`: path of a source → its annotated copy and its review page, relative to the workbook. `last_year`:
    see changes.py.
    `put`: how the finished file comes to its place.
    """

    edition: Edition = "internal"
    copies: dict[str, str] = {}
    reviews: dict[str, str] = {}
    last_year: Mapping[str, Mapping[str, Decimal]] = {}
    put: Put = put_in_place


def write_summary(
    path: Path,
    outcomes: Iterable[Outcome],
    exports: Exports,
    provenance: Provenance,
    imprint: Imprint | None = None,
    extras: Extras | None = None,
) -> Written:
    """Write the workbook; raises UsageError where the folder or the file cannot be written."""
    layout = exports.layouts["summary"]
    imprint = imprint or Imprint()
    district = collect_district(outcomes, layout, exports.labels, imprint.year)
    return write_district(path, district, exports, provenance, imprint, extras)


def write_district(
    path: Path,
    district: District,
    exports: Exports,
    provenance: Provenance,
    imprint: Imprint,
    extras: Extras | None = None,
) -> Written:
    """Write the workbook of a district that is already collected."""
    extras = extras or Extras()
    edition, layout = extras.edition, exports.layouts["summary"]
    imprint = msgspec.structs.replace(
        imprint, year=imprint.year or district.year, signed=edition != "public", plain=edition == "plain"
    )
    with scratch_folder(path) as folder:
        finished = folder / path.name
        book = Book(finished, folder, imprint)
        every = count_ordinary(district, layout) <= MAX_COMMENTS
        rows = {problem.serial: FIRST_DATA_ROW + n for n, problem in enumerate(district.problems)}
        public = edition == "public"
        writing = Writing(book, district, layout, exports, {} if public else rows, every_comment=every, public=public)
        for sheet in choose_sheets(layout.sheets, district, public=public):
            _write_sheet(writing, sheet, provenance, extras)
        book.close()
        return extras.put(finished, path)


def choose_sheets(sheets: Iterable[Sheet], district: District, *, public: bool) -> list[Sheet]:
    """The sheets of this edition, without optional ones that would be empty; columns and items likewise."""
    filled = {
        "projects": any(
            department.projects for department in (*district.departments, *(d for d, _ in district.left_out))
        ),
        "missing": district.attendance is not None,
    }
    chosen = [sheet for sheet in sheets if not (sheet.optional and not filled.get(sheet.rows, True))]
    if not public:
        return chosen
    return [
        msgspec.structs.replace(
            sheet,
            columns=tuple(column for column in sheet.columns if not column.internal),
            items=tuple(item for item in sheet.items if not item.internal),
        )
        for sheet in chosen
        if not sheet.internal
    ]


def _write_sheet(writing: Writing, sheet: Sheet, provenance: Provenance, extras: Extras) -> None:
    district, labels = writing.district, writing.exports.labels
    if sheet.rows == "departments":
        write_departments(writing, sheet)
        return
    unit = writing.layout.unit if sheet.rows in ("changes", "projects", "notes") else ""
    writer = SheetWriter(writing.book, sheet, _choose_list_columns(sheet, district), sheet.unit or unit)
    match sheet.rows:
        case "indicators":
            write_score_sheet(writer, district, writing.rows, writing.targets)
        case "losses":
            write_list(writer, list_losses(district), _NO_MARKS, "没有指标得分。")
        case "grades":
            write_grades(writer, district, writing.areas)
        case "changes":
            rows = list_changes(district, writing.layout, sheet.items, extras.last_year)
            write_list(writer, rows, _NO_MARKS, "报告中没有上年数，也没有上年的数据可以对比。")
        case "projects":
            write_list(writer, list_project_rows(district, public=writing.public), _NO_MARKS, "没有项目自评。")
        case "findings":
            write_problem_sheet(writer, district, labels, writing.targets, Annexes(extras.copies, extras.reviews))
        case "registrations" | "missing":
            write_list(writer, _list_attendance(writing, sheet), fill_states(labels), _say_nobody(district))
        case "charts":
            write_charts(writer, Ground(district, writing.layout, writing.areas, writing.totals))
        case _:
            write_notes_sheet(
                writer, district, writing.exports, provenance, every=writing.every_comment, public=writing.public
            )
    writing.note_areas(writer)


def _choose_list_columns(sheet: Sheet, district: District) -> tuple[Column, ...]:
    """Without 归口股室 where nobody has one."""
    sections = any(department.section for department in district.departments)
    return tuple(c for c in sheet.columns if sections or not (c.field == "section" and c.optional))


def _list_attendance(writing: Writing, sheet: Sheet) -> Iterable[Row]:
    attendance, labels = writing.district.attendance, writing.exports.labels
    if attendance is None:
        return ()
    return list_missing(attendance, labels) if sheet.rows == "missing" else list_registrations(attendance, labels)


def _say_nobody(district: District) -> str:
    return NO_ROSTER if district.attendance is None else "没有需要催报的单位。"
