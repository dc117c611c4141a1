"""Our reading of .docx tables against office_oxide's, a reader written in Rust by other hands.

    python tools/compare_docx_grids.py FOLDER       FOLDER: a corpus folder with .docx files

    ours    Table.cells: row, column, spans, text           ─┐  matched in reading order, without the filling that
    theirs  rows of cells with spans, placed from the left  ─┘  compare_doc_grids.py takes off, and cell for cell equal

Tables of the body are compared, and those in their cells; list numbers are not, for office_oxide computes none.
Every difference is printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compare_doc_grids import Box, describe, is_filling, list_boxes, match_tables, squeeze
from msgspec.structs import replace
from office_oxide import Document as OxideDocument
from office_oxide import OfficeOxideError

from gouji.model.document import Paragraph, Table, iter_tables
from gouji.model.errors import ReadError
from gouji.readers.docx import read_docx


def their_tables(data: bytes) -> list[list[Box]]:
    """The boxes of every table of the body."""
    with OxideDocument.from_bytes(data, "docx") as document:
        sections = document.to_ir()["sections"]
    return [place_cells(table) for section in sections for table in iter_elements(section["elements"])]


def iter_elements(elements: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every table in reading order, one in a cell after the table that holds it."""
    for element in elements:
        if element["type"] == "table":
            yield element
            for row in element["rows"]:
                for cell in row["cells"]:
                    yield from iter_elements(cell["content"])


def place_cells(table: dict[str, Any]) -> list[Box]:
    """Cells from the left, past those that reach down from above; then as list_boxes does."""
    boxes: list[Box] = []
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(entry["cells"] for entry in table["rows"]):
        col = 0
        for cell in cells:
            while (row, col) in taken:
                col += 1
            height, width = cell["row_span"], cell["col_span"]
            boxes.append((row, col, height, width, squeeze(text_of(cell["content"]))))
            taken |= {(row + down, col + across) for down in range(height) for across in range(width)}
            col += width
    kept = [box for box in boxes if not is_filling(box, boxes)]
    columns = sorted({edge for box in kept for edge in (box[1], box[1] + box[3])})
    return [(r, columns.index(c), h, columns.index(c + w) - columns.index(c), text) for r, c, h, w, text in kept]


def text_of(node: object) -> str:
    """All text below a node, tables left out."""
    if isinstance(node, list):
        return "".join(text_of(item) for item in node)
    if not isinstance(node, dict) or node.get("type") == "table":
        return ""
    own = node.get("text")
    return own if isinstance(own, str) else "".join(text_of(node[key]) for key in ("content", "items") if key in node)


def without_numbers(table: Table) -> Table:
    """The table with the texts of its paragraphs alone; tables in its cells are compared by themselves."""
    cells = [
        replace(cell, blocks=tuple([replace(b, number="") for b in cell.blocks if isinstance(b, Paragraph)]))
        for cell in table.cells
    ]
    return replace(table, cells=tuple(cells))


def compare_file(path: Path) -> tuple[int, int, list[str]]:
    """Tables, equal ones, and the lines about the others."""
    data = path.read_bytes()
    try:
        ours = [list_boxes(without_numbers(table)) for table in iter_tables(read_docx(data).blocks)]
        theirs = their_tables(data)
    except (ReadError, OfficeOxideError) as error:
        return 0, 0, [f"  {type(error).__name__}: {error}"]
    pairs = match_tables(ours, theirs)
    lines = [line for index, (left, right) in enumerate(pairs) for line in describe(index, left, right)]
    return len(pairs), sum(left == right for left, right in pairs), lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a corpus folder with .docx files")
    files = tables = equal = 0
    for path in sorted(parser.parse_args().folder.rglob("*.docx")):
        here, same, lines = compare_file(path)
        files, tables, equal = files + 1, tables + here, equal + same
        if lines:
            print(f"{path.name}: {same}/{here} tables equal", *lines, sep="\n")
    print(f"{files} files: {equal}/{tables} tables equal")


if __name__ == "__main__":
    main()
