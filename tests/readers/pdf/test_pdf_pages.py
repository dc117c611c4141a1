"""What a PDF draws becomes rules and text: every way of drawing a table, turned pages, stamps, fonts without codes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from gouji.model.document import Box, Document, Paragraph
from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.lattice import Run
from gouji.readers.pdf import read_pdf
from gouji.readers.pdf.document import PdfReader, open_pdf
from readers.lattice.sheets import cell_at, draw, tables_of, texts_of
from readers.pdf.pages import HEIGHT, WIDTH, Page, pdf, text_width

XS, YS = [50.0, 150.0, 250.0], [100.0, 130.0, 160.0]
# PDFium passes over text whose font is nowhere to be had, if the text has no width: turned Chinese has none, with a digit it has.
LABELS = ((60, 110, "1收入合计"), (160, 110, "2,345.67"), (60, 140, "2基本支出"), (160, 140, "1,502.11"))
GRID = ["1收入合计 2,345.67", "2基本支出 1,502.11"]


def label(page: Page) -> Page:
    for x, y, text in LABELS:
        page.text(x, y, text)
    return page


def read(*pages: Page) -> Document:
    return read_pdf(pdf(*pages))


def strokes(page: Page) -> None:
    page.grid(XS, YS)


def thick_strokes(page: Page) -> None:
    page.grid(XS, YS, "2.25 w")


def dashes(page: Page) -> None:
    page.grid(XS, YS, "0.5 w [3 2] 0 d")


def bars(page: Page) -> None:
    """Word: a thin filled rectangle for each edge of each cell."""
    for y in YS:
        for x0, x1 in pairwise(XS):
            page.bar(x0, y - 0.24, x1, y + 0.24)
    for x in XS:
        for y0, y1 in pairwise(YS):
            page.bar(x - 0.24, y0, x + 0.24, y1)


def dots(page: Page) -> None:
    for y in YS:
        for step in range(101):
            page.bar(50 + 2 * step, y, 50.7 + 2 * step, y + 0.7)
    for x in XS:
        for step in range(31):
            page.bar(x, 100 + 2 * step, x + 0.7, 100.7 + 2 * step)


def outlines(page: Page) -> None:
    for y0, y1 in pairwise(YS):
        for x0, x1 in pairwise(XS):
            page.outline(x0, y0, x1, y1)


def one_path(page: Page) -> None:
    """WPS: all rules of a table in one path."""
    sides = [f"{XS[0]} {HEIGHT - y} m {XS[-1]} {HEIGHT - y} l" for y in YS]
    sides += [f"{x - 0.2} {HEIGHT - YS[-1]} 0.4 {YS[-1] - YS[0]} re" for x in XS]
    page.content.append(f"0.4 w {' '.join(sides)} B")


def in_forms(page: Page) -> None:
    """A form object in a form object, each with a matrix of its own: twice as large, then moved."""
    inner, middle = Page(height=0), Page(height=0)
    for y in YS:
        inner.line(XS[0] / 2, -(HEIGHT - y) / 2, XS[-1] / 2, -(HEIGHT - y) / 2, "0.2 w")
    for x in XS:
        inner.line(x / 2, -(HEIGHT - YS[0]) / 2, x / 2, -(HEIGHT - YS[-1]) / 2, "0.2 w")
    middle.form("2 0 0 2 7 0", inner)
    page.form("1 0 0 1 -7 0", middle)


@pytest.mark.parametrize("ruling", [strokes, thick_strokes, dashes, bars, dots, outlines, one_path, in_forms])
def test_however_a_table_is_drawn(ruling: Callable[[Page], None]) -> None:
    page = label(Page())
    ruling(page)
    (table,) = tables_of(read(page))
    assert draw(table) == GRID
    assert table.box is not None
    assert abs(table.box.x0 - 50) < 1
    assert abs(table.box.y1 - 160) < 1


def test_fillings_behind_cells_and_text_draw_no_rules() -> None:
    page = Page()
    page.content.append("0.9 g")
    page.bar(50, 100, 250, 130)
    page.bar(58, 108, 120, 124)
    page.content.append("0 g")
    page.grid(XS, YS)
    assert draw(tables_of(read(label(page)))[0]) == GRID


def test_a_merged_cell_and_its_box() -> None:
    page = Page()
    page.outline(50, 100, 250, 160)
    page.line(150, 100, 150, 160)
    page.line(150, 130, 250, 130)
    page.text(60, 125, "支出")
    page.text(160, 110, "12.5")
    (table,) = tables_of(read(Page(), page))
    assert draw(table) == ["支出 12.5", "支出 _"]
    assert cell_at(table, 0, 0).box == Box(2, 50, 100, 150, 160)


def test_text_of_form_objects_is_read_where_it_is_drawn() -> None:
    page, form = Page(), Page()
    page.grid(XS, YS)
    form.text(60, 210, "收入合计")
    page.form("1 0 0 1 0 100", form)
    page.text(60, 140, "基本支出")
    assert draw(tables_of(read(page))[0]) == ["收入合计 _", "基本支出 _"]


def test_a_page_whose_box_does_not_begin_at_zero() -> None:
    page = label(Page(origin=(-30, 200)))
    page.grid(XS, YS)
    (table,) = tables_of(read(page))
    assert (draw(table), table.box) == (GRID, Box(1, 50, 100, 250, 160))


def turned(quarter: int, *, rotate: int) -> Page:
    """The usual table, written so that it is upright after a turn of the page (or, without that, is not)."""
    wide, high = (HEIGHT, WIDTH) if quarter % 2 else (WIDTH, HEIGHT)
    page = Page(rotate=rotate)
    upright = label(Page(wide, high))
    upright.grid(XS, YS)
    matrix = {0: "1 0 0 1 0 0", 1: f"0 1 -1 0 {high} 0", 2: f"-1 0 0 -1 {wide} {high}", 3: f"0 -1 1 0 0 {wide}"}[
        quarter
    ]
    page.form(matrix, upright)
    return page


@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_turned_pages(quarter: int) -> None:
    """/Rotate turns clockwise what was written counter-clockwise; boxes are those of the page as shown."""
    (table,) = tables_of(read(turned(quarter, rotate=90 * quarter)))
    assert (draw(table), table.box) == (GRID, Box(1, 50, 100, 250, 160))


@pytest.mark.parametrize(
    ("quarter", "box"),
    [
        (1, (100, HEIGHT - 250, 160, HEIGHT - 50)),
        (2, (WIDTH - 250, HEIGHT - 160, WIDTH - 50, HEIGHT - 100)),
        (3, (WIDTH - 160, 50, WIDTH - 100, 250)),
    ],
)
def test_a_table_laid_on_its_side(quarter: int, box: tuple[float, ...]) -> None:
    (table,) = tables_of(read(turned(quarter, rotate=0)))
    assert (draw(table), table.box) == (GRID, Box(1, *box))


def test_a_label_that_runs_upwards_in_its_cell() -> None:
    page = label(Page())
    page.grid([20, *XS], YS)
    page.text(36, 150, "合计3", angle=90)
    assert draw(tables_of(read(page))[0]) == ["_ 1收入合计 2,345.67", "合计3 2基本支出 1,502.11"]


def watermark(page: Page) -> None:
    for x in (40, 140, 240):
        page.text(x, 150, "内部资料 2021", 18, angle=45)


def pale_watermark(page: Page) -> None:
    page.text(40, 105, "内部资料", 48, style="0.85 g")


def faint_watermark(page: Page) -> None:
    page.text(40, 105, "内部资料", 48, style="/T gs")


def seal(page: Page) -> None:
    """A ring, its text around the rim, and a level line within."""
    page.circle(150, 130, 45)
    for index, char in enumerate("云溯区某某局财务章"):
        page.text(112 + 9 * index, 95 + 2 * abs(index - 4), char, 9, angle=60 - 14 * index, style="1 0 0 rg")
    page.text(120, 140, "专用章2021", 9, style="1 0 0 rg")


def image_seal(page: Page) -> None:
    page.image(100, 90, 200, 170)


@pytest.mark.parametrize("stamp", [watermark, pale_watermark, faint_watermark, seal, image_seal])
def test_stamps_are_no_text(stamp: Callable[[Page], None]) -> None:
    page = Page()
    page.grid(XS, YS)
    stamp(page)
    label(page)
    page.text(50, 200, "正文一段。")
    document = read(page)
    assert [draw(table) for table in tables_of(document)] == [GRID]
    assert texts_of(document) == ["正文一段。"]


def test_red_and_grey_text_of_the_page_is_text() -> None:
    page = Page()
    page.text(180, 60, "云溯区财政局文件", 26, style="1 0 0 rg")
    page.text(60, 120, "说明：灰色小字也是正文。", style="0.6 g")
    page.text(60, 150, "正文一段，正文一段，正文一段，正文一段。")
    assert texts_of(read(page)) == [
        "云溯区财政局文件",
        "说明：灰色小字也是正文。",
        "正文一段，正文一段，正文一段，正文一段。",
    ]


def test_annotations_are_no_text() -> None:
    """pdfium lays them over the page only when it is drawn."""
    page = label(Page())
    page.grid(XS, YS)
    data = pdf(page).replace(
        b"/Type /Page /Parent",
        b"/Annots [<< /Type /Annot /Subtype /FreeText /Rect [60 700 200 740] /Contents (seal) >>] /Type /Page /Parent",
    )
    assert draw(tables_of(read_pdf(data))[0]) == GRID


def test_letterspaced_text_has_its_spaces_and_numbers_none() -> None:
    page = Page()
    for index, char in enumerate("2345.67"):
        page.text(60 + 5.3 * index, 60, char)
    page.text(60, 90, "姓1")
    page.text(90, 90, "名2")
    assert texts_of(read(page)) == ["2345.67", "姓1 名2"]


def test_a_character_of_a_font_that_is_not_there_is_read_or_told() -> None:
    page = label(Page())
    page.text(60, 60, "优")
    document = read(page)
    assert ("优" in str(document.parts)) != ([notice.code for notice in document.notices] == ["R23"])


def test_text_outside_the_page_is_not_seen() -> None:
    page = label(Page())
    page.text(-200, 60, "页外")
    assert "页外" not in str(read(page))


def test_characters_without_codes_are_told_and_never_guessed() -> None:
    page = label(Page())
    page.unmapped(60, 60, "123")
    document = read(page)
    assert texts_of(document)[0] == "\ufffd\ufffd\ufffd"
    assert [(notice.code, "3 个字" in notice.message) for notice in document.notices] == [("R21", True)]


def scan() -> Page:
    page = Page()
    page.image(0, 0, WIDTH, HEIGHT)
    return page


def numbered_scan() -> Page:
    page = scan()
    page.text(280, 800, "第 3 页")
    return page


def lost() -> Page:
    page = Page()
    page.unmapped(60, 60, "收入合计一百万元")
    return page


def outlines_of_letters() -> Page:
    page = Page()
    page.circle(100, 100, 4, "0 g")
    page.line(60, 60, 70, 90)
    return page


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (scan, "no_text_layer"),
        (numbered_scan, "no_text_layer"),
        (lost, "no_text_layer"),
        (outlines_of_letters, "no_text_layer"),
        (Page, "empty"),
    ],
)
def test_nothing_to_read(page: Callable[[], Page], code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(page(), page())
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


def test_a_scanned_page_among_others_is_told() -> None:
    document = read(label(Page()), scan(), Page(), numbered_scan(), label(Page()))
    assert [(notice.code, "第 2、4 页" in notice.message) for notice in document.notices] == [("R20", True)]
    assert texts_of(document)


def test_text_that_a_recogniser_laid_under_a_scan_is_told() -> None:
    page = scan()
    page.text(60, 60, "收入合计一百万元，其中基本支出八十万元，项目支出二十万元。", style="3 Tr")
    document = read(page)
    assert [notice.code for notice in document.notices] == ["R22"]
    assert texts_of(document)[0].startswith("收入合计")


def test_locked_files() -> None:
    page = label(Page())
    word = "abc"
    data = pdf(page, password=word)
    for given, code in ((None, "encrypted"), ("x", "password")):
        with pytest.raises(ReadError) as caught:
            read_pdf(data, password=given)
        assert caught.value.code == code
    assert read_pdf(data, password=word).blocks == read(page).blocks
    assert read_pdf(pdf(page, password="")).blocks == read(page).blocks


def test_a_pdf_is_read_by_its_content_and_a_wrong_suffix_told() -> None:
    data = pdf(label(Page()))
    assert read_document(data, "报告.pdf").format == "pdf"
    assert [notice.code for notice in read_document(data, "报告.docx").notices] == ["R6"]


def test_paragraphs_headers_and_numbers_of_a_report() -> None:
    pages = [Page() for _ in range(3)]
    for number, page in enumerate(pages, 1):
        page.text(60, 40, "部门整体支出绩效自评", 9)
        page.text(280, 800, f"第 {number} 页", 9)
        page.text(76, 100, "全年总支出" * 7 + "全年总支", 12)
        page.text(52, 122, f"共{number}00万元。", 12)
    document = read(*pages)
    assert texts_of(document) == ["全年总支出" * 7 + f"全年总支共{number}00万元。" for number in (1, 2, 3)]
    assert [block.text for part in document.parts[1:] for block in part.blocks if isinstance(block, Paragraph)] == [
        "部门整体支出绩效自评", "第 1 页",
    ]  # fmt: skip
    assert text_width("全年总支出" * 7 + "全年总支", 12) == 468


def runs_of(*pages: Page) -> list[list[Run]]:
    file = open_pdf(pdf(*pages), None)
    try:
        return [sheet.runs for sheet in PdfReader(file).iter_sheets()]
    finally:
        file.close()


def test_a_page_shows_nothing_of_the_pages_before_it_however_many_characters_each_has() -> None:
    pages = []
    for lines in (1, 40, 2, 60, 1):
        page = Page()
        for line in range(lines):
            page.text(60 + line, 60 + 12 * line, f"{line}" * 20)
        pages.append(page)
    assert runs_of(*pages) == [runs for page in pages for runs in runs_of(page)]
    assert [len(runs) for runs in runs_of(*pages)] == [1, 40, 2, 60, 1]
