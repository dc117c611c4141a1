"""A run over a part of the folder says whose reports it left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.pipeline.batch import Request, process_batch
from gouji.pipeline.gone import describe_gone
from gouji.store import Store
from pipeline.years import judge_folder, write_report

STATISTICS, CROSS = "119001", "131001"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "gouji.db"


def gone(store: Path, folder: Path) -> list[str]:
    """What the latest run of a folder says."""
    judge_folder(folder, store)
    with Store.open(store, read_only=True) as opened:
        return list(describe_gone(opened, opened.latest_run() or 0))


def test_a_unit_that_was_there_before_is_named(tmp_path: Path, store: Path) -> None:
    write_report(tmp_path / "all", STATISTICS)
    write_report(tmp_path / "all", CROSS)
    write_report(tmp_path / "part", CROSS)
    assert gone(store, tmp_path / "all") == []
    (line,) = gone(store, tmp_path / "part")
    assert "1 家：云溯区统计局。" in line
    assert gone(store, tmp_path / "all") == []


def test_another_version_and_another_year_are_no_loss(tmp_path: Path, store: Path) -> None:
    write_report(tmp_path / "first", STATISTICS, 2020)
    write_report(tmp_path / "again", STATISTICS, 2020, {"585.20": "570.20"}, "终稿.txt")
    write_report(tmp_path / "next", CROSS)
    assert gone(store, tmp_path / "first") == []
    assert gone(store, tmp_path / "again") == []
    assert gone(store, tmp_path / "next") == []


def test_what_an_interrupted_run_had_is_not_missed(tmp_path: Path, store: Path) -> None:
    write_report(tmp_path / "first", STATISTICS)
    write_report(tmp_path / "second", CROSS)
    with process_batch(Request(inputs=(tmp_path / "first",), store=store)) as batch:
        assert len(list(batch.outcomes(last=False))) == 1
    assert gone(store, tmp_path / "second") == []
