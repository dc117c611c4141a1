"""The same document as .docx and as .doc is the same Document, addresses and page numbers apart."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from gouji.model.document import Block, Cell, Document, Paragraph
from gouji.readers import read_document
from gouji.readers.doc import read_doc
from gouji.readers.docx import read_docx
from readers.doc.sources import DATA, build_sources
from readers.doc.worddoc import doc
from readers.doc.worddoc import p as doc_p
from readers.doc.worddoc import tbl as doc_tbl
from readers.doc.worddoc import tc as doc_tc
from readers.doc.worddoc import tr as doc_tr
from readers.docx.wordml import docx, p, tbl, tc, tr

PAGE_NUMBER = {"第 1 页": "第 6 页"}  # a field, which LibreOffice computes anew


def plain(block: Block | Cell) -> tuple[Any, ...]:
    """A block without its address."""
    if isinstance(block, Paragraph):
        return (block.where, block.number, PAGE_NUMBER.get(block.text, block.text))
    if isinstance(block, Cell):
        return (block.row, block.col, block.row_span, block.col_span, [plain(inner) for inner in block.blocks])
    return (block.where, block.rows, block.cols, [plain(cell) for cell in block.cells])


def outline(document: Document) -> dict[str, Any]:
    """Everything a document says."""
    said: dict[str, Any] = {part.story: [plain(block) for block in part.blocks] for part in document.parts}
    return said | {"notices": [(notice.code, notice.message, notice.where) for notice in document.notices]}


@pytest.mark.parametrize("name", ["features", "tracked"])
def test_libreoffice_made_twins(name: str) -> None:
    ours = read_doc(gzip.decompress((DATA / f"{name}.doc.gz").read_bytes()))
    theirs = read_docx(build_sources()[name])
    assert outline(ours) == outline(theirs)
    assert ours.format == "doc"


def test_features_are_really_in_the_twins() -> None:
    said = outline(read_doc(gzip.decompress((DATA / "features.doc.gz").read_bytes())))
    assert set(said) == {"body", "header", "footer", "footnote", "textbox", "notices"}
    assert [block[1] for block in said["body"][:6]] == ["一、", "（一）", "（二）", "1.", "二、", "（一）"]
    assert [notice[0] for notice in said["notices"]] == ["R1", "R4"]


def test_addresses_are_the_ordinals_of_the_docx() -> None:
    inner, outer = tbl(tr("甲", "乙")), doc_tbl(doc_tr("甲", "乙"))
    theirs = read_docx(docx(p(), p("一"), tbl(tr("A", "B"), tr(tc(p("C"), inner, p()), "D")), p("二")))
    ours = read_doc(doc("", "一", doc_tbl(doc_tr("A", "B"), doc_tr(doc_tc("C", outer, doc_p()), "D")), "二"))
    assert ours.parts == theirs.parts


def test_the_suffixes_of_word_and_wps_are_right_for_it() -> None:
    data = doc("正文")
    assert [read_document(data, f"报告{suffix}").notices for suffix in (".doc", ".wps", ".WPT", ".dot", "")] == [()] * 5
    assert [notice.code for notice in read_document(data, "报告.docx").notices] == ["R6"]
