r"""Rich text: code pages and \u, rows by their edges, merges, nesting, fields, lists, what is left out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from gouji.model.document import Paragraph
from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.rtf import read_rtf
from readers.docx.tilings import Tiling, list_tiles, tilings
from readers.docx.wordml import draw, grid
from readers.formats import first_table, fuzz, list_cells, narrow, rtf, texts, to_rtf

SLOW_START = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def said(body: str) -> list[str]:
    return texts(read_rtf(rtf(body)))


def drawn(body: str) -> str:
    return draw(first_table(read_rtf(rtf(body))))


def row(edges: str, *cells: str) -> str:
    r"""A row: `edges` like "1000 vmgf2000" (the words of a cell stand before its edge)."""
    shape = ""
    for edge in edges.split():
        words = edge.rstrip("0123456789")
        shape += "".join(rf"\cl{word}" for word in words.split("+") if word) + rf"\cellx{edge[len(words) :]}"
    return rf"\trowd\trleft0{shape}" + "".join(rf"\pard\intbl {cell}\cell" for cell in cells) + "\\row\n"


@SLOW_START
@given(tilings())
def test_any_table_comes_back_on_its_exact_grid(tiling: Tiling) -> None:
    tiling = narrow(tiling)
    table = first_table(read_rtf(rtf(to_rtf(tiling) + r"\pard end\par")))
    assert (table.rows, table.cols) == (tiling.rows, tiling.cols)
    assert list_cells(table) == list_tiles(tiling)


# --- text -----------------------------------------------------------------------------------------------------------


def test_bytes_in_the_document_code_page() -> None:
    raw = "".join(rf"\'{byte:02x}" for byte in "财政局".encode("gbk"))
    assert said(rf"{raw}(2021)\par") == ["财政局(2021)"]
    assert texts(read_rtf(rtf(r"X\par").replace(b"X", "支出".encode("gbk")))) == ["支出"]


def test_bytes_in_the_code_page_of_their_font() -> None:
    fonts = r"{\f0\fcharset134 SimSun;}{\f1\fcharset136 MingLiU;}{\f2\fnil\fcharset0\cpg1251 Arial;}{\f3\fcharset2 Wingdings;}"
    big5, cyrillic = (
        "".join(rf"\'{byte:02x}" for byte in text) for text in ("財政".encode("big5"), "Я".encode("cp1251"))
    )
    assert texts(read_rtf(rtf(rf"{{\f1 {big5}}}{{\f2 {cyrillic}}}{{\f3 \'fe o}}\par", fonts))) == ["財政Я☑ ☐"]


def test_unicode_with_and_without_stand_ins() -> None:
    assert said(r"\u25910?\u20837\'3f!\par") == ["收入!"]
    assert said(r"\uc2\u25910\'ca\'d5\u20837??!\uc0\u21512 !\par") == ["收入!合!"]
    assert said(r"{\uc0\u25910}\u20837?\par") == ["收入"]
    assert said(r"\u-10179?\u-8704?\u-3985?\par") == ["😀☐"]  # a surrogate pair; a private character of Wingdings
    assert said("\\u9633?\\~\\{a\\}\\_b\\tab c\\line d\\emdash\\par") == ["□\u00a0{a}-b\tc\nd—"]


def test_destinations_are_skipped() -> None:
    body = r"{\info{\title T}}{\*\unknown junk{\b x}}{\pict\pngblip 89504e47}{\stylesheet{\s0 Normal;}}{\*\bkmkstart a}正文\par"
    assert said(body) == ["正文"]
    assert said(r"{\pict\bin7 }}{{\x }前{\bin3 \}}后\par".replace(r"\}}后", r"}}}后")) == ["前后"]


def test_page_breaks_are_layout() -> None:
    assert said(r"\page 甲\page 乙\page\par") == ["甲\n乙"]


def test_hidden_and_deleted_text_is_left_out_and_said() -> None:
    document = read_rtf(rtf(r"前\par 收入{\v 密}{\deleted 602}{\revised 603}\v 藏\v0 万\plain 元\par"))
    assert texts(document) == ["前", "收入603万元"]
    assert [(notice.code, notice.where) for notice in document.notices] == [("R1", "p2"), ("R4", "p2")]


def test_a_deleted_paragraph_mark_joins() -> None:
    assert said(r"甲{\deleted\par}乙\par") == ["甲乙"]


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (r"{\field{\*\fldinst PAGE}{\fldrslt 3}}", "3"),
        (r"{\field{\*\fldinst{HYPERLINK x}}{\fldrslt{\ul 链接}}}", "链接"),
        (r"{\field{\*\fldinst eq \\o\\ac(□,√)}{\fldrslt }}", "☑"),
        (r"{\field{\*\fldinst SYMBOL 254 \\f Wingdings}}", "☑"),
        (r"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres25\ffdefres1{\*\ffname a}}}}{\fldrslt }}", "☑"),
        (r"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres0\ffdefres1}}}}", "☐"),
        (r"{\field{\*\fldinst IF {\field{\*\fldinst REF x}{\fldrslt 5}} = 5}{\fldrslt 同}}", "同"),
    ],
)
def test_fields_show_their_results(field: str, shown: str) -> None:
    assert said(rf"〔{field}〕\par") == [f"〔{shown}〕"]


def test_list_numbers_are_those_printed() -> None:
    document = read_rtf(rtf(r"{\listtext\pard\plain 一、\tab}\pard\ls1 总则\par{\pntext 2.\tab}概况\par"))
    assert [(block.number, block.text) for block in document.blocks if isinstance(block, Paragraph)] == [
        ("一、", "总则"),
        ("2.", "概况"),
    ]


def test_stories() -> None:
    body = (
        r"{\header\pard 眉\par}{\footerf\pard 脚\par}正{\footnote\pard\chftn 注}文"
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt\pard 框\par}}{\shprslt{\*\do 旧}}}\par"
    )
    document = read_rtf(rtf(body))
    assert {part.story: [block.text for block in part.blocks] for part in document.parts} == {  # type: ignore[union-attr]
        "body": ["正文"],
        "header": ["眉"],
        "footer": ["脚"],
        "footnote": ["注"],
        "textbox": ["框"],
    }


# --- tables ---------------------------------------------------------------------------------------------------------


def test_spans_come_from_edges() -> None:
    body = row("1000 3000", "A", "B") + row("1000 2000 3000", "C", "D", "E") + row("3000", "F")
    assert drawn(body) == grid("A B B\nC D E\nF F F")


def test_edges_close_together_are_one() -> None:
    assert drawn(row("1000 2000", "A", "B") + row("1010 1995", "C", "D")) == grid("A B\nC D")


def test_merges() -> None:
    body = row("vmgf1000 2000 clmgf3000 clmrg4000".replace("cl", ""), "A", "B", "C", "") + row(
        "vmrg1000 2000 3000 4000", "", "D", "E", "F"
    )
    assert drawn(body) == grid("A B C C\nA D E F")


def test_rows_that_begin_further_right() -> None:
    body = row("1000 2000", "A", "B") + r"\trowd\trleft1000\cellx2000\pard\intbl C\cell\row "
    assert drawn(body) == grid("A B\n. C")


def test_a_row_keeps_the_shape_of_the_one_before() -> None:
    assert drawn(row("1000 2000", "A", "B") + r"\pard\intbl C\cell D\cell\row ") == grid("A B\nC D")


def test_cells_of_several_paragraphs_and_more_cells_than_edges() -> None:
    document = read_rtf(rtf(row("1000", r"A\par B", "C") + r"\pard 后\par"))
    assert [(c.row, c.col, c.text) for c in first_table(document).cells] == [(0, 0, "A\nB"), (0, 1, "C")]
    assert texts(document) == ["后"]


def test_nested_tables() -> None:
    inner = r"\pard\intbl\itap2 D\nestcell{\*\nesttableprops\trowd\cellx500\nestrow}{\nonesttables\par}"
    document = read_rtf(rtf(row("1000 2000", rf"前\par {inner}\pard\intbl 后", "B")))
    (cell, other) = first_table(document).cells
    assert [type(block).__name__ for block in cell.blocks] == ["Paragraph", "Table", "Paragraph"]
    assert (cell.tables[0].where, cell.tables[0].cells[0].text, other.text) == ("t1r1c1_t1", "D", "B")


def test_a_table_that_is_cut_off_keeps_its_cells() -> None:
    data = rtf(row("1000 2000", "A", "B") + r"\trowd\cellx1000\cellx2000\pard\intbl C\cell D")
    assert draw(first_table(read_rtf(data[:-1]))) == grid("A B\nC D")


def test_a_doc_that_is_rtf_is_read_and_said() -> None:
    document = read_document(rtf(r"收入\par"), "报告.doc")
    assert (document.format, [notice.code for notice in document.notices]) == ("rtf", ["R6"])


def test_no_text_at_all_is_corrupt_and_depth_is_bounded() -> None:
    for data in (rb"{\rtf1", rb"{\rtf1" + b"{" * 5000 + rb"x\par"):
        with pytest.raises(ReadError) as caught:
            read_rtf(data)
        assert caught.value.code in {"corrupt", "too_large"}


SAMPLE = rtf(
    row("1000 vmgf2000", r"A\par B", "C")
    + row("1000 vmrg2000", r"\pard\intbl\itap2 D\nestcell{\*\nesttableprops\trowd\cellx500\nestrow}\pard\intbl", "")
    + r"\pard{\listtext 一、\tab}收入{\v 密}{\deleted 去}{\field{\*\fldinst PAGE}{\fldrslt 3}}{\footnote 注}\par"
)


def test_fuzz() -> None:
    pieces = [
        *(
            b"{",
            b"}",
            b"\\row ",
            b"\\cell ",
            b"\\trowd ",
            b"\\cellx-5 ",
            b"\\itap3 ",
            b"\\nestrow ",
            b"\\u99999?",
            b"\\bin9999999999 ",
        ),
        *(
            b"\\uc99 ",
            b"\\f7 ",
            b"\\'",
            b"{\\fonttbl",
            b"\\fcharset99999 ",
            b"\\ansicpg1 ",
            b"\\itap99 ",
            b"\\cellx9999999999 ",
        ),
    ]
    fuzz(read_rtf, SAMPLE, pieces, count=800)
