"""The roster and the register of a run: read before, written after.

名册.xlsx ─────────────→ Roster ┐
OUT/收件登记.xlsx ─────→ Register ┼→ Books ─ run ─→ OUT/收件登记.xlsx, OUT/催报/催报名单.xlsx
OUT/收件登记(新).xlsx ─┘          (left by a run that found the first one open in Excel; gone once that is written)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.export.registers import add_reminders, write_register, write_reminders
from gouji.export.registration import path_key
from gouji.model.errors import ReadError, UsageError, say_reason
from gouji.readers import read_document
from gouji.roster.table import read_register, read_roster
from gouji.roster.unit import Books, Receipt, Register, check_of
from gouji.text.dates import read_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gouji.export.atomic import Written
    from gouji.export.district import District
    from gouji.export.workbook import Imprint
    from gouji.model.document import Document
    from gouji.patterns import Patterns
    from gouji.pipeline.keeping import Keeping

REGISTER, REMINDERS = "收件登记.xlsx", "催报/催报名单.xlsx"
_KEPT = ("code", "received", "returned", "reason")


class Ledgers(NamedTuple):
    """What the clerk gave: the roster's file, the day these files came in, the day units are reminded."""

    roster: Path | None = None
    received: str = ""
    remind: str = ""


def check_day(text: str, option: str) -> str:
    """An ISO date of what was typed; UsageError where it is not a whole date."""
    date = read_day(text)
    if text and not date:
        raise UsageError(f"{option} 的日期“{text}”不是完整的年月日，或没有这一天。请写成 2022-05-20 这样。")
    return date


def open_books(ledgers: Ledgers, out: Path, patterns: Patterns, passwords: Sequence[str], today: str) -> Books | None:
    """Roster and register; None without a roster. UsageError where a file cannot be used."""
    if ledgers.roster is None:
        if ledgers.received or ledgers.remind:
            raise UsageError("--received 和 --remind 要与 --roster 一起使用。请用 --roster 给出单位名册。")
        return None
    words = patterns.roster
    roster = read_roster(_read_table(ledgers.roster, "名册", passwords), words)
    if not roster.units:
        labels = "、".join(words.columns["name"][:3])
        raise UsageError(f"名册 {ledgers.roster.name} 中没有找到单位。请检查表头是否有“{labels}”之一和“预算编码”等栏。")
    register = Register()
    for path in (out / REGISTER, _spare(out / REGISTER)):
        if path.is_file():
            register = merge_registers(register, read_register(_read_table(path, "收件登记", passwords), words))
    return Books(roster, register, today)


def _read_table(path: Path, name: str, passwords: Sequence[str]) -> Document:
    try:
        return read_document(path.read_bytes(), path.name, passwords)
    except ReadError as error:
        raise UsageError(f"{name} {path.name} 读不了：{error.message}") from error
    except OSError as error:
        raise UsageError(
            f"{name} {path.name} 打不开（{say_reason(error)}）。请检查路径，或关闭正在使用它的程序。"
        ) from error


def _spare(path: Path) -> Path:
    return path.with_name(f"{path.stem}(新){path.suffix}")


def merge_registers(first: Register, second: Register) -> Register:
    """Every line of both; where both speak of one file, what the first leaves blank comes from the second."""
    receipts = {(receipt.path, receipt.check): receipt for receipt in first.receipts}
    for other in second.receipts:
        own = receipts.get((other.path, other.check), other)
        blanks = {field: getattr(own, field) or getattr(other, field) for field in _KEPT}
        receipts[other.path, other.check] = msgspec.structs.replace(own, **blanks)
    return Register(
        tuple(receipts.values()),
        tuple(dict.fromkeys([*first.reminders, *second.reminders])),
        (*first.problems, *second.problems),
    )


def add_files(books: Books, files: Iterable[tuple[str, str | None]], received: str) -> Books:
    """The books with a receipt for each file they do not know, dated `received` where that was given."""
    register = books.register
    known = {(receipt.path, receipt.check) for receipt in register.receipts}
    found = dict.fromkeys((path_key(path), check_of(sha256)) for path, sha256 in files)
    fresh = tuple(Receipt(path, check, received=received) for path, check in found if (path, check) not in known)
    register = msgspec.structs.replace(register, receipts=register.receipts + fresh)
    return msgspec.structs.replace(books, register=register)


def write_books(
    keeping: Keeping, books: Books, district: District, patterns: Patterns, imprint: Imprint, remind: str
) -> list[Written]:
    """The list of whom to remind as things stand, then the register with today's reminders."""
    out, exports, attendance = keeping.folder, patterns.exports, district.attendance
    if attendance is None:
        return []
    written = [write_reminders(out / REMINDERS, district, exports, patterns.roster.reminder, imprint, keeping.put)]
    register = add_reminders(books.register, attendance, remind) if remind else books.register
    written.append(write_register(out / REGISTER, register, district, books, exports, keeping.put_over))
    if written[-1].path == out / REGISTER:
        _spare(out / REGISTER).unlink(missing_ok=True)
    return written
