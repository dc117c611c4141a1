"""docs/rules.md is generated: it says what the rule files say."""

from __future__ import annotations

from pathlib import Path

from gouji.patterns import compile_patterns, default_folder
from gouji.patterns.rules_handbook import rule_lines, write_handbook
from gouji.pipeline.rule_listing import show_rule

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


def test_every_rule_shows_an_example_that_passes_and_one_that_does_not() -> None:
    rules = compile_patterns(default_folder()).rules
    for rule in rules.rules:
        shown = "\n".join(rule_lines(rule, rules))
        assert "- 例，通过：" in shown, rule.id
        assert any(f"- 例，{word}" in shown for word in ("不符", "需核实", "无法判断")), rule.id
        assert "可豁免：" in shown


def test_numbers_names_and_blanks_of_an_example_are_shown() -> None:
    rules = compile_patterns(default_folder()).rules
    lines = list(rule_lines(rules.rule("A3"), rules))
    assert "- 例，不符（相差 5.00）：基本支出 806.30、人员支出 608.03、公用支出 203.27" in lines
    assert "- 例，无法判断：基本支出 871.05、人员支出 603.O3、公用支出 268.02" in lines
    assert "- 依据：财预〔2020〕10号，评价等级（依据待核）" in list(rule_lines(rules.rule("G1"), rules))


def test_show_prints_what_the_page_says() -> None:
    rules = compile_patterns(default_folder()).rules
    assert show_rule(rules, "A8") in PAGE.read_text(encoding="utf-8")
