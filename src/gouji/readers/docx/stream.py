"""A very large main part, read while it is parsed, so that its tree never stands in memory as a whole.

pieces ─feed→ w:body ─ p p tbl p [tbl: tr tr tr [tr …     [ is what the parser has not closed yet
                       └──────┘       └───────┘
                 read and released    read and released, the rows kept for the table's end
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from lxml import etree
from lxml.etree import _Element

from gouji.model.errors import ReadError
from gouji.readers.docx.markup import DOCTYPE, LIMIT_NODES, TOO_LARGE, syntax_to_read_error
from gouji.readers.docx.names import BODY, GRID, TBL, W
from gouji.readers.docx.package import NO_MAIN
from gouji.readers.docx.parts import PartReader
from gouji.readers.docx.rare import find_rare
from gouji.readers.docx.styles import Styles
from gouji.readers.grid import RawRow
from gouji.readers.symbols import has_symbol_fonts

TABLE_HEAD = frozenset({W + "tblPr", GRID})


class StreamReader:
    """Feeds a parser and hands what it has closed to a PartReader; `margins` collects header and footer references."""

    def __init__(self, reader: PartReader, styles: Styles) -> None:
        self._reader = reader
        self._styles = styles
        self._parser = etree.XMLPullParser(
            events=("start",), tag=BODY, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        self._body: _Element | None = None
        self._table: _Element | None = None
        self._rows: list[RawRow] = []
        self._address = 0
        self._symbols = False
        self.margins: list[_Element] = []

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read the part from its pieces. Raises ReadError "corrupt" or "too_large"."""
        held = 0
        for piece in pieces:
            held += piece.count(b"<") + piece.count(b"=")
            if held > LIMIT_NODES:
                raise ReadError("too_large", TOO_LARGE)
            self._symbols = self._symbols or has_symbol_fonts(piece)
            self._feed(piece)
            if self._body is not None and self._take_closed(self._body):
                held = 0
        self._close()

    def _feed(self, piece: bytes) -> None:
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError as error:
            raise syntax_to_read_error(error) from error
        if self._body is None:
            for _, body in self._parser.read_events():
                self._body = cast("_Element", body)
                if self._body.getroottree().docinfo.internalDTD is not None:
                    raise ReadError("corrupt", DOCTYPE)
                return

    def _close(self) -> None:
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            raise syntax_to_read_error(error) from error
        if self._body is None:
            raise ReadError("corrupt", NO_MAIN)
        self._take_blocks(self._body, list(self._body))
        self._reader.finish_part()

    def _take_closed(self, body: _Element) -> bool:
        """Read and release every block but the open one, and of an open table every row but the open one."""
        blocks = list(body)
        if not blocks:
            return False
        open_block = blocks.pop()
        self._take_blocks(body, blocks)
        taken = bool(blocks)
        if open_block.tag == TBL:
            rows = [row for row in open_block if row.tag not in TABLE_HEAD][:-1]
            self._take_rows(open_block, rows)
            taken = taken or bool(rows)
        return taken

    def _take_blocks(self, body: _Element, blocks: list[_Element]) -> None:
        if blocks and blocks[0] is self._table:
            table = blocks.pop(0)
            self._take_rows(table, [row for row in table if row.tag not in TABLE_HEAD])
            self._reader.add_table_rows(table, self._rows, self._address)
            self._table, self._rows = None, []
            body.remove(table)
        if not blocks:
            return
        rare = find_rare(body, self._styles, symbol_fonts=self._symbols)
        self.margins += rare.margins
        self._reader.read_blocks(blocks, rare)
        for block in blocks:
            body.remove(block)

    def _take_rows(self, table: _Element, rows: list[_Element]) -> None:
        if self._table is None:
            self._table = table
            self._address = self._reader.ordinals.take(TBL)
        rare = find_rare(table, self._styles, symbol_fonts=self._symbols)
        self._rows += self._reader.read_table_rows(rows, rare)
        for row in rows:
            table.remove(row)
