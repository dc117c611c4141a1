"""gouji rules lint: every rule set of a folder, or one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gouji.model.errors import PatternError, UsageError
from gouji.patterns import default_folder, load_patterns
from gouji.patterns.rule_logic import Complaint, partly_judged
from gouji.patterns.rules_lint import lint_rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gouji.patterns import Patterns


class Lint(NamedTuple):
    """Lines for the terminal, and whether one of them is an error."""

    lines: list[str]
    broken: bool


def lint_folder(folder: Path | None, rule_set: str | None = None) -> Lint:
    """A folder that does not load is told of with every error of every file."""
    path = folder or default_folder()
    if not path.is_dir():
        raise UsageError(f"没有找到表式文件夹：{path.name}")
    try:
        first = load_patterns(path, rule_set or "default")
        loaded = [first] if rule_set else [load_patterns(path, name) for name in first.rules.sets]
    except PatternError as error:
        return Lint([*error.problems, f"共 {len(error.problems)} 个错误，规则没有载入，其余检查未做。"], broken=True)
    complaints = list(dict.fromkeys(_complaints(loaded)))
    broken = any(complaint.level == "错误" for complaint in complaints)
    return Lint([*map(str, complaints), *_closing_lines(complaints, loaded)], broken=broken)


def _complaints(loaded: list[Patterns]) -> Iterator[Complaint]:
    sets = [rules for patterns in loaded for rules in (patterns.rules, *patterns.rules.yearly.values())]
    known = frozenset(rule.id for rules in sets for rule in rules.rules)
    for rules in sets:
        yield from lint_rules(rules, loaded[0], known)


def _closing_lines(complaints: list[Complaint], loaded: list[Patterns]) -> Iterator[str]:
    counts = "、".join(f"{sum(c.level == level for c in complaints)} 个{level}" for level in ("错误", "警告", "提示"))
    sets = "、".join(patterns.rules.name for patterns in loaded)
    yield f"规则集 {sets}：{counts}。"
    judged = [partly_judged(patterns.rules) for patterns in loaded]
    partly, left = (list(dict.fromkeys(rule for pair in judged for rule in pair[side])) for side in (0, 1))
    if partly:
        yield f"有几种算法的 {len(partly)} 条只看每种算法能否成立、用不用得上，不判断多余：{'、'.join(partly)}。"
    if left:
        yield f"有条件、有乘除或用检查程序的 {len(left)} 条，是否矛盾、多余没有判断：{'、'.join(left)}。"
