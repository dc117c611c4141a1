"""X6–X11: goals, claims, problems and items of invented reports against their tables and scores."""

from __future__ import annotations

import msgspec
import pytest

from gouji.model.finding import Finding
from gouji.model.report import Indicator
from gouji.patterns import load_patterns
from gouji.patterns.formula import Body, Call, Text
from gouji.patterns.rules import Example, GoalLine, ScoreLine
from gouji.validate import validate_report
from gouji.validate.case import Case
from gouji.validate.columns import mentions
from gouji.validate.examples import build_report

RULES = load_patterns().rules
BOTH = {
    "car": "three_public.vehicle_running",
    "carbuy": "three_public.vehicle_purchase",
    "reception": "three_public.reception",
    "abroad": "three_public.abroad",
    "meeting": "meeting.expense",
    "training": "training.expense",
    "leased": "assets.leased",
}


def told(rule: str, *, text: str = "", figures: dict[str, str] | None = None, **more: object) -> Finding:
    report = build_report(Example("pass", figures or {}, text=text, **more))  # type: ignore[arg-type]
    (found,) = (finding for finding in validate_report(report, RULES)[0] if finding.rule == rule)
    return found


# --- X11 ----------------------------------------------------------------------------------------------------------------

X11_TOLD = (
    ("car", "公用支出主要用于日常办公费、印刷、公务用车运行维护、其他商品服务等支出。"),
    ("car", "公用经费用于水电费、公务用车运行费和差旅费。"),
    ("car", "商品和服务支出用于办公费，邮电费，公务用车运行维护费等。"),
    ("car", "日常开支有办公费、公车运行维护费。"),
    ("reception", "公用支出268.02万元，主要用于办公、印刷、公务接待、调研等支出。"),
    ("reception", "列支业务招待费、会务费等。"),
    ("reception", "本年支付公务接待费和培训资料费。"),
    ("carbuy", "项目支出主要用于业务系统升级、公务用车购置。"),
    ("abroad", "项目经费用于招商推介、因公出国考察等。"),
    ("meeting", "公用支出用于办公费、会议费、差旅费。"),
    ("training", "公用支出用于办公费、培训费、差旅费。"),
    ("leased", "全年取得门面出租收入，已上缴国库。"),
    ("leased", "房屋管理规范，收取资产出租收入并及时入账。"),
)
X11_SILENT = (
    ("car", "公用支出主要用于日常办公费、印刷等，无公务用车运行维护费。"),
    ("car", "公用支出主要用于日常办公费，未发生公务用车运行维护费。"),
    ("car", "公用支出包括办公费等，公务用车运行维护费为0。"),
    ("car", "公用支出包括办公费等，公务用车运行维护费未支出。"),
    ("car", "严格执行《公务用车运行维护管理办法》，规范用车审批。"),
    ("car", "严格控制公务用车运行维护等支出。"),
    ("car", "进一步压减公务用车运行维护开支。"),
    ("car", "下一步拟将结余资金用于公务用车运行维护。"),
    ("car", "如需用车，租车费用于下乡巡查，不产生公务用车运行维护费。"),
    ("car", "公用支出用于办公费、租车费和公务交通补贴。"),
    ("car", "上年公用支出用于办公费、公务用车运行维护费。"),
    ("car", "2020年公用支出用于办公费、公务用车运行维护费。"),
    ("car", "公务用车购置及运行维护费用于保障执法，全年为0。"),
    ("car", "公用支出用于办公费、公务用车运行维护费3.20万元。"),
    ("car", "预算用于公务用车运行维护的部分已全部收回。"),
    ("reception", "公用支出用于办公费、公务接待费等。本年度无“三公”经费支出。"),
    ("car", "公用支出用于办公费、公务用车运行维护费等。未发生公务用车运行维护费。"),
    ("reception", "没有发生公务接待费用。"),
    ("reception", "制定公务接待制度，用于规范公务接待审批。"),
    ("reception", "公用支出用于接待来访群众和信访接待室维护。"),
    ("abroad", "本单位无因公出国（境）费用支出。"),
    ("abroad", "负责因公出国人员的审批。"),
    ("carbuy", "未购置公务用车。"),
    ("carbuy", "公务用车购置及运行维护费用于车辆燃油、保险。"),
    ("meeting", "合并召开会议，减少会议费开支。"),
    ("training", "全年组织培训12期，由主管部门列支，本单位未发生培训费。"),
    ("leased", "严禁资产出租出借，不得私自收取租金收入。"),
    ("leased", "本单位没有取得房屋出租收入。"),
)


@pytest.mark.parametrize(("item", "text"), X11_TOLD)
@pytest.mark.parametrize("cell", ["", "0", "0.00"])
def test_an_item_that_sentences_pay_for_has_an_amount(item: str, text: str, cell: str) -> None:
    found = told(f"X11-{item}", text=text, figures={BOTH[item]: cell})
    assert found.verdict == "review"
    assert [e.relation for e in found.evidence][-1] == "statement"
    assert found.evidence[0].where == "t1r2c2"


@pytest.mark.parametrize(("item", "text"), X11_SILENT)
def test_what_is_denied_ruled_rented_or_past_is_no_item(item: str, text: str) -> None:
    assert told(f"X11-{item}", text=text, figures={BOTH[item]: ""}).verdict == "not_applicable"


@pytest.mark.parametrize(("item", "text"), X11_TOLD)
def test_an_item_with_an_amount_passes(item: str, text: str) -> None:
    assert told(f"X11-{item}", text=text, figures={BOTH[item]: "3.20"}).verdict == "pass"


@pytest.mark.parametrize(("item", "text"), X11_TOLD)
def test_a_form_without_the_column_is_not_asked(item: str, text: str) -> None:
    assert told(f"X11-{item}", text=text, figures={"expenditure.total": "871.05"}).verdict == "not_applicable"


def test_the_exact_sentence_is_evidence() -> None:
    found = told("X11-car", text="全年平稳。公用支出用于办公费、公务用车运行维护等。", figures={BOTH["car"]: ""})
    assert found.evidence[-1].where == "p9000_5_25"
    assert found.evidence[-1].raw == "公用支出用于办公费、公务用车运行维护等。"


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("公务用车由平台调度。", True), ("添置公务用车两辆。", True), ("无公务用车。", False), ("本年没有购置公务用车。", False),
        ("未发生公务用车支出。", False), ("公务用车支出为0。", False), ("严格执行《公务用车管理办法》。", False), ("租车代替公务用车。", False),
    ],
)  # fmt: skip
def test_a_word_that_is_denied_is_not_named(text: str, there: bool) -> None:
    case = Case(build_report(Example("pass", {}, text=text)), RULES)
    assert mentions(Call("提及", (Body(), Text("公务用车"))), case) is there


# --- X6, X7, X8 ---------------------------------------------------------------------------------------------------------


def goal(target: str, result: str, kind: str = "数量指标") -> tuple[GoalLine, ...]:
    return (GoalLine(kind, target, result),)


X7_TOLD = (
    ("指标1：制发公文600份", "达标", "全年召开会议12次，制发公文571份。"),
    ("指标1：制发公文600份", "达标", "全年制发各类公文共计571件，同比减少12.3%。"),
    ("指标1：编印简报不少于20期", "已完成", "累计编印简报18期。"),
    ("制发公文600份", "已完成", "我局制发公文580余份。"),
    ("指标1：巡查站点37次", "35次，已达标", ""),
    ("指标1：办事群众满意度达到94%", "92.5%，达标", ""),
    ("指标1：培训护林员300人次", "培训280人次，圆满完成", ""),
    ("指标1：改造站房12座", "超额完成，改造10座", ""),
)
X7_SILENT = (
    ("指标1：开展督查30次", "达标", "围绕安全生产，开展督查5次。"),
    ("指标1：开展督查30次", "达标", "全年开展督查5次。"),
    ("指标1：制发公文600份", "达标", "信访方面，制发公文20份。"),
    ("指标1：制发公文600份", "达标", "东片制发公文300份。西片制发公文310份。"),
    ("指标1：制发公文600份", "达标", "围绕安全生产，制发公文20份。"),
    ("指标1：制发公文600份", "达标", "全年制发各类公文共计671件。"),
    ("指标1：制发公文600份", "571份", "全年制发各类公文共计571件。"),
    ("指标1：制发公文600份", "未完成", "全年制发各类公文共计571件。"),
    ("指标1：制发公文600份", "基本完成", "全年制发各类公文共计571件。"),
    ("指标1：制发公文600份", "达标", "上半年制发公文271件。"),
    ("指标1：制发公文600份", "达标", "其中制发公文271件。"),
    ("指标1：制发公文600份", "达标", "上年制发公文571件。"),
    ("指标1：制发公文600份", "达标", "全年制发督办函71件。"),
    ("指标1：制发公文近600份", "达标", "全年制发公文595份。"),
    ("指标1：制发公文600份", "达标", "全年制发公文近600份。"),
    ("指标1：重点工作督查30余次", "达标", "重点工作督查50余次。"),
    ("指标1：投诉不超过10件", "6件，达标", ""),
    ("指标1：会务差错率不高于1%", "0.5%，达标", ""),
    ("指标1：办公费控制在30万元以内", "28万元，达标", ""),
    ("指标1：30日内办结", "22日，达标", ""),
    ("指标1：制发公文600份\n指标2：编印简报20期", "达标，编印简报22期", ""),
    ("指标1：开展活动12次", "开展活动15场，其中大型活动3次，达标", ""),
)


@pytest.mark.parametrize(("target", "result", "text"), X7_TOLD)
def test_a_target_claimed_as_met_was_met(target: str, result: str, text: str) -> None:
    assert told("X7", goals=goal(target, result), text=text).verdict == "review"


@pytest.mark.parametrize(("target", "result", "text"), X7_SILENT)
def test_a_target_that_may_be_met_is_left_alone(target: str, result: str, text: str) -> None:
    assert told("X7", goals=goal(target, result), text=text).verdict in ("pass", "not_applicable")


MET = goal("指标1：办公用纸减少", "达标", "生态效益")


def row(name: str, weight: str, score: str, reason: str = "", share: int = 1) -> tuple[ScoreLine, ...]:
    return (ScoreLine(name, weight, score, reason, share=share),)


def test_points_are_off_where_all_is_met() -> None:
    assert told("X8", goals=MET, rows=row("生态效益", "5", "4")).verdict == "review"
    assert told("X8", goals=MET, rows=row("生态效益", "5", "5")).verdict == "pass"
    assert told("X8", goals=MET, rows=row("生态效益", "5", "4", "两个站点未换")).verdict == "pass"
    assert told("X8", goals=MET, rows=row("社会效益", "5", "4")).verdict == "not_applicable"
    assert (
        told("X8", goals=goal("办公用纸减少", "基本达标", "生态效益"), rows=row("生态效益", "5", "4")).verdict
        == "not_applicable"
    )
    assert told("X8", goals=MET, rows=row("生态效益", "15", "4", share=3)).verdict == "not_applicable"


def measured(
    target: str, actual: str, score: str, *, operator: str = "", name: str = "巡护里程", reason: str = ""
) -> dict[str, Finding]:
    """A row of the national form: 指标值, 完成值, 分值 20."""
    report = build_report(Example("pass", {}, rows=row(name, "20", score, reason)))
    (line,) = report.indicators
    filled: Indicator = msgspec.structs.replace(line, target=target, actual=actual, operator=operator or None)
    findings = validate_report(msgspec.structs.replace(report, indicators=(filled,)), RULES)[0]
    return {finding.rule: finding for finding in findings}


@pytest.mark.parametrize(
    ("target", "actual", "score", "x7", "x8"),
    [
        ("≥4200公里", "4100公里", "20", "review", "not_applicable"), ("4200公里", "4,100公里", "20", "review", "not_applicable"),
        ("≥95%", "92.5%", "20", "review", "not_applicable"), ("≤30分钟", "42分钟", "20", "review", "not_applicable"),
        ("不少于12次", "10次", "20", "review", "not_applicable"), ("不超过6件", "8件", "20", "review", "not_applicable"),
        ("≥4200公里", "4318公里", "20", "pass", "pass"), ("≤30分钟", "22分钟", "20", "pass", "pass"), ("≥95％", "95%", "20", "pass", "pass"),
        ("≥4200公里", "4100公里", "18", "pass", "not_applicable"), ("≥4200公里", "4318公里", "18", "pass", "review"),
        ("100%", "1", "20", "not_applicable", "not_applicable"), ("95%", "0.96", "20", "not_applicable", "not_applicable"),
        ("4200公里", "约4100公里", "20", "not_applicable", "not_applicable"), ("12月底前", "11月", "20", "not_applicable", "not_applicable"),
        ("逐步提升", "提升", "20", "not_applicable", "not_applicable"), ("30亩", "2公顷", "20", "not_applicable", "not_applicable"),
    ],
)  # fmt: skip
def test_a_row_of_target_and_actual(target: str, actual: str, score: str, x7: str, x8: str) -> None:
    found = measured(target, actual, score)
    assert (found["X7"].verdict, found["X8"].verdict) == (x7, x8)


def test_where_less_is_better_only_a_sign_tells() -> None:
    assert measured("10件", "6件", "20", name="投诉件数")["X7"].verdict == "not_applicable"
    assert measured("10件", "12件", "20", name="投诉件数", operator="≤")["X7"].verdict == "review"
    assert measured("≥4200公里", "4318公里", "18", reason="两段漏巡")["X8"].verdict == "pass"
    assert measured("100万元", "95万元", "20", name="设备款", operator="=")["X7"].verdict == "not_applicable"
    assert measured("100万元", "95万元", "20", name="争取资金", operator="≥")["X7"].verdict == "review"
    assert measured("30天", "28天", "20", name="办理时间")["X7"].verdict == "not_applicable"
    assert measured("12期", "10期", "20", name="简报", operator="＝")["X7"].verdict == "review"
    assert measured("95%", "92%以上", "20", name="知晓率")["X7"].verdict == "not_applicable"
    assert measured("95%", "92%", "20", name="知晓率", operator="大于等于")["X7"].verdict == "review"


GOALS = "目标1：完成河道清淤疏浚\n目标2：编制水库调度方案"


@pytest.mark.parametrize(
    ("result", "text", "verdict"),
    [
        ("全年清淤疏浚河道12公里，验收合格。", "", "review"),
        ("全年清淤疏浚河道12公里，编制调度方案3份。", "", "pass"),
        ("全年清淤疏浚河道12公里。", "水库调度方案年底印发。", "pass"),
        ("清淤疏浚提前完成；方案经专家评审。", "", "not_applicable"),  # as many results as goals: each may answer one
    ],
)
def test_a_goal_that_nothing_takes_up(result: str, text: str, verdict: str) -> None:
    assert told("X6", goals=goal(GOALS, result, "预期目标"), text=text).verdict == verdict


# --- X9, X10 ------------------------------------------------------------------------------------------------------------

CONTROL = row("“三公经费”控制率", "6", "4")
THIS_AND_LAST = {"three_public.total": "6.10", "three_public.total[2020]": "5.20"}


@pytest.mark.parametrize(
    ("text", "rows", "figures", "verdict"),
    [
        ("“三公”经费严格控制在预算范围内。", CONTROL, {}, "review"),
        ("将“三公”经费控制在预算申报的范围内。", CONTROL, {}, "review"),
        ("三公经费未超预算。", (), {"three_public.total": "6.10", "three_public.total[年初预算]": "5.20"}, "review"),
        ("三公经费未超预算。", (), {"three_public.total": "5.10", "three_public.total[年初预算]": "5.20"}, "pass"),
        ("“三公”经费只减不增。", (), THIS_AND_LAST, "review"),
        ("“三公”经费持续下降。", row("三公经费变动率", "5", "3"), {}, "review"),
        ("“三公”经费严格控制在预算范围内。", row("“三公经费”控制率", "6", "6"), {}, "pass"),
        ("力争将“三公”经费控制在预算范围内。", CONTROL, {}, "not_applicable"),
        ("下一步把“三公”经费控制在预算范围内。", CONTROL, {}, "not_applicable"),
        ("应当把“三公”经费控制在预算范围内。", CONTROL, {}, "not_applicable"),
        ("2020年“三公”经费控制在预算范围内。", CONTROL, {}, "not_applicable"),
        ("“三公”经费公开及时，其他支出控制在预算范围内。", CONTROL, {}, "pass"),
        ("公务接待费只减不增。", (), THIS_AND_LAST, "not_applicable"),
        ("三公经费支出6.10万元。", CONTROL, THIS_AND_LAST, "not_applicable"),
        ("“三公”经费只减不增。", (), {"three_public.total": "5.20", "three_public.total[2020]": "5.20"}, "pass"),
        (
            "“三公”经费只减不增。",
            (),
            {"three_public.total": "6.10", "three_public.total[2020][财政拨款]": "5.20"},
            "pass",
        ),
    ],
)
def test_a_claim_of_control(text: str, rows: tuple[ScoreLine, ...], figures: dict[str, str], verdict: str) -> None:
    assert told("X9", text=text, rows=rows, figures=figures).verdict == verdict


@pytest.mark.parametrize(
    ("problem", "verdict"),
    [
        ("项目支出超出了预算。", "review"), ("个别项目突破预算。", "review"), ("没有超预算的情况，但进度偏慢。", "pass"), ("进度偏慢。", "pass"),
    ],
)  # fmt: skip
def test_a_claim_against_the_problems(problem: str, verdict: str) -> None:
    sections = ("一、概况 | 各项开支无超支。", f"二、存在的问题 | {problem}")
    assert told("X9", sections=sections).verdict == verdict


X10_TOLD = (
    ("公务卡使用率偏低。", "公务卡刷卡率"),
    ("预算执行进度偏慢。", "支付进度"),
    ("年中追加较多，预算编制不细。", "预算调整率"),
    ("部分设备闲置。", "固定资产利用率"),
    ("个别资产账实不符。", "资产管理安全性"),
    ("两个品目的采购未实施。", "政府采购执行率"),
    ("内控制度不健全。", "管理制度健全性"),
)
X10_SILENT = (
    ("公务卡使用率较高。", "公务卡刷卡率"),
    ("公务卡使用率偏低。", "管理制度健全性"),
    ("公务卡推广较好，基层网点偏少。", "公务卡刷卡率"),
    ("采购流程较长。", "政府采购执行率"),
    ("上年公务卡使用率偏低。", "公务卡刷卡率"),
    ("2020年预算执行进度偏慢。", "支付进度"),
    ("建设进度偏慢。", "支付进度"),
    ("今后公务卡使用率不低于八成。", "公务卡刷卡率"),
    ("进一步解决资产闲置。", "固定资产利用率"),
    ("人手不足。", "公务卡刷卡率"),
)


@pytest.mark.parametrize(("problem", "name"), X10_TOLD)
def test_a_problem_costs_points(problem: str, name: str) -> None:
    sections = ("一、概况 | 主管绿化。", f"二、存在的主要问题 | {problem}")
    assert told("X10", sections=sections, rows=row(name, "3", "3")).verdict == "review"
    assert told("X10", sections=sections, rows=row(name, "3", "2")).verdict == "pass"


@pytest.mark.parametrize(("problem", "name"), X10_SILENT)
def test_another_thing_is_no_problem_of_the_row(problem: str, name: str) -> None:
    sections = ("一、概况 | 主管绿化。", f"二、存在的主要问题 | {problem}")
    assert told("X10", sections=sections, rows=row(name, "3", "3")).verdict in ("pass", "not_applicable")
