"""The form as issued: read from a blank form, or found in what most submissions share; what it has wrong is told once."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document as Word

from gouji.model.errors import UsageError
from gouji.model.quantity import Quantity
from gouji.model.report import CellText, Indicator, Report
from gouji.pipeline.baseline import Baseline, read_blank_form
from gouji.pipeline.batch import Request
from gouji.pipeline.district import run_district
from gouji.store import Store
from gouji.validate.context import Context
from outcomes import report, wrap

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
SOFTENED = ("softened_a", "softened_b", "softened_c")
COVER = ("部门(单位)名称", "预 算 编 码", "报告日期", "填报人")


def write_blank_form(path: Path) -> Path:
    """The form that the three softened cases were filled on, with the department's entries taken out."""
    word = Word(str(CASES / "softened_a" / "input.docx"))
    scoring = word.tables[-1]
    for row in scoring.rows[1:]:
        for cell in row.cells[5:7]:
            cell.text = ""
    for paragraph in word.paragraphs:
        label, colon, _ = paragraph.text.partition("：")
        if label in COVER:
            paragraph.text = label + colon
        elif "。" in paragraph.text:
            paragraph.text = ""
    word.save(str(path))
    return path


@pytest.fixture
def softened(tmp_path: Path) -> Path:
    folder = tmp_path / "报送"
    folder.mkdir()
    for name in SOFTENED:
        shutil.copy(CASES / name / "input.docx", folder / f"{name}.docx")
    return folder


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    return [row for row in sheet.iter_rows(min_row=6, values_only=True) if any(row)]


def test_a_softened_form_is_two_findings_for_its_unit_and_the_stale_year_one_for_the_form(
    softened: Path, tmp_path: Path
) -> None:
    out = tmp_path / "结果"
    blank = write_blank_form(tmp_path / "空白表样.docx")
    run_district(Request(inputs=(softened,), out=out, jobs=1, template=blank), csv=False, say=None)
    with Store.open(out / "gouji.db", read_only=True) as store:
        outcomes = {o.source.name: o.findings for o in store.outcomes(store.latest_run() or 0)}
    told = {name: [(f.id, f.verdict, f.severity) for f in found if f.rule == "T5"] for name, found in outcomes.items()}
    assert told["softened_a.docx"] == [("304001-2021-T5", "pass", "explain")]
    assert told["softened_b.docx"] == [("304002-2021-T5", "pass", "explain")]
    assert told["softened_c.docx"] == [
        ("304003-2021-T5-财政供养人员控制率-标准", "review", "explain"),
        ("304003-2021-T5-资产管理安全性-分值", "review", "explain"),
    ]
    ledger = openpyxl.load_workbook(out / "审核问题.xlsx")
    told_once = [row[:7] for row in rows_of(ledger["表样问题"])]
    ((_, _, _, _, text, count, units),) = [row for row in told_once if row[1] == "X4"]
    assert count == 3
    assert {row[1] for row in told_once} <= {"X4", "S5-form", "S7", "S8", "A9", "S7-bands"}
    assert "2018年度" in text
    assert units.startswith("空白表样、")
    assert not any("-X4-" in str(row) for row in rows_of(ledger["审核问题"]))
    for name in SOFTENED:
        page = (out / "复核包" / f"{name}.docx.html").read_text(encoding="utf-8")
        mine = outcomes[f"{name}.docx"]
        assert "是表样本身的问题（" in page
        assert "X4" in page.partition("是表样本身的问题（")[2].partition("）")[0]
        for finding in mine:
            listed = f"<small>{finding.id}　告知" in page
            about_form = finding.audience == "template" and finding.verdict in ("fail", "review")
            assert listed == (finding.verdict in ("fail", "review", "undecided", "waived") and not about_form)


def test_what_one_units_form_alone_has_wrong_stays_on_its_page(softened: Path, tmp_path: Path) -> None:
    """A single report, no blank form: nobody can say that the form was issued so."""
    for name in SOFTENED[1:]:
        (softened / f"{name}.docx").unlink()
    run_district(Request(inputs=(softened,), out=tmp_path / "结果", jobs=1), csv=False, say=None)
    page = (tmp_path / "结果" / "复核包" / "softened_a.docx.html").read_text(encoding="utf-8")
    assert "2021-X4" in page
    assert "表样本身的问题" not in page


@pytest.mark.parametrize(("given", "blamed"), [(False, 3), (True, 1)])
def test_a_weight_that_the_form_prints_is_not_what_is_wrong(
    softened: Path, tmp_path: Path, given: bool, blamed: int
) -> None:
    """Σ 101: of 25 weights any may be one too many; with the blank form beside it the one that was changed is left."""
    blank = write_blank_form(tmp_path / "空白表样.docx") if given else None
    request = Request(inputs=(softened,), out=tmp_path / "结果", jobs=1, template=blank)
    run_district(request, csv=False, say=None)
    with Store.open(tmp_path / "结果" / "gouji.db", read_only=True) as store:
        findings = [f for o in store.outcomes(store.latest_run() or 0) for f in o.findings]
    (found,) = [finding for finding in findings if finding.id == "304003-2021-A7"]
    changed = [(repair.where, repair.old, repair.new) for cause in found.causes for repair in cause.repair]
    assert (found.verdict, len(changed)) == ("fail", blamed)
    if given:
        assert changed == [("t3r15c5", "5", "4")]


def test_a_form_says_nothing_of_another_years_report(tmp_path: Path) -> None:
    issued, findings = read_blank_form(write_blank_form(tmp_path / "空白表样.docx"))
    assert (issued.fiscal_year, issued.given, len(issued.rows)) == (2021, True, 25)
    assert [f.verdict for f in findings if f.rule == "X4"] == ["review"]
    baseline = Baseline(issued)
    this, last = wrap(filled(1, *PLAIN)), wrap(filled(1, *PLAIN, year=2020))
    assert baseline.add_to(Context(), this, 0).template is issued
    assert baseline.add_to(Context(), last, 0).template is None


def test_without_a_blank_form_three_reports_are_no_majority(softened: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    run_district(Request(inputs=(softened,), out=out, jobs=1), csv=False, say=None)
    with Store.open(out / "gouji.db", read_only=True) as store:
        rules = {f.rule for o in store.outcomes(store.latest_run() or 0) for f in o.findings}
    assert "T5" not in rules
    assert "D3" in rules


def test_a_form_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有找到表样文件"):
        read_blank_form(tmp_path / "没有.docx")
    letter = tmp_path / "通知.docx"
    shutil.copy(CASES / "not_a_report" / "input.docx", letter)
    with pytest.raises(UsageError, match="没有读出"):
        read_blank_form(letter)
    narrative = tmp_path / "文字.txt"
    source = next((CASES.parent / "families" / "narrative").glob("*法律援助*.txt"))
    shutil.copy(source, narrative)
    with pytest.raises(UsageError, match="没有读到评分表"):
        read_blank_form(narrative)


# --- what most submissions share --------------------------------------------------------------------------------------


def row(name: str, weight: str, criterion: str = "达到100%得满分。") -> Indicator:
    cells = {
        "criterion": CellText("value", criterion, f"t3-{name}c4"),
        "weight": CellText("value", weight, f"t3-{name}c5"),
    }
    return Indicator(
        "过程", "预算执行", name, None, None, criterion, Quantity(Decimal(weight)), 1, None, None, cells, place=name
    )


def filled(number: int, *rows: Indicator, year: int = 2021) -> Report:
    return report(str(100000 + number), f"第{number}事务中心", {}, indicators=rows, fiscal_year=year)


def templates(*reports: Report) -> list[Context]:
    """Each report's context after all were seen."""
    baseline = Baseline()
    outcomes = [wrap(item, path=f"{number}.docx") for number, item in enumerate(reports)]
    for outcome in outcomes:
        baseline.see(outcome)
    return [baseline.add_to(Context(), outcome, 0) for outcome in outcomes]


PLAIN = tuple(row(f"指标名{letter}", "20") for letter in "甲乙丙丁戊")


def test_four_in_five_of_five_units_are_a_baseline() -> None:
    changed = (row("指标名甲", "25"), *PLAIN[1:])
    contexts = templates(*(filled(n, *PLAIN) for n in range(4)), filled(4, *changed))
    template = contexts[4].template
    assert template is not None
    assert not template.given
    assert {(r.name, r.weight) for r in template.rows.values()} == {(f"指标名{c}", Decimal(20)) for c in "甲乙丙丁戊"}
    assert "5 份中至少 4 份" in template.origin


def test_fewer_units_or_versions_of_one_are_none() -> None:
    assert all(context.template is None for context in templates(*(filled(n, *PLAIN) for n in range(4))))
    assert all(context.template is None for context in templates(*(filled(1, *PLAIN) for _ in range(6))))


def test_a_row_left_out_stays_with_its_group_and_another_table_does_not() -> None:
    short = filled(5, *PLAIN[:4])
    other = filled(6, *(row(f"别的{letter}", "20") for letter in "甲乙丙丁戊"))
    contexts = templates(*(filled(n, *PLAIN) for n in range(5)), short, other)
    assert contexts[5].template is contexts[0].template is not None
    assert contexts[6].template is None


def test_another_years_form_is_another_group() -> None:
    contexts = templates(*(filled(n, *PLAIN) for n in range(5)), filled(7, *PLAIN, year=2020))
    assert contexts[0].template is not None
    assert contexts[5].template is None
