"""A page's tree → Document, in one walk that never recurses.

    <p> <div> <li> <h1> …    paragraphs         <br>     line break
    <table> <tr> <td>        cells with spans   <ol>     numbers
    script, style, head …    not shown          display:none, mso-hide   not shown, noticed (R4)
    <del>, <ins>             tracked changes: left out, kept (R1)

White space collapses as on the screen. Word writes list numbers into a span of their own (mso-list:Ignore).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.model.locator import Story
from gouji.readers.flow import TOO_LARGE, Counters, Flow
from gouji.readers.html.charset import CORRUPT, decode_page
from gouji.readers.notices import Notes, write_notices
from gouji.readers.number_formats import format_number
from gouji.readers.story import StoryBuilder
from gouji.readers.symbols import decode_text, is_symbol_font

LIMIT_NODES = 1_500_000
EMPTY = "网页文件中没有任何文字；请核对是否导出完整，另存为 .docx 后再提交。"
BLOCKS = frozenset(
    "p div li h1 h2 h3 h4 h5 h6 ul ol dl dt dd blockquote center pre address article section header footer main aside "
    "nav form fieldset legend hr caption figure figcaption body html".split()
)
SILENT = frozenset("head script style title meta link noscript template object iframe select textarea svg math".split())
GROUPS = frozenset({"thead", "tbody", "tfoot"})
CELLS = frozenset({"td", "th"})
LIST_TYPES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
SPACES = re.compile("[ \t\r\n\f]+")  # &nbsp; and the ideographic space are none of these
HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
IGNORED_LIST = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
FONT = re.compile(r"font-family\s*:\s*[\"']?([^;\"',]+)", re.IGNORECASE)
NOTE_ELEMENT = re.compile(r"mso-element\s*:\s*(?:footnote|endnote)\b(?!-)", re.IGNORECASE)
NOTE_MARK = re.compile(r"mso-(?:footnote|endnote)-id", re.IGNORECASE)
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\u200b\ufeff]")
STORIES: tuple[Story, ...] = ("body", "header", "footer", "footnote")
ZERO_HEIGHT = frozenset({"0", "0px", "0pt"})


def read_html(data: bytes, charset: str | None = None, form: str = "html") -> Document:
    """Read a web page. Raises ReadError "corrupt", "empty" or "too_large"."""
    root = parse_page(decode_page(data, charset))
    notes = Notes()
    reader = PageReader(notes)
    reader.read(root)
    stories = reader.stories.values()
    parts = tuple(story.to_part() for story in stories if story.blocks or story.story == "body")
    if not any(part.blocks for part in parts):
        raise ReadError("empty", EMPTY)
    return Document(form, parts, write_notices(notes, [], parts))


def parse_page(text: str) -> _Element:
    """The tree that lxml makes of whatever is written."""
    if text.count("<") + text.count("=") > LIMIT_NODES:
        raise ReadError("too_large", TOO_LARGE)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise ReadError("corrupt", CORRUPT) from error
    if root is None:
        raise ReadError("empty", EMPTY)
    return root


class PageReader:
    """Walks a page; elements that are not shown are skipped with all they hold."""

    def __init__(self, notes: Notes) -> None:
        self.stories = {story: StoryBuilder(story) for story in STORIES}
        counters = Counters()
        self._flows = {name: Flow(story, notes, counters, collapses=True) for name, story in self.stories.items()}
        self._flow = self._flows["body"]
        self._aside: _Element | None = None
        self._skipped: _Element | None = None
        self._kept_spaces = 0
        self._number: _Element | None = None
        self._fonts: list[tuple[_Element, str]] = []
        self._counts: dict[_Element, int] = {}
        self._opened: set[_Element] = set()

    def read(self, root: _Element) -> None:
        """Hand the page to the flow."""
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                if self._skipped is None:
                    self._start(element)
            else:
                self._end(element)
        for flow in self._flows.values():
            flow.finish()

    def _start(self, element: _Element) -> None:
        tag = element.tag
        if tag in SILENT or is_note_mark(element) or self._is_hidden(element):
            self._skipped = element
            return
        if tag == "div" and self._aside is None and (story := find_story(element)) != "body":
            self._aside, self._flow = element, self._flows[story]
        style = element.get("style") or ""
        if style and self._number is None and IGNORED_LIST.search(style):
            self._number = element
        self._enter_font(element, style)
        if tag in BLOCKS:
            if self._flow.has_text():  # a list's number waits for the first paragraph of its item
                self._flow.flush()
            self._kept_spaces += tag == "pre"
            if tag == "li":
                self._number_item(element)
        elif tag in STARTS:
            STARTS[tag](self, element)
        self._add_text(element.text)

    def _end(self, element: _Element) -> None:
        if self._skipped is None:
            self._leave(element)
        elif self._skipped is element:
            self._skipped = None
        else:
            return
        if element.getparent() is not None:
            self._add_text(element.tail)

    def _leave(self, element: _Element) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._flow.flush()
            self._kept_spaces -= tag == "pre"
        elif tag in CELLS and element in self._opened:
            self._opened.discard(element)
            self._flow.close_cell()
        elif tag == "table":
            self._flow.close_table()
        elif tag == "tr" and is_dummy_row(element):
            self._flow.drop_row()
        if self._aside is element:
            self._aside, self._flow = None, self._flows["body"]
        if self._number is element:
            self._number = None
        if self._fonts and self._fonts[-1][0] is element:
            self._fonts.pop()

    def _is_hidden(self, element: _Element) -> bool:
        if element.tag == "del":
            self._flow.note("R1")
            return True
        style = element.get("style") or ""
        if element.get("hidden") is None and not (style and HIDING.search(style)):
            return element.tag == "input" and element.get("type") == "hidden"
        if any(str(text).strip() for text in element.itertext()):
            self._flow.note("R4")
        return True

    def _enter_font(self, element: _Element, style: str) -> None:
        match = FONT.search(style) if "font-family" in style else None
        font = match[1].strip() if match else element.get("face") if element.tag == "font" else None
        if font is not None:
            self._fonts.append((element, font))

    def _add_text(self, text: str | None) -> None:
        if not text or self._skipped is not None:
            return
        text = CONTROLS.sub("", text)
        if self._fonts and is_symbol_font(self._fonts[-1][1]):
            text = decode_text(text, self._fonts[-1][1])
        if self._number is not None:
            self._flow.add_number(text.strip(" \t\r\n\u00a0"))
        elif self._kept_spaces:
            self._flow.add_text(text.replace("\r\n", "\n"))
        else:
            text = SPACES.sub(" ", text)
            self._flow.add_text(text[1:] if text[:1] == " " and self._flow.ends_with_space() else text)

    def _number_item(self, item: _Element) -> None:
        """The number of an item of an ordered list."""
        holder = item.getparent()
        if holder is None or holder.tag != "ol":
            return
        before = self._counts.get(holder, to_int(holder.get("start"), 1) - 1)
        count = to_int(item.get("value"), before + 1)
        self._counts[holder] = count
        self._flow.add_number(format_number(count, LIST_TYPES.get(holder.get("type") or "1", "decimal")) + ".")

    def start_break(self, _element: _Element) -> None:
        """A <br>."""
        self._flow.add_text("\n")

    def start_table(self, _element: _Element) -> None:
        """A <table>."""
        self._flow.open_table()

    def start_group(self, _element: _Element) -> None:
        """A <thead>, <tbody> or <tfoot>."""
        self._flow.open_group()

    def start_row(self, _element: _Element) -> None:
        """A <tr>."""
        self._flow.open_row()

    def start_cell(self, element: _Element) -> None:
        """A <td> or <th>."""
        depth = self._flow.depth()
        self._flow.open_cell(to_int(element.get("rowspan"), 1), to_int(element.get("colspan"), 1))
        if self._flow.depth() > depth:
            self._opened.add(element)

    def start_inserted(self, _element: _Element) -> None:
        """An <ins>: kept."""
        self._flow.note("R1")


STARTS: dict[str, Callable[[PageReader, _Element], None]] = {
    "br": PageReader.start_break,
    "table": PageReader.start_table,
    **dict.fromkeys(GROUPS, PageReader.start_group),
    "tr": PageReader.start_row,
    **dict.fromkeys(CELLS, PageReader.start_cell),
    "ins": PageReader.start_inserted,
}


def find_story(block: _Element) -> Story:
    """Where a <div> belongs: offices put the header, the footer and each footnote into one of its own."""
    title, identity, style = block.get("title") or "", block.get("id") or "", block.get("style") or ""
    if identity.startswith(("sdfootnote", "sdendnote")) or NOTE_ELEMENT.search(style):
        return "footnote"
    return "header" if title == "header" else "footer" if title == "footer" else "body"


def is_note_mark(element: _Element) -> bool:
    """The raised number of a footnote, in the text or before the note."""
    if element.tag != "a":
        return False
    return (element.get("class") or "").startswith(("sdfootnote", "sdendnote")) or bool(
        NOTE_MARK.search(element.get("style") or "")
    )


def is_dummy_row(row: _Element) -> bool:
    """The row without height in which Word keeps the widths of its columns."""
    return row.get("height") in ZERO_HEIGHT and not any(str(text).strip() for text in row.itertext())


def to_int(text: str | None, default: int) -> int:
    """A whole number as an attribute writes it."""
    match = re.match(r"\s*(\d{1,6})", text or "")
    return int(match[1]) if match else default
