"""Sentences of real documents: broken lines read as one, exact places as evidence, full-width print kept."""

from __future__ import annotations

import msgspec

from documents import document
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Document, Paragraph, Part
from gouji.model.finding import Finding
from gouji.model.report import Report, TextLine
from gouji.patterns import load_patterns
from gouji.validate import validate_report
from gouji.validate.prose.figures import figure_reader
from gouji.validate.prose.text import Passage, Piece, passages_of

PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
COVER = (
    "测试区2021年度部门（单位）整体支出",
    "绩效评价自评报告",
    "部门(单位)名称：测试区林业局",
    "预 算 编 码： 085001",
    "报告日期：2022.5.17",
    "五、评价报告综述（文字部分）",
    "一、概况",
)


def read(*paragraphs: str) -> Report:
    (place,) = locate_reports(document(*COVER, *paragraphs), VOCABULARY)[0]
    return assemble_report(place.region, place.form, PATTERNS)[0]


def found(report: Report, rule: str) -> Finding:
    (finding,) = (f for f in validate_report(report, PATTERNS.rules)[0] if f.rule == rule)
    return finding


def test_the_characters_of_the_sentence_are_evidence() -> None:
    report = read("　　全年平稳。应办信访件１２０件，办结１１８件，办结率１００％。队伍稳定。")
    finding = found(report, "N3")
    (evidence,) = finding.evidence
    assert evidence.where == "p8_7_32"
    assert evidence.raw == "应办信访件１２０件，办结１１８件，办结率１００％。"  # as printed
    assert evidence.place == "正文“概况”部分"
    assert "１２０件" in finding.message


LONG = "本单位全年按照区委区政府的安排认真做好各项林业工作并按时上报材料"


def test_a_sentence_broken_over_lines_is_one() -> None:
    """Three full lines show that something broke the lines; the count goes on in the next."""
    lines = (LONG, LONG, LONG[:-11] + "应办信访件120件，办结11", "8件，办结率100%。")
    report = read(*lines)
    assert [line.goes_on for line in report.lines if line.where in ("p8", "p9", "p10", "p11")] == [
        False,
        True,
        True,
        True,
    ]
    finding = found(report, "N3")
    assert "办结118件" in finding.message
    assert finding.evidence[0].where.startswith("p8_0_")


def test_lines_of_one_paragraph_keep_their_places() -> None:
    paragraph = Paragraph("全年平稳。\n应办信访件120件，办结118件，办结率100%。", "p8")
    blocks = [*document(*COVER).parts[0].blocks, paragraph]
    (place,) = locate_reports(Document("docx", (Part("body", tuple(blocks)),)), VOCABULARY)[0]
    finding = found(assemble_report(place.region, place.form, PATTERNS)[0], "N3")
    assert finding.evidence[0].where == "p8_6_31"


def test_a_report_without_lines_has_its_sections() -> None:
    report = msgspec.structs.replace(read("应办信访件120件，办结118件，办结率100%。"), lines=())
    finding = found(report, "N3")
    assert finding.evidence[0].where == "p7"  # the heading: nothing more is known


def test_passages_are_what_lines_join_to() -> None:
    report = msgspec.structs.replace(
        read("无。"),
        sections=(),
        lines=(TextLine("p1", "甲，"), TextLine("p2", "乙。", 4, goes_on=True), TextLine("p3", "丙。")),
    )
    first, second = passages_of(report)
    assert (first.text, second.text) == ("甲,乙。", "丙。")
    assert first.place(0, 2) == ("p1_0_2", "甲，")
    assert first.place(2, 4) == ("p2_4_6", "乙。")


def test_the_annex_is_no_part_of_the_last_section() -> None:
    report = read("无。", "二、存在的问题", "公务卡使用率偏低。", "附件1", "公务卡使用率偏低的单位不得评优。")
    titles = {passage.text: passage.title for passage in passages_of(report)}
    assert titles["公务卡使用率偏低。"] == "存在的问题"
    assert titles["公务卡使用率偏低的单位不得评优。"] == ""


def figures(text: str) -> list[tuple[str, str, str | None, str | None]]:
    """(raw, unit, low, high) of the figures of a text."""
    words = PATTERNS.rules.lexicon
    reader = figure_reader(words["counts"], words["times"], words["money"])
    passage = Passage(text, text, (Piece("p1", 0, 0),))
    return [
        (f.raw, f.unit, None if f.low is None else format(f.low, "f"), None if f.high is None else format(f.high, "f"))
        for numbered in reader.numbered(passage)
        for f in numbered.figures
    ]


def test_hedges_are_intervals() -> None:
    assert figures("督查50余次") == [("50余次", "次", "50", "60")]
    assert figures("会议430余次") == [("430余次", "次", "430", "440")]
    assert figures("办结率98%以上") == [("98%以上", "%", "98", None)]
    assert figures("近600份") == [("近600份", "份", "500", "600")]
    assert figures("1.2万人次") == [("1.2万人次", "人次", "11500.00", "12500.00")]
    assert figures("871.05万元") == [("871.05万元", "元", "8710450.000", "8710550.000")]
    assert figures("不少于4次") == [("不少于4次", "次", "4", None)]


def test_what_is_no_figure_is_none() -> None:
    assert figures("第3期、每3个月、3-5人、680元/份、湘财〔2019〕15号、A4纸") == []
