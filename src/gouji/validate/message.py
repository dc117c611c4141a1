"""The Chinese sentences of findings. Every output shares them; none gives the repaired value away.

    Judgement(say="sum.fail", slots={…}) → 《支出和结余情况》表 · 局机关 行：……相差 5.00 万元……

A rule's own `message:` replaces the sentence for its failures. Slots: {式} {左} {右} {差} {容差} {单位} {处} {名} and what the
check fills in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE

if TYPE_CHECKING:
    from gouji.patterns.rules import Rule
    from gouji.validate.judgement import Judgement

_ADVICE: dict[str, str] = {
    "hard": "请对照账簿和原始资料核实，改正后重新报送。",
    "explain": "请核实；如数字无误，请书面说明原因。",
    "note": "请留意核对。",
}
SENTENCES: dict[str, str] = {
    "fail": "{处}“{名}”不符：{式}，相差 {差}{单位}（四舍五入允许 {容差}{单位}）。{建议}",
    "fail.exact": "{处}“{名}”不符：{式}，相差 {差}{单位}。{建议}",
    "fail.plain": "{处}“{名}”不符：{式}。{建议}",
    "pass": "{处}{式}，相符。",
    "pass.blank": "{处}{式}，空白格按 0 计后相符；空白与 0 含义不同，没有发生的请填 0 或“无”。",
    "review": "{处}“{名}”需核实：{式}，相差 {差}{单位}；{说明}请核实口径，并书面说明。",
    "undecided": "{处}“{名}”无法判断：{缺}。{式}",
    "undecided.copies": "{处}“{名}”暂不判断：{缺} 在报告中有两处且数字不同，请先统一。",
    "undecided.unit": "{处}“{名}”暂不判断：所用数字的金额单位有疑问，请先核实单位。",
    "not_applicable": "“{名}”：本报告没有可供核对的数据。",
    "unlisted_part": "{处}“{名}”需核实：{式}，相差 {差}{单位}，与文字中所列 {组成} 相等，属表内未设栏目的组成项。请核实并书面说明。",
    "unread_part": "{处}“{名}”需核实：{式}，相差 {差}{单位}，与本表另列的 {组成} 相等，可能是其中未能识别的一项。请核实。",
    "subordinates.fail": "{处}各单位 {项} 之和与{总}数不符：{式}，相差 {差}{单位}（四舍五入允许 {容差}{单位}）。"
    "请核对；如有内部往来抵销，请说明。",
    "subordinates.offset": "{处}各单位 {项} 之和与{总}数相差 {差}{单位}：{式}；与上下级之间的补助或上缴 {组成} 相等，"
    "可能是内部往来抵销。请核实并说明。",
    "subordinates.pass": "各单位之和与{总}数相符（{项}）。",
    "subordinates.open": "各单位有未填或无法辨认的数，无法核对各单位之和（{项}）。",
    "subordinates.left_out": "{处}{总}数似漏计{单位名}一行：{项} 各栏，{式}。请核对并补计。",
    "subordinates.larger": "{处}{单位名}的{项}大于{总}数：{式}。请核对。",
    "subordinates.unclear": "表内有多个单位而没有写明汇总行，未作汇总核对。",
    "copies.fail": "{项} 在表内 {处数} 处填写不一致：{式}。请核实后统一。",
    "prose.differs": "{项}前后不一致：{式}，相差 {差}{单位}（四舍五入允许 {容差}{单位}）。请核实；如口径不同，请书面说明。",
    "prose.confirm": "{项}前后不一致：{式}，相差 {差}{单位}。请核实口径，并书面说明。",
    "prose.unit": "{项}在正文与表内所标单位不同而数字相当：{式}。请核对正文和表头的金额单位。",
    "prose.blank": "{项}在正文中写有数字，而表内对应的格子空白：{式}。请核对是否漏填。",
    "years.columns": "报告年度为 {年度} 年，而表内用来比较的是 {他年} 年的数，没有上一年的数。请核对栏目年份是否沿用了往年的表。",
    "prose.denied": "{项}：{式}，两处不一致。请核实后改为一致；如正文只说一部分，请写明。",
    "prose.pass": "正文所写{项}与表内相符。",
    "own": "“{名}”需核实：{项}。",
    "prose.clean": "正文所写相符。",
    "stale.review": "评分表中有往年的年份：报告年度为 {年度} 年，{项}。如属下发表式沿用旧稿，请更新表式。",
    "stale.pass": "评分表标题和评分标准中没有往年的年份。",
    "sections.fail": "正文{项}标题下没有内容。请补写；确无此项的，请写明“无”或“不涉及”。",
    "sections.pass": "正文各部分都有内容。",
    "sections.open": "正文多数标题下没有文字，可能是目录或要点，无法判断是否有漏写的部分。",
    "measured.review": "绩效目标和完成情况没有量化：{项}。请补填实际完成值或目标数。",
    "measured.pass": "量化的目标都写了实际完成值。",
    "tables.review": "报告中没有找到{项}。请核对是否漏附；漏附的，请按下发的表式补齐后重新报送。",
    "tables.pass": "表式要求的表都有。",
    "tables.open": "没有找到{项}，可能是文件不完整，也可能是表中数字未能识别，无法判断是否缺表；请人工核对。",
    "scope.pass": "三公经费本年与上年口径一致，可以比较：{式}。",
    "scope.open": "三公经费本年与上年口径不同或未写明，不作比较：{式}。如需比较，请补充同口径的数字。",
    "copies.open": "{项} 在同一张表内有 {处数} 处不同的数，不能确定哪一处为准，依赖它的核对暂不判断：{式}。请人工核对。",
    "unit.fail": "金额单位请核实：{处}标明单位为 {标明}，{式}，数值约为应有的 {倍} 倍；依据：{依据}。请更正单位或换算数字后重新报送。",
    "weights.fail": "评分表分值不符：{式}，相差 {差} 分。请对照下发的评分表恢复分值。",
    "weights.scale": "评分表分值合计为 {式}，与表内合计一致但不是 100 分。请确认评分表的满分。",
    "weights.level": "评分表“{项}”标明 {标明} 分，其下各项分值合计 {合计} 分，相差 {差} 分。请对照下发的评分表核对。",
    "weights.header": "评分表“{项}”前后标明的分值不一致：{式}。请对照下发的评分表核对。",
    "weights.pass": "评分表分值合计 {式}，相符。",
    "weights.outside": "评分表所列分值合计 {合计} 分，另有 {表外} 分为预算执行率等表外得分，共 100 分。",
    "weights.rest": "评分表所列分值合计 {合计} 分，差 {表外} 分；如另有预算执行率等表外得分，请在报告中列明，否则请更正分值。",
    "weights.blank": "评分表各项分值合计 {式} 分，“总分”行的分值没有填写，无法核对。请补填。",
    "weights.open": "评分表有未填或无法辨认的分值，无法核对合计：{缺}。",
    "score.fail": "评分表各项自评得分之和与总分不符：{式}，相差 {差} 分。请逐项核对后更正总分或分项得分，并同步更正综合得分和评价等次。",
    "score.pass": "评分表各项自评得分之和与总分相符：{式}。",
    "score.reading": "评分表各项自评得分与总分相符（{读法}）：{式}。",
    "score.rest": "{式}，相差 {差} 分；所列分值合计不足 100 分，如总分含预算执行率等表外得分，请列明，否则请更正。",
    "score.open": "评分表有未填或无法辨认的得分，无法核对总分：{缺}。",
    "score.blank": "评分表各项自评得分均未填，无法核对总分。",
    "score.no_total": "评分表没有填写总分，各项自评得分无从核对。请填写总分。",
    "subtotals.fail": "评分表“{项}”的{栏}为 {填报} 分，其上各项（{范围}）合计 {合计} 分，相差 {差} 分。请逐项核对后更正小计或分项。",
    "subtotals.pass": "评分表各处小计与其上各项之和相符。",
    "subtotals.open": "评分表“{项}”之上有未填、不适用或无法辨认的{栏}，未核对小计。",
    "bounds.over": "“{项}”自评得分 {得分} 高于分值 {分值}，超出 {差} 分。请对照评分标准更正。",
    "bounds.shared": "“{项}”合用 {分值} 分，自评得分合计 {得分}，超出 {差} 分。请对照评分标准更正。",
    "bounds.negative": "“{项}”自评得分 {得分} 为负数。扣完为止，最低 0 分，请更正。",
    "bounds.review": "“{项}”自评得分 {得分} 高于分值 {分值}；如属加分，请在表内注明加分依据。",
    "bounds.pass": "各项自评得分都在 0 与分值之间。",
    "bounds.open": "部分指标的分值或得分无法辨认，未能核对：{缺}。",
    "reasons.fail": "有 {数} 项扣了分而没有写扣分原因：{项}。请在“扣分原因”栏逐项说明。",
    "reasons.pass": "扣分的指标都写了原因。",
    "reasons.none": "没有扣分的指标。",
    "grade.fail": "综合得分 {得分} 分，按{依据}的区间应在另一等次，填报为“{等次}”。请核对得分与等次。",
    "grade.pass": "综合得分 {得分} 分与等次“{等次}”相符。",
    "grade.open": "缺少{缺}，无法核对等次。请补填。",
    "word.fail": "评价等次填写为“{等次}”，规定用语为：{用语}。请改用规定用语。",
    "word.pass": "评价等次用语规范。",
    "word.open": "评价等次未填。请按规定用语填写：{用语}。",
    "cells.review": "表内应填数 {总} 格：{计数}。{建议}",
    "cells.pass": "表内应填数 {总} 格，没有空白：{计数}。",
    "criteria.fail": "{处}“{项}”自评得分 {得分} 分，与本报告的数字按评分标准计算的结果不一致{说明}。请核对数字和得分，更正或书面说明。",
    "criteria.review": "{处}“{项}”自评得分 {得分} 分，按本报告的数字和评分标准不能得出{说明}。请核实口径或重新评分。",
    "criteria.under": "{处}“{项}”自评得分 {得分} 分，比按本报告的数字和评分标准计算的偏低{说明}。请留意核对。",
    "criteria.pass": "能够重算的指标，自评得分与评分标准相符。",
    "criteria.open": "以下指标缺少计算所需的数，无法按评分标准核对得分：{缺}。",
    "allowed.fail": "{处}“{项}”按评分标准{方式}，不会出现 {得分} 分。请对照评分标准重新评分，或书面说明。",
    "allowed.review": "{处}“{项}”按评分标准{方式}，各条分数相加不会出现 {得分} 分。请对照评分标准核实，或说明哪一条部分得分。",
    "allowed.pass": "自评得分都是评分标准可能出现的分数。",
    "known.review": "有 {数} 项得满分而报告中没有可供核对的数：{项}。请人工核对。",
    "asked.review": "有 {数} 项标准指标得满分而表式没有可供核对的栏目：{项}。请在表式中增列，或随报告附计算表。",
    "asked.pass": "得满分的标准指标，表式都有可供核对的栏目。",
    "known.pass": "得满分的标准指标都有数可核对。",
    "undefined.review": "比率的分母为 0，无法计算，而自评得满分：{项}。请核实评分依据。",
    "undefined.pass": "分母为 0 的比率没有得满分。",
    "inverse.review": "{处}“{项}”自评得分 {得分} 分，按评分标准相当于比率在 {区间}；而{另}。请核实。",
    "inverse.pass": "自评得分与报告中的比率相容。",
    "total.review": "能够重算的 {数} 项（{项}）按评分标准重算、其余照自评，综合得分约为 {区间} 分（{等次}），填报 {填报} 分。"
    "请审核人员参考，这不是复核结论。",
    "total.pass": "能够重算的 {数} 项按评分标准重算后，填报的综合得分 {填报} 分在重算区间 {区间} 内（{等次}）。",
    "points.review": "评分标准内的分数与分值不一致：{项}。请核对下发的评分表。",
    "points.pass": "评分标准内的分数与分值一致。",
    "unreadable.review": "有 {数} 项指标的评分标准没有写明怎样得分：{项}。请在表式中细化。",
    "unreadable.pass": "各项评分标准都写明了怎样得分。",
    "bands.review": "评分标准的分档有空档或重叠：{项}。请在表式中写明端点归属。",
    "bands.pass": "评分标准的各档首尾相接。",
    "split.review": "几项指标合用一个分值而没有写明怎样分配：{项}。请在表式中写明。",
    "split.pass": "合用分值的指标写明了怎样分配。",
    "signed.review": "签字、日期、意见栏需核对：{项}。{说明}",
    "signed.pass": "签字、日期、意见各栏都已填写。",
    "signed.copy": "本件不是盖章件，签字、日期、意见等栏有 {数} 处空白，以盖章件为准。",
    "execution.fail": "“{项}”的预算执行得分 {得分} 分，与表内写明的“执行率×分值”不符。请核对执行率、分值和得分后更正。",
    "execution.review": "“{项}”的预算执行得分 {得分} 分，按执行率乘以分值不能得出。请核对；当地另有计分办法的，请书面说明。",
    "execution.under": "“{项}”的预算执行得分 {得分} 分，低于执行率乘以分值。当地另有计分办法的不为错，请留意核对。",
    "execution.open": "预算执行得分已填，缺{缺}，无法核对。请补填。",
    "execution.pass": "预算执行得分与执行率、分值相符。",
    "rates.fail": "项目“{项}”的预算执行率与执行数、预算数不符：{式}。请核对。",
    "rates.open": "项目“{项}”的预算数或执行数为 0、空白或无法辨认，无法核对预算执行率。",
    "rates.pass": "各项目的预算执行率与执行数、预算数相符。",
    "numbering.review": "正文标题序号不连续：{式}。请检查是否有漏写的部分。",
    "numbering.gap": "绩效指标编号不连续：{式}。请检查是否漏写指标，或改正编号。",
    "numbering.goals": "绩效指标编号连续。",
    "numbering.pass": "正文标题序号连续。",
    "years.title": "报告年度为 {年度} 年，而{处}写的是 {他年} 年。请核对是否沿用了往年的表。",
    "years.pass": "封面、表题与报告日期的年度一致。",
    "years.date": "报告年度为 {年度} 年，报告日期为 {日期}，应在次年。请核对日期或年度。",
    "years.early": "报告年度为 {年度} 年，报告日期为 {日期}，在年度结束之前；请确认数字是否为全年数。",
    "years.open": "没有找到{缺}，无法核对年度。",
    "last_year.differs": "{式}，相差 {差}{单位}。请核对上年数；如系追溯调整，请说明原因。",
    "last_year.scope": "{项}的上年数与上年报告口径不同或有一处未写明，不作比较：{式}。",
    "last_year.pass": "报告所列上年数与上年报告相符（{项} 项）。",
    "change.differs": "正文写“{原文}”，与两年的数不符：{式}。请核对增减额、增减幅或比较的口径。",
    "change.pass": "正文所写{项}的增减与两年的数相符：{式}。",
    "targets.lowered": "与上年相比，绩效目标有所降低：{项}。请了解降低的原因。",
    "targets.pass": "与上年相同的绩效目标 {数} 项，没有降低。",
    "peers.outlier": "{项}（{式}）。请留意口径和人数是否填准。",
    "peers.pass": "{项}在同级单位的常见范围内。",
    "peers.score": "自评得分 {得分} 分，各项均为满分，居同级 {家} 家前列（中位数 {中} 分）。请抽查评分依据。",
    "peers.score_pass": "自评得分 {得分} 分，同级 {家} 家的中位数为 {中} 分。",
    "round.review": "{数} 项金额全是 10 万元的整数倍，可能是估列数。请对照账簿抽查。",
    "round.pass": "金额不全是整数。",
    "repeated.review": "有 {数} 项金额与上年分毫不差：{项}。请核对是否沿用了上年的数。",
    "repeated.pass": "本年与上年的金额不相同。",
    "resubmission": "与前次报送（{前次}）相比：已改正 {改正} 项；仍未改正 {仍有}；新出现 {新出}；没有要求而改动的数 {改动}。请逐项核对。",
    "identity.code": "预算编码前后不一致：{式}。请核对。",
    "identity.name": "单位名称前后不一致：{式}。请核对是否沿用了其他单位的表格或文字；属简称、更名的，请统一写法。",
    "identity.pass": "单位名称、预算编码前后一致。",
    "instructions.review": "报告中留有填写说明：{项}。如属下发表式所印，请更新表式；否则请删去。",
    "instructions.pass": "没有留下填写说明。",
    "placeholders.review": "报告中留有待填内容：{项}。请补填或删去。",
    "placeholders.pass": "没有留下待填内容。",
    "brackets.review": "括号、引号或书名号不成对：{项}。请核对是否漏字。",
    "brackets.pass": "括号、引号和书名号都成对。",
    "twice.review": "正文有重复的段落：{项}。请核对是否误贴。",
    "twice.cell": "同一段文字在两处相同：{项}。表式要求两处都写的，照录不为错；请审核人员留意是否写出了实际情况。",
    "twice.pass": "正文没有重复的段落。",
    "form.weight": "评分表“{项}”的分值为 {报告} 分，{来源}为 {表样} 分。请核对；经财政部门同意调整的，请说明。",
    "form.criterion": "评分表“{项}”的评分标准为“{报告}”，{来源}为“{表样}”。请核对；经财政部门同意调整的，请说明。",
    "form.many": "评分表有 {数} 项的分值或评分标准与{来源}不同：{项}。请核对是否用错了表样。",
    "form.rows": "评分表比{来源}少 {数} 项：{项}{另}。请核对是否删减或改换了指标。",
    "form.other": "评分表与{来源}只有 {数} 项（共 {总} 项）相同，可能是另一种表样，没有逐项核对。",
    "form.pass": "评分表与{来源}相同的 {数} 项，分值和评分标准没有改动。",
    "last_text.review": "正文多处沿用上年报告：{项}。请核对是否更新。",
    "last_text.pass": "正文与上年报告没有大段相同。",
    "echo.review": "正文与其他单位的报告有大段相同：{项}。可能同出一份材料，也可能互相抄用，请核实。",
    "echo.name": "正文与其他单位的报告有大段相同，且写有对方名称：{项}。请核实。",
    "echo.pass": "正文与其他单位的报告没有大段相同。",
    "same_scores.review": "评分表 {数} 项得分与上年完全相同，包括扣了分的 {扣} 项：{项}。请核对是否按本年情况评分。",
    "same_scores.pass": "评分表得分与上年不完全相同。",
    "quality.cost": "成本指标的目标写成下限：{项}。成本一般应写上限，请核对。",
    "quality.percent": "指标只写了百分比，看不出是什么的比率：{项}。请补充计算口径。",
    "quality.money": "数量指标只写了支付金额：{项}。请改用反映产出数量的指标。",
    "quality.twice": "同一指标既列在产出又列在效益：{项}。请核对。",
    "quality.survey": "写了满意度的实际值，而报告没有说明如何得出：{项}。请补充调查方式、份数等依据。",
    "quality.beneficiary": "满意度指标的对象在报告其他地方没有出现，可能沿用了其他单位的指标：{项}。请核对。",
    "quality.full": "评分表 {数} 项全部满分。请留意复核评分依据。",
    "quality.pass": "未发现此类问题。",
}


def render_message(rule: Rule, judgement: Judgement, place: str) -> str:
    """The sentence of one verdict. `place`: where it is, in words."""
    if judgement is NOT_APPLICABLE:  # half of all
        return SENTENCES["not_applicable"].format(名=rule.name)
    text = _template(rule, judgement).format_map(_Slots(rule, judgement, place))
    return f"{text}（{judgement.note}）" if judgement.note else text


def _template(rule: Rule, judgement: Judgement) -> str:
    say = judgement.say or judgement.verdict
    doubted = rule.failing == "review" and say == "review"
    if rule.message and (judgement.verdict == "fail" or doubted or say == "own"):
        return rule.message
    if say == "fail" and judgement.difference is None:
        say = "fail.plain"
    elif say == "fail" and not judgement.tolerance:
        say = "fail.exact"
    return SENTENCES[say]


class _Slots(dict[str, str]):
    """The slots of the check, then those of every sentence as they are asked for; one that nobody fills is left out."""

    def __init__(self, rule: Rule, judgement: Judgement, place: str) -> None:
        super().__init__(judgement.slots)
        if judgement.expression:
            self["式"] = judgement.expression
        self.setdefault("处", f"{place}：" if place else "")
        self.rule, self.judgement = rule, judgement

    def __missing__(self, key: str) -> str:
        rule, judgement = self.rule, self.judgement
        match key:
            case "名":
                return rule.name
            case "差":
                return plain(abs(judgement.difference)) if judgement.difference is not None else ""
            case "容差":
                return plain(trimmed(judgement.tolerance)) if judgement.tolerance is not None else "0"
            case "单位":
                return f" {judgement.unit}" if judgement.unit else ""
            case "建议":
                return rule.advice or _ADVICE[judgement.severity or rule.severity]
            case _:
                return ""
