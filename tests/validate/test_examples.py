"""The examples in the rule files come out as they say, and the runner notices one that does not."""

from __future__ import annotations

import msgspec

from gouji.patterns import compile_patterns, default_folder
from gouji.validate.examples import check_rule_examples

RULES = compile_patterns(default_folder()).rules


def test_every_example_of_the_shipped_rules_holds() -> None:
    assert check_rule_examples(RULES) == []


def test_a_wrong_example_is_reported_with_its_line() -> None:
    rule = RULES.rule("A3")
    wrong = msgspec.structs.replace(rule.examples[0], verdict="fail")
    broken = msgspec.structs.replace(rule, examples=(wrong,))
    rules = msgspec.structs.replace(RULES, rules=(broken,))
    (complaint,) = check_rule_examples(rules)
    assert complaint.startswith(f"{wrong.mark}: A3 应为 fail")


def test_a_wrong_difference_is_reported() -> None:
    rule = RULES.rule("A3")
    failing = next(example for example in rule.examples if example.verdict == "fail")
    broken = msgspec.structs.replace(rule, examples=(msgspec.structs.replace(failing, difference="5.00"),))
    assert len(check_rule_examples(msgspec.structs.replace(RULES, rules=(broken,)))) == 1
