"""Grids against those of LibreOffice: both are written as cells between the boundaries that are really used.

LibreOffice fills what gridBefore and gridAfter leave out with empty cells, so only cells with text are compared;
it stretches the last cell of a row that is simply short, keeps sliver columns, and writes list numbers as markup.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from gouji.model.document import Cell, Paragraph, Table, iter_tables
from gouji.readers import grid
from gouji.readers.docx import read_docx
from readers.docx.wordml import docx, p, pack, sdt, tbl, tc, tr

SOFFICE = shutil.which("soffice")
DISTRICT = Path(__file__).parents[3] / "fixtures" / "district"
Box = tuple[int, int, int, int, str]

pytestmark = pytest.mark.skipif(SOFFICE is None and "CI" not in os.environ, reason="soffice is not installed")

W3 = (2000, 2000, 2000)
BUILT = {
    "spans": tbl(tr(tc("A", span=2), "B"), tr("C", tc("D", span=2)), tr("E", "F", "G"), grid=W3),
    "merges": tbl(
        tr(tc("A", v="restart"), "B", tc("C", v="restart")),
        tr(tc(v="continue"), tc("D", v="restart"), tc(v="continue")),
        tr("E", tc(v="continue"), "F"),
        grid=W3,
    ),
    "block": tbl(tr(tc("A", span=2, v="restart"), "B"), tr(tc(span=2, v="continue"), "C"), tr("D", "E", "F"), grid=W3),
    "before": tbl(tr("A", "B", "C"), tr("D", before=2), tr("E", "F", after=1), grid=W3),
    "nested": tbl(tr("A", tc(p("B"), tbl(tr("C", "D"), tr(tc("E", span=2)), grid=(900, 900)), p())), grid=(2000, 4000)),
    "controls": tbl(sdt(tr("A", "B")), tr(tc(sdt(p("C"))), "D"), grid=(2000, 2000)),
}


def export_html(sources: list[Path], folder: Path) -> dict[str, HtmlElement]:
    """LibreOffice's HTML of each file by stem, in one run."""
    assert SOFFICE is not None
    profile = Path(tempfile.gettempdir()) / "gouji-libreoffice"
    command = [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "html", "--outdir"]
    subprocess.run([*command, str(folder), *map(str, sources)], check=True, capture_output=True, timeout=300)
    return {path.stem: html.fromstring(path.read_bytes()) for path in folder.glob("*.html")}


def part_tables(data: bytes) -> bytes:
    """The document with a paragraph between tables that touch: LibreOffice makes one table of them."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    main = entries["word/document.xml"]
    assert isinstance(main, bytes)
    entries["word/document.xml"] = re.sub(rb"(</w:tbl>)(\s*<w:tbl>)", rb"\1<w:p/>\2", main)
    return pack(entries)


def list_ours(table: Table) -> list[Box]:
    return [(c.row, c.col, c.row_span, c.col_span, squeeze(plain_text(c))) for c in table.cells]


def plain_text(cell: Cell) -> str:
    """The text without list numbers."""
    return "".join(block.text for block in cell.blocks if isinstance(block, Paragraph))


def list_theirs(table: HtmlElement) -> list[Box]:
    """Cells of an HTML table on its grid."""
    boxes: list[Box] = []
    taken: set[tuple[int, int]] = set()
    depth = int(table.xpath("count(ancestor-or-self::table)"))
    rows = table.xpath("./tr|./tbody/tr|./thead/tr")
    for row, line in enumerate(rows):
        col = 0
        for cell in line.xpath("./td|./th"):
            while (row, col) in taken:
                col += 1
            height, width = int(cell.get("rowspan", "1")), int(cell.get("colspan", "1"))
            taken |= {(row + r, col + c) for r in range(height) for c in range(width)}
            text = "".join(cell.xpath(f".//text()[count(ancestor::table) = {depth}]"))
            boxes.append((row, col, height, width, squeeze(text)))
    return boxes


def squeeze(text: str) -> str:
    """Without spaces, and the marks that LibreOffice sets around a control."""
    return re.sub(r"[\s\u200b\x00-\x1f]", "", text)


def compress(boxes: list[Box]) -> list[Box]:
    """Boxes with text, between the boundaries that any cell uses."""
    rows = sorted({edge for b in boxes for edge in (b[0], b[0] + b[2])})
    cols = sorted({edge for b in boxes for edge in (b[1], b[1] + b[3])} | {0})
    return [
        (rows.index(r), cols.index(c), rows.index(r + h) - rows.index(r), cols.index(c + w) - cols.index(c), text)
        for r, c, h, w, text in boxes
        if text
    ]


def stretch(ours: list[Box], theirs: list[Box], cols: int) -> list[Box]:
    """Our boxes; one with nothing to its right takes the width that LibreOffice gave it up to the edge."""
    edges = {(b[0], b[1]): b for b in theirs if b[1] + b[3] == cols}
    ends = {row: max(b[1] for b in ours if b[0] <= row < b[0] + b[2]) for row in {b[0] for b in ours}}
    return [edges.get((b[0], b[1]), b)[:4] + b[4:] if ends[b[0]] == b[1] else b for b in ours]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, HtmlElement]]:
    """Every source and LibreOffice's reading of it."""
    folder = tmp_path_factory.mktemp("libreoffice")
    sources = {}
    for name, markup in BUILT.items():
        sources[name] = folder / f"{name}.docx"
        sources[name].write_bytes(docx(markup, p("后")))
    for number, path in enumerate(sorted(DISTRICT.glob("*.docx"))):
        sources[path.stem] = folder / f"district{number}.docx"
        sources[path.stem].write_bytes(part_tables(path.read_bytes()))
    pages = export_html(list(sources.values()), folder)
    return {name: (path.read_bytes(), pages[path.stem]) for name, path in sources.items()}


def list_grids(data: bytes, page: HtmlElement) -> tuple[list[list[Box]], list[list[Box]]]:
    """Tables with text as we and as LibreOffice read them."""
    ours = [boxes for table in iter_tables(read_docx(data).blocks) if (boxes := compress(list_ours(table)))]
    theirs = [boxes for table in page.iter("table") if (boxes := compress(list_theirs(table)))]
    if len(ours) == len(theirs):
        ours = [stretch(o, t, max(b[1] + b[3] for b in t)) for o, t in zip(ours, theirs, strict=True)]
    return ours, theirs


def test_grids_agree_with_libreoffice(
    exported: dict[str, tuple[bytes, HtmlElement]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "SLIVER", 0)
    assert len(exported) >= len(BUILT)
    grids = {name: list_grids(data, page) for name, (data, page) in exported.items()}
    assert {name: pair for name, pair in grids.items() if pair[0] != pair[1]} == {}
