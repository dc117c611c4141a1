"""Flat files for other programs: 数据项.csv, 审核问题.csv, 指标得分.csv in UTF-8 with a mark, so that Excel reads them too.

    outcomes ─write_csv→ folder/数据项.csv   one line a fact, every state, printed text beside the value
                         folder/审核问题.csv one line a finding
                         folder/指标得分.csv one line a scoring row

A text that a spreadsheet would run as a formula gets ' before it; numbers, negative ones too, stay numbers.
"""

from __future__ import annotations

import csv
from contextlib import ExitStack
from typing import TYPE_CHECKING

from gouji.export.atomic import Put, Written, put_in_place, scratch_folder
from gouji.export.plain import clean_text, is_formula_like
from gouji.export.records import QUIET_VERDICTS, fact_record, plain_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact, Report
    from gouji.model.result import Outcome

Line = list[str]
_REPORT = ["文件", "报告序号", "预算编码", "单位", "年度", "报告日期"]
_FACT = [
    *("项目", "要素", "标签", "多级表头", "机构", "本单位", "所属年度", "阶段", "口径", "状态"),
    *("数值", "计量单位", "小数位", "下限", "上限", "原文", "来源", "位置", "证据号", "页"),
]
_FINDING = [
    *("文件", "问题编号", "规则", "规则版本", "名称", "判定", "级别", "告知对象", "单位", "年度", "机构"),
    *("算式", "差额", "容差", "问题描述", "依据", "依据已核", "位置"),
]
_INDICATOR = [
    *("类型", "一级指标", "二级指标", "三级指标", "评分标准", "分值", "分值共用行数"),
    *("自评得分", "得分状态", "扣分原因", "位置", "证据号"),
]


def write_csv(folder: Path, outcomes: Iterable[Outcome], put: Put = put_in_place) -> list[Written]:
    """Write the three files in one pass over the outcomes; raises UsageError where the folder cannot be written."""
    heads = {"数据项.csv": _REPORT + _FACT, "审核问题.csv": _FINDING, "指标得分.csv": _REPORT + _INDICATOR}
    with scratch_folder(folder / "数据项.csv") as scratch:
        with ExitStack() as stack:
            writers = []
            for name, head in heads.items():
                file = stack.enter_context((scratch / name).open("w", encoding="utf-8-sig", newline=""))
                writers.append(csv.writer(file))
                writers[-1].writerow(head)
            for outcome in outcomes:
                for writer, lines in zip(writers, (_fact_lines, _finding_lines, _indicator_lines), strict=True):
                    writer.writerows([make_harmless(cell) for cell in line] for line in lines(outcome))
        return [put(scratch / name, folder / name) for name in heads]


def make_harmless(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula."""
    risky = is_formula_like(text)
    text = clean_text(text)
    return f"'{text}" if risky or is_formula_like(text) else text


def _report_cells(report: Report, ordinal: int, path: str) -> Line:
    year = "" if report.fiscal_year is None else str(report.fiscal_year)
    return [path, str(ordinal), report.budget_code or "", report.unit_name or "", year, report.report_date or ""]


def _fact_lines(outcome: Outcome) -> Iterator[Line]:
    for ordinal, report in enumerate(outcome.reports):
        head = _report_cells(report, ordinal, outcome.source.path)
        yield from (head + _fact_cells(fact, "") for fact in report.facts)
        for project in report.projects:
            yield from (head + _fact_cells(fact, project.name) for fact in project.facts)


def _fact_cells(fact: Fact, project: str) -> Line:
    record = fact_record(fact)
    shown = (record[name] for name in ("value", "unit", "decimals", "low", "high", "raw", "origin"))
    return [
        project,
        fact.concept,
        fact.label or "",
        " / ".join(fact.header_path),
        fact.entity or "",
        "是" if fact.main else "否",
        "" if fact.period is None else str(fact.period),
        fact.stage,
        fact.scope or "",
        fact.state,
        *("" if value is None else str(value) for value in shown),
        fact.place,
        fact.where or "",
        "" if fact.box is None else str(fact.box.page),
    ]


def _finding_lines(outcome: Outcome) -> Iterator[Line]:
    for finding in outcome.findings:
        if finding.verdict in QUIET_VERDICTS:
            continue
        basis = finding.basis
        yield [
            outcome.source.path,
            finding.id,
            finding.rule,
            finding.rule_version,
            finding.title,
            finding.verdict,
            finding.severity,
            finding.audience,
            finding.unit_name or "",
            "" if finding.fiscal_year is None else str(finding.fiscal_year),
            finding.entity or "",
            finding.expression or "",
            plain_decimal(finding.difference) or "",
            plain_decimal(finding.tolerance) or "",
            finding.message,
            " ".join(filter(None, (basis.document, basis.clause))) if basis else "",
            ("是" if basis.verified else "否") if basis else "",
            "；".join(dict.fromkeys(piece.place for piece in finding.evidence)),
        ]


def _indicator_lines(outcome: Outcome) -> Iterator[Line]:
    for ordinal, report in enumerate(outcome.reports):
        head = _report_cells(report, ordinal, outcome.source.path)
        for row in report.indicators:
            score = row.cells.get("score")
            yield [
                *head,
                row.kind,
                row.level1 or "",
                row.level2 or "",
                row.level3 or "",
                row.criterion or "",
                _number(row.weight),
                str(row.weight_shared_by),
                _number(row.score),
                score.state if score else "",
                row.reason or "",
                row.place,
                row.where or "",
            ]


def _number(quantity: Quantity | None) -> str:
    return "" if quantity is None else plain_decimal(quantity.value) or ""
