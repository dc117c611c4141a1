"""The bureau's table of exchanged budget codes: 旧编码 | 新编码 | 单位名称 → code_changes.

plan_codes(path) → the rows, or the words why not      a unit that keeps its code but has a new name is a row, too
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.model.document import Document, Table
from gouji.model.errors import UsageError
from gouji.pipeline.single import engine_of
from gouji.readers import read_document
from gouji.store.references import CodeChange, code_changes
from gouji.text.rows import Row, rows_of_table

if TYPE_CHECKING:
    from gouji.patterns.reference import ReferencePatterns
    from gouji.store import Store

_ROLES = ("old_code", "new_code", "name")


def read_codes(path: str, year: int, folder: str | None, imported_at: str) -> list[CodeChange]:
    """The changes of a file; UsageError where it has no such table."""
    document = read_document(Path(path).read_bytes(), Path(path).name)
    patterns = engine_of(folder).patterns.reference
    found = [
        CodeChange(year, old, new, name or None, Path(path).name, imported_at)
        for old, new, name in _rows(document, patterns)
        if old and new
    ]
    if not found:
        raise UsageError(f"{Path(path).name} 中没有找到“旧编码、新编码”两列的对照表，没有导入。")
    return list(dict.fromkeys(found))


def _rows(document: Document, patterns: ReferencePatterns) -> Iterator[tuple[str, str, str]]:
    for block in document.blocks:
        if not isinstance(block, Table):
            continue
        columns: dict[str, int] = {}
        for row in rows_of_table(block, ragged=document.ragged):
            if {"old_code", "new_code"} <= columns.keys():
                old, new, name = (_text(row, columns.get(role)) for role in _ROLES)
                yield old, new, name
            else:
                columns = _columns(row, patterns)


def _columns(row: Row, patterns: ReferencePatterns) -> dict[str, int]:
    return {
        role: placed.start
        for role in _ROLES
        for placed in row.filled
        if placed.key in patterns.columns.get(role, frozenset())
    }


def _text(row: Row, column: int | None) -> str:
    placed = row.at(column) if column is not None else None
    return "".join(placed.text.split()) if placed is not None else ""


def list_codes(store: Store) -> str:
    """Every change, a line each."""
    lines = [f"{one.year}  {one.old} → {one.new}  {one.name or ''}  （{one.source}）" for one in code_changes(store)]
    return "\n".join(lines) or "还没有编码对照。用 gouji codes import 导入。"
