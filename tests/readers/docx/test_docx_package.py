"""Damaged, odd and hostile packages: a Document, or one polite line in bounded time and memory."""

from __future__ import annotations

import io
import zipfile

import pytest

from gouji.model.document import Table, iter_tables
from gouji.model.errors import ReadCode, ReadError
from gouji.readers.docx import document as document_module
from gouji.readers.docx import read_docx
from readers.docx.wordml import PACKAGE, codes, docx, draw, members, p, pack, part, read, relations, tbl, tc, texts, tr

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(data: bytes) -> ReadCode:
    """The code of the refusal; its message is one line of Chinese with something to do."""
    with pytest.raises(ReadError) as caught:
        read_docx(data)
    assert "\n" not in caught.value.message
    assert "请" in caught.value.message
    return caught.value.code


def set_encrypted(data: bytes) -> bytes:
    """Mark every member as encrypted, in local headers and directory."""
    out = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(magic, start + 1)) >= 0:
            out[start + offset] |= 1
    return bytes(out)


def replace_main(content: str | bytes) -> bytes:
    return pack(members(p("x")) | {"word/document.xml": content})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\0" * 64, "empty"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (OLE + b"WordDocument", "unsupported"),
        (b"hello", "unsupported"),
        (b"PK\x03\x04", "corrupt"),
        (docx(p("x"))[:-100], "corrupt"),
        (docx(p("x"))[:200], "corrupt"),
        (set_encrypted(docx(p("x"))), "encrypted"),
        (pack({"a.txt": "x"}), "corrupt"),
        (replace_main(b""), "corrupt"),
        (replace_main("<w:document"), "corrupt"),
        (replace_main(part("document", "")), "corrupt"),
        (replace_main(part("workbook", "<w:body/>").replace("w:body", "w:sheets")), "corrupt"),
        (replace_main(part("document", "<w:body>&lol;</w:body>")), "corrupt"),
        (replace_main("\x00\x01"), "corrupt"),
        (replace_main(part("document", f"<w:body>{'<w:ins>' * 5000}{'</w:ins>' * 5000}</w:body>")), "too_large"),
        (docx("<w:tbl><w:tr><w:tc>" * 300 + p("x") + "</w:tc></w:tr></w:tbl>" * 300), "too_large"),
        (docx(p("数" * 11_000_000)), "too_large"),
        (docx("<w:tbl><w:tr><w:tc>" + "<w:p/>" * 1_600_000 + "</w:tc></w:tr></w:tbl>"), "too_large"),
    ],
)  # fmt: skip
def test_refusal(data: bytes, code: ReadCode) -> None:
    assert refusal(data) == code


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_doctype_is_refused_in_every_encoding(encoding: str) -> None:
    body = part("document", f"<w:body>{p('&b;')}</w:body>").partition("?>")[2]
    content = f'<?xml version="1.0" encoding="{encoding[:6].rstrip("-")}"?>{DOCTYPE}{body}'
    assert refusal(replace_main(content.encode(encoding))) == "corrupt"


def test_a_doctype_is_refused_while_streaming(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "STREAM_BYTES", 0)
    body = part("document", f"<w:body>{p('x')}</w:body>").partition("?>")[2]
    assert refusal(replace_main(DOCTYPE + body)) == "corrupt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_that_xml_allows(encoding: str) -> None:
    text = part("document", f"<w:body>{p('收入')}</w:body>").replace("UTF-8", encoding[:6].rstrip("-"))
    assert texts(read_docx(replace_main(text.encode(encoding)))) == ["收入"]


def test_encodings_that_could_hide_markup_are_refused() -> None:
    text = part("document", f"<w:body>{p('x')}</w:body>").replace("UTF-8", "UTF-7")
    assert refusal(replace_main(text)) == "corrupt"


def test_a_bomb_is_refused_by_what_it_inflates_to() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members(p("x")).items():
            if name != "word/document.xml":
                package.writestr(name, content)
        with package.open("word/document.xml", "w") as member:
            for _ in range(201):
                member.write(b" " * 1024 * 1024)
    assert refusal(bomb.getvalue()) == "too_large"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_member_twice_is_one_and_two_different_ones_are_refused() -> None:
    entries = list(members(p("一")).items())
    assert texts(read_docx(pack([*entries, entries[2]]))) == ["一"]
    other = ("word/document.xml", members(p("二"))["word/document.xml"])
    assert refusal(pack([*entries, other])) == "corrupt"


def test_names_with_backslashes_and_odd_case() -> None:
    entries = {
        name.replace("/", "\\").replace("document.xml", "Document.XML"): c for name, c in members(p("一")).items()
    }
    assert texts(read_docx(pack(entries))) == ["一"]


@pytest.mark.parametrize("main", ["word/document2.xml", "xml/正文.xml", "document.xml"])
def test_the_main_part_may_have_any_name(main: str) -> None:
    document = read_docx(pack(members(p("一"), main=main)))
    assert texts(document) == ["一"]
    assert codes(document) == []


@pytest.mark.parametrize("lost", ["_rels/.rels", "[Content_Types].xml", "word/_rels/document.xml.rels"])
def test_lost_directories(lost: str) -> None:
    entries = members(p("一"))
    del entries[lost]
    document = read_docx(pack(entries))
    assert texts(document) == ["一"]
    assert codes(document) == ([("R2", None)] if lost == "_rels/.rels" else [])


def test_a_main_part_that_only_the_types_tell() -> None:
    entries = members(p("一"), main="word/正文.xml")
    entries["_rels/.rels"] = relations({"rId1": ("officeDocument", "word/gone.xml")})
    document = read_docx(pack(entries))
    assert texts(document) == ["一"]
    assert codes(document) == [("R2", None)]


def test_wrong_types_and_dangling_relations_do_not_matter() -> None:
    entries = members(p("一"))
    entries["[Content_Types].xml"] = f'<Types xmlns="{PACKAGE}/content-types"/>'
    entries["word/_rels/document.xml.rels"] = relations({"a": ("header", "gone.xml"), "b": ("theme", "../../../x.xml")})
    assert codes(read_docx(pack(entries))) == []


def test_a_missing_or_broken_side_part_is_noted() -> None:
    blocks = (p("一", props='<w:pStyle w:val="1"/>'), '<w:sectPr><w:headerReference r:id="header1"/></w:sectPr>')
    entries = members(*blocks, styles="<numPr", header1="<w:hdr")
    document = read_docx(pack(entries))
    assert texts(document) == ["一"]
    assert codes(document) == [("R2", None)]
    assert "styles.xml" in document.notices[0].message
    assert "header1.xml" in document.notices[0].message
    del entries["word/header1.xml"]
    assert "缺少部件 header1.xml" in read_docx(pack(entries)).notices[0].message


def test_targets_are_resolved_from_the_root_or_the_folder() -> None:
    entries = members(p("一"), '<w:sectPr><w:headerReference r:id="h"/></w:sectPr>', header1=part("hdr", p("页眉")))
    for target in ("/word/header1.xml", "./header1.xml", "..\\word\\header1.xml", "Header1.xml"):
        entries["word/_rels/document.xml.rels"] = relations({"h": ("header", target)})
        assert texts(read_docx(pack(entries)), "header") == ["页眉"]


def test_a_million_characters_in_a_cell() -> None:
    (table,) = read(tbl(tr("数" * 1_000_000))).blocks
    assert isinstance(table, Table)
    assert len(table.cells[0].text) == 1_000_000


def test_eighty_nested_tables() -> None:
    document = read("<w:tbl><w:tr><w:tc>" * 80 + p("x") + "</w:tc></w:tr></w:tbl>" * 80)
    assert sum(1 for _ in iter_tables(document.blocks)) == 80


def test_a_hundred_thousand_rows() -> None:
    row = "<w:tr><w:tc><w:p><w:r><w:t>数</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
    (table,) = read(f"<w:tbl>{row * 100_000}</w:tbl>").blocks
    assert isinstance(table, Table)
    assert (table.rows, table.cols, len(table.cells)) == (100_000, 2, 200_000)


STREAMED = (
    p("一", props="<w:rPr><w:del w:id='1'/></w:rPr>"),
    p("二"),
    tbl(
        tr(tc("A", span=2, v="restart"), "B"),
        tr(tc(span=2, v="continue"), tc(p("C", "<w:tab/>", "c"))),
        f"<w:sdt><w:sdtContent>{tr('D', tc(tbl(tr('E'))), 'F')}</w:sdtContent></w:sdt>",
        tr("X", props="<w:del w:id='1'/>"),
        tr("G", tc("H", h="restart"), tc(h="continue")),
        grid=(2000, 2000, 2000),
    ),
    tbl(tr("I")),
    f"<w:sdt><w:sdtContent>{p('三')}{tbl(tr('J'))}</w:sdtContent></w:sdt>",
    p("四", "<w:sym w:font='Wingdings' w:char='F0FE'/>", '<w:footnoteReference w:id="2"/>'),
    '<w:sectPr><w:headerReference r:id="header1"/></w:sectPr>',
)
PARTS = {
    "header1": part("hdr", p("页眉")),
    "footnotes": part("footnotes", f'<w:footnote w:id="2">{p("注")}</w:footnote>'),
}


@pytest.mark.parametrize("piece", [1, 7, 64, 1000, 100_000])
def test_streaming_reads_the_same(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = docx(*STREAMED, **PARTS)
    whole = read_docx(data)
    assert draw(next(iter_tables(whole.blocks))).splitlines()[0] == "A A B"
    monkeypatch.setattr(document_module, "STREAM_BYTES", 0)
    monkeypatch.setattr(document_module, "CHUNK", piece)
    assert read_docx(data) == whole
