"""审核问题.xlsx and the sheet 审核问题 of the summary: one row a finding, each leading to the cells it rests on.

审核问题   the ledger: what is wrong, where, on what basis; the columns of people stay empty
证据       every cell a finding rests on, with its printed text; leads to the annotated copy where there is one
可能原因   the bureau's working paper: repairs that never leave the house
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.export.annotate.bookmarks import link_place
from gouji.export.atomic import Written, put_in_place, scratch_folder
from gouji.export.district import District, Problem, collect_district
from gouji.export.figures import judge_mark
from gouji.export.notes import Provenance, write_notes_sheet
from gouji.export.plain import clean_text
from gouji.export.workbook import FIRST_DATA_ROW, Book, Imprint, SheetWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gouji.model.finding import Finding
    from gouji.model.result import Outcome
    from gouji.patterns.exports import Column, Exports, Labels

_RULE_CLASS = re.compile(r"^[A-Z]+")
_LISTED_PLACES = 2
PROBLEM_SHEET = "审核问题"
Row = dict[str, str | Decimal | None]


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
    return write_ledger(path, district, exports, provenance, imprint, copies or {})


def write_ledger(
    path: Path,
    district: District,
    exports: Exports,
    provenance: Provenance,
    imprint: Imprint,
    copies: Mapping[str, str],
) -> Written:
    """Write the ledger of a district that is already collected."""
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
                    write_problem_sheet(writer, district, labels, targets)
                case "evidence":
                    _write_evidence(writer, district, labels, copies)
                case "causes":
                    _write_causes(writer, district, labels)
                case _:
                    write_notes_sheet(writer, district, exports, provenance, every=False)
        book.close()
        return put_in_place(finished, path)


# --- findings -----------------------------------------------------------------------------------------------------


def write_problem_sheet(writer: SheetWriter, district: District, labels: Labels, targets: dict[int, str]) -> None:
    """One row a finding, in the order of the departments; `targets` leads each to where it can be seen."""
    owners = district.owners()
    for ordinal, problem in enumerate(district.problems, 1):
        owner = owners.get(problem.report)
        row = describe_problem(problem, labels)
        row["unit_name"] = owner.name if owner else problem.finding.unit_name or problem.path
        row["budget_code"] = owner.code if owner else ""
        links = {"finding_id": targets[problem.serial]} if problem.serial in targets else {}
        fills = {"severity": judge_mark(problem.finding)}
        _write_row(writer, ordinal, row, links, fills)
    _finish_list(writer)


def link_problem(row: int | None) -> str:
    """Link to a row of 审核问题, counted from 0; "" for none."""
    return "" if row is None else f"internal:'{PROBLEM_SHEET}'!A{row + 1}"


def describe_problem(problem: Problem, labels: Labels) -> Row:
    """The cells of one finding by field."""
    finding = problem.finding
    return {
        "finding_id": finding.id,
        "category": categorise(finding.rule, labels),
        "severity": labels.severities.get(finding.severity, finding.severity),
        "verdict": labels.verdicts.get(finding.verdict, finding.verdict),
        "title": finding.title,
        "message": finding.message,
        "expression": finding.expression or "",
        "place": _list_places(finding),
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "demand": labels.demands.get(finding.severity, "") if finding.verdict in ("fail", "review") else "",
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


def _list_places(finding: Finding) -> str:
    places = list(dict.fromkeys(piece.place for piece in finding.evidence if piece.place))
    shown = "\n".join(places[:_LISTED_PLACES])
    return shown if len(places) <= _LISTED_PLACES else f"{shown}\n等 {len(places)} 处"


def _write_row(writer: SheetWriter, ordinal: int, row: Row, links: dict[str, str], fills: Mapping[str, str]) -> None:
    """One row of a list; columns of people stay empty."""
    texts = {n: str(row.get(c.field) or "") for n, c in enumerate(writer.columns) if c.kind == "field"}
    writer.start_row(texts)
    for place, column in enumerate(writer.columns):
        if column.kind == "ordinal":
            writer.put_number(place, Decimal(ordinal), writer.book.format("text", align="center"))
        elif column.kind == "people":
            writer.put_blank(place, writer.book.format("text", "people"))
        else:
            _put_value(
                writer, place, column, row.get(column.field), links.get(column.field, ""), fills.get(column.field, "")
            )
    writer.row += 1


def _put_value(
    writer: SheetWriter, place: int, column: Column, value: str | Decimal | None, link: str, fill: str
) -> None:
    if isinstance(value, Decimal):
        writer.put_number(place, value, writer.book.format(column.format))
        return
    text = clean_text(value or "")
    look = {"font_color": "#0563C1", "underline": 1} if link else {}
    if column.field in ("budget_code", "severity", "verdict", "audience", "category"):
        look["align"] = "center"
    writer.put_text(place, text, writer.text_format(text, fill, **look), link)


def _finish_list(writer: SheetWriter) -> None:
    last = writer.row - 1
    writer.filter_rows(last)
    writer.finish("" if last >= FIRST_DATA_ROW else "没有需要列出的内容。")


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


def _write_evidence(writer: SheetWriter, district: District, labels: Labels, copies: Mapping[str, str]) -> None:
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
            links = {"finding_id": back}
            if source in copies:
                links["place"] = f"external:{link_place(copies[source], piece.where)}"
            _write_row(writer, ordinal, row, links, {})
    _finish_list(writer)


def _write_causes(writer: SheetWriter, district: District, labels: Labels) -> None:
    owners = district.owners()
    ordinal = 0
    for problem in district.problems:
        owner = owners.get(problem.report)
        places = {piece.where: piece.place for piece in problem.finding.evidence}
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
                    "place": places.get(repair.where, "") if repair else "",
                    "old": (repair.old or "（空白）") if repair else "",
                    "new": (repair.new or "（空白）") if repair else "",
                }
                _write_row(writer, ordinal, row, {}, {})
    _finish_list(writer)
