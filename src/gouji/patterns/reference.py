"""reference.yml → how tables of reference data are read.

columns   code, name, old_code, new_code → label keys
kinds     批复预算 … → Kind(titles, topic, stage, labels: label key → concept id, stages: label key → stage)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

import msgspec

from gouji.model.report import Stage
from gouji.patterns.source import read_source
from gouji.text.labels import fold_name, label_key

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from pathlib import Path

    from gouji.patterns.source import Mapping, Problems

COLUMNS = ("code", "name", "old_code", "new_code")


class Kind(msgspec.Struct, frozen=True):
    """One kind of reference table."""

    name: str
    titles: tuple[str, ...]
    topic: str | None
    stage: Stage
    labels: dict[str, str] = {}
    stages: dict[str, Stage] = {}


class ReferencePatterns(msgspec.Struct, frozen=True):
    """What reference.yml says."""

    columns: dict[str, frozenset[str]] = {}
    kinds: dict[str, Kind] = {}

    def kind_of(self, text: str) -> Kind | None:
        """The kind that a title or a file name tells; None where none or several do equally well."""
        said = fold_name(text)
        found = [(len(title), kind.name) for kind in self.kinds.values() for title in kind.titles if title in said]
        best = [name for length, name in found if length == max(found)[0]]
        return self.kinds[best[0]] if len(set(best)) == 1 else None


def read_reference(folder: Path, names: Dict[str, str], problems: Problems) -> ReferencePatterns:
    """Read `folder`/reference.yml; a folder without it knows no such tables. `names`: Chinese name → concept id."""
    if not (folder / "reference.yml").is_file():
        return ReferencePatterns()
    root = read_source(folder / "reference.yml", problems, "reference.yml").as_mapping()
    columns = root.mapping("columns")
    found = {role: frozenset(map(label_key, columns.texts(role, ()))) for role in COLUMNS}
    columns.finish()
    kinds = {name: _read_kind(name, node.as_mapping(), names) for name, node in root.mapping("kinds").pairs()}
    root.finish()
    return ReferencePatterns(found, kinds)


def _read_kind(name: str, entry: Mapping, names: Dict[str, str]) -> Kind:
    kind = Kind(
        name=name,
        titles=entry.texts("titles", ()),
        topic=entry.text("topic", "") or None,
        stage=cast("Stage", entry.choice("stage", get_args(Stage), "final")),
        labels=_read_labels(entry, names),
        stages=_read_stages(entry),
    )
    entry.finish()
    return kind


def _read_labels(entry: Mapping, names: Dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for label, node in entry.mapping("labels").pairs() if entry.has("labels") else ():
        if node.scalar() not in names:
            node.problem(f"未知的名称“{node.scalar()}”")
        else:
            found[label_key(label)] = names[node.scalar()]
    return found


def _read_stages(entry: Mapping) -> dict[str, Stage]:
    found: dict[str, Stage] = {}
    for label, node in entry.mapping("stages").pairs() if entry.has("stages") else ():
        if node.scalar() not in get_args(Stage):
            node.problem(f"没有 {node.scalar()} 这个阶段")
        else:
            found[label_key(label)] = cast("Stage", node.scalar())
    return found
