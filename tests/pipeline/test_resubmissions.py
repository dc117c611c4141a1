"""A submission against the one before it: in one run, across runs, and what is no resubmission."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from click.testing import CliRunner

from gouji.cli import cli
from gouji.model.result import Outcome
from gouji.pipeline.letters import Order, collect_store
from gouji.pipeline.peers import Peers
from gouji.pipeline.single import engine_of
from gouji.roster.unit import check_of
from gouji.store import Store
from gouji.store.receipts import keep_receipts
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


def test_the_later_receipt_is_the_resubmission_whatever_the_report_is_dated(tmp_path: Path) -> None:
    """Units seldom change the date on the cover: the register says which came first, the file's name nothing."""
    write_report(tmp_path / "all", CODE, changes=WRONG, name="b.txt")
    write_report(tmp_path / "all", CODE, name="a（第二次）.txt")
    register(tmp_path, {"b.txt": "2022-05-19", "a（第二次）.txt": "2022-06-05"})
    outcomes = judge_folder(tmp_path / "all", tmp_path / "gouji.db")
    assert "与前次报送（b.txt）相比：已改正 3 项" in told(outcomes)
    done = CliRunner().invoke(cli, ["compare", "--store", str(tmp_path / "gouji.db"), "--json"], standalone_mode=False)
    assert json.loads(done.stdout)["after"] == "a（第二次）.txt"


def test_letters_speak_of_the_report_that_came_in_last(tmp_path: Path) -> None:
    write_report(tmp_path / "all", CODE, changes=WRONG, name="b.txt")
    write_report(tmp_path / "all", CODE, name="a（第二次）.txt")
    judge_folder(tmp_path / "all", tmp_path / "gouji.db")
    patterns, order = engine_of().patterns, Order(tmp_path)
    assert [d.identity.path for d in collect_store(order, patterns)[0].departments] == ["b.txt"]
    register(tmp_path, {"b.txt": "2022-05-19", "a（第二次）.txt": "2022-06-05"})
    assert [d.identity.path for d in collect_store(order, patterns)[0].departments] == ["a（第二次）.txt"]


def register(folder: Path, days: dict[str, str]) -> None:
    """What 收件登记.xlsx said at the last run."""
    with Store.open(folder / "gouji.db") as store:
        digests = {name: hashlib.sha256((folder / "all" / name).read_bytes()).hexdigest() for name in days}
        keep_receipts(store, ((check_of(digests[name]), day) for name, day in days.items()))
