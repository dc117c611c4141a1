"""Compare what gouji read with the truth that the fixture builder wrote. Differences come back as readable lines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gouji.model.quantity import Quantity
from gouji.model.report import Fact, Report
from gouji.text.labels import normalise_label

if TYPE_CHECKING:
    from gouji.model.finding import Finding

CHECKED_RULES = frozenset("A1 A2 A3 A4 A5 A6 A7 A8 A10a A10b A11 X1 X2 X3 X4 X5 S2 S4 G1 G3 C1 C6".split())


def value_text(value: object) -> str | None:
    """A value as the truth writes it."""
    if isinstance(value, Quantity):
        value = value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if value is not None else None


def unit_text(fact: Fact) -> str | None:
    """The unit as the truth writes it."""
    return fact.quantity.unit.name if fact.quantity is not None and fact.quantity.unit is not None else None


def differences(report: Report, truth: dict[str, Any]) -> list[str]:
    """Everything in which a report differs from its truth."""
    lines = [
        f"{key}: {getattr(report, key)!r} instead of {truth[key]!r}"
        for key in ("form", "unit_name", "budget_code", "fiscal_year", "report_date")
        if key in truth and getattr(report, key) != truth[key]
    ]
    lines += _fact_differences(report, truth)
    lines += _prose_differences(report, truth)
    lines += _indicator_differences(report, truth)
    lines += _list_differences(
        "goal",
        [(g.kind, g.target, g.result) for g in report.goals],
        [(g["kind"], g["target"], g["result"]) for g in truth.get("goals", [])],
    )
    lines += _list_differences(
        "section",
        [(s.number, s.title) for s in report.sections],
        [(s["number"], s["title"]) for s in truth.get("sections", [])],
    )
    lines += _list_differences(
        "person",
        sorted({(p.role, p.name) for p in report.people}),
        sorted({(p["role"], normalise_label(p["name"])) for p in truth.get("people", [])}),
    )
    if "unclaimed" in truth:
        lines += _list_differences("unclaimed", sorted(u.raw for u in report.unclaimed), sorted(truth["unclaimed"]))
    return lines


def _list_differences(name: str, got: list[Any], wanted: list[Any]) -> list[str]:
    missing = [item for item in wanted if item not in got]
    extra = [item for item in got if item not in wanted]
    return [f"{name} lacks {item!r}" for item in missing] + [f"{name} too many {item!r}" for item in extra]


def _key(fact: Fact, *, staged: bool) -> tuple[str, str, str]:
    return fact.concept, normalise_label(fact.entity or ""), fact.stage if staged else ""


def _fact_differences(report: Report, truth: dict[str, Any]) -> list[str]:
    staged = any("stage" in entry for entry in truth["facts"])
    got = {
        _key(fact, staged=staged): fact
        for fact in reversed(report.facts)
        if fact.origin == "table" and fact.state != "missing" and not fact.concept.startswith("overview.")
    }
    lines: list[str] = []
    wanted: set[tuple[str, str, str]] = set()
    for entry in truth["facts"]:
        if entry["concept"].startswith("overview.") or entry["state"] == "missing":
            continue
        key = (entry["concept"], normalise_label(entry["entity"] or ""), entry.get("stage", "") if staged else "")
        wanted.add(key)
        fact = got.get(key)
        if fact is None:
            lines.append(f"fact lacks {key} = {entry['raw']!r}")
            continue
        seen = (fact.state, value_text(fact.value), fact.raw)
        meant = (entry["state"], entry["value"], entry["raw"])
        if seen != meant:
            lines.append(f"fact {key}: {seen} instead of {meant}")
        elif (
            entry.get("unit") and fact.state in ("value", "zero") and fact.quantity and unit_text(fact) != entry["unit"]
        ):
            lines.append(f"fact {key}: unit {unit_text(fact)} instead of {entry['unit']}")
    lines += [f"fact too many {key} = {got[key].raw!r} ({got[key].state})" for key in got if key not in wanted]
    return lines


def _prose_differences(report: Report, truth: dict[str, Any]) -> list[str]:
    got = [(f.concept, value_text(f.value)) for f in report.facts if f.origin == "prose" and f.state != "none"]
    wanted = [(e["concept"], e["value"]) for e in truth.get("prose_facts", [])]
    return _list_differences("prose", sorted(set(got)), sorted(set(wanted)))


def _indicator_differences(report: Report, truth: dict[str, Any]) -> list[str]:
    got = [
        (
            i.level1,
            i.level2,
            i.level3,
            value_text(i.level1_weight),
            value_text(i.level2_weight),
            value_text(i.weight),
            i.weight_shared_by,
            value_text(i.score),
            i.cells["reason"].state if "reason" in i.cells else "missing",
        )
        for i in report.indicators
    ]
    wanted = [
        (
            e["level1"],
            e["level2"],
            e["level3"],
            e["level1_weight"],
            e["level2_weight"],
            e["weight"],
            e["weight_shared_by"],
            e["score"],
            e["reason_state"],
        )
        for e in truth.get("indicators", [])
    ]
    return _list_differences("indicator", got, wanted)


def finding_differences(findings: tuple[Finding, ...], truths: list[dict[str, Any]]) -> list[str]:
    """Fail and review verdicts of the checked rules: none too many, none missing, each difference exact."""
    wanted = [(e["rule"], e["verdict"], e.get("difference")) for truth in truths for e in truth.get("findings", [])]
    got = [
        (rule_of(finding), finding.verdict, format(finding.difference, "f") if finding.difference is not None else None)
        for finding in findings
        if finding.verdict in ("fail", "review") and rule_of(finding) in CHECKED_RULES
    ]
    left = list(got)
    lines: list[str] = []
    for entry in wanted:
        match = next((item for item in left if _same_finding(item, entry)), None)
        if match is None:
            lines.append(f"finding lacks {entry}")
        else:
            left.remove(match)
    return lines + [f"finding too many {item}" for item in left]


def rule_of(finding: Finding) -> str:
    """The catalogue id of a rule; variants carry a suffix."""
    return finding.rule.split("-", maxsplit=1)[0]


def _same_finding(got: tuple[str, str, str | None], wanted: tuple[str, str, str | None]) -> bool:
    if got[:2] != (wanted[0].split("-", maxsplit=1)[0], wanted[1]):
        return False
    if wanted[2] is None:
        return True
    return got[2] is not None and Decimal(got[2]) == Decimal(wanted[2])
