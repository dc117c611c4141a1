"""--rules NAME from the command to the finding, in every command; rules compared over a store."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from gouji.cli import cli
from gouji.model.errors import UsageError
from gouji.model.result import Outcome
from gouji.patterns import default_folder, load_patterns
from gouji.pipeline.batch import Request, process_batch
from gouji.pipeline.rules_diff import compare_rules, describe_difference, difference_record

TWIN = Path(__file__).parents[2] / "fixtures" / "cases" / "twin" / "input.txt"
LOCAL = """rule_set: 云溯
inherits: default
region: 云溯
without: [C2]
rules:
  - id: G1
    severity: hard
    basis: {document: 云溯区财政局通知, clause: 第三条, verified: yes}
"""
YEAR = """rule_set: 云溯
year: 2021
rules:
  - {id: C1, severity: note}
"""
GRADES = """  云溯:
    basis: {document: 云溯区财政局通知, verified: yes}
    grades:
      优: {band: "[80,100]"}
      差: {band: "[0,80)"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "patterns"
    shutil.copytree(default_folder(), target)
    (target / "rules" / "local.yml").write_text(LOCAL, encoding="utf-8")
    with (target / "grades.yml").open("a", encoding="utf-8") as file:
        file.write(GRADES)
    return target


def read(folder: Path, rule_set: str, store: Path | None = None) -> tuple[Outcome, int]:
    request = Request((TWIN,), store=store, folder=str(folder), rule_set=rule_set, today=date(2022, 6, 1))
    with process_batch(request) as batch:
        (outcome,) = batch.outcomes()
    return outcome, batch.reused


def told(outcome: Outcome) -> dict[str, tuple[str, str]]:
    return {finding.rule: (finding.verdict, finding.severity) for finding in outcome.findings}


def run_cli(*arguments: str | Path) -> int:
    code = cli.main([str(argument) for argument in arguments], standalone_mode=False)
    return int(code or 0)


def test_the_set_reaches_the_worker(folder: Path) -> None:
    base, local = told(read(folder, "default")[0]), told(read(folder, "云溯")[0])
    assert base["G1"] == ("fail", "explain")
    assert local["G1"] == ("pass", "hard")
    assert "C2" in base
    assert "C2" not in local


def test_the_year_of_the_report_chooses_the_layer(folder: Path) -> None:
    assert told(read(folder, "云溯")[0])["C1"] == ("fail", "explain")
    (folder / "rules" / "year.yml").write_text(YEAR, encoding="utf-8")
    assert told(read(folder, "云溯")[0])["C1"] == ("fail", "note")
    (folder / "rules" / "year.yml").write_text(YEAR.replace("2021", "2022"), encoding="utf-8")
    assert told(read(folder, "云溯")[0])["C1"] == ("fail", "explain")


def test_results_of_two_sets_are_kept_apart(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    assert read(folder, "default", store)[1] == 0
    outcome, reused = read(folder, "云溯", store)
    assert (reused, told(outcome)["G1"]) == (0, ("pass", "hard"))
    outcome, reused = read(folder, "default", store)
    assert (reused, told(outcome)["G1"]) == (1, ("fail", "explain"))


def test_the_cache_keeps_two_sets_apart(folder: Path) -> None:
    for _ in range(2):
        assert [load_patterns(folder, name).rules.rule("G1").severity for name in ("default", "云溯")] == [
            "explain",
            "hard",
        ]


@pytest.mark.parametrize("command", ["check", "extract", "explain"])
def test_an_unknown_set_names_those_there_are(folder: Path, command: str) -> None:
    with pytest.raises(UsageError, match="没有名为 云朔 的规则集；可用：default、云溯"):
        run_cli(command, TWIN, "--patterns", folder, "--rules", "云朔")


def test_every_command_takes_the_set(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ("--patterns", folder, "--rules", "云溯")
    assert run_cli("check", TWIN, *chosen, "--json", "--quiet") == 0
    assert "C2" not in {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert run_cli("run", TWIN, "-o", tmp_path / "out", *chosen, "--quiet") == 0
    record = json.loads((tmp_path / "out" / "运行记录.json").read_text(encoding="utf-8"))
    assert record["rule_set"] == "云溯"
    capsys.readouterr()
    assert run_cli("rules", "show", "G1", *chosen) == 0
    shown = capsys.readouterr().out
    assert "必改" in shown
    assert "云溯区财政局通知，第三条" in shown
    assert "依据待核" not in shown
    assert run_cli("rules", "show", *chosen) == 0
    assert "其他规则集：default" in capsys.readouterr().out


def test_the_set_is_written_as_a_sheet(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "规则.xlsx"
    assert run_cli("rules", "show", "--patterns", folder, "--rules", "云溯", "--xlsx", sheet) == 0
    rows = [[str(cell.value) for cell in row] for row in openpyxl.load_workbook(sheet)["规则"].iter_rows()]
    assert rows[0][:2] == ["规则集", "云溯"]
    (grade,) = (row for row in rows if row[0] == "G1")
    assert grade[4:8] == ["必改", "云溯区财政局通知", "第三条", "是"]
    with pytest.raises(UsageError, match=r"须以 \.xlsx 结尾"):
        run_cli("rules", "show", "--xlsx", tmp_path / "规则.csv")


# --- rules diff -----------------------------------------------------------------------------------------------------------


def test_sets_are_compared_and_past_verdicts_with_them(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    read(folder, "default", store)
    before = store.read_bytes()
    found = compare_rules("default", "云溯", folder, store)
    assert [(change.id, change.kind) for change in found.rules] == [
        ("G1", "changed"),
        ("C2", "removed"),
        ("等次", "changed"),
    ]
    assert ("级别", "需说明", "必改") in found.rules[0].keys
    assert (found.reports, [change.finding.rule for change in found.verdicts]) == (1, ["G1", "C2"])
    assert store.read_bytes() == before
    text = describe_difference(found, load_patterns().exports.labels)
    assert "更改 G1 评价等次与综合得分相符" in text
    assert "G1：不符·需说明 → 通过，1 项" in text
    assert "C2：需核实·提示 → 无此问题，1 项" in text
    record = difference_record(found)
    assert [(c["rule"], c["old"]["verdict"], c["new"] and c["new"]["verdict"]) for c in record["verdicts"]] == [
        ("G1", "fail", "pass"), ("C2", "review", None)]  # fmt: skip


def test_folders_and_sets_of_folders_are_compared(folder: Path) -> None:
    same = compare_rules(str(default_folder()), str(folder), None, None)
    assert (same.rules, same.reports) == ([], None)
    assert [change.id for change in compare_rules("default", f"{folder}#云溯", None, None).rules] == [
        "G1",
        "C2",
        "等次",
    ]
    (folder / "rules" / "year.yml").write_text(YEAR, encoding="utf-8")
    yearly = compare_rules("default", "云溯", folder, None).rules
    assert [(change.id, change.year) for change in yearly] == [("G1", None), ("C2", None), ("等次", None), ("C1", 2021)]
    with pytest.raises(UsageError, match="没有名为 云朔"):
        compare_rules("default", "云朔", folder, None)


def test_rules_that_are_the_same_change_nothing(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    read(folder, "default", store)
    found = compare_rules("default", str(default_folder()), folder, store)
    assert (found.rules, found.reports, found.verdicts) == ([], 1, ())
