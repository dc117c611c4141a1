"""SpreadsheetML of Excel 2003, as many ledgers export it under the name of .xls.

<Worksheet ss:Name="收支"><Table>
  <Row ss:Index="3"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="2" ss:StyleID="s1"><Data ss:Type="Number">12.5</Data></Cell></Row>
"""

from __future__ import annotations

from itertools import chain

from lxml.etree import _Element

from gouji.model.document import Document
from gouji.model.errors import ReadCode, ReadError
from gouji.readers.docx.markup import clean_markup, parse_markup
from gouji.readers.sheets.address import MAX_COLUMNS, MAX_ROWS
from gouji.readers.sheets.number_formats import parse_format
from gouji.readers.sheets.rendering import show_number, show_text
from gouji.readers.sheets.sheet import Sheet
from gouji.readers.sheets.workbook import Workbook
from gouji.readers.sheets.xlsx import date_to_serial, parse_number, split_header
from gouji.readers.sheets.xlsx_styles import PLAIN, Style, to_int

SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
EXCEL = "{urn:schemas-microsoft-com:office:excel}"
NAMED = {
    "General Number": "General",
    "General Date": "yyyy/m/d h:mm",
    "Long Date": 'yyyy"年"m"月"d"日"',
    "Medium Date": "d-mmm-yy",
    "Short Date": "yyyy/m/d",
    "Long Time": "h:mm:ss",
    "Medium Time": "h:mm AM/PM",
    "Short Time": "h:mm",
    "Currency": '"¥"#,##0.00',
    "Euro Currency": '"€"#,##0.00',
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    "Yes/No": '"Yes";"Yes";"No"',
    "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}
MESSAGES: dict[ReadCode, str] = {
    "corrupt": "表格文件（XML）不完整或已损坏，无法读取；请用 WPS 或 Excel 打开后另存为 .xlsx 再提交。",
    "too_large": "表格文件（XML）内容过大，超出可处理的范围；请确认文件是否选错，或删去无关的工作表后再提交。",
}


def read_excel2003(data: bytes) -> Document:
    """Read a workbook in one XML file. Raises ReadError with what is wrong and how to go on."""
    try:
        root = parse_markup(clean_markup(data))
    except ReadError as error:
        raise ReadError(error.code, MESSAGES.get(error.code, error.message)) from error
    book = Workbook("excel2003xml")
    styles = read_styles(root)
    since_1904 = root.find(f"{EXCEL}ExcelWorkbook/{EXCEL}Date1904") is not None
    for entry in root.iterfind(f"{SS}Worksheet"):
        state = entry.findtext(f"{EXCEL}WorksheetOptions/{EXCEL}Visible", "SheetVisible").strip()
        sheet = book.add_sheet(entry.get(f"{SS}Name") or "", hidden=state != "SheetVisible")
        if sheet is not None:
            read_sheet(entry, sheet, styles, since_1904=since_1904)
    return book.to_document()


def read_styles(root: _Element) -> dict[str, Style]:
    """The styles by their ids; what a style does not say, its parent or the default style does."""
    entries = {item.get(f"{SS}ID") or "": item for item in root.iterfind(f"{SS}Styles/{SS}Style")}
    return {name: make_style(name, entries) for name in entries}


def make_style(name: str, entries: dict[str, _Element]) -> Style:
    """One style; parents that run in circles are followed once."""
    code: str | None = None
    ruled: bool | None = None
    seen: set[str] = set()
    for at in iter_family(name, entries):
        if at in seen:
            break
        seen.add(at)
        number, borders = entries[at].find(f"{SS}NumberFormat"), entries[at].find(f"{SS}Borders")
        code = number.get(f"{SS}Format") if code is None and number is not None else code
        ruled = has_vertical(borders) if ruled is None and borders is not None else ruled
    return Style(parse_format(NAMED.get(code or "", code or "General")), ruled=bool(ruled))


def iter_family(name: str, entries: dict[str, _Element]) -> chain[str]:
    """A style and those it is derived from."""

    def ancestors() -> list[str]:
        line: list[str] = []
        at: str | None = name
        while at in entries and at not in line:
            line.append(at)
            at = entries[at].get(f"{SS}Parent")
        return line

    return chain(ancestors(), ["Default"] if "Default" in entries else [])


def has_vertical(borders: _Element) -> bool:
    """Whether a line runs down the left or the right side."""
    return any(
        border.get(f"{SS}Position") in ("Left", "Right") and border.get(f"{SS}LineStyle", "None") != "None"
        for border in borders
    )


def read_sheet(entry: _Element, sheet: Sheet, styles: dict[str, Style], *, since_1904: bool) -> None:
    """One worksheet."""
    for options in entry.iterfind(f"{EXCEL}WorksheetOptions"):
        for name, target in (("Header", sheet.headers), ("Footer", sheet.footers)):
            for item in options.iter(f"{EXCEL}{name}"):
                target.extend(split_header(item.get(f"{EXCEL}Data") or ""))
        sheet.hides_zeros = options.find(f"{EXCEL}DoNotDisplayZeros") is not None
    table = entry.find(f"{SS}Table")
    if table is None:
        return
    read_columns(table, sheet)
    row = -1
    for item in table.iterfind(f"{SS}Row"):
        row = next_index(item, row, MAX_ROWS)
        if item.get(f"{SS}Hidden") == "1":
            sheet.hidden_rows.add(row)
        read_row(item, sheet, row, styles, since_1904)
        row += to_int(item.get(f"{SS}Span"))


def read_columns(table: _Element, sheet: Sheet) -> None:
    """Which columns are hidden."""
    col = -1
    for item in table.iterfind(f"{SS}Column"):
        col = next_index(item, col, MAX_COLUMNS)
        last = col + to_int(item.get(f"{SS}Span"))
        if item.get(f"{SS}Hidden") == "1":
            sheet.hidden_columns.append((col, last))
        col = last


def next_index(item: _Element, before: int, limit: int) -> int:
    """The row or column of an element: as it says, else the next."""
    stated = to_int(item.get(f"{SS}Index"))
    index = stated - 1 if stated else before + 1
    if index >= limit:
        raise ReadError("corrupt", MESSAGES["corrupt"])
    return index


def read_row(item: _Element, sheet: Sheet, row: int, styles: dict[str, Style], since_1904: bool) -> None:  # noqa: FBT001
    """The cells of a row; a merged one also takes the columns to its right."""
    default = item.get(f"{SS}StyleID") or ""
    col = -1
    for cell in item.iterfind(f"{SS}Cell"):
        col = next_index(cell, col, MAX_COLUMNS)
        style = styles.get(cell.get(f"{SS}StyleID") or default, styles.get("Default", PLAIN))
        if style.ruled:
            sheet.ruled.add(row)
        read_data(cell, sheet, (row, col), style, since_1904=since_1904)
        across, down = to_int(cell.get(f"{SS}MergeAcross")), to_int(cell.get(f"{SS}MergeDown"))
        sheet.merge((row, col, min(row + down, MAX_ROWS - 1), min(col + across, MAX_COLUMNS - 1)))
        col += across


def read_data(cell: _Element, sheet: Sheet, place: tuple[int, int], style: Style, *, since_1904: bool) -> None:
    """What the cell displays."""
    data = next((child for child in cell if isinstance(child.tag, str) and child.tag.endswith("}Data")), None)
    if data is None:
        if cell.get(f"{SS}Formula") is not None:
            sheet.uncomputed.append(place)
        return
    kind, text = data.get(f"{SS}Type") or "String", "".join(str(piece) for piece in data.itertext())
    number = parse_number(text) if kind == "Number" else date_to_serial(text) if kind == "DateTime" else None
    if number is not None:
        is_1904 = since_1904 and kind == "Number"
        sheet.put_number(*place, number, show_number(number, style.number_format, since_1904=is_1904))
    elif kind == "Boolean":
        sheet.put(*place, "TRUE" if text.strip() == "1" else "FALSE")
    else:
        sheet.put(*place, show_text(text, style.number_format))
