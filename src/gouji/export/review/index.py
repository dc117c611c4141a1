"""The index of the review pages: one line a file, what has to be corrected first."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from gouji.export.plain import clean_text
from gouji.export.review.assets import FOOT, open_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.model.result import Outcome


_HEADINGS = ("序号", "预算编码", "单位", "文件", "自评得分", "等次", "必改", "需说明", "无法判断", "备注")
_TABLE_HEAD = f'<div class="index"><table><tr>{"".join(f"<th>{name}</th>" for name in _HEADINGS)}</tr>\n'


class Entry(msgspec.Struct, frozen=True):
    """One file in the index; `page` is its review page relative to the index, None where there is none."""

    code: str
    unit: str
    path: str
    score: str
    grade: str
    hard: int
    explain: int
    undecided: int
    page: str | None
    remark: str = ""


def describe_file(outcome: Outcome, page: str | None) -> Entry:
    """The line of one file; `page` is its review page in the output folder."""
    reports, findings = outcome.reports, outcome.findings
    told = [f for f in findings if f.verdict in ("fail", "review") and f.severity != "note"]
    hard = sum(f.verdict == "fail" and f.severity == "hard" for f in told)
    scores = [fact.raw for report in reports if (fact := report["performance.score"]).state == "value"]
    grades = [str(fact.value) for report in reports if (fact := report["performance.grade"]).state == "value"]
    return Entry(
        code="、".join(dict.fromkeys(report.budget_code for report in reports if report.budget_code)),
        unit="、".join(dict.fromkeys(report.unit_name for report in reports if report.unit_name)) or "（未写单位名称）",
        path=outcome.source.path,
        score="、".join(scores),
        grade="、".join(grades),
        hard=hard,
        explain=len(told) - hard,
        undecided=sum(f.verdict == "undecided" for f in findings),
        page=page.partition("/")[2] if page else None,
        remark=outcome.failure.message if outcome.failure is not None else "",
    )


def index_page(entries: Sequence[Entry], title: str) -> bytes:
    """The page as UTF-8, in the order of budget codes."""
    rows = [_row(number, entry) for number, entry in enumerate(sorted(entries, key=_order), 1)]
    parts = [
        open_page(escape(clean_text(title))),
        f"<header><h1>{escape(clean_text(title))}</h1>",
        f"<p>共 {len(entries)} 个文件；点单位名称打开，离线即可使用。（财政内部使用，不外发）</p></header>\n",
        _TABLE_HEAD,
        *rows,
        "</table></div>\n",
        FOOT,
    ]
    return "".join(parts).encode()


def _order(entry: Entry) -> tuple[bool, str, str, str]:
    return (not entry.code, entry.code, entry.unit, entry.path)


def _row(number: int, entry: Entry) -> str:
    unit = escape(clean_text(entry.unit))
    link = f'<a href="{quote(entry.page)}">{unit}</a>' if entry.page else unit
    cells = [entry.code, None, entry.path, entry.score, entry.grade]
    shown = "".join(f"<td>{link if text is None else escape(clean_text(text))}</td>" for text in cells)
    counts = "".join(f'<td class="v">{count or ""}</td>' for count in (entry.hard, entry.explain, entry.undecided))
    return f"<tr><td>{number}</td>{shown}{counts}<td>{escape(clean_text(entry.remark))}</td></tr>\n"
