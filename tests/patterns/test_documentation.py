"""What the guides show works as shown."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from gouji.patterns import compile_patterns
from gouji.pipeline.examples import check_examples
from gouji.pipeline.listing import check_patterns
from gouji.pipeline.rule_linting import lint_folder

ROOT = Path(__file__).parents[2]


def yaml_blocks(guide: str, start: str) -> list[str]:
    return re.findall(rf"```yaml\n({start}:.*?)```", (ROOT / "docs" / guide).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped patterns with everything that the guide to rules shows."""
    target = tmp_path / "patterns"
    shutil.copytree(ROOT / "patterns", target)
    for number, text in enumerate(yaml_blocks("add-a-rule.md", "rule_set")):
        (target / "rules" / f"z-guide{number}.yml").write_text(text, encoding="utf-8")
    (grades,) = yaml_blocks("add-a-rule.md", "regions")
    with (target / "grades.yml").open("a", encoding="utf-8") as file:
        file.write(grades.removeprefix("regions:\n"))
    return target


def test_the_rule_of_the_guide_compiles_and_its_examples_come_out(folder: Path) -> None:
    patterns = compile_patterns(folder)
    assert "A12" in {rule.id for rule in patterns.rules.rules}
    assert check_examples(patterns) == []


def test_the_region_and_the_year_of_the_guide_hold(folder: Path) -> None:
    patterns = compile_patterns(folder, "云溯")
    assert check_examples(patterns) == []
    rules = patterns.rules
    assert (rules.rule("G1").severity, rules.grades.name, len(rules.grades.grades)) == ("hard", "云溯", 4)
    assert "A11" not in {rule.id for rule in rules.rules}
    assert rules.of_year(2022).rule("A4").advice == "请按 2022 年通知第五条书面说明。"
    assert rules.of_year(2021).rule("A4").advice != rules.of_year(2022).rule("A4").advice
    assert not lint_folder(folder).broken
    assert "另有规则集 云溯" in check_patterns(str(folder))


def test_the_indicator_of_the_guide_compiles_and_its_examples_come_out(folder: Path) -> None:
    (indicators,) = yaml_blocks("criteria.md", "indicators")
    (folder / "criteria" / "z-guide.yml").write_text(indicators, encoding="utf-8")
    patterns = compile_patterns(folder)
    assert "会议费控制率" in {indicator.name for indicator in patterns.rules.indicators}
    assert check_examples(patterns) == []
