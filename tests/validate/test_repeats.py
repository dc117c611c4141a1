"""D1 … D4: what is written twice, here, last year and elsewhere; T5: what was changed on the form."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model.finding import Finding
from gouji.model.report import Goal, Report, Section, TextLine
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, ScoreLine
from gouji.validate import validate_report
from gouji.validate.clauses import clauses_of, forms_of, hash_text, mask_names, narrated, run_text, shared_runs
from gouji.validate.context import Compared, Context, Echo, Template
from gouji.validate.echo_index import EchoIndex
from gouji.validate.examples import build_report
from gouji.validate.form_rows import criterion_key, rows_of_form, shared_rows

RULES = load_patterns().rules
DONE = (
    "全年修整绿道十二公里，补植乔木三百余株，更换破损座椅，公园晨练区域新增照明，夜间出行更加方便。"
    "养护班组按月排班，主干道每日保洁两次，节假日增派人手，树木倒伏的情况当天处置完毕。"
)
OTHER = (
    "库区移民后扶项目逐村公示，工程变更须经监理签认，隐蔽工程留存影像，结算资料装订成册后归档。"
    "移民户回访中反映的饮水问题列入整改清单，村组干部逐户销号，冬修期间完成渠道清淤。"
)
COMMON = "区财政部门统一布置自评工作，各单位成立评价小组，对照指标逐项打分，形成自评报告并按时报送。"


def told(
    text: str, unit: tuple[str, str] = ("云溯区园林局", "102001"), title: str = "主要成效", year: int = 2021
) -> Report:
    """A report of one section."""
    plain = build_report(Example("pass", {}, year=year))
    return msgspec.structs.replace(
        plain, unit_name=unit[0], budget_code=unit[1], sections=(Section("一", title, "p10", text),)
    )


def judge(report: Report, rule: str, context: Context) -> list[Finding]:
    findings, _ = validate_report(report, RULES, source="本单位.docx", context=context)
    return [finding for finding in findings if finding.rule == rule]


def one(report: Report, rule: str, context: Context) -> Finding:
    (found,) = judge(report, rule, context)
    return found


# --- clauses ------------------------------------------------------------------------------------------------------------


def test_a_clause_is_the_same_with_other_digits_and_another_own_name() -> None:
    mine = clauses_of(
        narrated(told("云溯区园林局召开现场会6次，区园林局梳理问题12个。")), mask_names(forms_of("云溯区园林局"))
    )
    theirs = clauses_of(
        narrated(told("云溯区水利局召开现场会9次，区水利局梳理问题30个。")), mask_names(forms_of("云溯区水利局"))
    )
    assert [clause.masked for clause in mine] == [clause.masked for clause in theirs]
    assert all(left.exact != right.exact for left, right in zip(mine, theirs, strict=True))


def test_hashes_are_the_same_on_every_machine() -> None:
    assert f"{hash_text('绿道'):016x}" == "1bf83fa77721ef5f"


@given(st.lists(st.sampled_from(["甲乙丙丁", "修整绿道", "补植乔木", "按月排班", "当天处置"]), max_size=12))
def test_a_text_shares_all_of_itself(words: list[str]) -> None:
    passages = narrated(told("，".join(words)))
    clauses = clauses_of(passages, str)
    runs = list(shared_runs(clauses, clauses, lambda _: False))
    assert sum(run.length for run in runs) == len(clauses)
    assert "".join(run_text(passages, clauses, run.start, run.length) for run in runs).replace("，", "") == "".join(
        words
    )


def test_the_text_of_a_run_is_as_printed() -> None:
    passages = narrated(told(DONE))
    clauses = clauses_of(passages, str)
    assert run_text(passages, clauses, 1, 2) == "补植乔木三百余株，更换破损座椅"


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("云溯区民政局", ("云溯区民政局", "区民政局")),
        (
            "沅岚市云溯区政务督查服务中心",
            ("沅岚市云溯区政务督查服务中心", "市云溯区政务督查服务中心", "云溯区政务督查服务中心"),
        ),
        ("档案馆", ("档案馆",)),
        (None, ()),
    ],
)
def test_how_a_unit_writes_its_name(name: str | None, forms: tuple[str, ...]) -> None:
    assert forms_of(name)[: len(forms)] == forms


# --- D3 -----------------------------------------------------------------------------------------------------------------


def echoes(*reports: Report) -> tuple[Echo, ...]:
    """What the first report has in common with the others."""
    index = EchoIndex()
    for number, report in enumerate(reports):
        index.add(report, f"{number}.docx", 0)
    return index.echoes_of(reports[0], "0.docx", 0)


WATER = ("云溯区水利局", "103001")


def test_a_long_passage_of_another_unit_is_told_with_both_places() -> None:
    (echo,) = echoes(told(DONE), told(OTHER + DONE, WATER))
    assert (echo.unit_name, echo.other_where, echo.masked, echo.name_left_in) == ("云溯区水利局", "p10", False, None)
    assert echo.text == DONE.rstrip("。")
    found = one(told(DONE), "D3", Context(echoes=(echo,)))
    assert (found.verdict, found.severity, found.audience) == ("review", "note", "bureau")
    assert [(piece.source, piece.where) for piece in found.evidence] == [("本单位.docx", "p10"), ("1.docx", "p10")]
    assert "云溯区水利局" in found.message


def test_a_name_left_in_is_named() -> None:
    copied = DONE.replace("全年", "云溯区水利局全年")
    (echo,) = echoes(told(copied), told(DONE.replace("全年", "云溯区水利局全年"), WATER))
    assert echo.name_left_in == "云溯区水利局"
    assert "写有“云溯区水利局”" in one(told(copied), "D3", Context(echoes=(echo,))).message


def test_a_neighbour_named_by_both_is_not_left_in() -> None:
    both = DONE.replace("夜间出行", "会同区民政局夜间出行")
    (echo,) = echoes(told(both), told(both, WATER), told(OTHER, ("云溯区民政局", "104001")))
    assert echo.name_left_in is None


@pytest.mark.parametrize(
    "other",
    [
        told(OTHER, WATER),
        told(DONE, ("云溯区园林局", "102001"), year=2020),
        told(DONE, ("园林局", "102009")),
        told(DONE, WATER, title="部门概况"),
        told(DONE[:40], WATER),
    ],
)
def test_what_is_no_echo(other: Report) -> None:
    """Another text, the unit's own, an office of its name, its duties, a sentence."""
    assert echoes(told(DONE), other) == ()


def test_what_many_units_say_accuses_nobody() -> None:
    many = [told(DONE, (f"云溯区{n}号站", f"20{n}")) for n in range(3, 12)]
    assert echoes(told(DONE), *many) == ()
    few = many[:2]
    assert len(echoes(told(DONE), *few)) == 2


def test_what_the_form_says_is_no_echo() -> None:
    of_form = frozenset(clause.masked for clause in clauses_of(narrated(told(DONE)), str))
    index = EchoIndex(of_form)
    for number, report in enumerate((told(DONE), told(DONE, WATER))):
        index.add(report, f"{number}.docx", 0)
    assert index.echoes_of(told(DONE), "0.docx", 0) == ()


def test_figures_in_set_phrases_are_no_echo() -> None:
    money = "本年收入合计871.05万元，其中一般公共预算拨款800.00万元，占91.84%，支出合计871.05万元，基本支出603.03万元，项目支出268.02万元。"
    assert echoes(told(money), told(money.replace("871", "912"), WATER)) == ()


def test_law_and_slogans_are_no_echo() -> None:
    law = "根据《中华人民共和国预算法》和《项目支出绩效评价管理办法》的要求全面开展本单位整体支出绩效自评工作并形成自评报告按时上报财政部门。"
    assert echoes(told(law), told(law, WATER)) == ()


# --- D2, D4 -------------------------------------------------------------------------------------------------------------


def last(report: Report) -> Context:
    return Context(last_year=Compared(report, "去年.docx"))


LONG = (
    DONE + OTHER + COMMON + "苗木采购由三人以上共同验收，入库出库都有登记，年末账实相符，多余苗木退回苗圃统一调剂使用。"
)


def test_last_years_text_with_new_digits_is_told_and_with_old_ones_more() -> None:
    now = told(LONG + "接待来访36批次，更换路灯128盏，清运淤泥510吨。")
    before = told(LONG + "接待来访41批次，更换路灯96盏，清运淤泥470吨。", year=2020)
    found = one(now, "D2", last(before))
    assert found.verdict == "review"
    assert "连数字" not in found.message
    assert {piece.source for piece in found.evidence} == {"本单位.docx", "去年.docx"}
    assert "3 处连数字也与上年相同" in one(now, "D2", last(now)).message


def test_a_new_text_passes_and_duties_may_stay() -> None:
    assert one(told(LONG), "D2", last(told(OTHER, year=2020))).verdict == "pass"
    duties = told(LONG, title="部门概况")
    assert one(duties, "D2", last(duties)).verdict == "not_applicable"


def scored(*scores: str) -> Report:
    rows = tuple(ScoreLine(f"指标{n}", "10", score) for n, score in enumerate(scores))
    return build_report(Example("pass", {}, rows=rows))


def test_the_same_scores_as_last_year() -> None:
    deducted = ("9", "8", "10", "10", "10", "10", "10", "10", "10", "10")
    assert one(scored(*deducted), "D4", last(scored(*deducted))).verdict == "review"
    assert one(scored(*deducted), "D4", last(scored("8", *deducted[1:]))).verdict == "pass"
    full = ("10",) * 10
    assert one(scored(*full), "D4", last(scored(*full))).verdict == "pass"
    assert one(scored(*full[:5]), "D4", last(scored(*full[:5]))).verdict == "not_applicable"


# --- D1 -----------------------------------------------------------------------------------------------------------------


def test_a_paragraph_twice_in_the_narrative() -> None:
    twice = msgspec.structs.replace(
        told(DONE),
        sections=(Section("一", "主要做法", "p10", DONE), Section("二", "主要成效", "p12", f"{OTHER}\n{DONE}")),
    )
    found = one(twice, "D1", Context())
    assert (found.verdict, [piece.where for piece in found.evidence]) == ("review", ["p10", "p12"])
    assert one(told(f"{DONE}\n{OTHER}"), "D1", Context()).verdict == "pass"
    assert one(told(f"{DONE}\n{DONE}"), "D1", Context()).verdict == "review"


def in_cell(text: str, target: str = "修整绿道", narrative: str = f"{OTHER}\n{DONE}") -> Report:
    """A report whose form says what was done in a cell, and its narrative says."""
    return msgspec.structs.replace(
        told(narrative),
        goals=(Goal("预期目标", target, text, "t3r1c2", "t3r1c3"),),
        lines=(TextLine("p10", "主要成效"), TextLine("p11", OTHER), TextLine("p12", DONE)),
    )


def test_a_paragraph_of_a_cell_and_of_the_narrative_is_shown_to_the_bureau_alone() -> None:
    found = one(in_cell(f"本年度工作如下：\n{DONE}"), "D1", Context())
    assert (found.verdict, found.severity, found.audience) == ("review", "note", "bureau")
    assert [piece.where for piece in found.evidence] == ["p12", "t3r1c3"]
    assert DONE[:20] in found.message
    assert one(in_cell("修整绿道十三公里。"), "D1", Context()).verdict == "pass"
    assert one(in_cell(DONE[:30], narrative=f"{OTHER}\n{DONE[:30]}"), "D1", Context()).verdict == "pass"


def test_a_result_that_repeats_its_target() -> None:
    found = one(in_cell(DONE, target=DONE, narrative=OTHER), "D1", Context())
    assert (found.verdict, [piece.where for piece in found.evidence]) == ("review", ["t3r1c2", "t3r1c3"])


def test_a_target_may_stand_in_the_narrative_and_a_cell_may_cover_rows() -> None:
    report = in_cell("已完成", target=DONE)
    assert one(report, "D1", Context()).verdict == "pass"
    tall = msgspec.structs.replace(in_cell(OTHER, narrative=DONE), goals=in_cell(OTHER).goals * 2)
    assert one(tall, "D1", Context()).verdict == "pass"


def test_repeats_of_both_kinds_are_told_apart() -> None:
    report = msgspec.structs.replace(
        in_cell(DONE),
        sections=(Section("一", "主要做法", "p10", DONE), Section("二", "主要成效", "p13", f"{OTHER}\n{DONE}")),
    )
    assert sorted(finding.id.rpartition("D1")[2] for finding in judge(report, "D1", Context())) == ["", "-cell"]


# --- T5 -----------------------------------------------------------------------------------------------------------------


FORM = (
    ScoreLine("控制率", "5", "", criterion="每高出1个百分点扣0.5分，扣完为止。"),
    ScoreLine("变动率", "5", "", criterion="变动率≦0得满分。"),
    ScoreLine("执行率", "10", "", criterion="达到100%得满分。"),
    ScoreLine("产出", "40", "", criterion=""),
    ScoreLine("效益", "40", "", criterion="按2018年考核得分折算。"),
)
BLANK = Template("下发的表样", rows_of_form(build_report(Example("pass", {}, rows=FORM))), given=True)


def filled(**changes: ScoreLine | None) -> Report:
    rows = (changes.get(line.name, line) for line in FORM)
    return build_report(Example("pass", {}, rows=tuple(row for row in rows if row is not None)))


def changed(name: str, **fields: str) -> dict[str, ScoreLine]:
    line = next(line for line in FORM if line.name == name)
    return {name: msgspec.structs.replace(line, **fields)}


def altered(**changes: ScoreLine | None) -> list[tuple[str, str]]:
    return [(f.verdict, f.severity) for f in judge(filled(**changes), "T5", Context(template=BLANK))]


def test_a_form_filled_as_issued_passes() -> None:
    assert altered() == [("pass", "explain")]


@pytest.mark.parametrize(
    "change",
    [
        changed("变动率", criterion="变动率 ≤ 0 得满分"),
        changed("控制率", criterion="每高出1个百分点扣0.5分,\n扣完为止。本年超编一人，扣0.5分。"),
        changed("效益", criterion="按2021年考核得分折算。"),
        changed("产出", criterion="完成全部任务得满分。"),
        changed("产出", score="38", reason="一项未完成"),
    ],
)
def test_what_is_no_change(change: dict[str, ScoreLine]) -> None:
    """Signs, what a unit adds, a stale year put right, what the form leaves open, the scores."""
    assert altered(**change) == [("pass", "explain")]


@pytest.mark.parametrize(
    "change",
    [
        changed("控制率", criterion="每高出1个百分点扣0.05分，扣完为止。"),
        changed("控制率", criterion="每高出10个百分点扣0.5分，扣完为止。"),
        changed("执行率", criterion="达到90%得满分。"),
        changed("执行率", weight="15"),
        {"执行率": None},
    ],
)
def test_a_change_is_told(change: dict[str, ScoreLine | None]) -> None:
    assert altered(**change) == [("review", "explain")]


def test_a_softened_criterion_shows_both_wordings() -> None:
    report = filled(**changed("控制率", criterion="每高出1个百分点扣0.05分，扣完为止。"))
    found = one(report, "T5", Context(template=BLANK))
    assert (
        "标准为“每高出1个百分点扣0.05分，扣完为止。”，下发的表样为“每高出1个百分点扣0.5分，扣完为止。”" in found.message
    )
    assert [piece.where for piece in found.evidence] == ["t2r1c4"]
    shared = msgspec.structs.replace(BLANK, given=False)
    assert one(report, "T5", Context(template=shared)).severity == "note"


def test_another_form_is_not_taken_for_an_altered_one() -> None:
    other = build_report(Example("pass", {}, rows=(ScoreLine("决策", "40", "38"), ScoreLine("管理", "60", "57"))))
    assert one(other, "T5", Context(template=BLANK)).verdict == "undecided"
    shared = msgspec.structs.replace(BLANK, given=False)
    assert one(other, "T5", Context(template=shared)).verdict == "not_applicable"


def test_a_row_that_the_form_leaves_to_be_named_is_not_missed() -> None:
    open_row = ScoreLine("数量指标1", "0", "")
    blank = msgspec.structs.replace(BLANK, rows=rows_of_form(build_report(Example("pass", {}, rows=(*FORM, open_row)))))
    assert one(filled(), "T5", Context(template=blank)).verdict == "pass"


def test_what_most_copies_share() -> None:
    copies = [rows_of_form(filled()) for _ in range(4)]
    copies.append(rows_of_form(filled(**changed("执行率", weight="15"))))
    rows = shared_rows(copies)
    assert {row.name: row.weight is not None for row in rows.values()} == dict.fromkeys(
        (line.name for line in FORM), True
    )
    copies.append(rows_of_form(filled(**changed("执行率", weight="15"))))
    assert next(row for row in shared_rows(copies).values() if row.name == "执行率").weight is None


def test_numbers_stay_apart_in_a_key() -> None:
    assert criterion_key("扣0.5分。") != criterion_key("扣0.05分。") != criterion_key("扣05分。")
    assert criterion_key("≦100%，得 5 分") == criterion_key("≤100%得5分")
