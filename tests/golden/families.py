"""Compare what gouji read of a document with the truth that its author wrote, fact by fact; see fixtures/build/families/NOTES.md.

A fact is its concept, year, stage, state, value and unit. The truth is complete: whatever else comes out as a level of a concept
that every version knows is wrong, unless the author left it unjudged.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from gouji.model.report import STANDARD_CONCEPTS, Fact, Report
from gouji.model.result import Outcome
from gouji.text.labels import normalise_label

FAMILIES = Path(__file__).parents[2] / "fixtures" / "families"
Key = tuple[str, int | None, str, str, str | None, str | None]
_DIGITS = re.compile(r"[^0-9.\-]")


class Judged(NamedTuple):
    """What a document's reading lacks, what it says wrongly, and how many facts the truth has."""

    lacking: list[str]
    wrong: list[str]
    facts: int


def truths(family: str) -> list[Path]:
    """The truth files of a family."""
    return sorted((FAMILIES / family).glob("*.expected.json"))


def judge(outcome: Outcome, truth: dict[str, Any]) -> Judged:
    """Facts of the report, of its sentences and of its projects, and its indicators."""
    reports = outcome.reports
    loose = _loose_figures(truth)
    tables = [fact for report in reports for fact in report.facts if _is_told(fact) and fact.origin == "table"]
    prose = [fact for report in reports for fact in report.facts if _is_told(fact) and fact.origin == "prose"]
    projects = [fact for report in reports for project in report.projects for fact in project.facts if _is_told(fact)]
    wanted = _keys_of_truth(truth["facts"])
    wanted_of_projects = _keys_of_truth([fact for one in truth["projects"] for fact in one.get("facts", [])])
    if not wanted and len(truth["projects"]) == 1:  # the report of one project: its facts stand in both places
        wanted, projects = wanted_of_projects, []
    elif not wanted_of_projects:
        projects = []
    judged = [
        _compare("table", tables, wanted, loose),
        _compare("sentence", prose, _keys_of_truth(truth["prose_facts"]), loose),
        _compare("project", projects, wanted_of_projects if projects else Counter(), loose),
    ]
    lacking = [line for one in judged for line in one.lacking] + _indicator_differences(reports, truth)
    return Judged(lacking, [line for one in judged for line in one.wrong], sum(one.facts for one in judged))


def _is_told(fact: Fact) -> bool:
    return fact.state != "missing"


def _compare(kind: str, facts: list[Fact], wanted: Counter[Key], loose: set[str | None]) -> Judged:
    got = Counter(_key_of_fact(fact) for fact in facts)
    extra = [key for key in got if key not in wanted and not _is_allowed(key, wanted, loose)]
    lacking = [f"{kind} lacks {key}" for key in (wanted - got).elements() if key not in got]
    return Judged(lacking, [f"{kind} says {key}" for key in extra], sum(wanted.values()))


def _is_allowed(key: Key, wanted: Counter[Key], loose: set[str | None]) -> bool:
    """Left unjudged by the author, an empty cell of a label the author left out, or 在职人数 beside the same 实有人数."""
    concept, *rest = key
    actual = ("staffing.actual" if concept == "staffing.in_service" else "staffing.in_service", *rest)
    same = concept.startswith("staffing.") and actual in wanted
    return concept not in STANDARD_CONCEPTS or key[4] in loose or key[3] in ("blank", "none", "unreadable") or same


def _key_of_fact(fact: Fact) -> Key:
    told = fact.state in ("value", "zero")
    unit = fact.unit if told else None
    return fact.concept, fact.period, fact.stage, fact.state, _number(fact.value) if told else None, unit


def _keys_of_truth(entries: list[dict[str, Any]]) -> Counter[Key]:
    keys: Counter[Key] = Counter()
    for entry in entries:
        state = entry.get("state") or "value"
        told = state in ("value", "zero")
        value, unit = (_number(entry["value"]), entry.get("unit")) if told else (None, None)
        keys[entry["concept"], entry.get("period"), entry.get("stage") or "final", state, value, unit] += 1
    return keys


def _loose_figures(truth: dict[str, Any]) -> set[str | None]:
    raws = [entry["raw"] for entry in truth["unjudged"]]
    return {_number(_DIGITS.sub("", normalise_label(raw).replace(",", ""))) for raw in raws}


def _number(value: object) -> str | None:
    try:
        return None if value is None else format(Decimal(str(value)), "f")
    except InvalidOperation:
        return str(value)


def _indicator_differences(reports: tuple[Report, ...], truth: dict[str, Any]) -> list[str]:
    got = Counter(
        (_label(i.level3 or i.level2), _number(i.weight and i.weight.value), _number(i.score and i.score.value))
        for report in reports
        for i in report.indicators
    )
    wanted = Counter(
        (_label(i["level3"] or i["level2"]), _number(i["weight"]), _number(i["score"]))
        for i in truth["indicators"]
        if not i.get("project")
    )
    lines = [f"indicator lacks {key}" for key in (wanted - got).elements()]
    return lines + [f"indicator too many {key}" for key in (got - wanted).elements()]


def _label(text: str | None) -> str:
    return normalise_label(text or "")


def load_truth(path: Path) -> dict[str, Any]:
    """One truth file."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
