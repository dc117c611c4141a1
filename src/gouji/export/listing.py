"""Lists: one row a dict of fields, texts wrapped, numbers as the column says, formulas live with their value.

{"unit_name": "某局", "before": 8, "now": 9}  →  序号 │ 某局 │ 8.00 │ 9.00 │ =IF(AND(…),ROUND(G6-F6,6),"") │ …
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.export.plain import clean_text
from gouji.export.totals import Sums, colour_checks, list_rates, put_formula_cell, write_totals
from gouji.export.workbook import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.export.workbook import SheetWriter
    from gouji.patterns.exports import Column

Row = dict[str, str | Decimal | None]
_CENTRED = frozenset(
    (
        "budget_code",
        "severity",
        "verdict",
        "audience",
        "category",
        "rule",
        "state",
        "due",
        "received",
        "measure",
        "copy",
    )
)
CENTRED: Mapping[str, str] = {"align": "center"}
LINKED: Mapping[str, str | int] = {"font_color": "#0563C1", "underline": 1}
NOTHING: Mapping[str, str] = {}


def write_list(writer: SheetWriter, rows: Iterable[Row], fills: Mapping[str, Mapping[str, str]], empty: str) -> None:
    """Rows, filter, totals where a column has one. `fills`: field → text → colour; `empty`: said where there is no row."""
    sums = Sums()
    for ordinal, row in enumerate(rows, 1):
        chosen = {field: fill for field, by_text in fills.items() if (fill := by_text.get(str(row.get(field)), ""))}
        sums.add(write_row(writer, ordinal, row, NOTHING, chosen), list_rates(writer.columns))
    if any(column.total for column in writer.columns):
        last = writer.row - 1
        colour_checks(writer, last)
        writer.filter_rows(last)
        write_totals(writer, sums, last)
        writer.finish("" if last >= FIRST_DATA_ROW else empty)
    else:
        finish_list(writer, empty)


def write_row(
    writer: SheetWriter, ordinal: int, row: Row, links: Mapping[str, str], fills: Mapping[str, str]
) -> dict[str, Decimal | None]:
    """One row of a list; columns of people stay empty. The numbers by column key come back.

    `row["as"]` is how this row shows what its columns leave open (number): money, or a count of people.
    """
    columns = _settle_formats(writer.columns, str(row.get("as") or "number"))
    found = {n: row.get(c.field) for n, c in enumerate(writer.columns) if c.kind == "field"}
    writer.start_row({n: value for n, value in found.items() if isinstance(value, str)})
    values: dict[str, Decimal | None] = {}
    for place, column in enumerate(columns):
        if column.kind == "ordinal":
            writer.put_number(place, Decimal(ordinal), writer.book.format("text", align="center"))
        elif column.kind == "people":
            writer.put_blank(place, writer.book.format("text", "people"))
        elif column.kind == "field":
            value = row.get(column.field)
            values[column.key] = value if isinstance(value, Decimal) else None
            put_value(writer, place, value, links.get(column.field, ""), fills.get(column.field, ""), column.format)
    for place, column in enumerate(columns):
        if column.formula:
            values[column.key] = put_formula_cell(writer, place, column, values, "")
    writer.row += 1
    return values


def _settle_formats(columns: tuple[Column, ...], chosen: str) -> tuple[Column, ...]:
    if chosen == "number":
        return columns
    return tuple(msgspec.structs.replace(c, format=chosen) if c.format == "number" else c for c in columns)


def put_value(
    writer: SheetWriter, place: int, value: str | Decimal | None, link: str, fill: str, shown: str = ""
) -> None:
    """A number in the column's format or as `shown`, or a text; a link is blue and underlined."""
    column: Column = writer.columns[place]
    if isinstance(value, Decimal):
        writer.put_number(place, value, writer.book.format(shown or column.format, fill))
        return
    text = clean_text(value or "")
    look = {**(LINKED if link else {}), **(CENTRED if column.field in _CENTRED else {})}
    writer.put_text(place, text, writer.text_format(text, fill, **look), link)


def finish_list(writer: SheetWriter, empty: str = "没有需要列出的内容。") -> None:
    """Colours, filter buttons, and a word where there is no row."""
    last = writer.row - 1
    colour_checks(writer, last)
    writer.filter_rows(last)
    writer.finish("" if last >= FIRST_DATA_ROW else empty)
