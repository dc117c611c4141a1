"""The HTML copy: highlights with links, every text escaped, no script and nothing from outside."""

from __future__ import annotations

import re

from lxml import etree, html

from documents import document, table
from gouji.export.annotate.page import annotate_page
from gouji.export.annotate.places import mark_remarks
from gouji.export.annotate.remarks import Remark, Signature
from gouji.model.document import Document

SIGNATURE = Signature("财政审核", "审", "2022-05-20T09:30:00")
SAMPLE = document("支出871.05万元，收入900万元", table("项目/2 | 数", "收入 | 合计 | 871.05"))


def make(source: Document, *remarks: Remark, title: str = "报告.txt") -> html.HtmlElement:
    """The page, parsed."""
    return html.document_fromstring(annotate_page(source, title, mark_remarks(source, remarks), SIGNATURE))


def remark(*where: str, severity: str = "hard", text: str = "请核实。") -> Remark:
    return Remark("【必改】合计不符", (text,), where, severity)  # type: ignore[arg-type]


def test_the_cell_is_coloured_and_leads_to_its_remark_and_back() -> None:
    page = make(SAMPLE, remark("t1r2c3"))
    cell = page.get_element_by_id("t1r2c3")
    assert cell.get("class") == "hard"
    assert cell.xpath("string(p)") == "871.05"
    assert cell.xpath("a/@href") == ["#n1"]
    assert page.get_element_by_id("n1").xpath("a/@href") == ["#t1r2c3"]


def test_the_gravest_of_several_colours_the_cell() -> None:
    page = make(SAMPLE, remark("t1r2c3", severity="note"), remark("t1r2c3", severity="explain"))
    cell = page.get_element_by_id("t1r2c3")
    assert cell.get("class") == "explain"
    assert cell.xpath("a/@href") == ["#n1", "#n2"]


def test_characters_are_marked_and_the_text_stays() -> None:
    page = make(SAMPLE, remark("p1_2_8"), remark("p1_13_16"), remark("p1_4_10"))
    marks = page.xpath("//mark")
    assert [(mark.get("id"), mark.text) for mark in marks] == [
        ("p1_2_8", "871.05"), ("p1_4_10", "万元"), ("p1_13_16", "900"),
    ]  # fmt: skip
    for link in page.xpath("//p[@id='p1']//a"):
        link.drop_tree()
    assert page.get_element_by_id("p1").text_content() == "支出871.05万元，收入900万元"


def test_spans_are_kept() -> None:
    assert make(SAMPLE).get_element_by_id("t1r1c1").get("colspan") == "2"


def test_hostile_text_reaches_the_page_as_text_only() -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>&\"'\u202e\x07"
    source = document(hostile, table(hostile.replace("/", "\\")))
    page = make(source, remark("p1", text=hostile), title=hostile)
    assert page.xpath("//script | //img | //@onerror | //iframe | //link") == []
    assert "<script>alert(1)</script>" in page.get_element_by_id("p1").text_content()
    assert not re.search("[\x07\u202e]", etree.tostring(page, encoding="unicode"))


def test_nothing_is_fetched() -> None:
    page = make(SAMPLE, remark("t1r2c3"))
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert page.xpath("//@src") == []


def test_no_remark_is_no_certificate() -> None:
    assert "不等于" in make(SAMPLE).xpath("string(//aside)")
