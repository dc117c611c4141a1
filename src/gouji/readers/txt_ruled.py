"""Tables drawn with bars: Markdown, boxes of ASCII or box-drawing characters, the output of antiword.

    | 项目 | 决算 |     +------+------+     ┌────┬────┬──┐     |公务接待费用支|12.5  |
    |------|------|     | 项目 | 决算 |     │三公│接待│ 1│     |出             |      |
    | 三公 | 12.5 |     +------+------+     │    ├────┼──┤     |出国           |      |
                        | 三公 | 12.5 |     │    │用车│ 2│
                        +------+------+     └────┴────┴──┘

Rows are what rules part, else the lines. A line that goes on in the cells above is told by its cells: blank but for
those whose first word found no room above. A cell that a rule stops at reaches down: the rows below get an empty cell.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from gouji.readers.txt_width import is_forced_break, is_number, join_lines, measure

BARS = "|｜│┃║┆┇┊┋╎╏"
SINGLE_BAR_MIN = 3  # bars of a table that has only one line
HEADED = 2  # groups of a table that has only the rule below its header
# Every box-drawing character becomes one of | - +; text keeps ASCII ones.
BOX = {
    **dict.fromkeys(range(0x2500, 0x2580), "+"),
    **dict.fromkeys(map(ord, "─━═┄┅┈┉╌╍╴╶╸╺╼╾"), "-"),
    **dict.fromkeys(map(ord, BARS), "|"),
}
RULE = re.compile(r"[-+=|:\s]+")
ROW_START = re.compile(r"[|+]")
# A stretch of rule between two corners or bars, the corners included.
RULED = re.compile(r"[|+](?:-+|=+)(?=[|+])")
UNESCAPED_BAR = re.compile(r"(?<!\\)\|")
BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
INDENTS = ("  ", "\u3000")

Rows = list[list[list[str]]]


class Line(NamedTuple):
    """Printed cells between the bars of a line, and for each whether it is a piece of rule."""

    cells: list[str]
    is_rule: list[bool]


def find_ruled_table(run: list[str], at: int) -> tuple[int, Rows]:
    """First line after the bars that begin at line `at`, and the rows they hold: none where it is no table.

    Rows are lists of cells, cells lists of lines. The end is `at` where no bars begin.
    """
    if is_markdown_header(run, at):
        return read_markdown(run, at)
    end = next((i for i in range(at, len(run)) if not is_bar_line(run[i])), len(run))
    lines = [parse_line(line) for line in run[at:end]]
    contents = sum(not all(line.is_rule) for line in lines)
    is_table = contents and (len(lines) > 1 or len(lines[0].cells) >= SINGLE_BAR_MIN - 1)
    return end, ruled_rows(lines) if is_table else []


def is_markdown_header(run: list[str], at: int) -> bool:
    """Whether a line of cells stands above the line of dashes that makes it a header."""
    if at + 1 >= len(run) or "|" not in run[at] or "|" not in run[at + 1] or "-" not in run[at + 1]:
        return False
    dashes = [cell.strip().strip(":") for cell in split_markdown(run[at + 1])]
    are_dashes = all(dash and not dash.strip("-") for dash in dashes)
    return are_dashes and len(dashes) == len(split_markdown(run[at]))


def read_markdown(run: list[str], at: int) -> tuple[int, Rows]:
    """Every line is a row; `<br>` parts the lines of a cell."""
    end = next((i for i in range(at + 2, len(run)) if "|" not in run[i]), len(run))
    rows = [split_markdown(run[at])] + [split_markdown(line) for line in run[at + 2 : end]]
    return end, [[BREAK.split(cell) for cell in row] for row in rows]


def split_markdown(line: str) -> list[str]:
    """Cells of a line with or without outer bars; `\\|` is a bar in the text."""
    body = line.strip().removeprefix("|")
    if body.endswith("|") and not body.endswith("\\|"):
        body = body[:-1]
    return [cell.strip().replace("\\|", "|") for cell in UNESCAPED_BAR.split(body)]


def is_bar_line(line: str) -> bool:
    """Whether a line begins and ends with a bar or a corner; a plain line of dashes or a +1 does not."""
    text = line.strip()
    first, last = text[:1].translate(BOX), text[-1:].translate(BOX)
    if len(text) < 2 or first not in "|+" or last not in "|+":  # noqa: PLR2004 - one bar at each end
        return False
    if first == last == "|":
        return True
    plain = text.translate(BOX)
    return RULED.search(plain) is not None


def parse_line(line: str) -> Line:
    """Split a line at its bars, and at the corners of the rules that begin or end in it."""
    text = line.strip()
    plain = text.translate(BOX)
    cuts = [i for i, mark in enumerate(plain) if mark == "|"]
    if "+" in plain:
        corners = {i for piece in RULED.finditer(plain) for i in (piece.start(), piece.end())}
        cuts = sorted(corners.union(cuts))
    cells = [text[a + 1 : b] for a, b in pairwise(cuts)]
    return Line(cells, [is_rule_piece(plain[a + 1 : b]) for a, b in pairwise(cuts)])


def is_rule_piece(plain: str) -> bool:
    """Whether the characters between two bars are dashes; one dash may be a cell that says "none"."""
    return len(plain) > 1 and not plain.strip("-=") or plain in ("", "=") and False


def ruled_rows(lines: list[Line]) -> Rows:
    """Rows of a table whose lines are given."""
    groups = group_lines(lines)
    table = Ruled(count_sections(groups))
    return table.read(groups)


def group_lines(lines: list[Line]) -> list[tuple[Line | None, list[Line]]]:
    """Content lines that no rule parts, each group with the rule above it (None for a table that begins without)."""
    groups: list[tuple[Line | None, list[Line]]] = [(None, [])]
    for line in lines:
        if any(line.is_rule):
            groups.append((line, []))
        else:
            groups[-1][1].append(line)
    return groups


def count_sections(groups: list[tuple[Line | None, list[Line]]]) -> int:
    """Groups that hold lines."""
    return sum(bool(contents) for _, contents in groups)
