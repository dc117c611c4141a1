"""Rows of 报送登记, 未报送名单, 催报名单.xlsx and 收件登记.xlsx, and the two files themselves.

Attendance ─list_registrations→ 报送登记      every unit; the one place with phone numbers in the summary
           ─list_missing→ 未报送名单          units with nothing in hand, and why
           ─list_reminders→ 催报名单.xlsx     the same with contact, phone and ready-made words
Register   ─write_register→ 收件登记.xlsx     what people noted is kept, new files are added below
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.export.atomic import Put, Written, put_in_place, scratch_folder
from gouji.export.listing import Row, write_list
from gouji.export.registration import OUTSTANDING, Registration, path_key
from gouji.export.workbook import Book, Imprint, SheetWriter
from gouji.roster.unit import Books, Receipt, Register, Reminder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gouji.export.district import District
    from gouji.export.registration import Attendance
    from gouji.patterns.exports import Exports, Labels, Layout, Sheet

NO_ROSTER = "没有单位名册，无法判断哪些单位未报。请用 --roster 给出名册。"
_FILLS = {
    "missing": "hard",
    "wrong_year": "explain",
    "wrong_unit": "explain",
    "returned": "explain",
    "unread": "explain",
    "asked": "unreadable",
    "repeated": "unreadable",
    "late": "explain",
    "secret": "withheld",
}
_EDITED = ("code", "received", "returned", "reason")


def fill_states(labels: Labels) -> dict[str, dict[str, str]]:
    """Colours of the column 状态."""
    return {"state": {labels.registrations.get(state, state): fill for state, fill in _FILLS.items()}}


def list_registrations(attendance: Attendance, labels: Labels) -> Iterator[Row]:
    """Every line of 报送登记."""
    for line in attendance.lines:
        yield _describe(line, labels) | {
            "versions": Decimal(line.versions) if line.versions else None,
            "received": line.received,
            "files": "\n".join(line.files),
            "contact": line.unit.contact if line.unit else "",
            "phone": line.unit.phone if line.unit else "",
        }


def list_missing(attendance: Attendance, labels: Labels) -> Iterator[Row]:
    """Units of the roster with no report that can be used."""
    for line in list_outstanding(attendance):
        yield _describe(line, labels) | {
            "parent": line.unit.parent if line.unit else "",
            "calls": Decimal(len(line.calls)) if line.calls else None,
            "last_call": line.calls[-1] if line.calls else "",
        }


def list_outstanding(attendance: Attendance) -> Iterator[Registration]:
    """Lines of units that still owe a report."""
    return (line for line in attendance.lines if line.unit is not None and line.state in OUTSTANDING)


def _describe(line: Registration, labels: Labels) -> Row:
    late = line.days_late if line.days_late is not None and line.days_late > 0 else None
    return {
        "budget_code": line.code,
        "unit_name": line.name or (line.files[0] if line.files else ""),
        "section": line.section,
        "due": line.unit.due if line.unit else "",
        "state": labels.registrations.get(line.state, line.state),
        "days_late": Decimal(late) if late is not None else None,
        "remark": line.note,
    }


# --- reminders ------------------------------------------------------------------------------------------------------


def list_reminders(attendance: Attendance, labels: Labels, words: str, year: int | None) -> Iterator[Row]:
    """Whom to call, and what to say."""
    for line in list_outstanding(attendance):
        unit = line.unit
        yield _describe(line, labels) | {
            "contact": unit.contact if unit else "",
            "phone": unit.phone if unit else "",
            "calls": Decimal(len(line.calls)) if line.calls else None,
            "dates": "、".join(line.calls),
            "text": write_reminder(line, words, year),
        }


def write_reminder(line: Registration, words: str, year: int | None) -> str:
    """The words of one reminder; what was sent but cannot be used is named in place of 尚未收到."""
    due = f"应于 {line.unit.due} 前报送" if line.unit and line.unit.due else ""
    late = f"，已逾期 {line.days_late} 天" if line.days_late and line.days_late > 0 else ""
    before = f"（已于 {'、'.join(line.calls)} 提醒）" if line.calls else ""
    blanks = {"unit": line.name, "year": f"{year}年度" if year else "", "due": due, "late": late, "round": before}
    text = words.format_map(blanks)
    return f"{text}（{line.note}）" if line.state in ("wrong_year", "returned", "unread") and line.note else text


def add_reminders(register: Register, attendance: Attendance, day: str) -> Register:
    """The register with a line for each unit that owes a report, dated `day`; one of the same day is not repeated."""
    known = {(call.date, call.code, call.name) for call in register.reminders}
    lines = [Reminder(day, line.code, line.name) for line in list_outstanding(attendance)]
    fresh = [call for call in lines if (call.date, call.code, call.name) not in known]
    return msgspec.structs.replace(register, reminders=(*register.reminders, *fresh))


def write_reminders(
    path: Path, district: District, exports: Exports, words: str, imprint: Imprint, put: Put = put_in_place
) -> Written:
    """催报名单.xlsx of a district with a roster."""
    layout, attendance = exports.layouts["reminders"], district.attendance
    rows = list_reminders(attendance, exports.labels, words, district.year) if attendance else ()
    imprint = msgspec.structs.replace(imprint, year=imprint.year or district.year)
    fills = fill_states(exports.labels)
    return _write_book(path, imprint, layout, {"reminders": list(rows)}, fills, put)


# --- the register ---------------------------------------------------------------------------------------------------


def write_register(
    path: Path, register: Register, district: District, books: Books, exports: Exports, put: Put = put_in_place
) -> Written:
    """收件登记.xlsx: what is noted stays; what a report says of itself and the unit it was matched to stand beside it."""
    rows: dict[str, list[Row]] = {
        "receipts": [_describe_receipt(receipt, district, books) for receipt in register.receipts],
        "calls": [
            {"date": call.date, "unit_code": call.code, "unit": call.name, "answer": call.answer}
            for call in register.reminders
        ],
    }
    return _write_book(path, Imprint(), exports.layouts["register"], rows, {}, put)


def _describe_receipt(receipt: Receipt, district: District, books: Books) -> Row:
    """A file may hold several reports: all their names stand in its row."""
    own = [
        department
        for department in district.owners().values()
        if (path_key(department.identity.path), department.identity.check) == (receipt.path, receipt.check)
    ]
    asked = [books.roster.units[n] for d in own for n in district.candidates.get(d.identity.serial, ())]
    return {
        "path": receipt.path,
        "unit_name": "、".join(dict.fromkeys(d.identity.name or "" for d in own)),
        "budget_code": "、".join(dict.fromkeys(d.identity.code or "" for d in own)),
        "report_date": "、".join(dict.fromkeys(d.identity.date or "" for d in own)),
        "listed": "、".join(dict.fromkeys(d.listed.name for d in own if d.listed is not None)),
        "candidates": "、".join(dict.fromkeys(f"{unit.code} {unit.name}".strip() for unit in asked)),
        "check": receipt.check,
    } | {field: getattr(receipt, field) for field in _EDITED}


def _write_book(
    path: Path,
    imprint: Imprint,
    layout: Layout,
    rows: dict[str, list[Row]],
    fills: dict[str, dict[str, str]],
    put: Put = put_in_place,
) -> Written:
    with scratch_folder(path) as folder:
        finished = folder / path.name
        book = Book(finished, folder, imprint)
        for sheet in layout.sheets:
            _write_sheet(book, sheet, rows[sheet.rows], fills)
        book.close()
        return put(finished, path)


def _write_sheet(book: Book, sheet: Sheet, rows: list[Row], fills: dict[str, dict[str, str]]) -> None:
    write_list(SheetWriter(book, sheet, sheet.columns, sheet.unit), rows, fills, "没有需要列出的内容。")
