"""Numbers of persons in free text: telephones and identity cards. What is written in their place keeps its length.

"举报请拨0730-5550001或13800000000。"   ─hide_private→   "举报请拨****-*******或***********。"
"身份证430602199003071235"                           →   "身份证******************"
"预算编码085001，金额13812345678元"                    →   the same: codes, amounts and document numbers stay

Character by character, so that a place counted in characters still points to the same word.
"""

from __future__ import annotations

import re
from datetime import date

_DASH = "[-－—–−‐]"
_AREA = r"[0０](?:[1１][0０]|[2２]\d|[3-9３-９]\d{2})"
_LOCAL = r"[1-9１-９]\d{6,7}"
_EXTENSION = rf"(?:{_DASH}\d{{1,4}})?"
_MOBILE = rf"(?:[+＋]86[ \u3000-]?)?[1１][3-9３-９]\d(?:[ \u3000]|{_DASH})?\d{{4}}(?:[ \u3000]|{_DASH})?\d{{4}}"
_LANDLINE = rf"(?:[（(]{_AREA}[)）][ \u3000]?|{_AREA}[ \u3000]?{_DASH}{{1,2}}[ \u3000]?){_LOCAL}{_EXTENSION}"
_ANY_PHONE = rf"(?:{_MOBILE}|(?:[（(]?{_AREA}[)）]?(?:[ \u3000]|{_DASH})*)?{_LOCAL}{_EXTENSION})"
_ALONE = r"(?<![0-9０-９A-Za-z_]){}(?![0-9０-９A-Za-z_])"
_PHONE = re.compile(_ALONE.format(f"(?:{_MOBILE}|{_LANDLINE})"))
# After its name even a number without an area code is one, and so are those that follow it.
_NAMED_PHONE = re.compile(
    r"(?:电话|手机|联系方式|座机|传真)(?:号码?)?(?:[（(][^）)]{0,8}[）)])?\s*[:：为是]?\s*"
    rf"(?P<own>{_ANY_PHONE}(?:\s*[、，,;；/或]\s*{_ANY_PHONE})*)(?![0-9０-９A-Za-z_])"
)
_CARD = re.compile(_ALONE.format(r"[1-8１-８]\d{16}[\dXxＸ]"))
_NAME = re.compile(r"(?:电话|手机|联系方式|座机|传真|身份证件?)(?:号码?)?$")
_NAMED_CARD = re.compile(r"身份证件?(?:号码?)?\s*[:：为是]?\s*(?P<own>\d{17}[\dXxＸ]|\d{15})(?![0-9０-９A-Za-z])")
# Eleven digits may also be an amount in 元, or the number of a document.
_FIGURE_BEFORE = re.compile(
    r"(?:编码|编号|代码|文号|证号|同号|票号|单号|[账帐]号|金额|第|[￥¥]|\d[.．]|(?:^|[\s（(])[-－])\s*[:：]?\s*$"
)
_FIGURE_AFTER = re.compile(r"\s*(?:[.．]\d|[%％‰]|美?元|人民币|次|吨|平方|立方|千瓦|号(?!码))")
_LONG = re.compile(r"\d{4}")
_MARKS = bytes(ord("0") if chr(byte).isdecimal() else ord(" ") for byte in range(256))  # every digit a 0
_GROUPED = re.compile(rb"000 {1,3}0000 {1,3}0000")  # a dash has up to three bytes
_WIDE_DIGIT = re.compile(rb"\xef\xbc[\x90-\x99]")
_LOOK_BACK = 8
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_DIGIT = re.compile(r"[\dXxＸ]")


def hide_private(text: str, figures: frozenset[str] = frozenset()) -> str:
    """The text with an asterisk for each digit of a telephone or card number. `figures`: digits known to be an amount."""
    if _LONG.search(text) is None:
        return text
    text = _CARD.sub(lambda m: blot(m[0]) if is_card(m[0]) else m[0], text)
    text = _NAMED_CARD.sub(_blot_own, text)
    text = _PHONE.sub(lambda m: m[0] if _is_figure(m, figures) else blot(m[0]), text)
    return _NAMED_PHONE.sub(lambda m: m[0] if _FIGURE_AFTER.match(m.string, m.end()) else _blot_own(m), text)


def may_hold_private(data: bytes) -> bool:
    """Whether UTF-8 text is worth a walk: all that is hidden passes this, and it reads a hundred kilobytes in no time."""
    marks = data.translate(_MARKS)
    return b"0000000" in marks or _GROUPED.search(marks) is not None or _WIDE_DIGIT.search(data) is not None


def is_private_name(label: str) -> bool:
    """Whether a label says that a telephone or card number follows."""
    return _NAME.search(label) is not None


def blot(number: str) -> str:
    """*** for its digits; what parts them stays."""
    return _DIGIT.sub("*", number)


def _blot_own(match: re.Match[str]) -> str:
    before = match["own"]
    return match[0][: -len(before)] + blot(before)


def _is_figure(match: re.Match[str], figures: frozenset[str]) -> bool:
    """Whether what looks like a telephone is an amount, a code or the number of a document."""
    text, (start, end) = match.string, match.span()
    before = text[max(0, start - _LOOK_BACK) : start]
    return (
        match[0] in figures or _FIGURE_BEFORE.search(before) is not None or _FIGURE_AFTER.match(text, end) is not None
    )


def is_card(number: str) -> bool:
    """Whether 18 characters are an identity card's number: a day of birth, and the check digit of GB 11643."""
    digits = [int(char) for char in number[:17]]
    year, month, day = (int(number[a:b]) for a, b in ((6, 10), (10, 12), (12, 14)))
    try:
        born = date(year, month, day)
    except ValueError:
        return False
    expected = _CHECK_DIGITS[sum(w * d for w, d in zip(_CHECK_WEIGHTS, digits, strict=True)) % 11]
    last = "X" if number[17] in "XxＸ" else str(int(number[17]))
    return born.year >= 1900 and last == expected
