"""Text of paragraphs: what is shown is read, what is not shown is not, and nothing is lost without a word."""

from __future__ import annotations

import pytest

from gouji.model.document import Paragraph, Table
from gouji.readers.docx import read_docx
from readers.docx.wordml import box, codes, dele, ins, members, p, pack, part, read, run, sdt, tbl, tc, texts, tr


def field(instruction: str, result: str | None = None, data: str = "") -> str:
    """A complex field in runs of its own."""
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'
        f'{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def check_box(state: str) -> str:
    return field(" FORMCHECKBOX ", data=f"<w:ffData><w:checkBox>{state}</w:checkBox></w:ffData>")


DROP_DOWN = (
    '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/></w:ddList></w:ffData>'
)
NESTED_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + field("REF x", "内")
    + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("外") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)  # fmt: skip
FRACTION = "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"
RUBY = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('cái')}</w:rt><w:rubyBase>{run('财')}</w:rubyBase></w:ruby></w:r>"
ALTERNATIVES = (
    f"<mc:AlternateContent><mc:Choice Requires='wps'>{run('一')}</mc:Choice>"
    f"<mc:Fallback>{run('一')}</mc:Fallback></mc:AlternateContent>"
)
TICK_CONTROL = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'

LINES = {
    "runs": (p("收", "入", "合计"), "收入合计"),
    "tab and line break": (p("a", "<w:tab/>", "b", "<w:br/>", "c", "<w:cr/>", "d"), "a\tb\nc\nd"),
    "tab stops are no tabs": (p("a", props='<w:tabs><w:tab w:val="left" w:pos="420"/></w:tabs>'), "a"),
    "a page break at either end is layout": (p('<w:br w:type="page"/>', "a", '<w:br w:type="page"/>'), "a"),
    "a page break inside is a line break": (p("a", '<w:br w:type="page"/>', "b"), "a\nb"),
    "hyphens": (p("0730", "<w:noBreakHyphen/>", "12", "<w:softHyphen/>", "34"), "0730-1234"),
    "raw line ends in the file": (p("收\n入"), "收 入"),
    "Wingdings ticked box": (p('<w:sym w:font="Wingdings" w:char="F0FE"/>', "是"), "☑是"),
    "Wingdings empty box": (p('<w:sym w:font="Wingdings" w:char="F0A8"/>', "否"), "☐否"),
    "Wingdings 2 boxes": (p(*(f'<w:sym w:font="Wingdings 2" w:char="{c}"/>' for c in ("F052", "00A3", "F054"))), "☑☐☒"),
    "Symbol sign": (p("收入", '<w:sym w:font="Symbol" w:char="F0B3"/>', "5"), "收入≥5"),
    "an unknown symbol is seen": (p('<w:sym w:font="某字体" w:char="F123"/>', "5"), "※5"),
    "a symbol without code is seen": (p('<w:sym w:font="Wingdings"/>', "5"), "※5"),
    "a symbol of an ordinary font": (p('<w:sym w:font="宋体" w:char="2460"/>', "项"), "①项"),
    "letters typed in a symbol font": (p(run("R", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'), "是"), "☑是"),
    "Chinese typed in a symbol font": (p(run("是", '<w:rFonts w:ascii="Wingdings 2"/>')), "是"),
    "private characters": (p(run("\uf0b7", '<w:rFonts w:ascii="Symbol"/>'), "项"), "•项"),
    "private characters without font": (p(run("\uf0fe"), "是"), "☑是"),
    "check box control": (p(sdt(run("☒"), TICK_CONTROL), "有"), "☒有"),
    "old form check boxes": (p(check_box('<w:default w:val="0"/><w:checked/>'), "是", check_box('<w:default w:val="0"/>'), "否"), "☑是☐否"),
    "old form list": (p("等次", field(" FORMDROPDOWN ", data=DROP_DOWN)), "等次良"),
    "old form list as Word writes it, with an empty result": (p(field(" FORMDROPDOWN ", "", data=DROP_DOWN)), "良"),
    "old form list with its choice written out": (p(field(" FORMDROPDOWN ", "优", data=DROP_DOWN)), "优"),
    "field result": (p("第", field(" PAGE ", "3"), "页"), "第3页"),
    "field without result": (p("前", field(" XE 索引 "), "后"), "前后"),
    "field inside an instruction": (p(NESTED_FIELD), "外"),
    "a field that never ends": (p("前", '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "吞"), "前"),
    "simple field": (p('<w:fldSimple w:instr="DATE"><w:r><w:t>5月</w:t></w:r></w:fldSimple>'), "5月"),
    "overlaid tick": (p(field(r"eq \o\ac(□,√)"), "是"), "☑是"),
    "overlaid circle": (p(field(r" EQ \o\ac(○,3) "), "项"), "③项"),
    "symbol field": (p(field(r' SYMBOL 254 \f "Wingdings" \s 10 ')), "☑"),
    "hyperlink": (p('<w:hyperlink r:id="x"><w:r><w:t>链接</w:t></w:r></w:hyperlink>'), "链接"),
    "ruby": (p(RUBY, "政"), "财政"),
    "math": (p(FRACTION, "×100%"), "a/b×100%"),
    "comment and note marks": (p("甲", "<w:commentReference w:id='1'/>", '<w:footnoteReference w:id="9"/>', "乙"), "甲乙"),
    "inserted and deleted": (p("6", dele("03"), ins(run("13")), ".03"), "613.03"),
    "moved": (p("<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>", "<w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo>"), "新"),
    "hidden run": (p("显", run("隐", "<w:vanish/>")), "显"),
    "shown again": (p(run("显", '<w:vanish w:val="0"/>')), "显"),
    "a shape's alternative is read once": (p(ALTERNATIVES), "一"),
    "only a fallback": (p("<mc:AlternateContent><mc:Fallback><w:r><w:t>一</w:t></w:r></mc:Fallback></mc:AlternateContent>"), "一"),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_line_in_the_body(name: str) -> None:
    markup, expected = LINES[name]
    assert texts(read(markup)) == [expected]


@pytest.mark.parametrize("name", LINES)
def test_line_in_a_cell(name: str) -> None:
    markup, expected = LINES[name]
    (table,) = read(tbl(tr(tc(p("前"), markup, p("后")), "x"))).blocks
    assert isinstance(table, Table)
    assert [block.text for block in table.cells[0].blocks if isinstance(block, Paragraph)] == ["前", expected, "后"]
    assert table.cells[1].text == "x"


def test_paragraphs_are_numbered_without_the_empty_ones() -> None:
    document = read(p("一"), p(), p(" 　"), sdt(p("二") + p("三")), p("<w:bookmarkStart w:id='1'/>"), p("四"))
    assert [(block.where, block.address) for block in document.blocks if isinstance(block, Paragraph)] == [
        ("p1", 0),
        ("p2", 3),
        ("p3", 4),
        ("p4", 6),
    ]


def test_a_deleted_paragraph_mark_joins_with_the_next() -> None:
    gone = "<w:rPr><w:del w:id='1'/></w:rPr>"
    document = read(p("零"), p("收", props=gone), p("入", dele("支"), props=gone), p("合计"), p("完"))
    assert texts(document) == ["零", "收入合计", "完"]
    assert codes(document) == [("R1", "p2")]


def test_a_deleted_paragraph_leaves_nothing() -> None:
    document = read(p("一"), p(dele("删"), props="<w:rPr><w:del w:id='1'/></w:rPr>"), p("二"))
    assert texts(document) == ["一", "二"]


def test_a_deleted_mark_before_a_table_joins_nothing() -> None:
    document = read(p("一", props="<w:rPr><w:del w:id='1'/></w:rPr>"), tbl(tr("A")), p("二"))
    assert [block.where for block in document.blocks] == ["p1", "t1", "p2"]


def test_tracked_changes_are_one_notice_at_the_first_place() -> None:
    document = read(p("一"), p("二", ins(run("增"))), tbl(tr(tc(p(dele("删"), "x")))), p(dele("没")))
    assert codes(document) == [("R1", "p2")]
    assert "修订" in document.notices[0].message


def test_an_inserted_paragraph_mark_is_noted() -> None:
    assert codes(read(p("一", props="<w:rPr><w:ins w:id='1'/></w:rPr>"))) == [("R1", "p1")]


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        (p("显", run("隐", "<w:vanish/>")), ["显"]),
        (p("显", run("隐", '<w:rStyle w:val="hidden"/>')), ["显"]),
        (p("隐", props='<w:pStyle w:val="hiddenParagraph"/>'), []),
        (p("隐", run("显", '<w:vanish w:val="0"/>'), props='<w:pStyle w:val="derived"/>'), ["显"]),
    ],
)
def test_hidden_text_is_left_out_and_noted(markup: str, shown: list[str]) -> None:
    styles = part(
        "styles",
        '<w:style w:type="character" w:styleId="hidden"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="hiddenParagraph"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="derived"><w:basedOn w:val="hiddenParagraph"/></w:style>',
    )
    document = read(markup, p("后"), styles=styles)
    assert texts(document) == [*shown, "后"]
    assert codes(document) == [("R4", "p1")]


def test_hidden_instructions_are_no_hidden_text() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:instrText>TC x</w:instrText></w:r>"
    assert codes(read(p("目录", hidden))) == []


def test_text_boxes_are_a_story_of_their_own() -> None:
    document = read(
        p("前", box(p("框一"), tbl(tr("A", "B")), p("框二", box(p("框中框"))))),
        tbl(tr(tc(p("格", box(p("格中框")))))),
        p(
            "后",
            "<w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>旧框</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>",
        ),
    )
    assert texts(document) == ["前", "后"]
    assert texts(document, "textbox") == ["框一", "框二", "框中框", "格中框", "旧框"]
    boxes = document.part("textbox")
    assert [block.where for block in boxes] == ["xp1", "xt1", "xp2", "xp3", "xp4", "xp5"]


def test_notes_headers_and_footers_are_stories() -> None:
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:headerReference w:type="first" r:id="header1"/>'
        '<w:footerReference w:type="default" r:id="footer1"/><w:footerReference w:type="even" r:id="none"/></w:sectPr>'
    )
    notes = part(
        "footnotes",
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2">{p("<w:footnoteRef/>", "注一")}</w:footnote><w:footnote w:id="3">{p("无人引用")}</w:footnote>',
    )
    document = read(
        p("甲", '<w:footnoteReference w:id="2"/>', "乙", '<w:endnoteReference w:id="5"/>'),
        section,
        footnotes=notes,
        endnotes=part("endnotes", f'<w:endnote w:id="5">{p("尾注")}</w:endnote>'),
        header1=part("hdr", p("页眉") + tbl(tr("表"))),
        footer1=part("ftr", p("第", field("PAGE", "1"), "页")),
    )
    assert texts(document) == ["甲乙"]
    assert [(block.where, getattr(block, "text", "")) for block in document.part("footnote")] == [
        ("np1", "注一"),
        ("np2", "尾注"),
    ]
    assert [block.where for block in document.part("header")] == ["hp1", "ht1"]
    assert texts(document, "footer") == ["第1页"]


def test_embedded_documents_are_noted() -> None:
    document = read(p("一"), '<w:altChunk r:id="x"/>', p("二"))
    assert texts(document) == ["一", "二"]
    assert codes(document) == [("R7", "p2")]


def test_protection_is_harmless() -> None:
    settings = part("settings", '<w:documentProtection w:edit="forms" w:enforcement="1"/>')
    assert texts(read(p("一"), settings=settings)) == ["一"]


def test_strict_documents_are_read_alike() -> None:
    strict = {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
        "http://schemas.openxmlformats.org/officeDocument/2006/math": "http://purl.oclc.org/ooxml/officeDocument/math",
    }

    entries = members(
        p("一", FRACTION),
        tbl(tr("A")),
        '<w:sectPr><w:headerReference r:id="header1"/></w:sectPr>',
        header1=part("hdr", p("页眉")),
    )
    for name, content in entries.items():
        text = str(content)
        for old, new in strict.items():
            text = text.replace(old, new)
        entries[name] = text
    document = read_docx(pack(entries))
    assert [texts(document), texts(document, "header")] == [["一a/b"], ["页眉"]]
    assert len(document.blocks) == 2


def test_blocks_lost_inside_a_paragraph_follow_it() -> None:
    document = read(p("前", tbl(tr("A"))), p("后"))
    assert [block.where for block in document.blocks] == ["p1", "t1", "p2"]


def test_text_outside_any_paragraph_is_kept() -> None:
    assert texts(read(run("散"), p("后"))) == ["散", "后"]


def test_no_body_text_gives_an_empty_document() -> None:
    document = read(p())
    assert document.blocks == ()
    assert document.format == "docx"
