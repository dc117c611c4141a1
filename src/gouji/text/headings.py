"""Numbered headings of running text, in every way reports number them.

一、部门概况 · 一. 部门概况 · 第一部分 部门概况 · （一）人员情况 · 1. 人员 · 1、人员 · (1) 人员 · ①人员
"""

from __future__ import annotations

import re

from gouji.text.characters import SIMPLIFIED
from gouji.text.labels import normalise_label

LEVEL_ONE = re.compile(r"^\s*([一二三四五六七八九十]{1,3})\s*、\s*(\S.*)$", re.DOTALL)
OTHER_LEVELS = (
    re.compile(r"^\s*([一二三四五六七八九十]{1,3})\s*[.．]\s*(\S.*)$", re.DOTALL),
    re.compile(r"^\s*第([一二三四五六七八九十]{1,3})[部章]分?\s*[、:：]?\s*(\S.*)$", re.DOTALL),
    re.compile(r"^\s*[（(]([一二三四五六七八九十]{1,3})[)）]\s*[、.．]?\s*(\S.*)$", re.DOTALL),
    re.compile(r"^\s*(\d{1,2})\s*[.．、](?!\d)\s*(\S.*)$", re.DOTALL),
)
_LOWER_LEVELS = (
    re.compile(r"^\s*[（(](\d{1,2})[)）]\s*[、.．]?\s*(\S.*)$", re.DOTALL),
    re.compile(r"^\s*([①-⑳])\s*(\S.*)$", re.DOTALL),
)
_FIRST = re.compile(r"\s*[一二三四五六七八九十第（(\d①-⑳]")
_SENTENCE_END = re.compile(r"[。；;！!]")
MAX_HEADING = 42


def heading_of(text: str, pattern: re.Pattern[str] = LEVEL_ONE) -> tuple[str, str, str] | None:
    """(number, title, rest of the line) where a line begins with 一、 (or what else numbers the headings)."""
    match = pattern.match(text)
    if match is None:
        return None
    title, *rest = _SENTENCE_END.split(match.group(2).strip(), maxsplit=1)
    if len(title) > MAX_HEADING:
        return None
    return match.group(1), title.strip(" 　:："), (rest[0] if rest else "").strip()


def any_heading_of(text: str) -> tuple[str, str, str] | None:
    """The heading a line begins with, whatever its level."""
    if _FIRST.match(text) is None:
        return None
    return next(
        (found for pattern in (LEVEL_ONE, *OTHER_LEVELS, *_LOWER_LEVELS) if (found := heading_of(text, pattern))), None
    )


def heading_key(text: str) -> str | None:
    """The title of a numbered heading for comparison; None where a line is none."""
    found = any_heading_of(text)
    return normalise_label(found[1]).translate(SIMPLIFIED) if found is not None else None
