"""Sheets → Document: paragraphs and tables with their evidence ids, the notices, the other stories.

    Sheet 教育局 ─→ p1 教育局 · p2 收支情况表 · t1 · p3 二、人员情况 · t2      the name of a unit
    Sheet 评分表 ─→ p4 评分表 · t3                                        or of a table without any title
    headers and footers, text boxes: parts of their own

`address` is the cell's own place (address.py). A line break in a cell begins another paragraph of it. Cells are made only
in columns that hold something in their table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.model.document import Block, Cell, Document, Notice, Paragraph, Part, Table
from gouji.model.errors import ReadError
from gouji.model.locator import STORY_PREFIX, Story
from gouji.readers.sheets.address import pack_address, print_place
from gouji.readers.sheets.layout import Area, Line, Rows, lay_out, list_covered
from gouji.readers.sheets.sheet import MAX_TEXTS, Position, Range, Sheet, check_count

MAX_CELLS = 1_000_000
NO_NAME = re.compile(r"(?:sheet|工作表|表|table|page)\s*[(（]?\d*[)）]?", re.IGNORECASE)
UNIT_NAME = re.compile(
    r"(?:局|委|办|委员会|办公室|中心|院|校|学校|所|站|队|会|社|馆|厅|部|处|园|街道|镇|乡|机关|公司|[一二三四五六七八九十]科|科室)$"
)
EMPTY = "工作簿里没有任何可见的内容；请核对后重新提交。"
LOST = "工作簿里的工作表已缺失或损坏，无法读取；请用 WPS 或 Excel 打开核对，另存为 .xlsx 后再提交。"
MESSAGES = {
    "R3": "有 {count} 个公式没有保存计算结果（如{place}），这些单元格按空白读取；请用 WPS 或 Excel 打开、重新计算并保存后再提交。",
    "R4": "工作簿有隐藏的内容：{detail}；请确认是否应当显示或删除。",
    "R2": "文件有缺损，已尽量读取：{detail}；请核对内容，必要时用 WPS 或 Excel 打开后另存为 .xlsx。",
}


class Workbook:
    """What a reader collects: the visible sheets, the names of all, those left out, what had to be repaired."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.sheets: list[Sheet] = []
        self.names: list[str] = []
        self.hidden: list[str] = []
        self.repairs: list[str] = []

    def add_sheet(self, name: str, *, hidden: bool = False) -> Sheet | None:
        """A new sheet to fill; None for one that is not shown and so not read."""
        check_count(sum(len(sheet.texts) for sheet in self.sheets), MAX_TEXTS, f"{MAX_TEXTS // 10_000} 万个单元格")
        self.names.append(name)
        if hidden:
            self.hidden.append(name)
            return None
        sheet = Sheet(len(self.names) - 1, name)
        self.sheets.append(sheet)
        return sheet

    def to_document(self) -> Document:
        """Raises ReadError: "empty" where nothing is shown, "corrupt" where all is lost, "too_large" where it is no form."""
        page = Page(self.names)
        for sheet in self.sheets:
            sheet.finish()
            page.add_sheet(sheet)
        if not page.blocks:
            raise ReadError("corrupt", LOST) if self.repairs else ReadError("empty", EMPTY)
        parts = [
            Part("body", tuple(page.blocks)),
            *make_part("header", [text for sheet in self.sheets for text in sheet.headers]),
            *make_part("footer", [text for sheet in self.sheets for text in sheet.footers]),
            *make_part("textbox", [text for sheet in self.sheets for text in sheet.boxes]),
        ]
        names = tuple(self.names)
        return Document(self.kind, tuple(parts), self.list_notices(page.blocks), sheets=names)

    def list_notices(self, blocks: Sequence[Block]) -> tuple[Notice, ...]:
        """R2 repairs, R3 formulas without result, R4 what is hidden."""
        notices: list[Notice] = []
        if self.repairs:
            notices.append(Notice("R2", MESSAGES["R2"].format(detail="；".join(dict.fromkeys(self.repairs)))))
        missing = [pack_address(sheet.ordinal, *place) for sheet in self.sheets for place in sheet.uncomputed]
        if missing:
            message = MESSAGES["R3"].format(count=len(missing), place=print_place(missing[0], self.names))
            notices.append(Notice("R3", message, find_cell_id(blocks, missing[0])))
        details = self.list_hidden()
        if details:
            notices.append(Notice("R4", MESSAGES["R4"].format(detail="；".join(details))))
        return tuple(notices)

    def list_hidden(self) -> list[str]:
        """What is hidden, and whether it was read: sheets are not, rows and columns are (sums go over them)."""
        details = []
        if self.hidden:
            details.append(f"工作表{''.join(f'《{name}》' for name in self.hidden)}未计入读取结果")
        for sheet in self.sheets:
            place = sheet.find_hidden()
            if place is not None:
                shown = print_place(pack_address(sheet.ordinal, *place), self.names)
                details.append(f"{shown} 等处在隐藏的行或列中，已一并读取")
            if sheet.concealed:
                shown = print_place(pack_address(sheet.ordinal, *min(sheet.concealed)), self.names)
                details.append(f"{shown} 等处有内容但不显示，未计入读取结果")
        return details


class Page:
    """The blocks of the body so far."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.blocks: list[Block] = []
        self.paragraphs = self.tables = self.cells = 0

    def add_sheet(self, sheet: Sheet) -> None:
        """Its name where that says something, then its lines and tables."""
        rows = Rows(sheet)
        pieces = list(lay_out(rows))
        if pieces and is_telling(sheet.name, pieces[0]):
            self.add_lines(sheet.name, pack_address(sheet.ordinal, 0, 0))
        for piece in pieces:
            if isinstance(piece, Line):
                self.add_lines(piece.text, pack_address(sheet.ordinal, piece.row, piece.col))
            else:
                self.add_table(rows, piece)

    def add_lines(self, text: str, address: int) -> None:
        """A paragraph a line."""
        for line in split_lines(text):
            self.paragraphs += 1
            self.blocks.append(Paragraph(line, f"p{self.paragraphs}", address=address))

    def add_table(self, rows: Rows, area: Area) -> None:
        """The rows of an area as a table, on the columns between the first and the last that hold something."""
        columns = find_columns(rows, area)
        height = area.bottom - area.top + 1
        self.cells += height * len(columns)
        check_count(self.cells, MAX_CELLS, f"{MAX_CELLS // 10_000} 万个单元格")
        self.tables += 1
        left = columns[0]
        cells = make_cells(rows, area, columns)
        address = pack_address(rows.sheet.ordinal, area.top, left)
        self.blocks.append(Table(f"t{self.tables}", height, columns[-1] - left + 1, cells, address))


def is_telling(name: str, first: Line | Area) -> bool:
    """Whether a sheet's name says what nothing else does: the unit it is of, or what a table without title is about."""
    name = name.strip()
    if not name or NO_NAME.fullmatch(name):
        return False
    return name not in first.text and UNIT_NAME.search(name) is not None if isinstance(first, Line) else True


def find_columns(rows: Rows, area: Area) -> list[int]:
    """Columns in which a text, or the merge of one, stands in these rows."""
    columns: set[int] = set()
    for row in range(area.top, area.bottom + 1):
        for col, _ in rows.cells.get(row, ()):
            merge = rows.merges.get((row, col))
            columns.update(range(col, merge[3] + 1) if merge is not None else (col,))
    return sorted(columns)


def make_cells(rows: Rows, area: Area, columns: list[int]) -> tuple[Cell, ...]:
    """A cell for each position in these columns, a merged one once."""
    texts, ordinal, left = rows.sheet.texts, rows.sheet.ordinal, columns[0]
    merges = clip_merges(rows, area, columns)
    covered = {place for merge in merges.values() for place in list_covered(merge)}
    cells: list[Cell] = []
    for row in range(area.top, area.bottom + 1):
        for col in columns:
            if (row, col) not in covered:
                height, width = span_of(merges.get((row, col)))
                blocks = tuple([Paragraph(line) for line in split_lines(texts.get((row, col), ""))])
                address = pack_address(ordinal, row, col)
                cells.append(Cell(row - area.top, col - left, height, width, blocks, address))
    return tuple(cells)


def clip_merges(rows: Rows, area: Area, columns: list[int]) -> dict[Position, Range]:
    """The merges that begin in these rows and columns, as far as the table reaches."""
    wanted, right = set(columns), columns[-1]
    return {
        (row, col): (row, col, min(rows.merges[row, col][2], area.bottom), min(rows.merges[row, col][3], right))
        for row in range(area.top, area.bottom + 1)
        for col in rows.merged.get(row, ())
        if col in wanted
    }


def span_of(merge: Range | None) -> Position:
    """Rows and columns that a cell covers."""
    return (1, 1) if merge is None else (merge[2] - merge[0] + 1, merge[3] - merge[1] + 1)


def split_lines(text: str) -> list[str]:
    """The lines of a cell that are not blank."""
    if "\n" not in text and "\r" not in text:
        return [text] if text else []
    return [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]


def make_part(story: Story, texts: list[str]) -> list[Part]:
    """A story of paragraphs, each text once; none where there are none."""
    lines = list(dict.fromkeys(line for text in texts for line in split_lines(text)))
    head = STORY_PREFIX[story]
    blocks = tuple(Paragraph(line, f"{head}p{at}") for at, line in enumerate(lines, 1))
    return [Part(story, blocks)] if blocks else []


def find_cell_id(blocks: Sequence[Block], address: int) -> str | None:
    """The evidence id of the cell at a native place, None where it lies in no table."""
    for block in blocks:
        if isinstance(block, Table):
            for cell in block.cells:
                if cell.address == address:
                    return block.cell_id(cell)
    return None
