"""Two years of a small district through one store: what last year's record says of this year's reports."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from gouji.cli import cli
from gouji.patterns import default_folder, load_patterns
from gouji.pipeline.rules_diff import compare_rules, describe_difference
from gouji.store import Store
from gouji.store.references import CodeChange, save_code_changes
from pipeline.years import UNITS, findings_of, judge_folder, write_report

STATISTICS, CIVIL, CROSS = "119001", "104001", "131001"
CLOSED = {
    STATISTICS: {"\t3.00": "\t8.20"},
    CIVIL: {"22.20": "56.20"},
}  # last year's balance as this year carries it forward


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with last year's run."""
    for code in UNITS:
        write_report(tmp_path / "2020", code, 2020, CLOSED.get(code))
    judge_folder(tmp_path / "2020", tmp_path / "gouji.db")
    return tmp_path / "gouji.db"


def test_what_is_carried_forward_is_last_years_balance(tmp_path: Path, store: Path) -> None:
    for code in UNITS:
        write_report(tmp_path / "2021", code)
    found = findings_of(judge_folder(tmp_path / "2021", store), "Y1")
    assert {code: finding.verdict for (code, _), finding in found.items()} == {
        STATISTICS: "pass",
        CIVIL: "pass",
        CROSS: "fail",
    }
    (own, last) = found[CROSS, "Y1"].evidence
    assert (own.source, own.raw, own.relation) == ("131001.txt", "120000", "total")
    assert (last.source, last.raw) == ("2020年度报告：131001.txt", "60000")
    assert last.place.startswith("上年：")


def test_without_a_record_of_the_year_before_nothing_is_said(tmp_path: Path) -> None:
    write_report(tmp_path / "2021", STATISTICS)
    assert not findings_of(judge_folder(tmp_path / "2021", tmp_path / "gouji.db"), "Y1", "Y3", "Y5", "F1-account")


def test_both_years_in_one_folder(tmp_path: Path) -> None:
    write_report(tmp_path / "all", STATISTICS, 2020, CLOSED[STATISTICS], "统计局2020.txt")
    write_report(tmp_path / "all", STATISTICS, name="统计局2021.txt")
    write_report(tmp_path / "all", CIVIL)
    finding = findings_of(judge_folder(tmp_path / "all", tmp_path / "gouji.db"), "Y1")[STATISTICS, "Y1"]
    assert finding.verdict == "pass"
    assert {piece.source for piece in finding.evidence} == {"统计局2020.txt", "统计局2021.txt"}


def test_of_last_years_versions_the_one_that_counted_is_the_record(tmp_path: Path) -> None:
    """The draft of 13 May carried another balance; the later date counts."""
    store = tmp_path / "gouji.db"
    write_report(tmp_path / "2020", STATISTICS, 2020, {"2021年5月17日": "2021年5月13日"}, "终稿最终.txt")
    write_report(tmp_path / "2020", STATISTICS, 2020, CLOSED[STATISTICS], "a.txt")
    judge_folder(tmp_path / "2020", store)
    write_report(tmp_path / "2021", STATISTICS)
    assert findings_of(judge_folder(tmp_path / "2021", store), "Y1")[STATISTICS, "Y1"].verdict == "pass"


def test_a_later_run_of_last_year_is_believed(tmp_path: Path, store: Path) -> None:
    write_report(tmp_path / "again", STATISTICS, 2020, {"\t3.00": "\t9.20"})
    judge_folder(tmp_path / "again", store)
    write_report(tmp_path / "2021", STATISTICS)
    finding = findings_of(judge_folder(tmp_path / "2021", store), "Y1")[STATISTICS, "Y1"]
    assert (finding.verdict, str(finding.difference)) == ("fail", "-1.00")


def test_an_exchanged_code_leads_to_the_old_record(tmp_path: Path, store: Path) -> None:
    """After a reorganisation: another code and another name; the bureau's table says who it was."""
    renamed = {"119001": "305009", "云溯区统计局": "云溯区数据调查局"}
    write_report(tmp_path / "2021", STATISTICS, changes=renamed)
    assert not findings_of(judge_folder(tmp_path / "2021", store), "Y1")
    with Store.open(store) as opened:
        save_code_changes(opened, [CodeChange(2021, "119001", "305009", "云溯区数据调查局", "对照表.xlsx")])
    assert findings_of(judge_folder(tmp_path / "2021", store), "Y1")["305009", "Y1"].verdict == "pass"


def test_a_code_that_another_unit_has_now_is_no_link(tmp_path: Path, store: Path) -> None:
    write_report(tmp_path / "2021", CIVIL, changes={"104001": "119001"})
    assert (
        findings_of(judge_folder(tmp_path / "2021", store), "Y1")["119001", "Y1"].evidence[-1].source
        == "2020年度报告：104001.txt"
    )


def test_a_merger_and_a_division_are_compared_with_nobody(tmp_path: Path, store: Path) -> None:
    merged = [CodeChange(2021, old, "305009", None, "x") for old in ("119001", "104001")]
    divided = [CodeChange(2021, "131001", new, None, "x") for new in ("131001", "131002")]
    with Store.open(store) as opened:
        save_code_changes(opened, [*merged, *divided])
    write_report(tmp_path / "2021", STATISTICS, changes={"119001": "305009"})
    write_report(tmp_path / "2021", CROSS)
    assert not findings_of(judge_folder(tmp_path / "2021", store), "Y1")


def test_check_with_a_store_judges_in_context(tmp_path: Path, store: Path) -> None:
    path = write_report(tmp_path / "2021", CROSS)
    alone = CliRunner().invoke(cli, ["check", str(path), "--json", "--quiet"], standalone_mode=False)
    beside = CliRunner().invoke(
        cli, ["check", str(path), "--store", str(store), "--json", "--quiet"], standalone_mode=False
    )
    assert '"rule":"Y1"' not in alone.stdout
    assert '"rule":"Y1"' in beside.stdout


def test_a_check_leaves_the_last_run_of_the_district_as_it_is(tmp_path: Path, store: Path) -> None:
    with Store.open(store, read_only=True) as opened:
        before = opened.latest_run()
    path = write_report(tmp_path / "2021", CROSS)
    for command in ("check", "extract"):
        CliRunner().invoke(cli, [command, str(path), "--store", str(store), "--quiet"], standalone_mode=False)
    with Store.open(store, read_only=True) as opened:
        assert opened.latest_run() == before
        assert len(opened.read_rows("SELECT 1 FROM runs")) == (before or 0) + 2


def test_codes_are_imported_by_their_headers(tmp_path: Path) -> None:
    table = tmp_path / "对照.csv"
    table.write_text("序号,单位名称,原编码,新编码\n1,云溯区数据调查局,119001,305009\n", encoding="utf-8-sig")
    store = str(tmp_path / "gouji.db")
    runner = CliRunner()
    done = runner.invoke(
        cli, ["codes", "import", str(table), "--store", store, "--year", "2021"], standalone_mode=False
    )
    assert "1 条" in done.output
    listed = runner.invoke(cli, ["codes", "list", "--store", store], standalone_mode=False)
    assert "2021  119001 → 305009  云溯区数据调查局" in listed.output


# --- gouji rules diff -------------------------------------------------------------------------------------------------


MILDER = """\
rule_set: 云溯
inherits: default
rules:
  - {id: Y1, severity: note}
  - {id: F1-account, severity: note}
"""


def test_rules_that_need_last_year_are_judged_again_where_the_store_has_it(tmp_path: Path, store: Path) -> None:
    folder = tmp_path / "patterns"
    shutil.copytree(default_folder(), folder)
    (folder / "rules" / "mild.yml").write_text(MILDER, encoding="utf-8")
    for code in UNITS:
        write_report(tmp_path / "2021", code)
    judge_folder(tmp_path / "2021", store)
    found = compare_rules("default", "云溯", folder, store)
    changed = [(c.finding.id, c.old and c.old.severity, c.new and c.new.severity) for c in found.verdicts]
    assert changed == [("131001-2021-Y1", "explain", "note")]
    lacking = {left.rule: left.needs for left in found.left_out}
    assert "Y1" not in lacking
    assert (lacking["F1-account"], lacking["T5"]) == (("参照",), ("表样",))
    assert "F1-account" in describe_difference(found, load_patterns().exports.labels)


def test_without_last_year_the_rules_that_need_it_are_named(tmp_path: Path) -> None:
    write_report(tmp_path / "2021", STATISTICS)
    judge_folder(tmp_path / "2021", tmp_path / "gouji.db")
    found = compare_rules("default", "default", None, tmp_path / "gouji.db")
    assert {left.rule: left.needs for left in found.left_out}["Y1"] == ("上年",)
    told = describe_difference(found, load_patterns().exports.labels)
    assert "没有核对" in told
    assert "（上年）" in told
