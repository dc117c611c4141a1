"""One document through the line: read → locate → extract → validate.

    bytes ─→ Outcome(source, failure | reports + findings, notices)

Expected trouble ends in `Outcome.failure`, never in an exception, so that a bad file stops nothing else.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.extract import assemble_report
from gouji.locate import Located, locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Document, Notice
from gouji.model.errors import ReadError
from gouji.model.report import Report
from gouji.model.result import Failure, Outcome, Source
from gouji.model.trace import Step, Trace
from gouji.pipeline.classified import find_marking
from gouji.pipeline.veil import veil_outcome
from gouji.readers import read_document
from gouji.validate import validate_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.model.finding import Finding
    from gouji.patterns import Patterns


INFERRED = "R12"
GENERAL = "没有一种表式与这份报告相符，已按通用词汇读取：数据照样指到单元格，但不判断缺项。请核对结果，并请管理员补充表式（gouji patterns new）。"
SEVERAL = "不止一种表式与这份报告相符，已按《{taken}》读取（另有：{others}）；请核对。"


class Engine:
    """Loaded patterns with what is derived from them; one a process."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        self.vocabulary = Vocabulary(patterns)


class Examined(NamedTuple):
    """An outcome with its trace, and the document where it could be read."""

    outcome: Outcome
    trace: Trace
    document: Document | None


def examine(
    data: bytes, name: str, path: str, engine: Engine, year: int | None = None, passwords: Sequence[str] = ()
) -> Examined:
    """Run one file's bytes through the line. `year` is assumed where the report states none; `passwords` may open it."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        document = read_document(data, name, passwords)
    except ReadError as error:
        source = Source(name, path, digest, None, len(data))
        return Examined(Outcome(source, Failure(error.code, error.message)), Trace(), None)
    source = Source(name, path, digest, document.format, len(data), document.via)
    if find_marking(document) is not None:
        message = (
            "文件标有密级，按规定不予读取、不保存、不复制；请按保密要求另行报送，或去除密级标志后提交可公开的版本。"
        )
        return Examined(Outcome(source, Failure("classified", message)), Trace(), None)
    return _examine_document(document, source, engine, year)


def _examine_document(document: Document, source: Source, engine: Engine, year: int | None) -> Examined:
    located, trace = locate_reports(document, engine.vocabulary)
    known = [place for place in located if place.form is not None]
    if not known:
        return Examined(Outcome(source, _not_identified(located), document.notices), trace, document)
    reports: list[Report] = []
    findings: list[Finding] = []
    notices = list(document.notices)
    for place in known:
        report, steps = assemble_report(place.region, place.form, engine.patterns)
        notices.extend(_doubts(place))
        notices.extend(
            Notice(INFERRED, f"{step.what}；请核对。", step.where or None)
            for step in steps.steps
            if step.stage == "inferred"
        )
        report = _with_name(_with_year(report, year, notices), reports)
        rules = engine.patterns.rules.of_year(report.fiscal_year)
        found, checks = validate_report(report, rules, index=len(reports), source=source.path)
        reports.append(report)
        findings.extend(found)
        trace = trace + steps + checks
    outcome = veil_outcome(Outcome(source, None, tuple(notices), tuple(reports), tuple(findings)))
    return Examined(outcome, _reader_trace(document) + trace, document)


def _doubts(place: Located) -> list[Notice]:
    """What the recognition was not sure of: the form, and readings that fit equally well."""
    found: list[Notice] = []
    if place.form is not None and place.form.fallback:
        found.append(Notice("R10", GENERAL))
    if place.rivals and place.form is not None:
        found.append(Notice("R5", SEVERAL.format(taken=place.form.name, others="、".join(place.rivals))))
    parts = (place.region, *place.region.projects)
    return found + [
        Notice("R11", f"{doubt.text}；请核对原文。", doubt.where) for part in parts for doubt in part.doubts
    ]


def _with_year(report: Report, year: int | None, notices: list[Notice]) -> Report:
    if report.fiscal_year is not None or year is None:
        return report
    notices.append(Notice("R9", f"报告未写明年度，按 {year} 年处理；请核对。"))
    return msgspec.structs.replace(report, fiscal_year=year)


def _with_name(report: Report, earlier: list[Report]) -> Report:
    """The second of two years' reports in one file names its unit by the first's cover."""
    first = earlier[0] if earlier else None
    if report.unit_name is not None or first is None or None in (first.fiscal_year, report.fiscal_year):
        return report
    same = first.fiscal_year != report.fiscal_year and report.budget_code in (None, first.budget_code)
    if not same:
        return report
    facts = (
        msgspec.structs.replace(f, entity=first.unit_name) if f.main and f.entity is None else f for f in report.facts
    )
    return msgspec.structs.replace(report, unit_name=first.unit_name, facts=tuple(facts))


def _not_identified(located: list[Located]) -> Failure:
    seen = [place.evidence for place in located if place.evidence]
    why = f"只找到{'；'.join(seen)}，依据不足" if seen else "没有找到自评报告的封面、收支表或评分表"
    return Failure(
        "not_identified",
        f"未能识别为部门整体支出绩效自评报告：{why}。请确认是否放错文件；如确是自评报告，可用 gouji explain 查看原因，并请管理员补充表式。",
    )


def _reader_trace(document: Document) -> Trace:
    steps = [
        Step("read", "", f"格式 {document.format}；正文 {len(document.blocks)} 块；提示 {len(document.notices)} 条")
    ]
    steps += [Step("read", notice.where or "", f"{notice.code} {notice.message}") for notice in document.notices]
    return Trace(tuple(steps))


def file_name(path: str) -> str:
    """The last part of a path inside folders or archives."""
    return PurePath(path.replace("!/", "/")).name
