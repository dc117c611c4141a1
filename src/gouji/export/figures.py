"""Fact → what a cell of the summary shows.

Fact("8710500元")  → Figure(number=871.05, note="原文：8710500元 …")        one unit of money, exactly
Fact(blank)        → Figure(number=None, state="blank")                     an empty shaded cell
Fact(unreadable)   → Figure(number=None, state="unreadable", note="无法辨认 …")
unit in doubt      → Figure(number=None, mark="hard", note="… 未汇入")       never summed 10,000 times too large
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from gouji.export.plain import clean_text, shorten
from gouji.model.quantity import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.model.finding import Evidence, Finding
    from gouji.model.report import Fact, Report
    from gouji.patterns.exports import Labels, Layout, Slot

Mark = Literal["", "hard", "explain"]
UNIT_RULE = "X5-unit"
_SPEAK_AGAINST = ("witness", "copy", "unit")  # cells that show the accused unit to be wrong
_HUNDRED = Decimal(100)
_NUMBERED: tuple[State, ...] = ("value", "zero")
_SAME_TABLE = {"balance": "expenditure"}


class Figure(msgspec.Struct, frozen=True, gc=False):
    """One cell. `problem` is the serial number of the finding that rests on it, -1 for none; `notable` asks for a comment.

    `accusation` is the comment's line on that finding; `told`: by a sentence, not by a table.
    """

    state: State
    number: Decimal | None = None
    text: str | None = None
    mark: Mark = ""
    problem: int = -1
    note: str = ""
    accusation: str = ""
    notable: bool = False
    told: bool = False


class Suspicion(msgspec.Struct, frozen=True):
    """What the findings say about the cells of one report."""

    marks: dict[str, tuple[Mark, int, str]]
    doubtful: frozenset[str]


def judge_mark(finding: Finding) -> Mark:
    """Red for what must be corrected, orange for what must be explained or checked."""
    if finding.verdict == "fail" and finding.severity == "hard":
        return "hard"
    if finding.verdict in ("fail", "review") and finding.severity in ("hard", "explain"):
        return "explain"
    return ""


def suspect_cells(report: Report, findings: Iterable[tuple[int, Finding]], ordinal: int, path: str) -> Suspicion:
    """Evidence id → worst finding on it, and the cells whose unit of money is in doubt."""
    marks: dict[str, tuple[Mark, int, str]] = {}
    doubtful: set[str] = set()
    for serial, finding in findings:
        mark = judge_mark(finding)
        own = [piece for piece in finding.evidence if piece.report == ordinal and piece.source in ("", path)]
        places = {piece.where for piece in own if piece.relation != "witness"}
        if finding.rule == UNIT_RULE:
            places = spread_doubt(report, own)
            doubtful |= places if mark == "hard" else set()
        for where in places if mark else ():
            if where not in marks or (mark == "hard" and marks[where][0] == "explain"):
                marks[where] = (mark, serial, finding.title)
    return Suspicion(marks, frozenset(doubtful))


def spread_doubt(report: Report, evidence: Iterable[Evidence]) -> set[str]:
    """Cells of a wrong unit: the accused amounts, and every amount of the same block under the same unit.

    Another block may have inherited that unit and still be right, so the unit's own cell accuses it only where no
    amount is named at all. A printed 0 is 0 in every unit.
    """
    accused = {piece.where for piece in evidence if piece.relation not in _SPEAK_AGAINST}
    blocks = {(_block_of(fact), fact.unit_where) for fact in report.facts if fact.where in accused and is_money(fact)}
    stated = {piece.where for piece in evidence if piece.relation == "unit"} if not blocks else set()
    amounts = (fact for fact in report.facts if fact.state == "value" and is_money(fact))
    return {
        fact.where
        for fact in amounts
        if fact.where and ((_block_of(fact), fact.unit_where) in blocks or fact.unit_where in stated)
    }


def _block_of(fact: Fact) -> str:
    topic = fact.concept.split(".", maxsplit=1)[0]
    return _SAME_TABLE.get(topic, topic)


def is_money(fact: Fact) -> bool:
    """Whether the fact is an amount."""
    return fact.quantity is not None and fact.quantity.unit is not None and fact.quantity.unit.kind == "money"


def index_facts(report: Report) -> dict[str, list[Fact]]:
    """The facts of the report's own entity by concept."""
    index: dict[str, list[Fact]] = defaultdict(list)
    for fact in report.facts:
        if fact.main:
            index[fact.concept].append(fact)
    return index


def pick_fact(facts: list[Fact], slot: Slot, year: int | None) -> Fact | None:
    """The fact of one stage and year: a printed one before a missing one, unscoped before scoped, table before prose."""
    wanted = None if year is None else year + slot.year
    fitting = [fact for fact in facts if fact.stage == slot.stage and _fits_year(fact.period, wanted, slot.year)]
    if not fitting:
        return None
    return min(fitting, key=lambda f: (f.state == "missing", f.scope is not None, f.origin != "table"))


def _fits_year(period: int | None, wanted: int | None, offset: int) -> bool:
    if offset == 0 and (period is None or wanted is None):
        return True
    return period is not None and period == wanted


def build_figure(fact: Fact, suspicion: Suspicion, layout: Layout, labels: Labels) -> Figure:
    """The cell of one fact."""
    mark, problem, title = suspicion.marks.get(fact.where or "", ("", -1, ""))
    doubtful = fact.where in suspicion.doubtful and is_money(fact)
    printed = fact.state in _NUMBERED and not doubtful
    number = to_number(fact, layout.factor) if printed else None
    remarks = _list_remarks(fact, layout, labels, doubtful=doubtful)
    return Figure(
        state=fact.state,
        number=number,
        text=clean_text(fact.value) if isinstance(fact.value, str) and printed else None,
        mark=mark,
        problem=problem,
        note=_write_note(fact, remarks),
        accusation=clean_text(f"{labels.severities.get(mark, '')}：{shorten(title)}") if title else "",
        notable=bool(remarks or mark),
        told=fact.origin == "prose",
    )


def to_number(fact: Fact, factor: Decimal) -> Decimal | None:
    """Money in units of `factor` 元, a percentage as a share of 1, anything else as printed."""
    quantity = fact.quantity
    if quantity is None:
        return None
    kind = quantity.unit.kind if quantity.unit else None
    if kind == "money":
        return quantity.value if quantity.factor == factor else quantity.base_value / factor
    return quantity.value / _HUNDRED if kind == "percent" else quantity.value


def _list_remarks(fact: Fact, layout: Layout, labels: Labels, *, doubtful: bool) -> list[str]:
    """Why this figure needs a word; nothing for an ordinary one."""
    if doubtful:
        return [f"计量单位可能有误，未汇入（原文 {shorten(fact.raw, 40)}）"]
    if fact.state not in _NUMBERED:
        return [] if fact.state == "blank" else [labels.states.get(fact.state, fact.state)]
    remarks = []
    if is_money(fact) and fact.quantity and fact.quantity.factor != layout.factor:
        shown = format(to_number(fact, layout.factor) or Decimal(0), "f")
        remarks.append(f"折合 {_trim_zeros(shown)} {layout.unit}")
    if fact.quantity and (fact.quantity.low is not None or fact.quantity.high is not None):
        remarks.append("原文为约数")
    if fact.scope:
        remarks.append(f"口径：{fact.scope}")
    return remarks


def _trim_zeros(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _write_note(fact: Fact, remarks: list[str]) -> str:
    lines = list(remarks)
    if fact.raw:
        unit = fact.quantity.unit.name if fact.quantity and fact.quantity.unit else ""
        lines.append(f"原文：{shorten(fact.raw)}" + (f"（{unit}）" if unit and unit not in fact.raw else ""))
    if fact.place:
        lines.append(
            f"位置：{shorten(fact.place)}" + (f"（第{fact.box.page}页）" if fact.box and "页" not in fact.place else "")
        )
    return clean_text("\n".join(lines))
