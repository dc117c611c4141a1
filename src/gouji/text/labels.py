"""Labels: what stays when spaces, widths, quotes, units and decorations go.

printed   "　其中：\\n公共财 政拨款（万元）"
label     "其中:公共财政拨款(万元)"     normalise_label: NFKC, simplified, no spaces (shown in outputs)
key       "公共财政拨款"                label_key: the part that carries meaning (matched against vocabulary)
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from gouji.text.characters import simplify

_SPACES = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]+")
_QUOTES = re.compile("[\u201c\u201d\u2018\u2019\"'「」『』〝〞＂《》]")
_UNIT_NOTE = re.compile(
    r"[(\[【〔](?:单位[::]?)?(?:人民币)?(?:亿元|百万元|万元|千元|元|人|名|个|%|分|台|辆|平方米|㎡)[)\]】〕]|/万元$|[,,]万元$"
)
_ORDINAL = re.compile(
    r"^(?:[(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.．:]+|第[一二三四五六七八九十]+[、:]?)(?=\D)"
)
_INCLUDING = re.compile(
    r"^(?:(?:其中|其|含|包括)[:,-]+|其中(?=[^:,])|按[\u4e00-\u9fff]{1,7}[:,]|[\u4e00-\u9fff]{2,6}:(?=[(]?[1一][)、.]))(?=.)"
)
_NOTE_MARK = re.compile(r"(?:[*※★☆△▲]+|[(]?注\d*[)]?|\[\d+\])$")
_COLUMN_NUMBER = re.compile(
    r"[(]?(?:第?\d{1,2}列?|[A-Z])(?:=[\dA-Z+\-/*()]+)?[)]$|[(=][A-Z\d](?:[-+*/×÷][A-Z\d])+(?:[*×]100%?)?[)]?$"
)
_TRANSLATION = re.compile(r"(?<=[\u4e00-\u9fff)])[A-Za-z][A-Za-z0-9.,'&/-]{2,}$")  # 收入合计 Total revenue
_CIRCLED_TAIL = re.compile(r"[①-⑳⑴-⒇]+\s*$")
_CIRCLED_HEAD = re.compile(r"^[\s\u3000]*[①-⑳⑴-⒇]+(?=[\s\u3000]*\D)")
_EDGE = ":;,.、。,;:-—_=|/\\"


@lru_cache(maxsize=65536)
def normalise_label(text: str) -> str:
    """NFKC, simplified, without any white space: the form in which labels are shown and compared."""
    return simplify(close_up(text))


def close_up(text: str) -> str:
    """NFKC without any white space: a name as it is written."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=65536)
def label_key(text: str) -> str:
    """The meaning-carrying part of a label: quotes, unit notes, ordinals, 其中:, footnote marks and edge signs dropped.

    A label that consists of nothing else (其中：) keeps its own text as key.
    """
    label = _QUOTES.sub("", normalise_label(_CIRCLED_TAIL.sub("", _CIRCLED_HEAD.sub("", text))))
    key = _UNIT_NOTE.sub("", _TRANSLATION.sub("", label)).strip(_EDGE)
    key = _INCLUDING.sub("", key)
    key = _ORDINAL.sub("", key)
    key = _INCLUDING.sub("", key)
    key = _COLUMN_NUMBER.sub("", key) or key
    key = _NOTE_MARK.sub("", key) or key
    key = key.strip(_EDGE)
    return key or label.strip(_EDGE)


def trim_lines(text: str) -> str:
    """Lines trimmed, empty ones dropped, joined by \\n: the `raw` of outputs."""
    lines = [line.strip(" \t\r\u3000\u00a0\u200b\ufeff") for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


def fold_name(text: str) -> str:
    """A unit's name for comparison: label form, quotes and bracket styles folded."""
    return _QUOTES.sub("", normalise_label(text)).strip(_EDGE)
