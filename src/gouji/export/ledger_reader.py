"""审核问题.xlsx as people hand it back → entries: which finding, which column, what was written.

    rows 3–5   header: 问题编号 … 整改情况 出错说明 …       found by its words, wherever they moved to
    data       102001-2021-A3 … 已更正 …                   → Entry("102001-2021-A3", "整改情况", "已更正")

A blank cell says nothing: it never takes back what was written before. Sorted, filtered, with rows or columns added:
only the words of the header and the numbers of the findings count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from gouji.model.errors import UsageError, say_reason
from gouji.model.ledger import Entry

KEY = "问题编号"
_HEADER_ROWS = 40  # people put a note above a table, not a book
_LEVELS = 3
NOT_A_LEDGER = "{name} 中没有找到“问题编号”一栏，不像整改台账；请选择 gouji 生成的审核问题.xlsx。"
NO_WORKBOOK = "{name} 不是可以读取的 Excel 工作簿，或设有打开密码；请取消密码，另存为 .xlsx 后再试。"
UNREADABLE = "{name} 打不开（{reason}）；请关闭正在使用它的程序后再试。"


Rows = Sequence[Sequence[object]]


class Handed(NamedTuple):
    """What was read: the entries, and how many findings the sheet lists."""

    entries: list[Entry]
    findings: int


def read_ledger_file(path: Path, fields: tuple[str, ...], day: str) -> Handed:
    """The cells under `fields` of every listed finding; UsageError where the file is no ledger or cannot be read."""
    for rows in open_sheets(path):
        top = find_header(rows)
        if top is not None:
            return _read_rows(rows, top, fields, path.name, day)
    raise UsageError(NOT_A_LEDGER.format(name=path.name))


def open_sheets(path: Path) -> list[Rows]:
    """The cells of every sheet; UsageError where the file cannot be read."""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except OSError as error:
        raise UsageError(UNREADABLE.format(name=path.name, reason=say_reason(error))) from error
    except CalamineError as error:
        raise UsageError(NO_WORKBOOK.format(name=path.name)) from error


def find_header(rows: Rows) -> int | None:
    """The row that holds 问题编号."""
    for number, row in enumerate(rows[:_HEADER_ROWS]):
        if any(_label(cell) == KEY for cell in row):
            return number
    return None


def _read_rows(rows: Rows, top: int, fields: tuple[str, ...], source: str, day: str) -> Handed:
    places = find_columns(rows[top : top + _LEVELS], (KEY, *fields))
    written = [name for name in fields if name in places]
    listed: set[str] = set()
    entries: list[Entry] = []
    for row in rows[top + 1 :]:
        finding_id = show_cell(row[places[KEY]]) if places[KEY] < len(row) else ""
        if "-" not in finding_id or finding_id in listed:  # a header level, the closing line, a copied row
            continue
        listed.add(finding_id)
        for name in written:
            text = show_cell(row[places[name]]) if places[name] < len(row) else ""
            if text:  # a blank takes nothing back: an older copy of the ledger must not undo a newer one
                entries.append(Entry(finding_id, name, text, source, day))
    return Handed(entries, len(listed))


def find_columns(header: Rows, names: Sequence[str]) -> dict[str, int]:
    """Where each named column stands: the lowest level of the header decides."""
    places: dict[str, int] = {}
    for row in header:
        for place, cell in enumerate(row):
            label = _label(cell)
            if label in names:
                places.setdefault(label, place)
    return places


def _label(cell: object) -> str:
    return "".join(str(cell).split()) if isinstance(cell, str) else ""


def show_cell(cell: object) -> str:
    """What a person sees in a cell: a whole number without .0, a date without midnight."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
