"""What a sharp reader stumbles over in the narrative, each beside an honest sentence of the same shape."""

from __future__ import annotations

import msgspec
import pytest

from gouji.model.report import Unclaimed
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, ScoreLine
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = load_patterns().rules
FORM = {
    "expenditure.total": "1200.00",
    "expenditure.basic": "700.00",
    "expenditure.project": "500.00",
    "three_public.total": "9.00",
}
SLIPS = (
    ("N3-split", "在职178人（行政112人、参公41人、工勤26人）。"),
    ("N3-split", "全县学校共7个，其中高中2所、初中3所、小学4所。"),
    ("N3-split", "培训326人，其中男性198人，女性118人。"),
    ("N3-split-short", "在职86人，其中行政编制31人，事业编制53人。"),
    ("N8", "工程于2021年9月31日完工。"),
    ("N8", "2月30日前报送，13月1日汇总。"),
    ("N8", "自评自2022年3月20日开始，至2022年3月5日结束。"),
    ("N8", "建设期为2021年10月至2021年3月。"),
    ("N9", "抓好以下四项工作：一是清淤；二是治乱；三是巡查。"),
    ("N3-change", "“三公”经费支出9.00万元，其中公务接待费3.00万元。比上年的10.00万元下降了15%。"),
    ("N3-change", "“三公”经费较上年的10.00万元下降15%。"),
    ("N3-change", "上年10.00万元，本年9.00万元，与上年持平。"),
    ("N3-rate", "“三公”经费预算10.00万元，支出9.00万元，比预算减少1.00万元，完成预算的95%。"),
    ("N3-rate", "行政编制32名，2021年末在职35人，控制率96.97%。"),
    ("N3-share", "城乡低保200.00万元，占项目支出的46%。"),
    ("N3", "养老机构床位1260张，入住832张，入住率71.2%。"),
    ("N2", "下发满意度问卷50份，满意率97%。"),
    ("X5-other", "下一步，桃花坪镇党委、政府将进一步加强预算管理。"),
    ("X5-other", "进一步提升江北县农业农村局预算管理水平。"),
)
HONEST = (
    "在职178人（行政112人、参公41人、工勤25人）。",
    "在职149人，其中党员98人、女职工51人、新进12人；机关62人。",
    "现有人员1894人，其中局本级187人（在职139人、退休8人、协管40人），环卫处1707人。",
    "编制29名，其中行政29名（含工勤3名）。",
    "收入900.00万元，其中财政拨款收入900.00万元（其中政府性基金100.00万元）。",
    "自评于2024年2月29日完成，2月29日报送，建设期为2021年10月至2022年3月。",
    "抓好以下三项工作：一是清淤，一是治乱；二是巡查。",
    "抓好以下四项工作：一是清淤；二是治乱；三是巡查。此外，开展了宣传。",
    "“三公”经费支出9.00万元，其中公务接待费3.00万元。比上年的10.00万元下降了10%。",
    "比2022年预算的10.00万元下降15%。",
    "上年12.40万元，本年12.36万元，与上年持平。",
    "上年12.40万元，本年9.00万元，与上年基本持平。",
    "“三公”经费预算10.00万元，支出9.00万元，比预算减少1.00万元，完成预算的90%。",
    "行政编制35名，2021年末在职35人，控制率100%。",
    "城乡低保200.00万元，占项目支出的40%。",
    "下发满意度问卷50份，平均满意度97%。",
    "建议县交通局进一步加强预算管理。",
    "示例单位将进一步加强预算管理，我局将进一步规范财务管理。",
)


def questioned(text: str) -> set[str]:
    report = build_report(Example("pass", FORM, text=text))
    found = validate_report(report, RULES)[0]
    return {f.rule for f in found if f.rule.startswith(("X1", "X5-", "X9", "N")) and f.verdict in ("fail", "review")}


@pytest.mark.parametrize(("rule", "text"), SLIPS)
def test_slips_are_asked_about(rule: str, text: str) -> None:
    assert rule in questioned(text)


@pytest.mark.parametrize("text", HONEST)
def test_honest_sentences_are_not(text: str) -> None:
    assert questioned(text) == set()


def verdict_of(rule: str, example: Example, **changes: object) -> str:
    report = msgspec.structs.replace(build_report(example), **changes)
    return next(f.verdict for f in validate_report(report, RULES)[0] if f.rule == rule)


def test_a_short_form_of_the_units_own_name_is_its_own() -> None:
    example = Example("pass", FORM, text="县市监局将进一步加强预算管理。")
    assert verdict_of("X5-other", example, unit_name="云岭县市场监督管理局") == "pass"
    assert verdict_of("X5-other", example, unit_name="云岭县自然资源局") == "review"


ROWS = (ScoreLine("产出", "50", "48"), ScoreLine("效益", "40", "38"))


@pytest.mark.parametrize(("weight", "verdict"), [("10", "pass"), ("5", "review")])
def test_points_of_a_row_of_money_that_no_concept_names_stand_outside_the_list(weight: str, verdict: str) -> None:
    cells = tuple(
        Unclaimed(raw, f"t1r7c{column}", "合计") for column, raw in enumerate(("63.20", "98.57%", weight, "4.86"), 8)
    )
    example = Example("pass", {"scoring.score_total": "90.86"}, rows=ROWS)
    assert verdict_of("A7", example, unclaimed=cells) == verdict
    assert verdict_of("A8", example, unclaimed=cells) == verdict


@pytest.mark.parametrize(("told", "verdict"), [("基本支出[年初预算]", "review"), ("基本支出[全年预算]", "pass")])
def test_a_budget_told_without_its_stage_may_be_either(told: str, verdict: str) -> None:
    figures = {"基本支出[年初预算]": "680.00", "基本支出[全年预算]": "720.00"}
    open_text = Example("pass", figures, text="基本支出预算720.00万元。", prose={"基本支出[年初预算]": "720.00万元"})
    assert verdict_of("X1", open_text) != "review"
    said = Example("pass", figures, text=f"{told[5:9]}基本支出720.00万元。", prose={told: "720.00万元"})
    assert verdict_of("X1", said) == verdict
