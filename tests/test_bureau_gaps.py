"""What a year also brings, through the public commands: a scan, a subordinate unit, a lowered target, finance's tables."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner

from gouji.cli import cli
from pipeline.years import FIXTURES, write_report
from readers.pdf.pages import Page, pdf

FIRST = 6


def gouji(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)
    assert done.exception is None, done.exc_info
    assert done.return_value == code, done.output
    return done.output


def run(inbox: Path, out: Path, *words: object, code: int = 0) -> str:
    return gouji("run", inbox, "-o", out, "--jobs", 1, "--quiet", *words, code=code)


def rows(out: Path, name: str, key: str, book: str = "汇总表") -> dict[str, dict[str, Any]]:
    """The data rows of a sheet by one column; a value that stands twice is an error."""
    sheet = openpyxl.load_workbook(out / f"{book}.xlsx", data_only=True)[name]
    head = {str(c.value): c.column for row in sheet.iter_rows(min_row=3, max_row=5) for c in row if c.value}
    found = [{n: sheet.cell(r, c).value for n, c in head.items()} for r in range(FIRST, sheet.max_row + 1)]
    named = [row for row in found if row[key]]
    assert len({row[key] for row in named}) == len(named)
    return {str(row[key]): row for row in named}


def scanned() -> bytes:
    page = Page()
    page.image(20, 20, 575, 822)
    return pdf(page, page)


def test_a_scan_beside_the_readable_report_is_received_and_counted_once(tmp_path: Path) -> None:
    inbox, out, roster = tmp_path / "报送", tmp_path / "结果", tmp_path / "名册.csv"
    write_report(inbox, "119001", name="119001-云溯区统计局.txt")
    (inbox / "云溯区统计局（盖章扫描件）.pdf").write_bytes(scanned())
    (inbox / "云溯区民政局自评报告.pdf").write_bytes(scanned())
    text = "单位名称,预算编码,归口股室\n云溯区统计局,119001,甲股\n云溯区民政局,104001,乙股\n"
    roster.write_text(text, encoding="utf-8")
    told = run(inbox, out, "--roster", roster, code=3)
    states = {name: row["状态"] for name, row in rows(out, "报送登记", "单位").items()}
    assert "1 个扫描件，已按文件名登记为该单位收到" in told
    assert states == {"云溯区统计局": "已报", "云溯区民政局": "未读出"}
    assert rows(out, "汇总表", "预算编码").keys() == {"119001"}


def test_a_unit_under_a_department_is_not_counted_twice(tmp_path: Path) -> None:
    inbox, out = tmp_path / "报送", tmp_path / "结果"
    inbox.mkdir()
    for case in ("offsets", "offsets_school"):
        shutil.copy(FIXTURES / "cases" / case / "input.docx", inbox / f"{case}.docx")
    told = run(inbox, out)
    assert "另有 1 份报告未汇入" in told
    assert [name for name in rows(out, "汇总表", "单位") if name.startswith("云溯区")] == ["云溯区教育体育局"]
    assert "数据已包含在 云溯区教育体育局" in " ".join(
        str(cell) for row in openpyxl.load_workbook(out / "汇总表.xlsx")["口径说明"].values for cell in row
    )


def test_a_target_that_was_lowered_is_told_to_the_auditor(tmp_path: Path) -> None:
    out = tmp_path / "结果"
    write_report(tmp_path / "上年", "119001", 2020, {"合格率达到94%": "合格率达到98%"})
    run(tmp_path / "上年", out)
    write_report(tmp_path / "报送", "119001")
    run(tmp_path / "报送", out)
    found = rows(out, "审核问题", "问题编号", "审核问题")
    lowered = [row for number, row in found.items() if number.startswith("119001-2021-Y6")]
    assert len(lowered) == 1
    assert all(word in lowered[0]["问题描述"] for word in ("94%", "98%"))


def import_table(folder: Path, out: Path, text: str) -> dict[str, dict[str, Any]]:
    """Import a table, run again, and list the findings."""
    file = folder / "财政数据.csv"
    file.write_text(text, encoding="utf-8")
    assert "已导入" in gouji("reference", "import", file, "--store", out / "gouji.db", "--yes")
    run(folder / "报送", out)
    return rows(out, "审核问题", "问题编号", "审核问题")


def test_the_staff_that_was_authorised_reaches_the_findings(tmp_path: Path) -> None:
    out = tmp_path / "结果"
    write_report(tmp_path / "报送", "119001")
    run(tmp_path / "报送", out)
    own = rows(out, "汇总表", "预算编码")["119001"]["编制"]
    head = "2021年人员编制\n预算编码,单位名称,人员编制\n119001,云溯区统计局,"
    found = import_table(tmp_path, out, f"{head}{own - 2}\n")
    assert "相差 2" in found["119001-2021-F1-staff-staffing.authorized"]["问题描述"]
    found = import_table(tmp_path, out, f"{head}{own}\n")
    assert found["119001-2021-F1-staff-staffing.authorized"]["判定"] == "已消除"


def test_the_budget_that_was_approved_reaches_the_findings(tmp_path: Path) -> None:
    """The sentence tells by how much, never what finance holds."""
    out = tmp_path / "结果"
    (tmp_path / "报送").mkdir()
    name = "云溯区市场监督管理局（整体）.docx"
    shutil.copy(FIXTURES / "families" / "national" / name, tmp_path / "报送")
    run(tmp_path / "报送", out)
    head = "2022年度部门预算批复（万元）\n预算编码,单位名称,批复预算数,基本支出\n306014,云溯区市场监督管理局,"
    found = import_table(tmp_path, out, f"{head}1800.00,1205.00\n")
    wrong = [row for number, row in found.items() if number.startswith("306014-2022-F1-budget")]
    assert len(wrong) == 1
    assert "相差 10.00 万元" in wrong[0]["问题描述"].replace("10.00万元", "10.00 万元")
    assert "1800" not in wrong[0]["问题描述"]
