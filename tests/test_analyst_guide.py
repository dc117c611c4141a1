"""The analyst's guide: its code runs from top to bottom on a small district, and says what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from gouji.store import Store, StoreKey
from outcomes import build_district

GUIDE = Path(__file__).parents[1] / "docs" / "analyst.md"
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_guide_runs_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("Agg")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    district = build_district()
    with Store.open(tmp_path / "out" / "gouji.db") as store:
        run = store.begin_run("1", "o")
        for outcome in district:
            store.save(StoreKey(outcome.source.sha256, "1", "o"), outcome, run, outcome.source.path)
        store.finish_run(run)
    names: dict[str, Any] = {}
    for block in BLOCKS:
        exec(block, names)  # noqa: S102 - our own guide
    assert len(names["wide"]) == sum(len(outcome.reports) for outcome in district)
    assert len(names["found"]) == sum(len(outcome.findings) for outcome in district)
    assert (tmp_path / "支出结构.png").stat().st_size > 5000
    assert names["states"].loc["income.total", "value"] > 0
    assert not names["by_rule"].empty
    assert set(names["reasons"]["silent"] <= names["reasons"]["units"]) == {True}
