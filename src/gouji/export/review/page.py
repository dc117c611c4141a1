"""One file's review page: the document as read on the left; findings, figures, scores and what nothing took on the right.

<td id="t1r16c5" class="hard">806.30</td>    ⇄    <div class="item hard" data-at="t1r16c5 t1r16c6">【必改】A3 …</div>

It is the auditor's: it shows causes and repairs, and does not leave the house. What the form itself has wrong is no fault of the
unit: it is told once for the district (form_faults.py); here it is only counted.
"""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

import msgspec

from gouji.export.ledger import describe_basis
from gouji.export.markup import Decoration, Markup, Span
from gouji.export.plain import clean_text
from gouji.export.records import QUIET_VERDICTS
from gouji.export.review.assets import FOOT, open_page
from gouji.model.locator import parse_locator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gouji.model.document import Document
    from gouji.model.finding import Cause, Finding
    from gouji.model.report import Fact, Indicator, Report
    from gouji.model.result import Outcome
    from gouji.patterns.exports import Labels

_SEVERITIES = ("hard", "explain", "note")
_TOLD = ("fail", "review")
FORM_FAULTS = "另有 {count} 项是表样本身的问题（{rules}），其他单位也一样，不必逐份处理；见《审核问题》的“表样问题”。"
_STAGES = {"initial": "年初预算", "adjusted": "全年预算", "final": ""}
_LONGEST = 400  # characters of a text in the list: the whole of it stands on the left


def review_page(document: Document, outcome: Outcome, labels: Labels, index: str, folded: Sequence[str] = ()) -> bytes:
    """The page as UTF-8. `index`: relative path of the index page; `folded`: ids of findings told among the form's faults."""
    own = tuple(finding for finding in outcome.findings if finding.id not in folded)
    of_form = [finding for finding in outcome.findings if finding.id in folded]
    outcome = msgspec.structs.replace(outcome, findings=own)
    title = _text(outcome.source.path)
    units = "、".join(_text(report.unit_name or "未写单位名称") for report in outcome.reports)
    parts = [
        open_page(title),
        f'<header><h1>{units}</h1><p>{title}　<a href="{escape(index)}">返回目录</a>',
        f"　SHA-256 {(outcome.source.sha256 or '')[:16]}…　按键：j 下一条　k 上一条　1–4 跳到各栏　Esc 取消　（财政内部使用）</p>",
        *_name_submission(outcome),
        *(f"<p>读取提示 {_text(notice.code)}：{_text(notice.message)}</p>" for notice in outcome.notices),
        '</header>\n<div class="two"><main>\n',
        *_markup_of(outcome).write_document(document),
        '</main><aside><nav><a href="#part1">发现</a><a href="#part2">数据</a><a href="#part3">得分</a><a href="#part4">未取用</a></nav>\n',
        *_list_findings(outcome.findings, labels, outcome.source.path),
        *_count_form_faults(of_form),
        *_list_facts(outcome.reports, labels),
        *_list_scores(outcome.reports),
        *_list_unclaimed(outcome.reports),
        "</aside></div>\n",
        FOOT,
    ]
    return "".join(parts).encode()


def _name_submission(outcome: Outcome) -> Iterator[str]:
    """The other files it was judged with."""
    others = [_text(path) for path in outcome.submission if path != outcome.source.path]
    if others:
        yield f"<p>与 {'、'.join(others)} 合为一份核对；跨文件的问题列在第一个所涉数字所在的文件。</p>"


# --- left: what the document carries ------------------------------------------------------------------------------


def _markup_of(outcome: Outcome) -> Markup:
    """Every figure under the colour of its state, every place of a finding under that of its severity."""
    classes: dict[str, str] = {}
    for report in outcome.reports:
        for fact in _all_facts(report):
            if fact.where is not None and fact.state != "missing":
                classes.setdefault(fact.where, fact.state)
    told = [f for f in outcome.findings if f.verdict in _TOLD]
    for finding in sorted(told, key=lambda f: _SEVERITIES.index(f.standing), reverse=True):
        for where in _places(finding, outcome.source.path):
            classes[where] = finding.standing
    blocks: dict[str, Decoration] = {}
    spans: dict[str, list[Span]] = defaultdict(list)
    for where, name in classes.items():
        locator = parse_locator(where)
        if locator.start is None or locator.end is None:
            blocks[where] = Decoration(name)
        else:
            spans[where.rsplit("_", 2)[0]].append(Span(locator.start, locator.end, where, name))
    return Markup(blocks, spans)


def _all_facts(report: Report) -> Iterator[Fact]:
    yield from report.facts
    for project in report.projects:
        yield from project.facts


def _places(finding: Finding, own: str) -> list[str]:
    return [piece.where for piece in finding.evidence if piece.source in ("", own)]


# --- right: the lists ---------------------------------------------------------------------------------------------


def _list_findings(findings: Iterable[Finding], labels: Labels, own: str) -> Iterator[str]:
    shown = [finding for finding in findings if finding.verdict not in QUIET_VERDICTS]
    quiet = [finding for finding in findings if finding.verdict in QUIET_VERDICTS]
    yield f'<h2 id="part1">发现（{len(shown)}）</h2>\n'
    order = {"fail": 0, "review": 1, "undecided": 2, "waived": 3}
    for finding in sorted(shown, key=lambda f: (order[f.verdict], _SEVERITIES.index(f.standing))):
        yield from _show_finding(finding, labels, own)
    if quiet:
        listed = "、".join(f"{_text(f.rule)} {_text(f.title)}" for f in quiet if f.verdict == "pass")
        yield f"<p><small>通过：{listed or '无'}。</small></p>\n"


def _count_form_faults(folded: Sequence[Finding]) -> Iterator[str]:
    """Where to look for what the form itself has wrong."""
    if folded:
        rules = "、".join(dict.fromkeys(_text(finding.rule) for finding in folded))
        yield f"<p><small>{FORM_FAULTS.format(count=len(folded), rules=rules)}</small></p>\n"


def _show_finding(finding: Finding, labels: Labels, own: str) -> Iterator[str]:
    severity = finding.standing if finding.verdict in _TOLD else ""
    word = f"{labels.severities.get(finding.standing, '')}·{labels.verdicts.get(finding.verdict, '')}"
    yield f'<div class="item {severity}" data-at="{" ".join(_places(finding, own))}">'
    yield f"<p><b>【{word}】{_text(finding.rule)} {_text(finding.title)}</b></p>"
    yield f"<p>{_text(finding.message)}</p>"
    if finding.expression:
        tolerance = f"　差额 {finding.difference}　容差 {finding.tolerance}" if finding.difference is not None else ""
        yield f"<p><small>算式：{_text(finding.expression)}{tolerance}</small></p>"
    for cause in finding.causes:
        yield f"<p><small>可能原因 {cause.rank}：{_describe_cause(cause, labels)}</small></p>"
    basis = describe_basis(finding)
    tail = f"　依据：{_text(basis)}" if basis else ""
    yield f"<p><small>{_text(finding.id)}　告知：{labels.audiences.get(finding.audience, '')}{tail}</small></p></div>\n"


def _describe_cause(cause: Cause, labels: Labels) -> str:
    repairs = "；".join(
        f"{_text(repair.old or '（空白）')} → {_text(repair.new or '（空白）')}" for repair in cause.repair
    )
    sure = "（唯一可能）" if cause.certain else "（无法区分）"
    return f"{labels.causes.get(cause.kind, cause.kind)} {repairs}{sure}"


def _list_facts(reports: Iterable[Report], labels: Labels) -> Iterator[str]:
    yield '<h2 id="part2">数据</h2>\n<table><tr><th>项目</th><th>数值</th><th>位置</th></tr>\n'
    for report in reports:
        for fact in _all_facts(report):
            yield _show_fact(fact, labels)
    yield "</table>\n"


def _show_fact(fact: Fact, labels: Labels) -> str:
    moment = " ".join(filter(None, (str(fact.period or ""), _STAGES[fact.stage], fact.scope or "")))
    name = " / ".join(fact.header_path) or fact.label or fact.concept
    value = _value(fact, labels)
    at = f' data-at="{fact.where}"' if fact.where else ""
    return (
        f'<tr class="item"{at}><td>{_text(name)}<br><small>{_text(fact.entity or "")} {_text(moment)}</small></td>'
        f'<td class="v {fact.state}">{value}</td><td><small>{_text(fact.place)}</small></td></tr>\n'
    )


def _value(fact: Fact, labels: Labels) -> str:
    quantity = fact.quantity
    if quantity is not None:
        return f"{format(quantity.value, ',f')} {_text(fact.unit or '')}"
    return _text(fact.value) if isinstance(fact.value, str) else labels.states.get(fact.state, fact.state)


def _list_scores(reports: Iterable[Report]) -> Iterator[str]:
    yield '<h2 id="part3">得分</h2>\n<table><tr><th>指标</th><th>分值</th><th>得分</th><th>扣分原因</th></tr>\n'
    for report in reports:
        for row in (*report.indicators, *(r for project in report.projects for r in project.indicators)):
            yield _show_score(row)
    yield "</table>\n"


def _show_score(row: Indicator) -> str:
    places = " ".join(
        cell.where for name in ("score", "weight", "reason") if (cell := row.cells.get(name)) and cell.where
    )
    weight = format(row.weight.value, "f") if row.weight else ""
    shared = f"（{row.weight_shared_by} 行共用）" if row.weight_shared_by > 1 else ""
    score = row.cells.get("score")
    printed = format(row.score.value, "f") if row.score else _text(score.raw if score else "")
    name = row.level3 or row.level2 or row.level1 or "（未写指标名）"
    lost = row.score is not None and row.weight is not None and not shared and row.score.value < row.weight.value
    return (
        f'<tr class="item" data-at="{places}"><td>{_text(name)}</td><td class="v">{weight}<small>{shared}</small></td>'
        f'<td class="v{" explain" if lost else ""}">{printed}</td><td>{_text(row.reason or "")}</td></tr>\n'
    )


def _list_unclaimed(reports: Iterable[Report]) -> Iterator[str]:
    found = [piece for report in reports for piece in report.unclaimed]
    yield f'<h2 id="part4">没有取用的数（{len(found)}）</h2>\n'
    for piece in found:
        yield f'<div class="item" data-at="{piece.where}"><p>{_text(piece.raw)}　<small>{_text(piece.context)}</small></p></div>\n'


def _text(text: str) -> str:
    cleaned = clean_text(text)
    return escape(cleaned if len(cleaned) <= _LONGEST else f"{cleaned[:_LONGEST]}…")
