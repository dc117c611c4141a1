"""Numbers under their formats, as a Chinese office shows them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.readers.sheets.number_formats import BUILTIN, parse_format
from gouji.readers.sheets.rendering import show_number, show_text

ACCOUNTING = BUILTIN[43]
SHOWN = [
    (12.5, "#,##0.00", "12.50"),
    (1234.5, "#,##0.0", "1,234.5"),
    (1234567.891, "#,##0.00", "1,234,567.89"),
    (0.951, "0.00%", "95.10%"),
    (1, "0%", "100%"),
    (0.5, "0", "1"),
    (2.5, "0", "3"),
    (1.005, "0.00", "1.01"),
    (-0.5, "0", "-1"),
    (0, ACCOUNTING, "-"),
    (1234.5, ACCOUNTING, "1,234.50"),
    (-1234.5, ACCOUNTING, "-1,234.50"),
    (-12.3, "#,##0.00_);[Red]\\(#,##0.00\\)", "(12.30)"),
    (85001, "000000", "085001"),
    (8000321, "000-0000", "800-0321"),
    (1234567, "#,##0,", "1,235"),
    (1234567, '0.0,,"M"', "1.2M"),
    (-3, '0"万元"', "-3万元"),
    (0.5, "0.0;-0.0;;@", "0.5"),
    (0, "0.0;-0.0;;@", ""),
    (75, '[>=60]"及格";"不及格"', "及格"),
    (59, '[>=60]"及格";"不及格"', "不及格"),
    (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"),
    (0.5, "#.##", ".5"),
    (12, "0.##", "12."),
    (12345, "0.00E+00", "1.23E+04"),
    (12345, "##0.0E+0", "12.3E+3"),
    (99999.5, "0.00E+00", "1.00E+05"),
    (1.25, "# ?/?", "1 1/4"),
    (0.25, "?/?", "1/4"),
    (0, "# ?/?", "0"),
    (5, "G/通用格式", "5"),
    (5, 'G/通用格式"人"', "5人"),
    (-5, '"余"0', "-余5"),
    (1e300, "0.0", "1" + "0" * 300 + ".0"),
]


@pytest.mark.parametrize(("value", "code", "shown"), SHOWN, ids=[f"{value} {code}" for value, code, _ in SHOWN])
def test_number_formats(value: float, code: str, shown: str) -> None:
    assert show_number(value, parse_format(code)) == shown


GENERAL = [
    (871.0500000000001, "871.05"),
    (0.0900000762939453, "0.0900000762939453"),
    (0.1 + 0.2, "0.3"),
    (603.03, "603.03"),
    (36, "36"),
    (0, "0"),
    (-7.5, "-7.5"),
    (123456789012345, "123456789012345"),
    (1.5e-7, "0.00000015"),
    (1e20, "1E+20"),
    (1.25e-30, "1.25E-30"),
]


@pytest.mark.parametrize(("value", "shown"), GENERAL)
def test_general_shows_what_is_stored_without_the_noise_of_binary(value: float, shown: str) -> None:
    assert show_number(value, parse_format("General")) == shown


DATES = [
    (44698, BUILTIN[14], "2022/5/17"),
    (44698, "yyyy-mm-dd", "2022-05-17"),
    (44698, 'yyyy"年"m"月"d"日"', "2022年5月17日"),
    (44698, '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二二年五月十七日"),
    (44698, BUILTIN[57], "2022年5月"),
    (44698, "aaaa", "星期二"),
    (44698, "d-mmm-yy", "17-May-22"),
    (44698.75, BUILTIN[22], "2022/5/17 18:00"),
    (44698.75, "h:mm AM/PM", "6:00 PM"),
    (44698.75, '上午/下午h"时"mm"分"', "下午6时00分"),
    (44698.999999, "yyyy/m/d h:mm", "2022/5/18 0:00"),
    (1.5, "[h]:mm", "36:00"),
    (0.0001157, "mm:ss.0", "00:10.0"),
    (1, "yyyy/m/d", "1900/1/1"),
    (59, "yyyy/m/d", "1900/2/28"),
    (60, "yyyy/m/d", "1900/2/29"),
    (61, "yyyy/m/d", "1900/3/1"),
    (-1, "yyyy/m/d", "-1"),
    (1e10, "yyyy/m/d", "10000000000"),
]


@pytest.mark.parametrize(("serial", "code", "shown"), DATES, ids=[f"{value} {code}" for value, code, _ in DATES])
def test_dates(serial: float, code: str, shown: str) -> None:
    assert show_number(serial, parse_format(code)) == shown


def test_years_may_be_counted_from_1904() -> None:
    assert show_number(43236, parse_format("yyyy-mm-dd"), since_1904=True) == "2022-05-17"


def test_texts_take_what_their_own_section_adds() -> None:
    assert show_text("甲", parse_format('0;0;0;"（"@"）"')) == "（甲）"
    assert show_text("甲", parse_format("0.00")) == "甲"
    assert show_text("甲", parse_format(";;;")) == ""


@given(st.decimals(-(10**11), 10**11, places=4), st.integers(0, 3))
def test_rounding_is_that_of_decimals(number: Decimal, decimals: int) -> None:
    code = "#,##0" + ("." + "0" * decimals if decimals else "")
    stored = Decimal(f"{float(number):.15g}")
    rounded = stored.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    shown = show_number(float(number), parse_format(code))
    assert shown.lstrip("-") == f"{abs(rounded):,f}"
    assert shown.startswith("-") == (stored < 0)


@given(st.text(alphabet='0#?.,%;[]"\\_*yMdhs/E+@gG年 a-', max_size=30), st.floats())
def test_any_code_and_number_give_a_text(code: str, value: float) -> None:
    assert isinstance(show_number(value, parse_format(code)), str)
    assert isinstance(show_text("甲", parse_format(code)), str)
