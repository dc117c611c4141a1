"""The rules over the truth of every fixture, whatever its form: exactly what the truth declares, and nothing else.

A document that no reader knows yet is judged here all the same; what its reading does is tested elsewhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from golden.reports import report_of_truth
from golden.truth import finding_differences
from gouji.patterns import load_patterns
from gouji.validate import validate_report

FIXTURES = Path(__file__).parents[2] / "fixtures"
RULES = load_patterns().rules
# A truth tells neither which cell two units share nor which column a moment heads: layouts of one's own are judged as read.
TRUTHS = sorted(p for p in (FIXTURES / "families").rglob("*.expected.json") if p.parent.name != "unplanned")
# What speaks of texts that a truth does not hold (titles, criteria, section texts) or that its builder had no eye for.
OF_TEXTS = {"X3", "X4", "X5", "C1", "C6"}


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_findings_of_the_families(path: Path) -> None:
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    findings, _ = validate_report(report_of_truth(truth), RULES)
    told = tuple(finding for finding in findings if finding.rule.partition("-")[0] not in OF_TEXTS)
    assert finding_differences(told, [truth]) == []


def test_every_family_is_there() -> None:
    assert {path.parent.name for path in TRUTHS} >= {"national", "datatable", "narrative", "threepublic"}


def test_a_slip_in_a_truth_is_seen() -> None:
    """The comparison can fail: one figure of an honest truth is changed."""
    path = next(path for path in TRUTHS if path.name.startswith("沅岚市港航事务中心"))
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    total = next(e for e in truth["facts"] if e["concept"] == "three_public.total" and e["stage"] == "final")
    total["value"] = str(float(total["value"]) + 5)
    findings, _ = validate_report(report_of_truth(truth), RULES)
    assert any("A5" in line for line in finding_differences(findings, [truth]))
