"""What a department is told, and what stays in the house."""

from __future__ import annotations

import msgspec
import pytest

from gouji.export.annotate.places import find_place, mark_remarks
from gouji.export.annotate.remarks import Remark, Strangers, list_remarks
from gouji.model.finding import Basis, Evidence
from outcomes import finding, report, wrap
from readers.docx.wordml import p, read, tbl, tc, tr

WORDS = {"hard": "必改", "explain": "需说明", "note": "提示"}
FOREIGN = Evidence("t1r1c1", "《收入情况》表", "income.total", "5", "5", "copy", source="别的/局.docx")


def remarks_on(*findings: object, strangers: tuple[str, ...] = ("别的/局.docx",)) -> list[Remark]:
    return list_remarks(wrap(report("102001", "某局", {}), findings=findings), WORDS, strangers)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "bureau"},
        {"audience": "template"},
        {"verdict": "undecided"},
        {"verdict": "pass"},
        {"verdict": "waived"},
        {"verdict": "not_applicable"},
        {"evidence": (FOREIGN,)},
    ],
)
def test_what_stays_in_the_house(changes: dict[str, object]) -> None:
    assert remarks_on(finding("102001", "A1", **changes)) == []


def test_a_remark_holds_no_repair_and_no_interval() -> None:
    [remark] = remarks_on(finding("102001", "A1"))
    assert remark.title == "【必改】收入合计等于各项之和"
    assert remark.where == ("t1r9c4",)
    assert "870.05" not in str(remark)  # the repaired value of the finding's cause


def test_another_report_of_the_same_unit_may_be_spoken_of_but_not_shown_here() -> None:
    own = finding("102001", "Y1").evidence
    [remark] = remarks_on(finding("102001", "Y1", evidence=(*own, FOREIGN)), strangers=())
    assert remark.where == ("t1r9c4",)


def test_strangers_are_the_files_of_other_units() -> None:
    kin = {
        "甲/报告.docx": {"甲/报告.docx", "甲/附表.xlsx"},
        "甲/附表.xlsx": {"甲/报告.docx", "甲/附表.xlsx"},
        "乙.docx": {"乙.docx"},
        "无名.docx": set[str](),
    }
    of_one = Strangers("甲/报告.docx", kin)
    assert [path for path in (*kin, "部门决算.xlsx", "") if path in of_one] == ["乙.docx", "无名.docx"]
    assert "无名.docx" not in Strangers("无名.docx", kin)


@pytest.mark.parametrize("source", ["2020年度报告：某局.docx", "部门决算.xlsx"])
def test_a_figure_of_last_year_or_of_finance_is_no_other_units(source: str) -> None:
    own = finding("102001", "F1").evidence
    held = msgspec.structs.replace(FOREIGN, source=source, place="《决算》表 · 某局 行", raw="4711.00")
    [remark] = remarks_on(finding("102001", "F1", evidence=(*own, held)))
    assert remark.where == ("t1r9c4",)
    assert "4711" not in str(remark), "what finance holds stays in the house"
    assert "决算》表" not in str(remark)


def test_the_gravest_comes_first_and_what_needs_a_second_look_is_no_correction() -> None:
    found = remarks_on(
        finding("1", "C2", severity="note"), finding("1", "A1", verdict="review"), finding("1", "A2"),
    )  # fmt: skip
    assert [(remark.severity, remark.title[:5]) for remark in found] == [
        ("hard", "【必改】收"),
        ("explain", "【需说明】"),
        ("note", "【提示】收"),
    ]


def test_only_a_confirmed_basis_is_cited() -> None:
    confirmed = Basis("财预〔2020〕10号", "第十八条", verified=True)
    texts = [str(remark.lines) for remark in remarks_on(finding("1", "A1"), finding("1", "A2", basis=confirmed))]
    assert ["财预" in text for text in texts] == [False, True]


def test_hostile_text_is_tamed() -> None:
    [remark] = remarks_on(finding("1", "A1", message="右到左\u202e位单\x07" + "很" * 10_000, title="题\u2066"))
    assert "\u202e" not in remark.lines[0]
    assert "\x07" not in remark.lines[0]
    assert "\u2066" not in remark.title
    assert len(remark.lines[0]) < 2000


DOCUMENT = read(
    p("标题"), p("支出871.05万元"), tbl(tr(tc("甲", v="restart"), "1"), tr(tc("", v="continue"), tc(p("一"), p("二"))))
)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("p2", "支出871.05万元"), ("p2_2_8", "支出871.05万元"), ("t1r1c1", "甲"), ("t1r2c2", "一\n二"), ("t1r2c2_p2", "二"),
        ("t1r2c1", None), ("t2r1c1", None), ("p3", None), ("hp1", None), ("t1r2c2_p3", None), ("nonsense", None), ("t0r1c1", None),
    ],
)  # fmt: skip
def test_places_are_found_again(where: str, text: str | None) -> None:
    place = find_place(DOCUMENT, where)
    assert (place.text if place else None) == text


def test_in_a_converted_document_only_the_same_text_counts() -> None:
    other = read(
        p("标题"), p("支出 871.05 万元"), tbl(tr(tc("甲", v="restart"), "2"), tr(tc("", v="continue"), "一 二"))
    )
    remark = Remark("题", (), ("t1r1c2", "p2", "t1r2c2"), "hard")
    [mark] = mark_remarks(other, [remark], DOCUMENT)
    assert [place.where for place in mark.places] == ["p2", "t1r2c2"]  # spaces aside
    assert mark.lost == ("t1r1c2",)
    [native] = mark_remarks(DOCUMENT, [msgspec.structs.replace(remark, where=("t1r1c2",))])
    assert [place.where for place in native.places] == ["t1r1c2"]
