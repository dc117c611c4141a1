"""Highlights in a copy of a PDF: on the cell, with the note, behind the original's own bytes."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from gouji.export.annotate.parts import CannotAnnotateError
from gouji.export.annotate.pdf import annotate_pdf
from gouji.export.annotate.places import mark_remarks
from gouji.export.annotate.remarks import Remark, Signature
from gouji.model.document import Table
from gouji.model.errors import ReadError
from gouji.readers.pdf import read_pdf
from readers.pdf.pages import Page, pdf

SIGNATURE = Signature("财政审核", "审", "2022-05-20T09:30:00")
KEY = "2022"
TEXT = "【必改】合计不符"


class Highlight(NamedTuple):
    page: int
    contents: str
    author: str
    middle: tuple[float, float]


def annotate(data: bytes, *places: str) -> bytes:
    document = read_pdf(data)
    remarks = [Remark(TEXT, ("请核实。",), places, "hard")]
    return annotate_pdf(data, mark_remarks(document, remarks), SIGNATURE)


def table(rotate: int = 0) -> Page:
    """A table of two rows; 871.05 stands in the second cell of the second, at 150–250, 130–160."""
    page = Page(rotate=rotate)
    page.grid([50, 150, 250], [100, 130, 160])
    for x, y, text in ((60, 110, "项目"), (160, 110, "数"), (60, 140, "收入合计"), (160, 140, "871.05")):
        page.text(x, y, text)
    return page


def read_highlights(data: bytes, password: str | None = None) -> list[Highlight]:
    found = []
    document = pdfium.PdfDocument(data, password=password)
    for number in range(len(document)):
        page = document[number]
        for index in range(pdfium_c.FPDFPage_GetAnnotCount(page.raw)):
            annotation = pdfium_c.FPDFPage_GetAnnot(page.raw, index)
            rect = pdfium_c.FS_RECTF()
            assert pdfium_c.FPDFAnnot_GetRect(annotation, rect)
            middle = ((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2)
            found.append(Highlight(number + 1, read_key(annotation, b"Contents"), read_key(annotation, b"T"), middle))
            pdfium_c.FPDFPage_CloseAnnot(annotation)
        page.close()
    document.close()
    return found


def read_key(annotation: object, key: bytes) -> str:
    size = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw[:size].decode("utf-16-le").rstrip("\0")


def test_the_original_is_the_beginning_of_the_copy_and_reads_the_same() -> None:
    data = pdf(table(), table())
    copy = annotate(data, "t1r2c2")
    assert copy.startswith(data)
    assert len(copy) > len(data)
    assert read_pdf(copy).parts == read_pdf(data).parts


def test_the_first_place_carries_the_note_the_others_are_only_shown() -> None:
    first, second = sorted(read_highlights(annotate(pdf(table()), "t1r2c2", "t1r1c1")), key=lambda h: -len(h.contents))
    assert first == Highlight(1, f"{TEXT}\r请核实。", "财政审核", (200.0, 842.0 - 145.0))
    assert second.contents == ""


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_turned_page_is_marked_where_the_text_is(rotate: int) -> None:
    data = pdf(table(rotate))
    document = pdfium.PdfDocument(data)
    page = document[0]
    textpage = page.get_textpage()
    index = textpage.get_text_range().index("8")
    left, bottom, right, top = textpage.get_charbox(index)
    textpage.close()
    page.close()
    document.close()
    [grid] = [block for block in read_pdf(data).blocks if isinstance(block, Table)]
    where = next(grid.cell_id(cell) for cell in grid.cells if cell.text == "871.05")
    [found] = read_highlights(annotate(data, where))
    assert abs(found.middle[0] - (left + right) / 2) < 60
    assert abs(found.middle[1] - (top + bottom) / 2) < 30


def test_a_locked_file_stays_locked() -> None:
    data = pdf(table(), password=KEY)
    document = read_pdf(data, password=KEY)
    marks = mark_remarks(document, [Remark(TEXT, ("请核实。",), ("t1r2c2",), "hard")])
    copy = annotate_pdf(data, marks, SIGNATURE, ("1999", KEY))
    assert copy.startswith(data)
    with pytest.raises(ReadError):
        read_pdf(copy)
    assert read_pdf(copy, password=KEY).parts == document.parts
    [found] = read_highlights(copy, KEY)
    assert found.contents.startswith(TEXT)
    with pytest.raises(CannotAnnotateError):
        annotate_pdf(data, marks, SIGNATURE, ("1999",))


def test_a_remark_without_a_place_stands_on_the_first_page() -> None:
    [found] = read_highlights(annotate(pdf(table()), "t7r1c1"))
    assert found.page == 1
    assert found.contents.startswith(TEXT)


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(CannotAnnotateError):
        annotate_pdf(b"%PDF-1.4 broken", [], SIGNATURE)
