"""The scoring rows of a form, comparable: from the blank form, or from what most of its filled copies share.

rows_of_form(report)   (过程, 预算执行, 预算调整率) → FormRow(预算调整率, 3, 全年未调整得3分…)
printed_cells(report, form)   the cells whose weight is the form's own
shared_rows(reports)   the same, where four in five of the copies print one weight, one criterion
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from gouji.text.labels import label_key
from gouji.validate.context import FormRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from gouji.model.report import Indicator, Report
    from gouji.validate.context import Template

Rows = dict[tuple[str, ...], FormRow]
SHARE = (4, 5)
FEWEST = 5
_NOISE = re.compile(r"[^\w%.<>=+\-]+|_")
_POINT_AFTER_WORD = re.compile(r"(?<!\d)\.|\.(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d{2}(?=年)")
_SIGNS = str.maketrans({"≦": "≤", "＜": "<", "＞": ">", "≧": "≥"})
_OPEN_NAME = re.compile(
    r"(?:指标|任务|目标|内容|项目)[\d一二三四五六七八九十]+$|^(?:指标|任务|目标|内容|项目)$|[…×]|[.。]{3}|XX|xx"
)  # 指标1: for the department to name


def rows_of_form(report: Report) -> Rows:
    """Every row that can be told from the others by its path of names."""
    keyed = [(path_of(row), _form_row(row)) for row in report.indicators if row.kind == "item"]
    counts = Counter(path for path, _ in keyed)
    return {path: row for path, row in keyed if counts[path] == 1 and path and not _OPEN_NAME.search(path[-1])}


def path_of(row: Indicator) -> tuple[str, ...]:
    """The names of its levels as keys."""
    return tuple(_name_key(level) for level in (row.level1, row.level2, row.level3) if level)


@lru_cache(maxsize=4096)
def _name_key(name: str) -> str:
    return label_key(name)


def levels_of_form(report: Report) -> dict[tuple[str, ...], Decimal]:
    """The weights in brackets by level, and under () the total of all weights; two that differ under one name say nothing."""
    found: dict[tuple[str, ...], set[Decimal]] = {}
    for path, _, weight in _levels(report):
        found.setdefault(path, set()).add(weight)
    return {path: weights.pop() for path, weights in found.items() if len(weights) == 1}


def _levels(report: Report) -> Iterator[tuple[tuple[str, ...], str | None, Decimal]]:
    """Path, cell and weight of every bracket and of the total."""
    for row in report.indicators:
        first = _name_key(row.level1 or "")
        if row.level1_weight is not None:
            yield (first,), _where_of(row, "level1_weight", row.level1_where), row.level1_weight.value
        if row.level2_weight is not None:
            where = _where_of(row, "level2_weight", row.level2_where)
            yield (first, _name_key(row.level2 or "")), where, row.level2_weight.value
    for fact in report.of("scoring.weight_total"):
        if fact.quantity is not None and fact.main:
            yield (), fact.where, fact.quantity.value


def _where_of(row: Indicator, role: str, label: str | None) -> str | None:
    """The column of a level's weight, where the table has one; else the label that prints it in a bracket."""
    cell = row.cells.get(role)
    return cell.where if cell is not None else label


def printed_cells(report: Report, template: Template) -> frozenset[str]:
    """Cells of weights that say what the form says: they came with it, and are never what a department wrote wrong."""
    found = {where for path, where, weight in _levels(report) if where and template.levels.get(path) == weight}
    for row in report.indicators:
        form, cell = template.rows.get(path_of(row)), row.cells.get("weight")
        same = form is not None and row.weight is not None and form.weight == row.weight.value
        if same and cell is not None and cell.where is not None:
            found.add(cell.where)
    return frozenset(found)


def _form_row(row: Indicator) -> FormRow:
    weight = row.weight.value if row.weight is not None else None
    return FormRow(row.level3 or row.level2 or row.level1 or "", weight, row.criterion or None)


@lru_cache(maxsize=8192)
def criterion_key(text: str) -> str:
    """A criterion without white space, punctuation and the year it names: a stale year put right is no change, and X4 tells of one."""
    plain = "".join(unicodedata.normalize("NFKC", text.translate(_SIGNS)).split())
    return _POINT_AFTER_WORD.sub("", _NOISE.sub("", _YEAR.sub("", plain).replace("≤", "<=").replace("≥", ">=")))


def shared_rows(copies: Sequence[Rows]) -> Rows:
    """The rows that four in five of the copies have, with the weight and the criterion that four in five print."""
    needed = needed_of(len(copies))
    by_path: dict[tuple[str, ...], list[FormRow]] = defaultdict(list)
    for rows in copies:
        for path, row in rows.items():
            by_path[path].append(row)
    return {path: _shared_row(rows, needed) for path, rows in by_path.items() if len(rows) >= needed}


def needed_of(count: int) -> int:
    """Four in five, rounded up."""
    return -(-count * SHARE[0] // SHARE[1])


def _shared_row(rows: list[FormRow], needed: int) -> FormRow:
    weights: Counter[Decimal | None] = Counter(row.weight for row in rows)
    weight, agreed = weights.most_common(1)[0]
    texts = Counter(criterion_key(row.criterion) for row in rows if row.criterion)
    key, times = texts.most_common(1)[0] if texts else ("", 0)
    criterion = next((row.criterion for row in rows if row.criterion and criterion_key(row.criterion) == key), None)
    return msgspec.structs.replace(
        rows[0],
        weight=weight if agreed >= needed else None,
        criterion=criterion if times >= needed else None,
    )


def alike(left: Iterable[tuple[str, ...]], right: Iterable[tuple[str, ...]]) -> float:
    """How far two tables have the same rows: 1 where all, 0 where none."""
    mine, theirs = set(left), set(right)
    return len(mine & theirs) / len(mine | theirs) if mine or theirs else 0.0
