"""concepts.yml and units.yml → frozen vocabulary.

Concept   what a figure means: id, Chinese name, topic, kind, aliases (strong), weak labels, false friends
roles     words that name no figure but say what a row, column or field is for
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, cast, get_args

import msgspec

from gouji.model.quantity import Unit, UnitKind
from gouji.model.report import Stage
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from gouji.patterns.source import Mapping, Node

ConceptKind = Literal["money", "count", "percent", "score", "text", "date"]
_CONCEPT_ID = re.compile(r"^[a-z_]+\.[a-z_0-9]+$")


class Concept(msgspec.Struct, frozen=True):
    """One entry of the vocabulary. `scope`: the kind of money it is, which narrows a figure that it stands beside."""

    id: str
    name: str
    topic: str
    kind: ConceptKind
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()
    false_friends: tuple[str, ...] = ()
    scope: str | None = None
    mark: str = ""

    @property
    def exact(self) -> bool:
        """Whether a value without decimals is exact."""
        return self.kind in ("count", "score")


def read_concepts(root: Mapping) -> dict[str, Concept]:
    """The `concepts:` mapping, in file order."""
    concepts: dict[str, Concept] = {}
    for concept_id, node in root.mapping("concepts").pairs():
        if not _CONCEPT_ID.match(concept_id):
            node.problem(f"要素编号 {concept_id} 应写成 主题.名称，如 income.total")
        concepts[concept_id] = _read_concept(concept_id, node)
    _check_aliases(concepts, root)
    return concepts


def _read_concept(concept_id: str, node: Node) -> Concept:
    entry = node.as_mapping()
    concept = Concept(
        id=concept_id,
        name=entry.text("name"),
        topic=entry.text("topic"),
        kind=cast("ConceptKind", entry.choice("kind", get_args(ConceptKind))),
        aliases=entry.texts("aliases", ()),
        weak=entry.texts("weak", ()),
        prose=entry.texts("prose", ()),
        false_friends=entry.texts("not", ()),
        scope=entry.text("scope", "") or None,
        mark=node.mark,
    )
    entry.finish()
    return concept


def _check_aliases(concepts: dict[str, Concept], root: Node) -> None:
    """One strong label may mean one concept only."""
    owner: dict[str, str] = {}
    for concept in concepts.values():
        for label in (concept.name, *concept.aliases):
            key = label_key(label)
            if owner.setdefault(key, concept.id) != concept.id:
                root.problems.add(concept.mark, f"“{label}”已经是 {owner[key]} 的名称或别名")


def read_roles(root: Mapping) -> dict[str, tuple[str, ...]]:
    """The `roles:` mapping: role → label keys."""
    return {
        role: tuple(label_key(item.scalar()) for item in node.items()) for role, node in root.mapping("roles").pairs()
    }


def read_stages(root: Mapping) -> dict[Stage, tuple[str, ...]]:
    """The `stages:` mapping: stage → label keys of its columns."""
    stages: dict[Stage, tuple[str, ...]] = {}
    for name, node in root.mapping("stages").pairs():
        if name not in get_args(Stage):
            node.problem(f"没有 {name} 这个阶段")
        else:
            stages[cast("Stage", name)] = tuple(label_key(item.scalar()) for item in node.items())
    return stages


def read_units(root: Mapping) -> dict[str, Unit]:
    """units.yml: kind → printed name → factor; other spellings of a unit mean that unit."""
    units: dict[str, Unit] = {}
    spellings = root.mapping("spellings")
    for kind, node in root.pairs():
        if kind == "spellings":
            continue
        if kind not in get_args(UnitKind):
            node.problem(f"没有 {kind} 这一类计量单位")
            continue
        entry = node.as_mapping()
        for name in entry.names():
            units[name] = Unit(name, cast("UnitKind", kind), entry.number(name))
    for name, node in spellings.pairs():
        if node.scalar() not in units:
            node.problem(f"没有“{node.scalar()}”这个计量单位")
        else:
            units[name] = units[node.scalar()]
    return units
