"""Numbers as departments print them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.patterns import load_patterns
from gouji.text.numerals import UnitTable, is_labelled_amount, is_numeric, read_number

UNITS = UnitTable(load_patterns().units)


@pytest.mark.parametrize(
    ("raw", "value", "unit", "decimals"),
    [
        ("871.05", "871.05", None, 2),
        ("1,278.92", "1278.92", None, 2),
        ("3，518.85", "3518.85", None, 2),
        ("１２３．４５", "123.45", None, 2),
        ("8.60万元", "8.60", "万元", 2),
        ("603.03 万元", "603.03", "万元", 2),
        ("￥603.03", "603.03", None, 2),
        ("95.\n10%", "95.10", "%", 2),
        ("50％", "50", "%", 0),
        ("-6.90", "-6.90", None, 2),
        ("−6.90", "-6.90", None, 2),
        ("(12.50)", "-12.50", None, 2),
        ("0.0900000762939453", "0.0900000762939453", None, 16),
        ("36人", "36", "人", None),
        ("38名", "38", "人", None),
        ("5.10万", "5.10", "万元", 2),
        ("6.00①", "6.00", None, 2),
        ("—19.10", "-19.10", None, 2),
        ("三十六人", "36", "人", None),
        ("4.5分", "4.5", "分", 1),
        ("52（其中在编35）", "52", None, 0),
        (" 5", "5", None, 0),
    ],
)
def test_values(raw: str, value: str, unit: str | None, decimals: int | None) -> None:
    reading = read_number(raw, UNITS)
    assert reading.kind == "value"
    assert reading.quantity is not None
    assert format(reading.quantity.value, "f") == value
    assert (reading.quantity.unit.name if reading.quantity.unit else None) == unit
    assert reading.quantity.decimals == decimals


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("", "blank"),
        ("　", "blank"),
        (" \n ", "blank"),
        ("\u200b", "blank"),
        ("0", "zero"),
        ("0.00", "zero"),
        ("0元", "zero"),
        ("0%", "zero"),
        ("无", "none"),
        ("—", "none"),
        ("－－", "none"),
        ("/", "none"),
        ("不涉及", "none"),
        ("单位不需填列", "none"),
        ("涉密，不予公开", "withheld"),
        ("***", "withheld"),
        ("相关文件涉密，按规定不予公开", "withheld"),
        ("负责机关保密工作", "text"),
        ("603.O3", "unreadable"),
        ("871。05", "unreadable"),
        ("O.5", "unreadable"),
        ("1.2.3", "unreadable"),
        ("4125.49,4143.91万元", "unreadable"),
        ("12\n34", "unreadable"),
        ("1,27.8", "unreadable"),
        ("871. 05", "unreadable"),
        ("12:30", "unreadable"),
        ("3-5", "unreadable"),
        ("2021年", "unreadable"),
        ("与上年持平", "text"),
        ("达标", "text"),
        ("优", "text"),
    ],
)
def test_states_that_are_no_value(raw: str, kind: str) -> None:
    assert read_number(raw, UNITS).kind == kind


@pytest.mark.parametrize(
    ("raw", "low", "high"),
    [
        ("50余人", "50", "60"),
        ("430余", "430", "440"),
        ("近100", "0", "100"),
        ("10万元以上", "10", None),
        ("约50", "45", "55"),
        ("≥95%", "95", None),
        ("202.6万元以内", None, "202.6"),
    ],
)
def test_hedged_numbers_are_intervals(raw: str, low: str | None, high: str | None) -> None:
    quantity = read_number(raw, UNITS).quantity
    assert quantity is not None
    assert quantity.low == (Decimal(low) if low else None)
    assert quantity.high == (Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("raw", "yes"),
    [("100", True), ("1,278.92", True), ("95%", True), ("-3", True), ("优", False), ("5分", False), ("", False)],
)
def test_wholly_numeric_cells(raw: str, yes: bool) -> None:
    assert is_numeric(raw) is yes


FULL_WIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
FORMATS = (
    lambda v, d: f"{v:.{d}f}",
    lambda v, d: f"{v:,.{d}f}",
    lambda v, d: f"{v:,.{d}f}".replace(",", "，"),
    lambda v, d: f"{v:.{d}f}".translate(FULL_WIDTH),
    lambda v, d: f"  {v:.{d}f}　",
    lambda v, d: f"{v:.{d}f}万元",
    lambda v, d: f"{v:.{d}f} 元",
    lambda v, d: f"\u200b{v:.{d}f}",
)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("其中：基本支出：861.40", True),
        ("支出：2022.03万元", True),
        ("合计：30万元", True),
        ("填报时间：2022.03", False),
        ("联系电话：0730-5550123", False),
        ("编码：102001", False),
        ("年度资金总额", False),
    ],
)
def test_labels_with_an_amount(text: str, yes: bool) -> None:
    assert is_labelled_amount(text) is yes


@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 6),
    st.sampled_from(FORMATS),
)
def test_a_number_survives_every_printed_format(digits: int, decimals: int, form: object) -> None:
    value = Decimal(digits).scaleb(-decimals)
    reading = read_number(form(value, decimals), UNITS)  # type: ignore[operator]
    assert reading.quantity is not None
    assert reading.quantity.value == value
    assert reading.kind == ("zero" if value == 0 else "value")
    assert reading.quantity.decimals == decimals


@given(st.text(max_size=40))
def test_any_text_reads_as_something(text: str) -> None:
    reading = read_number(text, UNITS)
    assert (reading.quantity is not None) == (reading.kind in ("value", "zero"))
