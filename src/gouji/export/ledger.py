"""审核问题.xlsx and the sheet 审核问题 of the summary: one row a finding, each leading to the cells it rests on.

审核问题   the ledger: what is wrong, where, on what basis; the columns of people stay empty
证据       every cell a finding rests on, with its printed text; leads to the annotated copy where there is one
可能原因   the bureau's working paper: repairs that never leave the house
表样问题   what is wrong with the form itself: one row a fault, with the units that have it
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from gouji.export.annotate.bookmarks import link_place
from gouji.export.annotate.remarks import is_told, name_file
from gouji.export.atomic import Put, Written, put_in_place, scratch_folder
from gouji.export.district import District, Problem, collect_district
from gouji.export.figures import judge_mark
from gouji.export.listing import CENTRED, LINKED, Row, finish_list, put_value
from gouji.export.notes import Provenance, write_notes_sheet
from gouji.export.workbook import FIRST_DATA_ROW, Book, Imprint, SheetWriter
from gouji.model.ledger import Course, Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gouji.model.finding import Finding
    from gouji.model.result import Outcome
    from gouji.patterns.exports import Exports, Labels

_RULE_CLASS = re.compile(r"^[A-Z]+")
_LISTED_PLACES = 2
_LONGEST_LINK = 2000  # Excel's own limit is 2,079
PROBLEM_SHEET = "审核问题"
ORDINAL, OPEN, READ = "序号", "打开", "看原文"
REOPENED = "已销号但仍不符"
NO_LEDGER = Ledger()
NOTHING_WRITTEN: Mapping[str, str] = MappingProxyType({})
_DEADLINE = (("下达", "整改时限"), ("整改", "完成日期"), ("核验", "是否销号"))


class Annexes(msgspec.Struct, frozen=True):
    """What goes with the findings: the annotated copy of each source, relative to the workbook; the ledger kept so far.

    `put`: how the finished workbook comes to its place. `reviews`: the review page of each source: what the department is
    not told of has no place of its own in the copy that goes to it.
    """

    copies: dict[str, str] = {}
    reviews: dict[str, str] = {}
    ledger: Ledger = NO_LEDGER
    put: Put = put_in_place


NO_ANNEXES = Annexes()


def write_findings(
    path: Path,
    outcomes: Iterable[Outcome],
    exports: Exports,
    provenance: Provenance,
    imprint: Imprint | None = None,
    copies: Mapping[str, str] | None = None,
) -> Written:
    """Write the ledger. `copies`: path of a source → its annotated copy, relative to the ledger."""
    imprint = imprint or Imprint()
    district = collect_district(outcomes, exports.layouts["findings"], exports.labels, imprint.year)
    return write_ledger(path, district, exports, provenance, imprint, Annexes(dict(copies or {})))


def write_ledger(
    path: Path,
    district: District,
    exports: Exports,
    provenance: Provenance,
    imprint: Imprint,
    annexes: Annexes,
) -> Written:
    """Write the ledger of a district that is already collected, with what people wrote into it before."""
    imprint = msgspec.structs.replace(imprint, year=imprint.year or district.year)
    layout, labels = exports.layouts["findings"], exports.labels
    with scratch_folder(path) as folder:
        finished = folder / path.name
        book = Book(finished, folder, imprint)
        evidence_rows = _number_evidence(district)
        for sheet in layout.sheets:
            writer = SheetWriter(book, sheet, sheet.columns, sheet.unit)
            match sheet.rows:
                case "findings":
                    targets = {serial: f"internal:'证据'!A{row + 1}" for serial, row in evidence_rows.items()}
                    write_problem_sheet(writer, district, labels, targets, annexes)
                case "evidence":
                    _write_evidence(writer, district, labels, annexes)
                case "causes":
                    _write_causes(writer, district, labels)
                case "form_faults":
                    _write_form_faults(writer, district)
                case "resubmissions":
                    _write_rows(writer, district.resubmissions)
                case _:
                    write_notes_sheet(writer, district, exports, provenance, every=False)
        book.close()
        return annexes.put(finished, path)


# --- findings -----------------------------------------------------------------------------------------------------


def write_problem_sheet(
    writer: SheetWriter, district: District, labels: Labels, targets: dict[int, str], annexes: Annexes = NO_ANNEXES
) -> None:
    """One row a finding, in the order of the departments, then those that a resubmission settled.

    `targets` leads the number of each to where it can be seen; 批注件 leads to the cell in the annotated copy, or in the
    review page where the copy says nothing of it.
    """
    ledger = annexes.ledger
    owners = district.owners()
    for ordinal, problem in enumerate(district.problems, 1):
        owner = owners.get(problem.report)
        row = describe_problem(problem, labels) | _describe_course(ledger.courses.get(problem.finding.id), labels)
        row["unit_name"] = owner.name if owner else problem.finding.unit_name or problem.path
        row["budget_code"] = owner.code if owner else ""
        row["section"] = owner.section if owner else ""
        links = {ORDINAL: targets[problem.serial]} if problem.serial in targets else {}
        links["copy"], row["copy"] = link_problem_place(problem, annexes)
        if problem.finding.verdict in ("fail", "review") and ledger.is_reopened(problem.finding.id):
            row["remark"] = "；".join(filter(None, (REOPENED, problem.remark)))
        fills = {"severity": judge_mark(problem.finding)}
        _write_row(writer, ordinal, row, links, fills, ledger.entries.get(problem.finding.id, {}))
    standing = {problem.finding.id for problem in district.problems}
    settled = [course for course in ledger.courses.values() if course.settled and course.finding_id not in standing]
    for ordinal, course in enumerate(settled, len(district.problems) + 1):
        entries = ledger.entries.get(course.finding_id, {})
        _write_row(writer, ordinal, _describe_settled(course, labels), {}, {}, entries)
    finish_list(writer)


def _describe_course(course: Course | None, labels: Labels) -> Row:
    """When it was first found, and in how many versions; empty for what no department has to settle."""
    if course is None:
        return {"first_seen": "", "rounds": "", "found_by": ""}
    return {
        "first_seen": course.first_seen,
        "rounds": f"第 {course.rounds} 次" if course.rounds > 1 else "首次",
        "found_by": labels.checks.get(course.rule[:1], labels.checks["*"]),
    }


def _describe_settled(course: Course, labels: Labels) -> Row:
    """A finding that the unit's latest submission no longer has: it keeps its number and its row."""
    return _describe_course(course, labels) | {
        "finding_id": course.finding_id,
        "unit_name": course.unit_name,
        "budget_code": course.budget_code,
        "category": categorise(course.rule, labels),
        "severity": labels.severities.get(course.severity, course.severity),
        "verdict": "已消除",
        "title": course.title,
        "message": course.message,
        "remark": f"{course.settled} 重报后不再出现",
    }


def link_problem_place(problem: Problem, annexes: Annexes) -> tuple[str, str]:
    """Link to the first cell of a finding in its file, and the word it stands on; "" for none."""
    piece = next((piece for piece in problem.finding.evidence if piece.where), None)
    return link_cell(problem.finding, problem.path, piece.where, annexes) if piece else ("", "")


def link_cell(finding: Finding, path: str, where: str, annexes: Annexes) -> tuple[str, str]:
    """Link to a cell that a finding rests on, and the word it stands on; "" for none."""
    page = "" if is_told(finding) else annexes.reviews.get(path, "")
    link = point_into(page or annexes.copies.get(path, ""), where)
    return link, (READ if page else OPEN) if link else ""


def point_into(copy: str, where: str) -> str:
    """Link to a cell of an annotated copy; "" for none, and where Excel could not follow it."""
    if not copy or "#" in copy or len(copy) >= _LONGEST_LINK:
        return ""
    return f"external:{link_place(copy, where)}"


def link_problem(row: int | None) -> str:
    """Link to a row of 审核问题, counted from 0; "" for none."""
    return "" if row is None else f"internal:'{PROBLEM_SHEET}'!A{row + 1}"


def describe_problem(problem: Problem, labels: Labels) -> Row:
    """The cells of one finding by field."""
    finding = problem.finding
    return {
        "finding_id": finding.id,
        "rule": finding.rule,
        "category": categorise(finding.rule, labels),
        "severity": labels.severities.get(finding.standing, finding.standing),
        "verdict": labels.verdicts.get(finding.verdict, finding.verdict),
        "title": finding.title,
        "message": finding.message,
        "expression": finding.expression or "",
        "place": _list_places(problem),
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "demand": labels.demands.get(finding.standing, "") if finding.verdict in ("fail", "review") else "",
        "basis": describe_basis(finding),
        "audience": labels.audiences.get(finding.audience, finding.audience),
        "remark": problem.remark,
    }


def categorise(rule: str, labels: Labels) -> str:
    """The class of a rule by its first letters."""
    match = _RULE_CLASS.match(rule)
    return labels.categories.get(match[0], match[0]) if match else rule


def describe_basis(finding: Finding) -> str:
    """Document and clause; a basis that nobody has confirmed says so."""
    if finding.basis is None:
        return ""
    named = " ".join(filter(None, (finding.basis.document, finding.basis.clause)))
    return named if finding.basis.verified else f"{named}（依据待核）"


def _list_places(problem: Problem) -> str:
    """The first places in words; those in another file of the unit under its name."""
    named = ((piece.source, piece.place) for piece in problem.finding.evidence if piece.place)
    places = list(
        dict.fromkeys(
            place if source in ("", problem.path) else f"{name_file(source)} {place}" for source, place in named
        )
    )
    shown = "\n".join(places[:_LISTED_PLACES])
    return shown if len(places) <= _LISTED_PLACES else f"{shown}\n等 {len(places)} 处"


def _write_row(
    writer: SheetWriter,
    ordinal: int,
    row: Row,
    links: dict[str, str],
    fills: Mapping[str, str],
    entries: Mapping[str, str] = NOTHING_WRITTEN,
) -> None:
    """One row of a list; columns of people hold what they wrote before, by the column's name."""
    found = {n: row.get(c.field) for n, c in enumerate(writer.columns) if c.kind == "field"}
    texts = {n: value for n, value in found.items() if isinstance(value, str)}
    texts |= {n: entries.get(c.path[-1], "") for n, c in enumerate(writer.columns) if c.kind == "people"}
    writer.start_row(texts)
    for place, column in enumerate(writer.columns):
        if column.kind == "ordinal":
            _put_ordinal(writer, place, ordinal, links.get(ORDINAL, ""))
        elif column.kind == "people":
            writer.put_text(place, texts[place], writer.text_format(texts[place], "people"))
        elif column.field == "overdue":
            _put_overdue(writer, place, entries)
        else:
            put_value(writer, place, row.get(column.field), links.get(column.field, ""), fills.get(column.field, ""))
    writer.row += 1


def _put_ordinal(writer: SheetWriter, place: int, ordinal: int, link: str) -> None:
    """The number of the row; links stand on short cells, because LibreOffice does not wrap the text of one."""
    writer.put_number(
        place, Decimal(ordinal), writer.book.format("text", "", **CENTRED, **(LINKED if link else {})), link
    )


def _write_rows(writer: SheetWriter, rows: Iterable[Row]) -> None:
    """Rows that somebody else has put together."""
    for ordinal, row in enumerate(rows, 1):
        _write_row(writer, ordinal, row, {}, {})
    finish_list(writer)


def _put_overdue(writer: SheetWriter, place: int, entries: Mapping[str, str]) -> None:
    """Days past the deadline, live: they count on as long as the workbook stays open and nothing was handed in."""
    due, done, closed = (writer.ref(f"{group}/{name}") for group, name in _DEADLINE)
    late = f'MAX(0,IF({done}="",TODAY(),{done}+0)-({due}+0))'
    formula = f'=IFERROR(IF(OR({due}="",LEFT({closed},1)="是"),"",{late}),"")'
    days = count_late_days(entries, writer.book.imprint.created)
    writer.put_formula(place, formula, days, writer.book.format("count", align="center"))


def count_late_days(entries: Mapping[str, str], now: datetime | None) -> Decimal | None:
    """What the formula comes to today; None where there is no deadline, or the finding is closed."""
    due, done = read_day(entries.get("整改时限", "")), read_day(entries.get("完成日期", ""))
    if due is None or entries.get("是否销号", "").startswith("是") or (entries.get("完成日期") and done is None):
        return None
    until = done or (now.date() if now is not None else None)
    return None if until is None else Decimal(max(0, (until - due).days))


def read_day(text: str) -> date | None:
    """An ISO day, as Excel takes it too."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# --- evidence and causes ------------------------------------------------------------------------------------------


def _number_evidence(district: District) -> dict[int, int]:
    """The row of 证据 at which each finding's cells begin."""
    rows: dict[int, int] = {}
    row = FIRST_DATA_ROW
    for problem in district.problems:
        if problem.finding.evidence:
            rows[problem.serial] = row
            row += len(problem.finding.evidence)
    return rows


def _write_evidence(writer: SheetWriter, district: District, labels: Labels, annexes: Annexes) -> None:
    owners = district.owners()
    ordinal = 0
    for position, problem in enumerate(district.problems):
        owner = owners.get(problem.report)
        back = link_problem(FIRST_DATA_ROW + position)
        for piece in problem.finding.evidence:
            ordinal += 1
            source = piece.source or problem.path
            row: Row = {
                "finding_id": problem.finding.id,
                "unit_name": owner.name if owner else problem.finding.unit_name,
                "title": problem.finding.title,
                "relation": labels.relations.get(piece.relation, piece.relation),
                "place": piece.place,
                "raw": piece.raw,
                "value": piece.value,
                "source": source,
            }
            links = {ORDINAL: back}
            links["copy"], row["copy"] = link_cell(problem.finding, source, piece.where, annexes)
            _write_row(writer, ordinal, row, links, {})
    finish_list(writer)


def _write_causes(writer: SheetWriter, district: District, labels: Labels) -> None:
    owners = district.owners()
    ordinal = 0
    for problem in district.problems:
        owner = owners.get(problem.report)
        for cause in problem.finding.causes:
            for repair in cause.repair or (None,):
                ordinal += 1
                row: Row = {
                    "finding_id": problem.finding.id,
                    "unit_name": owner.name if owner else problem.finding.unit_name,
                    "title": problem.finding.title,
                    "cause": labels.causes.get(cause.kind, cause.kind),
                    "rank": Decimal(cause.rank),
                    "certain": "唯一可能" if cause.certain else "无法区分",
                    "place": (problem.finding.place_of(repair) or "") if repair else "",
                    "old": (repair.old or "（空白）") if repair else "",
                    "new": (repair.new or "（空白）") if repair else "",
                }
                _write_row(writer, ordinal, row, {}, {})
    finish_list(writer)


def _write_form_faults(writer: SheetWriter, district: District) -> None:
    for ordinal, fault in enumerate(district.form_faults, 1):
        row: Row = {
            "finding_id": fault.rule,
            "title": fault.title,
            "place": fault.place,
            "raw": fault.text,
            "units": Decimal(len(fault.units)),
            "unit_name": fault.named,
        }
        _write_row(writer, ordinal, row, {}, {})
    finish_list(writer)
