"""N9: how many things a sentence announces against the list that follows.

重点抓了以下五项工作：一是…；二是…；三是…；四是…。       五 announced, four follow       → told
存在以下三个问题：一是…。二是…。此外，…                  the last may be told otherwise  → nothing
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import has_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.text import Passage

_ORDINALS = "一二三四五六七八九十"
_VALUES = {sign: number for number, sign in enumerate(_ORDINALS, 1)} | {"两": 2}
_ANNOUNCED = re.compile(
    r"(?:以下|下列|如下|这)(?P<number>[两二三四五六七八九十])(?:大|个|项|点|条|类|件)?[^,。;:!?\d]{0,8}?:\s*(?=(?:一是|第一[,、是]))"
)
_FEWEST = 2
_LONGEST = 4000  # letters of a list that is read


class List(NamedTuple):
    """A list with what announced it. `text`: from the first item to the end of its part of the report."""

    passage: Passage
    start: int
    end: int
    number: int
    text: str


def check_enumerated(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    lists = list(_lists(case))
    found = [told for item in lists if (told := _told(item, rule, case)) is not None]
    yield from judge_told(found, compared=bool(lists))


def _lists(case: Case) -> Iterator[List]:
    """Lists may run over the paragraphs of their part."""
    passages = case.passages
    for position, passage in enumerate(passages):
        begun = "一是" in passage.text or "第一" in passage.text
        for match in _ANNOUNCED.finditer(passage.text) if begun else ():
            text = passage.text[match.end() :]
            for later in passages[position + 1 :]:
                if (later.kind, later.title) != (passage.kind, passage.title) or len(text) > _LONGEST:
                    break
                text += "\n" + later.text
            yield List(passage, match.start(), match.end(), _VALUES[match["number"]], text)


def _told(item: List, rule: Rule, case: Case) -> Told | None:
    sign = "第{}" if item.text.startswith("第") else "{}是"
    counted, end = _count(item.text, sign)
    if counted < _FEWEST or counted == item.number:
        return None
    # a list in the list, and a last thing that is told in other words, leave the count open
    again = item.text.find(sign.format("一"), 1)
    if 0 < again < end or has_any(item.text[end:], rule.options["more"]):
        return None
    where, raw = item.passage.place(item.start, item.end)
    head = item.passage.printed[item.start : item.end].strip(" ：:")
    evidence = case.evidence_of_text(where, f"正文“{item.passage.title}”部分", raw, "statement")
    return Told(f"“{head}”，其后列了 {counted} 项", (evidence,))


def _count(text: str, sign: str) -> tuple[int, int]:
    """How far the items count up, and where the last of them begins."""
    counted = end = 0
    for ordinal in _ORDINALS:
        at = text.find(sign.format(ordinal), end)
        if at < 0:
            break
        counted, end = counted + 1, at
    return counted, end
