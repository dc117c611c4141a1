"""Reference data and exchanged codes in the store: superseded, removed, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from gouji.store import Store, StoreKey
from gouji.store.purging import Target, forget
from gouji.store.references import (
    CodeChange,
    Import,
    ReferenceFact,
    code_changes,
    list_imports,
    reference_facts,
    remove_import,
    save_code_changes,
    save_import,
)
from gouji.store.years import stored_reports
from outcomes import report, wrap


def fact(
    code: str | None = "102001", name: str | None = "某局", year: int = 2021, value: str = "871.05"
) -> ReferenceFact:
    return ReferenceFact(
        code, name, year, "expenditure.total", "final", None, Decimal(value), "万元", 2, value, "C4", "t1r2c3"
    )


def account(year: int = 2021) -> Import:
    return Import("部门决算", year, "决算.xlsx", "0" * 64, "2022-06-01")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "gouji.db") as opened:
        yield opened


def test_figures_come_back_with_their_file(store: Store) -> None:
    save_import(store, account(), [fact()])
    (found,) = reference_facts(store, 2021)
    assert (found.value, found.raw, found.source, found.kind) == (Decimal("871.05"), "871.05", "决算.xlsx", "部门决算")
    assert not reference_facts(store, 2020)


def test_only_the_same_kind_and_year_gives_way(store: Store) -> None:
    save_import(store, account(), [fact()])
    save_import(store, account(2020), [fact(year=2020)])
    save_import(store, Import("三公", 2021, "三公.xlsx", "1" * 64), [fact(value="7.72")])
    serial, replaced = save_import(store, account(), [fact(value="872.05")])
    assert [one.serial for one in replaced] == [1]
    assert [one.superseded_by for one in list_imports(store)] == [serial, None, None, None]
    assert [found.raw for found in reference_facts(store, 2021)] == ["7.72", "872.05"]


def test_what_is_removed_or_superseded_is_removed_once(store: Store) -> None:
    serial, _ = save_import(store, account(), [fact()])
    assert remove_import(store, serial, "2022-06-02")
    assert not remove_import(store, serial, "2022-06-03")
    assert [one.removed_at for one in list_imports(store)] == ["2022-06-02"]


def test_a_years_table_of_codes_is_given_whole(store: Store) -> None:
    save_code_changes(store, [CodeChange(2021, "1", "2", None, "a"), CodeChange(2022, "2", "3", None, "a")])
    save_code_changes(store, [CodeChange(2021, "1", "9", None, "b")])
    assert [(one.old, one.new) for one in code_changes(store)] == [("1", "9"), ("2", "3")]
    assert [(one.old, one.new) for one in code_changes(store, 2022)] == [("2", "3")]


def test_a_unit_is_forgotten_with_what_finance_holds_of_it(store: Store) -> None:
    save_import(store, account(), [fact(), fact("102002", "另一局")])
    save_code_changes(store, [CodeChange(2021, "101001", "102001", None, "a"), CodeChange(2021, "5", "6", None, "a")])
    forget(store, Target("102001", None), "2022-07-01", really=False)
    assert len(reference_facts(store, 2021)) == 2
    forget(store, Target("102001", None), "2022-07-01", really=True)
    assert [found.unit_code for found in reference_facts(store, 2021)] == ["102002"]
    assert [one.new for one in code_changes(store)] == ["6"]


def test_reports_of_unfinished_runs_are_no_memory(store: Store) -> None:
    outcome = wrap(report("102001", "某局", {}), path="a.docx")
    runs = [store.begin_run("1", "o") for _ in range(3)]
    for run in runs:
        store.save(StoreKey("a" * 64, "1", "o"), outcome, run, "a.docx")
    store.finish_run(runs[0])
    store.finish_run(runs[2])
    assert [one.run for one in stored_reports(store, 2021)] == [runs[2], runs[0]]
    assert [one.run for one in stored_reports(store, 2021, until=runs[2])] == [runs[0]]
    assert not stored_reports(store, 2020)
