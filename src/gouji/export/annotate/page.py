"""An HTML copy with highlights: for text files, workbooks, and whatever cannot be annotated in its own format.

<td id="t1r16c5" class="hard">806.30<a class="n" href="#n2">2</a></td>   …   <li id="n2"><b>【必改】…</b><p>…</p></li>

One file without a script or a link out of it; every text of the submission is escaped. Ids are the evidence ids.
"""

from __future__ import annotations

from collections import defaultdict
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from gouji.export.plain import clean_text
from gouji.model.document import Cell, Document, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gouji.export.annotate.places import Mark
    from gouji.export.annotate.remarks import Signature
    from gouji.model.finding import Severity

_STYLE = """
body{font:16px/1.7 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC","宋体",sans-serif;color:#222;margin:0 auto;max-width:72rem;padding:1rem}
header,aside{background:#f6f7f9;border:1px solid #ddd;padding:.6rem 1rem;margin:0 0 1rem}
h1{font-size:1.2rem;margin:.2rem 0} h2{font-size:1.05rem;margin:.2rem 0}
table{border-collapse:collapse;margin:.8rem 0;font-size:.9rem} td{border:1px solid #999;padding:.15rem .45rem;vertical-align:top}
p{margin:.35rem 0;white-space:pre-wrap;overflow-wrap:anywhere} td p{margin:0} li p{margin:.1rem 0}
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
Notes = dict[str, list[tuple[int, "Severity"]]]


def annotate_page(document: Document, title: str, marks: Sequence[Mark], signature: Signature) -> bytes:
    """The page as UTF-8."""
    page = PageWriter(marks)
    shown = escape(clean_text(title))
    time = escape(signature.time.replace("T", " ")[:16])
    parts = [
        _HEAD.format(title=shown, style=_STYLE),
        _INTRO.format(title=shown, author=escape(signature.author), time=time),
        *page.write_remarks(marks),
        "<main>\n",
        *(piece for part in document.parts for piece in page.write_blocks(part.blocks, "")),
        "</main></body></html>\n",
    ]
    return "".join(parts).encode()


class PageWriter:
    """Writes blocks; knows which ids carry which remarks."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._cells: Notes = defaultdict(list)
        self._characters: dict[str, list[tuple[int, int, int, Severity, str]]] = defaultdict(list)
        for number, mark in enumerate(marks, 1):
            for place in mark.places:
                severity = mark.remark.severity
                if place.start is None or place.end is None:
                    self._cells[place.where].append((number, severity))
                else:
                    block = place.where.rsplit("_", 2)[0]
                    self._characters[block].append((place.start, place.end, number, severity, place.where))

    def write_remarks(self, marks: Sequence[Mark]) -> Iterator[str]:
        """The list of remarks, each leading to its place."""
        if not marks:
            yield "<aside><p>本次没有列出需要改正或说明的事项；这不等于全部数字都已核对无误。</p></aside>\n"
            return
        yield f"<aside><h2>审核意见（{len(marks)} 条）</h2><ol>\n"
        for number, mark in enumerate(marks, 1):
            link = f' <a href="#{escape(mark.places[0].where)}">看原文</a>' if mark.places else ""
            lines = "".join(f"<p>{_escape(line)}</p>" for line in mark.remark.lines)
            yield f'<li id="n{number}"><b class="{mark.remark.severity}">{_escape(mark.remark.title)}</b>{link}{lines}</li>\n'
        yield "</ol></aside>\n"

    def write_blocks(self, blocks: Iterable[Paragraph | Table], head: str) -> Iterator[str]:
        """Blocks in order; `head` is the id of the cell they stand in."""
        ordinal = 0
        for block in blocks:
            if isinstance(block, Table):
                yield from self._write_table(block)
                continue
            ordinal += bool(block.printed.strip())
            yield self._write_paragraph(block, block.where or (f"{head}_p{ordinal}" if head else ""))

    def _write_table(self, table: Table) -> Iterator[str]:
        yield "<table>\n"
        for _, row in groupby(table.cells, key=lambda cell: cell.row):
            yield "<tr>"
            for cell in row:
                yield from self._write_cell(cell, table.cell_id(cell))
            yield "</tr>\n"
        yield "</table>\n"

    def _write_cell(self, cell: Cell, where: str) -> Iterator[str]:
        spans = f' colspan="{cell.col_span}"' if cell.col_span > 1 else ""
        spans += f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
        colour, links = self._show(self._cells.get(where, []))
        yield f'<td id="{where}"{spans}{colour}>'
        yield from self.write_blocks(cell.blocks, where)
        yield f"{links}</td>"

    def _write_paragraph(self, paragraph: Paragraph, where: str) -> str:
        colour, links = self._show(self._cells.get(where, []))
        identity = f' id="{where}"' if where else ""
        number = paragraph.printed[: len(paragraph.printed) - len(paragraph.text)]
        text = self._write_text(paragraph.text, where)
        return f"<p{identity}{colour}>{escape(clean_text(number))}{text}{links}</p>"

    def _write_text(self, text: str, where: str) -> str:
        """The text with its highlighted characters; one that overlaps an earlier highlight only gets its number there."""
        pieces: list[str] = []
        place = 0
        for first, last, number, severity, identity in sorted(self._characters.get(where, [])):
            start, end = max(first, place), min(last, len(text))
            inner = _escape(text[start:end])
            mark = f'<mark id="{identity}" class="{severity}">{inner}</mark>' if inner else ""
            pieces += [_escape(text[place:start]), mark, _link(number)]
            place = max(place, end)
        return "".join(pieces) + _escape(text[place:])

    def _show(self, notes: list[tuple[int, Severity]]) -> tuple[str, str]:
        """The gravest colour, and a link to each remark."""
        if not notes:
            return "", ""
        gravest = min((severity for _, severity in notes), key=_SEVERITIES.index)
        return f' class="{gravest}"', "".join(_link(number) for number in dict.fromkeys(number for number, _ in notes))


def _link(number: int) -> str:
    return f'<a class="n" href="#n{number}">{number}</a>'


def _escape(text: str) -> str:
    """Escaped, without characters that turn or hide text; spaces at its ends stay."""
    kept = (c if c.isprintable() or c in "\n\u3000" else " " if c.isspace() else "" for c in text)
    return escape("".join(kept))
