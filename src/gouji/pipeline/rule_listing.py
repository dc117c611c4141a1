"""Rules for a terminal: all of a set in one line each, or one in full, as the rule book prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.model.errors import UsageError
from gouji.patterns import load_patterns
from gouji.patterns.rules_handbook import SEVERITIES, rule_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gouji.patterns.rules import RuleSet


EXISTS = "文件已存在，没有覆盖：{path}；里面的规则可能有人改过，请换一个名字。"


def load_rule_set(folder: Path | None, rule_set: str, year: int | None = None) -> RuleSet:
    """The rules that hold for the reports of a year (None: of a year without rules of its own)."""
    return load_patterns(folder, rule_set).rules.of_year(year)


def list_rules(rules: RuleSet) -> str:
    """One line a rule, and which other sets and years there are."""
    return "\n".join(_list_lines(rules))


def _list_lines(rules: RuleSet) -> Iterator[str]:
    yield from (f"{rule.id:8} {SEVERITIES[rule.severity]}  {rule.name}" for rule in rules.rules)
    others = [name for name in rules.sets if name != rules.name]
    if others or rules.yearly or rules.name != "default":
        yield f"规则集：{rules.title}；等次按 {rules.grades.name or '（未定）'}。"
    if others:
        yield f"其他规则集：{'、'.join(others)}（用 --rules 选用）。"
    if rules.yearly:
        yield f"另有年度规则：{'、'.join(map(str, rules.yearly))}（按报告年度自动选用；用 --year 查看）。"


def show_rule(rules: RuleSet, rule_id: str) -> str:
    """One rule in full."""
    found = [rule for rule in rules.rules if rule.id == rule_id]
    if not found:
        raise UsageError(f"没有编号为 {rule_id} 的规则。请用 gouji rules show 查看全部规则。")
    return "\n".join(rule_lines(found[0], rules))


def write_sheet(path: Path, rules: RuleSet) -> str:
    """Write the rules as a sheet; one line says where."""
    from gouji.export.rule_sheet import write_rule_sheet  # noqa: PLC0415 - the list needs no workbook

    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"文件名须以 .xlsx 结尾：{path.name}")
    if path.exists():
        raise UsageError(EXISTS.format(path=path.as_posix()))
    written = write_rule_sheet(path, rules)
    return written.advice or f"√ 已写出 {len(rules.rules)} 条规则：{written.path.as_posix()}。"
