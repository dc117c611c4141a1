"""The rules in force as a Markdown page that a clerk can read: docs/rules.md.

python -m gouji.patterns.rules_handbook docs/rules.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from gouji.patterns import load_patterns
from gouji.patterns.example_text import name_key, write_example
from gouji.patterns.formula import Band
from gouji.patterns.rules import Example, GradeSet, Rule, RuleSet

SEVERITIES = {"hard": "必改", "explain": "需说明", "note": "提示"}
AUDIENCES = {"department": "部门", "bureau": "财政内部", "template": "表样"}
_FAMILIES = {
    "A": "表内勾稽", "X": "表间与文字", "Y": "跨年", "F": "与财政数据核对", "S": "评分", "G": "等次", "C": "完整性", "I": "指标质量",
    "N": "文字中的数字", "P": "合理性", "D": "雷同", "T": "表式残留", "R": "读取提示",
}  # fmt: skip


def write_handbook(rules: RuleSet) -> str:
    """The whole page."""
    lines = [
        "# 规则手册",
        "",
        "由 patterns/rules/ 和 patterns/grades.yml 生成，请勿直接修改：`python -m gouji.patterns.rules_handbook docs/rules.md`",
        "",
    ]
    lines += ["| 编号 | 规则 | 级别 | 对象 | 可豁免 |", "|---|---|---|---|---|"]
    lines += [_table_row(rule) for rule in rules.rules]
    family = ""
    for rule in rules.rules:
        if rule.id[0] != family:
            family = rule.id[0]
            lines += ["", f"## {family} {_FAMILIES.get(family, '')}".rstrip()]
        lines += ["", *rule_lines(rule, rules)]
    return "\n".join([*lines, "", *_grade_lines(rules.grades)]) + "\n"


def _table_row(rule: Rule) -> str:
    return f"| {rule.id} | {rule.name} | {SEVERITIES[rule.severity]} | {AUDIENCES[rule.audience]} | {_waivable(rule)} |"


def _waivable(rule: Rule) -> str:
    return "否" if not rule.waivable else "仅限指定复核人" if rule.severity == "hard" else "是"


def rule_lines(rule: Rule, rules: RuleSet) -> Iterator[str]:
    """One rule in full: also what `gouji rules show ID` prints."""
    yield f"### {rule.id} {rule.name}"
    yield ""
    yield from _way_lines(rule, rules)
    yield f"- 级别：{SEVERITIES[rule.severity]}；对象：{AUDIENCES[rule.audience]}；可豁免：{_waivable(rule)}"
    for title, concepts in (("表中有此栏时才计入", rule.optional), ("空白视为不详", rule.open_if_blank)):
        if concepts:
            yield f"- {title}：{'、'.join(rules.names.get(concept, concept) for concept in concepts)}"
    if rule.residual:
        names = "、".join(rules.names.get(concept, concept) for concept in rule.residual)
        yield f"- 差额恰为文字所列的{names}时，为“需核实”"
    if rule.accepted_reasons:
        yield f"- 可接受的说明：{'、'.join(rule.accepted_reasons)}"
    yield f"- 依据：{describe_basis(rule)}"
    if rule.affects:
        yield f"- 影响：{'、'.join(rule.affects)}"
    yield from (f"- 例，{write_example(example, rules)}" for example in _telling_examples(rule))


def describe_basis(rule: Rule) -> str:
    """Document and clause; 依据待核 where nobody has confirmed it."""
    if rule.basis is None:
        return "报告自身的数字和文字，不依外部文件"
    pending = "" if rule.basis.verified else "（依据待核）"
    return f"{rule.basis.document}{'，' + rule.basis.clause if rule.basis.clause else ''}{pending}"


def _telling_examples(rule: Rule) -> Iterator[Example]:
    """The first that passes, and the first that does not."""
    for wanted in (("pass",), ("fail", "review"), ("undecided",)):
        found = [example for example in rule.examples if example.verdict in wanted]
        yield from sorted(found, key=lambda example: wanted.index(example.verdict))[:1]


def _way_lines(rule: Rule, rules: RuleSet) -> Iterator[str]:
    if rule.mode in ("check", "bands"):
        yield f"- {rule.source}"
        return
    if len(rule.readings) > 1:
        yield "- 逐条核对：" if rule.mode == "each" else "- 以下任一算法相符即可："
    for reading in rule.readings:
        indent = "  " if len(rule.readings) > 1 else ""
        note = f"（{reading.note}）" if reading.note else ""
        review = "，相符时为“需核实”" if reading.verdict == "review" else ""
        unless = "、".join(name_key(column, rules) for column in reading.unless)
        only = f"（仅用于没有{unless}栏的表）" if unless else ""
        yield f"{indent}- `{reading.source}`{only}{note}{review}"


def _grade_lines(grades: GradeSet) -> Iterator[str]:
    yield "## 等次区间"
    yield ""
    yield "| 等次 | 综合得分 | 同义用语 |"
    yield "|---|---|---|"
    for grade in grades.grades:
        yield f"| {grade.name} | {write_band(grade.band)} | {'、'.join(grade.aliases)} |"


def write_band(band: Band) -> str:
    """[80, 90)"""
    return f"{'(' if band.low_open else '['}{band.low:f}, {band.high:f}{')' if band.high_open else ']'}"


def main() -> None:
    """Write the page to the path given."""
    Path(sys.argv[1]).write_text(write_handbook(load_patterns().rules), encoding="utf-8")


if __name__ == "__main__":
    main()
