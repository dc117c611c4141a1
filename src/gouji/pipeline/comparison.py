"""A resubmission for people and for scripts: lines, a record, rows of the sheet 重报对比."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gouji.export.records import finding_record
from gouji.validate.resubmission import sort_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.model.finding import Finding
    from gouji.pipeline.resubmissions import Resubmitted
    from gouji.validate.resubmission import Change, Resubmission

SCHEMA = "gouji.compare/1"
Row = dict[str, str | Decimal | None]
_BLANK = "（空白）"


def list_comparison(one: Resubmitted) -> str:
    """One unit's resubmission as plain lines."""
    return "\n".join(_lines(one))


def _lines(one: Resubmitted) -> Iterator[str]:
    told = one.compared
    yield f"■ {one.code or ''} {one.name or '（未写单位名称）'} {one.year or ''} 年度"
    yield f"  前次：{told.before}"
    yield f"  本次：{told.after}"
    for title, findings in _titled(told):
        yield f"  {title} {len(findings)} 项"
        yield from (f"    {finding.rule} {finding.title}：{finding.message}" for finding in sort_findings(findings))
    yield f"  按要求改动 {len(told.asked)} 处"
    yield from _change_lines(told.asked)
    yield f"  没有要求而改动 {len(told.unasked)} 处"
    yield from _change_lines(told.unasked)


def _titled(told: Resubmission) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """What the department was asked for, then what only the bureau looks at."""
    return (
        ("已改正", told.fixed),
        ("仍未改正", told.still),
        ("新出现", told.new),
        ("财政内部掌握（前次已有）", told.kept),
        ("财政内部掌握（本次新有）", told.noticed),
    )


def _change_lines(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        yield f"    {change.place or change.name}：{change.before or _BLANK} → {change.after or _BLANK}"


def comparison_record(one: Resubmitted) -> dict[str, Any]:
    """One unit's resubmission for JSON."""
    told = one.compared
    findings = {
        name: [finding_record(finding, told.after) for finding in found]
        for name, found in (
            ("fixed", told.fixed),
            ("still", told.still),
            ("new", told.new),
            ("bureau_still", told.kept),
            ("bureau_new", told.noticed),
        )
    }
    return {
        "schema": SCHEMA,
        "unit_name": one.name,
        "budget_code": one.code,
        "fiscal_year": one.year,
        "before": told.before,
        "after": told.after,
        **findings,
        "asked": [_change_record(change) for change in told.asked],
        "unasked": [_change_record(change) for change in told.unasked],
    }


def comparison_rows(found: Iterable[Resubmitted]) -> Iterator[Row]:
    """Rows of the sheet 重报对比: what was asked and what came of it, then what nobody asked for."""
    for one in found:
        told = one.compared
        unit: Row = {"budget_code": one.code, "unit_name": one.name, "source": told.before}
        for status, findings in _titled(told):
            for finding in sort_findings(findings):
                yield unit | {"status": status, "finding_id": finding.id, "message": finding.message}
        for status, changes in (("按要求改动", told.asked), ("没有要求而改动", told.unasked)):
            for change in changes:
                cell: Row = {"place": change.place, "old": change.before or _BLANK, "new": change.after or _BLANK}
                yield unit | {"status": status, "message": change.name} | cell


def _change_record(change: Change) -> dict[str, str | None]:
    return {
        "name": change.name,
        "place": change.place,
        "from": change.before,
        "to": change.after,
        "where": change.where,
        **({"source": change.source} if change.source else {}),
    }
