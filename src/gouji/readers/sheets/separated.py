r"""Values separated by commas or semicolons, as spreadsheets and ledgers export them.

    机构名称,"收入合计
    （万元）",备注            →  three columns; quotes hold commas, line ends and doubled quotes
    局机关,"1,234.50",

A text is taken for such a table only where that is plain: its rows agree in the number of values, and what they would be
split at is no thousands comma. Rows of one value may stand around the table (titles, notes). Everything else is plain text
(`readers/txt.py`).

Merges are not written, but heads show where they were: a group has blanks at its right and two labels or more below; its
neighbours have blanks below.

    机构名称,支出合计,其中：,,结余            其中： over two columns, the others over two rows
    ,,基本支出,项目支出,
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from gouji.model.document import Document
from gouji.readers.sheets.address import MAX_COLUMNS, MAX_ROWS
from gouji.readers.sheets.layout import NUMBER
from gouji.readers.sheets.sheet import Range
from gouji.readers.sheets.workbook import Workbook
from gouji.readers.txt_decode import decode_text

DELIMITERS = ",;"
MIN_SHARE = 0.9  # of the rows between the first and the last that are split
MAX_BYTES = 32 * 1024 * 1024
MAX_THOUSANDS = 0.75
THOUSANDS = re.compile(r"(?<=\d),\d{3}(?!\d)")  # each comma of 6,602,500
SENTENCE = re.compile(r"[。！？；]")

Rows = list[list[str]]


def find_separated(text: str) -> Rows | None:
    """The rows of a text that is plainly a table of separated values, else None."""
    found: list[Rows] = []
    for delimiter in DELIMITERS:
        rows = split_rows(text, delimiter) if delimiter in text else None
        if rows is not None and is_table(rows, text, delimiter):
            found.append(rows)
    return max(found, key=lambda rows: sum(len(row) > 1 for row in rows), default=None)


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
    if damaged:
        book.repairs.append(f"有 {damaged} 个无法识别的字符")
    sheet = book.add_sheet("")
    if sheet is not None:
        for row, col, value in list_values(rows):
            sheet.put(row, col, value.strip())
        for area in find_head_merges(rows):
            sheet.merge(area)
    return book.to_document()


def list_values(rows: Rows) -> Iterator[tuple[int, int, str]]:
    """Every value with its place."""
    for row, values in enumerate(rows):
        for col, value in enumerate(values):
            yield row, col, value


def find_head_merges(rows: Rows) -> list[Range]:
    """The merges that heads must have had."""
    merges: list[Range] = []
    reach: dict[int, int] = {}  # first row of a label that has reached down to the row above, by column
    for index, (upper, lower) in enumerate(pairwise(rows)):
        groups = list(find_groups(upper, lower, reach))
        merges += [(index, left, index, right) for left, right in groups]
        reach = extend_labels(reach, index, upper, lower) if groups else close_labels(reach, index, merges)
    return merges


def find_groups(upper: list[str], lower: list[str], reach: dict[int, int]) -> Iterator[tuple[int, int]]:
    """First and last column of each label with blanks at its right and several labels below."""
    if any(NUMBER.fullmatch(value) for value in (*upper, *lower) if value):
        return
    filled = [col for col, value in enumerate(upper) if value.strip() or col in reach]
    if len(filled) < 2:  # noqa: PLR2004 - a lone text is a title
        return
    for left, following in zip(filled, [*filled[1:], len(upper)], strict=True):
        if left in reach:
            continue
        children = [col for col in range(left, min(following, len(lower))) if lower[col].strip()]
        if len(children) > 1 and children[0] == left:
            yield left, following - 1


def extend_labels(reach: dict[int, int], index: int, upper: list[str], lower: list[str]) -> dict[int, int]:
    """Labels of the upper row, or those that reached down to it, that have a blank below."""
    below = {col for col in range(len(upper)) if col >= len(lower) or not lower[col].strip()}
    begun = {col: index for col, value in enumerate(upper) if value.strip()}
    return {col: row for col, row in (reach | begun).items() if col in below}


def close_labels(reach: dict[int, int], last: int, merges: list[Range]) -> dict[int, int]:
    """Where the head ends, what reached down to its last row is merged."""
    merges += [(row, col, last, col) for col, row in reach.items() if row < last]
    return {}
