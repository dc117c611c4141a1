"""Reports that name no unit: whose they are is told by where they lie, and said so.

某局/自评报告.docx   names 某局   ─┐
某局/附件1.xlsx      names nobody  ├ the one unit of the folder (or a code or name in the path): scans.find_owner
301001某局/评分表.xlsx nobody else there → the folder's own name, where it is a unit's
汇总/附件1.xlsx      nobody's: it stays without a name
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from gouji.export.scans import Received, find_owner
from gouji.text.labels import fold_name
from gouji.text.names import is_unit_like

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.export.versions import Identity

_AROUND = re.compile(r"^[\d\s._\-—、]+|[(（【\[].*?[)）】\]]|[\d\s._\-—、]+$")
_NO_UNIT = re.compile(r"附件|报告|材料|报送|自评|绩效|汇总|文件|表|[股科处]$")
_SHORTEST = 4


def name_by_place(reports: list[Identity]) -> list[Identity]:
    """The reports, each with a name where its place tells one, and with the words that say so (`placed`)."""
    named = [Received(r.code or "", r.name, r.path) for r in reports if r.name and not r.placed]
    return [report if report.name or report.code else _named(report, named) for report in reports]


def _named(report: Identity, named: Sequence[Received]) -> Identity:
    owner = _owner_of(report.path, named)
    if owner is None:
        return report
    placed = f"{report.path.rpartition('/')[2]} 没有写单位名称，按所在位置归入{owner.name}，请核实"
    return msgspec.structs.replace(report, name=owner.name, code=owner.code or None, placed=placed)


def _owner_of(path: str, named: Sequence[Received]) -> Received | None:
    return find_owner(path, named) or _name_of_folder(path, named)


def _name_of_folder(path: str, named: Sequence[Received]) -> Received | None:
    """The innermost folder that is called like a unit, where no report of a unit lies in it."""
    folders = path.replace("!/", "/").split("/")[:-1]
    for depth in range(len(folders), 0, -1):
        name = fold_name(_AROUND.sub("", folders[depth - 1]))
        if len(name) >= _SHORTEST and is_unit_like(name) and not _NO_UNIT.search(name):
            inside = "/".join(folders[:depth]) + "/"
            taken = any(unit.path.replace("!/", "/").startswith(inside) for unit in named)
            return None if taken else Received("", name, path)
    return None
