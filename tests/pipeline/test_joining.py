"""A submission in several files: one row, one judgement, every finding in the file of its cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from gouji.cli import cli
from gouji.model.finding import Finding
from gouji.pipeline.joining import find_where, move_where
from gouji.store import Store

UNIT = "示例县水务局"
SECTIONS = [
    ("一、部门基本情况", f"{UNIT}编制20人，实有18人，负责水资源管理。"),
    (
        "二、资金使用情况",
        "2021年度支出合计871.05万元，其中基本支出671.05万元，项目支出200.00万元，三公经费支出{told}万元。",
    ),
    ("三、存在的问题", "预算编制不够精细。"),
    ("四、改进措施", "加强预算管理。"),
]
FIGURES = [
    ("支出合计", "基本支出", "人员支出", "公用支出", "项目支出", "三公经费合计"),
    ("871.05", "671.05", "403.03", "268.02", "{project}", "7.72"),
]
SCORES = [
    ("一级指标", "二级指标", "三级指标", "分值", "评分标准", "自评得分", "扣分原因"),
    ("投入", "目标设定", "绩效目标合理性", "10", "符合得满分，否则酌情扣分", "10", ""),
    ("过程", "预算执行", "预算完成率", "40", "100%得满分，每低于1个百分点扣1分", "40", ""),
    ("产出", "职责履行", "重点工作完成率", "30", "完成得满分", "30", ""),
    ("效果", "履职效益", "社会公众满意度", "20", "95%以上得满分", "{score}", "群众有意见"),
    ("总分", "", "", "100", "", "98", ""),
]  # fmt: skip


def write(path: Path, titles: list[str], rows: Sequence[tuple[str, ...]] = (), **cells: str) -> None:
    """A Word file with its titles and one table."""
    given_cells = {"project": "200.00", "score": "18", "told": "7.72"} | cells
    document = docx.Document()
    for title in titles:
        document.add_paragraph(title.format(**given_cells))
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for r, texts in enumerate(rows):
            for c, text in enumerate(texts):
                table.cell(r, c).text = text.format(**given_cells)
    document.add_paragraph("")
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))


def narrative() -> list[str]:
    return [f"{UNIT}2021年度部门整体支出绩效自评报告", *(line for section in SECTIONS for line in section)]


def write_three(folder: Path, **cells: str) -> None:
    """The submission of one unit, sent apart."""
    write(folder / "自评报告.docx", narrative(), (), **cells)
    head = [f"填报单位：{UNIT}　　2021年度　　单位：万元"]
    write(folder / "附件1.docx", ["附件1：部门整体支出绩效评价基础数据表", *head], FIGURES, **cells)
    write(folder / "附件2.docx", ["附件2：部门整体支出绩效评价指标评分表", *head], SCORES, **cells)


def run(folder: Path, out: Path) -> list[Finding]:
    """Run a folder; the findings with the file that each is at home in."""
    done = CliRunner().invoke(cli, ["run", str(folder), "-o", str(out)])
    assert done.exit_code in (0, 1), done.output
    with Store.open(out / "gouji.db", read_only=True) as store:
        latest = store.latest_run()
        assert latest is not None
        return [finding for outcome in store.outcomes(latest) for finding in outcome.findings]


def row_of_unit(out: Path) -> Sequence[object]:
    book = openpyxl.load_workbook(out / "汇总表.xlsx")
    rows = book.worksheets[0].iter_rows(values_only=True)
    (row,) = [[cell for cell in row if cell is not None] for row in rows if UNIT in row]
    return row


def test_one_row_with_the_figures_of_all_files(tmp_path: Path) -> None:
    write_three(tmp_path / "in")
    findings = run(tmp_path / "in", tmp_path / "out")
    row = row_of_unit(tmp_path / "out")
    assert row[2:11] == [20, 18, 871.05, 671.05, 403.03, 268.02, 200, 7.72, 98]
    assert str(row[-1]).startswith("由 3 个文件合为一份：自评报告.docx")
    assert not [f.rule for f in findings if f.verdict == "fail"]
    assert len({finding.id for finding in findings}) == len(findings)


def test_figures_are_compared_across_the_files(tmp_path: Path) -> None:
    """The narrative says 8.72, the table 7.72; the scores do not make their total; project expenditure is off."""
    write_three(tmp_path / "in", told="8.72", score="17", project="210.00")
    failing = {f.rule: f for f in run(tmp_path / "in", tmp_path / "out") if f.verdict == "fail"}
    assert {"A2", "A8", "X1"} <= failing.keys()
    files = {rule: [piece.source for piece in finding.evidence] for rule, finding in failing.items()}
    assert set(files["A2"]) == {"附件1.docx"}
    assert set(files["A8"]) == {"附件2.docx"}
    assert set(files["X1"]) == {"自评报告.docx", "附件1.docx"}
    assert all(piece.where.startswith(("t1r", "p")) for finding in failing.values() for piece in finding.evidence)
    marked = docx.Document(str(tmp_path / "out" / "批注" / "附件2.docx"))
    assert any("总分" in comment.text for comment in marked.comments)


def test_a_file_that_names_no_unit_is_judged_with_its_folder(tmp_path: Path) -> None:
    """Its figures are compared with the narrative, and the department is told of it."""
    folder = tmp_path / "in" / "水务"
    write(folder / "自评报告.docx", narrative(), (), told="8.72")
    write(folder / "附件1.docx", ["附件1：基础数据表", "单位：万元"], FIGURES)
    write(folder / "附件2.docx", ["附件2：评分表"], SCORES)
    failing = [finding for finding in run(tmp_path / "in", tmp_path / "out") if finding.verdict == "fail"]
    assert [finding.rule for finding in failing] == ["X1"]
    assert {"没有写单位名称" in str(cell) for cell in row_of_unit(tmp_path / "out")} == {True, False}
    marked = docx.Document(str(tmp_path / "out" / "批注" / "水务" / "自评报告.docx"))
    assert any("三公经费" in comment.text for comment in marked.comments)


def test_a_part_sent_again_replaces_that_part_alone(tmp_path: Path) -> None:
    write_three(tmp_path / "in", score="17")
    head = [f"填报单位：{UNIT}　　2021年度", "2022年3月9日"]
    write(tmp_path / "in" / "附件2（更正）.docx", ["附件2：部门整体支出绩效评价指标评分表", *head], SCORES)
    findings = run(tmp_path / "in", tmp_path / "out")
    assert not [f.id for f in findings if f.verdict == "fail" and "附件2.docx" not in {e.source for e in f.evidence}]
    remark = str(row_of_unit(tmp_path / "out")[-1])
    assert "附件2（更正）.docx" in remark
    assert "另有 1 份未汇入" in remark or "附件2.docx" not in remark


def test_a_fragment_takes_no_whole_reports_place(tmp_path: Path) -> None:
    write(tmp_path / "in" / "全份.docx", narrative(), SCORES)
    head = [f"填报单位：{UNIT}　　2021年度", "2022年3月9日"]
    write(tmp_path / "in" / "更正页.docx", ["部门整体支出绩效评价指标评分表", *head], [SCORES[0], SCORES[4]])
    run(tmp_path / "in", tmp_path / "out")
    row = row_of_unit(tmp_path / "out")
    assert {20, 18, 98} <= set(row)
    assert "只有部分内容的文件 1 份" in str(row[-1])


@pytest.mark.parametrize("where", ["t1r2c3", "p5_14_16", "ht2r1c1", "t1r2c3_t1r1c1_p2", "fp3", "nt4r1c1_p1_2_3"])
@given(number=st.integers(0, 40))
def test_evidence_ids_come_home(where: str, number: int) -> None:
    assert find_where(move_where(where, number)) == (number, where)
