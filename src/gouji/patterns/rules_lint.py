"""What is wrong with rules that load without an error.

    rules/a.yml:12:17: 错误：与 A3 合起来要求“公用支出”恒为 0 …

错误   contradicts other rules, says the same as another, can never be judged, mixes units, names a rule that is nowhere,
       is 必改 on a basis that nobody has confirmed
警告   follows from other rules over the same names, a reading that never counts, doubtful numbers, examples missing
提示   follows from others where every column is filled in: of use where one is missing

What rules say together is judged in rule_logic.py; its `partly_judged` names those about which little or nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gouji.patterns.dimensions import find_unit_troubles
from gouji.patterns.formula import Column, walk
from gouji.patterns.linear import constraints_of
from gouji.patterns.rule_logic import (
    Complaint,
    find_contradictions,
    find_duplicates,
    find_idle_readings,
    find_redundant,
    statements_of,
)

if TYPE_CHECKING:
    from gouji.patterns import Patterns
    from gouji.patterns.rules import Reading, Rule, RuleSet


def lint_rules(rules: RuleSet, patterns: Patterns, known: frozenset[str]) -> list[Complaint]:
    """Every complaint about one rule set. `known`: the ids of all sets."""
    statements = list(statements_of(rules.rules))
    complaints = [
        *find_contradictions(statements, rules),
        *find_duplicates(rules.rules),
        *find_redundant(statements),
        *find_idle_readings(rules, statements),
        *_never_judged(rules, patterns),
        *_unit_troubles(rules.rules, patterns),
        *_unknown_affects(rules, known),
        *_unproven(rules.rules),
        *_missing_examples(rules.rules),
    ]
    return list(dict.fromkeys(complaints))


# --- names, units, examples -----------------------------------------------------------------------------------------------


def offered_concepts(patterns: Patterns) -> tuple[frozenset[str], frozenset[str]]:
    """What forms ask for or are shown to give, and the topics that some form has a block for."""
    asked = {concept for form in patterns.forms for topic in form.topics.values() for concept in topic.expects}
    shown = {key for form in patterns.forms for example in form.examples for key in (*example.facts, *example.prose)}
    topics = frozenset(topic for form in patterns.forms for topic in form.topics)
    return frozenset(asked | {key.partition("[")[0] for key in shown}), topics


def _never_judged(rules: RuleSet, patterns: Patterns) -> Iterator[Complaint]:
    offered, topics = offered_concepts(patterns)
    for rule in rules.rules:
        if rule.mode not in ("any", "each"):
            continue
        idle = [reading for reading in rule.readings if _lacking(reading, rule, patterns, topics)]
        for reading in idle:
            names = "、".join(_lacking(reading, rule, patterns, topics))
            what = f"规则 {rule.id} 的“{reading.source}”无从判断：没有一种表式有“{names}”这一类栏目"
            yield Complaint(reading.mark, "错误" if len(idle) == len(rule.readings) else "警告", what)
        for reading in rule.readings:
            if not reading.refs and not any(isinstance(node, Column) for node in walk(reading.formula)):
                yield from _nameless(rule, reading)
            rare = [ref.name for ref in reading.refs if ref.concept not in {*offered, *rule.optional}]
            if rare and len(rule.readings) == 1 and reading not in idle:
                text = f"规则 {rule.id}：没有一种表式要求填列“{'、'.join(rare)}”，只有报告自行列出时才用得上"
                yield Complaint(reading.mark, "提示", text)


def _nameless(rule: Rule, reading: Reading) -> Iterator[Complaint]:
    """A formula over literals alone; one that asks what the text mentions is none."""
    if constraints_of(reading.formula):
        yield Complaint(reading.mark, "错误", f"规则 {rule.id} 的“{reading.source}”没有提到任何要素，与报告无关")


def _lacking(reading: Reading, rule: Rule, patterns: Patterns, topics: frozenset[str]) -> list[str]:
    """Names whose kind of column no form has."""
    return [
        ref.name
        for ref in reading.refs
        if ref.concept not in rule.optional
        and ref.concept in patterns.concepts
        and patterns.concepts[ref.concept].topic not in topics
    ]


def _unit_troubles(rules: Iterable[Rule], patterns: Patterns) -> Iterator[Complaint]:
    for rule in rules:
        for reading in rule.readings if rule.mode != "bands" else ():
            for wrong, what in find_unit_troubles(reading.formula, patterns.concepts):
                text = f"规则 {rule.id} 的“{reading.source}”{what}"
                yield Complaint(reading.mark, "错误" if wrong else "警告", text)


def _unknown_affects(rules: RuleSet, known: frozenset[str]) -> Iterator[Complaint]:
    own = {rule.id for rule in rules.rules}
    for rule in rules.rules:
        mark = rule.marks.get("affects", rule.mark)
        for other in rule.affects:
            if other not in known:
                yield Complaint(mark, "错误", f"规则 {rule.id} 的 affects 写有 {other}，没有这条规则")
            elif other not in own:
                yield Complaint(mark, "警告", f"规则 {rule.id} 的 affects 写有 {other}，本规则集没有采用这条规则")


def _unproven(rules: Iterable[Rule]) -> Iterator[Complaint]:
    """必改 rests on the form's own arithmetic or on a basis that somebody has confirmed."""
    for rule in rules:
        if rule.severity == "hard" and rule.basis is not None and not rule.basis.verified:
            text = (
                f"规则 {rule.id} 为必改，而依据“{rule.basis.document}”未经核实；请核实依据（verified: yes）或改为需说明"
            )
            yield Complaint(rule.marks.get("severity", rule.mark), "错误", text)


def _missing_examples(rules: Iterable[Rule]) -> Iterator[Complaint]:
    for rule in rules:
        given = {example.verdict for example in rule.examples}
        mark = rule.marks.get("examples", rule.mark)
        if "pass" not in given:
            yield Complaint(mark, "警告", f"规则 {rule.id} 没有“通过”的例子")
        silent = rule.mode == "check" and "undecided" in given  # a check that accuses nobody
        if not given & {"fail", "review"} and not silent:
            yield Complaint(mark, "警告", f"规则 {rule.id} 没有“不符”或“需核实”的例子")
