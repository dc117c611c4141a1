"""What every file of a corpus is read as, each in a worker of its own: a file → one line of tests/corpus.tsv.

    sha256 of the file    doc         digest of its grids and texts     read
    sha256 of the file    encrypted   -                                 the code of its ReadError

No contents and no names are kept. What goes through LibreOffice is kept as its type alone:
LibreOffice may be absent, and its versions differ.

    GOUJI_CORPUS=FOLDER python -m readers.corpus     from tests/: write corpus.tsv anew for that folder and the fixtures
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from gouji.model.document import Document, Paragraph, Table
from gouji.model.errors import ReadError
from gouji.pipeline.workers import Task, run_isolated
from gouji.readers import read_document
from gouji.readers.sniff import sniff

TESTS = Path(__file__).parents[1]
TABLE = TESTS / "corpus.tsv"
FIXTURES = TESTS.parent / "fixtures" / "formats"
NO_DIGEST = "-"
CONVERTED = frozenset({"doc-word6", "works"})
SECONDS, MEMORY, JOBS = 60.0, 1 << 30, 2


class Line(NamedTuple):
    """A line of the table. `result`: the format as which a file was read, or the code of its ReadError."""

    sha256: str
    result: str
    digest: str


def list_folders() -> list[Path]:
    """The fixtures of this repository, and the folder that GOUJI_CORPUS names."""
    named = os.environ.get("GOUJI_CORPUS")
    return [FIXTURES, Path(named)] if named else [FIXTURES]


def list_files(folder: Path) -> list[Path]:
    """Every file but packed fixtures (gzip is no document) and notes about the corpus."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".gz", ".tsv"})


def read_table() -> dict[str, Line]:
    """The committed lines by sha256."""
    rows = [Line(*row.split("\t")) for row in TABLE.read_text(encoding="ascii").splitlines()]
    return {row.sha256: row for row in rows}


def read_isolated(files: list[Path]) -> Iterator[tuple[Path, str, Line | None]]:
    """(file, what came of its worker, its line). "done" tells that it was read, or refused, in time and memory."""
    tasks = (Task(ordinal, str(path).encode()) for ordinal, path in enumerate(files))
    for result in run_isolated(tasks, "readers.corpus:read_task", jobs=JOBS, timeout=SECONDS, memory=MEMORY):
        line = msgspec.json.decode(result.payload, type=Line) if result.kind == "done" else None
        yield files[result.ordinal], result.kind if line else f"{result.kind}: {result.message}", line


def read_task(payload: bytes) -> bytes:
    """A path → its line, in a worker. Anything but a Document or a ReadError comes back as the result "error"."""
    data = Path(payload.decode()).read_bytes()
    return msgspec.json.encode(Line(hashlib.sha256(data).hexdigest(), *read_line(data)))


def read_line(data: bytes) -> tuple[str, str]:
    """Format and digest, or the code of the error; the type alone of what LibreOffice would have to convert."""
    kind = sniff(data)
    try:
        document = read_document(data, "")
    except ReadError as error:
        return (kind if kind in CONVERTED else error.code), NO_DIGEST
    return (kind, NO_DIGEST) if kind in CONVERTED else (document.format, digest_document(document))


def digest_document(document: Document) -> str:
    """Over stories, paragraphs and tables with every cell's place, spans and contents."""
    parts = [(part.story, reduce_blocks(part.blocks)) for part in document.parts]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:16]


def reduce_blocks(blocks: Iterable[Paragraph | Table]) -> list[object]:
    """Printed texts and grids."""
    return [block.printed if isinstance(block, Paragraph) else reduce_table(block) for block in blocks]


def reduce_table(table: Table) -> list[object]:
    """Rows, columns, cells."""
    cells = [(c.row, c.col, c.row_span, c.col_span, reduce_blocks(c.blocks)) for c in table.cells]
    return [table.rows, table.cols, cells]


def main() -> None:
    """Write the table anew; a file that ends its worker is named and gets no line."""
    lines = set()
    for folder in list_folders():
        for path, kind, line in read_isolated(list_files(folder)):
            if line is None:
                print(f"{path}: {kind}", file=sys.stderr)
            else:
                lines.add(line)
    TABLE.write_text("".join("\t".join(line) + "\n" for line in sorted(lines)), encoding="ascii")
    print(f"{len(lines)} lines")


if __name__ == "__main__":
    main()
