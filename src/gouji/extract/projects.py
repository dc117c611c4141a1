"""A project form inside a bundle → Project: its name, its code, the facts and indicators of its own tables.

They never stand for the unit: the overall score is not replaced and nothing is averaged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.extract.tables import read_tables
from gouji.model.report import Project
from gouji.text.labels import fold_name, normalise_label

if TYPE_CHECKING:
    from gouji.extract.context import Context
    from gouji.model.anchor import Region

_CODED = re.compile(r"(?P<code>\d{6}[0-9A-Z]{9,18})[-_—](?P<name>(?=[^-]*[\u4e00-\u9fff]).+)")


def project_of_region(region: Region, context: Context) -> Project | None:
    """Read one project's form; its cells are claimed. None for a caption over a list of projects, which is no project's form."""
    own = context.for_part()
    tables = read_tables(region, own)
    context.claimed.update(field.where for field in region.fields)
    code, name = _split_code(normalise_label(_field(region, "project_name") or _title(region)))
    code = fold_name(_field(region, "project_code")) or code
    if not (tables.facts or tables.indicators or code or _field(region, "project_name")):
        return None
    return Project(
        code=code or None,
        name=name,
        facts=tuple(tables.facts),
        indicators=tuple(tables.indicators),
    )


def _split_code(name: str) -> tuple[str, str]:
    """51142521R000000019951-工资性支出: budget systems print the code before the name."""
    match = _CODED.match(name)
    return (match["code"], match["name"]) if match is not None else ("", name)


def _field(region: Region, name: str) -> str:
    return next((field.value for field in region.fields if field.name == name and field.value.strip()), "")


def _title(region: Region) -> str:
    return region.titles[-1].text if region.titles else ""
