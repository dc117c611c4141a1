"""Any damage is a Document or one ReadError, in bounded time; what is too much is refused."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.model.document import Document, Paragraph, Table
from gouji.model.errors import ReadError
from gouji.readers.pdf import document as pdf_document
from gouji.readers.pdf import paths, read_pdf
from readers.pdf.pages import Page, pdf

PATIENCE = 2.0  # seconds, for a file of a few pages on a busy machine
SLOW_START = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=250)


def sample(*, content: list[str] | None = None) -> Page:
    page = Page()
    page.grid([50, 150, 250], [100, 130, 160])
    page.text(60, 110, "1收入合计")
    page.text(160, 110, "2,345.67")
    page.text(60, 40, "内部资料 2021", 40, angle=45)
    page.circle(300, 300, 40)
    form = Page()
    form.outline(300, 400, 400, 500)
    form.text(310, 410, "表单7")
    page.form("1 0 0 1 5 5", form)
    page.image(400, 400, 420, 420)
    page.content += content or []
    return page


SAMPLE = pdf(sample(), sample(), password="")
OPERATORS = [
    "q",
    "Q",
    "m",
    "l",
    "re",
    "S",
    "f",
    "W n",
    "BT",
    "ET",
    "Tj",
    "Tm",
    "Tf",
    "cm",
    "Do",
    "/F",
    "/X0",
    "<4E2D>",
    "h",
    "c",
    "gs",
]


def read_or_refuse(data: bytes) -> None:
    start = time.perf_counter()
    with suppress(ReadError):
        assert isinstance(read_pdf(data), Document)
    assert time.perf_counter() - start < PATIENCE


@SLOW_START
@given(st.integers(0, len(SAMPLE)))
def test_cut_anywhere(length: int) -> None:
    read_or_refuse(SAMPLE[:length])


@SLOW_START
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_any_bytes_changed(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for place, value in changes:
        data[place] = value
    read_or_refuse(bytes(data))


@settings(SLOW_START, max_examples=100)
@given(
    st.lists(
        st.one_of(st.sampled_from(OPERATORS), st.floats(-1e9, 1e9).map(str), st.integers(-900, 900).map(str)),
        max_size=60,
    )
)
def test_any_operators(content: list[str]) -> None:
    read_or_refuse(pdf(sample(content=content), sample()))


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    read_or_refuse(b"%PDF-1.4\n" + data)
    read_or_refuse(data)


def refuse(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_pdf(data)
    return caught.value.code


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf(sample(), sample())
    assert isinstance(read_pdf(data), Document)
    for module, name, value in (
        (pdf_document, "LIMIT_BYTES", 1000),
        (pdf_document, "LIMIT_PAGES", 1),
        (pdf_document, "LIMIT_CHARACTERS", 20),
        (paths, "LIMIT_OBJECTS", 15),
        (paths, "LIMIT_SEGMENTS", 15),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            assert refuse(data) == "too_large"


def nest(page: Page, levels: int, times: int) -> Page:
    """The page in form objects within form objects, each drawn so many times."""
    for _ in range(levels):
        outer = Page()
        outer.forms = [("1 0 0 1 1 1", page)]
        outer.content = ["/X0 Do"] * times
        page = outer
    return page


def test_form_objects_within_each_other() -> None:
    page = Page()
    page.grid([50, 150, 250], [100, 130, 160])
    page.text(60, 60, "收入1")
    assert refuse(pdf(nest(page, 60, 1))) == "no_text_layer"  # PDFium itself goes no deeper than some thirty levels
    assert len(read_pdf(pdf(nest(page, 3, 1))).blocks) == 2


def test_a_drawing_of_very_many_objects_keeps_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    page.grid([50, 150, 250], [100, 130, 160])
    page.text(60, 60, "收入1")
    page = nest(page, 2, 10)
    assert any(isinstance(block, Table) for block in read_pdf(pdf(page)).blocks)
    monkeypatch.setattr(paths, "LIMIT_DRAWING", 300)
    assert all(isinstance(block, Paragraph) for block in read_pdf(pdf(page)).blocks)


@pytest.mark.parametrize(
    "data", [b"", b"\0\n", b"%PDF-1.4\n", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <</Root 1 0 R>>"]
)
def test_no_pdf_at_all(data: bytes) -> None:
    assert refuse(data) == ("corrupt" if data.strip(b"\0\n") else "empty")
