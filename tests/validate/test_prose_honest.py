"""The first law for prose: honest sentences are not even questioned; slips in them are found."""

from __future__ import annotations

import itertools
import time
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.patterns import load_patterns
from gouji.patterns.rules import Example
from gouji.validate import validate_report
from gouji.validate.examples import build_report

RULES = load_patterns().rules
PROSE = {
    rule.id for rule in RULES.rules if rule.id.startswith(("X11", "N")) or rule.id in ("X6", "X7", "X8", "X9", "X10")
}
NOTHING = dict.fromkeys(
    ("three_public.vehicle_running", "three_public.reception", "three_public.vehicle_purchase", "three_public.abroad", "meeting.expense",
     "training.expense", "assets.leased"), "",
)  # fmt: skip
HONEST = (
    "全年受理群众来信来访236件次，办结229件，按期办结率100%，群众满意率98.7%，其余7件正在办理中。",
    "共接收12345热线工单1520件，已办结1498件，办结率98.55%，满意率96.2%，同比提高1.3个百分点。",
    "全年完成造林3200亩，占计划3000亩的106.7%，成活率92%，其中油茶1200亩、杉木2000亩。",
    "2021年部门预算收入871.05万元，比上年增加42.13万元，增长5.08%，主要是人员经费增加。",
    "“三公”经费支出7.72万元，较上年8.10万元减少0.38万元，下降4.69%，其中公务接待费7.72万元，较上年增加0.20万元，增长2.66%。",
    "本年支出合计1,506.71万元，其中：基本支出894.41万元，占59.36%；项目支出612.30万元，占40.64%。",
    "开展安全生产检查4次，每季度一次，共检查企业120家次，发现隐患86处，已整改81处，整改率94.2%，剩余5处限期整改。",
    "坚持党组理论学习中心组每月学习一次，全年集中学习12次，专题研讨4次，撰写心得36篇。",
    "每周一次调度会、每月一次现场会，全年召开现场会11次、调度会46次，专题会9次。",
    "全年共召开党组会24次，其中研究意识形态工作会议2次，每半年专题研究一次意识形态工作。",
    "组织培训5期300人次，其中线上2期180人次，线下3期120人次，完成年度计划的100%。",
    "年初计划新建公厕8座、改造12座，实际新建8座、改造13座，全面完成目标任务。",
    "计划完成农村危房改造56户，实际动工56户，已竣工50户，其余6户主体完工，全面完成年度目标任务。",
    "目标任务是新增就业3000人，全年新增就业3215人，完成年度任务的107.2%，城镇登记失业率控制在3.5%以内。",
    "全年计划抽检420批次，实际抽检426批次，合格419批次，合格率98.36%，不合格产品7批次已全部下架。",
    "共发放满意度调查问卷200份，收回有效问卷192份，满意188份，满意率97.9%。",
    "向服务对象发放问卷120份，回收118份，群众满意度96.53%。",
    "全年接待公务来访32批次268人次，公务接待费3.02万元，人均112.7元，较上年同期3.41万元下降11.4%。",
    "固定资产51.10万元，在用51.10万元，利用率100%，无出租出借，无闲置资产。",
    "公务用车保有量2辆，运行维护费3.60万元，平均每辆1.80万元；未购置公务用车，无因公出国（境）费用。",
    "本单位实行公务用车平台统一调度，公用支出主要用于办公费、印刷费、差旅费、租车费等，公务用车运行维护费由机关事务中心列支。",
    "深入推进老旧小区改造，全年改造小区12个、惠及3,260户，投入资金4,150万元，其中中央补助2,000万元，市级配套850万元，区级自筹1,300万元。",
    "编发《政务信息》48期、专报12期，被市级采用36条，省级采用8条，采用量同比增长15%。",
    "争取上级资金1.2亿元，比上年的1亿元增长20%，其中专项债6000万元，占50%。",
    "办理人大代表建议63件、政协提案107件，办复率100%，满意率100%，其中重点督办件12件。",
    "“一网通办”事项1230项，全程网办率92%，即办件占比60%，平均办理时限压缩70%，受理办件23456件，按时办结率99.9%。",
    "一是严格预算执行，各项支出控制在预算内；二是压减一般性支出5%，“三公”经费只减不增。",
    "核查低保对象2315户3892人，其中新增156户，停保203户，发放低保金1,862.4万元，发放率100%。",
    "全年开展执法检查320次，出动1280人次，立案45起，结案43起，结案率95.6%，罚款36.5万元。",
    "巡河600次，其中区级河长48次、乡级河长552次，发现问题32个，整改完成32个，整改率100%。",
    "1至6月每月召开一次调度会，7月起每季度召开一次，全年召开调度会8次。",
    "完成流转土地1500亩（100公顷），新修机耕道3.2公里，架设线路12千米。",
    "收到赠书300册，现有藏书3.2万册，全年接待读者4.6万人次，日均126人次。",
    "国土变更调查举证图斑1260个，通过1258个，一次通过率99.8%，全区耕地保有量28.6万亩。",
    "档案扫描计划3万页，完成3.2万页；修复破损档案120卷，计划100卷，均超额完成。",
    "全年支出合计420.00万元，完成预算的98.6%，比上年400.00万元增加20.00万元，增长5%。",
    "收入决算数512.30万元，支出决算数508.10万元，年末结转4.20万元，预算执行率99.18%。",
    "预算执行方面，存在部分项目支付进度偏慢的问题，已在四季度加快支付。",
    "我单位制定了公务卡管理办法，公务卡使用率达到85%，不存在违规使用现金情况。",
    "参加线上培训82人，合格82人；参加线下培训40人，合格38人，总合格率98.4%。",
    "受理工伤认定申请86件，作出认定80件，不予认定4件，撤回2件，办结率100%。",
    "全年抽检药品130批次，合格率99.2%，抽检医疗器械20批次，合格率100%。",
    "年度抽查企业50家，抽查比例5%，发现异常3家，公示率100%。",
    "回访办件群众100人，满意99人，满意率99%；第三方测评综合满意率97.86%。",
    "上年末结转结余资金36.2万元，本年支出871.05万元，较年初预算828.92万元增长5.08%。",
    "支出总计1000万元，其中：工资福利支出600万元、商品服务支出250万元、其他150万元，人员经费占60%。",
    "全区共有行政村120个，建成综合服务平台118个，覆盖率98.3%，计划明年全部建成。",
    "完成投资3.6亿元，占年度计划3.5亿元的102.9%，超额完成年度投资任务。",
    "计划招引项目20个，签约18个，其中亿元以上项目6个，超额完成亿元以上项目5个的目标。",
    "全年目标为接待游客100万人次，实际接待游客98.6万人次，受疫情影响略有下降，文旅收入超额完成。",
    "目标为全年接待游客100万人次，实际接待98万人次，未达标。",
    "原计划举办展览6场，因场馆维修实际举办4场，另以线上形式举办展览2场，全年任务圆满完成。",
    "计划建设高标准农田2万亩，其中新建1.5万亩、提升0.5万亩，实际建成新建1.5万亩、提升0.6万亩，超额完成任务。",
    "年初下达目标任务52户，后调整为48户，实际完成48户，全面完成调整后的任务。",
    "危房改造任务120户，上半年完成70户，下半年完成52户，超额完成任务。",
    "计划发放补助200人，实际发放196人（4人死亡），做到应发尽发，圆满完成发放任务。",
    "计划减少贫困人口300人，实际减少320人，超额完成。",
    "计划关停小煤矿5家，实际关停5家，压减产能30万吨，完成任务目标。",
    "全区计划招商签约项目20个，我局任务为3个，实际签约4个，超额完成任务。",
    "全年目标巡逻1200次，1—11月完成1100次，全年预计完成1210次，可超额完成任务。",
    "预计支出500万元，实际支出480万元，节约20万元，全面完成各项任务。",
    "计划清理河道12公里，实际清理河道11.6公里（剩余0.4公里因地形原因取消），经批准调整后完成年度任务。",
    "抽检食品样品200批次，检出不合格样品3批次，合格率98.5%，不合格样品处置率100%。",
    "全年新立项目15个，往年结转项目8个，办结18个，办结率78.3%。",
    "应参加体检职工86人，实际参加80人，参检率93%，其中女职工42人，参检率100%。",
    "全年应收水费1200户，已收1188户，户收缴率99%，金额收缴率97.5%。",
    "收到群众投诉15件，全部按时办结，办结率100%，其中办结后回访12件，满意10件，满意率83.3%。",
    "交办整改问题40个，已整改36个，达到序时进度，序时整改率100%。",
    "需整改问题40个，年内到期36个已整改36个，到期整改率100%。",
    "检查单位80家，合格率95%，复查合格率100%。",
    "发放问卷300份，回收286份，满意率97.2%，较上次测评提高1.1个百分点。",
    "抽取样本30份，检测指标5项，合格率98.7%。",
    "随机抽查学生40名，每名测试5项，综合合格率96.5%。",
    "支出决算512.3万元，较上年490.1万元增加22.2万元，增幅4.53%。",
    "支出决算512.3万元，比上年增加22.2万元，增长4.5%，其中基本支出300万元，比上年增加10万元，增长3.4%。",
    "财政拨款收入480万元，比上年减少20万元，下降4%；其他收入32.3万元，比上年增加12.3万元，增长61.5%。",
    "一般公共预算拨款480万元，政府性基金20万元，合计比上年500万元持平，增长0%。",
    "项目支出212.3万元，比上年同期增加（年中追加专项）52.3万元，增长32.69%。",
    "预算执行数为年初预算的103%，比上年预算执行数500万元增长2.4%。",
    "公务接待费0.5万元，上年1万元，下降50%；运行费2万元，上年1.8万元，增长11.1%。",
    "会议费由上年的2.3万元降至1.8万元，下降21.7%。",
    "接待批次12批、人次86人，费用0.86万元，比上年1.02万元减少15.7%。",
    "2019年、2020年、2021年三公经费分别为5.2万元、4.8万元、4.5万元，逐年下降，2021年比2020年下降6.25%。",
    "每季度开展一次应急演练，全年共组织综合演练2次、专项演练2次。",
    "每季度召开一次联席会议，全年召开联席会议4次，其中第四季度联席会议1次与年终总结合并。",
    "每月开展一次主题党日活动，全年组织开展主题党日活动12次，支部书记讲党课4次，开展志愿服务活动6次。",
    "每半年进行一次绩效监控，全年开展绩效监控2次，绩效自评1次。",
    "每个季度对重点项目开展一次督导，累计开展督导检查8次，下发督办单3份。",
    "实行一周一碰头、一月一通报制度，全年编发通报12期。",
    "建立每月例会制度，全年召开例会12次，每次会议均形成纪要。",
    "支出合计871.05万元，其中：工资福利支出503.03万元，商品和服务支出268.02万元，对个人和家庭的补助100.00万元。",
    "项目资金包括中央资金100万元，省级资金2000元结余，其中已支付99.8万元。",
    "总投资1200万元，其中设备款包括服务器35.6万元、软件12.8万元，培训费8000元。",
    "全年收入中，租金收入已按规定上缴，其中资产处置收入由财政统一管理。",
    "公用支出主要用于保障机关运转，严控公务接待，公务接待费同比下降。",
    "本单位无独立食堂，公用支出用于办公费、差旅费，接待工作由办公室统一安排。",
    "主要用于办公费、印刷费、公务接待费（本年未发生）等。",
    "公用经费包括办公费、印刷费、公务接待费、因公出国（境）费、公务用车购置及运行维护费等，其中因公出国（境）费、公务用车购置费本年均无支出。",
    "日常公用经费是指用于办公费、会议费、培训费、公务接待费等方面的支出。",
    "商品和服务支出：反映单位购买商品和服务的支出，包括办公费、公务用车运行维护费等。",
    "公务用车运行维护费：指单位公务用车租用费、燃料费、维修费、过桥过路费、保险费等支出。",
    "“三公”经费是指用财政拨款安排的因公出国（境）费、公务用车购置及运行费和公务接待费。",
)


def questioned(text: str, *sections: str) -> set[str]:
    report = build_report(Example("pass", NOTHING, text=text, sections=sections))
    return {f.rule for f in validate_report(report, RULES)[0] if f.rule in PROSE and f.verdict in ("fail", "review")}


@pytest.mark.parametrize("text", HONEST)
def test_honest_paragraphs_are_not_questioned(text: str) -> None:
    assert questioned(text) == set()


def test_nor_are_they_all_together() -> None:
    """What one paragraph says is not held against another."""
    assert questioned("", *(f"一、第{n}部分 | {text}" for n, text in enumerate(HONEST))) == set()


# --- generated ----------------------------------------------------------------------------------------------------------

HEADS = {
    "办结": ("共受理", "应办", "收到来信"), "整改": ("发现问题", "排查隐患"), "合格": ("抽检样品", "参加培训"), "答复": ("交办建议", "收到提案"),
}  # fmt: skip
UNITS = st.sampled_from(["件", "处", "批次", "户", "人次"])
ROUNDINGS = st.sampled_from([ROUND_HALF_UP, ROUND_DOWN])


def percent(part: Decimal, whole: Decimal, decimals: int, rounding: str) -> str:
    return format((100 * part / whole).quantize(Decimal(1).scaleb(-decimals), rounding=rounding), "f")


@st.composite
def rates(draw: st.DrawFn, slip: int = 0) -> str:
    """A whole, a part and their rate as a department would print them; `slip` points beside."""
    whole = draw(st.integers(20, 4000))
    part = draw(st.integers(whole // 2, whole))
    word, unit = draw(st.sampled_from(sorted(HEADS))), draw(UNITS)
    head = draw(st.sampled_from(HEADS[word]))
    rate = Decimal(percent(Decimal(part), Decimal(whole), draw(st.integers(0, 2)), draw(ROUNDINGS)))
    return f"{head}{whole}{unit}，{word}{part}{unit}，{word}率{rate - slip}%。"


@st.composite
def changes(draw: st.DrawFn, slip: int = 0) -> str:
    """Two amounts in 万元 and the change, as levels or with the difference between them."""
    prior, now = draw(st.integers(10_000, 9_999_999)), draw(st.integers(10_000, 9_999_999))
    now = now if now != prior else prior + 100
    verb = "增长" if now > prior else "下降"
    rate = Decimal(percent(abs(Decimal(now - prior)), Decimal(prior), draw(st.integers(0, 2)), draw(ROUNDINGS))) + slip
    printed = [f"{Decimal(n) / 100:.2f}万元" for n in (now, prior, abs(now - prior))]
    if draw(st.booleans()):
        return f"全年支出{printed[0]}，比上年{printed[1]}{verb}{rate}%。"
    return f"全年支出{printed[0]}，比上年{'增加' if now > prior else '减少'}{printed[2]}，{verb}{rate}%。"


@st.composite
def targets(draw: st.DrawFn, *, met: bool = True) -> str:
    planned = draw(st.integers(5, 5000))
    reached = planned + draw(st.integers(0, 300)) if met else planned - draw(st.integers(1, planned - 1))
    unit, claim = draw(UNITS), draw(st.sampled_from(["超额完成", "全面完成", "圆满完成"]))
    return f"计划巡查{planned}{unit}，实际完成{reached}{unit}，{claim}任务。"


@st.composite
def surveys(draw: st.DrawFn) -> str:
    sent = draw(st.integers(10, 400))
    back = draw(st.integers(sent // 2 + 1, sent))
    happy = draw(st.integers(back // 2, back))
    return f"发放问卷{sent}份，收回{back}份，好评率{percent(Decimal(happy), Decimal(back), draw(st.integers(0, 2)), draw(ROUNDINGS))}%。"


@st.composite
def frequencies(draw: st.DrawFn) -> str:
    word, times = draw(st.sampled_from([("每月", 12), ("每季度", 4), ("每半年", 2)]))
    thing = draw(st.sampled_from(["安全例会", "工作调度", "联席会议"]))
    return f"{word}召开一次{thing}，全年召开{thing}{times + draw(st.integers(0, 5))}次。"


@st.composite
def totals(draw: st.DrawFn) -> str:
    """A total in 万元 or 元 and its parts, each in a unit of its own."""
    parts = draw(st.lists(st.integers(100, 9_999_999), min_size=2, max_size=4))
    names = itertools.cycle(["基本支出", "项目支出", "经营支出", "上缴支出"])

    def printed(cents: int) -> str:
        return f"{Decimal(cents) / 100:.2f}万元" if draw(st.booleans()) else f"{cents * 100}元"

    told = "、".join(f"{name}{printed(part)}" for name, part in zip(names, parts, strict=False))
    return f"支出合计{printed(sum(parts))}，其中{told}。"


@st.composite
def shares(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.integers(100, 9_999_999), min_size=2, max_size=3))
    whole, decimals, rounding = Decimal(sum(parts)), draw(st.integers(0, 2)), draw(ROUNDINGS)
    names = ("基本支出", "项目支出", "经营支出")
    told = "；".join(
        f"{name}{Decimal(part) / 100:.2f}万元，占{percent(Decimal(part), whole, decimals, rounding)}%"
        for name, part in zip(names, parts, strict=False)
    )
    return f"支出合计{whole / 100:.2f}万元，其中：{told}。"


SENTENCES = st.one_of(shares(), rates(), changes(), targets(), surveys(), frequencies(), totals())


@settings(deadline=None, max_examples=150)
@given(st.lists(SENTENCES, min_size=1, max_size=6))
def test_generated_honest_sentences_are_not_questioned(sentences: list[str]) -> None:
    assert questioned("".join(sentences)) == set()


@settings(deadline=None, max_examples=40)
@given(rates(slip=6))
def test_a_rate_off_by_six_points_is_found(sentence: str) -> None:
    assert questioned(sentence) == {"N3"}, sentence


@settings(deadline=None, max_examples=40)
@given(targets(met=False))
def test_a_target_claimed_and_not_met_is_found(sentence: str) -> None:
    assert questioned(sentence) == {"N1"}


# --- any text at all ----------------------------------------------------------------------------------------------------

WRITTEN = (
    "计划 实际完成 超额完成 办结 率 受理 发放问卷 比上年 增长 占 合计 其中 每月 召开 一次 公务接待费 用于 无 《 》 ， 。 ； （ ） 、 ： "
    "120件 98.3% 1,278.92万元 5万元 50余次 2021年 第3期 0 ."
)
PIECES = st.sampled_from([*WRITTEN.split(), "\n", " "])


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_judged(text: str) -> None:
    """Whatever is written, every rule comes to a verdict."""
    findings, _ = validate_report(build_report(Example("pass", NOTHING, text=text)), RULES)
    assert {finding.rule for finding in findings} >= PROSE


def test_time_grows_with_length_alone() -> None:
    """Endless sentences, brackets that never close, thousands of figures."""
    for text in (
        "计划培训300人次，" * 5_000,
        "《" * 50_000 + "公务接待费",
        "办结率98%。" * 5_000,
        "每月召开一次" * 5_000,
    ):
        begin = time.process_time()
        questioned(text)
        assert time.process_time() - begin < 4
