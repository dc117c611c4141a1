"""The frame that every sheet shares, over XlsxWriter in constant memory: rows are written once, from the top.

    row 1     title, merged, 20 pt
    row 2     填报单位：…                                   单位：万元
    rows 3–5  header levels, merged
    row 6 …   data, then 合计, then a closing line
    print     A3 landscape (paper.py), header repeated, footer 填表人 / 审核人 / 第 N 页 共 M 页

In constant memory `merge_range` cannot reach over several rows: it writes the cells too, and the first row would be
gone. So the cells are written row by row and the ranges are added to the sheet's own list of merged ranges.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name, xl_range

from gouji.export.cells import QuickSheet
from gouji.export.paper import fit_on_pages, set_paper, set_side_by_side
from gouji.export.plain import clean_text, is_formula_like, measure_text
from gouji.patterns.exports import MAX_LEVELS, Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FONT = "宋体"
FIRST_DATA_ROW = 2 + MAX_LEVELS
# "_ " leaves the width of a space, so that a number never touches the text to its right. Excel writes 86 in 0.## as "86.".
NUMBER_FORMATS = {
    "money": "#,##0.00_ ",
    "count": "General_ ",
    "percent": "0.00%_ ",
    "score": "General_ ",
    "average": "0.00_ ",
    "number": "#,##0.00####_ ",
}
FILLS = {
    "hard": ("#FFC7CE", "#9C0006"),
    "explain": ("#FFE0B2", "#7F4F00"),
    "blank": ("#E4E4E4", None),
    "unreadable": ("#FFF2A8", None),
    "withheld": ("#E2DAF0", None),
    "missing": ("#DCE9F5", None),
    "total": ("#E9EDF2", None),
    "part": ("#F5F7FA", None),
    "head": ("#DDE5EE", None),
    "people": ("#FCFBEF", None),
}
MAX_LINKS = 60_000  # Excel takes 65,530 in a sheet
_UNDATED = datetime(1980, 1, 1)  # noqa: DTZ001 - Office dates carry no zone
_UNIT_WIDTH = 18
_ROW_POINTS = 18.0
_LINE_POINTS = 13.5
_HEAD_POINTS = {1: 13, 2: 20, 3: 22}  # one level alone would stand in a box three rows high


class Imprint(msgspec.Struct, frozen=True):
    """What a workbook says of itself. `created` is the caller's: a workbook reads no clock and names no user.

    `signed`: room for 填表人 and 审核人 at the foot; `plain`: values alone, no formula.
    """

    bureau: str = ""
    year: int | None = None
    created: datetime | None = None
    signed: bool = True
    plain: bool = False

    def title_of(self, sheet: Sheet) -> str:
        """The sheet's title with its year."""
        return clean_text(sheet.title.replace("{year}", f"{self.year}年度" if self.year else ""))


class Book:
    """A workbook being written into `folder`, a scratch folder that also takes XlsxWriter's own temporary files."""

    def __init__(self, path: Path, folder: Path, imprint: Imprint) -> None:
        self.imprint = imprint
        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.workbook: Workbook = xlsxwriter.Workbook(str(path), options)
        self.workbook.set_properties({"title": path.stem, "author": "", "created": imprint.created or _UNDATED})
        self.workbook.set_calc_mode("auto")
        self._formats: dict[tuple[Any, ...], Format] = {}

    def format(self, number: str = "text", fill: str = "", **more: Any) -> Format:
        """A cell format, made once for each combination."""
        key = (number, fill, *sorted(more.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(_describe_format(number, fill, more))
        return self._formats[key]

    def close(self) -> None:
        """Finish the file. OSError where it cannot be written, as for any other."""
        try:
            self.workbook.close()
        except FileCreateError as error:
            raise error.args[0] from error


def _describe_format(number: str, fill: str, more: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "font_name": FONT,
        "font_size": 10,
        "border": 1,
        "border_color": "#7F7F7F",
        "valign": "vcenter",
    }
    if number in NUMBER_FORMATS:
        described |= {"num_format": NUMBER_FORMATS[number], "align": "right"}
    else:
        described |= {"text_wrap": True, "align": "left"}
    if fill:
        background, ink = FILLS[fill]
        described |= {"bg_color": background, "pattern": 1} | ({"font_color": ink} if ink else {})
    if fill in ("total", "part", "head"):
        described["bold"] = True
    return described | more


class SheetWriter:
    """One sheet, written from the top. `row` is the row being written, from 0."""

    def __init__(self, book: Book, sheet: Sheet, columns: Sequence[Column], unit: str) -> None:
        self.book = book
        self.sheet = sheet
        self.columns = tuple(columns)
        self.places = {column.key: n for n, column in enumerate(self.columns)}
        self.worksheet: Worksheet = book.workbook.add_worksheet(sheet.name, QuickSheet)
        # XlsxWriter looks for thirty names of newer functions in each formula, a third of the time of a workbook; ours has none.
        self.worksheet._prepare_formula = strip_sign  # noqa: SLF001 - it offers no other way
        self.row = 0
        self.last_row = FIRST_DATA_ROW
        self._links = 0
        self._heights: list[float] = []
        self._set_up_page()
        self._write_head(unit)

    # --- frame --------------------------------------------------------------------------------------------------

    def _set_up_page(self) -> None:
        page = self.worksheet
        set_paper(page)
        page.repeat_rows(0, FIRST_DATA_ROW - 1)
        page.freeze_panes(FIRST_DATA_ROW, self.sheet.freeze)
        signatures = "填表人：　　　　　　　审核人：" if self.book.imprint.signed else ""
        page.set_footer(f'&L&"{FONT}"&10{signatures}&C&"{FONT}"&10第 &P 页　共 &N 页&R&"{FONT}"&10&A')
        page.hide_gridlines(2)
        for place, column in enumerate(self.columns):
            page.set_column(place, place, column.width)

    def _write_head(self, unit: str) -> None:
        last = self._count_titled() - 1
        title = self.book.format(border=0, font_size=20, bold=True, align="center", text_wrap=False)
        self._write_line({0: (self.book.imprint.title_of(self.sheet), title)}, 36, title)
        self.merge(0, 0, 0, last)
        left = self.book.format(border=0, font_size=11, text_wrap=False)
        right = self.book.format(border=0, font_size=11, align="right", text_wrap=False)
        middle = self._place_unit()
        bureau = clean_text(self.book.imprint.bureau)
        self._write_line({0: (f"填报单位：{bureau}", left), middle: (f"单位：{unit}" if unit else "", right)}, 20, left)
        self.merge(1, 0, 1, middle - 1)
        self.merge(1, middle, 1, last)
        self._write_header_levels()

    def _count_titled(self) -> int:
        """The columns that the title stands over: those of the first page."""
        return self.sheet.across or len(self.columns)

    def _place_unit(self) -> int:
        """Where 单位：万元 begins: as far right as it finds room, so that the left keeps the most."""
        place = self._count_titled() - 1
        room = self.columns[place].width
        while place > 1 and room < _UNIT_WIDTH:
            place -= 1
            room += self.columns[place].width
        return place

    def _write_line(self, texts: dict[int, tuple[str, Format]], height: float, fallback: Format) -> None:
        self._set_height(height)
        for place in range(len(self.columns)):
            text, style = texts.get(place, ("", fallback))
            if text:
                self.worksheet.write_string(self.row, place, text, style)
            else:
                self.worksheet.write_blank(self.row, place, None, style)
        self.row += 1

    def _write_header_levels(self) -> None:
        style = self.book.format(fill="head", align="center")
        depth = max(len(column.path) for column in self.columns)
        blocks = plan_header([column.path for column in self.columns])
        texts = {(top, left): text for top, left, _, _, text in blocks}
        for level in range(MAX_LEVELS):
            line = {place: (clean_text(texts.get((level, place), "")), style) for place in range(len(self.columns))}
            self._write_line(line, _HEAD_POINTS[depth], style)
        for top, left, bottom, right, _ in blocks:
            self.merge(2 + top, left, 2 + bottom, right)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Declare a merged range; its cells are written row by row, the text in the first one."""
        if (top, left) != (bottom, right):
            self.worksheet.merge.append([top, left, bottom, right])

    def finish(self, closing: str = "") -> None:
        """A closing line, then the print area."""
        if closing:
            style = self.book.format(border=0, text_wrap=True)
            self._write_line({0: (clean_text(closing), style)}, 32, style)
            self.merge(self.row - 1, 0, self.row - 1, self._count_titled() - 1)
        if self.sheet.across:
            set_side_by_side(self.worksheet, self.sheet.across, self.sheet.freeze)
        else:
            head = sum(self._heights[:FIRST_DATA_ROW])
            widths = [column.width for column in self.columns]
            fit_on_pages(self.worksheet, widths, head, sum(self._heights[FIRST_DATA_ROW:]))
        self.worksheet.print_area(0, 0, self.row - 1, len(self.columns) - 1)

    def filter_rows(self, last_row: int) -> None:
        """Filter buttons over the data rows up to `last_row`."""
        self.last_row = max(last_row, FIRST_DATA_ROW)
        self.worksheet.autofilter(FIRST_DATA_ROW - 1, 0, max(last_row, FIRST_DATA_ROW - 1), len(self.columns) - 1)

    # --- cells --------------------------------------------------------------------------------------------------

    def ref(self, key: str, row: int | None = None) -> str:
        """A1 reference of a column's cell in a row."""
        return f"{xl_col_to_name(self.places[key])}{(self.row if row is None else row) + 1}"

    def put_text(self, place: int, text: str, style: Format, link: str = "") -> None:
        """A text, never a formula whatever it begins with."""
        text = clean_text(text)
        if not text:
            self.put_blank(place, style)
            return
        if link and self._may_link():
            self._put_link(place, link, style)
        self.worksheet.write_string(self.row, place, text, style)

    def put_number(self, place: int, number: Decimal, style: Format, link: str = "") -> None:
        """A number, with a link where one is given."""
        if link and self._may_link():
            self._put_link(place, link, style)
        self.worksheet.write_number(self.row, place, float(number), style)

    def put_blank(self, place: int, style: Format) -> None:
        """An empty cell. It never carries a link: other programs take the link's text for the cell's value."""
        self.worksheet.write_blank(self.row, place, None, style)

    def put_formula(self, place: int, formula: str, value: Decimal | None, style: Format) -> None:
        """A live formula with the value it comes to beside it; in a plain workbook the value alone."""
        if self.book.imprint.plain:
            if value is None:
                self.put_blank(place, style)
            else:
                self.put_number(place, value, style)
            return
        stored: float | str = "" if value is None else float(value)
        self.worksheet.write_formula(self.row, place, formula, style, stored)

    def put_note(self, place: int, note: str) -> None:
        """A comment of a size that fits its text."""
        lines = sum(1 + measure_text(line) // 44 for line in note.split("\n"))
        options = {
            "x_scale": 1,
            "width": 290,
            "height": 16 + 15 * lines,
            "font_name": FONT,
            "font_size": 9,
            "author": "",
        }
        self.worksheet.write_comment(self.row, place, note, options)

    def _put_link(self, place: int, link: str, style: Format) -> None:
        """A link; one to a file has / between its folders, which Excel takes too and other systems need."""
        self.worksheet.write_url(self.row, place, link, style)
        if link.startswith("external:"):
            stored = self.worksheet.hyperlinks[self.row][place]
            stored._relationship_link = stored._relationship_link.replace("\\", "/")  # noqa: SLF001 - XlsxWriter offers no other way

    def _may_link(self) -> bool:
        self._links += 1
        return self._links <= MAX_LINKS

    def start_row(self, texts: dict[int, str]) -> None:
        """Give the row a height that its longest wrapped text needs."""
        lines = max((count_lines(text, self.columns[place].width) for place, text in texts.items()), default=1)
        self._set_height(min(409.0, max(_ROW_POINTS, 4 + _LINE_POINTS * lines)))

    def _set_height(self, height: float) -> None:
        self.worksheet.set_row(self.row, height)
        self._heights.append(height)

    def text_format(self, text: str, fill: str = "", **more: Any) -> Format:
        """The format of a text cell; one that looks like a formula is also marked as text for later editing."""
        return self.book.format("text", fill, **(more | ({"quote_prefix": True} if is_formula_like(text) else {})))


def strip_sign(formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002 - as XlsxWriter calls it
    """A formula as the file holds it."""
    del expand_future_functions
    return formula.removeprefix("=")


@lru_cache(maxsize=8192)  # names of units and indicators stand in thousands of rows
def count_lines(text: str, width: int) -> int:
    """How many lines a wrapped text takes in a column; a little generous, because fonts differ."""
    room = max(1, int(width * 1.05) - 1)
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, -(-measure_text(line) // room)) for line in clean_text(text).split("\n"))


def plan_header(paths: Sequence[tuple[str, ...]]) -> list[tuple[int, int, int, int, str]]:
    """Header paths → blocks (top, left, bottom, right, text), levels from 0; equal neighbours under one parent join."""
    blocks: list[tuple[int, int, int, int, str]] = []
    for level in range(MAX_LEVELS):
        left = 0
        while left < len(paths):
            path = paths[left]
            right = left
            if level < len(path) - 1:
                while right + 1 < len(paths) and _shares_level(paths[right + 1], path, level):
                    right += 1
            if level < len(path):
                bottom = MAX_LEVELS - 1 if level == len(path) - 1 else level
                blocks.append((level, left, bottom, right, path[level]))
            left = right + 1
    return blocks


def _shares_level(other: tuple[str, ...], path: tuple[str, ...], level: int) -> bool:
    return len(other) > level + 1 and other[: level + 1] == path[: level + 1]


def cell_range(top: int, left: int, bottom: int, right: int) -> str:
    """A1 range of 0-based corners."""
    return str(xl_range(top, left, bottom, right))


def absolute_range(sheet: str, top: int, bottom: int, place: int) -> str:
    """'汇总表'!$D$6:$D$60: cells of one column, as formulas of other sheets name them."""
    column = xl_col_to_name(place)
    cells = f"${column}${top + 1}" + (f":${column}${bottom + 1}" if bottom > top else "")
    return f"'{sheet}'!{cells}"
