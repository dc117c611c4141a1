r"""Values separated by commas or semicolons, as spreadsheets and ledgers export them.

    机构名称,"收入合计
    （万元）",备注            →  three columns; quotes hold commas, line ends and doubled quotes
    局机关,"1,234.50",

A text is taken for such a table only where that is plain: its rows agree in the number of values, and what they would be
split at is no thousands comma. Rows of one value may stand around the table (titles, notes). Merges are not written:
`ragged`. Everything else is plain text (`readers/txt.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from gouji.model.document import Document
from gouji.readers.sheets.address import MAX_COLUMNS, MAX_ROWS
from gouji.readers.sheets.workbook import Workbook
from gouji.readers.txt_decode import decode_text

DELIMITERS = ",;"
MIN_SHARE = 0.9  # of the rows between the first and the last that are split
MAX_BYTES = 32 * 1024 * 1024
MAX_THOUSANDS = 0.75
THOUSANDS = re.compile(r"\d,\d{3}(?!\d)")
SENTENCE = re.compile(r"[。！？；]")

Rows = list[list[str]]


def find_separated(text: str) -> Rows | None:
    """The rows of a text that is plainly a table of separated values, else None."""
    for delimiter in DELIMITERS:
        if delimiter in text:
            rows = split_rows(text, delimiter)
            if rows is not None and is_table(rows, text, delimiter):
                return rows
    return None


def split_rows(text: str, delimiter: str) -> Rows | None:
    """The values of each line; None where quotes do not close as they should."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def is_table(rows: Rows, text: str, delimiter: str) -> bool:
    """Whether the rows agree, and are more than sentences with commas."""
    split = [index for index, row in enumerate(rows) if len(row) > 1]
    if len(split) < 2 or len(rows) > MAX_ROWS:  # noqa: PLR2004 - a header and a row
        return False
    inner = [row for row in rows[split[0] : split[-1] + 1] if any(value.strip() for value in row)]
    width, count = Counter(len(row) for row in inner).most_common(1)[0]
    if not 1 < width <= MAX_COLUMNS or count < MIN_SHARE * len(inner) or any(len(row) > width for row in inner):
        return False
    if "\t" in text and text.count("\t") >= text.count(delimiter):
        return False
    unquoted = [value for row in inner for value in row if delimiter not in value]
    return not is_prose(unquoted) and not (delimiter == "," and is_thousands(text))


def is_prose(values: list[str]) -> bool:
    """Whether values are mostly parts of sentences."""
    return sum(SENTENCE.search(value) is not None and len(value) > 1 for value in values) * 2 > len(values)


def is_thousands(text: str) -> bool:
    """Whether nearly all commas are those of amounts (1,234.50)."""
    return '"' not in text and len(THOUSANDS.findall(text)) > MAX_THOUSANDS * text.count(",")


def read_separated(data: bytes) -> Document | None:
    """The table in a text file, None where it is no such table. Raises ReadError where it is no text at all."""
    if len(data) > MAX_BYTES or not any(delimiter.encode() in data for delimiter in DELIMITERS):
        return None
    text, damaged = decode_text(data)
    rows = find_separated(text)
    if rows is None:
        return None
    book = Workbook("csv")
    book.ragged = True
    if damaged:
        book.repairs.append(f"有 {damaged} 个无法识别的字符")
    sheet = book.add_sheet("")
    if sheet is not None:
        for row, col, value in list_values(rows):
            sheet.put(row, col, value.strip())
    return book.to_document()


def list_values(rows: Rows) -> Iterator[tuple[int, int, str]]:
    """Every value with its place."""
    for row, values in enumerate(rows):
        for col, value in enumerate(values):
            yield row, col, value
