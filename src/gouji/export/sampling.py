"""抽查: a stratified random sample of figures for people to compare with the originals, and what they found.

    District-wide figures ─strata: 归口股室 or 等次, and whether anything must be corrected─→ units ─→ cells of each unit
    抽查复核表.xlsx   系统读数 | 原文 | 位置 | 复核结果 …        filled in by people ─read_sample→ Check …

The draw needs no random generator: units and cells are ordered by a hash of the seed and their name, so that the same
seed gives the same sample on every machine, and the sample can be defended years later.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gouji.export.atomic import Put, Written, put_in_place, scratch_folder
from gouji.export.ledger_reader import find_columns, open_sheets, show_cell
from gouji.export.workbook import FIRST_DATA_ROW, Book, Imprint, SheetWriter
from gouji.model.errors import UsageError
from gouji.model.sample import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gouji.export.district import Department, District
    from gouji.model.report import Fact, Report
    from gouji.model.result import Outcome
    from gouji.patterns.exports import Layout

_ID, _RESULT = "核对编号", "复核结果"
_COLUMNS = (_ID, _RESULT, "应为", "复核人", "复核日期", "说明")
AGREES, DIFFERS = ("一致", "是", "√", "对"), ("不一致", "否", "×", "错")
NOT_A_SAMPLE = "{name} 中没有找到“核对编号”和“复核结果”两栏，不像抽查复核表；请选择 gouji sample 生成的文件。"
BY_GRADE, BY_SECTION = "自评等次", "归口股室"
_Z = 1.96  # of a 95 % interval


class Item(NamedTuple):
    """A figure to be compared: `key` names it for good (file's SHA-256 and evidence id)."""

    key: str
    stratum: str
    budget_code: str
    unit_name: str
    path: str
    fact: Fact


class Plan(NamedTuple):
    """How to draw: the share of units of each stratum, figures of each unit, and the seed that is written down."""

    share: Decimal
    cells: int
    seed: str


class Frame(NamedTuple):
    """What is drawn from: the figures of each unit by stratum, and what the strata were told apart by."""

    strata: dict[str, dict[str, list[Item]]]
    basis: str = BY_GRADE

    @property
    def units(self) -> int:
        """How many units there are to draw from."""
        return sum(map(len, self.strata.values()))


class Draw(NamedTuple):
    """What was drawn, out of what, and how."""

    items: Sequence[Item]
    frame: Frame
    plan: Plan


def build_frame(outcomes: Iterable[Outcome], district: District) -> Frame:
    """Every printed figure of every report that counts, by stratum and unit. `district`: of the same outcomes, in their order.

    With a roster that names 归口股室 a stratum is of one of them; without one, of one grade.
    """
    counted = {department.identity.serial: department for department in district.departments}
    by_section = any(department.section for department in counted.values())
    strata: defaultdict[str, dict[str, list[Item]]] = defaultdict(dict)
    serial = -1
    for outcome in outcomes:
        for index, report in enumerate(outcome.reports):
            serial += 1
            department = counted.get(serial)
            if department is None:
                continue
            first = department.section if by_section else report["performance.grade"].value or "未填等次"
            stratum = f"{first}·{'有必改' if _must_correct(outcome, report) else '无必改'}"
            items = _list_items(outcome, index, report, department, stratum)
            if items:
                unit = f"{department.code} {department.name} {index}".strip()
                strata[stratum].setdefault(unit, []).extend(items)
    return Frame(dict(sorted(strata.items())), BY_SECTION if by_section else BY_GRADE)


def _must_correct(outcome: Outcome, report: Report) -> bool:
    return any(
        finding.verdict == "fail" and finding.severity == "hard" and finding.unit_name == report.unit_name
        for finding in outcome.findings
    )


def _list_items(outcome: Outcome, index: int, report: Report, department: Department, stratum: str) -> list[Item]:
    version = (outcome.source.sha256 or outcome.source.path)[:12]
    return [
        Item(f"{version}-{index}-{fact.where}", stratum, department.code, department.name, outcome.source.path, fact)
        for fact in report.facts
        if fact.quantity is not None and fact.where is not None
    ]


def draw_sample(frame: Frame, plan: Plan) -> list[Item]:
    """The figures to compare: of each stratum its share of units, at least one; of each unit so many figures."""
    drawn: list[Item] = []
    for units in frame.strata.values():
        wanted = min(len(units), max(1, math.ceil(plan.share * len(units))))
        for unit in sorted(_draw(units, plan.seed, wanted)):
            items = {item.key: item for item in units[unit]}
            chosen = set(_draw(items, plan.seed, plan.cells))
            drawn += [item for key, item in items.items() if key in chosen]
    return drawn


def _draw(names: Iterable[str], seed: str, count: int) -> list[str]:
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed}|{name}".encode()).digest())[:count]


def write_sample(path: Path, draw: Draw, layout: Layout, imprint: Imprint, put: Put = put_in_place) -> Written:
    """抽查复核表.xlsx, its closing line naming the draw."""
    with scratch_folder(path) as folder:
        finished = folder / path.name
        book = Book(finished, folder, imprint)
        for sheet in layout.sheets:
            writer = SheetWriter(book, sheet, sheet.columns, sheet.unit)
            for ordinal, item in enumerate(draw.items, 1):
                _write_item(writer, ordinal, item)
            if draw.items:
                results = {"validate": "list", "source": ["一致", "不一致"]}
                place = writer.places[_RESULT]
                writer.worksheet.data_validation(FIRST_DATA_ROW, place, writer.row - 1, place, results)
            writer.filter_rows(writer.row - 1)
            writer.finish(describe_draw(*draw))
        book.close()
        return put(finished, path)


def describe_draw(items: Sequence[Item], frame: Frame, plan: Plan) -> str:
    """How the sample was drawn, for whoever has to defend it."""
    units = len({(item.path, item.unit_name) for item in items})
    share = f"{(plan.share * 100).normalize():f}%"
    return (
        f"分层随机抽样：按{frame.basis}、有无必改问题分 {len(frame.strata)} 层，每层抽 {share}（至少 1 家），每家抽 {plan.cells} 个数；"
        f"共 {frame.units} 家抽 {units} 家、{len(items)} 个数。随机种子：{plan.seed}（同一种子、同一批报告抽出的样本相同）。"
        "请对照原件，在“复核结果”栏填“一致”或“不一致”，不一致的填“应为”。"
    )


def _write_item(writer: SheetWriter, ordinal: int, item: Item) -> None:
    fact = item.fact
    number = fact.quantity.value if fact.quantity is not None else Decimal(0)
    cells = {
        "budget_code": item.budget_code,
        "unit_name": item.unit_name,
        "stratum": item.stratum,
        "path": item.path,
        "label": " / ".join(fact.header_path) or fact.label or fact.concept,
        "place": fact.place,
        "value": format(number, "f"),
        "unit": fact.unit or "",
        "raw": fact.raw,
        "key": item.key,
    }
    writer.start_row({n: cells[c.field] for n, c in enumerate(writer.columns) if c.kind == "field"})
    for place, column in enumerate(writer.columns):
        if column.kind == "ordinal":
            writer.put_number(place, Decimal(ordinal), writer.book.format("text", align="center"))
        elif column.kind == "people":
            writer.put_blank(place, writer.book.format("text", "people"))
        else:
            text = cells[column.field]
            writer.put_text(place, text, writer.text_format(text))
    writer.row += 1


# --- reading back -------------------------------------------------------------------------------------------------


def read_sample(path: Path, day: str) -> list[Check]:
    """What people found, row by row; rows without a result are left out. UsageError where the file is no such sheet."""
    for rows in open_sheets(path):
        places: dict[str, int] = {}
        for top, row in enumerate(rows[: 2 * FIRST_DATA_ROW]):
            places = find_columns(rows[top : top + 1], _COLUMNS)
            if _ID in places and _RESULT in places:
                body = rows[top + 1 :]
                return [check for row in body if (check := _read_check(row, places, path.name, day)) is not None]
    raise UsageError(NOT_A_SAMPLE.format(name=path.name))


def _read_check(row: Sequence[object], places: dict[str, int], source: str, day: str) -> Check | None:
    said = {name: show_cell(row[place]) if place < len(row) else "" for name, place in places.items()}
    result = said[_RESULT]
    if "-" not in said[_ID] or result not in AGREES + DIFFERS:
        return None
    return Check(
        key=said[_ID],
        agrees=result in AGREES,
        should_be=said.get("应为", ""),
        checked_by=said.get("复核人", ""),
        checked_on=said.get("复核日期", ""),
        remark=said.get("说明", ""),
        source=source,
        entered=day,
    )


class Accuracy(NamedTuple):
    """Figures compared, those that agreed, and the 95 % interval (Wilson) of the share that agrees."""

    compared: int
    agreed: int
    low: float
    high: float


def measure_accuracy(checks: Sequence[Check]) -> Accuracy:
    """The last word on each figure counts."""
    last = {check.key: check.agrees for check in checks}
    total, agreed = len(last), sum(last.values())
    if not total:
        return Accuracy(0, 0, 0.0, 1.0)
    share, square = agreed / total, _Z * _Z
    middle = share + square / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    low, high = ((middle - spread) / (1 + square / total), (middle + spread) / (1 + square / total))
    return Accuracy(total, agreed, max(0.0, low), min(1.0, high))
