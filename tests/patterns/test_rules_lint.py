"""gouji rules lint: each complaint names its place; honest rules get none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gouji.cli import cli
from gouji.patterns import default_folder
from gouji.pipeline.rule_linting import Lint, lint_folder

EXAMPLES = '    examples: [{verdict: pass, figures: {支出合计: "1"}}, {verdict: fail, figures: {支出合计: "1"}}]\n'


def entry(rule_id: str, way: str, more: str = "", examples: str = EXAMPLES) -> str:
    return f"  - id: {rule_id}\n    name: 规则{rule_id}\n    {way}\n    severity: explain\n{more}{examples}"


def lint(folder: Path, *entries: str, rule_set: str | None = None, head: str = "rules:\n", **files: str) -> Lint:
    target = folder / "patterns"
    shutil.copytree(default_folder(), target)
    for path in (target / "rules").glob("*.yml"):
        path.unlink()
    for name, text in (files or {"a": head + "".join(entries)}).items():
        (target / "rules" / f"{name}.yml").write_text(text, encoding="utf-8")
    return lint_folder(target, rule_set)


BASIC = entry("A3", "formula: 基本支出 = 人员支出 + 公用支出")


def test_the_shipped_rules_hold_no_error_and_no_warning() -> None:
    found = lint_folder(None)
    assert not found.broken
    assert [line for line in found.lines if "错误：" in line or "警告：" in line] == []


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        (
            (BASIC, entry("A9", "formula: 人员支出 = 基本支出 + 公用支出")),
            "rules/a.yml:9:14: 错误：规则 A9 的“人员支出 = 基本支出 + 公用支出”与 A3“基本支出 = 人员支出 + 公用支出” 合起来要求“公用支出”恒为 0",
        ),
        (
            (entry("A3", "formula: 人员支出 ≥ 公用支出"), entry("A9", "formula: 公用支出 > 人员支出")),
            "rules/a.yml:9:14: 错误：规则 A9 的“公用支出 > 人员支出”与 A3“人员支出 ≥ 公用支出” 合起来不能成立",
        ),
        (
            (entry("A3", "each: [公用支出 ≥ 5万元, 公用支出 ≤ 4万元]"),),
            "rules/a.yml:4:24: 错误：规则 A3 的“公用支出 ≤ 4万元”与 A3“公用支出 ≥ 5万元” 合起来不能成立",
        ),
        (
            (BASIC, entry("A9", "formula: 公用支出 + 人员支出 = 基本支出")),
            "rules/a.yml:9:14: 错误：规则 A9 与 A3 的公式等价",
        ),
        (
            (entry("A3", "formula: 支出合计 ≥ 5万元"), entry("A9", "formula: 支出合计 ≥ 4万元")),
            "rules/a.yml:9:14: 警告：规则 A9 的“支出合计 ≥ 4万元”多余：由 A3“支出合计 ≥ 5万元” 即可推出",
        ),
        (
            (BASIC, entry("A9", "formula: 人员支出 ≤ 基本支出"), entry("A10", "formula: 公用支出 ≥ 0")),
            "rules/a.yml:14:14: 提示：规则 A10：公用支出 ≥ 0，各栏齐全时由 A3、A9 已可推出；缺栏时仍有用",
        ),
        (
            (entry("A4", "alternatives: [基本支出 ≥ 人员支出, 基本支出 > 人员支出]"),),
            "rules/a.yml:4:33: 警告：规则 A4 的算法“基本支出 > 人员支出”用不上：它成立时“基本支出 ≥ 人员支出”也成立",
        ),
        (
            (entry("A3", "formula: 公用支出 ≥ 0"), entry("A4", "alternatives: [公用支出 = 人员支出, 公用支出 < 0]")),
            "rules/a.yml:9:33: 警告：规则 A4 的算法“公用支出 < 0”与其他规则矛盾",
        ),
        (
            (entry("A4", "formula: 基本支出 ÷ 实有人数 ≤ 人员支出"),),
            "rules/a.yml:4:14: 错误：规则 A4 的“基本支出 ÷ 实有人数 ≤ 人员支出”两边的计量单位不同：金额÷人数与金额不能相加或比较",
        ),
        (
            (entry("A4", "formula: 预算执行率 ≤ 95"),),
            "rules/a.yml:4:14: 警告：规则 A4 的“预算执行率 ≤ 95”比率与 95 相比，1 就是 100%",
        ),
        ((entry("A4", "formula: 公用支出 ≤ 20"),), "警告：规则 A4 的“公用支出 ≤ 20”金额与 20 相比，这个数按元计"),
        ((entry("A4", "formula: 1 ≤ 2"),), "rules/a.yml:4:14: 错误：规则 A4 的“1 ≤ 2”没有提到任何要素"),
        (
            (entry("A4", "formula: 公用支出 ≥ 0", "    affects: [A99]\n"),),
            "rules/a.yml:6:14: 错误：规则 A4 的 affects 写有 A99，没有这条规则",
        ),
        (
            (
                entry(
                    "A4",
                    "formula: 公用支出 ≥ 0",
                    examples="    examples: [{verdict: pass, figures: {支出合计: '1'}}]\n",
                ),
            ),
            "rules/a.yml:6:15: 警告：规则 A4 没有“不符”或“需核实”的例子",
        ),
        (
            (
                entry("A4", "formula: 公用支出 ≥ 0", "    basis: {document: 某通知, verified: no}\n").replace(
                    "explain", "hard"
                ),
            ),
            "rules/a.yml:5:15: 错误：规则 A4 为必改，而依据“某通知”未经核实",
        ),
        ((BASIC.replace("人员支出 +", "人员支岀 +"),), "rules/a.yml:4:21: 未知的名称“人员支岀”"),
    ],
)
def test_a_complaint_names_its_place(tmp_path: Path, entries: tuple[str, ...], complaint: str) -> None:
    found = lint(tmp_path, *entries)
    told = [line for line in found.lines if complaint in line]
    assert len(told) == 1, found.lines
    assert found.broken == ("错误：" in told[0] or "未知" in told[0])


def test_a_concept_that_no_form_has_a_block_for_is_never_judged(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    shutil.copytree(default_folder(), folder)
    concepts = folder / "concepts.yml"
    added = "concepts:\n  debt.total: {name: 政府债务余额, topic: debt, kind: money}\n"
    concepts.write_text(concepts.read_text(encoding="utf-8").replace("concepts:\n", added, 1), encoding="utf-8")
    rule = "rules:\n" + entry("A20", "formula: 政府债务余额 ≤ 支出合计")
    (folder / "rules" / "z.yml").write_text(rule, encoding="utf-8")
    found = lint_folder(folder)
    assert found.broken
    assert any("rules/z.yml:4:14: 错误：规则 A20 的“政府债务余额 ≤ 支出合计”无从判断" in line for line in found.lines)


def test_a_set_that_leaves_out_an_affected_rule_is_warned_of(tmp_path: Path) -> None:
    base = "rules:\n" + BASIC + entry("A9", "formula: 支出合计 ≥ 0", "    affects: [A3]\n")
    files = {"a": base, "b": "rule_set: 云溯\ninherits: default\nwithout: [A3]\n"}
    found = lint(tmp_path, **files)
    assert not found.broken
    assert any("警告：规则 A9 的 affects 写有 A3，本规则集没有采用这条规则" in line for line in found.lines)
    only = lint_folder(tmp_path / "patterns", "default")
    assert not any("affects" in line for line in only.lines)


def test_a_rule_whose_every_reading_contradicts_another_is_an_error(tmp_path: Path) -> None:
    sums = "alternatives: [支出合计 = 基本支出 + 项目支出, 支出合计 = 人员支出 + 公用支出 + 项目支出]"
    wrong = entry("A9", "formula: 项目支出 = 支出合计 + 基本支出")
    found = lint(tmp_path, BASIC, entry("A2", sums), wrong)
    assert any("rules/a.yml:9:20: 错误：规则 A2 的每一种算法都与 A3、A9 矛盾" in line for line in found.lines), (
        found.lines
    )


@pytest.mark.parametrize(("unless", "told"), [("", 1), (", unless: [基本支出]", 0)])
def test_a_reading_for_forms_without_a_column_is_not_held_against_its_rules(
    tmp_path: Path, unless: str, told: int
) -> None:
    rule = entry("A2", f"alternatives: [支出合计 ≥ 基本支出, {{formula: 支出合计 = 人员支出 + 项目支出{unless}}}]")
    others = (entry("A8", "formula: 支出合计 = 基本支出 + 项目支出"), entry("A9", "formula: 公用支出 > 0"))
    found = lint(tmp_path, BASIC, rule, *others)
    assert len([line for line in found.lines if "的算法“支出合计 = 人员支出 + 项目支出”与其他规则矛盾" in line]) == told


def test_it_says_what_it_did_not_judge(tmp_path: Path) -> None:
    several = entry("A4", "alternatives: [公用支出 ≥ 0, 人员支出 ≥ 0]")
    found = lint(tmp_path, BASIC, several, entry("A5", "formula: 公用支出 ÷ 实有人数 ≤ 20万元"))
    assert found.lines[-2:] == [
        "有几种算法的 1 条只看每种算法能否成立、用不用得上，不判断多余：A4。",
        "有条件、有乘除或用检查程序的 1 条，是否矛盾、多余没有判断：A5。",
    ]


@pytest.mark.parametrize(
    ("way", "code"), [("formula: 公用支出 ≥ 0", 0), ("formula: 公用支出 ≤ 20", 0), ("formula: 1 ≤ 2", 2)]
)
def test_the_command_returns_2_for_errors_alone(tmp_path: Path, way: str, code: int) -> None:
    lint(tmp_path, entry("A4", way))
    assert cli.main(["rules", "lint", str(tmp_path / "patterns")], standalone_mode=False) == code
