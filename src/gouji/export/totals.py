"""Formula cells, the row 合计, and the live colours of the checking columns.

data rows     =IF(ISNUMBER(D6),ROUND(D6-SUM(E6,F6),6),"")        the value stored beside it
合计          amounts and differences  =SUBTOTAL(9,D6:D35)       a rate is taken of the sums, or left empty
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.export.formulas import compute_formula, write_formula, write_total
from gouji.export.workbook import FIRST_DATA_ROW, SheetWriter, cell_range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.patterns.exports import Column

_CHECK_SLACK = "0.005"


class Sums:
    """Column totals while the rows go by, and which columns were printed in exactly the same rows."""

    def __init__(self) -> None:
        self._totals: dict[str, Decimal] = {}
        self._unpaired: set[frozenset[str]] = set()

    def add(self, values: dict[str, Decimal | None], pairs: Iterable[frozenset[str]]) -> None:
        """Add one row; `pairs` are the operands of the sheet's rates."""
        for key, value in values.items():
            if value is not None:
                self._totals[key] = self._totals.get(key, Decimal(0)) + value
        self._unpaired.update(pair for pair in pairs if len({values.get(key) is None for key in pair}) > 1)

    def of(self, key: str) -> Decimal | None:
        """The total of a column, None where nothing was printed."""
        return self._totals.get(key)

    def is_paired(self, operands: tuple[str, ...]) -> bool:
        """Whether a rate of the totals compares like with like: no row had one operand without the other."""
        return frozenset(operands) not in self._unpaired


def list_rates(columns: tuple[Column, ...]) -> list[frozenset[str]]:
    return [frozenset(c.operands) for c in columns if c.formula in ("ratio", "change_rate")]


def put_formula_cell(
    writer: SheetWriter, place: int, column: Column, values: dict[str, Decimal | None], fill: str
) -> Decimal | None:
    operands = column.operands
    if column.formula is None or len(operands) < 2:  # noqa: PLR2004 - a total whose parts are all optional and absent
        writer.put_blank(place, writer.book.format(column.format, fill))
        return None
    value = compute_formula(column.formula, [values.get(key) for key in operands])
    formula = write_formula(column.formula, [writer.ref(key) for key in operands])
    writer.put_formula(place, formula, value, writer.book.format(column.format, fill))
    return value


def colour_checks(writer: SheetWriter, last: int) -> None:
    """A difference that is not 0 stands out, live, in a colour that accuses nobody; data bars where the layout asks for them."""
    for place, column in enumerate(writer.columns):
        area = (FIRST_DATA_ROW, place, max(last, FIRST_DATA_ROW), place)
        if column.formula == "difference":
            first = writer.ref(column.key, FIRST_DATA_ROW)
            colour = writer.book.workbook.add_format({"bold": True, "font_color": "#1F4E9E"})
            rule = {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({first}),ABS({first})>={_CHECK_SLACK})",
                "format": colour,
            }
            writer.worksheet.conditional_format(*area, rule)
        if column.bar:
            # Excel 2007's bars: a solid one needs an extension that openpyxl, and with it pandas, warns of and drops.
            ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
            bar = {"type": "data_bar", "bar_color": "#9BC2E6", **ends}
            writer.worksheet.conditional_format(*area, bar)


def write_totals(writer: SheetWriter, sums: Sums, last: int) -> None:
    """合计, in its own colour. Amounts and differences are added up and follow a filter; a rate is taken of the sums."""
    if last >= FIRST_DATA_ROW:
        write_sum_row(writer, sums, (FIRST_DATA_ROW, last), "合计")


def write_sum_row(
    writer: SheetWriter, sums: Sums, rows: tuple[int, int], label: str, section: str | None = None
) -> None:
    """The sums of rows first to last. SUBTOTAL passes over the sums of parts among them: nothing counts twice.

    `section`: a part's own sum, which stays visible under a filter of that part; nothing printed leaves it empty.
    """
    writer.start_row({})
    fill = "total" if section is None else "part"
    place_of_label = next((n for n, c in enumerate(writer.columns) if c.field == "unit_name"), 0)
    for place, column in enumerate(writer.columns):
        style = writer.book.format(column.format, fill)
        if place == place_of_label:
            writer.put_text(place, label, writer.book.format("text", fill, align="center"))
        elif section and column.field == "section":
            writer.put_text(place, section, writer.text_format(section, fill))
        elif column.total or column.formula in ("difference", "change", "sum"):
            _put_sum(writer, place, column, sums.of(column.key), rows, section)
        elif column.formula and sums.is_paired(column.operands):
            put_formula_cell(writer, place, column, {key: sums.of(key) for key in column.operands}, fill)
        else:
            writer.put_blank(place, style)
    writer.row += 1


def _put_sum(
    writer: SheetWriter, place: int, column: Column, total: Decimal | None, rows: tuple[int, int], section: str | None
) -> None:
    style = writer.book.format(column.format, "total" if section is None else "part")
    if section is not None and total is None:
        writer.put_blank(place, style)
        return
    first, last = (cell_range(row, place, row, place) for row in rows)
    writer.put_formula(place, write_total(first, last, empty=total is None), total, style)
