"""An example of a rule as people read it.

{verdict: fail, difference: "-5.00", figures: {基本支出: "806.30", …}}
  →  不符（相差 5.00）：基本支出 806.30、人员支出 608.03、公用支出 203.27
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.patterns.rules import GoalLine, ScoreLine, SignLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Example, RuleSet

VERDICTS = {
    "pass": "通过",
    "fail": "不符",
    "review": "需核实",
    "undecided": "无法判断",
    "not_applicable": "不适用",
    "waived": "已豁免",
}
_SAID_OTHERWISE = frozenset({"verdict", "difference", "mark"})
_SIGNED = {"signature": "签字", "date": "日期", "opinion": "内容"}
_USUAL = (("unit", "万元"), ("year", 2021))
_LABELS = {
    "figures": "", "entities": "", "prose": "正文：", "rows": "评分表：", "titles": "标题：", "names": "单位名称：",
    "sections": "正文各部分：", "goals": "目标：", "text": "文字：", "unit": "单位：", "year": "年度：", "date": "报告日期：",
    "last_year": "上年：", "last_year_rows": "上年评分表：", "last_year_goals": "上年目标：",
    "last_year_text": "上年文字：", "reference": "参照数据：", "peers": "同级：", "before": "前次报送：",
    "form_rows": "表样评分表：", "other_text": "其他单位文字：", "source": "文件：", "signed": "签署：",
    "projects": "项目：",
}  # fmt: skip


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
    for field in example.__struct_fields__:
        value = getattr(example, field)
        if value and field not in _SAID_OTHERWISE and (field, value) not in _USUAL:
            label = _LABELS.get(field, f"{field}：")
            yield f"{label}{_shown(value, rules)}"


def _shown(value: object, rules: RuleSet) -> str:
    """Figures by name, rows, goals and texts, whichever field they stand in."""
    match value:
        case dict() if all(isinstance(one, str) for one in value.values()):
            return "、".join(f"{name_key(key, rules)} {text or '（空白）'}" for key, text in value.items())
        case dict():
            return "；".join(f"{rules.names.get(key, key)}：{_shown(inner, rules)}" for key, inner in value.items())
        case tuple() if value and isinstance(value[0], ScoreLine):
            return "、".join(map(_score_line, value))
        case tuple():
            return "；".join(_shown(one, rules) for one in value)
        case _:
            return _line(value)


def _line(value: object) -> str:
    """A goal, a place to sign, or a plain text."""
    match value:
        case GoalLine():
            return f"{value.kind} {value.target} → {value.result}"
        case SignLine():
            return f"{value.label} {_SIGNED[value.kind]} {value.value or '（空白）'}"
        case _:
            return str(value)


def _score_line(row: ScoreLine) -> str:
    level = f"{row.level1} " if row.level1 else ""
    reason = f"（{row.reason}）" if row.reason else ""
    criterion = f"［{row.criterion}］" if row.criterion else ""
    return f"{level}{row.name}{criterion} {row.score or '空白'}/{row.weight or '合用'}{reason}"
