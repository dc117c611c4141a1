"""The store as pandas frames."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from pyarrow import parquet

from gouji.frames import facts, findings, indicators, summary
from gouji.frames_export import write_parquet, write_workbook
from gouji.model.errors import UsageError
from gouji.model.result import Outcome
from gouji.store import Store, StoreKey
from outcomes import build_district, figure, report, wrap


def fill(path: Path, outcomes: list[Outcome]) -> Path:
    with Store.open(path) as store:
        run = store.begin_run("1", "o")
        for outcome in outcomes:
            store.save(StoreKey(outcome.source.sha256, "1", "o"), outcome, run, outcome.source.path)
        store.finish_run(run)
    return path


def test_facts_are_long_and_decimal(tmp_path: Path) -> None:
    figures = {"income.total": "8710500.55元", "income.other": "", "staffing.actual": "38"}
    frame = facts(fill(tmp_path / "gouji.db", [wrap(report("085001", "某局", figures))]))
    assert list(frame["state"]) == ["value", "blank", "value"]
    assert list(frame["value"]) == [Decimal("8710500.55"), None, Decimal(38)]
    assert frame["wan"][0] == Decimal("871.050055")
    assert list(frame["budget_code"]) == ["085001"] * 3
    assert [str(frame[key].dtype) for key in ("fiscal_year", "report")] == ["Int64", "Int64"]


def test_summary_is_one_row_a_report(tmp_path: Path) -> None:
    district = build_district()
    frame = summary(fill(tmp_path / "gouji.db", district))
    assert len(frame) == sum(len(outcome.reports) for outcome in district)
    row = frame[frame["unit_name"] == "云溯区林业局"].iloc[0]
    assert row["income.total"] == Decimal("871.0500")
    assert row["performance.grade"] == "优"
    assert row["income.other"] is None
    assert str(frame["report"].dtype) == "Int64"


def test_summary_prefers_this_year_final_and_table(tmp_path: Path) -> None:
    texts: list[tuple[str, dict[str, Any]]] = [
        ("9", {"period": 2020}),
        ("8", {"stage": "initial"}),
        ("7", {"origin": "prose"}),
        ("6", {}),
        ("5", {"main": False}),
    ]
    made = msgspec.structs.replace(
        report("1", "某局", {}), facts=tuple(figure("income.total", text, **more) for text, more in texts)
    )
    frame = summary(fill(tmp_path / "gouji.db", [wrap(made)]))
    assert list(frame["income.total"]) == [Decimal(6)]


def test_last_years_figure_is_not_this_years(tmp_path: Path) -> None:
    made = msgspec.structs.replace(report("1", "某局", {}), facts=(figure("income.total", "9", period=2020),))
    frame = summary(fill(tmp_path / "gouji.db", [wrap(made)]))
    assert len(frame) == 1
    assert "income.total" not in frame.columns


def test_an_amount_of_doubtful_unit_is_marked_and_left_out(tmp_path: Path) -> None:
    path = fill(tmp_path / "gouji.db", build_district())
    long, wide = facts(path), summary(path)
    doubtful = long[long["doubtful"]]
    assert set(doubtful["unit_name"]) == {"云溯区教育局"}
    assert set(doubtful["concept"]) == {"income.total", "income.public_budget"}
    row = wide[wide["unit_name"] == "云溯区教育局"].iloc[0]
    assert row["income.total"] is None
    assert row["expenditure.total"] == Decimal("112.00")


def test_an_empty_store_gives_empty_frames(tmp_path: Path) -> None:
    path = fill(tmp_path / "gouji.db", [])
    assert len(facts(path)) == 0
    assert len(summary(path)) == 0


def test_a_missing_store_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有找到数据库"):
        facts(tmp_path / "gouji.db")


def test_without_pandas_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match=r"gouji\[analyst\]"):
        facts(tmp_path / "gouji.db")


def test_findings_and_indicators_are_frames_too(tmp_path: Path) -> None:
    district = build_district()
    db = fill(tmp_path / "gouji.db", district)
    found = findings(db)
    assert len(found) == sum(len(outcome.findings) for outcome in district)
    assert {type(value) for value in found["difference"] if value is not None} <= {Decimal}
    rows = indicators(db)
    assert len(rows) == sum(len(one.indicators) for outcome in district for one in outcome.reports)
    assert str(rows["weight_shared_by"].dtype) == "Int64"


def test_parquet_keeps_amounts_exact_and_texts_apart(tmp_path: Path) -> None:
    figures = {"income.total": "8710500.55元", "income.other": ""}
    text = figure("performance.grade", "", "t1r9c9")
    text = msgspec.structs.replace(text, state="value", content="优", raw="优")
    long_number = msgspec.structs.replace(figure("income.fiscal", "1.00", "t1r9c8"), raw="1.0000001")
    assert long_number.quantity is not None
    quantity = msgspec.structs.replace(long_number.quantity, value=Decimal("1.0000001"), decimals=7)
    long_number = msgspec.structs.replace(long_number, content=quantity)
    one = report("085001", "某局", figures)
    one = msgspec.structs.replace(one, facts=(*one.facts, text, long_number))
    db = fill(tmp_path / "gouji.db", [wrap(one)])
    names = [written.path.name for written in write_parquet(db, tmp_path / "明细")]
    assert names == ["汇总.parquet", "数据项.parquet", "指标得分.parquet", "审核问题.parquet"]
    table = parquet.read_table(tmp_path / "明细" / "数据项.parquet").to_pydict()
    assert table["number"] == [Decimal("8710500.550000"), None, None, None]
    assert table["text"] == [None, None, "优", None]
    assert table["raw"][3] == "1.0000001"
    assert table["budget_code"][0] == "085001"


def test_a_plain_workbook_has_a_sheet_a_table_and_no_formula_of_theirs(tmp_path: Path) -> None:
    db = fill(tmp_path / "gouji.db", [wrap(report("085001", "=cmd|'/c calc'!A1", {"income.total": "871.05"}))])
    (written,) = write_workbook(db, tmp_path)
    book = openpyxl.load_workbook(written.path)
    assert book.sheetnames == ["汇总", "数据项", "指标得分", "审核问题"]
    sheet = book["汇总"]
    cells = {sheet.cell(1, column).value: sheet.cell(2, column) for column in range(1, sheet.max_column + 1)}
    assert cells["budget_code"].value == "085001"
    assert cells["unit_name"].data_type == "s"
    assert cells["income.total"].value == 871.05
