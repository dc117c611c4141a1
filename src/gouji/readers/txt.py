"""Plain text, as a Word form comes out when its tables are saved as text.

    ⇥联系人            a line that starts with a tab opens a cell …
    ⇥李某              … of the same row
    (blank)
    ⇥年度主要          … after a blank line, of a new row
    (blank)
    工作内容           no tab, after one blank line: goes on in the cell above if it (a) runs straight into a tab
    ⇥任务1：…            line, or (b) stands in a row of two or more cells, or (c) is indented (then after any number
    任务2：…             of blank lines, unless the cell holds a bare figure); directly below a cell it always goes on
    (blank)
    一、概况           otherwise a paragraph, which closes the table

A line of several tab-separated values is a row by itself: `⇥a⇥b` (the leading tab opens the first cell), or `a⇥b⇥c` as
a spreadsheet prints it (`txt_flat`), where an empty first column is a leading tab. Tables drawn with bars (`txt_ruled`),
columns held apart by blanks (`txt_aligned`) and cells parted by one (`txt_spaced`) are read where none of the above goes
on; what pages put between rows (`txt_pages`) goes below the table. Spans are not written: rows and columns count the
cells as printed, merged continuations come back as empty cells (`ragged`); where a merge leaves the same columns blank
in every row, the cell left of them takes them (`find_merged_columns`).
"""

from __future__ import annotations

import re
from itertools import pairwise

from gouji.model.document import Cell, Document, Notice, Paragraph, Part, Table
from gouji.model.errors import ReadError
from gouji.readers.txt_aligned import find_aligned_table
from gouji.readers.txt_decode import decode_text
from gouji.readers.txt_flat import find_flat_end, find_pairs, join_quoted, split_flat_rows
from gouji.readers.txt_pages import PAGE_BREAK, is_blank, join_pages
from gouji.readers.txt_ruled import find_ruled_table
from gouji.readers.txt_spaced import find_spaced_table
from gouji.readers.txt_web import clean_web_text

MAX_BYTES = 32 * 1024 * 1024
MAX_LINES = 2_000_000  # lines and tabs together: a cell of its own line has one of each
SOFT_BREAKS = re.compile("[\v\u2028]")  # a line break inside a paragraph: same cell, next line
LINE_ENDS = re.compile("\r\n?|\u2029")
# Word writes a page break as \f: before a line it is a blank line unless one is there, elsewhere a line end.
PAGE_LINE = re.compile("(?<!\n)\n++\f[\f\n]*|\f")
CLOSING_BLANKS = 2
FIGURE = re.compile(r"\s*[\d０-９.．,，]+\s*")

TOO_LARGE = "文本文件过大（超过 {limit}），不像一份自评报告；请确认文件是否选错，或拆分后再提交。"
EMPTY = "文件是空的，没有任何文字；请重新导出或核对后再提交。"
DAMAGED = "文件中有 {count} 个无法识别的字符，已略去或以“\ufffd”代替；请对照原件核对相关内容。"

GLOSSED = "文中夹有 {count} 处网页注音（如“財(cái)政”），已略去注音后读取；请对照原件核对相关内容。"


def read_txt(data: bytes) -> Document:
    """Read a text file of any usual encoding.

    Raises ReadError: "too_large" above MAX_BYTES or MAX_LINES, "corrupt" where it is no text, "empty" without any.
    """
    if len(data) > MAX_BYTES:
        raise ReadError("too_large", TOO_LARGE.format(limit=f"{MAX_BYTES // 2**20} MB"))
    text, damaged = decode_text(data)
    text, glosses = clean_web_text(text)
    if not text.strip():
        raise ReadError("empty", EMPTY)
    lines = join_pages(text_to_lines(text))
    notices = [Notice("R2", DAMAGED.format(count=damaged))] * (damaged > 0)
    notices += [Notice("R8", GLOSSED.format(count=glosses))] * (glosses > 0)
    return Document("txt", (Part("body", lines_to_blocks(lines)),), tuple(notices), ragged=True)


def text_to_lines(text: str) -> list[str]:
    """Lines without their ends; soft breaks stay inside a line unless they are the only line ends there are."""
    text = LINE_ENDS.sub("\n", text)
    if "\n" not in text:
        text = SOFT_BREAKS.sub("\n", text)
    text = PAGE_LINE.sub(page_break_to_lines, text.lstrip("\f"))
    lines = text.split("\n")
    if len(lines) + text.count("\t") > MAX_LINES:
        raise ReadError("too_large", TOO_LARGE.format(limit=f"{MAX_LINES // 10_000} 万行"))
    return lines


def page_break_to_lines(match: re.Match[str]) -> str:
    """Line ends in place of a page break: at least one blank line, which keeps it; one that only holds it is none."""
    ends = match[0].count("\n")
    return "\n" * (max(2, ends - match[0].endswith("\n")) - 1) + PAGE_BREAK + "\n" if ends else "\n"


def lines_to_blocks(lines: list[str]) -> tuple[Paragraph | Table, ...]:
    """Fold the runs of non-blank lines, each with the number of blank lines above it, into paragraphs and tables."""
    page = Page()
    blanks = 0
    run: list[str] = []
    for line in lines:
        if not is_blank(line):
            run.append(line)
        elif run:
            page.add_run(blanks, run)
            run, blanks = [], 1
        else:
            blanks += 1
    page.add_run(blanks, run)
    page.close_table()
    return tuple(page.blocks)


class Page:
    """The blocks so far and the table that is still open: `rows` of cells, each a list of its lines."""

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []
        self.rows: list[list[list[str]]] = []
        self.is_flat = False  # the open table has a whole row a line
        self.is_row_by_line = False  # the open row came as one line of several values
        self.is_spaced = False  # the open table has a whole row a line and blank lines between its rows
        self.paragraphs = 0
        self.tables = 0

    def add_run(self, blanks: int, run: list[str]) -> None:
        """Take lines that stand together below `blanks` blank lines."""
        at = 0
        if run and not run[0].startswith("\t"):
            run = join_quoted(run)
        while at < len(run):
            at = self.add_piece(blanks if at == 0 else 0, run, at)

    def add_piece(self, blanks: int, run: list[str], at: int) -> int:
        """Take what the line `at` begins; the first line after it."""
        follows = self.is_flat and blanks == 1
        end = find_flat_end(run, at, in_flat_table=follows, is_spaced=follows and self.is_spaced)
        if end > at:
            self.add_flat_rows(blanks, run[at:end])
            return end
        if run[at].startswith("\t"):
            self.add_cell_lines(run[at:], opens_row=True)
            return len(run)
        end, rows = find_ruled_table(run, at)
        if rows and (end > at + 1 or not self.rows):  # a single line may be text in a cell
            self.add_table(rows)
            return end
        if self.continues_cell(blanks, run):
            self.add_cell_lines(run, opens_row=False)
            return len(run)
        start = at
        if end == at:
            end, rows = find_pairs(run, at)
        if end == at:
            start, end, rows = find_aligned_table(run, at)
        end = max(end, at + 1)
        self.add_lines(run[at : start if rows else end])
        if rows:
            self.add_table(rows)
        return end

    def add_lines(self, lines: list[str]) -> None:
        """Lines of words: tables whose cells one blank parts, else paragraphs."""
        at = 0
        while at < len(lines):
            end, rows = find_spaced_table(lines, at)
            if rows:
                self.add_table(rows)
            else:
                self.add_paragraph(lines[at])
            at = max(end, at + 1)

    def add_table(self, rows: list[list[list[str]]]) -> None:
        """A table by itself."""
        self.close_table()
        self.rows, self.is_flat = rows, True
        self.close_table()

    def continues_cell(self, blanks: int, run: list[str]) -> bool:
        """Whether text below blank lines goes on in the cell above (rules a, b, c)."""
        if not self.rows or self.is_flat:
            return False
        if run[0][:1].isspace():
            return blanks < CLOSING_BLANKS or not FIGURE.fullmatch("".join(self.rows[-1][-1]))
        return blanks < CLOSING_BLANKS and (len(self.rows[-1]) > 1 or any(line.startswith("\t") for line in run))

    def add_cell_lines(self, run: list[str], *, opens_row: bool) -> None:
        """Lines that open cells, each with the lines that go on in its cell."""
        if self.is_flat:
            self.close_table()
        for line in run:
            if not line.startswith("\t"):
                self.rows[-1][-1].append(line)
                continue
            values = split_values(line[1:])
            if opens_row or not self.rows or self.is_row_by_line:
                self.rows.append([])
                self.is_row_by_line = len(values) > 1
            self.rows[-1] += [[value] for value in values]
            opens_row = False

    def add_flat_rows(self, blanks: int, run: list[str]) -> None:
        """Rows of a table that has a whole row a line; two blank lines begin another table."""
        if blanks >= CLOSING_BLANKS or not self.is_flat:
            self.close_table()
        tabs = max((len(row) - 1 for row in self.rows), default=0)
        rows = split_flat_rows(run, tabs)
        self.is_spaced = len(rows) == 1 and (self.is_spaced or len(self.rows) == 1)
        self.rows += rows
        self.is_flat = True

    def add_paragraph(self, line: str) -> None:
        """A line outside tables; closes the open table."""
        self.close_table()
        for text in split_soft_breaks(line):
            self.paragraphs += 1
            self.blocks.append(Paragraph(text, f"p{self.paragraphs}"))

    def close_table(self) -> None:
        """Turn the open rows, if any, into a table."""
        if self.rows:
            self.tables += 1
            self.blocks.append(rows_to_table(f"t{self.tables}", self.rows, is_row_a_line=self.is_flat))
        self.rows, self.is_flat, self.is_row_by_line, self.is_spaced = [], False, False, False


def split_values(line: str) -> list[str]:
    """Values after the tab that opens the cell; tabs at the end of a single value are trailing white space."""
    if "\t" not in line:
        return [line]
    values = line.split("\t")
    return values if any(value.strip() for value in values[1:]) else values[:1]


def rows_to_table(where: str, rows: list[list[list[str]]], *, is_row_a_line: bool) -> Table:
    """Cells at the place they were printed; no spans are known but those of merges that left every row a blank."""
    cols = max(map(len, rows))
    spans = find_merged_columns(rows, cols) if is_row_a_line else dict.fromkeys(range(cols), 1)
    cells = tuple(
        Cell(row, col, 1, min(spans[col], len(printed) - col), lines_to_paragraphs(lines))
        for row, printed in enumerate(rows)
        for col, lines in enumerate(printed)
        if col in spans
    )
    return Table(where, len(rows), cols, cells)


def find_merged_columns(rows: list[list[list[str]]], cols: int) -> dict[int, int]:
    """How many columns each cell takes, by its column.

        联系人⇥⇥王某⇥⇥电话⇥⇥802⇥      every second column is blank in every row: the cells were merged by twos
        人员编制⇥⇥37⇥⇥实有⇥⇥36⇥

    A blank column among more filled ones may be data that is missing, and stays.
    """
    filled = sorted({col for row in rows for col, lines in enumerate(row) if any(map(str.strip, lines))} | {0})
    if 1 in filled or 2 * len(filled) > cols + 1 or len(filled) < 2:  # noqa: PLR2004 - a label and a value
        return dict.fromkeys(range(cols), 1)
    return {col: end - col for col, end in pairwise([*filled, cols])}


def lines_to_paragraphs(lines: list[str]) -> tuple[Paragraph, ...]:
    """One paragraph a line that is not blank; a cell that holds only 　 is empty."""
    return tuple([Paragraph(text) for line in lines for text in split_soft_breaks(line)])


def split_soft_breaks(line: str) -> list[str]:
    """The lines within a line that are not blank."""
    texts = SOFT_BREAKS.split(line) if "\v" in line or "\u2028" in line else [line]
    return [text for text in texts if text and not text.isspace()]
