"""OpenDocument text: spans and repeats, white space, lists, changes, stories."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.odt import read_odt
from readers.docx.tilings import Tiling, list_tiles, tilings
from readers.docx.wordml import draw, grid
from readers.formats import ODF, first_table, fuzz, list_cells, odt, texts, to_odt


def cell(text: str = "", attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def drawn(*rows: str) -> str:
    return draw(first_table(read_odt(odt(f"<table:table>{''.join(rows)}</table:table>"))))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(tilings())
def test_any_table_comes_back_on_its_exact_grid(tiling: Tiling) -> None:
    table = first_table(read_odt(odt(to_odt(tiling))))
    assert (table.rows, table.cols) == (tiling.rows, tiling.cols)
    assert list_cells(table) == list_tiles(tiling)


def test_repeated_cells_and_rows() -> None:
    rows = [row(cell("A", 'table:number-columns-repeated="2"'), cell("B"), attributes='table:number-rows-repeated="2"')]
    assert drawn(*rows) == grid("A A B\nA A B")


def test_covered_places_may_be_repeated_or_missing() -> None:
    spans = 'table:number-columns-spanned="3" table:number-rows-spanned="2"'
    covered = '<table:covered-table-cell table:number-columns-repeated="{}"/>'
    assert drawn(row(cell("A", spans), covered.format(2), cell("B")), row(covered.format(3), cell("C"))) == grid(
        "A A A B\nA A A C"
    )
    assert drawn(row(cell("A", spans), cell("B")), row(cell("C"))) == grid("A A A B\nA A A C")


def test_a_covered_place_that_nothing_covers_is_a_cell() -> None:
    lost = "<table:covered-table-cell><text:p>C</text:p></table:covered-table-cell>"
    assert drawn(row(cell("A"), lost), row(cell("D"), cell("E"))) == grid("A C\nD E")


def test_covered_text_is_noticed() -> None:
    hidden = "<table:covered-table-cell><text:p>藏</text:p></table:covered-table-cell>"
    wide = cell("A", 'table:number-columns-spanned="2"')
    document = read_odt(odt(f"<table:table>{row(wide, hidden)}</table:table>"))
    assert [(notice.code, notice.where) for notice in document.notices] == [("R4", "t1r1c1")]


def test_header_rows_are_rows() -> None:
    assert drawn(f"<table:table-header-rows>{row(cell('A'))}</table:table-header-rows>", row(cell("B"))) == "A\nB"


def test_white_space() -> None:
    body = '<text:p>  甲\n  乙<text:s text:c="2"/>丙<text:tab/>丁<text:line-break/>戊<text:soft-page-break/></text:p>'
    assert texts(read_odt(odt(body))) == ["甲 乙  丙\t丁\n戊"]


LISTS = (
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
    '<text:list-level-style-number text:level="2" style:num-format="一, 二, 三, ..." style:num-prefix="（" style:num-suffix="）"/>'
    '<text:list-level-style-number text:level="3" style:num-format="1" text:display-levels="2" style:num-suffix="."/></text:list-style>'
)


def item(*content: str, attributes: str = "") -> str:
    return f"<text:list-item {attributes}>{''.join(content)}</text:list-item>"


def listed(*items: str, attributes: str = "") -> str:
    return f"<text:list {attributes}>{''.join(items)}</text:list>"


def test_lists_number_their_first_paragraphs() -> None:
    body = listed(
        item(
            "<text:p>甲</text:p><text:p>续</text:p>", listed(item("<text:p>子</text:p>"), item("<text:p>丑</text:p>"))
        ),
        item("<text:p>乙</text:p>", listed(item("<text:p>寅</text:p>"))),
        "<text:list-header><text:p>无号</text:p></text:list-header>",
        attributes='text:style-name="L1" xml:id="x"',
    )
    body += "<text:p>间</text:p>" + listed(
        item(listed(item(listed(item("<text:p>深</text:p>"))))),
        attributes='text:style-name="L1" text:continue-list="x"',
    )
    body += listed(item("<text:p>丙</text:p>"), attributes='text:style-name="L1" text:continue-numbering="true"')
    body += listed(item("<text:p>新</text:p>", attributes='text:start-value="7"'), attributes='text:style-name="L1"')
    assert texts(read_odt(odt(body, LISTS))) == [
        *("一、甲", "续", "（一）子", "（二）丑", "二、乙", "（一）寅", "无号", "间", "一.1.深", "三、丙", "七、新"),
    ]


def test_headings_number_by_the_outline_and_formats_as_written() -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1" loext:num-list-format="第%1%章"/>'
        '<text:outline-level-style text:level="2" style:num-format=""/></text:outline-style>'
    )
    body = '<text:h text:outline-level="1">总则</text:h><text:h text:outline-level="2">无</text:h>'
    body += '<text:h text:outline-level="1" text:is-list-header="true">附</text:h><text:h text:outline-level="1">结</text:h>'
    assert texts(read_odt(odt(body, styles=outline))) == ["第1章总则", "无", "附", "第2章结"]


def test_deleted_text_stays_out() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>602</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes><text:p>前</text:p><text:p>收入<text:change/>603<text:change-start/>万元<text:change-end/></text:p>"
    )
    document = read_odt(odt(body))
    assert texts(document) == ["前", "收入603万元"]
    assert [(notice.code, notice.where) for notice in document.notices] == [("R1", "p2")]


def test_hidden_text_is_left_out_and_said() -> None:
    styles = (
        '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="T2" style:parent-style-name="T1"/><style:style style:name="W">'
        '<style:text-properties style:font-name="Wingdings"/></style:style>'
    )
    body = '<text:p>甲<text:span text:style-name="T2">密</text:span>乙<text:span text:style-name="W">þ</text:span></text:p>'
    document = read_odt(odt(body, styles))
    assert texts(document) == ["甲乙☑"]
    assert [(notice.code, notice.where) for notice in document.notices] == [("R4", "p1")]


def test_stories() -> None:
    body = (
        '<text:p text:style-name="P1">前<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame>'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>注</text:p></text:note-body></text:note>"
        "<office:annotation><text:p>批注</text:p></office:annotation>后</text:p>"
    )
    pages = (
        '<style:master-page style:name="Standard"><style:header><text:p>眉</text:p></style:header>'
        '<style:header-left style:display="false"><text:p>不显</text:p></style:header-left>'
        "<style:footer><text:p>脚<text:page-number>1</text:page-number></text:p></style:footer></style:master-page>"
        '<style:master-page style:name="Unused"><style:header><text:p>未用</text:p></style:header></style:master-page>'
        '<style:master-page style:name="M2"><style:header><text:p>眉二</text:p></style:header></style:master-page>'
    )
    document = read_odt(odt(body, '<style:style style:name="P1" style:master-page-name="M2"/>', pages=pages))
    assert {part.story: [block.text for block in part.blocks] for part in document.parts} == {  # type: ignore[union-attr]
        "body": ["前后"],
        "header": ["眉", "眉二"],
        "footer": ["脚1"],
        "footnote": ["注"],
        "textbox": ["框"],
    }


def test_encrypted_and_broken_packages() -> None:
    manifest = f"<manifest:manifest {ODF}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    with pytest.raises(ReadError) as caught:
        read_document(odt("<text:p>x</text:p>", **{"META-INF/manifest.xml": manifest}), "a.odt")
    assert caught.value.code == "encrypted"
    with pytest.raises(ReadError) as caught:
        read_odt(odt("<text:p>"))
    assert caught.value.code == "corrupt"


def test_repeats_without_bound_are_refused() -> None:
    many = row(cell("x", 'table:number-columns-repeated="1000"'), attributes='table:number-rows-repeated="90000"')
    with pytest.raises(ReadError) as caught:
        read_odt(odt(f"<table:table>{many}</table:table>"))
    assert caught.value.code == "too_large"


HIGH = cell("A", 'table:number-rows-spanned="2"')
SAMPLE = odt(
    listed(item("<text:p>甲</text:p>"), attributes='text:style-name="L1"')
    + f"<table:table>{row(HIGH, cell('B'))}{row('<table:covered-table-cell/>', cell('C'))}</table:table>"
    + "<text:p>收入<text:change/><draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame></text:p>",
    LISTS,
)


def test_fuzz() -> None:
    pieces = [
        b"<text:p>",
        b"</text:p>",
        b"<table:table>",
        b"</table:table-row>",
        b"<text:list>",
        b"PK\x01\x02",
        b'text:c="99999999"',
    ]
    fuzz(read_odt, SAMPLE, pieces)
