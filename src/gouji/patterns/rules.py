"""rules/*.yml and grades.yml → frozen rule sets.

    rule_set: default                     a file's rules belong to one set; a set may inherit another
    rules:
      - id: A3
        name: 基本支出等于人员支出加公用支出
        formula: 基本支出 = 人员支出 + 公用支出
        severity: hard

A rule says what it checks in exactly one way:

    formula       one formula
    alternatives  several readings: passes where any closes; a reading may be marked `verdict: review`
    each          several formulas, a finding each
    bands         value → result by a table of grades
    when, then    a condition and what follows
    check         the name of a registered check, for what no formula can say
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from gouji.model.finding import Audience, Basis, Severity, Verdict
from gouji.patterns.criteria import StandardIndicator, load_criteria
from gouji.patterns.formula import Band, Expr, Ref
from gouji.patterns.lexicon import Lexicon, read_lexicon
from gouji.patterns.source import read_source

if TYPE_CHECKING:
    from gouji.patterns.rules_reader import RuleReader
    from gouji.patterns.source import Problems

Mode = Literal["any", "each", "bands", "check"]
Blank = Literal["zero", "zero_with_note", "unknown"]
Scope = Literal["entity", "report"]
# What a rule may need beyond the report itself: last year's record, what finance holds, the other units' figures, the
# blank form, the texts of the other reports, what the unit submitted before.
NEEDS = ("上年", "参照", "同级", "表样", "他文", "前次")
# What a rule may name under `check:`, and what that means to people.
CHECKS: dict[str, str] = {
    "altered_form": "评分表逐行与下发的表样（未提供时以五分之四报告相同的内容为准）比较；增补的文字、留空的内容、年份不计；未改动的不足六成的不判断",
    "beneficiary": "满意度指标所问的对象，须在报告其他地方出现过；没有文字说明的报告不判断",
    "brackets": "括号、书名号、引号成对；全角半角视为相同，“1）”一类序号除外；隔段配对的不算",
    "last_year_copies": "报告所列上年数须与上年报告的同一数据、同一口径相符",
    "lowered_targets": "与上年同一目标（或改了名称的同一目标）相比，目标数不应无故降低",
    "per_capita": "人均数与同级单位比较：取对数后按中位数和绝对中位差计算，且为中位数的两倍以上或一半以下才提出；同级不少于 8 家；全报告一行",
    "repeated_figures": "与上年完全相同的金额达到三项的，请核对是否沿用",
    "resubmission": "重报与前次报送比较：已改正、仍未改正、新出现的问题，以及没有要求却改动的数",
    "round_figures": "各项金额全是整数的，请核对是否为估列数",
    "score_inflation": "得分居同级前列而没有一项扣分的，请留意",
    "stated_changes": "正文所写“比上年增长（下降）”的幅度须与两年的数相符",
    "cells_by_state": "按有数、0、写明无、空白、无法辨认、不公开分别计数，全报告一行",
    "compared_years": "表内与本年并列的往年数应是上一年的；只有前年的数而没有上年的，年份疑未更新",
    "copies": "同一数据在几张表中都填了的，须一致；不一致时，依赖它的规则暂不判断",
    "cost_direction": "成本指标写成“不低于”多少金额的，请核实；节约额、降低额和比率除外",
    "criterion_allowed": "分档、逐条、按次扣分的评分标准只会出现有限的几种得分，自评得分须是其中之一",
    "criterion_asked": "得满分的标准指标，表式须有计算它的数的栏目；表式没有的，是表式的问题，不逐家提出",
    "criterion_bands": "评分标准的各档之间没有空档和重叠；全报告一行",
    "criterion_inverse": "自评得分按评分标准反推比率所在的区间，与本表算出的、正文或扣分原因写明的比率比较",
    "criterion_known": "得满分的标准指标，表式有栏目的须填有计算它的数；全报告一行",
    "criterion_points": "评分标准内的分数加起来（或最高一档）等于分值；加分、扣分项和合用分值的几行不比",
    "criterion_scores": "有标准指标、比率可由本表算出、评分标准可读的，按评分标准的三种读法重算；三种都不合才提出；口径不明的只请核实",
    "criterion_scores_prior": "要有上年的报告才能算出比率的标准指标（变动率），按评分标准重算",
    "criterion_split": "几个指标合用一个分值的，评分标准须写明怎样分配；全报告一行",
    "criterion_total": "能重算的指标用重算的得分区间，其余用自评得分，合计后看等次是否会变",
    "criterion_undefined": "分母为 0 或没有的比率不应得满分；全报告一行",
    "criterion_unreadable": "评分标准须写明怎样得分；定性、折算、填写说明不算；全报告一行",
    "deduction_reasons": "得分低于分值的指标须有扣分原因；合用一个分值的几行，有一行写了即可；全报告一行",
    "echoes": "与其他单位报告连续 60 字以上相同的正文（职责、机构人员、政策依据，五家以上都有的文字不计）；只告知财政部门",
    "empty_sections": "正文每个标题下都有内容；写明涉密、标题下是表格、目录或条目的不算",
    "execution_scores": "预算执行得分等于分值乘以执行率（最高按 100%），四舍五入、截位均可；执行率按所填数或按两数相除，有一种相符即可；"
    "表内写明这一算法的为不符，没有写明的只请核实，偏低的只提示",
    "project_rates": "各项目的预算执行率等于全年执行数除以全年预算数（没有全年预算数的用年初预算数）；四舍五入、截位、以小数填列均可",
    "full_marks": "八项以上的评分表每项都得满分",
    "goal_numbering": "同一类绩效指标的编号（指标1、指标2……）不跳号；从“1”重新开始的另计",
    "grade_words": "等次须是本地区规定的用语",
    "identity": "封面、签字栏等处的单位名称（全称、简称视为相同）和预算编码须一致",
    "instructions": "正文和表内不应留有填写说明、字数要求、示例",
    "last_years_text": "正文一半以上与上年报告相同，或有三处以上连数字也相同；职责、机构人员等不计",
    "measured_values": "目标写了数的，完成情况也须是数，不能只写“达标”；数量、满意度指标须写明目标数；全报告一行",
    "money_as_quantity": "数量指标不应只写支付金额",
    "numbering": "正文一、二、三……不跳号；从“一”重新开始的另计",
    "percentage_base": "写百分比的指标须看得出是什么的比率",
    "placeholders": "正文和表内不应留有 XX、____、【】、“下降（增长）”等待填内容",
    "prose_amounts": "正文写的数与表内同一要素、年度、阶段、口径的数相符，按双方印出的位数比较；只差单位的归金额单位规则；部分数不比较",
    "repeated_paragraphs": "正文两处有同一段 40 字以上的文字；表内长文字与正文、完成情况与目标相同的另列一条，只供审核人员留意",
    "required_tables": "表式要求的表都有；文件中有未能识别的数字时不作判断",
    "sign_offs": "签字、日期、意见各栏是否填写，只核对盖章件（按文件名），财政部门的栏不核对；填写的日期须有这一天，且不早于年末；全报告一行",
    "same_indicator": "同一指标不应同时列在产出和效益下",
    "same_scope": "两年的三公经费口径相同才可比较；口径不同或未写明的不作比较",
    "same_scores": "各项得分与上年完全相同，且其中两项以上扣了分",
    "score_bounds": "每项得分在 0 与分值之间；合用一个分值的几行合并计算",
    "score_total": "各项得分之和等于总分；加分、扣分、封顶、不适用项折算、表外得分（预算执行率）中有一种算法相符即可",
    "stale_amounts": "正文写作上一年度的两个以上金额恰为表内本年数、又没有另写本年数的，年份疑未更新",
    "stale_years": "评分标准和评分表标题中不应有往年的年份；比较基期、规划期间、文件名称和“以来”等除外",
    "subordinates": "汇总行等于各单位之和；差额恰为上下级之间的补助或上缴时，请核实抵销；有单位没有这一栏的，只看三公经费、资产有无单位大于汇总",
    "subtotals": "小计等于其上各项之和；小计管到哪几行，按上一处小计以下、同一级指标以下各种读法，有一种相符即可",
    "survey": "写明满意度实际值的，报告中须提到调查、问卷、回访等方式；没有文字说明的报告不判断",
    "unit_of_money": "表头单位与数字相差一万倍的，须有两个旁证（正文所写金额、人均支出、其他表）才提出",
    "prose_acquired": "正文写有本单位本年新购公务用车辆数、因公出国团组数的，表内须有金额；计划、往年、所属单位、租用的不算",
    "prose_lists": "“包括、由……构成”所列各项须与所写金额相符；写有“等、其余、其中”的不判断",
    "prose_rates": "预算（计划）与实际同句相邻的，执行率、完成率、节约数须相符；与报告中任一金额相符即可",
    "prose_change": "句中写有两年金额和增减幅度的，幅度须与金额相符；四舍五入、截位均可，有一种算法相符即可",
    "prose_claims": "正文称三公经费、支出控制在预算内或只减不增的，与表内数字、评分表得分和存在的问题核对",
    "prose_frequency": "正文写明每月、每季度等频次的，与同段所写全年次数核对；年中起算的除外",
    "prose_goals": "预期目标的各条在完成情况和正文中都有提及",
    "prose_grim": "问卷、抽查的比率须能由所写份数、人数得出；均值、综合值除外",
    "prose_met": "目标均写“达标”的，评分表同名指标不应又无理由扣分",
    "prose_measured": "写“达标”或得满分的，实际数不低于目标数；越少越好的反之",
    "prose_points": "正文列出各部分得分和总分的，各部分须加得总分；写有加分、扣分、折算的不判断",
    "prose_problems": "“存在的问题”写到的事项，评分表中相应指标不应得满分",
    "prose_ratios": "办结率、合格率等与同句所写件数相符；四舍五入、截位均可",
    "prose_repeats": "正文前后所写同一事项的数一致；不同时期、分项、计划数除外",
    "prose_shares": "句中写明合计和“其中”的，各项占比须与金额相符；与报告中任一合计相符即可，四舍五入、截位均可",
    "prose_dates": "正文里不存在的日期，以及止早于起的起止时间；没有写年份的 2 月 29 日不算",
    "prose_denied": "正文写明没有发生的三公经费、支出，表内对应的格子不应有数；只说本级、往年、其中一部分的不算",
    "prose_enumerated": "“以下五项工作：一是……”写明的项数与其后所列的项数；列中有列、末项另有说法（选项 more）的不算",
    "prose_splits": "总数与所列各类（选项 families 互不重叠、whole 合起来就是全部、alike 同类量词）；short 的只列少于总数而可能另有一类的",
    "prose_strangers": "以本单位口吻写加强预算、绩效、财务管理的句子，写的应是本单位；建议他人的、本单位简称、报告中另有写到的单位不算",
    "prose_sums": "表内没有的数，正文同一段写明合计和各项的，按表内同样的公式核对；只写一种资金来源、往年、本级的不算",
    "prose_twice": "表内没有的数，正文两处写法不同的；其中项、所属单位、年初和往年的数除外",
    "prose_targets": "一句中写明计划数、实际数和“超额完成”等结论的，结论与两数相符",
    "prose_units": "同句金额只差元与万元即可相加的、括号内换算不符的、一数两单位的",
    "prose_wholly": "正文称年度目标全部完成的，完成情况栏的数不低于目标数；越少越好的不比",
    "weights": "分值合计 100（表外得分另计）；一、二级指标所标分值等于其下分值之和；重复的表头前后一致",
    "years": "标题的年度与报告年度一致，报告日期在次年",
}


class Reading(msgspec.Struct, frozen=True):
    """One way to read a rule: its formula, what it names, and what closing under it means.

    `unless`: concepts, perhaps with a stage (budget.total[全年预算]); where the form has a column for one of them this reading is none.
    """

    formula: Expr
    source: str
    refs: tuple[Ref, ...]
    verdict: Literal["pass", "review"] = "pass"
    note: str = ""
    unless: tuple[str, ...] = ()
    mark: str = ""


class GoalLine(msgspec.Struct, frozen=True):
    """A goal in an example: 类别, 绩效目标, 完成情况."""

    kind: str
    target: str
    result: str = ""


class ScoreLine(msgspec.Struct, frozen=True):
    """A row of the scoring table in an example: 三级指标, 分值, 自评得分, 扣分原因; `share` rows share one weight cell."""

    name: str
    weight: str
    score: str
    reason: str = ""
    level1: str = ""
    share: int = 1
    criterion: str = ""


class SignLine(msgspec.Struct, frozen=True):
    """A place to sign, to date or to comment in an example: 签字、日期、意见, its label, what stands there."""

    kind: Literal["signature", "date", "opinion"]
    label: str
    value: str = ""
    bureau: bool = False


class Example(msgspec.Struct, frozen=True):
    """What a rule must say of a small invented report. Figures: concept → printed text (缺: the form's table has no such cell).

    Sections: `一、标题 | 文字`. `last_year`, `reference`: figures of 上年 and 参照; `last_year_text`, `last_year_rows` its narrative
    and scoring rows. `form_rows`: the blank form's scoring rows. `other_text`: another unit's narrative.
    `peers`: what is measured → values of all units. `before`: the figures of the earlier submission. `source`: the name of the file.
    A figure's or a sentence's brackets may name a stage, a year or a scope.
    """

    verdict: Verdict
    figures: dict[str, str]
    unit: str = "万元"
    rows: tuple[ScoreLine, ...] = ()
    entities: dict[str, dict[str, str]] = {}
    prose: dict[str, str] = {}
    titles: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    text: str = ""
    names: tuple[str, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    year: int = 2021
    date: str = ""
    difference: str | None = None
    last_year: dict[str, str] | None = None
    last_year_rows: tuple[ScoreLine, ...] = ()
    last_year_goals: tuple[GoalLine, ...] = ()
    reference: dict[str, str] | None = None
    last_year_text: str = ""
    form_rows: tuple[ScoreLine, ...] = ()
    other_text: str = ""
    peers: dict[str, tuple[str, ...]] | None = None
    before: dict[str, str] | None = None
    projects: dict[str, dict[str, str]] = {}
    signed: tuple[SignLine, ...] = ()
    source: str = ""
    mark: str = ""


class Rule(msgspec.Struct, frozen=True):
    """One cross-check. `source` is the formula as written, for people. Concepts stand as ids.

    `needs`: what beyond the report itself it speaks of (上年, 参照, 同级, 表样, 他文, 前次); without that it is not run.
    `failing`: what a comparison that does not hold means: an error, or a thing to look at. `measures`: a name → the figure, and
    what it is divided by, first the one preferred. `words`: concept → how sentences call it.
    `mark`: file:line of the entry; `marks`: file:line:column of each of its keys.
    """

    id: str
    version: str
    name: str
    mode: Mode
    readings: tuple[Reading, ...]
    source: str
    severity: Severity
    audience: Audience
    scope: Scope
    waivable: bool
    blank: Blank
    check: str | None = None
    open_if_blank: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    residual: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    message: str = ""
    advice: str = ""
    basis: Basis | None = None
    affects: tuple[str, ...] = ()
    accepted_reasons: tuple[str, ...] = ()
    options: dict[str, tuple[str, ...]] = {}
    needs: tuple[str, ...] = ()
    failing: Literal["fail", "review"] = "fail"
    measures: dict[str, tuple[str, ...]] = {}
    words: dict[str, tuple[str, ...]] = {}
    examples: tuple[Example, ...] = ()
    mark: str = ""
    marks: dict[str, str] = {}


class Grade(msgspec.Struct, frozen=True):
    """A grade word with its interval of scores and the words that mean the same."""

    name: str
    band: Band
    aliases: tuple[str, ...] = ()


class GradeSet(msgspec.Struct, frozen=True):
    """The grades of a region, best first."""

    name: str
    grades: tuple[Grade, ...]
    basis: Basis | None = None

    def find(self, word: str) -> Grade | None:
        """The grade a word means, by its name or an alias."""
        return next((grade for grade in self.grades if word == grade.name or word in grade.aliases), None)


class RuleSet(msgspec.Struct, frozen=True):
    """The rules in force, in catalogue order, the grades and the standard indicators they refer to. `names`: concept id → Chinese name.

    `yearly`: the years whose reports other rules of the same set hold for. `sets`: every set of the folder.
    """

    name: str
    rules: tuple[Rule, ...]
    grades: GradeSet
    names: dict[str, str] = {}
    indicators: tuple[StandardIndicator, ...] = ()
    year: int | None = None
    yearly: dict[int, RuleSet] = {}
    sets: tuple[str, ...] = ()
    lexicon: Lexicon = Lexicon()

    def of_year(self, year: int | None) -> RuleSet:
        """The rules that hold for a report of a year."""
        return self.yearly.get(year, self) if year is not None else self

    @property
    def title(self) -> str:
        """The set and its year, for people."""
        return self.name if self.year is None else f"{self.name}（{self.year} 年度）"

    def rule(self, rule_id: str) -> Rule:
        """A rule by id; KeyError where there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


NO_GRADES = GradeSet("", ())


def load_rules(
    folder: Path, names: Mapping[str, str], problems: Problems, *, rule_set: str = "default", region: str = "default"
) -> RuleSet:
    """Compile `folder`/rules/*.yml and `folder`/grades.yml. `names`: Chinese name or alias → concept id.

    Every error goes to `problems` as file:line (formulas: file:line:column). Unknown names are errors; an unknown
    `rule_set` raises UsageError. `region`: whose grades hold where the set names none.
    """
    from gouji.patterns.grades_reader import read_grades  # noqa: PLC0415 - a cached rule set needs no grammar

    reader = read_rules(folder, names, problems)
    layers = reader.layers
    layers.require(rule_set)
    grades: dict[str, GradeSet] = {}
    if (folder / "grades.yml").is_file():
        grades = read_grades(read_source(folder / "grades.yml", problems, "grades.yml").as_mapping())
    whole = RuleSet(
        rule_set,
        (),
        NO_GRADES,
        _first_names(names),
        load_criteria(folder, reader.names, problems),
        sets=tuple(layers.names),
        lexicon=read_lexicon(folder, problems),
    )

    def build(year: int | None) -> RuleSet:
        named, mark = layers.region(rule_set, year) or (region, "grades.yml:1")
        if named not in grades and (grades or named != "default"):
            problems.add(mark, f"没有地区 {named!r} 的等次；可用：{'、'.join(grades)}")
        rules = tuple(sorted(layers.effective(rule_set, year), key=_catalogue_order))
        return msgspec.structs.replace(whole, rules=rules, grades=grades.get(named, NO_GRADES), year=year)

    yearly = {year: build(year) for year in layers.years(rule_set)}
    return msgspec.structs.replace(build(None), yearly=yearly)


def read_rules(folder: Path, names: Mapping[str, str], problems: Problems) -> RuleReader:
    """Every rule file of a folder, .yml and .xlsx; its `layers` hold the rules."""
    from gouji.patterns.rule_sheet import read_rule_sheets  # noqa: PLC0415 - as above
    from gouji.patterns.rules_reader import RuleReader  # noqa: PLC0415

    reader = RuleReader(names, problems)
    for path in sorted((folder / "rules").glob("*.yml")):
        reader.read_file(read_source(path, problems, f"rules/{path.name}").as_mapping())
    for path in sorted((folder / "rules").glob("*.xlsx")):
        if not path.name.startswith("~$"):  # the lock of a workbook that is open
            for root in read_rule_sheets(path, problems, f"rules/{path.name}"):
                reader.read_file(root)
    reader.layers.check()
    return reader


def _first_names(names: Mapping[str, str]) -> dict[str, str]:
    """Concept id → its first (official) name."""
    first: dict[str, str] = {}
    for name, concept in names.items():
        first.setdefault(concept, name)
    return first


_CATALOGUE = "AXYFSGCINPDTR"


def _catalogue_order(rule: Rule) -> tuple[int, int, str]:
    """A1, A2 … A10a, A10b, A11, X2 …: the order of the catalogue."""
    digits = "".join(char for char in rule.id[1:].partition("-")[0] if char.isdigit())
    letter = rule.id[:1]
    return (_CATALOGUE.find(letter) if letter in _CATALOGUE else len(_CATALOGUE), int(digits or 0), rule.id)


def concept_names(concepts: Iterable[tuple[str, str, tuple[str, ...]]]) -> dict[str, str]:
    """(id, name, aliases) … → the `names` that `load_rules` takes, official names first."""
    entries = list(concepts)
    names = {name: concept for concept, name, _ in entries}
    for concept, _, aliases in entries:
        for alias in aliases:
            names.setdefault(alias, concept)
    return names
