"""gouji waive: recorded in the store, laid over every output, reopened when a figure changes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.cli import cli
from gouji.model.errors import UsageError
from gouji.model.result import Outcome
from gouji.pipeline.batch import Request, process_batch
from gouji.pipeline.district import run_district
from gouji.pipeline.waivers import Wish, list_waivers, reopen_finding, waive_finding

NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)
TODAY = NOW.date()
TWIN = Path(__file__).parents[2] / "fixtures" / "cases" / "twin" / "input.txt"
SOFT, HARD = "102090-2021-S4", "102090-2021-A8"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "报送"
    folder.mkdir()
    (folder / "报告.txt").write_bytes(TWIN.read_bytes())
    return folder


@pytest.fixture
def store(tmp_path: Path, inputs: Path) -> Path:
    path = tmp_path / "gouji.db"
    read(inputs, path)
    return path


def read(inputs: Path, store: Path, today: date | None = TODAY) -> Outcome:
    with process_batch(Request((inputs,), store=store, today=today)) as batch:
        (outcome,) = batch.outcomes()
    return outcome


def verdict(outcome: Outcome, finding_id: str) -> tuple[str, str]:
    (found,) = (finding for finding in outcome.findings if finding.id == finding_id)
    return found.verdict, found.message


def wish(finding_id: str = SOFT, **more: Any) -> Wish:
    return Wish(finding_id, "explained", "已补交说明", "张某某")._replace(**more)


def test_a_waiver_is_laid_over_what_the_store_keeps_as_found(inputs: Path, store: Path) -> None:
    assert verdict(read(inputs, store), SOFT)[0] == "fail"
    assert waive_finding(store, wish(), NOW)[0].startswith(
        f"√ 已豁免 {SOFT}：张某某 于 2022-06-01 豁免，已书面说明：已补交说明"
    )
    assert verdict(read(inputs, store), SOFT)[0] == "waived"
    assert verdict(read(inputs, store, today=None), SOFT)[0] == "fail"
    assert "［生效］" in list_waivers(store, TODAY)[0]


def test_a_changed_figure_reopens_it(inputs: Path, store: Path) -> None:
    waive_finding(store, wish(HARD, hard_confirmed=True), NOW)
    assert verdict(read(inputs, store), HARD)[0] == "waived"
    source = inputs / "报告.txt"
    before, _, after = source.read_text(encoding="utf-8").rpartition("\t88")
    source.write_text(f"{before}\t87{after}", encoding="utf-8")
    found, message = verdict(read(inputs, store), HARD)
    assert found == "fail"
    assert message.endswith("（证据已变，豁免失效）")
    assert "［证据已变，豁免失效］" in list_waivers(store, TODAY)[0]


def test_it_ends_on_its_date_and_can_be_reopened(inputs: Path, store: Path) -> None:
    waive_finding(store, wish(until="2022-06-30"), NOW)
    assert verdict(read(inputs, store, date(2022, 6, 30)), SOFT)[0] == "waived"
    assert verdict(read(inputs, store, date(2022, 7, 1)), SOFT)[0] == "fail"
    assert "［豁免已于 2022-06-30 到期］" in list_waivers(store, date(2022, 7, 1))[0]
    reopen_finding(store, wish(reason="材料不全"), NOW)
    assert verdict(read(inputs, store), SOFT)[0] == "fail"
    lines = list_waivers(store, TODAY)
    assert "［已重开］" in lines[0]
    assert "［重开］ 张某某 于 2022-06-01 重开：材料不全" in lines[1]
    with pytest.raises(UsageError, match="没有生效的豁免"):
        reopen_finding(store, wish(), NOW)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (wish(HARD), "只能由指定复核人豁免"),
        (wish(by=" "), "由谁决定"),
        (wish(reason=""), "由谁决定"),
        (wish(reason_code="whim"), "没有理由代码 whim；可用：rounding（尾差）"),
        (wish(until="2022-05-31"), "已经过去"),
        (wish(until="明年"), "日期须如 2022-12-31"),
        (wish("102090-2021-A1"), "不需要豁免"),
        (wish("102090-2021-Z1"), "没有编号为 102090-2021-Z1 的问题"),
    ],
)
def test_what_cannot_be_waived_is_refused_and_leaves_nothing(store: Path, asked: Wish, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        waive_finding(store, asked, NOW)
    assert list_waivers(store, TODAY) == ["没有豁免记录。"]


def test_a_missing_store_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有找到数据库"):
        waive_finding(tmp_path / "no.db", wish(), NOW)
    assert not (tmp_path / "no.db").exists()


def test_every_output_counts_and_lists_it(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    request = Request((inputs,), out, today=TODAY)
    run_district(request, csv=False, say=None)
    waive_finding(out / "gouji.db", wish(), NOW)
    result = run_district(request, csv=False, say=None)
    assert any(line.startswith("已豁免 1 项") for line in result.lines)
    record = json.loads((out / "运行记录.json").read_text(encoding="utf-8"))
    assert (record["verdicts"]["waived"], record["waived"]) == (1, [SOFT])
    for name in ("汇总表.xlsx", "审核问题.xlsx"):
        notes = openpyxl.load_workbook(out / name)["口径说明"]
        texts = [tuple(str(cell.value) for cell in row) for row in notes.iter_rows()]
        assert any("已豁免" in row and row[2].startswith("1 项") for row in texts), name
        assert any(row[1].endswith(SOFT) and "已豁免：张某某 于 2022-06-01 豁免" in row[2] for row in texts), name
    ledger = openpyxl.load_workbook(out / "审核问题.xlsx")["审核问题"]
    rows = [[str(cell.value) for cell in row] for row in ledger.iter_rows()]
    assert [row for row in rows if SOFT in row and "已豁免" in row]


def test_the_command_waives_lists_and_reopens(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def waive(*arguments: str) -> str:
        assert cli.main(["waive", *arguments, "--store", str(store)], standalone_mode=False) == 0
        return capsys.readouterr().out

    given = ("--by", "张某某", "--reason", "已核对")
    with pytest.raises(UsageError, match="--hard-confirm"):
        waive(HARD, *given)
    assert "√ 已豁免" in waive(HARD, *given, "--hard-confirm", "--reason-code", "ledger")
    assert "［生效］" in waive("--list")
    assert "√ 已重开" in waive(HARD, "--reopen", *given)
    assert "生效的豁免 0 项" in waive("--list")
