"""Rule sets in layers: what a set holds itself, for some years only, and what it takes from the set it inherits.

default            A1 … G1
  └ 云溯           region: 云溯     {id: G1, severity: hard, basis: …}      overrides single keys
      └ 2022                        {id: A12, formula: …}                   reports of 2022 only

effective(云溯, 2022) = default, default of 2022, 云溯, 云溯 of 2022: later layers drop, replace and override earlier ones
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.model.errors import UsageError
from gouji.patterns.formula import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.formula import Expr
    from gouji.patterns.rules import Rule
    from gouji.patterns.source import Problems

DEFAULT = "default"
Key = tuple[str, int | None]


class Override(NamedTuple):
    """Single keys of an inherited rule."""

    id: str
    changes: dict[str, object]
    mark: str


class Layer:
    """What the files of one set (and one year) say. Dropped ids and the region come with their place."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.overrides: dict[str, Override] = {}
        self.dropped: dict[str, str] = {}
        self.region: tuple[str, str] | None = None

    def mark_of(self, rule_id: str) -> str | None:
        """Where an id is already defined in this layer."""
        held = self.rules.get(rule_id) or self.overrides.get(rule_id)
        return held.mark if held is not None else None

    def apply(self, rules: dict[str, Rule]) -> dict[str, Rule]:
        """The rules with this layer on top."""
        kept = {rule_id: rule for rule_id, rule in rules.items() if rule_id not in self.dropped} | self.rules
        for override in self.overrides.values():
            if override.id in kept:
                kept[override.id] = _overridden(kept[override.id], override)
        return kept


def _overridden(rule: Rule, override: Override) -> Rule:
    changes = dict(override.changes)
    marks = changes.pop("marks", {})
    assert isinstance(marks, dict)  # noqa: S101 - made by the reader
    return msgspec.structs.replace(rule, **changes, marks=rule.marks | marks)


class RuleLayers:
    """Every layer of every set of a folder."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self._layers: dict[Key, Layer] = {}
        self._parents: dict[str, tuple[str, str]] = {}

    @property
    def names(self) -> list[str]:
        """The sets, in file order, the standard one first."""
        found = dict.fromkeys(name for name, _ in self._layers)
        return sorted(found, key=lambda name: name != DEFAULT)

    def layer(self, name: str, year: int | None) -> Layer:
        """The layer of a set and a year (None: of every year), made where it is new."""
        return self._layers.setdefault((name, year), Layer())

    def inherit(self, name: str, parent: str, mark: str) -> None:
        """Note that a set builds on another."""
        known = self._parents.setdefault(name, (parent, mark))
        if known[0] != parent:
            self.problems.add(mark, f"规则集 {name} 已在 {known[1]} 写明继承 {known[0]}")

    def require(self, name: str) -> None:
        """Refuse the name of a set that no file holds."""
        if name not in self.names and name != DEFAULT:
            raise UsageError(f"没有名为 {name} 的规则集；可用：{'、'.join(self.names) or '（没有）'}。")

    def years(self, name: str) -> list[int]:
        """The years for which a set differs."""
        chain = self._chain(name)
        return sorted({year for member, year in self._layers if member in chain and year is not None})

    def effective(self, name: str, year: int | None = None) -> list[Rule]:
        """The rules of a set in a year."""
        rules: dict[str, Rule] = {}
        for layer in self._line(name, year):
            rules = layer.apply(rules)
        return list(rules.values())

    def region(self, name: str, year: int | None = None) -> tuple[str, str] | None:
        """The region whose grades hold, and where it is named; None where no layer names one."""
        named = [layer.region for layer in self._line(name, year) if layer.region is not None]
        return named[-1] if named else None

    def check(self) -> None:
        """Report unknown parents, circles, and ids that are overridden or dropped without being there."""
        for name, (parent, mark) in self._parents.items():
            if parent not in self.names:
                self.problems.add(mark, f"规则集 {name} 继承的 {parent} 不存在；可用：{'、'.join(self.names)}")
            elif name in self._chain(parent):
                self.problems.add(mark, f"规则集 {name} 的继承关系成了一圈")
        for (name, year), layer in self._layers.items():
            self._check_layer(name, year, layer)
            _refuse_duplicates(layer, self.problems)

    def _check_layer(self, name: str, year: int | None, layer: Layer) -> None:
        below: dict[str, Rule] = {}
        for other in self._line(name, year):
            if other is layer:
                break
            below = other.apply(below)
        for override in layer.overrides.values():
            if override.id not in below or override.id in layer.dropped:
                self.problems.add(override.mark, f"规则 {override.id} 没有写公式，而所继承的规则集中没有这条规则")
        for rule_id, mark in layer.dropped.items():
            if rule_id not in below:
                self.problems.add(mark, f"without 中的 {rule_id} 不在所继承的规则集中")

    def _line(self, name: str, year: int | None) -> Iterator[Layer]:
        """The layers in the order they are laid on."""
        for member in reversed(self._chain(name)):
            for key in dict.fromkeys([(member, None), (member, year)]):
                if key in self._layers:
                    yield self._layers[key]

    def _chain(self, name: str) -> list[str]:
        chain: list[str] = []
        current: str | None = name
        while current is not None and current not in chain:
            chain.append(current)
            parent = self._parents.get(current)
            current = parent[0] if parent is not None else None
        return chain


def _refuse_duplicates(layer: Layer, problems: Problems) -> None:
    """Two rules of one layer that say the same are one too many."""
    seen: dict[tuple[Expr, ...], Rule] = {}
    for rule in layer.rules.values():
        said = tuple(reading.formula for reading in rule.readings)
        if said and not isinstance(said[0], Number) and said in seen:
            problems.add(rule.mark, f"规则 {rule.id} 与 {seen[said].id} 的公式相同")
        seen.setdefault(said, rule)
