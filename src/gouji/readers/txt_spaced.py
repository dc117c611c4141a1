"""Tables whose cells are parted by one blank, as they come out of a copied PDF page.

收入 支出                                     headings without figures, up to three lines,
项目 行次 金额 项目 行次 金额                   the last of which has a cell for every column
一、拨款收入 1 20.00 一、农林水支出 31 15.00     rows of that many cells, words and figures in the same places
合计 35.00 30.00                              a row that lost its blanks keeps the cells it has
"""

from __future__ import annotations

from gouji.readers.txt_aligned import CAPTION, LIST_MARK
from gouji.readers.txt_columns import BLANKS, MAX_CHARACTERS, OTHER_TABLE, SENTENCE_MARKS, SPACED_WORDS, is_figure

MIN_COLUMNS = 3
MIN_ROWS = 2  # with a cell for every column
MAX_HEADINGS = 3

Rows = list[list[list[str]]]


def find_spaced_table(run: list[str], at: int) -> tuple[int, Rows]:
    """First line after the table that begins at line `at`, and its rows: none where there is none."""
    headings = take_headings(run, at)
    if not headings:
        return at, []
    width = len(headings[-1])
    rows: list[list[str]] = []
    for line in run[at + len(headings) :]:
        cells = split_cells(line)
        if not is_row(cells, width):
            break
        rows.append(cells)
    if not is_table(rows, width):
        return at, []
    kinds = next(tuple(map(is_figure, row)) for row in rows if len(row) == width)
    rows = [place_figures(row, kinds) for row in rows]
    return at + len(headings) + len(rows), [[[cell] for cell in row] for row in (*headings, *rows)]


def take_headings(run: list[str], at: int) -> list[list[str]]:
    """The lines of headings at line `at`, where a row follows that has no more cells than the last."""
    headings: list[list[str]] = []
    for line in run[at : at + MAX_HEADINGS + 1]:
        cells = split_cells(line)
        if is_row(cells, len(cells)):
            fits = bool(headings) and len(cells) <= len(headings[-1]) >= MIN_COLUMNS
            return headings if fits else []
        if not is_heading(cells) or (headings and len(cells) < len(headings[-1])):
            return []
        headings.append(cells)
    return []


def split_cells(line: str) -> list[str]:
    """What blanks part, 合 计 as one; nothing where the line is too long or of another notation."""
    if len(line) > MAX_CHARACTERS or OTHER_TABLE.search(line):
        return []
    cells: list[str] = []
    for word in line.replace("\u00a0", " ").strip(BLANKS).split():
        if cells and len(word) == 1 and cells[-1] + word in SPACED_WORDS:
            cells[-1] += f" {word}"
        else:
            cells.append(word)
    return cells


def is_heading(cells: list[str]) -> bool:
    """Whether a line may head columns: words alone, no caption and no sentence."""
    return len(cells) > 1 and not any(
        is_figure(cell) or CAPTION.search(cell.rstrip(":：")) or cell[-1] in SENTENCE_MARKS for cell in cells
    )


def is_row(cells: list[str], width: int) -> bool:
    """Whether a line holds a label or a code and figures, and no more than the columns take."""
    return (
        1 < len(cells) <= width
        and is_figure(cells[-1])
        and not LIST_MARK.fullmatch(cells[0])
        and not any(cell[-1] in SENTENCE_MARKS for cell in cells)
    )


def place_figures(row: list[str], kinds: tuple[bool, ...]) -> list[str]:
    """A row whose label took several columns, with blanks for the others: all figures at its right end are there.

    科目编码 科目名称 合计 基本支出          合计 35.00 30.00 → 合计 | | 35.00 | 30.00
    """
    figures = count_last_figures(list(map(is_figure, row)))
    if len(row) == len(kinds) or figures != count_last_figures(list(kinds)) or figures == len(row):
        return row
    return [*row[:-figures], *[""] * (len(kinds) - len(row)), *row[-figures:]]


def count_last_figures(kinds: list[bool]) -> int:
    """How many cells at the right end are figures."""
    return next((i for i, is_last in enumerate(reversed(kinds)) if not is_last), len(kinds))


def is_table(rows: list[list[str]], width: int) -> bool:
    """Whether two rows at least are full, and have words and figures in the same places."""
    full = [tuple(map(is_figure, row)) for row in rows if len(row) == width]
    return len(full) >= MIN_ROWS and len(set(full)) == 1 and sum(full[0]) > 0
