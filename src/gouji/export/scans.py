"""Scanned copies: they cannot be read, but they were received. Whose they are is told by their path.

102001某局盖章.pdf        a code, or a name, in the file's name or in its folders       → 某局
某局/盖章.pdf             no name, but every report of this folder is one unit's         → that unit
盖章.pdf among many       nobody's: it stays a file that could not be read
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from gouji.text.names import unit_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SCANNED = "no_text_layer"
_DIGITS = re.compile(r"\d{4,}")
_SHORTEST = 3


class Received(NamedTuple):
    """A unit that handed something in: how it names itself and under which path."""

    code: str
    name: str
    path: str


def find_owner(path: str, units: Sequence[Received]) -> Received | None:
    """The unit a scanned file belongs to; None where its path does not tell one alone."""
    codes = {digits.lstrip("0") for digits in _DIGITS.findall(path)}
    key = unit_key(path)
    by_code = [unit for unit in units if unit.code.lstrip("0") in codes and unit.code]
    named = [unit for unit in units if len(unit_key(unit.name)) >= _SHORTEST and unit_key(unit.name) in key]
    longest = max((len(unit_key(unit.name)) for unit in named), default=0)
    by_name = [unit for unit in named if len(unit_key(unit.name)) == longest]
    for found in (by_code, by_name, _of_folder(path, units)):
        if len({(unit.code, unit.name) for unit in found}) == 1:
            return found[0]
    return None


def _of_folder(path: str, units: Iterable[Received]) -> list[Received]:
    """The units whose reports lie in the same folder; the top folder is nobody's."""
    folders: dict[str, list[Received]] = defaultdict(list)
    for unit in units:
        folders[unit.path.rpartition("/")[0]].append(unit)
    folder = path.rpartition("/")[0]
    return folders.get(folder, []) if folder else []
