"""Columns of the scoring table, the goals and the sections, as a formula names them: 评分[*].自评得分."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.patterns.formula import Call, Column
from gouji.validate.prose.mention import mentions_in, sentences_that_mention
from gouji.validate.span import Span, span_of

if TYPE_CHECKING:
    from gouji.model.report import Indicator
    from gouji.validate.case import Case

_CELLS = {"分值": "weight", "自评得分": "score", "扣分原因": "reason", "评分标准": "criterion"}
_LEVELS = {"一级指标": "level1", "二级指标": "level2", "三级指标": "level3"}


def column_values(column: Column, case: Case) -> list[Span] | None:
    """The numbers of a scoring column, a cell shared by several rows once; None where one of them is unreadable."""
    role = _CELLS.get(column.field, "")
    found: dict[object, Span] = {}
    for position, indicator in enumerate(case.report.indicators):
        cell = indicator.cells.get(role)
        if cell is None or cell.state in ("blank", "none"):
            continue
        span = span_of(cell.value) if cell.value is not None else None
        if span is None:
            return None
        found[cell.where or position] = span
    return list(found.values())


def column_texts(column: Column, case: Case) -> list[str]:
    """The texts of a column, "" for empty cells."""
    if column.table == "评分":
        return [_indicator_text(indicator, column.field) for indicator in case.report.indicators]
    if column.table == "目标":
        fields = {"绩效目标": "target", "完成情况": "result", "类别": "kind"}
        return [str(getattr(goal, fields[column.field]) or "") for goal in case.report.goals]
    return [section.title if column.field == "标题" else section.text for section in case.report.sections]


def _indicator_text(indicator: Indicator, field: str) -> str:
    if field in _LEVELS:
        return str(getattr(indicator, _LEVELS[field]) or "")
    cell = indicator.cells.get(_CELLS[field])
    return cell.raw if cell is not None else ""


def mentions(call: Call, case: Case) -> bool:
    """Whether a text names one of some words, or says that money went to it; what is negated or rented is not there."""
    where = call.arguments[0]
    if isinstance(where, Column):
        return mentions_in(call, column_texts(where, case), case)
    return bool(sentences_that_mention(call, case))
