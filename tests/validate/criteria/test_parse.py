"""Criterion texts → kinds, in words of our own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.validate.criteria.kinds import Bands, Case, Checklist, Criterion, Events, Linear, Range, Unreadable
from gouji.validate.criteria.parse import Hints, parse_criterion


def parse(text: str, weight: str = "5", base: str | None = None, **words: str) -> Criterion:
    hints = Hints(Decimal(weight), Decimal(base) if base else None, tuple(words.items()))
    return parse_criterion(text, hints)


def bands_of(text: str, weight: str = "5") -> str:
    """Bands as one line: (-,60%)0 [60%,90%)3 [90%,-)5."""
    found = parse(text, weight)
    assert isinstance(found, Bands), found
    return " ".join(f"{_interval(band.range)}{band.points.normalize():f}" for band in found.bands)


def _interval(values: Range) -> str:
    low, high = (
        "-" if end is None else f"{(end * 100).normalize():f}%" if end else "0" for end in (values.low, values.high)
    )
    opening = "(" if values.low is None or values.low_open else "["
    return f"{opening}{low},{high}{')' if values.high is None or values.high_open else ']'}"


LINEAR = [
    # text, kind, base, points, step
    ("用人不超过100%得5分；每超出1个百分点扣0.5分，扣完为止。", "linear_excess", "1", "0.5", "0.01"),
    ("比率≦100％计5分，每超1%减0.5分，减完为止", "linear_excess", "1", "0.5", "0.01"),
    ("以100%为标准。没有超的计5分；每超过一个百分点扣1分。", "linear_excess", "1", "1", "0.01"),
    ("变动率小于等于0得5分；大于0的，每增加一个百分点扣0.5分", "linear_excess", "0", "0.5", "0.01"),
    ("等于100%的，得5分；每减少一个百分点，扣0.2分，扣完为止。", "linear_shortfall", "1", "0.2", "0.01"),
    ("达50%以上得5分。每降低5个百分点扣1分", "linear_shortfall", "0.5", "1", "0.05"),
    ("每低于100%一个百分点扣0.1分，扣完为止。", "linear_shortfall", "1", "0.1", "0.01"),
    ("达到100%得5分，每差1%扣0.1分", "linear_shortfall", "1", "0.1", "0.01"),
    ("每比100%低1个百分点扣0.1分", "linear_shortfall", "1", "0.1", "0.01"),
    ("１００％得５分，每低１个百分点扣０．１分", "linear_shortfall", "1", "0.1", "0.01"),
    ("比率超过100%的，每1个百分点扣0.2分", "linear_excess", "1", "0.2", "0.01"),
    ("以100%为标准。控制率Q100%，计5分；每超过一个百分点扣0.5分", "linear_excess", "1", "0.5", "0.01"),
    ("100%计满分，每低于5%扣2分，扣完为止；没有此类项目的单位按满分计算。", "linear_shortfall", "1", "2", "0.05"),
    ("≤100%得满分，每超过1个百分点扣该项分值的10%", "linear_excess", "1", "0.5", "0.01"),
]


@pytest.mark.parametrize(("text", "kind", "base", "points", "step"), LINEAR)
def test_points_by_steps_of_a_ratio(text: str, kind: str, base: str, points: str, step: str) -> None:
    found = parse(text)
    assert isinstance(found, Linear), found
    assert (found.kind, found.base, found.full) == (kind, Decimal(base), Decimal(5))
    assert (found.points, found.step) == (Decimal(points), Decimal(step))


def test_a_base_that_the_text_does_not_say_is_the_indicators_own_or_none() -> None:
    assert parse("每超1个百分点扣0.5分", base="1") == Linear(
        "linear_excess", Decimal(1), Decimal(5), Decimal("0.5"), Decimal("0.01")
    )
    unsaid = parse("达到序时进度得5分；每低1个百分点扣0.25分")
    assert isinstance(unsaid, Linear)
    assert unsaid.base is None


def test_steps_of_an_amount_are_shares_of_it() -> None:
    found = parse("控制在3万元以内得满分，每超过1%扣1分")
    assert isinstance(found, Linear)
    assert (found.base, found.step) == (Decimal(30000), Decimal(300))


BANDS = [
    ("90%（含）以上得5分；60%（含）-90%得3分；低于60%不得分。", "(-,60%)0 [60%,90%)3 [90%,-)5"),
    ("达到90%得5分；60%（含）至90%得3分；不足60%得0分", "(-,60%)0 [60%,90%)3 [90%,-)5"),
    ("≥90%得5分；≥60%得3分；<60%得0分", "(-,60%)0 [60%,90%)3 [90%,-)5"),
    ("大于等于90%得5分，大于等于60%且小于90%得3分，小于60%不得分", "(-,60%)0 [60%,90%)3 [90%,-)5"),
    ("90%以上（含90%）得5分；60%（含60%）—90%得3分；60%以下不得分", "(-,60%)0 [60%,90%)3 [90%,-)5"),
    ("90%以上计5分；60%以上不足90%计3分；低于60%不计分", "(-,60%)0 [60%,90%)3 [90%,-)5"),
    ("100%-60%（含）得5分；60%-30%（含）得3分；30%以下得0分", "(-,30%)0 [30%,60%)3 [60%,100%]5"),
    ("1、达到90%及以上的得5分；2、60%及以上但不足90%的得3分；3、不足60%的得0分", "(-,60%)0 [60%,90%)3 [90%,-)5"),
    ("调整率=0，计5分；0-10%（含），计3分；大于10%不得分", "[0,0]5 (0,10%]3 (10%,-)0"),
    ("为0得5分；0%＜调整率≤10%得3分；调整率＞10%不得分", "[0,0]5 (0,10%]3 (10%,-)0"),
    ("不高于5%得5分；5%至10%（含）得3分；高于10%得0分", "(-,5%]5 (5%,10%]3 (10%,-)0"),
    ("利用率100%，得5分；利用率≥90%且＜100%，得3分；利用率＜90%，不得分", "(-,90%)0 [90%,100%)3 [100%,100%]5"),
]


@pytest.mark.parametrize(("text", "expected"), BANDS)
def test_bands_and_their_ends(text: str, expected: str) -> None:
    assert bands_of(text) == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("95%（含）以上得5分；80%（含）-90%得3分；低于80%不得分", "90% 至 95% 之间没有对应的分数"),
        ("90%（含）以上得5分；80%（含）-95%（含）得3分；低于80%不得分", "90% 至 95% 对应两种分数"),
        ("大于90%得5分；小于90%不得分", "恰为 90% 时没有对应的分数"),
        ("90%以上得5分，80%-90%得3分，低于80%不得分", "恰为 90% 时对应两种分数"),
    ],
)
def test_gaps_and_overlaps_are_faults_of_the_criterion(text: str, fault: str) -> None:
    found = parse(text)
    assert isinstance(found, Bands)
    assert found.faults == (fault,)
    assert not found.complete


def test_a_single_forfeit_leaves_full_marks_for_the_rest() -> None:
    found = parse("增长不得分", 增长=">0")
    assert isinstance(found, Bands)
    assert [(band.range, band.points) for band in found.bands] == [
        (Range(None, Decimal(0)), Decimal(5)),
        (Range(Decimal(0), None, low_open=True), Decimal(0)),
    ]


@pytest.mark.parametrize(
    ("text", "weight", "items"),
    [
        ("①有办法，1分；②内容全，1分；③有执行，0.5分。", "2.5", [["1"], ["1"], ["0.5"]]),
        ("1.制度健全（2分）；2.执行有效（3分）", "5", [["2"], ["3"]]),
        ("（1）有制度得2分；（2）执行有效得1分", "3", [["2"], ["1"]]),
        ("目标相符得2分，预算匹配得2分。", "4", [["2"], ["2"]]),
        ("共性指标6分，其中经济2分、社会2分、生态2分", "6", [["2"], ["2"], ["2"]]),
        ("共3分。其中：程序合规1分，手续齐全1分，资料归档1分", "3", [["1"], ["1"], ["1"]]),
    ],
)
def test_items_that_add_up(text: str, weight: str, items: list[list[str]]) -> None:
    assert parse(text, weight) == Checklist(tuple(tuple(Decimal(p) for p in item) for item in items))


@pytest.mark.parametrize(
    "text",
    [
        "每查实一例不合规扣1分，扣完为止。",
        "①有据；②齐全；③配置适当。\n每发现一处不符扣1分，扣完为止。",
        "全部完成得5分；每有一项未完成扣1分",
        "四类制度齐备的记满分，缺一类减1分。",
        "每少1次扣1分",
        "一项不符合扣1分，扣完为止",
    ],
)
def test_points_off_for_each_event(text: str) -> None:
    assert parse(text) == Events(Decimal(5), (Decimal(1),))


def test_nothing_left_at_full_marks_is_no_exemption() -> None:
    found = parse("无调整得满分", 无调整="=0")
    assert isinstance(found, Bands)
    assert found.bands[0].range == Range(Decimal(0), Decimal(0))


def test_conditions_in_words_of_which_one_holds() -> None:
    found = parse("没有结余得5分；有结余但不多于上年得3分；多于上年不得分")
    assert isinstance(found, Case)
    assert [(case.text, case.points) for case in found.cases] == [
        ("没有结余", Decimal(5)),
        ("有结余但不多于上年", Decimal(3)),
        ("多于上年", Decimal(0)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "由单位结合年度目标说明。",
        "按年度考核得分折算，由各单位细化。",
        "视完成情况酌情计分",
        "按完成比例计分",
        "得分=实际执行率×5",
        "每发现一处扣1-2分，扣完为止",
        "不高于上年的记满分，高于的按幅度酌情减分。",
        "每完成一项得1分，最多得5分",
        "偏差率在±5%以内得5分；每偏离1个百分点扣1分",
        "每高于（低于）100%一个百分点扣0.5分",
        "满意度≥95%得5分，每下降1个百分点扣0.5分，低于80%不得分",
        "发生重大事故一票否决；每发生一起一般事故扣1分",
        "按时报送得2分，格式规范得2分。每有一处错误扣1分",
        "2分",
        "",
    ],
)
def test_what_is_not_sure_is_not_read(text: str) -> None:
    assert isinstance(parse(text), Unreadable)


PIECES = st.sampled_from(
    "每 超过 低于 100% 95% 一个百分点 个百分点 扣 0.5分 得 5分 0 满分 不得分 （含） 以上 以下 - 至 ≤ ≥ ＞ ， ； 。 \n ① ② 1. 例 项 酌情 "
    "为 = 扣完为止 最多 共 分值的 10% 变动率 。。 万元 3万元 ( ) ± 以内 且".split(" ")
)


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from([None, "0", "5", "2.5"]))
def test_parsing_never_raises(text: str, weight: str | None) -> None:
    found = parse_criterion(text, Hints(Decimal(weight) if weight else None))
    if isinstance(found, Linear):
        assert found.step > 0
        assert found.points > 0
        assert found.full > 0


@given(st.text(max_size=60))
def test_any_text_is_read_or_left(text: str) -> None:
    assert parse_criterion(text, Hints(Decimal(5))).kind


def test_a_band_that_gives_a_share_of_the_points_is_not_taken_for_a_gap() -> None:
    text = "调整率不超过5%得满分；5%至10%（含）得70%；大于10%不得分。"
    assert isinstance(parse_criterion(text, Hints(Decimal(3))), Unreadable)
    whole = text.replace("得70%", "得2.1分")
    assert isinstance(parse_criterion(whole, Hints(Decimal(3))), Bands)


def test_awards_on_several_ratios_that_make_the_weight_are_no_bands() -> None:
    text = "半年支付进度≥45%得2分；前三季度执行进度≥75%得3分。"
    assert isinstance(parse_criterion(text, Hints(Decimal(5))), Unreadable)
    assert isinstance(parse_criterion("执行进度达到95%得3分；进度达到90%得2分", Hints(Decimal(5))), Bands)
