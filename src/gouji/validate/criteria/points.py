"""What is wrong with the form's own criteria. For the template list, one line a report.

A9        the points inside a criterion do not make its weight
S7        a criterion that says of no score how it is earned      S7-bands  bands with gaps or overlaps
S8        several rows share one weight and no criterion says how it splits
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.criteria.kinds import ZERO, Bands, Checklist, Unreadable
from gouji.validate.criteria.kinds import Case as WordedCase
from gouji.validate.criteria.rows import ScoredRow, full_of
from gouji.validate.criteria.tokens import read_mentions
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.scores import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Evidence
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_RULE_OF_THREE = re.compile(r"比例|[×*＊]|得分\s*[=＝]")


def check_criterion_points(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A9: every row whose text gives other points than its weight."""
    del rule
    stated = [(row, totals) for row in case.scored_rows if row.weight is not None and (totals := _totals(row))]
    bad = [(row, totals) for row, totals in stated if row.weight not in totals]
    if not stated:
        yield NOT_APPLICABLE
    elif bad:
        texts = [f"{row.name}（分值 {plain(row.weight or ZERO)}，标准内 {_joined(totals)}）" for row, totals in bad]
        slots = {"项": "；".join(texts)}
        yield Judgement("review", "points.review", slots, evidence=_cells([row for row, _ in bad], case))
    else:
        yield Judgement("pass", "points.pass")


def _joined(totals: tuple[Decimal, ...]) -> str:
    return "或 ".join(plain(trimmed(total)) for total in totals)


def _totals(row: ScoredRow) -> tuple[Decimal, ...]:
    """What a text's points come to: their sum for items, the best for alternatives; both where the text leaves it open.

    () where it names no award, counts awards by events, or leaves points to judgement. 共…分 says it itself.
    """
    told = _points_told(row.row.criterion or "")
    if told is None or row.row.kind != "item":
        return ()
    awards, totals = told
    if totals:
        return totals
    if isinstance(row.criterion, Checklist):
        return (row.criterion.full,)
    full = full_of(row.criterion)
    if full is not None and not isinstance(row.criterion, WordedCase):
        return (full,)
    return tuple(dict.fromkeys((sum(awards, ZERO), max(awards))))


@lru_cache(maxsize=4096)
def _points_told(text: str) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]] | None:
    """The awards and the totals that a text names; None where it leaves points open, counts awards by events, or names none."""
    reading = read_mentions(text)
    totals = tuple(mention.points for mention in reading.of("total"))
    awards = reading.of("award")
    if reading.of("full", "open") or not (awards or totals):
        return None
    if not totals and any("每" in mention.before for mention in awards):
        return None
    return tuple(mention.points for mention in awards), totals


def check_criterion_unreadable(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S7: rows whose criterion is blank, qualitative, converted from elsewhere, or an instruction."""
    del rule
    rows = [row for row in case.scored_rows if "criterion" in row.row.cells]
    bad = [row for row in rows if isinstance(row.criterion, Unreadable) and _says_nothing(row)]
    if not any(row.row.criterion for row in rows):
        yield NOT_APPLICABLE
    elif bad:
        slots = {"数": str(len(bad)), "项": "、".join(row.name for row in bad)}
        yield Judgement("review", "unreadable.review", slots, evidence=_cells(bad, case))
    else:
        yield Judgement("pass", "unreadable.pass")


def _says_nothing(row: ScoredRow) -> bool:
    """No points and no rule of three: 按完成比例计分 says how."""
    reading = read_mentions(row.row.criterion or "")
    return not reading.of("award", "full", "zero", "deduct", "share") and not _RULE_OF_THREE.search(
        row.row.criterion or ""
    )


def check_criterion_bands(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S7-bands: gaps and overlaps between the bands of one criterion."""
    del rule
    rows = [row for row in case.scored_rows if isinstance(row.criterion, Bands)]
    bad = [(row, row.criterion.faults) for row in rows if isinstance(row.criterion, Bands) and row.criterion.faults]
    if not rows:
        yield NOT_APPLICABLE
    elif bad:
        slots = {"项": "；".join(f"{row.name}：{'，'.join(faults)}" for row, faults in bad)}
        yield Judgement("review", "bands.review", slots, evidence=_cells([row for row, _ in bad], case))
    else:
        yield Judgement("pass", "bands.pass")


def check_criterion_split(rule: Rule, case: Case) -> Iterator[Judgement]:
    """S8: rows that share a weight, where no criterion gives points of its own."""
    del rule
    groups = [group for group in case.scoring.items if len(group.rows) > 1]
    bad = [g for g in groups if g.weight is not None and not any(_gives_points(r.criterion or "") for r in g.rows)]
    if not groups:
        yield NOT_APPLICABLE
    elif bad:
        texts = [f"{'、'.join(name_of(r) for r in g.rows)} 合用 {plain(g.weight.value)} 分" for g in bad if g.weight]
        cells = [case.evidence_of_cell(g.rows[0].cells.get("weight"), g.rows[0], "total") for g in bad]
        yield Judgement("review", "split.review", {"项": "；".join(texts)}, evidence=present(cells))
    else:
        yield Judgement("pass", "split.pass")


def _gives_points(criterion: str) -> bool:
    return bool(read_mentions(criterion).of("award", "deduct", "share"))


def _cells(rows: list[ScoredRow], case: Case) -> tuple[Evidence, ...]:
    return present([case.evidence_of_cell(row.row.cells.get("criterion"), row.row, "criterion") for row in rows])
