"""{{…}} in a .docx: names are replaced, lists repeat their paragraph or row, conditions keep or drop it.

{{单位}}                                            the value of a field
{{问题.序号}}．{{问题.描述}}                        the paragraph (or table row) once for each 问题; neighbours that name it repeat together
{{有问题单位.名称}} / {{有问题单位.问题.描述}}      a list in a list
{{节号}}、办理要求                                  一, 二, 三 … in the order of what is kept
关于{{单位}}{{换行处}}{{年度}}…的函               where a title may be broken into lines (titles.py)
{{如有 时限}}请于{{时限}}前报送。                   only where there is one;  {{如无 时限}}… only where there is none

A value is text and nothing else: it is put between characters, never parsed, run or formatted.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from lxml.etree import _Element

from gouji.export.annotate.wordml import XML_SPACE, P, T, W
from gouji.export.letters.titles import BREAK, break_title
from gouji.export.plain import clean_text
from gouji.model.errors import UsageError

Fields = Mapping[str, "str | Sequence[Fields]"]
TBL, ROW = W + "tbl", W + "tr"
_MARK = re.compile(r"\{\{\s*(?:(如有|如无)\s+)?([^{}\s]+?)\s*\}\}")
_DIGITS = "零一二三四五六七八九"
SECTION, MAY_BREAK = "节号", "换行处"
LIMIT = 1500
UNKNOWN = "模板“{template}”里的 {{{{{name}}}}} 不是可用的名称；可用的有：{known}。请改正模板后重试。"


class Filler:
    """Fills one template's tree with one letter's fields."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._sections = 0

    def fill(self, parent: _Element, fields: Fields) -> None:
        """Replace the blocks of a w:body (or header, footer) by filled ones, in place."""
        self._sections = 0
        self._expand(parent, list(parent), fields, {}, "")

    def _expand(
        self, parent: _Element, blocks: list[_Element], fields: Fields, outer: Mapping[str, str], prefix: str
    ) -> None:
        """`prefix`: the lists we are in ("有问题单位."); `outer`: the single values seen so far under their full names."""
        values = {**outer, **{prefix + name: value for name, value in fields.items() if isinstance(value, str)}}
        lists = {name: value for name, value in fields.items() if not isinstance(value, str)}
        for name, group in groupby(blocks, key=lambda block: self._find_list(block, lists, prefix)):
            found = list(group)
            if name is None:
                for block in found:
                    self._fill_block(block, fields, lists, values, prefix)
                continue
            for item in lists[name]:
                repeated = [copy.deepcopy(block) for block in found]
                for block in repeated:
                    found[0].addprevious(block)
                self._expand(parent, repeated, item, values, f"{prefix}{name}.")
            for block in found:
                parent.remove(block)

    def _find_list(self, block: _Element, lists: Mapping[str, object], prefix: str) -> str | None:
        """The list that a paragraph or row repeats for; a table only through its rows."""
        if block.tag == TBL:
            return None
        for condition, name in _list_marks(block):
            rest = name.removeprefix(prefix)
            head, dot, _ = rest.partition(".")
            if not condition and dot and name.startswith(prefix) and head in lists:
                return head
        return None

    def _fill_block(
        self,
        block: _Element,
        fields: Fields,
        lists: Mapping[str, object],
        values: Mapping[str, str],
        prefix: str,
    ) -> None:
        parent = block.getparent()
        if parent is None:
            raise RuntimeError("a block without its parent")
        if block.tag == TBL:
            self._expand(block, list(block.iterchildren(ROW)), fields, values, prefix)
            return
        known = {**values, **{prefix + name: bool(value) for name, value in lists.items()}}
        for condition, name in _list_marks(block):
            if condition and bool(self._look_up(name, known)) == (condition == "如无"):
                parent.remove(block)
                return
        for paragraph in _paragraphs(block):
            self._fill_paragraph(paragraph, values, known)

    def _fill_paragraph(self, paragraph: _Element, values: Mapping[str, str], known: Mapping[str, object]) -> None:
        texts = list(paragraph.iter(T))
        whole = "".join(text.text or "" for text in texts)
        for match in reversed(list(_MARK.finditer(whole))):
            condition, name = match.groups()
            self._look_up(name, known)
            value = "" if condition else self._choose_value(name, values)
            if value is None:
                raise UsageError(UNKNOWN.format(template=self._template, name=name, known=_list_known(known)))
            _replace(texts, match.start(), match.end(), value)
        break_title(texts)

    def _choose_value(self, name: str, values: Mapping[str, str]) -> str | None:
        if name == MAY_BREAK:
            return BREAK
        value = self._count() if name == SECTION else values.get(name)
        return None if value is None else clean_value(value)

    def _count(self) -> str:
        """The number of the next section that is kept."""
        self._sections += 1
        return write_chinese(self._sections)

    def _look_up(self, name: str, known: Mapping[str, object]) -> object:
        if name in (SECTION, MAY_BREAK):
            return True
        if name not in known:
            raise UsageError(UNKNOWN.format(template=self._template, name=name, known=_list_known(known)))
        return known[name]


def write_chinese(number: int) -> str:
    """1 → 一, 12 → 十二, 105 → 一百零五; from 10,000 on the digits themselves."""
    if not 0 < number < 10_000:  # noqa: PLR2004 - no district has more units
        return str(number)
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + name
        gap = not digit and bool(text)
    return text.removeprefix("一") if text.startswith("一十") else text


def clean_value(text: str) -> str:
    """A value as it may stand in a letter: one line, no control characters, not endless."""
    line = " ".join(clean_text(text).split())
    return line if len(line) <= LIMIT else line[:LIMIT] + "……（后文从略）"


def _list_known(known: Mapping[str, object]) -> str:
    return "、".join(known)


def _list_marks(block: _Element) -> Iterator[tuple[str, str]]:
    for paragraph in _paragraphs(block):
        whole = "".join(text.text or "" for text in paragraph.iter(T))
        yield from (match.groups(default="") for match in _MARK.finditer(whole))  # type: ignore[misc]


def _paragraphs(block: _Element) -> Iterator[_Element]:
    return block.iter(P)


def _replace(texts: list[_Element], start: int, end: int, value: str) -> None:
    """Put a value in place of characters that may run over several w:t: where they begin, in that run's look."""
    place = 0
    for text in texts:
        own = text.text or ""
        first, last = max(start - place, 0), min(end - place, len(own))
        if first < last:
            inserted = value if place <= start else ""
            text.text = own[:first] + inserted + own[last:]
            text.set(XML_SPACE, "preserve")
        place += len(own)


def fill_text(text: str, fields: Fields, template: str) -> str:
    """A text with its single values put in, for the name of a file."""
    known = {name: value for name, value in fields.items() if isinstance(value, str)}

    def put(match: re.Match[str]) -> str:
        if match[2] not in known:
            raise UsageError(UNKNOWN.format(template=template, name=match[2], known=_list_known(known)))
        return clean_value(known[match[2]])

    return _MARK.sub(put, text)
