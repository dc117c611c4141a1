"""Rule files: the shipped ones load, broken ones are refused with file:line(:column), sets inherit."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.model.errors import UsageError
from gouji.patterns import default_folder
from gouji.patterns.formula import Compare
from gouji.patterns.rules import CHECKS, RuleSet, load_rules
from gouji.patterns.source import Problems
from gouji.validate import CHECK_FUNCTIONS

NAMES = {"基本支出": "expenditure.basic", "人员支出": "expenditure.personnel", "公用支出": "expenditure.public", "综合得分": "performance.score",
    "评价等次": "performance.grade"}  # fmt: skip
RULE = """rules:
  - id: A3
    name: 基本支出等于人员支出加公用支出
    formula: 基本支出 = 人员支出 + 公用支出
    severity: hard
    examples: [{verdict: pass, figures: {基本支出: "1", 人员支出: "1", 公用支出: "0"}}]
"""


def load(folder: Path, rule_set: str = "default", region: str = "default", **files: str) -> tuple[RuleSet, list[str]]:
    (folder / "rules").mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / "grades.yml" if name == "grades" else folder / "rules" / f"{name}.yml"
        path.write_text(text, encoding="utf-8")
    problems = Problems()
    return load_rules(folder, NAMES, problems, rule_set=rule_set, region=region), problems.lines


def test_a_rule_is_read(tmp_path: Path) -> None:
    rules, problems = load(tmp_path, a=RULE)
    assert problems == []
    rule = rules.rule("A3")
    assert rule.mode == "any"
    assert isinstance(rule.readings[0].formula, Compare)
    assert (rule.severity, rule.audience, rule.scope, rule.blank) == ("hard", "department", "entity", "zero_with_note")
    assert rule.examples[0].figures == {
        "expenditure.basic": "1",
        "expenditure.personnel": "1",
        "expenditure.public": "0",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            RULE.replace("人员支出 + 公用", "人员支岀 + 公用"),
            "rules/a.yml:4:21: 未知的名称“人员支岀”；是否指“人员支出”？",
        ),
        (
            RULE.replace("formula: 基本支出 = 人员支出 +", "formula: |\n      基本支出 =\n      人员支出 + +"),
            "rules/a.yml:6:8: “+”不应出现在这里",
        ),
        (
            RULE.replace("formula: 基本支出 = 人员支出 + 公用支出", 'formula: "基本支出 ="'),
            "rules/a.yml:4:21: 公式没有写完",
        ),
        (
            RULE.replace("formula: 基本支出 = 人员支出 + 公用支出", "formula: 基本支出"),
            "rules/a.yml:4: 公式须是比较或条件",
        ),
        (
            RULE.replace("= 人员支出 + 公用支出", "= 人员支出 + 综合得分"),
            "rules/a.yml:4: “基本支出”与“综合得分”单位不同",
        ),
        (RULE + RULE.partition("\n")[2].replace("A3", "A33"), "rules/a.yml:7: 规则 A33 与 A3 的公式相同"),
        (RULE.replace("severity: hard", "severity: fatal"), "rules/a.yml:5: severity 写的“fatal”不在可用的之中"),
        (RULE.replace("    severity: hard\n", "    severity: hard\n    check: years\n"), "rules/a.yml:2: 须恰好写一种"),
        (
            RULE.replace("formula: 基本支出 = 人员支出 + 公用支出", "check: magic"),
            "rules/a.yml:2: 没有名为 'magic' 的检查",
        ),
        (
            RULE.replace("    severity: hard\n", "    severity: hard\n    optional: [人员经费]\n"),
            "rules/a.yml:6: 未知的名称“人员经费”",
        ),
        (
            RULE.replace("    severity: hard\n", "    severity: hard\n    colour: red\n"),
            "rules/a.yml:6: 不认识 colour；请核对拼写",
        ),
        (RULE.replace("id: A3", "id: 甲三"), "rules/a.yml:2: 规则编号 '甲三' 须如"),
        (RULE[: RULE.index("    examples")], "rules/a.yml:2: 规则 A3 没有 examples"),
        (RULE + RULE.partition("\n")[2], "rules/a.yml:7: 规则 A3 已在 rules/a.yml:2 定义"),
    ],
)
def test_a_broken_rule_is_refused_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    _, problems = load(tmp_path, a=text)
    assert any(line.startswith(problem) for line in problems), problems


def test_every_error_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    broken = RULE.replace("人员支出 +", "人员支岀 +")
    _, problems = load(tmp_path, a=broken, b=broken.replace("A3", "A33").replace("hard", "soft"))
    assert [line.partition(":")[0] for line in problems] == ["rules/a.yml", "rules/b.yml", "rules/b.yml"]


def test_a_set_inherits_replaces_and_drops(tmp_path: Path) -> None:
    local = RULE.replace("rules:", "rule_set: 2022\ninherits: default\nwithout: [A4]\nrules:").replace(
        "severity: hard", "severity: note"
    )
    other = RULE.partition("\n")[2]
    base = RULE + other.replace("A3", "A4").replace("=", "≥", 1) + other.replace("A3", "A5").replace("=", "≤", 1)
    rules, problems = load(tmp_path, rule_set="2022", base=base, local=local)
    assert problems == []
    assert [(rule.id, rule.severity) for rule in rules.rules] == [("A3", "note"), ("A5", "hard")]
    base_rules, _ = load(tmp_path)
    assert [rule.id for rule in base_rules.rules] == ["A3", "A4", "A5"]


def test_an_unknown_set_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有名为 2023 的规则集；可用：default、云溯"):
        load(tmp_path, rule_set="2023", a=RULE, b="rule_set: 云溯\ninherits: default\n")


LOCAL = """rule_set: 云溯
inherits: default
region: 云溯
rules:
  - id: A3
    severity: explain
    basis: {document: 云溯区财政局通知, clause: 第三条, verified: yes}
"""
YEAR = """rule_set: 云溯
year: [2022, 2023]
rules:
  - {id: A3, name: 基本支出各项, advice: 请说明。}
"""
REGIONS = """regions:
  default: {grades: {优: {band: "[90,100]"}, 差: {band: "[0,90)"}}}
  云溯: {basis: {document: 云溯区财政局通知, verified: yes}, grades: {优: {band: "[95,100]"}, 差: {band: "[0,95)"}}}
"""


def test_single_keys_of_an_inherited_rule_are_overridden(tmp_path: Path) -> None:
    rules, problems = load(tmp_path, rule_set="云溯", a=RULE, b=LOCAL, grades=REGIONS)
    assert problems == []
    rule, base = rules.rule("A3"), load(tmp_path)[0].rule("A3")
    assert (rule.severity, base.severity) == ("explain", "hard")
    assert rule.basis is not None
    assert rule.basis.verified
    assert (rule.name, rule.readings, rule.examples) == (base.name, base.readings, base.examples)
    assert rule.marks["severity"] == "rules/b.yml:6:15"
    assert rule.marks["formula"] == base.marks["formula"] == "rules/a.yml:4:14"


def test_a_set_may_name_the_region_whose_grades_hold(tmp_path: Path) -> None:
    rules, _ = load(tmp_path, rule_set="云溯", a=RULE, b=LOCAL, grades=REGIONS)
    assert (rules.grades.name, str(rules.grades.grades[0].band.low)) == ("云溯", "95")
    _, problems = load(tmp_path, rule_set="云溯", b=LOCAL.replace("region: 云溯", "region: 云朔"))
    assert problems == ["rules/b.yml:3: 没有地区 '云朔' 的等次；可用：default、云溯"]


def test_a_year_lays_its_own_keys_on_top(tmp_path: Path) -> None:
    rules, problems = load(tmp_path, rule_set="云溯", a=RULE, b=LOCAL, c=YEAR, grades=REGIONS)
    assert problems == []
    assert sorted(rules.yearly) == [2022, 2023]
    told = rules.of_year(2022).rule("A3")
    assert (told.name, told.severity, told.advice) == ("基本支出各项", "explain", "请说明。")
    assert rules.of_year(2021) is rules.of_year(None) is rules
    assert rules.of_year(2022).grades.name == "云溯"
    assert load(tmp_path)[0].yearly == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (LOCAL.replace("A3", "A9"), "rules/b.yml:5: 规则 A9 没有写公式，而所继承的规则集中没有这条规则"),
        (LOCAL.replace("inherits: default", "inherits: 云朔"), "rules/b.yml:2: 规则集 云溯 继承的 云朔 不存在；可用：default、云溯"),
        (LOCAL.replace("inherits: default", "inherits: 云溯"), "rules/b.yml:2: 规则集 云溯 的继承关系成了一圈"),
        (LOCAL.replace("region: 云溯", "without: [A9]"), "rules/b.yml:3: without 中的 A9 不在所继承的规则集中"),
        (LOCAL.replace("region: 云溯", "year: 二二"), "rules/b.yml:3: 年度须如 2022"),
        (LOCAL.replace("    severity: explain\n", "    severity: must\n"), "rules/b.yml:6: severity 写的“must”不在可用的之中"),
        (LOCAL.replace("severity: explain", "colour: red"), "rules/b.yml:6: 不认识 colour；请核对拼写"),
        (LOCAL + "  - {id: A3, severity: note}\n", "rules/b.yml:8: 规则 A3 已在 rules/b.yml:5 定义"),
    ],
)  # fmt: skip
def test_a_broken_set_is_refused_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    _, problems = load(tmp_path, rule_set="云溯", a=RULE, b=text, grades=REGIONS)
    assert any(line.startswith(problem) for line in problems), problems


GRADES = """regions:
  default:
    grades:
      优: {band: "[90,100]"}
      良: {band: "[60,90)", aliases: [良好]}
      差: {band: "[0,60)"}
"""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("[60,90)", "[60,90]"), "空档或重叠"),
        (("[60,90)", "[60,89)"), "空档或重叠"),
        (("[0,60)", "[1,60)"), "须从 0 到 100"),
        (("[0,60)", "0-60"), "区间须如"),
    ],
)
def test_grades_must_partition_the_scores(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    _, problems = load(tmp_path, grades=GRADES.replace(*change))
    assert any(problem in line for line in problems), problems


def test_grades_are_found_by_name_and_alias(tmp_path: Path) -> None:
    rules, problems = load(tmp_path, grades=GRADES)
    assert problems == []
    grade = rules.grades.find("良好")
    assert grade is not None
    assert grade.name == "良"
    assert rules.grades.find("达标") is None


def test_bands_may_stand_in_the_rule(tmp_path: Path) -> None:
    text = RULE.replace(
        "formula: 基本支出 = 人员支出 + 公用支出",
        'bands: {value: 综合得分, result: 评价等次, 优: "[90,100]", 差: "[0,90)"}',
    )
    rules, problems = load(tmp_path, a=text)
    assert problems == []
    assert [reading.source for reading in rules.rule("A3").readings[1:]] == ["优", "差"]


def test_every_check_a_rule_may_name_exists() -> None:
    assert set(CHECKS) == set(CHECK_FUNCTIONS)


def test_shipped_rules_are_complete() -> None:
    """Each has a passing example and one that does not pass; hard ones need no outside basis or a verified one."""
    from gouji.patterns import compile_patterns  # noqa: PLC0415

    rules = compile_patterns(default_folder()).rules
    assert {"A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A10a", "A10b", "A11", "X2", "X3", "X5", "X5-unit", "S2", "S4", "G1", "G3",
        "C2", "C3"} <= {rule.id for rule in rules.rules}  # fmt: skip
    for rule in rules.rules:
        verdicts = {example.verdict for example in rule.examples}
        assert "pass" in verdicts, rule.id
        assert verdicts - {"pass"}, rule.id
        assert rule.severity != "hard" or rule.basis is None or rule.basis.verified, rule.id
