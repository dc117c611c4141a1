"""I1 … I7: what reviewers write about indicators, and what they would not."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from gouji.model.quantity import Quantity
from gouji.model.report import CellText, Indicator, Report
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, GoalLine
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = load_patterns().rules
NARRATIVE = "全年共修整绿道十二公里，补植乔木三百余株，更换破损座椅八十六把，公园晨练区域新增照明四处。" * 8


def verdict_of(report: Report, rule: str) -> str:
    findings, _ = validate_report(report, RULES)
    (verdict,) = [finding.verdict for finding in findings if finding.rule == rule]
    return verdict


def goals(*lines: tuple[str, str, str], text: str = "") -> Report:
    return build_report(Example("pass", {}, goals=tuple(GoalLine(*line) for line in lines), text=text))


@pytest.mark.parametrize(
    ("rule", "kind", "target", "verdict"),
    [
        ("I1", "成本指标", "培训支出≥20万元", "review"),
        ("I1", "成本指标", "设备单价不低于3万元", "review"),
        ("I1", "成本指标", "培训支出≤20万元", "pass"),
        ("I1", "成本指标", "节约资金≥5万元", "pass"),
        ("I1", "成本指标", "成本节约率≥5%", "pass"),
        ("I1", "经济效益", "带动销售≥20万元", "pass"),
        ("I2", "质量指标", "就业服务95%", "review"),
        ("I2", "质量指标", "抽查合格率95%", "pass"),
        ("I2", "社会效益", "能耗降低5%", "pass"),
        ("I2", "满意度指标", "群众满意95%", "pass"),
        ("I3", "数量指标", "拨付补助资金60万元", "review"),
        ("I3", "数量指标", "为300人发放补助60万元", "pass"),
        ("I3", "数量指标", "2021年拨付补助资金60万元", "review"),
        ("I3", "成本指标", "补助资金60万元", "pass"),
    ],
)
def test_one_indicator_at_a_time(rule: str, kind: str, target: str, verdict: str) -> None:
    assert verdict_of(goals((kind, f"指标1：{target}", "完成")), rule) == verdict


def test_the_sign_of_a_scoring_row_stands_in_a_column_of_its_own() -> None:
    def row(sign: str) -> Report:
        cells = {"score": CellText("value", "5", "t1r2c5")}
        line = Indicator("产出指标", "成本指标", "培训支出", None, None, None, None, 1, None, None, cells,
            operator=sign, target="20", measure="万元", actual="19", where="t1r2c3")  # fmt: skip
        return msgspec.structs.replace(goals(), indicators=(line,))

    assert verdict_of(row("≥"), "I1") == "review"
    assert verdict_of(row("≤"), "I1") == "pass"


def test_an_indicator_filed_twice() -> None:
    output = ("数量指标", "指标1：办结信访件数300件", "302件")
    assert verdict_of(goals(output, ("社会效益", "指标1：办结信访件数≥300件", "302件")), "I4") == "review"
    assert verdict_of(goals(output, ("质量指标", "指标1：办结信访件数300件", "302件")), "I4") == "pass"


def test_a_satisfaction_needs_a_survey_only_where_there_is_a_text_to_tell_of_it() -> None:
    asked = ("满意度指标", "指标1：群众满意度90%", "92%")
    assert verdict_of(goals(asked), "I5") == "not_applicable"
    assert verdict_of(goals(asked, text=NARRATIVE), "I5") == "review"
    assert verdict_of(goals(asked, text=NARRATIVE + "发放问卷200份。"), "I5") == "pass"
    assert verdict_of(goals(("满意度指标", "指标1：群众满意度90%", "达标"), text=NARRATIVE), "I5") == "not_applicable"


def test_whose_beneficiaries() -> None:
    asked = ("满意度指标", "指标1：学生满意度90%", "92%")
    assert verdict_of(goals(asked, text=NARRATIVE), "I6") == "review"
    assert verdict_of(goals(asked, text=NARRATIVE + "为三所中学开设绿化课。"), "I6") == "pass"
    assert verdict_of(goals(asked, ("数量指标", "指标1：服务师生1200人", "1200人"), text=NARRATIVE), "I6") == "pass"
    assert verdict_of(goals(("满意度指标", "指标1：市民满意度90%", "92%"), text=NARRATIVE), "I6") == "pass"


def test_full_marks_of_rows_that_share_a_weight_are_counted_together() -> None:
    def row(number: int, score: str, shared: int = 1) -> Indicator:
        weight = CellText("value", "10", "t1r1c5" if shared > 1 else f"t1r{number}c5", Quantity(Decimal(10)))
        return Indicator("产出", None, f"指标{number}", None, None, None, Quantity(Decimal(10)), shared, Quantity(Decimal(score)), None,
            {"weight": weight}, where=f"t1r{number}c3")  # fmt: skip

    def report(*rows: Indicator) -> Report:
        return msgspec.structs.replace(goals(), indicators=rows)

    plain = [row(n, "10") for n in range(3, 11)]
    assert verdict_of(report(*plain), "I7") == "review"
    assert verdict_of(report(row(1, "5", 2), row(2, "5", 2), *plain), "I7") == "review"
    assert verdict_of(report(row(1, "5", 2), row(2, "4", 2), *plain), "I7") == "pass"
    assert verdict_of(report(*plain[:5]), "I7") == "not_applicable"
