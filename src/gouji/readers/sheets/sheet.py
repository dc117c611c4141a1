"""One sheet as its file gives it: only what is there, so that a cell far off costs no more than any other.

Sheet("收支")  texts   {(0, 0): "机构名称", (2, 1): "603.03", …}    as displayed, by row and column from 0
               merges  [(0, 0, 1, 0), …]                            first row and column, last row and column
               ruled   {0, 1, 2}                                    rows with vertical lines: rows of a table
"""

from __future__ import annotations

from gouji.model.errors import ReadError
from gouji.readers.sheets.address import MAX_COLUMNS

MAX_TEXTS = 500_000
MAX_MERGES = 100_000
TOO_LARGE = "工作簿内容过大（超过 {limit}），不像自评报告；请确认文件是否选错，或删去无关的工作表和数据后再提交。"

Range = tuple[int, int, int, int]
Position = tuple[int, int]


class Sheet:
    """A sheet under construction; `ordinal` is its place among all sheets of the workbook."""

    __slots__ = (
        "boxes",
        "concealed",
        "footers",
        "headers",
        "hidden_columns",
        "hidden_rows",
        "hides_zeros",
        "merges",
        "name",
        "ordinal",
        "ruled",
        "texts",
        "uncomputed",
        "zeros",
    )

    def __init__(self, ordinal: int, name: str) -> None:
        self.ordinal = ordinal
        self.name = name
        self.texts: dict[Position, str] = {}
        self.merges: list[Range] = []
        self.ruled: set[int] = set()
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.uncomputed: list[Position] = []  # formulas whose result the file does not hold
        self.concealed: list[Position] = []  # filled, but displayed as nothing
        self.zeros: list[Position] = []
        self.hides_zeros = False
        self.headers: list[str] = []
        self.footers: list[str] = []
        self.boxes: list[str] = []

    def put(self, row: int, col: int, text: str) -> None:
        """Keep what a cell displays; nothing where that is white space."""
        if text and not text.isspace():
            self.texts[row, col] = text

    def put_number(self, row: int, col: int, value: float, text: str) -> None:
        """Keep a number's text; a sheet may display zeros as nothing, and a format any number."""
        self.put(row, col, text)
        if value == 0:
            self.zeros.append((row, col))
        elif not text:
            self.concealed.append((row, col))

    def merge(self, area: Range | None) -> None:
        """Keep a merged range; a single cell is none."""
        if area is not None and area[:2] != area[2:]:
            self.merges.append(area)

    def finish(self) -> None:
        """Drop the zeros that the sheet does not show; refuse what is no form."""
        if self.hides_zeros:
            for place in self.zeros:
                self.texts.pop(place, None)
        check_count(len(self.texts), MAX_TEXTS, f"{MAX_TEXTS // 10_000} 万个单元格")
        check_count(len(self.merges), MAX_MERGES, f"{MAX_MERGES // 10_000} 万个合并单元格")

    def find_hidden(self) -> Position | None:
        """The first filled cell in a hidden row or column."""
        if not self.hidden_rows and not self.hidden_columns:
            return None
        columns = self.list_hidden_columns()
        hidden = (place for place in self.texts if place[0] in self.hidden_rows or place[1] in columns)
        return min(hidden, default=None)

    def list_hidden_columns(self) -> set[int]:
        """Every hidden column."""
        columns: set[int] = set()
        after = 0
        for low, high in sorted(self.hidden_columns):
            columns.update(range(max(low, after), min(high + 1, MAX_COLUMNS)))
            after = max(after, high + 1)
        return columns


def check_count(count: int, limit: int, shown: str) -> None:
    """Raise ReadError("too_large") over a limit."""
    if count > limit:
        raise ReadError("too_large", TOO_LARGE.format(limit=shown))
