"""Walk over labels beside their values: 人员编制 | 36 | 实有人数 | 38, and fields of the form held in cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.locate.fields import fields_in_text
from gouji.locate.moment_pairs import take_moment_pairs
from gouji.locate.units import unit_in_label
from gouji.locate.walk import Title
from gouji.model.anchor import FieldValue, Pair, UnitStatement
from gouji.model.document import Paragraph
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from gouji.locate.walk import Walk
    from gouji.patterns.concepts import Concept
    from gouji.patterns.forms import Field
    from gouji.text.rows import Placed, Row

_MAX_UNIT_LABEL = 20
_TOLD = ("staffing", "income", "expenditure", "three_public", "assets", "balance", "budget")
_ENDS = ("。", "；", "！", "？")
_AMOUNT = re.compile(r"\d[\d,.]*\s*(?:[万亿千]?元|人|名|个|辆)")
_WORD = re.compile(r"[\u4e00-\u9fff]{3,}")
_FIGURES = ("money", "count", "percent", "score")
_DIGIT = re.compile(r"[\d一二三四五六七八九十]")
_RESULTS = {"actual_value", "goal_result"}


def take_pairs(walk: Walk, position: int, row: Row) -> None:
    moments = take_moment_pairs(walk, position, row)
    cells = [placed for placed in _without_ordinals(walk, position, row) if id(placed) not in moments]
    index = taken = 0
    while index < len(cells):
        placed = cells[index]
        following = cells[index + 1] if index + 1 < len(cells) else None
        pair = _take_pair(walk, position, row, placed, following, cells[index + 2 :])
        taken += pair
        index += 2 if pair else 1
    if not taken and not moments:
        _take_head(walk, row)
        _take_header_unit(walk, row)
        _take_ordinal_columns(walk, row)


def _take_head(walk: Walk, row: Row) -> None:
    """项目 | 占比: a row of words says what the cells below it are."""
    if len(row.filled) > 1 and not any(placed.numeric for placed in row.filled) and not walk.is_labelled(row.filled[0]):
        walk.heads[row.table.where] = row


def _is_level_under_head(walk: Walk, value: Placed, row: Row) -> bool:
    """Whether what stands over a value lets it be the level of the label on its left: 金额 and 2022年决算数 do, 占比 and 编码 do not."""
    head = walk.heads.get(row.table.where)
    above = next((p for p in head.cells if p.start == value.start), None) if head is not None else None
    if head is None or above is None or not above.text or len(head.cells) != len(row.cells):
        return True
    vocabulary = walk.vocabulary
    moment = vocabulary.moment(above.text)
    amount = "amount" in vocabulary.roles(above.text) or unit_in_label(above.text, vocabulary) is not None
    if _RESULTS & vocabulary.roles(above.text) and _states_unit(walk, value):
        return True
    return amount or (moment is not None and moment.year is None and not moment.offset)


def _states_unit(walk: Walk, value: Placed) -> bool:
    """指标 | 完成情况: below such words a number with its unit is a level (515.00万元, 45人), a bare one may be anything."""
    reading = read_number(value.text, walk.vocabulary.units)
    return reading.kind == "none" or (reading.quantity is not None and reading.quantity.unit is not None)


def _take_ordinal_columns(walk: Walk, row: Row) -> None:
    """项目 | 行次 | 金额 | 项目 | 行次 | 金额: the columns of line numbers hold no values in the rows below."""
    found = [placed for placed in row.filled if "ordinal" in walk.vocabulary.roles(placed.text)]
    if found:
        walk.ordinals[row.table.where] = [(placed.start, placed.end) for placed in found]


def _without_ordinals(walk: Walk, position: int, row: Row) -> list[Placed]:
    spans = walk.ordinals.get(row.table.where)
    if not spans:
        return row.fresh
    cells: list[Placed] = []
    for placed in row.fresh:
        if any(start <= placed.start < end for start, end in spans) and (placed.numeric or not placed.text):
            walk.add(position, FieldValue("ordinal", placed.text, row.where(placed)))
        else:
            cells.append(placed)
    return cells


def _take_header_unit(walk: Walk, row: Row) -> None:
    """项目 | 金额（万元）: a row of words that states the unit of the rows below."""
    for placed in row.filled:
        unit = unit_in_label(placed.text, walk.vocabulary) if len(placed.text) <= _MAX_UNIT_LABEL else None
        if unit is not None:
            walk.unit = UnitStatement(unit, row.where(placed))


def _take_compound(walk: Walk, position: int, row: Row, placed: Placed, value: Placed) -> bool:
    """综合得分及评价等次 | 96分（优）: one cell that answers two labels."""
    if walk.is_label(value):
        return False
    for concept in walk.vocabulary.compound(placed.label):
        walk.add(position, Pair(concept.id, row.table, placed.cell, value.cell, "", walk.unit, shared=True))
    return bool(walk.vocabulary.compound(placed.label))


def _lone_meaning(walk: Walk, placed: Placed, value: Placed | None) -> Concept | None:
    """A label of people or points with one meaning needs no topic (事业编制 | 16, 自评得分 | 88)."""
    concept = walk.vocabulary.only(placed.text)
    if concept is None or value is None:
        return None
    is_number = read_number(value.text, walk.vocabulary.units).kind in ("value", "zero")
    scored = (concept.topic == "performance" or concept.kind == "percent") and is_number
    return concept if concept.kind == "count" or scored else None


def _may_answer(walk: Walk, value: Placed, row: Row) -> bool:
    """Whether a cell may be the value of the label on its left: no label, no moment, no unit alone, nothing else by its column."""
    vocabulary = walk.vocabulary
    names = walk.is_label(value) or vocabulary.moment(value.text) is not None or vocabulary.unit(value.text) is not None
    return not names and _is_level_under_head(walk, value, row)


def _unit_of_pair(walk: Walk, row: Row, placed: Placed) -> UnitStatement | None:
    """The unit that the label states, or a label of several rows left of it (资金情况（元）), or a line above."""
    left = [p for p in row.cells if p.start < placed.start and p.cell.row_span > 1]
    for other in (placed, *reversed(left)):
        unit = unit_in_label(other.text, walk.vocabulary)
        if unit is not None:
            return UnitStatement(unit, row.where(other))
    return walk.unit


def _behind_blanks(walk: Walk, value: Placed, rest: list[Placed]) -> Placed:
    """部门名称 | ~ | 某县某局: in a text dump a merged label leaves blanks before its value."""
    found = next((placed for placed in rest if placed.text), value)
    return value if walk.is_label(found) else found


def _is_void(walk: Walk, value: Placed) -> bool:
    """离退休人员 | — | 20 | 22: one of several values that happens to be none, or blank."""
    return read_number(value.text, walk.vocabulary.units).kind in ("none", "blank")


def _is_amount(walk: Walk, concept: Concept, value: Placed) -> bool:
    """Words without a digit (人数（人） | 人均（万元）) are no figure, however hard to read; nor is a table in the cell."""
    if concept.kind != "text" and value.cell.tables:
        return False
    if concept.kind not in _FIGURES or not value.text:
        return True
    return read_number(value.text, walk.vocabulary.units).kind != "text" or bool(_DIGIT.search(value.text))


def _is_header_of(walk: Walk, field: Field, value: Placed) -> bool:
    """项目名称 | 内容, 项目名称 | 预算数: two words of a header name no project."""
    says = bool(walk.vocabulary.roles(value.text)) or walk.vocabulary.moment(value.text) is not None
    return field.name == "project_name" and says


def _is_sentence(walk: Walk, value: Placed) -> bool:
    """三公经费 | 合计3.25万元，其中公务接待费1.05万元: several amounts in words are no number that is hard to read."""
    told = len(_AMOUNT.findall(value.text)) > 1 and len(_WORD.findall(value.text)) > 1
    return told and read_number(value.text, walk.vocabulary.units).quantity is None


def _take_sentences(walk: Walk, position: int, row: Row, placed: Placed, value: Placed) -> bool:
    """人员情况 | 编制12人，年末在职11人，退休6人: a label that announces figures, beside sentences that tell them.

    Each paragraph of the cell is one of the running text, and never runs on into the next.
    """
    topic = walk.vocabulary.announced_topic(placed.text) if placed.label else None
    announced = topic in _TOLD or "told" in walk.vocabulary.roles(placed.text)
    if not announced or value.cell.tables or len(_AMOUNT.findall(value.text)) <= 1:
        return False
    told = [block for block in value.cell.blocks if isinstance(block, Paragraph) and block.text.strip()]
    for number, paragraph in enumerate(told, 1):
        text = paragraph.text.rstrip()
        ended = text if text.endswith(_ENDS) else f"{text}。"
        where = f"{row.where(value)}_p{number}"
        walk.add(position, Title(ended, where, Paragraph(ended, where), in_table=True))
    return True


def _take_stated(walk: Walk, position: int, row: Row, placed: Placed) -> None:
    """A label with its value in one cell (其中：基本支出：861.40); those below each other are of one topic."""
    column = (row.table.where, placed.start)
    unit, known = _unit_of_pair(walk, row, placed), walk.cell_topics.get(column)
    topic = walk.take_stated(position, placed.text, row.where(placed), in_table=True, unit=unit, topic=known)
    if topic is not None:
        walk.cell_topics[column] = topic


def _take_beside(walk: Walk, position: int, row: Row, placed: Placed) -> None:
    """What a cell says all by itself: figures and fields behind their labels."""
    _take_stated(walk, position, row, placed)
    for found in fields_in_text(placed.text, walk.vocabulary):
        walk.add(position, FieldValue(found.name, found.value, row.where(placed), person=found.person))


def _take_pair(walk: Walk, position: int, row: Row, placed: Placed, value: Placed | None, rest: list[Placed]) -> bool:
    """One label with the cell right of it; also a label that holds its value (编制：36)."""
    if not placed.text:
        return False
    vocabulary = walk.vocabulary
    field, person = vocabulary.field(placed.text), vocabulary.person_role(placed.text)
    if (field is not None or person is not None) and value is not None and row.ragged and not value.text:
        value = _behind_blanks(walk, value, rest)
    if field is not None and value is not None and _is_header_of(walk, field, value):
        field = None
    if value is not None and (field is not None or person is not None) and not walk.is_labelled(value):
        name = field.name if field is not None else str(person)
        walk.add(position, FieldValue(name, value.text, row.where(value), person=field is None))
        return True
    if value is not None and _take_compound(walk, position, row, placed, value):
        return True
    concept = vocabulary.in_topic(placed.text, walk.topic) or _lone_meaning(walk, placed, value)
    if concept is not None and concept.kind in _FIGURES and value is not None and _is_sentence(walk, value):
        concept = None
    if concept is not None and value is not None and _may_answer(walk, value, row) and _is_amount(walk, concept, value):
        if rest and rest[0].numeric and (value.numeric or _is_void(walk, value)):
            walk.note(row.where(placed), f"{placed.label}：右侧有多个数，未取")
            return False
        walk.topic = concept.topic
        title = next((t.text for t in reversed(walk.titles)), "")
        unit = _unit_of_pair(walk, row, placed)
        strong = vocabulary.strong(placed.text) is concept
        moment = vocabulary.moment_of_figure(placed.text)
        walk.add(
            position, Pair(concept.id, row.table, placed.cell, value.cell, title, unit, strong=strong, moment=moment)
        )
        return True
    is_told = value is not None and _take_sentences(walk, position, row, placed, value)
    if not is_told:
        _take_beside(walk, position, row, placed)
    return is_told
