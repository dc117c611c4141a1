"""The same sums at other moments than the year's final account: 年初预算数, 全年预算数, 上年决算数 beside 本年决算数.

facts of tables ─rows_of_moments→ one EntityRow for each table, entity, year, stage and scope

Only what one table prints together is added up; where it prints a figure of one moment twice, nobody knows which is meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.validate.case import EntityRow

if TYPE_CHECKING:
    from gouji.model.report import Fact, Report

_TABLE = re.compile(r"(.*t\d+)r\d+c\d+")
_FINAL = "final"


class MomentRow(NamedTuple):
    """The figures of one moment as if they were the year's, and the words that tell it apart: 2020-final, 2021-initial."""

    name: str
    row: EntityRow


class _Key(NamedTuple):
    table: str
    main: bool
    entity: str | None
    period: int
    stage: str
    scope: str | None


def rows_of_moments(report: Report) -> list[MomentRow]:
    """Every moment but that of the rows themselves, in printed order."""
    groups: dict[_Key, list[Fact]] = {}
    for fact in report.facts:
        key = _key_of(fact, report.fiscal_year)
        if key is not None:
            groups.setdefault(key, []).append(fact)
    return [_moment_row(key, facts) for key, facts in groups.items()]


def _key_of(fact: Fact, year: int | None) -> _Key | None:
    period = fact.period or year
    if period is None or (period == year and fact.stage == _FINAL):
        return None
    table = _TABLE.match(fact.where) if fact.where is not None and fact.origin == "table" else None
    return table and _Key(table.group(1), fact.main, fact.entity, period, fact.stage, fact.scope)


def _moment_row(key: _Key, facts: list[Fact]) -> MomentRow:
    concepts = [fact.concept for fact in facts]
    once = {
        (fact.concept, _FINAL): msgspec.structs.replace(fact, stage=_FINAL)
        for fact in facts
        if concepts.count(fact.concept) == 1
    }
    name = "-".join(part for part in (str(key.period), key.stage, key.scope) if part)
    return MomentRow(name, EntityRow(key.entity, key.main, once, {}, key.scope))
