"""List numbers as Word computes them, from PlfLst and PlfLfo."""

from __future__ import annotations

import struct

import pytest

from gouji.model.document import Document, Paragraph
from readers.doc.structures import (
    BULLET,
    CHAPTERS,
    CHINESE,
    font_table,
    item,
    level,
    lists,
    style,
    style_sheet,
    use,
    uses,
)
from readers.doc.worddoc import DELETED, FONTS, HIDDEN, LIST_USES, LISTS, STYLES, P, Tbl, p, read, sprm, tbl, tc, tr
from readers.docx.wordml import codes


def read_numbers(
    *blocks: str | P | Tbl, of: bytes, by: bytes = uses(use(0)), sheet: bytes = b"", fonts: bytes = b""
) -> Document:
    return read(*blocks, table={LISTS: of, LIST_USES: by, STYLES: sheet, FONTS: fonts})


def numbers(document: Document) -> list[str]:
    return [block.number for block in document.blocks if isinstance(block, Paragraph)]


def test_chinese_chapters() -> None:
    blocks = [item(1, depth, "文") for depth in (0, 1, 1, 2, 2, 0, 1)]
    assert numbers(read_numbers(*blocks, of=CHAPTERS)) == ["一、", "（一）", "（二）", "1.1", "1.2", "二、", "（一）"]


@pytest.mark.parametrize(
    ("nfc", "number", "shown"),
    [
        (0, 3, "3"), (1, 4, "IV"), (3, 27, "AA"), (10, 12, "一二"), (18, 3, "③"), (22, 7, "07"), (30, 2, "乙"),
        (37, 21, "二十一"), (38, 12, "壹拾贰"), (39, 105, "一百零五"), (255, 5, ""), (99, 5, "5"),
    ],
)  # fmt: skip
def test_number_formats(nfc: int, number: int, shown: str) -> None:
    document = read_numbers(item(1, 0, "文"), of=lists([level("%1", nfc, start=number)]))
    assert numbers(document) == [shown]


def test_lists_in_use_share_the_counters_of_their_list() -> None:
    document = read_numbers(
        item(1, 0, "a"), item(2, 0, "b"), item(1, 0, "c"), of=lists([level("%1.")]), by=uses(use(0), use(0))
    )
    assert numbers(document) == ["1.", "2.", "3."]


def test_a_start_of_its_own_restarts_once() -> None:
    override = struct.pack("<iI", 5, 0x10)
    document = read_numbers(
        item(1, 0, "a"), item(2, 0, "b"), item(2, 0, "c"), of=lists([level("%1.")]), by=uses(use(0), use(0, override))
    )
    assert numbers(document) == ["1.", "5.", "6."]


def test_a_level_of_its_own() -> None:
    override = struct.pack("<iI", 0, 0x20) + level("第%1条", CHINESE)
    document = read_numbers(item(1, 0, "a"), of=lists([level("%1.")]), by=uses(use(0, override)))
    assert numbers(document) == ["第一条"]


def test_a_level_that_never_restarts() -> None:
    of = lists([level("%1."), level("%2)", flags=8, restart=0)])
    blocks = [item(1, depth, "文") for depth in (0, 1, 0, 1)]
    assert numbers(read_numbers(*blocks, of=of)) == ["1.", "1)", "2.", "2)"]


def test_styles_bring_their_list() -> None:
    by_style = struct.pack("<Hh", 0x460B, 1)
    sheet = style_sheet(style(0xFFF), style(0xFFF, by_style), style(1, sprm(0x260A, 1)), style(1))
    of = lists([level("%1、", CHINESE), level("（%2）", CHINESE)])
    blocks = [p("a", style=1), p("b", style=2), p("c", style=3), p("d")]
    assert numbers(read_numbers(*blocks, of=of, sheet=sheet)) == ["一、", "（一）", "二、", ""]


def test_the_list_knows_the_level_of_a_style() -> None:
    sheet = style_sheet(style(0xFFF), style(0xFFF, struct.pack("<Hh", 0x460B, 1)))
    of = lists([level("%1、"), level("（%2）")], styles=(0xFFF, 1))
    assert numbers(read_numbers(p("a", style=1), of=of, sheet=sheet)) == ["（1）"]


@pytest.mark.parametrize("number", [0, 9, -2047])
def test_no_list(number: int) -> None:
    sheet = style_sheet(style(0xFFF), style(0xFFF, struct.pack("<Hh", 0x460B, 1)))
    blocks = [p("a", grpprl=struct.pack("<Hh", 0x460B, number), style=1)]
    assert numbers(read_numbers(*blocks, of=CHAPTERS, sheet=sheet)) == [""]


def test_bullets_come_out_of_their_font() -> None:
    of = lists([level("\uf0a7", BULLET, grpprl=struct.pack("<HH", 0x4A4F, 1))])
    assert numbers(read_numbers(item(1, 0, "a"), of=of, fonts=font_table("宋体", "Wingdings"))) == ["▪"]


def test_a_hidden_number() -> None:
    assert numbers(read_numbers(item(1, 0, "a"), of=lists([level("%1.", grpprl=HIDDEN)]))) == [""]


def test_a_paragraph_whose_mark_was_deleted_does_not_count() -> None:
    document = read_numbers(item(1, 0, "a", mark=DELETED), item(1, 0, "b"), of=lists([level("%1.")]))
    assert [(b.number, b.text) for b in document.blocks if isinstance(b, Paragraph)] == [("1.", "ab")]


def test_numbers_in_cells() -> None:
    document = read_numbers(tbl(tr(tc(item(1, 0, "a")), tc(item(1, 0)))), item(1, 0, "c"), of=lists([level("%1.")]))
    table, last = document.blocks
    assert isinstance(last, Paragraph)
    assert [cell.text for cell in getattr(table, "cells", ())] == ["1.a", "2."]
    assert last.printed == "3.c"


def test_broken_lists_are_noted_and_the_text_read() -> None:
    document = read_numbers(item(1, 0, "a"), of=CHAPTERS, by=struct.pack("<I", 1) + struct.pack("<I8xB3x", 100, 200))
    assert numbers(document) == [""]
    assert [code for code, _ in codes(document)] == ["R2"]
    assert "编号列表" in document.notices[0].message
