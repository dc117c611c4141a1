"""Reference data into the store: read, shown, confirmed, kept; listed and taken back.

file ─plan_file→ Plan ─list_plan→ lines a person can check ─keep_plan→ store (an earlier import of the kind and year gives way)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.pipeline.reference_table import Answers, Plan, read_reference_table
from gouji.pipeline.single import engine_of
from gouji.pipeline.unit_match import Named, UnitIndex
from gouji.readers import read_document
from gouji.store.references import Import, ReferenceFact, list_imports, save_import
from gouji.store.years import StoredReport, stored_reports

if TYPE_CHECKING:
    from gouji.pipeline.reference_table import PlannedColumn
    from gouji.store import Store

_STAGES = {"initial": "年初预算", "adjusted": "全年预算", "final": "决算"}
_SHOWN_ROWS = 3
_SHOWN_NAMES = 8
_SHOWN_FIGURES = 6


def plan_file(path: str, folder: str | None, answers: Answers) -> Plan:
    """Read one file; raises ReadError where it cannot be read."""
    document = read_document(Path(path).read_bytes(), Path(path).name)
    return read_reference_table(document, Path(path).name, engine_of(folder).vocabulary, answers)


def list_plan(plan: Plan, name: str, store: Store) -> str:
    """What an import would bring: the columns, the units it meets, the first rows, what is wrong."""
    return "\n".join(_plan_lines(plan, name, store))


def _plan_lines(plan: Plan, name: str, store: Store) -> Iterator[str]:
    yield f"■ {name}：{plan.kind or '（未定种类）'} {plan.year or '（未定年度）'} 年度"
    for column in plan.columns:
        yield f"  {column.place} “{column.label}” → {_meaning(column)}"
    yield from _unit_lines(plan, store)
    yield from _sample_lines(plan)
    yield from (f"  × {problem}" for problem in plan.problems)
    yield from (f"  ？ {question.text}" for question in plan.questions)


def _meaning(column: PlannedColumn) -> str:
    if column.role is not None:
        return {"code": "预算编码", "name": "单位名称"}[column.role]
    if column.concept is None:
        return "不取用"
    details = [f"{column.year or '？'} 年", _STAGES[column.stage], column.scope or "未写明口径"]
    details.append(column.unit.name if column.unit is not None else "单位未知")
    return f"{column.concept.name}（{' · '.join(details)}）"


def _unit_lines(plan: Plan, store: Store) -> Iterator[str]:
    """Whom the rows meet among the reports of the year."""
    units = list(dict.fromkeys(Named(fact.unit_code, fact.unit_name) for fact in plan.facts))
    if plan.year is None or not units:
        return
    index = UnitIndex[StoredReport](stored_reports(store, plan.year), lambda one: Named(one.code, one.name))
    strangers = [unit for unit in units if not index.find(unit)]
    yield f"  共 {len(units)} 家单位、{len(plan.facts)} 个数；与库中 {plan.year} 年度报告对上 {len(units) - len(strangers)} 家。"
    if strangers and len(strangers) < len(units):
        names = "、".join(unit.name or unit.code or "" for unit in strangers[:_SHOWN_NAMES])
        yield f"  没有对上的 {len(strangers)} 家：{names}{' 等' if len(strangers) > _SHOWN_NAMES else ''}（报告到后会自动对应）"


def _sample_lines(plan: Plan) -> Iterator[str]:
    rows: dict[Named, list[ReferenceFact]] = {}
    for fact in plan.facts:
        rows.setdefault(Named(fact.unit_code, fact.unit_name), []).append(fact)
    labels = {(c.concept.id, c.stage, c.scope): c.label for c in plan.columns if c.concept is not None}
    for unit, facts in list(rows.items())[:_SHOWN_ROWS]:
        told = "，".join(f"{labels[f.concept, f.stage, f.scope]} {f.raw}{f.unit or ''}" for f in facts[:_SHOWN_FIGURES])
        yield f"  例：{unit.code or ''} {unit.name or ''}：{told}{' …' if len(facts) > _SHOWN_FIGURES else ''}"


def keep_plan(plan: Plan, path: str, store: Store, imported_at: str) -> str:
    """Store a plan; one line that says what it superseded. A file of several years is kept whole under the plan's."""
    data = Path(path).read_bytes()
    made = Import(plan.kind, plan.year or 0, Path(path).name, hashlib.sha256(data).hexdigest(), imported_at)
    serial, replaced = save_import(store, made, plan.facts)
    line = f"√ 已导入第 {serial} 号：{plan.kind} {plan.year} 年度，{len(plan.facts)} 个数。"
    if replaced:
        line += f"取代了第 {'、'.join(str(one.serial) for one in replaced)} 号（仍保留在库中，不再用于核对）。"
    return line


def list_references(store: Store) -> str:
    """Every import with its state."""
    return (
        "\n".join(_import_line(one) for one in list_imports(store))
        or "还没有导入参照数据。用 gouji reference import 导入。"
    )


def _import_line(one: Import) -> str:
    state = "有效"
    if one.superseded_by is not None:
        state = f"已被第 {one.superseded_by} 号取代"
    elif one.removed_at is not None:
        state = f"已于 {one.removed_at[:10]} 撤下"
    return f"{one.serial:>3}  {one.kind}  {one.year}  {one.facts} 个数  {one.source}  {(one.imported_at or '')[:16]}  {state}"
