"""C4: who signed and when, on the copy that was sealed. A Word file has no seal, and nothing is missed there.

盖章.pdf   no report date, no names of those who evaluated or filled in → a note for the bureau

The bureau's own opinion block is empty when a department submits, and never judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case


def check_signatures(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    sealed = case.source.lower().endswith(tuple(f".{suffix}" for suffix in rule.options.get("sealed", ())))
    if not sealed or case.report.kind != "overall":
        yield NOT_APPLICABLE
        return
    missing = [] if case.report.report_date else ["报告日期"]
    if not any(person.name.strip() for person in case.report.people):
        missing.append("填报人、负责人或评价人员的姓名")
    yield (
        Judgement("review", "signatures.review", {"项": "、".join(missing)})
        if missing
        else Judgement("pass", "signatures.pass")
    )
