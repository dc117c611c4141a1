"""Checks that no formula says → constraints: scores and weights, units under a summary, sentences, copies.

A8   Σ 自评得分 − 总分 = 0        A8-sub Σ 自评得分 − 小计 = 0        A7   Σ 分值 − 100 = 0,  Σ 分值 under a level − its bracket = 0
A10a 汇总 − Σ 各单位              X1   sentence − cell              X1-copies   cell − cell
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from gouji.validate.prose_amounts import linked_amounts
from gouji.validate.repair.formulas import concepts_of
from gouji.validate.repair.network import Constraint, Key, Option, Row
from gouji.validate.scores import (
    FULL,
    ScoreGroup,
    decimals_of,
    name_of,
    sum_of_weights,
    total_of_scores,
)
from gouji.validate.span import span_of
from gouji.validate.subordinates import columns_of
from gouji.validate.subtotals import ROLES, sums_of
from gouji.validate.weights import weights_by_label

if TYPE_CHECKING:
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact, Indicator
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.repair.cells import CellBook

Judged = Mapping[Key, "Judgement"]
_HALF = Decimal("0.5")


def check_constraints(
    case: Case, book: CellBook, judged: Judged, only: frozenset[str] | None = None
) -> Iterator[Constraint]:
    """The constraints of every registered check that is linear. `only`: just those that touch these concepts."""
    for rule in case.rules.rules:
        wanted = only is None or bool(concepts_of(rule) & only)
        match rule.check:
            case "score_total" if wanted:
                yield from _score_totals(rule, case, book)
            case "weights" if wanted:
                yield from _weights(rule, case, book, judged)
            case "subtotals" if wanted:
                yield from _subtotals(rule, case, book)
            case "subordinates" if len(case.rows) > 1:
                yield from _columns(rule, case, book, judged, only)
            case "prose_amounts":
                yield from _sentences(rule, case, book, only)
            case "copies":
                yield from _copies(rule, case, book)
            case _:
                pass


def _constraint(rule: Rule, row: Row, suffix: str = "", entity: str = "", *, soft: bool = False) -> Constraint:
    return Constraint((rule.id, entity, suffix), (Option((row,)),), hard=rule.severity == "hard", soft=soft)


# --- scores -------------------------------------------------------------------------------------------------------------


def _score_totals(rule: Rule, case: Case, book: CellBook) -> Iterator[Constraint]:
    """Σ of the scores against every print of the total, with and without bonus and deduction rows."""
    rows = case.scoring.own_scores
    facts = [f for c in ("scoring.score_total", *rule.copies) if (f := case.main.fact(c)) is not None]
    totals = {book.of_fact(fact): fact for fact in facts if fact.quantity is not None}
    decimals = decimals_of(row.score for row in rows)
    terms = {kind: _score_terms(rows, kind, book) for kind in ("item", "bonus", "deduction")}
    if not terms["item"] or any(group is None for group in terms.values()):
        return
    for number, fact in totals.items():
        if number is not None and fact.quantity is not None:
            own = fact.quantity.decimals or 0
            room = book.integer(_HALF.scaleb(-own)) if own < decimals else 0
            options = tuple(Option((row,)) for row in _score_rows(number, terms, _beside(case, book), room))
            yield Constraint((rule.id, "", ""), options, hard=rule.severity == "hard")


Terms = list[tuple[int, int]]


def _score_terms(rows: list[Indicator], kind: Literal["item", "bonus", "deduction"], book: CellBook) -> Terms | None:
    """Cells of one kind of row, each with its sign in the sum; None where one of them is unreadable."""
    chosen = [row for row in rows if row.kind == kind]
    sign = -1 if kind == "deduction" and total_of_scores(chosen) > 0 else 1
    explained = any(_reasoned(row) for row in chosen)
    found: Terms = []
    for row in chosen:
        cell = row.cells.get("score")
        if cell is None or cell.state in ("none", "missing"):
            continue
        high = row.weight.value if row.weight is not None and kind == "item" else None
        number = book.of_points(cell, name_of(row), high, reasoned=_reasoned(row) if explained else None)
        if number is None:
            return None
        found.append((number, sign))
    return found


def _reasoned(row: Indicator) -> bool | None:
    """Whether the row explains a deduction; None where the form has no such column, or rows share a weight."""
    cell = row.cells.get("reason")
    if cell is None or row.weight_shared_by > 1:
        return None
    return cell.state not in ("blank", "none", "missing")


def _score_rows(total: int, terms: dict[str, Terms | None], beside: Terms, room: int) -> Iterator[Row]:
    seen: set[tuple[tuple[int, int], ...]] = set()
    items, bonus, taken = (terms[kind] or [] for kind in ("item", "bonus", "deduction"))
    for extra in ([*bonus, *taken], taken, bonus, []):
        whole = ((total, -1), *items, *beside, *extra)
        if whole not in seen:
            seen.add(whole)
            yield Row(whole, 0, -room, room, total)


def _beside(case: Case, book: CellBook) -> Terms:
    """Points for the execution rate that the money table prints and no row lists."""
    fact = case.main.fact("scoring.execution_score")
    if case.every_score.lists_execution or case.scoring.listed >= FULL or fact is None or fact.quantity is None:
        return []
    number = book.of_fact(fact)
    return [(number, 1)] if number is not None else []


def _subtotals(rule: Rule, case: Case, book: CellBook) -> Iterator[Constraint]:
    """Σ of the rows above a 小计, in each of the ways it may be meant."""
    for subtotal in case.report.subtotals:
        for role, name in ROLES.items():
            cell = subtotal.cells.get(role)
            total = book.of_points(cell, f"{subtotal.label} {name}") if cell is not None and cell.value else None
            options = [
                Option((Row(((total, -1), *terms), 0, 0, 0, total),))
                for found in sums_of(subtotal, role, case)
                if total is not None and found.value is not None
                if (terms := _terms_of(found.rows, role, book)) is not None
            ]
            if options:
                yield Constraint(
                    (rule.id, "", f"{role}-{subtotal.after}"), tuple(options), hard=rule.severity == "hard"
                )


def _terms_of(rows: tuple[Indicator, ...], role: str, book: CellBook) -> Terms | None:
    """The cells that a subtotal adds up; None where one has no place."""
    cells = [row.cells[role] for row in rows if role in row.cells]
    numbers = [book.of_points(cell, f"{name_of(row)} {ROLES[role]}") for row, cell in zip(rows, cells, strict=False)]
    known = [(number, 1) for number in numbers if number is not None]
    return known if len(known) == len(rows) else None


# --- weights ------------------------------------------------------------------------------------------------------------


def _weights(rule: Rule, case: Case, book: CellBook, judged: Judged) -> Iterator[Constraint]:
    groups = case.scoring.groups
    items = [group for group in groups if group.is_item]
    if not items or any(group.weight is None for group in items):
        return
    terms = tuple((number, 1) for group in items if (number := _weight_cell(group, book)) is not None)
    if len(terms) == len(items):
        found = judged.get((rule.id, "", ""))
        off = found.difference if found is not None and found.verdict == "fail" else None
        whole = sum_of_weights(items)
        target = whole if off is None or whole == FULL else whole - off
        yield _constraint(rule, Row(terms, -book.integer(target), 0, 0))
        yield from _printed_weights(rule, terms, whole, case, book)
    yield from _levels(rule, groups, book)


def _printed_weights(
    rule: Rule, terms: tuple[tuple[int, int], ...], whole: Decimal, case: Case, book: CellBook
) -> Iterator[Constraint]:
    """The table's own total of its weights, where the listed ones make 100."""
    fact = case.main.fact("scoring.weight_total")
    number = book.of_fact(fact) if fact is not None and fact.quantity is not None else None
    if number is not None and whole == FULL:
        yield _constraint(rule, Row(((number, -1), *terms), 0, 0, 0, number))


def _weight_cell(group: ScoreGroup, book: CellBook) -> int | None:
    cell = group.rows[0].cells.get("weight")
    return book.of_points(cell, f"{group.name} 分值") if cell is not None else None


def _levels(rule: Rule, groups: list[ScoreGroup], book: CellBook) -> Iterator[Constraint]:
    levels: tuple[Literal["level1", "level2"], ...] = ("level1", "level2")
    for level in levels:
        for name, members in weights_by_label(groups, level).items():
            rows = [row for group in members for row in group.rows]
            heads = {_head(row, level, book) for row in rows} - {None}
            terms = [(number, 1) for group in members if (number := _weight_cell(group, book)) is not None]
            if len(terms) == len(members):
                for head in heads:
                    assert head is not None  # noqa: S101 - taken out above
                    row = Row(((head, -1), *terms), 0, 0, 0, head)
                    yield _constraint(rule, row, f"{level}-{name[-1]}")


def _head(row: Indicator, level: str, book: CellBook) -> int | None:
    where, label = getattr(row, f"{level}_where"), getattr(row, level) or ""
    printed = getattr(row, f"{level}_raw") or label
    weight: Quantity | None = getattr(row, f"{level}_weight")
    cell = row.cells.get(f"{level}_weight")
    if cell is not None and cell.value == weight:
        return book.of_points(cell, label)
    return book.of_level(where, printed, label, weight) if where is not None and weight is not None else None


# --- units, sentences, copies -------------------------------------------------------------------------------------------


def _columns(
    rule: Rule, case: Case, book: CellBook, judged: Judged, only: frozenset[str] | None
) -> Iterator[Constraint]:
    """A column of the units under a summary row; none where nobody knows whether it is one."""
    unclear = judged.get((rule.id, "", ""))
    if unclear is not None and unclear.verdict == "undecided":
        return
    for column in columns_of(case, only):
        total = book.of_fact(column.whole)
        parts = [book.of_fact(part) for part in column.parts]
        if not column.is_open and total is not None and None not in parts:
            room = book.integer(column.total.slack + column.sum.slack)
            terms = [(number, -1) for number in parts if number is not None]
            yield _constraint(rule, Row(((total, 1), *terms), 0, -room, room, total), column.whole.concept)


def _sentences(rule: Rule, case: Case, book: CellBook, only: frozenset[str] | None) -> Iterator[Constraint]:
    for link in linked_amounts(case, only):
        told, cell = book.of_fact(link.told), book.of_fact(link.cell)
        if told is not None and cell is not None and told != cell:
            low, high = (book.integer(bound) for bound in link.room)
            yield _constraint(rule, Row(((told, 1), (cell, -1)), 0, low, high), link.suffix, soft=True)


def _copies(rule: Rule, case: Case, book: CellBook) -> Iterator[Constraint]:
    """Two prints of one fact that cannot both be right."""
    for row in case.rows:
        for concept in row.copies:
            copies = row.conflicting(concept)
            for copy in copies[1:]:
                yield from _pair(rule, copies[0], copy, "" if row.main else row.entity or "", book)


def _pair(rule: Rule, one: Fact, other: Fact, entity: str, book: CellBook) -> Iterator[Constraint]:
    left, right = book.of_fact(one), book.of_fact(other)
    spans = [span_of(fact.quantity) for fact in (one, other) if fact.quantity is not None]
    if left is not None and right is not None and left != right:
        room = sum((book.integer(span.slack) for span in spans if span is not None), 0)
        yield _constraint(rule, Row(((left, 1), (right, -1)), 0, -room, room), one.concept, entity)
