"""A document → the lines of its tables by field: the header is the first row that names a unit and one thing more.

    附件1 单位名册
    序号 │ 归口股室 │ 单位名称        │ 预算编码 │ 应报日期      {"section": "预算股", "name": "云溯区财政局",
    1    │ 预算股   │ 云溯区财政局    │ 102002   │ 2022/5/20   →   "code": "102002", "due": "2022/5/20"}
    2    │          │ 云溯区教育局    │ 103001   │             →  section again: the cell was merged

A table without a header of its own goes on with the one above where it is as wide.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gouji.model.document import Document, Paragraph, Table
from gouji.roster.unit import Receipt, Register, Reminder, Roster, RosterUnit
from gouji.text.dates import read_day
from gouji.text.labels import close_up, label_key
from gouji.text.names import is_unit_like

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gouji.patterns.roster import RosterWords

Line = dict[str, str]
Columns = dict[int, str]
_TOTALS = ("合计", "总计", "小计")


def read_lines(document: Document, fields: Mapping[str, tuple[str, ...]], needed: str) -> Iterator[Line]:
    """Every line below a header that has the field `needed`."""
    columns: Columns = {}
    width = 0
    for table in (block for block in document.parts[0].blocks if isinstance(block, Table)):
        if table.cols != width:
            columns = {}
        for row in _list_rows(table):
            found = _read_header(row, fields)
            if needed in found.values():
                columns, width = found, table.cols
            elif columns:
                yield {field: row.get(col, "") for col, field in columns.items()}


def _list_rows(table: Table) -> list[dict[int, str]]:
    """Texts by column; a cell over several rows stands in each."""
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            rows[row][cell.col] = cell.text.strip()
    return [rows[row] for row in sorted(rows)]


def _read_header(row: dict[int, str], fields: Mapping[str, tuple[str, ...]]) -> Columns:
    """Column → field, the first column of each; a row with one known label alone is no header."""
    found: Columns = {}
    for col, text in sorted(row.items()):
        key = label_key(text) if text else ""
        field = next((name for name, keys in fields.items() if key in keys), None)
        if field is not None and field not in found.values():
            found[col] = field
    return found if len(found) > 1 else {}


# --- the roster -----------------------------------------------------------------------------------------------------


def read_roster(document: Document, words: RosterWords) -> Roster:
    """The units of a roster: by 归口股室 in the order of their first appearance, in each by 预算编码."""
    lines = list(read_lines(document, words.columns, "name"))
    problems: list[str] = []
    units = [_read_unit(line, words, problems) for line in lines if _is_unit(line)]
    read = {close_up(unit.name) for unit in units}
    problems += _find_lost(document, read)
    problems += _find_repeated(units)
    return Roster(tuple(_order_units(units)), tuple(problems))


def _is_unit(line: Line) -> bool:
    return bool(line["name"]) and close_up(line["name"]) not in _TOTALS


def _read_unit(line: Line, words: RosterWords, problems: list[str]) -> RosterUnit:
    due = line.get("due", "")
    date = read_day(due)
    if due and not date:
        problems.append(
            f"{line['name']}：应报日期“{due}”不是完整的年月日，或没有这一天，未采用；请写成 2022-05-20 这样"
        )
    return RosterUnit(
        serial=0,
        name=close_up(line["name"]),
        code=close_up(line.get("code", "")),
        old_codes=tuple(close_up(code) for code in _split(line.get("old_codes", ""))),
        section=close_up(line.get("section", "")),
        parent=close_up(line.get("parent", "")),
        group=line.get("group", ""),
        contact=line.get("contact", ""),
        phone=line.get("phone", ""),
        due=date,
        secret=close_up(line.get("secret", "")).casefold() in words.yes,
    )


def _split(text: str) -> list[str]:
    for mark in ("，", "；", ";", "/", "\n", " "):
        text = text.replace(mark, "、").replace(",", "、")
    return [part for part in text.split("、") if part.strip()]


def _order_units(units: list[RosterUnit]) -> Iterator[RosterUnit]:
    sections = {section: place for place, section in enumerate(dict.fromkeys(unit.section for unit in units))}
    ordered = sorted(units, key=lambda unit: (sections[unit.section], not unit.code, unit.code.zfill(12)))
    for serial, unit in enumerate(ordered):
        yield RosterUnit(**{name: getattr(unit, name) for name in unit.__struct_fields__} | {"serial": serial})


def _find_lost(document: Document, read: set[str]) -> Iterator[str]:
    """Names that stand outside the table: a lone cell is taken for a line of text."""
    tables = [n for n, block in enumerate(document.parts[0].blocks) if isinstance(block, Table)]
    for n, block in enumerate(document.parts[0].blocks):
        if isinstance(block, Paragraph) and tables and n > tables[0]:
            name = close_up(block.text)
            if is_unit_like(name) and name not in read:
                yield f"“{name}”一行只有名称，没有读入；请补上预算编码等内容"


def _find_repeated(units: list[RosterUnit]) -> Iterator[str]:
    for field, word in (("code", "预算编码"), ("name", "单位名称")):
        seen: dict[str, list[str]] = defaultdict(list)
        for unit in units:
            seen[getattr(unit, field)].append(unit.name)
        for value, names in seen.items():
            if value and len(names) > 1:
                yield f"{word} {value} 在名册中出现 {len(names)} 次（{'、'.join(names)}），请核对"


# --- the register ---------------------------------------------------------------------------------------------------


def read_register(document: Document, words: RosterWords) -> Register:
    """Receipts and reminders of 收件登记.xlsx. A date that cannot be read is said, never guessed."""
    problems: list[str] = []
    receipts = [
        Receipt(
            path=line["path"],
            check=close_up(line.get("check", "")),
            code=close_up(line.get("code", "")),
            received=_read_day(line, "received", problems),
            returned=_read_day(line, "returned", problems),
            reason=line.get("reason", ""),
        )
        for line in read_lines(document, words.register, "path")
        if line["path"]
    ]
    reminders = [
        Reminder(_read_day(line, "date", problems), line.get("unit_code", ""), line["unit"], line.get("answer", ""))
        for line in read_lines(document, words.register, "unit")
        if line["unit"]
    ]
    return Register(tuple(receipts), tuple(reminders), tuple(problems))


def _read_day(line: Line, field: str, problems: list[str]) -> str:
    text = line.get(field, "")
    date = read_day(text)
    if text and not date:
        problems.append(
            f"{line.get('path') or line.get('unit')}：日期“{text}”不是完整的年月日，或没有这一天，未采用；请在收件登记.xlsx 里重填"
        )
    return date
