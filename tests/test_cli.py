"""The public commands on real files: JSON, exit codes, one Chinese line for every bad file."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[1]
TWIN = ROOT / "fixtures" / "cases" / "twin" / "input.txt"
TWIN_DOCX = ROOT / "fixtures" / "cases" / "twin_docx" / "input.docx"
TRACKED = ROOT / "fixtures" / "cases" / "tracked" / "input.docx"
SCHEMAS = Path(__file__).parent / "schema"


def gouji(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gouji", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


def records(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def test_extract_gives_the_published_json() -> None:
    result = gouji("extract", "--json", TWIN, TWIN_DOCX)
    assert result.returncode == 0
    found = records(result)
    assert [record["source"]["format"] for record in found] == ["txt", "docx"]
    for record in found:
        jsonschema.validate(record, schema("extract"))
    text, word = (record["reports"][0] for record in found)
    figures = [
        {
            fact["concept"]: (fact["state"], fact["value"], fact["unit"])
            for fact in report["facts"]
            if fact["origin"] == "table"
        }
        for report in (text, word)
    ]
    assert figures[0] == figures[1]
    assert [fact["where"] for fact in text["facts"] if fact["concept"] == "performance.score"] == ["t1r41c2"]
    assert text["unclaimed"] == [{"raw": "100", "where": "t3r28c2", "context": "总分"}]


def test_check_gives_the_published_json() -> None:
    result = gouji("check", "--json", TWIN)
    (record,) = records(result)
    jsonschema.validate(record, schema("check"))
    found = {finding["rule"]: finding for finding in record["findings"]}
    assert (found["A8"]["verdict"], found["A8"]["difference"]) == ("fail", "1")
    assert {"t1r41c2", "t3r28c6"} <= {piece["where"] for piece in found["A8"]["evidence"]}
    assert found["G1"]["verdict"] == "fail"
    assert record["verdicts"]["pass"] > 0
    everything = records(gouji("check", "--json", "--all", TWIN))[0]
    assert len(everything["findings"]) == sum(everything["verdicts"].values())


def test_exit_codes(tmp_path: Path) -> None:
    assert gouji("check", TRACKED).returncode == 0
    assert gouji("check", TRACKED, "--fail-on", "hard").returncode == 1
    assert gouji("check", TRACKED, "--fail-on", "hard", "--exit-zero").returncode == 0
    assert gouji("check", TRACKED, "--no-such-option").returncode == 2
    assert gouji("nonsense").returncode == 2
    assert gouji("check", tmp_path).returncode == 4
    assert gouji("check", tmp_path / "missing.docx").returncode == 4
    (tmp_path / "空.docx").write_bytes(b"")
    assert gouji("check", tmp_path).returncode == 3
    (tmp_path / "空.docx").write_text("今天的会议改到下午。", encoding="utf-8")
    assert gouji("check", tmp_path).returncode == 0  # readable, but no such report


def test_a_broken_pattern_folder_is_refused_with_every_error(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    for source in (ROOT / "patterns").rglob("*.yml"):
        target = folder / source.relative_to(ROOT / "patterns")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    with (folder / "units.yml").open("a", encoding="utf-8") as stream:
        stream.write('money:\n  贯: "1"\n')
    concepts = folder / "concepts.yml"
    concepts.write_text(
        concepts.read_text(encoding="utf-8").replace("kind: money", "kind: monney", 1), encoding="utf-8"
    )
    result = gouji("patterns", "check", folder)
    assert result.returncode == 2
    lines = result.stderr.splitlines()
    assert any(line.strip().startswith("units.yml:") and "写了两次" in line for line in lines)
    assert any(line.strip().startswith("concepts.yml:") and "monney" in line for line in lines)


def bad_files(folder: Path) -> dict[str, str]:
    """File name → the error code it must get."""
    good = TWIN_DOCX.read_bytes()
    (folder / "空文件.docx").write_bytes(b"")
    (folder / "截断.docx").write_bytes(good[: len(good) // 2])
    (folder / "文件.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (folder / "图片.docx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with zipfile.ZipFile(folder / "带实体.docx", "w") as archive, zipfile.ZipFile(TWIN_DOCX) as source:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(b"?>", b'?><!DOCTYPE w [<!ENTITY a "b">]>', 1)
            archive.writestr(name, data)
    with (
        zipfile.ZipFile(folder / "炸弹.docx", "w", zipfile.ZIP_DEFLATED) as archive,
        zipfile.ZipFile(TWIN_DOCX) as source,
    ):
        for name in source.namelist():
            data = source.read(name)
            archive.writestr(name, data + b" " * (400 << 20) if name == "word/document.xml" else data)
    (folder / "秘密.txt").write_text("秘密★1年\n\n某局2021年度整体支出绩效自评报告\n", encoding="utf-8")
    (folder / "通知.txt").write_text("关于召开会议的通知\n\n请准时参加。\n", encoding="utf-8")
    (folder / "~$报告.docx").write_bytes(b"lock")
    return {
        "空文件.docx": "empty",
        "截断.docx": "corrupt",
        "文件.doc": "corrupt|unsupported",
        "图片.docx": "no_text_layer",
        "带实体.docx": "corrupt",
        "炸弹.docx": "too_large",
        "秘密.txt": "classified",
        "通知.txt": "not_identified",
    }


def test_bad_files_get_one_line_each_and_harm_no_other(tmp_path: Path) -> None:
    expected = bad_files(tmp_path)
    (tmp_path / "好的.docx").write_bytes(TWIN_DOCX.read_bytes())
    result = gouji("extract", "--json", tmp_path)
    assert result.returncode == 3
    found = {record["source"]["name"]: record for record in records(result)}
    assert set(found) == {*expected, "好的.docx"}
    assert found["好的.docx"]["error"] is None
    for name, code in expected.items():
        error = found[name]["error"]
        assert error is not None, name
        assert error["code"] in code.split("|"), (name, error)
        assert "\n" not in error["message"]
        jsonschema.validate(found[name], schema("extract"))
    assert not found["秘密.txt"]["reports"]


def test_explain_traces_a_cell_from_its_header_to_its_findings() -> None:
    result = gouji("explain", TWIN, "t3r28c6")
    assert result.returncode == 0
    assert "scoring.score_total" in result.stdout
    assert "A8" in result.stdout
    whole = gouji("explain", TWIN).stdout
    assert "表式 yueyang-overall" in whole
    assert "未取用的数：100" in whole
    assert "[validate]" in whole


@pytest.mark.parametrize("command", [("rules", "show"), ("rules", "show", "A3"), ("patterns", "check"), ("doctor",)])
def test_the_other_commands_speak(command: tuple[str, ...]) -> None:
    result = gouji(*command)
    assert result.returncode == 0
    assert result.stdout.strip()


def test_an_unknown_rule_is_a_usage_error() -> None:
    result = gouji("rules", "show", "Z99")
    assert result.returncode == 2
    assert "gouji rules show" in result.stderr
