"""Comments and bookmarks in a copy of a .docx: on the very place, everything else as it was.

show(copy) draws what a comment covers:  "收入 [1 871.05]"   comment 1 around 871.05
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import pytest
from lxml import etree
from lxml.etree import _Element

from gouji.export.annotate.bookmarks import link_place, name_bookmark
from gouji.export.annotate.docx import annotate_docx
from gouji.export.annotate.parts import CannotAnnotateError, WordFile
from gouji.export.annotate.places import mark_remarks
from gouji.export.annotate.remarks import Remark, Signature
from gouji.readers.docx import read_docx
from readers.docx.wordml import box, dele, docx, ins, members, p, pack, part, run, sdt, tbl, tc, tr

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SIGNATURE = Signature("财政审核", "审", "2022-05-20T09:30:00")
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def remark(*where: str, text: str = "请核实。") -> Remark:
    return Remark("【必改】合计不符", (text,), where, "hard")


def annotate(data: bytes, *remarks: Remark) -> bytes:
    """The copy; its text read again must be that of the original."""
    document = read_docx(data)
    copy = annotate_docx(data, mark_remarks(document, remarks), SIGNATURE)
    assert read_docx(copy).parts == document.parts
    return copy


def at(data: bytes, *places: str) -> str:
    """A comment at each place, drawn."""
    return show(annotate(data, *(remark(place) for place in places)))


def show(copy: bytes) -> str:
    """Text of the body with its comments as brackets, cells and paragraphs parted by |."""
    pieces: list[str] = []
    for element in body(copy).iter():
        if element.tag == W + "p" and pieces:
            pieces.append("|")
        elif element.tag == W + "t":
            pieces.append(element.text or "")
        elif element.tag == W + "tab" and element.getparent().tag == W + "r":  # type: ignore[union-attr]
            pieces.append("\t")
        elif element.tag == W + "commentRangeStart":
            pieces.append(f"[{element.get(W + 'id')} ")
        elif element.tag == W + "commentRangeEnd":
            pieces.append("]")
    return "".join(pieces)


def body(copy: bytes) -> _Element:
    return WordFile(copy).body


def member(copy: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        return package.read(name)


def bookmarks(copy: bytes) -> list[str]:
    return [mark.get(W + "name", "") for mark in body(copy).iter(W + "bookmarkStart")]


PLAIN = docx(p("标题"), p("收入合计871.05万元"), tbl(tr("项目", "数"), tr("收入", "871.05"), tr("支出", "")))


@pytest.mark.parametrize(
    ("place", "drawn"),
    [
        ("t1r2c2", "标题|收入合计871.05万元|项目|数|收入|[0 871.05]|支出|"),
        ("t1r3c2", "标题|收入合计871.05万元|项目|数|收入|871.05|支出|[0 ]"),
        ("p2", "标题|[0 收入合计871.05万元]|项目|数|收入|871.05|支出|"),
        ("p2_4_10", "标题|收入合计[0 871.05]万元|项目|数|收入|871.05|支出|"),
        ("t1r2c2_p1_0_3", "标题|收入合计871.05万元|项目|数|收入|[0 871].05|支出|"),
        ("t9r1c1", "[0 标题]|收入合计871.05万元|项目|数|收入|871.05|支出|"),
    ],
)
def test_a_comment_stands_on_its_place(place: str, drawn: str) -> None:
    assert at(PLAIN, place) == drawn


def test_the_comment_says_who_when_and_what() -> None:
    copy = annotate(PLAIN, remark("t1r2c2", text="第一行\n第二行"))
    comment = etree.fromstring(member(copy, "word/comments.xml"))[0]
    assert {str(key).removeprefix(W): value for key, value in comment.attrib.items()} == {
        "id": "0", "author": "财政审核", "date": "2022-05-20T09:30:00Z", "initials": "审",
    }  # fmt: skip
    lines = ["".join(t.text or "" for t in paragraph.iter(W + "t")) for paragraph in comment]
    assert lines == ["【必改】合计不符", "第一行第二行"]
    assert len(list(comment.iter(W + "br"))) == 1


def test_every_other_member_is_kept_byte_for_byte_and_the_original_too() -> None:
    entries = members(p("标题"), p("正文"), styles=part("styles", ""), header1=part("hdr", p("页眉")))
    entries["word/media/image1.png"] = bytes(range(256)) * 40
    entries["customXml/数据.xml"] = "<a/>"
    data = pack(entries)
    digest = hashlib.sha256(data).hexdigest()
    copy = annotate(data, remark("p2"))
    assert hashlib.sha256(data).hexdigest() == digest
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(copy)) as new:
        assert new.testzip() is None
        changed = {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
        assert [name for name in old.namelist() if old.read(name) != new.read(name)] == [
            name for name in old.namelist() if name in changed
        ]
        assert set(new.namelist()) - set(old.namelist()) == {"word/comments.xml"}


def test_every_evidence_has_its_bookmark_once() -> None:
    copy = annotate(PLAIN, remark("t1r2c2", "t1r3c2"), remark("t1r2c2", "p2_4_10"))
    assert sorted(bookmarks(copy)) == ["p2_4_10", "t1r2c2", "t1r3c2"]
    numbers = [mark.get(W + "id") for mark in body(copy).iter(W + "bookmarkStart")]
    assert len(set(numbers)) == 3
    assert numbers.sort() == [mark.get(W + "id") for mark in body(copy).iter(W + "bookmarkEnd")].sort()


def test_a_long_id_gets_a_legal_bookmark() -> None:
    nested = tbl(tr(tc(tbl(tr(tc(tbl(tr(tc(tbl(tr("很长的一句话里有一个数字123")), p("")))), p("")))), p(""))))
    where = "t1r1c1_t1r1c1_t1r1c1_t1r1c1_p1_12_15"
    copy = annotate(docx(nested), remark(where), remark(where + "99999"))
    assert show(copy).startswith("[1 ")  # characters that are not there: the whole paragraph
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in bookmarks(copy))
    assert name_bookmark(where + "99999") in bookmarks(copy)
    assert name_bookmark("t1r2c3") == "t1r2c3"


def test_links_to_places() -> None:
    assert link_place("批注/a.docx", "t1r2c3") == "批注/a.docx#t1r2c3"
    assert len(link_place("批注/a.docx", "t1r1c1_" * 9 + "p1").partition("#")[2]) <= 40
    assert link_place("批注/a.txt.html", "t1r1c1_" * 9 + "p1").endswith("_p1")
    assert link_place("批注/a.pdf", "t1r2c3") == "批注/a.pdf"


def test_several_comments_on_one_cell() -> None:
    assert at(PLAIN, "t1r2c2", "t1r2c2") == "标题|收入合计871.05万元|项目|数|收入|[1 [0 871.05]]|支出|"


def test_merged_cells() -> None:
    data = docx(tbl(tr(tc("甲", v="restart"), tc("乙", span=2)), tr(tc("", v="continue"), "1", "2")))
    assert at(data, "t1r1c1", "t1r1c2", "t1r2c3") == "[0 甲]|[1 乙]||1|[2 2]"


def test_a_cell_of_several_paragraphs_and_a_nested_table() -> None:
    data = docx(tbl(tr(tc(p("一"), tbl(tr("内")), p("二")), "旁")))
    assert at(data, "t1r1c1") == "[0 一|内|二]|旁"
    assert at(data, "t1r1c1_t1r1c1") == "一|[0 内]|二|旁"


def test_content_controls_and_tracked_changes() -> None:
    data = docx(
        p("收入", ins(run("871")), dele("870"), sdt(run(".05万元"))),
        sdt(p("控件里的一段")),
        tbl(tr(sdt(tc("格")), tc(sdt(p("格内控件"))))),
    )
    assert at(data, "p1_2_5") == "收入[0 871].05万元|控件里的一段|格|格内控件"
    assert at(data, "p1_4_7") == "收入87[0 1.0]5万元|控件里的一段|格|格内控件"
    assert at(data, "p2", "t1r1c1", "t1r1c2") == "收入871.05万元|[0 ]控件里的一段|[1 ]格|[2 ]格内控件"
    assert bookmarks(annotate(data, remark("p2_0_2"), remark("t1r1c1"))) == ["p2_0_2", "t1r1c1"]


def test_a_split_run_keeps_its_look() -> None:
    data = docx(p(run("人员支出871.05万元", props="<w:b/><w:sz w:val='28'/>")))
    copy = annotate(data, remark("p1_4_10"))
    runs = [r for r in body(copy).iter(W + "r") if r.find(W + "t") is not None]
    assert ["".join(t.text or "" for t in r.iter(W + "t")) for r in runs] == ["人员支出", "871.05", "万元"]
    for r in runs:
        properties = r.find(W + "rPr")
        assert properties is not None
        assert properties.find(W + "b") is not None
        size = properties.find(W + "sz")
        assert size is not None
        assert size.get(W + "val") == "28"


def test_characters_over_several_runs_tabs_and_links() -> None:
    link = f'<w:hyperlink w:anchor="x">{run("871.05")}</w:hyperlink>'
    data = docx(p("收入", run("<w:tab/>"), link, "万元"))
    assert at(data, "p1_1_6") == "收[0 入\t871].05万元"
    assert at(data, "p1_3_9") == "收入\t[0 871.05]万元"


def test_text_boxes_and_headers_are_commented_in_the_body() -> None:
    data = docx(
        p("标题"),
        p("锚在这里", box(p("框内文字"), tbl(tr("框内格")))),
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>',
        header1=part("hdr", p("页眉文字")),
    )
    copy = annotate(data, remark("xp1"), remark("xt1r1c1"), remark("hp1"))
    for mark in body(copy).iter(W + "commentRangeStart"):
        assert not any(ancestor.tag == W + "txbxContent" for ancestor in mark.iterancestors())
    first, second = (e for e in body(copy) if e.tag == W + "p")
    assert [m.get(W + "id") for m in first.iter(W + "commentRangeStart")] == ["2"]
    assert sorted(m.get(W + "id") or "" for m in second.iter(W + "commentRangeStart")) == ["0", "1"]


def test_comments_that_are_there_stay_and_numbers_go_on() -> None:
    old = f'<w:comment w:id="7" w:author="单位">{p("原有批注")}</w:comment>'
    entries = members(
        p(
            '<w:commentRangeStart w:id="7"/>',
            "正文",
            '<w:commentRangeEnd w:id="7"/>',
            run('<w:commentReference w:id="7"/>'),
        ),
        comments=part("comments", old),
    )
    copy = annotate(pack(entries), remark("p1"))
    comments = etree.fromstring(member(copy, "word/comments.xml"))
    assert [comment.get(W + "id") for comment in comments] == ["7", "8"]
    assert "原有批注" in member(copy, "word/comments.xml").decode()
    assert member(copy, "[Content_Types].xml").count(b"comments.xml") == 1


def test_an_annotated_copy_that_comes_back_gets_its_bookmarks_anew() -> None:
    once = annotate(PLAIN, remark("t1r2c2"))
    twice = annotate(once, remark("t1r2c2"), remark("p1"))
    assert sorted(bookmarks(twice)) == ["p1", "t1r2c2"]
    assert len(etree.fromstring(member(twice, "word/comments.xml"))) == 3


def test_a_strict_document_stays_strict() -> None:
    entries = members(p("标题"), tbl(tr("甲", "乙")))
    main = str(entries["word/document.xml"]).replace(W[1:-1], STRICT)
    entries["word/document.xml"] = main
    copy = annotate(pack(entries), remark("t1r1c2"))
    assert STRICT.encode() in member(copy, "word/document.xml")
    assert W[1:-1].encode() not in member(copy, "word/document.xml") + member(copy, "word/comments.xml")
    assert b"purl.oclc.org/ooxml/officeDocument/relationships/comments" in member(copy, "word/_rels/document.xml.rels")


def test_a_package_without_relationships_gets_them() -> None:
    entries = members(p("标题"))
    del entries["word/_rels/document.xml.rels"]
    assert show(annotate(pack(entries), remark("p1"))) == "[0 标题]"


def test_hostile_text_stays_text() -> None:
    hostile = "=cmd|'/c calc'!A1 </w:t><script>&amp; ]]>"
    copy = annotate(PLAIN, remark("p1", text=hostile))
    comment = etree.fromstring(member(copy, "word/comments.xml"))[0]
    assert hostile in "".join(t.text or "" for t in comment.iter(W + "t"))


def test_a_document_without_a_paragraph_is_refused() -> None:
    data = pack(members())
    with pytest.raises(CannotAnnotateError):
        annotate_docx(data, mark_remarks(read_docx(data), [remark("p1")]), SIGNATURE)


def test_a_change_of_the_text_is_noticed() -> None:
    file = WordFile(PLAIN)
    next(file.body.iter(W + "t")).text = "别的标题"
    with pytest.raises(CannotAnnotateError):
        file.save()
