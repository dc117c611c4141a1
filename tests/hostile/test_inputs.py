"""Files made to cost much cost little: one clear answer each, before the watch over workers has to end anything."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import psutil
from click.testing import CliRunner

from gouji.cli import cli
from hostile.bombs import BOMBS

PATIENCE = 20.0  # seconds of processor for all of them, on any machine


def test_bombs_are_defused(tmp_path: Path) -> None:
    for name, (_, make) in BOMBS.items():
        (tmp_path / name).write_bytes(make())
    before, start = psutil.Process().cpu_times(), time.perf_counter()
    done = CliRunner().invoke(cli, ["check", str(tmp_path), "--json", "--quiet", "--jobs", "1"], standalone_mode=False)
    after = psutil.Process().cpu_times()
    spent = sum(after[:4]) - sum(before[:4])
    assert spent < PATIENCE, time.perf_counter() - start
    assert done.exception is None, done.exc_info
    records = [json.loads(line) for line in done.stdout.splitlines()]
    errors = {record["source"]["name"]: record["error"] for record in records}
    assert {name: error["code"] for name, error in errors.items()} == {name: code for name, (code, _) in BOMBS.items()}
    for name, error in errors.items():
        assert "占用内存" not in error["message"], name
        assert re.search("[；。].*(请|再)", error["message"]), name
