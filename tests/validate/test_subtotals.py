"""A8-sub: 小计 rows of a scoring table, from the file to the finding."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from gouji.model.finding import Finding
from gouji.patterns import load_patterns
from gouji.pipeline.document import Engine, examine

HEAD = ("一级指标", "二级指标", "三级指标", "分值", "评分标准", "自评得分", "扣分原因")
ROWS = [
    ("投入", "目标设定", "目标合理性", "10", "合理得满分", "10", ""),
    ("投入", "预算配置", "控制率", "10", "达标得满分", "9", "超编"),
    ("{first}", "", "", "20", "", "19", ""),
    ("过程", "预算执行", "完成率", "30", "完成得满分", "30", ""),
    ("过程", "预算管理", "制度健全性", "10", "健全得满分", "9.5", "缺办法"),
    ("过程", "小计", "", "{weight}", "", "{score}", ""),
    ("产出", "职责履行", "工作完成率", "40", "完成得满分", "{open}", "尚有未办结"),
    ("小计", "", "", "40", "", "38", ""),
    ("总分", "", "", "100", "", "96.5", ""),
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_patterns())


def read(engine: Engine, folder: Path, **cells: str) -> tuple[dict[str, str], list[Finding]]:
    """The subtotals as extracted and the findings of A8-sub for a table whose open cells are given."""
    given = {"first": "小计", "weight": "40", "score": "39.5", "open": "38"} | cells
    document = docx.Document()
    document.add_paragraph("2021年度部门整体支出绩效自评报告")
    document.add_paragraph("单位名称：示例县水务局")
    table = document.add_table(len(ROWS) + 1, len(HEAD))
    for row, texts in enumerate([HEAD, *ROWS]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text.format(**given)
    path = folder / "报告.docx"
    document.save(str(path))
    outcome = examine(path.read_bytes(), path.name, path.name, engine).outcome
    (report,) = outcome.reports
    told = {f"{s.label}/{s.level}/{s.after}": s.cells["score"].raw for s in report.subtotals}
    return told, [finding for finding in outcome.findings if finding.rule == "A8-sub"]


def test_subtotals_are_read_and_add_up(engine: Engine, tmp_path: Path) -> None:
    told, findings = read(engine, tmp_path)
    assert told == {"小计/level1/2": "19", "小计/level2/4": "39.5", "小计/level1/5": "38"}
    assert [finding.verdict for finding in findings] == ["pass"]


def test_a_subtotal_that_is_off_says_by_how_much_and_what_would_repair_it(engine: Engine, tmp_path: Path) -> None:
    _, findings = read(engine, tmp_path, score="37.5")
    (finding,) = findings
    assert (finding.verdict, str(finding.difference)) == ("fail", "2.0")
    assert "“完成率”至“制度健全性”" in finding.message
    assert finding.evidence[0].relation == "total"
    assert (finding.causes[0].repair[0].old, finding.causes[0].repair[0].new) == ("37.5", "39.5")


def test_a_weight_that_is_off(engine: Engine, tmp_path: Path) -> None:
    _, findings = read(engine, tmp_path, weight="50")
    assert [(f.verdict, str(f.difference)) for f in findings] == [("fail", "-10")]


def test_an_unknown_score_leaves_it_open(engine: Engine, tmp_path: Path) -> None:
    _, findings = read(engine, tmp_path, open="不适用")
    assert [finding.verdict for finding in findings] == ["undecided"]


def test_a_label_that_names_its_level(engine: Engine, tmp_path: Path) -> None:
    told, findings = read(engine, tmp_path, first="投入小计")
    assert "投入小计/level1/2" in told
    assert findings[0].verdict == "pass"
