"""Labels and dates."""

from __future__ import annotations

import pytest

from gouji.text.dates import find_years, read_date
from gouji.text.labels import close_up, label_key, normalise_label, trim_lines


@pytest.mark.parametrize(
    ("printed", "label", "key"),
    [
        ("　其中：\n公共财 政拨款（万元）", "其中:公共财政拨款(万元)", "公共财政拨款"),
        ("其中：", "其中:", "其中"),
        ("1、公务用车购置费", "1、公务用车购置费", "公务用车购置费"),
        ("（一）收入合计", "(一)收入合计", "收入合计"),
        ("“三公”经费 合计", "“三公”经费合计", "三公经费合计"),
        ("收入合计(1)", "收入合计(1)", "收入合计"),
        ("支出合计（1=2+3）", "支出合计(1=2+3)", "支出合计"),
        ("合 计", "合计", "合计"),
        ("基本支出*", "基本支出*", "基本支出"),
        ("公务接待费①", "公务接待费1", "公务接待费"),
        ("因公出国（境）费", "因公出国(境)费", "因公出国(境)费"),
        ("　其中：財政撥款（萬元）", "其中:财政拨款(万元)", "财政拨款"),
        ("人員編製", "人员编制", "人员编制"),
        ("资金结构：（1）基本支出", "资金结构:(1)基本支出", "基本支出"),
    ],
)
def test_label_and_key(printed: str, label: str, key: str) -> None:
    assert normalise_label(printed) == label
    assert label_key(printed) == key


def test_a_name_stays_as_it_is_written() -> None:
    assert close_up("芷 汀縣\n糧油檢驗站（北）") == "芷汀縣糧油檢驗站(北)"


def test_raw_text_keeps_lines() -> None:
    assert trim_lines("  公共财 \n\n　政拨款 ") == "公共财\n政拨款"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2022年5月17日", "2022-05-17"),
        ("2022.5.17", "2022-05-17"),
        ("報告日期：2022年5月", "2022-05"),
        ("2022-05-17", "2022-05-17"),
        ("二〇二二年五月十七日", "2022-05-17"),
        ("２０２２年１２月", "2022-12"),
        ("2022年12月", "2022-12"),
        ("2019年06月18日", "2019-06-18"),
        ("      年    月    日", None),
        ("二○二二年十二月三十一日", "2022-12-31"),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert read_date(text) == date


def test_years() -> None:
    assert find_years("某区２０２１年度与二〇二〇年相比，编号2019") == [2021, 2020]
