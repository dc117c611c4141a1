"""等次分布: by 归口股室, how many should report, have, are late, and their grades and mean scores.

Grades and means are live: they count the cells of the first sheet, the columns of people too, as these are filled.

    =COUNTIFS('汇总表'!$D$6:$D$60,"=预算股",'汇总表'!$U$6:$U$60,"优*")
    =IFERROR(AVERAGEIFS('汇总表'!$T$6:$T$60,'汇总表'!$D$6:$D$60,"=预算股"),"")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.export.departments import read_number
from gouji.export.formulas import escape_criterion
from gouji.export.registration import IN_HAND
from gouji.export.workbook import FIRST_DATA_ROW, cell_range

if TYPE_CHECKING:
    from gouji.export.district import Department, District
    from gouji.export.workbook import SheetWriter

GRADES = ("优", "良", "中", "差")
ALL = "全部"
Areas = Mapping[tuple[str, str], str]
_SHEET = "汇总表"


class _Cell(NamedTuple):
    """A value, and the formula that comes to it where the cell is live."""

    value: Decimal | None
    formula: str = ""


def write_grades(writer: SheetWriter, district: District, areas: Areas) -> None:
    """One row a 归口股室, then all. `areas`: (sheet, column) → its data cells."""
    sections = list_sections(district)
    rows = [_build_row(writer, district, areas, section, FIRST_DATA_ROW + n) for n, section in enumerate(sections)]
    for ordinal, (section, row) in enumerate(zip(sections, rows, strict=True), 1):
        _write_row(writer, section or ALL, row, (ordinal, ""))
    last = writer.row - 1
    writer.filter_rows(last)
    if len(sections) > 1:
        _write_row(writer, "合计", _add_rows(writer, district, areas, rows), (0, "total"))
    writer.finish("没有单位名册，不分股室，应报家数不详。" if district.attendance is None else "")


def list_sections(district: District) -> tuple[str | None, ...]:
    """归口股室 of the roster, then those of departments that are in none; None alone where nobody has one."""
    if not any(department.section for department in district.departments):
        return (None,)
    listed = district.attendance.sections if district.attendance else ()
    return tuple(dict.fromkeys([*listed, *(department.section for department in district.departments)]))


def _build_row(
    writer: SheetWriter, district: District, areas: Areas, section: str | None, row: int
) -> dict[str, _Cell]:
    members = [d for d in district.departments if section in (None, d.section)]
    cells = {field: _Cell(value) for field, value in _count_reports(district, section).items()}
    cells["counted"] = _Cell(Decimal(len(members)))
    grade_cells = areas.get((_SHEET, "performance.grade"))
    for grade in GRADES:
        count = Decimal(sum(d.grade.startswith(grade) for d in members))
        cells[grade] = _Cell(
            count, f'=COUNTIFS({_pair(areas, section)}{grade_cells},"{grade}*")' if grade_cells else ""
        )
    other = Decimal(sum(not d.grade.startswith(GRADES) for d in members))
    first, fourth = writer.ref(GRADES[0], row), writer.ref(GRADES[-1], row)
    cells["other"] = _Cell(other, f"={writer.ref('counted', row)}-SUM({first}:{fourth})")
    return cells | _build_means(areas, section, members)


def _build_means(areas: Areas, section: str | None, members: Sequence[Department]) -> dict[str, _Cell]:
    scores = [d.score for d in members if d.score is not None]
    reviews = [n for d in members if (n := read_number(d.written.get("review.score", ""))) is not None]
    return {
        "own_average": _Cell(_mean(scores), _average(areas, section, "performance.score")),
        "review_average": _Cell(_mean(reviews), _average(areas, section, "review.score")),
    }


def _mean(scores: Sequence[Decimal]) -> Decimal | None:
    return sum(scores, Decimal(0)) / len(scores) if scores else None


def _count_reports(district: District, section: str | None) -> dict[str, Decimal | None]:
    """None where only a roster could tell."""
    attendance = district.attendance
    if attendance is None:
        return dict.fromkeys(("expected", "filed", "late"))
    return {
        "expected": Decimal(attendance.expected(section)),
        "filed": Decimal(attendance.count(IN_HAND, section)),
        "late": Decimal(attendance.count(("late",), section)),
    }


def _average(areas: Areas, section: str | None, column: str) -> str:
    cells = areas.get((_SHEET, column))
    if cells is None:
        return ""
    if section is None:
        return f'=IFERROR(AVERAGE({cells}),"")'
    return f'=IFERROR(AVERAGEIFS({cells},{_pair(areas, section).rstrip(",")}),"")'


def _pair(areas: Areas, section: str | None) -> str:
    return "" if section is None else f"{areas[_SHEET, 'section']},{escape_criterion(section)},"


def _add_rows(writer: SheetWriter, district: District, areas: Areas, rows: list[dict[str, _Cell]]) -> dict[str, _Cell]:
    """Counts added up; means of all departments, not of the means."""
    total: dict[str, _Cell] = {}
    for field in rows[0]:
        values = [row[field].value for row in rows if row[field].value is not None]
        place = writer.places[field]
        area = cell_range(FIRST_DATA_ROW, place, FIRST_DATA_ROW + len(rows) - 1, place)
        total[field] = _Cell(sum(filter(None, values), Decimal(0)), f"=SUBTOTAL(9,{area})") if values else _Cell(None)
    return total | _build_means(areas, None, district.departments)


def _write_row(writer: SheetWriter, name: str, row: dict[str, _Cell], look: tuple[int, str]) -> None:
    ordinal, fill = look
    writer.start_row({})
    for place, column in enumerate(writer.columns):
        style = writer.book.format(column.format, fill, align="center")
        cell = row.get(column.field, _Cell(None))
        if column.kind == "ordinal" and ordinal:
            writer.put_number(place, Decimal(ordinal), style)
        elif column.field == "section":
            writer.put_text(place, name, writer.text_format(name, fill))
        elif cell.formula:
            writer.put_formula(place, cell.formula, cell.value, style)
        elif cell.value is not None:
            writer.put_number(place, cell.value, style)
        else:
            writer.put_blank(place, style)
    writer.row += 1
