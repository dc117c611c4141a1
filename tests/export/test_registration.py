"""Who has reported: every state of 报送登记, versions by receipt, nothing counted twice, reminders in words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gouji.export.district import District, collect_district
from gouji.export.registers import add_reminders, list_missing, list_reminders, write_reminder
from gouji.model.report import Report
from gouji.model.result import Outcome
from gouji.patterns import load_patterns
from gouji.roster.unit import Books, Receipt, Register, Reminder, Roster, RosterUnit, check_of
from outcomes import department, failed, figure, report, wrap

PATTERNS = load_patterns()
LAYOUT, LABELS = PATTERNS.exports.layouts["summary"], PATTERNS.exports.labels
NAMES = ("云溯区财政局", "云溯区教育局", "云溯区水利局", "云溯区信访局", "云溯区保密中心")


def books(*receipts: Receipt, **more: Any) -> Books:
    units = tuple(
        RosterUnit(n, name, f"10300{n + 1}", section="一股" if n < 3 else "二股", due="2022-05-20", phone=f"555{n}",
                   secret=name.endswith("保密中心"))
        for n, name in enumerate(NAMES)
    )  # fmt: skip
    register = Register(receipts, more.pop("reminders", ()))
    return Books(Roster(more.pop("units", units)), register, more.pop("today", "2022-05-25"))


def note(outcome: Outcome, **noted: str) -> Receipt:
    return Receipt(outcome.source.path, check_of(outcome.source.sha256), **noted)


def collect(outcomes: list[Outcome], kept: Books) -> District:
    return collect_district(outcomes, LAYOUT, LABELS, 2021, kept)


def states(district: District) -> dict[str, str]:
    assert district.attendance is not None
    return {line.name: line.state for line in district.attendance.lines}


def filed(n: int, **more: Any) -> Report:
    made = report(f"10300{n + 1}", NAMES[n], {"income.total": "9.00"})
    return msgspec.structs.replace(made, **more)


def hashed(outcome: Outcome, sha256: str) -> Outcome:
    return msgspec.structs.replace(outcome, source=msgspec.structs.replace(outcome.source, sha256=sha256))


def test_each_unit_has_one_state() -> None:
    on_time, late = wrap(filed(0), path="0.docx"), wrap(filed(1), path="1.docx")
    outcomes = [on_time, late, wrap(filed(2, fiscal_year=2020), path="2.docx")]
    district = collect(outcomes, books(note(on_time, received="2022-05-19"), note(late, received="2022-05-23")))
    assert states(district) == dict(zip(NAMES, ("filed", "late", "wrong_year", "missing", "secret"), strict=True))
    attendance = district.attendance
    assert attendance is not None
    assert attendance.expected() == 4
    assert [line.days_late for line in attendance.lines] == [-1, 3, 5, 5, None]
    assert [row["unit_name"] for row in list_missing(attendance, LABELS)] == ["云溯区水利局", "云溯区信访局"]


def test_nobody_is_late_without_a_registered_receipt() -> None:
    district = collect([wrap(filed(0, report_date="2022-06-30"), path="0.docx")], books())
    assert states(district)[NAMES[0]] == "filed"
    assert district.attendance is not None
    assert "没有登记收到日期" in district.attendance.lines[0].note


def test_a_returned_report_is_owed_again_until_the_next_comes() -> None:
    first, second = wrap(filed(0), path="0.docx"), wrap(filed(0), path="0改.docx")
    kept = books(note(first, received="2022-05-10", returned="2022-05-12", reason="缺章"))
    assert states(collect([first], kept))[NAMES[0]] == "returned"
    kept = books(*kept.register.receipts, note(second, received="2022-05-15"))
    assert states(collect([first, second], kept))[NAMES[0]] == "filed"


def test_the_later_receipt_counts_before_the_later_report_date() -> None:
    old, new = (
        wrap(filed(0, report_date="2022-05-18"), path="z.docx"),
        wrap(filed(0, report_date="2022-05-11"), path="a.docx"),
    )
    by_date = collect([old, new], books())
    assert [d.identity.path for d in by_date.departments] == ["z.docx"]
    by_receipt = collect([old, new], books(note(old, received="2022-05-12"), note(new, received="2022-05-19")))
    assert [d.identity.path for d in by_receipt.departments] == ["a.docx"]
    one_known = collect([old, new], books(note(new, received="2022-05-19")))
    assert [d.identity.path for d in one_known.departments] == ["z.docx"]
    assert "没有都登记收到日期" in one_known.departments[0].remark


def test_versions_that_cannot_be_told_apart_are_asked_and_copies_are_said() -> None:
    one, two = hashed(wrap(filed(0), path="甲.docx"), "a1"), hashed(wrap(filed(0), path="乙.docx"), "b2")
    assert states(collect([one, two], books()))[NAMES[0]] == "repeated"
    district = collect([one, hashed(two, "a1")], books())
    assert states(district)[NAMES[0]] == "filed"
    assert district.attendance is not None
    assert "同一个文件，重复报送" in district.attendance.lines[0].note


def test_a_stray_report_is_named_and_a_doubtful_one_asked() -> None:
    stray = wrap(report("777", "云溯区气象站", {}), path="a.docx")
    doubtful = wrap(report("103002", "云溯区财政局", {}), path="b.docx")
    district = collect([stray, doubtful], books())
    found = states(district)
    assert found["云溯区气象站"] == "wrong_unit"
    assert district.attendance is not None
    assert [line.state for line in district.attendance.lines if line.unit is None] == ["wrong_unit", "asked"]
    assert found["云溯区教育局"] == "asked", "nobody is called missing while a report may be theirs"
    confirmed = collect([stray, doubtful], books(note(doubtful, code="103001")))
    assert states(confirmed)["云溯区财政局"] == "filed"
    assert states(confirmed)["云溯区教育局"] == "missing"


def test_a_file_that_could_not_be_read_is_not_missing() -> None:
    found = states(collect([failed("一股/103003水利.docx"), failed("信访局自评.pdf")], books()))
    assert (found["云溯区水利局"], found["云溯区信访局"]) == ("unread", "unread")


def test_a_row_of_a_department_is_no_missing_unit_and_no_second_money() -> None:
    rows = (
        figure("income.total", "100.00", "t1r9c2"),
        figure("income.total", "40.00", "t1r10c2", main=False, entity="云溯区水利局"),
    )
    whole = msgspec.structs.replace(filed(1), facts=rows)
    district = collect([wrap(whole, path="1.docx")], books())
    assert states(district)["云溯区水利局"] == "within"
    both = collect([wrap(whole, path="1.docx"), wrap(filed(2), path="2.docx")], books())
    assert [d.name for d in both.departments] == ["云溯区教育局"]
    assert states(both)["云溯区水利局"] == "within"


def test_a_subordinate_beside_its_department_is_pointed_out() -> None:
    units = (RosterUnit(0, "云溯区教育局", "1001"), RosterUnit(1, "云溯区一中", "1002", parent="云溯区教育局"))
    outcomes = [
        wrap(report("1001", "云溯区教育局", {}), path="a.docx"),
        wrap(report("1002", "云溯区一中", {}), path="b.docx"),
    ]
    district = collect(outcomes, books(units=units))
    assert "请核实其数字是否已包含本单位" in district.departments[1].remark
    assert district.departments[0].remark == ""


@pytest.mark.parametrize("kind", ["project", "account"])
def test_other_papers_are_no_evaluation(kind: Any) -> None:
    district = collect([wrap(filed(3, kind=kind), path="3.docx")], books())
    assert states(district)[NAMES[3]] == "missing"
    assert district.attendance is not None
    assert "没有整体支出自评" in district.attendance.lines[3].note


def test_reminders_say_what_is_owed_and_are_kept_by_date() -> None:
    kept = books(reminders=(Reminder("2022-05-21", "103004", NAMES[3]),))
    district = collect([wrap(department(1, "别处"), path="x.docx")], kept)
    attendance = district.attendance
    assert attendance is not None
    rows = {str(row["unit_name"]): row for row in list_reminders(attendance, LABELS, PATTERNS.roster.reminder, 2021)}
    assert set(rows) == set(NAMES[:4])
    row = rows[NAMES[3]]
    assert (row["phone"], row["dates"]) == ("5553", "2022-05-21")
    assert "2021年度" in str(row["text"])
    assert "2022-05-20" in str(row["text"])
    assert "已逾期 5 天" in str(row["text"])
    assert "已于 2022-05-21 提醒" in str(row["text"])
    again = add_reminders(kept.register, attendance, "2022-05-25")
    assert len(again.reminders) == 5
    assert add_reminders(again, attendance, "2022-05-25") == again


def test_the_words_of_a_reminder_name_what_was_wrong() -> None:
    district = collect([wrap(filed(2, fiscal_year=2020), path="2.docx")], books())
    assert district.attendance is not None
    line = district.attendance.lines[2]
    assert "只收到 2020 年度的报告" in write_reminder(line, PATTERNS.roster.reminder, 2021)
