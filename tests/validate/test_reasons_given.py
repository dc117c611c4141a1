"""What a report explains itself is not asked about: reasons, parts, budgets, others' faults. The unexplained still is."""

from __future__ import annotations

import pytest

from gouji.model.finding import Finding
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, GoalLine, ScoreLine
from gouji.validate import validate_report
from gouji.validate.context import Context, Template
from gouji.validate.examples import build_report
from gouji.validate.form_rows import rows_of_form

RULES = load_patterns().rules
NAMES = {name: concept for concept, name in RULES.names.items()}
PROBLEMS = "五、存在的主要问题"
STAFF = "控制率不高于100%得5分；每高出1个百分点扣0.5分，扣完为止。"


def findings(rule: str, figures: dict[str, str] | None = None, **more: object) -> list[Finding]:
    """Figures by Chinese name, a stage or year behind it in brackets."""
    report = build_report(Example("pass", by_concept(figures or {}), **more))  # type: ignore[arg-type]
    return [finding for finding in validate_report(report, RULES)[0] if finding.rule == rule]


def by_concept(figures: dict[str, str]) -> dict[str, str]:
    parts = [(key.partition("["), text) for key, text in figures.items()]
    return {NAMES[name] + bracket + rest: text for (name, bracket, rest), text in parts}


def verdict(rule: str, figures: dict[str, str] | None = None, **more: object) -> str:
    (found,) = findings(rule, figures, **more)
    return found.verdict


def line(name: str, weight: str, score: str, **more: str) -> ScoreLine:
    return ScoreLine(name, weight, score, **more)  # type: ignore[arg-type]


# --- X9: a problem denies a claim only where it is the claim's own, of this year, still there, and not allowed ------------


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        ("部分业务费超出了年初预算。", "review"),
        ("公务接待费超预算1.2%。", "pass"),
        ("往年曾有一笔修缮费超出预算，本年度已整改到位。", "pass"),
        ("2019年绿化支出超预算。", "pass"),
        ("抢险支出超出预算，系按程序追加。", "pass"),
        ("道路工程超出预算工期。", "pass"),
    ],
)
def test_problems_that_deny_a_claim(problem: str, expected: str) -> None:
    sections = ("一、概况 | 全年各项支出无超支。", f"{PROBLEMS} | {problem}")
    assert verdict("X9", sections=sections) == expected


@pytest.mark.parametrize(
    ("reason", "expected"), [("", "review"), ("控制率106%，超2人", "review"), ("借调手续不全", "pass")]
)
def test_points_off_for_another_reason_deny_no_claim(reason: str, expected: str) -> None:
    rows = (line("财政供养人员控制率", "5", "4", reason=reason),)
    assert verdict("X9", text="本中心未超编。", rows=rows) == expected


# --- X10 ----------------------------------------------------------------------------------------------------------------


def test_points_off_in_one_row_answer_for_a_problem_that_two_rows_share() -> None:
    sections = ("一、概况 | 主管园林。", f"{PROBLEMS} | 内控制度还不够健全。")
    full = (line("管理制度健全性", "3", "3"), line("资产管理制度健全性", "2", "2"))
    assert verdict("X10", sections=sections, rows=full) == "review"
    assert verdict("X10", sections=sections, rows=(line("管理制度健全性", "3", "2"), full[1])) == "pass"


@pytest.mark.parametrize(
    "problem",
    ["三公经费超出预算。", "设备闲置的情况已得到解决。", "辖区企业设备闲置较多。", "各单位资产利用率不高。"],
)
def test_solved_problems_and_those_of_others_cost_no_points(problem: str) -> None:
    sections = ("一、概况 | 主管园林。", f"{PROBLEMS} | {problem}")
    rows = (line("固定资产利用率", "3", "3"), line("三公经费变动率", "5", "5"))
    assert verdict("X10", sections=sections, rows=rows) in ("pass", "not_applicable")


# --- X7 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "text", "expected"),
    [
        ("修剪行道树900株", "全年修剪行道树850株。全年共修剪行道树850株。", "review"),
        ("修剪行道树900株", "全年修剪行道树850株。应急修剪行道树70株。", "pass"),
        ("新栽行道树90株", "新栽行道树60株，补植35株，合计95株。", "not_applicable"),
        ("来信按期答复率100%", "全年来信按期答复率96.4%。", "review"),
        ("来信按期答复率100%", "来信按期答复率由96.4%提高到100%。", "not_applicable"),
        ("来信按期答复率100%", "上半年来信按期答复率96.4%。", "not_applicable"),
        ("来信按期答复率100%", "2020年来信按期答复率96.4%。", "not_applicable"),
    ],
)
def test_what_the_text_tells_of_a_target_reported_as_met(target: str, text: str, expected: str) -> None:
    goals = (GoalLine("数量指标", f"指标1：{target}", "达标"),)
    assert verdict("X7", goals=goals, text=text) == expected


# --- N4 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每月召开一次养护例会，全年召开养护例会8次。", "review"),
        ("每月召开一次养护例会，其中四个月因防汛暂停，全年召开养护例会8次。", "pass"),
        ("原则上每月召开一次养护例会，全年召开养护例会8次。", "pass"),
    ],
)
def test_a_promise_with_its_exception(text: str, expected: str) -> None:
    assert verdict("N4", text=text) == expected


# --- T1 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（简要说明原因及改进思路）苗木成活率偏低。", "review"),
        ("填表要求：请逐项填写，不得空行。", "review"),
        ("此处填写成效，不少于200字。", "review"),
        ("填报说明：数据截至十二月末。", "pass"),
        ("（具体说明见附件二）", "pass"),
        ("（重点分析了枯死原因）", "pass"),
    ],
)
def test_instructions_and_explanations(text: str, expected: str) -> None:
    assert verdict("T1", text=text) == expected


# --- A4, X1 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年初结转18.00万元已由财政收回。", "review"),
        ("结余18.00万元按规定上缴国库。", "review"),
        ("年初结转17.00万元已由财政收回。", "fail"),
        ("", "fail"),
    ],
)
def test_money_taken_back_closes_the_balance(text: str, expected: str) -> None:
    figures = {
        "收入合计": "318.00",
        "支出合计": "290.00",
        "上年结转": "18.00",
        "当年结余": "10.00",
        "累计结余": "10.00",
    }
    assert verdict("A4", figures, text=text) == expected


def test_an_amount_of_which_only_a_part_is_told_is_no_copy_of_the_whole() -> None:
    figures = {"固定资产合计": "96.00", "在用固定资产": "93.00", "出租固定资产": "3.00"}
    assert verdict("X1", figures, text="固定资产有3万元出租。", prose=by_concept({"固定资产合计": "3万元"})) != "fail"
    assert verdict("X1", figures, text="固定资产有3万元。", prose=by_concept({"固定资产合计": "3万元"})) == "fail"


# --- S1, S3, S5, S9 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("编制20名，实有23名。", "review"),
        ("编制20名，实有23名，无编外人员。", "review"),
        ("编制20名，实有23名，其中劳务派遣3名。", "not_applicable"),
        ("实有23名（含返聘人员3名）。", "not_applicable"),
        ("在职人员中3名为当年军转干部，实有23名。", "not_applicable"),
    ],
)
def test_heads_that_the_report_says_do_not_count(text: str, expected: str) -> None:
    rows = (line("财政供养人员控制率", "5", "5", criterion=STAFF),)
    figures = {"人员编制": "20", "实有人数": "23"}
    assert verdict("S1", figures, rows=rows, text=text) == expected
    assert verdict("S9", figures, rows=rows, text=text) == expected


def test_budgets_of_two_years_alone_decide_no_change_of_accounts() -> None:
    rows = (line("三公经费变动率", "5", "5", criterion="变动率不高于0得5分；每高出1个百分点扣0.5分，扣完为止。"),)
    budgets = {"三公经费合计[年初预算]": "4.00", "三公经费合计[2020][年初预算]": "3.00"}
    accounts = {"三公经费合计": "4.00", "三公经费合计[2020]": "3.00"}
    assert verdict("S1", accounts, rows=rows) == "fail"
    assert not [f for f in findings("S1", budgets, rows=rows) if f.verdict in ("fail", "review")]


@pytest.mark.parametrize(
    ("score", "current", "expected"), [("3", "6.00", "review"), ("2", "6.00", "pass"), ("3", "0", "pass")]
)
def test_a_balance_is_not_none_whatever_last_years_was(score: str, current: str, expected: str) -> None:
    criterion = "无结余得3分；有结余但不超过上年结转得2分；超过上年结转得0分。"
    figures = {"当年结余": current, "累计结余": "6.00", "上年结转": ""}
    assert verdict("S1", figures, rows=(line("资金结余", "3", score, criterion=criterion),)) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("", "review"), ("执行不够好", "review"), ("第②条执行扣0.5分", "pass"), ("③部分得分", "pass")],
)
def test_part_of_an_items_points_with_its_item(reason: str, expected: str) -> None:
    criterion = "①制度齐全，1分；②执行到位，1分；③检查有记录，1分。"
    rows = (line("管理制度健全性", "3", "2.5", criterion=criterion, reason=reason),)
    assert [f.verdict for f in findings("S3", rows=rows)] == ([expected] if expected == "review" else ["pass"])


def test_a_goal_that_tells_the_rate_stands_for_the_row() -> None:
    criterion = "95%（含）以上得5分；85%（含）至95%得3分；低于85%不得分。"
    rows = (line("服务对象满意度", "5", "5", criterion=criterion),)
    told = (GoalLine("服务对象满意度", "指标1：服务对象满意度≥95%", "96.3%"),)
    assert verdict("S5", rows=rows) == "review"
    assert verdict("S5", rows=rows, goals=told) == "pass"


@pytest.mark.parametrize(
    ("lead", "amount", "told"),
    [
        ("一般公共预算支出230.00万元，其中基本支出150.00万元，", "80.00", False),
        ("一般公共预算支出230.00万元，其中基本支出150.00万元，", "95.00", True),
        ("全年", "80.00", True),
    ],
)
def test_what_one_source_paid_is_less_than_the_whole(lead: str, amount: str, *, told: bool) -> None:
    figures = {"支出合计": "240.00", "基本支出": "150.00", "项目支出": "90.00"}
    said = {"项目支出": f"{amount}万元"}
    found = findings("X1", figures, text=f"{lead}项目支出{amount}万元。", prose=by_concept(said))
    assert any(f.verdict == "fail" for f in found) is told


# --- T5 -----------------------------------------------------------------------------------------------------------------


def test_rows_that_the_form_leaves_to_the_unit_hide_no_change_of_the_others() -> None:
    form = (
        line("控制率", "5", "", criterion="每高出1个百分点扣0.5分。"),
        line("变动率", "5", "", criterion="每高出1个百分点扣0.4分。"),
        line("安排率", "5", "", criterion="每低1个百分点扣0.3分。"),
        line("实绩完成情况", "85", "", criterion="各单位结合实际细化为个性化指标。"),
    )
    own = line("行道树成活率", "85", "85", criterion="达到90%得满分。")
    kept = tuple(line(row.name, row.weight, row.weight, criterion=row.criterion) for row in form[:3])
    softened = (line("控制率", "5", "5", criterion="每高出1个百分点扣0.05分。"), *kept[1:])
    assert in_context("T5", form, (*kept, own)) == ["pass"]
    assert in_context("T5", form, (*softened, own)) == ["review"]
    assert in_context("T5", form, (*kept[1:], own)) == ["review"]


def in_context(rule: str, form: tuple[ScoreLine, ...], rows: tuple[ScoreLine, ...]) -> list[str]:
    issued = Template("表样", rows_of_form(build_report(Example("pass", {}, rows=form))), given=True)
    report = build_report(Example("pass", {}, rows=rows))
    found, _ = validate_report(report, RULES, context=Context(template=issued))
    return [finding.verdict for finding in found if finding.rule == rule]
