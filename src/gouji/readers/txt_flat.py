"""Tables with a whole row a line, tabs between the cells: copies from a spreadsheet, the output of catdoc.

    项目⇥预算⇥决算          三公经费说明⇥一项费用的说明很长，长得在     联系人⇥王某        项目⇥"第一行
    三公⇥10⇥                这里被折行⇥12.5                           科室⇥办公室        第二行"⇥12.5
    ⇥接待⇥7.72              接待⇥无⇥7.72                              编制⇥36

A row has two tabs or more; rows of one tab are a table where three stand together and are no list or contents.
catdoc breaks lines before column 72 and sets a blank line between rows; a spreadsheet quotes cells of
several lines.
"""

from __future__ import annotations

import re

from gouji.readers.txt_aligned import LIST_MARK
from gouji.readers.txt_width import first_word, join_lines, measure, needs_blank

FLAT_TABS = 2
MIN_PAIRS = 3
MAX_LABEL = 40  # columns: what stands left of a single tab is a label
WRAP_WIDTH = 72  # where catdoc breaks lines
MAX_WRAPPED = 8  # lines of a wrapped row
MAX_QUOTED = 50  # lines of a quoted cell
HEADING = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|附[件表]|表\s?[0-9一二三四五六七八九十]|注[:：]|备注[:：]|单位[:：])"
)

Rows = list[list[list[str]]]


def find_flat_end(run: list[str], at: int, *, in_flat_table: bool, is_spaced: bool = False) -> int:
    """End of the rows of tab-separated values from line `at`; `at` itself where none begins.

    Rows that all start with a tab are cells of the other kind, unless they go on with a flat table.
    `is_spaced` tells that the table above has a blank line between rows: then rows of one tab go on with it too.
    """
    if count_tabs(run[at]) < FLAT_TABS:
        goes_on_flat = in_flat_table and run[at].count("\t") >= FLAT_TABS  # a label without values, or an empty row
        if goes_on_flat or (is_spaced and "\t" in run[at].strip()):
            return find_row_end(run, at)
        return at
    wide = next((i for i in range(at, len(run)) if count_tabs(run[i]) < FLAT_TABS), len(run))
    if not in_flat_table and all(line.startswith("\t") for line in run[at:wide]):
        return at
    return find_row_end(run, wide)


def find_row_end(run: list[str], at: int) -> int:
    """End of the lines that are rows, or wrapped lines between rows; a row may be blank but for its label."""
    while at < len(run):
        if count_tabs(run[at]) or run[at].count("\t") >= FLAT_TABS:
            at += 1
            continue
        below = find_wrapped_end(run, at)
        if below == at:
            break
        at = below
    return at


def find_wrapped_end(run: list[str], at: int) -> int:
    """End of lines that were broken off the row above, where rows go on below them; else `at`."""
    end = at
    while 0 < end < len(run) and end - at < MAX_WRAPPED and "\t" not in run[end]:
        if not is_wrapped(run[end - 1], run[end]):
            return at
        end += 1
    return end if end < len(run) and "\t" in run[end] else at


def is_wrapped(above: str, below: str) -> bool:
    """Whether the line below begins with what found no room above; a heading begins anew.

    catdoc counts bytes of the encoding it writes: three for a Chinese character in UTF-8, else two, as wide as it is.
    """
    if not below[:1].strip() or HEADING.match(below):
        return False
    word = first_word(below)
    gap = needs_blank(above, below)
    lengths = ((measure(above), measure(word)), (len(above.encode()), len(word.encode())))
    return any(length <= WRAP_WIDTH < length + gap + more for length, more in lengths)


def count_tabs(line: str) -> int:
    """Tabs of a line that separate something: trailing white space does not count."""
    return line.rstrip().count("\t")


def find_pairs(run: list[str], at: int) -> tuple[int, Rows]:
    """End of the lines of a label, a tab and a value, and their rows: none for fewer than three or a contents page."""
    end = next((i for i in range(at, len(run)) if not is_pair(run[i])), len(run))
    pairs = [line.split("\t")[:2] for line in run[at:end]]
    is_table = len(pairs) >= MIN_PAIRS and not is_page_numbers([value.strip() for _, value in pairs])
    return end, [[[cell] for cell in pair] for pair in pairs] if is_table else []


def is_pair(line: str) -> bool:
    """Whether a line is a label and a value with one tab between."""
    label, tab, value = line.partition("\t")
    if not (tab and value.strip()) or "\t" in value.rstrip():
        return False
    return (
        0 < measure(label.strip()) <= MAX_LABEL and not label[:1].isspace() and not LIST_MARK.fullmatch(label.strip())
    )


def is_page_numbers(values: list[str]) -> bool:
    """Whether the values are whole numbers that never fall, as in a table of contents."""
    if not all(value.isdecimal() for value in values):
        return False
    numbers = [int(value) for value in values]
    return numbers == sorted(numbers)


def split_flat_rows(lines: list[str], tabs: int) -> Rows:
    """Rows of the lines; `tabs` are those of the widest row above."""
    tabs = max(tabs, *(line.count("\t") for line in lines))
    rows: list[str] = []
    for i, line in enumerate(lines):
        if i and goes_on(rows[-1], lines[i - 1], line, tabs):
            rows[-1] = join_lines(rows[-1], line)
        else:
            rows.append(line)
    return [[[value if "\v" not in value else unquote(value)] for value in row.split("\t")] for row in rows]


def goes_on(row: str, above: str, line: str, tabs: int) -> bool:
    """Whether a line was broken off the row above: it brings no cells, or just those that the row still lacks."""
    missing = tabs - row.count("\t")
    return line.count("\t") in (0, missing) and is_wrapped(above, line)


def join_quoted(run: list[str]) -> list[str]:
    """Rows whose quoted cells hold line ends, each on one line: the line ends become soft breaks."""
    lines: list[str] = []
    at = 0
    if not any('"' in line for line in run):
        return run
    while at < len(run):
        line, end = run[at], at + 1
        while (close := find_closing(line, run, end)) > end:
            line, end = "\v".join((line, *run[end:close])), close
        lines.append(line)
        at = end
    return lines


def find_closing(line: str, run: list[str], at: int) -> int:
    """The line after the one that closes the quoted last cell of `line`; `at` where none is open or none closes it."""
    _, tab, last = line.rpartition("\t")
    is_row = tab or (at < len(run) and "\t" in run[at])
    if not (is_row and last.startswith('"') and last.count('"') % 2):
        return at
    for i in range(at, min(at + MAX_QUOTED, len(run))):
        text = run[i].partition("\t")[0]
        if text.count('"') % 2:
            return i + 1 if text.rstrip().endswith('"') else at
    return at


def unquote(value: str) -> str:
    """A cell without the quotes that hold its lines together."""
    if len(value) > 1 and "\v" in value and value[0] == value[-1] == '"':
        return value[1:-1].replace('""', '"')
    return value
