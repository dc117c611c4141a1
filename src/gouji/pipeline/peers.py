"""What the other units' figures are: per form, and per group of the roster where there is one.

outcomes ─see→ measures of each report ─choose_reports→ those that count ─→ group → what is measured → values
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.export.versions import Identity, choose_reports
from gouji.pipeline.memory import identify
from gouji.pipeline.unit_match import Named
from gouji.roster.unit import check_of
from gouji.validate.plausibility import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from gouji.model.report import Report
    from gouji.model.result import Outcome
    from gouji.patterns.rules import RuleSet
    from gouji.validate.context import Context

Group = tuple[str, str]
Values = dict[str, tuple["Decimal", ...]]


class _Seen(NamedTuple):
    identity: Identity
    group: Group
    values: dict[str, Decimal]


class Peers:
    """Surroundings: the values of the units of a group. `group_of`: the roster's 组别 of a unit."""

    def __init__(
        self,
        rules: RuleSet,
        group_of: Callable[[Named], str | None] | None = None,
        received: Mapping[str, str] | None = None,
    ) -> None:
        self.measures = {name: concepts for rule in rules.rules for name, concepts in rule.measures.items()}
        self.group_of = group_of or (lambda _unit: None)
        self._received = received or {}
        self._seen: list[_Seen] = []
        self._groups: dict[Group, Values] | None = None

    def see(self, outcome: Outcome) -> None:
        """Measure every report."""
        for report in outcome.reports:
            values = {name: one.value for name, one in measure(report, self.measures).items()}
            received = self._received.get(check_of(outcome.source.sha256), "")
            identity = identify(report, len(self._seen), outcome.source.path, received)
            self._seen.append(_Seen(identity, self._group(report), values))

    def add_to(self, context: Context, outcome: Outcome, index: int) -> Context:
        """With the values of its group."""
        report = outcome.reports[index]
        values = self._by_group().get(self._group(report))
        if not values or report.kind != "overall":
            return context
        return msgspec.structs.replace(context, peers=values)

    def _group(self, report: Report) -> Group:
        return (report.form or "", self.group_of(Named(report.budget_code, report.unit_name)) or "")

    def _by_group(self) -> dict[Group, Values]:
        """Counted reports alone: a draft is no second unit."""
        if self._groups is None:
            counted = choose_reports([seen.identity for seen in self._seen]).counted
            lists: dict[Group, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
            for seen in (self._seen[serial] for serial in counted):
                for name, value in seen.values.items():
                    lists[seen.group][name].append(value)
            self._groups = {
                group: {name: tuple(values) for name, values in found.items()} for group, found in lists.items()
            }
        return self._groups
