"""Reports are matched to the roster by what is plain; what is not is asked."""

from __future__ import annotations

import pytest

from gouji.roster.matching import Matcher
from gouji.roster.unit import Roster, RosterUnit

UNITS = (
    ("102100", "云溯区政务督查服务中心", ("102001",)),
    ("102002", "云溯区财政局", ()),
    ("103001", "云溯区教育局", ()),
    ("085001", "云溯区档案馆", ()),
    ("130001", "云溯区工业和信息化局", ()),
    ("111001", "云溯区农业农村局", ()),
    ("111002", "云溯区农业机械局", ()),
)
ROSTER = Roster(tuple(RosterUnit(n, name, code, old) for n, (code, name, old) in enumerate(UNITS)))
MATCHER = Matcher(ROSTER)


def unit_of(code: str | None, name: str | None, confirmed: str = "") -> str | None:
    found = MATCHER.match(code, name, confirmed).unit
    return None if found is None else ROSTER.units[found].name


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("102002", "云溯区财政局", "云溯区财政局"),
        ("102002", None, "云溯区财政局"),
        ("85001", "云溯区档案馆", "云溯区档案馆"),  # a spreadsheet dropped the zero
        ("102001", "沅岚市云溯区政务督查服务中心", "云溯区政务督查服务中心"),  # the old code
        (None, "沅岚市云溯区政务督查服务中心", "云溯区政务督查服务中心"),
        (None, "财政局", "云溯区财政局"),
        (None, "云溯区财政局（本级）", "云溯区财政局"),
        (None, "云溯区工信局", "云溯区工业和信息化局"),
        ("999", "云溯区财政局", "云溯区财政局"),
    ],
)
def test_what_is_plain_is_matched(code: str | None, name: str | None, expected: str) -> None:
    assert unit_of(code, name) == expected


@pytest.mark.parametrize(
    ("code", "name", "candidates"),
    [
        (None, "云溯区农业局", {"云溯区农业农村局", "云溯区农业机械局"}),  # short for two
        ("103001", "云溯区财政局", {"云溯区教育局", "云溯区财政局"}),  # code of one, name of another
        ("103001", "云溯区粮油储备站", {"云溯区教育局"}),  # the code's unit is called quite otherwise
        ("130009", "云溯区工信局", {"云溯区工业和信息化局"}),  # a short name, and a code of its own
    ],
)
def test_what_is_ambiguous_is_asked(code: str | None, name: str, candidates: set[str]) -> None:
    match = MATCHER.match(code, name)
    assert (match.unit, match.how) == (None, "asked")
    assert {ROSTER.units[n].name for n in match.candidates} == candidates
    assert match.remark


@pytest.mark.parametrize("name", ["霁川市档案馆", "云溯区水库移民服务中心", "云溯区老干部服务中心", None])
def test_another_unit_is_no_unit_of_the_roster(name: str | None) -> None:
    match = MATCHER.match(None, name)
    assert (match.unit, match.how, match.candidates) == (None, "unlisted", ())


def test_a_similar_name_is_a_candidate() -> None:
    match = MATCHER.match(None, "云溯区工业和信息化中心")
    assert (match.unit, match.candidates) == (None, (4,))


def test_a_region_may_stand_before_a_roster_without_regions() -> None:
    matcher = Matcher(Roster((RosterUnit(0, "教育局", "103001"), RosterUnit(1, "档案馆", "085001"))))
    match = matcher.match(None, "沅岚市云溯区教育局")
    assert (match.unit, "去掉地区名" in match.remark) == (0, True)


def test_what_a_person_confirmed_settles_it() -> None:
    assert unit_of("103001", "云溯区粮油储备站", "111002") == "云溯区农业机械局"
    assert unit_of(None, "云溯区农业局", "云溯区农业农村局") == "云溯区农业农村局"
    wrong = MATCHER.match("102002", "云溯区财政局", "555555")
    assert wrong.unit == 1
    assert "不在名册中" in wrong.remark


def test_one_code_for_two_units_is_told_apart_by_name() -> None:
    matcher = Matcher(Roster((RosterUnit(0, "甲区水利局", "110001"), RosterUnit(1, "甲区河道站", "110001"))))
    assert matcher.match("110001", "甲区河道站").unit == 1
    assert set(matcher.match("110001", None).candidates) == {0, 1}
