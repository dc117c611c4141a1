"""CSV files, the run record and the small file writer."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from gouji.export.atomic import write_atomically
from gouji.export.flat import make_harmless, write_csv
from gouji.export.notes import Provenance
from gouji.export.runlog import write_run_record
from gouji.model.errors import UsageError
from outcomes import build_district, failed, finding, report, wrap


def read_lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_keeps_every_state_and_every_digit(tmp_path: Path) -> None:
    figures = {"income.total": "1,278.90", "income.other": "", "balance.current": "-6.90", "assets.total": "603.O3"}
    made = wrap(
        report("085001", "=某局", figures), findings=(finding("085001", "A1"), finding("085001", "A2", verdict="pass"))
    )
    written = write_csv(tmp_path, [made])
    assert [w.path.name for w in written] == ["数据项.csv", "审核问题.csv", "指标得分.csv"]
    assert written[0].path.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = read_lines(tmp_path / "数据项.csv")
    assert [(line["数值"], line["状态"], line["原文"]) for line in lines] == [
        ("1278.90", "value", "1,278.90"), ("", "blank", ""), ("-6.90", "value", "-6.90"), ("", "unreadable", "603.O3"),
    ]  # fmt: skip
    assert {line["预算编码"] for line in lines} == {"085001"}
    assert {line["单位"] for line in lines} == {"'=某局"}
    assert [line["规则"] for line in read_lines(tmp_path / "审核问题.csv")] == ["A1"]


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    write_csv(tmp_path, build_district())
    for path in tmp_path.iterdir():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.reader(file):
                for text in line:
                    assert not text.startswith(("=", "@", "\t", "\r")), text
                    assert not (text[:1] in ("+", "-") and not text[1:].replace(".", "").isdigit()), text


@pytest.mark.parametrize(
    ("text", "harmless"),
    [("=1", "'=1"), ("\t=1", "'=1"), ("-6.90", "-6.90"), ("-某局", "'-某局"), ("\x07某局", "某局"), ("\x07=1", "'=1")],
)
def test_risky_texts_are_marked(text: str, harmless: str) -> None:
    assert make_harmless(text) == harmless


def test_indicator_lines_tell_blank_from_zero(tmp_path: Path) -> None:
    write_csv(tmp_path, build_district()[:1])
    lines = read_lines(tmp_path / "指标得分.csv")
    assert [(lines[n]["自评得分"], lines[n]["得分状态"]) for n in (3, 4)] == [("4", "value"), ("", "blank")]


def test_the_run_record_says_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "运行记录.json"
    write_run_record(path, build_district(), Provenance("0.1.0", "默认", "1", {"临时文件": 2}), options="abc")
    text = path.read_text(encoding="utf-8")
    record: dict[str, Any] = json.loads(text)
    assert record["counts"] == {"files": 34, "reports": 31, "failed": 3, "skipped": {"临时文件": 2}}
    assert record["errors"] == {"classified": 1, "corrupt": 1, "not_identified": 1}
    assert record["verdicts"]["fail"] == 3
    assert record["started"] is None
    assert {"path", "sha256", "error"} <= set(record["files"][0])
    assert str(tmp_path) not in text


def test_a_small_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "新" / "a.json"
    assert write_atomically(path, b"1").path == path
    assert [p.name for p in path.parent.iterdir()] == ["a.json"]

    def refuse(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UsageError, match="请先关闭"):
        write_atomically(path, b"2")
    assert path.read_bytes() == b"1"


def test_a_folder_that_is_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(UsageError, match="输出文件夹"):
        write_atomically(tmp_path / "out" / "a.json", b"1")


def test_failures_leave_no_lines(tmp_path: Path) -> None:
    write_csv(tmp_path, [failed("坏.docx")])
    assert read_lines(tmp_path / "数据项.csv") == []
