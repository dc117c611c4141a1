"""Where something stands, in words: 《支出和结余情况》表 · 局机关 行 · 基本支出 列（第3页）. People are never shown evidence ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.text.labels import normalise_label

if TYPE_CHECKING:
    from gouji.extract.context import Context
    from gouji.model.anchor import Column, FigureBlock, Pair
    from gouji.model.document import Box
    from gouji.text.rows import Placed

_ORDINAL = re.compile(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]\s*")
_UNIT_NOTE = re.compile(r"[(（][^()（）]*元[^()（）]*[)）]|单位[:：].*$")
_TABLE_WORD = re.compile(r"情况表?$|表$")


def page_note(box: Box | None) -> str:
    """（第3页） where the page is known."""
    return f"（第{box.page}页）" if box is not None else ""


def table_name(title: str, fallback: str) -> str:
    """A block's name: its printed title without ordinal and unit, or the form's own name for it."""
    name = _UNIT_NOTE.sub("", _ORDINAL.sub("", normalise_label(title))).strip(":：、,，()（）")
    return name if (2 <= len(name) <= 24 and "表" in name) or _TABLE_WORD.search(name) else fallback


def place_of_cell(block: FigureBlock, row_name: str, column: Column, placed: Placed, context: Context) -> str:
    """A cell of a table of figures. A table without a title of its own is called by its topic's name."""
    topic = context.concept(column.concept).topic if column.concept else block.topic
    entry = context.form.topics.get(topic) if context.form else None
    announces = entry is not None and any(hint in normalise_label(block.title) for hint in entry.titles)
    name = table_name(block.title if announces else "", context.topic_name(topic))
    parts = [f"《{name}》表"]
    if row_name:
        parts.append(f"{row_name} 行")
    parts.append(f"{column.path[-1] if column.path else '—'} 列")
    return " · ".join(parts) + page_note(placed.cell.box)


def place_of_pair(pair: Pair, context: Context) -> str:
    """A value beside its label."""
    name = context.topic_name(context.concept(pair.concept).topic)
    return f"《{name}》表 · {normalise_label(pair.label.text)} 栏{page_note(pair.value.box)}"


def place_of_indicator(level: str | None, column: str, box: Box | None) -> str:
    """A cell of the scoring table."""
    return f"《评分表》 · {level or '（未写指标名）'} 行 · {column} 列{page_note(box)}"


def place_of_paragraph(heading: str | None, ordinal: int, box: Box | None = None) -> str:
    """A paragraph of the narrative."""
    return f"正文“{heading}”部分第{ordinal}段{page_note(box)}" if heading else f"正文第{ordinal}段{page_note(box)}"
