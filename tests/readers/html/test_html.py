"""Pages as offices and browsers write them: charsets, white space, spans, what is hidden, web archives."""

from __future__ import annotations

import base64

import pytest
from hypothesis import HealthCheck, given, settings

from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.html import read_html, read_mhtml
from readers.docx.tilings import Tiling, list_tiles, tilings
from readers.docx.wordml import draw, grid
from readers.formats import first_table, fuzz, html, list_cells, texts, to_html


def page_texts(body: str) -> list[str]:
    return texts(read_html(html(body)))


def drawn(table: str) -> str:
    return draw(first_table(read_html(html(table))))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(tilings())
def test_any_table_comes_back_on_its_exact_grid(tiling: Tiling) -> None:
    table = first_table(read_html(html(to_html(tiling))))
    assert (table.rows, table.cols) == (tiling.rows, tiling.cols)
    assert list_cells(table) == list_tiles(tiling)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "big5", "utf-16"])
def test_declared_charsets(charset: str) -> None:
    assert texts(read_html(html("<p>收入合</p>", charset))) == ["收入合"]


@pytest.mark.parametrize(
    "data",
    [
        "<html><body>支出绩效</body></html>".encode("gb18030"),
        "<html><body>支出绩效</body></html>".encode(),
        "\ufeff<html><meta charset=gb2312><body>支出绩效</body></html>".encode(),
        '<html><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><body>支出绩效'.encode("gb18030"),
        "<html><meta charset=utf-8><body>支出绩效</body></html>".encode("gb18030"),
        '<?xml version="1.0" encoding="gb2312"?><html xmlns="x"><body><p>支出绩效</p></body></html>'.encode("gb18030"),
    ],
    ids=["gb18030", "utf-8", "bom wins", "http-equiv", "declared wrongly", "xhtml"],
)
def test_undeclared_and_wrong_charsets(data: bytes) -> None:
    assert texts(read_html(data)) == ["支出绩效"]


def test_white_space_collapses_and_breaks_stay() -> None:
    assert page_texts("<p> 一、\n  基本 <b> 情况</b> <br> 如下&nbsp;： </p>一\n行<div>二 行</div>") == [
        "一、 基本 情况\n如下\u00a0：",
        "一 行",
        "二 行",
    ]
    assert page_texts("<pre>a  b\nc</pre>") == ["a  b\nc"]


def test_scripts_comments_and_hidden_text_are_not_shown() -> None:
    document = read_html(
        html(
            "<script>x=1</script><style>p{}</style><!-- 注 --><p>甲<span style='DISPLAY: none'>密</span>乙</p>"
            "<p hidden>藏</p><p style='mso-hide:all'>隐</p><p>丙</p>"
        )
    )
    assert texts(document) == ["甲乙", "丙"]
    assert [(notice.code, notice.where) for notice in document.notices] == [("R4", "p1")]


def test_tracked_changes() -> None:
    document = read_html(html("<p>收入<del>602</del><ins>603</ins></p>"))
    assert texts(document) == ["收入603"]
    assert [notice.code for notice in document.notices] == ["R1"]


def test_spans_that_overflow_or_overlap() -> None:
    rows = "<tr><td rowspan=9>A<td colspan=2>B</tr><tr><td>C<td rowspan=0>D</tr><tr><td>E</tr>"
    assert drawn(f"<table>{rows}</table>") == grid("A B B\nA C D\nA E D")
    overlap = "<tr><td>A<td rowspan=2>B</tr><tr><td colspan=3>C<td>D</tr>"
    assert drawn(f"<table>{overlap}</table>") == grid("A B .\nC B D")


def test_a_span_ends_with_its_group() -> None:
    table = "<table><thead><tr><td rowspan=5>A<td>B</thead><tbody><tr><td>C<td>D</tbody></table>"
    assert drawn(table) == grid("A B\nC D")


def test_rows_without_height_keep_only_widths() -> None:
    assert drawn("<table><tr><td>A<td>B</tr><tr height=0><td width=9></td><td></td></tr></table>") == "A B"


def test_lists_print_their_numbers() -> None:
    ordered = "<ol start=3><li>甲<li><p>乙</p><ol type=a><li>子</ol><li value=9>丙</ol><ul><li>丁</ul>"
    assert page_texts(ordered) == ["3.甲", "4.乙", "a.子", "9.丙", "丁"]
    word = "<p><span style='mso-list:Ignore'>一、<span>&nbsp;&nbsp; </span></span>总则</p>"
    document = read_html(html(word))
    assert texts(document) == ["一、总则"]
    assert document.blocks[0].number == "一、"  # type: ignore[union-attr]


def test_symbol_fonts() -> None:
    assert page_texts("<p><span style='font-family:Wingdings'>\u00fe</span>是 <font face=Wingdings>o</font>否</p>") == [
        "☑是 ☐否"
    ]


def test_header_footer_and_notes_are_stories() -> None:
    document = read_html(
        html(
            "<div title='header'><p>页眉</p></div><p>正文<a class='sdfootnoteanc'><sup>1</sup></a></p>"
            "<div id='sdfootnote1'><p><a class='sdfootnotesym'>1</a>注</p></div><div title='footer'><p>页脚</p></div>"
        )
    )
    assert [(part.story, part.blocks[0].text) for part in document.parts] == [  # type: ignore[union-attr]
        ("body", "正文"),
        ("header", "页眉"),
        ("footer", "页脚"),
        ("footnote", "注"),
    ]


def test_a_page_without_text_is_empty() -> None:
    with pytest.raises(ReadError) as caught:
        read_html(html("<img src=x><script>y</script>"))
    assert caught.value.code == "empty"


@pytest.mark.parametrize("name", ["报表.xls", "报告.doc"])
def test_an_office_file_that_is_a_page_is_read_and_said(name: str) -> None:
    data = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>收入</td><td>5.0</td></table>".encode(
        "gbk"
    )
    document = read_document(data, name)
    assert document.format == "html"
    assert [notice.code for notice in document.notices] == ["R6"]
    assert [cell.text for cell in first_table(document).cells] == ["收入", "5.0"]


def test_deep_nesting_is_refused_or_read() -> None:
    deep = "<table><tr><td>" * 300 + "x"
    with pytest.raises(ReadError) as caught:
        read_html(html(deep))
    assert caught.value.code in {"too_large", "corrupt", "empty"}
    assert read_html(html("<div>" * 200 + "底")).blocks


def test_spans_without_bound_are_refused() -> None:
    row = "<tr>" + "<td colspan=1000>x</td>" * 30 + "</tr>"
    with pytest.raises(ReadError) as caught:
        read_html(html(f"<table>{row * 40}</table>"))
    assert caught.value.code == "too_large"


MAIL = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Location: a.htm\r\n'
    'Content-Transfer-Encoding: {encoding}\r\nContent-Type: text/html; charset="gb2312"\r\n\r\n{page}\r\n\r\n'
    "--B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--B--\r\n"
)


def test_web_archives() -> None:
    raw = "<html><body><p>收入合计</p></body></html>".encode("gb2312")
    quoted = "".join(chr(byte) if byte < 128 and byte != 61 else f"={byte:02X}" for byte in raw)
    for encoding, page in (("base64", base64.b64encode(raw).decode()), ("quoted-printable", quoted)):
        document = read_document(MAIL.format(encoding=encoding, page=page).encode(), "报告.mht")
        assert (document.format, texts(document), document.notices) == ("mhtml", ["收入合计"], ())


def test_a_web_archive_without_a_page_is_corrupt() -> None:
    with pytest.raises(ReadError) as caught:
        read_mhtml(b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B--\r\n')
    assert caught.value.code == "corrupt"


SAMPLE = html(
    "<p>一、<b>概况</b><br>二</p><table><thead><tr><td rowspan=2>A<td colspan=2>B</thead><tr><td>C<table><tr><td>D</table></table>"
    "<ol><li>甲</ol><span style='display:none'>藏</span><del>去</del>"
)


def test_fuzz() -> None:
    pieces = [
        b"<table>",
        b"</table>",
        b"<tr>",
        b"<td rowspan=999 colspan=9>",
        b"</td>",
        b"<li>",
        b"<p>",
        b"</div>",
        b"&#0;",
        b"<del>",
    ]
    fuzz(read_html, SAMPLE, pieces)
    fuzz(read_mhtml, MAIL.format(encoding="8bit", page="<p>x</p>").encode(), [b"\r\n\r\n", b"--B", b"charset=x"])
