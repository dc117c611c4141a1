"""Outcome ⇄ blob, and Outcome → relational rows.

    Outcome ─encode_outcome→ zlib(msgpack) ─decode_outcome→ Outcome
            ─flatten_outcome→ Rows(reports, facts, indicators, findings, evidence): tuples in column order of schema.py

The rows are for people with an SQLite tool and for pandas; the blob is what gouji itself reads back.
"""

from __future__ import annotations

import zlib
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.model.quantity import Quantity
from gouji.model.result import Outcome

if TYPE_CHECKING:
    from gouji.model.finding import Evidence, Finding
    from gouji.model.report import Fact, Indicator, Report

Row = tuple[str | int | bytes | None, ...]
_TEN_THOUSAND = Decimal(10_000)
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Outcome)
_JSON = msgspec.json.Encoder()


def encode_outcome(outcome: Outcome) -> bytes:
    """A compact blob: a report is mostly repeated field names, so the fastest compression already takes nine tenths."""
    return zlib.compress(_ENCODER.encode(outcome), 1)


def decode_outcome(blob: bytes) -> Outcome | None:
    """The outcome of a blob; None where it was written by a model that has changed since."""
    try:
        return _DECODER.decode(zlib.decompress(blob))
    except (zlib.error, msgspec.DecodeError):
        return None


class Identity:
    """The next free integer key of each child table; the store sets it up inside its write transaction."""

    def __init__(self, report: int, finding: int) -> None:
        self.report = report
        self.finding = finding


class Rows:
    """Rows of several outcomes, ready for one executemany a table."""

    def __init__(self) -> None:
        self.reports: list[Row] = []
        self.facts: list[Row] = []
        self.indicators: list[Row] = []
        self.findings: list[Row] = []
        self.evidence: list[Row] = []

    def add(self, submission: int, outcome: Outcome, identity: Identity) -> None:
        """Append the rows of one outcome and move `identity` on."""
        for ordinal, report in enumerate(outcome.reports):
            self._add_report(identity.report, submission, ordinal, report)
            identity.report += 1
        self.add_findings(submission, outcome.findings, identity)

    def add_findings(
        self, submission: int, findings: tuple[Finding, ...], identity: Identity, run: int | None = None
    ) -> None:
        """Append the rows of findings: of a submission by itself, or in one run beside the other reports."""
        for ordinal, finding in enumerate(findings):
            self.findings.append(_finding_row(identity.finding, submission, run, ordinal, finding))
            self.evidence.extend(_evidence_row(identity.finding, n, piece) for n, piece in enumerate(finding.evidence))
            identity.finding += 1

    def _add_report(self, key: int, submission: int, ordinal: int, report: Report) -> None:
        self.reports.append(
            (
                key,
                submission,
                ordinal,
                report.form,
                report.unit_name,
                report.budget_code,
                report.fiscal_year,
                report.report_date,
            )
        )
        facts: list[tuple[str | None, Fact]] = [(None, fact) for fact in report.facts]
        facts += [(project.name, fact) for project in report.projects for fact in project.facts]
        self.facts.extend(_fact_row(key, n, project, fact) for n, (project, fact) in enumerate(facts))
        self.indicators.extend(_indicator_row(key, n, row) for n, row in enumerate(report.indicators))


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def _number(quantity: Quantity | None) -> str | None:
    return None if quantity is None else _plain(quantity.value)


def to_ten_thousand(quantity: Quantity | None) -> str | None:
    """An amount of money in 万元, exactly, digits as printed where it is in 万元 already; None for anything else."""
    if quantity is None or quantity.unit is None or quantity.unit.kind != "money":
        return None
    if quantity.unit.factor == _TEN_THOUSAND:
        return _plain(quantity.value)
    return _plain(quantity.base_value.scaleb(-4))


def _fact_row(report: int, ordinal: int, project: str | None, fact: Fact) -> Row:
    quantity = fact.quantity
    text = fact.value if isinstance(fact.value, str) else None
    return (
        report,
        ordinal,
        project,
        fact.concept,
        fact.label,
        " / ".join(fact.header_path),
        fact.entity,
        int(fact.main),
        fact.period,
        fact.stage,
        fact.scope,
        fact.state,
        text if quantity is None else _plain(quantity.value),
        quantity.unit.name if quantity and quantity.unit else None,
        quantity.decimals if quantity else None,
        _plain(quantity.low) if quantity else None,
        _plain(quantity.high) if quantity else None,
        to_ten_thousand(quantity),
        fact.raw,
        fact.origin,
        fact.place,
        fact.where,
        fact.unit_where,
        fact.box.page if fact.box else None,
        fact.pattern,
    )


def _indicator_row(report: int, ordinal: int, row: Indicator) -> Row:
    score = row.cells.get("score")
    return (
        report,
        ordinal,
        row.kind,
        row.level1,
        row.level2,
        row.level3,
        row.criterion,
        _number(row.weight),
        row.weight_shared_by,
        _number(row.score),
        score.state if score else None,
        row.reason,
        row.place,
        row.where,
    )


def _finding_row(key: int, submission: int, run: int | None, ordinal: int, finding: Finding) -> Row:
    basis = finding.basis
    return (
        key,
        submission,
        run,
        ordinal,
        finding.id,
        finding.rule,
        finding.rule_version,
        finding.title,
        finding.verdict,
        finding.severity,
        finding.audience,
        int(finding.waivable),
        finding.unit_name,
        finding.fiscal_year,
        finding.entity,
        finding.expression,
        _plain(finding.difference),
        _plain(finding.tolerance),
        finding.message,
        _JSON.encode(finding.causes).decode(),
        _JSON.encode(finding.affects).decode(),
        " ".join(filter(None, (basis.document, basis.clause))) if basis else None,
        int(basis.verified) if basis else None,
    )


def _evidence_row(finding: int, ordinal: int, piece: Evidence) -> Row:
    return (
        finding,
        ordinal,
        piece.report,
        piece.where,
        piece.place,
        piece.concept,
        piece.raw,
        piece.value,
        piece.relation,
    )
