"""An HTML copy with highlights: for text files, workbooks, and whatever cannot be annotated in its own format.

<td id="t1r16c5" class="hard">806.30<a class="n" href="#n2">2</a></td>   …   <li id="n2"><b>【必改】…</b><p>…</p></li>

One file without a script or a link out of it; every text of the submission is escaped. Ids are the evidence ids.
"""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

from gouji.export.markup import Decoration, Markup, Span
from gouji.export.plain import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gouji.export.annotate.places import Mark
    from gouji.export.annotate.remarks import Signature
    from gouji.model.document import Document
    from gouji.model.finding import Severity

_STYLE = """
body{font:16px/1.7 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC","宋体",sans-serif;color:#222;margin:0 auto;max-width:72rem;padding:1rem}
header,aside{background:#f6f7f9;border:1px solid #ddd;padding:.6rem 1rem;margin:0 0 1rem}
h1{font-size:1.2rem;margin:.2rem 0} h2{font-size:1.05rem;margin:.2rem 0}
table{border-collapse:collapse;margin:.8rem 0;font-size:.9rem} td{border:1px solid #999;padding:.15rem .45rem;vertical-align:top}
p{margin:.35rem 0;white-space:pre-wrap;overflow-wrap:anywhere} td{min-width:3em} td p{margin:0;overflow-wrap:break-word} li p{margin:.1rem 0}
.hard{background:#ffc7ce}.explain{background:#ffeb9c}.note{background:#c6e0ff} :target{outline:3px solid #c00}
a.n{font-size:.75em;vertical-align:super;margin-left:.15em;text-decoration:none;color:#900;font-weight:bold}
@media print{body{max-width:none;padding:0}aside{page-break-before:always}}
"""
_HEAD = (
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{style}</style></head><body>\n'
)
_INTRO = (
    "<header><h1>{title}</h1><p>本页按读出的内容排列，供对照审核意见，不代替原件；原件未作任何改动。"
    "有底色处附有编号，点编号可看意见。{author} {time}</p></header>\n"
)
_SEVERITIES: tuple[Severity, ...] = ("hard", "explain", "note")


def annotate_page(document: Document, title: str, marks: Sequence[Mark], signature: Signature) -> bytes:
    """The page as UTF-8."""
    shown = escape(clean_text(title))
    time = escape(signature.time.replace("T", " ")[:16])
    parts = [
        _HEAD.format(title=shown, style=_STYLE),
        _INTRO.format(title=shown, author=escape(signature.author), time=time),
        *write_remarks(marks),
        "<main>\n",
        *markup_of(marks).write_document(document),
        "</main></body></html>\n",
    ]
    return "".join(parts).encode()


def markup_of(marks: Sequence[Mark]) -> Markup:
    """The gravest colour of each place, and a link to each of its remarks."""
    blocks: dict[str, list[tuple[int, Severity]]] = defaultdict(list)
    spans: dict[str, list[Span]] = defaultdict(list)
    for number, mark in enumerate(marks, 1):
        for place in mark.places:
            severity = mark.remark.severity
            if place.start is None or place.end is None:
                blocks[place.where].append((number, severity))
            else:
                span = Span(place.start, place.end, place.where, severity, _link(number))
                spans[place.where.rsplit("_", 2)[0]].append(span)
    return Markup({where: _decorate(notes) for where, notes in blocks.items()}, spans)


def _decorate(notes: list[tuple[int, Severity]]) -> Decoration:
    gravest = min((severity for _, severity in notes), key=_SEVERITIES.index)
    return Decoration(gravest, "".join(_link(number) for number in dict.fromkeys(number for number, _ in notes)))


def write_remarks(marks: Sequence[Mark]) -> Iterator[str]:
    """The list of remarks, each leading to its place."""
    if not marks:
        yield "<aside><p>本次没有列出需要改正或说明的事项；这不等于全部数字都已核对无误。</p></aside>\n"
        return
    yield f"<aside><h2>审核意见（{len(marks)} 条）</h2><ol>\n"
    for number, mark in enumerate(marks, 1):
        link = f' <a href="#{escape(mark.places[0].where)}">看原文</a>' if mark.places else ""
        lines = "".join(f"<p>{escape(clean_text(line))}</p>" for line in mark.remark.lines)
        yield f'<li id="n{number}"><b class="{mark.remark.severity}">{escape(clean_text(mark.remark.title))}</b>{link}{lines}</li>\n'
    yield "</ol></aside>\n"


def _link(number: int) -> str:
    return f'<a class="n" href="#n{number}">{number}</a>'
