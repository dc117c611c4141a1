"""The tree of an OpenDocument text → flows, one a story, in one walk that never recurses.

<text:p>收入<text:s text:c="2"/>合计<text:line-break/>…         "收入  合计\\n…"
<table:table-cell number-columns-spanned="2">…                 cell 1×2
<table:covered-table-cell number-columns-repeated="1"/>        the place it takes
<text:tracked-changes>, <text:change…/>                        deleted text stays out (R1)
<draw:text-box>, <text:note-body>                              stories of their own; the paragraph goes on after them
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element

from gouji.model.locator import Story
from gouji.readers.flow import LIMIT_SPAN, Flow
from gouji.readers.odt.lists import Lists
from gouji.readers.odt.names import DRAW, OFFICE, TABLE, TEXT, to_int
from gouji.readers.odt.styles import Look
from gouji.readers.symbols import decode_text, has_private

PARAGRAPHS = frozenset({TEXT + "p", TEXT + "h"})
CELL, COVERED = TABLE + "table-cell", TABLE + "covered-table-cell"
ROW = TABLE + "table-row"
LIMIT_SPACES = 1000
SPACES = re.compile("[ \t\r\n]+")
BOXES = frozenset(
    DRAW + name
    for name in "text-box custom-shape rect ellipse circle line polyline polygon path connector caption measure".split()
)
SILENT = frozenset(
    [
        *(OFFICE + name for name in ("annotation", "annotation-end", "forms", "binary-data", "event-listeners")),
        *(TEXT + name for name in ("tracked-changes", "note-citation", "ruby-text", "number", "sequence-decls")),
        *(
            TEXT + name
            for name in ("variable-decls", "user-field-decls", "dde-connection-decls", "bibliography-source")
        ),
        *(
            TEXT + f"{name}-source"
            for name in ("table-of-content", "illustration-index", "table-index", "object-index")
        ),
        *(TEXT + f"{name}-source" for name in ("user-index", "alphabetical-index")),
        TABLE + "shapes",
        DRAW + "object",
        DRAW + "glue-point",
        DRAW + "enhanced-geometry",
    ]
)
CHANGES = frozenset(TEXT + name for name in ("change", "change-start"))


class Walk:
    """Walks the parts of a document; `_outer` are the stories that wait while a text box or a note is read."""

    def __init__(self, flows: dict[Story, Flow], look: Look, lists: Lists) -> None:
        self._flows = flows
        self._flow = flows["body"]
        self._look = look
        self._lists = lists
        self._skipped: _Element | None = None
        self._outer: list[tuple[_Element, Flow, int]] = []
        self._paragraphs = 0
        self._fonts: list[tuple[_Element, str]] = []

    def read(self, root: _Element, story: Story) -> None:
        """Hand a part to its story."""
        self._flow = self._flows[story]
        self._paragraphs = 0
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if not isinstance(element.tag, str):
                if event == "end":
                    self._add_text(element.tail)
            elif event == "start":
                if self._skipped is None:
                    self._start(element)
            else:
                self._end(element, root)
        self._flow.flush()

    def _start(self, element: _Element) -> None:
        tag = element.tag
        if tag in SILENT or self._is_hidden(element):
            self._skipped = element
            return
        self._enter_font(element)
        if tag in BOXES:
            self._enter(element, "textbox")
        elif tag in PARAGRAPHS:
            self._paragraphs += 1
            self._flow.add_number(self._lists.next_number(element))
        elif tag in CHANGES:
            self._flow.note("R1")
        elif tag in STARTS:
            STARTS[tag](self, element)
        self._add_text(element.text)

    def _end(self, element: _Element, root: _Element) -> None:
        if self._skipped is None:
            self._leave(element)
        elif self._skipped is element:
            self._skipped = None
        else:
            return
        if element is not root:
            self._add_text(element.tail)

    def _leave(self, element: _Element) -> None:
        tag = element.tag
        if tag in PARAGRAPHS:
            self._flow.end_paragraph()
            self._paragraphs -= 1
        elif tag in ENDS:
            ENDS[tag](self, element)
        if self._fonts and self._fonts[-1][0] is element:
            self._fonts.pop()
        if self._outer and self._outer[-1][0] is element:
            self._flow.flush()
            _, self._flow, self._paragraphs = self._outer.pop()

    def _enter(self, element: _Element, story: Story) -> None:
        self._outer.append((element, self._flow, self._paragraphs))
        self._flow, self._paragraphs = self._flows[story], 0

    def _is_hidden(self, element: _Element) -> bool:
        if element.get(TEXT + "style-name") not in self._look.hidden:
            return False
        if any(str(text).strip() for text in element.itertext()):
            self._flow.note("R4")
        return True

    def _enter_font(self, element: _Element) -> None:
        font = self._look.fonts.get(element.get(TEXT + "style-name") or "")
        if font is not None:
            self._fonts.append((element, font))

    def _add_text(self, text: str | None) -> None:
        if not text or not self._paragraphs or self._skipped is not None:
            return
        font = self._fonts[-1][1] if self._fonts else None
        if font is not None or has_private(text):
            text = decode_text(text, font)
        text = SPACES.sub(" ", text)
        self._flow.add_text(text[1:] if text[0] == " " and self._flow.ends_with_space() else text)

    # -- elements ------------------------------------------------------------------------------------------------

    def start_spaces(self, element: _Element) -> None:
        """A text:s."""
        self._flow.add_text(" " * to_int(element.get(TEXT + "c"), 1, LIMIT_SPACES))

    def start_tab(self, _element: _Element) -> None:
        """A text:tab."""
        self._flow.add_text("\t")

    def start_break(self, _element: _Element) -> None:
        """A text:line-break."""
        self._flow.add_text("\n")

    def start_list(self, element: _Element) -> None:
        """A text:list."""
        self._lists.open_list(element)

    def start_item(self, element: _Element) -> None:
        """A text:list-item."""
        self._lists.open_item(element)

    def start_note(self, element: _Element) -> None:
        """A text:note-body."""
        self._enter(element, "footnote")

    def start_table(self, _element: _Element) -> None:
        """A table:table."""
        self._flow.open_table()

    def start_row(self, _element: _Element) -> None:
        """A table:table-row."""
        self._flow.open_row()

    def start_cell(self, element: _Element) -> None:
        """A cell, or a place that one from above or from the left takes."""
        covered = element.tag == COVERED
        columns = element.get(TABLE + ("number-columns-repeated" if covered else "number-columns-spanned"))
        rows = 1 if covered else to_int(element.get(TABLE + "number-rows-spanned"), 1, 100_000)
        self._flow.open_cell(max(rows, 1), to_int(columns, 1, LIMIT_SPAN), covered=covered)

    def end_cell(self, element: _Element) -> None:
        """The cell is complete; one that is repeated stands again."""
        self._flow.close_cell()
        if element.tag == CELL:
            self._flow.repeat_cell(to_int(element.get(TABLE + "number-columns-repeated"), 1, LIMIT_SPAN) - 1)

    def end_row(self, element: _Element) -> None:
        """The row is complete; one that is repeated stands again."""
        self._flow.repeat_row(to_int(element.get(TABLE + "number-rows-repeated"), 1, 100_000) - 1)

    def end_table(self, _element: _Element) -> None:
        """The table is complete."""
        self._flow.close_table()

    def end_list(self, _element: _Element) -> None:
        """The list is complete."""
        self._lists.close_list()


STARTS: dict[object, Callable[[Walk, _Element], None]] = {
    TEXT + "s": Walk.start_spaces,
    TEXT + "tab": Walk.start_tab,
    TEXT + "line-break": Walk.start_break,
    TEXT + "list": Walk.start_list,
    TEXT + "list-item": Walk.start_item,
    TEXT + "note-body": Walk.start_note,
    TABLE + "table": Walk.start_table,
    ROW: Walk.start_row,
    CELL: Walk.start_cell,
    COVERED: Walk.start_cell,
}
ENDS: dict[object, Callable[[Walk, _Element], None]] = {
    TEXT + "list": Walk.end_list,
    TABLE + "table": Walk.end_table,
    ROW: Walk.end_row,
    CELL: Walk.end_cell,
    COVERED: Walk.end_cell,
}
