"""A sheet that writes its usual cells in one go; XlsxWriter takes ten calls for each, most of the time of a large workbook.

    text      <c r="B6" s="4" t="inlineStr"><is><t>云溯区某局</t></is></c>
    number    <c r="C6" s="5"><v>603.03</v></c>
    blank     <c r="D6" s="6"/>

Only for constant memory, where texts stand in their cells. Whatever else there is, formulas first, XlsxWriter writes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

_COMMON = 60  # characters of a text that may well come again: names, levels, units

_name_column = lru_cache(xl_col_to_name)


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet of XlsxWriter with a short way for the cells that make up nearly all of a sheet."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:  # noqa: ANN401 - as the base does
        if not cell.format:
            super()._write_cell(row, col, cell)
            return
        head = f'<c r="{_name_column(col)}{row + 1}" s="{cell.format._get_xf_index()}"'  # noqa: SLF001 - as the base does
        kind = cell.__class__
        if kind is CellStringTuple:
            text = cell.string
            body = _write_common(text) if len(text) <= _COMMON else write_inline(text)
            self.fh.write(head + body)
        elif kind is CellNumberTuple:
            self.fh.write(f"{head}><v>{cell.number:.16G}</v></c>")
        elif kind is CellBlankTuple:
            self.fh.write(head + "/>")
        else:
            super()._write_cell(row, col, cell)


def write_inline(text: str) -> str:
    """The rest of a text cell. What looks like rich text is escaped as any other text."""
    text = Worksheet._escape_control_characters(text)  # noqa: SLF001 - its _xHHHH_ rules, which Excel reads
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f' t="inlineStr"><is><t{kept}>{escaped}</t></is></c>'


_write_common = lru_cache(maxsize=8192)(write_inline)
