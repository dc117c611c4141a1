"""Our reading of .doc files against LibreOffice's: it converts them to .docx, our .docx reader reads those.

    python tools/compare_doc_grids.py FOLDER [--all]        FOLDER: a corpus folder with .doc and .wps files

Tables are matched in reading order, by their text where the numbers of tables differ. A table is equal when every cell
is: row, column, spans, printed text. Two things that LibreOffice adds are taken off both sides first: empty cells that
fill up a row at its ends, and boundaries that no remaining cell uses. Every difference is printed, cell by cell.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from gouji.model.document import Document, Table, iter_tables
from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.docx import read_docx
from gouji.readers.libreoffice import convert_files

SUFFIXES = (".doc", ".dot", ".wps", ".wpt")
SECONDS_A_FILE = 20.0
Box = tuple[int, int, int, int, str]  # row, column, row span, column span, text


class Comparison(NamedTuple):
    """What came of one file."""

    name: str
    tables: int
    equal: int
    merged: int
    merged_equal: int
    text_equal: bool
    lines: list[str]


def list_boxes(table: Table) -> list[Box]:
    """The cells without the empty ones at either end of a row, on the boundaries that the others use."""
    boxes = [(c.row, c.col, c.row_span, c.col_span, squeeze(c.text)) for c in table.cells]
    kept = [box for box in boxes if not is_filling(box, boxes)]
    columns = sorted({edge for box in kept for edge in (box[1], box[1] + box[3])})
    return [(r, columns.index(c), h, columns.index(c + w) - columns.index(c), text) for r, c, h, w, text in kept]


def is_filling(box: Box, boxes: list[Box]) -> bool:
    """Whether a cell is empty and only empty ones stand between it and one end of its row."""
    if box[4] or box[2] > 1:
        return False
    row = [other for other in boxes if other[0] <= box[0] < other[0] + other[2]]
    before = all(not other[4] for other in row if other[1] < box[1])
    after = all(not other[4] for other in row if other[1] > box[1])
    return (before and box[1] == min(o[1] for o in row)) or (after and box[1] == max(o[1] for o in row))


def squeeze(text: str) -> str:
    """Text without the spaces that converters set differently."""
    return re.sub(r"\s", "", text)


def list_tables(document: Document) -> list[list[Box]]:
    """The boxes of every table of every story."""
    return [list_boxes(table) for part in document.parts for table in iter_tables(part.blocks)]


def read_text(document: Document) -> str:
    """All printed text of the body."""
    texts = []
    for block in document.blocks:
        texts += [block.printed] if not isinstance(block, Table) else [cell.text for cell in block.cells]
    return squeeze("".join(texts))


def match_tables(ours: list[list[Box]], theirs: list[list[Box]]) -> list[tuple[list[Box], list[Box]]]:
    """Pairs of tables; one without a partner is paired with nothing."""
    if len(ours) == len(theirs):
        return list(zip(ours, theirs, strict=True))
    keys = [["".join(box[4] for box in table) for table in side] for side in (ours, theirs)]
    pairs: list[tuple[list[Box], list[Box]]] = []
    for tag, a, b, c, d in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        left, right = ours[a:b], theirs[c:d]
        if tag == "equal":
            pairs += zip(left, right, strict=True)
        else:
            pairs += [(table, []) for table in left] + [([], table) for table in right]
    return pairs


def compare(name: str, ours: Document, theirs: Document) -> Comparison:
    """Every table of a file."""
    pairs = match_tables(list_tables(ours), list_tables(theirs))
    equal = [left == right for left, right in pairs]
    lines = [line for index, (left, right) in enumerate(pairs) for line in describe(index, left, right)]
    merged = [box for _, right in pairs for box in right if box[2] > 1 or box[3] > 1]
    merged_equal = [box for left, right in pairs for box in right if (box[2] > 1 or box[3] > 1) and box in left]
    same_text = read_text(ours) == read_text(theirs)
    lines += [] if same_text else describe_text(read_text(ours), read_text(theirs))
    return Comparison(name, len(pairs), sum(equal), len(merged), len(merged_equal), same_text, lines)


def describe(index: int, left: list[Box], right: list[Box]) -> list[str]:
    """The cells of a table that differ."""
    if left == right:
        return []
    ours, theirs = sorted(set(left) - set(right)), sorted(set(right) - set(left))
    head = f"  table {index + 1}: {len(left)} cells here, {len(right)} there"
    return [head, *(f"    ours   {box}" for box in ours[:8]), *(f"    theirs {box}" for box in theirs[:8])]


def describe_text(ours: str, theirs: str) -> list[str]:
    """Where the texts part."""
    changes = [
        op
        for op in SequenceMatcher(None, ours[:20000], theirs[:20000], autojunk=False).get_opcodes()
        if op[0] != "equal"
    ]
    return [f"  text: ours {ours[a:b][:60]!r} theirs {theirs[c:d][:60]!r}" for _, a, b, c, d in changes[:6]]


def compare_folder(folder: Path) -> list[Comparison]:
    """Convert all files of the folder in one go and compare those that both sides can read."""
    sources = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    results = []
    with tempfile.TemporaryDirectory() as name:
        copies = [Path(name) / f"{index}{path.suffix.lower()}" for index, path in enumerate(sources)]
        for path, copy in zip(sources, copies, strict=True):
            copy.write_bytes(path.read_bytes())
        convert_files(copies, "docx", Path(name) / "out", SECONDS_A_FILE * (len(sources) + 3))
        for path, copy in zip(sources, copies, strict=True):
            converted = Path(name) / "out" / f"{copy.stem}.docx"
            try:
                ours = read_document(path.read_bytes(), path.name)
                theirs = read_docx(converted.read_bytes()) if converted.is_file() else None
            except ReadError as error:
                print(f"{path.name}: {error.code}")
                continue
            if theirs is None:
                print(f"{path.name}: LibreOffice cannot convert it")
            elif ours.via is None:
                results.append(compare(path.name, ours, theirs))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a corpus folder with .doc and .wps files")
    parser.add_argument("--all", action="store_true", help="name the equal files too")
    arguments = parser.parse_args()
    results = compare_folder(arguments.folder)
    for result in results:
        if result.lines or arguments.all:
            print(f"{result.name}: {result.equal}/{result.tables} tables equal")
            print("\n".join(result.lines))
    tables, equal = sum(r.tables for r in results), sum(r.equal for r in results)
    merged, merged_equal = sum(r.merged for r in results), sum(r.merged_equal for r in results)
    texts = sum(r.text_equal for r in results)
    print(f"{len(results)} files: {equal}/{tables} tables equal, {merged_equal}/{merged} merged cells equal,", end=" ")
    print(f"{texts}/{len(results)} texts equal")


if __name__ == "__main__":
    main()
