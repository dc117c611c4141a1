"""What finance already holds, and which budget codes were exchanged for others, kept beside the runs.

save_import(store, Import(kind, year, source, …), facts)    an earlier import of the same kind and year is superseded
reference_facts(store, 2021)                                the figures in force for a year
list_imports(store) · remove_import(store, 3, when)         nothing is deleted: a removed import is marked so
save_code_changes(store, changes) · code_changes(store, 2022)
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.model.report import Stage
from gouji.store.opening import speaking_chinese, transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.store.database import Store


class ReferenceFact(msgspec.Struct, frozen=True):
    """One figure of a reference file: whose, what, when, of which money, and the cell it stands in."""

    unit_code: str | None
    unit_name: str | None
    year: int
    concept: str
    stage: Stage
    scope: str | None
    value: Decimal
    unit: str | None
    decimals: int | None
    raw: str
    place: str
    where: str
    source: str = ""
    kind: str = ""


class Import(msgspec.Struct, frozen=True):
    """One import of one file. `serial` and what follows are known once it is stored."""

    kind: str
    year: int
    source: str
    sha256: str
    imported_at: str | None = None
    serial: int = 0
    superseded_by: int | None = None
    removed_at: str | None = None
    facts: int = 0

    @property
    def in_force(self) -> bool:
        """Whether its figures are compared with."""
        return self.superseded_by is None and self.removed_at is None


class CodeChange(msgspec.Struct, frozen=True):
    """From `year` on, the unit that had `old` has `new`."""

    year: int
    old: str
    new: str
    name: str | None
    source: str
    imported_at: str | None = None


def save_import(store: Store, made: Import, facts: Sequence[ReferenceFact]) -> tuple[int, tuple[Import, ...]]:
    """Keep an import; its number, and the imports of the same kind and year that it supersedes."""
    replaced = tuple(
        one for one in list_imports(store) if one.in_force and (one.kind, one.year) == (made.kind, made.year)
    )
    with transaction(store.connection, store.path):
        cursor = store.connection.execute(
            "INSERT INTO reference_imports (kind, year, source, sha256, imported_at) VALUES (?, ?, ?, ?, ?)",
            (made.kind, made.year, made.source, made.sha256, made.imported_at),
        )
        serial = int(cursor.lastrowid or 0)
        store.connection.executemany(
            "UPDATE reference_imports SET superseded_by = ? WHERE id = ?", [(serial, one.serial) for one in replaced]
        )
        store.connection.executemany(
            "INSERT INTO reference_facts (import_id, unit_code, unit_name, year, concept, stage, scope, value, unit,"
            " decimals, raw, place, evidence_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_row_of(serial, fact) for fact in facts],
        )
    return serial, replaced


def _row_of(serial: int, fact: ReferenceFact) -> tuple[object, ...]:
    return (
        *(serial, fact.unit_code, fact.unit_name, fact.year, fact.concept, fact.stage, fact.scope),
        *(format(fact.value, "f"), fact.unit, fact.decimals, fact.raw, fact.place, fact.where),
    )


def list_imports(store: Store) -> list[Import]:
    """Every import ever made, in the order they were made."""
    query = (
        "SELECT i.kind, i.year, i.source, i.sha256, i.imported_at, i.id, i.superseded_by, i.removed_at,"
        " (SELECT COUNT(*) FROM reference_facts f WHERE f.import_id = i.id) FROM reference_imports i ORDER BY i.id"
    )
    with speaking_chinese(store.path):
        return [Import(*row) for row in store.connection.execute(query)]


def remove_import(store: Store, serial: int, removed_at: str) -> bool:
    """Take an import out of force; False where there is none in force under that number."""
    with transaction(store.connection, store.path):
        cursor = store.connection.execute(
            "UPDATE reference_imports SET removed_at = ? WHERE id = ? AND removed_at IS NULL AND superseded_by IS NULL",
            (removed_at, serial),
        )
    return cursor.rowcount > 0


def reference_facts(store: Store, year: int) -> list[ReferenceFact]:
    """The figures of a year that are in force, in the order of their files."""
    query = (
        "SELECT f.unit_code, f.unit_name, f.year, f.concept, f.stage, f.scope, f.value, f.unit, f.decimals, f.raw, f.place,"
        " f.evidence_id, i.source, i.kind FROM reference_facts f JOIN reference_imports i ON i.id = f.import_id"
        " WHERE f.year = ? AND i.superseded_by IS NULL AND i.removed_at IS NULL ORDER BY f.id"
    )
    with speaking_chinese(store.path):
        rows = store.connection.execute(query, (year,)).fetchall()
    named = (dict(zip(ReferenceFact.__struct_fields__, row, strict=True)) for row in rows)
    return [ReferenceFact(**(fields | {"value": Decimal(fields["value"])})) for fields in named]


def save_code_changes(store: Store, changes: Sequence[CodeChange]) -> None:
    """Replace the changes of the years that are named; a year's table is given whole."""
    with transaction(store.connection, store.path):
        store.connection.executemany(
            "DELETE FROM code_changes WHERE year = ?", [(year,) for year in {change.year for change in changes}]
        )
        store.connection.executemany(
            "INSERT INTO code_changes (year, old, new, name, source, imported_at) VALUES (?, ?, ?, ?, ?, ?)",
            [msgspec.structs.astuple(change) for change in changes],
        )


def code_changes(store: Store, year: int | None = None) -> list[CodeChange]:
    """The changes that came into force in a year, or all."""
    query = "SELECT year, old, new, name, source, imported_at FROM code_changes WHERE ? IS NULL OR year = ? ORDER BY year, id"
    with speaking_chinese(store.path):
        return [CodeChange(*row) for row in store.connection.execute(query, (year, year))]


_OF_TARGET = "(? IS NULL OR unit_code = ? OR unit_name = ?) AND (? IS NULL OR year = ?)"
_CHANGED_TARGET = "(? IS NULL OR old = ? OR new = ? OR name = ?) AND (? IS NULL OR year = ?)"


def count_references(store: Store, unit: str | None, year: int | None) -> int:
    """Figures and changes of codes that are held of a unit (code or name), of a year, or of both."""
    counts = (
        store.connection.execute(f"SELECT COUNT(*) FROM {table} WHERE {condition}", values).fetchone()  # noqa: S608 - own names
        for table, condition, values in _held(unit, year)
    )
    with speaking_chinese(store.path):
        return sum(int(row[0]) for row in counts)


def delete_references(store: Store, unit: str | None, year: int | None) -> None:
    """Forget them, superseded ones as well; the caller holds the transaction."""
    for table, condition, values in _held(unit, year):
        store.connection.execute(f"DELETE FROM {table} WHERE {condition}", values)  # noqa: S608 - own names


def _held(unit: str | None, year: int | None) -> tuple[tuple[str, str, tuple[object, ...]], ...]:
    return (
        ("reference_facts", _OF_TARGET, (unit, unit, unit, year, year)),
        ("code_changes", _CHANGED_TARGET, (unit, unit, unit, unit, year, year)),
    )
