"""A report made from a truth file alone: what the rules say must not depend on how well a document was read.

expected.json ─report_of_truth→ Report ─rules→ findings == those the truth declares
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gouji.model.quantity import Quantity, State, Unit
from gouji.model.report import CellText, Fact, Indicator, Report

UNITS = {
    "万元": Unit("万元", "money", Decimal(10000)),
    "元": Unit("元", "money"),
    "亿元": Unit("亿元", "money", Decimal(10**8)),
    "人": Unit("人", "people"),
    "分": Unit("分", "points"),
    "%": Unit("%", "percent"),
}
EXACT = ("people", "points")


def report_of_truth(truth: dict[str, Any]) -> Report:
    """One report. Facts of a project, and indicators of it, are no facts of the unit, unless the report is of one project."""
    unit, year = truth["unit_name"], truth["fiscal_year"]
    own = [entry for entry in truth["facts"] if "project" not in entry]
    projects = truth.get("projects") or []
    if not own and len(projects) == 1:
        own = projects[0]["facts"]
    facts = [_fact(entry, unit, year, f"t1r{row}c2") for row, entry in enumerate(own, start=1)]
    told = [entry for entry in truth.get("prose_facts", []) if "project" not in entry]
    facts += [_fact({"entity": unit} | entry, unit, year, f"p{n}_0_1") for n, entry in enumerate(told, start=1)]
    rows = [entry for entry in truth.get("indicators", []) if "project" not in entry]
    return Report(
        form=truth["form"],
        unit_name=unit,
        budget_code=truth.get("budget_code"),
        fiscal_year=year,
        report_date=truth.get("report_date"),
        facts=(*facts, *_execution(truth)),
        indicators=tuple(_indicator(entry, row) for row, entry in enumerate(rows, start=1)),
    )


def _fact(entry: dict[str, Any], unit: str, year: int, where: str) -> Fact:
    prose = where.startswith("p")
    state: State = entry.get("state") or "value"
    return Fact(
        concept=entry["concept"],
        label=None,
        header_path=(),
        entity=entry["entity"],
        period=entry.get("period", year),
        stage=entry.get("stage", "final"),
        scope=entry.get("scope"),
        state=state,
        content=_content(entry) if state in ("value", "zero") else None,
        raw=entry.get("raw", entry["value"]) or "",
        origin="prose" if prose else "table",
        where=where,
        place="正文" if prose else "《表》",
        main=entry["entity"] in (unit, None),
    )


def _content(entry: dict[str, Any]) -> Quantity | str:
    unit = UNITS.get(entry["unit"] or "")
    if unit is None:
        return str(entry["value"])
    value = Decimal(entry["value"])
    decimals = max(0, -int(value.as_tuple().exponent))
    bounds = [Decimal(entry[end]) if entry.get(end) is not None else None for end in ("low", "high")]
    return Quantity(value, unit, None if unit.kind in EXACT and not decimals else decimals, *bounds)


def _execution(truth: dict[str, Any]) -> list[Fact]:
    """The points of the money block of a whole unit."""
    execution = truth.get("execution") or {}
    names = (("scoring.execution_weight", "weight"), ("scoring.execution_score", "score"))
    return [
        _fact(
            {
                "concept": concept,
                "entity": truth["unit_name"],
                "value": execution[key],
                "unit": "分",
                "raw": execution[key],
            },
            truth["unit_name"],
            truth["fiscal_year"],
            f"t9r1c{column}",
        )
        for column, (concept, key) in enumerate(names, start=1)
        if key in execution
    ]


def _indicator(entry: dict[str, Any], row: int) -> Indicator:
    weight, score = _points(entry.get("weight")), _points(entry.get("score"))
    reason = entry.get("reason") or ""
    shared = entry.get("weight_shared_by", 1)
    where = f"t2r{row}c1" if shared == 1 else f"t2w{entry['level2']}"
    return Indicator(
        level1=entry.get("level1"),
        level2=entry.get("level2"),
        level3=entry.get("level3"),
        level1_weight=_points(entry.get("level1_weight")),
        level2_weight=_points(entry.get("level2_weight")),
        criterion=None,
        weight=weight,
        weight_shared_by=shared,
        score=score,
        reason=reason,
        cells=_cells(entry, row, where),
        target=entry.get("target"),
        actual=entry.get("actual"),
        table="t2",
    )


def _cells(entry: dict[str, Any], row: int, where: str) -> dict[str, CellText]:
    """The cells of a row; a table without a reason column has none of these."""
    texts = {"weight": (entry.get("weight"), where), "score": (entry.get("score"), f"t2r{row}c2")}
    cells = {
        role: CellText("value" if text else "blank", text or "", place, _points(text))
        for role, (text, place) in texts.items()
    }
    state = entry.get("reason_state", "missing")
    reason = {} if state == "missing" else {"reason": CellText(state, entry.get("reason") or "", f"t2r{row}c3")}
    return cells | reason


def _points(text: str | None) -> Quantity | None:
    if not text:
        return None
    value = Decimal(text)
    decimals = max(0, -int(value.as_tuple().exponent))
    return Quantity(value, UNITS["分"], decimals or None)
