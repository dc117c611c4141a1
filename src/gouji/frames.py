"""The store as pandas frames, for analysts.

    facts("out/gouji.db")       long: one row a fact, every state kept, `value` and `wan` as Decimal
    summary("out/gouji.db")     wide: one row a report, one column a concept; money in 万元, Decimal
    indicators("out/gouji.db")  one row a scoring row, weight and score as Decimal
    findings("out/gouji.db")    one row a finding, every verdict

A report of a unit that was sent in several files stands in all of them: `submission` is the path of the leading one, the same
in each; where one file is the whole submission it is that file's own.

All show the latest complete run. pandas is imported on call only: gouji itself does without it.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.model.errors import UsageError
from gouji.store import Store

if TYPE_CHECKING:
    from types import ModuleType

    import pandas as pd

_REPORT_COLUMNS = ("path", "report", "submission", "budget_code", "unit_name", "fiscal_year", "report_date", "form")
_FACT_COLUMNS = (
    "project", "concept", "label", "header_path", "entity", "main", "period", "stage", "scope", "state", "value", "unit",
    "decimals", "low", "high", "wan", "raw", "origin", "place", "evidence_id", "page", "pattern",
)  # fmt: skip
_INDICATOR_COLUMNS = (
    "kind", "level1", "level2", "level3", "criterion", "weight", "weight_shared_by", "score", "score_state", "reason",
    "place", "evidence_id",
)  # fmt: skip
_FINDING_COLUMNS = (
    "finding_id", "rule", "rule_version", "title", "verdict", "severity", "audience", "unit_name", "fiscal_year", "entity",
    "expression", "difference", "tolerance", "message", "basis", "basis_verified",
)  # fmt: skip
_DOUBTFUL = "v.id IN (SELECT fact FROM 单位存疑)"
_DECIMAL_COLUMNS = ("value", "low", "high", "wan")
_SUBMISSION = "COALESCE(p.lead, f.path)"
_PARTS = " LEFT JOIN parts p ON p.run_id = f.run_id AND p.path = f.path AND p.ordinal = r.ordinal"
_FROM = (
    "FROM files f JOIN reports r ON r.submission_id = f.submission_id JOIN facts v ON v.report_id = r.id"
    f"{_PARTS}"
    " WHERE f.run_id = ? ORDER BY f.path, r.ordinal, v.ordinal"
)


def facts(db: str | Path) -> pd.DataFrame:
    """Every fact of the latest run, one a row. Text values stay text; numbers are Decimal; absent ones are None.

    `doubtful`: the amount stands under a unit of money that failed the check.
    """
    selected = f"f.path, r.ordinal, {_SUBMISSION}, {_listed('r', _REPORT_COLUMNS[3:])}, {_listed('v', _FACT_COLUMNS)}, {_DOUBTFUL}"
    frame = _read_frame(db, f"SELECT {selected} {_FROM}", [*_REPORT_COLUMNS, *_FACT_COLUMNS, "doubtful"])
    frame = _with_types(
        frame, numbers=_DECIMAL_COLUMNS, integers=("report", "fiscal_year", "period", "decimals", "page"), flags=()
    )
    for column in ("main", "doubtful"):
        frame[column] = frame[column].astype(bool)
    return frame


def summary(db: str | Path) -> pd.DataFrame:
    """One row a report with its own figures of the year, final, table first; money in 万元, the rest as printed.

    An amount whose unit is in doubt is None here.
    """
    long = facts(db)
    keys = list(_REPORT_COLUMNS)
    reports = long[keys].drop_duplicates(["path", "report"])
    own = long[long["main"] & long["project"].isna()]
    own = own[
        (own["stage"] == "final") & (own["period"].isna() | (own["period"] == own["fiscal_year"]).fillna(value=True))
    ]
    ranked = own.assign(
        _missing=own["state"] == "missing",
        _scope=own["scope"].notna(),
        _origin=own["origin"] != "table",
    ).sort_values(["_missing", "_scope", "_origin"], kind="stable")
    best = ranked.drop_duplicates(["path", "report", "concept"])
    shown = best["wan"].where(best["wan"].notna(), best["value"]).where(~best["doubtful"], None)
    wide = best.assign(shown=shown).pivot(index=["path", "report"], columns="concept", values="shown")  # noqa: PD010 - Decimals are not to be aggregated
    order = [concept for concept in dict.fromkeys(long["concept"]) if concept in wide.columns]
    merged: pd.DataFrame = reports.merge(wide[order].reset_index(), on=["path", "report"], how="left")
    merged = merged.astype(object).where(merged.notna(), None)
    merged = merged.astype({"report": "Int64", "fiscal_year": "Int64"})
    return merged.sort_values(["budget_code", "unit_name"], kind="stable").reset_index(drop=True)


def indicators(db: str | Path) -> pd.DataFrame:
    """Every scoring row of the latest run. A weight that several rows share stands on each, with `weight_shared_by`."""
    query = (
        f"SELECT f.path, r.ordinal, {_SUBMISSION}, {_listed('r', _REPORT_COLUMNS[3:])}, {_listed('i', _INDICATOR_COLUMNS)}"  # noqa: S608 - own names
        " FROM files f JOIN reports r ON r.submission_id = f.submission_id JOIN indicators i ON i.report_id = r.id"
        f"{_PARTS}"
        " WHERE f.run_id = ? ORDER BY f.path, r.ordinal, i.ordinal"
    )
    frame = _read_frame(db, query, [*_REPORT_COLUMNS, *_INDICATOR_COLUMNS])
    return _with_types(
        frame, numbers=("weight", "score"), integers=("report", "fiscal_year", "weight_shared_by"), flags=()
    )


def findings(db: str | Path) -> pd.DataFrame:
    """Every verdict of the latest run, those that only the comparison with other reports gave included."""
    query = (
        f"SELECT f.path, {_listed('n', _FINDING_COLUMNS)} FROM files f JOIN 现行发现 n ON n.submission_id = f.submission_id"  # noqa: S608 - own names
        " WHERE f.run_id = ? ORDER BY f.path, n.run_id IS NOT NULL, n.ordinal"
    )
    frame = _read_frame(db, query, ["path", *_FINDING_COLUMNS])
    return _with_types(frame, numbers=("difference", "tolerance"), integers=("fiscal_year",), flags=("basis_verified",))


def _listed(table: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{table}.{name}" for name in columns)


def _read_frame(db: str | Path, query: str, columns: list[str]) -> pd.DataFrame:
    """The rows of the latest run as they stand in the store."""
    pandas = import_pandas()
    with Store.open(db, read_only=True) as store:
        rows = store.connection.execute(query, (store.latest_run(),)).fetchall()
    frame: pd.DataFrame = pandas.DataFrame(rows, columns=columns, dtype=object)
    return frame


def _with_types(
    frame: pd.DataFrame, *, numbers: tuple[str, ...], integers: tuple[str, ...], flags: tuple[str, ...]
) -> pd.DataFrame:
    pandas = import_pandas()
    for column in numbers:
        frame[column] = pandas.Series([_read_number(text) for text in frame[column]], dtype=object, index=frame.index)
    for column in integers:
        frame[column] = frame[column].astype("Int64")
    for column in flags:
        frame[column] = frame[column].astype("boolean")
    return frame


def import_pandas() -> ModuleType:
    """pandas, or a UsageError that says how to get it."""
    try:
        import pandas  # noqa: ICN001, PLC0415 - an optional extra, imported on use
    except ImportError as error:
        raise UsageError('这个功能需要 pandas。请先安装分析组件：pip install "gouji[analyst]"') from error
    return pandas


def _read_number(text: str | None) -> Decimal | str | None:
    """Text concepts keep their text."""
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
