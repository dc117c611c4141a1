"""Places to sign, to date and to comment: in one cell, beside their label, in a column, on lines; and C4 on them."""

from __future__ import annotations

from documents import document, table
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Table
from gouji.model.report import Report
from gouji.patterns import load_patterns
from gouji.validate import validate_report

PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
COVER = ("测试区林业站2022年度部门整体支出绩效自评报告", "部门（单位）名称：测试区林业站")
FIGURES = table("机构名称/1x2 | 支出合计/1x2 | 其中：/2", "基本支出 | 项目支出", "测试区林业站 | 30.00 | 20.00 | 10.00")


def read(*blocks: str | Table) -> Report:
    located, _ = locate_reports(document(*COVER, "支出情况（万元）", FIGURES, *blocks), VOCABULARY)
    report, _ = assemble_report(located[0].region, located[0].form, PATTERNS)
    return report


def places(*blocks: str | Table) -> list[tuple[str, str, str, str | None]]:
    return [(s.kind, s.label, s.state, s.date) for s in read(*blocks).sign_offs]


def c4(source: str, *blocks: str | Table) -> tuple[str, str]:
    findings, _ = validate_report(read(*blocks), PATTERNS.rules, source=source)
    found = next(finding for finding in findings if finding.rule == "C4")
    return found.verdict, found.message


def test_a_block_in_one_cell() -> None:
    blank = table("部门（单位）意见：\\n负责人（签章）：\\n年    月    日/2")
    filled = table("部门（单位）意见：同意上报。\\n负责人（签章）：方某\\n2023年3月5日/2")
    assert places(blank) == [
        ("opinion", "部门(单位)意见", "blank", None),
        ("signature", "负责人(签章)", "blank", None),
        ("date", "负责人(签章)", "blank", None),
    ]
    assert places(filled) == [
        ("opinion", "部门(单位)意见", "value", None),
        ("signature", "负责人(签章)", "value", None),
        ("date", "负责人(签章)", "value", "2023-03-05"),
    ]


def test_an_opinion_on_the_line_below_its_label() -> None:
    assert places(table("主管部门意见：\\n情况属实，同意。\\n（盖章）\\n年 月 日/2")) == [
        ("opinion", "主管部门意见", "value", None),
        ("date", "主管部门意见", "blank", None),
    ]
    assert places(table("主管部门意见：\\n（盖章）\\n20  年 月 日/2")) == [
        ("opinion", "主管部门意见", "blank", None),
        ("date", "主管部门意见", "blank", None),
    ]


def test_labels_beside_their_values() -> None:
    form = table("填报人： | 方某 | 单位负责人 | ~", "主管部门意见 | （盖章）\\n年 月 日/3")
    assert places(form) == [
        ("signature", "填报人", "value", None),
        ("signature", "单位负责人", "blank", None),
        ("opinion", "主管部门意见", "blank", None),
        ("date", "主管部门意见", "blank", None),
    ]


def test_a_column_of_signatures() -> None:
    people = table(
        "姓名 | 职务 | 单位 | 签字", "方某 | 财务负责人 | 测试区林业站 | ~", "何某 | 站长 | 测试区林业站 | 何某"
    )
    assert places(people) == [
        ("signature", "评价人员签字", "blank", None),
        ("signature", "评价人员签字", "value", None),
    ]


def test_lines_outside_tables() -> None:
    assert places("填报人（签名）：          联系电话：2345678", "评价组组长（签字）：", "2023年2月30日") == [
        ("signature", "填报人(签名)", "blank", None),
        ("signature", "评价组组长(签字)", "blank", None),
        ("date", "评价组组长(签字)", "value", "2023-02-30"),
    ]


def test_what_only_resembles_a_place_to_sign() -> None:
    lines = (
        "五、改进意见：进一步加强管理。",
        "本站向群众征求意见，经办人：三名股长共同核对账目。",
        "填报单位（盖章）：",
    )
    assert places(*lines) == []


def test_names_and_words_are_not_kept() -> None:
    report = read(table("部门（单位）意见：属实\\n负责人（签章）：方晓舟\\n2023年3月5日/2"))
    assert "方晓舟" not in repr(report.sign_offs)
    assert "属实" not in repr(report.sign_offs)


def test_only_the_sealed_copy_has_to_be_signed() -> None:
    block = table("部门（单位）意见：\\n年    月    日/2", "财政部门意见：\\n年    月    日/2")
    assert c4("区林业站.docx", block)[0] == "not_applicable"
    verdict, message = c4("一股/区林业站（盖章）.pdf", block)
    assert verdict == "review"
    assert "“部门(单位)意见”空白" in message
    assert "财政部门" not in message


def test_the_bureaus_box_alone_is_nobodys_fault() -> None:
    block = table("财政部门归口业务科室意见：\\n2020年1月1日/2")
    assert c4("区林业站（盖章）.pdf", block)[0] == "not_applicable"


def test_dates() -> None:
    def signed(date: str) -> str:
        return c4("区林业站.docx", table(f"部门（单位）意见：同意\\n{date}/2"))[0]

    assert signed("2023年2月28日") == "pass"
    assert signed("2023年2月30日") == "review"
    assert signed("2023年13月") == "review"
    assert signed("2022年12月30日") == "review"
    assert signed("2022年12月31日") == "pass"


def test_the_date_of_the_cover() -> None:
    assert c4("区林业站.docx", "报告日期：")[0] == "review"
    assert c4("区林业站.docx", "报告日期：2023年3月20日")[0] == "pass"
    assert c4("区林业站.docx", "报告日期：2023年3月32日")[0] == "review"
