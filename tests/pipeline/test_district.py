"""The whole run on folders: outputs, reuse, resumption, the output folder inside the input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gouji.pipeline.batch import Request, process_batch
from gouji.pipeline.district import run_district
from gouji.store import Store

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = ("twin/input.txt", "tracked/input.docx", "negative_year/input.docx", "preprinted_rows/input.docx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "绩效（自评） 2021"
    source.mkdir()
    for name in NAMES:
        shutil.copy(FIXTURES / "cases" / name, source / name.replace("/", "-"))
    return source


def request(folder: Path, out: Path) -> Request:
    return Request(inputs=(folder,), out=out, jobs=2)


def test_a_run_writes_everything_and_a_second_does_no_work_twice(folder: Path) -> None:
    out = folder / "结果"  # inside the input
    first = run_district(request(folder, out), csv=True, say=None)
    assert {path.name for path in out.iterdir()} == {
        "汇总表.xlsx",
        "审核问题.xlsx",
        "运行记录.json",
        "gouji.db",
        "批注",
        "复核包",
        "明细",
    }
    assert first.tally.files == len(NAMES)
    record = json.loads((out / "运行记录.json").read_text(encoding="utf-8"))
    assert record["counts"]["files"] == len(NAMES)
    assert str(folder) not in json.dumps(record, ensure_ascii=False)
    second = run_district(request(folder, out), csv=False, say=None)
    assert second.tally.files == len(NAMES)
    assert f"{len(NAMES)} 个内容与已读过的相同" in second.lines[0]


def test_an_interrupted_run_resumes(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    broken = Request(inputs=(folder,), store=store, jobs=1)
    with process_batch(broken) as batch:
        outcomes = batch.outcomes()
        next(outcomes)
        next(outcomes)
        del outcomes  # what Ctrl-C does to the loop
    with process_batch(broken) as batch:
        assert len(list(batch.outcomes())) == len(NAMES)
        assert batch.reused >= 2
        assert batch.fresh == len(NAMES) - batch.reused


def test_a_file_that_went_is_not_in_the_next_summary(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_district(request(folder, out), csv=False, say=None)
    (folder / "tracked-input.docx").unlink()
    run_district(request(folder, out), csv=False, say=None)
    with Store.open(out / "gouji.db", read_only=True) as store:
        run = store.latest_run()
        assert run is not None
        assert {outcome.source.name for outcome in store.outcomes(run)} == {
            name.replace("/", "-") for name in NAMES if not name.startswith("tracked")
        }


def test_outcomes_come_in_input_order(folder: Path) -> None:
    with process_batch(Request(inputs=(folder,), jobs=2)) as batch:
        names = [outcome.source.name for outcome in batch.outcomes()]
    assert names == sorted(names)
