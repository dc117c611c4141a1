"""Forgetting a unit: nothing of it stays in the file, everything else does."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gouji.model.ledger import Entry
from gouji.store import Decision, Store, StoreKey
from gouji.store.ledger import Seen, keep_entries, note_round, read_ledger
from gouji.store.purging import Target, forget
from gouji.store.receipts import keep_receipts, read_receipts
from outcomes import finding, report, wrap

FIGURES = {"income.total": "871.05"}
OWN = wrap(report("102001", "云溯区某局", FIGURES), path="某局.docx", findings=(finding("102001", "A3"),))
OTHER = wrap(report("102002", "云溯区另一局", FIGURES), path="另一局.docx", findings=(finding("102002", "A3"),))
BOTH = wrap(report("102001", "云溯区某局", FIGURES), report("102003", "云溯区三局", FIGURES), path="合订.docx")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "gouji.db"
    with Store.open(path) as store:
        run = store.begin_run("1", "o")
        for outcome in (OWN, OTHER, BOTH):
            store.save(StoreKey(outcome.source.sha256, "1", "o"), outcome, run, outcome.source.path)
        store.finish_run(run)
        for code, name, outcome in (("102001", "云溯区某局", OWN), ("102002", "云溯区另一局", OTHER)):
            note_round(store, "2022-06-01", [Seen(code, 2021, name, code, "v", outcome.findings)])
            keep_entries(store, [Entry(outcome.findings[0].id, "整改情况", f"{name}已改", "台账.xlsx", "2022-06-02")])
            store.record_decision(
                Decision(outcome.findings[0].id, "waive", "e", "r", f"{name}原因", "周一", "2022-06-01")
            )
    return path


def test_it_only_counts_until_it_is_confirmed(path: Path) -> None:
    with Store.open(path) as store:
        found = forget(store, Target("102001", None), "2022-07-01", really=False)
        assert (found.files, found.reports, found.findings, found.written) == (1, 1, 1, 2)
        assert len(list(store.outcomes(1))) == 3


def test_what_is_forgotten_is_gone_from_the_file_and_the_rest_is_not(path: Path) -> None:
    with Store.open(path) as store:
        found = forget(store, Target("云溯区某局", 2021), "2022-07-01", really=True)
        assert found.shared == ("合订.docx",)
        assert [o.source.path for o in store.outcomes(1)] == ["另一局.docx", "合订.docx"]
        assert [d.finding_id for d in store.decisions()] == ["102002-2021-A3"]
        assert read_ledger(store).entries.keys() == {"102002-2021-A3"}
        with pytest.raises(sqlite3.IntegrityError, match="只能追加"):
            store.connection.execute("DELETE FROM decisions")
        assert store.read_rows("SELECT day, files FROM purges") == [("2022-07-01", 1)]
    assert "云溯区某局已改".encode() not in path.read_bytes()
    assert "云溯区另一局已改".encode() in path.read_bytes()


def test_when_a_forgotten_file_came_in_is_forgotten_too(path: Path) -> None:
    heads = [(outcome.source.sha256 or "")[:12] for outcome in (OWN, OTHER)]
    with Store.open(path) as store:
        keep_receipts(store, [(head, "2022-05-19") for head in heads])
        forget(store, Target("102001", None), "2022-07-01", really=True)
        assert read_receipts(store) == {heads[1]: "2022-05-19"}


def test_the_later_receipt_of_one_content_is_kept_and_can_be_taken_back(path: Path) -> None:
    with Store.open(path) as store:
        keep_receipts(store, [("a", "2022-06-01"), ("a", "2022-05-19"), ("b", "")])
        assert read_receipts(store) == {"a": "2022-06-01"}
        keep_receipts(store, [("a", "")])
        assert read_receipts(store) == {}


def test_a_name_with_wildcards_takes_nobody_else_along(path: Path) -> None:
    with Store.open(path) as store:
        assert forget(store, Target("*", None), "2022-07-01", really=True).files == 0
        assert len(list(store.outcomes(1))) == 3
