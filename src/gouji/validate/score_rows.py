"""S2: 0 ≤ score ≤ weight, row by row. S4: a deduction has a reason, one line a report."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.expression import plain
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.scores import (
    FULL,
    ScoreGroup,
    is_not_applicable,
    name_of,
    score_state,
    sum_of_weights,
    total_of_scores,
)

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.report import Indicator
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case


def check_score_bounds(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A judgement for every row or shared block out of bounds; else one for all."""
    del rule
    groups = case.every_score.groups
    if all(score_state(row) == "missing" for group in groups for row in group.rows):
        yield NOT_APPLICABLE  # no rows, or a list of indicators without a column of scores
        return
    whole = _weights_make_100(groups)
    bad = [fault for group in groups if (fault := _bound_fault(group, case, whole=whole))]
    yield from bad
    if not bad:
        yield _bounds_passed(groups)


def _key(group: ScoreGroup) -> str:
    """A row's name with its level 2: 管理制度健全性 stands under 预算管理 and under 资产管理."""
    return f"{group.rows[0].level2 or ''}/{group.name}"


def _weights_make_100(groups: list[ScoreGroup]) -> bool:
    return sum_of_weights([group for group in groups if group.is_item]) == FULL


def _bounds_passed(groups: list[ScoreGroup]) -> Judgement:
    unknown = [
        g.name
        for g in groups
        if g.is_item and (g.weight is None or any(score_state(row) in ("unreadable", "withheld") for row in g.rows))
    ]
    if unknown:
        return Judgement("undecided", "bounds.open", {"缺": "、".join(unknown)})
    return Judgement("pass", "bounds.pass")


def _suffix(group: ScoreGroup, case: Case) -> str:
    """What tells its finding: its name, with its level 2 where several rows have it."""
    namesakes = sum(other.name == group.name for other in case.every_score.groups)
    return _key(group) if namesakes > 1 else group.name


def _bound_fault(group: ScoreGroup, case: Case, *, whole: bool) -> Judgement | None:
    scored = [row for row in group.rows if row.score is not None]
    if not group.is_item or not scored:
        return None
    score = total_of_scores(scored)
    negative = next((row for row in scored if row.score is not None and row.score.value < 0), None)
    if negative is not None and negative.score is not None:
        value = negative.score.value
        slots = {"项": group.name, "得分": plain(value)}
        return Judgement(
            "fail",
            "bounds.negative",
            slots,
            f"得分 {plain(value)} 小于 0",
            value,
            Decimal(0),
            "分",
            _evidence(group, case),
            suffix=_suffix(group, case),
        )
    if group.weight is None or score <= group.weight.value:
        return None
    return _over(group, scored, score, _evidence(group, case), _suffix(group, case), whole=whole)


def _over(
    group: ScoreGroup,
    scored: list[Indicator],
    score: Decimal,
    evidence: tuple[Evidence, ...],
    suffix: str,
    *,
    whole: bool,
) -> Judgement:
    """Above the weight. Each of several rows within a shared weight is only sure where the weights make 100 without more."""
    assert group.weight is not None  # noqa: S101 - the caller compared with it
    weight = group.weight.value
    slots = {"项": group.name, "得分": plain(score), "分值": plain(weight)}
    each_within = len(scored) > 1 and all(row.score is not None and row.score.value <= weight for row in scored)
    declared = any("加分" in (row.criterion or "") for row in group.rows)
    review = declared or (each_within and not whole)
    say = "bounds.review" if review else "bounds.shared" if len(scored) > 1 else "bounds.over"
    expression = f"自评得分 {plain(score)}，分值 {plain(weight)}"
    return Judgement(
        "review" if review else "fail",
        say,
        slots,
        expression,
        score - weight,
        Decimal(0),
        "分",
        evidence,
        suffix=suffix,
    )


def _evidence(group: ScoreGroup, case: Case) -> tuple[Evidence, ...]:
    first = group.rows[0]
    weight = case.evidence_of_cell(first.cells.get("weight"), first, "total")
    return present([weight, *(case.evidence_of_cell(row.cells.get("score"), row, "part") for row in group.rows)])


def check_deduction_reasons(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement that lists the rows with a deduction and no reason. A reason anywhere in a shared block holds for it."""
    del rule
    groups = [group for group in case.every_score.items if _is_deducted(group)]
    if not any("reason" in row.cells for row in case.report.indicators):
        yield NOT_APPLICABLE
    elif not groups:
        yield Judgement("pass", "reasons.none")
    else:
        groups = [group for group in groups if not _is_execution(group)]
        silent = [group for group in groups if not any(_has_reason(row) for row in group.rows)]
        yield _reasons(silent, case) if silent else Judgement("pass", "reasons.pass")


def _is_deducted(group: ScoreGroup) -> bool:
    """Scored below the weight. Unreadable rows, rows declared 不适用 and blocks without any score tell nothing."""
    rows = group.rows
    scored = [row for row in rows if row.score is not None]
    if group.weight is None or not scored or total_of_scores(scored) >= group.weight.value:
        return False
    unclear = any(score_state(row) in ("unreadable", "withheld") for row in rows)
    return not unclear and not all(is_not_applicable(row) for row in rows)


def _is_execution(group: ScoreGroup) -> bool:
    """The row of 预算执行(率) without a criterion: the rate in the money table is its reason."""
    return all("预算执行" in name_of(row) and not (row.criterion or "").strip() for row in group.rows)


def _has_reason(row: Indicator) -> bool:
    cell = row.cells.get("reason")
    return cell is not None and cell.state not in ("blank", "none", "missing")


def _reasons(silent: list[ScoreGroup], case: Case) -> Judgement:
    evidence = [case.evidence_of_cell(row.cells.get("reason"), row, "reason") for group in silent for row in group.rows]
    evidence += [case.evidence_of_cell(group.rows[-1].cells.get("score"), group.rows[-1], "part") for group in silent]
    items = "、".join(_deduction(group) for group in silent)
    return Judgement("fail", "reasons.fail", {"数": str(len(silent)), "项": items}, evidence=present(evidence))


def _deduction(group: ScoreGroup) -> str:
    assert group.weight is not None  # noqa: S101 - only deducted groups come here
    return f"{group.name}（{plain(total_of_scores(list(group.rows)))}/{plain(group.weight.value)}）"
