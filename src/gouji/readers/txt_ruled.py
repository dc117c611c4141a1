"""Tables drawn with bars: Markdown, boxes of ASCII or box-drawing characters, the output of antiword.

    | 项目 | 决算 |     +------+------+     ┌────┬────┬──┐     |公务接待费用支|12.5  |
    |------|------|     | 项目 | 决算 |     │三公│接待│ 1│     |出            |      |
    | 三公 | 12.5 |     +------+------+     │    ├────┼──┤     |出国          |      |
                        | 三公 | 12.5 |     │    │用车│ 2│
                        +------+------+     └────┴────┴──┘

Rows are what rules part, else the lines. A line that goes on in the cells above is told by its cells: blank but for
those whose first word found no room above. A cell that a rule stops at reaches down: the rows below get an empty cell.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from gouji.readers.txt_width import is_forced_break, is_number, is_value, is_whole_number, join_lines, measure

BARS = "|｜│┃║┆┇┊┋╎╏"
DASHES = "─━═┄┅┈┉╌╍╴╶╸╺╼╾"
# Every box-drawing character becomes one of | - + where the frame is looked for; the text keeps its own.
FRAME = {
    **dict.fromkeys(range(0x2500, 0x2580), "+"),
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, BARS), "|"),
}
# A stretch of rule between two corners; between two bars it takes two dashes, as one is what an empty cell may say.
RULE_PIECE = re.compile(r"\+[-=]+(?=[|+])|[|+][-=]+(?=\+)|\|[-=]{2,}(?=\|)")
SINGLE_LINE_CELLS = 2  # a single line with fewer between its bars may be anything
GRID_SECTIONS = 3  # with fewer, the rules are a frame and the one below the header
PROSE_WIDTH = 40  # a table of one column that is narrower holds words, not sentences
LABEL_AND_TEXT = 2  # cells of a row whose text may have several paragraphs below one label
UNESCAPED_BAR = re.compile(r"(?<!\\)\|")
LINE_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
INDENTS = ("  ", "\u3000")

Rows = list[list[list[str]]]


class Line(NamedTuple):
    """What stands between the bars of a line as printed, and which of it is rule."""

    cells: list[str]
    ruled: list[bool]


class Section(NamedTuple):
    """Content lines that no rule parts, below the rule `above` (None at the top of a table without frame)."""

    above: Line | None
    lines: list[Line]


def find_ruled_table(run: list[str], at: int) -> tuple[int, Rows]:
    """First line after the bars that begin at line `at`, and the rows they hold: none where it is no table.

    Rows are lists of cells, cells lists of lines. The end is `at` where no bars begin.
    """
    if is_markdown_header(run, at):
        return read_markdown(run, at)
    end = next((i for i in range(at, len(run)) if not is_bar_line(run[i])), len(run))
    lines = [parse_line(line) for line in run[at:end]]
    return end, read_sections(split_sections(lines)) if is_table(lines) else []


def is_table(lines: list[Line]) -> bool:
    """Whether the lines hold text; a line by itself must have two cells, or one as wide as a page."""
    if len(lines) == 1:
        cells = lines[0].cells
        return not any(lines[0].ruled) and (len(cells) >= SINGLE_LINE_CELLS or measure(cells[0]) >= PROSE_WIDTH)
    return any(not all(line.ruled) for line in lines)


def is_markdown_header(run: list[str], at: int) -> bool:
    """Whether a line of cells stands above the line of dashes that makes it a header."""
    if at + 1 >= len(run) or "|" not in run[at] or "|" not in run[at + 1] or "-" not in run[at + 1]:
        return False
    dashes = [cell.removeprefix(":").removesuffix(":") for cell in split_markdown(run[at + 1], is_framed(run[at + 1]))]
    cells = split_markdown(run[at], is_framed(run[at]))
    return len(dashes) == len(cells) and all(dash and not dash.strip("-") for dash in dashes)


def is_framed(line: str) -> bool:
    """Whether a line begins with the frame's bar."""
    return line.lstrip().startswith("|")


def read_markdown(run: list[str], at: int) -> tuple[int, Rows]:
    """Every line is a row; `<br>` parts the lines of a cell."""
    end = next((i for i in range(at + 2, len(run)) if "|" not in run[i]), len(run))
    has_frame = is_framed(run[at])
    rows = [split_markdown(line, has_frame) for line in (run[at], *run[at + 2 : end])]
    return end, [[LINE_BREAK.split(cell) for cell in row] for row in rows]


def split_markdown(line: str, has_frame: bool) -> list[str]:  # noqa: FBT001 - of the table, not an option
    """Cells of a line with or without outer bars; `\\|` is a bar in the text."""
    body = line.strip()
    if has_frame:
        body = body.removeprefix("|")
        body = body[:-1] if body.endswith("|") and not body.endswith("\\|") else body
    return [cell.strip().replace("\\|", "|") for cell in UNESCAPED_BAR.split(body)]


def is_bar_line(line: str) -> bool:
    """Whether a line begins and ends with a bar or with the corner of a rule; one of dashes alone does not."""
    text = line.strip()
    ends = (text[:1] + text[1:][-1:]).translate(FRAME)
    if ends == "||":
        return True
    return ends in ("++", "+|", "|+") and RULE_PIECE.search(text.translate(FRAME)) is not None


def parse_line(line: str) -> Line:
    """Split a line at its bars, and at the corners of the rules that begin or end in it."""
    text = line.strip()
    plain = text.translate(FRAME)
    pieces = [match.span() for match in RULE_PIECE.finditer(plain)]
    bars = [i for i, mark in enumerate(plain) if mark == "|"]
    cuts = sorted({*bars, *(i for piece in pieces for i in piece)}) if pieces else bars
    spans = list(pairwise(cuts))
    ruled = set(pieces)
    return Line([text[a + 1 : b] for a, b in spans], [span in ruled for span in spans])


def split_sections(lines: list[Line]) -> list[Section]:
    """Part the lines at the rules; two rules may follow each other."""
    sections = [Section(None, [])]
    for line in lines:
        if any(line.ruled):
            sections.append(Section(line, []))
        else:
            sections[-1].lines.append(line)
    return sections


def read_sections(sections: list[Section]) -> Rows:
    """Rows of a table."""
    is_grid = sum(bool(section.lines) for section in sections) >= GRID_SECTIONS
    firm = find_firm_widths([line for section in sections for line in section.lines])
    frame = Frame()
    for section in sections:
        if section.above:
            frame.add_rule(section.above)
        for lines in split_rows(section.lines, firm, is_grid=is_grid):
            frame.add_row(lines)
    return frame.rows


class Frame:
    """The rows so far. `active` is the cell that each column of the last row shows, be it of a row further up."""

    def __init__(self) -> None:
        self.rows: Rows = []
        self.active: list[list[str]] = []
        self.left = 0  # columns at the left that reach down over the last rule
        self.right = 0  # and at the right

    def add_rule(self, rule: Line) -> None:
        """Note which columns the rule leaves open; text beside it belongs to the cell that reaches down."""
        open_left = rule.ruled.index(True)
        open_right = rule.ruled[::-1].index(True)
        self.left = min(open_left, len(self.active))
        self.right = min(open_right, len(self.active) - self.left)
        for col, (text, is_rule) in enumerate(zip(rule.cells, rule.ruled, strict=True)):
            if not is_rule and text.strip():
                self.add_beside(col, len(rule.cells), text)

    def add_beside(self, col: int, cols: int, text: str) -> None:
        """Text in a line of rule, in the cell it stands in; above the first row it becomes a row of its own."""
        if not self.active:
            self.rows.append([])
            self.active = self.rows[-1]
        if col >= len(self.active):
            col = max(0, len(self.active) - cols + col)
        if col >= len(self.active):
            self.active.append([])
            col = len(self.active) - 1
        self.active[col].append(text.strip())

    def add_row(self, lines: list[Line]) -> None:
        """A row of one or more lines; columns that reach down get an empty cell, their text joins the cell above."""
        cols = max(len(line.cells) for line in lines)
        shown: list[list[str]] = []
        row: list[list[str]] = []
        for col in range(cols):
            above = self.find_reaching(col, cols)
            cell = join_column([line.cells[col] for line in lines])
            row.append(cell if above is None else [])
            shown.append(row[-1] if above is None else above)
            if above is not None:
                above += cell
        self.rows.append(row)
        self.active, self.left, self.right = shown, 0, 0

    def find_reaching(self, col: int, cols: int) -> list[str] | None:
        """The cell above that reaches down to this column."""
        if col < self.left:
            return self.active[col]
        return self.active[col - cols] if cols - col <= self.right else None


def join_column(printed: list[str]) -> list[str]:
    """Lines of a cell: a line that had to break is whole again, other lines stay apart."""
    texts: list[str] = []
    before = ""
    for cell in printed:
        text = cell.strip()
        if text and texts and is_forced_break(before, cell.strip(" ")):
            texts[-1] = join_lines(texts[-1], text)
        elif text:
            texts.append(text)
        before = cell
    return texts


def split_rows(lines: list[Line], firm: set[tuple[int, ...]], *, is_grid: bool) -> list[list[Line]]:
    """The lines of each row of a section. In a grid it is one row, unless its lines read like rows."""
    if is_grid and is_one_row(lines):
        return [lines]
    rows: list[list[Line]] = []
    for line in lines:
        if rows and goes_on(rows[-1][-1], line) and measure_cells(line) not in firm:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def is_one_row(lines: list[Line]) -> bool:
    """Whether lines between two rules fill one another's gaps, with at most one number to a column."""
    if not lines or len({len(line.cells) for line in lines}) > 1:
        return False
    columns = [[line.cells[col] for line in lines] for col in range(len(lines[0].cells))]
    if len(columns) == 1:
        return True
    return all(sum(map(is_number, column)) <= 1 or is_cut_number(column) for column in columns) and all(
        has_blank(line) or is_forced(above, line) for above, line in pairwise(lines)
    )


def is_cut_number(column: list[str]) -> bool:
    """Whether the cells of a column are one number, broken where the lines were full: 21,460,00 · 0.00."""
    filled = [cell for cell in column if cell.strip()]
    is_full = all(measure(cell.rstrip()) == measure(cell) for cell in filled[:-1])
    return is_full and column[: len(filled)] == filled and is_whole_number("".join(cell.strip() for cell in filled))


def is_cut(above: str, below: str) -> bool:
    """Whether two numbers can only be one: neither is whole without the other."""
    parts = (above.strip(), below.strip())
    return is_cut_number([above, below]) and not all(map(is_whole_number, parts))


def has_blank(line: Line) -> bool:
    """Whether a cell of the line is blank."""
    return any(not cell.strip() for cell in line.cells)


def is_forced(above: Line, line: Line) -> bool:
    """Whether every text of the line goes on from a full cell above."""
    texts = [(printed, cell.strip(" ")) for printed, cell in zip(above.cells, line.cells, strict=True) if cell.strip()]
    return all(is_forced_break(printed, text) for printed, text in texts)


def goes_on(above: Line, line: Line) -> bool:
    """Whether a line without rule above goes on in the row above."""
    if len(above.cells) != len(line.cells):
        return False
    if len(line.cells) == 1:
        return line.cells[0].startswith(INDENTS) or (measure(line.cells[0]) >= PROSE_WIDTH and is_forced(above, line))
    filled = [cell for cell in line.cells if cell.strip()]
    if not filled:
        return False
    if len(line.cells) == LABEL_AND_TEXT and not line.cells[0].strip():
        return not is_value(line.cells[1]) and measure_cells(above) == measure_cells(line)
    return is_wrapped_row(above, line, filled)


def is_wrapped_row(above: Line, line: Line, filled: list[str]) -> bool:
    """Whether the texts of a line had to break off the cells above; no value breaks off a value."""
    values = [
        (printed, cell)
        for printed, cell in zip(above.cells, line.cells, strict=True)
        if (is_value(printed) or is_value(cell)) and printed.strip() and cell.strip()
    ]
    if any(is_value(printed) and is_value(cell) for printed, cell in values) and not all(
        is_cut(*pair) for pair in values
    ):
        return False
    if not has_blank(line) and any(map(is_value, filled)):
        return False
    return is_forced(above, line) and measure_cells(above) == measure_cells(line)


def measure_cells(line: Line) -> tuple[int, ...]:
    """Printed widths."""
    return tuple([measure(cell) for cell in line.cells])


def find_firm_widths(lines: list[Line]) -> set[tuple[int, ...]]:
    """Widths of rows whose every column is as wide as its longest text: made to measure, so nothing was wrapped."""
    slack = frame_width(lines)
    used: dict[tuple[int, ...], list[int]] = {}
    for line in lines:
        widths = measure_cells(line)
        longest = used.setdefault(widths, [0] * len(widths))
        for col, cell in enumerate(line.cells):
            longest[col] = max(longest[col], measure(cell.rstrip().lstrip(" ")))
    return {
        widths
        for widths, longest in used.items()
        if len(widths) > 1
        and not (
            slack == 1 and len(set(widths)) == 1 and widths[0] >= PROSE_WIDTH // 2
        )  # prose in columns of one width
        and all(not text or width - text <= slack for width, text in zip(widths, longest, strict=True))
    }


def frame_width(lines: list[Line]) -> int:
    """Blanks that the frame itself puts into a cell: one on each side, one after the text, or none."""
    cells = [cell for line in lines for cell in line.cells if cell.strip()]
    return all(cell[:1] == " " for cell in cells) + all(cell[-1:] == " " for cell in cells)
