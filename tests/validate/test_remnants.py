"""T1, T3, T4: what a form leaves behind, and the honest text that only looks like it."""

from __future__ import annotations

import pytest

from gouji.model.finding import Finding
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example
from gouji.text.private import hide_private
from gouji.validate import validate_report
from gouji.validate.examples import build_report
from gouji.validate.remnants import unpaired_in

RULES = load_patterns().rules


def told(text: str, rule: str) -> Finding:
    """The finding of one rule on a narrative of one sentence."""
    findings, _ = validate_report(build_report(Example("pass", {}, text=text)), RULES)
    (found,) = [finding for finding in findings if finding.rule == rule]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "主管全区绿化。（100字以内）",
        "（此处填写主要职能）主管全区绿化。",
        "无因公出国费用的，仍保留该表格式。",
        "请据实填写本年度的主要工作。",
        "示例：全年修整绿道12公里。",
    ],
)
def test_an_instruction_left_in_is_told_of_the_form(text: str) -> None:
    found = told(text, "T1")
    assert (found.verdict, found.severity, found.audience) == ("review", "note", "template")


@pytest.mark.parametrize(
    "text",
    [
        "组织申请人填写登记表120份。",
        "起草请示12份，填报系统按月更新。",
        "编发简报（全年24期，每期2000字）。",
        "示例村建设3个。",
    ],
)
def test_words_of_the_work_are_no_instruction(text: str) -> None:
    assert told(text, "T1").verdict == "pass"


@pytest.mark.parametrize(
    "text",
    [
        "XX局主管全区绿化。",
        "××单位完成了年度任务。",
        "20XX年共支出871.05万元。",
        "三公经费占____%。",
        "比上年下降（增长）3.12万元。",
        "依据【】文件执行。",
        "三公经费支出   万元。",
        "（或与预算数持平）",
        "（单位名称）主管全区绿化。",
    ],
)
def test_a_placeholder_is_told(text: str) -> None:
    found = told(text, "T3")
    assert found.verdict == "review"
    assert [piece.relation for piece in found.evidence] == ["leftover"]


@pytest.mark.parametrize(
    "text",
    [
        "购置XX-200型洒水车一台。",
        "铺设2×3米盖板40块，网址 xxgk.example 已启用。",
        "支出合计871.05   万元。",
        "负责人签字：____",
        "比上年减少（见附表）3.12万元。",
        "依据【2021】12号文件执行。",
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert told(text, "T3").verdict == "pass"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("支出871.05万元（其中：人员支出603.03万元，公用268.02万元。", ["支出871.05万元（其中：人员支出603"]),
        ("召开《预算管理办法宣讲会。", ["召开《预算管理办法宣讲会。"]),
        ("控制“三公经费。", ["控制“三公经费。"]),
        ("采购）两批。", ["采购）两批。"]),
        ("支出（含“三公”经费）871.05万元;办法〔2021]12号.", []),
        ("任务：1）巡查；2）养护；a）登记。", []),
        ("二）加强管理\n（一)严控支出", []),
        ("说明（第一段\n第二段）。", []),
    ],
)
def test_brackets_that_have_lost_their_partner(text: str, shown: list[str]) -> None:
    assert list(unpaired_in(text)) == shown


def test_a_report_of_figures_alone_has_no_text_to_judge() -> None:
    findings, _ = validate_report(build_report(Example("pass", {"expenditure.total": "871.05"})), RULES)
    assert {f.verdict for f in findings if f.rule in ("T1", "T3", "T4")} == {"not_applicable"}


@pytest.mark.parametrize("number", ["0730-5550001", "138 0000 0000", "138-0000-0000", "0730-5550001-123"])
def test_a_hidden_number_is_no_placeholder(number: str) -> None:
    """Files of one submission are judged together after private numbers were hidden."""
    hidden = hide_private(f"举报电话：{number}请拨打。")
    assert "*" in hidden
    assert told(hidden, "T3").verdict == "pass"
