"""Which reports count: one of each unit and year, no money twice, nothing dropped without a word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gouji.export.nameless import name_by_place
from gouji.export.versions import Identity, choose_reports


def identity(serial: int, **more: Any) -> Identity:
    fields: dict[str, Any] = {
        "serial": serial, "code": f"10200{serial}", "name": f"第{serial}局", "year": 2021, "date": "2022-05-17",
        "path": f"{serial}.docx",
    }  # fmt: skip
    return Identity(**(fields | more))


def test_the_later_report_date_counts_whatever_the_file_is_called() -> None:
    first = identity(1, code="102001", name="某局", date="2022-05-13", path="终稿最终.docx")
    second = identity(2, code="102001", name="某 局", date="2022-05-17", path="a.docx")
    choice = choose_reports([first, second])
    assert choice.counted == (2,)
    assert "2022-05-17" in choice.left_out[1]
    assert "2022-05-13" in choice.remarks[2][0]


def test_in_a_tie_the_file_that_is_edited_counts_before_its_print() -> None:
    word = identity(1, code="102001", name="某局", path="报告.docx")
    printed = identity(2, code="102001", name="某局", path="盖章/报告.pdf")
    choice = choose_reports([word, printed])
    assert (choice.counted, choice.tied) == ((1,), frozenset({1}))
    later = identity(3, code="102001", name="某局", path="报告.pdf", date="2022-05-18")
    assert choose_reports([word, later]).counted == (3,)


def test_equal_dates_are_told_once() -> None:
    versions = [identity(n, code="102001", name="某局", path=f"{n}.docx") for n in (1, 2, 3)]
    assert choose_reports(versions).remarks[3][-1] == "另有 2 份未汇入（2022-05-17）"


def test_a_row_under_a_short_name_with_the_same_figures_is_the_unit() -> None:
    amounts = frozenset((concept, Decimal(value)) for concept, value in (("a", 2300), ("b", 1900), ("c", 400)))
    other = frozenset((concept, Decimal(value + 1)) for concept, value in (("a", 2300), ("b", 1900), ("c", 400)))
    school = identity(2, name="某区第一中学", figures=amounts)
    assert choose_reports([identity(1, name="教育局", inner={"一中": amounts}), school]).counted == (1,)
    assert choose_reports([identity(1, name="教育局", inner={"一中": other}), school]).counted == (1, 2)
    assert choose_reports([identity(1, name="教育局", inner={"二中": amounts}), school]).counted == (1, 2)


def test_a_project_never_counts_and_an_account_only_where_no_evaluation_is() -> None:
    evaluation = identity(1, name="某局", code=None)
    account = identity(2, name="某局", code=None, date="2022-09-01", kind="account")
    project = identity(3, name="某局", code=None, date="2022-09-02", kind="project")
    other = identity(4, kind="account")
    choice = choose_reports([evaluation, account, project, other])
    assert choice.counted == (1, 4)
    assert "不重复汇总" in choice.left_out[2]
    assert "单个项目" in choice.left_out[3]
    assert "没有整体支出自评" in choice.remarks[4][0]


def test_files_with_nothing_in_common_are_one_submission() -> None:
    text, figures, scores = (frozenset({f"{kind}{n}" for n in range(4)}) for kind in "文数分")
    apart = [identity(n, name="某局", code=None, contents=held) for n, held in ((1, figures), (2, text), (3, scores))]
    choice = choose_reports(apart)
    assert (choice.counted, choice.parts, choice.left_out) == ((2,), {2: (1, 3)}, {})
    again = identity(4, name="某局", code=None, date="2022-06-01", contents=scores)
    choice = choose_reports([*apart, again])
    assert (choice.counted, choice.parts) == ((2,), {2: (1, 4)})
    assert choice.superseded == {3}
    whole = identity(5, name="某局", code=None, date="2022-06-02", contents=text | figures | scores)
    choice = choose_reports([*apart, whole])
    assert (choice.counted, choice.parts) == ((5,), {})
    assert set(choice.left_out) == {1, 2, 3}


def test_a_report_without_a_name_is_of_the_unit_it_lies_with() -> None:
    named = identity(1, name="示例县水务局", code=None, path="水务/报告.docx", contents=frozenset({"文一", "文二"}))
    figures = identity(
        2, name=None, code=None, year=None, path="水务/附件1.xlsx", contents=frozenset({"数收入", "数支出"})
    )
    choice = choose_reports([named, figures])
    assert choice.parts == {1: (2,)}
    assert "附件1.xlsx 没有写单位名称" in "".join(choice.remarks[1])
    other = identity(3, name="示例县林业局", code=None, path="水务/林业.docx")
    assert choose_reports([named, figures, other]).parts == {}, "two units in the folder: nobody knows"


def test_a_folder_called_like_a_unit_names_it() -> None:
    def name_at(path: str, *others: Identity) -> str | None:
        nameless = identity(9, name=None, code=None, path=path)
        return next(r.name for r in name_by_place([nameless, *others]) if r.serial == 9)

    assert name_at("01 示例县水务局（已审）/附件1.xlsx") == "示例县水务局"
    assert name_at("报送.zip!/示例县水务局/附件1.xlsx") == "示例县水务局"
    assert name_at("行政政法股/附件1.xlsx") is None
    assert name_at("附件/附件1.xlsx") is None
    assert name_at("附件1.xlsx") is None
    inside = identity(1, name="示例县水利工程队", code=None, path="示例县水务局/工程队/报告.docx")
    assert name_at("示例县水务局/附件1.xlsx", inside) is None


def test_a_tie_is_asked() -> None:
    choice = choose_reports([identity(1, name="某局", code="1"), identity(2, name="某局", code="1")])
    assert choice.counted == (2,)
    assert any("请确认" in remark for remark in choice.remarks[2])


def test_a_code_with_lost_zeros_or_no_code_is_the_same_unit() -> None:
    reports = [
        identity(1, name="某局", code="85001"),
        identity(2, name="某局", code="085001", date="2022-06"),
        identity(3, name="某局", code=None),
    ]
    assert choose_reports(reports).counted == (2,)


def test_two_units_under_one_code_both_count_and_say_so() -> None:
    choice = choose_reports([identity(1, code="1"), identity(2, code="1")])
    assert choice.counted == (1, 2)
    assert "第2局" in choice.remarks[1][0]


def test_units_without_name_and_code_are_never_merged() -> None:
    assert choose_reports([identity(1, code=None, name=None), identity(2, code=None, name=None)]).counted == (1, 2)


def test_a_unit_inside_its_departments_table_is_not_counted_again() -> None:
    bureau = identity(1, name="教育局", inner={"第一中学": frozenset()})
    school = identity(2, name="第一中学")
    choice = choose_reports([bureau, school])
    assert choice.counted == (1,)
    assert "教育局" in choice.left_out[2]


def test_two_units_that_name_each_other_do_not_both_vanish() -> None:
    reports = [identity(1, inner={"第2局": frozenset()}), identity(2, inner={"第1局": frozenset()})]
    assert len(choose_reports(reports).counted) == 1


def test_last_years_report_gives_way_but_a_lone_one_stays_with_a_word() -> None:
    reports = [
        identity(1),
        identity(2),
        identity(3, name="第1局", code="102001", year=2020, date="2021-05"),
        identity(4, year=2020),
    ]
    choice = choose_reports(reports)
    assert choice.counted == (1, 2, 4)
    assert "2020" in choice.left_out[3]
    assert "请核实" in choice.remarks[4][0]


def test_a_year_asked_for_keeps_the_others_out() -> None:
    choice = choose_reports([identity(1), identity(2, year=2020), identity(3, year=None)], 2021)
    assert choice.counted == (1, 3)


IDENTITIES = st.lists(
    st.tuples(
        st.sampled_from(["1", "01", "2", None]), st.sampled_from(["甲", "乙", "丙", None]), st.sampled_from([2020, 2021, None]),
        st.sampled_from(["2022-05", "2022-06", None]), st.frozensets(st.sampled_from(["甲", "乙", "丙"]), max_size=2),
        st.sampled_from([frozenset(), frozenset({"文一", "文二"}), frozenset({"数收入", "数支出"}), frozenset({"数收入", "文一"})]),
    ),
    max_size=8,
)  # fmt: skip


@given(IDENTITIES)
def test_every_report_either_counts_or_is_listed_with_a_reason(rows: list[Any]) -> None:
    reports = [
        Identity(
            n, code, name, year, date, f"{n}.docx", {other: frozenset() for other in inner - {name}}, contents=contents
        )
        for n, (code, name, year, date, inner, contents) in enumerate(rows)
    ]
    choice = choose_reports(reports)
    parts = [part for others in choice.parts.values() for part in others]
    assert sorted([*choice.counted, *choice.left_out, *parts]) == list(range(len(rows)))
    assert bool(choice.counted) == bool(rows)
    same = [
        (r.name, r.code.lstrip("0"), r.year)
        for r in reports
        if r.serial in choice.counted and r.name and r.code and r.year
    ]
    assert len(same) == len(set(same))


def test_a_report_of_another_year_is_left_out_only_where_the_year_is_beyond_doubt() -> None:
    old = identity(9, year=2020)
    choice = choose_reports([*(identity(n) for n in range(1, 8)), old])
    assert "年度为 2020，本次汇总 2021 年度" in choice.left_out[9]
    few = choose_reports([*(identity(n) for n in range(1, 4)), old])
    assert 9 in few.counted
    assert "与多数单位（2021）不同" in few.remarks[9][0]
    mixed = choose_reports([*(identity(n) for n in range(1, 5)), old, identity(8, year=2020)])
    assert {8, 9} <= set(mixed.counted)
