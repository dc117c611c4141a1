"""What is wrong with rules that load without an error.

    rules/a.yml:12:17: 错误：与 A3 合起来要求“公用支出”恒为 0 …

错误   contradicts other rules, says the same as another, can never be judged, mixes units, names a rule that is nowhere,
       is 必改 on a basis that nobody has confirmed
警告   follows from other rules over the same names, a reading that never counts, doubtful numbers, examples missing
提示   follows from others where every column is filled in: of use where one is missing

Rules with several readings or a condition, and registered checks, are no linear statements: `unjudged` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.patterns.dimensions import find_unit_troubles
from gouji.patterns.formula import Column, Ref, walk
from gouji.patterns.linear import Constraint, constraints_of, is_implied, is_impossible, normal_form

if TYPE_CHECKING:
    from gouji.patterns import Patterns
    from gouji.patterns.rules import Reading, Rule, RuleSet

Level = Literal["错误", "警告", "提示"]
_LISTED = 6


class Complaint(NamedTuple):
    """One line of the linter."""

    mark: str
    level: Level
    text: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.level}：{self.text}"


class Statement(NamedTuple):
    """A formula that must always hold."""

    rule: Rule
    reading: Reading
    constraints: tuple[Constraint, ...]

    @property
    def refs(self) -> frozenset[Ref]:
        """What it speaks of."""
        return frozenset(ref for constraint in self.constraints for ref in constraint.refs)

    @property
    def form(self) -> frozenset[object]:
        """The same for formulas that say the same."""
        return frozenset(map(normal_form, self.constraints))


def lint_rules(rules: RuleSet, patterns: Patterns, known: frozenset[str]) -> list[Complaint]:
    """Every complaint about one rule set. `known`: the ids of all sets."""
    statements = list(statements_of(rules.rules))
    complaints = [
        *_contradictions(statements, rules),
        *_duplicates(rules.rules),
        *_redundant(statements),
        *_idle_readings(rules.rules, statements),
        *_never_judged(rules, patterns),
        *_unit_troubles(rules.rules, patterns),
        *_unknown_affects(rules, known),
        *_unproven(rules.rules),
        *_missing_examples(rules.rules),
    ]
    return list(dict.fromkeys(complaints))


def statements_of(rules: Iterable[Rule]) -> Iterator[Statement]:
    """The formulas that a linear argument can take: of rules that say one thing, or several that all must hold."""
    for rule in rules:
        for reading in rule.readings if rule.mode == "each" or _is_single(rule) else ():
            constraints = constraints_of(reading.formula)
            if constraints:
                yield Statement(rule, reading, tuple(constraints))


def unjudged(rules: RuleSet) -> list[str]:
    """The rules about which no argument is made."""
    judged = {statement.rule.id for statement in statements_of(rules.rules)}
    return [rule.id for rule in rules.rules if rule.id not in judged]


def _is_single(rule: Rule) -> bool:
    return rule.mode == "any" and len(rule.readings) == 1 and rule.readings[0].verdict == "pass"


# --- contradictions -------------------------------------------------------------------------------------------------------


def _contradictions(statements: list[Statement], rules: RuleSet) -> Iterator[Complaint]:
    for group in _groups(statements):
        impossible = is_impossible(_constraints(group))
        if impossible is None:
            yield Complaint(group[0].reading.mark, "提示", f"{_ids(group)} 合在一起太大，未能判断是否矛盾")
        elif impossible:
            culprits = _smallest(group, lambda some: is_impossible(_constraints(some)))
            yield Complaint(culprits[-1].reading.mark, "错误", _with_others(culprits, "不能成立：几条公式互相矛盾"))
        else:
            yield from _forced_zeros(group, rules)


def _forced_zeros(group: list[Statement], rules: RuleSet) -> Iterator[Complaint]:
    """Names that can only be 0: homogeneous sums contradict each other in no other way."""
    refs = sorted({ref for statement in group for ref in statement.refs}, key=lambda ref: (ref.concept, ref.stage))
    for ref in refs:
        zero = Constraint({ref: Fraction(1)}, Fraction(0), "=")
        if any(statement.refs == {ref} and is_implied(zero, statement.constraints) for statement in group):
            continue  # the author says so in one rule
        if is_implied(zero, _constraints(group)):
            culprits = _smallest(group, _implying(zero))
            name = rules.names.get(ref.concept, ref.concept)
            yield Complaint(culprits[-1].reading.mark, "错误", _with_others(culprits, f"要求“{name}”恒为 0，互相矛盾"))


def _implying(*constraints: Constraint) -> Callable[[list[Statement]], bool]:
    """Whether some statements imply these."""
    return lambda some: all(is_implied(constraint, _constraints(some)) for constraint in constraints)


def _groups(statements: list[Statement]) -> list[list[Statement]]:
    """Statements that share names, directly or through others, in file order."""
    groups: list[tuple[set[Ref], list[Statement]]] = []
    for statement in statements:
        refs, members = set(statement.refs), [statement]
        for group in [group for group in groups if group[0] & refs]:
            refs |= group[0]
            members = group[1] + members
            groups.remove(group)
        groups.append((refs, members))
    return [members for _, members in groups]


def _smallest(group: list[Statement], holds: Callable[[list[Statement]], bool | None]) -> list[Statement]:
    """A part of the group for which it still holds, and no smaller part of that."""
    kept = list(group)
    for statement in group:
        without = [other for other in kept if other is not statement]
        if holds(without):
            kept = without
    return kept


def _constraints(statements: Iterable[Statement]) -> list[Constraint]:
    return [constraint for statement in statements for constraint in statement.constraints]


def _ids(statements: Iterable[Statement]) -> str:
    return "、".join(dict.fromkeys(statement.rule.id for statement in statements))


def _with_others(culprits: list[Statement], what: str) -> str:
    """规则 X 的“…”与 Y 的“…”合起来 …"""
    *others, last = culprits
    said = "、".join(f"{other.rule.id}“{other.reading.source}”" for other in others)
    return f"规则 {last.rule.id} 的“{last.reading.source}”" + (f"与 {said} 合起来" if others else "") + what


# --- duplicates and what follows ------------------------------------------------------------------------------------------


def _duplicates(rules: Iterable[Rule]) -> Iterator[Complaint]:
    """Rules that say the same in other words: sides swapped, terms moved, an alias used."""
    seen: dict[object, Rule] = {}
    for rule in rules:
        said = [constraints_of(reading.formula) for reading in rule.readings]
        if rule.mode not in ("any", "each") or not said or None in said:
            continue
        key = (rule.mode, rule.scope, frozenset(frozenset(map(normal_form, one or ())) for one in said))
        if key in seen:
            yield Complaint(rule.readings[0].mark, "错误", f"规则 {rule.id} 与 {seen[key].id} 的公式等价")
        seen.setdefault(key, rule)


def _redundant(statements: list[Statement]) -> Iterator[Complaint]:
    """What follows from the others. Over the same names it is never needed; else it is where a column is missing."""
    for group in _groups(statements):
        if is_impossible(_constraints(group)) is not False:
            continue
        kept = list(group)
        for statement in reversed(group):
            near = [other for other in kept if other is not statement and other.refs <= statement.refs]
            if _implying(*statement.constraints)(near):
                kept.remove(statement)
                if not any(other.form == statement.form and _is_single(other.rule) for other in near):
                    yield _redundancy(statement, _smallest(near, _implying(*statement.constraints)))
        yield from _soft_redundancies(kept)


def _soft_redundancies(kept: list[Statement]) -> Iterator[Complaint]:
    """Taken out one by one, so that no two are derived from each other."""
    needed, found = list(kept), dict[str, list[Statement]]()
    for statement in reversed(kept):
        others = [other for other in needed if other is not statement]
        if _implying(*statement.constraints)(others):
            needed = others
            found.setdefault(statement.rule.id, []).append(statement)
    yield from (_soft_redundancy(some[::-1], needed) for some in found.values())


def _redundancy(statement: Statement, reasons: list[Statement]) -> Complaint:
    said = "、".join(f"{other.rule.id}“{other.reading.source}”" for other in reasons) or "任何情况下都成立"
    text = f"规则 {statement.rule.id} 的“{statement.reading.source}”多余：由 {said} 即可推出"
    return Complaint(statement.reading.mark, "警告", text)


def _soft_redundancy(found: list[Statement], needed: list[Statement]) -> Complaint:
    shown = "；".join(statement.reading.source for statement in found[:_LISTED])
    rest = f" 等 {len(found)} 条" if len(found) > _LISTED else ""
    others = _ids(s for s in needed if s.rule.id != found[0].rule.id)
    own = "本规则其余各条" if any(s.rule.id == found[0].rule.id for s in needed) else ""
    given = "和".join(part for part in (f"{others} " if others else "", own) if part)
    text = f"规则 {found[0].rule.id}：{shown}{rest}，各栏齐全时由 {given}已可推出；缺栏时仍有用"
    return Complaint(found[0].reading.mark, "提示", text)


def _idle_readings(rules: Iterable[Rule], statements: list[Statement]) -> Iterator[Complaint]:
    """Alternatives that never decide: impossible beside the other rules, or closing only where an earlier one does."""
    for rule in rules:
        if rule.mode != "any" or len(rule.readings) == 1:
            continue
        taken = [(reading, constraints_of(reading.formula)) for reading in rule.readings]
        for number, (reading, constraints) in enumerate(taken):
            if constraints is None:
                continue
            refs = {ref for constraint in constraints for ref in constraint.refs}
            beside = [s for s in statements if s.refs <= refs]
            if is_impossible([*constraints, *_constraints(beside)]):
                yield Complaint(reading.mark, "警告", f"规则 {rule.id} 的算法“{reading.source}”永远不能成立，用不上")
                continue
            better = [r for n, r in enumerate(taken) if n != number and _comes_before(r[0], n, reading, number)]
            for other, stronger in better:
                if stronger and all(c.refs <= refs and is_implied(c, constraints) for c in stronger):
                    text = f"规则 {rule.id} 的算法“{reading.source}”用不上：它成立时“{other.source}”也成立"
                    yield Complaint(reading.mark, "警告", text)
                    break


def _comes_before(other: Reading, place: int, reading: Reading, own: int) -> bool:
    """Whether another reading is preferred where both close, and used wherever this one is."""
    ranks = ("pass", "review")
    earlier = (ranks.index(other.verdict), place) < (ranks.index(reading.verdict), own)
    return earlier and set(other.unless) <= set(reading.unless)


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
