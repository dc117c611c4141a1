"""Word's own XML files: whatever a .docx holds comes back the same from a flat package and from Word 2003's markup."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings

from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.docx import read_docx
from gouji.readers.word2003 import read_word2003
from readers.docx.tilings import Tiling, tilings, write_tiling
from readers.docx.wordml import docx, p, run, tbl, tc, tr
from readers.formats import first_table, fuzz, reduce_document, texts

CASES = Path(__file__).parents[3] / "fixtures" / "cases"
OLD = "http://schemas.microsoft.com/office/word/2003/wordml"
HEAD = f'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="{OLD}" \
xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core">'


def old_names(markup: str) -> str:
    """Later names → those of 2003."""
    for new, old in (("vMerge", "vmerge"), ("hMerge", "hmerge"), ("numPr", "listPr"), ("numId", "ilfo")):
        markup = markup.replace(f"w:{new}", f"w:{old}")
    return markup


def word2003(*blocks: str, before: str = "") -> bytes:
    return f"{HEAD}{before}<w:body><wx:sect>{old_names(''.join(blocks))}</wx:sect></w:body></w:wordDocument>".encode()


def flat(package: bytes | Path) -> bytes:
    """The parts of a .docx in one XML file."""
    from io import BytesIO  # noqa: PLC0415 - only here

    parts = []
    with ZipFile(package if isinstance(package, Path) else BytesIO(package)) as members:
        for name in members.namelist():
            if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml":
                tree = re.sub(r"^\s*<\?xml[^>]*\?>", "", members.read(name).decode())
                parts.append(f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{tree}</pkg:xmlData></pkg:part>')
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    return f'<?xml version="1.0"?><pkg:package xmlns:pkg="{space}">{"".join(parts)}</pkg:package>'.encode()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(tilings())
def test_any_table_is_that_of_the_docx(tiling: Tiling) -> None:
    markup = write_tiling(tiling)
    assert first_table(read_word2003(word2003(markup))) == first_table(read_docx(docx(markup)))


@pytest.mark.parametrize("name", ["tracked", "nested_table", "negative_year", "preprinted_rows"])
def test_a_flat_package_is_the_docx(name: str) -> None:
    path = next((CASES / name).glob("input.docx"), CASES / "tracked" / "input.docx")
    assert reduce_document(read_document(flat(path), "a.xml")) == reduce_document(read_docx(path.read_bytes()))


def test_tracked_changes() -> None:
    def change(kind: str, content: str) -> str:
        return f'<aml:annotation aml:id="1" w:type="Word.{kind}"><aml:content>{content}</aml:content></aml:annotation>'

    body = f"<w:p>{run('收入')}{change('Deletion', '<w:r><w:delText>602</w:delText></w:r>')}{change('Insertion', run('603'))}"
    document = read_word2003(word2003(f"{body}{change('Comment', p('批注'))}</w:p>"))
    assert texts(document) == ["收入603"]
    assert [notice.code for notice in document.notices] == ["R1"]


def test_lists() -> None:
    lists = (
        '<w:lists><w:listDef w:listDefId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:nfc w:val="37"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="3"/><w:lvlText w:val="(%2)"/></w:lvl></w:listDef>'
        '<w:list w:ilfo="1"><w:ilst w:val="0"/></w:list></w:lists>'
    )

    def item(text: str, level: int) -> str:
        return p(text, props=f'<w:listPr><w:ilvl w:val="{level}"/><w:ilfo w:val="1"/><wx:t wx:val="x"/></w:listPr>')

    assert texts(read_word2003(word2003(item("甲", 0), item("子", 1), item("乙", 0), before=lists))) == [
        "一、甲",
        "(3)子",
        "二、乙",
    ]


def test_styles_headers_and_notes() -> None:
    styles = '<w:styles><w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    note = f"<w:r><w:footnote>{p('注')}</w:footnote></w:r>"
    section = f'<w:sectPr><w:hdr w:type="odd">{p("眉")}</w:hdr><w:ftr w:type="odd">{p("脚")}</w:ftr></w:sectPr>'
    document = read_word2003(word2003(p("正", note, run("密", '<w:rStyle w:val="h"/>'), "文"), section, before=styles))
    assert {part.story: [block.text for block in part.blocks] for part in document.parts} == {  # type: ignore[union-attr]
        "body": ["正文"],
        "header": ["眉"],
        "footer": ["脚"],
        "footnote": ["注"],
    }
    assert [notice.code for notice in document.notices] == ["R4"]


def test_text_boxes_in_pictures() -> None:
    content = f'<w:r><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent>{p("框")}</w:txbxContent></v:textbox></w:pict></w:r>'
    assert texts(read_word2003(word2003(p("正文", content))), "textbox") == ["框"]


def test_a_doc_that_is_xml_is_read_and_said() -> None:
    document = read_document(word2003(p("收入")), "报告.doc")
    assert (document.format, [notice.code for notice in document.notices]) == ("word2003xml", ["R6"])


@pytest.mark.parametrize("data", [b"<a/>", b"<w:wordDocument", HEAD.encode() + b"</w:wordDocument>"])
def test_other_xml_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_word2003(data)
    assert caught.value.code == "corrupt"


def test_fuzz() -> None:
    sample = word2003(p("甲"), tbl(tr(tc("A", v="restart"), "B"), tr(tc(v="continue"), "C")), p("乙"))
    pieces = [
        b"<w:p>",
        b"</w:tc>",
        b"<wx:sect>",
        b"<aml:annotation>",
        b'w:val="99999999"',
        b"<w:footnote/>",
        b"<w:sectPr><w:hdr/></w:sectPr>",
    ]
    fuzz(read_word2003, sample, pieces)
    fuzz(
        read_word2003,
        flat(docx(p("甲"))),
        [b"<pkg:part/>", b"<pkg:xmlData>", b"<pkg:binaryData>!</pkg:binaryData>"],
        count=200,
    )
