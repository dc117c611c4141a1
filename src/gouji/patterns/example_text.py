"""An example of a rule as people read it.

{verdict: fail, difference: "-5.00", figures: {基本支出: "806.30", …}}
  →  不符（相差 5.00）：基本支出 806.30、人员支出 608.03、公用支出 203.27
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gouji.patterns.rules import Example, RuleSet, ScoreLine

VERDICTS = {
    "pass": "通过",
    "fail": "不符",
    "review": "需核实",
    "undecided": "无法判断",
    "not_applicable": "不适用",
    "waived": "已豁免",
}
_YEAR = 2021


def write_example(example: Example, rules: RuleSet) -> str:
    """One line."""
    gap = f"（相差 {abs(Decimal(example.difference)):f}）" if example.difference is not None else ""
    said = "；".join(_parts(example, rules)) or "空的报告"
    return f"{VERDICTS[example.verdict]}{gap}：{said}"


def name_key(key: str, rules: RuleSet) -> str:
    """A concept id with brackets (budget.total[全年预算]) → its name with the same brackets."""
    concept, bracket, rest = key.partition("[")
    return rules.names.get(concept, concept) + bracket + rest


def _parts(example: Example, rules: RuleSet) -> Iterator[str]:
    yield from _figures("", example.figures, rules)
    for name, figures in example.entities.items():
        yield from _figures(f"{name}：", figures, rules)
    yield from _figures("正文：", example.prose, rules)
    if example.rows:
        yield f"评分表：{'、'.join(map(_score_line, example.rows))}"
    for label, texts in (("标题", example.titles), ("单位名称", example.names), ("正文各部分", example.sections)):
        if texts:
            yield f"{label}：{'；'.join(texts)}"
    if example.goals:
        yield f"目标：{'；'.join(f'{goal.kind} {goal.target} → {goal.result}' for goal in example.goals)}"
    if example.text:
        yield f"文字：{example.text}"
    if example.unit != "万元":
        yield f"单位：{example.unit}"
    if example.year != _YEAR:
        yield f"年度：{example.year}"
    if example.date:
        yield f"报告日期：{example.date}"


def _figures(label: str, figures: Mapping[str, str], rules: RuleSet) -> Iterator[str]:
    if figures:
        yield label + "、".join(f"{name_key(key, rules)} {text or '（空白）'}" for key, text in figures.items())


def _score_line(row: ScoreLine) -> str:
    level = f"{row.level1} " if row.level1 else ""
    reason = f"（{row.reason}）" if row.reason else ""
    criterion = f"［{row.criterion}］" if row.criterion else ""
    return f"{level}{row.name}{criterion} {row.score or '空白'}/{row.weight or '合用'}{reason}"
