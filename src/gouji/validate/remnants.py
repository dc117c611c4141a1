"""What a form leaves behind: T1 instructions, T3 placeholders, T4 brackets and quotation marks without their partner.

（100字以内）  请填写  （此处填写……）         T1: the form told the writer what to do
XX局  占   %  ____  下降（增长）  【】         T3: the writer was to put something there
（其中：人员支出603.03万元，公用……           T4
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.placed_texts import PlacedText

_LISTED = 3
_AROUND = 10
_INSTRUCTION = re.compile(
    r"(?=[（(请仍没此示样填\s])(?:"  # most letters can begin none of these
    r"[（(](?:请?在?此处|此处)[^）)]{0,30}[）)]|请(?:在此|据实|如实|按实际)?填[写列报](?!.{0,8}(?:人|部门)签)"
    r"|[（(](?:不(?:少于|超过|多于)|限|约)?\d{2,5}\s*字(?:以内|左右|以上|之内|内)?[）)]|仍保留该表(?:格式)?"
    r"|[（(](?:示例|样例|范例|举例说明|请说明|请描述|请简述)[）)：:]|(?:^|\n)\s*(?:示例|样例)[：:]"
    r"|[（(](?:请)?(?:简要|逐项|重点|具体|如实|据实)(?:说明|描述|填写|列举|分析|阐述)(?!了|见|详|如下)[^）)见]{0,60}[）)]"
    r"|(?:^|\n)\s*填[表报写]?(?:说明|要求)[：:](?=[^\n]{0,30}(?:请|应|须|不得))|(?:^|\n)\s*此处(?:填写|填列|说明|简述)"
    r"|没有的(?:请)?填[“\"]?[无0]"
    r"|[（(](?:填写要求|填报要求)[^）)]{0,60}[）)])"
)
_PLACEHOLDER = re.compile(
    r"(?=[2XxＸｘ×╳＊*_＿【〔占 \u3000下减降增上（(某])(?:"  # most letters can begin none of these
    r"(?<![A-Za-zＡ-Ｚａ-ｚ\d.,])(?:20)?(?:[XxＸｘ]{2,6}|[×╳]{2,6}"
    r"|(?<![＊*])(?<![＊*][ \u3000\-－—–−‐])[＊*]{2,6}(?=[\u4e00-\u9fff]))(?![A-Za-zＡ-Ｚａ-ｚ\d.\-－])"  # no hidden telephone
    r"|(?<=[\u4e00-\u9fff\d])[_＿]{2,}|【\s*】|〔\s*〕|〔?20[XxＸｘ×]{1,2}年?|占[ \u3000]{2,}[%％]|(?<![\d.\s])[ \u3000]{3,}万元"
    r"|(?:下降|减少|降低)[（(](?:增长|增加|上升)[）)]|(?:增长|增加|上升)[（(](?:下降|减少|降低)[）)]"
    r"|[（(]或与(?:预算|上年)[^）)]{0,6}持平[）)]|[（(](?:单位|部门|部门（单位）)名称[）)]|某某)"
)


class Remnant(NamedTuple):
    """A remnant and the passage it stands in."""

    passage: PlacedText
    shown: str


def check_instructions(rule: Rule, case: Case) -> Iterator[Judgement]:
    """T1: one judgement a report."""
    del rule
    yield _judge(case, _INSTRUCTION.finditer, "instructions", ("section", "overview", "goal", "result", "reason"))


def check_placeholders(rule: Rule, case: Case) -> Iterator[Judgement]:
    """T3: one judgement a report."""
    del rule
    kinds = ("title", "name", "section", "overview", "goal", "result", "reason")
    yield _judge(case, _PLACEHOLDER.finditer, "placeholders", kinds)


def _judge(case: Case, find: Callable[[str], Iterator[re.Match[str]]], say: str, kinds: tuple[str, ...]) -> Judgement:
    passages = [passage for passage in case.texts if passage.kind in kinds]
    if not passages:
        return NOT_APPLICABLE
    found = [
        Remnant(passage, excerpt(passage.text, match.start(), match.end()))
        for passage in passages
        for match in find(passage.text)
    ]
    return _told(found, say, case) if found else Judgement("pass", f"{say}.pass")


def _told(found: list[Remnant], say: str, case: Case) -> Judgement:
    """One line: the first few places, and how many there are."""
    lines = list(dict.fromkeys(f"{item.passage.place}“{item.shown}”" for item in found))
    more = f"等 {len(lines)} 处" if len(lines) > _LISTED else ""
    evidence = present(
        case.evidence_of_text(item.passage.where, item.passage.place, item.shown, "leftover") for item in found
    )
    return Judgement("review", f"{say}.review", {"项": "；".join(lines[:_LISTED]) + more}, evidence=evidence)


def excerpt(text: str, start: int, end: int) -> str:
    """The words around a place, on one line."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return " ".join(f"{before.rpartition(chr(10))[2]}{text[start:end].strip()}{after.partition(chr(10))[0]}".split())


# --- T4 -----------------------------------------------------------------------------------------------------------------

_PAIRS = {"（": "）", "〔": "〕", "《": "》", "“": "”"}
_FAMILY = {
    "(": "（",
    ")": "）",
    "［": "〔",
    "[": "〔",
    "］": "〕",
    "]": "〕",
    "【": "〔",
    "】": "〕",
}  # written one for the other
_NAMES = frozenset(_PAIRS)
_SIGN = re.compile(f"[{re.escape(''.join([*_PAIRS, *_PAIRS.values(), *_FAMILY]))}]")
_MARKER = re.compile(
    r"(?:(?<=[\n。；;：:，,、！？\s])|^)[ \t\u3000]*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z])[）)]"
)  # 1） is a list's number


def check_brackets(rule: Rule, case: Case) -> Iterator[Judgement]:
    """T4: one judgement a report. A bracket that closes in a later paragraph of the same text is closed."""
    del rule
    texts = [p for p in case.texts if p.kind in ("section", "overview", "result", "reason")]
    if not texts:
        yield NOT_APPLICABLE
        return
    found = [Remnant(passage, shown) for passage in texts for shown in unpaired_in(passage.text)]
    yield _told(found, "brackets", case) if found else Judgement("pass", "brackets.pass")


def unpaired_in(text: str) -> Iterator[str]:
    """Opening signs without their closing ones, and the reverse, each with the words around it."""
    if _SIGN.search(text) is None:
        return
    for position in sorted(_unpaired(_MARKER.sub(lambda match: " " * len(match.group()), text))):
        yield excerpt(text, position, position + 1)


def _unpaired(text: str) -> Iterator[int]:
    """Positions of signs without a partner, each family of signs counted for itself."""
    open_at: dict[str, list[int]] = {}
    for match in _SIGN.finditer(text):
        position, sign = match.start(), match.group()
        family = _FAMILY.get(sign, sign)
        if family in _NAMES:
            open_at.setdefault(family, []).append(position)
        elif family in _CLOSING:
            opened = open_at.get(_CLOSING[family])
            if opened:
                opened.pop()
            else:
                yield position
    for positions in open_at.values():
        yield from positions


_CLOSING = {_PAIRS[sign]: sign for sign in _NAMES}
