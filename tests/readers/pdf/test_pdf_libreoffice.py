"""The whole district printed to PDF by LibreOffice and read back: the same tables as the .docx, page breaks or not.

A grid column in which no cell begins cannot be seen on paper, so columns are counted between edges that are used.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from gouji.model.document import Document, Paragraph, Table
from gouji.model.locator import Story
from gouji.readers.docx import read_docx
from gouji.readers.pdf import read_pdf

SOFFICE = shutil.which("soffice")
DISTRICT = Path(__file__).parents[3] / "fixtures" / "district"
Grid = set[tuple[int, int, int, int, str]]

# What paper does not show: file, then the tables of the .docx that come out otherwise.
UNSEEN = {
    # 二级机构4, a row of one cell four columns wide, is printed as wide as the table.
    "109001-云溯区交通运输局": {"t1"},
    # A cover in a table without rules: its lines are paragraphs.
    "201001-云溯区老干部服务中心": {"t1"},
    # Two tables that touch are printed as one.
    "201004-云溯区接待与会务中心": {"t6", "t7"},
}

pytestmark = pytest.mark.skipif(SOFFICE is None and "CI" not in os.environ, reason="soffice is not installed")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Document, Document]]:
    """Each report as .docx and as .pdf, by its stem."""
    assert SOFFICE is not None
    folder = tmp_path_factory.mktemp("printed")
    sources = sorted(DISTRICT.glob("*.docx"))
    profile = Path(tempfile.gettempdir()) / "gouji-libreoffice"
    command = [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, str(folder), *map(str, sources)], check=True, capture_output=True, timeout=300)
    return {
        source.stem: (read_docx(source.read_bytes()), read_pdf((folder / f"{source.stem}.pdf").read_bytes()))
        for source in sources
    }


def strip(text: str) -> str:
    return "".join(text.split())


def tables_of(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def grid_of(table: Table) -> Grid:
    """Cells between the upright edges that are used."""
    edges = sorted({edge for cell in table.cells for edge in (cell.col, cell.col + cell.col_span)})
    return {
        (
            cell.row,
            edges.index(cell.col),
            cell.row_span,
            edges.index(cell.col + cell.col_span) - edges.index(cell.col),
            strip(cell.text),
        )
        for cell in table.cells
    }


def test_every_table_comes_back_cell_for_cell(printed: dict[str, tuple[Document, Document]]) -> None:
    wrong = {
        stem: missing
        for stem, (word, paper) in printed.items()
        if (missing := find_missing(tables_of(word), tables_of(paper))) != UNSEEN.get(stem, set())
    }
    assert wrong == {}
    assert sum(len(tables_of(word)) for word, _ in printed.values()) > 100


def find_missing(tables: list[Table], printed: list[Table]) -> set[str]:
    """The tables that no printed one equals."""
    grids = [(table.rows, grid_of(table)) for table in printed]
    return {table.where for table in tables if (table.rows, grid_of(table)) not in grids}


def test_some_tables_do_go_over_page_breaks(printed: dict[str, tuple[Document, Document]]) -> None:
    over = [table for _, paper in printed.values() for table in tables_of(paper) if len(pages_of(table)) > 1]
    assert len(over) >= 10


def pages_of(table: Table) -> set[int]:
    return {cell.box.page for cell in table.cells if cell.box is not None}


def test_paragraphs_come_back_whole(printed: dict[str, tuple[Document, Document]]) -> None:
    """Text boxes and covers are paragraphs on paper, so more may come back, but none broken or run together."""
    for stem, (word, paper) in printed.items():
        wanted = [strip(block.printed) for block in word.blocks if isinstance(block, Paragraph)]
        found = {strip(block.text) for block in paper.blocks if isinstance(block, Paragraph)}
        assert [text for text in wanted if text not in found] == [], stem


def test_headers_footers_and_footnotes_are_apart(printed: dict[str, tuple[Document, Document]]) -> None:
    for stem, (word, paper) in printed.items():
        assert texts_of(paper, "header") == texts_of(word, "header"), stem
        assert texts_of(paper, "footnote") == texts_of(word, "footnote"), stem


def texts_of(document: Document, story: Story) -> list[str]:
    return [strip(block.text) for block in document.part(story) if isinstance(block, Paragraph)]
