"""OFD files in a few lines: text and path objects of pages, packed as GB/T 33190 wants them. Millimetres from the top left.

ofd(content(text(20, 30, "收入合计"), path("M 0 0 L 80 0", 20, 40)))
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from html import escape

from readers.lattice.sheets import Ink

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 25.4 / 72


def text(x: float, y: float, words: str, size: float = 3.5, attributes: str = "", delta: str | None = None) -> str:
    """Text whose box begins at x, y; every character a step of its own unless `delta` says otherwise."""
    steps = " ".join(f"{size if char >= '⺀' else size / 2:.4f}" for char in words[:-1]) if delta is None else delta
    deltas = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 200 {size}" Font="1" Size="{size}" {attributes}>'
        f'<ofd:TextCode X="0" Y="{0.88 * size}"{deltas}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def path(data: str, x: float = 0, y: float = 0, attributes: str = "") -> str:
    """A path whose space begins at x, y."""
    return (
        f'<ofd:PathObject ID="8" Boundary="{x} {y} 210 297" LineWidth="0.3" {attributes}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def content(*objects: str, head: str = "") -> str:
    """A content part with one layer."""
    layer = f'<ofd:Content><ofd:Layer ID="7" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content>'
    return f"<ofd:Page {NS}>{head}{layer}</ofd:Page>"


def members(pages: Iterable[str], templates: Iterable[str] = ()) -> dict[str, str]:
    """Parts of a file with these content parts."""
    pages, templates = list(pages), list(templates)
    tpls = "".join(f'<ofd:TemplatePage ID="T{n}" BaseLoc="Tpls/Tpl_{n}/Content.xml"/>' for n, _ in enumerate(templates))
    kids = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n, _ in enumerate(pages))
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    return {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData>{area}{tpls}</ofd:CommonData>"
        f"<ofd:Pages>{kids}</ofd:Pages></ofd:Document>",
        **{f"Doc_0/Pages/Page_{n}/Content.xml": page for n, page in enumerate(pages)},
        **{f"Doc_0/Tpls/Tpl_{n}/Content.xml": page for n, page in enumerate(templates)},
    }


def pack(parts: dict[str, str]) -> bytes:
    """The zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{part}')
    return buffer.getvalue()


def ofd(*pages: str, templates: Iterable[str] = ()) -> bytes:
    """A file with these content parts as pages."""
    return pack(members(pages, templates))


def ink_to_page(ink: Ink) -> str:
    """The same rules and runs as OFD has them."""
    box = f"<ofd:Area><ofd:PhysicalBox>0 0 {ink.width * MM} {ink.height * MM}</ofd:PhysicalBox></ofd:Area>"
    across = [path(f"M {r.start * MM} {r.at * MM} L {r.end * MM} {r.at * MM}") for r in ink.across]
    down = [path(f"M {r.at * MM} {r.start * MM} L {r.at * MM} {r.end * MM}") for r in ink.down]
    runs = [text(run.x0 * MM, run.y0 * MM, run.text, run.size * MM) for run in ink.runs]
    return content(*across, *down, *runs, head=box)
