"""What rules say together, exactly: contradictions, the same said twice, what follows from others, readings that never count.

    基本支出 = 人员支出 + 公用支出  and  人员支出 = 基本支出 + 公用支出   →  公用支出 can only be 0: 错误

Sums without a constant always hold where everything is 0; they contradict each other by forcing a name to be 0.
Rules with a condition and registered checks make no linear statement; of rules with several readings only what holds for
each reading is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.patterns.linear import Constraint, constraints_of, is_implied, is_impossible, normal_form

if TYPE_CHECKING:
    from gouji.patterns.formula import Ref
    from gouji.patterns.rules import Reading, Rule, RuleSet

Level = Literal["错误", "警告", "提示"]
Taken = tuple["Reading", list[Constraint] | None]
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


def statements_of(rules: Iterable[Rule]) -> Iterator[Statement]:
    """The formulas that a linear argument can take: of rules that say one thing, or several that all must hold."""
    for rule in rules:
        for reading in rule.readings if rule.mode == "each" or _is_single(rule) else ():
            constraints = constraints_of(reading.formula)
            if constraints:
                yield Statement(rule, reading, tuple(constraints))


def partly_judged(rules: RuleSet) -> tuple[list[str], list[str]]:
    """The rules of which only each reading is looked at by itself, and those about which no argument is made."""
    judged = {statement.rule.id for statement in statements_of(rules.rules)}
    rest = [rule for rule in rules.rules if rule.id not in judged]
    linear = (rule for rule in rest if any(constraints_of(reading.formula) for reading in rule.readings))
    partly = [rule.id for rule in linear if rule.mode == "any"]
    return partly, [rule.id for rule in rest if rule.id not in partly]


def _is_single(rule: Rule) -> bool:
    return rule.mode == "any" and len(rule.readings) == 1 and rule.readings[0].verdict == "pass"


# --- contradictions -------------------------------------------------------------------------------------------------------


def find_contradictions(statements: list[Statement], rules: RuleSet) -> Iterator[Complaint]:
    """Statements that cannot all hold, or only where a name is 0."""
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


def find_duplicates(rules: Iterable[Rule]) -> Iterator[Complaint]:
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


def find_redundant(statements: list[Statement]) -> Iterator[Complaint]:
    """What follows from the others. Over the same names it is never needed; else it is where a column is missing."""
    for group in _groups(statements):
        if is_impossible(_constraints(group)) is not False:
            continue
        kept = list(group)
        for statement in reversed(group):
            near = [other for other in _always_beside(statement, kept) if other.refs <= statement.refs]
            if _implying(*statement.constraints)(near):
                kept.remove(statement)
                if not any(other.form == statement.form and _is_single(other.rule) for other in near):
                    yield _redundancy(statement, _smallest(near, _implying(*statement.constraints)))
        yield from _soft_redundancies(kept)


def _soft_redundancies(kept: list[Statement]) -> Iterator[Complaint]:
    """Taken out one by one, so that no two are derived from each other."""
    needed, found = list(kept), dict[str, list[Statement]]()
    for statement in reversed(kept):
        if _implying(*statement.constraints)(_always_beside(statement, needed)):
            needed = [other for other in needed if other is not statement]
            found.setdefault(statement.rule.id, []).append(statement)
    yield from (_soft_redundancy(some[::-1], needed) for some in found.values())


def _always_beside(statement: Statement, others: list[Statement]) -> list[Statement]:
    """The others that are run wherever this one is: what needs last year's report proves nothing without it."""
    needs = set(statement.rule.needs)
    return [other for other in others if other is not statement and needs.issuperset(other.rule.needs)]


def _redundancy(statement: Statement, reasons: list[Statement]) -> Complaint:
    said = "、".join(f"{other.rule.id}“{other.reading.source}”" for other in reasons) or "任何情况下都成立"
    text = f"规则 {statement.rule.id} 的“{statement.reading.source}”多余：由 {said} 即可推出"
    return Complaint(statement.reading.mark, "警告", text)


def _soft_redundancy(found: list[Statement], needed: list[Statement]) -> Complaint:
    shown = "；".join(statement.reading.source for statement in found[:_LISTED])
    rest = f" 等 {len(found)} 条" if len(found) > _LISTED else ""
    others = _ids(s for s in _always_beside(found[0], needed) if s.rule.id != found[0].rule.id)
    own = "本规则其余各条" if any(s.rule.id == found[0].rule.id for s in needed) else ""
    given = "和".join(part for part in (f"{others} " if others else "", own) if part)
    text = f"规则 {found[0].rule.id}：{shown}{rest}，各栏齐全时由 {given}已可推出；缺栏时仍有用"
    return Complaint(found[0].reading.mark, "提示", text)


def find_idle_readings(rules: RuleSet, statements: list[Statement]) -> Iterator[Complaint]:
    """Alternatives that never decide: impossible beside the other rules, or closing only where an earlier one does."""
    groups = _groups(statements)
    for rule in rules.rules:
        if rule.mode != "any" or len(rule.readings) == 1:
            continue
        taken = [(reading, constraints_of(reading.formula)) for reading in rule.readings]
        beside = _beside({ref for _, some in taken for c in some or () for ref in c.refs}, groups)
        blocked = [_is_blocked(reading, constraints, beside) for reading, constraints in taken]
        if all(blocked):
            others = _ids(_smallest(beside, _blocking(taken)))
            text = f"规则 {rule.id} 的每一种算法都与 {others or '自身'} 矛盾，或只有某栏为 0 时才成立"
            yield Complaint(rule.readings[0].mark, "错误", text)
            continue
        for number, (reading, constraints) in enumerate(taken):
            if blocked[number]:
                text = f"规则 {rule.id} 的算法“{reading.source}”与其他规则矛盾，或只有某栏为 0 时才成立，用不上"
                yield Complaint(reading.mark, "警告", text)
            elif constraints is not None and (other := _better_reading(taken, number)) is not None:
                text = f"规则 {rule.id} 的算法“{reading.source}”用不上：它成立时“{other.source}”也成立"
                yield Complaint(reading.mark, "警告", text)


def _beside(refs: set[Ref], groups: list[list[Statement]]) -> list[Statement]:
    """The statements that share a name with a rule, directly or through others."""
    return [s for group in groups for s in group if any(other.refs & refs for other in group)]


def _is_blocked(reading: Reading, constraints: list[Constraint] | None, statements: list[Statement]) -> bool:
    """Whether a reading is impossible beside the statements, or forces a name to 0 that neither side alone does.

    Where it is used the columns of `unless` are not there, nor what speaks of them.
    """
    if not constraints:
        return False
    beside = [s for s in statements if not any(ref.concept in reading.unless for ref in s.refs)]
    known = _constraints(beside)
    if is_impossible([*constraints, *known]):
        return True
    refs = {ref for constraint in (*constraints, *known) for ref in constraint.refs}
    zeros = [Constraint({ref: Fraction(1)}, Fraction(0), "=") for ref in refs]
    return any(
        is_implied(zero, [*constraints, *known]) and not is_implied(zero, constraints) and not is_implied(zero, known)
        for zero in zeros
    )


def _blocking(taken: list[Taken]) -> Callable[[list[Statement]], bool]:
    """Whether some statements leave none of the readings."""
    return lambda some: all(_is_blocked(reading, constraints, some) for reading, constraints in taken)


def _better_reading(taken: list[Taken], own: int) -> Reading | None:
    """One that is preferred and closes, over names that are there, wherever this one does."""
    reading, constraints = taken[own]
    refs = {ref for constraint in constraints or () for ref in constraint.refs}
    for number, (other, wanted) in enumerate(taken):
        if number == own or not wanted or not _comes_before(other, number, reading, own):
            continue
        if all(c.refs <= refs and is_implied(c, constraints or ()) for c in wanted):
            return other
    return None


def _comes_before(other: Reading, place: int, reading: Reading, own: int) -> bool:
    """Whether another reading is preferred where both close, and used wherever this one is."""
    ranks = ("pass", "review")
    earlier = (ranks.index(other.verdict), place) < (ranks.index(reading.verdict), own)
    return earlier and set(other.unless) <= set(reading.unless)
