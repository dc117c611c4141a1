"""The signed state: copied whole, never written again, and what a later run changes is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from gouji.cli import cli
from gouji.model.errors import UsageError
from gouji.pipeline.batch import Request
from gouji.pipeline.district import run_district
from gouji.pipeline.freezing import freeze, verify

REPORT = Path(__file__).parents[2] / "fixtures" / "district" / "201006-云溯区河道采砂服务站.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "报送"
    source.mkdir()
    shutil.copy(REPORT, source / "采砂站.txt")
    return source


def run(folder: Path, out: Path) -> list[str]:
    return run_district(Request(inputs=(folder,), out=out, jobs=1), csv=False, say=None).lines


def test_a_resubmission_changes_the_summary_and_not_the_frozen_state(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    freeze(out, "2021年度", "2022-06-30")
    kept = out / "定稿" / "2021年度"
    assert (kept / "汇总表.xlsx").read_bytes() == (out / "汇总表.xlsx").read_bytes()
    assert verify(kept) == []
    report = folder / "采砂站.txt"
    report.write_text(report.read_text(encoding="utf-8").replace("127.70", "163.70"), encoding="utf-8")
    lines = run(folder, out)
    assert "与定稿“2021年度（2022-06-30）”相比，有 1 个数发生变化：201006 云溯区河道采砂服务站 2021" in lines[0]
    assert verify(kept) == []
    assert not (kept / "定稿").exists()


def test_whatever_is_done_to_the_copy_is_noticed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    freeze(out, "甲", "2022-06-30")
    kept = out / "定稿" / "甲"
    (kept / "汇总表.xlsx").chmod(0o600)
    (kept / "汇总表.xlsx").write_bytes(b"x")
    (kept / "审核问题.xlsx").unlink()
    (kept / "新.txt").touch()
    assert verify(kept) == ["缺少：审核问题.xlsx", "内容已变：汇总表.xlsx", "多出：新.txt"]


@pytest.mark.parametrize("name", ["../外", "a/b", "", "CON"])
def test_a_name_that_is_a_path_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    with pytest.raises(UsageError, match="定稿名称"):
        freeze(out, name, "2022-06-30")
    assert not (tmp_path / "外").exists()


def test_a_name_is_taken_once(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run(folder, out)
    result = CliRunner().invoke(cli, ["freeze", str(out), "--name", "甲"], standalone_mode=False)
    assert result.output.startswith("已定稿：定稿/甲")
    with pytest.raises(UsageError, match="已用过"):
        freeze(out, "甲", "2022-07-01")


def test_an_empty_folder_says_what_to_do_first(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="先用 gouji run"):
        freeze(tmp_path, "甲", "2022-06-30")
