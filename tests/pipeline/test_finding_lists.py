"""The two lists of `gouji check`: what goes to the department, and the working paper."""

from __future__ import annotations

from typing import Any

import msgspec

from gouji.model.finding import Cause, Evidence, Finding, Repair
from gouji.model.result import Outcome
from gouji.patterns import load_patterns
from gouji.pipeline.finding_lists import department_list, list_findings, working_paper
from outcomes import failed, finding, report, wrap

LABELS = load_patterns().exports.labels


def at(where: str, of_report: int = 0) -> tuple[Evidence, ...]:
    return (Evidence(where, "《收入情况》表 · 合计 列", "income.total", "1", "1", "total", "", of_report),)


def told(rule: str, where: str = "", **more: Any) -> Finding:
    made = finding("1", rule)
    return msgspec.structs.replace(made, evidence=at(where) if where else (), **more)


FINDINGS = (
    told("C2", "t1r1c1", verdict="review", severity="note"),
    told("C1", "p3", severity="explain"),
    told("A8", "t3r28c6"),
    told("C6", severity="explain"),
    told("A3", "t1r10c4", severity="explain"),
    told("A1", "t1r9c4"),
    told("P1", "t1r2c1", severity="note", audience="bureau"),
    told("X4", "t3r2c1", severity="note", audience="template"),
    told("A4", "t1r2c1", verdict="undecided"),
    told("A2", "t1r2c1", verdict="waived"),
    told("A5", "t1r2c1", verdict="pass"),
)


def outcome(*findings: Finding) -> Outcome:
    return wrap(report("1", "某局", {"income.total": "1.00"}), findings=findings or FINDINGS)


def test_the_department_is_told_in_form_order_notes_last() -> None:
    assert [f.rule for f in department_list(outcome())] == ["A1", "A3", "A8", "C1", "C6", "C2"]


def test_the_working_paper_holds_everything_that_is_not_quiet_but_what_the_form_has_wrong() -> None:
    assert [f.rule for f in working_paper(outcome())] == ["A8", "A1", "C1", "C6", "A3", "P1", "C2", "A4", "A2"]
    assert len(working_paper(outcome(), every=True)) == len(FINDINGS) - 1


def test_no_repair_leaves_with_the_first_list() -> None:
    cause = Cause("digit", (Repair("t1r9c4", "871.05", "817.05"),), 1, certain=True)
    text = list_findings(outcome(told("A1", "t1r9c4", causes=(cause,))), LABELS)
    first, _, second = text.partition("二、工作底稿")
    assert "817.05" not in first
    assert "871.05 → 817.05" in second
    assert "唯一可能" in second


def test_each_line_of_the_department_is_one_line() -> None:
    lines = list_findings(outcome(), LABELS).splitlines()
    start, end = (next(n for n, line in enumerate(lines) if word in line) for word in ("一、", "二、"))
    assert lines[start].strip() == "一、需由单位更正或说明（5 项）"
    assert end - start - 1 == 6
    assert [line.strip()[:2] for line in lines[start + 1 : end]] == ["1.", "2.", "3.", "4.", "5.", "6."]


def test_every_verdict_is_counted_in_words() -> None:
    line = list_findings(outcome(), LABELS).splitlines()[1]
    assert line.strip() == "通过 1、不符 7、需核实 1、无法判断 1、已豁免 1"


def test_a_clean_report_and_an_unread_file_say_so() -> None:
    assert "√ 未发现需要处理的问题。" in list_findings(outcome(told("A1", verdict="pass")), LABELS)
    assert "×" in list_findings(failed("坏.docx", "corrupt", "文件已损坏。"), LABELS)


def test_without_a_rule_nothing_is_called_right() -> None:
    unchecked = wrap(report("1", "某局", {"income.total": "1.00"}))
    assert "没有核对：没有适用的规则" in list_findings(unchecked, LABELS)
    assert "√" not in list_findings(unchecked, LABELS)
    part = msgspec.structs.replace(unchecked, submission=("a.docx", "b.xlsx"))
    assert "没有核对" not in list_findings(part, LABELS)
