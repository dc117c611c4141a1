"""Numbers as cells print them: state, value, unit, accuracy, bounds.

    "1,278.92"    value 1278.92, 2 decimals        "3，518.85"   value 3518.85 (full-width comma)
    "8.60万元"     value 8.60, unit 万元              "95.\\n10%"   value 95.10, unit %
    "0.00"        zero                              "50余人"      value 50, bounds [50, 60), unit 人
    "" "　"       blank                             "无" "—" "/"   none (declared not to exist)
    "603.O3"      unreadable, never 603             "4125.49,4143.91万元"  unreadable: two amounts

A reading never guesses: what is not wholly a number is `text`, what tries to be one and fails is `unreadable`.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

import msgspec

from gouji.model.quantity import Quantity, Unit
from gouji.text.characters import simplify

Kind = Literal["value", "zero", "blank", "none", "unreadable", "withheld", "text"]

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_NONE_WORDS = frozenset(
    "无 没有 暂无 不涉及 未涉及 不适用 无此项 本单位无此项 无此项支出 无此项内容 单位不需填列 不需填列 未发生 未安排 "
    "没有发生 无支出 无收入 无数据 本表无数据 无预算 未购置 无购置 NA N/A".split()
)
_NONE_SIGNS = re.compile(r"^[-—–―─－﹣/\\、~～]+$")
_WITHHELD = re.compile(
    r"(?:涉密|保密|秘密|国家安全).{0,20}(?:不予?公开|不宜公开|不便公开|不对外|免予公开|免于公开|不予填报|不填)"
    r"|^(?:因|属)?(?:涉密|保密|涉密信息|(?:依法|按规定|按要求)?不予?公开)[。.]?$|^[*＊×xX]{2,}$"
)
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_PLAIN = re.compile(r"^(?:\d+(?:\.\d+)?|\.\d+)$")
_SCIENTIFIC = re.compile(r"^\d+(?:\.\d+)?[eE][+-]?\d{1,2}$")
_HEDGE_BEFORE = re.compile(
    r"^(约|近|大约|将近|超过?|逾|不低于|不少于|不超过|不高于|至少|≥|>=|≤|<=|≦|≧|>|<|小于等于|大于等于|大于|小于)"
)
_HEDGE_AFTER = re.compile(r"(余|多|以上|以内|以下|左右|上下|许)$")
_SIGN = re.compile(r"^[-+−﹣—–](?=\s*[\d.])|^[-+−﹣]|^负")
_CURRENCY = re.compile(r"^(?:人民币|RMB|¥|￥|\$)", re.IGNORECASE)
_REMARK = re.compile(
    r"(?<=[\d人名个元%])\s*\((?:(?:含|其中|包括|另|注|不含|结转|结余|上年|扣除|已扣|详见|见附|系|因|为|较|比|追加|调增|调减)[^()]*"
    r"|\d{1,6}(?:辆|台|批次|人次|场|期|批|套|件|户|家|次)[^\d()]*"  # 8.00（3辆执法车）: counts of things
    r"|(?![^()]*(?:预算|计划|目标|[万亿千]?元|分|%)[^()]*\)$)[^\d()]*[\u4e00-\u9fff]{3,}[^\d()]*)\)$"  # 8.00（不跨年度）: no number
)
_TRY_NUMBER = re.compile(r"^[^\u4e00-\u9fffA-Za-z]*\d|^\d")
_DIGIT = re.compile(r"\d")
_CN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_CN_NUMBER = re.compile(r"^[零〇一二三四五六七八九十百两]{1,6}$")
_NOTE_SIGN = re.compile(r"(?<=[\d%元人])\s*[①-⑳⑴-⒇¹²³⁰⁴-⁹]+\s*$")  # a footnote's mark is no digit
_FIGURE = re.compile(r"[\d零〇一二三四五六七八九十百两]")  # without one of these there is no number
_MAX_NUMBER = 60
_MAX_DIGITS = 24  # more digits than any account holds; keeps every sum inside Decimal's precision
_MAX_TEXT = 120
_ONE_NUMBER = re.compile(r"\D*\s*[\d.,]+\s*\D*")
_SPACED_NUMBER = re.compile(
    r"-?(?:\d{1,3}(?: \d{3})+(?:\.\d+)?|\d(?: \d)*(?: ?\. ?\d(?: ?\d)*)?)(?: ?\D*)$"
)  # 1 278.92, 1 2 7 8 . 9
_ODD_NUMBER = re.compile(r"^[OoIl][.,]?\d")
_SPACE = re.compile(r"\s")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BROKEN = re.compile(r"(?<=[.,])\s*\n\s*(?=\d)|(?<=\d)\s*\n\s*(?=[.%,])")


class Reading(msgspec.Struct, frozen=True):
    """What a cell says: its kind, and the quantity where it is a number. `code` keeps digit strings such as 085001."""

    kind: Kind
    quantity: Quantity | None = None


BLANK = Reading("blank")
NONE = Reading("none")
TEXT = Reading("text")
UNREADABLE = Reading("unreadable")
WITHHELD = Reading("withheld")


_LABELLED = re.compile(
    r"[^\d\n]{2,24}[:：]\s*(?!(?:19|20)\d\d[.．](?:0?[1-9]|1[0-2])$)"
    r"[-−]?(?:\d[\d,，]*[.．]\d+\s*(?:[万亿千]?元|%)?|\d[\d,，]*\s*[万亿千]?元)"
)


class UnitTable:
    """Units by printed name, longest first."""

    def __init__(self, units: dict[str, Unit]) -> None:
        self.by_name = units
        names = sorted(units, key=len, reverse=True)
        self._suffix = re.compile("(" + "|".join(re.escape(name) for name in names) + ")整?$")

    def split(self, text: str) -> tuple[str, Unit | None]:
        """Cut a trailing unit off."""
        match = self._suffix.search(text)
        return (text[: match.start()], self.by_name[match.group(1)]) if match else (text, None)


def fold_digits(text: str) -> str:
    """NFKC, simplified (萬元, 無), invisible characters and outer space dropped; a number broken over lines is joined."""
    if text.isascii() and "\n" not in text:
        return text.strip()
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _NOTE_SIGN.sub("", text))).strip()
    return simplify(_BROKEN.sub("", folded))


def read_number(raw: str, units: UnitTable, default: Unit | None = None) -> Reading:
    """Read one cell. `default` is the unit the cell inherits when it prints none."""
    if len(raw) > _MAX_TEXT:
        return TEXT
    text = fold_digits(raw)
    if not text:
        return BLANK
    if text in _NONE_WORDS or _NONE_SIGNS.match(text):
        return NONE
    if _WITHHELD.search(text):
        return WITHHELD
    quantity = _quantity_of(text, units, default)
    if quantity is not None:
        return Reading("zero" if quantity.value == 0 else "value", quantity)
    return UNREADABLE if looks_numeric(text) else TEXT


def looks_numeric(text: str) -> bool:
    """Whether a text tries to be a number (603.O3, 871。05, 1.2.3) rather than a sentence holding one."""
    if len(text) > _MAX_NUMBER:
        return False
    compact = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    if not _TRY_NUMBER.search(compact) and not _ODD_NUMBER.match(compact):
        return False
    letters = len(_HAN.findall(compact))
    return letters <= 3 and len(compact) <= 24


@lru_cache(maxsize=16384)
def is_numeric(raw: str) -> bool:
    """Whether the whole text is a number (with sign, separators, per cent), as `unclaimed` understands it."""
    if not _DIGIT.search(raw):
        return False
    text = fold_digits(raw).removesuffix("%").lstrip("△▲▽▼")
    return _plain_value(_strip_sign(text)[1]) is not None


def _strip_sign(text: str) -> tuple[int, str]:
    text = _CURRENCY.sub("", text).strip()
    if len(text) > 2 and text[0] == "(" and text[-1] == ")" and _plain_value(text[1:-1]) is not None and "." in text:
        return -1, text[1:-1]
    match = _SIGN.match(text)
    if match is None:
        return 1, text
    return (1 if match.group() == "+" else -1), text[match.end() :].strip()


def _plain_value(text: str) -> Decimal | None:
    text = text.strip()
    if _GROUPED.match(text):
        text = text.replace(",", "")
    elif _SCIENTIFIC.match(text):
        return Decimal(format(Decimal(text), "f"))
    elif not _PLAIN.match(text):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if len(text) <= _MAX_DIGITS else None


def _quantity_of(text: str, units: UnitTable, default: Unit | None) -> Quantity | None:
    if not _FIGURE.search(text):
        return None
    if _PLAIN.match(text) and len(text) <= _MAX_DIGITS:  # most cells
        return _hedged(Decimal(text), default, "")
    text = _REMARK.sub("", text)
    compact = text.replace(" ", "") if _ONE_NUMBER.fullmatch(text) or _SPACED_NUMBER.match(text) else text
    body, unit = units.split(compact)
    before = _HEDGE_BEFORE.match(body)
    hedge = before.group(1) if before else ""
    body = body[len(hedge) :]
    after = _HEDGE_AFTER.search(body)
    if after:
        hedge, body = after.group(1), body[: after.start()]
    elif unit is None:
        body, unit = units.split(body)
    elif (inner := _HEDGE_AFTER.search(compact)) is not None:  # 202.6万元以内
        hedge = inner.group(1)
    if unit is None and hedge:
        body, unit = units.split(body)
    sign, digits = _strip_sign(body)
    value = _plain_value(digits)
    if value is None:
        value = _chinese_number(digits) if unit is not None and unit.kind in ("people", "count") else None
    if value is None:
        return None
    return _hedged(sign * value, unit or default, hedge)


def _chinese_number(text: str) -> Decimal | None:
    """三十六 → 36; only plain counts below a thousand."""
    if not _CN_NUMBER.match(text):
        return None
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _CN_DIGITS[char]
    return Decimal(total + digit)


def count_decimals(value: Decimal) -> int:
    """Printed decimals of a value."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _hedged(value: Decimal, unit: Unit | None, hedge: str) -> Quantity:
    decimals = count_decimals(value)
    exact = unit is not None and unit.kind in ("people", "points", "count") and decimals == 0
    low, high = _bounds(value, hedge, decimals)
    return Quantity(value, unit, None if exact else decimals, low, high)


def _bounds(value: Decimal, hedge: str, decimals: int) -> tuple[Decimal | None, Decimal | None]:
    """50余 [50,60) · 近x (x−step, x] · x以上 ≥ x · 约x ± half its last significant digit."""
    if not hedge:
        return None, None
    step = Decimal(1).scaleb(-decimals)
    if decimals == 0:
        zeros = len(str(abs(int(value)))) - len(str(abs(int(value))).rstrip("0"))
        step = Decimal(10) ** zeros
    if hedge in ("余", "多", "许"):
        return value, value + step
    if hedge in ("近", "将近"):
        return value - step, value
    if hedge in ("以上", "不低于", "不少于", "至少", "超", "超过", "逾", "≥", ">=", "≧", ">", "大于", "大于等于"):
        return value, None
    if hedge in ("以内", "以下", "不超过", "不高于", "≤", "<=", "≦", "<", "小于", "小于等于"):
        return None, value
    return value - step / 2, value + step / 2


def is_labelled_amount(text: str) -> bool:
    """Whether a text is a label and an amount: 其中：基本支出：861.40; a code or a telephone number is none."""
    return _LABELLED.fullmatch(text.strip()) is not None
