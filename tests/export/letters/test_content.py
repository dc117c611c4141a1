"""What a letter says of a unit: how many problems of which kind, whom it addresses, what that unit has sent."""

from __future__ import annotations

import pytest

from gouji.export.district import collect_district
from gouji.export.letters.content import Imprint, collect_cases, write_unit_fields
from gouji.export.letters.fields import Fields
from gouji.model.finding import Severity
from gouji.model.report import ReportKind
from gouji.patterns import load_patterns
from outcomes import finding, report, wrap

PATTERNS = load_patterns()


def fields_of(
    *grades: Severity, name: str | None = "云溯区某局", kind: ReportKind = "overall", path: str = "甲/某局.docx"
) -> Fields:
    """The letter's fields for one unit with findings of these severities."""
    made = report("102001", name, {"income.total": "871.05"}, kind=kind)
    findings = tuple(finding("102001", f"A{n}", severity=grade, unit_name=name) for n, grade in enumerate(grades, 1))
    layout, labels = PATTERNS.exports.layouts["summary"], PATTERNS.exports.labels
    district = collect_district([wrap(made, path=path, findings=findings)], layout, labels)
    (case,) = collect_cases(district, {})
    return write_unit_fields(case, 2021, Imprint(), labels)


@pytest.mark.parametrize(
    ("grades", "every", "to_settle"),
    [
        (("hard", "explain", "note"), "须更正的1项、须核实或说明的1项、提请留意的1项", "须更正的1项、须核实或说明的1项"),
        (("hard", "hard"), "须更正的2项", "须更正的2项"),
        (("note",), "提请留意的1项", ""),
        (("explain", "note"), "须核实或说明的1项、提请留意的1项", "须核实或说明的1项"),
    ],
)  # fmt: skip
def test_a_count_of_none_is_not_mentioned(grades: tuple[Severity, ...], every: str, to_settle: str) -> None:
    fields = fields_of(*grades)
    assert (fields["分项"], fields["整改分项"]) == (every, to_settle)
    assert fields["整改数"] == str(sum(grade != "note" for grade in grades))


def test_no_shipped_letter_prints_a_bare_count_of_a_grade() -> None:
    """分项 passes over none; 必改数 would print 0. The 通报 counts units, and its table shows every number."""
    texts = [line.text for letter in PATTERNS.letters.kinds for line in letter.lines]
    assert any("分项}}" in text for text in texts)
    assert [text for text in texts if "必改数}}" in text or "说明数}}" in text or "提示数}}" in text] == []


@pytest.mark.parametrize(
    ("kind", "called"),
    [("overall", "部门整体支出绩效自评报告"), ("account", "预算、决算和“三公”经费公开资料")],
)  # fmt: skip
def test_what_was_sent_has_its_own_name(kind: ReportKind, called: str) -> None:
    """A project alone is never counted, so no letter is written of it."""
    fields = fields_of("hard", kind=kind)
    assert f"{fields['报告类别']}{fields['报告']}" == called


def test_a_unit_without_a_name_is_to_be_filled_in() -> None:
    fields = fields_of("hard", name=None, path="三公/某县气象中心三公经费.docx")
    assert fields["单位"] == "（单位名称待填：某县气象中心三公经费）"
