"""Reference data: which column is what, what is asked, what is kept, and what it says of the reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from gouji.cli import cli
from gouji.model.errors import UsageError
from gouji.pipeline.reference import plan_file
from gouji.pipeline.reference_table import Answers
from gouji.store import Store
from gouji.store.references import list_imports, reference_facts
from pipeline.years import findings_of, judge_folder, write_report

ACCOUNT = """2021年度部门决算汇总表,,,,,,
单位：万元,,,,,,
预算编码,单位名称,收入合计,支出合计,基本支出,项目支出,备注
104001,云溯区民政局,1512.38,1490.18,702.98,787.20,
119001,统计局,588.20,585.20,385.20,210.00,
,其他局,1,2,3,4O,
合计,,2100.58,2075.38,1088.18,997.20,
"""


def csv(folder: Path, text: str, name: str = "汇总.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def workbook(folder: Path, name: str, rows: list[list[Any]], merges: str = "") -> str:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "数据"
    for row in rows:
        sheet.append(row)
    for merge in merges.split():
        sheet.merge_cells(merge)
    book.save(folder / name)
    return str(folder / name)


def gouji(*arguments: str, said: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(cli, [*arguments], input=said, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return int(done.return_value or 0), done.output


def test_columns_are_taken_by_their_headers(tmp_path: Path) -> None:
    plan = plan_file(csv(tmp_path, ACCOUNT), None, Answers())
    assert (plan.kind, plan.year, plan.questions) == ("部门决算", 2021, ())
    taken = {column.label: column.concept.id for column in plan.columns if column.concept}
    assert taken == {
        "收入合计": "income.total",
        "支出合计": "expenditure.total",
        "基本支出": "expenditure.basic",
        "项目支出": "expenditure.project",
    }
    assert {(f.stage, f.unit, f.scope) for f in plan.facts} == {("final", "万元", None)}
    assert [f.unit_name for f in plan.facts if f.concept == "expenditure.project"] == ["云溯区民政局", "统计局"]
    assert plan.facts[0].where == "t1r2c3"
    assert plan.facts[0].place == "C4 · 收入合计 列"
    assert any("4O" in problem for problem in plan.problems)


def test_headers_over_headers_name_the_money(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2021年一般公共预算“三公”经费决算表（单位：元）"],
        ["单位名称", "三公经费合计", "公务用车购置及运行维护费", None, None, "公务接待费"],
        [None, None, "小计", "购置费", "运行维护费", None],
        ["云溯区民政局", 50600, 32000, 0, 32000, 18600],
    ]
    plan = plan_file(workbook(tmp_path, "a.xlsx", rows, "A1:F1 A2:A3 B2:B3 C2:E2 F2:F3"), None, Answers())
    found = {f.concept: (format(f.value, "f"), f.unit, f.scope) for f in plan.facts}
    assert found["three_public.vehicle_running"] == ("32000", "元", "一般公共预算")
    assert found["three_public.vehicle_purchase"] == ("0", "元", "一般公共预算")
    assert len(found) == 5


def test_stages_stand_in_the_headers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2021年预算批复（万元）"],
        ["单位编码", "单位名称", "年初预算数", "调整预算数"],
        ["104001", "民政局", 300.5, 310],
    ]
    plan = plan_file(workbook(tmp_path, "a.xlsx", rows), None, Answers())
    assert [(f.concept, f.stage, f.raw) for f in plan.facts] == [
        ("budget.total", "initial", "300.5"),
        ("budget.total", "adjusted", "310"),
    ]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("决算表,,\n预算编码,单位名称,支出合计（万元）\n1040,某局,5\n", "year"),
        ("2021年决算表,,\n预算编码,单位名称,支出合计\n1040,某局,5\n", "unit"),
        ("2021年情况表,,\n预算编码,单位名称,支出合计（万元）\n1040,某局,5\n", "kind"),
        ("2021年编制表,,,\n预算编码,单位名称,编制数,编制数\n1040,某局,5,6\n", "D2"),
    ],
)
def test_what_is_not_said_is_asked(tmp_path: Path, text: str, about: str) -> None:
    path = csv(tmp_path, text)
    assert about in {question.about for question in plan_file(path, None, Answers()).questions}
    with pytest.raises(UsageError, match="没有导入"):
        gouji("reference", "import", path, "--store", str(tmp_path / "gouji.db"), "--yes")
    with Store.open(tmp_path / "gouji.db") as store:
        assert not list_imports(store)


def test_an_answer_is_taken(tmp_path: Path) -> None:
    path = csv(tmp_path, "2021年编制表,,,\n预算编码,单位名称,编制数,编制数\n1040,某局,5,6\n")
    store = str(tmp_path / "gouji.db")
    code, told = gouji("reference", "import", path, "--store", store, said="\n人员编制\ny\n")
    assert code == 0
    assert "√ 已导入第 1 号" in told
    with Store.open(tmp_path / "gouji.db") as opened:
        assert [(f.concept, f.raw) for f in reference_facts(opened, 2021)] == [("staffing.authorized", "6")]


def test_nothing_is_kept_without_consent(tmp_path: Path) -> None:
    path, store = csv(tmp_path, ACCOUNT), str(tmp_path / "gouji.db")
    assert "没有导入" in gouji("reference", "import", path, "--store", store)[1]
    assert "没有导入" in gouji("reference", "import", path, "--store", store, said="n\n")[1]
    gouji("reference", "import", path, "--store", store, "--preview")
    assert "还没有导入" in gouji("reference", "list", "--store", store)[1]


def test_a_second_import_supersedes_and_loses_nothing(tmp_path: Path) -> None:
    path, store = csv(tmp_path, ACCOUNT), str(tmp_path / "gouji.db")
    gouji("reference", "import", path, "--store", store, "--yes")
    told = gouji("reference", "import", path, "--store", store, "--yes")[1]
    assert "取代了第 1 号" in told
    with Store.open(tmp_path / "gouji.db") as opened:
        assert [(one.in_force, one.facts) for one in list_imports(opened)] == [(False, 11), (True, 11)]
        assert len(reference_facts(opened, 2021)) == 11
    gouji("reference", "remove", "2", "--store", store)
    with Store.open(tmp_path / "gouji.db") as opened:
        assert not reference_facts(opened, 2021)
        assert len(list_imports(opened)) == 2
    with pytest.raises(UsageError, match="没有第 2 号"):
        gouji("reference", "remove", "2", "--store", store)


def test_a_planted_difference_is_found_and_cites_the_file(tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    gouji("reference", "import", csv(tmp_path, ACCOUNT), "--store", str(store), "--yes")
    write_report(tmp_path / "2021", "104001")
    write_report(tmp_path / "2021", "119001")
    found = findings_of(judge_folder(tmp_path / "2021", store), "F1-account", "F1-staff")
    assert found["104001", "F1-account"].verdict == "pass"
    assert ("119001", "F1-staff") in found  # not applicable: only the account was imported
    finding = found["119001", "F1-account"]
    assert (finding.id, finding.verdict, str(finding.difference)) == (
        "119001-2021-F1-account-expenditure.project",
        "fail",
        "-10.00",
    )
    assert [(e.source, e.where) for e in finding.evidence] == [("119001.txt", "t1r16c6"), ("汇总.csv", "t1r3c6")]
    assert "210" not in finding.message  # what finance holds never leaves the house
    assert "210.00" in (finding.expression or "")


def test_another_kind_of_money_is_not_compared(tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    table = csv(tmp_path, "2021年三公决算表（单位：万元）,\n单位名称,三公经费合计\n云溯区民政局,4.06\n")
    gouji("reference", "import", table, "--store", str(store), "--scope", "一般公共预算", "--yes")
    write_report(tmp_path / "2021", "104001")
    finding = findings_of(judge_folder(tmp_path / "2021", store), "F1-three-public")["104001", "F1-three-public"]
    assert finding.verdict == "undecided"
    assert "口径" in finding.message


def test_two_files_that_contradict_each_other_decide_nothing(tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    head = "预算编码,单位名称,支出合计（万元）\n104001,云溯区民政局,"
    for name, kind, value in (("a.csv", "部门决算", "1490.18"), ("b.csv", "指标执行数", "1480.18")):
        table = csv(tmp_path, f"2021年表,,\n{head}{value}\n", name)
        gouji("reference", "import", table, "--store", str(store), "--kind", kind, "--yes")
    write_report(tmp_path / "2021", "104001")
    finding = findings_of(judge_folder(tmp_path / "2021", store), "F1-account")["104001", "F1-account"]
    assert finding.verdict == "undecided"
