"""Outcomes as plain lines for a terminal: facts, findings, traces, rules. What a clerk reads without opening a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gouji.model.errors import PatternError, UsageError
from gouji.patterns import default_folder, load_patterns
from gouji.pipeline.causes import cause_lines
from gouji.pipeline.examples import check_examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Finding
    from gouji.model.report import Fact, Report
    from gouji.model.result import Outcome
    from gouji.patterns.rules import Rule
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
SEVERITY_NAMES = {"hard": "必改", "explain": "需说明", "note": "提示"}


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


def list_findings(outcome: Outcome, *, every: bool = False) -> str:
    """One file's findings, the ones a department must act on first."""
    return "\n".join(_finding_lines(outcome, every=every))


def _finding_lines(outcome: Outcome, *, every: bool) -> Iterator[str]:
    yield f"■ {outcome.source.path}"
    if outcome.failure is not None:
        yield f"  × {outcome.failure.message}"
        return
    order = {"hard": 0, "explain": 1, "note": 2}
    shown = [f for f in outcome.findings if every or f.verdict not in ("pass", "not_applicable")]
    for finding in sorted(shown, key=lambda f: (order[f.severity], f.verdict == "undecided")):
        yield from _one_finding(finding)
    if not shown:
        yield "  √ 未发现需要处理的问题。"


def _one_finding(finding: Finding) -> Iterator[str]:
    yield f"  [{SEVERITY_NAMES[finding.severity]}·{VERDICT_NAMES[finding.verdict]}] {finding.rule} {finding.title}"
    yield f"      {finding.message}"
    yield from cause_lines(finding)
    if finding.basis is not None:
        pending = "" if finding.basis.verified else "（依据待核）"
        yield f"      依据：{finding.basis.document} {finding.basis.clause or ''}{pending}"


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


def list_rules(folder: str | None, rule_id: str | None) -> str:
    """All rules, one line each, or one rule in full."""
    rules = load_patterns(Path(folder) if folder else None).rules.rules
    if rule_id is None:
        return "\n".join(f"{rule.id:8} {SEVERITY_NAMES[rule.severity]}  {rule.name}" for rule in rules)
    found = [rule for rule in rules if rule.id == rule_id]
    if not found:
        raise UsageError(f"没有编号为 {rule_id} 的规则。请用 gouji rules show 查看全部规则。")
    return "\n".join(_rule_lines(found[0]))


def _rule_lines(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}（第 {rule.version} 版） {rule.name}"
    yield f"  级别：{SEVERITY_NAMES[rule.severity]}"
    if rule.source:
        yield f"  公式：{rule.source}"
    if rule.basis is not None:
        pending = "" if rule.basis.verified else "（依据待核）"
        yield f"  依据：{rule.basis.document} {rule.basis.clause or ''}{pending}"


def check_patterns(folder: str | None) -> str:
    """Load a pattern folder; broken ones raise PatternError with every `file:line: what`."""
    path = Path(folder) if folder else default_folder()
    if not path.is_dir():
        raise UsageError(f"没有找到表式文件夹：{path.name}")
    patterns = load_patterns(path)
    problems = check_examples(patterns)
    if problems:
        raise PatternError(problems)
    counts = f"{len(patterns.concepts)} 个指标要素，{len(patterns.forms)} 种表式，{len(patterns.rules.rules)} 条规则"
    return f"√ 表式文件夹无误：{counts}，例子全部通过。"
