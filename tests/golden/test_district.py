"""Every document of the fixture district and every case against the truth its builder wrote."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from golden.truth import CHECKED_RULES, differences, finding_differences
from gouji.patterns import load_patterns
from gouji.pipeline.document import Engine, Examined, examine

FIXTURES = Path(__file__).parents[2] / "fixtures"
DISTRICT = sorted((FIXTURES / "expected").glob("*.json"))
CASES = sorted(path for case in (FIXTURES / "cases").iterdir() for path in case.glob("input.*"))
ENGINE = Engine(load_patterns())


@lru_cache(maxsize=64)
def examined(path: Path) -> Examined:
    return examine(path.read_bytes(), path.name, path.name, ENGINE)


def truths_of(path: Path) -> list[dict[str, Any]]:
    """One truth a report; a case may hold several."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    reports: list[dict[str, Any]] = truth.get("reports", [truth])
    return reports


def check(path: Path, truths: list[dict[str, Any]]) -> None:
    outcome = examined(path).outcome
    assert outcome.failure is None, outcome.failure
    assert len(outcome.reports) == len(truths)
    lines = [line for report, truth in zip(outcome.reports, truths, strict=True) for line in differences(report, truth)]
    assert not lines, "\n".join(lines)


def check_findings(path: Path, truths: list[dict[str, Any]]) -> None:
    lines = finding_differences(examined(path).outcome.findings, truths)
    assert not lines, "\n".join(lines)


BARE = {"达标", "完成", "已完成", "均完成", "部分完成"}


def goals_without_a_value(truth: dict[str, Any]) -> list[str]:
    """Goals with a number that a bare word answers, and counted goals without a number: read from the truth alone."""
    told = [g for g in truth.get("goals", []) if g["kind"] != "预期目标" and "不涉及" not in g["target"] + g["result"]]
    bodies = [(g, re.sub(r"指标\d：", "", g["target"])) for g in told]
    return [
        body
        for goal, body in bodies
        if (re.search(r"\d", body) and goal["result"] in BARE)
        or (goal["kind"] == "数量指标" and not re.search(r"\d", body))
    ]


@pytest.mark.parametrize("expected", DISTRICT, ids=lambda path: path.stem)
def test_goals_without_a_measured_value(expected: Path) -> None:
    (truth,) = truths_of(expected)
    found = [f for f in examined(FIXTURES / "district" / truth["file"]).outcome.findings if f.rule == "C5"]
    assert [f.verdict for f in found] == ["review" if goals_without_a_value(truth) else "pass"]


def test_the_district_is_there() -> None:
    assert len(DISTRICT) >= 24
    assert CHECKED_RULES


@pytest.mark.parametrize("expected", DISTRICT, ids=lambda path: path.stem)
def test_figures_of_the_district(expected: Path) -> None:
    truths = truths_of(expected)
    check(FIXTURES / "district" / truths[0]["file"], truths)


@pytest.mark.parametrize("expected", DISTRICT, ids=lambda path: path.stem)
def test_findings_of_the_district(expected: Path) -> None:
    truths = truths_of(expected)
    check_findings(FIXTURES / "district" / truths[0]["file"], truths)


@pytest.mark.parametrize("document", CASES, ids=lambda path: f"{path.parent.name}-{path.suffix[1:]}")
def test_cases(document: Path) -> None:
    expected = json.loads((document.parent / "expected.json").read_text(encoding="utf-8"))
    outcome = examined(document).outcome
    if expected.get("error"):
        assert outcome.failure is not None
        assert outcome.failure.code == expected["error"]
        return
    check(document, expected.get("reports", [expected]))
    check_findings(document, expected.get("reports", [expected]))
