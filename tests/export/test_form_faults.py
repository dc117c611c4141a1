"""表样问题: grouped by rule and text; what one unit alone has stays its own finding."""

from __future__ import annotations

from gouji.export.form_faults import Told, faults_by_key, gather_form_faults, is_folded
from gouji.model.finding import Evidence, Finding
from gouji.model.result import Outcome
from gouji.pipeline.finding_lists import list_findings, list_form_faults, load_labels, told_of_form
from outcomes import finding, report, wrap


def stale(code: str, *texts: str, **more: object) -> Finding:
    evidence = tuple(
        Evidence(f"t3r{n}c4", f"《评分表》 · 指标{n} 行", None, text, None, "remnant") for n, text in enumerate(texts)
    )
    fields = {
        "verdict": "review",
        "severity": "note",
        "audience": "template",
        "evidence": evidence,
        "title": "没有往年年份",
    }
    return finding(code, "X4", **fields | more)


def told(*findings: Finding) -> list[Told]:
    return [Told(item, f"第{number}局") for number, item in enumerate(findings, 1)]


def test_the_same_text_of_two_units_is_one_fault_however_it_is_spaced() -> None:
    (fault,) = gather_form_faults(
        told(stale("1", "按2018年度考核折算"), stale("2", "按 2018年度\n考核折算"), stale("3", "按2017年折算"))
    )
    assert (fault.rule, fault.text, fault.units) == ("X4", "按2018年度考核折算", ("第1局", "第2局"))


def test_a_finding_is_folded_only_where_all_it_says_is_the_forms() -> None:
    both, own = stale("1", "甲项按2018年折算", "乙项按2018年折算"), stale("2", "甲项按2018年折算", "丙项按2016年折算")
    known = faults_by_key(
        gather_form_faults(told(both, own, stale("3", "甲项按2018年折算"), stale("4", "乙项按2018年折算")))
    )
    assert is_folded(both, known)
    assert not is_folded(own, known)
    department = stale("5", "甲项按2018年折算", audience="department")
    assert not is_folded(department, known)


def test_what_the_blank_form_prints_is_its_own_fault_even_where_one_unit_alone_has_it() -> None:
    mine = stale("1", "按2018年度考核折算")
    (fault,) = gather_form_faults([Told(stale("", "按2018年度考核折算"), ""), *told(mine)])
    assert (fault.units, fault.named) == (("第1局",), "空白表样、第1局")
    assert is_folded(mine, faults_by_key([fault]))
    assert gather_form_faults(told(mine)) == ()


def test_a_bare_number_is_told_apart_by_its_place() -> None:
    first, second = (stale(code, "15") for code in "12")
    elsewhere = stale("3", "甲2018年度考核折算", "15")
    faults = gather_form_faults(told(first, second, elsewhere))
    assert [(fault.text, len(fault.units)) for fault in faults] == [("15", 2)]


def test_passing_and_waived_findings_are_no_fault() -> None:
    quiet = [stale("1", "甲项按2018年折算", verdict=verdict) for verdict in ("pass", "undecided", "waived")]
    assert gather_form_faults(told(*quiet, stale("2", "甲项按2018年折算"))) == ()


def test_findings_without_a_text_are_grouped_by_their_sentence() -> None:
    (fault,) = gather_form_faults(told(stale("1", message="共用分值未说明"), stale("2", message="共用分值未说明")))
    assert (fault.text, len(fault.units)) == ("共用分值未说明", 2)


def listed(*findings: Finding) -> Outcome:
    return wrap(report("1", "甲局", {}), findings=findings)


def test_the_listing_tells_of_the_form_at_the_end() -> None:
    first = listed(stale("1", "按2018年度考核折算", unit_name="甲局"))
    second = listed(stale("2", "按2018年度考核折算", unit_name="乙局"))
    assert "X4" not in list_findings(first, load_labels(None))
    shown = list_form_faults([*told_of_form(first), *told_of_form(second)])
    assert "按2018年度考核折算（2 家：甲局、乙局）" in shown
    assert shown.count("X4") == 1
    assert list_form_faults([]) == ""
