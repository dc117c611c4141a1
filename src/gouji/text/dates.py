"""Dates and years as printed: 2022年5月17日, 2022.5.17, 二〇二二年五月, ２０２１年度.

read_date → "2022-05-17", as much as is printed; "" for an empty 年 月 日
read_day  → "2022-05-17", a whole date that the calendar has, else ""
find_years → every four-digit year that is followed by 年, with its span
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange

from gouji.text.characters import simplify

_PARTS = 3
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CN_YEAR = re.compile(r"[二一][〇○零九一二三四五六七八]{3}(?=年)")
_DATE = re.compile(
    r"((?:19|20)\d{2})\s*[年./-]\s*(?:(1[0-2]|0?[1-9])\s*(?:[月./-]\s*(?:(3[01]|[12]\d|0?[1-9])\s*日?)?)?)?(?!\d)"
)
_CN_MONTH_DAY = re.compile(r"(?<=年)\s*([一二三四五六七八九十]{1,3})\s*月(?:\s*([一二三四五六七八九十]{1,3})\s*日)?")
_AMOUNT = re.compile(r"\d(?:\.\d+)?\s*[万亿]?元")
_MONTH = re.compile(r"年\s*\d{1,2}\s*月")
_DOCUMENT_NUMBER = re.compile(r"[〔\[（(【]\s*(?:19|20)\d{2}\s*[)〕\]）】]")
_BRACKETED = re.compile(r"[(（]((?:19|20)\d{2})[)）]\s*$")  # 项目绩效目标自评表（2019）
_ACCOUNT_WORD = re.compile(r"绩效|支出|收入|报告|评价|年度|决算|预算|三公|目标|基础数据|收支|资产")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?=年)")


def _small_number(text: str) -> int:
    """十七 → 17, 三十 → 30."""
    tens, _, ones = text.rpartition("十")
    digit = {c: i for i, c in enumerate("〇一二三四五六七八九")}
    if "十" not in text:
        return digit[text[-1]]
    return (digit[tens] if tens else 1) * 10 + (digit[ones] if ones else 0)


def fold_date(text: str) -> str:
    """NFKC, simplified, Chinese numerals of a date as digits: 二〇二二年五月 → 2022年5月."""
    folded = simplify(unicodedata.normalize("NFKC", text))
    folded = fold_years(folded)
    return _CN_MONTH_DAY.sub(_fold_month_day, folded)


def _fold_month_day(match: re.Match[str]) -> str:
    month, day = match.group(1), match.group(2)
    return f"{_small_number(month)}月" + (f"{_small_number(day)}日" if day else "")


def fold_years(text: str) -> str:
    """Chinese numerals of a year as digits: 二〇二二年度 → 2022年度."""
    return _CN_YEAR.sub(lambda m: m.group().translate(_DIGITS), text)


def read_date(text: str) -> str | None:
    """The first date as ISO text with as many parts as are printed; None where there is none."""
    match = _DATE.search(fold_date(text))
    if match is None:
        return None
    year, month, day = match.groups()
    parts = [year] + ([f"{int(month):02d}"] if month else []) + ([f"{int(day):02d}"] if month and day else [])
    return "-".join(parts)


def read_day(text: str) -> str:
    """The first date where it is a whole one that the calendar has, ISO; "" for 2022年5月 and for 2022-02-30."""
    date = read_date(text) or ""
    if date.count("-") != _PARTS - 1:
        return ""
    year, month, day = map(int, date.split("-"))
    return date if day <= monthrange(year, month)[1] else ""


def find_years(text: str) -> list[int]:
    """Every year that 年 follows, in order of appearance."""
    return [int(year) for year in _YEAR.findall(fold_date(text))]


def years_of_account(title: str) -> list[int]:
    """Years that a title names as years of account (2021年度 …): not the day it was written, nor those of a document's number."""
    folded = fold_date(title)
    if (
        "。" in folded
        or _AMOUNT.search(folded)
        or _MONTH.search(folded)
        or _DOCUMENT_NUMBER.search(_BRACKETED.sub("", folded))
    ):
        return []
    if not _ACCOUNT_WORD.search(folded):
        return []
    bracketed = _BRACKETED.search(folded)
    return find_years(folded) or ([int(bracketed.group(1))] if bracketed is not None else [])
