"""One file's findings as two lists for a terminal.

一、需由单位更正或说明    what goes to the department: a line each, in form order, notes last; no cause, no repair
二、工作底稿              everything the auditor needs: undecided, waived, for the bureau, basis, cells, causes and repairs
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from gouji.export.form_faults import Told, gather_form_faults, is_about_form
from gouji.export.ledger import describe_basis
from gouji.export.records import QUIET_VERDICTS, VERDICTS
from gouji.patterns import load_patterns
from gouji.pipeline.document import file_name
from gouji.pipeline.localisation import cause_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gouji.model.finding import Finding
    from gouji.model.result import Outcome
    from gouji.patterns.exports import Labels

_PLACE = re.compile(r"^(?P<kind>[a-z])(?P<number>\d+)(?:r(?P<row>\d+)c(?P<column>\d+))?")
_SEVERITIES = ("hard", "explain", "note")
_WORKING_ORDER = ("fail", "review", "undecided", "waived")
_ACCUSING = ("fail", "review")
_MAX_PLACES = 4
JOINED = "与 {names} 是同一单位同一年度分开报送的，已合为一份核对；跨文件的问题列在第一个所涉数字所在的文件下。"


def load_labels(folder: Path | None) -> Labels:
    """The words that a pattern folder uses for verdicts, severities and causes."""
    return load_patterns(folder).exports.labels


def list_findings(outcome: Outcome, labels: Labels, *, every: bool = False) -> str:
    """Both lists; `every` adds what passes and what does not apply to the working paper."""
    return "\n".join(_lines(outcome, labels, every=every))


def told_of_form(outcome: Outcome) -> list[Told]:
    """What one file's findings say of the form itself, for `list_form_faults`."""
    return [Told(f, f.unit_name or outcome.source.path) for f in outcome.findings if is_about_form(f)]


def list_form_faults(told: list[Told]) -> str:
    """What the form itself has wrong, once each; "" for nothing."""
    lines = [
        f"  [表样] {fault.rule} {fault.title}\n      {' '.join(fault.text.split())}（{len(fault.units)} 家：{fault.named}）"
        for fault in gather_form_faults(told, fewest=1)
    ]
    return (
        "\n".join(["■ 表样问题：如系下发的表样所有，请更新表样；只有一家的，请核对该单位是否改动", *lines])
        if lines
        else ""
    )


def department_list(outcome: Outcome) -> list[Finding]:
    """What the unit must correct or explain, in form order (tables, then sentences); what it may note comes last."""
    told = [f for f in outcome.findings if f.audience == "department" and f.verdict in _ACCUSING]
    return sorted(told, key=lambda finding: (finding.severity == "note", _form_order(finding)))


def working_paper(outcome: Outcome, *, every: bool = False) -> list[Finding]:
    """Everything that is not quiet, the gravest first; what the form itself has wrong is told once, at the end of all files."""
    told = [f for f in outcome.findings if not is_about_form(f)]
    shown = [f for f in told if every or f.verdict not in QUIET_VERDICTS]
    order = {verdict: place for place, verdict in enumerate(_WORKING_ORDER)}
    return sorted(shown, key=lambda f: (order.get(f.verdict, len(order)), _SEVERITIES.index(f.severity)))


def _form_order(finding: Finding) -> tuple[int, bool, int, int, int]:
    """Report, then tables before sentences, then the place of the first cell; what names no cell comes last."""
    piece = finding.evidence[0] if finding.evidence else None
    match = _PLACE.match(piece.where) if piece is not None else None
    if piece is None or match is None:
        return (piece.report if piece is not None else 0, True, 1 << 30, 0, 0)
    number, row, column = (int(match[name] or 0) for name in ("number", "row", "column"))
    return (piece.report, match["kind"] != "t", number, row, column)


def _lines(outcome: Outcome, labels: Labels, *, every: bool) -> Iterator[str]:
    yield f"■ {outcome.source.path}"
    if outcome.failure is not None:
        yield f"  × {outcome.failure.message}"
        return
    if outcome.submission:
        others = "、".join(file_name(path) for path in outcome.submission if path != outcome.source.path)
        yield f"  {JOINED.format(names=others)}"
    if not outcome.findings and not outcome.submission:
        yield "  ! 没有核对：没有适用的规则。请检查 --patterns 文件夹里的 rules。"
        return
    yield f"  {_count_line(outcome, labels)}"
    told, paper = department_list(outcome), working_paper(outcome, every=every)
    if not paper:
        yield "  √ 未发现需要处理的问题。"
        return
    yield f"  一、需由单位更正或说明（{sum(f.severity != 'note' for f in told)} 项）"
    several = len(outcome.reports) > 1
    for number, finding in enumerate(told, start=1):
        owner = f"{finding.unit_name or ''}{finding.fiscal_year or ''} " if several else ""
        yield _department_line(f"{number}. {owner}", finding, labels) + _name_files(finding, outcome)
    yield from () if told else ("    √ 没有。",)
    yield f"  二、工作底稿（{len(paper)} 项；内部使用，不得发给单位）"
    for finding in paper:
        yield from _paper_lines(finding, labels, outcome)


def _count_line(outcome: Outcome, labels: Labels) -> str:
    counted = Counter(finding.verdict for finding in outcome.findings)
    return "、".join(f"{labels.verdicts.get(v, v)} {counted[v]}" for v in VERDICTS if counted[v])


def _department_line(lead: str, finding: Finding, labels: Labels) -> str:
    basis = f"依据：{describe_basis(finding)}。" if finding.basis is not None else ""
    return f"    {lead}[{labels.severities[finding.standing]}] {finding.message}{basis}"


def _name_files(finding: Finding, outcome: Outcome) -> str:
    """The files a finding rests on, where they are several of one submission."""
    paths = dict.fromkeys(piece.source for piece in finding.evidence if piece.source in outcome.submission)
    return f"（涉及文件：{'、'.join(map(file_name, paths))}）" if len(paths) > 1 else ""


def _paper_lines(finding: Finding, labels: Labels, outcome: Outcome) -> Iterator[str]:
    words = (labels.severities[finding.standing], labels.verdicts[finding.verdict], labels.audiences[finding.audience])
    yield f"    [{'·'.join(words)}] {finding.rule} {finding.title}（{finding.id}）"
    yield f"        {finding.message}"
    if finding.expression and finding.expression not in finding.message:
        yield f"        算式：{finding.expression}"
    if finding.basis is not None:
        yield f"        依据：{describe_basis(finding)}"
    if finding.verdict in QUIET_VERDICTS:
        return
    yield from _place_lines(finding, outcome)
    yield from (f"        {line}" for line in cause_lines(finding, labels.causes))
    if finding.affects:
        yield f"        影响：{'、'.join(finding.affects)}"
    if not finding.waivable:
        yield "        不可豁免"


def _place_lines(finding: Finding, outcome: Outcome) -> Iterator[str]:
    others = set(outcome.submission) - {outcome.source.path}
    named = (
        f"{file_name(piece.source)} {piece.place}" if piece.source in others else piece.place
        for piece in finding.evidence
        if piece.place
    )
    places = list(dict.fromkeys(named))
    rest = f"；等 {len(places)} 处" if len(places) > _MAX_PLACES else ""
    if places:
        yield f"        位置：{'；'.join(places[:_MAX_PLACES])}{rest}"
