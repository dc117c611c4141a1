"""A project form inside a bundle → Project: its name, its code, the facts and indicators of its own tables.

They never stand for the unit: the overall score is not replaced and nothing is averaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.extract.tables import read_tables
from gouji.model.report import Project
from gouji.text.labels import fold_name, normalise_label

if TYPE_CHECKING:
    from gouji.extract.context import Context
    from gouji.model.anchor import Region


def project_of_region(region: Region, context: Context) -> Project:
    """Read one project's form; its cells are claimed."""
    own = context.for_part()
    tables = read_tables(region, own)
    context.claimed.update(field.where for field in region.fields)
    code = _field(region, "project_code")
    return Project(
        code=fold_name(code) if code else None,
        name=normalise_label(_field(region, "project_name") or _title(region)),
        facts=tuple(tables.facts),
        indicators=tuple(tables.indicators),
    )


def _field(region: Region, name: str) -> str:
    return next((field.value for field in region.fields if field.name == name and field.value.strip()), "")


def _title(region: Region) -> str:
    return region.titles[-1].text if region.titles else ""
