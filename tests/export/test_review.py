"""The review pages: every item leads to a place that is there, and nothing of a submission comes alive."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from lxml import etree

from gouji.export.markup import Decoration, Markup, Span
from gouji.export.records import QUIET_VERDICTS
from gouji.export.review.assets import SCRIPT, name_hash
from gouji.export.review.index import describe_file, index_page
from gouji.export.review.page import review_page
from gouji.model.document import Cell, Document, Paragraph, Part, Table
from gouji.patterns import load_patterns
from gouji.pipeline.document import Engine, examine
from outcomes import HOSTILE_NAMES

FIXTURES = Path(__file__).parents[2] / "fixtures"
PATTERNS = load_patterns()
LABELS = PATTERNS.exports.labels
ENGINE = Engine(PATTERNS)


def parse(text: str) -> etree._Element:
    return etree.fromstring(text, etree.HTMLParser())


def classes(element: etree._Element) -> list[str]:
    return (element.get("class") or "").split()


def test_every_item_leads_to_its_place_and_every_figure_is_there() -> None:
    for name in ("111001-云溯区农业农村局.docx", "201006-云溯区河道采砂服务站.txt"):
        path = FIXTURES / "district" / name
        examined = examine(path.read_bytes(), name, name, ENGINE)
        assert examined.document is not None
        page = parse(review_page(examined.document, examined.outcome, LABELS, "目录.html").decode())
        ids = {element.get("id") for element in page.iter() if element.get("id")}
        (report,) = examined.outcome.reports
        wanted = {fact.where for fact in report.facts if fact.where}
        wanted |= {
            piece.where
            for finding in examined.outcome.findings
            if finding.verdict not in QUIET_VERDICTS
            for piece in finding.evidence
        }
        assert wanted <= ids
        led = {
            where for item in page.iter() if "item" in classes(item) for where in (item.get("data-at") or "").split()
        }
        assert wanted - led == set()
        hard = [item for item in page.iter("div") if "hard" in classes(item)]
        assert len(hard) == sum(f.verdict == "fail" and f.severity == "hard" for f in examined.outcome.findings)


def test_the_policy_allows_our_script_alone() -> None:
    page = index_page([], "复核包").decode()
    assert f"script-src '{name_hash(SCRIPT)}'" in page
    assert page.count("<script") == 1
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page


def test_hostile_text_is_only_text() -> None:
    evil = "<img src=x onerror=alert(1)>\"'&\u202e\x00</script>"
    cell = Cell(0, 0, 1, 1, (Paragraph(evil),))
    document = Document("docx", (Part("body", (Paragraph(evil, "p1"), Table("t1", 1, 1, (cell,)))),))
    shown = "".join(
        Markup({"t1r1c1": Decoration("hard")}, {"p1": [Span(0, 4, "p1_0_4", "value")]}).write_document(document)
    )
    assert "<img" not in shown
    assert not set(shown) & {"\u202e", "\x00"}
    assert '<mark id="p1_0_4" class="value">&lt;img</mark>' in shown
    path = FIXTURES / "cases" / "twin" / "input.txt"
    outcome = examine(path.read_bytes(), "x.txt", "x.txt", ENGINE).outcome
    for name in (*HOSTILE_NAMES, evil):
        report = msgspec.structs.replace(outcome.reports[0], unit_name=name)
        source = msgspec.structs.replace(outcome.source, path=f"{name}.txt", name=name)
        spoiled = msgspec.structs.replace(outcome, reports=(report,), source=source)
        for page in (
            review_page(document, spoiled, LABELS, "目录.html").decode(),
            index_page([describe_file(spoiled, f"复核包/{name}.html")], "复核包").decode(),
        ):
            assert page.count("<script") == page.count("</script") == 1
            assert not re.search(r"<img|\u202e|[\x00-\x08]", page)


def test_marks_that_overlap_keep_the_text() -> None:
    paragraph = Paragraph("支出合计871.05万元", "p1")
    spans = [Span(4, 10, "p1_4_10", "value"), Span(4, 12, "p1_4_12", "hard", "<i>1</i>"), Span(20, 30, "p1_20_30", "x")]
    shown = "".join(Markup({}, {"p1": spans}).write_blocks([paragraph], ""))
    assert "".join(str(text) for text in parse(shown).itertext()) == "支出合计871.05万元1"


def test_the_index_lists_what_gave_no_report_too(tmp_path: Path) -> None:
    del tmp_path
    outcome = examine(b"", "空.docx", "一股/空.docx", ENGINE).outcome
    page = index_page([describe_file(outcome, None)], "复核包").decode()
    assert "一股/空.docx" in page
    assert outcome.failure is not None
    assert outcome.failure.message[:6] in page
