"""A submission against the one before it: in one run, across runs, and what is no resubmission."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from gouji.cli import cli
from gouji.model.result import Outcome
from gouji.pipeline.peers import Peers
from gouji.pipeline.single import engine_of
from gouji.validate.context import NOTHING_AROUND
from outcomes import report, wrap
from pipeline.years import findings_of, judge_folder, write_report

CODE = "119001"
WRONG = {"\t585.20": "\t586.20"}  # 支出合计 in the table


def told(outcomes: list[Outcome]) -> str:
    return findings_of(outcomes, "Y-resubmission")[CODE, "Y-resubmission"].message


def test_across_runs(tmp_path: Path) -> None:
    """The total is put right; a figure nobody asked about is another, and breaks a sum that closed."""
    store = tmp_path / "gouji.db"
    write_report(tmp_path / "first", CODE, changes=WRONG)
    judge_folder(tmp_path / "first", store)
    write_report(tmp_path / "second", CODE, changes={"\t290.00": "\t291.00"}, name="重报.txt")
    message = told(judge_folder(tmp_path / "second", store))
    assert "第 1 次运行：119001.txt" in message
    assert "已改正 3 项" in message
    assert "新出现 2 项（A3、X1）" in message
    done = CliRunner().invoke(cli, ["compare", CODE, "--store", str(store), "--json"], standalone_mode=False)
    record = json.loads(done.stdout)
    assert record["schema"] == "gouji.compare/1"
    assert [f["rule"] for f in record["fixed"]] == ["A2", "A4", "X1"]
    assert [f["rule"] for f in record["new"]] == ["A3", "X1"]
    changed = {(c["from"], c["to"]) for c in record["unasked"]}
    assert ("290.00", "291.00") in changed
    assert ("586.20", "585.20") in {(c["from"], c["to"]) for c in record["asked"]}


def test_in_one_run_the_later_date_is_the_resubmission(tmp_path: Path) -> None:
    write_report(tmp_path / "all", CODE, changes=WRONG | {"2022年5月17日": "2022年5月13日"}, name="终稿最终.txt")
    write_report(tmp_path / "all", CODE, name="a.txt")
    outcomes = judge_folder(tmp_path / "all", tmp_path / "gouji.db")
    assert "与前次报送（终稿最终.txt）相比：已改正 3 项" in told(outcomes)
    draft = next(outcome for outcome in outcomes if outcome.source.path == "终稿最终.txt")
    assert all(finding.rule != "Y-resubmission" for finding in draft.findings)


def test_the_same_file_once_more_is_no_resubmission(tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    write_report(tmp_path / "2021", CODE)
    for _ in range(2):
        assert not findings_of(judge_folder(tmp_path / "2021", store), "Y-resubmission")
    done = CliRunner().invoke(cli, ["compare", "--store", str(store)], standalone_mode=False)
    assert "没有找到重报" in done.stderr


def test_an_unchanged_resubmission_is_still_compared_with_the_first(tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    write_report(tmp_path / "first", CODE, changes=WRONG)
    judge_folder(tmp_path / "first", store)
    write_report(tmp_path / "second", CODE)
    for _ in range(2):
        assert "第 1 次运行" in told(judge_folder(tmp_path / "second", store))


def test_peers_are_counted_reports_of_the_same_form_and_group() -> None:
    figures = {"expenditure.public": "72.00", "staffing.actual": "36"}
    peers = Peers(engine_of().patterns.rules, lambda unit: "街道" if (unit.code or "").startswith("9") else None)
    outcomes = [wrap(report(f"10{n}", f"第{n}局", figures), path=f"{n}.docx") for n in range(3)]
    outcomes.append(wrap(report("900", "某街道", figures), path="9.docx"))
    outcomes.append(wrap(report("100", "第0局", figures, report_date="2022-04-01"), path="旧.docx"))
    for outcome in outcomes:
        peers.see(outcome)
    assert [len((peers.add_to(NOTHING_AROUND, o, 0).peers or {})["人均公用支出"]) for o in outcomes] == [3, 3, 3, 1, 3]
