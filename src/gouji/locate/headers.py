"""Header rows → leaf columns with their paths.

    机构名称 | 支出合计 | 其中：                        | 结余
             |          | 基本支出 | 其中：     | 项目支出 | 当年结余 | 累计结余
             |          |          | 人员 | 公用 |          |          |
    ─→ …, Column(path=("其中:", "人员支出")), …          (equal neighbours on a path are printed once)

In a document with a grid the spans say all. In ragged text they are reconstructed: each cell of a row takes one or more cells
of the row below so that blanks lie under cells without children, and a group's children speak of it (结余 ← 当年结余, 累计结余).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gouji.locate.vocabulary import Vocabulary
    from gouji.text.rows import Placed, Row

_PART_OF = ("其中", "其:")


class Leaf(NamedTuple):
    """Grid positions [start, end) and the header cells above them, top down."""

    start: int
    end: int
    cells: tuple[Placed, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """Printed labels, top down, equal neighbours once."""
        labels: list[str] = []
        for placed in self.cells:
            if placed.label and (not labels or labels[-1] != placed.label):
                labels.append(placed.label)
        return tuple(labels)

    @property
    def text(self) -> str:
        """Text of the lowest label."""
        return next((placed.text for placed in reversed(self.cells) if placed.text), "")

    @property
    def is_part(self) -> bool:
        """Whether its label says that it is a part of the figure beside it (其中：财政拨款)."""
        return any(label.startswith(_PART_OF) for label in self.path[-2:])


def leaves_of_header(rows: list[Row], vocabulary: Vocabulary, width: int | None = None) -> list[Leaf]:
    """Leaf columns of header rows. `width`: cells of the data rows, which decides in ragged text."""
    if not rows[0].ragged:
        return _leaves_of_grid(rows)
    return _leaves_of_text(rows, vocabulary, width)


def _leaves_of_grid(rows: list[Row]) -> list[Leaf]:
    cols = rows[0].table.cols
    columns: list[tuple[Placed, ...]] = []
    cover = [_cover(row, cols) for row in rows]
    for col in range(cols):
        stack: list[Placed] = []
        for line in cover:
            placed = line[col]
            if placed is not None and (not stack or stack[-1].cell is not placed.cell):
                stack.append(placed)
        columns.append(tuple(stack))
    leaves: list[Leaf] = []
    for col, stack_ in enumerate(columns):
        if leaves and _same_leaf(leaves[-1].cells, stack_):
            leaves[-1] = leaves[-1]._replace(end=col + 1)
        else:
            leaves.append(Leaf(col, col + 1, stack_))
    return leaves


def _cover(row: Row, cols: int) -> list[Placed | None]:
    line: list[Placed | None] = [None] * cols
    for placed in row.cells:
        for col in range(placed.start, min(placed.end, cols)):
            line[col] = placed
    return line


def _same_leaf(left: tuple[Placed, ...], right: tuple[Placed, ...]) -> bool:
    """Whether two neighbouring positions belong to one column: same cells, or only blank ones differ."""
    if [p.cell for p in left] == [p.cell for p in right]:
        return bool(left)
    filled_left = [id(p.cell) for p in left if p.text]
    filled_right = [id(p.cell) for p in right if p.text]
    blank_tail = bool(left) and bool(right) and not left[-1].text and not right[-1].text
    return filled_left == filled_right and bool(filled_left) and blank_tail


def _leaves_of_text(rows: list[Row], vocabulary: Vocabulary, width: int | None) -> list[Leaf]:
    lines = [list(row.cells) for row in rows]
    if len(lines) > 1 and all(len(line) == (width or len(lines[0])) for line in lines):
        return _leaves_by_position(lines)
    leaves = _align_all(lines, vocabulary)
    if leaves is None or (width is not None and len(leaves) != width):
        expanded = _expand_groups(lines, vocabulary)
        if width is None or len(expanded) == width or leaves is None:
            leaves = expanded
    return [Leaf(position, position + 1, tuple(stack)) for position, stack in enumerate(leaves)]


def _leaves_by_position(lines: list[list[Placed]]) -> list[Leaf]:
    """Where every row prints all its cells, a merged label is followed by blanks: what stands below those belongs to it, too."""
    upper: list[list[Placed]] = []
    for depth, line in enumerate(lines[:-1]):
        filled: list[Placed] = []
        for index, placed in enumerate(line):
            below = any(other[index].text for other in lines[depth + 1 :])
            same_group = index > 0 and (not upper or upper[-1][index] is upper[-1][index - 1])
            filled.append(filled[-1] if not placed.text and below and same_group else placed)
        upper.append(filled)
    stacks = zip(*upper, lines[-1], strict=True)
    return [Leaf(position, position + 1, tuple(stack)) for position, stack in enumerate(stacks)]


def _align_all(lines: list[list[Placed]], vocabulary: Vocabulary) -> list[list[Placed]] | None:
    """Stack every header row over the one below; None where a row is wider than the one below it."""
    leaves = [[placed] for placed in lines[-1]]
    owners = list(range(len(lines[-1])))  # leaf → cell of the row handled last
    lower = lines[-1]
    for upper in reversed(lines[:-1]):
        if len(upper) > len(lower):
            return None
        spans = _align(upper, lower, vocabulary)
        of_lower = [index for index, span in enumerate(spans) for _ in range(span)]
        owners = [of_lower[owner] for owner in owners]
        leaves = [[upper[owner], *stack] for owner, stack in zip(owners, leaves, strict=True)]
        lower = upper
    return leaves


def _align(upper: list[Placed], lower: list[Placed], vocabulary: Vocabulary) -> list[int]:
    """How many lower cells each upper cell covers: the cheapest partition."""

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[int, ...]]:
        if i == len(upper):
            return (0.0, ()) if j == len(lower) else (1e9, ())
        options: list[tuple[float, tuple[int, ...]]] = []
        for span in range(1, len(lower) - j - (len(upper) - i - 1) + 1):
            cost, rest = best(i + 1, j + span)
            options.append((cost + _span_cost(upper[i], lower[j : j + span], vocabulary), (span, *rest)))
        return min(options) if options else (1e9, ())

    return list(best(0, 0)[1])


def _span_cost(upper: Placed, lower: list[Placed], vocabulary: Vocabulary) -> float:
    """How odd it is that `upper` stands over these cells."""
    blanks = sum(1 for placed in lower if placed.blank)
    if upper.blank:
        return (0.0 if blanks == 1 else 1.0) if len(lower) == 1 else 5.0 * (len(lower) - 1)
    group = "group" in vocabulary.roles(upper.text)
    if len(lower) == 1:
        return 0.0 if blanks else (2.0 if group else 3.0)
    if upper.key in ("其中", "其"):
        return 6.0 * blanks
    related = sum(1 for placed in lower if _is_related(upper, placed, vocabulary))
    totals = sum(1 for placed in lower if "summary_row" in vocabulary.roles(placed.text))
    strangers = len(lower) - related - blanks
    repeated = len(lower) - len({placed.key for placed in lower})  # 预算数 | 决算数 twice belongs to two groups
    return repeated + 6.0 * blanks + 0.6 * strangers + 0.3 * max(0, totals - 1) + (0.0 if group or related else 1.0)


def _is_related(upper: Placed, lower: Placed, vocabulary: Vocabulary) -> bool:
    """Whether a child's label speaks of the one above it: by its words (结余 ← 当年结余) or by its topic (三公经费 ← 公务接待费)."""
    if upper.key in lower.key:
        return True
    topics = {meaning.concept.topic for meaning in vocabulary.meanings(upper.text)}
    return any(meaning.concept.topic in topics for meaning in vocabulary.meanings(lower.text))


def _expand_groups(lines: list[list[Placed]], vocabulary: Vocabulary) -> list[list[Placed]]:
    """Where blanks vanished: replace each group by its children of the row below, which holds nothing else."""
    leaves = [[placed] for placed in lines[0]]
    for lower in lines[1:]:
        filled = [placed for placed in lower if placed.text]
        groups = [index for index, stack in enumerate(leaves) if "group" in vocabulary.roles(stack[-1].text)]
        if not groups or not filled:
            continue
        tops = [leaves[index][-1] for index in groups]
        spans = _align(tops, filled, vocabulary) if len(tops) <= len(filled) else [1] * len(filled)
        children = iter(filled)
        taken = {index: [next(children) for _ in range(span)] for index, span in zip(groups, spans, strict=False)}
        expanded: list[list[Placed]] = []
        for index, stack in enumerate(leaves):
            expanded.extend([*stack, child] for child in taken[index]) if index in taken else expanded.append(stack)
        leaves = expanded
    return leaves
