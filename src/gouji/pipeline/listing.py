"""Outcomes as plain lines for a terminal: facts, traces, pattern folders. What a clerk reads without opening a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gouji.model.errors import PatternError, UsageError
from gouji.patterns import default_folder, load_patterns
from gouji.pipeline.examples import check_examples, check_rule_sets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import Fact, Report
    from gouji.model.result import Outcome
    from gouji.pipeline.document import Examined

STATE_NAMES = {
    "value": "",
    "zero": "",
    "blank": "空白",
    "none": "填为无",
    "missing": "未提供",
    "unreadable": "无法辨认",
    "withheld": "涉密不公开",
}
VERDICT_NAMES = {
    "pass": "通过",
    "fail": "不符",
    "review": "需核实",
    "undecided": "无法判断",
    "not_applicable": "不适用",
    "waived": "已豁免",
}


def list_facts(outcome: Outcome) -> str:
    """One file's reports: the cover, then one line a fact."""
    return "\n".join(_fact_lines(outcome))


def _fact_lines(outcome: Outcome) -> Iterator[str]:
    yield f"■ {outcome.source.path}"
    if outcome.failure is not None:
        yield f"  × {outcome.failure.message}"
    for notice in outcome.notices:
        yield f"  · {notice.message}"
    for report in outcome.reports:
        yield from _report_lines(report)


def _report_lines(report: Report) -> Iterator[str]:
    yield f"  {report.unit_name or '（未写单位名称）'}  {report.budget_code or '（无预算编码）'}  {report.fiscal_year or '（未写年度）'} 年度"
    for fact in report.facts:
        if fact.state != "missing":
            yield f"    {fact.place}：{_shown(fact)}"
    for item in report.indicators:
        score = item.cells["score"].raw or "空白"
        yield f"    评分 {item.level3 or item.level2 or item.level1}：{score}/{item.weight.value if item.weight else '—'}"
    for left in report.unclaimed:
        yield f"    未取用：{left.raw}（{left.context}）"


def _shown(fact: Fact) -> str:
    note = STATE_NAMES[fact.state]
    unit = fact.unit or ""
    text = fact.raw.replace("\n", " ")
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    printed = shown if not unit or shown.endswith(unit) else f"{shown} {unit}"
    return f"{printed}（{note}）" if note and printed else printed or f"（{note}）"


def list_trace(examined: Examined, evidence: str | None) -> str:
    """Every step, or only those that concern one evidence id, and the facts and findings that rest on it."""
    lines = [f"■ {examined.outcome.source.path}"]
    if examined.outcome.failure is not None:
        lines.append(f"  × {examined.outcome.failure.message}")
    steps = [step for step in examined.trace.steps if evidence is None or step.where == evidence]
    lines += [f"  [{step.stage}] {step.where or '—'}：{step.what}" for step in steps]
    if evidence is not None:
        lines += _about(examined, evidence)
    return "\n".join(lines)


def _about(examined: Examined, evidence: str) -> list[str]:
    facts = [f for report in examined.outcome.reports for f in report.facts if f.where == evidence]
    lines = [
        f"  取为 {fact.concept}：{_shown(fact)}；表头 {' → '.join(fact.header_path)}；{fact.place}；依 {fact.pattern}"
        for fact in facts
    ]
    lines += [
        f"  用于 {finding.rule} {finding.title}（{VERDICT_NAMES[finding.verdict]}）：{finding.expression or ''}"
        for finding in examined.outcome.findings
        if any(piece.where == evidence for piece in finding.evidence)
    ]
    return lines or [f"  没有任何步骤用到 {evidence}。"]


def check_patterns(folder: str | None) -> str:
    """Load a pattern folder with every rule set; broken ones raise PatternError with every `file:line: what`."""
    path = Path(folder) if folder else default_folder()
    if not path.is_dir():
        raise UsageError(f"没有找到表式文件夹：{path.name}")
    patterns = load_patterns(path)
    others = [name for name in patterns.rules.sets if name != patterns.rules.name]
    problems = list(dict.fromkeys(check_examples(patterns) + check_rule_sets(path, others)))
    if problems:
        raise PatternError(problems)
    sets = f"（另有规则集 {'、'.join(others)}）" if others else ""
    counts = (
        f"{len(patterns.concepts)} 个指标要素，{len(patterns.forms)} 种表式，{len(patterns.rules.rules)} 条规则{sets}"
    )
    return f"√ 表式文件夹无误：{counts}，例子全部通过。"
