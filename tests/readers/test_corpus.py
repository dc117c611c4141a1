"""Every file of a corpus is a Document or one ReadError, in bounded time and memory; a known one as tests/corpus.tsv says.

The corpus is fixtures/formats, and the folder that GOUJI_CORPUS names; see corpus.py for how the table is renewed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.model.document import Cell, Document, Paragraph, Part, Table
from gouji.model.errors import READ_CODES
from gouji.readers.formats import FORMATS
from readers.corpus import (
    FIXTURES,
    NO_DIGEST,
    TABLE,
    digest_document,
    list_files,
    list_folders,
    read_isolated,
    read_table,
)


@pytest.mark.parametrize("folder", list_folders(), ids=lambda folder: "fixtures" if folder == FIXTURES else "corpus")
def test_every_file_is_a_document_or_one_error(folder: Path) -> None:
    files, known = list_files(folder), read_table()
    wrong, met = [], 0
    for path, kind, line in read_isolated(files):
        if line is None or not (line.result in FORMATS or line.result in READ_CODES):
            wrong.append(f"{path.name}: {kind} {line}")
        elif line.sha256 in known:
            met += 1
            wrong += [f"{path.name}: {line}, known as {known[line.sha256]}"] if line != known[line.sha256] else []
    assert wrong == []
    assert met > 0, "none of these files is in corpus.tsv"
    if folder == FIXTURES:
        assert met == len(files) >= 48


def test_the_table_keeps_no_contents() -> None:
    for row in TABLE.read_text(encoding="ascii").splitlines():
        sha256, result, digest = row.split("\t")
        assert len(bytes.fromhex(sha256)) == 32
        assert result in FORMATS or (result in READ_CODES and digest == NO_DIGEST)
        assert digest == NO_DIGEST or len(bytes.fromhex(digest)) == 8


def test_a_digest_sees_texts_places_and_spans() -> None:
    def digest(text: str, col: int = 0, span: int = 1) -> str:
        cell = Cell(0, col, 1, span, (Paragraph(text),))
        return digest_document(Document("docx", (Part("body", (Table("t1", 1, 3, (cell,)),)),)))

    assert len({digest("甲"), digest("乙"), digest("甲", col=1), digest("甲", span=2)}) == 4
    assert digest("甲") == digest("甲")
