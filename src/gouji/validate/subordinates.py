"""A10a: the rows of subordinate units add up to the summary row.

汇总      5000.00                 Σ 5300.00, 300 too much:
局机关    1200.00 (补助附属 300)   an internal offset → review
一中      2300.00 (上级补助 300)

Where a unit has no cell for a figure the column cannot be added up; then no unit may have more than 汇总.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.finding import Cause
from gouji.validate.case import UNKNOWN_STATES, EntityRow, present
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.offsets import find_offset
from gouji.validate.span import NOTHING, Span, add, span_of

if TYPE_CHECKING:
    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_SUMMARY = re.compile(r" · [^·]*(?:汇总|合计|总计|全系统)[^·]* 行 · ")
_TABLE = re.compile(r"t\d+r(?=\d)")
_FAMILIES = ("income.", "expenditure.", "balance.", "three_public.", "assets.", "meeting.", "training.", "staffing.")

_NEVER_OFFSET = ("three_public.", "assets.", "meeting.", "training.")  # nothing of these passes between units
_SUMMED = ("money", "people", "count")


class ColumnSum(NamedTuple):
    """A concept's summary cell against the rows below it."""

    whole: Fact
    parts: tuple[Fact, ...]
    total: Span
    sum: Span
    is_open: bool

    @property
    def closes(self) -> bool:
        """Whether the spans meet."""
        return self.total.meets(self.sum)


def check_subordinates(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A failing judgement for every column that does not add up; else one for all."""
    below = case.rows[1:]
    columns = columns_of(case)
    if not columns:
        yield NOT_APPLICABLE
        return
    decided = [column for column in columns if not column.is_open]
    bad = [column for column in decided if not column.closes]
    if bad and not _is_summary(decided, bad):
        yield Judgement("undecided", "subordinates.unclear")
        return
    left_out = _left_out(decided, below) if len(bad) > 1 else []
    if left_out:
        yield _row_fault(left_out, bad, case)
    else:
        yield from (_fault(rule, column, case) for column in bad)
    larger = [found for column in columns if (found := _larger_part(column)) is not None]
    yield from (_larger_fault(*found, case) for found in larger)
    if not bad and not larger:
        names = "、".join(case.name_of(column.whole.concept) for column in decided or columns)
        yield (
            Judgement("pass", "subordinates.pass", {"项": names, "总": _name_of_total(decided[0])})
            if decided
            else Judgement("undecided", "subordinates.open", {"项": names})
        )


def columns_of(case: Case, only: frozenset[str] | None = None) -> list[ColumnSum]:
    """The summary row's cells (of some concepts), each against the rows below it."""
    below = case.rows[1:]
    wholes = [fact for fact in case.main.facts.values() if only is None or fact.concept in only]
    return [column for whole in wholes if (column := _column_sum(whole, below)) is not None]


def _column_sum(whole: Fact, below: list[EntityRow]) -> ColumnSum | None:
    """None where the summary cell or every row below is empty. A blank row counts 0; an unknown one leaves it open."""
    printed = whole.quantity
    if printed is None or whole.stage != "final" or not whole.concept.startswith(_FAMILIES):
        return None
    if printed.unit is not None and printed.unit.kind not in _SUMMED:
        return None  # rates do not add up
    stated = [fact for row in below if (fact := row.fact(whole.concept)) is not None]
    parts = list(
        {fact.where or id(fact): fact for fact in stated}.values()
    )  # a cell that several units share counts once
    addends = [quantity for part in parts if (quantity := part.quantity) is not None]
    if not addends:
        return None
    halves = [quantity.half_step * quantity.factor for quantity in (printed, *addends) if quantity.value]
    total = span_of(printed)
    running = NOTHING
    for quantity in addends:
        running = add(running, span_of(quantity, _half(quantity, halves)) or NOTHING)
    is_open = total is None or any(part.state in UNKNOWN_STATES for part in parts) or _is_untold(whole, below)
    return ColumnSum(whole, tuple(parts), total or NOTHING, running, is_open)


def _is_untold(whole: Fact, below: list[EntityRow]) -> bool:
    """Whether a row of the same table has no cell of its own for this figure (a cell that two rows share is neither's)."""
    table = _TABLE.match(whole.where or "")
    without = [row for row in below if row.fact(whole.concept) is None]
    cells = (fact.where or "" for row in without for (_, stage), fact in row.facts.items() if stage == "final")
    return table is not None and any(cell.startswith(table.group()) for cell in cells)


def _half(quantity: Quantity, halves: list[Decimal]) -> Decimal | None:
    """A printed 0 is as accurate as its neighbours."""
    if quantity.value or not halves:
        return None
    return min(quantity.half_step, min(halves) / quantity.factor)


def _is_summary(decided: list[ColumnSum], bad: list[ColumnSum]) -> bool:
    """Whether the main row is a summary: it says so, or most of its columns add up."""
    if any(_says_summary(column) for column in decided):
        return True
    voting = [column for column in decided if any(_is_nonzero(part) for part in column.parts)]
    against = [column for column in voting if not column.closes]
    return bool(bad) and len(voting) - len(against) > len(against)


def _is_nonzero(part: Fact) -> bool:
    return part.quantity is not None and part.quantity.value != 0


def _says_summary(column: ColumnSum) -> bool:
    return _SUMMARY.search(column.whole.place) is not None


def _name_of_total(column: ColumnSum) -> str:
    """What the form calls the row above the units: 汇总 only where it says so."""
    return "汇总" if _says_summary(column) else "首行"


def _left_out(decided: list[ColumnSum], below: list[EntityRow]) -> list[EntityRow]:
    """Rows whose own figures are what the summary lacks, in every column."""
    return [row for row in below if all(_lacks(column, row) for column in decided)]


def _lacks(column: ColumnSum, row: EntityRow) -> bool:
    fact = row.fact(column.whole.concept)
    own = fact.quantity.base_value if fact is not None and fact.quantity is not None else Decimal(0)
    return abs(column.sum.mid - column.total.mid - own) <= column.total.slack + column.sum.slack


def _larger_part(column: ColumnSum) -> tuple[ColumnSum, Fact] | None:
    """A unit's amount above that of 汇总, in a column that cannot be added up: what a unit leaves blank is no less than 0."""
    if not column.is_open or not column.whole.concept.startswith(_NEVER_OFFSET) or not _says_summary(column):
        return None
    spans = [(part, span_of(part.quantity)) for part in column.parts if part.quantity is not None]
    return next(((column, part) for part, span in spans if span is not None and span.low > column.total.high), None)


def _larger_fault(column: ColumnSum, part: Fact, case: Case) -> Judgement:
    name = case.name_of(column.whole.concept)
    evidence = (case.evidence(column.whole, "total"), case.evidence(part, "addend"))
    slots = {"项": name, "单位名": part.entity or "—", "总": _name_of_total(column)}
    expression = f"{part.entity or '—'} {part.raw}，{_name_of_total(column)} {column.whole.raw}"
    return Judgement(
        "fail", "subordinates.larger", slots, expression, evidence=present(evidence), suffix=column.whole.concept
    )


def _row_fault(rows: list[EntityRow], bad: list[ColumnSum], case: Case) -> Judgement:
    """One finding for a row that the summary leaves out, instead of one a column."""
    names = "或".join(f"“{row.entity or '—'}”" for row in rows)
    missing = [fact for row in rows[:1] for c in bad if (fact := row.fact(c.whole.concept)) is not None]
    items = [f"{case.name_of(fact.concept)} {fact.raw}" for fact in missing]
    evidence = [case.evidence(column.whole, "total") for column in bad]
    evidence += [case.evidence(part, "addend") for column in bad for part in column.parts]
    slots = {"项": "、".join(case.name_of(c.whole.concept) for c in bad), "单位名": names, "总": _name_of_total(bad[0])}
    expression = f"差额逐栏等于该行所填：{'、'.join(items)}"
    suffix = f"row-{rows[0].entity or ''}"
    return Judgement("fail", "subordinates.left_out", slots, expression, evidence=present(evidence), suffix=suffix)


def _fault(rule: Rule, column: ColumnSum, case: Case) -> Judgement:
    quantity = column.whole.quantity
    assert quantity is not None  # noqa: S101 - _column_sum keeps columns with a number only
    gap = column.total.mid - column.sum.mid
    parts = [f"{part.entity or '—'} {part.raw or '（空白）'}" for part in column.parts]
    unit = quantity.unit.name if quantity.unit is not None else ""
    total = plain(_as_printed(column.sum.mid / quantity.factor, quantity.value))
    evidence = [case.evidence(column.whole, "total"), *(case.evidence(part, "addend") for part in column.parts)]
    offset = find_offset(rule, -gap, column.total.slack + column.sum.slack, case) if gap < 0 else None
    offsets = offset.evidence if offset is not None else ()
    name = case.name_of(column.whole.concept)
    slots = {
        "项": name,
        "组成": offset.text if offset is not None else "",
        "总": _name_of_total(column),
    }
    return Judgement(
        "review" if offsets else "fail",
        "subordinates.offset" if offsets else "subordinates.fail",
        slots,
        f"{' + '.join(parts)} = {total}，{_name_of_total(column)} {plain(quantity.value)}",
        _as_printed(gap / quantity.factor, quantity.value),
        trimmed((column.total.slack + column.sum.slack) / quantity.factor),
        unit,
        present([*evidence, *offsets]),
        (Cause("internal_offset", (), 1, certain=False),) if offsets else (),
        suffix=column.whole.concept,
    )


def _as_printed(gap: Decimal, like: Decimal) -> Decimal:
    exponent = like.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    value = trimmed(gap)
    own = value.as_tuple().exponent
    return value.quantize(Decimal(1).scaleb(-decimals)) if isinstance(own, int) and -own <= decimals else value
