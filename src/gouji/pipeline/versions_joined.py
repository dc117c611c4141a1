"""A submission in several files against the one before it: each side joined, judged by itself, and brought home again.

自评报告 附件1 附件2（更正） ─join_version→ Version ┐
自评报告 附件1 附件2         ─join_version→ Version ┴ compare_versions → Resubmission with its cells under their files' names
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.pipeline.merging import find_where, join_reports, send_home, send_repairs_home
from gouji.validate import validate_report
from gouji.validate.resubmission import Resubmission, Submission, compare_submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gouji.model.finding import Finding
    from gouji.model.report import Report
    from gouji.patterns.rules import RuleSet
    from gouji.store import Store
    from gouji.validate.resubmission import Change

Homes = tuple[tuple[str, int], ...]


class Version(NamedTuple):
    """A submission as one, and the files and places it came from."""

    submission: Submission
    homes: Homes

    @property
    def name(self) -> str:
        """What people call it."""
        first = self.submission.source
        return first if len(self.homes) == 1 else f"{first} 等 {len(self.homes)} 个文件"


def join_version(
    store: Store, pieces: Sequence[tuple[int, str, int]], rules: RuleSet, name: Callable[[int, str], str]
) -> Version:
    """The reports at (run, path, place), the leading one first, and what they come to by themselves. `name`: what a file is called."""
    joined = join_reports([store.outcome(run, path).reports[ordinal] for run, path, ordinal in pieces])
    homes = tuple((name(run, path), ordinal) for run, path, ordinal in pieces)
    source, index = homes[0]
    findings, _ = validate_report(joined, rules.of_year(joined.fiscal_year), index=index, source=source)
    return Version(Submission(joined, findings, source, index), homes)


def are_alike(one: Report, other: Report) -> bool:
    """Whether both hold the same kinds of things: a scoring table sent later is no resubmission of what came before."""
    return bool(one.indicators) == bool(other.indicators) and _has_table(one) == _has_table(other)


def _has_table(report: Report) -> bool:
    return any(fact.main and fact.origin == "table" and fact.state != "missing" for fact in report.facts)


def compare_versions(before: Version, after: Version, alone: frozenset[str] | None = None) -> Resubmission:
    """What the later made of the earlier; evidence ids as the joined reports have them. `alone`: rules to compare, None for all."""
    both = {f.rule for f in before.submission.findings} & {f.rule for f in after.submission.findings}
    rules = both if alone is None else both & alone
    sides = (
        msgspec.structs.replace(side.submission, findings=tuple(f for f in side.submission.findings if f.rule in rules))
        for side in (before, after)
    )
    return msgspec.structs.replace(compare_submissions(*sides), before=before.name, after=after.name)


def bring_home(told: Resubmission, before: Version, after: Version) -> Resubmission:
    """The same with every cell under the name of its file."""
    earlier, later = _bring_findings(told.fixed, before), (told.still, told.new, told.kept, told.noticed)
    still, new, kept, noticed = (_bring_findings(findings, after) for findings in later)
    unasked, asked = (tuple(_bring_change(c, after) for c in changes) for changes in (told.unasked, told.asked))
    return msgspec.structs.replace(
        told, fixed=earlier, still=still, new=new, kept=kept, noticed=noticed, unasked=unasked, asked=asked
    )


def _bring_findings(findings: tuple[Finding, ...], version: Version) -> tuple[Finding, ...]:
    source, index = version.homes[0]
    return tuple(send_repairs_home(send_home(f, source, index, version.homes), version.homes) for f in findings)


def _bring_change(change: Change, version: Version) -> Change:
    if change.where is None:
        return change
    number, where = find_where(change.where)
    return msgspec.structs.replace(change, where=where, source=version.homes[number][0])
