"""gouji rules diff OLD NEW --store DB: which rules differ, and which past verdicts would.

    OLD, NEW   a pattern folder (2022/patterns), one of its sets (2022/patterns#云溯), or a set of the folder in use (云溯)
    store      every stored report ─old rules→ findings ─┐
                                   ─new rules→ findings ─┴ by id → VerdictChange

Rules that need more than the report (上年, 参照 …) are run where the store holds it; those that no stored report has what they
need for are named, for nobody knows what would change there.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gouji.export.records import QUIET_VERDICTS
from gouji.model.errors import UsageError
from gouji.patterns import load_patterns
from gouji.patterns.rule_changes import RuleChange, compare_sets
from gouji.patterns.rules import NEEDS
from gouji.pipeline.district import surroundings_of
from gouji.pipeline.second_pass import surround
from gouji.store import Store
from gouji.validate import validate_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.model.finding import Finding
    from gouji.model.result import Outcome
    from gouji.patterns import Patterns
    from gouji.patterns.exports import Labels
    from gouji.pipeline.second_pass import Surroundings

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


class LeftOut(NamedTuple):
    """A rule that was run for no report, and what the store lacks for it."""

    rule: str
    needs: tuple[str, ...]


class Difference(NamedTuple):
    """Everything that is told. `reports`: how many stored reports were judged again. `left_out`: rules that none met."""

    old: str
    new: str
    rules: list[RuleChange]
    reports: int | None = None
    verdicts: tuple[VerdictChange, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


class Side:
    """One rule set, with what it compares the reports of each run with. `met`: needs that some report had."""

    def __init__(self, patterns: Patterns, store: Store) -> None:
        self.patterns = patterns
        self.store = store
        self.met: set[str] = set()
        self._around: dict[int, list[Surroundings]] = {}

    def judge(self, outcome: Outcome, index: int, run: int) -> dict[str, Finding]:
        """The findings of one report by id."""
        report = outcome.reports[index]
        rules = self.patterns.rules.of_year(report.fiscal_year)
        context = surround(outcome, index, self._surroundings(run))
        self.met.update(need for need in NEEDS if context.has(need))
        found, _ = validate_report(report, rules, index=index, source=outcome.source.path, context=context)
        return {finding.id: finding for finding in found}

    def _surroundings(self, run: int) -> list[Surroundings]:
        """Built once a run, over all its files."""
        if run not in self._around:
            around = self._around[run] = surroundings_of(self.store, run, self.patterns)
            for outcome in self.store.outcomes(run):
                for surrounding in around:
                    surrounding.see(outcome)
        return self._around[run]

    def left_out(self) -> Iterator[LeftOut]:
        """Rules that were never run, and what they lack."""
        for rule in self.patterns.rules.rules:
            needs = tuple(need for need in rule.needs if need not in self.met)
            if needs:
                yield LeftOut(rule.id, needs)


def compare_rules(old: str, new: str, folder: Path | None, store: Path | None) -> Difference:
    """Load both sides, compare them, and judge the stored reports under each."""
    before, after = _find_patterns(old, folder), _find_patterns(new, folder)
    changes = compare_sets(before.rules, after.rules)
    if store is None:
        return Difference(old, new, changes)
    if not store.is_file():
        raise UsageError(f"没有找到数据库：{store}；请先运行 gouji run，或用 --store 指出 gouji.db。")
    reports, verdicts = 0, list[VerdictChange]()
    with Store.open(store, read_only=True) as opened:
        sides = (Side(before, opened), Side(after, opened))
        for run, path in opened.latest_files():
            outcome = opened.outcome(run, path)
            for index in range(len(outcome.reports)):
                reports += 1
                verdicts += _changes(path, *(side.judge(outcome, index, run) for side in sides))
        left_out = dict.fromkeys((*sides[0].left_out(), *sides[1].left_out()))
    return Difference(old, new, changes, reports, tuple(verdicts), tuple(left_out) if reports else ())


def _find_patterns(name: str, folder: Path | None) -> Patterns:
    """The patterns whose rules OLD or NEW names."""
    place, _, rule_set = name.partition("#")
    if Path(place).is_dir():
        return load_patterns(Path(place), rule_set or "default")
    return load_patterns(folder, name)


def _changes(path: str, old: dict[str, Finding], new: dict[str, Finding]) -> Iterator[VerdictChange]:
    for finding_id in dict.fromkeys([*old, *new]):
        change = VerdictChange(path, old.get(finding_id), new.get(finding_id))
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
    yield f"按两套规则重新核对数据库中的 {difference.reports} 份报告：{len(difference.verdicts)} 项判定不同。"
    if difference.left_out:
        yield f"下列规则没有核对，数据库中没有所需的资料：{_left_out(difference.left_out)}。"
    yield from _count_lines(difference.verdicts, labels)
    for again in difference.verdicts[:_MAX_SHOWN]:
        told = f"{_verdict(again.old, labels)} → {_verdict(again.new, labels)}"
        yield f"  {again.finding.id} {again.finding.unit_name or ''} {again.finding.title}：{told}（{again.path}）"
    if len(difference.verdicts) > _MAX_SHOWN:
        yield f"  … 其余 {len(difference.verdicts) - _MAX_SHOWN} 项用 --json 查看。"


def _left_out(rules: Iterable[LeftOut]) -> str:
    """D2、Y1（上年）；T5（表样）"""
    by_need: dict[str, list[str]] = {}
    for left in rules:
        by_need.setdefault("、".join(left.needs), []).append(left.rule)
    return "；".join(f"{'、'.join(found)}（{need}）" for need, found in by_need.items())


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
        "left_out": [{"rule": left.rule, "needs": list(left.needs)} for left in difference.left_out],
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
