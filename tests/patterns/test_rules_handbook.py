"""docs/rules.md is generated: it says what the rule files say."""

from __future__ import annotations

from pathlib import Path

from gouji.patterns import compile_patterns, default_folder
from gouji.patterns.rules_handbook import write_handbook

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_is_up_to_date() -> None:
    """If this fails: python -m gouji.patterns.rules_handbook docs/rules.md."""
    assert PAGE.read_text(encoding="utf-8") == write_handbook(compile_patterns(default_folder()).rules)


def test_every_rule_and_every_unverified_basis_is_shown() -> None:
    rules = compile_patterns(default_folder()).rules
    page = write_handbook(rules)
    assert all(f"### {rule.id} {rule.name}" in page for rule in rules.rules)
    unverified = sum(rule.basis is not None and not rule.basis.verified for rule in rules.rules)
    assert page.count("依据待核") == unverified
