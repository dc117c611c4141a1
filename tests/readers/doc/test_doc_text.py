"""Text of paragraphs: what is shown is read, what is not shown is not, and nothing is lost without a word."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest

from gouji.model.document import Paragraph, Table
from gouji.readers.doc import read_doc
from readers.doc.structures import font_table, style, style_sheet
from readers.doc.worddoc import (
    DELETED,
    FONTS,
    HIDDEN,
    INSERTED,
    SHOWN,
    STYLES,
    Block,
    P,
    doc,
    p,
    read,
    sprm,
    tbl,
    tc,
    texts,
    tr,
)
from readers.docx.wordml import codes


def symbol(font: int, code: int) -> tuple[str, bytes]:
    """A sign of a font, as it stands in the text."""
    return "(", sprm(0x0855, 1) + struct.pack("<HHH", 0x6A09, font, code)


def form(kind: int, result: int, default: int = 0, entries: tuple[str, ...] = ()) -> bytes:
    """NilPICFAndBinData with the settings of a form field."""
    settings = struct.pack("<IHHH", 0xFFFFFFFF, kind | result << 2, 0, 20) + struct.pack("<HH", 0, 0)
    settings += struct.pack("<H", default) + struct.pack("<HH", 0, 0) * 5
    if kind == 2:
        settings += struct.pack("<HHH", 0xFFFF, len(entries), 0)
        settings += b"".join(struct.pack("<H", len(entry)) + entry.encode("utf-16-le") for entry in entries)
    return struct.pack("<iH", 68 + len(settings), 68).ljust(68, b"\0") + settings


def form_field(name: str) -> P:
    """A form field whose settings are at the start of the Data stream."""
    return p(f"等次\x13 {name} ", ("\x01", sprm(0x0806, 1) + sprm(0x6A03, 0, 0, 0, 0)), "\x14\x15项")


SIGNS = font_table("宋体", "Wingdings 2", "Symbol", "Wingdings")
LINES = {
    "runs": (p("收", "入", "合计"), "收入合计"),
    "tab and line break": (p("a\tb\vc"), "a\tb\nc"),
    "a page break at either end is layout": (p("\fa\x0e"), "a"),
    "a page break inside is a line break": (p("a\fb"), "a\nb"),
    "hyphens": (p("0730\x1e12\x1f34"), "0730-1234"),
    "marks of pictures, notes and comments": (p("甲\x01\x02\x05乙"), "甲乙"),
    "a raw line end": (p("收\n入"), "收 入"),
    "beyond the first plane": (p("𠮷祥"), "𠮷祥"),
    "half of such a character": (p("吉\ud842祥"), "吉\ufffd祥"),
    "field result": (p("第\x13 PAGE \x143\x15页"), "第3页"),
    "field without result": (p("前\x13 XE 索引 \x15后"), "前后"),
    "field inside an instruction": (p("\x13 IF \x13 REF x \x14内\x15 = 1 \x14外\x15"), "外"),
    "a field that never ends": (p("前\x13 吞"), "前"),
    "overlaid tick": (p("\x13eq \\o\\ac(□,√)\x15是"), "☑是"),
    "a word under its phonetic guide": (
        p('\x13 EQ \\* jc2 \\* "Font:MS" \\* hps10 \\o\\ad(\\s\\up 9(ふり),担当)\x15者'),
        "担当者",
    ),
    "symbol field": (p('\x13 SYMBOL 254 \\f "Wingdings" \\s 10 \x15'), "☑"),
    "Wingdings ticked box": (p(symbol(3, 0xF0FE), "是"), "☑是"),
    "Wingdings 2 boxes": (p(symbol(1, 0xF052), symbol(1, 0x00A3)), "☑☐"),
    "Symbol sign": (p("收入", symbol(2, 0xF0B3), "5"), "收入≥5"),
    "an ordinary bracket": (p("收入(万元)"), "收入(万元)"),
    "letters typed in a symbol font": (p(("R", struct.pack("<HH", 0x4A4F, 1)), "是"), "☑是"),
    "Chinese typed in a symbol font": (p(("是", struct.pack("<HH", 0x4A4F, 1))), "是"),
    "private characters without font": (p("\uf0fe是"), "☑是"),
    "inserted and deleted": (p("6", ("03", DELETED), ("13", INSERTED), ".03"), "613.03"),
    "hidden run": (p("显", ("隐", HIDDEN)), "显"),
    "shown again": (p(("显", HIDDEN + SHOWN)), "显"),
}


@pytest.mark.parametrize("name", LINES)
def test_line_in_the_body(name: str) -> None:
    block, expected = LINES[name]
    assert texts(read(block, table={FONTS: SIGNS})) == [expected]


@pytest.mark.parametrize("name", LINES)
def test_line_in_a_cell(name: str) -> None:
    block, expected = LINES[name]
    (table,) = read(tbl(tr(tc("前", block, "后"), "x")), table={FONTS: SIGNS}).blocks
    assert isinstance(table, Table)
    assert [inner.text for inner in table.cells[0].blocks if isinstance(inner, Paragraph)] == ["前", expected, "后"]


@pytest.mark.parametrize(
    ("settings", "name", "shown"),
    [
        (form(1, 1), "FORMCHECKBOX", "☑"),
        (form(1, 0), "FORMCHECKBOX", "☐"),
        (form(1, 25, default=1), "FORMCHECKBOX", "☑"),
        (form(2, 1, entries=("优", "良")), "FORMDROPDOWN", "良"),
        (form(2, 9, entries=("优", "良")), "FORMDROPDOWN", ""),
        (form(0, 0), "FORMTEXT", ""),
        (b"\0" * 9, "FORMCHECKBOX", ""),
    ],
)
def test_form_fields(settings: bytes, name: str, shown: str) -> None:
    assert texts(read(form_field(name), data=settings)) == [f"等次{shown}项"]


# -- tracked changes, hidden text -----------------------------------------------------------------------------------


def test_a_deleted_paragraph_mark_joins_with_the_next() -> None:
    document = read("零", p("收", mark=DELETED), p("入", ("支", DELETED), mark=DELETED), "合计", "完")
    assert texts(document) == ["零", "收入合计", "完"]
    assert codes(document) == [("R1", "p2")]


def test_a_deleted_mark_before_a_table_joins_nothing() -> None:
    document = read(p("一", mark=DELETED), tbl(tr("A", "B")), "二")
    assert [block.where for block in document.blocks] == ["p1", "t1", "p2"]


def test_tracked_changes_are_one_notice_at_the_first_place() -> None:
    document = read("一", p("二", ("增", INSERTED)), tbl(tr(tc(p(("删", DELETED), "x")), "y")))
    assert codes(document) == [("R1", "p2")]


def test_the_first_tracked_change_in_a_table_is_placed() -> None:
    assert codes(read(tbl(tr("A", tc(p("6", ("13", INSERTED)))), tr("B", "C")))) == [("R1", "t1r1c2")]
    inner = tbl(tr("甲", tc(p(("乙", INSERTED)))))
    assert codes(read(tbl(tr("A", tc(inner))))) == [("R1", "t1r1c2_t1r1c2")]


def test_an_inserted_paragraph_mark_is_noted() -> None:
    assert codes(read(p("一", mark=INSERTED))) == [("R1", "p1")]


SHEET = style_sheet(
    style(0xFFF),
    style(0xFFF, character=HIDDEN),  # 1 hides
    style(1),  # 2 inherits it
    style(0xFFF, character=HIDDEN, kind=2),  # 3 hides characters
)


@pytest.mark.parametrize(
    ("block", "shown", "noted"),
    [
        (p("显", ("隐", HIDDEN)), ["显"], ["R4"]),
        (p("隐", style=1), [], ["R4"]),
        (p("隐", ("显", SHOWN), style=2), ["显"], ["R4"]),
        (p("显", ("隐", struct.pack("<HH", 0x4A30, 3))), ["显"], ["R4"]),
        (p("显", (" ", HIDDEN)), ["显"], []),
        (p(("显", sprm(0x083C, 0x80))), ["显"], []),
        (p(("隐", sprm(0x083C, 0x81)), "显"), ["显"], ["R4"]),
        (p(("显", sprm(0x083C, 0x81)), style=1), ["显"], []),
        (p("显", ("\x13 隐 \x15", HIDDEN)), ["显"], []),
    ],
)
def test_hidden_text_is_left_out_and_noted(block: P, shown: list[str], noted: list[str]) -> None:
    document = read(block, table={STYLES: SHEET})
    assert texts(document) == shown
    assert [code for code, _ in codes(document)] == noted


def test_a_broken_style_sheet_is_noted_and_the_text_read() -> None:
    document = read("正文", table={STYLES: struct.pack("<HHH", 4, 9, 10) + b"\x20\0" + bytes(32)[:12]})
    assert texts(document) == ["正文"]


# -- stories --------------------------------------------------------------------------------------------------------


def test_stories_become_parts() -> None:
    document = read(
        p("正文\x02\x08"),
        footnotes=[p("\x02 注")],
        headers=[[], [p("页眉")], [], [p("页脚")], [], []],
        boxes=[[p("框"), tbl(tr("甲", "乙"))]],
    )
    assert {part.story: [block.where for block in part.blocks] for part in document.parts} == {
        "body": ["p1"],
        "header": ["hp1"],
        "footer": ["fp1"],
        "footnote": ["np1"],
        "textbox": ["xp1", "xt1"],
    }
    assert texts(document, "footnote") == [" 注"]


def test_a_note_whose_mark_was_deleted_is_gone() -> None:
    document = read(p("一\x02"), p("二", ("\x02", DELETED)), footnotes=[p("甲"), p("乙")])
    assert texts(document, "footnote") == ["甲"]


def test_boxes_come_in_the_order_of_their_anchors_and_loose_ones_last() -> None:
    document = read(p("一\x08"), p("二\x08"), boxes=[[p("甲")], [p("乙")], [p("丙")]])
    assert texts(document, "textbox") == ["甲", "乙", "丙"]


def test_the_box_of_a_hidden_anchor_is_not_shown() -> None:
    document = read(p(("\x08", DELETED), "一"), p("二\x08"), boxes=[[p("甲")], [p("乙")]])
    assert texts(document, "textbox") == ["乙"]


def test_headers_of_several_sections() -> None:
    first = [[], [p("甲")], [], [], [], []]
    second = [[], [p("乙")], [], [p("丙")], [], []]
    document = read("正文", headers=first + second)
    assert (texts(document, "header"), texts(document, "footer")) == (["甲", "乙"], ["丙"])


# -- pieces ---------------------------------------------------------------------------------------------------------


def test_bytes_and_utf16_in_one_text() -> None:
    text = "caf\xe9 “x” – € 收入\r"
    cut = text.index("收")
    document = read(p(text[:-1]), pieces=((0, cut, 1, 0), (cut, len(text) + 1, 2, 0)))
    assert texts(document) == [text[:-1]]


def test_a_fast_saved_text_lies_in_the_file_in_any_order() -> None:
    blocks: list[str | Block] = ["一二三", p("四", ("五", DELETED), "六"), tbl(tr("A", tc("B")), tr("C", "D")), "七"]
    whole = read_doc(doc(*blocks))
    length = sum(len(text) for text in ("一二三\r", "四五六\r", "A\aB\a\aC\aD\a\a", "七\r", "\r"))
    cuts = [0, 2, 5, 6, 10, 13, length]
    pieces = [(start, end, 2, 0) for start, end in pairwise(cuts)]
    shuffled = tuple(pieces[index] for index in (3, 0, 5, 1, 4, 2))
    assert read_doc(doc(*blocks, pieces=shuffled)) == whole


def test_modifiers_of_pieces() -> None:
    deleted, vanish = 0x41 << 1 | 1 << 8, 0x5C << 1 | 1 << 8
    document = read("一二三四五", pieces=((0, 1, 2, 0), (1, 2, 2, deleted), (2, 3, 2, vanish), (3, 7, 2, 0)))
    assert texts(document) == ["一四五"]
    assert [code for code, _ in codes(document)] == ["R1", "R4"]


def test_modifiers_of_pieces_kept_with_the_pieces() -> None:
    clx = b"\x01" + struct.pack("<H", 3) + sprm(0x083C, 1)
    document = read("一二三", clx=clx, pieces=((0, 1, 2, 0), (1, 2, 2, 1), (2, 5, 2, 0)))
    assert texts(document) == ["一三"]


def test_a_section_ends_a_paragraph() -> None:
    assert texts(read(P((("一", b""),), end="\f"), "二")) == ["一", "二"]
