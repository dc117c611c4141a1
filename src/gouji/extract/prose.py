"""Amounts stated in sentences → Facts, at their very characters.

    全年总支出871.05万元，基本支出871.05万元（其中：人员支出603.03万元，…
         ^^^^^^ p12_5_11                     label, then a few joining words, then an amount with its unit

Only a plain statement counts: a change (比上年增加), a share (占), a plan (预算) or a hypothetical is no level and is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.extract.places import place_of_paragraph
from gouji.extract.texts import heading_of
from gouji.model.report import Fact
from gouji.text.labels import label_key, normalise_label
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.extract.context import Context
    from gouji.model.anchor import Region
    from gouji.model.document import Paragraph

_AMOUNT = re.compile(r"(?P<number>[-−]?\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>亿元|百万元|万元|千元|元|万)(?!/)")
_HEADCOUNT = re.compile(r"(?P<number>\d{1,5})\s*(?P<unit>人|名|个)(?!次|月|项|部门|单位|科|股|小时|工作日|百分点)")
_JOIN = re.compile(r"^(?:共计|合计|总计|总额|共|为|是|约|达|达到|实际|数|支出|决算|收入|资金|金额|:|：|、|\s|（|\()*$")
_CHANGE = re.compile(
    r"增加|增长|减少|下降|降低|节约|压减|同比|比上年|较上年|比去年|较去年|变动|结余率|占|人均|预算|计划|拟|批复|追加|调整|调减|余额"
)
_RATE_CHANGE = re.compile(r"增加|增长|减少|下降|降低|同比|比上年|较上年|占")
_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[%％])")
_PATTERNS = ((_AMOUNT, "money"), (_HEADCOUNT, "count"), (_PERCENT, "percent"))
_PLAIN_BEGINNING = re.compile(
    r"(?:^|[局委办院所站会队校室处园社镇乡厅部府]|中心|单位|部门|我们|机关|街道|现有|共有|现|核定|年末|年底|其中|全部|本级|职工|人员|总|全年|当年|本年|"
    r"年度|取得|实现|实际|发生|完成|[年度]|[:：])\s*$"
)
_STOP = re.compile(r"[，,。；;（(、\n]")
_MAX_LABEL = 22


def facts_of_prose(region: Region, context: Context) -> list[Fact]:
    """Levels stated in the narrative, in reading order."""
    facts: list[Fact] = []
    heading: str | None = None
    ordinal = 0
    for paragraph in region.prose:
        found = heading_of(paragraph.printed)
        if found is not None and not found[2]:
            heading, ordinal = found[1], 0
            continue
        ordinal += 1
        place = place_of_paragraph(heading, ordinal, paragraph.box)
        facts.extend(_facts_of_paragraph(paragraph, place, context))
    return facts


def _facts_of_paragraph(paragraph: Paragraph, place: str, context: Context) -> Iterator[Fact]:
    if not paragraph.where:
        return
    for pattern, kind in _PATTERNS:
        for match in pattern.finditer(paragraph.text):
            label = _label_before(paragraph.text, match.start(), context, kind=kind)
            if label is not None:
                yield _fact(paragraph, match, label, place, context)


def _label_before(text: str, end: int, context: Context, *, kind: str) -> tuple[str, str] | None:
    """(concept id, label) whose name ends right before an amount, with only joining words between."""
    clause_start = max((m.end() for m in _STOP.finditer(text, max(0, end - 40), end)), default=max(0, end - 40))
    clause = text[clause_start:end]
    if (_RATE_CHANGE if kind == "percent" else _CHANGE).search(clause):
        return None
    for length in range(min(_MAX_LABEL, len(clause)), 1, -1):
        for start in range(len(clause) - length + 1):
            words = clause[start : start + length]
            if not _JOIN.match(clause[start + length :]):
                continue
            concept = _concept_of(words, clause[:start], context, kind)
            if concept is not None:
                return concept, normalise_label(words).strip(".。:：,，")
    return None


def _concept_of(words: str, before: str, context: Context, kind: str) -> str | None:
    """The concept that the words right before an amount name.

    Short words and people's labels have false friends (利息收入, 辅警编制, 领导职数): what stands before them must be a
    plain beginning.
    """
    if words.strip() != words:
        return None
    key = label_key(words)
    concept = context.strong_labels.get(key)
    if concept is None or kind == "count":
        concept = concept or context.prose_words.get(key)
        if concept is not None and not _PLAIN_BEGINNING.search(before):
            return None
    return concept if concept is not None and context.concept(concept).kind == kind else None


def _fact(paragraph: Paragraph, match: re.Match[str], found: tuple[str, str], place: str, context: Context) -> Fact:
    concept = context.concept(found[0])
    reading = read_number(match.group("number"), context.units, context.patterns.units.get(_unit_name(match)))
    where = f"{paragraph.where}_{match.start('number')}_{match.end('number')}"
    state = reading.kind if reading.kind in ("value", "zero") else "unreadable"
    return Fact(
        concept=concept.id,
        label=found[1],
        header_path=(found[1],),
        entity=context.unit_name,
        period=context.year,
        stage="final",
        scope=None,
        state=state,
        content=reading.quantity,
        raw=match.group("number"),
        origin="prose",
        where=where,
        unit_where=f"{paragraph.where}_{match.start('unit')}_{match.end('unit')}",
        box=paragraph.box,
        pattern=concept.mark,
        place=place,
    )


def _unit_name(match: re.Match[str]) -> str:
    return "万元" if match.group("unit") == "万" else match.group("unit")
