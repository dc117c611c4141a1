"""criteria/*.yml: read, checked, every mistake as file:line."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from gouji.model.errors import PatternError
from gouji.patterns import compile_patterns, default_folder
from gouji.validate.examples import check_rule_examples

HEAD = "indicators:\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "patterns"
    shutil.copytree(default_folder(), copy)
    return copy


def problems_of(folder: Path, text: str) -> list[str]:
    (folder / "criteria" / "own.yml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(PatternError) as caught:
        compile_patterns(folder)
    return list(caught.value.problems)


def test_a_region_adds_an_indicator_in_a_file_of_its_own(folder: Path) -> None:
    text = """  - name: 会议费控制率
    aliases: [会议费预算控制率]
    base: 100%
    words: {没有超: ≤100%}
    ratios: ["会议费 / 会议费[年初预算]"]
"""
    (folder / "criteria" / "own.yml").write_text(HEAD + text, encoding="utf-8")
    found = {indicator.name: indicator for indicator in compile_patterns(folder).rules.indicators}
    assert found["会议费控制率"].base == Decimal(1)
    assert found["会议费控制率"].keys == {"会议费控制率", "会议费预算控制率"}
    assert found["会议费控制率"].ratios[0].verdict == "fail"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("  - name: 甲率\n    ratios: [会议费 / 会议弗]\n", "criteria/own.yml:3:20: 未知的名称“会议弗”"),
        ("  - name: 甲率\n    ratios: [会议费 > 0]\n", "criteria/own.yml:3: 比率的公式须是一个数"),
        ("  - name: 甲率\n", "criteria/own.yml:2: 指标“甲率”须写 ratios、cases 之一"),
        ("  - name: 甲率\n    base: 很多\n    ratios: [会议费]\n", "criteria/own.yml:3: 须如 100% 或 0"),
        ("  - name: 甲率\n    ratio: [会议费]\n    undefined: 无\n", "criteria/own.yml:3: 不认识 ratio；"),
        (
            "  - name: 三公经费控制率\n    ratios: [会议费]\n",
            "“三公经费控制率”已是指标“三公经费控制率”（criteria/own.yml:2）",
        ),
        ("  - name: 甲率\n    aliases: [预算执行率]\n    ratios: [会议费]\n", "“预算执行率”已是指标"),
        (
            "  - name: 甲率\n    cases:\n      - says: [无]\n        when: 会议费\n",
            "criteria/own.yml:5: cases 的 when 须是条件",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(folder: Path, text: str, problem: str) -> None:
    found = problems_of(folder, text)
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("example", "complaint"),
    [
        ('{criterion: 每超1%扣1分, weight: "5", kind: bands}', "应读作 bands，实为 linear_excess"),
        (
            '{criterion: 每超1%扣1分, weight: "5", kind: linear_excess, value: 102%, points: ["4", "4", "4"]}',
            "应得 4、4、4 分，实为 3、3、3 分",
        ),
    ],
)
def test_an_example_that_comes_out_otherwise_is_a_complaint(folder: Path, example: str, complaint: str) -> None:
    text = f"  - name: 甲率\n    base: 100%\n    ratios: [会议费]\n    examples:\n      - {example}\n"
    (folder / "criteria" / "own.yml").write_text(HEAD + text, encoding="utf-8")
    found = check_rule_examples(compile_patterns(folder).rules)
    assert [line for line in found if "criteria/own.yml:6" in line and complaint in line], found


def test_every_standard_indicator_has_an_unverified_basis_or_none() -> None:
    """The framework is a reference that every region re-weights: nothing of it is ours to call verified."""
    indicators = compile_patterns(default_folder()).rules.indicators
    assert all(indicator.basis is None or not indicator.basis.verified for indicator in indicators)
