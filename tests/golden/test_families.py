"""Every family of reports against the truth of authors who had not seen the patterns or the engine.

No value may be wrong. What is not read yet is counted here, document by document: the count may only fall.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.families import FAMILIES, judge, load_truth, truths
from gouji.export.district import collect_district
from gouji.patterns import default_folder, load_patterns
from gouji.patterns.exports import load_exports
from gouji.pipeline.document import Engine, examine

ENGINE = Engine(load_patterns())
FOLDERS = (
    "national",
    "project",
    "bundle",
    "datatable",
    "sichuan",
    "threepublic",
    "accounts",
    "budget",
    "dumps",
    "narrative",
)
NOT_READ: dict[str, int] = {
    # text dump: 年度资金总额 with three amounts, each below three columns that the dump did not keep
    "project/芷汀县水库移民资金.txt": 3,
    # 年初预算为880.00万元 below a heading of 一般公共预算; a project of the government funds, without the word 项目支出
    "accounts/潮岬区渔港服务站2022年度部门决算说明.docx": 2,
    # 调整后预算412.00万元，全年执行399.64万元，执行率97.00%: stages in a sentence that names no figure
    "bundle/汐照区山洪预警中心2023年度自评报告及附表.txt": 3,
    # next year's whole budget, in a row of the targets
    "bundle/沅岚市社会治理服务中心2022年度绩效资料汇编.docx": 1,
    # 总得分93.5分，评价等级为优 in a sentence that does not say whose score it is
    "sichuan/岷榆市水文仪器检修站2019年度.docx": 2,
    # 支出预算560.00万元，基本支出341.50万元，项目支出218.50万元: parts that no 其中 leads
    "budget/弥岫县竹林防火站2024年部门预算.txt": 2,
    # 总计 over sources of money, 其中：政府采购 of a project list, 按支出性质分，基本支出…
    "budget/汀槐县水上救助站2025年部门预算.docx": 5,
}


@pytest.mark.parametrize(
    "path", [p for folder in FOLDERS for p in truths(folder)], ids=lambda p: f"{p.parent.name}-{p.name[:-14]}"
)
def test_facts_of_the_family(path: Path) -> None:
    truth = load_truth(path)
    source = path.parent / truth["file"]
    outcome = examine(source.read_bytes(), source.name, source.name, ENGINE).outcome
    assert outcome.failure is None, outcome.failure
    judged = judge(outcome, truth)
    assert judged.wrong == []
    assert len(judged.lacking) <= NOT_READ.get(f"{path.parent.name}/{truth['file']}", 0), judged.lacking


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_family_has_departments_enough_to_vary(folder: str) -> None:
    assert len(truths(folder)) >= 5
    assert (FAMILIES / folder).is_dir()


def test_a_school_that_files_alone_is_counted_once() -> None:
    """一中 in the bureau's rows and 第一中学 in a report of its own are the same money."""
    exports = load_exports(default_folder(), ENGINE.patterns.concepts)
    cases = FAMILIES.parent / "cases"
    outcomes = [
        examine((cases / name / "input.docx").read_bytes(), f"{name}.docx", f"{name}.docx", ENGINE).outcome
        for name in ("offsets", "offsets_school")
    ]
    district = collect_district(outcomes, exports.layouts["summary"], exports.labels)
    assert [department.name for department in district.departments] == ["云溯区教育体育局"]
    assert [reason for _, reason in district.left_out] == ["数据已包含在 云溯区教育体育局 的报告中，不重复汇总"]


def test_what_findings_rest_on_has_a_word() -> None:
    relations = load_exports(default_folder(), ENGINE.patterns.concepts).labels.relations
    for path in sorted(FAMILIES.rglob("*.docx")):
        outcome = examine(path.read_bytes(), path.name, path.name, ENGINE).outcome
        assert {piece.relation for finding in outcome.findings for piece in finding.evidence} <= relations.keys()


def test_projects_keep_their_indicators() -> None:
    path = FAMILIES / "project" / "霁川市畜禽粪污处理站两个项目.txt"
    (report,) = examine(path.read_bytes(), path.name, path.name, ENGINE).outcome.reports
    assert [(project.name, len(project.indicators)) for project in report.projects] == [
        ("粪污收储点建设", 4),
        ("有机肥还田补助", 3),
    ]
    assert report.indicators == ()
