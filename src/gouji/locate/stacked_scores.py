"""A scoring table whose cells stand one a line, put together where nothing is in doubt.

三级指标            a header, each line a word of scoring tables
分值
得分
预算完成率          then rows of as many lines, numbers where the points stand: the whole table
20
18.5                or, where merged cells were lost, rows of unequal length: of each its name, its weight and its score
合计                and only where the sums close: weights and scores come to the total row, or the weights to 100
100
96.5
"""

from __future__ import annotations

from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from gouji.locate.scoring import LEVELS, is_score_header, score_segment
from gouji.model.document import Cell, Paragraph, Table
from gouji.text.numerals import is_numeric, read_number
from gouji.text.rows import rows_of_table

if TYPE_CHECKING:
    from gouji.locate.vocabulary import Vocabulary
    from gouji.locate.walk import Walk

_LONGEST_LABEL = 24
_LONGEST_TABLE = 600  # lines
_HEADER = range(3, 10)  # cells
_FEWEST_ROWS = 2
_FULL_MARKS = Decimal(100)
_KEPT = ("level3", "weight", "score")

Line = list[Paragraph | None]


class Listed(NamedTuple):
    """Header, rows and total row, cell by cell (None where a cell is unknown), and the lines they take."""

    rows: list[Line]
    total: Line | None
    length: int


def take_stacked_scores(walk: Walk, position: int) -> int:
    """How many lines a scoring table takes that begins with a line; 0 where none does or its sums leave doubts."""
    line = walk.lines[position]
    if not isinstance(line, Paragraph) or not _names_column(walk.vocabulary, line):
        return 0
    lines = list(takewhile(lambda one: isinstance(one, Paragraph), walk.lines[position : position + _LONGEST_TABLE]))
    texts = [one for one in lines if isinstance(one, Paragraph)]
    width = len(list(takewhile(lambda one: _names_column(walk.vocabulary, one), texts)))
    if width not in _HEADER:
        return 0
    roles = _roles(texts[:width], walk.vocabulary)
    if not {"weight", "score", "level3"} <= set(roles):
        return 0
    body = texts[width:]
    header: Line = list(texts[:width])
    found = _whole_rows(walk.vocabulary, header, roles, body) or _named_points(walk.vocabulary, header, roles, body)
    if found is None:
        return 0
    _add(walk, position, found)
    return width + found.length


def _names_column(vocabulary: Vocabulary, line: Paragraph) -> bool:
    return len(line.text) <= _LONGEST_LABEL and bool(vocabulary.roles(line.text)) and not is_numeric(line.text)


def _roles(header: list[Paragraph], vocabulary: Vocabulary) -> list[str]:
    """The role of each column, as the header would have in a row; [] where it is no header of a scoring table."""
    (row,) = rows_of_table(_table([list(header)]), ragged=True)
    if not is_score_header(row, vocabulary):
        return []
    columns = score_segment([row], [], vocabulary).columns
    by_start = {column.start: role for role, column in columns.items()}
    return [by_start.get(index, "") for index in range(len(header))]


def _points(vocabulary: Vocabulary, line: Paragraph | None) -> Decimal | None:
    reading = read_number(line.text, vocabulary.units) if line is not None else None
    return reading.quantity.value if reading is not None and reading.quantity is not None else None


def _whole_rows(vocabulary: Vocabulary, header: Line, roles: list[str], body: list[Paragraph]) -> Listed | None:
    """Rows as long as the header, each with numbers under its points and words under its levels."""
    width, rows, place = len(header), [header], 0
    while place + width <= len(body) and _is_whole(vocabulary, roles, body[place : place + width]):
        rows.append(list(body[place : place + width]))
        place += width
    return _closed(vocabulary, roles, rows, body[place:], place)


def _is_whole(vocabulary: Vocabulary, roles: list[str], cells: list[Paragraph]) -> bool:
    if _is_total(vocabulary, cells[0]):
        return False
    told = zip(roles, cells, strict=True)
    return all(
        is_numeric(cell.text) if role in ("weight", "score") else role not in LEVELS or not is_numeric(cell.text)
        for role, cell in told
    )


def _is_total(vocabulary: Vocabulary, cell: Paragraph) -> bool:
    return "score_total" in vocabulary.roles(cell.text)


def _named_points(vocabulary: Vocabulary, header: Line, roles: list[str], body: list[Paragraph]) -> Listed | None:
    """Rows of any length whose name, weight and score stand next to each other; nothing else in them is a number."""
    first = roles.index("level3")
    if tuple(roles[first : first + 3]) != _KEPT:
        return None
    rows, place, end = [header[first : first + 3]], 0, 0
    while place < len(body) and not _is_total(vocabulary, body[place]):
        if not is_numeric(body[place].text):
            place += 1
            continue
        named = place > end and [is_numeric(cell.text) for cell in body[place : place + 3]] == [True, True, False]
        if not named:
            return None
        rows.append([body[place - 1], body[place], body[place + 1]])
        place = end = place + 2
    return _closed(vocabulary, list(_KEPT), rows, body[place:], place) if place < len(body) else None


def _closed(
    vocabulary: Vocabulary, roles: list[str], rows: list[Line], rest: list[Paragraph], count: int
) -> Listed | None:
    """The table, where its points come to what the row of totals says, or its weights to 100."""
    if len(rows) <= _FEWEST_ROWS:
        return None
    at = {role: roles.index(role) for role in ("weight", "score")}
    sums = {
        role: sum((_points(vocabulary, row[i]) or Decimal(0) for row in rows[1:]), Decimal(0)) for role, i in at.items()
    }
    total = _total_row(vocabulary, roles, rest)
    if total is None:
        return Listed(rows, None, count) if sums["weight"] == _FULL_MARKS else None
    told = {role: _points(vocabulary, total[i]) for role, i in at.items() if total[i] is not None}
    if not told or any(sums[role] != value for role, value in told.items()):
        return None
    length = sum(cell is not None for cell in total)
    return Listed(rows, total, count + length) if "weight" in told or sums["weight"] == _FULL_MARKS else None


def _total_row(vocabulary: Vocabulary, roles: list[str], rest: list[Paragraph]) -> Line | None:
    """合计 | 100 | 96.5, or 总分 | 96.5, whose one number is the score."""
    if not rest or not _is_total(vocabulary, rest[0]):
        return None
    numbers = list(takewhile(lambda cell: is_numeric(cell.text), rest[1:]))
    order = sorted(("weight", "score"), key=roles.index) if len(numbers) > 1 else ["score"]
    row: Line = [None] * len(roles)
    for role, cell in zip(order, numbers, strict=False):
        row[roles.index(role)] = cell
    label = next((i for i, role in enumerate(roles) if role in LEVELS), 0)
    row[label] = rest[0]
    return row


def _add(walk: Walk, position: int, listed: Listed) -> None:
    table = _table([*listed.rows, *([listed.total] if listed.total is not None else [])])
    header, *data = rows_of_table(table, ragged=True)
    walk.add(position, score_segment([header], data, walk.vocabulary, closed=listed.total is not None))
    walk.note(table.where, f"一行一格的评分表：{len(listed.rows) - 1} 行，各行分值、得分之和与总分相符")
    walk.titles = []


def _table(rows: list[Line]) -> Table:
    """Lines as the cells of a table; their evidence ids stay those of the lines."""
    width = len(rows[0])
    told = [(r, c, line) for r, row in enumerate(rows) for c, line in enumerate(row) if line is not None]
    cells = tuple(Cell(r, c, 1, 1, (line,)) for r, c, line in told)
    lines = {(r, c): line.where for r, c, line in told}
    ids = tuple(lines.get((r, c), "") for r in range(len(rows)) for c in range(width))
    return Table(f"{told[0][2].where}_t", len(rows), width, cells, lines=ids)
