"""The form as issued: the bureau's blank form, or what most submissions of one form share.

    --template 空白表样.docx ─read_blank_form→ BlankForm ─────────────┐
    outcomes ─see→ rows of each table ─group by likeness→ Template ──→ Context.template

Reports of one form may carry different tables (another year's, another region's): they are grouped by the names of their
rows first, and each group of five or more units has its own baseline.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.model.errors import UsageError
from gouji.pipeline.single import examine_file
from gouji.validate.clauses import clauses_of, narrated
from gouji.validate.context import FormRow, Template
from gouji.validate.form_rows import FEWEST, Rows, alike, levels_of_form, needed_of, rows_of_form, shared_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gouji.model.finding import Finding
    from gouji.model.report import Report
    from gouji.model.result import Outcome
    from gouji.validate.context import Context

ISSUED = "下发的表样"
_ALIKE = 0.8
_GROUPS = 64  # tables that several units share, per form and year; more are no forms

Names = frozenset[tuple[str, ...]]


class BlankForm(NamedTuple):
    """The bureau's blank form, and what was found on it."""

    template: Template
    findings: tuple[Finding, ...]


def read_blank_form(path: Path, folder: str | None = None, passwords: Sequence[str] = ()) -> BlankForm:
    """Read the bureau's blank form as any report; UsageError where it has no scoring table."""
    if not path.is_file():
        raise UsageError(f"没有找到表样文件：{path.name}。请检查 --template 后面的路径。")
    outcome = examine_file(path, folder=folder, passwords=passwords).outcome
    if outcome.failure is not None:
        raise UsageError(f"表样 {path.name} 没有读出：{outcome.failure.message}")
    tables = [report for report in outcome.reports if rows_of_form(report)]
    if not tables:
        raise UsageError(f"表样 {path.name} 中没有读到评分表。请确认是当年下发的空白表样。")
    report = tables[0]
    clauses = frozenset(clause.masked for clause in clauses_of(narrated(report), str))
    levels = levels_of_form(report)
    template = Template(ISSUED, rows_of_form(report), clauses, levels, given=True, fiscal_year=report.fiscal_year)
    return BlankForm(template, outcome.findings)


class Submission(NamedTuple):
    """What is kept of a report: whose it is, and its rows."""

    unit: str
    rows: Rows


class Baseline:
    """Adds the form that a report was filled on."""

    def __init__(self, issued: Template | None = None) -> None:
        self.issued = issued
        self._tables: dict[tuple[str | None, int | None], dict[str, Submission]] = {}
        self._known: dict[FormRow, FormRow] = {}
        self._templates: dict[tuple[str | None, int | None], list[tuple[Names, Template]]] = {}

    def see(self, outcome: Outcome) -> None:
        """Keep the scoring rows of the file's reports, equal rows once."""
        if self.issued is not None:
            return
        for report in outcome.reports:
            rows = rows_of_form(report) if report.kind == "overall" else {}
            if rows:
                unit = report.budget_code or report.unit_name or outcome.source.path
                kept = {path: self._known.setdefault(row, row) for path, row in rows.items()}
                self._tables.setdefault((report.form, report.fiscal_year), {})[unit] = Submission(unit, kept)

    def add_to(self, context: Context, outcome: Outcome, index: int) -> Context:
        """The blank form, else the form of the group that the report's table belongs to."""
        report = outcome.reports[index]
        template = self._template_of(report) if report.kind == "overall" and report.indicators else None
        return msgspec.structs.replace(context, template=template) if template is not None else context

    def _template_of(self, report: Report) -> Template | None:
        if self.issued is not None:
            years = {self.issued.fiscal_year, report.fiscal_year} - {None}
            return self.issued if len(years) <= 1 else None
        key = (report.form, report.fiscal_year)
        if key not in self._templates:
            self._templates[key] = templates_of(list(self._tables.get(key, {}).values()))
        names = frozenset(rows_of_form(report))
        likeness = [(alike(names, head), template) for head, template in self._templates[key]]
        best = max(likeness, key=lambda pair: pair[0], default=(0.0, None))
        return best[1] if best[0] >= _ALIKE else None


def templates_of(submissions: Sequence[Submission]) -> list[tuple[Names, Template]]:
    """The baseline of each group of tables with nearly the same rows, named by the rows most of them have."""
    signatures = [frozenset(submission.rows) for submission in submissions]
    heads = [names for names, count in Counter(signatures).most_common(_GROUPS) if count > 1]
    groups: dict[Names, list[Rows]] = {}
    for names, submission in zip(signatures, submissions, strict=True):
        head = next((head for head in [*groups, *heads] if alike(names, head) >= _ALIKE), None)
        if head is not None:
            groups.setdefault(head, []).append(submission.rows)
    return [(head, _shared(copies)) for head, copies in groups.items() if len(copies) >= FEWEST]


def _shared(copies: list[Rows]) -> Template:
    needed = needed_of(len(copies))
    return Template(f"多数报告（{len(copies)} 份中至少 {needed} 份相同）", shared_rows(copies))
