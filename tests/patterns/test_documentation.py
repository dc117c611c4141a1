"""What the guides show works as shown."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from gouji.patterns import compile_patterns
from gouji.pipeline.examples import check_examples

ROOT = Path(__file__).parents[2]


def yaml_block(guide: str, begins: str = "rule_set:") -> str:
    match = re.search(rf"```yaml\n({begins}.*?)```", (ROOT / "docs" / guide).read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    return match.group(1)


def test_the_rule_of_the_guide_compiles_and_its_examples_come_out(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    shutil.copytree(ROOT / "patterns", folder)
    (folder / "rules" / "z-guide.yml").write_text(yaml_block("add-a-rule.md"), encoding="utf-8")
    patterns = compile_patterns(folder)
    assert "A12" in {rule.id for rule in patterns.rules.rules}
    assert check_examples(patterns) == []


def test_the_indicator_of_the_guide_compiles_and_its_examples_come_out(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    shutil.copytree(ROOT / "patterns", folder)
    (folder / "criteria" / "z-guide.yml").write_text(yaml_block("criteria.md", "indicators:"), encoding="utf-8")
    patterns = compile_patterns(folder)
    assert "会议费控制率" in {indicator.name for indicator in patterns.rules.indicators}
    assert check_examples(patterns) == []
