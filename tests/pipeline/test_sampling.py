"""The spot check: drawn by strata from a seed, filled in by people, read back."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gouji.export.district import collect_district
from gouji.export.sampling import Frame, Plan, build_frame, describe_draw, draw_sample, measure_accuracy, read_sample
from gouji.model.errors import UsageError
from gouji.model.result import Outcome
from gouji.model.sample import Check
from gouji.patterns import load_patterns
from gouji.patterns.exports import Layout
from gouji.pipeline.sampling import draw_to_file, import_checks
from gouji.roster.unit import Books, Roster, RosterUnit
from gouji.store import Store, StoreKey
from outcomes import build_district

NOW = datetime(2022, 6, 30, 9, 0)  # noqa: DTZ001 - Office dates carry no zone
DISTRICT = build_district()


def frame_of(outcomes: Iterable[Outcome], roster: Roster | None = None) -> Frame:
    given = list(outcomes)
    layout = Layout("sample", "a.xlsx", "万元", Decimal(10_000), (), ())
    labels = load_patterns().exports.labels
    return build_frame(given, collect_district(given, layout, labels, books=Books(roster) if roster else None))


def plan(share: str = "0.2", seed: str = "a") -> Plan:
    return Plan(Decimal(share), 4, seed)


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    keys = [item.key for item in draw_sample(frame_of(DISTRICT), plan())]
    assert keys == [item.key for item in draw_sample(frame_of(reversed(DISTRICT)), plan())]
    assert keys != [item.key for item in draw_sample(frame_of(DISTRICT), plan(seed="b"))]


def test_every_stratum_has_its_share_and_every_unit_its_figures() -> None:
    frame = frame_of(DISTRICT)
    items = draw_sample(frame, plan())
    assert {item.stratum for item in items} == frame.strata.keys()
    for stratum, units in frame.strata.items():
        drawn = {(item.path, item.unit_name) for item in items if item.stratum == stratum}
        assert len(drawn) == max(1, -(-len(units) // 5))
    assert all(item.fact.quantity is not None for item in items)
    everything = draw_sample(frame, Plan(Decimal(1), 500, "a"))
    assert {i.key for i in everything} == {
        i.key for units in frame.strata.values() for one in units.values() for i in one
    }


def test_only_the_version_that_counts_is_drawn() -> None:
    items = draw_sample(frame_of(DISTRICT), Plan(Decimal(1), 500, "a"))
    assert {item.path for item in items if item.unit_name == "云溯区住建局"} == {"三股/终稿改2.docx"}
    assert not any(item.fact.raw == "999.99" for item in items)


def test_a_roster_gives_the_strata() -> None:
    units = tuple(RosterUnit(n - 9, f"云溯区第{n}局", str(102000 + n), section=f"{n % 3}股") for n in range(9, 27))
    frame = frame_of(DISTRICT, Roster(units))
    assert {stratum.partition("·")[0] for stratum in frame.strata} == {"0股", "1股", "2股", "名册外单位"}
    assert [len(frame.strata[f"{n}股·无必改"]) for n in range(3)] == [6, 6, 6]
    assert "按归口股室、有无必改问题分" in describe_draw([], frame, plan())
    assert frame_of(DISTRICT).basis == "自评等次"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "gouji.db"
    with Store.open(path) as opened:
        run = opened.begin_run("1", "o")
        for outcome in DISTRICT:
            opened.save(StoreKey(outcome.source.sha256, "1", "o"), outcome, run, outcome.source.path)
        opened.finish_run(run)
    return path


def test_a_sheet_is_filled_in_and_read_back(store: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "抽查复核表.xlsx"
    lines = list(draw_to_file(store, sheet, Plan(Decimal("0.1"), 3, "2022"), NOW))
    assert "随机种子 2022" in lines[0]
    book = openpyxl.load_workbook(sheet)
    page = book.active
    assert page is not None
    names = {str(cell.value): cell.column for cell in page[3] if cell.value}
    for row, result in enumerate(("一致", "一致", "不一致"), start=6):
        page.cell(row, names["复核结果"]).value = result
        page.cell(row, names["复核人"]).value = "周一"
    assert page.cell(6, names["系统读数"]).value
    filled = tmp_path / "填好.xlsx"
    book.save(filled)
    checks = read_sample(filled, "2022-07-01")
    assert [check.agrees for check in checks] == [True, True, False]
    lines = list(import_checks(store, [filled, filled], "2022-07-01"))
    assert lines[0] == "填好.xlsx：读回 3 条复核结果。"
    assert "累计复核 3 个数，与原件一致 2 个" in lines[-1]


def test_accuracy_counts_the_last_word_and_says_how_sure_it_is() -> None:
    def check(key: str, *, agrees: bool) -> Check:
        return Check(key, agrees, "", "", "", "", "f", "d")

    found = measure_accuracy(
        [check("a", agrees=False), check("a", agrees=True)] + [check(str(n), agrees=True) for n in range(99)]
    )
    assert (found.compared, found.agreed) == (100, 100)
    assert 0.96 < found.low < 0.97
    assert found.high == pytest.approx(1)
    assert measure_accuracy([]).compared == 0


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "别的.xlsx")
    with pytest.raises(UsageError, match="抽查复核表"):
        read_sample(tmp_path / "别的.xlsx", "2022-07-01")


def test_nothing_to_draw_from_says_so(tmp_path: Path) -> None:
    with Store.open(tmp_path / "gouji.db"):
        pass
    shutil.copy(tmp_path / "gouji.db", tmp_path / "空.db")
    with pytest.raises(UsageError, match="没有可抽查"):
        list(draw_to_file(tmp_path / "空.db", tmp_path / "x.xlsx", Plan(Decimal(1), 1, "a"), NOW))
