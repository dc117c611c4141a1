"""Criterion text → the points it names, each with the words that lead to it.

达到90%得5分；70%（含）至90%得2分；不足70%得0分。
Mention("award", 5, "达到90%")  Mention("award", 2, "70%(含)至90%")  Mention("zero", 0, "不足70%")

award    得5分, 计5分, 5分      full   满分          zero   不得分, 0分
deduct   扣0.5分, 减0.5分       cap    扣完为止, 最多加1分      total  共5分
share    扣分值的10%            open   酌情, 按比例, 折算, 扣1-2分, 加分 …: nobody can say the points beforehand
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from gouji.text.characters import simplify
from gouji.text.labels import close_up

MentionKind = Literal["award", "full", "zero", "deduct", "share", "cap", "total", "open"]
_NUMBER = r"\d+(?:\.\d+)?"
_TOKEN = re.compile(
    rf"""
    (?P<cap>(?:扣|减)(?:完|至0分?|至零分?|光)(?:本项|该项)?(?:分值|分数|分)?(?:为止|止)?
        |(?:最多|最高|累计|至多)(?:可)?(?:扣|减|得|计)(?:至|到)?(?:{_NUMBER})分|以(?:{_NUMBER})分为限|不(?:计|得|出现)负分
        |(?:没有|无|未安排)[^;。\n]{{0,12}}(?:项目|业务|此项|该项|本项)[^;。\n]{{0,6}}(?:按|得|计|视为)满分(?:计算|计)?)
    |(?P<open>酌情|视情|适当(?=扣|减|给|计|得|加)|比例|按幅度|折算|(?:另|再|可)?加(?:{_NUMBER})分|{_NUMBER}(?:分)?[-~至—]+{_NUMBER}分
        |(?:按|依据|根据)[^,;。\n分%]{{0,14}}(?:扣|减|计|给|评|打|得)分|得分(?:=|为)|[×*])
    |(?:扣减|扣除|扣|减)(?:该项|本项|本指标|指标)?(?:{_NUMBER}分的)?(?:分值|权重分|权重|满分)的?(?P<share>{_NUMBER})%
    |(?:扣减|扣除|扣|减)(?P<deduct>{_NUMBER})分
    |(?P<zero>(?:不得|不计|不给|不记|不予计|无)分|(?:得|计|记|为)?(?:0(?:\.0+)?|零)分)
    |(?P<full>(?:得|计|记|给|可得|赋)?(?:满分|全分))
    |(?:共计?|合计|总计|满分为?)(?P<total>{_NUMBER})分
    |(?:得|计|记|给|赋|为|占)?(?P<award>{_NUMBER})分(?!值|数|制|钟|之|以[上下内])
    """,
    re.VERBOSE,
)
_EDGES = ",;。、:的后时者 \n"
_MARK = re.compile(r"[①-⑳]|(?:(?<=^)|(?<=[\n;。]))(?:\(?\d{1,2}[.)、](?!\d)|\([一二三四五六七八九十]\))")
_INCLUDED = re.compile(rf"({_NUMBER}%)(以上|以下|以内)\((?:含)(?:{_NUMBER}%|本数)?\)")
_SCANNED_SIGN = re.compile(r"(?<=[率费额])[QW](?=\d)")  # how scanned forms print ≤
_CIRCLED = {chr(0x2460 + number): f"\n{number + 1}、" for number in range(20)}
_ABOVE_ALL = re.compile(r"一票否决|倒扣|直接为|总分中")
_SHARE_OF_ALL = re.compile(r"得\d+(?:\.\d+)?%")  # 5%至10%得70%: no points of its own
_LEFTOVER = re.compile(r"[扣减加]分|得分|满分|不得|\d分|[扣减]完|比例|酌情|折算|倒扣|一票否决")


class Mention(NamedTuple):
    """Points and the text before them; `item` counts the marks (①, 1.) seen so far."""

    kind: MentionKind
    points: Decimal
    before: str
    item: int = 0


class Reading(NamedTuple):
    """Every mention of a text, and what stands after the last."""

    mentions: tuple[Mention, ...]
    rest: str
    marked: bool

    @property
    def is_settled(self) -> bool:
        """Whether nothing else in the text can change the score."""
        tail = [self.rest, *(mention.before for mention in self.of("cap"))]
        if any(_ABOVE_ALL.search(m.before) or _SHARE_OF_ALL.search(m.before) for m in self.mentions):
            return False
        return not any(map(_LEFTOVER.search, tail))

    def of(self, *kinds: MentionKind) -> list[Mention]:
        """The mentions of some kinds."""
        return [mention for mention in self.mentions if mention.kind in kinds]


@lru_cache(maxsize=4096)
def fold_criterion(text: str) -> str:
    """Half-width, simplified, without spaces and quotes; ①② become numbered lines, 一个 one.

    NFKC makes plain numbers of ①②, so they are taken first.
    """
    for mark, line in _CIRCLED.items():
        text = text.replace(mark, line)
    lines = [simplify(close_up(line)) for line in text.split("\n")]
    folded = "\n".join(line for line in lines if line)
    folded = re.sub("[“”\"'‘’「」]", "", folded).replace("百分之百", "100%")
    folded = _INCLUDED.sub(r"\1(含)\2", folded)
    folded = _SCANNED_SIGN.sub("≤", folded)
    return re.sub(r"[〈＜]", "<", folded).replace("≦", "≤").replace("≧", "≥").replace("一个百分点", "1个百分点")


@lru_cache(maxsize=4096)
def read_mentions(text: str) -> Reading:
    """Mentions in printed order."""
    folded = fold_criterion(text)
    marks = [match.start() for match in _MARK.finditer(folded)]
    mentions: list[Mention] = []
    start = 0
    for match in _TOKEN.finditer(folded):
        kind = cast("MentionKind", match.lastgroup)
        points = Decimal(match.group(kind)) if kind in ("award", "deduct", "share", "total") else Decimal(0)
        before = folded[start : match.start()].strip(_EDGES)
        mentions.append(Mention(kind, points, before, sum(mark <= match.start() for mark in marks)))
        start = match.end()
    return Reading(tuple(mentions), folded[start:].strip(_EDGES), bool(marks))
