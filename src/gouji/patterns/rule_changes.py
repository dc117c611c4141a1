"""What differs between two rule sets, rule by rule and key by key.

G1  更改：级别 需说明 → 必改；依据 财预〔2020〕10号（依据待核） → 云溯区财政局通知
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.patterns.example_text import write_example
from gouji.patterns.rules_handbook import AUDIENCES, SEVERITIES, describe_basis, write_band

if TYPE_CHECKING:
    from gouji.patterns.rules import GradeSet, Rule, RuleSet

Kind = Literal["added", "removed", "changed"]
_TOLD = frozenset(
    "id version name mode readings source severity audience scope waivable blank check open_if_blank optional residual"
    " copies message advice basis affects accepted_reasons examples mark marks".split()
)
_BLANKS = {"zero": "按0计", "zero_with_note": "按0计并提示", "unknown": "视为不详"}


class KeyChange(NamedTuple):
    """One key, as people read it."""

    key: str
    old: str
    new: str


class RuleChange(NamedTuple):
    """One rule. `year`: for the reports of that year only. 等次 stands for the grades by score."""

    id: str
    name: str
    kind: Kind
    keys: tuple[KeyChange, ...] = ()
    year: int | None = None


def compare_sets(old: RuleSet, new: RuleSet) -> list[RuleChange]:
    """Every difference, years that one of them treats apart included."""
    years = sorted({*old.yearly, *new.yearly})
    plain = list(_compare(old, new, None))
    told = {change._replace(year=None) for change in plain}
    yearly = [change for year in years for change in _compare(old.of_year(year), new.of_year(year), year)]
    return [*plain, *(change for change in yearly if change._replace(year=None) not in told)]


def _compare(old: RuleSet, new: RuleSet, year: int | None) -> Iterator[RuleChange]:
    before, after = ({rule.id: rule for rule in rules.rules} for rules in (old, new))
    for rule in new.rules:
        if rule.id not in before:
            yield RuleChange(rule.id, rule.name, "added", year=year)
        elif keys := _changed_keys(_shown(before[rule.id], old), _shown(rule, new)):
            yield RuleChange(rule.id, rule.name, "changed", keys, year)
    for rule in old.rules:
        if rule.id not in after:
            yield RuleChange(rule.id, rule.name, "removed", year=year)
    if keys := _changed_keys(_shown_grades(old.grades), _shown_grades(new.grades)):
        yield RuleChange("等次", "等次区间", "changed", keys, year)


def _changed_keys(old: dict[str, str], new: dict[str, str]) -> tuple[KeyChange, ...]:
    keys = dict.fromkeys([*old, *new])
    return tuple(KeyChange(key, o, n) for key in keys if (o := old.get(key, "")) != (n := new.get(key, "")))


def _shown(rule: Rule, rules: RuleSet) -> dict[str, str]:
    """Everything of a rule that can change a verdict or what is said of it."""
    lists = {
        "影响": rule.affects,
        "可接受的说明": rule.accepted_reasons,
        "有此栏才计入": rule.optional,
        "空白视为不详的栏": rule.open_if_blank,
        "表外组成项": rule.residual,
        "同一数据": rule.copies,
    }
    return {
        "名称": rule.name,
        "公式": "；".join(f"{r.source} {r.verdict} {r.note} {' '.join(r.unless)}".strip() for r in rule.readings)
        or rule.source,
        "算法": f"{rule.mode} {rule.check or ''}".strip(),
        "级别": SEVERITIES[rule.severity],
        "对象": AUDIENCES[rule.audience],
        "范围": rule.scope,
        "空白如何": _BLANKS[rule.blank],
        "可否豁免": "是" if rule.waivable else "否",
        "依据": describe_basis(rule),
        "说明": rule.advice,
        "问题描述": rule.message,
        "其他设定": _other_keys(rule, rules),
        "版本": rule.version,
        "举例": "\n".join(write_example(example, rules) for example in rule.examples),
    } | {title: "、".join(rules.names.get(item, item) for item in items) for title, items in lists.items()}


def _other_keys(rule: Rule, rules: RuleSet) -> str:
    """Fields that have no word of their own here, as they stand."""
    told = {field: getattr(rule, field) for field in rule.__struct_fields__ if field not in _TOLD}
    return "；".join(f"{field}={_plain(value, rules)}" for field, value in told.items() if value)


def _plain(value: object, rules: RuleSet) -> str:
    match value:
        case dict():
            return "，".join(f"{rules.names.get(key, key)}：{_plain(one, rules)}" for key, one in value.items())
        case tuple():
            return "、".join(_plain(one, rules) for one in value)
        case _:
            return rules.names.get(str(value), str(value))


def _shown_grades(grades: GradeSet) -> dict[str, str]:
    basis = grades.basis
    named = " ".join(filter(None, (basis.document, basis.clause))) if basis is not None else ""
    pending = "（依据待核）" if basis is not None and not basis.verified else ""
    return {grade.name: write_band(grade.band) for grade in grades.grades} | {"依据": named + pending}
