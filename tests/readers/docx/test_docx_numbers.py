"""List and heading numbers as Word computes them."""

from __future__ import annotations

import pytest

from gouji.model.document import Paragraph, iter_tables
from gouji.readers.number_formats import format_number
from readers.docx.wordml import p, part, read, tbl, texts, tr


def level(index: int, text: str, fmt: str = "decimal", start: int = 1, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'


def abstract(identity: int, *levels: str, extra: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{identity}">{extra}{"".join(levels)}</w:abstractNum>'


def num(identity: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def item(num_id: int, ilvl: int = 0, text: str = "") -> str:
    return p(text, props=f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num_id}"/></w:numPr>')


def numbers(*blocks: str, lists: str, styles: str = "") -> list[str]:
    parts = {"numbering": part("numbering", lists)} | ({"styles": part("styles", styles)} if styles else {})
    document = read(*blocks, **parts)
    return [block.number for block in document.blocks if isinstance(block, Paragraph)]


CHAPTERS = abstract(
    0, level(0, "第%1章", "chineseCountingThousand"), level(1, "%1.%2"), level(2, "（%3）", "chineseCounting")
)


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 21, "二十一"),
        ("chineseCountingThousand", 3, "三"),
        ("chineseCountingThousand", 11, "十一"),
        ("chineseCountingThousand", 20, "二十"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 1010, "一千零一十"),
        ("chineseCountingThousand", 10000, "一万"),
        ("chineseCountingThousand", 100001, "十万零一"),
        ("japaneseCounting", 12, "十二"),
        ("ideographDigital", 10, "一〇"),
        ("japaneseDigitalTenThousand", 2021, "二〇二一"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 2, "乙"),
        ("ideographTraditional", 11, "11"),
        ("ideographZodiac", 12, "亥"),
        ("ideographZodiacTraditional", 60, "癸亥"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircleChinese", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalEnclosedCircle", 51, "51"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalEnclosedFullstop", 2, "⒉"),
        ("decimalFullWidth", 12, "１２"),
        ("lowerLetter", 1, "a"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 26, "Z"),
        ("upperRoman", 1999, "MCMXCIX"),
        ("lowerRoman", 4, "iv"),
        ("none", 4, ""),
        ("不存在", 4, "4"),
        ("upperRoman", 0, "0"),
        ("lowerLetter", 1_000_000_000, "1000000000"),
        ("chineseCountingThousand", 1_000_000_000, "1000000000"),
    ],
)
def test_format(style: str, number: int, expected: str) -> None:
    assert format_number(number, style) == expected


def test_levels_count_and_reset() -> None:
    found = numbers(*(item(1, ilvl) for ilvl in (0, 1, 1, 2, 2, 0, 1, 2)), lists=CHAPTERS + num(1, 0))
    assert found == ["第一章", "一.1", "一.2", "（一）", "（二）", "第二章", "二.1", "（一）"]


def test_the_number_is_not_part_of_the_text() -> None:
    document = read(item(1, 0, "概况"), numbering=part("numbering", CHAPTERS + num(1, 0)))
    (block,) = document.blocks
    assert isinstance(block, Paragraph)
    assert (block.number, block.text, block.printed, block.where) == ("第一章", "概况", "第一章概况", "p1")


def test_lists_of_one_abstract_go_on_and_an_override_restarts() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    lists = abstract(0, level(0, "%1.")) + num(1, 0) + num(2, 0) + num(3, 0, override)
    assert numbers(*(item(n) for n in (1, 1, 2, 3, 3, 1)), lists=lists) == ["1.", "2.", "3.", "5.", "6.", "7."]


def test_an_override_may_bring_its_own_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "（%1）", "lowerLetter", 3)}</w:lvlOverride>'
    lists = abstract(0, level(0, "%1.")) + num(1, 0, override)
    assert numbers(item(1), item(1), lists=lists) == ["（c）", "（d）"]


def test_a_level_that_never_restarts_or_only_after_some_level() -> None:
    never = '<w:lvlRestart w:val="0"/>'
    lists = abstract(0, level(0, "%1"), level(1, "%2", extra=never)) + num(1, 0)
    assert numbers(*(item(1, n) for n in (0, 1, 1, 0, 1)), lists=lists) == ["1", "1", "2", "2", "3"]
    after_first = '<w:lvlRestart w:val="1"/>'
    lists = abstract(0, level(0, "%1"), level(1, "%2"), level(2, "%3", extra=after_first)) + num(1, 0)
    assert numbers(*(item(1, n) for n in (0, 1, 2, 1, 2, 0, 1, 2)), lists=lists) == [
        "1", "1", "1", "2", "2", "2", "1", "1",
    ]  # fmt: skip


def test_skipped_levels_show_their_start() -> None:
    lists = abstract(0, level(0, "%1", start=3), level(1, "%1.%2", start=0)) + num(1, 0)
    assert numbers(item(1, 1), item(1, 1), item(1, 0), lists=lists) == ["3.0", "3.1", "4"]


def test_legal_levels_print_digits() -> None:
    lists = abstract(0, level(0, "%1", "chineseCounting"), level(1, "%1.%2", extra="<w:isLgl/>")) + num(1, 0)
    assert numbers(item(1, 0), item(1, 1), lists=lists) == ["一", "1.1"]


def test_none_bullets_and_hidden_numbers() -> None:
    wingdings = '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'
    lists = (
        abstract(0, level(0, "附", "none"), level(1, "\uf06c", "bullet").replace("</w:lvl>", wingdings + "</w:lvl>"))
        + abstract(1, level(0, "%1.").replace("</w:lvl>", "<w:rPr><w:vanish/></w:rPr></w:lvl>"))
        + num(1, 0) + num(2, 1)
    )  # fmt: skip
    assert numbers(item(1, 0, "a"), item(1, 1, "b"), item(2, 0, "c"), lists=lists) == ["附", "●", ""]


STYLES = (
    '<w:style w:type="paragraph" w:styleId="h1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="h2"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="child"><w:basedOn w:val="h1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="plain"><w:basedOn w:val="h1"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="round"><w:basedOn w:val="round"/></w:style>'
)


def styled(style: str, props: str = "") -> str:
    return p("x", props=f'<w:pStyle w:val="{style}"/>{props}')


def test_numbers_of_styles_are_inherited() -> None:
    found = numbers(
        *(styled(name) for name in ("h1", "h2", "child", "plain", "round", "不存在")),
        styled("h1", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
        styled("h1", '<w:numPr><w:ilvl w:val="1"/></w:numPr>'),
        lists=CHAPTERS + num(1, 0),
        styles=STYLES,
    )
    assert found == ["第一章", "一.1", "第二章", "", "", "", "", "二.1"]


def test_the_level_of_a_style_is_where_the_list_names_it() -> None:
    lists = abstract(0, level(0, "%1"), level(1, "%1-%2", extra='<w:pStyle w:val="child"/>')) + num(1, 0)
    assert numbers(styled("h1"), styled("child"), lists=lists, styles=STYLES) == ["1", "1-1"]


def test_a_list_that_stands_for_a_list_style() -> None:
    lists = (
        abstract(0, extra='<w:numStyleLink w:val="公文"/>')
        + abstract(1, level(0, "%1、", "chineseCounting"), extra='<w:styleLink w:val="公文"/>')
        + num(1, 0) + num(2, 1)
    )  # fmt: skip
    styles = (
        '<w:style w:type="numbering" w:styleId="公文"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    )
    assert numbers(item(1), item(1), lists=lists, styles=styles + STYLES) == ["一、", "二、"]


def test_numbers_in_cells_count_along_and_deleted_paragraphs_do_not() -> None:
    deleted = p(props='<w:numPr><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1"/></w:rPr>')
    document = read(
        item(1, 0, "甲"), deleted, tbl(tr(f"<w:tc>{item(1)}</w:tc>", "x")), item(1, 0, "乙"),
        numbering=part("numbering", abstract(0, level(0, "%1.")) + num(1, 0)),
    )  # fmt: skip
    assert texts(document) == ["1.甲", "3.乙"]
    (table,) = iter_tables(document.blocks)
    assert table.cells[0].text == "2."


@pytest.mark.parametrize("lists", ["", num(1, 9), abstract(0) + num(1, 0), abstract(0, level(0, "%1.%9")) + num(1, 0)])
def test_dangling_lists_do_not_hurt(lists: str) -> None:
    assert texts(read(item(1, 0, "a"), numbering=part("numbering", lists)))[0].endswith("a")


def test_missing_numbering_part_gives_no_numbers() -> None:
    assert texts(read(item(1, 0, "a"))) == ["a"]
