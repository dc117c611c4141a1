"""Sentences of one report whose tables are known: slips in the grammar departments use are asked about, honest ones are not."""

from __future__ import annotations

import pytest

from gouji.patterns import load_patterns
from gouji.patterns.rules import Example
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = load_patterns().rules
FORM = {
    "income.total": "1512.38", "income.carryover": "56.20", "income.public_budget": "1424.18", "income.gov_fund": "32.00",
    "expenditure.total": "1490.18", "expenditure.basic": "702.98", "expenditure.personnel": "521.60",
    "expenditure.public": "181.38", "expenditure.project": "787.20", "three_public.total": "5.06",
    "three_public.reception": "1.86", "three_public.vehicle_running": "3.20", "three_public.vehicle_purchase": "",
    "three_public.abroad": "", "assets.total": "98.40",
}  # fmt: skip
SLIPS = (
    ("N3-share", "基本支出占总支出的57.17%。"),
    ("N3-share", "在基本支出中，人员支出占74.20%，公用支出占35.80%。"),
    ("N3-share", "公用支出占基本支出的比例达35.80%。"),
    ("N3-share", "项目支出是基本支出的2.12倍。"),
    ("N3-change", "公务接待费1.86万元，同比下降15.00%，上年为2.48万元。"),
    ("N3-change", "公用支出由上年的193.38万元降至181.38万元，减少12.00万元，下降8.21%。"),
    ("N3-change", "基本支出较上年增加50.00万元，增长17.66%。"),
    ("N3-change", "“三公”经费较2020年的6.06万元下降1.20万元，降幅16.50%。"),
    ("N3-change", "固定资产98.40万元，比年初增加8.40万元，增长19.33%。"),
    ("N3-change", "2020年受理案件1,150件，2021年受理1,380件，同比增长30%。"),
    ("N3-change", "按期办结率由92.5%提高到98.1%，提高6.6个百分点。"),
    ("N3-rate", "预算1500.00万元，实际执行1490.18万元，执行率89.35%。"),
    ("N3-rate", "“三公”经费年初预算6.00万元，实际支出5.06万元，节约1.94万元。"),
    ("N3-rate", "公务接待费预算2.50万元，决算1.86万元，节约率35.60%。"),
    ("N3-rate", "全年计划抽查60家，实际抽查57家，完成率98%。"),
    ("N3-parts", "公用支出181.38万元，由办公费60.00万元、印刷费12.38万元、差旅费89.00万元构成。"),
    ("N3-main", "项目支出787.20万元，主要包括：低保核查320.00万元，养老服务437.20万元。"),
    ("N3-change", "公务接待费1.86万元，比上年减少1.02万元，上年为2.48万元。"),
    ("N3-change", "“三公”经费5.06万元，上年6.06万元，增加1.00万元。"),
    ("N3-share", "基本支出702.98万元，占总支出1490.18万元的57.17%。"),
    ("N3-points", "投入得14分，过程得37分，产出得24分，效果得18分，自评得分95分。"),
    ("N4", "落实每月一通报制度，全年编发通报5期。"),
    ("N6", "公务接待费1.86万元（1860元）。"),
    ("X11-bought", "经批准更新购置执法执勤用车1辆，价税合计17.86万元。"),
    ("X11-bought", "公务用车保有量2辆，其中本年新增购置一辆。"),
    ("X11-travel", "因公出国（境）团组1个3人次，支出4.60万元。"),
)  # fmt: skip
HONEST = (
    "基本支出占总支出的47.17%，项目支出占52.82%。",
    "人员支出占基本支出的74.20%，占总支出的35.00%，占财政拨款收入的36.62%。",
    "区本级基本支出占总支出的27.04%；养老服务项目支出占项目支出总额的31.8%。",
    "一般公共预算财政拨款支出1430.00万元，其中：基本支出702.98万元，占49.16%；项目支出占总支出的50.84%。",
    "基本支出占总支出不足五成，2020年基本支出占总支出的49.5%。",
    "基本支出预算较上年增加30.00万元，增长4.5%。",
    "“三公”经费较上年减少1.00万元，下降16.5%，其中公务接待费减少0.62万元，下降25%。",
    "“三公”经费较预算6.00万元减少0.94万元，较上年6.06万元减少1.00万元，分别下降15.67%和16.5%。",
    "办理案卷由上年的860件增加到1032件，增长20%；按期办结率由92.5%提高到98.1%，提高5.6个百分点。",
    "年初预算1456.18万元，支出1490.18万元，执行率98.53%，收入合计1512.38万元。",
    "截至6月底，预算1512.38万元，支出720.00万元，执行率47.6%。",
    "应发放补助860万元，实际发放826万元，发放率96.05%；节约印刷费约3万元，下降6%。",
    "收入1512.38万元，由上年结转56.20万元、当年收入1456.18万元构成。",
    "项目支出787.20万元，包括低保核查320.00万元（其中印刷20.00万元）、养老服务467.20万元。",
    "公用支出181.38万元，包括办公费60.00万元、差旅费45.00万元等。",
    "2020年新购公务用车1辆，2022年计划更新购置公务用车1辆，本年未购置公务用车。",
    "乡镇民政所新购业务用车3辆；购置公务用车GPS终端2台；公务用车购置数0辆。",
    "全区因公出国（境）团组5个，由外事办审批。",
    "收入由2019年的800.00万元增加到2020年的900.00万元，2021年为880.00万元，比2020年减少20.00万元。",
    "公务接待费1.86万元（18600元），年末结余66000元（6.6万元）。",
    "每月一通报制度自9月起实行，全年通报4期；每季一调度，全年调度4次。",
    "投入14分、过程37分、产出24分、效果18分，自评93分；财政局复核得分90分。",
    "投入15分，得14分；过程40分，得36.5分；产出25分，得23分；效果20分，得18.5分。综合得分92分。",
    "基础分94分，其中投入14分，过程37分，产出25分，效果18分；加分项2分；最终得分96分。",
    "区本级（机关）支出960.00万元，其中基本支出402.98万元；所属单位支出530.18万元。",
)


def questioned(text: str) -> set[str]:
    report = build_report(Example("pass", FORM, text=text))
    found = validate_report(report, RULES)[0]
    return {f.rule for f in found if f.rule.startswith(("X1", "X9", "N")) and f.verdict in ("fail", "review")}


@pytest.mark.parametrize(("rule", "text"), SLIPS)
def test_slips_are_asked_about(rule: str, text: str) -> None:
    assert rule in questioned(text)


@pytest.mark.parametrize("text", HONEST)
def test_honest_sentences_are_not(text: str) -> None:
    assert questioned(text) == set()
