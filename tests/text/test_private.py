"""Telephones and identity cards are hidden in free text; codes, amounts and document numbers never are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.text.private import hide_private, is_card, may_hold_private

CARD = "43060219900307001X"  # invented; its check digit fits
HIDDEN = {
    "举报请拨0730-5550001。": "举报请拨****-*******。",
    "联系王某13800000000": "联系王某***********",
    "王某-13800000000、李某 138 0000 0001": "王某-***********、李某 *** **** ****",
    "138-0000-0000/13800000001": "***-****-****/***********",
    "（0730）5550001": "（****）*******",
    "010-55500012转": "***-********转",
    "0730-5550001-802": "****-*******-***",
    "+86 13800000000": "+** ***********",
    "１３８００００００００": "***********",
    "电话：5550001、5550002": "电话：*******、*******",
    "联系电话（办公）：0730 5550001": "联系电话（办公）：**** *******",
    f"低保户王某（{CARD}）。": "低保户王某（******************）。",
    "身份证号：430602199003070015": "身份证号：******************",  # mistyped, and still somebody's
    "手机号码13800000000号码有误": "手机号码***********号码有误",
}
KEPT = (
    "预算编码085001",
    "项目编码430600210000000123456",
    "项目编号13812345678",
    "支出13812345678元",
    "支出13812345678.50",
    "支出 13812345678 元",
    "-13812345678",
    "岳财绩〔2021〕13812345678号",
    "凭证号0730-5550001",
    "114306000061234567",  # a credit code of an office, all digits: no day of birth
    "430602199013070015",  # no such month
    "2021-2022年12345热线办件1234567件",
    "电话费1380000元，电话回访1234567人次",
    "0.13812345678",
    "085001-1234567",
    "13812345678901",
    "A13812345678",
)


@pytest.mark.parametrize("text", HIDDEN)
def test_private_numbers_are_hidden(text: str) -> None:
    assert hide_private(text) == HIDDEN[text]
    assert may_hold_private(text.encode())


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_stay(text: str) -> None:
    assert hide_private(text) == text


def test_a_known_figure_is_no_telephone() -> None:
    assert hide_private("合计13812345678", frozenset(("13812345678",))) == "合计13812345678"
    assert hide_private("合计13812345678") == "合计***********"


def test_the_check_digit_decides() -> None:
    assert [last for last in "0123456789X" if is_card(CARD[:17] + last)] == [CARD[17]]


@given(st.text(alphabet="0123456789０１３８-—（）。 元号电话身份证Xx第"))
def test_length_is_kept_and_a_second_time_changes_nothing(text: str) -> None:
    """Places are counted in characters: nothing may move. What is hidden had passed the quick look."""
    hidden = hide_private(text)
    assert len(hidden) == len(text)
    assert all(new in (old, "*") for old, new in zip(text, hidden, strict=True))
    assert hide_private(hidden) == hidden
    assert hidden == text or may_hold_private(text.encode())
