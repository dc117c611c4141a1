"""Which unit of another year, or of a reference file, is this one: by budget code, then by name, never by a guess.

    102001 某局        ─code and name agree→                     the unit
    102001 某局        code is another unit's now (code_changes) ─name→ the unit of that name, else nobody
    305002 某新局      code_changes 2021: 102001 → 305002        ─old code→ the unit that had 102001
    None   某区某局    ─name alone: equal, or the only one that ends so→ the unit

A unit that came of several, or was divided, is compared with none: its figures are no one's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from gouji.text.names import may_be_same_unit, unit_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gouji.store.references import CodeChange

Item = TypeVar("Item")
_SHORTEST_END = 3  # 财政局 tells a unit, 局 does not


class Named(NamedTuple):
    """How something names its unit."""

    code: str | None
    name: str | None


def code_key(code: str | None) -> str:
    """A budget code for comparison: spreadsheets drop leading zeros."""
    return "".join((code or "").split()).lstrip("0")


class Recoding:
    """The changes of codes between two years: new → old. `without`: units that came of several, or of a part of one."""

    def __init__(self, changes: Iterable[CodeChange] = ()) -> None:
        self.olds: dict[str, set[str]] = defaultdict(set)
        self.news: dict[str, set[str]] = defaultdict(set)
        for change in changes:
            self.olds[code_key(change.new)].add(code_key(change.old))
            self.news[code_key(change.old)].add(code_key(change.new))

    def is_broken(self, code: str | None) -> bool:
        """Whether the unit is a merger, or a part of a divided one."""
        olds = self.olds.get(code_key(code), set())
        return len(olds) > 1 or any(len(self.news[old]) > 1 for old in olds)

    def is_known(self, code: str | None) -> bool:
        """Whether the bureau's table names this code as a new one: then names need not agree."""
        return code_key(code) in self.olds

    def before(self, code: str | None) -> str | None:
        """The code the unit had before; None where this code was another unit's."""
        key = code_key(code)
        if key in self.olds:
            return next(iter(self.olds[key]))
        return None if key in self.news or not key else key


class UnitIndex(Generic[Item]):
    """Things by the unit they are of. One unit may have several (versions, columns of several files)."""

    def __init__(self, items: Iterable[Item], named: Callable[[Item], Named]) -> None:
        self.by_code: dict[str, list[Item]] = defaultdict(list)
        self.by_name: dict[str, list[Item]] = defaultdict(list)
        self.named = named
        for item in items:
            code, name = named(item)
            if code_key(code):
                self.by_code[code_key(code)].append(item)
            if unit_key(name):
                self.by_name[unit_key(name)].append(item)

    def find(self, wanted: Named, recoding: Recoding | None = None) -> Sequence[Item]:
        """What is of the wanted unit, () where nothing surely is. What has no code is added by its name."""
        recoding = recoding or Recoding()
        if recoding.is_broken(wanted.code):
            return ()
        code = recoding.before(wanted.code)
        coded = self.by_code.get(code, []) if code else []
        if recoding.is_known(wanted.code):
            return coded
        same = [item for item in coded if may_be_same_unit(self.named(item).name, wanted.name)]
        named = self._find_by_name(wanted)
        return [*same, *(item for item in named if not code_key(self.named(item).code))] if same else named

    def _find_by_name(self, wanted: Named) -> Sequence[Item]:
        """Of that name, else the only name that one of the two ends with. A code of another unit speaks against it."""
        key = unit_key(wanted.name)
        if len(key) < _SHORTEST_END:
            return ()
        keys = [key] if key in self.by_name else [other for other in self.by_name if _ends_alike(key, other)]
        found = self.by_name[keys[0]] if len(keys) == 1 else []
        codes = {code_key(self.named(item).code) for item in found} - {""}
        return found if len(codes) <= 1 else ()


def _ends_alike(one: str, other: str) -> bool:
    """某区财政局, 财政局"""
    short, name = sorted((one, other), key=len)
    return len(short) >= _SHORTEST_END and name.endswith(short)
