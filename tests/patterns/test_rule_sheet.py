"""Rules in an .xlsx sheet: read like YAML, written and read back unchanged, wrong cells named."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest

from gouji.export.rule_sheet import write_rule_sheet
from gouji.model.errors import PatternError
from gouji.patterns import compile_patterns, default_folder, patterns_digest
from gouji.patterns.rules import Rule, RuleSet
from gouji.pipeline.listing import check_patterns

HEADINGS = ("编号", "名称", "公式", "级别", "依据", "条款", "是否核实", "空白如何", "说明", "举例")
A12 = (
    "A12", "会议费和培训费不超过公用支出", "会议费 + 培训费 ≤ 公用支出", "需说明", "某区财政局通知", "第三条", "否", "按0计并提示",
    "请核对账簿。", "通过：会议费=8.00；培训费=2.00；公用支出=50.00\n不符（相差 2.00）：会议费=12.00；培训费=0；公用支出=10.00",
)  # fmt: skip


def folder_with(folder: Path, *rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS, keep: bool = True) -> Path:
    target = folder / "patterns"
    shutil.copytree(default_folder(), target)
    for path in (target / "rules").glob("*.yml"):
        if not keep:
            path.unlink()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "规则"
    head = [row for row in rows if row and row[0] in ("规则集", "继承", "年度")]
    for row in (*head, headings, *(row for row in rows if row not in head)):
        sheet.append(row)
    book.create_sheet("备忘").append(["随便写的"])
    book.save(target / "rules" / "本地.xlsx")
    return target


def bare(rule: Rule) -> Rule:
    """A rule without its places."""
    return msgspec.structs.replace(
        rule,
        mark="",
        marks={},
        readings=tuple(msgspec.structs.replace(reading, mark="") for reading in rule.readings),
        examples=tuple(msgspec.structs.replace(example, mark="") for example in rule.examples),
    )


def rules_of(folder: Path, rule_set: str = "default") -> RuleSet:
    return compile_patterns(folder, rule_set).rules


def test_a_row_is_a_rule_like_one_in_yaml(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, A12)
    rule = rules_of(folder).rule("A12")
    assert (rule.name, rule.severity, rule.blank, rule.advice) == (A12[1], "explain", "zero_with_note", "请核对账簿。")
    assert rule.basis is not None
    assert (rule.basis.document, rule.basis.clause, rule.basis.verified) == ("某区财政局通知", "第三条", False)
    assert [example.verdict for example in rule.examples] == ["pass", "fail"]
    assert rule.marks["formula"] == rule.readings[0].mark == "rules/本地.xlsx:规则!C2"
    shipped = len(compile_patterns(default_folder()).rules.rules)
    assert f"{shipped + 1} 条规则" in check_patterns(str(folder))


def test_a_sheet_may_be_a_set_that_overrides_single_keys(tmp_path: Path) -> None:
    rows = (("规则集", "云溯"), ("继承", "default"), ("G1", None, None, "必改", "云溯区财政局通知", None, "是"), A12)
    folder = folder_with(tmp_path, *rows)
    local, base = rules_of(folder, "云溯"), rules_of(folder)
    assert (local.rule("G1").severity, base.rule("G1").severity) == ("hard", "explain")
    assert local.rule("G1").readings == base.rule("G1").readings
    assert {rule.id for rule in local.rules} - {rule.id for rule in base.rules} == {"A12"}


def test_several_lines_are_alternatives(tmp_path: Path) -> None:
    formula = "支出合计 = 基本支出 + 项目支出\n支出合计 = 人员支出 + 项目支出【需核实】【说明：没有公用支出】【仅用于没有：基本支出】"
    rule = rules_of(folder_with(tmp_path, (*A12[:2], formula, *A12[3:]))).rule("A12")
    first, second = rule.readings
    assert (rule.mode, first.verdict, first.unless) == ("any", "pass", ())
    assert (second.verdict, second.note, second.unless) == ("review", "没有公用支出", ("expenditure.basic",))


def replaced(place: int, text: str) -> tuple[str, ...]:
    return (*A12[:place], text, *A12[place + 1 :])


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (replaced(2, "会议费 + 培训费 ≤ 公用支岀"), "rules/本地.xlsx:规则!C2:13: 未知的名称“公用支岀”；是否指“公用支出”？"),
        (replaced(2, "会议费 + 实有人数 ≤ 公用支出"), "rules/本地.xlsx:规则!C2: “会议费”与“实有人数”单位不同"),
        (replaced(3, "很重"), "rules/本地.xlsx:规则!D2: 级别须为必改、需说明、提示之一：“很重”"),
        (replaced(6, "也许"), "rules/本地.xlsx:规则!G2: 是否核实须为是、否之一"),
        (replaced(9, "通过：会议费八万"), "rules/本地.xlsx:规则!J2: 例子须写成"),
        (replaced(9, "通过：会议弗=8"), "rules/本地.xlsx:规则!J2: 未知的名称“会议弗”"),
        (replaced(9, "{verdict: pass, figures: {会议费: 8}"), "rules/本地.xlsx:规则!J2: 花括号里的写法有误"),
        (replaced(9, "{verdict: pass, figure: {会议费: 8}}"), "rules/本地.xlsx:规则!J2: "),
        (replaced(2, "会议费 ≤ 公用支出【可选】\n培训费 ≤ 公用支出"), "rules/本地.xlsx:规则!C2: 不认识 【可选】；请核对拼写"),
        (replaced(0, "A3"), "rules/本地.xlsx:规则!A2: 规则 A3 已在 rules/a-tables.yml:"),
        (replaced(0, "甲"), "rules/本地.xlsx:规则!A2: 规则编号 '甲' 须如"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named(tmp_path: Path, row: tuple[str, ...], problem: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_patterns(folder_with(tmp_path, row))
    assert any(line.startswith(problem) for line in caught.value.problems), caught.value.problems


def test_an_unknown_heading_and_a_foreign_file_are_named(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, A12, headings=(*HEADINGS[:-2], "备注栏", "举例"))
    (folder / "rules" / "坏.xlsx").write_bytes(b"PK not a workbook")
    (folder / "rules" / "~$本地.xlsx").write_bytes(b"lock")
    openpyxl.Workbook().save(folder / "rules" / "空.xlsx")
    with pytest.raises(PatternError) as caught:
        compile_patterns(folder)
    assert [line.partition("；")[0] for line in caught.value.problems] == [
        "rules/坏.xlsx:1: 不是可以读取的 .xlsx 工作簿",
        "rules/本地.xlsx:规则!I1: 没有“备注栏”这一列",
        "rules/空.xlsx:1: 没有一张工作表有“编号”“公式”等列标题",
    ]


def test_a_sheet_counts_in_the_digest(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, A12)
    before = patterns_digest(folder)
    (folder / "rules" / "~$本地.xlsx").write_bytes(b"lock")
    assert patterns_digest(folder) == before
    (folder / "rules" / "本地.xlsx").unlink()
    assert patterns_digest(folder) != before


def test_the_shipped_rules_come_back_from_the_sheet_as_they_were(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, keep=False)
    wanted = rules_of(default_folder())
    write_rule_sheet(folder / "rules" / "本地.xlsx", wanted)
    found = rules_of(folder)
    assert [rule.id for rule in found.rules] == [rule.id for rule in wanted.rules]
    for was, now in zip(wanted.rules, found.rules, strict=True):
        assert bare(now) == bare(was), was.id
    assert "例子全部通过" in check_patterns(str(folder))
