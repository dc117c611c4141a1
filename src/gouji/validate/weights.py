"""A7: the weights of the scoring table.

Σ 分值 = 100 (a weight cell over several rows once; perhaps 10 points for the execution rate stand outside the list)
投入（15分） = Σ 分值 of its rows; a repeated header says the same
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from gouji.validate.case import present
from gouji.validate.execution import points_of_formula
from gouji.validate.expression import plain
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.scores import (
    FULL,
    ScoreGroup,
    decimals_of,
    is_not_applicable,
    is_rounded_sum,
    sum_of_weights,
)

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.quantity import Quantity
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

Level = Literal["level1", "level2"]
_CELL = re.compile(r"(?P<row>.*t\d+r\d+)c\d+")
_POINTS = re.compile(r"\d+(?:\.\d+)?")
_RATED = 3  # the rate, the points for it, the score


def check_weights(rule: Rule, case: Case) -> Iterator[Judgement]:
    """The total, then each level; one judgement where all is well."""
    groups = case.scoring.groups
    if not groups or all(group.weight is None for group in groups):
        yield NOT_APPLICABLE
        return
    bad = list(_level_faults(groups, case))
    total = _judge_total(rule, groups, case)
    if total.verdict in ("fail", "review") or not bad:
        yield total
    yield from bad


def outside_points(rule: Rule, listed: Decimal, case: Case) -> Decimal:
    """Points that the form gives outside the list (预算执行率): printed beside the money, or those the rule allows.

    0 where the listed ones do not leave such a rest.
    """
    printed = _execution_weight(case)
    if printed is not None:
        return printed if listed + printed == FULL else Decimal(0)
    if _is_scored_for(FULL - listed, case) or unread_points(listed, case) is not None:
        return FULL - listed
    allowed = [Decimal(text) for text in rule.options.get("outside", ())]
    return FULL - listed if FULL - listed in allowed else Decimal(0)


def execution_rate(case: Case) -> Quantity | None:
    """The printed execution rate (%)."""
    fact = case.main.fact("budget.execution_rate")
    return fact.quantity if fact is not None else None


def _execution_weight(case: Case) -> Decimal | None:
    """The points for the execution rate that the money table prints and no row lists."""
    fact = None if case.every_score.lists_execution else case.main.fact("scoring.execution_weight")
    return fact.quantity.value if fact is not None and fact.quantity is not None else None


def _execution_score(case: Case) -> Quantity | None:
    """The score for the execution rate that the money table prints and no row lists."""
    fact = None if case.every_score.lists_execution else case.main.fact("scoring.execution_score")
    return fact.quantity if fact is not None else None


def unread_points(listed: Decimal, case: Case) -> Decimal | None:
    """The score of a row of money that no concept names: …执行率 98.57% | 分值 10 | 得分 9.86, where 10 is what the list lacks."""
    rows: dict[str, list[str]] = {}
    for cell in case.report.unclaimed if 0 < listed < FULL else ():
        place = _CELL.fullmatch(cell.where)
        if place is not None:
            rows.setdefault(place["row"], []).append(cell.raw)
    for cells in rows.values():
        if len(cells) < _RATED:
            continue
        rate, weight, score = cells[-_RATED:]
        read = rate.endswith(("%", "％")) and _POINTS.fullmatch(weight) and _POINTS.fullmatch(score)
        if read and Decimal(weight) == FULL - listed and Decimal(score) <= Decimal(weight):
            return Decimal(score)
    return None


def _is_scored_for(points: Decimal, case: Case) -> bool:
    """Whether the money table's score is the execution rate of these points: 得分（20分*执行率） prints no weight of its own."""
    score, rate = _execution_score(case), execution_rate(case)
    if score is None or rate is None or points <= 0:
        return False
    fact = case.main.fact("scoring.execution_score")
    if fact is not None and points == points_of_formula(fact):
        return True
    share = min(rate.value / FULL, Decimal(1))
    step = Decimal(1).scaleb(min(0, int(score.value.as_tuple().exponent)))
    return abs(share * points - score.value) < step + points * rate.half_step / FULL


def _judge_total(rule: Rule, groups: list[ScoreGroup], case: Case) -> Judgement:
    items = [group for group in groups if group.is_item]
    evidence = present([*(_weight_evidence(group, case) for group in items), _total_evidence(case)])
    unknown = [group.name for group in items if group.weight is None]
    listed = sum_of_weights(items)
    if _leaves_out_inapplicable(items, listed, case):
        return Judgement("pass", "weights.pass", expression=plain(listed), evidence=evidence)
    if unknown and listed < FULL:
        return Judgement("undecided", "weights.open", {"缺": "、".join(unknown)}, evidence=evidence)
    return _judge_listed(rule, listed, groups, case, evidence)


def _judge_listed(
    rule: Rule, listed: Decimal, groups: list[ScoreGroup], case: Case, evidence: tuple[Evidence, ...]
) -> Judgement:
    """Σ of the listed weights against 100, against what may stand outside the list, against the printed total."""
    slack = Decimal(0)
    outside = outside_points(rule, listed, case)
    slots = {"合计": plain(listed), "表外": plain(outside)}
    told = (execution_rate(case), _execution_weight(case), unread_points(listed, case))
    if outside and all(found is None for found in told):
        return Judgement("review", "weights.rest", slots, None, listed - FULL, slack, "分", evidence)
    if outside:
        return Judgement(
            "pass", "weights.outside", slots, expression=f"{plain(listed)} + {plain(outside)} = 100", evidence=evidence
        )
    if listed == FULL:
        return _judge_printed_total(listed, groups, case, evidence)
    if _execution_score(case) is not None and _execution_weight(case) is None and listed < FULL:
        slots = {"合计": plain(listed), "表外": plain(FULL - listed)}
        return Judgement("review", "weights.rest", slots, None, listed - FULL, slack, "分", evidence)
    beside = _execution_weight(case)
    whole = listed + (beside or 0)
    words = f" + 预算执行 {plain(beside)} = {plain(whole)}" if beside else ""
    expression = f"各项分值合计 {plain(listed)}{words}，应为 100"
    printed = _printed_total(case)
    if printed is not None and printed.value != FULL and printed.value in (listed, listed + _extra_points(groups)):
        return Judgement(
            "review",
            "weights.scale",
            {"式": plain(listed)},
            difference=listed - FULL,
            tolerance=slack,
            unit="分",
            evidence=evidence,
        )
    return Judgement("fail", "weights.fail", {}, expression, whole - FULL, slack, "分", evidence)


def _leaves_out_inapplicable(items: list[ScoreGroup], listed: Decimal, case: Case) -> bool:
    """Whether items declared 不适用 print no weight and the printed total is what the others make."""
    printed = _printed_total(case)
    open_items = [group for group in items if group.weight is None]
    declared = all(is_not_applicable(row) for group in open_items for row in group.rows)
    return bool(open_items) and declared and printed is not None and printed.value == listed


def _judge_printed_total(
    listed: Decimal, groups: list[ScoreGroup], case: Case, evidence: tuple[Evidence, ...]
) -> Judgement:
    """The items make 100: the printed total says so, or what the applicable ones make, with or without bonus points."""
    printed = _printed_total(case)
    if _is_total_blank(case):
        return Judgement("undecided", "weights.blank", {"式": plain(listed)}, evidence=evidence)
    applicable = case.scoring.applicable
    readings = {FULL, listed if applicable is None else applicable}
    readings |= {reading + _extra_points(groups) for reading in readings}
    decimals = decimals_of(group.weight for group in groups)
    if printed is None or any(is_rounded_sum(reading, decimals, printed) for reading in readings):
        return Judgement("pass", "weights.pass", expression=plain(listed), evidence=evidence)
    expression = f"各项分值合计 {plain(listed)}，表内合计 {plain(printed.value)}"
    return Judgement("fail", "weights.fail", {}, expression, listed - printed.value, Decimal(0), "分", evidence)


def _extra_points(groups: list[ScoreGroup]) -> Decimal:
    return sum_of_weights([group for group in groups if not group.is_item])


def _printed_total(case: Case) -> Quantity | None:
    fact = case.main.fact("scoring.weight_total")
    return fact.quantity if fact is not None else None


def _is_total_blank(case: Case) -> bool:
    """Whether the table has a cell for the total of the weights, and nothing in it."""
    fact = case.main.fact("scoring.weight_total")
    return fact is not None and fact.state == "blank"


def _total_evidence(case: Case) -> Evidence | None:
    fact = case.main.fact("scoring.weight_total")
    return case.evidence(fact, "total") if fact is not None else None


def _weight_evidence(group: ScoreGroup, case: Case) -> Evidence | None:
    row = group.rows[0]
    return case.evidence_of_cell(row.cells.get("weight"), row, "addend")


def _level_faults(groups: list[ScoreGroup], case: Case) -> Iterator[Judgement]:
    levels: tuple[Level, ...] = ("level1", "level2")
    for level in levels:
        for name, members in weights_by_label(groups, level).items():
            fault = _judge_level(level, name[-1], members, case)
            if fault is not None:
                yield fault


def weights_by_label(groups: list[ScoreGroup], level: Level) -> dict[tuple[str, ...], list[ScoreGroup]]:
    """Items under each bracketed label; a label repeated after a page break is the same one."""
    found: dict[tuple[str, ...], list[ScoreGroup]] = {}
    weight = f"{level}_weight"
    for group in groups:
        row = group.rows[0]
        label = getattr(row, level)
        if label and group.is_item and any(getattr(r, weight) is not None for r in group.rows):
            key = (label,) if level == "level1" else (row.level1 or "", label)
            found.setdefault(key, []).append(group)
    if level == "level1" and found:
        _add_unbracketed(groups, found)
    return found


def _add_unbracketed(groups: list[ScoreGroup], found: dict[tuple[str, ...], list[ScoreGroup]]) -> None:
    """Rows of a level-1 label whose repetition prints no bracket still belong to it."""
    listed = {id(group) for members in found.values() for group in members}
    for group in groups:
        members = found.get((group.rows[0].level1 or "",))
        if members is not None and group.is_item and id(group) not in listed:
            members.append(group)


def _judge_level(level: Level, name: str, members: list[ScoreGroup], case: Case) -> Judgement | None:
    """A bracketed weight against the weights under it; None where they agree or cannot be compared."""
    printed = [getattr(row, f"{level}_weight") for group in members for row in group.rows]
    stated = dict.fromkeys(weight.value for weight in printed if weight is not None)
    suffix = f"{level}-{name}"
    if len(stated) > 1:
        text = "、".join(plain(value) for value in stated)
        evidence = _level_evidence(level, members, case)
        return Judgement("fail", "weights.header", {"项": name}, f"{text} 分", evidence=evidence, suffix=suffix)
    weights = [group.weight for group in members]
    if any(weight is None for weight in weights):
        return None
    claimed = next(iter(stated))
    total = sum_of_weights(members)
    header = next(weight for weight in printed if weight is not None)
    if total == claimed or is_rounded_sum(total, decimals_of(weights), header):
        return None
    slots = {"项": name, "标明": plain(claimed), "合计": plain(total)}
    evidence = _level_evidence(level, members, case)
    expression = f"“{name}”标明 {plain(claimed)}，其下分值合计 {plain(total)}"
    return Judgement(
        "fail", "weights.level", slots, expression, total - claimed, Decimal(0), "分", evidence, suffix=suffix
    )


def _level_evidence(level: Level, members: list[ScoreGroup], case: Case) -> tuple[Evidence, ...]:
    row = members[0].rows[0]
    label, printed = getattr(row, level) or "", getattr(row, f"{level}_raw")
    where = getattr(row, f"{level}_where")
    cell = row.cells.get(f"{level}_weight")
    bracket = case.evidence_of_text(where, f"《评分表》 · {label}", printed or label, "total")
    head = case.evidence_of_cell(cell, row, "total") if cell is not None else bracket
    return present([head, *(_weight_evidence(group, case) for group in members)])
