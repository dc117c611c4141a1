"""gouji rules diff OLD NEW --store DB: which rules differ, and which past verdicts would.

    OLD, NEW   a pattern folder (2022/patterns), one of its sets (2022/patterns#云溯), or a set of the folder in use (云溯)
    store      every stored report ─old rules→ findings ─┐
                                   ─new rules→ findings ─┴ by id → VerdictChange

Rules that look at several reports or at imported data are not run here: only what a report says by itself is judged again.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gouji.export.records import QUIET_VERDICTS
from gouji.model.errors import UsageError
from gouji.patterns import load_patterns
from gouji.patterns.rule_changes import RuleChange, compare_sets
from gouji.store import Store
from gouji.validate import validate_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.model.finding import Finding
    from gouji.model.report import Report
    from gouji.patterns.exports import Labels
    from gouji.patterns.rules import RuleSet

SCHEMA = "gouji.rules_diff/1"
_KINDS = {"added": "新增", "removed": "取消", "changed": "更改"}
_MAX_SHOWN = 60


class VerdictChange(NamedTuple):
    """One finding under the old and the new rules; None where a side has no such rule."""

    path: str
    old: Finding | None
    new: Finding | None

    @property
    def finding(self) -> Finding:
        """The side that is there, the new one before the old."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - a change has a side
        return found


class Difference(NamedTuple):
    """Everything that is told. `reports`: how many stored reports were judged again."""

    old: str
    new: str
    rules: list[RuleChange]
    reports: int | None = None
    verdicts: tuple[VerdictChange, ...] = ()


def compare_rules(old: str, new: str, folder: Path | None, store: Path | None) -> Difference:
    """Load both sides, compare them, and judge the stored reports under each."""
    before, after = find_rules(old, folder), find_rules(new, folder)
    changes = compare_sets(before, after)
    if store is None:
        return Difference(old, new, changes)
    if not store.is_file():
        raise UsageError(f"没有找到数据库：{store}；请先运行 gouji run，或用 --store 指出 gouji.db。")
    reports, verdicts = 0, list[VerdictChange]()
    with Store.open(store, read_only=True) as opened:
        for outcome in opened.latest_outcomes():
            for index, report in enumerate(outcome.reports):
                reports += 1
                verdicts += _judged_again(report, index, outcome.source.path, before, after)
    return Difference(old, new, changes, reports, tuple(verdicts))


def find_rules(name: str, folder: Path | None) -> RuleSet:
    """The rules that OLD or NEW names."""
    place, _, rule_set = name.partition("#")
    if Path(place).is_dir():
        return load_patterns(Path(place), rule_set or "default").rules
    return load_patterns(folder, name).rules


def _judged_again(report: Report, index: int, path: str, old: RuleSet, new: RuleSet) -> Iterator[VerdictChange]:
    sides = [
        {finding.id: finding for finding in validate_report(report, rules.of_year(report.fiscal_year), index=index, source=path)[0]}
        for rules in (old, new)
    ]  # fmt: skip
    for finding_id in dict.fromkeys([*sides[0], *sides[1]]):
        change = VerdictChange(path, sides[0].get(finding_id), sides[1].get(finding_id))
        if _standing(change.old) != _standing(change.new):
            yield change


def _standing(finding: Finding | None) -> tuple[str, str]:
    """What counts as a change: a rule that is not there accuses nobody, as one that passes."""
    return ("", "") if finding is None or finding.verdict in QUIET_VERDICTS else (finding.verdict, finding.severity)


def describe_difference(difference: Difference, labels: Labels) -> str:
    """For a terminal."""
    return "\n".join(_lines(difference, labels))


def _lines(difference: Difference, labels: Labels) -> Iterator[str]:
    yield f"规则：{difference.old} → {difference.new}，{len(difference.rules)} 处不同。"
    for change in difference.rules:
        year = f"（{change.year} 年度）" if change.year is not None else ""
        yield f"  {_KINDS[change.kind]} {change.id} {change.name}{year}"
        yield from (f"      {key.key}：{_short(key.old)} → {_short(key.new)}" for key in change.keys)
    if difference.reports is None:
        yield "没有给出 --store，未比较对已有报告的影响。"
        return
    yield f"按两套规则重新核对数据库中的 {difference.reports} 份报告：{len(difference.verdicts)} 项判定不同（不含跨报告的核对）。"
    yield from _count_lines(difference.verdicts, labels)
    for again in difference.verdicts[:_MAX_SHOWN]:
        told = f"{_verdict(again.old, labels)} → {_verdict(again.new, labels)}"
        yield f"  {again.finding.id} {again.finding.unit_name or ''} {again.finding.title}：{told}（{again.path}）"
    if len(difference.verdicts) > _MAX_SHOWN:
        yield f"  … 其余 {len(difference.verdicts) - _MAX_SHOWN} 项用 --json 查看。"


def _count_lines(changes: Iterable[VerdictChange], labels: Labels) -> Iterator[str]:
    counted = Counter((c.finding.rule, _verdict(c.old, labels), _verdict(c.new, labels)) for c in changes)
    yield from (f"  {rule}：{old} → {new}，{count} 项" for (rule, old, new), count in counted.items())


def _verdict(finding: Finding | None, labels: Labels) -> str:
    if finding is None:
        return "无此问题"
    verdict = labels.verdicts.get(finding.verdict, finding.verdict)
    return verdict if finding.verdict in QUIET_VERDICTS else f"{verdict}·{labels.severities[finding.severity]}"


def _short(text: str) -> str:
    line = " / ".join(text.splitlines()) or "（无）"
    return line if len(line) <= _MAX_SHOWN else f"{line[:_MAX_SHOWN]}…"


def difference_record(difference: Difference) -> dict[str, Any]:
    """For --json."""
    return {
        "schema": SCHEMA,
        "old": difference.old,
        "new": difference.new,
        "rules": [
            {
                "id": change.id,
                "name": change.name,
                "kind": change.kind,
                "year": change.year,
                "keys": [key._asdict() for key in change.keys],
            }
            for change in difference.rules
        ],
        "reports": difference.reports,
        "verdicts": [_change_record(change) for change in difference.verdicts],
    }


def _change_record(change: VerdictChange) -> dict[str, Any]:
    finding = change.finding
    sides = {
        side: None
        if found is None
        else {"verdict": found.verdict, "severity": found.severity, "message": found.message}
        for side, found in (("old", change.old), ("new", change.new))
    }
    named = {"id": finding.id, "rule": finding.rule, "unit_name": finding.unit_name, "fiscal_year": finding.fiscal_year}
    return named | {"path": change.path} | sides
