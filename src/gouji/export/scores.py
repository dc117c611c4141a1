"""The sheet 指标得分: every row of every scoring table, one below the other, to be filtered by unit or by indicator.

分值 15 shared by three rows   stands on the first; the other two are shaded, and none of them shows points lost
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.export.ledger import link_problem
from gouji.export.totals import Sums, colour_checks, put_formula_cell, write_totals

if TYPE_CHECKING:
    from gouji.export.district import District, ScoreRow
    from gouji.export.workbook import SheetWriter

_SHADED = ("blank", "unreadable", "missing", "withheld")
Values = dict[str, Decimal | None]


def write_score_sheet(writer: SheetWriter, district: District, rows: dict[int, int], targets: dict[int, str]) -> None:
    """Write the sheet. `rows`: serial number of a finding → its row in 审核问题; `targets` gains the cell it is seen in."""
    sums = Sums()
    ordinal = 0
    for department in district.departments:
        owner = {"budget_code": department.code, "unit_name": department.name, "section": department.section}
        for score in department.scores:
            ordinal += 1
            for field, (_, problem) in score.marks.items():
                if field in writer.places and problem in rows:
                    targets.setdefault(problem, f"internal:'{writer.sheet.name}'!{writer.ref(field)}")
            sums.add(_write_score(writer, ordinal, score, owner, rows), ())
    last = writer.row - 1
    colour_checks(writer, last)
    writer.filter_rows(last)
    write_totals(writer, sums, last)
    writer.finish()


def _write_score(
    writer: SheetWriter, ordinal: int, score: ScoreRow, owner: dict[str, str], rows: dict[int, int]
) -> Values:
    """One row. Where a weight is shared, the row alone says nothing of points lost: those cells stay empty."""
    texts = owner | {"level1": score.level1, "level2": score.level2, "level3": score.level3, "reason": score.reason}
    values: Values = {
        "weight": score.weight.value if score.weight else None,
        "score": score.score.value if score.score else None,
    }
    writer.start_row({n: texts[c.field] for n, c in enumerate(writer.columns) if c.field in texts})
    for place, column in enumerate(writer.columns):
        if column.kind == "ordinal":
            writer.put_number(place, Decimal(ordinal), writer.book.format("text", align="center"))
        elif column.formula and score.note:
            writer.put_blank(place, writer.book.format(column.format))
        elif column.formula:
            values[column.key] = put_formula_cell(writer, place, column, values, "")
        else:
            _put_field(writer, place, score, texts, values, rows)
    writer.row += 1
    return values


def _put_field(
    writer: SheetWriter,
    place: int,
    score: ScoreRow,
    texts: dict[str, str],
    values: Values,
    rows: dict[int, int],
) -> None:
    column = writer.columns[place]
    mark, problem = score.marks.get(column.field, ("", -1))
    link = link_problem(rows.get(problem))
    if column.field in texts:
        text = texts[column.field]
        align = "center" if column.field == "budget_code" else "left"
        writer.put_text(place, text, writer.text_format(text, mark, align=align), link)
        return
    style = writer.book.format(column.format, mark or _shade_number(column.field, score))
    number = values[column.field]
    if number is None:
        writer.put_blank(place, style)
    else:
        writer.put_number(place, number, style, link)
    if score.note and number is not None and column.field == "weight":
        writer.put_note(place, score.note)


def _shade_number(field: str, score: ScoreRow) -> str:
    if field == "score":
        return score.score_state if score.score_state in _SHADED else ""
    return "blank" if score.weight is None else ""
