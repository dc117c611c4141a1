"""X4: years that the form was not cleared of: 2018年 in a criterion of 2021, or in the scoring table's title.

What compares (较2020年), plans (2016—2020年), dates a rule (2018年以来, 〔2018〕15号) or names a document is no remnant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from gouji.text.dates import fold_date
from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.report import Statement
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_FORM_TITLE = re.compile(r"评分表|评分标准|指标体系|计分表|打分表|评价标准|填报说明|填表说明")
_YEAR = re.compile(r"(?<![\d〔\[（(【])((?:19|20)\d{2})\s*年")
_BEFORE = re.compile(
    r"(?:较|比|与|对比|相比|基数|自|从|截至|截止|以|《[^》]*|(?:19|20)\d{2}\s*年?\s*[—–\-~～至到、和]+)$"
)
_AFTER = re.compile(
    r"^\s*(?:以来|以前|之前|以后|之后|起|前|后|底|末|初|[—–\-~～至到]|基数|基期|同期|决算数|相比|\d{1,2}\s*月|[^。；，《]{0,30}》)"
)
_SHOWN = 40


class Remnant(NamedTuple):
    """A year of the past and where it stands."""

    year: int
    place: str
    text: str
    evidence: Evidence | None


def is_form_title(statement: Statement) -> bool:
    """Whether a title is the scoring form's own: the bureau printed it, no department."""
    return _FORM_TITLE.search(statement.text) is not None


@lru_cache(maxsize=4096)  # the criteria of a form come with every department
def stale_years_in(text: str, year: int) -> tuple[int, ...]:
    """Past years that a text names as its own."""
    folded = fold_date(text)
    found = [
        int(match.group(1))
        for match in _YEAR.finditer(folded)
        if not _BEFORE.search(folded[: match.start()]) and not _AFTER.match(folded[match.end() :])
    ]
    return tuple(other for other in dict.fromkeys(found) if other < year)


def check_stale_years(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    year = case.report.fiscal_year
    texts = list(_texts(case))
    if year is None or not texts:
        yield NOT_APPLICABLE
        return
    found = [
        Remnant(stale, place, text, evidence())
        for place, text, evidence in texts
        for stale in stale_years_in(text, year)
    ]
    yield _judgement(found, year) if found else Judgement("pass", "stale.pass")


def _texts(case: Case) -> Iterator[tuple[str, str, Callable[[], Evidence | None]]]:
    """Titles of the scoring form, then its criteria, each cell once."""
    seen: set[str] = set()
    for statement in case.report.statements:
        if statement.kind in ("title", "table_title") and is_form_title(statement):
            evidence = partial(case.evidence_of_text, statement.where, statement.place, statement.text, "remnant")
            yield "评分表标题", statement.text, evidence
    for row in case.report.indicators:
        cell = row.cells.get("criterion")
        text = row.criterion or (cell.raw if cell is not None else "")
        if text and text not in seen:
            seen.add(text)
            name = row.level3 or row.level2 or row.level1 or "—"
            yield f"“{name}”的评分标准", text, partial(case.evidence_of_cell, cell, row, "remnant")


def _judgement(found: list[Remnant], year: int) -> Judgement:
    places = [f"{item.place}写有 {item.year} 年（{_excerpt(item)}）" for item in found]
    years = "-".join(str(other) for other in sorted({item.year for item in found}))
    slots = {"年度": str(year), "项": "；".join(dict.fromkeys(places))}
    return Judgement("review", "stale.review", slots, evidence=present(item.evidence for item in found), suffix=years)


def _excerpt(item: Remnant) -> str:
    """The words around the year."""
    text = "".join(item.text.split())
    at = max(text.find(str(item.year)), 0)
    start = max(0, at - _SHOWN // 2)
    part = text[start : start + _SHOWN]
    return f"{'…' if start else ''}{part}{'…' if start + _SHOWN < len(text) else ''}"
